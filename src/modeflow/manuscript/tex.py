"""TeX without what it does not set: comments, verbatim, \\iffalse; and the marks in its comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .macros import Definition
from .marks import HIDDEN, Mark, mark

_VERBATIM = ("verbatim", "Verbatim", "lstlisting", "minted", "filecontents", "alltt", "tcblisting")
_TEX = re.compile(
    r"(?P<escaped>\\[\\%$&#_{}])"
    r"|(?P<comment>%[^\n]*)"
    r"|\\(?:verb|lstinline)\*?(?P<quote>[^A-Za-z\s*{])"
    r"|(?P<off>\\iffalse(?![A-Za-z])|\\if\s*0(?!\d))"
    r"|(?P<end>\\end\s*\{document\}|\\endinput(?![A-Za-z]))"
    r"|\\begin\s*\{(?P<environment>[A-Za-z]+\*?)\}"
)
_COMMENT = re.compile(r"%[^\n]*")
_PASSED_OVER = "TeX passes over this mark: it stands in {}"


class Stripped:
    """A text in which what TeX does not set is blanked, at the same places; and the marks of all its comments."""

    def __init__(self, text: str) -> None:
        self.marks: list[Mark] = []
        self.dead: list[Mark] = []
        self._source, self._quotes = text, _Quotes(text)
        parts, last = [], 0
        for begin, end in self._unset():
            parts += [text[last:begin], blanked(text[begin:end], hides=text[begin] != "%")]
            last = end
        self.text = "".join([*parts, text[last:]])

    def _unset(self) -> Iterator[tuple[int, int]]:
        text, at = self._source, 0
        while found := _TEX.search(text, at):
            at = found.end()
            environment = (found["environment"] or "").rstrip("*")
            if found["comment"]:
                self.marks += _marks(found[0], found.start())
            elif found["quote"]:
                at = self._quotes.closed(found["quote"], at)
                if at == found.end():
                    continue
            elif environment in _VERBATIM:
                at = _after(text, f"\\end{{{found['environment']}}}", at)
            elif where := _dead(found, environment):
                at = len(text) if found["end"] else self._after_dead(found["environment"], at)
                dead = (m for c in _COMMENT.finditer(text, found.end(), at) for m in _marks(c[0], c.start()))
                self.dead += [replace(m, problem=_PASSED_OVER.format(where), dead=True) for m in dead]
            else:
                continue
            yield found.start(), at

    def _after_dead(self, environment: str | None, at: int) -> int:
        return _after(self._source, f"\\end{{{environment}}}", at) if environment else _after_fi(self._source, at)


def without(text: str, definitions: Iterable[Definition]) -> str:
    """The text with the author's definitions blanked."""
    parts, last = [], 0
    for one in definitions:
        if one.begin >= last:
            parts += [text[last : one.begin], blanked(text[one.begin : one.end])]
            last = one.end
    return "".join([*parts, text[last:]])


def in_definitions(marks: Sequence[Mark], definitions: Sequence[Definition]) -> list[Mark]:
    """The marks, of which those in a definition belong to no equation."""
    found = list(marks)
    places = [one.position for one in found]
    for definition in definitions:
        for place in range(bisect_left(places, definition.begin), bisect_left(places, definition.end)):
            reason = f"this mark stands in the definition of {definition.name}"
            found[place] = replace(found[place], problem=found[place].problem or reason)
    return found


def _marks(comment: str, at: int) -> list[Mark]:
    found = mark(comment.lstrip("%"), at, at + len(comment))
    return [] if found is None else [found]


def _dead(found: re.Match[str], environment: str) -> str:
    """What is not set there, in words."""
    if found["end"]:
        return f"what follows {found[0]}"
    return "\\iffalse … \\fi" if found["off"] else "the environment comment" if environment == "comment" else ""


def blanked(text: str, hides: bool = False) -> str:
    """White space of the same length, in the same lines."""
    return HIDDEN * hides + re.sub(r"[^\n]", " ", text[hides:])


def _after(text: str, ending: str, at: int) -> int:
    end = text.find(ending, at)
    return len(text) if end < 0 else end + len(ending)


# Commands that begin with \if and are no conditionals: \fi ends none of them.
_NO_CONDITIONALS = "f|thenelse|def|undef|bool|toggle|blank|strequal|strempty|defempty|defstring|numcomp|numequal"
_BRANCH = re.compile(
    rf"%[^\n]*|\\if(?!(?:{_NO_CONDITIONALS})(?![A-Za-z]))[A-Za-z]*|\\fi(?![A-Za-z])|\\else(?![A-Za-z])|\\."
)


def _after_fi(text: str, at: int) -> int:
    """Where what \\iffalse leaves out ends: behind its \\fi, or its \\else."""
    depth = 1
    for found in _BRANCH.finditer(text, at):
        depth += found[0].startswith("\\if") - (found[0] == "\\fi")
        if depth == 0 or (depth == 1 and found[0] == "\\else"):
            return found.end()
    return len(text)


class _Quotes:
    """Where the sign behind \\verb stands again on its line; every sign is looked for once in the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}

    def closed(self, quote: str, at: int) -> int:
        """Behind the next one on this line; `at` where none stands."""
        if not self._places:
            wanted = {m[1] for m in re.finditer(r"\\(?:verb|lstinline)\*?([^A-Za-z\s*{])", self._text)}
            for found in re.finditer(f"[{re.escape(''.join(wanted))}\n]", self._text):
                self._places.setdefault(found[0], []).append(found.start())
        ends = [self._next(sign, at) for sign in (quote, "\n")]
        return ends[0] + 1 if ends[0] < ends[1] else at

    def _next(self, sign: str, at: int) -> int:
        places = self._places.get(sign, [])
        place = bisect_left(places, at)
        return places[place] if place < len(places) else len(self._text)
