"""Numbers from files of any known format, told apart by their content.

Files are data, never code: no pickle, no evaluation, and memory bounded by the caller, not by a header.
"""

from __future__ import annotations

import lzma
import math
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from ...files.inputs import Unreadable, content
from .arrays import check_length, check_shape, read_npy, read_npz
from .error import DataError
from .frames import is_parquet, read_parquet
from .pickles import is_pickle, pickled_images
from .stored import Stored
from .tables import is_table, read_table

__all__ = ["read_file"]

_Reader = Callable[[Path, bytes | bytearray, int, Sequence[str]], Stored]

_FED, _PIECE = 2**14, 2**24  # bytes taken in and given out at a time
_XZ_MEMORY = 512 * 2**20
_CIFAR_PIXELS = 3 * 32 * 32
_CIFAR_RECORD = 1 + _CIFAR_PIXELS
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_KNOWN = {
    b"\xff\xfe": ("text as UTF-16", "save it as UTF-8"),
    b"\xfe\xff": ("text as UTF-16", "save it as UTF-8"),
    b"BZh": ("a file by bzip2", "give it plain, or by gzip or xz"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "save the array in it as .npy or CSV"),
    b"MATLAB 5.0": ("a MATLAB file", "save the array in it as .npy or CSV"),
    b"ARROW1": ("a Feather file", "save the table as Parquet or CSV"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "save the table as CSV"),
    b"<!DOCTYPE": ("a page of the web", "fetch the file itself"),
    b"<html": ("a page of the web", "fetch the file itself"),
    b"\x89PNG": ("one picture", "give the folder of pictures that it is in"),
    b"\xff\xd8\xff": ("one picture", "give the folder of pictures that it is in"),
}
"""How files begin that people have and that are not read: what they are, and what to do."""
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*["\d\-.\[{\]])')
_ACCEPTED = (
    "give a table of numbers as CSV, TSV, Parquet, .npy or .npz, IDX images (as MNIST), a CIFAR-10 batch, "
    "each plain or by gzip or xz, or a folder of pictures"
)


def read_file(path: Path, max_bytes: int, labels: Sequence[str]) -> Stored:
    """What a file holds, without the labels named; no more than `max_bytes` is read or made of it."""
    raw = _decompressed(path, _read(path, max_bytes), max_bytes)
    for is_one, read in _FORMATS:
        if is_one(raw):
            return read(path, raw, max_bytes, labels)
    for beginning, (found, remedy) in _KNOWN.items():
        if raw.startswith(beginning):
            raise DataError(path, found, remedy)
    raise DataError(path, f"{len(raw):,} bytes that begin {bytes(raw[:8])!r}: no known format", _ACCEPTED)


def _read(path: Path, limit: int) -> bytes:
    try:
        raw = content(path, limit)
    except Unreadable as error:
        what = error.why[:1].lower() + error.why[1:]
        unlike = "regular file" in what
        remedy = "save what it gives to a file, and name that" if unlike else "check the path and its permissions"
        raise DataError(path, what, remedy) from None
    if not raw:
        raise DataError(path, "an empty file", "fetch it again, or give another")
    return raw


class _Decompressor(Protocol):
    """What zlib and lzma decompressors share."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _decompressed(path: Path, raw: bytes, limit: int) -> bytes | bytearray:
    if raw.startswith(b"\x1f\x8b"):
        return _expanded(path, raw, "gzip", lambda: zlib.decompressobj(wbits=31), limit)
    if raw.startswith(b"\xfd7zXZ\x00"):
        return _expanded(path, raw, "xz", lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY), limit)
    return raw


def _expanded(path: Path, raw: bytes, kind: str, make: Callable[[], _Decompressor], limit: int) -> bytearray:
    """All streams of a compressed file, one after the other, never more than `limit` bytes and a piece."""
    out, place = bytearray(), 0
    while place < len(raw) and (raw[place] or raw[place:].strip(b"\0")):
        stream = make()
        while not stream.eof:
            fed = raw[place : place + _FED] if getattr(stream, "needs_input", True) else b""
            piece = _piece(path, kind, stream, fed, min(_PIECE, limit + 1 - len(out)))
            place += len(fed) - len(getattr(stream, "unconsumed_tail", b""))
            out += piece
            if len(out) > limit:
                raise DataError(path, f"{kind} stream of more than {limit:,} bytes", "give fewer images")
            if not (fed or piece or stream.eof):
                raise DataError(path, f"truncated {kind} stream, {len(out):,} bytes came out", "fetch it again")
        place -= len(stream.unused_data)
    return out


def _piece(path: Path, kind: str, stream: _Decompressor, fed: bytes, most: int) -> bytes:
    try:
        return stream.decompress(fed, most)
    except (zlib.error, lzma.LZMAError) as error:
        raise DataError(path, f"damaged {kind} stream ({error})", "fetch it again") from error


def _is_idx(raw: bytes | bytearray) -> bool:
    return len(raw) >= 4 and raw[:2] == b"\0\0" and raw[2] in _IDX_TYPES and raw[3] <= 8


def _is_cifar(raw: bytes | bytearray) -> bool:
    return len(raw) > 0 and len(raw) % _CIFAR_RECORD == 0


def _idx(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    dtype, ndim = np.dtype(_IDX_TYPES[raw[2]]), raw[3]
    header = 4 + 4 * ndim
    if len(raw) < header:
        raise DataError(path, f"IDX header cut off after {len(raw)} bytes", "fetch it again")
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", count=ndim, offset=4))
    check_shape(path, shape, f"IDX file of shape {shape}", max_bytes)
    check_length(path, len(raw) - header, math.prod(shape) * dtype.itemsize, f"IDX file of shape {shape}")
    values = np.frombuffer(raw, dtype, offset=header).reshape(shape)
    return Stored(values, shades=True).without(path, labels)


def _cifar(path: Path, raw: bytes | bytearray) -> NDArray[np.generic]:
    records = np.frombuffer(raw, np.uint8).reshape(-1, _CIFAR_RECORD)
    labels = records[:, 0]
    if labels.max() > 9:
        found = f"{len(records):,} records of {_CIFAR_RECORD} bytes, but a label is {labels.max()}, not 0..9"
        raise DataError(path, found, f"this is not CIFAR-10: {_ACCEPTED}")
    return records[:, 1:]


def _is_json(raw: bytes | bytearray) -> bool:
    return _JSON.match(raw) is not None


def _refused_json(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> NoReturn:
    raise DataError(path, "JSON, or numbers in brackets", "save a table as CSV, a sample a line")


def _shades(read: Callable[[Path, bytes | bytearray], NDArray[np.generic]]) -> _Reader:
    """A reader of pictures of one byte, whose format has labels of its own."""
    return lambda path, raw, _, labels: Stored(read(path, raw), shades=True).without(path, labels)


_FORMATS: tuple[tuple[Callable[[bytes | bytearray], bool], _Reader], ...] = (
    (lambda raw: raw.startswith(b"\x93NUMPY"), read_npy),
    (lambda raw: raw.startswith(b"PK\x03\x04"), read_npz),
    (is_parquet, read_parquet),
    (is_pickle, _shades(pickled_images)),
    (_is_idx, _idx),
    (_is_cifar, _shades(_cifar)),
    (_is_json, _refused_json),
    (is_table, read_table),
)
"""How each format is told from its content, and what reads it, the first that suits."""
