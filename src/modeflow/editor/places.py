"""Places in a text: lines and columns from 1, in signs, as findings have them, and as an editor counts."""

from __future__ import annotations

import re

from lsprotocol.types import Position, Range
from pygls.workspace import PositionCodec

_LINE = re.compile(r"\r\n?|\n")
_MARK = re.compile(r"(?<!\\)(?:\\\\)*(?:%|<!--)[ \t]*modeflow[ \t]*:[ \t]*(?P<says>[\w.]*)")
Place = tuple[int, int]


class Lines:
    """The lines of a text, without their ends, as an editor and the reader of manuscripts both part them."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self._codec = codec
        self._bom = text.startswith("\ufeff")
        self._lines = _LINE.split(text)

    def position(self, place: Place) -> Position:
        """A place as an editor counts, the nearest that there is."""
        number = min(max(place[0] - 1, 0), len(self._lines) - 1)
        before = self._lines[number][: max(place[1] - 1, 0) + (self._bom and number == 0)]
        return Position(number, self._codec.client_num_units(before))

    def range(self, begin: Place, end: Place | None) -> Range:
        """From a place to another, or to the end of its line."""
        start = self.position(begin)
        stop = self.position(end or (begin[0], len(self._lines[start.line]) + 1))
        return Range(start, stop if (stop.line, stop.character) > (start.line, start.character) else start)

    def before(self, position: Position) -> str:
        """What stands before a position in its line."""
        if position.line >= len(self._lines):
            return ""
        line, left = self._lines[position.line], position.character
        for number, sign in enumerate(line):
            left -= self._codec.client_num_units(sign)
            if left < 0:
                return line[:number]
        return line

    def mark(self, position: Position) -> str:
        """What the mark says in which a position is; "" where it is in none."""
        line = self._lines[position.line] if position.line < len(self._lines) else ""
        column = len(self.before(position))
        found = next((m for m in _MARK.finditer(line) if m.start() <= column <= m.end()), None)
        return found["says"] if found else ""

    def first_change(self, before: Lines) -> int:
        """The line, from 1, in which this text begins to differ from another one."""
        pairs = zip(self._lines, before._lines, strict=False)
        alike = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
        return (min(len(self._lines), len(before._lines)) if alike is None else alike) + 1


def begun_mark(before: str) -> str | None:
    """What of a mark's first word is written at the end of a line; None where no mark is."""
    last = list(_MARK.finditer(before))[-1:]
    return next((mark["says"] for mark in last if mark.end() == len(before)), None)
