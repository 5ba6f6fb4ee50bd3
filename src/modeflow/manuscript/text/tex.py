"""TeX without what it does not set: comments, verbatim, \\iffalse; and the marks in its comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from .author_macros import Definition, definitions
from .marks import HIDDEN, Mark, mark

_VERBATIM = ("verbatim", "Verbatim", "lstlisting", "minted", "filecontents", "alltt", "tcblisting")
_QUOTES = r"\\(?:verb\*?|lstinline\*?(?:\[[^\[\]\n]*\])?(?!\[))"
_TEX = re.compile(
    r"(?P<escaped>\\[\\%$&#_{}])"
    r"|(?P<comment>%[^\n]*)"
    rf"|{_QUOTES}(?P<quote>[^A-Za-z\s*{{])"
    r"|(?P<off>\\iffalse(?![A-Za-z])|\\if\s*0(?!\d))"
    r"|(?P<end>\\end\s*\{document\}|\\endinput(?![A-Za-z]))"
    r"|\\begin\s*\{(?P<environment>[A-Za-z]+\*?)\}"
)
_COMMENT = re.compile(r"%[^\n]*")
_PASSED_OVER = "TeX passes over this mark: it stands in {}"
_MAY_PASS_OVER = "whether TeX passes over this mark is not clear here: it may stand in {}"


class Stripped:
    """A text in which what TeX does not set is blanked, at the same places; and the marks of all its comments."""

    def __init__(self, text: str) -> None:
        self.marks: list[Mark] = []
        self.dead: list[Mark] = []
        self._source, self._quotes, self._places = text, _Quotes(text), _Places(text)
        parts, last = [], 0
        for begin, end in self._unset():
            parts += [text[last:begin], blanked(text[begin:end], hides=text[begin] != "%")]
            last = end
        self.text = "".join([*parts, text[last:]])

    def _unset(self) -> Iterator[tuple[int, int]]:
        at = 0
        while found := _TEX.search(self._source, at):
            end = self._end(found)
            at = found.end() if end is None else end
            if end is not None:
                yield found.start(), end

    def _end(self, found: re.Match[str]) -> int | None:
        """Where what begins there and is not set ends, None where it is set; keeps the marks of comments."""
        environment = (found["environment"] or "").rstrip("*")
        if found["comment"]:
            self.marks += _marks(found[0], found.start())
            return found.end()
        if found["quote"]:
            return self._quotes.closed(found["quote"], found.end())
        if environment in _VERBATIM:
            return _after(self._source, f"\\end{{{found['environment']}}}", found.end())
        where = _dead(found, environment)
        return self._end_of_dead(found, where) if where and not self._places.conditional(found) else None

    def _end_of_dead(self, found: re.Match[str], where: str) -> int:
        """Where what TeX passes over ends; keeps the marks in it."""
        text = self._source
        end, is_sure = (len(text), True) if found["end"] else self._after_dead(found["environment"], found.end())
        problem = (_PASSED_OVER if is_sure else _MAY_PASS_OVER).format(where)
        dead = (m for c in _COMMENT.finditer(text, found.end(), end) for m in _marks(c[0], c.start()))
        self.dead += [replace(m, problem=problem, dead=is_sure) for m in dead]
        return end

    def _after_dead(self, environment: str | None, at: int) -> tuple[int, bool]:
        """Where it ends, and whether that is sure."""
        if not environment:
            return _after_fi(self._source, at)
        end = _after(self._source, f"\\end{{{environment}}}", at)
        return end, self._source.endswith("}", at, end)


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


# The conditionals of TeX and its engines; others are the author's, or are none and have no \fi.
_CONDITIONALS = {
    "\\if" + name
    for name in (
        *("", "x", "cat", "num", "dim", "odd", "case", "vmode", "hmode", "mmode", "inner", "void", "hbox", "vbox"),
        *("eof", "true", "false", "defined", "csname", "fontchar", "pdf", "xetex", "luatex"),
    )
}


def _after_fi(text: str, at: int) -> tuple[int, bool]:
    """Where what \\iffalse leaves out ends, behind its \\fi or its \\else; and whether that is sure."""
    depth, is_sure = 1, True
    for found in _BRANCH.finditer(text, at):
        opens = found[0].startswith("\\if")
        depth += opens - (found[0] == "\\fi")
        is_sure = is_sure and (not opens or found[0] in _CONDITIONALS)
        if depth == 0 or (depth == 1 and found[0] == "\\else"):
            return found.end(), is_sure
    return len(text), False


class _Places:
    """Where the author defines something, and how many conditionals are open: found when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._defined: list[tuple[int, int]] | None = None
        self._branches: list[int] = []
        self._depths: list[int] = []

    def conditional(self, found: re.Match[str]) -> bool:
        """Whether a command that leaves text out stands in a definition, or, where it ends the file, in a branch."""
        if self._defined is None:
            self._look()
        at = found.start()
        place = bisect_left(self._branches, at)
        is_open = bool(found["end"]) and place > 0 and self._depths[place - 1] > 0
        near = bisect_left(self._starts, at) - 1
        return is_open or (near >= 0 and at < self._ends[near])

    def _look(self) -> None:
        plain = re.sub(r"\\.|%[^\n]*", lambda m: blanked(m[0]) if m[0][0] == "%" else m[0], self._text)
        self._defined = [(one.begin, one.end) for one in definitions(plain)]
        self._starts = [begin for begin, _ in self._defined]
        self._ends = list(accumulate((end for _, end in self._defined), max))
        depth = 0
        for found in _BRANCH.finditer(_NEW.sub(lambda m: " " * len(m[0]), plain)):
            depth = max(depth + found[0].startswith("\\if") - (found[0] == "\\fi"), 0)
            self._branches.append(found.start())
            self._depths.append(depth)


_NEW = re.compile(r"\\newif\s*\\if[A-Za-z]*")


class _Quotes:
    """Where the sign behind \\verb stands again on its line; every sign is looked for once in the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}

    def closed(self, quote: str, at: int) -> int | None:
        """Behind the next one on this line; None where none stands."""
        if not self._places:
            wanted = {m[1] for m in re.finditer(rf"{_QUOTES}([^A-Za-z\s*{{])", self._text)}
            for found in re.finditer(f"[{re.escape(''.join(wanted))}\n]", self._text):
                self._places.setdefault(found[0], []).append(found.start())
        ends = [self._next(sign, at) for sign in (quote, "\n")]
        return ends[0] + 1 if ends[0] < ends[1] else None

    def _next(self, sign: str, at: int) -> int:
        places = self._places.get(sign, [])
        place = bisect_left(places, at)
        return places[place] if place < len(places) else len(self._text)
