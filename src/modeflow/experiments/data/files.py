"""Images from files of any known format, told apart by their content.

Files are data, never code: no pickle, no evaluation, and memory bounded by the caller, not by a header.
"""

from __future__ import annotations

import io
import lzma
import math
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...files.inputs import Unreadable, content
from .error import DataError
from .pickles import is_pickle, pickled_images
from .tables import is_table, read_table

__all__ = ["ScaleWarning", "load", "load_and_remark"]

Array = NDArray[np.float64]
_Reader = Callable[[Path, bytes | bytearray, int], NDArray[np.generic]]

MAX_BYTES = 4 * 2**30
"""Largest X that `load` returns by default, in bytes of float64."""

_FED, _PIECE = 2**14, 2**24  # bytes taken in and given out at a time
_XZ_MEMORY = 512 * 2**20
_CIFAR_PIXELS = 3 * 32 * 32
_CIFAR_RECORD = 1 + _CIFAR_PIXELS
_HEADER_BYTES = 12 + 10_000  # NumPy refuses longer headers
_BAD_HEADER = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError)
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_ACCEPTED = (
    "give IDX images (as MNIST), a CIFAR-10 batch, binary or pickled, either gzip, xz or plain, "
    "or a table of numbers as .npy, .npz or CSV"
)


class ScaleWarning(UserWarning):
    """What a white pixel is was guessed, and the images look as if it were less.

    Example:
        >>> import warnings
        >>> import numpy as np
        >>> import modeflow
        >>> np.save("digits.npy", np.full((2, 3), 16, np.uint8))
        >>> with warnings.catch_warnings(record=True) as found:
        ...     warnings.simplefilter("always")
        ...     X = modeflow.data.load("digits.npy")
        >>> [warning.category.__name__ for warning in found]
        ['ScaleWarning']
    """


def load(path: str | Path, *, white: float | None = None, max_bytes: int = MAX_BYTES) -> Array:
    """Images from a file, an image a row, with pixels scaled to [0, 1].

    The format is told from the content, never from the name: IDX images, a CIFAR-10 batch of binary records or pickled
    by Python (labels are dropped, pixels stay channels first; no pickle is ever executed), a .npy array of N images, a
    .npz with one such array, or comma-separated numbers, an image a line; each plain or compressed by gzip or xz. In
    CSV, a column named label is dropped, whatever it holds.

    Without `white`, floating-point pixels must lie in [0, 1], and whole numbers are divided by the largest value of
    their type, 255 or 65535; in wider types, and in CSV, whole numbers from 0 to 255 are bytes, unless none exceeds 1.
    ScaleWarning where none of them reaches half of that.

    Parameters:
        path: the file.
        white: the number that a white pixel has in the file, finite and > 0; pixels are divided by it. None means as
            above.
        max_bytes: the most bytes that X may take; no more is read or decompressed, whatever a header says.
    Returns: X, (N, D) float64, dimensionless.
    Raises:
        DataError: anything else; pixels in [0, 1] where white is said to be more than 2; also larger whole numbers of
            other types, of which no one can tell what white is, and an X of more than `max_bytes`.
        ValueError: a white that is not a finite number > 0.
    Example:
        >>> import numpy as np
        >>> import modeflow
        >>> np.save("digits.npy", np.array([[0, 8, 16], [16, 4, 0]], np.uint8))
        >>> modeflow.data.load("digits.npy", white=16)
        array([[0.  , 0.5 , 1.  ],
               [1.  , 0.25, 0.  ]])
    """
    X, remark = load_and_remark(path, white=white, max_bytes=max_bytes)
    if remark:
        warnings.warn(remark, ScaleWarning, stacklevel=2)
    return X


def load_and_remark(path: str | Path, *, white: float | None = None, max_bytes: int = MAX_BYTES) -> tuple[Array, str]:
    """What `load` returns, with the text of its warning in the place of the warning.

    Parameters:
        path: the file.
        white: the number that a white pixel has in the file, finite and > 0; None means as for `load`.
        max_bytes: the most bytes that X may take.
    Returns: X, (N, D) float64, dimensionless, and the remark, or "" where there is none.
    Raises:
        DataError: a file that holds no usable images, as for `load`.
        ValueError: a white that is not a finite number > 0.
    Example:
        >>> import numpy as np
        >>> import modeflow
        >>> np.save("digits.npy", np.array([[0, 200, 255]], np.uint8))
        >>> X, remark = modeflow.data.load_and_remark("digits.npy")
        >>> X.shape, remark
        ((1, 3), '')
    """
    if white is not None and not (math.isfinite(white) and white > 0):
        raise ValueError(f"white = {white}: give the number of a white pixel, finite and > 0, e.g. 255")
    path = Path(path)
    raw = _read(path, max_bytes)
    images = _images(path, _decompressed(path, raw, max_bytes), max_bytes)
    return _scaled(path, images.reshape(len(images), -1), white)


def _read(path: Path, limit: int) -> bytes:
    try:
        raw = content(path, limit)
    except Unreadable as error:
        what = error.why[:1].lower() + error.why[1:]
        remedy = _ACCEPTED if "regular file" in what else "check the path and its permissions"
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


def _images(path: Path, raw: bytes | bytearray, max_bytes: int) -> NDArray[np.generic]:
    """The stored array, first axis the image, in its own dtype."""
    for is_one, read in _FORMATS:
        if is_one(raw):
            return read(path, raw, max_bytes)
    raise DataError(path, f"{len(raw):,} bytes that begin {bytes(raw[:8])!r}: no known image format", _ACCEPTED)


def _is_idx(raw: bytes | bytearray) -> bool:
    return len(raw) >= 4 and raw[:2] == b"\0\0" and raw[2] in _IDX_TYPES and raw[3] <= 8


def _is_cifar(raw: bytes | bytearray) -> bool:
    return len(raw) > 0 and len(raw) % _CIFAR_RECORD == 0


def _idx(path: Path, raw: bytes | bytearray, max_bytes: int) -> NDArray[np.generic]:
    dtype, ndim = np.dtype(_IDX_TYPES[raw[2]]), raw[3]
    header = 4 + 4 * ndim
    if len(raw) < header:
        raise DataError(path, f"IDX header cut off after {len(raw)} bytes", "fetch it again")
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", count=ndim, offset=4))
    _check_shape(path, shape, f"IDX file of shape {shape}", max_bytes)
    _check_length(path, len(raw) - header, math.prod(shape) * dtype.itemsize, f"IDX file of shape {shape}")
    return np.frombuffer(raw, dtype, offset=header).reshape(shape)


def _cifar(path: Path, raw: bytes | bytearray) -> NDArray[np.generic]:
    records = np.frombuffer(raw, np.uint8).reshape(-1, _CIFAR_RECORD)
    labels = records[:, 0]
    if labels.max() > 9:
        found = f"{len(records):,} records of {_CIFAR_RECORD} bytes, but a label is {labels.max()}, not 0..9"
        raise DataError(path, found, f"this is not CIFAR-10: {_ACCEPTED}")
    return records[:, 1:]


def _npy(path: Path, raw: bytes | bytearray, max_bytes: int) -> NDArray[np.generic]:
    file = io.BytesIO(raw)
    try:
        with _of_python_2():
            shape, dtype = _npy_header(file)
    except _BAD_HEADER as error:
        raise DataError(path, "a damaged .npy header", "write it again with numpy.save") from error
    if dtype.kind not in "buif":
        raise DataError(path, f".npy array of {dtype}", "save real numbers, e.g. X.astype('uint8')")
    what = f".npy array of shape {shape}"
    _check_shape(path, shape, what, max_bytes)
    _check_length(path, len(raw) - file.tell(), math.prod(shape) * dtype.itemsize, what)
    file.seek(0)
    with _of_python_2():
        return np.asarray(np.load(file, allow_pickle=False))


def _of_python_2() -> warnings.catch_warnings[None]:
    """Without NumPy's advice to write such a file again."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def _npz(path: Path, raw: bytes | bytearray, max_bytes: int) -> NDArray[np.generic]:
    """The one array of at least two axes; labels beside it are passed over."""
    try:
        names, array = _arrays(raw, max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, *_BAD_HEADER) as error:
        raise DataError(path, "a damaged .npz archive", "write it again with numpy.savez") from error
    except (RuntimeError, NotImplementedError) as error:
        raise DataError(path, f"a zip archive that cannot be read ({error})", "write it with numpy.savez") from error
    if len(names) != 1:
        told = ", ".join(name.removesuffix(".npy")[:40] for name in names[:8]) or "none"
        what = f".npz with {len(names)} arrays of images ({told})"
        raise DataError(path, what, "save one array of images alone, with numpy.save")
    if len(array) > max_bytes:
        raise DataError(path, f".npz array of more than {max_bytes:,} bytes", "give fewer images")
    return _npy(path, array, max_bytes)


def _arrays(raw: bytes | bytearray, limit: int) -> tuple[list[str], bytes]:
    """The names of the arrays of at least two axes in an archive, and the first of them, up to so many bytes."""
    with _of_python_2(), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        images = [info for info in members if len(_member_shape(archive, info)) >= 2]
        return [info.filename for info in images], _member(archive, images[0], limit) if images else b""


def _member_shape(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[int, ...]:
    return _npy_header(io.BytesIO(_member(archive, info, _HEADER_BYTES)))[0]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    with archive.open(info) as file:
        return file.read(limit)


def _npy_header(file: io.BytesIO) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    version = np.lib.format.read_magic(file)
    old = version == (1, 0)
    read = np.lib.format.read_array_header_1_0 if old else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"shape {shape}")
    return shape, dtype


def _check_shape(path: Path, shape: tuple[int, ...], what: str, max_bytes: int) -> None:
    if len(shape) < 2:
        raise DataError(path, f"{what}: labels or a single vector, not images", "give the images file")
    if 0 in shape:
        raise DataError(path, f"{what}: no images", "fetch it again, or give another")
    if math.prod(shape) * 8 > max_bytes:
        raise DataError(path, f"{what}: more than {max_bytes:,} bytes as float64", "give fewer images")


def _check_length(path: Path, present: int, declared: int, what: str) -> None:
    if present != declared:
        state = "truncated" if present < declared else "too long"
        found = f"{what}: {state}, {declared:,} bytes declared, {present:,} present"
        raise DataError(path, found, "fetch it again")


def _scaled(path: Path, images: NDArray[np.generic], white: float | None) -> tuple[Array, str]:
    """The images divided by white, and a remark where that was guessed and may be wrong."""
    X = images.astype(np.float64)
    _check_finite(path, X)
    low, high = float(X.min()), float(X.max())
    if high == 0 and low == 0:
        raise DataError(path, "every pixel is 0: nothing to learn", "give other images")
    divisor = _white(path, images.dtype, low, high) if white is None else white
    if not (low >= 0 and high <= divisor):
        remedy = "scale the pixels to [0, 1]" + (", or say what white is (white=…, --white)" if low >= 0 else "")
        raise DataError(path, f"values from {low:.6g} to {high:.6g}, where white is {divisor:.6g}", remedy)
    if white is not None and high <= 1 < white / 2:
        what = f"values from {low:.6g} to {high:.6g}, where white is said to be {white:.6g}"
        raise DataError(path, what, "the pixels lie in [0, 1] already; say so (white=1, --white 1)")
    X /= divisor
    doubtful = np.issubdtype(images.dtype, np.integer) and white is None and high < divisor / 2
    return X, _doubt(path, high, divisor) if doubtful else ""


def _check_finite(path: Path, X: Array) -> None:
    if not np.isfinite(X).all():
        image, pixel = np.argwhere(~np.isfinite(X))[0]
        what = f"pixel {pixel} of image {image} is {X[image, pixel]}"
        raise DataError(path, what, "leave that image out, or fill the gap")


def _doubt(path: Path, high: float, divisor: float) -> str:
    return (
        f"{path}: whole numbers up to {high:g} were divided by {divisor:g}; if {high:g} is white, "
        f"say so (white={high:g}, --white {high:g})"
    )


def _white(path: Path, dtype: np.dtype[np.generic], low: float, high: float) -> float:
    """What a white pixel is: of whole numbers the largest value of their type, or of a byte or bit where a wider type
    holds no more; otherwise 1."""
    if not np.issubdtype(dtype, np.integer):
        return 1
    if dtype.itemsize > 1 and low >= 0 and high <= 255:
        return 255 if high > 1 else 1
    if dtype.itemsize > 1 and dtype.name != "uint16":
        what = f"whole numbers from {low:.6g} to {high:.6g} as {dtype.name}: what white is cannot be told"
        raise DataError(path, what, "say what white is (white=…, --white), or scale the pixels to [0, 1]")
    return float(np.iinfo(dtype.name).max)


_FORMATS: tuple[tuple[Callable[[bytes | bytearray], bool], _Reader], ...] = (
    (lambda raw: raw.startswith(b"\x93NUMPY"), _npy),
    (lambda raw: raw.startswith(b"PK\x03\x04"), _npz),
    (is_pickle, lambda path, raw, _: pickled_images(path, raw)),
    (_is_idx, _idx),
    (_is_cifar, lambda path, raw, _: _cifar(path, raw)),
    (is_table, read_table),
)
"""How each format is told from its content, and what reads it, the first that suits."""
