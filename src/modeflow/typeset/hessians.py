"""Hessians as matrices: a claim states entry by entry, a page shows the matrix and what it does to vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sympy import ImmutableMatrix, MatMul, Tuple, eye

from ..language.flow import Hessian, HessianAlong


@dataclass(frozen=True)
class _Column:
    """A Hessian applied to a direction, with what each row of that is."""

    hessian: Hessian
    direction: Tuple
    values: tuple[Any, ...]


def folded(left: Tuple, right: Tuple) -> list[tuple[Any, Any]]:
    """The entries of two sides; those of a Hessian as one matrix, those of a Hessian times a direction as one column.

    A column that is a multiple of its direction is shown as that: H v = μ v.
    """
    parts = list(_columns(left, right))
    shown = []
    while parts:
        size = _columns_of_a_matrix(parts)
        shown.append(_as_matrix(parts[:size]) if size else _as_pair(parts[0]))
        parts = parts[size or 1 :]
    return shown


def _columns(left: Tuple, right: Tuple) -> Iterator[Any]:
    """Whole columns, and pairs of all other entries."""
    for whose, pairs in groupby(zip(left, right, strict=True), key=lambda pair: _whose(pair[0])):
        entries = list(pairs)
        rows = [int(one.args[4]) for one, _ in entries] if whose else []
        if rows and rows == list(range(len(whose[3]))):
            yield _Column(Hessian(*whose[:3]), whose[3], tuple(value for _, value in entries))
        else:
            yield from entries


def _whose(entry: Any) -> tuple[Any, ...]:
    return tuple(entry.args[:4]) if isinstance(entry, HessianAlong) else ()


def _columns_of_a_matrix(parts: Sequence[Any]) -> int:
    """How many of the first parts are the columns of one whole matrix; 0 if they are not."""
    first = parts[0]
    if not isinstance(first, _Column):
        return 0
    size = len(first.direction)
    units = [(first.hessian, Tuple(*eye(size).row(n))) for n in range(size)]
    return size if [(c.hessian, c.direction) for c in parts[:size] if isinstance(c, _Column)] == units else 0


def _as_matrix(columns: Sequence[_Column]) -> tuple[Any, Any]:
    return columns[0].hessian, ImmutableMatrix([c.values for c in columns]).T


def _as_pair(part: Any) -> tuple[Any, Any]:
    if not isinstance(part, _Column):
        return part[0], part[1]
    times = next(value / d for value, d in zip(part.values, part.direction, strict=True) if d != 0)
    column = ImmutableMatrix(part.direction)
    is_multiple = times != 0 and all(times * d == value for value, d in zip(part.values, part.direction, strict=True))
    applied = Hessian(*part.hessian.args, part.direction)
    return applied, MatMul(times, column) if is_multiple else ImmutableMatrix(part.values)
