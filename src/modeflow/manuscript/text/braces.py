r"""Braces that are no argument leave no trace on paper: {a + b}c is set as a + bc, and read so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .commands import CLOSERS, FUNCTIONS, GREEK, PAIRS, RELATIONS, TIMES, TRACES
from .tokens import TAKES, Token, Unparsed, closing

DEEPEST = 40  # groups inside groups
_TAKES = {**TAKES, "^": 1, "_": 1}
_TAKE_NOTHING = (
    GREEK
    | TRACES
    | TIMES
    | CLOSERS
    | {*FUNCTIONS, *RELATIONS, *PAIRS}
    | {"\\sum", "\\int", "\\nabla", "\\partial", "\\top", "\\prime", "\\infty", "\\langle", "\\rangle"}
)


def ungrouped(found: Sequence[Token], depth: int = 0) -> list[Token]:
    """The tokens without braces that are no argument, but for those around \\over; raises Unparsed."""
    if depth > DEEPEST:
        raise Unparsed(f"groups nested more than {DEEPEST} deep", found[0].position if found else 0)
    result: list[Token] = []
    at = 0
    while at < len(found):
        token = found[at]
        if token.text == "{":
            at = _group(found, at, depth, result)
        elif token.text in _TAKES:
            at = _arguments(found, at, depth, result)
        else:
            end = _end_of_groups(found, at)
            result += found[at:end]
            at = end
    return result


def _end_of_groups(found: Sequence[Token], at: int) -> int:
    """Where a token ends, with the groups after it where it is a command that is not known."""
    text = found[at].text
    is_unknown = text[:1] == "\\" and text[1:].isalpha() and text not in _TAKE_NOTHING
    at += 1
    while is_unknown and at < len(found) and found[at].text == "{":
        at = closing(found, at) + 1
    return at


def overs(found: Sequence[Token]) -> list[int]:
    """Where \\over stands there outside of groups."""
    depth, places = 0, []
    for place, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        if token.text == "\\over" and depth == 0:
            places.append(place)
    return places


def nesting(text: str) -> int:
    """1 for what opens a group or bracket, -1 for what closes one, 0 for any other token."""
    return (text == "{" or text in PAIRS) - (text == "}" or text in CLOSERS)


def top_level(found: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside of groups and brackets, with their places; what closes the last one open is outside."""
    depth = 0
    for place, token in enumerate(found):
        depth += nesting(token.text)
        if depth == 0:
            yield place, token


def _group(found: Sequence[Token], at: int, depth: int, result: list[Token]) -> int:
    """A group that is no argument, and where to go on."""
    end = closing(found, at)
    inner = found[at + 1 : end]
    kept = bool(overs(inner)) or (not inner and end + 1 < len(found) and found[end + 1].text in ("^", "_", "'"))
    inside = ungrouped(inner, depth + 1)
    if not kept and _holds_together(inside, result[-1].text if result else "", found[end + 1 : end + 2]):
        raise Unparsed("braces are not seen on paper: use parentheses around a sum", found[at].position)
    result += [found[at], *inside, found[end]] if kept else inside
    return end + 1


_SIGNS = ("+", "-")
_APART = {"", "+", ",", *RELATIONS, *PAIRS}  # what may stand before a sum without changing it
_APART_BEHIND = {"", "+", "-", ",", ";", ".", *RELATIONS, *CLOSERS}


def _holds_together(inside: Sequence[Token], before: str, behind: Sequence[Token]) -> bool:
    """Whether braces hold a sum together that falls apart on paper."""
    signs = [place for place, token in top_level(inside) if token.text in _SIGNS]
    if not signs or len(inside) == 1:
        return False
    after = behind[0].text if behind else ""
    return before not in _APART or (after not in _APART_BEHIND if signs != [0] else after == "^")


def _arguments(found: Sequence[Token], at: int, depth: int, result: list[Token]) -> int:
    """A command with its arguments, and where to go on."""
    count = _TAKES[found[at].text]
    optional = found[at].text == "\\sqrt"
    result.append(found[at])
    at += 1
    if optional and at < len(found) and found[at].text == "[":
        end = next((n for n in range(at, len(found)) if found[n].text == "]"), len(found) - 1)
        result += found[at : end + 1]
        at = end + 1
    for _ in range(count):
        if at >= len(found):
            break
        if found[at].text != "{":
            result.append(found[at])
            at += 1
            continue
        end = closing(found, at)
        result += [found[at], *ungrouped(found[at + 1 : end], depth + 1), found[end]]
        at = end + 1
    return at
