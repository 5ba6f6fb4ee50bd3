"""Plain gradient descent of single modes, many side by side, one number a weight.

    w1 ← w1 + lr·(w2·(λ − (λ + ε)·w1·w2) − γ·w1)        w2 ← w2 + lr·(w1·(λ − (λ + ε)·w1·w2) − γ·w2)

What gradient descent of the full matrices does to aligned weights, without the matrices.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["descend", "largest_stable_step"]

Array = NDArray[np.float64]


def descend(
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    lr: ArrayLike,
    record: ArrayLike,
) -> tuple[Array, Array]:
    """w1 and w2, each (K, *S), after the epochs in `record` (K,), ascending; 0 is the start.

    All other arguments broadcast to the shape S. Weights that leave the range of numbers become infinite or NaN.
    Raises ValueError where `record` is not ascending from 0 or later.
    """
    due = np.asarray(record, dtype=np.int64)
    if due.ndim != 1 or due.size == 0 or due[0] < 0 or (np.diff(due) <= 0).any():
        raise ValueError(f"record = {due}: give epochs >= 0 in ascending order")
    given = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (lam, noise, decay, w1, w2, lr)))
    signal, extra, fade, a, b, step = (x.copy() for x in given)
    total, keep = signal + extra, 1 - step * fade
    paths = np.empty((2, due.size, *a.shape))
    with np.errstate(over="ignore", invalid="ignore"):
        for row, (before, epoch) in enumerate(zip([0, *due[:-1]], due, strict=True)):
            for _ in range(epoch - before):
                pull = step * (signal - total * (a * b))
                a, b = keep * a + pull * b, keep * b + pull * a
            paths[:, row] = a, b
    return paths[0], paths[1]


def largest_stable_step(
    settles: Callable[[Array], NDArray[np.bool_]], shape: tuple[int, ...], *, low: float, high: float, rtol: float
) -> Array:
    """By bisection, the step size at which descents stop settling, to a relative `rtol`; one for each of `shape`.

    settles   says, for an array of step sizes, which descents came to rest at their minimum
    low, high   a step that settles and one that does not. Raises ValueError where they are not.
    """
    lows, highs = np.full(shape, low), np.full(shape, high)
    if not settles(lows).all() or settles(highs).any():
        raise ValueError(
            f"low = {low:g}, high = {high:g}: give low so that every descent settles, and high so that none does"
        )
    for _ in range(math.ceil(math.log2((high - low) / (low * rtol)))):
        middle = (lows + highs) / 2
        fine = settles(middle)
        lows, highs = np.where(fine, middle, lows), np.where(fine, highs, middle)
        if (highs - lows <= rtol * lows).all():
            break
    return np.asarray((lows + highs) / 2)
