"""The kinds of expression that public functions take, by name. SymPy has no types: to a type checker each is Any."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from sympy import Basic

Side: TypeAlias = Any
"""A side of a statement: a SymPy expression, scalar or matrix, a tuple of them, or an integer."""

Condition: TypeAlias = Any
"""A SymPy relation between letters, such as gamma < lam."""

Relation = Literal["=", "!=", ">=", ">", "<=", "<"]
"""How two sides compare."""

Letter: TypeAlias = Any
"""A SymPy symbol, a matrix letter or an undefined function."""


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
