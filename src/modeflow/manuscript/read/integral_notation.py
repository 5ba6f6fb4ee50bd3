r"""The grammar of integrals, \int_{a}^{b} f(x)\,dx or \int_a^b \frac{dx}{…}: the differential ends them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.commands import CLOSERS, PAIRS, RELATIONS, TIMES
from ..text.tokens import Token, Unparsed, argument
from .bound_sums import Scope, Sums
from .symbols import Symbols
from .trees import Node

DEEPEST = 2  # integrals inside integrals


class Within(Scope):
    """The names inside of an integral: its variable, and all that is declared outside."""

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str) and re.fullmatch(re.escape(self._index) + r"\^\{\d+\}", name):
            return False  # s^2 is the square, whatever it is outside
        return name == self._index or name in self._names

    @property
    def integrals(self) -> int:
        """How many integrals stand around."""
        outside = self._names
        while isinstance(outside, Scope) and not isinstance(outside, Within):
            outside = outside._names
        return 1 + (outside.integrals if isinstance(outside, Within) else 0)


class Integrals(Sums):
    """Reads integrals between two limits."""

    def bound_integral(self) -> Node:
        r"""\int_{a}^{b} up to its differential."""
        start = self.position
        self._at += 1
        lower, upper = (self.inside(limit) for limit in self._ends(start))
        body, variable = self._up_to_differential(start)
        if isinstance(self._names, Scope) and self._names.binds(variable):
            raise Unparsed(f"{variable} is bound already: use another letter", start)
        scope = Within(self._names, variable)
        if scope.integrals > DEEPEST:
            raise Unparsed(f"integrals nested more than {DEEPEST} deep", start)
        outside, self._names = self._names, scope
        inner = self.inside(body)
        self._names = outside
        if self.begins_factor() or self.next in ("^", "_", "'", "/") or self.next in TIMES:
            self.refuse("what stands behind the differential can be read in two ways: write it before the integral")
        return Node("integral", variable, (inner, lower, upper), start)

    def _ends(self, start: int) -> tuple[list[Token], list[Token]]:
        """What stands below and above."""
        found: dict[str, list[Token]] = {}
        while sign := self.take("_", "^"):
            limit = self.one_argument() if self.ahead(0).isdigit() else self.argument()
            if not limit or sign.text in found:
                raise Unparsed("the limits of the integral are not read", start)
            found[sign.text] = limit
        if len(found) != 2:
            raise Unparsed("an integral without two limits is not read", start)
        return found["_"], found["^"]

    def _up_to_differential(self, start: int) -> tuple[list[Token], str]:
        """The integrand and its variable; the cursor stands behind the differential then."""
        first, inner = self._at, 0
        while self.next is not None and self.next not in RELATIONS and self.next != "}":
            here = self._at
            if self.take("\\int"):
                inner += 1
            elif self.take("\\frac"):
                above, end = argument(self._tokens, self._at, self._tokens[here])
                below, self._at = argument(self._tokens, end, self._tokens[here])
                split = None if self.differential(below) is not None else self._split(above)
                if split is not None and inner == 0:
                    rest = split[0]
                    if not rest or rest[-1].text in ("+", "-"):
                        rest = [*rest, Token("1", self._tokens[here].position)]
                    opened, closed = (Token(brace, self._tokens[here].position) for brace in "{}")
                    fraction = [self._tokens[here], opened, *rest, closed, opened, *below, closed]
                    return [*self._tokens[first:here], *fraction], split[1]
                inner -= split is not None
            elif (variable := self._differential_here()) is not None:
                if inner == 0:
                    if here == first:
                        return [Token("1", self._tokens[here].position)], variable
                    return list(self._tokens[first:here]), variable
                inner -= 1
            elif self.next == "{":
                self.group()
            elif self.next in PAIRS and self.next not in CLOSERS:
                self._at = self.matching(self._at) + 1
            else:
                self._at += 1
        raise Unparsed("an integral without a differential, such as dx, is not read", start)

    def _differential_here(self) -> str | None:
        """The variable of the d that stands next, taken; None where none does, or d/dx or dy/dx."""
        before = self._at
        if self.next == "\\partial" or not self._take_d():
            return None
        if self.take("/"):  # d/dx
            self._take_d()
            return None
        variable = self.name()
        if variable is None:
            raise Unparsed("d without the letter over which is integrated", self._tokens[before].position)
        if self.next == "/" and self.without_d(self._tokens[self._at + 1 : self._at + 6]) is not None:  # dy/dx
            self._at += 1
            self._take_d()
            return None
        return variable

    def _split(self, above: Sequence[Token]) -> tuple[list[Token], str] | None:
        """A numerator without the differential at its end, and the variable; None where it has none."""
        for place in range(len(above) - 1, -1, -1):
            rest = self.without_d(above[place:]) if above[place].text != "\\partial" else None
            if not rest:
                continue
            reader = Symbols(rest, self._names, self._depth + 1)
            variable = reader.name()
            if variable is not None and reader.next is None:
                return list(above[:place]), variable
        return None
