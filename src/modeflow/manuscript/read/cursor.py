"""A place in a list of tokens, and what every rule of the grammar needs there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NoReturn

from ..text.braces import DEEPEST, overs
from ..text.commands import CLOSERS, PAIRS, UNREAD
from ..text.tokens import Token, Unparsed, argument, closing

SCRIPTS = ("^", "_", "'")


def texts(found: Sequence[Token]) -> list[str]:
    """What the tokens say, without their places."""
    return [token.text for token in found]


def spelled(found: Sequence[Token]) -> str:
    """The tokens as they are written, without spaces."""
    return "".join(texts(found))


def is_digits(text: str) -> bool:
    """Whether it consists of the digits 0 to 9."""
    return text.isascii() and text.isdigit()


class Cursor:
    """Reads tokens from left to right; `names` are the keys of the declared symbols, `depth` counts groups around."""

    def __init__(self, tokens: Sequence[Token], names: Container[str], depth: int = 0) -> None:
        self.tokens, self.names, self.depth, self.place = tokens, names, depth, 0
        if depth > DEEPEST:
            raise Unparsed(f"groups nested more than {DEEPEST} deep", tokens[0].position if tokens else 0)

    def within(self, found: Sequence[Token]) -> Cursor:
        """A cursor at the beginning of a group that stands here."""
        return Cursor(found, self.names, self.depth + 1)

    @property
    def next(self) -> str:
        """The text of the token that stands next; "" at the end."""
        return self.ahead(0)

    @property
    def is_at_digit(self) -> bool:
        return is_digits(self.next)

    @property
    def position(self) -> int:
        if not self.tokens:
            return 0
        return self.tokens[min(self.place, len(self.tokens) - 1)].position

    def ahead(self, distance: int) -> str:
        """The token that stands so far after the next one; "" beyond the end."""
        place = self.place + distance
        return self.tokens[place].text if place < len(self.tokens) else ""

    def following(self, number: int) -> Sequence[Token]:
        """So many of the tokens that stand next; fewer at the end."""
        return self.tokens[self.place : self.place + number]

    # taking

    def shift(self) -> Token:
        """The token that stands next, taken."""
        self.place += 1
        return self.tokens[self.place - 1]

    def take(self, *texts: str) -> Token | None:
        """The token that stands next, taken where it is one of these."""
        return self.shift() if self.next in texts else None

    def argument(self, call: Token | None = None) -> list[Token]:
        """What the command or sign just taken applies to: the inside of a group, or one token."""
        inner, self.place = argument(self.tokens, self.place, call or self.tokens[self.place - 1])
        return inner

    def one_argument(self) -> list[Token]:
        """The same, refused where a reader may take more digits for it than TeX does."""
        braced = self.next == "{"
        inner = self.argument()
        if not braced and self.next.isdigit() and not self.tokens[self.place].spaced:
            self.refuse(f"TeX takes one digit, and {self.next} follows: use braces")
        return inner

    def enclosed(self) -> list[Token]:
        """The inside of the braces or brackets that open here."""
        opened = self.tokens[self.place]
        end = closing(self.tokens, self.place) if opened.text == "{" else self._closing_bracket(opened)
        return self.up_to(end, "" if opened.text == "{" or opened.grouped else "brackets")

    def _closing_bracket(self, opened: Token) -> int:
        end = self.matching(self.place)
        if self.tokens[end].text != PAIRS[opened.text]:
            raise Unparsed(f"{opened.text} is closed by another bracket", self.tokens[end].position)
        if self.tokens[end].grouped != opened.grouped:
            raise Unparsed("\\left and \\right come in pairs", opened.position)
        return end

    def up_to(self, end: int, signs: str = "") -> list[Token]:
        r"""What stands between the next sign and the one at `end`, both taken; between these signs no \over is read."""
        opened, inner = self.tokens[self.place], list(self.tokens[self.place + 1 : end])
        if signs and overs(inner):
            raise Unparsed(f"\\over between {signs} without \\left: use \\frac", opened.position)
        self.place = end + 1
        return inner

    def matching(self, opened: int) -> int:
        """Where the bracket that opens there closes."""
        depth = braces = 0
        for place in range(opened, len(self.tokens)):
            text = self.tokens[place].text
            braces += (text == "{") - (text == "}")
            if braces < 0:
                break
            if braces == 0:
                depth += (text in PAIRS) - (text in CLOSERS)
            if depth == 0 and braces == 0:
                return place
        raise Unparsed(f"{self.tokens[opened].text} is not closed", self.tokens[opened].position)

    def rewrite(self, end: int, found: Sequence[Token]) -> None:
        """Puts these tokens in place of those from the next one to the one before `end`."""
        self.tokens = [*self.tokens[: self.place], *found, *self.tokens[end:]]

    # refusing

    def refuse(self, reason: str = "") -> NoReturn:
        """Raises Unparsed here."""
        unread = (
            f"{self.next} {UNREAD.get(self.next, 'is not read here')}" if self.next else "the equation ends too early"
        )
        raise Unparsed(reason or unread, self.position)

    def refuse_script(self, reason: str = "") -> None:
        """Raises Unparsed where an index, a power or a prime stands next."""
        if self.next in SCRIPTS:
            self.refuse(reason)

    def refuse_rest(self, reason: str = "") -> None:
        """Raises Unparsed where anything stands next."""
        if self.next:
            self.refuse(reason)
