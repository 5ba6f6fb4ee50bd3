"""A figure's files: PDF and PNG, its numbers as CSV and JSON. Each appears whole or not at all, the JSON last."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from modeflow.files import make_folder, write_all

from .figure_record import Curve, Record, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIGITS = 9
"""Significant digits written: fewer than float64 has, so that the last bits of a sum's order do not show."""

PNG_DPI = 130


def write(record: Record, figure: Figure, folder: Path) -> list[Path]:
    """Write the figure and its numbers in the folder; returns the files.

    An earlier JSON is removed before the first file is replaced and the new one comes last, so where it is present
    the other files are complete and belong to it. Raises OSError where the folder cannot be written.
    """
    make_folder(folder)
    done = folder / f"{record.name}.json"
    contents = {
        folder / f"{record.name}.pdf": _drawn(figure, "pdf"),
        folder / f"{record.name}.png": _drawn(figure, "png"),
        folder / f"{record.name}.csv": _csv(_points(record.curves)),
        folder / f"{record.name}-findings.csv": _csv(record.findings),
        done: _json(record),
    }
    write_all(contents, seal=done)
    return list(contents)


def _drawn(figure: Figure, kind: str) -> bytes:
    out = io.BytesIO()
    # Without the date and the version, equal figures are equal files.
    nothing = {"pdf": {"CreationDate": None, "Producer": None, "Creator": None}, "png": {"Software": None}}
    figure.savefig(out, format=kind, dpi=PNG_DPI, metadata=nothing[kind])
    return out.getvalue()


def _json(record: Record) -> bytes:
    content = {
        "figure": record.name,
        "title": record.title,
        "caption": record.caption,
        "setting": _as_data(record.setting),
        "findings": _as_data(record.findings),
        "curves": _as_data(record.curves),
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _csv(rows: Iterable[Row]) -> bytes:
    rows = [dict(_as_data(row)) for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    table = csv.DictWriter(text, names, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def _points(curves: Sequence[Curve]) -> Iterable[Row]:
    """A row for every point, repeating what the curve is."""
    for curve in curves:
        what = {name: value for name, value in curve.items() if not isinstance(value, np.ndarray)}
        along = {name: value for name, value in curve.items() if isinstance(value, np.ndarray)}
        for values in zip(*along.values(), strict=True):
            yield what | dict(zip(along, values, strict=True))


@singledispatch
def _as_data(value: Any) -> Any:
    """The value in lists, dictionaries, words and numbers; what is not finite is null."""
    return value


@_as_data.register(dict)
def _(value: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): _as_data(entry) for name, entry in value.items()}


@_as_data.register(list)
@_as_data.register(tuple)
def _(value: Iterable[Any]) -> list[Any]:
    return [_as_data(entry) for entry in value]


@_as_data.register(np.ndarray)
def _(value: np.ndarray) -> list[Any]:
    return [_as_data(entry) for entry in value.tolist()]


@_as_data.register(bool)
@_as_data.register(np.bool_)
def _(value: bool | np.bool_) -> bool:
    return bool(value)


@_as_data.register(int)
@_as_data.register(np.integer)
def _(value: int | np.integer[Any]) -> int:
    return int(value)


@_as_data.register(float)
@_as_data.register(np.floating)
def _(value: float | np.floating[Any]) -> float | None:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
