"""Which columns are labels: those that are named, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from .error import DataError

__all__ = ["label_remark", "left_out"]

_USUAL = frozenset({"", "class", "id", "index", "label", "labels", "target", "unnamed: 0"})


def left_out(name: object, labels: Sequence[str], columns: Sequence[str], count: int) -> set[int]:
    """The places of the columns to leave out, by their names, or by their numbers from 1 where they have
    none.

    Raises DataError for a label that is no column.
    """
    return {_place(name, label, columns, count) for label in labels}


def _place(name: object, label: str, columns: Sequence[str], count: int) -> int:
    if columns.count(label) > 1:
        remedy = "give each column a name of its own"
        raise DataError(name, f"{columns.count(label)} columns are called {label[:40]!r}", remedy)
    if label in columns:
        return columns.index(label)
    k = int(label[:9]) - 1 if label.isascii() and label.isdecimal() else -1
    if 0 <= k < count and not (columns and columns[k]):
        return k
    there = ", ".join(column[:40] for column in columns[:8]) + (", …" if len(columns) > 8 else "")
    remedy = f"give one of {there}" if columns else f"columns have no names here; give a number from 1 to {count}"
    raise DataError(name, f"no column {label[:40]!r} to leave out", remedy)


def label_remark(columns: Sequence[str]) -> str:
    """What is said of a column that is used and may be of labels; "" where there is none."""
    for k, column in enumerate(columns, 1):
        if column.lower() in _USUAL:
            return f"column {column!r} is used like the others; --label {column or k} leaves it out"
    return ""
