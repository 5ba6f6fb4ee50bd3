"""The second moment of images, its eigenpairs, and data made to have given ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .error import DataError

__all__ = [
    "MAX_DIMENSION",
    "Spectrum",
    "made_from_spectrum",
    "rounding_of",
    "spectrum",
    "spectrum_of_chunks",
    "top_spectrum",
]

Array = NDArray[np.float64]
Matrix = Array | sparse.csr_array
_ROWS = 512  # of a square matrix at a time

MAX_DIMENSION = 16_384
"""Largest D whose D × D second moment (2 GiB) is formed."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Eigenpairs of the second moment Σ = XᵀX/N, uncentred unless asked for.

    Attributes:
        eigenvalues: (D,) float64, descending, >= 0: the signal λ_j in each mode, in squared units of X; of
            `top_spectrum` (k,).
        eigenvectors: (D, D) float64, column j belongs to eigenvalue j; orthonormal; of `top_spectrum` (D, k).
        clipped: how far below 0 rounding had pushed the smallest eigenvalue before it was set to 0.
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> modeflow.data.spectrum(X).eigenvectors.shape
        (2, 2)
    """

    eigenvalues: Array
    eigenvectors: Array
    clipped: float


def spectrum(X: Matrix, center: bool = False) -> Spectrum:
    """Eigenpairs of the second moment XᵀX/N of the rows of X.

    The cost is N·D² + O(D³).

    Parameters:
        X: images, (N, D) float64, one a row; or a sparse matrix of SciPy in compressed rows, which is not written out.
        center: whether to take the mean row off first, for the covariance.
    Returns: a Spectrum, its eigenvalues in squared units of X.
    Raises:
        DataError: an X that is not a finite, non-empty matrix, or whose second moment would not fit; then
            `top_spectrum` may help.
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> modeflow.data.spectrum(X).eigenvalues.round(6)
        array([4., 1.])
    """
    _check_matrix(X)
    check_width("X", X.shape[1], "give fewer, or ask for the leading modes alone (modeflow.data.top_spectrum)")
    mean = mean_row(X) if center else np.zeros(X.shape[1])
    if isinstance(X, np.ndarray):
        X = X - mean if center else X
        return eigenpairs(X.T @ X / len(X))
    return eigenpairs(gram(X.T) / X.shape[0] - np.outer(mean, mean))


def mean_row(X: Any) -> Array:
    """The mean of the rows of an array or a sparse matrix."""
    return np.asarray(X.mean(axis=0), np.float64).ravel()


def gram(rows: Any) -> Array:
    """The products of all pairs of rows of a sparse matrix, some rows at a time, so that there are no more of them."""
    rows = rows.tocsr()
    columns = rows.T.tocsr()
    return np.concatenate([(rows[i : i + _ROWS] @ columns).toarray() for i in range(0, rows.shape[0], _ROWS)])


def spectrum_of_chunks(chunks: Iterable[Array], center: bool = False) -> Spectrum:
    """Eigenpairs of the second moment of rows that come in chunks and need never be in memory together.

    Sums are centred on the first chunk's mean, and put back at the end, so that centring loses no digits.

    Parameters:
        chunks: arrays (n, D) float64, any n.
        center: whether to take the mean row off first, for the covariance.
    Returns: a Spectrum, its eigenvalues in squared units of the rows.
    Raises:
        DataError: chunks that are not finite matrices or differ in D, no chunk at all, or a second moment that would
            not fit.
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> modeflow.data.spectrum_of_chunks([X[:3], X[3:]]).eigenvalues.round(6)
        array([4., 1.])
    """
    count, origin, total, moment = 0, np.zeros(0), np.zeros(0), np.zeros((0, 0))
    for place, chunk in enumerate(chunks):
        _check_matrix(chunk)
        if place == 0:
            check_width("chunks", chunk.shape[1])
            origin = chunk.mean(axis=0) if center else np.zeros(chunk.shape[1])
            total, moment = np.zeros(origin.size), np.zeros((origin.size, origin.size))
        if chunk.shape[1] != origin.size:
            found = f"chunk {place} has {chunk.shape[1]} pixels an image, the first {origin.size}"
            raise DataError("chunks", found, "give images of one size")
        rows = chunk - origin if center else chunk
        count += len(rows)
        total += rows.sum(axis=0)
        moment += rows.T @ rows
    if count == 0:
        raise DataError("chunks", "no chunk at all", "give at least one image")
    moment /= count
    if center:
        shift = total / count
        moment -= np.outer(shift, shift)
    return eigenpairs(moment)


def top_spectrum(
    X: Matrix, k: int, *, center: bool = False, iterations: int = 4, oversampling: int = 10, seed: int = 0
) -> Spectrum:
    """The k leading eigenpairs, without the D × D second moment, by randomised subspace iteration.

    The cost is about 4·(iterations + 1)·N·D·(k + oversampling). Eigenvalues come out too small if anything; the error
    shrinks with each iteration by (λ_{k+oversampling+1}/λ_k)².

    Parameters:
        X: images, (N, D) float64, one a row; or a sparse matrix of SciPy in compressed rows, which is not written out.
        k: number of eigenpairs, from 1 to min(N, D).
        center: whether to take the mean row off first, for the covariance.
        iterations: how often the subspace is multiplied by the second moment, >= 0.
        oversampling: dimensions of the subspace beyond k, >= 0.
        seed: of the random subspace to begin with.
    Returns: a Spectrum with eigenvalues (k,) and eigenvectors (D, k).
    Raises:
        DataError: an X that is not a finite, non-empty matrix.
        ValueError: a k that is not between 1 and min(N, D).
    Source: Halko, Martinsson and Tropp, SIAM Review 53 (2011).
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> modeflow.data.top_spectrum(X, 1).eigenvalues.round(6)
        array([4.])
    """
    _check_matrix(X)
    if not 1 <= k <= min(X.shape):
        raise ValueError(f"k = {k}: give 1 to {min(X.shape)} modes")
    mean = mean_row(X) if center else np.zeros(X.shape[1])
    width = min(k + oversampling, min(X.shape))
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((X.shape[1], width)))[0]
    for _ in range(iterations):
        seen = X @ basis - mean @ basis
        basis = np.linalg.qr(X.T @ seen - np.outer(mean, seen.sum(axis=0)))[0]
    seen = X @ basis - mean @ basis
    if not np.isfinite(seen).all():
        raise DataError("X", "infinite or NaN second moment", "remove NaN and infinite entries")
    _, sizes, rotation = np.linalg.svd(seen, full_matrices=False)
    return Spectrum(sizes[:k] ** 2 / X.shape[0], basis @ rotation[:k].T, 0.0)


def rounding_of(eigenvalues: Array) -> float:
    """The largest eigenvalue of a second moment that may be 0 but for rounding: (D + 64)·2⁻⁵²·max λ.

    Parameters:
        eigenvalues: (D,) float64, in any unit.
    Returns: a float, in the unit of the eigenvalues.
    Raises:
        ValueError: no eigenvalue at all.
    Example:
        >>> import numpy as np
        >>> import modeflow
        >>> modeflow.data.rounding_of(np.array([4.0, 1.0])) == 66 * 2.0**-52 * 4
        True
    """
    return float((eigenvalues.size + 64) * np.finfo(np.float64).eps * eigenvalues.max())


def _check_matrix(X: Matrix) -> None:
    if np.ma.is_masked(X):
        raise DataError("X", "a masked array: masked entries have no value", "fill them, or leave those images out")
    if X.ndim != 2 or 0 in X.shape:
        raise DataError("X", f"shape {X.shape}", "give a non-empty matrix with one image a row")


def check_width(name: object, columns: int, remedy: str = "give fewer, or smaller pictures") -> None:
    """Raises DataError where the second moment of so many columns would not fit."""
    if columns > MAX_DIMENSION:
        raise DataError(
            name, f"{columns:,} columns, whose second moment is only formed up to {MAX_DIMENSION:,}", remedy
        )


def eigenpairs(moment: Array) -> Spectrum:
    """The spectrum of a second moment (D, D)."""
    if not np.isfinite(moment).all():
        raise DataError("X", "infinite or NaN second moment", "remove NaN and infinite entries, or scale the data")
    ascending, vectors = np.linalg.eigh(moment)
    values = ascending[::-1]
    return Spectrum(np.maximum(values, 0.0), vectors[:, ::-1].copy(), max(0.0, -float(values[-1])))


def eigenvalues_of(name: object, X: Array) -> Array:
    """All D eigenvalues of XᵀX/N, descending, from it or XXᵀ/N, whichever is smaller; DataError if neither fits."""
    samples, columns = X.shape
    if samples >= columns:
        check_width(name, columns)
        return spectrum(X).eigenvalues
    if samples > MAX_DIMENSION:
        found = f"{samples:,} samples of {columns:,} columns, neither at most {MAX_DIMENSION:,}"
        raise DataError(name, found, "give fewer samples or columns")
    return np.pad(eigenpairs(X @ X.T / samples).eigenvalues, (0, columns - samples))


def made_from_spectrum(eigenvalues: Sequence[float] | Array, n: int, seed: int) -> Array:
    """Synthetic X whose second moment XᵀX/n has the stated eigenvalues, exactly but for rounding.

    X = √n·Q·√Λ·Vᵀ with random orthonormal Q (n × D) and V (D × D). Its entries are no pixels: they have both signs.

    Parameters:
        eigenvalues: (D,), finite and >= 0, in squared units of X.
        n: number of rows, >= D.
        seed: of Q and V.
    Returns: X, (n, D) float64.
    Raises:
        ValueError: an eigenvalue that is negative or not finite, or n < D.
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> X.shape, round(float((X.T @ X / 8).trace()), 6)
        ((8, 2), 5.0)
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
