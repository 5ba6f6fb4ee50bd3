"""Equations, and sides of them that are read entry by entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic, Integer, Tuple
from sympy.core.relational import Relational

from ..language.expressions import Relation, Side
from ..proof.given import known_relation


@dataclass(frozen=True)
class Equation:
    """An equation or inequality lhs (relation) rhs, with the name of the role it plays in a claim.

    Attributes:
        lhs, rhs: SymPy expressions or integers.
        name: its role, such as "rate" or "initial value".
        relation: "=", "!=", ">=", ">", "<=" or "<"; any other raises ValueError.
    Example:
        >>> from sympy import Function, Symbol
        >>> from modeflow import Equation
        >>> t, u = Symbol("t"), Function("u")
        >>> Equation(u(t).diff(t), -u(t), "rate").name
        'rate'
    """

    lhs: Side
    rhs: Side
    name: str = "statement"
    relation: Relation = "="

    def __post_init__(self) -> None:
        object.__setattr__(self, "lhs", sympified(self.lhs))
        object.__setattr__(self, "rhs", sympified(self.rhs))
        known_relation(self.relation, f"{self.name}: ")


def sympified(value: Any) -> Basic:
    if isinstance(value, Relational):
        remedy = f"give {value.lhs} and {value.rhs} as the two sides, with relation={value.rel_op!r}"
        raise TypeError(f"{value} is a statement by itself and no side of one: {remedy}")
    if isinstance(value, Basic):
        return value
    if isinstance(value, tuple | list):
        return Tuple(*(sympified(v) for v in value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Integer(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}; a claim is made of SymPy expressions and integers")


def numbered(equations: Iterable[Equation]) -> Iterable[Equation]:
    """Give the equations of one claim different names, under which their verdicts are kept."""
    taken: set[str] = set()
    for number, equation in enumerate(equations, start=1):
        name = f"equation {number}" if equation.name == "statement" else equation.name
        name = f"{name}, equation {number}" if name in taken else name
        taken.add(name)
        yield replace(equation, name=name)


def entries(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, Tuple) else (side,)


def alike(side: Side, entries: list[Any]) -> Any:
    return Tuple(*entries) if isinstance(side, Tuple) else entries[0]


def entry_by_entry(equation: Equation) -> Iterable[Equation]:
    left, right = entries(equation.lhs), entries(equation.rhs)
    if len(left) != len(right):
        raise ValueError(f"{equation.name}: {len(left)} entries on the left, {len(right)} on the right")
    if len(left) == 1:
        yield replace(equation, lhs=left[0], rhs=right[0])
        return
    for number, (one, other) in enumerate(zip(left, right, strict=True), start=1):
        yield replace(equation, lhs=one, rhs=other, name=f"{equation.name} ({number})")
