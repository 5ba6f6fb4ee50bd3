"""Signs by conjugates, by bounds of exponentials and by completed squares have steps, and the checker accepts them."""

from __future__ import annotations

import json

import pytest
from sympy import Expr, Symbol, exp, sqrt, symbols, sympify

from modeflow.proof.examine import examine
from modeflow.proof.sign_steps import SignSteps
from modeflow.proof.tower import with_room
from modeflow.recheck import recheck

x, y, z = symbols("x y z", real=True)
p, q = symbols("p q", positive=True)
n, m = Symbol("n", nonnegative=True), Symbol("m", negative=True)

BY_CONJUGATES = [
    (x + sqrt(x**2 + 1), ">", 0), (sqrt(x**2 + 1) - x, ">", 0), (x, "<", sqrt(x**2 + 1)), (sqrt(x**2 + 1), "!=", x),
    (p - sqrt(p**2 + q), "<", 0), (sqrt(p**2 + q) - p, ">", 0), (p, ">", sqrt(p**2 - p**2 / 4)),
    (sqrt(x**2) - x, ">=", 0), (sqrt(x**2 + y**2) + x, ">=", 0), (x - sqrt(n + x**2), "<=", 0),
    (x * sqrt(x**2 + 1) + x**2 + 1, ">", 0), (2 * p + 1, ">", 2 * sqrt(p**2 + p)), (2 * sqrt(p**2 + p), "<", 2 * p + 1),
    (sqrt(exp(2 * p) - 1) - exp(p), "<", 0),
]  # fmt: skip
BY_BOUNDS = [
    (exp(p), ">", 1), (exp(n), ">=", 1), (exp(-p), "<", 1), (1 - exp(-n), ">=", 0), (exp(2 * p), ">", exp(p)),
    (exp(p) * q + q * exp(2 * p), ">", 2 * q), (q * (1 - exp(-p)) + exp(-p) * n, ">=", 0), (exp(m), "<", 1),
    (q * (1 - exp(-p)) + exp(-p) * n, ">", 0), (exp(p), ">", exp(-p)), (exp(2 * p) + 1, ">", 2 * exp(p)),
    (1 - exp(m) ** 2 + q, ">", 0), (exp(-2 * p) - exp(-p), "<", 0), (1 + exp(-p), ">", 2 * exp(-2 * p)),
    (exp(p) * exp(q) - exp(p), ">", 0), (exp(p) + exp(q), ">", 2), (exp(x**2), ">=", 1), (exp(-(x**2)), "<=", 1),
    (exp(x**2) + x**2 - 1, ">=", 0), (3 - exp(-p) - exp(-q) - exp(-p) * exp(-q), ">", 0),
    (exp(3 * p) - 3 * exp(p) + 2, ">", 0), (1 - 3 * exp(-2 * p) + 2 * exp(-3 * p), ">", 0),
]  # fmt: skip
BY_SQUARES = [
    (x**2 + x + 1, ">", 0), (p**2 + q**2, ">", p * q), (x**2 + x * y + y**2, ">=", 0), (x, "<", x**2 + 1),
    (x**2 + y**2 + z**2, ">=", x * y + y * z + z * x), (x**2 + y**2 + 1, ">", x + y - 1), (x**2 + 1, "!=", x),
    (exp(2 * x) + 1, ">", exp(x)), (p * x**2 + q**2 / p, ">", q * x), (x**4 + x**2 * y + y**2, ">=", 0),
    (x**4 + y**4 + z**4, ">=", (x * y) ** 2 + (y * z) ** 2 + (z * x) ** 2), (x**6 + 1, ">", x**3),
    (x**2 + p + 1, ">", 2 * sqrt(p) * x), (-m * x**2 - 1 / m, ">", x),
]  # fmt: skip
STATEMENTS = [
    *(("sum", *s) for s in BY_SQUARES),
    *(("conjugates", *s) for s in BY_CONJUGATES),
    *(("sum", *s) for s in BY_BOUNDS),
]


@pytest.mark.parametrize(("kind", "left", "relation", "right"), STATEMENTS, ids=str)
def test_a_sign_has_steps_that_are_accepted(kind: str, left: Expr, relation: str, right: Expr | int) -> None:
    verdict = examine(left, sympify(right), relation)
    assert verdict.status == "proved"
    certificate = json.loads(json.dumps(verdict.certificate))
    assert kind in [step[0] for step in certificate["steps"]]
    recheck(certificate)


SIGNS = [
    (exp(n) - 1, {0, 1}), (exp(p) - 1, {1}), (1 - exp(n), {-1, 0}), (exp(-p) - 1, {-1}), (1 - exp(-n), {0, 1}),
    (x + sqrt(x**2 + 1), {1}), (-x - sqrt(x**2 + 1), {-1}), (x - sqrt(x**2 + n), {-1, 0}), (x, {-1, 0, 1}),
    (x * (exp(p) - 1), {-1, 0, 1}), (m * (exp(n) - 1), {-1, 0}), ((exp(p) - 1) / (x - sqrt(x**2 + 1)), {-1}),
    (2 - exp(-p) - exp(-q), {1}), (exp(p) - 2, {-1, 0, 1}), (sqrt(x**2 + 1) - 2 * x, {-1, 0, 1}),
    (x**2 + x + 1, {1}), (x - x**2 - 1, {-1}), (x**2 + x, {-1, 0, 1}), (x**2 + x * y + y**2, {0, 1}),
    (x**2 - 3 * x + 2, {-1, 0, 1}),
    (x**2 - 2 * sqrt(p) * x + p, {0, 1}), (x**2 - 2 * sqrt(p) * x + p + 1, {1}), (n * x**2 + x + 1, {-1, 0, 1}),
    (p**2 - p * q + q**2, {1}), (p**2 - 3 * p * q + q**2, {-1, 0, 1}),
    (x * y + y * z + z * x - x**2 - y**2 - z**2, {-1, 0}),
    (q * (exp(p) - 1) + (exp(n) - 1), {1}), (n * (exp(p) - 1) + (exp(n) - 1), {0, 1}),
]  # fmt: skip


@pytest.mark.parametrize(("e", "signs"), SIGNS, ids=str)
def test_the_signs_that_the_steps_show(e: Expr, signs: set[int]) -> None:
    found, _ = with_room(lambda tower: SignSteps(tower).of(tower.element(e)))
    assert found is not None
    assert set(found) == signs
