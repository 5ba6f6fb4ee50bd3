"""Inequalities by derivatives: the comparisons of analysis are proved, what holds on a part of the domain is not."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Rational, Symbol, asinh, atan, cos, cosh, exp, log, sin, sinh, sqrt, symbols, tanh

from modeflow import prove
from modeflow.proof.monotonicity import positive_by_derivatives

x, y = symbols("x y", real=True)
p, q, lam, eps = symbols("p q lam eps", positive=True)
s, r = symbols("s r", nonnegative=True)
n = Symbol("n", negative=True)

TRUE = [
    (x, 1 - exp(-x), ">="),
    (p, 1 - exp(-p), ">"),
    (p, tanh(p), ">"),
    (tanh(n), n, ">"),
    (p - 1, log(p), ">="),
    (p, log(1 + p), ">"),
    (log(1 + p), p / (1 + p), ">"),
    (sinh(p), p, ">"),
    (p, asinh(p), ">"),
    (p, atan(p), ">"),
    (cosh(x), 1 + x**2 / 2, ">="),
    (exp(x), 1 + x, ">="),
    (exp(p), 1 + p + p**2 / 2, ">"),
    (log(1 + exp(x)), x, ">"),
    (log(1 + exp(x)), 0, ">"),
    (p * log(p), p - 1, ">="),
    (x**2 / 2, log(cosh(x)), ">="),
    (1 - exp(-lam * (s + p)), 1 - exp(-lam * s), ">"),
    (exp(x - 1), x, ">="),
    (1 / (1 + s * r), exp(-s * r), ">="),
    (1 / (1 + p), exp(-p), ">"),
    (log(1 + p) / p, 1 / (1 + p), ">"),
]

# Each holds at many points and fails somewhere, or is strict and holds with equality.
FALSE = [
    (x, 1 - exp(-x), ">"),
    (s, tanh(s), ">"),
    (x, tanh(x), ">="),
    (p - 1, log(p), ">"),
    (exp(x), 1 + x, ">"),
    (1 / (1 + x), exp(-x), ">="),  # the denominator has either sign
    (1 / (1 + s), exp(-s), ">"),
    (exp(-p), 1 / (1 + p + p**2 / 2), ">="),
    (exp(x), 1 + x + x**2 / 2, ">="),
    (x, log(1 + exp(x)) - 1, ">="),
    (exp(x / 100), x, ">="),
    (p * log(p), p - 1 + Rational(1, 10**20), ">="),
    (cosh(x), 1 + x**2 / 2 + x**6 / 10**6, ">="),
    (log(1 + p), p / (1 + p) + p**3 / 10**9, ">="),
    (1 - exp(-lam * (s + p)), 1 - exp(-eps * s), ">="),
    (sqrt(x**2 + 1), x + Rational(1, 10**6), ">="),
    (Abs(x - 1000) + x, 1000 + p, ">="),
    (atan(x) + atan(1 / x), 0, ">="),
    (1 / p - 1 / (p + q), p, ">="),
    (log(x**2), log(x**2) - 1 / x, ">="),
]


@pytest.mark.parametrize(("left", "right", "relation"), TRUE, ids=str)
def test_comparisons_of_functions_are_proved(left: Any, right: Any, relation: str) -> None:
    verdict = prove(left, right, relation=relation)
    assert verdict.status == "proved", verdict
    assert not verdict.conditions


@pytest.mark.parametrize(("left", "right", "relation"), TRUE, ids=str)
def test_turned_around_they_are_refuted(left: Any, right: Any, relation: str) -> None:
    assert prove(right - Rational(1, 10**9), left, relation=">=").status == "refuted"


@pytest.mark.parametrize(("left", "right", "relation"), FALSE, ids=str)
def test_what_fails_somewhere_is_not_shown(left: Any, right: Any, relation: str) -> None:
    """Asked without the points, which would refute most of these first."""
    assert not positive_by_derivatives(left - right, relation == ">")


def test_a_complex_logarithm_has_no_sign() -> None:
    z = Symbol("z")
    assert not positive_by_derivatives(log(z**2) - log(z) * 2, strict=False)
    assert not positive_by_derivatives(2 * log(-p) - 2 * log(p), strict=False)


@pytest.mark.parametrize("symbol", [Symbol("k", integer=True), Symbol("w", real=True, nonzero=True), Symbol("z")])
def test_only_lines_and_half_lines(symbol: Any) -> None:
    assert not positive_by_derivatives(exp(symbol) - 1 - symbol, strict=False)


def test_the_search_ends() -> None:
    letters = symbols("a0:6", real=True)
    hard = sum(sin(a) * cos(b) + 2 for a in letters for b in letters) + exp(sum(letters))
    assert not positive_by_derivatives(hard, strict=False)
