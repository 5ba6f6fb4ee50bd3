"""Sparse data that stay sparse: their numbers scaled, and their eigenvalues, the mean taken off unwritten.

Beside the matrix there are vectors of its rows and columns, and a square matrix where that is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from .error import DataError
from .scaling import chosen_scale, divisor, refuse_gaps, refuse_nothing, refuse_sizes
from .second_moment import MAX_DIMENSION, eigenpairs, gram, mean_row

__all__ = ["WHOLE", "Sparse", "eigenvalues_of_sparse", "leading_of_sparse", "prepared_sparse"]

Array = NDArray[np.float64]

WHOLE = 4096
"""Samples or features up to which all eigenvalues are computed where a few are asked for."""
_VECTORS = 64  # beside the data, more than are kept


@dataclass(frozen=True)
class Sparse:
    """Data (N, D) whose zeros are not written.

    X: compressed rows of float64. mean: (D,), what is to be taken off each row, 0 where nothing is. done: what was done
    to the numbers, and doubt: "" or why that may not be what was wanted.
    """

    X: Any
    mean: Array
    done: str
    doubt: str = ""

    @property
    def total(self) -> float:
        """Σ λ: the mean square of a sample, the mean taken off."""
        return float(_column_squares(self.X, self.mean).sum() / self.X.shape[0])


def prepared_sparse(
    name: object, stored: Any, scale: str | None, white: float | None, center: bool, max_bytes: int
) -> Sparse:
    """The numbers of what is `Stored` as a sparse matrix, scaled as `load` scales them. Raises DataError."""
    X = sparse.csr_array(stored.values, dtype=np.float64, copy=True)
    X.sum_duplicates()
    N, D = X.shape
    if X.nnz * 16 + (N + D) * 8 * _VECTORS > max_bytes:
        found = f"a sparse matrix of shape {X.shape} with {X.nnz:,} entries, which takes more than {max_bytes:,} bytes"
        raise DataError(name, found, "give fewer samples, or leave out columns that hold next to nothing")
    refuse_gaps(name, X.data, lambda place: (int(np.searchsorted(X.indptr, place, "right")), int(X.indices[place]) + 1))
    if not X.data.any():
        refuse_nothing(name)
    chosen, done, doubt = chosen_scale(stored, scale, white), "", ""
    low, high = _extremes(X)
    if chosen == "unit":
        by, done, doubt = divisor(name, low, high, stored, white)
        X.data /= by
    elif chosen == "none":
        done = f"the numbers are as they are, from {low:.6g} to {high:.6g}"
    constant = _constant(X)
    if chosen == "standard":
        X, done = _standardised(X, constant)
    elif center:
        X, done = _scaled(X, np.where(constant, 0.0, 1.0)), f"{done}; the mean of each column is taken off"
    mean = mean_row(X) if center or chosen == "standard" else np.zeros(D)
    refuse_sizes(name, float(np.abs(X.data).max()) if X.data.any() else 0.0)
    return Sparse(X, mean, done, doubt)


def eigenvalues_of_sparse(name: object, data: Sparse) -> Array:
    """All D eigenvalues of the second moment, descending; DataError where neither XᵀX nor XXᵀ would fit."""
    N, D = data.X.shape
    if min(N, D) > MAX_DIMENSION:
        found = f"{N:,} samples of {D:,} columns, neither at most {MAX_DIMENSION:,}"
        raise DataError(name, found, "give fewer; of so many only leading modes are found (spectrum)")
    few = eigenpairs(_square(data) / N).eigenvalues
    return np.pad(few, (0, D - few.size))


def leading_of_sparse(name: object, data: Sparse, modes: int) -> Array:
    """The largest eigenvalues, descending: so many, or all where that costs little."""
    side = min(data.X.shape)
    if side <= WHOLE:
        return eigenvalues_of_sparse(name, data)
    modes = min(modes, side - 1)
    start = np.random.default_rng(0).standard_normal(side)
    try:
        values = eigsh(_operator(data), modes, which="LA", v0=start, return_eigenvectors=False)
    except ArpackNoConvergence as error:
        raise DataError(
            name, f"the {modes} leading modes were not found ({error})", "ask for fewer (--modes)"
        ) from None
    return np.asarray(np.maximum(np.sort(values)[::-1], 0.0) / data.X.shape[0])


def _operator(data: Sparse) -> Any:
    """X'X'ᵀ or X'ᵀX', whichever is smaller, for X' = X less the mean in each row."""
    X, mean = data.X, data.mean

    def forward(v: Array) -> Array:
        found: Array = X @ v - mean @ v
        return found

    def back(u: Array) -> Array:
        found: Array = X.T @ u - mean * u.sum()
        return found

    wide = X.shape[0] <= X.shape[1]
    outer, inner = (forward, back) if wide else (back, forward)
    side = min(X.shape)
    return LinearOperator((side, side), matvec=lambda v: outer(inner(np.ravel(v))), dtype=np.float64)


def _square(data: Sparse) -> Array:
    """The same as a matrix."""
    X = data.X
    wide = X.shape[0] <= X.shape[1]
    square = gram(X if wide else X.T)
    if not data.mean.any():
        return square
    if not wide:
        return np.asarray(square - X.shape[0] * np.outer(data.mean, data.mean))
    along = X @ data.mean
    return np.asarray(square - along - along[:, None] + data.mean @ data.mean)


def _counts(X: Any) -> NDArray[np.int64]:
    """How many entries each column has."""
    return np.bincount(X.indices, minlength=X.shape[1])


def _column_squares(X: Any, mean: Array) -> Array:
    """Σ (x − mean)² in each column."""
    apart = np.bincount(X.indices, (X.data - mean[X.indices]) ** 2, minlength=X.shape[1])
    return np.asarray(apart + (X.shape[0] - _counts(X)) * mean**2)


def _extremes(X: Any) -> tuple[float, float]:
    """The least and the largest number, zeros that are not written among them."""
    written = (float(X.data.min()), float(X.data.max()))
    return written if X.nnz == X.shape[0] * X.shape[1] else (min(0.0, written[0]), max(0.0, written[1]))


def _constant(X: Any) -> NDArray[np.bool_]:
    """Which columns hold the same number in each row."""
    low, high = (np.asarray(end.todense()).ravel() for end in (X.min(axis=0), X.max(axis=0)))
    found: NDArray[np.bool_] = low == high
    return found


def _scaled(X: Any, by: Array) -> Any:
    """Each column times a number; zeros are written no more."""
    found = sparse.csr_array((X.data * by[X.indices], X.indices, X.indptr), shape=X.shape)
    found.eliminate_zeros()
    return found


def _standardised(X: Any, constant: NDArray[np.bool_]) -> tuple[Any, str]:
    """Each column by its standard deviation; a constant one becomes 0."""
    largest = np.asarray(abs(X).max(axis=0).todense()).ravel()
    X = _scaled(X, np.where(constant, 0.0, 1.0 / np.where(largest > 0, largest, 1.0)))  # so that no square overflows
    spread = np.sqrt(_column_squares(X, mean_row(X)) / X.shape[0])
    left = f", but {int(constant.sum()):,} constant, which are 0" if constant.any() else ""
    told = f"each column has mean 0 and standard deviation 1{left}"
    return _scaled(X, np.where(constant, 0.0, 1.0 / np.where(constant, 1.0, spread))), told
