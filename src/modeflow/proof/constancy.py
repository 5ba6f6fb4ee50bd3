"""Equations that hold up to a constant by their derivatives, and then by their value at one point.

atan(x) + atan(1/x) = π/2 for x > 0: neither side reduces to the other, but both derivatives do. A difference is zero
if it is analytic on a connected domain, all its partial derivatives are zero there, and it is zero at one point of it.
The domain is what the assumptions of the symbols allow: a product of lines and half-lines. That no pole and no branch
cut lies in it is shown part by part; where it is not, nothing is said. For the trap see x < 0, where the sum is -π/2.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

import sympy
from sympy import Expr, Integer, Rational, Symbol

from .derivatives import derivative_everywhere
from .enclosures import NotEvaluable, OnBranchCut, Point, enclose
from .known_signs import NotDifferentiable
from .signs import ANY, NEGATIVE, POSITIVE, Signs
from .tower import OutsideTower, ZeroDenominator, prove_zero, signs_of

MOST_POINTS = 16
_SIMPLE = (Integer(1), Integer(0), Integer(-1), Integer(2), Rational(1, 2), Rational(-1, 2))

_INTEGRALS = (sympy.log, sympy.atan, sympy.acot, sympy.asin, sympy.acos, sympy.asinh, sympy.acosh, sympy.atanh)
_ENTIRE = (sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh)
_ANALYTIC_ON_THE_LINE = (sympy.Add, sympy.Mul, *_ENTIRE, sympy.tanh, sympy.sech, sympy.atan, sympy.asinh)
_ANALYTIC_OFF_ZERO = (sympy.coth, sympy.csch, sympy.acot, sympy.Abs)
_ANALYTIC_INSIDE_ONE = (sympy.atanh, sympy.asin, sympy.acos)


def zero_by_derivatives(difference: Expr) -> bool:
    """Whether the difference is shown to be zero by its partial derivatives and its value at one point."""
    symbols = sorted(difference.free_symbols, key=sympy.default_sort_key)
    if not symbols or not difference.has(*_INTEGRALS):
        return False
    try:
        return (
            all(is_line_or_half_line(s) for s in symbols)
            and is_analytic(difference)
            and all(_is_zero(derivative_everywhere(difference, s)) for s in symbols)
            and any(_is_zero_at(difference, point) for point in _simple_points(difference, symbols))
        )
    except (NotDifferentiable, OutsideTower, ZeroDenominator):
        return False


def is_line_or_half_line(symbol: Symbol) -> bool:
    """Whether a symbol can be every real number, or every one of a sign, and nothing else is assumed of it."""
    twin = sympy.Dummy(real=True)
    for sign in ("positive", "negative", "nonnegative", "nonpositive"):
        if getattr(symbol, f"is_{sign}"):
            twin = sympy.Dummy(**{sign: True})
            break
    return bool(symbol.assumptions0 == twin.assumptions0)


def is_analytic(e: Expr) -> bool:
    """Whether a real expression is shown to be real and analytic wherever the assumptions allow."""
    if e.is_Symbol or e.is_Rational or e in (sympy.pi, sympy.E):
        return True
    if not e.args or not all(is_analytic(a) for a in e.args):
        return False
    if isinstance(e, _ANALYTIC_ON_THE_LINE):
        return True
    if e.is_Pow:
        return _is_analytic_power(e.base, e.exp)
    return _is_analytic_function(e, e.args[0])


def _is_analytic_function(e: Expr, x: Expr) -> bool:
    if isinstance(e, sympy.log) and len(e.args) == 1:
        return _is_positive(x)
    if isinstance(e, _ANALYTIC_OFF_ZERO):
        return _is_nowhere_zero(x)
    if isinstance(e, sympy.acosh):
        return _is_positive(x - 1)
    return isinstance(e, _ANALYTIC_INSIDE_ONE) and _is_positive(1 - x) and _is_positive(1 + x)


def _is_analytic_power(base: Expr, exponent: Expr) -> bool:
    if exponent.is_Integer:
        return bool(exponent >= 0) or _is_nowhere_zero(base)
    return _is_positive(base)


@lru_cache(maxsize=4096)
def _signs(e: Expr) -> Signs:
    found: Signs | None = signs_of(e)[0]
    return ANY if found is None else found


def _is_positive(e: Expr) -> bool:
    return _signs(e) <= POSITIVE


def _is_nowhere_zero(e: Expr) -> bool:
    """Of one sign everywhere; on a connected domain nothing else is possible."""
    return _signs(e) <= POSITIVE or _signs(e) <= NEGATIVE


def _is_zero(e: Expr) -> bool:
    """Shown by algebra, with no condition left over."""
    zero, tower = prove_zero(e)
    return bool(zero) and not tower.conditions


def _simple_points(difference: Expr, symbols: list[Symbol]) -> list[dict[Symbol, Expr]]:
    """Points of small numbers, and of those that the difference itself names."""
    named = sorted(difference.atoms(sympy.Rational) - set(_SIMPLE), key=sympy.default_sort_key)
    values = [[v for v in (*_SIMPLE, *named) if _allowed(v, s)] for s in symbols]
    return [dict(zip(symbols, point, strict=True)) for point in islice(product(*values), MOST_POINTS)]


def _allowed(value: Expr, symbol: Symbol) -> bool:
    sign = frozenset({int(sympy.sign(value))})
    return sign <= _signs(symbol)


def _is_zero_at(difference: Expr, point: dict[Symbol, Expr]) -> bool:
    """By algebra from SymPy's exact values of its functions; balls that do not contain zero have the last word."""
    try:
        ball = enclose(difference, Point(point), 512)
        if not ball.is_finite() or not ball.contains(0):
            return False
        value = difference.subs(point)
        return not value.has(sympy.nan, sympy.oo, sympy.zoo) and _is_zero(value)
    except (NotEvaluable, OnBranchCut, OutsideTower, ZeroDenominator):
        return False
