"""Balls around the values of formulas at a point, straight from their trees, which is quicker than any algebra.

Ball arithmetic (Arb) encloses the true value: sides whose balls lie apart differ there. Where a part is not real, or is
nothing that has a value here, its ball is the whole line, and says nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

from flint import arb, ctx, fmpq

from ...proof.enclosures import NotEvaluable, OnBranchCut, Point, enclose
from ..mean.matrix_shapes import is_matrix
from ..mean.real_points import letters
from ..read.formula_trees import Node, Statement

PRECISION = 128  # bits
ANYTHING = arb("nan")

Key = tuple[str, str, tuple[Any, ...]]


class TreeValues:
    """The values of trees at one point.

    meaning: the expression of what is no arithmetic, such as a symbol; raises Unparsed where it has none. numbers: for
    an expression, letters with the number that each is at the point.
    """

    def __init__(self, meaning: Callable[[Node], Any], numbers: Callable[[Any], Mapping[Any, Any]]) -> None:
        self._meaning, self._numbers = meaning, numbers
        self._known: dict[Key, arb] = {}

    def may_hold(self, equation: Statement) -> bool:
        """False where two neighbouring sides are seen to differ; raises Unparsed for a symbol without a meaning."""
        with ctx.workprec(PRECISION):
            values = [self._value(side) for side in equation.sides]
        return all(one.overlaps(other) for one, other in pairwise(values))

    def _value(self, node: Node) -> arb:
        rule = _FUNCTIONS.get(node.value) if node.kind == "function" else _RULES.get(node.kind)
        if rule is not None:
            return rule(*map(self._value, node.parts))
        if node.kind == "number":
            whole, _, part = node.value.partition(".")
            return arb(fmpq(int(whole + part), 10 ** len(part)))
        if (key := _key(node)) not in self._known:
            self._known[key] = self._meant(node)
        return self._known[key]

    def _meant(self, node: Node) -> arb:
        value = self._meaning(node)
        if is_matrix(value) or not letters(value) <= (numbers := self._numbers(value)).keys():
            return ANYTHING
        try:
            ball = enclose(value, Point(numbers), PRECISION)
        except (NotEvaluable, OnBranchCut):
            return ANYTHING
        return ball.real if ball.imag == 0 else ANYTHING


def _key(node: Node) -> Key:
    """A node without its place."""
    return node.kind, node.value, tuple(map(_key, node.parts))


def _sum(*terms: arb) -> arb:
    return reduce(operator.add, terms)


def _product(*factors: arb) -> arb:
    return reduce(operator.mul, factors)


def _root(inside: arb, degree: arb | None = None) -> arb:
    return inside.sqrt() if degree is None else inside ** (1 / degree)


_RULES: dict[str, Callable[..., arb]] = {
    "add": _sum,
    "multiply": _product,
    "minus": operator.neg,
    "divide": operator.truediv,
    "power": operator.pow,
    "root": _root,
    "absolute": abs,
}
_FUNCTIONS: dict[str, Callable[[arb], arb]] = {
    "exp": arb.exp,
    "ln": arb.log,
    "sin": arb.sin,
    "cos": arb.cos,
    "tan": arb.tan,
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "tanh": arb.tanh,
    "arsinh": arb.asinh,
    "arcosh": arb.acosh,
    "artanh": arb.atanh,
    "arctan": arb.atan,
}
