"""What a command found, as text, or as JSON or CSV for other programs."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..files.printable import shown

__all__ = ["FORMATS", "columns", "formats", "print_found", "print_paths"]

FORMATS = ("text", "json", "csv")


def columns() -> int:
    """How wide the terminal is, or COLUMNS; 100 where nothing says."""
    return shutil.get_terminal_size((100, 24)).columns


def formats(option: Callable[..., None], *kinds: str) -> None:
    """The option that says in which of these forms what was found is printed."""
    option("--output-format", choices=kinds, default="text", help="how what was found is printed")


def print_found(form: str, text: str, record: Mapping[str, Any]) -> None:
    """The text, or the record as JSON, in which what is infinite is null, or as CSV with a line a number."""
    if form == "text":
        print(text)
    elif form == "json":
        print(json.dumps(_plain(record), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(_table(record))


def print_paths(form: str, paths: Any) -> None:
    """The files that were written, a line each as they come, or all as JSON at the end."""
    if form == "json":
        print(json.dumps({"written": [str(path) for path in paths]}, ensure_ascii=False, indent=2))
        return
    for path in paths:
        print(shown(path), flush=True)


def _plain(value: Any) -> Any:
    """As JSON has it: without numbers of NumPy, and without infinite ones."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _table(record: Mapping[str, Any]) -> str:
    """part, of, quantity, value: the part of the record, which of its rows, what it is."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(["part", "row", "quantity", "value"])
    lines.writerows(_lines(record))
    return out.getvalue()


def _lines(record: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, Any]]:
    for name, value in _plain(record).items():
        if isinstance(value, dict):
            yield from ((name, "", inner, number) for inner, number in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            rows = enumerate(value)
            yield from ((name, k, inner, number) for k, row in rows for inner, number in row.items())
        elif isinstance(value, list):
            yield from ((name, k, "", inner) for k, inner in enumerate(value))
        else:
            yield "", "", name, value
