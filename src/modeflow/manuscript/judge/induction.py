"""Sums proved by induction over a letter in their upper limit, as the geometric sum is.

S(n) = s(n) for every whole n from the first on, if it holds for the first, and s(n) + (the next term) = s(n + 1).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Integer, Sum, Symbol

from .prover_questions import LARGEST, Proofs

MOST_TERMS = 4  # of the sum with which the induction begins


def proved(left: Expr, right: Expr, proofs: Proofs) -> bool:
    """Whether the equation is shown by induction over a letter."""
    sums = left.atoms(Sum) | right.atoms(Sum)
    if len(sums) != 1 or left.count_ops() + right.count_ops() > LARGEST:
        return False
    (total,) = sums
    if len(total.args) != 2 or total.args[0].has(Sum):
        return False
    upper = total.args[1][2]
    return any(_over(left - right, total, n, proofs) for n in sorted(upper.free_symbols, key=str) if _counts(n))


def _counts(n: Symbol) -> bool:
    """Whether the letter is a whole number, 0 or 1 at least, and nothing else is known of it."""
    known = {name for name, holds in n.assumptions0.items() if holds}
    return any(
        known == {name for name, holds in Dummy(integer=True, **{sign: True}).assumptions0.items() if holds}
        for sign in ("positive", "nonnegative")
    )


def _over(difference: Expr, total: Any, n: Symbol, proofs: Proofs) -> bool:
    """Whether the difference, of a side with the sum and one without, is shown to vanish by induction over n."""
    body, (index, lower, upper) = total.args[0], total.args[1]
    first = Integer(1) if n.is_positive else Integer(0)
    terms = upper.xreplace({n: first}) - lower + 1
    if not (_grows_by_one(total, n) and terms.is_Integer and 0 <= terms <= MOST_TERMS):
        return False
    value = _value(difference, total, n, proofs)
    begin = Add(*(body.xreplace({index: lower + k}) for k in range(int(terms))))
    if value is None or not proofs.holds(begin, value.xreplace({n: first})):
        return False
    after = value.xreplace({n: n + 1})
    return proofs.zero(_with_powers(value + body.xreplace({index: upper + 1}) - after, n))


def _grows_by_one(total: Any, n: Symbol) -> bool:
    """Whether the sum has one more term for n + 1, and the others are the same."""
    body, (_, lower, upper) = total.args[0], total.args[1]
    return not body.has(n) and not lower.has(n) and bool(upper - n == upper.xreplace({n: Integer(0)}))


def _value(difference: Expr, total: Any, n: Symbol, proofs: Proofs) -> Expr | None:
    """The value that the equation gives to the sum; None where it is not linear in it."""
    letter = Dummy("sum", real=True)
    written = difference.xreplace({total: letter})
    slope = written.diff(letter)
    if slope.has(letter, n) or not proofs.rarely_zero(slope):
        return None
    return -written.xreplace({letter: Integer(0)}) / slope


def _with_powers(e: Expr, n: Symbol) -> Expr:
    """The expression with x^n as a letter, which x^(n + 1) is a multiple of."""
    e = sympy.expand_power_exp(e)
    powers = {p: Dummy("power") for p in e.atoms(sympy.Pow) if p.exp == n and not p.base.has(n)}
    return e.xreplace(powers)
