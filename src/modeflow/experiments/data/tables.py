"""Tables of numbers as text, a sample a line: values between commas, tabulators, semicolons or blanks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .error import DataError
from .labels import label_remark, left_out
from .stored import Stored

__all__ = ["is_table", "read_table"]

_PRINTABLE = frozenset(b"\t\r" + bytes(range(32, 127)) + bytes(range(128, 256)))
_LONGEST = 2**24  # bytes in which the first lines must end
_MISSING = frozenset({"", "-", "?", "na", "n/a", "nan", "-nan", "null", "none", "missing", "#n/a", "<na>"})
_WITH_COMMAS = re.compile(r"[+-]?[0-9]*(,[0-9]+)+([.][0-9]*)?")


def is_table(raw: bytes | bytearray) -> bool:
    """Whether the first line is text, and has several cells, or it or the next is of numbers."""
    lines = bytes(raw[:_LONGEST]).removeprefix(b"\xef\xbb\xbf").split(b"\n", 2)[:2]
    if not (lines[0].strip() and _PRINTABLE.issuperset(lines[0])):
        return False
    if any(mark in lines[0] for mark in (b",", b";", b"\t")):
        return True
    return any(line.strip() and all(map(_is_number, line.decode("utf-8", "replace").split())) for line in lines)


def read_table(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    """The numbers without the columns of labels. A first line with a label, or without a number, names the columns."""
    text = _text(path, raw)
    layout = _Layout.of(path, text, labels)
    if (text.count(layout.mark) + text.count("\n") + 1) * 8 > max_bytes:
        raise DataError(path, f"a table of more than {max_bytes:,} bytes as float64", "give fewer rows or columns")
    if not text.partition("\n")[2 if layout.named else 0].strip():
        raise DataError(path, "a table without a line of numbers", "give another, or fetch it again")
    if not layout.kept:
        raise DataError(path, "a table of labels alone", "give one with columns of numbers, or name fewer labels")
    values = _numbers(path, text, layout)
    names = tuple(layout.columns[k] for k in layout.kept) if layout.named else ()
    return Stored(values, names, remark=label_remark(names))


@dataclass(frozen=True)
class _Layout:
    """What parts the cells, the first line's cells, whether they are names, and which columns are numbers."""

    mark: str
    columns: list[str]
    named: bool
    kept: list[int]

    @classmethod
    def of(cls, path: Path, text: str, labels: Sequence[str]) -> _Layout:
        first = text.split("\n", 1)[0]
        mark = next((mark for mark in "\t,;" if mark in first), " ")
        columns = _cells(first, mark)
        names = not any(map(_is_number, columns)) and any(cell.lower() not in _MISSING for cell in columns)
        named = names or any(label in columns and not _is_number(label) for label in labels)
        labelled = left_out(path, labels, columns if named else [], len(columns))
        return cls(mark, columns, named, [k for k in range(len(columns)) if k not in labelled])


def _text(path: Path, raw: bytes | bytearray) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, f"a table with a byte that is no text at {error.start:,}", "save it as UTF-8") from error
    if "\0" in text:
        raise DataError(path, f"a table with a byte that is no text at {text.index(chr(0)):,}", "fetch it again")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _numbers(path: Path, text: str, layout: _Layout) -> NDArray[np.float64]:
    form: dict[str, Any] = {"delimiter": None if layout.mark == " " else layout.mark, "quotechar": '"'}
    form |= {"ndmin": 2, "comments": None, "skiprows": int(layout.named)}
    if len(layout.kept) < len(layout.columns):
        form["usecols"] = layout.kept
    try:
        table: NDArray[np.float64] = np.loadtxt(io.StringIO(text), **form)
    except ValueError as error:
        raise _fault(path, text, layout) or DataError(path, f"a bad line ({error})", "give numbers alone") from error
    if (len(layout.kept) < len(layout.columns) or layout.named) and (fault := _ragged(path, text, layout)):
        raise fault  # usecols passes over what is too long, and a line of names is not held against the others
    return table


def _rows(text: str, layout: _Layout) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty and no names, by their number, as cells."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not (number == 1 and layout.named):
            yield number, _cells(line, layout.mark)


def _ragged(path: Path, text: str, layout: _Layout) -> DataError | None:
    """The first line with other than as many cells as the first."""
    wanted = len(layout.columns)
    for number, cells in _rows(text, layout):
        if len(cells) != wanted:
            before = f"there are {wanted} names" if layout.named else f"line 1 has {wanted}"
            remedy = "give equally many numbers on every line"
            values = "value" if len(cells) == 1 else "values"
            return DataError(path, f"line {number} has {len(cells)} {values}, {before}", remedy)
    return None


def _fault(path: Path, text: str, layout: _Layout) -> DataError | None:
    """Why this is no table of numbers: the first column of text, or a ragged line, or how many cells are empty."""
    if found := _ragged(path, text, layout):
        return found
    missing, first = 0, ""
    for number, cells in _rows(text, layout):
        for k in layout.kept:
            if _is_number(cells[k]):
                continue
            where = f"line {number}, {_called(layout, k)}"
            if cells[k].lower() not in _MISSING:
                return _of_text(path, layout, k, cells[k], where)
            missing, first = missing + 1, first or where
    values = "values" if missing > 1 else "value"
    told = f"{missing:,} missing {values}, {'the first ' if missing > 1 else ''}in {first}"
    return DataError(path, told, "fill the gaps, or leave those rows or columns out") if missing else None


def _of_text(path: Path, layout: _Layout, k: int, cell: str, where: str) -> DataError:
    if _WITH_COMMAS.fullmatch(cell):
        remedy = "write it with a decimal point and without a mark between thousands"
        return DataError(path, f"{cell[:40]!r} in {where} has a comma", remedy)
    label = (layout.named and layout.columns[k]) or str(k + 1)
    remedy = f"leave the column out (labels=[{label[:40]!r}], --label {label[:40]!r}), or give numbers"
    return DataError(path, f"{cell[:40]!r} in {where} is no number", remedy)


def _called(layout: _Layout, k: int) -> str:
    return f"column {k + 1}" + (f" ({layout.columns[k][:40]})" if layout.named else "")


def _cells(line: str, mark: str) -> list[str]:
    if mark == " ":
        return line.split()
    if '"' not in line:
        return [cell.strip() for cell in line.split(mark)]
    return [cell.strip() for cell in next(csv.reader([line.strip("\r")], delimiter=mark, skipinitialspace=True))]


def _is_number(text: str) -> bool:
    """As NumPy reads it: without the underscores and other scripts' digits that float takes."""
    if "_" in text or not text.isascii():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return text.lower() not in _MISSING
