"""Polynomials and fractions of the tower: parts by powers, and sums over a common denominator."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol, exp, sqrt

from modeflow.proof.tower import Tower

x, y = Symbol("x", real=True), Symbol("y", positive=True)


@pytest.mark.parametrize("e", [x**5 * y - x**2 + 3 * y, exp(3 * x) * x - exp(x) + 1, sqrt(y) * x + y, x - x], ids=str)
def test_a_polynomial_is_the_sum_of_its_parts(e: Any) -> None:
    tower = Tower(24)
    p = tower.element(e).num
    for g in tower.generators:
        v = tower.variables[g.index]
        parts = tower.by_power(p, g.index)
        assert sum((part * v**k for k, part in parts.items()), p * 0) == p
        assert all(part.degrees()[g.index] == 0 for part in parts.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [(1 / (x**2 + 1), x / (x**2 + 1)), (x / (y * (y + 1)), -1 / y), (1 / sqrt(y), x / sqrt(y)), (x, 1 / (y + exp(x)))],
    ids=str,
)
def test_a_sum_is_the_same_over_the_product_of_the_denominators(one: Any, other: Any) -> None:
    tower = Tower(24)
    a, b = tower.element(one), tower.element(other)
    assert tower.add(a, b) == tower.fraction(a.num * b.den + b.num * a.den, a.den * b.den)
