"""Data as people have them, to a matrix with a sample a row."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .arrays import check_shape, dense, of_sparse
from .error import DataError
from .files import read_file
from .frames import is_frame, of_frame
from .pictures import read_pictures
from .scaling import check_scaling, prepared
from .sparsely import Sparse, prepared_sparse
from .stored import Stored

__all__ = ["MAX_BYTES", "ScaleWarning", "load", "load_and_remark", "load_as_it_is", "name_of", "place_of"]

Array = NDArray[np.float64]

MAX_BYTES = 4 * 2**30
"""Largest X that `load` returns by default, in bytes of float64."""


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


def load(
    data: Any,
    *,
    scale: str | None = None,
    white: float | None = None,
    center: bool = False,
    labels: Sequence[str] = (),
    max_bytes: int = MAX_BYTES,
) -> Array:
    """A matrix of real numbers, a sample a row, from a file, a folder of pictures, an array or a frame.

    The format of a file is told from its content, never from its name: a table as text, with commas, tabulators,
    semicolons, | or blanks between the values, perhaps a first line of names, and comments in lines that begin with #;
    Parquet (needs pyarrow); .npy; .npz with
    one array of samples, or a sparse matrix of SciPy; IDX images; a CIFAR-10 batch of binary records or pickled by
    Python (its labels are dropped, pixels stay channels first; no pickle is ever executed). Each may be compressed by
    gzip or xz. In a folder, every PNG, JPEG, BMP, TIFF, PGM, PPM or WebP picture is a sample; transparency is
    dropped. From Python also a NumPy array, what NumPy makes one of, a sparse matrix of SciPy and a frame of pandas.

    Parameters:
        data: the path of the file or folder, or the array, matrix or frame itself, which is not changed.
        scale: "none": the numbers as they are; "unit": all divided by one number, `white` or else the largest that
            their type holds (one and two unsigned bytes in files of arrays and images) or else the largest magnitude;
            "standard": each column minus its mean, by its standard deviation, and constant columns 0. None means
            "unit" for files of one or two unsigned bytes a number that are not text, and where `white` is given,
            otherwise "none".
        white: the number that a white pixel has, finite and > 0, for scale "unit"; None means as above.
        center: whether the mean of each column is taken off.
        labels: columns to leave out, by name, or by number from 1 where columns have no names; in an .npz also arrays.
            No column is left out unless it is named.
        max_bytes: the most bytes that X may take; no more is read or decompressed, whatever a header says.
    Returns: X, (N, D) float64, in units of the data, or dimensionless where they are scaled.
    Raises:
        DataError: no such data, or data that hold text, missing or infinite values, only zeros, or more than
            `max_bytes`; the message says where.
        ValueError: a scale or white that is none, or both of them at odds.
    Example:
        >>> import numpy as np
        >>> import modeflow
        >>> np.save("digits.npy", np.array([[0, 8, 16], [16, 4, 0]], np.uint8))
        >>> modeflow.data.load("digits.npy", white=16)
        array([[0.  , 0.5 , 1.  ],
               [1.  , 0.25, 0.  ]])
    """
    X, _, doubt = _loaded(data, scale, white, center, labels, max_bytes)
    if doubt:
        warnings.warn(doubt, ScaleWarning, stacklevel=2)
    return X


def load_and_remark(
    data: Any,
    *,
    scale: str | None = None,
    white: float | None = None,
    center: bool = False,
    labels: Sequence[str] = (),
    max_bytes: int = MAX_BYTES,
) -> tuple[Array, str]:
    """What `load` returns, and in words what was done to the numbers and what may be wrong with that.

    Parameters:
        data: the path of the file or folder, or the array, matrix or frame itself.
        scale: "none", "unit" or "standard"; None means as for `load`.
        white: the number that a white pixel has, finite and > 0; None means as for `load`.
        center: whether the mean of each column is taken off.
        labels: columns to leave out, as for `load`.
        max_bytes: the most bytes that X may take.
    Returns: X, (N, D) float64, and the remark.
    Raises:
        DataError: data that cannot be used, as for `load`.
        ValueError: a scale or white that is none, or both of them at odds.
    Example:
        >>> import numpy as np
        >>> import modeflow
        >>> X, remark = modeflow.data.load_and_remark(np.array([[0.0, 2.0], [1.0, 3.0]]))
        >>> X.shape, remark
        ((2, 2), 'the numbers are as they are, from 0 to 3')
    """
    X, remark, _ = _loaded(data, scale, white, center, labels, max_bytes)
    return X, remark


def load_as_it_is(
    data: Any,
    *,
    scale: str | None = None,
    white: float | None = None,
    center: bool = False,
    labels: Sequence[str] = (),
    max_bytes: int = MAX_BYTES,
) -> tuple[Array | Sparse, str]:
    """As `load_and_remark`, but sparse data stay sparse, as `Sparse`."""
    check_scaling(scale, white)
    name = place_of(data)
    stored = _stored(data, (labels,) if isinstance(labels, str) else labels, max_bytes)
    if stored.is_sparse:
        thin = prepared_sparse(name, stored, scale, white, center, max_bytes)
        return thin, "; ".join(filter(None, [thin.done, thin.doubt, stored.remark]))
    found = prepared(name, stored, scale, white, center)
    return found.X, "; ".join(filter(None, [found.done, found.doubt, stored.remark]))


def name_of(data: Any) -> str:
    """What data are called where they are told of."""
    if isinstance(data, str | os.PathLike):
        return Path(data).name or str(data)
    return "the frame" if is_frame(data) else "the array"


def place_of(data: Any) -> Any:
    """What errors name: the path as it was given, or what the data are."""
    return data if isinstance(data, str | os.PathLike) else name_of(data)


def _loaded(
    data: Any, scale: str | None, white: float | None, center: bool, labels: Sequence[str], max_bytes: int
) -> tuple[Array, str, str]:
    """X, what was done and what may be wrong with it, and of that only what a guess may have spoilt."""
    check_scaling(scale, white)
    name = place_of(data)
    stored = dense(name, _stored(data, (labels,) if isinstance(labels, str) else labels, max_bytes), max_bytes)
    found = prepared(name, stored, scale, white, center)
    remark = "; ".join(filter(None, [found.done, found.doubt, stored.remark]))
    return found.X, remark, f"{name}: {found.done}; {found.doubt}" if found.doubt else ""


def _stored(data: Any, labels: Sequence[str], max_bytes: int) -> Stored:
    if isinstance(data, str | os.PathLike):
        path = Path(data)
        if os.path.isdir(path):
            return read_pictures(path, max_bytes).without(path, labels)
        return read_file(path, max_bytes, labels)
    if is_frame(data):
        return of_frame(data, labels, max_bytes)
    if sparse.issparse(data):
        return of_sparse("the matrix", data).without("the matrix", labels)
    return _array(data, max_bytes).without("the array", labels)


def _array(data: Any, max_bytes: int) -> Stored:
    if np.ma.is_masked(data):
        raise DataError("the array", "masked entries have no value", "fill them, or leave those samples out")
    try:
        values = np.asarray(data)
    except (TypeError, ValueError) as error:
        raise DataError("the array", f"a {type(data).__name__} is none ({error})", "give numbers") from None
    if values.dtype.kind not in "buif":
        raise DataError("the array", f"entries of the kind {values.dtype}", "give real numbers")
    check_shape("the array", values.shape, f"shape {values.shape}", max_bytes)
    return Stored(values)
