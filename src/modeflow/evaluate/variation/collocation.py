"""Collocation of I' = f − a·I at the Radau points of panels of length 1."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Array = NDArray[np.float64]

POINTS = 16
STIFF_FROM = 40.0  # the least a at which the smooth solution is told from what dies out
MILD_UP_TO = 4.0  # the most a for which POINTS points resolve exp(−a·x)


@cache
def radau() -> Array:
    """The points x, increasing, in (0, 1], the last of them 1: Radau's, DLMF 3.5(v), turned round."""
    left = np.real(legendre.legroots([0.0] * (POINTS - 1) + [1.0, 1.0]))  # complex from NumPy 2.5 on
    x = (1 - np.sort(left)[::-1]) / 2
    x[-1] = 1.0
    return np.asarray(x)


@cache
def to_coefficients() -> Array:
    """[k, j]: takes values at the points to coefficients of the Legendre polynomials in 2x − 1."""
    return np.asarray(np.linalg.inv(legendre.legvander(2 * radau() - 1, POINTS - 1)))


@cache
def integral() -> Array:
    """[i, j]: takes values at the points to the integrals from 0 to each point."""
    rows = [legendre.legval(2 * radau() - 1, legendre.legint(column, lbnd=-1)) / 2 for column in to_coefficients().T]
    return np.asarray(np.transpose(rows))


@cache
def slope() -> Array:
    """[i, j]: takes values at the points to the derivatives there."""
    rows = [legendre.legval(2 * radau() - 1, 2 * legendre.legder(column)) for column in to_coefficients().T]
    return np.asarray(np.transpose(rows))


def weights_at(x: Array) -> Array:
    """[., j]: takes values at the points to those of their polynomial at each x."""
    weights: Array = legendre.legvander(2 * x - 1, POINTS - 1) @ to_coefficients()
    return weights


@cache
def at_start() -> Array:
    """The same at x = 0."""
    (weights,) = weights_at(np.zeros(1))
    return np.asarray(weights)


def _solved(systems: Array, right: Array) -> Array:
    """The solution of each system; NaN where its numbers have left the range in which it has one."""
    try:
        return np.asarray(np.linalg.solve(systems, right), np.float64)
    except np.linalg.LinAlgError:
        known = np.linalg.slogdet(systems)[0] != 0
        solved = np.full(right.shape, np.nan)
        solved[known] = np.linalg.solve(systems[known], right[known])
        return solved


def particular(a: Array, f: Array) -> tuple[Array, Array]:
    """One solution on each panel: its value at x = 0, and (its value less that one)/x at the points.

    a: [panel, point]. f: [panel, point, which]. It starts from 0, or is the smooth one where the panel is stiff.
    """
    first = np.zeros((a.shape[0], f.shape[2]))
    rest = np.empty_like(f)
    stiff = a.min(axis=1) >= STIFF_FROM
    x = radau()[:, None]
    if not stiff.all():
        mild = ~stiff
        system = np.eye(POINTS) + integral() * a[mild, None, :]
        rest[mild] = _solved(system, integral() @ f[mild]) / x
    if stiff.any():
        scale = a[stiff].max(axis=1)[:, None, None]
        system = (slope() + np.eye(POINTS) * a[stiff, None, :]) / scale
        smooth = _solved(system, f[stiff] / scale)
        first[stiff] = at_start() @ smooth
        rest[stiff] = (smooth - first[stiff][:, None, :]) / x
    return first, rest
