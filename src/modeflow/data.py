"""Real images in, a spectrum out: everything a linear autoencoder ever sees of its data.

Files are data, never code: no pickle, no evaluation, and memory bounded by the caller, not by a header.
"""

from __future__ import annotations

import io
import lzma
import math
import tokenize
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["DataError", "Spectrum", "load", "made_from_spectrum", "spectrum"]

Array = NDArray[np.float64]

MAX_BYTES = 4 * 2**30
"""Largest X that `load` returns by default, in bytes of float64."""

MAX_DIMENSION = 16_384
"""Largest D whose D × D second moment (2 GiB) is formed."""

_XZ_MEMORY = 512 * 2**20
_CIFAR_PIXELS = 3 * 32 * 32
_CIFAR_RECORD = 1 + _CIFAR_PIXELS
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_ACCEPTED = "give IDX images (as MNIST), CIFAR-10 binary records, either gzip, xz or plain, or a .npy array"


class DataError(ValueError):
    """A file that holds no usable images; the message names the file, what was found, and the remedy."""

    def __init__(self, path: object, found: str, remedy: str) -> None:
        super().__init__(f"{path}: {found}; {remedy}")


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Eigenpairs of the uncentred second moment Σ = XᵀX/N.

    eigenvalues   (D,), descending, ≥ 0: the signal λ_j in each mode, in squared units of X
    eigenvectors  (D, D), column j belongs to eigenvalue j; orthonormal
    clipped       how far below 0 rounding had pushed the smallest eigenvalue before it was set to 0
    """

    eigenvalues: Array
    eigenvectors: Array
    clipped: float


def load(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Array:
    """Images as X, shape (N, D), float64, pixels scaled to [0, 1]; one image a row.

    The format is told from the content, never from the name: IDX images, CIFAR-10 binary records (labels are
    dropped, pixels stay channels first) or a .npy array of N images; each plain or compressed by gzip or xz.
    Integer pixels are divided by the largest value of their type; floating-point ones must lie in [0, 1].

    Raises DataError for anything else, and where X would need more than `max_bytes`; no more than that is
    ever read or decompressed, whatever a header says.
    """
    path = Path(path)
    raw = _read(path, max_bytes)
    images = _images(path, _decompressed(path, raw, max_bytes), max_bytes)
    return _scaled(path, images.reshape(len(images), -1))


def spectrum(X: Array) -> Spectrum:
    """Eigenpairs of the second moment XᵀX/N of the rows of X, shape (N, D). Cost N·D² + O(D³).

    Raises DataError where X is not a finite, non-empty matrix, or where its second moment would not fit.
    """
    if X.ndim != 2 or 0 in X.shape:
        raise DataError("X", f"shape {X.shape}", "give a non-empty matrix with one image a row")
    if X.shape[1] > MAX_DIMENSION:
        raise DataError("X", f"{X.shape[1]:,} pixels an image, over {MAX_DIMENSION:,}", "downsample or crop")
    moment = X.T @ X / len(X)
    if not np.isfinite(moment).all():
        raise DataError("X", "infinite or NaN second moment", "remove NaN and infinite entries")
    ascending, vectors = np.linalg.eigh(moment)
    values = ascending[::-1]
    return Spectrum(np.maximum(values, 0.0), vectors[:, ::-1].copy(), max(0.0, -float(values[-1])))


def made_from_spectrum(eigenvalues: Sequence[float] | Array, n: int, seed: int) -> Array:
    """Synthetic X, shape (n, D), whose second moment XᵀX/n has the stated eigenvalues exactly (to rounding).

    X = √n·Q·Λ^½·Vᵀ with random orthonormal Q (n × D) and V (D × D), drawn from `seed`. Its entries are no
    pixels: they have both signs. Raises ValueError where an eigenvalue is negative or not finite, or n < D.
    """
    values = np.asarray(eigenvalues, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("eigenvalues: give a non-empty list of finite numbers >= 0")
    if n < values.size:
        raise ValueError(f"n = {n}: too few samples for {values.size} eigenvalues; use n >= {values.size}")
    rng = np.random.default_rng(seed)
    left = np.linalg.qr(rng.standard_normal((n, values.size)))[0]
    right = np.linalg.qr(rng.standard_normal((values.size, values.size)))[0]
    return np.asarray((left * np.sqrt(n * values)) @ right.T)


def _read(path: Path, limit: int) -> bytes:
    if not path.exists():
        raise DataError(path, "no such file", "check the path")
    if not path.is_file():
        raise DataError(path, "not a regular file", _ACCEPTED)
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise DataError(path, f"unreadable ({error.strerror})", "check its permissions") from error
    if not raw:
        raise DataError(path, "an empty file", "fetch it again, or give another")
    if len(raw) > limit:
        raise DataError(path, f"more than {limit:,} bytes", "give fewer images")
    return raw


class _Decompressor(Protocol):
    """What zlib and lzma decompressors share."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _decompressed(path: Path, raw: bytes, limit: int) -> bytes:
    if raw.startswith(b"\x1f\x8b"):
        return _expanded(path, raw, "gzip", lambda: zlib.decompressobj(wbits=31), limit)
    if raw.startswith(b"\xfd7zXZ\x00"):
        return _expanded(path, raw, "xz", lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY), limit)
    return raw


def _expanded(path: Path, raw: bytes, kind: str, make: Callable[[], _Decompressor], limit: int) -> bytes:
    """All streams of a compressed file, one after the other, never more than `limit` bytes."""
    out = bytearray()
    while raw.strip(b"\0"):
        stream = make()
        try:
            out += stream.decompress(raw, limit + 1 - len(out))
        except (zlib.error, lzma.LZMAError) as error:
            raise DataError(path, f"damaged {kind} stream ({error})", "fetch it again") from error
        if len(out) > limit:
            raise DataError(path, f"{kind} stream of more than {limit:,} bytes", "give fewer images")
        if not stream.eof:
            raise DataError(path, f"truncated {kind} stream, {len(out):,} bytes came out", "fetch it again")
        raw = stream.unused_data
    return bytes(out)


def _images(path: Path, raw: bytes, max_bytes: int) -> NDArray[np.generic]:
    """The stored array, first axis the image, in its own dtype."""
    if raw.startswith(b"\x93NUMPY"):
        return _npy(path, raw, max_bytes)
    if raw.startswith(b"PK\x03\x04"):
        raise DataError(path, "a zip archive (.npz?)", "save the images alone, with numpy.save")
    if len(raw) >= 4 and raw[:2] == b"\0\0" and raw[2] in _IDX_TYPES and raw[3] <= 8:
        return _idx(path, raw, max_bytes)
    if len(raw) % _CIFAR_RECORD == 0 and raw:
        return _cifar(path, raw)
    raise DataError(path, f"{len(raw):,} bytes that begin {raw[:8]!r}: no known image format", _ACCEPTED)


def _idx(path: Path, raw: bytes, max_bytes: int) -> NDArray[np.generic]:
    dtype, ndim = np.dtype(_IDX_TYPES[raw[2]]), raw[3]
    header = 4 + 4 * ndim
    if len(raw) < header:
        raise DataError(path, f"IDX header cut off after {len(raw)} bytes", "fetch it again")
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", count=ndim, offset=4))
    _check_shape(path, shape, f"IDX file of shape {shape}", max_bytes)
    _check_length(path, len(raw) - header, math.prod(shape) * dtype.itemsize, f"IDX file of shape {shape}")
    return np.frombuffer(raw, dtype, offset=header).reshape(shape)


def _cifar(path: Path, raw: bytes) -> NDArray[np.generic]:
    records = np.frombuffer(raw, np.uint8).reshape(-1, _CIFAR_RECORD)
    labels = records[:, 0]
    if labels.max() > 9:
        found = f"{len(records):,} records of {_CIFAR_RECORD} bytes, but a label is {labels.max()}, not 0..9"
        raise DataError(path, found, f"this is not CIFAR-10: {_ACCEPTED}")
    return records[:, 1:]


def _npy(path: Path, raw: bytes, max_bytes: int) -> NDArray[np.generic]:
    file = io.BytesIO(raw)
    try:
        shape, dtype = _npy_header(file)
    except (ValueError, TypeError, SyntaxError, RecursionError, tokenize.TokenError) as error:
        raise DataError(path, "a damaged .npy header", "write it again with numpy.save") from error
    if dtype.kind not in "buif":
        raise DataError(path, f".npy array of {dtype}", "save real numbers, e.g. X.astype('uint8')")
    what = f".npy array of shape {shape}"
    _check_shape(path, shape, what, max_bytes)
    _check_length(path, len(raw) - file.tell(), math.prod(shape) * dtype.itemsize, what)
    return np.asarray(np.load(io.BytesIO(raw), allow_pickle=False))


def _npy_header(file: io.BytesIO) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    version = np.lib.format.read_magic(file)
    old = version == (1, 0)
    read = np.lib.format.read_array_header_1_0 if old else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
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


def _scaled(path: Path, images: NDArray[np.generic]) -> Array:
    X = images.astype(np.float64)
    if np.issubdtype(images.dtype, np.integer):
        X /= np.iinfo(images.dtype.name).max
    low, high = float(X.min()), float(X.max())
    if not (low >= 0 and high <= 1):
        raise DataError(path, f"values from {low:.6g} to {high:.6g}", "scale the pixels to [0, 1]")
    if high == 0:
        raise DataError(path, "every pixel is 0: nothing to learn", "give other images")
    return X
