"""From trees to SymPy, by constructors only; no text is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

from .grammar import Node
from .notation import Notation
from .tokens import Unparsed

LARGEST_POWER = 64
LARGEST = 5000  # parts of one equation, definitions put in
MOST_DERIVATIVES = 2  # of derivatives

_FUNCTIONS: dict[str, Any] = {
    "exp": sympy.exp,
    "ln": sympy.log,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "coth": sympy.coth,
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "arsinh": sympy.asinh,
    "arcosh": sympy.acosh,
    "artanh": sympy.atanh,
}


class Reader:
    """Reads trees in one notation.

    rates: for symbols that move in time, the symbol of their rate; definitions: symbols replaced by expressions.
    """

    def __init__(
        self,
        notation: Notation,
        rates: Mapping[Symbol, Symbol],
        swaps: Mapping[Any, Any],
        definitions: Mapping[str, Expr],
    ) -> None:
        self._notation, self._rates, self._swaps, self._definitions = notation, rates, swaps, definitions
        self._size = self._derivatives = 0

    def read(self, node: Node) -> Expr:
        """The expression; raises Unparsed where it has no clear meaning."""
        self._size += 1
        if self._size > LARGEST:
            raise Unparsed(f"more than {LARGEST} parts, definitions put in", node.position)
        value: Expr = getattr(self, f"_{node.kind}")(node)
        if value.has(sympy.zoo, sympy.oo, -sympy.oo, sympy.nan):
            raise Unparsed("a division by zero", node.position)
        return value

    def _number(self, node: Node) -> Expr:
        whole, _, part = node.value.partition(".")
        return Rational(int(whole + part), 10 ** len(part))

    def _symbol(self, node: Node) -> Expr:
        name = node.value
        if name in self._definitions:
            meant = self._definitions[name]
            self._size += sum(1 for _ in sympy.preorder_traversal(meant))
            return meant
        if name in self._notation.table:
            symbol: Expr = self._notation.table[name]
            return self._swaps.get(symbol, symbol)
        known = self._notation.function(name)
        if known is None:
            raise Unparsed(f"{name} is not declared", node.position)
        function, argument = known
        if argument != "t":
            raise Unparsed(f"{name} is a function of {argument}: write {name}({argument})", node.position)
        return function(self._notation.table["t"])

    def _apply(self, node: Node) -> Expr:
        known = self._notation.function(node.value)
        assert known is not None
        return known[0](self.read(node.parts[0]))

    def _function(self, node: Node) -> Expr:
        return _FUNCTIONS[node.value](self.read(node.parts[0]))

    def _add(self, node: Node) -> Expr:
        return Add(*(self.read(p) for p in node.parts))

    def _multiply(self, node: Node) -> Expr:
        return Mul(*(self.read(p) for p in node.parts))

    def _minus(self, node: Node) -> Expr:
        return -self.read(node.parts[0])

    def _divide(self, node: Node) -> Expr:
        above, below = (self.read(p) for p in node.parts)
        if below.is_zero:
            raise Unparsed("a division by zero", node.position)
        return above / below

    def _power(self, node: Node) -> Expr:
        base, exponent = (self.read(p) for p in node.parts)
        return self._raised(base, exponent, node.position)

    def _root(self, node: Node) -> Expr:
        degree = self.read(node.parts[1]) if len(node.parts) == 2 else Integer(2)
        if not (degree.is_Integer and 2 <= degree <= LARGEST_POWER):
            raise Unparsed("a root of this degree is not read", node.position)
        return self._raised(self.read(node.parts[0]), 1 / degree, node.position)

    @staticmethod
    def _raised(base: Expr, exponent: Expr, position: int) -> Expr:
        if exponent.is_number:
            if not exponent.is_Rational or abs(exponent) > LARGEST_POWER or exponent.q > LARGEST_POWER:
                raise Unparsed(f"only rational powers up to {LARGEST_POWER} are read", position)
            if any(len(str(abs(part))) > 40 for n in base.atoms(Rational) for part in (n.p, n.q)):
                raise Unparsed("a power of a number of more than 40 digits", position)
            if base.is_zero and not exponent.is_positive:
                raise Unparsed("a division by zero", position)
        return Pow(base, exponent)

    def _derivative(self, node: Node) -> Expr:
        variable = self._notation.table.get(node.value)
        if not isinstance(variable, Symbol):
            raise Unparsed(f"{node.value}, in which is differentiated, is not declared a symbol", node.position)
        self._derivatives += 1
        if self._derivatives > MOST_DERIVATIVES:
            raise Unparsed(f"more than {MOST_DERIVATIVES} derivatives inside each other", node.position)
        inner = self.read(node.parts[0])
        self._derivatives -= 1
        rate = inner.diff(variable)
        moving = []
        if node.value == "t":
            moving = [s for s in self._rates if inner.has(s)]
            rate += Add(*(inner.diff(s) * self._rates[s] for s in moving))
        if not moving and not inner.has(variable):
            raise Unparsed(f"nothing here is declared to depend on {node.value}", node.position)
        return rate


def rates(symbols: list[Symbol]) -> dict[Symbol, Symbol]:
    """A symbol for the rate of each."""
    return {s: Symbol(f"d{s.name}/dt", real=True) for s in symbols}
