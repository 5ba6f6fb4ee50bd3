"""Method `series`: what takes X, Y, alpha onwards, by its Taylor series in x = 1 − (z at that time)/z.

In x the system is (1 − x)·d(X, Y)/dx = (mu·S + z·(1 − x)·T)·(X, Y) with the reflections S = diag(1, −1) and T, which
swaps X and Y. S and T anticommute, and (ST)² = −1 may be written i: T = S·i, i·S = −S·i. So the operator that takes
(X, Y) onwards is forth + S·turn with two complex numbers, forth = D + G·i and turn = E + F·i,

    (1 − x)·forth' = (mu − z·(1 − x)·i)·turn,   (1 − x)·turn' = (mu + z·(1 − x)·i)·forth,

forth = 1 and turn = 0 at x = 0, and its determinant D² + G² − E² − F² is 1. E grows as mu, F as z, G as mu·z·x, so that
no sum of theirs below loses digits over one step.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

import numpy as np
from numpy.typing import NDArray

from .modes import Array, Curves, Triple

Operator = NDArray[np.complex128]  # forth and turn, on the first axis

MOST_TERMS = 30


def series(curves: Curves) -> Triple:
    """Method `series`, from the start."""
    mode = curves.mode
    mu, z0 = curves.at_points(mode.mu), curves.at_points(mode.z0)
    x = -np.expm1(-curves.delta)
    terms = _enough_terms(float(x.max()), float(((mu + z0) * x).max()))
    total = np.zeros((2, x.size), np.complex128)
    for n, derivative in enumerate(derivatives(mu, z0, x, terms)):
        total += derivative / factorial(n)
    X, Y, alpha = (curves.at_points(start) for start in (mode.p0, mode.q0, 2 * mode.a))
    return applied(total, X, Y, alpha)


def derivatives(mu: Array, z: Array, step: Array, count: int) -> Iterator[Operator]:
    """The derivatives of the operator at x = 0, times step^n. An array is used again for the next but one."""
    steps = np.empty((2, step.size), np.complex128)
    steps[:] = step
    by_z = steps * (-1j * z)
    by_z[1] *= -1
    rates = mu * steps + by_z
    by_z *= step
    before, now, fed = np.zeros_like(steps), np.zeros_like(steps), np.empty_like(steps)
    now[0] = 1.0
    yield now
    for n in range(count - 1):
        np.multiply(by_z, before[::-1], out=fed)
        np.multiply(steps, now, out=before)
        before -= fed
        before *= n
        np.multiply(rates, now[::-1], out=fed)
        before += fed
        before, now = now, before
        yield now


def applied(operator: Operator, X: Array, Y: Array, alpha: Array) -> Triple:
    """X, Y, alpha onwards."""
    forth, turn = operator
    D, G, E, F = forth.real, forth.imag, turn.real, turn.imag
    return (D + E) * X + (F + G) * Y, (F - G) * X + (D - E) * Y, (D - F) * alpha + (E + G) * (X + Y)


def _enough_terms(x: float, growth: float) -> int:
    """How many terms leave less than rounding, a term being about x + 2·growth/n of the one before."""
    size, n = 1.0, 1
    while size > 1e-18 and n < MOST_TERMS:
        size *= min(1.0, x + 2 * growth / n)
        n += 1
    return n
