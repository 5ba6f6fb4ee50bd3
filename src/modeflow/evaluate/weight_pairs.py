"""A mode's pair of weights as its closed forms take it, and back.

A swap of the two weights, and a flip of both signs, leave the strength as it is (claims eval.swap and eval.flip).
"""

from __future__ import annotations

import numpy as np

from .arguments import Array


def ordered(w1: Array, w2: Array) -> tuple[Array, Array]:
    """(a, b) with b >= |a|: the weights after a swap and a flip of both signs."""
    one, two = np.abs(w1), np.abs(w2)
    return np.copysign(np.minimum(one, two), w1 * w2), np.maximum(one, two)


def unordered(w1: Array, w2: Array, small: Array, large: Array) -> tuple[Array, Array]:
    """What was computed for a and b, swapped and flipped back to w1 and w2."""
    swapped = np.abs(w1) > np.abs(w2)
    sign = np.copysign(np.ones((), w1.dtype), np.where(swapped, w1, w2))
    return sign * np.where(swapped, large, small), sign * np.where(swapped, small, large)


def size_and_sign(w1: Array, w2: Array) -> tuple[Array, Array]:
    """(r, sigma) of weights with |w1| = |w2| = r: their size and the sign of their product."""
    unit = np.ones((), w1.dtype)
    return np.abs(w1), np.copysign(unit, w1) * np.copysign(unit, w2)
