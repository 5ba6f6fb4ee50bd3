"""Markdown without its code, with its blocks of mathematics, and the marks in its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from .displays import Found
from .markdown_tokens import CODE, COMMENT, FENCE, is_math, placed_tokens
from .marks import Mark, mark
from .tex import blanked

_INDENT = r"[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)*+"
# Options of a block of mathematics in MyST, such as a label.
_OPTIONS = re.compile(r"(?:[ \t>]*:[A-Za-z][^\n]*\n)+|[ \t>]*---[ \t]*\n(?:[^\n]*\n)*?[ \t>]*---[ \t]*\n")


class Stripped:
    """Markdown in which code and comments are blanked, at the same places; its blocks of mathematics, and its marks."""

    def __init__(self, text: str) -> None:
        self.marks: list[Mark] = []
        self.blocks: list[Found] = []
        self._source = text
        parts, last = [], 0
        for begin, end in self._unset():
            parts += [text[last:begin], blanked(text[begin:end], hides=not text.startswith("<!-", begin))]
            last = end
        self.text = "".join([*parts, text[last:]])

    def _unset(self) -> Iterator[tuple[int, int]]:
        for token, begin, end in placed_tokens(self._source):
            if token.type == FENCE:
                self._fenced(token, begin, end)
            elif token.type == COMMENT:
                self._comment(begin, end)
            elif token.type != CODE:
                yield from self._comments_inside(begin, end)
                continue
            yield begin, end

    def _fenced(self, token: Token, begin: int, end: int) -> None:
        """A block of mathematics; or of code, whose marks are lost where it is never closed."""
        start = min(self._source.find("\n", begin) + 1 or end, end)
        last = self._source.rfind("\n", begin, end) + 1
        closes = re.compile(rf"[ \t>]*{token.markup}{token.markup[0]}*[ \t]*\Z")
        is_closed = last >= start and closes.match(self._source, last, end)
        stop = last if is_closed else end
        if is_math(token):
            options = _OPTIONS.match(self._source, start, stop) if "{" in token.info else None
            self.blocks.append(Found("$$", begin, options.end() if options else start, stop, end))
            self.marks += _commented(self._source, start, stop)
        elif not is_closed:
            reason = "this mark stands in a block of code that is not closed"
            self.marks += [replace(one, problem=reason) for one in _commented(self._source, start, stop)]

    def _comments_inside(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        for found in _COMMENTS.finditer(self._source, begin, end):
            if found[0].startswith("<"):
                self._comment(*found.span())
                yield found.span()

    def _comment(self, begin: int, end: int) -> None:
        if one := mark(_inside(self._source[begin:end]), begin, end):
            is_closed = self._source.endswith("-->", begin + 4, end)
            problem = "" if is_closed else "the comment of this mark is not closed by -->"
            self.marks.append(replace(one, problem=one.problem or problem))


_COMMENTS = re.compile(r"\\.|<!--.*?(?:-->|\Z)|%[^\n]*", re.DOTALL)


def _commented(text: str, start: int, stop: int) -> list[Mark]:
    """The marks in comments of both kinds, as mathematics has them."""
    comments = (c for c in _COMMENTS.finditer(text, start, stop) if c[0][0] != "\\")
    found = (mark(_inside(c[0]), c.start(), c.end()) for c in comments)
    return [one for one in found if one is not None]


def _inside(comment: str) -> str:
    return re.sub(r"\A(?:<!--+|%+)|-*-->\Z|(?<=\n)[ \t>]+", "", comment)


_PERCENT = re.compile(r"\\.|%[^\n]*")
_LINE = re.compile(rf"{_INDENT}\Z")


def percent_marks(text: str, found: Sequence[Found]) -> Iterator[Mark]:
    """The marks behind %: a comment inside of mathematics, and in MyST on a line of its own; elsewhere an error."""
    last = 0
    for piece in found:
        yield from _in_prose(text, last, piece.start)
        for comment in _PERCENT.finditer(text, piece.start, piece.stop):
            if comment[0][0] == "%" and (one := mark(_inside(comment[0]), comment.start(), comment.end())):
                yield one
        last = piece.stop
    yield from _in_prose(text, last, len(text))


def _in_prose(text: str, start: int, stop: int) -> Iterator[Mark]:
    for comment in _PERCENT.finditer(text, start, stop):
        if comment[0][0] == "%" and (one := mark(_inside(comment[0]), comment.start(), comment.end())):
            begin = text.rfind("\n", 0, comment.start()) + 1
            alone = _LINE.match(text, begin, comment.start()) is not None
            yield one if alone else replace(one, problem="write this mark as <!-- modeflow: … --> in Markdown")
