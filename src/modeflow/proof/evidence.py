"""What enclosures at points say about a statement: a witness against it, or agreement, which proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flint import acb, arb
from sympy import Expr

from ..language.expressions import letters_in
from .assumptions import by_name
from .enclosures import PRECISIONS, NotEvaluable, OnBranchCut, Point, enclose, enclose_both
from .sample_points import SEED, points

ON_CUT = "every point tried lies on a branch cut of"
NO_VALUE = "no finite and sharp value was found"
RADIUS = arb(2) ** -60


@dataclass(frozen=True)
class Evidence:
    """What a number of points say about lhs (relation) rhs.

    effective: points at which the difference is known to within RADIUS and is compatible with the statement;
    thrown: points without a finite, sharp value. witness: a point that refutes. obstacle: why no point
    could be used. empty: whether none was found that satisfies the assumptions.
    """

    effective: int
    thrown: tuple[Point, ...] = ()
    witness: Mapping[str, object] | None = None
    obstacle: str = ""
    empty: bool = False


def gather(
    lhs: Expr, rhs: Expr, relation: str, wanted: int, apart: Sequence[Expr] = (), given: Sequence[Any] = ()
) -> Evidence:
    """Try points that satisfy the given relations until `wanted` of them are effective or one refutes.

    `apart` must not vanish at a point.
    """
    symbols = by_name(set().union(*map(letters_in, (lhs, rhs, *apart))))
    effective, obstacle, thrown = 0, "", list[Point]()
    stream = points(symbols, SEED, given)
    for _ in range(8 * wanted if symbols else 1):
        point = next(stream, None)
        if point is None:
            return Evidence(effective, tuple(thrown), obstacle=_no_point(given), empty=not effective and not thrown)
        outcome = look(lhs, rhs, relation, point, apart, sharp=effective < 2)
        if isinstance(outcome, dict):
            return Evidence(effective, tuple(thrown), witness=outcome)
        if outcome is True:
            effective += 1
        else:
            obstacle = outcome
            thrown.append(point)
        if effective >= wanted:
            break
    return Evidence(effective, tuple(thrown), obstacle="" if effective else obstacle)


def look(
    lhs: Expr,
    rhs: Expr,
    relation: str,
    point: Point,
    apart: Sequence[Expr] = (),
    sharp: bool = True,
    precisions: Sequence[int] = PRECISIONS,
) -> Literal[True] | str | dict[str, object]:
    """A witness against the statement at a point, True where they are compatible, or why the point says nothing."""
    try:
        if any(enclose(e, point, PRECISIONS[0]).contains(0) for e in apart):
            return NO_VALUE
        return _compare(lhs, rhs, relation, point, sharp, precisions) or NO_VALUE
    except NotEvaluable as reason:
        return str(reason)
    except OnBranchCut as cut:
        return f"{ON_CUT} {cut}"


def _no_point(given: Sequence[Any]) -> str:
    also = f" and {', '.join(map(str, given))}" if given else ""
    return f"no point was found that satisfies the assumptions of the symbols{also}"


def _compare(
    lhs: Expr, rhs: Expr, relation: str, point: Point, sharp: bool, precisions: Sequence[int]
) -> Literal[True] | dict[str, object] | None:
    """A witness against the statement at this point; True if the point is effective, None if it is not.

    A sharp comparison goes to the highest precision, so that a very small difference shows.
    """
    for precision in precisions:
        left, right, difference = enclose_both(lhs, rhs, point, precision)
        if not difference.is_finite():
            continue
        if _excludes(difference, relation):
            return {"point": point.text(), **_sides(left, right), "relation": relation}
        scale = 1 + abs(left).mid()
        known = bool(difference.rad() < RADIUS * scale) and _compatible(difference, relation)
        if known and (not sharp or precision == precisions[-1]):
            return True
    return None


def _excludes(difference: acb, relation: str) -> bool:
    if relation == "=":
        return not difference.contains(0)
    if relation == "!=":
        return False  # a ball that contains zero does not show that the difference is zero
    if not difference.imag.contains(0):
        return True
    if relation == ">=":
        return bool(difference.real < 0)
    return bool(difference.real <= 0)


def _compatible(difference: acb, relation: str) -> bool:
    if relation in ("=", "!="):
        return relation == "=" or not difference.contains(0)
    return bool(difference.real > 0) or (relation == ">=" and bool(difference.contains(0)))


def _sides(left: acb, right: acb) -> dict[str, object]:
    """Both values in decimal, with as many digits as it takes to tell them apart; with few where they are equal."""
    written = ({"left": _decimal(left, n), "right": _decimal(right, n)} for n in (17, 50, 200, 600, 2400))
    first = next(written)
    return dict(next((w for w in (first, *written) if w["left"] != w["right"]), first))


def _decimal(value: acb, digits: int) -> str:
    return str((value if value.imag != 0 else value.real).str(digits, radius=False))
