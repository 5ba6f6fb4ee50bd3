"""A place in a list of tokens, and what every rule of the grammar needs there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NoReturn

from ..text.braces import DEEPEST, has_over
from ..text.commands import CLOSERS, PAIRS, UNREAD
from ..text.tokens import Token, Unparsed, argument, closing
from .trees import Node


class Cursor:
    """Reads tokens from left to right; `names` are the keys of the declared symbols."""

    def __init__(self, found: Sequence[Token], names: Container[str], depth: int = 0) -> None:
        self._tokens, self._names, self._depth, self._at = found, names, depth, 0
        if depth > DEEPEST:
            raise Unparsed(f"groups nested more than {DEEPEST} deep", found[0].position if found else 0)

    def inside(self, found: Sequence[Token]) -> Node:
        """A whole group as one expression."""
        raise NotImplementedError

    @property
    def next(self) -> str | None:
        return self._tokens[self._at].text if self._at < len(self._tokens) else None

    @property
    def consumed(self) -> int:
        return self._at

    @property
    def rest(self) -> Sequence[Token]:
        """What is not read yet."""
        return self._tokens[self._at :]

    def ahead(self, distance: int) -> str:
        """The token that stands so far behind the next one; "" beyond the end."""
        place = self._at + distance
        return self._tokens[place].text if place < len(self._tokens) else ""

    @property
    def position(self) -> int:
        if not self._tokens:
            return 0
        return self._tokens[min(self._at, len(self._tokens) - 1)].position

    def take(self, *texts: str) -> Token | None:
        if self.next in texts:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def refuse(self, reason: str = "") -> NoReturn:
        if not reason:
            unread = f"{self.next} {UNREAD.get(self.next or '', 'is not read here')}"
            reason = "the equation ends too early" if self.next is None else unread
        raise Unparsed(reason, self.position)

    def argument(self) -> list[Token]:
        """What the command or sign just taken applies to: the inside of a group, or one token."""
        inner, self._at = argument(self._tokens, self._at, self._tokens[self._at - 1])
        return inner

    def one_argument(self) -> list[Token]:
        """The same, refused where a reader may take more digits for it than TeX does."""
        braced = self.next == "{"
        inner = self.argument()
        if not braced:
            self.no_digit_follows()
        return inner

    def no_digit_follows(self) -> None:
        if self.next is not None and self.next.isdigit() and not self._tokens[self._at].spaced:
            self.refuse(f"TeX takes one digit, and {self.next} follows: use braces")

    def group(self) -> list[Token]:
        """The inside of the braces that open here."""
        end = closing(self._tokens, self._at)
        inner = list(self._tokens[self._at + 1 : end])
        self._at = end + 1
        return inner

    def brackets(self) -> list[Token]:
        """The inside of the brackets that open here."""
        opened, end = self._tokens[self._at], self.matching(self._at)
        if self._tokens[end].text != PAIRS[opened.text]:
            raise Unparsed(f"{opened.text} is closed by another bracket", self._tokens[end].position)
        if self._tokens[end].grouped != opened.grouped:
            raise Unparsed("\\left and \\right come in pairs", opened.position)
        inner = list(self._tokens[self._at + 1 : end])
        if not opened.grouped and has_over(inner):
            raise Unparsed("\\over between brackets without \\left: use \\frac", opened.position)
        self._at = end + 1
        return inner

    def matching(self, opened: int) -> int:
        """Where the bracket that opens there closes."""
        depth = braces = 0
        for place in range(opened, len(self._tokens)):
            text = self._tokens[place].text
            braces += (text == "{") - (text == "}")
            if braces < 0:
                break
            if braces == 0:
                depth += (text in PAIRS) - (text in CLOSERS)
            if depth == 0 and braces == 0:
                return place
        raise Unparsed(f"{self._tokens[opened].text} is not closed", self._tokens[opened].position)
