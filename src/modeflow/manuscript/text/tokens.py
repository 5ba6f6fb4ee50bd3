"""TeX mathematics as tokens with their places, user macros expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .commands import TYPED_SIGNS

LARGEST = 40_000  # characters in one equation
LONGEST = 4000  # tokens in one equation, after expansion
DEEPEST = 20  # macros inside macros
NESTED = 60  # arguments inside arguments, where macros are expanded
MOST_CALLS = 2000  # macros expanded in one equation


class Unparsed(ValueError):
    """The equation cannot be read; `position` is where in the text."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True)
class Token:
    """A command (`\\frac`) or a single character, and its place; digits stay apart, as TeX reads them."""

    text: str
    position: int
    spaced: bool = False  # white space stands before it
    grouped: bool = False  # a bracket behind \\left, which makes a group
    sign: str = ""  # the sign that is typed in place of the command, such as ≤

    @property
    def typed(self) -> str:
        """What stands in the text: the sign, else the command or character itself."""
        return self.sign or self.text


@dataclass(frozen=True)
class Macro:
    """A user's command: number of arguments and body; body None where its definition is beyond what is read.

    default: what stands for the first argument where it is not given in square brackets; None where it has to be given.
    """

    arguments: int
    body: str | None
    default: str | None = None


_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\S", re.DOTALL)


def tokens(text: str, offset: int = 0, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    """The tokens of the text, whose first character stands at `offset`; raises Unparsed."""
    if len(text) > LARGEST:
        raise Unparsed(f"more than {LARGEST} characters in one equation", offset)
    found = []
    behind = 0
    for part in _TOKEN.finditer(text):
        found.append(Token(part[0], offset + part.start(), part.start() > behind))
        behind = part.end()
    if len(found) > LONGEST:
        raise Unparsed(f"more than {LONGEST} tokens in one equation", offset)
    expanded = _Expansion(macros).expanded(found, 0, 0) if macros else found
    return [
        replace(token, text=TYPED_SIGNS[token.text], sign=token.text) if token.text in TYPED_SIGNS else token
        for token in expanded
    ]


_ONE = (
    "sqrt tilde hat bar overline widehat widetilde vec check breve"
    " mathbf boldsymbol bm mathcal mathsf mathrm mathit mathbb"
)
# How many arguments a command takes.
TAKES = {"\\frac": 2, "\\dfrac": 2, "\\tfrac": 2} | {
    "\\" + name: 1 for name in (*_ONE.split(), "dot", "ddot", "operatorname")
}


class _Expansion:
    """The expansion of one equation, its work bounded: macros that expand to nothing leave no tokens to count."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self._macros, self._calls = macros, 0

    def expanded(self, found: Sequence[Token], depth: int, nested: int) -> list[Token]:
        """TeX takes an unexpanded macro for a whole argument of \\frac: there its expansion becomes a group."""
        if nested > NESTED:
            raise Unparsed(f"arguments nested more than {NESTED} deep", found[0].position if found else 0)
        result: list[Token] = []
        at = wanted = 0  # the place, and how many arguments are to come
        while at < len(found):
            token = found[at]
            if macro := self._macros.get(token.text):
                part, at = self._called(found, at + 1, token, macro, depth, nested)
                result += [Token("{", token.position), *part, Token("}", token.position)] if wanted else part
                wanted = max(wanted - 1, 0)
            elif wanted:
                part, at, wanted = self._wanted(found, at, wanted, depth, nested)
                result += part
            else:
                result.append(token)
                at, wanted = at + 1, TAKES.get(token.text, 0)
            if len(result) > LONGEST:
                raise Unparsed(f"more than {LONGEST} tokens in one equation", token.position)
        return result

    def _wanted(
        self, found: Sequence[Token], at: int, wanted: int, depth: int, nested: int
    ) -> tuple[list[Token], int, int]:
        """What stands where an argument is wanted, expanded; where to go on; and how many are wanted there."""
        token = found[at]
        if token.text == "{":
            end = closing(found, at)
            return [token, *self.expanded(found[at + 1 : end], depth, nested + 1), found[end]], end + 1, wanted - 1
        if token.text == "[":
            end = next((n for n in range(at + 1, len(found)) if found[n].text == "]"), len(found))
            return [token, *self.expanded(found[at + 1 : end], depth, nested + 1)], end, wanted
        if token.text in TAKES:
            raise Unparsed(f"{token.text} as an argument: use braces", token.position)
        return [token], at + 1, wanted if token.text == "]" else wanted - 1

    def _called(
        self, found: Sequence[Token], at: int, token: Token, macro: Macro, depth: int, nested: int
    ) -> tuple[list[Token], int]:
        if macro.body is None:
            raise Unparsed(f"{token.text}: its definition is beyond what is read here", token.position)
        if depth >= DEEPEST:
            raise Unparsed(f"{token.text}: macros nested more than {DEEPEST} deep", token.position)
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise Unparsed(f"more than {MOST_CALLS} macros in one equation", token.position)
        values: list[list[Token]] = []
        if macro.default is not None:
            value, at = _optional(found, at, token, macro.default)
            values.append(value)
        for _ in range(macro.arguments - len(values)):
            value, at = argument(found, at, token)
            values.append(value)
        return self.expanded(_filled(macro.body, values, token), depth + 1, nested), at


def _optional(found: Sequence[Token], at: int, call: Token, default: str) -> tuple[list[Token], int]:
    """What stands in square brackets at `at`, else the default; and where to go on."""
    if at >= len(found) or found[at].text != "[":
        return [Token(m[0], call.position, True) for m in _TOKEN.finditer(default)], at
    depth = 0
    for place in range(at + 1, len(found)):
        depth += (found[place].text == "{") - (found[place].text == "}")
        if found[place].text == "]" and depth == 0:
            return list(found[at + 1 : place]), place + 1
    raise Unparsed(f"[ behind {call.text} is not closed", call.position)


def _filled(body: str, values: Sequence[Sequence[Token]], call: Token) -> list[Token]:
    """The body with its arguments put in; every token stands where the macro was called."""
    result: list[Token] = []
    pattern = iter(m[0] for m in _TOKEN.finditer(body))
    for text in pattern:
        if text != "#":
            result.append(Token(text, call.position, True))
            continue
        number = next(pattern, "")
        if not (number.isdigit() and 1 <= int(number) <= len(values)):
            raise Unparsed(f"{call.text}: its body uses #{number}, which it does not take", call.position)
        result += values[int(number) - 1]
        if len(result) > LONGEST:
            raise Unparsed(f"{call.text} grows beyond {LONGEST} tokens", call.position)
    return result


def argument(found: Sequence[Token], at: int, call: Token) -> tuple[list[Token], int]:
    """What a command takes at `at`: the inside of a group, or a single token; and where to go on."""
    if at >= len(found) or found[at].text in ("}", "&", "\\\\"):
        raise Unparsed(f"{call.text} lacks an argument", call.position)
    if found[at].text != "{":
        return [found[at]], at + 1
    end = closing(found, at)
    return list(found[at + 1 : end]), end + 1


def closing(found: Sequence[Token], at: int) -> int:
    """Where the group that opens at `at` closes."""
    depth = 0
    for place in range(at, len(found)):
        depth += (found[place].text == "{") - (found[place].text == "}")
        if depth == 0:
            return place
    raise Unparsed("a brace is not closed", found[at].position)
