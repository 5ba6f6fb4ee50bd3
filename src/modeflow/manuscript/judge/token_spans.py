"""Which tokens a part of a formula is written with."""

from __future__ import annotations

from collections.abc import Sequence

from ..read.formula_trees import Node
from ..text.commands import ACCENTS, CLOSERS, FONTS, FRACTIONS, PAIRS, SIZES, TIMES
from ..text.tokens import Token, Unparsed, argument

_SIZED = SIZES | {"\\left", "\\right"}
_OPENS = frozenset([*PAIRS, "{"]) - {"\\left.", "\\lvert", "\\lVert"}
_CLOSES = (CLOSERS | {"}"}) - {"\\rvert", "\\rVert"}


class Spans:
    """The tokens of one formula, whose trees have the numbers of tokens as positions."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self.texts = [token.text for token in found]

    def of(self, node: Node) -> tuple[int, int]:
        """The first token of a part, and the one behind its last; brackets around it are no part of it."""
        begin, end = node.position, self._end(node)
        for part in node.parts if node.kind != "apply" else ():
            first, last = self.of(part)
            begin, end = min(begin, first), max(end, last)
        return self.balanced(begin, end)

    def written(self, begin: int, end: int) -> str:
        """The tokens as they are typed, commands apart from letters behind them."""
        return spelled(self.texts[begin:end])

    def balanced(self, begin: int, end: int) -> tuple[int, int]:
        """The same tokens, with all that closes what they open and opens what they close."""
        depth = lowest = 0
        for text in self.texts[begin:end]:
            depth += (text in _OPENS) - (text in _CLOSES)
            lowest = min(lowest, depth)
        return self._to_left(begin, -lowest), self._to_right(end, depth - lowest)

    def _to_left(self, begin: int, closed: int) -> int:
        while closed and begin:
            begin -= 1
            closed += (self.texts[begin] in _CLOSES) - (self.texts[begin] in _OPENS)
        while begin and self.texts[begin] in _OPENS and self.texts[begin - 1] in _SIZED:
            begin -= 1
        return begin

    def _to_right(self, end: int, opened: int) -> int:
        while opened and end < len(self.texts):
            opened += (self.texts[end] in _OPENS) - (self.texts[end] in _CLOSES)
            end += 1
        return end

    def with_brackets(self, begin: int, end: int) -> tuple[int, int]:
        """The same tokens, with the brackets around them if there are any."""
        last = end + 1 if end < len(self.texts) and self.texts[end] in _SIZED else end
        if not begin or last >= len(self.texts) or PAIRS.get(self.texts[begin - 1]) != self.texts[last]:
            return begin, end
        return self._to_left(begin - 1, 0), last + 1

    def with_sign(self, begin: int, end: int) -> tuple[int, int]:
        """The same tokens, with the sign of multiplication before or behind them."""
        if end < len(self.texts) and self.texts[end] in TIMES:
            return begin, end + 1
        return (begin - 1 if begin and self.texts[begin - 1] in TIMES else begin), end

    def _end(self, node: Node) -> int:
        """Where the first sign of a part ends, with what belongs to it whatever stands there."""
        at = node.position
        if node.kind == "number":
            return at + len(node.value) if self.texts[at : at + len(node.value)] == list(node.value) else at + 1
        if node.kind == "symbol":
            return self._end_of_name(at, node.value)
        if node.kind == "apply":
            return self._end_of_bracket(self._end_of_name(at, node.value))
        if self.texts[at] in FRACTIONS:
            return self._behind(self._behind(at + 1))
        return self._behind(at + 1) if self.texts[at] == "\\sqrt" and self.texts[at + 1] == "{" else at + 1

    def _behind(self, at: int) -> int:
        try:
            return argument(self.tokens, at, self.tokens[at - 1])[1]
        except Unparsed:
            return at

    def _end_of_name(self, at: int, name: str) -> int:
        end = self._behind(at + 1) if self.texts[at] in ACCENTS | FONTS else at + 1
        while end < len(self.texts):
            if self.texts[end] == "'":
                end += 1
            elif self.texts[end] == "_" or (self.texts[end] == "^" and "^" in name):
                end = self._behind(end + 1)
            else:
                break
        return end

    def _end_of_bracket(self, at: int) -> int:
        opened = at + 1 if at < len(self.texts) and self.texts[at] in _SIZED else at
        is_bracket = opened < len(self.texts) and self.texts[opened] in PAIRS
        return self._to_right(opened + 1, 1) if is_bracket else at


def spelled(texts: Sequence[str]) -> str:
    """Tokens in one text, with a space where a command would run into the letter behind it."""
    written = ""
    for text in texts:
        runs_on = written[-1:].isalpha() and text[:1].isalpha() and "\\" in written[written.rfind("\\") :]
        is_command = runs_on and written[written.rfind("\\") + 1 :].isalpha()
        written += f" {text}" if is_command else text
    return written
