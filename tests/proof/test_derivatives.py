"""Derivatives know where they do not exist: joins, jumps, branch cuts, ends of what is assumed."""

from __future__ import annotations

import random
import sys
from typing import Any

import daily
import pytest
import sympy
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Heaviside,
    LambertW,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Subs,
    Symbol,
    acos,
    acosh,
    acot,
    acoth,
    asin,
    asinh,
    atan,
    atanh,
    besseli,
    besselk,
    conjugate,
    cos,
    exp,
    floor,
    log,
    sign,
    sin,
    sqrt,
    symbols,
)

from modeflow.language.flow import gradient_flow, rate_of
from modeflow.proof import derivatives
from modeflow.proof.derivatives import carried_out, derivative
from modeflow.proof.examine import examine
from modeflow.proof.known_signs import NotDifferentiable
from modeflow.statements.claims import Claim
from modeflow.statements.equations import Equation

ladder = sys.modules[examine.__module__]
x, y = symbols("x y", real=True)
p = Symbol("p", positive=True)
t = Symbol("t", nonnegative=True)
z = Symbol("z")
n = Symbol("n", integer=True)
w = Function("w", real=True)


def slope(f: Any, order: int = 1) -> Any:
    return Derivative(f, (x, order))


def slope_at(f: Any, a: Any, order: int = 1) -> Any:
    return Subs(Derivative(f, (x, order)), x, sympy.sympify(a))


def judged(left: Any, right: Any) -> Any:
    return examine(sympy.sympify(left), sympy.sympify(right))


isolated = Piecewise((0, Eq(x, 0)), (x, True))
smooth_join = Piecewise((x**2, x < 0), (x**3, True))
step = Piecewise((0, x < 1), (1, True))

PROVED = [
    (slope_at(isolated, 0), 1),
    (slope_at(x * Abs(x), 0), 0),
    (slope_at(Abs(x) ** 3, 0), 0),
    (slope_at(Abs(x) ** 3, 0, 2), 0),
    (slope_at(smooth_join, 0), 0),
    (slope_at(Max(x, 0) ** 2, 0), 0),
    (slope_at(Abs(x) - Abs(x) * cos(x), 0), 0),
    (slope_at(Abs(x) ** (2 + p), 0), 0),
    (slope_at(floor(x), Rational(1, 2)), 0),
    (slope_at(Abs(x), p), 1),
    (slope_at(LambertW(x), 0), 1),
    (Subs(Derivative(Piecewise((0, Eq(t, 0)), (t, True)), t), t, 0), 1),  # from the right: t has no left of 0
    (Subs(Derivative(Abs(t - 1), t), t, 0), -1),
    (slope(sqrt(x**4)), 2 * x),
    (slope_at(x * Heaviside(x) + x * Heaviside(-x), 0), 1),
    (slope_at(Max(x, 0) + Min(x, 0), 0), 1),
    (Derivative(p**p, p), p**p * (log(p) + 1)),
    (Derivative((1 + p) ** (p * x), p), (1 + p) ** (p * x) * (x * log(1 + p) + p * x / (1 + p))),
    (slope(p**x), p**x * log(p)),
    (Derivative(besseli(1, 2 * p), p), besseli(0, 2 * p) + besseli(2, 2 * p)),
    (Derivative(besselk(2, p**3), p), -3 * p**2 * (besselk(1, p**3) + besselk(3, p**3)) / 2),
    (slope(w(2 * x), 2), 4 * Subs(Derivative(w(y), (y, 2)), y, 2 * x)),
]
PROVED_UNDER = [
    (slope(Abs(x)) ** 2, 1, ["x != 0"]),
    (slope(Abs(x), 2), 0, ["x != 0"]),
    (slope(x * Abs(x)), 2 * Abs(x), ["x != 0"]),
    (slope(Heaviside(x)), 0, ["x != 0"]),
    (slope(step), 0, ["x - 1 != 0"]),
    (slope(log(Abs(x))), 1 / x, ["x != 0"]),
    (slope(floor(x)), 0, ["x is not a whole number"]),
    (slope(Piecewise((0, sign(x) < 1), (1, True))), 0, ["x != 0", "sign(x) - 1 != 0"]),
    (slope(acot(x)), -1 / (1 + x**2), ["x != 0"]),
    (Derivative(sqrt(z), z) * 2 * sqrt(z), 1, ["z is not in (-oo, 0]"]),
    (slope(asin(x)) * sqrt(1 - x**2), 1, ["1 - x**2 > 0"]),
]
REFUTED = [
    (slope_at(isolated, 0), 0),
    (slope_at(Abs(x - y), 0), -1),
    (slope(Min(x, 0)), Max(x, 0)),
    (slope(x * Abs(x)), 3 * Abs(x)),
    (Subs(Derivative(Piecewise((0, Eq(t, 0)), (t, True)), t), t, 0), 0),
]
NEITHER = [
    (slope_at(Max(x, 0), 0), Rational(1, 2), "no derivative at x = 0"),
    (slope_at(Abs(x), 0), 0, "no derivative at x = 0"),
    (slope_at(sqrt(x**2), 0), 0, "no derivative at x = 0"),
    (slope_at(sign(x), 0), 0, "no derivative at x = 0"),
    (slope_at(Heaviside(x), 0), 0, "no derivative at x = 0"),
    (slope_at(Abs(x) ** 3, 0, 3), 0, "no derivative at x = 0"),
    (slope_at(smooth_join, 0, 2), 0, "no derivative at x = 0"),
    (slope_at(step, 1), 0, "no derivative at x = 1"),
    (slope_at(Abs(x - y), y), 0, "no derivative at x = y"),
    (slope_at(Piecewise((5, Eq(x, 2)), (x, True)), 2), 1, "no derivative at x = 2"),
    (slope_at(Piecewise((0, sign(x) < 1), (1, True)), 0), 0, "no derivative at x = 0"),
    (slope_at(acos(cos(x)), 0), 0, "is not known"),
    (Subs(Derivative(sqrt(t), t), t, 0), 0, "is not known"),
    (Subs(Derivative(t, t) * Derivative(Abs(t - 1), t), t, -1), 1, "outside of what is assumed of t"),
    (Subs(Derivative(Abs(x) * Abs(y), x, y), (x, y), (1, 0)), 0, "is not known"),
    (Derivative(Abs(z), z), 0, "no complex derivative in z"),
    (Derivative(conjugate(z), z), 0, "no complex derivative in z"),
    (Derivative(n**2, n), 2 * n, "a whole number"),
]


@pytest.mark.parametrize(("left", "right"), PROVED, ids=str)
def test_what_exists_is_proved(left: Any, right: Any) -> None:
    verdict = judged(left, right)
    assert (verdict.status, verdict.conditions) == ("proved", ())


@pytest.mark.parametrize(("left", "right", "conditions"), PROVED_UNDER, ids=str)
def test_where_a_derivative_exists_is_a_condition(left: Any, right: Any, conditions: list[str]) -> None:
    verdict = judged(left, right)
    assert verdict.status == "proved"
    assert set(conditions) <= set(verdict.conditions)


@pytest.mark.parametrize(("left", "right"), REFUTED, ids=str)
def test_what_the_definition_gives_refutes(left: Any, right: Any) -> None:
    assert judged(left, right).status == "refuted"


@pytest.mark.parametrize(("left", "right", "reason"), NEITHER, ids=str)
def test_what_does_not_exist_is_neither_proved_nor_refuted(left: Any, right: Any, reason: str) -> None:
    verdict = judged(left, right)
    assert verdict.status == "undecided"
    assert reason in verdict.reason


def test_no_point_at_a_join_or_on_a_cut_refutes() -> None:
    """sqrt(1/z) = 1/sqrt(z) fails on the negative axis, where sqrt has no derivative."""
    assert judged(Derivative(sqrt(z), z), sqrt(1 / z) / 2).status != "refuted"
    assert judged(Derivative(Abs(x) + Abs(y), x, y) + slope(Abs(x)) ** 2, 1).status == "proved"


def test_sympys_own_derivatives_bring_the_faults_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "carried_out", lambda e: (e.doit(integrals=False), {}))
    assert judged(slope_at(isolated, 0), 0).status == "proved"
    assert judged(slope(Abs(x)) ** 2, 1).status == "refuted"
    assert judged(slope_at(Max(x, 0), 0), Rational(1, 2)).status == "proved"


def test_a_piece_that_is_chosen_by_no_relation_has_no_rule() -> None:
    chosen = Piecewise((x, sympy.Contains(x, sympy.S.Integers)), (2 * x, True))
    with pytest.raises(NotDifferentiable, match="no rule"):
        derivative(chosen, x)
    assert derivative(chosen, y)[0] == 0


def test_what_has_no_certificate_has_none_with_conditions() -> None:
    found = judged(slope(Abs(x)) ** 2 * (atan(p) + atan(1 / p)), sympy.pi / 2)
    assert (found.status, found.conditions) == ("proved", ("x != 0",))
    assert set(found.certificate) == {"format", "unchecked"}


def test_without_the_conditions_the_points_refute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "carried_out", lambda e: (derivatives.carried_out(e)[0], {}))
    assert judged(Derivative(sqrt(z), z), sqrt(1 / z) / 2).status == "refuted"


def test_a_flow_across_a_corner_is_refused_or_conditional() -> None:
    with pytest.raises(NotDifferentiable, match="unless x != 0"):
        gradient_flow(Max(x, 0), [x], p)
    verdict = judged(rate_of(Abs(x), {x: sympy.Integer(1)}) ** 2, 1)
    assert (verdict.status, verdict.conditions) == ("proved", ("x != 0",))
    assert gradient_flow((1 - x * y) ** 2 / 2, [x], p) == {x: y * (1 - x * y) / p}


def test_conditions_of_a_claim_are_those_of_its_derivatives() -> None:
    claim = Claim("c.abs", "The slope of a corner.", w(x), Abs(x), satisfies=(Equation(Derivative(w(x), x) ** 2, 1),))
    verdict = claim.verify()
    assert verdict.status != "refuted"
    assert verdict.status != "proved" or "x != 0" in verdict.conditions


# --- against numbers ----------------------------------------------------------------------------------------

_OUTER = [Abs, sign, sin, exp, atan, asinh, lambda u: Max(u, 1), lambda u: Min(u, -u), lambda u: u * Abs(u)]
_OUTER += [lambda u: u**3, lambda u: 1 / (1 + Max(u, 0)), lambda u: Heaviside(u - 1) * u]
_OUTER += [lambda u: sqrt(u**2 + 1), lambda u: log(Abs(u)), lambda u: Piecewise((u, u < 1), (2 - u, True))]
_OUTER += [lambda u: atanh(u / (1 + Abs(u))), lambda u: acosh(1 + u**2), lambda u: acoth(2 + u**2), lambda u: 1 / u]


def difference(f: Any, a: Any) -> Any:
    """A central difference, right to some 20 digits where f is smooth."""
    h = Rational(1, 10**12)
    return (value(f, a + h) - value(f, a - h)) / (2 * h)


def value(f: Any, a: Any) -> Any:
    return f.subs(x, a).evalf(60)


@pytest.mark.costly
@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_rules_agree_with_differences(count: int) -> None:
    """Random nests of functions, at random points off their joins."""
    source, held = random.Random(daily.seed()), 0
    for _ in range(count):
        f = x + Rational(source.randint(-5, 5), 7)
        for _ in range(source.randint(1, 3)):
            f = source.choice(_OUTER)(f)
        a = Rational(source.randint(-300, 300), 97)
        try:
            found, conditions = derivative(f, x)
        except NotDifferentiable:  # not known to be real inside
            continue
        if any(abs(value(c, a)) < Rational(1, 10**8) for c in conditions) or not value(found, a).is_finite:
            continue
        off = abs(value(found, a) - difference(f, a))
        assert off < 1e-9 * (1 + abs(value(found, a))), f"{f} at {a}"
        held += 1
    assert held > count / 3


def test_a_claimed_derivative_is_right_where_its_conditions_hold() -> None:
    found, conditions = carried_out(Derivative(Piecewise((x, Ne(x, 2)), (7, True)), x))
    assert (found, list(conditions)) == (1, [x - 2])
