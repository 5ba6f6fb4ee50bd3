"""The point of a certificate: one inside the assumptions at which everything in the statement has a value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from flint import acb, ctx
from sympy import Expr, MatrixSymbol

from ..language.matrices import has_letters
from .assumptions import by_name
from .enclosures import NotEvaluable, OnBranchCut, Point, enclose_all
from .sample_points import points

MOST_POINTS = 96  # that are tried
PRECISIONS = (64, 256, 1024)  # bits, the checker's own

Statement = tuple[Any, Any, str]  # left side, right side, relation


def point_of(
    parts: Sequence[Any], sizes: Sequence[Expr], statement: Statement, provided: Sequence[tuple[Expr, str]] = ()
) -> Point | None:
    """A point at which all parts of a statement have values, and its sides agree; None where none was found.

    parts: every expression in the statement; those with matrix letters need no value.
    sizes: the numbers of rows and columns, which must be whole. provided: parts that must be "!=" or ">" 0 there.
    """
    symbols = by_name(e for e in parts if e.is_Symbol and not _is_letter(e))
    some_letters = any(has_letters(side) for side in statement[:2])  # else no part has any
    numbers = [e for e in parts if not has_letters(e)] if some_letters else parts
    for point in islice(points(symbols), MOST_POINTS if symbols else 1):
        if all(_is_whole(size, point) for size in sizes) and _defined(numbers, statement, provided, point):
            return point
    return None


def exact(value: Expr) -> str | list[str]:
    """A coordinate as plain data: a rational number, or real and imaginary part."""
    real, imaginary = value.as_real_imag()
    return str(real) if imaginary == 0 else [str(real), str(imaginary)]


def _is_letter(symbol: Any) -> bool:
    return isinstance(symbol, MatrixSymbol) or not symbol.is_commutative


def _is_whole(size: Expr, point: Point) -> bool:
    value = size.xreplace(dict(point.values))
    return bool(value.is_Integer and value >= 1)


def _defined(numbers: Sequence[Expr], statement: Statement, provided: Sequence[tuple[Expr, str]], point: Point) -> bool:
    """Whether all numbers are finite at the point, the sides are as the statement says, and what is provided holds."""
    for precision in PRECISIONS:
        balls = _balls(numbers, point, precision)
        if balls is not None and all(ball.is_finite() for ball in balls.values()):
            holds = all(_holds(balls[e], relation) for e, relation in provided)
            return holds and _agrees(balls, statement, precision)
    return False


def _balls(numbers: Sequence[Expr], point: Point, precision: int) -> dict[Expr, acb] | None:
    try:
        return dict(zip(numbers, enclose_all(numbers, point, precision), strict=True))
    except (NotEvaluable, OnBranchCut, ZeroDivisionError):
        return None


def _holds(ball: acb, relation: str) -> bool:
    return bool(ball.real > 0 and ball.imag.contains(0) if relation == ">" else not ball.contains(0))


def _agrees(balls: dict[Expr, acb], statement: Statement, precision: int) -> bool:
    left, right, relation = statement
    if left not in balls or right not in balls:
        return True  # polynomials in matrices
    with ctx.workprec(precision):
        difference = balls[left] - balls[right]
    x = difference.real
    possible = {"=": difference.contains(0), "!=": difference != 0, ">=": not x < 0, ">": not x <= 0}
    return bool(possible[relation])
