"""Texts and parts of expressions, found without going twice through what occurs twice."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Dummy, Symbol, exp, sqrt

from modeflow.language.expressions import in_order, text

x, y = Symbol("x"), Symbol("y", positive=True)
root = sqrt(x**2 + y)
EXPRESSIONS = [
    x,
    -x - y,
    (root - x) ** -2 * exp(-root / 2) + exp(-root) * root,
    sympy.Mul(-1, root, -x, evaluate=False),
    sympy.Pow(-x, 2, evaluate=False) + (-x) ** y - 2 / (3 * y),
    sympy.Derivative(sympy.Function("f")(x), x) - sympy.Integral(exp(-(x**2)), (x, 0, y)),
    sympy.Tuple(x < y, sympy.Eq(root, 1)),
    sympy.Symbol("x") + Dummy("x") * sympy.I - sympy.Float("0.1"),
]


@pytest.mark.parametrize("e", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_the_text_is_that_of_sympy(e: Any) -> None:
    assert text(e) == str(e)


@pytest.mark.parametrize("e", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_parts_come_once_in_the_order_in_which_they_are_written(e: Any) -> None:
    assert list(in_order(e)) == list(dict.fromkeys(sympy.preorder_traversal(e)))
