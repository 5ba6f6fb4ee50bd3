"""The mathematics in a text, displayed or in a line: where each piece begins and ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .author_macros import closed_braces
from .environments import Displays, Opening


@dataclass(frozen=True)
class Found:
    """A piece of mathematics: where what opens it begins, where its text begins and stops, and where it ends.

    environment: "$" in a line, "$$" between dollars or brackets. problem: why it is seen and not read.
    """

    environment: str
    begin: int
    start: int
    stop: int
    end: int
    problem: str = ""


LONGEST_PREFIX = 200  # characters before a display on its line

_CLOSED_BY = {"$$": "$$", "$": "$", "\\[": "\\]", "\\(": "\\)", "\\\\[": "\\\\]", "\\\\(": "\\\\)"}
_IN_LINE = ("$", "\\(", "\\\\(")
_ESCAPED = r"\\[\\%$&#_{}]"
_ENVIRONMENT = r"\\{}\s*\{{\s*(?P<environment>[^{{}}\\$%\n]+?)\s*\}}"
_OPENS = r"|(?P<escaped>{escaped})|{begin}|(?P<open>\\\[|\\\(|\$\$|\$)|(?P<command>\\[A-Za-z]+)"
_CLOSES = r"|(?P<close>\\\]|\\\)|\$\$?)|{end}|(?P<command>\\[A-Za-z]+)|(?P<escaped>\\.)|(?P<blank>\n(?:[ \t>]*\n)+)"


@dataclass(frozen=True)
class Signs:
    """What a format writes around mathematics."""

    opens: re.Pattern[str]
    closes: re.Pattern[str]
    begins_line: re.Pattern[str]  # what may stand before a display on its line


def _signs(opens: str, closes: str, begins_line: str) -> Signs:
    begin, end = _ENVIRONMENT.format("begin"), _ENVIRONMENT.format("end")
    opening = opens + _OPENS.format(escaped=_ESCAPED, begin=begin)
    closing = closes + _CLOSES.format(end=end)
    return Signs(re.compile(opening.lstrip("|")), re.compile(closing.lstrip("|"), re.DOTALL), re.compile(begins_line))


TEX = _signs("", "", "")
# Markdown takes one backslash of \\[ for itself; without it, \[ is read by some that set it.
MARKDOWN = _signs(
    r"(?P<doubled>\\\\[\[(])", r"(?P<doubled>\\\\[\])])", r"[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]+|>)*[ \t]*\Z"
)


class Finder:
    """Finds the mathematics of one text, whose comments are blanked, in time linear in its length."""

    def __init__(self, text: str, signs: Signs, displays: Displays) -> None:
        self._text, self._signs, self._displays = text, signs, displays
        self._ends, self._blank = _Index(), _Index()
        self._braces: Mapping[int, int] = (
            closed_braces(text) if any(o.arguments for o in displays.opens.values()) else {}
        )
        for found in signs.closes.finditer(text):
            self._note(found)

    def _note(self, found: re.Match[str]) -> None:
        groups = found.groupdict()
        if found["blank"]:
            self._blank.add("", found.start(), found.end())
        elif sign := found["close"] or groups.get("doubled"):
            self._ends.add(sign, found.start(), found.end())
            if sign == "$$":
                self._ends.add("$", found.start(), found.start() + 1)
        name = f"{{{found['environment']}}}" if found["environment"] else found["command"] or found["close"] or ""
        if (closed := self._displays.closes.get(name)) is not None:
            self._ends.add("|".join(closed), found.start(), found.end())

    def all(self) -> Iterator[Found]:
        """Each piece, in the order of the text."""
        at = 0
        while found := self._signs.opens.search(self._text, at):
            at = found.end()
            if (piece := self._piece(found)) is not None:
                yield piece
                at = max(piece.end, at)

    def _piece(self, found: re.Match[str]) -> Found | None:
        if found["escaped"]:
            return None
        if sign := found["open"] or found.groupdict().get("doubled"):
            return self._between(sign, found.start(), found.end())
        name = f"{{{found['environment']}}}" if found["environment"] else found["command"]
        opening = self._displays.opens.get(name)
        return None if opening is None else self._opened(opening, found)

    def _between(self, sign: str, begin: int, start: int) -> Found | None:
        """Dollars or brackets; an empty line ends the search where these may be none, as a price is."""
        span = self._ends.next(_CLOSED_BY[sign], start)
        if span is None:
            return None
        if sign in _IN_LINE or not self._begins_line(begin):
            blank = self._blank.next("", start)
            if blank is not None and blank[0] < span[0]:
                return None
        return Found("$" if sign in _IN_LINE else "$$", begin, start, *span)

    def _begins_line(self, at: int) -> bool:
        line = self._text.rfind("\n", max(0, at - LONGEST_PREFIX), at) + 1
        return (line > 0 or at <= LONGEST_PREFIX) and self._signs.begins_line.match(self._text[line:at]) is not None

    def _opened(self, opening: Opening, found: re.Match[str]) -> Found | None:
        begin, name = found.start(), opening.environments[-1]
        known = {"\\[": "$$", "\\(": "$", "$$": "$$"}.get(name, name.rstrip("*"))
        arguments = self._arguments(found.end(), opening.arguments)
        if opening.whole and arguments is not None:
            inner = arguments[opening.whole - 1]
            return Found(known, begin, inner[0], inner[1], arguments[-1][1] + 1, opening.problem)
        start = arguments[-1][1] + 1 if arguments else found.end()
        span = self._ends.next("|".join(opening.environments), start)
        if span is None and name == found["environment"]:
            return None  # TeX stops at it
        problem = opening.problem
        if arguments is None or span is None:
            problem = problem or f"{found[0]} is not read here: write \\begin{{equation}} … \\end{{equation}}"
        return Found(known, begin, start, *(span or (start, start)), problem)

    def _arguments(self, at: int, number: int) -> list[tuple[int, int]] | None:
        """The insides of the groups that stand there; None where there are fewer."""
        found = []
        for _ in range(number):
            opened = at
            while opened < len(self._text) and self._text[opened].isspace():
                opened += 1
            if opened not in self._braces:
                return None
            found.append((opened + 1, self._braces[opened]))
            at = self._braces[opened] + 1
        return found


@dataclass
class _Index:
    """Where each sign stands, from left to right."""

    _begins: dict[str, list[int]] = field(default_factory=dict)
    _spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, sign: str, begin: int, end: int) -> None:
        self._begins.setdefault(sign, []).append(begin)
        self._spans.setdefault(sign, []).append((begin, end))

    def next(self, sign: str, at: int) -> tuple[int, int] | None:
        """The first that stands there or later."""
        place = bisect_left(self._begins.get(sign, ()), at)
        spans = self._spans.get(sign, [])
        return spans[place] if place < len(spans) else None
