"""Arrays as NumPy and SciPy store them, and what every array from a file must be: a shape that fits, and is there."""

from __future__ import annotations

import io
import lzma
import math
import sys
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from .error import DataError
from .stored import Stored

__all__ = ["check_length", "check_shape", "dense", "of_sparse", "read_npy", "read_npz"]

_HEADER_BYTES = 12 + 10_000  # NumPy refuses longer headers
_BAD_HEADER = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError)


def check_shape(name: object, shape: tuple[int, ...], what: str, max_bytes: int) -> None:
    """Raises DataError for a shape that no table has, or is too large."""
    if len(shape) < 2:
        raise DataError(name, f"{what}: labels or a single vector, not samples", "give an array with a sample a row")
    if 0 in shape:
        raise DataError(name, f"{what}: no samples", "fetch it again, or give another")
    if math.prod(shape) * 8 > max_bytes:
        raise DataError(name, f"{what}: more than {max_bytes:,} bytes as float64", "give fewer samples")


def check_length(name: object, present: int, declared: int, what: str) -> None:
    """Raises DataError where other bytes are there than a header says."""
    if present != declared:
        state = "truncated" if present < declared else "too long"
        found = f"{what}: {state}, {declared:,} bytes declared, {present:,} present"
        raise DataError(name, found, "fetch it again")


def read_npy(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    """An array of real numbers, first axis the sample; no pickle is opened."""
    file = io.BytesIO(raw)
    try:
        with _of_python_2():
            shape, dtype = _npy_header(file)
    except _BAD_HEADER as error:
        raise DataError(path, "a damaged .npy header", "write it again with numpy.save") from error
    if dtype.kind not in "buif":
        raise DataError(path, f".npy array of {dtype}", "save real numbers, e.g. X.astype('float64')")
    what = f".npy array of shape {shape}"
    check_shape(path, shape, what, max_bytes)
    check_length(path, len(raw) - file.tell(), math.prod(shape) * dtype.itemsize, what)
    file.seek(0)
    with _of_python_2():
        return Stored(np.asarray(np.load(file, allow_pickle=False)), shades=True).without(path, labels)


def _of_python_2() -> warnings.catch_warnings[None]:
    """Without NumPy's advice to write such a file again."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def read_npz(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    """The one array of at least two axes that is not named as labels, or a sparse matrix of SciPy."""
    try:
        with _of_python_2(), zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if {"format.npy", "shape.npy", "data.npy"} <= set(archive.namelist()):
                return _sparse(path, raw, archive, max_bytes).without(path, labels)
            inside = archive.namelist()
            names, array = _arrays(archive, labels, max_bytes + 1)
    except DataError:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, *_BAD_HEADER) as error:
        raise DataError(path, "a damaged .npz archive", "write it again with numpy.savez") from error
    except (RuntimeError, NotImplementedError) as error:
        raise DataError(path, f"a zip archive that cannot be read ({error})", "write it with numpy.savez") from error
    if not any(name.endswith(".npy") for name in inside):
        found = "an Excel workbook" if "xl/workbook.xml" in inside else "a zip archive without arrays of NumPy"
        raise DataError(path, found, "save a table as CSV, plain or by gzip or xz")
    if len(names) != 1:
        told = ", ".join(name.removesuffix(".npy")[:40] for name in names[:8]) or "none"
        what = f".npz with {len(names)} arrays of samples ({told})"
        remedy = "name those to leave out (labels=[…], --label), or save one alone, with numpy.save"
        raise DataError(path, what, remedy)
    if len(array) > max_bytes:
        raise DataError(path, f".npz array of more than {max_bytes:,} bytes", "give fewer images")
    return read_npy(path, array, max_bytes, [label for label in labels if f"{label}.npy" not in inside])


def _arrays(archive: zipfile.ZipFile, labels: Sequence[str], limit: int) -> tuple[list[str], bytes]:
    """The names of the arrays of at least two axes, and the first of them, up to so many bytes."""
    members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
    named = [info for info in members if info.filename.removesuffix(".npy") not in labels]
    samples = [info for info in named if len(_member_header(archive, info)[0]) >= 2]
    return [info.filename for info in samples], _member(archive, samples[0], limit) if samples else b""


def _sparse(path: Path, raw: bytes | bytearray, archive: zipfile.ZipFile, max_bytes: int) -> Stored:
    """A matrix as scipy.sparse.save_npz writes it."""
    for info in archive.infolist():
        shape, dtype = _member_header(archive, info)
        if math.prod(shape) * dtype.itemsize > min(info.file_size, max_bytes):
            found = (
                f"a sparse matrix whose {info.filename[:40]} is larger than the file says, or than {max_bytes:,} bytes"
            )
            raise DataError(path, found, "write it again with scipy.sparse.save_npz, or give fewer rows")
    return of_sparse(path, sparse.load_npz(io.BytesIO(raw)))


def of_sparse(name: object, matrix: Any) -> Stored:
    """A sparse matrix of SciPy, in compressed rows. DataError where it says what cannot be."""
    check_shape(name, matrix.shape, f"a sparse matrix of shape {matrix.shape}", sys.maxsize)
    if matrix.dtype.kind not in "buif":
        raise DataError(name, f"a sparse matrix of {matrix.dtype}", "give real numbers")
    compressed = matrix if matrix.format in ("csr", "csc", "bsr") else matrix.tocsr()
    try:
        compressed.check_format(full_check=True)  # an index out of range would be written where it points
    except ValueError as error:
        raise DataError(name, f"a damaged sparse matrix ({error})", "write it again") from error
    return Stored(sparse.csr_array(compressed))


def dense(name: object, stored: Stored, max_bytes: int) -> Stored:
    """A sparse matrix written out as an array, all else as it is. DataError where that is too large."""
    if not stored.is_sparse:
        return stored
    matrix = stored.values
    check_shape(name, matrix.shape, f"a sparse matrix of shape {matrix.shape}", max_bytes)
    return replace(stored, values=matrix.toarray())


def _member_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    return _npy_header(io.BytesIO(_member(archive, info, _HEADER_BYTES)))


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
