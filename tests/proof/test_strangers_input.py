"""What a stranger may hand to the prover: no crash, no wrong verdict, in bounded time."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy
from sympy import (
    Abs,
    Add,
    Derivative,
    Function,
    Heaviside,
    Integral,
    Limit,
    MatrixSymbol,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    acos,
    atan,
    atan2,
    ceiling,
    cos,
    exp,
    floor,
    log,
    oo,
    pi,
    real_root,
    sign,
    sin,
    sqrt,
    symbols,
    zoo,
)

from modeflow import prove

x, y = symbols("x y", real=True)
p = Symbol("p", positive=True)
z = Symbol("z")
n = Symbol("n", integer=True)
f, g = Function("f"), Function("g")
A = MatrixSymbol("A", 2, 2)

NEVER_PROVED = [
    (g(x, y), g(y, x)),
    (f(f(x)), f(x)),
    (f(x).diff(x), 0),
    (Derivative(g(x, y), x), Derivative(g(x, y), y)),
    (oo * p, oo),
    (zoo * x, zoo * x),
    (1 / (sin(x) ** 2 + cos(x) ** 2 - 1), 1 / (sin(x) ** 2 + cos(x) ** 2 - 1)),
    (Piecewise((1, x > -(10**6)), (0, True)), 1),
    (Heaviside(x), 1),
    (sign(x) ** 2, 1),
    (ceiling(x), floor(x) + 1),
    (Abs(x - 10**6), 10**6 - x),
    (acos(cos(x)), x),
    (real_root(x, 3), x ** Rational(1, 3)),
    (atan2(y, x), atan(y / x)),
    (sqrt(z**2), z),
    (log(z**2), 2 * log(z)),
    ((x + 1) ** (10**8), (x + 1) ** (10**8) + 1),
    (exp(-(10**6)), 0),
    (p + Pow(10, -(10**4)), p),
    (exp(10**5) * (1 + exp(-2 * 10**5)), exp(10**5)),
    (Sum(1 / n**2, (n, 1, oo)), 1),
    (Integral(exp(-(x**2)), (x, -oo, oo)), pi),
    (Limit(sin(x) / x, x, 0), 0),
    (A * A.T, A.T * A),
    (1 / Symbol("o", zero=True), 1),
    (Symbol("u", infinite=True), 1),
    (Symbol("a", commutative=False) * x, x),
    (sum(Symbol(f"a{i}") ** i for i in range(300)), 0),
    (x**x**x**x, x),
]

NEVER_REFUTED = [
    (Add(x, -x, evaluate=False), 0),
    (Piecewise((x, x > 0), (-x, True)), Abs(x)),
    (Derivative(sin(x), x), cos(x)),
    (sympy.conjugate(z) * z, Abs(z) ** 2),
    (sympy.re(z) + sympy.I * sympy.im(z), z),
    (sympy.Max(x, y) + sympy.Min(x, y), x + y),
    (sympy.LambertW(p) * exp(sympy.LambertW(p)), p),
    (sympy.besseli(-2, x), sympy.besseli(2, x)),
    (real_root(x, 3) ** 3, x),
    (Symbol("o", zero=True) * x, 0),
    (Sum(n, (n, 1, 10)), 55),
    (A * A.inv(), sympy.Identity(2)),
    (sympy.hyper([1], [2], x), (exp(x) - 1) / x),
]


@pytest.mark.parametrize(("left", "right", "wrong"), [
    *((left, right, "proved") for left, right in NEVER_PROVED),
    *((left, right, "refuted") for left, right in NEVER_REFUTED),
])  # fmt: skip
def test_no_input_crashes_the_prover_or_misleads_it(left: Any, right: Any, wrong: str) -> None:
    start = time.perf_counter()
    verdict = prove(left, right, time_limit=5)
    assert verdict.status != wrong
    assert verdict.status in ("proved", "refuted") or verdict.reason
    assert time.perf_counter() - start < 20


def test_a_number_with_a_million_digits_is_refused_by_name() -> None:
    huge = sympy.Integer(10) ** (10**6)
    assert prove(huge + x, x + huge + 1).reason.startswith("a number is longer than 12000 bits; what would help")
    assert prove(huge, huge + 1).status == "undecided"
    assert prove(x + 2**1000, x + 2**1000 + 1).status == "refuted"


def test_a_function_without_an_algebra_is_named() -> None:
    assert str(prove(sympy.hyper([1], [2], x), 1)).startswith("undecided: hyper((1,), (2,), x) is outside the tower")
