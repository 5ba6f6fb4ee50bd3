"""Whether an equation is the claim as it is stated, without algebra."""

from __future__ import annotations

import random
from typing import Any

from flint import acb, fmpq
from sympy import Add, Dummy, Expr, Function, Integer, Rational, factor_terms
from sympy.core.function import AppliedUndef

from ...proof.enclosures import NotEvaluable, OnBranchCut, Point, enclose_all
from ..mean import matrix_shapes
from ..mean.quantity_names import Names
from ..mean.real_points import drawn, has_dependent_values, letters
from ..mean.subject import Subject, entries
from . import equations
from .tree_values import PRECISION


def is_stated(left: Any, right: Any, subject: Subject) -> bool:
    """Whether the difference of the sides is that of the claim as it stands, without algebra, times a number or tau."""
    if subject.unknowns or matrix_shapes.is_matrix(left):
        return False
    swaps, tau = Names(subject).swaps(), subject.motion.time_constant or Integer(1)
    pairs = zip(entries(subject.claim.lhs), entries(subject.claim.rhs), strict=True)
    stated = (one.xreplace(swaps) - other.xreplace(swaps) for one, other in pairs if not matrix_shapes.is_matrix(one))
    return any(difference != 0 and _is_multiple(left - right, difference, tau) for difference in stated)


def _is_multiple(difference: Expr, stated: Expr, tau: Expr) -> bool:
    """Whether a difference is the other times a number and a power of the time constant, term by term."""
    ratios = _perhaps(difference, stated, tau)
    if not ratios:
        return False
    factored, terms = factor_terms(stated), Add.make_args(difference)
    return any(factored == factor_terms(Add(*(term / ratio for term in terms))) for ratio in ratios)


def _perhaps(difference: Expr, stated: Expr, tau: Expr) -> list[Expr]:
    """The ratios that balls around the values at a point do not exclude, which cost less than algebra does."""
    ratios = [ratio * power for ratio in equations.RATIOS for power in (1, tau, 1 / tau)]
    if has_dependent_values(difference, stated):
        return ratios
    put = {part: Dummy(str(number), real=True) for number, part in enumerate(_wholes(difference) | _wholes(stated))}
    sides = [difference.xreplace(put), stated.xreplace(put), tau]
    chance = random.Random(20180605)
    at = {s: drawn(s, chance) for s in (*sorted(letters(*sides), key=str), *put.values())}
    try:
        one, other, unit = enclose_all(sides, Point(at), PRECISION)
    except (NotEvaluable, OnBranchCut):
        return ratios
    powers = {1: acb(1), tau: unit, 1 / tau: 1 / unit}
    return [r * p for r in equations.RATIOS for p, ball in powers.items() if one.overlaps(_exactly(r) * ball * other)]


def _exactly(ratio: Rational) -> fmpq:
    return fmpq(int(ratio.p), int(ratio.q))


def _wholes(e: Expr) -> set[Expr]:
    """What has no number by itself: traces, rates along a flow, functions of the paper's own."""
    if e.is_Add or e.is_Mul or e.is_Pow or (isinstance(e, Function) and not isinstance(e, AppliedUndef)):
        return set().union(*map(_wholes, e.args))
    return {e} if e.args else set()
