"""Zeros of a sum of two exponentials: A·e^p + B·e^q of opposite signs is 0 where D = p - q - log(-B/A) is."""

from __future__ import annotations

import sympy
from sympy import Expr, Function, Symbol, exp, log

from ..proof.prove import prove


class Grown(Function):  # type: ignore[misc, unused-ignore]
    """(e^x - 1)/x, which is 1 at 0 and never 0."""


def parted(factor: Expr, moving: Symbol) -> tuple[Expr, Expr] | None:
    """D, linear in a letter, and what is never 0, whose product is the factor; None where it is no such sum."""
    terms = [_exponential(term, moving) for term in factor.args] if factor.is_Add else []
    found = [one for one in terms if one is not None]
    if len(terms) != 2 or len(found) != 2:
        return None
    (a, p), (b, q) = found
    if prove(-b / a, 0, relation=">").status != "proved":
        return None
    apart = sympy.expand(p - q - log(sympy.powsimp(-b / a)))
    slope = apart.diff(moving)
    if slope.has(moving) or prove(slope, 0, relation="!=").status != "proved":
        return None
    return apart, -b * exp(q) * Grown(apart)


def _exponential(term: Expr, moving: Symbol) -> tuple[Expr, Expr] | None:
    """A and p of A·e^p, where p alone has the letter."""
    size, left = term.as_independent(moving, as_Add=False)
    left = sympy.powsimp(left)
    if left == 1:
        return size, sympy.S.Zero
    return (size, left.args[0]) if isinstance(left, exp) else None
