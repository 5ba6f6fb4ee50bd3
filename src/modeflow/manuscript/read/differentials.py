r"""The d of derivatives and integrals, in its spellings, and what stands beside it; no tree is made here."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from ..text.braces import top_level
from ..text.commands import FONTS, PAIRS, RELATIONS
from ..text.tokens import Token, Unparsed
from .cursor import Cursor, texts
from .symbols import read_name, whole_name


def spelling(found: Sequence[Token], letter: str, fonts: Container[str] = FONTS) -> int:
    r"""How many tokens write the letter that stands first, as e, \mathrm e or \mathrm{e}; 0 for any other."""
    first, *rest = [*texts(found[:4]), ""]
    if first == letter:
        return 1
    if first not in fonts:
        return 0
    return 2 if rest[0] == letter else 4 if rest[:3] == ["{", letter, "}"] else 0


def _length_of_d(found: Sequence[Token], names: Container[str]) -> int:
    r"""How many tokens write the d, \mathrm{d} or \partial that stands first; 0 where none does."""
    if found and found[0].text == "\\partial":
        return 1
    length = spelling(found, "d")
    return 0 if length == 1 and "d" in names else length


def take_d(at: Cursor) -> bool:
    length = _length_of_d(at.following(4), at.names)
    at.place += length
    return length > 0


def differentials(at: Cursor, below: Sequence[Token]) -> tuple[str, ...]:
    r"""t where the denominator is dt, t twice for dt^2, x and y for \partial x\partial y; none for any other."""
    length = _length_of_d(below, at.names)
    if not 0 < length < len(below):
        return ()
    reader = at.within(below[length:])
    names: tuple[str, ...] = ()
    while len(names) < 2 and (name := read_name(reader)) is not None:
        names += (name,) * order_of(reader)
        if not reader.next and len(names) <= 2:
            return names
        if not take_d(reader):
            break
    raise Unparsed("a denominator that begins with d but is not dt", below[0].position)


def order_of(at: Cursor) -> int:
    """How often is differentiated, by the power of the d or of the symbol just read."""
    sign = at.take("^")
    if sign is None:
        return 1
    if texts(at.argument()) != ["2"]:
        raise Unparsed("a power of a differential other than dt^2 is not read", sign.position)
    return 2


def after_d(at: Cursor, above: Sequence[Token], order: int, start: int) -> Sequence[Token]:
    """What stands after d, or d^2, in a numerator."""
    length = _length_of_d(above, at.names)
    if not length:
        raise Unparsed("dt under a fraction whose numerator does not begin with d", start)
    rest = above[length:]
    if order == 1:
        return rest
    for square in (["^", "2"], ["^", "{", "2", "}"]):
        if texts(rest[: len(square)]) == square:
            return rest[len(square) :]
    raise Unparsed("d over two differentials", start)


def between_differentials(found: Sequence[Token], names: Container[str]) -> Sequence[Token]:
    r"""\tau\,du = f\,dt as \tau\frac{du}{dt} = f, where both sides are products and one differential is the time's."""
    signs = [place for place, token in top_level(found) if token.text in RELATIONS]
    if len(signs) != 1 or found[signs[0]].text != "=" or any(token.text == "\\int" for token in found):
        return found
    left, right = (_last_differential(side, names) for side in (found[: signs[0]], found[signs[0] + 1 :]))
    if left is None or right is None or (left[1] == ["t"]) == (right[1] == ["t"]):
        return found
    (of_rate, rate), (other, _) = (left, right) if right[1] == ["t"] else (right, left)
    sign = found[signs[0]]
    inside = [replace(sign, text=text) for text in ("\\frac", "{", "d", *rate, "}", "{", "d", "t", "}")]
    return [*of_rate, *inside, sign, *(other or [replace(sign, text="1")])]


def _last_differential(side: Sequence[Token], names: Container[str]) -> tuple[list[Token], list[str]] | None:
    """What stands before the differential that ends a product, and its letter; None for any other side."""
    side = _behind_fraction(side, names)
    signs = {token.text for _, token in top_level(side)}
    if signs & {"+", "-", "/", "\\over", "\\sum"}:
        return None
    places = [place for place, _ in top_level(side) if _length_of_d(side[place:], names)]
    if len(places) != 1 or side[places[0]].text == "\\partial":
        return None
    (place,) = places
    letter = side[place + _length_of_d(side[place:], names) :]
    if not letter or whole_name(Cursor(letter, names)) is None:
        return None
    return list(side[:place]), texts(letter)


def _behind_fraction(side: Sequence[Token], names: Container[str]) -> Sequence[Token]:
    r"""\frac{\tau\,du}{f} as \frac{\tau}{f}\,du, of a side that is such a fraction; others as they are."""
    at = Cursor(side, names)
    if at.next != "\\frac":
        return side
    fraction = at.shift()
    above, below = at.argument(fraction), at.argument(fraction)
    split = _split_numerator(at, above)
    if at.next or split is None or {"+", "-", "/", "\\over", "\\sum"} & {token.text for _, token in top_level(above)}:
        return side
    before = split[0] or [replace(fraction, text="1")]
    opened, closed = (Token(brace, fraction.position) for brace in "{}")
    return [fraction, opened, *before, closed, opened, *below, closed, *above[len(split[0]) :]]


# The end of an integral


def up_to_differential(at: Cursor, start: int) -> tuple[list[Token], str]:
    """The tokens of the integrand, and its variable; the differential is taken."""
    first, integrals = at.place, 0
    while at.next and at.next not in RELATIONS and at.next != "}":
        here = at.place
        if at.take("\\int"):
            integrals += 1
        elif (end := _end_of_integral(at)) is not None:
            if integrals == 0:
                body = [*at.tokens[first:here], *end[0]]
                return body or [Token("1", at.tokens[here].position)], end[1]
            integrals -= 1
    raise Unparsed("an integral without a differential, such as dx, is not read", start)


def _end_of_integral(at: Cursor) -> tuple[list[Token], str] | None:
    """Takes what stands next; where it ends an integral, what of it belongs to the integrand, and the variable."""
    if at.next == "\\frac":
        return _differential_above(at)
    if (variable := _differential(at)) is not None:
        return [], variable
    if at.next == "{":
        at.enclosed()
    else:
        at.place = (at.matching(at.place) if at.next in PAIRS else at.place) + 1
    return None


def _differential(at: Cursor) -> str | None:
    """The variable of the d that stands next, taken; None where none does, or d/dx or dy/dx."""
    position = at.position
    if at.next == "\\partial" or not take_d(at):
        return None
    if at.take("/"):  # d/dx
        take_d(at)
        return None
    variable = read_name(at)
    if variable is None:
        raise Unparsed("d without the letter over which is integrated", position)
    if at.next == "/" and _length_of_d(at.tokens[at.place + 1 : at.place + 5], at.names):  # dy/dx
        at.place += 1
        take_d(at)
        return None
    return variable


def _differential_above(at: Cursor) -> tuple[list[Token], str] | None:
    """A fraction without the differential at the end of its numerator, and the variable; None where it has none."""
    fraction = at.shift()
    above, below = at.argument(fraction), at.argument(fraction)
    split = None if differentials(at, below) else _split_numerator(at, above)
    if split is None:
        return None
    rest, variable = split
    if not rest or rest[-1].text in ("+", "-"):
        rest = [*rest, Token("1", fraction.position)]
    opened, closed = (Token(brace, fraction.position) for brace in "{}")
    return [fraction, opened, *rest, closed, opened, *below, closed], variable


def _split_numerator(at: Cursor, above: list[Token]) -> tuple[list[Token], str] | None:
    """What stands before the differential at the end of a numerator, and the variable."""
    for place in reversed(range(len(above))):
        end = place + _length_of_d(above[place : place + 4], at.names)
        if not place < end < len(above) or above[place].text == "\\partial":
            continue
        if (variable := whole_name(at.within(above[end:]))) is not None:
            return above[:place], variable
    return None
