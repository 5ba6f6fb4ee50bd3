"""Sets of signs: every rule by a case on each side of it."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, Symbol, exp, sin, sqrt

from modeflow.proof.signs import of_expression

x, y = Symbol("x", real=True), Symbol("y", real=True)
n, p = Symbol("n", nonnegative=True), Symbol("p", positive=True)
m = Symbol("m", nonpositive=True)
a, z = Symbol("a", nonzero=True, real=True), Symbol("z")

SIGNS: list[tuple[Expr, set[int] | None]] = [
    (Rational(1, 2), {1}), (Rational(-1, 2), {-1}), (Rational(0), {0}), (Rational(7), {1}),
    (x, {-1, 0, 1}), (n, {0, 1}), (m, {-1, 0}), (p, {1}), (a, {-1, 1}), (z, None),
    (x**2, {0, 1}), (a**2, {1}), (x**3, {-1, 0, 1}), (x**-2, {1}), (1 / a, {-1, 1}), (n**-1, {1}),
    (x**2 + y**2, {0, 1}), (x**2 + 1, {1}), (x**2 - y**2, {-1, 0, 1}), (-p - n, {-1}), (p * m, {-1, 0}),
    (a * m, {-1, 0, 1}),
    (sqrt(n), {0, 1}), (sqrt(p), {1}), (n ** -sqrt(2), {1}), (n ** Rational(-1, 2), {1}), (n**x, {0, 1}),
    (Symbol("o", zero=True) ** x, {0, 1}), (p**x, {1}),
    (sqrt(x), None), (x**y, None), (exp(x), {1}), (exp(z), None), (sin(p), None), (z + 1, None), (sqrt(p) * z, None),
]  # fmt: skip


@pytest.mark.parametrize(("e", "signs"), SIGNS, ids=lambda case: str(case))
def test_what_is_read_off(e: Expr, signs: set[int] | None) -> None:
    found = of_expression(e)
    assert (None if found is None else set(found)) == signs
