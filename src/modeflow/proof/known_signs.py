"""What is known of the signs and values of an expression, as the rules of derivatives ask for it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy
from sympy import Abs, Dummy, Expr, Piecewise, S, Symbol

from .enclosures import NotEvaluable, OnBranchCut, Point, enclose
from .signs import ANY, NEGATIVE, NONNEGATIVE, POSITIVE, ZERO, Signs, of_expression
from .tower import OutsideTower, ZeroDenominator, prove_zero, signs_of

INFINITE = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, sympy.AccumBounds)
JOINED = (sympy.sign, sympy.Heaviside, Piecewise, sympy.Max, sympy.Min, sympy.floor, sympy.ceiling)
SMOOTH = "sin cos tan cot sec csc sinh cosh tanh coth sech csch exp erf erfc expm1".split()  # noqa: SIM905
_REAL_OF_REALS = [*SMOOTH, "atan", "asinh", "Abs", "sign", "Max", "Min"]


class NotDifferentiable(ValueError):
    """The function has no derivative there, or none is known."""


def is_nowhere_zero(e: Expr) -> bool:
    """Whether the assumptions show that an expression is not zero where it is defined."""
    return _is_product_of_nonzero(e) or not ZERO & known_signs(e) or not ZERO & (of_expression(e) or ANY)


def _is_product_of_nonzero(e: Expr) -> bool:
    """By what is assumed of symbols; SymPy takes atan(n) of a whole number n for irrational, so also for n = 0."""
    if e.is_Mul:
        return all(map(_is_product_of_nonzero, e.args))
    if e.is_Pow:
        return _is_product_of_nonzero(e.base)
    return isinstance(e, sympy.exp) or (e.is_Atom and e.is_zero is False)


@lru_cache(maxsize=4096)
def known_signs(e: Expr) -> Signs:
    """The signs that a number can have; all of them where nothing is known, and where it need not be real."""
    if e.is_Rational:
        return frozenset({int(sympy.sign(e))})
    try:
        signs, tower = signs_of(e)
        if signs is None or tower.conditions:
            signs = ANY
        if signs >= ZERO and prove_zero(e)[0]:
            return ZERO
    except (OutsideTower, ZeroDenominator):
        signs = ANY
    return _sign_of_number(e) if signs == ANY else signs


def _sign_of_number(e: Expr) -> Signs:
    if e.free_symbols:
        return ANY
    try:
        ball = enclose(e, Point({}), 512)
    except (NotEvaluable, OnBranchCut):
        return ANY
    if ball.is_finite() and ball.imag == 0 and not ball.real.contains(0):
        return POSITIVE if ball.real > 0 else NEGATIVE
    return ANY


def is_real(e: Expr) -> bool:
    """Whether an expression is real wherever it is defined."""
    if e.is_extended_real:
        return True
    if e.is_Add or e.is_Mul or type(e).__name__ in _REAL_OF_REALS:
        return all(is_real(a) for a in e.args)
    if e.is_Pow:
        return _is_real_power(e.base, e.exp)
    if type(e).__name__ in ("besseli", "besselk", "besselj", "bessely"):
        return is_real(e.args[0]) and is_nonnegative(e.args[1])
    try:
        return signs_of(e)[0] is not None
    except (OutsideTower, ZeroDenominator):
        return False


def _is_real_power(base: Expr, exponent: Expr) -> bool:
    return is_real(exponent) and is_real(base) and (bool(exponent.is_integer) or is_nonnegative(base))


def is_nonnegative(e: Expr) -> bool:
    return bool(e.is_extended_nonnegative) or (of_expression(e) or ANY) <= NONNEGATIVE or known_signs(e) <= NONNEGATIVE


def without_factor(e: Expr) -> Expr:
    """What vanishes where e does, without constant factors, powers and absolute values."""
    rest = e.as_coeff_Mul()[1]
    rest = -rest if rest.is_Add and rest.could_extract_minus_sign() else rest
    if isinstance(rest, Abs) or (rest.is_Pow and rest.exp.is_Rational and rest.exp > 0):
        return without_factor(rest.args[0])
    return rest


def excerpt(e: Any) -> str:
    text = str(e.xreplace({s: Symbol(s.name) for s in e.free_symbols if isinstance(s, Dummy)}))
    return text if len(text) <= 60 else text[:57] + "..."
