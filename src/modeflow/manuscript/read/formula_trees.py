"""What reading gives: trees without meaning yet, and statements made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A part of a statement.

    kind: number, symbol, apply, function, add, multiply, divide, power, root, minus, absolute, derivative, transpose,
    trace, norm (squared), mean, gradient, sum, product, evaluation or integral, and others in outlines; value: its
    name or digits; parts: its operands, in the order written.
    """

    kind: str
    value: str
    parts: tuple[Node, ...]
    position: int


@dataclass(frozen=True)
class Statement:
    """Sides with a relation between each and the next: "=", "!=", "<", ">", "<=" or ">="."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]


def has_decimal(node: Node) -> bool:
    """Whether a decimal stands there."""
    return (node.kind == "number" and "." in node.value) or any(map(has_decimal, node.parts))
