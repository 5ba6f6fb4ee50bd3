r"""Tokens in one spelling: without spaces and sizes, with \left( as (, \dfrac as \frac, \mathrm{artanh} as \artanh."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
    TYPED_GREEK,
    UPRIGHT,
)
from .decoration import undressed
from .tokens import Token, Unparsed, argument

_ARGUMENTS = dict.fromkeys({"^", "_", "\\sqrt", "\\dot", "\\ddot"} | ACCENTS | FONTS, 1) | dict.fromkeys(FRACTIONS, 2)
_SPELLINGS = dict.fromkeys(FRACTIONS, "\\frac") | BRACES | ALIKE | TYPED_GREEK
_PUNCTUATION = (".", ",", ";")
MOST_TURNED = 200  # indices written behind powers, in one equation


def cleaned(found: Sequence[Token]) -> list[Token]:
    """The tokens that say something, as they are set, indices before powers; raises Unparsed."""
    found = undressed(found)
    _refuse_spaces_as_arguments(found)
    return _indices_first(ungrouped(list(_spelled_out(found))))


def _spelled_out(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens that say something, each in its one spelling."""
    at, spaced = 0, False
    while at < len(found):
        token = found[at]
        if end := _end_of_silence(found, at):
            spaced = spaced or token.text in SPACES or token.text in SIZES
            at = end
        else:
            written, at = _spelled(found, at + 1, token)
            apart = token.spaced or spaced
            yield written if written.spaced == apart else replace(written, spaced=apart)
            spaced = False


def _end_of_silence(found: Sequence[Token], at: int) -> int:
    """Where a space, a size, a label or a break between rows ends that begins there; 0 where none does."""
    text = found[at].text
    if text in SPACES or text in SIZES:
        return at + 1
    if text in ("\\label", "\\tag", "\\tag*") or text in SPACES_OF_LENGTH:
        return argument(found, at + 1, found[at])[1]
    if [token.text for token in found[at : at + 3]] == ["\\mathop", "{", "}"]:  # an empty operator sets only a space
        return at + 3
    return _row_break(found, at)


def _refuse_spaces_as_arguments(found: Sequence[Token]) -> None:
    r"""\frac\,{a}{b} is an empty fraction, and w_\,0 no index: TeX takes the space for the argument."""
    ends = _ends(found)
    for at, token in enumerate(found):
        place = at + 1
        for _ in range(_ARGUMENTS.get(token.text, 0)):
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


_Spelled = tuple[Token, int]  # a token, and where to go on


def _spelled(found: Sequence[Token], at: int, token: Token) -> _Spelled:
    """One token in its one spelling, and where to go on."""
    if token.text in _SPELLINGS:
        return replace(token, text=_SPELLINGS[token.text]), at
    for rule in (_sized, _relation, _old_font, _decorated, _operator, _differential):
        if (written := rule(found, at, token)) is not None:
            return written
    return token, at


def _relation(found: Sequence[Token], at: int, token: Token) -> _Spelled | None:
    r""":= and =: as =, \not= as \neq."""
    signs = token.text, found[at].text if at < len(found) else ""
    if signs == ("\\not", "="):
        return replace(token, text="\\neq"), at + 1
    if signs in ((":", "="), ("=", ":")) and not found[at].spaced:
        return replace(token, text="="), at + 1
    return None


def _old_font(found: Sequence[Token], at: int, token: Token) -> _Spelled | None:
    r"""{\bf A} as {\mathbf A}."""
    if token.text not in OLD_FONTS or not 2 <= at < len(found) - 1:
        return None
    is_around_one = (found[at - 2].text, found[at + 1].text) == ("{", "}")
    return (replace(token, text=OLD_FONTS[token.text]), at) if is_around_one else None


_DECORATED = ("\\stackrel", "\\overset", "\\underset")
_FACES = {"{", "}", "\\text", "\\textrm", "\\textup", "\\mathrm", "\\mbox", "\\rm", "~", "\\,", "\\;", "\\!"}
# What only names a relation, or where it comes from: !, def, (a), (3.1), \eqref{…}.
_NAMES = re.compile(
    r"[!?]?|(?i:def)(?:inition)?\.?|(?:by|per)?definition|set|\\(?:Delta|triangle|wedge|bigtriangleup)"
    r"|\(?(?:[a-z]|[ivx]{1,4})\)|\(?\d+(?:\.\d+)*[a-z]?\)?|\(?\\(?:eqref|ref|cref|Cref|autoref).*"
)


def _decorated(found: Sequence[Token], at: int, call: Token) -> _Spelled | None:
    r"""The relation in \overset{…}{=}; None where it is no relation."""
    if call.text not in _DECORATED:
        return None
    over, at = argument(found, at, call)
    inner, at = argument(found, at, call)
    if len(inner) != 1 or inner[0].text not in RELATIONS:
        return None
    if not _NAMES.fullmatch("".join(token.text for token in over if token.text not in _FACES)):
        raise Unparsed(f"what stands at the relation in {call.text} may change what it says", call.position)
    return replace(call, text=inner[0].text), at


def _sized(found: Sequence[Token], at: int, token: Token) -> _Spelled | None:
    r"""The bracket or bar that stands after \left or \right."""
    if token.text not in _BRACKETS:
        return None
    if at >= len(found):
        raise Unparsed(f"{token.text} without a bracket", token.position)
    sides = _BRACKETS[token.text]
    bracket = sides.get(BRACES.get(found[at].text, found[at].text))
    if bracket is None:
        raise Unparsed(f"{token.text} without a bracket that is read here", token.position)
    if bracket in ("\\langle", "\\rangle"):
        return replace(found[at], text=bracket), at + 1
    return Token(bracket, found[at].position, grouped=True), at + 1


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


# What may stand after \left and \right, and how it is written without them.
_BRACKETS = {
    "\\left": _same([*PAIRS, "\\langle"])
    | {".": "\\left."}
    | dict.fromkeys(("|", "\\vert"), "\\lvert")
    | dict.fromkeys(BARS, "\\lVert"),
    "\\right": _same([*CLOSERS, "\\rangle"])
    | dict.fromkeys(("|", "\\vert"), "\\rvert")
    | dict.fromkeys(BARS, "\\rVert"),
}


def _operator(found: Sequence[Token], at: int, token: Token) -> _Spelled | None:
    r"""The function, trace or constant that is written \mathrm{artanh} or \text{const}."""
    name, end = _upright(found, at) if token.text in UPRIGHT else ("", at)
    if name in OPERATORS:
        return replace(token, text="\\" + name), end
    return (replace(token, text="\\const"), end) if name in ("const", "constant") else None


_TEXTS = ("\\text", "\\textrm", "\\textup", "\\textnormal", "\\mbox", "\\operatorname")


def _differential(found: Sequence[Token], at: int, token: Token) -> _Spelled | None:
    r"""The \mathrm of the d that is written \text d or \text{d}."""
    behind = [inner.text for inner in found[at : at + 3]]
    is_d = token.text in _TEXTS and (behind[:1] == ["d"] or behind == ["{", "d", "}"])
    return (replace(token, text="\\mathrm"), at) if is_d else None


def _upright(found: Sequence[Token], at: int) -> tuple[str, int]:
    r"""The name in \mathrm{artanh} or \mathop{\mathrm{artanh}}, and where to go on; "" where there is none."""
    opened, first, *_ = [*(token.text for token in found[at : at + 2]), "", ""]
    if opened != "{":
        return "", at
    name, end = _upright(found, at + 2) if first in UPRIGHT else _letters(found, at + 1)
    is_closed = end < len(found) and found[end].text == "}"
    return (name, end + 1) if name and is_closed else ("", at)


def _letters(found: Sequence[Token], at: int) -> tuple[str, int]:
    """The letters up to a closing brace, without the full stop of "const."; "" where anything else stands there."""
    name = ""
    while at < len(found) and found[at].text != "}":
        text = found[at].text
        if text != "." or name != "const":
            if not (text.isascii() and text.isalpha()) or len(name) > 12:
                return "", at
            name += text
        at += 1
    return name, at


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
