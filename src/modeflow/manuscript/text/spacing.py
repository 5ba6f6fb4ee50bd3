r"""Tokens in one spelling: without spaces and sizes, with \left( as (, \dfrac as \frac, \mathrm{artanh} as \artanh."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .braces import ungrouped
from .commands import (
    ACCENTS,
    ALIKE,
    BARS,
    BRACES,
    CLOSERS,
    FONTS,
    FRACTIONS,
    OLD_FONTS,
    OPERATORS,
    PAIRS,
    RELATIONS,
    SIZES,
    SPACES,
    SPACES_OF_LENGTH,
    UPRIGHT,
)
from .decoration import undressed
from .tokens import Token, Unparsed, argument

_TAKES_ONE = frozenset({"^", "_", "\\sqrt", "\\dot", "\\ddot"}) | ACCENTS | FONTS
_PUNCTUATION = (".", ",", ";")
MOST_TURNED = 200  # indices written behind powers, in one equation


def cleaned(found: Sequence[Token]) -> list[Token]:
    """The tokens that say something, as they are set, indices before powers; raises Unparsed."""
    result: list[Token] = []
    at = 0
    spaced = False
    found = undressed(found)
    _refuse_spaces_as_arguments(found)
    while at < len(found):
        token = found[at]
        at += 1
        if token.text in SPACES or token.text in SIZES:
            spaced = True
            continue
        if token.text in ("\\label", "\\tag", "\\tag*") or token.text in SPACES_OF_LENGTH:
            _, at = argument(found, at, token)
            continue
        if (behind := _row_break(found, at - 1)) > 0:
            at = behind
            continue
        written, at = _spelled(found, at, token)
        result.append(replace(written, spaced=token.spaced or spaced))
        spaced = False
    return _indices_first(ungrouped(result))


def _refuse_spaces_as_arguments(found: Sequence[Token]) -> None:
    r"""\frac\,{a}{b} is an empty fraction, and w_\,0 no index: TeX takes the space for the argument."""
    ends = _ends(found)
    for at, token in enumerate(found):
        place = at + 1
        for _ in range(2 if token.text in FRACTIONS else 1 if token.text in _TAKES_ONE else 0):
            if token.text == "\\sqrt" and place < len(found) and found[place].text == "[":
                break
            if place < len(found) and (found[place].text in SPACES or found[place].text in SPACES_OF_LENGTH):
                raise Unparsed(f"a space as the argument of {token.text}", found[place].position)
            place = ends.get(place, place) + 1


def _ends(found: Sequence[Token]) -> dict[int, int]:
    """Where each brace that is closed closes."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for at, token in enumerate(found):
        if token.text == "{":
            opened.append(at)
        elif token.text == "}" and opened:
            ends[opened.pop()] = at
    return ends


def without_end(found: list[Token]) -> list[Token]:
    """Without the punctuation that ends a sentence."""
    end = len(found)
    while end and found[end - 1].text in _PUNCTUATION:
        end -= 1
    return found[:end]


def _spelled(found: Sequence[Token], at: int, token: Token) -> tuple[Token, int]:
    """One token in its one spelling, and where to go on."""
    text = token.text
    if text in ("\\left", "\\right"):
        return _sized(found, at, token)
    if text in FRACTIONS:
        return replace(token, text="\\frac"), at
    if text in BRACES or text in ALIKE:
        return replace(token, text=BRACES.get(text) or ALIKE[text]), at
    if text == ":" and at < len(found) and found[at].text == "=" and not found[at].spaced:
        return replace(token, text="="), at + 1
    if text == "=" and at < len(found) and found[at].text == ":" and not found[at].spaced:
        return token, at + 1
    if text == "\\not" and at < len(found) and found[at].text == "=":
        return replace(token, text="\\neq"), at + 1
    if text in OLD_FONTS and 2 <= at < len(found) - 1 and (found[at - 2].text, found[at + 1].text) == ("{", "}"):
        return replace(token, text=OLD_FONTS[text]), at
    if text in _DECORATED and (relation := _decorated(found, at)) is not None:
        return replace(token, text=relation[0]), relation[1]
    if text in UPRIGHT:
        name, end = _upright(found, at)
        if name in OPERATORS:
            return replace(token, text="\\" + name), end
        if name in ("const", "constant"):
            return replace(token, text="\\const"), end
    return token, at


_DECORATED = ("\\stackrel", "\\overset", "\\underset")
_FACES = {"{", "}", "\\text", "\\textrm", "\\textup", "\\mathrm", "\\mbox", "\\rm", "~", "\\,", "\\;", "\\!"}
# What only names a relation, or where it comes from: !, def, (a), (3.1), \eqref{…}.
_NAMES = re.compile(
    r"[!?]?|(?i:def)(?:inition)?\.?|(?:by|per)?definition|set|\\(?:Delta|triangle|wedge|bigtriangleup)"
    r"|\(?(?:[a-z]|[ivx]{1,4})\)|\(?\d+(?:\.\d+)*[a-z]?\)?|\(?\\(?:eqref|ref|cref|Cref|autoref).*"
)


def _decorated(found: Sequence[Token], at: int) -> tuple[str, int] | None:
    r"""The relation in \overset{…}{=}, and where to go on; None where it is no relation."""
    call = found[at - 1]
    over, at = argument(found, at, call)
    inner, at = argument(found, at, call)
    if len(inner) != 1 or inner[0].text not in RELATIONS:
        return None
    if not _NAMES.fullmatch("".join(token.text for token in over if token.text not in _FACES)):
        raise Unparsed(f"what stands at the relation in {call.text} may change what it says", call.position)
    return inner[0].text, at


def _sized(found: Sequence[Token], at: int, token: Token) -> tuple[Token, int]:
    if at >= len(found):
        raise Unparsed(f"{token.text} without a bracket", token.position)
    bracket = BRACES.get(found[at].text, found[at].text)
    if bracket in ("|", "\\vert"):
        bracket = "\\lvert" if token.text == "\\left" else "\\rvert"
    if bracket in BARS:
        bracket = "\\lVert" if token.text == "\\left" else "\\rVert"
    if bracket == ("\\langle" if token.text == "\\left" else "\\rangle"):
        return replace(found[at], text=bracket), at + 1
    if bracket not in (PAIRS if token.text == "\\left" else CLOSERS):
        raise Unparsed(f"{token.text} without a bracket that is read here", token.position)
    return Token(bracket, found[at].position, grouped=True), at + 1


def _upright(found: Sequence[Token], at: int) -> tuple[str, int]:
    r"""The name in \mathrm{artanh} or \mathop{\mathrm{artanh}}, and where to go on; "" where there is none."""
    if at >= len(found) or found[at].text != "{":
        return "", at
    name, inside = "", at + 1
    while inside < len(found) and found[inside].text != "}":
        text = found[inside].text
        if text in UPRIGHT and not name:
            name, inside = _upright(found, inside + 1)
            closed = bool(name) and inside < len(found) and found[inside].text == "}"
            return (name, inside + 1) if closed else ("", at)
        if text == "." and name == "const":
            inside += 1
            continue
        if not (text.isascii() and text.isalpha()) or len(name) > 12:
            return "", at
        name += text
        inside += 1
    return (name, inside + 1) if inside < len(found) else ("", at)


def _row_break(found: Sequence[Token], at: int) -> int:
    r"""Behind \right.\left., which carries an open bracket over the end of a row; 0 where none stands."""
    counts = []
    for command in ("\\right", "\\left"):
        counts.append(0)
        while [t.text for t in found[at : at + 2]] == [command, "."]:
            counts[-1] += 1
            at += 2
            while at < len(found) and (found[at].text in SPACES or found[at].text in ("\\quad", "\\qquad")):
                at += 1
    return at if counts[0] and counts[0] == counts[1] else 0


def _indices_first(found: list[Token]) -> list[Token]:
    """w^2_1 and w'_1 as w_1^2 and w_1', which TeX sets alike."""
    turned = 0
    for at in range(len(found) - 1, -1, -1):  # from the right, so that what is raised is in order before it is moved
        if found[at].text not in ("^", "'"):
            continue
        raised = _script_end(found, at) if found[at].text == "^" else at + 1
        if raised >= len(found) or found[raised].text != "_":
            continue
        turned += 1
        if turned > MOST_TURNED:
            raise Unparsed(f"more than {MOST_TURNED} indices behind powers", found[at].position)
        end = _script_end(found, raised)
        found[at:end] = found[raised:end] + found[at:raised]
    return found


def _script_end(found: Sequence[Token], at: int) -> int:
    """Where the power or index at `at` ends; at the end of all where its group is not closed."""
    if at + 1 >= len(found) or found[at + 1].text != "{":
        return min(at + 2, len(found))
    depth = 0
    for place in range(at + 1, len(found)):
        depth += (found[place].text == "{") - (found[place].text == "}")
        if depth == 0:
            return place + 1
    return len(found)
