"""Pairs kernels. Generated code: do not edit.

For arrays of any library that follows the array API standard, 2024.12.
Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target array_api
Claims are named with each function; `modeflow verify eval` proves them all.
Operations per point: ordered 7, unordered 8.
"""

from typing import Any

from array_api_compat import array_namespace

Array = Any


def _signum(x: Array) -> Array:
    """1 or -1, by the sign of x, that of a zero included."""
    xp = array_namespace(x)
    sign: Array = xp.copysign(xp.ones_like(x), x)
    return sign


def ordered(w1: Array, w2: Array) -> tuple[Array, Array]:
    """A pair of weights as the forms for b > |a| take it: swapped, and both signs flipped, where need be.

    Claims: eval.swap, eval.flip.
    Returns a, b; 7 operations.
    """
    xp = array_namespace(w1, w2)
    one = xp.abs(w1)
    two = xp.abs(w2)
    small = _signum(w1*w2)*xp.minimum(one, two)
    large = xp.maximum(one, two)
    a: Array = small
    b: Array = large
    return a, b


def unordered(w1: Array, w2: Array, small: Array, large: Array) -> tuple[Array, Array]:
    """What was computed for a pair so ordered, back in the order and with the signs of w1 and w2.

    Claims: eval.swap, eval.flip.
    Returns first, second; 8 operations.
    """
    xp = array_namespace(w1, w2, small, large)
    one = xp.abs(w1)
    two = xp.abs(w2)
    flip = _signum(xp.where(one > two, w1, w2))
    first: Array = flip*xp.where(one > two, large, small)
    second: Array = flip*xp.where(one > two, small, large)
    return first, second
