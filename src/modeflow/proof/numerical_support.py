"""What agreement at points is worth: support only where it is agreement at the points that matter as well.

Refused where the statement jumps, where points were thrown away on a set that may be of positive measure, such as the
numbers on a branch cut, and for constants that are smaller, or larger, than the digits that were computed tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

import sympy
from flint import arb
from sympy import Expr, Rational

from ..language.expressions import parts
from .critical_points import critical_points, least_points, value_at
from .enclosures import JUMPING, PRECISIONS, NotEvaluable, OnBranchCut, Point, enclose
from .evidence import ON_CUT, Evidence, gather, look
from .sample_points import SEED, inside, satisfied

SUPPORTING_POINTS = 32
CONSTANT_PRECISION = 8192  # bits
LARGEST_MAGNITUDE = 256  # powers of two between which the parts of a constant must lie
CLOSE = 24  # powers of two by which sides differ less that may be equal beside a least value
_WAVES = (sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc, sympy.besselj, sympy.bessely)
MOST_MOVED = 24  # points that were thrown away and are tried again beside where they were


@dataclass(frozen=True)
class Support:
    """witness: a point that refutes. refused: why the agreement says too little, empty where it is support."""

    effective: int = 0
    thrown: int = 0
    witness: dict[str, object] | None = None
    refused: str = ""


def support(lhs: Expr, rhs: Expr, relation: str, apart: Sequence[Expr], given: Sequence[Any]) -> Support:
    """What random and critical points say about a statement that is not proved."""
    if not lhs.free_symbols | rhs.free_symbols:
        return _constant(lhs, rhs, relation)
    jumps = lhs.has(*JUMPING) or rhs.has(*JUMPING)
    if relation in (">", ">=") and not jumps and (seen := _at_least(lhs, rhs, relation, apart, given)):
        return seen
    witness, on_cut = _at_critical_points(lhs, rhs, relation, apart, given)
    if witness is not None:
        return Support(witness=witness)
    evidence = gather(lhs, rhs, relation, SUPPORTING_POINTS, apart, given)
    if evidence.witness:
        return Support(witness=dict(evidence.witness))
    why = _too_little(evidence, jumps) or on_cut or (_out_of_step(lhs - rhs) if relation != "=" else "")
    lost = (_lost(lhs, rhs, relation, point, apart, given) for point in evidence.thrown[:MOST_MOVED])
    return Support(evidence.effective, len(evidence.thrown), refused=why or next(filter(None, lost), ""))


def _at_critical_points(
    lhs: Expr, rhs: Expr, relation: str, apart: Sequence[Expr], given: Sequence[Any]
) -> tuple[dict[str, object] | None, str]:
    """A point that refutes, if any; and else what is not known on a branch cut, if anything."""
    on_cut = ""
    for point in critical_points([lhs, rhs, *apart], given):
        seen = look(lhs, rhs, relation, point, apart)
        if isinstance(seen, dict):
            return seen, ""
        if isinstance(seen, str) and seen.startswith(ON_CUT):
            on_cut = on_cut or _at(point, seen)
    return None, on_cut


def _too_little(evidence: Evidence, jumps: bool) -> str:
    """Why the points that have a value say too little; empty where they do not."""
    if evidence.effective < SUPPORTING_POINTS:
        return evidence.obstacle or "too few points have a value"
    return "agreement at points says little where a side jumps" if jumps else ""


def _out_of_step(e: Expr) -> str:
    """That waves without a common period are added: they come close to any sum of their values, but far out."""
    waves = sorted((a for a in e.atoms(*_WAVES) if a.free_symbols), key=sympy.default_sort_key)
    for one, other in combinations(waves, 2):
        if not sympy.cancel(one.args[-1] / other.args[-1]).is_rational:
            return f"{one} and {other} have no common period, so that points say little of where the sides come closest"
    return ""


def _at_least(lhs: Expr, rhs: Expr, relation: str, apart: Sequence[Expr], given: Sequence[Any]) -> Support | None:
    """What is seen where lhs - rhs is least: a witness; or that the sides may meet there, which > excludes."""
    letters = set().union(*(e.free_symbols for e in (lhs, rhs, *apart)))
    for point in least_points(lhs - rhs, given, letters):
        found = look(lhs, rhs, relation, point, apart)
        if isinstance(found, dict):
            return Support(witness=found)
        if relation == ">" and _nearly_zero(lhs - rhs, point):
            rounded = (look(lhs, rhs, relation, p, apart) for p in _rounded(point) if inside(p) and satisfied(given, p))
            if (witness := next((seen for seen in rounded if isinstance(seen, dict)), None)) is not None:
                return Support(witness=witness)
            where = ", ".join(f"{name} = {value}" for name, value in point.text().items())
            return Support(refused=f"the sides come so close near {where} that they may be equal there")
    near_ends = (look(lhs, rhs, relation, p, apart) for p in least_points(lhs - rhs, given, letters, ends=True))
    return next((Support(witness=found) for found in near_ends if isinstance(found, dict)), None)


def _rounded(point: Point) -> Iterator[Point]:
    """Points of few bits beside one, at which sides may be equal and exactly so: roots of squares are numbers there."""
    if not all(value.is_Rational for value in point.values.values()):
        return
    for steps in (4, 1):
        yield Point({s: Rational(round(value * steps), steps) for s, value in point.values.items()})


def _nearly_zero(e: Expr, point: Point) -> bool:
    """Whether the terms of a sum all but cancel at a point."""
    total = sum(abs(value_at(term, point)) for term in sympy.Add.make_args(e))
    return bool(abs(value_at(e, point)) < total / 2**CLOSE)


def _lost(lhs: Expr, rhs: Expr, relation: str, point: Point, apart: Sequence[Expr], given: Sequence[Any]) -> str:
    """Why a point that says nothing has no neighbour that does; empty where it has one, as beside a pole."""
    why = ""
    for beside in islice((p for p in _moved(point) if inside(p) and satisfied(given, p)), 3):
        found = look(lhs, rhs, relation, beside, apart, sharp=False)
        if not isinstance(found, str):
            return ""
        why = found
    return _at(point, why) if why else ""


def _at(point: Point, why: str) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in point.text().items())
    return f"nothing is known at {at}: {why.replace('every point tried', 'it')}"


def _moved(point: Point) -> Iterator[Point]:
    source = random.Random(SEED)
    for _ in range(12):
        yield Point({s: value + _step(s, source) for s, value in point.values.items()})


def _step(s: Any, source: random.Random) -> Expr:
    """Small, and of general position; whole where the symbol is."""
    if s.is_integer:
        return sympy.Integer(source.choice((-2, 0, 2)) if s.is_even or s.is_odd else source.choice((-1, 0, 1)))
    step = Rational(source.randint(1, 1000) * source.choice((-1, 1)), 1009 * 997)
    return step if s.is_extended_real else sympy.I * step if s.is_imaginary else step * (1 + sympy.I / 3)


def _constant(lhs: Expr, rhs: Expr, relation: str) -> Support:
    """Constants are compared with more digits, and their agreement counts where no part of them is extreme."""
    found = look(lhs, rhs, relation, Point({}), precisions=(*PRECISIONS, CONSTANT_PRECISION))
    if isinstance(found, dict):
        return Support(witness=found)
    if isinstance(found, str):
        return Support(refused=found)
    inside = {e for side in (lhs, rhs) for e in parts(side) - {side} if isinstance(e, Expr)}
    if all(map(_is_tame, inside)):
        return Support(1)
    digits = int(CONSTANT_PRECISION * 0.3)
    return Support(1, refused=f"a part of it is very small or very large, so that {digits} equal digits say little")


def _is_tame(e: Expr) -> bool:
    """Whether a constant is 0, or neither very small nor very large."""
    try:
        ball = enclose(e, Point({}), PRECISIONS[1])
    except (NotEvaluable, OnBranchCut):
        return False
    size = abs(ball)
    return e.is_zero is True or bool(size > arb(2) ** -LARGEST_MAGNITUDE and size < arb(2) ** LARGEST_MAGNITUDE)
