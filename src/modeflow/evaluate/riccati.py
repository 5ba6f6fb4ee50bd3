"""The Riccati flow P' = GP + PG − 2PBP with commuting symmetric G and B, B ≥ 0, from P = W₀W₀ᵀ.

In the common eigenbasis V, with eigenvalues g of G and b of B,

    P(t) = L·Lᵀ,  L = E·W₀·(I + W₀ᵀ·K·W₀)^(−1/2),  E = exp(Gt),  k = b·(e^(2gt) − 1)/g,

and k ≥ 0 for either sign of g. A start moved by rounding moves P as much as it grows, so the error is that of P for
nearly the given start. What is done for accuracy:

* While |G|t and K are small, E·W₀ is W₀ + V·expm1(gt)·VᵀW₀: no rotation there and back.
* Else Z = VᵀW₀ is factored Z = Y·C by elimination with complete pivoting, rows weighted by e^(gt): a column operation
  commutes with the weights, so that only their logarithms are needed and nothing overflows. The columns of Y then are
  bounded after weighting, and P = Ŷ·(MᵀM)⁻¹·Ŷᵀ for M = [√K·Y; C⁻ᵀ] with weighted columns, by a QR of M with rows and
  columns in the order of their size.
* Up to a size of 256 the eigenvectors are refined once, and Z is factored, in extended precision, where there is one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

Array = NDArray[np.float64]
Longer = NDArray[np.floating[Any]]  # of extended precision, or of doubles

UNIT = float(np.finfo(np.float64).eps)
REFINED = 256  # the largest size at which eigenvectors are refined
TURNED = 1e-10  # by how much a refinement may turn one eigenvector to another: its own error is the square
SMALL = 0.5  # the largest |G|t at which E·W₀ is taken as a change of W₀
FARTHEST = 1e300  # the time, in units of 1/(1 + |G| + |B|), that stands for infinity
VANISHED = 1e-140  # what of L is then 0 in the limit: the strength of a mode that neither grows nor decays is 1/(2bt)
LARGEST_POWER = 700.0  # of e; a direction that lies lower is 0


class Axes(NamedTuple):
    """Eigenvalues, ascending, and eigenvectors in columns."""

    values: Array
    vectors: Array


def axes(symmetric: Array) -> Axes:
    """The eigenvalues and eigenvectors of a symmetric matrix, refined up to a size of 256.

    Source of the refinement: T. Ogita, K. Aishima, Iterative refinement for symmetric eigenvalue decomposition (2018).
    """
    found = np.linalg.eigh(symmetric)
    if not 0 < len(symmetric) <= REFINED:
        return Axes(found.eigenvalues, found.eigenvectors)
    x, a = found.eigenvectors.astype(np.longdouble), symmetric.astype(np.longdouble)
    skew, seen = np.eye(len(symmetric)) - x.T @ x, x.T @ (a @ x)
    skew, seen = (skew + skew.T) / 2, (seen + seen.T) / 2  # else close eigenvalues tell their rounding apart
    values = np.diag(seen) / (1 - np.diag(skew))
    gaps = values[None, :] - values[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        turned = (seen + values[None, :] * skew) / gaps
    small = np.abs(turned) < TURNED  # not where a gap is 0
    np.fill_diagonal(small, False)
    change = np.where(small & small.T, turned, skew / 2)
    return Axes(values.astype(np.float64), (x + x @ change).astype(np.float64))


def factor(t: float, growth: Array, pull: Array, vectors: Array | None, start: Array) -> Array:
    """L with P(t) = L·Lᵀ.

    growth, pull: the eigenvalues g and b ≥ 0 (D,), b > 0 wherever g > 0; vectors: V (D, D), None for the coordinate
    axes; start: W₀ (D, H); t: at least 0, inf for the limit.
    """
    if np.isinf(t):
        last = factor(FARTHEST, growth, pull, vectors, start)
        return np.where(np.abs(last) > VANISHED, last, 0.0)
    z = _longer(start) if vectors is None else _longer(vectors).T @ start
    strongest = float(np.abs(growth).max(initial=0.0))
    t = min(t, FARTHEST / (1 + strongest + float(pull.max(initial=0.0))))
    powers = growth * t
    if np.abs(powers).max(initial=0.0) <= SMALL:
        k = 2 * pull * t * _mean_power(2 * powers)
        weighted = _doubles(np.sqrt(k)[:, None] * z)
        if np.linalg.norm(weighted) <= 1:
            moved = _doubles(np.expm1(powers)[:, None] * z)
            grown = start + (moved if vectors is None else vectors @ moved)
            root = np.linalg.cholesky(np.eye(z.shape[1]) + weighted.T @ weighted)
            return np.asarray(solve_triangular(root, grown.T, lower=True).T)
    if UNIT * strongest * t > 1:
        powers = _alike(growth, 8 * UNIT * strongest) * t
    factored = _by_elimination(t, powers, pull, z)
    return factored if vectors is None else np.asarray(vectors @ factored)


def advanced(t: float, growth: Array, pull: Array, start: Array) -> Array:
    """L in the eigenbasis as `factor` has it, faster, in doubles only, for powers |gt| ≤ 300 and starts of full rank.

    One piece of a long way. What is small in W₀ is not kept to its own size.
    """
    kept = np.sqrt(2 * pull * t * _mean_power(2 * growth * t))
    stacked = np.vstack([kept[:, None] * start, np.eye(start.shape[1])])
    stacked = stacked[np.argsort(-np.abs(stacked).max(axis=1), kind="stable")]
    upper, order = qr(stacked, mode="r", pivoting=True)
    grown = np.exp(growth * t)[:, None] * start
    return np.asarray(solve_triangular(upper[: start.shape[1]], grown[:, order].T, trans="T").T)


def _longer(matrix: Array) -> Longer:
    """The same in extended precision, if it has few rows."""
    return matrix.astype(np.longdouble) if len(matrix) <= REFINED else matrix


def _doubles(matrix: Longer) -> Array:
    return matrix.astype(np.float64)


def _mean_power(x: Array) -> Array:
    """(eˣ − 1)/x, the mean of the exponential between 0 and x."""
    at_zero = x == 0
    return np.where(at_zero, 1.0, np.expm1(x) / np.where(at_zero, 1.0, x))


def _alike(growth: Array, resolution: float) -> Array:
    """Growths that rounding alone tells apart, made the same; those near 0 are 0. They matter once |G|t exceeds 2⁵²."""
    order = np.argsort(growth)
    ordered = growth[order]
    groups = np.concatenate(([0], np.cumsum(np.diff(ordered) > resolution)))
    means = np.bincount(groups, ordered) / np.bincount(groups)
    same = np.empty_like(growth)
    same[order] = np.where(np.abs(means) <= resolution, 0.0, means)[groups]
    return same


def _by_elimination(t: float, powers: Array, pull: Array, z: Longer) -> Array:
    """L in the eigenbasis, for powers gt of any size."""
    columns, rows, pivots = _eliminated(z, powers)
    if not pivots:
        return np.zeros((z.shape[0], 1))
    lifted = powers[pivots]
    grown = _doubles(columns * _power(powers[:, None] - lifted))
    # k = kept·e^(2·max(gt, 0)): the weight without its exponential.
    kept = 2 * pull * t * _mean_power(-2 * np.abs(powers))
    held = _doubles(np.sqrt(kept)[:, None] * columns * _power(np.maximum(powers, 0)[:, None] - lifted))
    root = qr(_doubles(rows.T), mode="r")[0][: len(pivots)].T
    free = solve_triangular(root, np.diag(_power(-lifted)), lower=True)
    stacked = np.vstack([held, free])
    stacked = stacked[np.argsort(-np.abs(stacked).max(axis=1), kind="stable")]
    upper, order = qr(stacked, mode="r", pivoting=True)
    return np.asarray(solve_triangular(upper[: len(pivots)], grown[:, order].T, trans="T").T)


def _power(exponent: Array) -> Array:
    return np.exp(np.minimum(exponent, LARGEST_POWER))


def _eliminated(z: Longer, powers: Array) -> tuple[Longer, Longer, list[int]]:
    """Z = Y·C and the rows of the pivots: each is the largest of what is left, rows weighted by exp(powers).

    What rounding leaves of a row that is a combination of pivot rows is 0.
    """
    left, resolution = z.copy(), 4 * UNIT * np.abs(z).max(axis=1, initial=0.0)
    columns, rows, pivots = [], [], []
    for _ in range(min(z.shape)):
        left[np.abs(left) <= resolution[:, None]] = 0.0
        with np.errstate(divide="ignore"):
            size = np.log(np.abs(left).max(axis=1)) + powers
        row = int(np.argmax(size))
        if size[row] == -np.inf:
            break
        column = int(np.argmax(np.abs(left[row])))
        rows.append(left[row].copy())
        columns.append(left[:, column] / left[row, column])
        pivots.append(row)
        left -= np.outer(columns[-1], rows[-1])
        left[row], left[:, column] = 0.0, 0.0
    return np.array(columns).T, np.array(rows), pivots
