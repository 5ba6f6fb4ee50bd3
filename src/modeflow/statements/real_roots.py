"""Real roots of polynomials whose coefficients hold symbols, each with the conditions under which it is real.

All symbols stand for real numbers, and what is declared of them decides signs. A sign not known becomes a condition.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy
from sympy import Expr, Mul, Poly, Symbol, cancel, sqrt
from sympy.core.relational import Relational

from ..language.solve import NoClosedForm
from ..proof.signs import (
    ANY,
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    POSITIVE,
    ZERO,
    Signs,
    of_expression,
    of_symbol,
    power,
    times,
)

DIGITS = 60  # to which a number is computed whose sign is asked for; it is known not to vanish


@dataclass(frozen=True)
class Root:
    """A value, and what must hold for it to be real and a root."""

    value: Expr
    conditions: tuple[Relational, ...] = ()


# --- signs ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def sign(e: Expr) -> Signs:
    """The signs that an expression in real symbols can have, as far as they can be told."""
    if not e.free_symbols:
        return _sign_of_number(e)
    above, below = (_factor_list(part) for part in sympy.fraction(sympy.together(e)))
    signs = times(_sign_of_number(above[0]), _sign_of_number(below[0]))
    for factor, k in above[1]:
        signs = times(signs, power(_sign_of_factor(factor), k))
    for factor, k in below[1]:
        signs = times(signs, power(_sign_of_factor(factor) - ZERO, k))
    return signs & (of_expression(e) or ANY)


def _factor_list(e: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
    """The constant and the factors of an expression; factors such as sqrt(s), which are no polynomials, among them."""
    roots = [f for f in Mul.make_args(e) if f.is_Pow and not f.exp.is_Integer]
    constant, factors = sympy.factor_list(Mul(*(f for f in Mul.make_args(e) if f not in roots)))
    return constant, [*factors, *((f, 1) for f in roots)]


def _sign_of_number(e: Expr) -> Signs:
    if not e.has(sympy.Pow, sympy.ComplexRootOf):
        return of_expression(e) or ANY
    if e.is_zero or (not e.has(sympy.ComplexRootOf) and sympy.minimal_polynomial(e, Symbol("x")) == Symbol("x")):
        return ZERO
    number = e.evalf(DIGITS)
    return POSITIVE if number > 0 else NEGATIVE


def _sign_of_factor(factor: Expr) -> Signs:
    """The signs of an irreducible polynomial."""
    known = of_expression(factor) or ANY
    symbols = sorted(factor.free_symbols, key=sympy.default_sort_key)
    if not factor.is_polynomial(*symbols) or factor.is_Symbol or known not in (ANY, NONNEGATIVE):
        return known
    if len(symbols) == 1:
        return known & _sign_on_the_line(Poly(factor, symbols[0]))
    for symbol in symbols:
        known &= _sign_of_quadratic(Poly(factor, symbol))
    return known


def _sign_on_the_line(p: Poly) -> Signs:
    """The signs of an irreducible polynomial in one symbol, by counting its roots where the symbol may lie."""
    allowed = of_symbol(p.gen) or ANY
    if not p.domain.is_ZZ and not p.domain.is_QQ:
        return ANY
    low, high = (0 if allowed <= NONNEGATIVE else None), (0 if allowed <= NONPOSITIVE else None)
    if p.count_roots(low, high):
        return ANY
    return _sign_of_number(p.eval(-1 if allowed <= NONPOSITIVE else 1))


def _sign_of_quadratic(p: Poly) -> Signs:
    """A quadratic without two real roots has the sign of its first coefficient."""
    if p.degree() != 2:
        return ANY
    first, discriminant = sign(p.LC()), sign(p.discriminant())
    if first == ANY or not discriminant <= NONPOSITIVE:
        return ANY
    return first if discriminant == NEGATIVE else first | ZERO


def at_least_zero(e: Expr, strict: bool = False) -> Any:
    """The relation e >= 0 (or e > 0) without factors of known sign; SymPy's true or false where it is decided."""
    known, wanted = sign(e), POSITIVE if strict else NONNEGATIVE
    if known <= wanted or not known & wanted:
        return sympy.true if known <= wanted else sympy.false
    above, below = sympy.fraction(sympy.together(e))
    if not (above * below).is_polynomial(*e.free_symbols):
        return _above_zero(e, strict)
    strict = strict or 0 in sign(below)
    product = _without_known_factors(sympy.expand(above * below))
    if (-product).is_Symbol:
        return -product < 0 if strict else -product <= 0
    return _above_zero(product, strict)


def _above_zero(e: Expr, strict: bool) -> Any:
    return e > 0 if strict else e >= 0


def _without_known_factors(e: Expr) -> Expr:
    constant, factors = sympy.factor_list(e)
    signs = _sign_of_number(constant)
    rest = []
    for factor, k in factors:
        decided = power(sign(factor), k)
        if decided in (POSITIVE, NEGATIVE):
            signs = times(signs, decided)
        else:
            rest.append(factor ** (k % 2 or 2))
    return Mul(*rest) if signs == POSITIVE else sympy.expand(-Mul(*rest))


# --- roots ------------------------------------------------------------------------------------------------


def real_roots(p: Poly) -> list[Root]:
    """The real roots of an irreducible polynomial in one unknown, none left out; raises NoClosedForm for other shapes.

    The first coefficient must not vanish; the others may hold real symbols and algebraic numbers.
    """
    if of_expression(p.as_expr()) in (POSITIVE, NEGATIVE):
        return []
    step = math.gcd(*(k for (k,), _ in p.terms()))
    shorter = Poly({(k // step,): c for (k,), c in p.terms()}, sympy.Dummy("inner", real=True))
    if shorter.degree() > 2 and not p.free_symbols_in_domain:
        return _of_numbers(p)
    try:
        return [root for value, signs in _values(shorter) for root in _powers(value, signs, step)]
    except NoClosedForm as reason:
        raise NoClosedForm(f"no closed form known: at rest {p.gen} solves {p.as_expr()} = 0, {reason}") from None


def _of_numbers(p: Poly) -> list[Root]:
    if not p.domain.is_ZZ and not p.domain.is_QQ:
        raise NoClosedForm(f"no closed form known: at rest {p.gen} solves {p.as_expr()} = 0, with irrational numbers")
    return [Root(root) for root in dict.fromkeys(p.real_roots(multiple=True))]


def _values(p: Poly) -> Iterator[tuple[Root, Signs]]:
    """The real roots of a polynomial of degree 1, 2 or 3 with what is known of their signs."""
    if p.degree() == 1:
        above, below = sympy.fraction(cancel(-p.nth(0) / p.nth(1)))
        value = above / sympy.factor(below)
        yield Root(value), sign(value)
    elif p.degree() == 2:
        yield from _quadratic(*(p.nth(k) for k in (2, 1, 0)))
    elif p.degree() == 3:
        yield from _cubic(*(p.nth(k) for k in (3, 2, 1, 0)))
    else:
        raise NoClosedForm(f"of degree {p.degree()} with symbols in it")


def _quadratic(a: Expr, b: Expr, c: Expr) -> Iterator[tuple[Root, Signs]]:
    spread = sympy.factor((b**2 - 4 * a * c) / (4 * a**2))
    conditions = conditions_of(at_least_zero(spread))
    if conditions is None:
        return
    product, middle = times(sign(c), sign(a)), times(times(sign(b), sign(a)), NEGATIVE)
    for way in (1, -1):
        signs = {POSITIVE: middle, NEGATIVE: frozenset({way})}.get(product, ANY)
        yield Root(cancel(-b / (2 * a)) + way * sqrt(spread), conditions), signs


def _cubic(a: Expr, b: Expr, c: Expr, d: Expr) -> Iterator[tuple[Root, Signs]]:
    """Cardano's root of a cubic that has only one real root."""
    shift = b / (3 * a)
    p, q = cancel(c / a - b**2 / (3 * a**2)), cancel(2 * b**3 / (27 * a**3) - b * c / (3 * a**2) + d / a)
    radicand = cancel(q**2 / 4 + p**3 / 27)
    if sign(radicand) != POSITIVE:
        raise NoClosedForm("a cubic equation with symbols in it that may have three real roots")
    if sign(p) == POSITIVE or sign(q) == NEGATIVE:
        part = (sqrt(radicand) - q / 2) ** sympy.Rational(1, 3)
    elif sign(q) == POSITIVE:
        part = -((sqrt(radicand) + q / 2) ** sympy.Rational(1, 3))
    else:
        raise NoClosedForm("a cubic equation with symbols in it of unknown signs")
    signs = times(sign(q), NEGATIVE) if b == 0 and sign(p) <= NONNEGATIVE else ANY
    yield Root(part - p / (3 * part) - shift), signs


def _powers(inner: Root, signs: Signs, step: int) -> Iterator[Root]:
    """The real x with x**step = inner."""
    value, conditions = inner.value, inner.conditions
    if step == 1:
        yield inner
        return
    for way in (1, -1):
        if step % 2 == 0 and way == 1:
            if (needed := _needed(value, signs)) is not None:
                root = value ** sympy.Rational(1, step)
                yield from (Root(s * root, (*conditions, *needed)) for s in (1, -1))
        elif step % 2 and (needed := _needed(way * value, times(signs, frozenset({way})))) is not None:
            yield Root(way * (way * value) ** sympy.Rational(1, step), (*conditions, *needed))


def _needed(value: Expr, signs: Signs) -> tuple[Relational, ...] | None:
    """What makes a value of these signs nonnegative; None where nothing does."""
    if not signs & NONNEGATIVE:
        return None
    return () if signs <= NONNEGATIVE else conditions_of(at_least_zero(value))


def conditions_of(holds: Any) -> tuple[Relational, ...] | None:
    """The conditions that a relation adds: none where it always holds; None where it never does."""
    if holds == False or holds is None:  # noqa: E712 - a SymPy truth value
        return None
    return () if holds == True else (holds,)  # noqa: E712
