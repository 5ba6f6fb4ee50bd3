"""Inequalities by derivatives: D >= 0 from a point on, because D >= 0 there and D' >= 0 after it.

1 - exp(-x) <= x, tanh(x) < x and log(x) <= x - 1 compare functions that no sum of terms of known sign compares. A
difference D that is analytic on a half-line u >= 0 is not negative there if D(0) >= 0 and D' >= 0 (mean value theorem);
it is positive for u > 0 if besides one of the two is strict. D' may be shown in the same way. A real symbol is split at
a point, a positive one may be written as exp(u), and a real D has the sign of exp(D) - 1. A quotient whose denominator
is positive has the sign of its numerator, which may have derivatives of known sign where the quotient has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy
from sympy import Expr, Integer, Symbol, exp

from .constancy import is_analytic, is_line_or_half_line
from .derivatives import derivative_everywhere
from .known_signs import NotDifferentiable
from .signs import ANY, NONNEGATIVE, POSITIVE, Signs
from .tower import OutsideTower, ZeroDenominator, signs_of

DEEPEST = 4  # derivatives, one after the other
MOST_TRIED = 60  # expressions whose signs are asked for
LARGEST = 400  # operations in one of them
NOT_REAL: Signs = frozenset({2})
_SPLITS = (Integer(0), Integer(1), Integer(-1))


@lru_cache(maxsize=1024)
def positive_by_derivatives(difference: Expr, strict: bool) -> bool:
    """Whether a difference is shown to be >= 0, or > 0, wherever the assumptions of its symbols allow."""
    symbols = difference.free_symbols
    if not symbols or not all(is_line_or_half_line(s) for s in symbols):
        return False
    forms = (difference, *_numerators(difference))
    return any(_Search(deepest).shown(form, strict, 0) for form in forms for deepest in range(1, DEEPEST + 1))


def _numerators(d: Expr) -> Iterator[Expr]:
    """The numerator over one denominator, if this is no number and positive wherever it is defined."""
    if d.count_ops() > LARGEST:
        return
    above, below = sympy.fraction(sympy.together(d))
    if below.free_symbols and _has_signs(below, POSITIVE):
        yield above


class _Search:
    """A search for half-lines and derivatives, so many of them one after the other, that ends after so many tries."""

    def __init__(self, deepest: int) -> None:
        self.deepest, self.left = deepest, MOST_TRIED

    def shown(self, d: Expr, strict: bool, depth: int) -> bool:
        """D >= 0, or D > 0, for all values of its symbols."""
        if self.left <= 0 or d.count_ops() > LARGEST:
            return False
        self.left -= 1
        if _has_signs(d, POSITIVE if strict else NONNEGATIVE):
            return True
        if depth >= self.deepest:
            return False
        symbols = sorted(d.free_symbols, key=sympy.default_sort_key)
        return any(self._from_a_point(pieces, strict, depth) for s in symbols for pieces in _pieces(d, s))

    def _from_a_point(self, pieces: list[tuple[Expr, Symbol, bool]], strict: bool, depth: int) -> bool:
        """All of the half-lines u >= 0, or u > 0 where they are open."""
        return all(self._along(d, u, strict, is_open, depth) for d, u, is_open in pieces)

    def _along(self, d: Expr, u: Symbol, strict: bool, is_open: bool, depth: int) -> bool:
        known = _start_and_slope(d, u)
        if known is None:
            return False
        first, slope = known
        starts_positive = self.shown(first, True, self.deepest)
        if not strict or starts_positive:
            return (starts_positive or self.shown(first, False, depth + 1)) and self.shown(slope, False, depth + 1)
        return is_open and self.shown(first, False, depth + 1) and self.shown(slope, True, depth + 1)


# A deeper search asks again what the one before it asked, in the same symbols: what is known is kept.
@lru_cache(maxsize=4096)
def _signs(d: Expr) -> Signs:
    """The signs of D if they hold without a condition; NOT_REAL where D is not known to be real or has no algebra."""
    try:
        signs, tower = signs_of(d)
    except (OutsideTower, ZeroDenominator):
        return NOT_REAL
    return NOT_REAL if signs is None else ANY if tower.conditions else signs


def _has_signs(d: Expr, wanted: Signs) -> bool:
    """By algebra; where D is real and holds a logarithm, also by exp(D) - 1."""
    signs = _signs(d)
    return signs <= wanted or (signs <= ANY and d.has(sympy.log) and _signs(exp(d) - 1) <= wanted)


def _pieces(d: Expr, symbol: Symbol) -> Iterator[list[tuple[Expr, Symbol, bool]]]:
    """Ways to cover the values of a symbol by half-lines u >= 0: D along each, u, and whether u = 0 is left out."""
    u = _half_line(d, symbol)
    if symbol.is_nonnegative or symbol.is_nonpositive:
        yield [(_put(d, symbol, u if symbol.is_nonnegative else -u), u, bool(symbol.is_nonzero))]
    if symbol.is_positive:
        yield [(_put(d, symbol, exp(sign * u)), u, False) for sign in (1, -1)]
    if symbol.is_nonnegative or symbol.is_nonpositive:
        return
    for point in _SPLITS:
        yield [(_put(d, symbol, point + sign * u), u, False) for sign in (1, -1)]


@lru_cache(maxsize=4096)
def _half_line(d: Expr, symbol: Symbol) -> Symbol:
    """The u that stands for a symbol of D, the same in every search."""
    return sympy.Dummy("u", nonnegative=True)


@lru_cache(maxsize=4096)
def _put(d: Expr, symbol: Symbol, value: Expr) -> Expr:
    return d.xreplace({symbol: value})


@lru_cache(maxsize=4096)
def _start_and_slope(d: Expr, u: Symbol) -> tuple[Expr, Expr] | None:
    """D at u = 0, and its derivative for u > 0; None where D is not known to be analytic."""
    if not _analytic(d):
        return None
    try:
        slope = derivative_everywhere(d, u)
    except NotDifferentiable:
        return None
    return d.subs(u, 0), slope.xreplace({u: sympy.Dummy("u", positive=True)})


def _analytic(d: Expr) -> bool:
    try:
        return is_analytic(d)
    except (OutsideTower, ZeroDenominator):
        return False
