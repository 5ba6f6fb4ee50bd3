"""Which mark belongs to which piece of mathematics: to the next one, if nothing stands between that may be another.

What stands there is known word by word, and whatever is not known makes the mark an error at its own line, so that no
mark is taken for an equation that it was not written for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from .displays import Found


@dataclass(frozen=True)
class Mark:
    """A comment `modeflow: …`: what it says, where it begins and ends, and why it belongs to no equation.

    dead: it stands where nothing is set, as between \\iffalse and \\fi.
    """

    says: str
    position: int
    end: int = 0
    problem: str = ""
    dead: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is for an equation."""
        return not self.says.startswith("define ")


@dataclass(frozen=True)
class Display:
    """One piece of mathematics: its environment ("$" inline), text, place, and the marks before it and inside it.

    problem: why it is seen, and not read.
    """

    environment: str
    text: str
    position: int
    before: tuple[Mark, ...]
    inside: tuple[Mark, ...]
    problem: str = ""


HIDDEN = "\0"  # stands in the text where something is left out that is more than a comment

# A comment that is a mark, and one that was meant to be.
SAYS = re.compile(r"\s*modeflow\s*:(.*)", re.DOTALL | re.IGNORECASE)
MEANT = re.compile(r"modeflow\s*:", re.IGNORECASE)
# A comment that is a mark but for its colon or its first word; what else says modeflow may be prose.
_NEARLY = re.compile(r"\s*(\w{6,10})\s*[:;=.]?\s*(prove|steps|[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\s*", re.IGNORECASE)
_MISSPELT = "a mark is written % modeflow: …, or <!-- modeflow: … --> in Markdown"
_MISPLACED = "a mark stands at the beginning of its comment: % modeflow: …, or <!-- modeflow: … --> in Markdown"


def mark(comment: str, begin: int, end: int) -> Mark | None:
    """The mark in what a comment says, between those places; None where none is meant."""
    if found := SAYS.match(comment):
        return Mark(found[1].strip(), begin, end)
    if found := MEANT.search(comment):
        return Mark(comment[found.end() :].strip(), begin, end, _MISPLACED)
    if (found := _NEARLY.fullmatch(comment)) and get_close_matches(found[1].lower(), ["modeflow"], 1, 0.8):
        return Mark(found[2], begin, end, _MISSPELT)
    return None


_WRITTEN = re.compile(
    r"modeflow[ \t]*:[ \t]*((?:prove|steps|define|ignore)(?![\w-])|[a-z][a-z0-9_]*\.[a-z0-9_]+)", re.IGNORECASE
)


def written(text: str, marks: Sequence[Mark], remedy: str) -> list[Mark]:
    """What is written as a mark and stands in no comment that is read: a text is without those."""
    spans = sorted((one.position, one.end) for one in marks)
    begins = [begin for begin, _ in spans]
    found = []
    for one in _WRITTEN.finditer(text):
        place = bisect_right(begins, one.start()) - 1
        if place < 0 or spans[place][1] <= one.start():
            found.append(Mark(one[1], one.start(), one.end(), f"this mark stands in no comment: write {remedy}"))
    return found


# What may stand between a mark and its equation ------------------------------------------------------------

_SILENT = "noindent par smallskip medskip bigskip allowbreak nopagebreak item"
_NAMING = "label ref eqref pageref autoref cref Cref cite citet citep index vspace hspace emph textit textbf"
_AROUND = ("subequations", "linenomath", "linenomath*")
_WORD = r"[^\W_]|[.,;:!?()'\"~–—’“”-]"
_PREFIX = r"(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))"


class Gap:
    """What may stand between a mark and its equation; `own` are the commands that the author defined."""

    def __init__(self, own: Container[str], markdown: bool) -> None:
        plain = "|".join(name for name in _SILENT.split() if f"\\{name}" not in own)
        named = "|".join(name for name in _NAMING.split() if f"\\{name}" not in own)
        around = "|".join(re.escape(name) for name in _AROUND if f"{{{name}}}" not in own)
        silent = rf"\\(?:{plain})(?![A-Za-z])|\\(?:{named})\*?\s*\{{[^{{}}\\$=]*\}}|\\begin\s*\{{(?:{around})\}}"
        blank = rf"[ \t]|\n[ \t]*(?:{_PREFIX}[ \t]*)*" if markdown else r"\s"
        empty = r"[ \t>]*\n" if markdown else r"[ \t]*\n"
        words = rf"{_WORD}|[ \t]|\n(?!{empty})(?:[ \t]*{_PREFIX})*+" if markdown else rf"{_WORD}|[ \t]|\n(?!{empty})"
        self._clear = re.compile(rf"(?:{blank}|{silent})*+(?:{words}|{silent})*+")
        self._begun = re.compile(rf"(?:[ \t]*{_PREFIX})*+(?:{words}|{silent})*+")

    def obstacle(self, text: str, start: int, stop: int) -> str:
        """What stands there and may be an equation, or end the paragraph; "" where nothing does."""
        return self._behind(self._clear, text, start, stop)

    def before(self, text: str, start: int, stop: int) -> str:
        """The same for the beginning of a line."""
        return self._behind(self._begun, text, start, stop)

    def _behind(self, clear: re.Pattern[str], text: str, start: int, stop: int) -> str:
        found = clear.match(text, start, stop)
        end = found.end() if found else start
        if end >= stop:
            return ""
        shown = _SHOWN.match(text, end, stop)
        if text[end] == HIDDEN:
            return "what is not set, or set as it is written,"
        return " ".join(shown[0].split())[:40] if shown else "the end of a paragraph"


_SHOWN = re.compile(r"\\[A-Za-z]+\*?(?:\s*\{[^{}]{0,30}\})?|\\.|\S+")


def bound(
    text: str, found: Iterable[Found], marks: Sequence[Mark], gap: Gap
) -> tuple[list[tuple[Found, list[Mark], list[Mark]]], list[Mark]]:
    """Each piece of mathematics with the marks before it and inside of it; and the marks that belong to none.

    The text is without comments; the marks are those outside of what is not set, in the order of the text.
    """
    pieces: list[tuple[Found, list[Mark], list[Mark]]] = []
    lost = [one for one in marks if one.problem]
    marks = [one for one in marks if not one.problem]
    places = [one.position for one in marks]
    waiting = _Waiting(text, gap, lost)
    at = 0
    for piece in found:
        inside = bisect_left(places, piece.start, at)
        for one in marks[at:inside]:
            waiting.add(one)
        at = bisect_left(places, piece.stop, inside)
        pieces.append((piece, waiting.taken(piece), list(marks[inside:at])))
    for one in marks[at:]:
        waiting.add(one)
    waiting.all_lost("no equation follows this mark")
    return pieces, lost


_REST = re.compile(r"[ \t.,;:]*+")


class _Waiting:
    """The marks that wait for an equation; what stands behind the last of them is not looked through yet."""

    def __init__(self, text: str, gap: Gap, lost: list[Mark]) -> None:
        self._text, self._gap, self._lost = text, gap, lost
        self._marks: list[Mark] = []
        self._last = self._stop = 0

    def add(self, mark: Mark) -> None:
        """One more, which begins its line, or stands behind what can be no equation."""
        self._look(mark.position)
        line = self._text.rfind("\n", self._last, mark.position) + 1
        begin = max(line, self._last)
        stands_behind = self._gap.before(self._text, begin, mark.position) if self._ends_line(mark.end) else ""
        self._last = mark.end
        if stands_behind and mark.waits:
            reason = f"this mark stands behind {stands_behind}: write it on a line of its own before its equation"
            self._lost.append(replace(mark, problem=reason))
        else:
            self._marks.append(mark)

    def _ends_line(self, at: int) -> bool:
        """Whether nothing but a full stop follows on the line."""
        if at >= self._stop and (rest := _REST.match(self._text, at)):
            self._stop = rest.end()
        return self._stop >= len(self._text) or self._text[self._stop] == "\n"

    def taken(self, piece: Found) -> list[Mark]:
        """Those that wait at a piece of mathematics."""
        self._look(piece.begin)
        taken, self._marks, self._last = self._marks, [], piece.end
        return taken

    def _look(self, stop: int) -> None:
        if self._marks and (obstacle := self._gap.obstacle(self._text, self._last, stop)):
            self.all_lost(f"{obstacle} stands between this mark and the next equation: write the mark right before it")

    def all_lost(self, reason: str) -> None:
        self._lost += [replace(mark, problem=reason) if mark.waits else mark for mark in self._marks]
        self._marks = []
