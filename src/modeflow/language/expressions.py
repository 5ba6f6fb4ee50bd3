"""The kinds of expression that public functions take, by name. SymPy has no types: to a type checker each is Any."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from sympy import Basic
from sympy.printing.str import StrPrinter

Side: TypeAlias = Any
"""A side of a statement: a SymPy expression, scalar or matrix, a tuple of them, or an integer."""

Condition: TypeAlias = Any
"""A SymPy relation between letters, such as gamma < lam."""

Relation = Literal["=", "!=", ">=", ">", "<=", "<"]
"""How two sides compare."""

Letter: TypeAlias = Any
"""A SymPy symbol, a matrix letter or an undefined function."""


def text(expression: Any) -> str:
    """str(expression), of which every part is printed once, however often it occurs."""
    printed: str = _OncePrinter().doprint(expression)
    return printed


class _OncePrinter(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    def __init__(self) -> None:
        super().__init__()
        self._printed: dict[Basic, str] = {}
        self._enclosed: dict[tuple[Basic, int, bool], str] = {}

    def _print(self, expr: Any, **options: Any) -> Any:
        if options or not isinstance(expr, Basic):
            return super()._print(expr, **options)
        if expr not in self._printed:
            self._printed[expr] = super()._print(expr)
        return self._printed[expr]

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        if not isinstance(item, Basic):
            return str(super().parenthesize(item, level, strict))
        known = item, level, strict
        if known not in self._enclosed:
            self._enclosed[known] = super().parenthesize(item, level, strict)
        return self._enclosed[known]


def in_order(expression: Basic, closed: tuple[type, ...] = ()) -> Iterator[Basic]:
    """The expression and its parts from the outside in, as they are written, each where it is first met.

    closed: kinds of expressions whose parts are left out.
    """
    entered: set[Basic] = set()
    pending = [expression]
    while pending:
        part = pending.pop()
        if part not in entered:
            entered.add(part)
            yield part
            pending += () if isinstance(part, closed) else reversed(part.args)


def parts(expression: Any) -> set[Basic]:
    """The expression and all its parts, each once, however deep; a function without arguments, a class, has none."""
    entered: set[Basic] = set()
    pending = [expression] if isinstance(expression, Basic) else []
    while pending:
        part = pending.pop()
        if part not in entered:
            entered.add(part)
            pending += part.args
    return entered


@lru_cache(maxsize=20_000)
def letters_in(expression: Any) -> frozenset[Any]:
    """The free symbols of an expression, of which every part is asked once, however often it occurs."""
    if not isinstance(expression, Basic) or type(expression).free_symbols is not Basic.free_symbols:
        return frozenset(expression.free_symbols)
    return frozenset().union(*map(letters_in, expression.args))
