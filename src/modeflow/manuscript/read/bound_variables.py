r"""Letters that are bound: the index of a sum, the variable of an integral, and their limits."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from ..text.commands import GREEK, RELATIONS
from ..text.tokens import Token, Unparsed
from .cursor import Cursor, texts
from .symbols import is_function, is_time, read_name

MOST_SCOPES = 4  # sums and integrals inside sums
MOST_INTEGRALS = 2  # integrals inside integrals
_INDICES = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", *sorted(GREEK)]


class Scope:
    """The names inside of a sum: its index, what bears it, and all that is declared outside."""

    def __init__(self, outside: Container[str], letter: str) -> None:
        self.outside, self.letter = outside, letter

    def __contains__(self, name: object) -> bool:
        if name in self.outside or name == self.letter:
            return True
        return isinstance(name, str) and bool(keys_of_family(name, self.letter, self.outside))


class IntegralScope(Scope):
    """The names inside of an integral: its variable, and all that is declared outside."""

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str) and re.fullmatch(re.escape(self.letter) + r"\^\{\d+\}", name):
            return False  # s^2 is the square, whatever it is outside
        return name == self.letter or name in self.outside


def scopes(names: Container[str]) -> Iterator[Scope]:
    """The sums and integrals around, from the inside."""
    while isinstance(names, Scope):
        yield names
        names = names.outside


def is_bound(letter: str, names: Container[str]) -> bool:
    """Whether the letter is the index of a sum around, or the variable of an integral."""
    return any(scope.letter == letter for scope in scopes(names))


def keys_of_family(name: str, index: str, names: Container[str]) -> list[str]:
    r"""The declared keys of which \lambda_i, where i is bound, may be a member whatever i is: \lambda_j, else \lambda.

    Their order does not depend on the index.
    """
    suffix = f"_{{{index}}}"
    if not name.endswith(suffix):
        return []
    stem = name.removesuffix(suffix)
    found = [key for other in _INDICES if (key := f"{stem}_{{{other}}}") in names]
    return found or [stem] * (stem in names)


# Limits and indices


def limits_of(at: Cursor, what: str, start: int) -> dict[str, list[Token]]:
    """What stands below and above, by its sign."""
    found: dict[str, list[Token]] = {}
    while sign := at.take("_", "^"):
        limit = at.one_argument() if at.next.isdigit() else at.argument()
        if not limit or sign.text in found:
            raise Unparsed(f"the limits of the {what} are not read", start)
        found[sign.text] = limit
    return found


def _parts(below: Sequence[Token]) -> list[list[Token]]:
    """What stands between commas."""
    parts: list[list[Token]] = [[]]
    for token in below:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def bind_indices(at: Cursor, below: Sequence[Token], start: int) -> tuple[list[str], list[Token]]:
    """The indices under a sum, bound from here on, and the first value of all of them, where it is given."""
    indices: list[str] = []
    first: list[Token] = []
    for part in _parts(below):
        if first:
            raise Unparsed("what stands under the sum is not read", start)
        index, first = _index_of_sum(at, part, start)
        indices.append(index)
        at.names = Scope(at.names, index)
        if sum(1 for _ in scopes(at.names)) > MOST_SCOPES:
            raise Unparsed(f"sums nested more than {MOST_SCOPES} deep", start)
    return indices, first


def _index_of_sum(at: Cursor, below: list[Token], start: int) -> tuple[str, list[Token]]:
    """The index, and its first value, where that is given."""
    reader = at.within(below)
    index = read_name(reader) if below else None
    if index is None or (len(index) > 1 and index not in GREEK):
        raise Unparsed("a sum without one letter as its index is not read", start)
    _refuse_taken(at, index, start)
    first = below[reader.place + 1 :]
    if reader.next and (reader.next != "=" or not first):
        raise Unparsed("what stands under the sum is not read", start)
    return index, first


def _refuse_taken(at: Cursor, index: str, start: int) -> None:
    if index == "t" or is_time(index, at.names):
        raise Unparsed(f"the index {index} is the time: use another", start)
    if is_bound(index, at.names) or is_function(index, at.names):
        raise Unparsed(f"the index {index} is bound already, or declared a function: use another", start)


def refuse_index_after(at: Cursor, index: str) -> None:
    """Refuses a sum after which, in the same sum of terms, its index stands again."""
    for place in range(at.place, len(at.tokens)):
        text = at.tokens[place].text
        if text == index:
            raise Unparsed(f"where the sum over {index} ends is not clear: use parentheses", at.position)
        under = [t for t in texts(at.tokens[place : place + 4]) if t != "{"]
        if text in RELATIONS or under[:3] == ["\\sum", "_", index]:
            return


def bind_variable(at: Cursor, variable: str, start: int) -> Scope:
    """The names inside of an integral over that variable."""
    if is_bound(variable, at.names):
        raise Unparsed(f"{variable} is bound already: use another letter", start)
    scope = IntegralScope(at.names, variable)
    if sum(isinstance(around, IntegralScope) for around in scopes(scope)) > MOST_INTEGRALS:
        raise Unparsed(f"integrals nested more than {MOST_INTEGRALS} deep", start)
    return scope
