r"""The grammar of sums over a bound index, \sum_{i=1}^{n} \lambda_i w_i: it has its meaning inside of the sum alone."""

from __future__ import annotations

from collections.abc import Container

from ..text.commands import GREEK, RELATIONS
from ..text.tokens import Token, Unparsed
from .operators import Operators
from .symbols import Symbols
from .trees import Node

DEEPEST = 4  # sums inside sums
_INDICES = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", *sorted(GREEK)]


def family(name: str, index: str, names: Container[str]) -> str | None:
    r"""The declared key of which \lambda_i, where i is bound, is one member, whatever i is: \lambda_j, else \lambda."""
    return next(iter(keys_of_family(name, index, names)), None)


def keys_of_family(name: str, index: str, names: Container[str]) -> list[str]:
    """All keys of which it may be a member, in an order that does not depend on the index."""
    suffix = f"_{{{index}}}"
    if not name.endswith(suffix):
        return []
    stem = name.removesuffix(suffix)
    found = [key for other in _INDICES if (key := f"{stem}_{{{other}}}") in names]
    return found or [stem] * (stem in names)


def _parts(below: list[Token]) -> list[list[Token]]:
    """What stands between commas."""
    parts: list[list[Token]] = [[]]
    for token in below:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


class Scope:
    """The names inside of a sum: the index, what bears it, and all that is declared outside."""

    def __init__(self, names: Container[str], index: str) -> None:
        self._names, self._index = names, index
        self.depth: int = 1 + (names.depth if isinstance(names, Scope) else 0)

    def binds(self, index: str) -> bool:
        """Whether the letter is an index here."""
        return index == self._index or (isinstance(self._names, Scope) and self._names.binds(index))

    def __contains__(self, name: object) -> bool:
        if name in self._names or name == self._index:
            return True
        return isinstance(name, str) and family(name, self._index, self._names) is not None


class Sums(Operators):
    """Reads sums over a bound index."""

    def product(self) -> Node:
        """Factors up to the next plus or minus."""
        raise NotImplementedError

    def bound_sum(self) -> Node:
        r"""\sum_i or \sum_{i=1}^{n}, and the product behind it."""
        start = self.position
        self._at += 1
        below: list[Token] = []
        above: list[Token] = []
        while sign := self.take("_", "^"):
            found = self.one_argument() if self.ahead(0).isdigit() else self.argument()
            if not found or (below if sign.text == "_" else above):
                raise Unparsed("the limits of the sum are not read", start)
            below, above = (found, above) if sign.text == "_" else (below, found)
        return self._over(_parts(below), above, start)

    def _over(self, parts: list[list[Token]], above: list[Token], start: int) -> Node:
        """The sum over one index, or over several with the same limits, as in \\sum_{i,j=1}^{n}."""
        outside = self._names
        lower: list[Token] = []
        indices = []
        for part in parts:
            if lower:
                raise Unparsed("what stands under the sum is not read", start)
            index, lower = self._index_of(part, start)
            indices.append(index)
            self._names = scope = Scope(self._names, index)
            if scope.depth > DEEPEST:
                raise Unparsed(f"sums nested more than {DEEPEST} deep", start)
        if bool(lower) != bool(above):
            raise Unparsed("a sum with one limit alone is not read", start)
        body = self.product()
        self._names = outside
        limits = (self.inside(lower), self.inside(above)) if lower else ()
        for index in reversed(indices):
            self._ends_here(index)
            body = Node("sum", index, (body, *limits), start)
        return body

    def _index_of(self, below: list[Token], start: int) -> tuple[str, list[Token]]:
        """The index, and its first value, where that is given."""
        reader = Symbols(below, self._names, self._depth + 1)
        index = reader.name() if below else None
        if index is None or (len(index) > 1 and index not in GREEK):
            raise Unparsed("a sum without one letter as its index is not read", start)
        if index == "t" or f"time {index}" in self._names:
            raise Unparsed(f"the index {index} is the time: use another", start)
        if (isinstance(self._names, Scope) and self._names.binds(index)) or self.known_function(index):
            raise Unparsed(f"the index {index} is bound already, or declared a function: use another", start)
        lower = below[reader.consumed + 1 :]
        if reader.next is not None and (reader.next != "=" or not lower):
            raise Unparsed("what stands under the sum is not read", start)
        return index, lower

    def _ends_here(self, index: str) -> None:
        """Refuses a sum behind which, in the same sum of terms, its index stands again."""
        place = self._at
        while place < len(self._tokens) and self._tokens[place].text not in RELATIONS:
            if self._tokens[place].text == index:
                raise Unparsed(f"where the sum over {index} ends is not clear: use parentheses", self.position)
            under = [t.text for t in self._tokens[place : place + 4] if t.text != "{"]
            if under[:3] == ["\\sum", "_", index]:
                return
            place += 1
