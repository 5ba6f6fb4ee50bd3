"""The grammar of derivatives: d/dt, dw/dt, a dot above, a prime; d stays a letter where it is declared."""

from __future__ import annotations

from collections.abc import Sequence

from ..text.commands import BARS, FONTS, FUNCTIONS, PAIRS, TIMES, TRACES
from ..text.tokens import Token, Unparsed
from .symbols import Symbols
from .trees import Node


class Derivatives(Symbols):
    """Reads derivatives."""

    def begins_factor(self) -> bool:
        """Whether what stands next can begin a factor."""
        raise NotImplementedError

    # a d, in its spellings

    def without_d(self, found: Sequence[Token]) -> list[Token] | None:
        r"""What follows a leading d, \mathrm{d} or \partial; None where there is none."""
        if not found:
            return None
        if (found[0].text == "d" and "d" not in self._names) or found[0].text == "\\partial":
            return list(found[1:])
        if found[0].text not in FONTS:
            return None
        texts = [t.text for t in found[1:4]]
        if texts == ["{", "d", "}"]:
            return list(found[4:])
        return list(found[2:]) if texts[:1] == ["d"] else None

    def differential(self, below: Sequence[Token]) -> tuple[str, ...] | None:
        r"""t where the denominator is dt, t twice for dt^2, x and y for \partial x\partial y; None for any other."""
        rest = self.without_d(below)
        if not rest:
            return None
        names: tuple[str, ...] = ()
        while rest is not None and len(names) < 2:
            parser = Symbols(rest, self._names, self._depth + 1)
            name = parser.name()
            if name is None:
                break
            order = 2 if parser.take("^") and _is_two(parser) else 1
            names += (name,) * order
            rest = list(parser.rest)
            if not rest and len(names) <= 2:
                return names
            rest = self.without_d(rest)
        raise Unparsed("a denominator that begins with d but is not dt", below[0].position)

    # d over dt

    def fraction_of_d(self, above: Sequence[Token], variables: tuple[str, ...], start: int) -> Node:
        r"""\frac{d}{dt} and what it is applied to, or \frac{dw}{dt}."""
        rest = self.without_d(above)
        if rest is None:
            raise Unparsed("dt under a fraction whose numerator does not begin with d", start)
        if len(variables) == 2:
            if [t.text for t in rest[:2]] == ["^", "2"]:
                rest = rest[2:]
            elif [t.text for t in rest[:4]] == ["^", "{", "2", "}"]:
                rest = rest[4:]
            else:
                raise Unparsed("d over two differentials", start)
        if not rest:
            operand = self._differentiated()
        else:
            parser = type(self)(rest, self._names, self._depth + 1)
            operand = parser.factor()
            if parser.next is not None:
                parser.refuse("more than one factor behind d in a numerator can be read in two ways: use parentheses")
            if self.next in ("^", "_", "'"):
                self.refuse()
        return _nested(operand, variables, start)

    def _differentiated(self) -> Node:
        start = self.position
        if self.next is not None and self.next.isascii() and self.next.isdigit():
            operand = self.number()
        elif self.next in PAIRS:
            operand = self.inside(self.brackets())
            if self.next not in ("^", "_", "'"):
                return operand
            operand = self.powered(operand)
        elif (
            self.next in ("\\frac", "\\sqrt", "\\sum", "\\int", "\\lVert")
            or self.next in FUNCTIONS
            or self.next in TRACES | BARS
        ):
            operand = self.factor()
        else:
            operand = self.exponential() or self.raised_symbol()
        if is_number(operand) and self.begins_factor():  # a number is no more differentiated than it is not
            return Node("multiply", "", (operand, self._differentiated()), start)
        if self.begins_factor() or self.next in TIMES or self.next == "/":
            self.refuse("what is differentiated can be read in two ways: use parentheses")
        return operand

    def number(self) -> Node:
        raise NotImplementedError

    def exponential(self) -> Node | None:
        """A power of e; None where none stands next."""
        raise NotImplementedError

    def factor(self) -> Node:
        """A number, symbol, bracket, fraction, root, function or derivative."""
        raise NotImplementedError

    def raised_symbol(self) -> Node:
        """A symbol with what is raised behind it."""
        raise NotImplementedError

    def powered(self, base: Node) -> Node:
        """The base with what is raised behind it."""
        raise NotImplementedError

    def rate_of(self, operand: Node, position: int) -> Node:
        """What vanishes where the operand is constant in time."""
        if "t" not in self._names:
            raise Unparsed("t, in which something is constant, is not declared", position)
        return _nested(operand, ("t",), position)

    # in the line

    def in_line(self) -> Node | None:
        r"""dw/dt, d(…)/dt, d/dt(…) or \partial_t w; None where no d stands next, or one that is declared."""
        start = self.position
        if self.next == "\\partial" and self.ahead(1) == "_":
            self._at += 2
            found = Symbols(self.one_argument(), self._names, self._depth + 1)
            variable = found.name()
            if variable is None or found.next is not None:
                raise Unparsed("\\partial with an index that is not one symbol", start)
            return _nested(self._differentiated(), (variable,), start)
        if not self._take_d():
            return None
        operand = None
        if self.next != "/":
            bracketed = self.next in PAIRS
            operand = self.powered(self.inside(self.brackets())) if bracketed else self.raised_symbol()
        if not self.take("/") or not self._take_d():
            raise Unparsed("d that is not part of d/dt is not declared", start)
        variable = self.name()
        if variable is None or self.next in ("^", "_", "'"):
            self.refuse("d/d without the symbol in which is differentiated")
        if operand is None:
            operand = self._differentiated()
        elif self.next in ("/", "(", "["):
            self.refuse("what stands behind dt can be read in two ways")
        return _nested(operand, (variable,), start)

    def _take_d(self) -> bool:
        rest = self.without_d(self._tokens[self._at : self._at + 5])
        if rest is None:
            return False
        self._at = min(self._at + 5, len(self._tokens)) - len(rest)
        return True

    # dots

    def dotted(self) -> Node:
        r"""\dot w, \dot{w}_1, \dot w(t)."""
        start = self.position
        order = 2 if self.take("\\ddot") else 1
        if order == 1:
            self.take("\\dot")
        inner = self.argument()
        if not inner or inner[-1].text in ("^", "_"):
            raise Unparsed("a dot over nothing", start)
        # An index, or what else belongs to the symbol, may stand behind the dot.
        parser = Symbols([*inner, *self._tokens[self._at :]], self._names, self._depth + 1)
        operand = parser.symbol()
        if parser.consumed < len(inner) or operand.kind not in ("symbol", "apply"):
            raise Unparsed("a dot over more than one symbol", start)
        self._at += parser.consumed - len(inner)
        return _nested(operand, ("t",) * order, start)


def is_number(node: Node) -> bool:
    """Whether that is a number, or a fraction of numbers."""
    return node.kind == "number" or (node.kind == "divide" and all(part.kind == "number" for part in node.parts))


def _is_two(parser: Symbols) -> bool:
    return [t.text for t in parser.argument()] == ["2"]


def _nested(operand: Node, variables: Sequence[str], start: int) -> Node:
    for variable in reversed(variables):
        operand = Node("derivative", variable, (operand,), start)
    return operand
