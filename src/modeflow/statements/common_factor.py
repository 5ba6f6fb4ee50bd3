"""Flows that are linear but for a factor all weights share: dwⱼ/dt = aⱼwⱼ - s(w)·wⱼ, as Oja's rule is.

Then wⱼ = bⱼ·e^(aⱼt)/N. Where s is homogeneous of degree d, N^d has the rate d·s(b·e^(at)), which is a sum of
exponentials. Only an s that is >= 0 term by term is taken, so that N is >= 1 and the path never ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Expr, Integer, Mul, Poly, Symbol, cancel, exp

from ..language.flow import Flow


def path(flow: Flow, start: Sequence[Expr], time: Symbol) -> tuple[Expr, ...] | None:
    """Each weight over time; None where the flow is not of this kind."""
    weights = list(flow)
    parts = [_parts(flow[w], w, weights) for w in weights]
    rates = [rate for rate, _ in parts]
    shared = parts[0][1]
    if shared is None or any(one is None or sympy.expand(one - shared) != 0 for _, one in parts):
        return None
    polynomial = Poly(shared, *weights)
    degree = polynomial.total_degree()
    if degree < 1 or not polynomial.is_homogeneous:
        return None
    grown = Integer(1)
    for powers, size in polynomial.terms():
        rate = sympy.expand(sum(m * a for m, a in zip(powers, rates, strict=True)))
        if any(m % 2 for m in powers) or not size.is_nonnegative or not (rate == 0 or rate.is_nonzero):
            return None
        begun = Mul(*(b**m for b, m in zip(start, powers, strict=True)))
        grown += degree * size * begun * (time if rate == 0 else (exp(rate * time) - 1) / rate)
    size = grown ** sympy.Rational(1, degree)
    return tuple(b * exp(a * time) / size for a, b in zip(rates, start, strict=True))


def _parts(velocity: Expr, weight: Symbol, weights: Sequence[Symbol]) -> tuple[Expr, Expr | None]:
    """a and s of a·w - s·w; None where it is not w times a polynomial."""
    ratio = cancel(velocity / weight)
    if not ratio.is_polynomial(*weights):
        return Integer(0), None
    rate = ratio.xreplace(dict.fromkeys(weights, Integer(0)))
    return rate, sympy.expand(rate - ratio)
