"""The real zeros of a gradient at given numbers, found without the code under test: by resultants and numerical roots.

Isolated zeros are found along a line of rational slope that no two of them share; zeros on curves on the lines where a
weight has a given value. What is listed is compared with both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import mpmath
from sympy import Expr, Float, Poly, Rational, Symbol, diff, expand, gcd, resultant

DIGITS = 40
SAME = mpmath.mpf(10) ** -12
NEARLY = mpmath.mpf(10) ** -12  # of double roots, at half of the digits
Zero = tuple[Any, Any]


def isolated_zeros(loss: Expr, w1: Symbol, w2: Symbol) -> list[Zero] | None:
    """All zeros of the gradient of a loss with rational coefficients; None where some are not isolated."""
    f, g = (expand(diff(loss, w)) for w in (w1, w2))
    if f == 0 or g == 0 or gcd(f, g).free_symbols:
        return None
    u = Symbol("u")
    slope = Rational(29, 71)
    along = [expand(e.subs(w1, u - slope * w2)) for e in (f, g)]
    shadow = Poly(resultant(along[0], along[1], w2), u)
    with mpmath.workdps(DIGITS):
        ratio = mpmath.mpf(slope.p) / slope.q
        return [(root - ratio * b, b) for root in _real(shadow) for b in _common(along, w2, {u: root})]


def zeros_on_line(loss: Expr, w1: Symbol, w2: Symbol, fixed: Symbol, value: Rational) -> list[Zero] | None:
    """All zeros at which one weight has a rational value; None where there are whole lines of them."""
    f, g = (expand(diff(loss, w).subs(fixed, value)) for w in (w1, w2))
    other = w2 if fixed == w1 else w1
    if (common := Poly(gcd(f, g), other)).is_zero:
        return None
    at = mpmath.mpf(value.p) / value.q
    return [(at, r) if fixed == w1 else (r, at) for r in _real(common)]


def listed(points: Iterable[Any], w1: Symbol, w2: Symbol, at: Mapping[Any, Any]) -> list[Zero]:
    """The listed points at given numbers whose conditions hold there, and in which nothing stays free."""
    found = []
    for point in points:
        if all(c.subs(at) == True for c in point.conditions):  # noqa: E712 - a SymPy truth value
            values = [point.get(w, w).subs(at) for w in (w1, w2)]
            if not any(v.free_symbols for v in values):
                found.append((_number(values[0]), _number(values[1])))
    return found


def same(one: Iterable[Zero], other: Iterable[Zero]) -> bool:
    """Whether two lists are the same sets of points."""
    first, second = list(one), list(other)
    return all(any(_near(p, q) for q in second) for p in first) and all(any(_near(p, q) for q in first) for p in second)


def _near(p: Zero, q: Zero) -> bool:
    return bool(abs(p[0] - q[0]) + abs(p[1] - q[1]) < SAME * (1 + abs(p[0]) + abs(p[1])))


def _number(value: Expr) -> Any:
    with mpmath.workdps(DIGITS):
        real, imaginary = value.evalf(DIGITS).as_real_imag()
        assert abs(imaginary) < 1e-20, f"{value} is not real"
        return mpmath.mpf(str(real))


def _real(p: Poly) -> list[Any]:
    with mpmath.workdps(DIGITS):
        return [mpmath.mpf(str(r.evalf(DIGITS))) for r in p.sqf_part().real_roots()] if p.degree() > 0 else []


def _common(pair: list[Expr], unknown: Symbol, at: Mapping[Symbol, Any]) -> list[Any]:
    """The real numbers at which both vanish, to working accuracy."""
    with mpmath.workdps(DIGITS):
        one, other = (_coefficients(e, unknown, at) for e in pair)
        roots = mpmath.polyroots(one, maxsteps=2000, extraprec=400, error=False) if len(one) > 1 else []
        real = [r.real for r in map(mpmath.mpc, roots) if abs(r.imag) < NEARLY * (1 + abs(r))]
        size = [abs(c) for c in other]
        return [r for r in real if abs(mpmath.polyval(other, r)) < NEARLY * mpmath.polyval(size, max(1, abs(r)))]


def _coefficients(e: Expr, unknown: Symbol, at: Mapping[Symbol, Any]) -> list[Any]:
    numbers = {symbol: Float(str(value), DIGITS) for symbol, value in at.items()}
    return _trimmed([mpmath.mpf(str(c.subs(numbers).evalf(DIGITS))) for c in Poly(e, unknown).all_coeffs()])


def _trimmed(coefficients: list[Any]) -> list[Any]:
    while coefficients and abs(coefficients[0]) < 1e-30:
        coefficients = coefficients[1:]
    return coefficients
