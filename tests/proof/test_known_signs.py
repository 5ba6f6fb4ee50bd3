"""What the rules of derivatives ask of an expression: its signs, whether it is real, what vanishes where it does."""

from __future__ import annotations

import pytest
import sympy
from sympy import Abs, Expr, I, Rational, Symbol, besseli, exp, log, pi, sin, sqrt

import modeflow
from modeflow.proof.known_signs import excerpt, is_nonnegative, is_nowhere_zero, is_real, known_signs, without_factor

x, y, z = Symbol("x", real=True), Symbol("y", real=True), Symbol("z")
p, q, n = Symbol("p", positive=True), Symbol("q", positive=True), Symbol("n", nonnegative=True)
m, k = Symbol("m", negative=True), Symbol("k", integer=True)

SIGNS: list[tuple[Expr, set[int]]] = [
    (Rational(-2, 3), {-1}), (Rational(0), {0}), (Rational(5), {1}), (x, {-1, 0, 1}), (p, {1}), (n, {0, 1}), (m, {-1}),
    (x**2 + 1 + x, {1}), (x**2 + x, {-1, 0, 1}), (sqrt(x**2 + 1) - x, {1}),
    (sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6)), {0}),
    (pi - 3, {1}), (3 - pi, {-1}), (exp(1) - 3, {-1}), (sin(3) - 1, {-1}), (sin(x) ** 2 + sympy.cos(x) ** 2 - 1, {0}),
    (z, {-1, 0, 1}), (I * pi, {-1, 0, 1}), (pi + I, {-1, 0, 1}), (sympy.zeta(3), {-1, 0, 1}),
    (sympy.zeta(x), {-1, 0, 1}),
       (sympy.asin(2), {-1, 0, 1}), (1 / (x - x * 1 + p), {1}), (p / n, {0, 1, -1}),
]  # fmt: skip


@pytest.mark.parametrize(("e", "signs"), SIGNS, ids=str)
def test_known_signs(e: Expr, signs: set[int]) -> None:
    assert set(known_signs(e)) == signs


REAL = [
    x, x + y, x * y, sin(x), exp(x), Abs(x - 1), x**2, x**-3, x**k, p**x, n ** Rational(1, 2), sqrt(x**2 + 1),
    besseli(x, p), besseli(x, n), sympy.besselk(2, p), sympy.Max(x, y), sympy.atan(x), log(p), sympy.asinh(x * y),
    sqrt(exp(x)), (1 + exp(x)) ** y, Abs(z), sqrt(x) * sqrt(x),
]  # fmt: skip
NOT_SHOWN_REAL = [
    z, x + z, x * z, sin(z), exp(z), x ** Rational(1, 2), x**y, z**2, p**z, m ** Rational(1, 2), besseli(z, p),
    besseli(x, y), besseli(x, z), besseli(p, m), log(x), log(z), sympy.asin(x),
    (x - 1) ** y, I * x, sympy.gamma(z), sympy.besselk(p, x),
]  # fmt: skip


@pytest.mark.parametrize("e", REAL, ids=str)
def test_what_is_real(e: Expr) -> None:
    assert is_real(e)


@pytest.mark.parametrize("e", NOT_SHOWN_REAL, ids=str)
def test_what_need_not_be_real(e: Expr) -> None:
    assert not is_real(e)


NOT_NEGATIVE = [
    n, p, x**2 + y**2, Abs(z), sqrt(x**2 + 1) - x, pi - 3, n / Symbol("o", nonnegative=True), x**2 - 2 * x * y + y**2,
]  # fmt: skip
PERHAPS_NEGATIVE = [x, m, z, -p, x**2 - 1, x**3, 3 - pi, z**2, m * p, x**2 + z**2]


def test_what_is_not_negative() -> None:
    for e in NOT_NEGATIVE:
        assert is_nonnegative(e), e
    for e in PERHAPS_NEGATIVE:
        assert not is_nonnegative(e), e


def test_what_vanishes_nowhere() -> None:
    for e in (p, m, Symbol("a", nonzero=True), exp(x), x**2 + 1, sqrt(x**2 + 1) - x, pi - 3, exp(y), p + x**2):
        assert is_nowhere_zero(e), e
    for e in (x, n, z, x**2, sin(p), p - q, exp(p) - exp(q), z + 1, x**2 + 1 - 1):
        assert not is_nowhere_zero(e), e


WITHOUT_FACTOR = [
    (3 * x, x), (-x, x), (Abs(x - 1), x - 1), (2 * (x - 1) ** 2, x - 1), (sqrt(x - 1), x - 1), (1 / x, 1 / x),
    (-x - 1, x + 1), (5 * Abs(z) ** 3, z), (x**y, x**y), (2 * Abs((y - 3) ** 2), y - 3), (x * (y - 1), x * (y - 1)),
]  # fmt: skip


@pytest.mark.parametrize(("e", "expected"), WITHOUT_FACTOR, ids=str)
def test_what_is_left_of_an_expression_that_vanishes(e: Expr, expected: Expr) -> None:
    assert without_factor(e) == expected


def test_an_excerpt_is_short_and_names_no_dummy() -> None:
    d = sympy.Dummy("t")
    assert excerpt(d + 1) == "t + 1"
    long = sum((Symbol(f"a{i}") for i in range(30)), d)
    assert len(excerpt(long)) == 60
    assert excerpt(long).endswith("...")
    assert excerpt(Symbol("b" * 60)) == "b" * 60


def test_sympy_is_not_asked_what_a_function_cannot_be() -> None:
    """It takes atan(k) of a whole number for irrational, and so for nonzero, though atan(0) is 0."""
    for e in (sympy.atan(k), sympy.atan(Abs(k)), p * sympy.atan(k), sympy.atan(k) ** -2):
        assert e.is_nonzero
        assert not is_nowhere_zero(e), e
    whole = Symbol("k", integer=True, nonnegative=True)
    w = sympy.LambertW(sympy.atan(whole))
    verdict = modeflow.prove(exp(w), sympy.atan(whole) / w)  # 0/0 for k = 0
    assert verdict.conditions or not verdict


def test_products_and_powers_of_what_is_not_zero_are_not() -> None:
    c = Symbol("c", zero=False)
    for e in (c, c * p, c**-2, exp(z), -3 * c * exp(z)):
        assert is_nowhere_zero(e), e
    for e in (c + p, c * x, sin(c)):
        assert not is_nowhere_zero(e), e
