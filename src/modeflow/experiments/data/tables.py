"""Comma-separated numbers, an image a line."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .error import DataError

__all__ = ["is_table", "read_table"]

_PRINTABLE = frozenset(b"\t\n\r" + bytes(range(32, 127)))
_LABEL = "label"


def is_table(raw: bytes | bytearray) -> bool:
    """Whether the first line is text with a comma in it."""
    first = raw[:65536].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return b"," in first and _PRINTABLE.issuperset(first)


def read_table(path: Path, raw: bytes | bytearray, max_bytes: int) -> NDArray[np.generic]:
    """The numbers, (N, D): uint8 where they are whole and reach beyond 1, up to 255.

    A first line without any number, or with one named label, names the columns; a column so named is dropped, whatever
    it holds.
    """
    if (raw.count(b",") + raw.count(b"\n") + 1) * 8 > max_bytes:
        raise DataError(path, f"CSV of more than {max_bytes:,} bytes as float64", "give fewer images")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, f"CSV with a byte that is no text at {error.start:,}", "save it as UTF-8") from error
    first = text.split("\n", 1)[0]
    names = [name.strip().strip('"').lower() for name in first.split(",")]
    labels = [column for column, name in enumerate(names) if name == _LABEL]
    headed = bool(labels) or not any(_is_number(name) for name in names)
    if headed and not text.partition("\n")[2].strip():
        raise DataError(path, "CSV without a line of numbers: no images", "fetch it again, or give another")
    try:
        table = np.loadtxt(
            io.StringIO(text),
            delimiter=",",
            skiprows=int(headed),
            ndmin=2,
            comments=None,
            quotechar='"',
            converters={column: lambda _: 0.0 for column in labels},
        )
    except ValueError as error:
        remedy = "give equally many numbers on every line"
        raise DataError(path, f"CSV with a bad line ({_fault(text, headed, labels) or error})", remedy) from error
    if headed and table.shape[1] != len(names):
        found = f"CSV with {len(names)} names of columns and {table.shape[1]} numbers on a line"
        raise DataError(path, found, "give a name for each column, or none")
    table = np.delete(table, labels, axis=1)
    if table.shape[1] == 0:
        raise DataError(path, "CSV with labels alone: no images", "give the table of pixels")
    whole = table.min() >= 0 and 1 < table.max() <= 255 and (table == np.floor(table)).all()
    return table.astype(np.uint8) if whole else table


def _fault(text: str, headed: bool, labels: list[int]) -> str:
    """Where the first line is that has no number in a place, or other than its neighbours' many of them."""
    width = None
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        if cells == [""] or (number == 1 and headed):
            continue
        for column, cell in enumerate(cells, 1):
            if column - 1 not in labels and not _is_number(cell):
                return f"line {number}, column {column}: {cell[:40]!r} is no number; a column of labels is named label"
        if len(cells) != (width := width or len(cells)):
            return f"line {number} has {len(cells)} numbers, those before it {width}"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
