"""Markdown without its code, with its blocks of mathematics, and the marks in its comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .displays import Found
from .marks import Mark, mark
from .tex import blanked

_INDENT = r"[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)*+"
_MD = re.compile(
    rf"^(?P<indent>{_INDENT})(?P<fence>(?P<sign>[`~:])(?P=sign){{2,}}+)(?P<kind>[^\n]*+)$"
    r"|(?P<html><!---?>|<!--)"
    r"|(?P<ticks>`++)"
    r"|(?P<escaped>\\[\\`])",
    re.MULTILINE,
)
# Blocks of mathematics on GitHub and GitLab, in MyST, where options such as a label stand first, and in Pandoc.
_MATH = re.compile(r"\s*(?:math|\{math\}|\{\s*\.math\s*\})(?=\s|\Z)")
_OPTIONS = re.compile(r"(?:[ \t>]*:[A-Za-z][^\n]*\n)+|[ \t>]*---[ \t]*\n(?:[^\n]*\n)*?[ \t>]*---[ \t]*\n")
# Directives of MyST that show code; in all others stands Markdown.
_CODE = re.compile(
    r"\s*\{\s*(?:code|code-block|code-cell|sourcecode|literalinclude|raw|eval-rst|parsed-literal|mermaid"
    r"|r|python|julia|bash|ojs|sql)\b"
)
_PARAGRAPH_ENDS = re.compile(r"\n(?=[ \t>]*(?:\n|\Z|#|<!--|```|~~~|[-+*][ \t]|\d{1,9}[.)][ \t]))")


class Stripped:
    """Markdown in which code and comments are blanked, at the same places; its blocks of mathematics, and its marks."""

    def __init__(self, text: str) -> None:
        self.marks: list[Mark] = []
        self.blocks: list[Found] = []
        self._source = text
        self._fences, self._spans = _Fences(text), _Spans(text)
        parts, last = [], 0
        for begin, end in self._unset():
            parts += [text[last:begin], blanked(text[begin:end], hides=not text.startswith("<!-", begin))]
            last = end
        self.text = "".join([*parts, text[last:]])

    def _unset(self) -> Iterator[tuple[int, int]]:
        text, at = self._source, 0
        while found := _MD.search(text, at):
            blank = True
            if found["html"]:
                at = self._comment(found)
            elif found["escaped"]:
                at, blank = found.end(), False
            elif found["ticks"] or ("`" in found["kind"] and found["sign"] == "`"):
                sign = "ticks" if found["ticks"] else "fence"
                at, blank = self._spans.closed(found.start(sign), found.end(sign))
            else:
                at, blank = self._fenced(found)
            if blank:
                yield found.start(), at

    def _fenced(self, found: re.Match[str]) -> tuple[int, bool]:
        """Where a block of mathematics or of code ends; the end of its first line where it holds Markdown."""
        kind = found["kind"]
        is_math = _MATH.match(kind) is not None
        if (found["sign"] == ":" and not is_math) or self._fences.opens_directive(found, is_math):
            return found.end(), False
        stop, end = self._fences.closed(found)
        start = min(found.end() + 1, stop)
        if is_math:
            options = _OPTIONS.match(self._source, start, stop) if "{" in kind else None
            self.blocks.append(Found("$$", found.start(), options.end() if options else start, stop, end))
            self.marks += _commented(self._source, start, stop)
        elif end == stop:  # never closed
            self._lost_in_code(start, stop)
        return end, True

    def _lost_in_code(self, start: int, stop: int) -> None:
        reason = "this mark stands in a block of code that is not closed"
        self.marks += [replace(one, problem=reason) for one in _commented(self._source, start, stop)]

    def _comment(self, found: re.Match[str]) -> int:
        if found[0] != "<!--":
            return found.end()
        close = self._source.find("-->", found.end())
        end = len(self._source) if close < 0 else close + 3
        if one := mark(_inside(self._source[found.start() : end]), found.start(), end):
            problem = "" if close >= 0 else "the comment of this mark is not closed by -->"
            self.marks.append(replace(one, problem=one.problem or problem))
        return end


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


@dataclass
class _Directive:
    sign: str
    length: int


class _Fences:
    """The lines that close blocks, and the directives that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = list(re.finditer(r"^[ \t>]*(([`~:])\2{2,}+)[ \t]*$", text, re.MULTILINE))
        self._places = [found.start() for found in self._bare]
        self._unquoted = [outside.start() + 1 for outside in _UNQUOTED.finditer(text)]
        self._open: list[_Directive] = []

    def opens_directive(self, found: re.Match[str], is_math: bool) -> bool:
        """Whether it begins or ends a directive of MyST that holds Markdown."""
        sign, length, kind = found["sign"], len(found["fence"]), found["kind"].strip()
        if not kind and any(one.sign == sign and one.length <= length for one in self._open[-1:]):
            self._open.pop()
            return True
        if kind.startswith("{") and not is_math and not _CODE.match(kind):
            self._open.append(_Directive(sign, length))
            return True
        return False

    def closed(self, found: re.Match[str]) -> tuple[int, int]:
        """Where what stands in a block stops, and where the block ends: with its quotation at the latest."""
        last = self._quoted(found)
        for bare in self._behind(found.end()):
            if bare.start() >= last:
                break
            if bare[2] == found["sign"] and len(bare[1]) >= len(found["fence"]):
                return bare.start(), bare.end()
        return last, last

    def _behind(self, at: int) -> Iterator[re.Match[str]]:
        for place in range(bisect_left(self._places, at), len(self._bare)):
            yield self._bare[place]

    def _quoted(self, found: re.Match[str]) -> int:
        """Where the quotation ends in which a block begins."""
        if ">" not in found["indent"]:
            return len(self._text)
        return _next(self._unquoted, found.end()) or len(self._text)


_UNQUOTED = re.compile(r"\n(?![ \t]*>)")


class _Spans:
    """The runs of ` that end code in a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._runs: dict[int, list[int]] = {}
        for found in re.finditer(r"`+", text):
            self._runs.setdefault(len(found[0]), []).append(found.start())
        self._ends = [found.start() for found in _PARAGRAPH_ENDS.finditer(text)]

    def closed(self, begin: int, end: int) -> tuple[int, bool]:
        """Where the code behind the sign there ends, and True; False where none does, or mathematics."""
        length = end - begin
        close = _next(self._runs.get(length, []), end)
        if close is None or close >= (_next(self._ends, end) or len(self._text)):
            return end, False
        behind = close + length
        dollars = self._text[max(begin - 1, 0) : begin] == "$" == self._text[behind : behind + 1]
        return behind, not dollars


def _next(places: list[int], at: int) -> int | None:
    place = bisect_left(places, at)
    return places[place] if place < len(places) else None
