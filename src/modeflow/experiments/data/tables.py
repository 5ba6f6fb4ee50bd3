"""Tables of numbers as text, a sample a line: values between commas, tabulators, semicolons, | or blanks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, AnyStr

import numpy as np
from numpy.typing import NDArray

from .error import DataError
from .labels import label_remark, left_out
from .stored import Stored

__all__ = ["is_table", "read_table"]

_PRINTABLE = frozenset(b"\t\r" + bytes(range(32, 127)) + bytes(range(128, 256)))
_LONGEST = 2**24  # bytes in which the first lines must end
_MARKS = "\t,;|"
_MISSING = frozenset({"", "-", "?", "na", "n/a", "nan", "-nan", "null", "none", "missing", "#n/a", "<na>"})
_WITH_COMMAS = re.compile(r"[+-]?[0-9]*(,[0-9]+)+([.][0-9]*)?")
_HASH = r"#(?!n/a|div/0!|name\?|null!|num!|ref!|value!)"  # no error of a spreadsheet
_COMMENT = re.compile(rf"^{_HASH}[^\n]*", re.MULTILINE | re.IGNORECASE)
_ROW = re.compile(rf"^(?!{_HASH})[^\n]*\S[^\n]*", re.MULTILINE | re.IGNORECASE)
_SAID_BY_EXCEL = r'(?:"?sep=([^\r\n])"?[ \t]*(?:[\r\n]+|\Z))?'
_BEFORE = rf"(?:[ \t]*[\r\n]+|{_HASH}[^\r\n]*(?:[\r\n]+|\Z))*"
_HEAD = re.compile(_SAID_BY_EXCEL + _BEFORE, re.IGNORECASE)
"""What may come before the first line of a table: which mark parts the cells, empty lines and comments."""
_RAW_HEAD = re.compile(_HEAD.pattern.encode(), re.IGNORECASE)


def is_table(raw: bytes | bytearray) -> bool:
    """Whether the first line is text, and has several cells, or it or the next is of numbers."""
    text = bytes(raw[:_LONGEST]).removeprefix(b"\xef\xbb\xbf")
    head = _matched(_RAW_HEAD, text)
    if head[:5].lower().lstrip(b'"').startswith(b"sep="):
        return True
    lines = text[len(head) :].split(b"\n", 2)[:2]
    if not _PRINTABLE.issuperset(head.replace(b"\n", b"") + lines[0]):
        return False
    if not lines[0].strip():
        return bool(head.strip())
    if any(mark.encode() in lines[0] for mark in _MARKS):
        return True
    return any(line.strip() and all(map(_is_number, line.decode("utf-8", "replace").split())) for line in lines)


def _matched(pattern: re.Pattern[AnyStr], text: AnyStr) -> AnyStr:
    found = pattern.match(text)
    return found[0] if found else text[:0]


def read_table(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    """The numbers without the columns of labels. A first line with a label, or without a number, names the columns.

    Lines that begin with # are comments; the last before the first line of numbers may name the columns.
    """
    text = _text(path, raw)
    layout = _Layout.of(path, text, labels)
    if (text.count(layout.mark) + text.count("\n") + 1) * 8 > max_bytes:
        raise DataError(path, f"a table of more than {max_bytes:,} bytes as float64", "give fewer rows or columns")
    _check_comments(path, text, layout)
    text, comments = _COMMENT.subn("", text) if "#" in text else (text, 0)
    if not any(True for _ in _rows(text, layout)):
        raise DataError(path, "a table without a line of numbers", "give another, or fetch it again")
    if not layout.kept:
        raise DataError(path, "a table of labels alone", "give one with columns of numbers, or name fewer labels")
    values = _numbers(path, text, layout)
    names = tuple(layout.columns[k] for k in layout.kept) if layout.named else ()
    passed_over = f"{comments:,} line{'s begin' if comments > 1 else ' begins'} with # and"
    told = f"{passed_over} {'are' if comments > 1 else 'is'} no sample{'s' if comments > 1 else ''}" if comments else ""
    return Stored(values, names, remark="; ".join(filter(None, [told, label_remark(names)])))


@dataclass(frozen=True)
class _Layout:
    """What parts the cells, what the columns are called or the first line's cells, and which columns are numbers.

    first: the number of the first line with cells. skipped: how many lines are before the first of numbers.
    """

    mark: str
    columns: list[str]
    named: bool
    kept: list[int]
    first: int
    skipped: int

    @classmethod
    def of(cls, path: Path, text: str, labels: Sequence[str]) -> _Layout:
        head = _matched(_HEAD, text)
        before = head.count("\n")
        rows = [row[0] for row in islice(_ROW.finditer(text, len(head)), 2)] or [""]
        mark = _mark(path, head, rows)
        columns = _cells(rows[0], mark)
        names = not any(map(_is_number, columns)) and any(cell.lower() not in _MISSING for cell in columns)
        named = names or any(label in columns and not _is_number(label) for label in labels)
        skipped = before + named
        if not named and (told := _names_in_comment(head, mark, len(columns))):
            columns, named = told, True
        labelled = left_out(path, labels, columns if named else [], len(columns))
        kept = [k for k in range(len(columns)) if k not in labelled]
        return cls(mark, columns, named, kept, before + 1, skipped)


def _mark(path: Path, head: str, rows: Sequence[str]) -> str:
    """What parts the cells: as the head says, or the mark with which the last of these rows has the most numbers."""
    told = _HEAD.match(head)
    if told and (mark := told[1]):
        if mark not in f"{_MARKS} ":
            remedy = "put commas, tabulators, semicolons, | or blanks between them, and say so there"
            raise DataError(path, f"values between {mark!r}, as line 1 says", remedy)
        return mark
    marks = [mark for mark in _MARKS if mark in rows[0]]
    return max(marks, key=lambda mark: _as_numbers(_cells(rows[-1], mark)), default=" ")


def _as_numbers(cells: Sequence[str]) -> int:
    """How many are numbers, as one or another country writes them."""
    return sum(_is_number(cell) or bool(_WITH_COMMAS.fullmatch(cell)) for cell in cells)


def _names_in_comment(head: str, mark: str, count: int) -> list[str]:
    """What the last comment before the first line calls so many columns; none where it does not."""
    comments = _COMMENT.findall(head)
    cells = _cells(comments[-1].lstrip("#"), mark) if comments else []
    return cells if len(cells) == count > 1 and all(cells) and not any(map(_is_number, cells)) else []


def _check_comments(path: Path, text: str, layout: _Layout) -> None:
    """Where the first column is of labels, a line that begins with # may be a sample. Raises DataError."""
    if not layout.kept or layout.kept[0] == 0 or "#" not in text:
        return
    for number, line in enumerate(io.StringIO(text), 1):
        cells = _cells(line.rstrip("\n"), layout.mark) if line.startswith("#") else []
        if len(cells) == len(layout.columns) and any(map(_is_number, cells[1:])):
            found = f"line {number} begins with #: a comment, or a sample whose label does"
            raise DataError(path, found, "delete the line, or write its first value in quotation marks")


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
    form |= {"ndmin": 2, "comments": None}
    lines = io.StringIO(text)
    for _ in range(layout.skipped):
        lines.readline()
    if len(layout.kept) < len(layout.columns):
        form["usecols"] = layout.kept
    try:
        table: NDArray[np.float64] = np.loadtxt(lines, **form)
    except ValueError as error:
        raise _fault(path, text, layout) or DataError(path, f"a bad line ({error})", "give numbers alone") from error
    if (len(layout.kept) < len(layout.columns) or layout.named) and (fault := _ragged(path, text, layout)):
        raise fault  # usecols passes over what is too long, and a line of names is not held against the others
    return table


def _rows(text: str, layout: _Layout) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty and no names, by their number, as cells."""
    lines = io.StringIO(text)
    for number, line in enumerate(lines, 1):
        if line.strip() and number > layout.skipped:
            yield number, _cells(line.rstrip("\n"), layout.mark)


def _ragged(path: Path, text: str, layout: _Layout) -> DataError | None:
    """The first line with other than as many cells as there are columns."""
    wanted = len(layout.columns)
    for number, cells in _rows(text, layout):
        if len(cells) != wanted:
            before = f"there are {wanted} names" if layout.named else f"line {layout.first} has {wanted}"
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
