"""Comma-separated numbers, an image a line."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    text = _text(path, raw)
    header = _Header.of(text)
    if header.is_there and not text.partition("\n")[2].strip():
        raise DataError(path, "CSV without a line of numbers: no images", "fetch it again, or give another")
    table = np.delete(_numbers(path, text, header), header.labels, axis=1)
    if table.shape[1] == 0:
        raise DataError(path, "CSV with labels alone: no images", "give the table of pixels")
    whole = table.min() >= 0 and 1 < table.max() <= 255 and (table == np.floor(table)).all()
    return table.astype(np.uint8) if whole else table


@dataclass(frozen=True)
class _Header:
    """The first line of a table: its cells, whether they are names of columns, and which columns are labels."""

    cells: list[str]
    is_there: bool
    labels: list[int]

    @classmethod
    def of(cls, text: str) -> _Header:
        cells = [cell.lower() for cell in _cells(text.split("\n", 1)[0])]
        labels = [column for column, cell in enumerate(cells) if cell == _LABEL]
        return cls(cells, bool(labels) or not any(map(_is_number, cells)), labels)


def _text(path: Path, raw: bytes | bytearray) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, f"CSV with a byte that is no text at {error.start:,}", "save it as UTF-8") from error


def _numbers(path: Path, text: str, header: _Header) -> NDArray[np.float64]:
    """The numbers with the columns of labels, as 0."""
    labels = {column: lambda _: 0.0 for column in header.labels}
    form: dict[str, Any] = {"delimiter": ",", "ndmin": 2, "comments": None, "quotechar": '"', "converters": labels}
    try:
        table: NDArray[np.float64] = np.loadtxt(io.StringIO(text), skiprows=int(header.is_there), **form)
    except ValueError as error:
        remedy = "give equally many numbers on every line"
        raise DataError(path, f"CSV with a bad line ({_fault(text, header) or error})", remedy) from error
    if header.is_there and table.shape[1] != len(header.cells):
        what = f"CSV with {len(header.cells)} names of columns and {table.shape[1]} numbers on a line"
        raise DataError(path, what, "give a name for each column, or none")
    return table


def _fault(text: str, header: _Header) -> str:
    """Where the first line is that has no number in a place, or other than its neighbours' many of them."""
    width = None
    for number, line in enumerate(text.split("\n"), 1):
        cells = _cells(line)
        if cells == [""] or (number == 1 and header.is_there):
            continue
        for column, cell in enumerate(cells):
            if column not in header.labels and not _is_number(cell):
                place = f"line {number}, column {column + 1}"
                return f"{place}: {cell[:40]!r} is no number; a column of labels is named label"
        if len(cells) != (width := width or len(cells)):
            return f"line {number} has {len(cells)} numbers, those before it {width}"
    return ""


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(",")]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
