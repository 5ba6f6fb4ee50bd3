"""Small changes of a formula as it is written: the slips that people make from one line to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..read.formula_trees import Node

MOST = 600  # changes tried on one side
LARGEST = 12  # number that is changed by 1: a larger one may be rounded

Changes = Iterator[tuple[str, Node]]
_ALIKE = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh"}


def changes(node: Node, symbols: Sequence[Node]) -> Changes:
    """What was changed, and the formula with that one change; at most MOST of them.

    symbols: what may stand in the place of another symbol.
    """
    for number, change in enumerate(_everywhere(node, symbols)):
        if number == MOST:
            return
        yield change


def _everywhere(node: Node, symbols: Sequence[Node]) -> Changes:
    """The changes at the whole and at every part."""
    yield from _here(node, symbols)
    for place, part in enumerate(node.parts):
        for name, changed in _everywhere(part, symbols):
            yield name, replace(node, parts=(*node.parts[:place], changed, *node.parts[place + 1 :]))


def _here(node: Node, symbols: Sequence[Node]) -> Changes:
    yield "a sign", _minus(node)
    yield "a factor 2", _times(node, "2")
    yield "a factor 2", Node("divide", "", (node, _number("2", node)), node.position)
    yield from _powers(node)
    if node.kind in ("symbol", "apply"):
        yield from (("a letter", other) for other in symbols if other != node)
    elif node.kind == "number" and node.value.isdigit():
        yield from (("a number", _number(value, node)) for value in _near(node.value))
    elif node.kind == "function" and node.value in _ALIKE:
        yield "a function", replace(node, value=_ALIKE[node.value])


def _near(digits: str) -> list[str]:
    """A number by one more and less; a large one, which may be rounded, with another first digit."""
    if int(digits) <= LARGEST:
        return [str(int(digits) + 1), str(abs(int(digits) - 1))]
    return [f"{first}{digits[1:]}" for first in (int(digits[0]) + 1, int(digits[0]) - 1) if 0 < first < 10]


def _minus(node: Node) -> Node:
    return node.parts[0] if node.kind == "minus" else Node("minus", "", (node,), node.position)


def _times(node: Node, digits: str) -> Node:
    return Node("multiply", "", (_number(digits, node), node), node.position)


def _number(digits: str, near: Node) -> Node:
    return Node("number", digits, (), near.position)


def _powers(node: Node) -> Changes:
    if node.kind != "power":
        yield "a power", Node("power", "", (node, _number("2", node)), node.position)
        yield "a root", Node("root", "", (node,), node.position)
        return
    base, exponent = node.parts
    yield "a power", base
    yield "the sign of an exponent", replace(node, parts=(base, _minus(exponent)))


def symbols_in(*nodes: Node) -> list[Node]:
    """The symbols that stand in formulas, each once, and those applied to others as one."""
    found: dict[tuple[str, str], Node] = {}
    left = list(nodes)
    while left:
        node = left.pop(0)
        if node.kind in ("symbol", "apply"):
            found.setdefault((node.value, node.parts[0].value if node.parts else ""), node)
        else:
            left += node.parts
    return list(found.values())
