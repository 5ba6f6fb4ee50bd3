"""Arithmetic with sets of signs: what is known of a real number when only the signs of its parts are.

A set of signs is a subset of {-1, 0, 1}: {1} is "positive", {0, 1} is "nonnegative", all three "real".
"""

from __future__ import annotations

from functools import lru_cache, reduce
from itertools import product

from sympy import Expr, Symbol, exp

Signs = frozenset[int]

ZERO: Signs = frozenset({0})
POSITIVE: Signs = frozenset({1})
NEGATIVE: Signs = frozenset({-1})
NONNEGATIVE: Signs = frozenset({0, 1})
NONPOSITIVE: Signs = frozenset({-1, 0})
ANY: Signs = frozenset({-1, 0, 1})


@lru_cache(maxsize=1024)
def times(a: Signs, b: Signs) -> Signs:
    """Signs of a product."""
    return frozenset(x * y for x, y in product(a, b))


@lru_cache(maxsize=1024)
def plus(a: Signs, b: Signs) -> Signs:
    """Signs of a sum: opposite signs can give anything."""
    total: set[int] = set()
    for x, y in product(a, b):
        total |= {x, y} - {0} or {0} if x * y >= 0 else ANY
    return frozenset(total)


@lru_cache(maxsize=1024)
def power(a: Signs, n: int) -> Signs:
    """Signs of a positive integer power."""
    return frozenset(x**n for x in a)


def of_symbol(symbol: Symbol) -> Signs | None:
    """The signs that the assumptions of a symbol allow; None where it need not be real."""
    if not symbol.is_extended_real:
        return None
    allowed = set(ANY)
    if symbol.is_zero:
        return ZERO
    if symbol.is_nonzero or symbol.is_extended_nonzero:
        allowed -= {0}
    if symbol.is_extended_nonnegative:
        allowed -= {-1}
    if symbol.is_extended_nonpositive:
        allowed -= {1}
    return frozenset(allowed)


def of_expression(e: Expr) -> Signs | None:
    """The signs of an expression read off as it is written: a sum of squares stays a sum of squares."""
    if e.is_Rational:
        return frozenset({int(bool(e > 0)) - int(bool(e < 0))})
    if e.is_Symbol:
        return of_symbol(e)
    parts = [of_expression(a) for a in e.args]
    if any(p is None for p in parts):
        return None
    return _of_parts(e, [p for p in parts if p is not None])


def _of_parts(e: Expr, known: list[Signs]) -> Signs | None:
    if e.is_Add:
        return reduce(plus, known)
    if e.is_Mul:
        return reduce(times, known)
    if isinstance(e, exp):
        return POSITIVE
    return _of_power(known[0], e.exp) if e.is_Pow else None


def _of_power(base: Signs, exponent: Expr) -> Signs | None:
    if exponent.is_Integer:
        return power(base - ZERO if exponent < 0 else base, abs(int(exponent)))
    if base <= NONNEGATIVE:
        return base - ZERO if exponent.is_negative else base | POSITIVE
    return None
