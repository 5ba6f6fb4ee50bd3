r"""Numbers of equations that are typed into the mathematics: `,\quad(3)`, `\eqno(3)`, `.(12)`.

Where a bracket may as well be a factor, as in 2u(s-u)(10), it is asked for, and neither is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .commands import FUNCTIONS, PAIRS, RELATIONS, TIMES
from .tokens import Token, Unparsed

_NUMBER = r"[A-Z]{0,2}\.?\d{1,4}(?:[.–-]\d{1,4}){0,3}[a-h]?'{0,3}"
_SIGN = rf"\(\s*(?:{_NUMBER}|[ivx]{{1,6}}|[IVX]{{1,6}}|\*{{1,4}}|\\(?:ast|star|dagger|ddagger))\s*\)"
_TEXT = rf"\\(?:text|textrm|textup|textbf|mbox|hbox)\s*\{{\s*{_SIGN}\s*\}}"
_APART = r"(?:\\(?:q?quad|hfill?|hss)(?![A-Za-z])|\\hspace\*?\s*\{[^{}]*\})"
_SPACE = r"(?:\s|~|\{\}|\\[,;:!> ]|\\(?:rm|bf|it)(?![A-Za-z]))"
_STOP = r"[\s.,;}&]"
_BEHIND = re.compile(
    rf"(?<=(?<!\\)[,.;])(?:{_SPACE}|{_APART}){{0,9}}{_SIGN}{_STOP}*\Z|{_APART}(?:{_SPACE}|{_APART}){{0,9}}{_SIGN}{_STOP}*\Z"
    rf"|{_TEXT}{_STOP}*\Z|\\l?eqno(?![A-Za-z]).*\Z",
    re.DOTALL,
)
_BEFORE = re.compile(rf"{_SPACE}{{0,9}}(?:{_SIGN}|{_TEXT}){_SPACE}{{0,9}}{_APART}|{_SPACE}{{0,9}}{_TEXT}")
_ALONE = re.compile(rf"[\s&{{}}]*(?:{_SIGN}|{_TEXT}){_STOP}*")


def is_number(text: str) -> bool:
    """Whether it is the number of an equation and nothing else, as in a column of its own."""
    return _ALONE.fullmatch(text) is not None


def without_number(text: str) -> str:
    """The text of an equation with a number that stands apart at its end or its beginning blanked."""
    if found := _BEHIND.search(text):
        kept = "".join(sign if sign == "}" else " " for sign in found[0])
        text = text[: found.start()] + (kept if found[0].count("{") < found[0].count("}") else " " * len(found[0]))
    if found := _BEFORE.match(text):
        text = " " * found.end() + text[found.end() :]
    return text


_MAY_BE = re.compile(_NUMBER)
LONGEST = 20  # tokens in a number


def refuse_number(found: Sequence[Token]) -> None:
    """Raises Unparsed where what may be the number of the equation would be read as a factor."""
    for opened, closed in (_last(found), _first(found)):
        written = "".join(token.text for token in found[opened + 1 : closed])
        if closed and _MAY_BE.fullmatch(written):
            remedy = f"write \\tag{{{written}}}, or the factor without brackets"
            raise Unparsed(f"is ({written}) the number of the equation? {remedy}", found[opened].position)


def _last(found: Sequence[Token]) -> tuple[int, int]:
    """The bracket that ends the equation and multiplies what stands before it; (0, 0) where there is none."""
    closed = len(found) - 1
    opened = next((at for at in range(closed, max(closed - LONGEST, 0), -1) if found[at].text in PAIRS), 0)
    if not opened or found[closed].text != PAIRS[found[opened].text]:
        return 0, 0
    before = found[opened - 1].text
    operand = before not in _OPERATORS and not _function_before(found, opened)
    at_zero = closed == opened + 2 and found[opened + 1].text == "0" and before != ")"
    return (opened, closed) if operand and not at_zero else (0, 0)


def _first(found: Sequence[Token]) -> tuple[int, int]:
    """The bracket that begins the equation and multiplies what stands behind it."""
    closed = next((at for at, token in enumerate(found[:LONGEST]) if token.text in PAIRS.values()), 0)
    if not closed or PAIRS.get(found[0].text) != found[closed].text or closed + 1 == len(found):
        return 0, 0
    return (0, 0) if found[closed + 1].text in (*_OPERATORS, "^", "_", "'") else (0, closed)


_OPERATORS = {*RELATIONS, *TIMES, *PAIRS, "+", "-", "/", "{", "^", "_", ",", "|", "\\over"}


def _function_before(found: Sequence[Token], opened: int) -> bool:
    """Whether a bracket is the argument of a function, as in \\ln^2(3)."""
    at, depth = opened - 1, 0
    while at > 0 and (depth or found[at].text == "}"):
        depth += (found[at].text == "}") - (found[at].text == "{")
        at -= 1
        if not depth:
            break
    if at > 0 and found[at].text == "^":
        at -= 1
    elif at > 1 and found[at - 1].text == "^":
        at -= 2
    return found[at].text in FUNCTIONS
