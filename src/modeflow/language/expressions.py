"""The kinds of expression that public functions take, by name. SymPy has no types: to a type checker each is Any."""

from __future__ import annotations

from typing import Any, TypeAlias

Side: TypeAlias = Any
"""A side of a statement: a SymPy expression, scalar or matrix, a tuple of them, or an integer."""

Condition: TypeAlias = Any
"""A SymPy relation between letters, such as gamma < lam."""

Letter: TypeAlias = Any
"""A SymPy symbol, a matrix letter or an undefined function."""
