"""How many solutions an equation can have in one unknown: at most one where a factor is not zero.

An equation is peeled from the outside: c·f + d = 0, exp f, ln f, sinh f, … with f in the unknown say the same of f.
What is left must be a quotient of first degree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Symbol

MOST = 6  # degree of a numerator or denominator
DEEPEST = 12  # functions inside functions

IsZero = Callable[[Expr], bool]


@dataclass(frozen=True)
class _Quotient:
    """Coefficients of numerator and denominator in the unknown, the constant first."""

    above: tuple[Expr, ...]
    below: tuple[Expr, ...]


def factors(difference: Expr, unknown: Symbol, is_zero: IsZero) -> Iterator[list[Expr]]:
    """Expressions such that difference = 0 has one solution in the unknown at most where none of them vanishes.

    There may be several ways to say so, or none. is_zero decides whether a coefficient vanishes.
    """
    yield from _from_outside(difference, unknown, is_zero)
    # As a whole the equation may be linear where its parts are not, and its slope of one sign where theirs is not.
    quotient = _quotient(difference, unknown)
    above = () if quotient is None else _trimmed(quotient.above, is_zero)
    if len(above) == 2:
        yield [above[1]]


def _from_outside(difference: Expr, unknown: Symbol, is_zero: IsZero) -> Iterator[list[Expr]]:
    outside: list[Expr] = []
    inner = Add(*(a for a in Add.make_args(difference) if a.has(unknown)))
    for _ in range(DEEPEST):
        quotient = _quotient(inner, unknown)
        if quotient is not None:
            determinant = _determinant(quotient, is_zero)
            if determinant is not None:
                yield [*outside, determinant]
            return
        peeled = _peeled(inner, unknown)
        if peeled is None:
            return
        factor, inner = peeled
        outside += [] if factor == 1 else [factor]


def _determinant(quotient: _Quotient, is_zero: IsZero) -> Expr | None:
    """What must not vanish so that a quotient of first degree takes each value once; None for another quotient."""
    above, below = (_trimmed(c, is_zero) for c in (quotient.above, quotient.below))
    if len(above) > 2 or len(below) > 2:
        return None
    n0, n1 = (*above, Integer(0))[:2]
    d0, d1 = (*below, Integer(0))[:2]
    return n1 * d0 - n0 * d1


def _trimmed(coefficients: Sequence[Expr], is_zero: IsZero) -> tuple[Expr, ...]:
    """Without leading coefficients of degree two and more that vanish."""
    last = len(coefficients)
    while last > 2 and is_zero(coefficients[last - 1]):
        last -= 1
    return tuple(coefficients[:last])


# Quotients -----------------------------------------------------------------------------------------------


def _quotient(e: Expr, x: Symbol) -> _Quotient | None:
    """The expression as a quotient of polynomials in x, not expanded in anything else."""
    if not e.has(x):
        return _Quotient((e,), (Integer(1),))
    if e == x:
        return _Quotient((Integer(0), Integer(1)), (Integer(1),))
    if isinstance(e, Add):
        return _sum([_quotient(a, x) for a in e.args])
    if isinstance(e, Mul):
        return _product([_quotient(a, x) for a in e.args])
    if isinstance(e, Pow) and e.exp.is_Integer and abs(e.exp) <= MOST:
        part = _product([_quotient(e.base, x)] * abs(int(e.exp)))
        return part if part is None or e.exp > 0 else _Quotient(part.below, part.above)
    return None


def _product(parts: Sequence[_Quotient | None]) -> _Quotient | None:
    above: tuple[Expr, ...] = (Integer(1),)
    below: tuple[Expr, ...] = (Integer(1),)
    for part in parts:
        if part is None:
            return None
        above, below = _times(above, part.above), _times(below, part.below)
        if max(len(above), len(below)) > MOST + 1:
            return None
    return _Quotient(above, below)


def _sum(parts: Sequence[_Quotient | None]) -> _Quotient | None:
    by_denominator: dict[tuple[Expr, ...], tuple[Expr, ...]] = {}
    for part in parts:
        if part is None:
            return None
        is_polynomial = len(part.below) == 1
        above = tuple(c / part.below[0] for c in part.above) if is_polynomial else part.above
        below = (Integer(1),) if is_polynomial else part.below
        by_denominator[below] = _plus(by_denominator.get(below, ()), above)
    above, below = (), (Integer(1),)
    for denominator, numerator in by_denominator.items():
        above = _plus(_times(above, denominator), _times(numerator, below))
        below = _times(below, denominator)
        if max(len(above), len(below)) > MOST + 1:
            return None
    return _Quotient(above, below)


def _plus(a: Sequence[Expr], b: Sequence[Expr]) -> tuple[Expr, ...]:
    length = max(len(a), len(b))
    padded = [(*c, *[Integer(0)] * (length - len(c))) for c in (a, b)]
    return tuple(p + q for p, q in zip(*padded, strict=True))


def _times(a: Sequence[Expr], b: Sequence[Expr]) -> tuple[Expr, ...]:
    if not a or not b:
        return ()
    total: list[list[Expr]] = [[] for _ in range(len(a) + len(b) - 1)]
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            total[i + j].append(p * q)
    return tuple(Add(*terms) for terms in total)


# Peeling -------------------------------------------------------------------------------------------------


@singledispatch
def _peeled(e: Expr, x: Symbol) -> tuple[Expr, Expr] | None:
    """(c, f), where e is an injective function of f wherever c is not zero; None where it is not known to be one."""
    return None


@_peeled.register(Add)
def _(e: Expr, x: Symbol) -> tuple[Expr, Expr] | None:
    rest = [a for a in e.args if a.has(x)]
    return (Integer(1), Add(*rest)) if len(rest) < len(e.args) else _joined(rest, x)


@_peeled.register(Mul)
def _(e: Expr, x: Symbol) -> tuple[Expr, Expr] | None:
    constant = Mul(*(a for a in e.args if not a.has(x)))
    return None if constant == 1 else (constant, _factors_with(e, x))


@_peeled.register(sympy.log)
def _(e: Expr, x: Symbol) -> tuple[Expr, Expr]:
    return Integer(1), _factors_with(e.args[0], x)  # where it is defined, no factor of its argument vanishes


def _inside(e: Expr, x: Symbol) -> tuple[Expr, Expr]:
    return Integer(1), e.args[0]


for _function in (sympy.exp, sympy.sinh, sympy.tanh, sympy.asinh, sympy.atanh, sympy.atan):
    _peeled.register(_function, _inside)


@_peeled.register(Pow)
def _(e: Expr, x: Symbol) -> tuple[Expr, Expr] | None:
    if e.exp.has(x):
        return (e.base - 1, e.exp) if not e.base.has(x) and e.base.is_positive else None
    is_odd = e.exp.is_Integer and int(e.exp) % 2
    is_root = e.exp.is_Rational and e.exp.q == 2 and e.exp.p in (1, -1)  # defined where nothing below is negative
    return (Integer(1), e.base) if is_odd or is_root else None


def _joined(terms: Sequence[Expr], x: Symbol) -> tuple[Expr, Expr] | None:
    """c·ln f - c·ln g as c·ln(f/g)."""
    split = [t.as_independent(sympy.log, as_Add=False) for t in terms]
    if not all(isinstance(logarithm, sympy.log) and not c.has(x) for c, logarithm in split):
        return None
    first = split[0][0]
    if any(c not in (first, -first) for c, _ in split):
        return None
    product = Mul(*(logarithm.args[0] ** (1 if c == first else -1) for c, logarithm in split))
    return first, _factors_with(product, x)


def _factors_with(product: Expr, x: Symbol) -> Expr:
    return Mul(*(factor for factor in Mul.make_args(product) if factor.has(x)))
