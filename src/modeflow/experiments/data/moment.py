"""The second moment of images, its eigenpairs, and data made to have given ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

MAX_DIMENSION = 16_384
"""Largest D whose D × D second moment (2 GiB) is formed."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Eigenpairs of the second moment Σ = XᵀX/N, uncentred unless asked for.

    eigenvalues   (D,), descending, ≥ 0: the signal λ_j in each mode, in squared units of X
    eigenvectors  (D, D), column j belongs to eigenvalue j; orthonormal. Of `top_spectrum`, (k,) and (D, k)
    clipped       how far below 0 rounding had pushed the smallest eigenvalue before it was set to 0
    """

    eigenvalues: Array
    eigenvectors: Array
    clipped: float


def spectrum(X: Array, center: bool = False) -> Spectrum:
    """Eigenpairs of the second moment XᵀX/N of the rows of X, shape (N, D). Cost N·D² + O(D³).

    With `center`, of the covariance: the mean row is taken off first. Raises DataError where X is not a finite,
    non-empty matrix, or where its second moment would not fit; then `top_spectrum` may help.
    """
    _check_matrix(X)
    if X.shape[1] > MAX_DIMENSION:
        found = f"{X.shape[1]:,} pixels an image, over {MAX_DIMENSION:,}"
        raise DataError("X", found, "downsample or crop, or ask for the leading modes alone (top_spectrum)")
    if center:
        X = X - X.mean(axis=0)
    return _eigenpairs(X.T @ X / len(X))


def spectrum_of_chunks(chunks: Iterable[Array], center: bool = False) -> Spectrum:
    """The same for rows that come in chunks (n, D), any n, and need never be in memory together.

    Sums are centred on the first chunk's mean, and put back at the end, so that centring loses no digits.
    Raises DataError also where chunks differ in D, or there are none.
    """
    count, origin, total, moment = 0, np.zeros(0), np.zeros(0), np.zeros((0, 0))
    for place, chunk in enumerate(chunks):
        _check_matrix(chunk)
        if place == 0:
            if chunk.shape[1] > MAX_DIMENSION:
                raise DataError("chunks", f"{chunk.shape[1]:,} pixels an image, over {MAX_DIMENSION:,}", "crop them")
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
    return _eigenpairs(moment)


def top_spectrum(
    X: Array, k: int, *, center: bool = False, iterations: int = 4, oversampling: int = 10, seed: int = 0
) -> Spectrum:
    """The k leading eigenpairs, without the D × D second moment: randomised subspace iteration.

    Cost about 4·(iterations + 1)·N·D·(k + oversampling). Eigenvalues come out too small if anything; the error
    shrinks with each iteration by (λ_{k+oversampling+1}/λ_k)². Source: Halko, Martinsson and Tropp, SIAM Review
    53 (2011). Raises DataError as `spectrum` does, and ValueError where k is not between 1 and min(N, D).
    """
    _check_matrix(X)
    if not 1 <= k <= min(X.shape):
        raise ValueError(f"k = {k}: give 1 to {min(X.shape)} modes")
    mean = X.mean(axis=0) if center else np.zeros(X.shape[1])
    width = min(k + oversampling, min(X.shape))
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((X.shape[1], width)))[0]
    for _ in range(iterations):
        seen = X @ basis - mean @ basis
        basis = np.linalg.qr(X.T @ seen - np.outer(mean, seen.sum(axis=0)))[0]
    seen = X @ basis - mean @ basis
    if not np.isfinite(seen).all():
        raise DataError("X", "infinite or NaN second moment", "remove NaN and infinite entries")
    _, sizes, rotation = np.linalg.svd(seen, full_matrices=False)
    return Spectrum(sizes[:k] ** 2 / len(X), basis @ rotation[:k].T, 0.0)


def rounding_of(eigenvalues: Array) -> float:
    """The largest eigenvalue (D,) of a second moment that may be 0 but for rounding: D·2⁻⁵²·max λ."""
    return float(eigenvalues.size * np.finfo(np.float64).eps * eigenvalues.max())


def _check_matrix(X: Array) -> None:
    if np.ma.is_masked(X):
        raise DataError("X", "a masked array: masked entries have no value", "fill them, or leave those images out")
    if X.ndim != 2 or 0 in X.shape:
        raise DataError("X", f"shape {X.shape}", "give a non-empty matrix with one image a row")


def _eigenpairs(moment: Array) -> Spectrum:
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
