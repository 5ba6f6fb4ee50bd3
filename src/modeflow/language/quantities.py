"""The symbols of a derivation: what each means, its sign, and how it is written.

A chapter may use only symbols that its alphabet declares; `Alphabet.check` names the stranger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Function, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction

from .matrices import DiagonalSymbol, OrthogonalSymbol, SymmetricSymbol


class UndeclaredSymbol(ValueError):
    """A claim uses a symbol that its alphabet does not declare."""


@dataclass(frozen=True)
class Quantity:
    """One declared letter.

    symbol: the SymPy object; tex: how it is written; meaning: one phrase; domain: its assumptions in words.
    """

    symbol: Any
    tex: str
    meaning: str
    domain: str


_SHAPES = {
    "general": MatrixSymbol,
    "symmetric": SymmetricSymbol,
    "orthogonal": OrthogonalSymbol,
    "diagonal": DiagonalSymbol,
}


@dataclass
class Alphabet:
    """An ordered collection of declared quantities, by name."""

    quantities: dict[str, Quantity] = field(default_factory=dict)

    def scalar(self, name: str, tex: str, meaning: str, **assumptions: bool) -> Symbol:
        """Declare a scalar; the assumptions are SymPy's (positive=True, real=True, …)."""
        return self._add(Symbol(name, **assumptions), name, tex, meaning, _in_words(assumptions))

    def function(self, name: str, tex: str, meaning: str, **assumptions: bool) -> UndefinedFunction:
        """Declare a function of time, such as a mode strength w(t)."""
        return self._add(Function(name, **assumptions), name, tex, meaning, _in_words(assumptions))

    def matrix(self, name: str, rows: Any, columns: Any, tex: str, meaning: str, kind: str = "general") -> MatrixSymbol:
        """Declare a matrix letter; kind is general, symmetric, orthogonal or diagonal."""
        if kind not in _SHAPES:
            raise ValueError(f"matrix {name}: kind = {kind!r}: choose one of {', '.join(_SHAPES)}")
        symbol = _SHAPES[kind](name, rows, columns)
        domain = f"{rows} x {columns}" + ("" if kind == "general" else f", {kind}")
        return self._add(symbol, name, tex, meaning, domain)

    def _add(self, symbol: Any, name: str, tex: str, meaning: str, domain: str) -> Any:
        if name in self.quantities:
            raise ValueError(f"{name} is declared twice in one alphabet; give the second another name")
        self.quantities[name] = Quantity(symbol, tex, meaning, domain)
        return symbol

    def __iter__(self) -> Iterator[Quantity]:
        return iter(self.quantities.values())

    def of(self, expression: Basic) -> tuple[Quantity, ...]:
        """The declared quantities that occur in an expression, in the order of the alphabet."""
        present = letters(expression)
        return tuple(q for q in self if q.symbol in present)

    def check(self, expression: Basic, place: str) -> None:
        """Raise UndeclaredSymbol where the expression uses a letter this alphabet does not declare."""
        declared = {q.symbol for q in self}
        for letter in sorted(letters(expression) - declared, key=str):
            raise UndeclaredSymbol(
                f"{place} uses {letter}, which its alphabet does not declare with these assumptions; "
                f"declare it with alphabet.scalar({str(letter)!r}, tex, meaning, ...)"
            )

    def tex_names(self) -> dict[Any, str]:
        """Symbol → LaTeX, as SymPy's LaTeX printer takes it."""
        return {q.symbol: q.tex for q in self if not isinstance(q.symbol, UndefinedFunction)}


def letters(expression: Basic) -> set[Any]:
    """Every scalar, matrix letter and undefined function in an expression, bound or free."""
    found: set[Any] = set(expression.atoms(Symbol)) | set(expression.atoms(MatrixSymbol))
    names_of_matrices = {m.args[0] for m in expression.atoms(MatrixSymbol)}
    found -= names_of_matrices
    return found | {f.func for f in expression.atoms(AppliedUndef)}


def _in_words(assumptions: dict[str, bool]) -> str:
    words = {
        "positive": "> 0",
        "nonnegative": ">= 0",
        "negative": "< 0",
        "nonpositive": "<= 0",
        "nonzero": "nonzero",
    }
    said = [words.get(k, k) if v else f"not {words.get(k, k)}" for k, v in assumptions.items()]
    return ", ".join(said) or "complex"
