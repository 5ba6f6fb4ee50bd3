r"""Sides with matrices of entries, \begin{pmatrix}…\end{pmatrix}: sums, products and powers, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, ImmutableDenseMatrix, Integer, Mul

from ..read.uninterpreted import Part
from ..text.tokens import Unparsed
from .uninterpreted import Values

LARGEST = 6  # rows or columns
LARGEST_POWER = 8
LARGEST_DETERMINANT = 4
_REFUSED = "matrices of entries that are not calculated with"


def has_table(part: Part) -> bool:
    """Whether a matrix of entries stands there."""
    return part.kind == "table" or any(map(has_table, part.parts))


def entries(part: Part, values: Values) -> Any:
    """The matrix, or the number, that a side is; raises Unparsed where it is neither, or sizes do not fit."""
    if not has_table(part):
        return _number(values.value(part))
    rule = _RULES.get(part.kind)
    if rule is None:
        raise Unparsed(_REFUSED, 0)
    found = rule(part, values)
    return found[0, 0] if _size(found) == (1, 1) else found


def shape(value: Any) -> tuple[int, int]:
    """The rows and columns; (1, 1) of a number."""
    return _size(value) or (1, 1)


def _number(e: Expr) -> Expr:
    if not e.is_commutative:
        raise Unparsed(_REFUSED, 0)
    return e


def _table(part: Part, values: Values) -> Any:
    rows = [row.split("&") for row in part.value.split("\\\\")]
    cells = iter(part.parts)
    read = [[_cell(next(cells), values) for _ in row] for row in rows]
    read = read[:-1] if len(read) > 1 and read[-1] == [None] else read
    is_full = len({len(row) for row in read}) == 1 and not any(None in row for row in read)
    if not is_full or max(len(read), len(read[0])) > LARGEST:
        raise Unparsed(_REFUSED, 0)
    found: Any = ImmutableDenseMatrix(read)
    if not part.value.startswith("vmatrix"):
        return found
    if found.rows != found.cols or found.rows > LARGEST_DETERMINANT:
        raise Unparsed(_REFUSED, 0)
    return found.det(method="berkowitz")


def _cell(part: Part, values: Values) -> Expr | None:
    if part.kind == "opaque" and part.value == "as written ":
        return None
    if part.kind == "opaque" and part.value.startswith("as written"):
        raise Unparsed(_REFUSED, 0)
    return _number(values.value(part))


def _sum(part: Part, values: Values) -> Any:
    first, *others = (entries(inner, values) for inner in part.parts)
    for other in others:
        if _size(first) != _size(other):
            raise Unparsed(_REFUSED, 0)
        first = first + other
    return first


def _size(value: Any) -> tuple[int, int] | None:
    return value.shape if isinstance(value, ImmutableDenseMatrix) else None


def _product(part: Part, values: Values) -> Any:
    if any(inner.kind == "times" and inner.value != "\\cdot" for inner in part.parts):
        raise Unparsed(_REFUSED, 0)
    found: Any = Integer(1)
    for inner in part.parts:
        if inner.kind == "times":
            continue
        value = entries(inner, values)
        one, other = _size(found), _size(value)
        if one and other and one[1] != other[0]:
            raise Unparsed(_REFUSED, 0)
        found = found * value
    return found


def _power(part: Part, values: Values) -> Any:
    base, exponent = entries(part.parts[0], values), values.value(part.parts[1])
    size = _size(base)
    if size is None:
        return base**exponent
    if size[0] == size[1] <= LARGEST_DETERMINANT and exponent == -1 and (determinant := base.det()) != 0:
        return base.adjugate() / determinant
    if size[0] != size[1] or not (exponent.is_Integer and 0 < exponent <= LARGEST_POWER):
        raise Unparsed(_REFUSED, 0)
    return base**exponent


def _quotient(part: Part, values: Values) -> Any:
    above, below = (entries(inner, values) for inner in part.parts)
    if _size(below) is not None or below == 0:
        raise Unparsed(_REFUSED, 0)
    return above * Mul(1 / below)


_RULES: dict[str, Callable[[Part, Values], Any]] = {
    "table": _table,
    "group": lambda part, values: entries(part.parts[0], values),
    "add": _sum,
    "minus": lambda part, values: -entries(part.parts[0], values),
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
    "transpose": lambda part, values: entries(part.parts[0], values).T,
}
