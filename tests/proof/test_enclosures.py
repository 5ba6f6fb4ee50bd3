"""Enclosures of values, held against mpmath."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy
from flint import acb, arb, ctx
from sympy import Rational, symbols
from sympy.codegen.cfunctions import expm1, hypot, log1p

import modeflow
from modeflow.proof.enclosures import _FUNCTIONS, NotEvaluable, OnBranchCut, Point, enclose, enclose_over, holds


@pytest.mark.parametrize("name", ["besseli", "besselk", "besselj", "bessely"])
@pytest.mark.parametrize("order", [Rational(1, 3), Rational(-5, 4), Rational(7, 2), Rational(3)])
def test_the_slope_of_a_bessel_function_in_its_order_is_enclosed(name: str, order: Rational) -> None:
    nu, z = symbols("nu z", positive=True)
    slope = sympy.Derivative(getattr(sympy, name)(nu, z), nu)
    with mpmath.workdps(40):
        expected = mpmath.diff(lambda n: getattr(mpmath, name)(n, mpmath.mpf(5) / 2), mpmath.mpf(order.p) / order.q)
        digits = arb(str(expected), "1e-35")
    for precision, sharp in ((128, 1e-10), (512, 1e-40)):
        for e in (slope, slope.subs(nu, order)):
            found = enclose(e, Point({nu: order, z: Rational(5, 2)}), precision)
            with ctx.workprec(precision):
                assert found.real.overlaps(digits)
                assert found.real.rad() < sharp


def test_the_slope_in_the_order_refutes() -> None:
    nu, z = symbols("nu z", positive=True)
    slope = sympy.Derivative(sympy.besselk(nu, z), nu)
    assert modeflow.prove(slope, 0).status == "refuted"
    assert modeflow.prove(slope, slope + sympy.Rational(1, 10**9)).status == "refuted"
    assert modeflow.prove(slope.subs(nu, nu + 1), slope).status == "refuted"


def test_only_a_derivative_in_the_order_alone_is_enclosed() -> None:
    nu, z = symbols("nu z", positive=True)
    point = Point({nu: Rational(1), z: Rational(2)})
    for function in (sympy.besselk(nu, nu), sympy.besselk(2 * nu, z), sympy.gamma(nu)):
        with pytest.raises(NotEvaluable):
            enclose(sympy.Derivative(function, nu), point, 128)
    with pytest.raises(NotEvaluable):
        enclose(sympy.Derivative(sympy.besselk(nu, z), nu, nu), point, 128)


def test_the_remainder_of_a_slope_is_bounded_on_a_circle_that_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Cauchy's bound, for a function that is 1 wherever it is asked for; the values on eight squares are added."""
    asked: list[acb] = []

    def one(nu: acb, z: acb) -> acb:
        asked.append(nu)
        return acb(1)

    monkeypatch.setitem(_FUNCTIONS, "besselk", one)
    nu, z = symbols("nu z", positive=True)
    found = enclose(sympy.Derivative(sympy.besselk(nu, z), nu), Point({nu: Rational(3), z: Rational(2)}), 192)
    ratio = arb(2) ** -64 * 64
    remainder = 8 * 64 * ratio**2 / (1 - ratio**2)
    assert found.real.contains(remainder * 0.999)
    assert not found.real.contains(remainder * 1.001)
    for k in range(64):
        around = 3 + acb(arb(k) / 32).exp_pi_i() / 64
        assert any(cover.contains(acb(around.real.mid(), around.imag.mid())) for cover in asked)


z = sympy.Symbol("z")
HALF, TWO, ABOVE = Rational(1, 2), Rational(2), Rational(-2, 3) + Rational(5, 4) * sympy.I
EVERYWHERE = [
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "exp", "erf", "erfc",
    "Abs", "re", "im", "conjugate", "sqrt", "log", "asinh", "atan", "acosh", "atanh", "acoth", "acsch", "asech", "acot",
    "asin", "acos", "asec", "acsc", "LambertW",
]  # fmt: skip
REFUSED = {
    HALF: ("acosh", "acoth", "asec", "acsc"),
    TWO: ("atanh", "asech", "asin", "acos"),
    -HALF: ("acosh", "acoth", "asec", "acsc", "asech", "LambertW"),
    sympy.Integer(1): ("acosh", "atanh", "acoth", "asin", "acos", "asec", "acsc", "asech"),
    sympy.Integer(-1): ("acosh", "atanh", "acoth", "asin", "acos", "asec", "acsc", "asech", "LambertW"),
    2 * sympy.I: ("asinh", "atan", "acsch", "acot"),
    sympy.I / 2: ("asinh", "atan", "acsch", "acot"),
    -2 * sympy.I: ("asinh", "atan", "acsch", "acot"),
    ABOVE: (),
}


@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("value", REFUSED, ids=str)
def test_a_function_is_enclosed_off_its_cuts_and_refused_on_them(name: str, value: sympy.Expr) -> None:
    e, point = getattr(sympy, name)(z), Point({z: value})
    if name in REFUSED[value]:
        with pytest.raises(OnBranchCut):
            enclose(e, point, 128)
    else:
        expected = sympy.N(getattr(sympy, name)(value.evalf(50)), 40)
        assert_near(enclose(e, point, 128), *map(str, expected.as_real_imag()))


SMALL = Rational(-1, 3)  # within the branch point -1/e of LambertW
VALUES: list[tuple[sympy.Expr, Any, Any]] = [
    (sympy.LambertW(z), SMALL, lambda u: mpmath.lambertw(u)),
    (sympy.LambertW(z, -1), SMALL, lambda u: mpmath.lambertw(u, -1)),
    (sympy.LambertW(z, 1), TWO, lambda u: mpmath.lambertw(u, 1)),
    (sympy.LambertW(z, -1), TWO, lambda u: mpmath.lambertw(u, -1)),
    (sympy.LambertW(z, 2), ABOVE, lambda u: mpmath.lambertw(u, 2)),
    (sympy.LambertW(z + sympy.I * (sympy.sin(z) ** 2 + sympy.cos(z) ** 2 - 1)), HALF, lambda u: mpmath.lambertw(u)),
    (sympy.hyper((HALF, TWO), (Rational(5, 2),), z), HALF, lambda u: mpmath.hyp2f1(0.5, 2, 2.5, u)),
    (sympy.hyper((HALF, TWO), (Rational(5, 2),), z), sympy.Integer(-3), lambda u: mpmath.hyp2f1(0.5, 2, 2.5, u)),
    (sympy.hyper((HALF, TWO), (Rational(5, 2),), z), ABOVE, lambda u: mpmath.hyp2f1(0.5, 2, 2.5, u)),
    (sympy.hyper((HALF,), (), z), HALF, lambda u: (1 - u) ** -mpmath.mpf(0.5)),
    (sympy.hyper((TWO,), (), z), ABOVE, lambda u: (1 - u) ** -2),
    (z**3, ABOVE, lambda u: u**3),
    (z**-3, ABOVE, lambda u: u**-3),
    (z ** Rational(3, 2), ABOVE, lambda u: mpmath.sqrt(u) ** 3),
    (z ** Rational(-3, 2), -TWO, lambda u: mpmath.sqrt(u) ** -3),
    (z ** Rational(1, 3), ABOVE, lambda u: mpmath.exp(mpmath.log(u) / 3)),
    (z ** (1 + z), -TWO, lambda u: u ** (1 + u)),
    ((z - 2) ** Rational(1, 3), TWO, lambda u: 0),
    (sympy.besseli(3, z), TWO, lambda u: mpmath.besseli(3, u)),
    (sympy.besselk(Rational(-1, 3), z), TWO, lambda u: mpmath.besselk(mpmath.mpf(1) / 3, u)),
    (sympy.besselj(z, 3), TWO, lambda u: mpmath.besselj(u, 3)),
    (sympy.bessely(-z, 3), TWO, lambda u: mpmath.bessely(-u, 3)),
    (sympy.gamma(z), -SMALL, mpmath.gamma),
    (sympy.gamma(z), ABOVE, mpmath.gamma),
    (sympy.sign(z), -TWO, lambda u: -1),
    (sympy.sign(z), HALF, lambda u: 1),
    (sympy.sign(z - 2), TWO, lambda u: 0),
    (sympy.Max(z, 1, z**2), HALF, lambda u: 1),
    (sympy.Min(z, 1, z**2), HALF, lambda u: u**2),
    (sympy.pi * sympy.E, TWO, lambda u: mpmath.pi * mpmath.e),
    (sympy.EulerGamma + sympy.Catalan, TWO, lambda u: mpmath.euler + mpmath.catalan),
    (sympy.GoldenRatio, TWO, lambda u: mpmath.phi),
    (expm1(z), ABOVE, mpmath.expm1),
    (log1p(z), TWO, mpmath.log1p),
    (hypot(z, 3), TWO, lambda u: mpmath.sqrt(13)),
    (sympy.Piecewise((1, z < 1), (z, z <= 2), (5, True)), TWO, lambda u: 2),
    (sympy.Piecewise((1, z < 2), (z, z > 2), (5, True)), TWO, lambda u: 5),
]  # fmt: skip


@pytest.mark.parametrize(("e", "value", "function"), VALUES, ids=lambda part: getattr(part, "__name__", str(part)))
def test_a_value_is_enclosed(e: sympy.Expr, value: sympy.Expr, function: Any) -> None:
    with mpmath.workdps(50):
        real, imaginary = (mpmath.mpf(part.p) / part.q for part in value.as_real_imag())
        expected = mpmath.mpmathify(function(mpmath.mpc(real, imaginary) if imaginary else real))
        assert_near(enclose(e, Point({z: value}), 128), mpmath.nstr(expected.real, 40), mpmath.nstr(expected.imag, 40))


NO_VALUE = [
    (z ** (z - 2), TWO - 2), ((z - 2) ** -2, TWO), (sympy.gamma(z - 2), TWO), ((z - 2) ** -HALF, TWO),
    (0 ** (z - 3), TWO), (sympy.Piecewise((1, z < 1)), TWO),
]  # fmt: skip


@pytest.mark.parametrize(("e", "value"), NO_VALUE, ids=str)
def test_where_there_is_no_value_there_is_no_finite_ball(e: sympy.Expr, value: sympy.Expr) -> None:
    assert not enclose(e, Point({z: value}), 128).is_finite()


NEARLY_ZERO = sympy.sin(z) ** 2 + sympy.cos(z) ** 2 - 1  # zero, which no ball shows
NOT_EVALUABLE = [
    (z ** (10**6 + 1), HALF), (sympy.LambertW(z, HALF), TWO), (sympy.zeta(z), TWO), (sympy.sign(z), ABOVE),
    (sympy.Max(z, 1), ABOVE), (sympy.Min(1, z), ABOVE), (sympy.sign(NEARLY_ZERO), TWO), (sympy.polygamma(2, z), TWO),
    (sympy.Piecewise((1, NEARLY_ZERO > 0), (0, True)), TWO), (sympy.hyper((1,), (2,), z), TWO),
    (sympy.Piecewise((1, z < 1), (0, True)), ABOVE), (sympy.sign(1 + sympy.I * NEARLY_ZERO), TWO),
    (sympy.Piecewise((1, sympy.Or(z > 1, z < 0)), (0, True)), TWO), (sympy.hyper((1, HALF, 3), (2, 4), z), HALF),
    (sympy.LambertW(z, 10**6 + 1), TWO), (sympy.hankel1(z, 1), TWO), (sympy.Symbol("without a value"), TWO),
]  # fmt: skip


@pytest.mark.parametrize(("e", "value"), NOT_EVALUABLE, ids=str)
def test_what_has_no_ball_arithmetic_is_refused(e: sympy.Expr, value: sympy.Expr) -> None:
    with pytest.raises(NotEvaluable):
        enclose(e, Point({z: value}), 128)


ON_CUT = [
    (sympy.LambertW(z), Rational(-1, 2)), (sympy.LambertW(z, -1), Rational(-1, 2)), (sympy.LambertW(z, 1), SMALL),
    (sympy.LambertW(z, -2), SMALL), (sympy.LambertW(NEARLY_ZERO, -1), TWO),
    (sympy.hyper((HALF, TWO), (TWO + HALF,), z), TWO),
    (sympy.hyper((HALF, TWO), (TWO + HALF,), z), TWO / 2), (sympy.hyper((HALF,), (), z), TWO),
]  # fmt: skip


@pytest.mark.parametrize(("e", "value"), ON_CUT, ids=str)
def test_a_value_on_a_cut_is_refused(e: sympy.Expr, value: sympy.Expr) -> None:
    with pytest.raises(OnBranchCut):
        enclose(e, Point({z: value}), 128)


RELATIONS = [
    (z > 1, (TWO,), (HALF, TWO / 2, ABOVE)), (z >= 1, (TWO, TWO / 2), (HALF, ABOVE)),
    (z < 1, (HALF,), (TWO, TWO / 2, ABOVE)), (z <= 1, (HALF, TWO / 2), (TWO, ABOVE)),
    (sympy.Ne(z**2, 2), (TWO, ABOVE), ()), (sympy.Eq(z**2, 4), (TWO, -TWO), (HALF, ABOVE)),
    (sympy.exp(z) > 2, (TWO,), (HALF, ABOVE)), (sympy.exp(z) <= 2, (HALF,), (TWO, ABOVE)),
    (NEARLY_ZERO >= 0, (), (TWO, HALF)), (sympy.zeta(z) > 0, (), (ABOVE,)),
    (sympy.asin(z) > 0, (HALF,), (ABOVE, -HALF)),
]  # fmt: skip


@pytest.mark.parametrize(("relation", "where", "elsewhere"), RELATIONS, ids=str)
def test_a_relation_holds_where_that_is_known(relation: Any, where: Any, elsewhere: Any) -> None:
    assert [value for value in (*where, *elsewhere) if holds(relation, Point({z: value}))] == [*where]


def test_a_number_that_may_be_real_has_the_absolute_value_of_all_that_it_may_be() -> None:
    """exp(z) - 1 is not zero here, but too small for its ball."""
    found = enclose(sympy.Abs(1 + sympy.I * (sympy.exp(z) - 1)), Point({z: Rational(1, 10**60)}), 128)
    assert found.real.contains(1)
    assert not found.is_exact()


def test_no_ball_that_contains_zero_has_a_sign_that_refutes() -> None:
    x = sympy.Symbol("x", real=True)
    vanishing = sympy.sin(x) ** 2 + sympy.cos(x) ** 2 - 1
    assert modeflow.prove(sympy.sign(vanishing), 0).status != "refuted"
    assert modeflow.prove(sympy.sign(vanishing), -1).status not in ("proved", "supported")
    assert modeflow.prove(sympy.Piecewise((1, z < 1), (1, True)) + sympy.sign(vanishing), 1).status != "refuted"


def test_all_values_of_a_part_are_enclosed() -> None:
    x = sympy.Symbol("x", real=True)
    found = enclose_over(x**2 + z, Point({z: TWO}), {x: (Rational(3), HALF)}, 128)
    assert found.real.contains(2 + arb(5) ** 2 / 4)
    assert found.real.contains(2 + arb(7) ** 2 / 4)
    assert not found.real.contains(7)
    assert not found.real.contains(15)


def assert_near(found: acb, real: str, imaginary: str) -> None:
    assert found.real.overlaps(arb(real, "1e-30")), (found, real)
    assert found.imag.overlaps(arb(imaginary, "1e-30")), (found, imaginary)
    assert found.rad() < 1e-25
