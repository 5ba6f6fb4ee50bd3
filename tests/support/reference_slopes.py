"""Reference values of the derivatives of the strength: difference quotients of the textbook formulas, in Arb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, ctx
from reference_values import path

ORDER = ("t", "lam", "noise", "decay", "w1", "w2")
STEP = 200  # relative steps of 2^-200, second-order differences
BITS = 3000
SMALLEST = 2.0**-970  # values below count as this: from there down an exponential underflows and costs digits
UNIT = 2.0**-52

Ball = Any


def _strength(x: list[Ball]) -> Ball:
    """The strength from exact inputs."""
    return path(*x)[0]


def slope(name: str, x: list[Ball]) -> Ball:
    """The derivative of the strength; for balanced weights, in w1 or w2, from that in their common size."""
    place = ORDER.index(name)
    balanced = x[4] in (x[5], -x[5])
    moved = [4, 5] if place >= 4 and balanced else [place]
    scale = x[place] if x[place] != 0 else arb(1)
    step = arb(2) ** -STEP * scale

    def at(sign: int) -> Ball:
        return _strength([v + sign * step * (1 if v == x[place] else -1) if i in moved else v for i, v in enumerate(x)])

    whole = (at(1) - at(-1)) / (2 * step)
    return whole / 2 if len(moved) == 2 else whole


def error_in_units(name: str, row: Sequence[float], computed: float) -> float:
    """|computed - exact| in units of 2⁻⁵²(1 + κ)·|exact|, κ = Σ|∂ln f/∂ln x| of the derivative f; inf if not finite."""
    if computed != computed or abs(computed) == float("inf"):
        return float("inf")
    with ctx.workprec(BITS):
        x = [arb(v) for v in row]
        exact = slope(name, x)
        together = x[4] in (x[5], -x[5])
        groups = [[0], [1], [2], [3], [4, 5]] if together else [[0], [1], [2], [4], [5]]
        spread = arb(0)
        tiny = arb(2) ** -60
        for group in groups:
            moved = [v * (1 + tiny) if i in group else v for i, v in enumerate(x)]
            spread += abs(slope(name, moved) - exact) / tiny
        allowed = UNIT * (max(float(abs(exact).upper()), SMALLEST) + float(spread.upper()))
        return abs(float(arb(computed) - exact)) / allowed
