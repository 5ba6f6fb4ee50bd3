"""Enclosures of values, held against mpmath."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from flint import arb, ctx
from sympy import Rational, symbols

import modeflow
from modeflow.proof.enclosures import NotEvaluable, Point, enclose


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
