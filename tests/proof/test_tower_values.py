"""What the tower writes in the place of a function has its value, and is refused where it need not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import Expr, I, LambertW, Rational, Symbol, besseli, besselk, exp, hyper, log, pi, sin, sqrt, symbols
from sympy.codegen.cfunctions import expm1, hypot, log1p

from modeflow.proof.enclosures import Point, enclose
from modeflow.proof.tower import OutsideTower, Tower, prove_zero, with_room
from modeflow.proof.tower.hypergeometric import FARTHEST, Gauss, Parameters

x, y = symbols("x y", real=True)
a, b, nu = symbols("a b nu", positive=True)
m, n, z = Symbol("m", negative=True), Symbol("n", nonnegative=True), Symbol("z")
inside = a / (1 + a)  # any number between 0 and 1
POINTS = [
    {x: Rational(2, 3), y: Rational(-5, 4), a: Rational(7, 5), b: Rational(1, 3), nu: Rational(4, 7)},
    {x: Rational(-9, 4), y: Rational(1, 2), a: Rational(1, 6), b: Rational(11, 2), nu: Rational(5, 3)},
]
OTHERS = [
    {m: Rational(-2, 3), n: Rational(1, 4), z: Rational(1, 3) + 2 * I},
    {m: Rational(-3), n: Rational(5), z: Rational(-2, 5) - I / 3},
]


def of_orders(function: Any, *orders: Any) -> Expr:
    """Functions of these orders, of which the first ones become generators."""
    return sympy.Add(*((k + 2) * function(order, a) for k, order in enumerate(orders)))


VALUES: list[Expr] = [

    *(getattr(sympy, name)(z) for name in "sinh cosh tanh coth sech csch sin cos tan cot sec csc exp".split()),  # noqa: SIM905
    *(getattr(sympy, name)(x) for name in ("asinh", "atan", "acsch", "acot")),
    *(getattr(sympy, name)(inside) for name in ("asin", "acos", "atanh", "asech")),
    *(getattr(sympy, name)(1 + a) for name in ("acosh", "acoth", "asec", "acsc")), sympy.asin(-inside),
    sympy.acos(-inside), sympy.atanh(-inside), expm1(x), log1p(a), hypot(x, y), abs(x), abs(x - y), log(a * b),
    log(-a), log(m * a), log(m**2), log(a / b) + log(x**2 + 1), a**x, a**b * b**x, (a * b) ** Rational(1, 3),
    sqrt(x**2 * a), (m * a) ** Rational(1, 3), sqrt(-a), sqrt(x * a), sqrt(12) + sqrt(75), exp(log(a) / 3 + x), I**x,
    (a / b) ** Rational(-2, 3), sqrt(m), sqrt(n) ** 3, exp(2 * log(a) + x * log(b)), exp(x + I * pi / 3),
    sqrt(x**2) * x, of_orders(besseli, nu, nu + 1, nu + 2, nu + 4), of_orders(besseli, nu, nu - 1, nu - 3),
    of_orders(besselk, nu, nu + 1, nu + 3, -nu - 2, 1 - nu), of_orders(besselk, nu + 1, nu, nu - 2, -nu),
    besseli(nu, a) * besselk(nu + 2, a) + besseli(nu - 1, a) * besselk(nu, a),
    besseli(2, x) + besseli(-1, x) * besseli(0, x),
    *(function(Rational(k, 2), a * b) for function in (besseli, besselk) for k in (-5, -1, 1, 3, 5)),
    LambertW(a * exp(a)), LambertW((n - 1) * exp(n - 1)), LambertW((-1 - n) * exp(-1 - n), -1),
    LambertW(a * b * exp(a * b)), hyper((a, b), (nu,), -x**2) + hyper((a + 1, b), (nu + 1,), -x**2),
    hyper((1, 1), (2,), m), hyper((a,), (), m),
]  # fmt: skip


@pytest.mark.parametrize("e", VALUES, ids=str)
def test_what_stands_for_a_function_has_its_value(e: Expr) -> None:
    written, _ = with_room(lambda tower: tower.sympy(tower.element(e)))
    for values, more in zip(POINTS, OTHERS, strict=True):
        point = Point(values | more)
        difference = enclose(written, point, 192) - enclose(e, point, 192)
        assert difference.contains(0)
        assert difference.rad() < 1e-40


REFUSED: list[Expr] = [
    sympy.asin(x), sympy.acos(1 + a), sympy.acos(-1 - a), sympy.acosh(a), sympy.asinh(z), sympy.atan(z),
    sympy.asin(inside + 1), LambertW(a), LambertW(a * exp(a), 1), LambertW(x * exp(x)),
    LambertW((-1 - n) * exp(-1 - n)), LambertW(m * exp(m), -1), LambertW(z * exp(z)), abs(z), hyper((a, b), (nu,), x),
    hyper((a, b), (x,), m), hyper((a,), (b,), m), sympy.gamma(a), besseli(nu, a) + besseli(nu + 41, a),
    sympy.besselj(nu, a), symbols("A", commutative=False) + 1, a**b ** Rational(2001), (x + 1) ** 100001,
]  # fmt: skip


@pytest.mark.parametrize("e", REFUSED, ids=lambda e: str(e)[:60])
def test_what_need_not_have_the_value_is_outside(e: Expr) -> None:
    with pytest.raises(OutsideTower):
        with_room(lambda tower: tower.element(e))


def conditions(work: Callable[[Tower], Any]) -> list[str]:
    return list(with_room(work)[1].condition_texts())


def test_a_division_is_a_condition_unless_it_is_by_what_vanishes_nowhere() -> None:
    assert conditions(lambda tower: tower.integer_power(tower.element(x), -1)) == ["x != 0"]
    assert conditions(lambda tower: tower.element(1 / (x * (x - y)))) == ["x != 0", "-x + y != 0"]
    assert conditions(lambda tower: tower.integer_power(tower.element(x), 0)) == []
    assert conditions(lambda tower: tower.integer_power(tower.element(x), 3)) == []
    assert conditions(lambda tower: tower.element(1 / a + 1 / (x**2 + 1) + exp(-x))) == []
    assert conditions(lambda tower: tower.element(1 / n)) == ["n != 0"]


def test_a_root_of_what_is_zero_is_zero() -> None:
    assert prove_zero(sqrt(sin(x) ** 2 + sympy.cos(x) ** 2 - 1))[0]
    assert with_room(lambda tower: tower.sympy(tower.root(tower.element(x), 1)))[0] == x


def test_parameters_are_a_number_of_steps_apart_or_outside() -> None:
    def steps(tower: Tower, far: int) -> Any:
        start = Parameters(*map(tower.element, (a, b, nu, m)))
        return Gauss(tower).steps(start, Parameters(*map(tower.element, (a + far, b - 2, nu + 1, m))))

    assert with_room(lambda tower: steps(tower, FARTHEST - 3))[0] == (FARTHEST - 3, -2, 1)
    with pytest.raises(OutsideTower):
        with_room(lambda tower: steps(tower, FARTHEST - 2))
