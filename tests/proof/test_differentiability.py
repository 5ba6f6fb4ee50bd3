"""A solution is differentiable from the start on: no jump, no pole, no corner on its stretch of time."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
import sympy
from sympy import Abs, Function, Piecewise, Rational, Symbol, atan, exp, pi, sqrt, symbols, tan

import modeflow.statements.solutions
from modeflow.language.verdict import Verdict
from modeflow.proof.differentiability import _sign_at, differentiable
from modeflow.proof.enclosures import Point
from modeflow.statements.claims import Claim
from modeflow.statements.equations import Equation

t = Symbol("t", nonnegative=True)
a, b = symbols("a b", positive=True)
r = Symbol("r", real=True)
w = Function("w", real=True)
stating = sys.modules[Claim.__module__]  # `modeflow.claims` is a function
step = Piecewise((0, t < 1), (1, True))
smooth = Piecewise((t**2, t < 1), (2 * t - 1, True))
logistic = r / (r + (1 - r) * exp(-t))


def solves(form: Any, rate: Any, start: Any, **more: Any) -> Claim:
    equations = (Equation(w(t).diff(t), rate, "rate"), Equation(w(0), start, "initial value"))
    return Claim("c.x", "A solution.", w(t), form, satisfies=equations, **more)


ACROSS = [
    (step, 0, 0, "t - 1 vanishes at t = 1"),
    (atan(1 / (1 - t)), 1 / (1 + (1 - t) ** 2), pi / 4, "1 - t vanishes at t = 1"),
    (tan(t), 1 + w(t) ** 2, 0, r"cos\(t\) vanishes between"),
    (1 / (1 - t), w(t) ** 2, 1, "1 - t vanishes at t = 1"),
    (1 / (1 / a - t), w(t) ** 2, a, "vanishes at t = 1, for a = 1"),
    (Abs(1 - t), (t - 1) / Abs(t - 1), 1, "t - 1 vanishes at t = 1"),
    (sqrt(1 - t), -1 / (2 * w(t)), 1, "t - 1 vanishes at t = 1"),
]


@pytest.mark.parametrize(("form", "rate", "start", "reason"), ACROSS, ids=str)
def test_no_form_is_proved_across_a_jump_or_a_pole(form: Any, rate: Any, start: Any, reason: str) -> None:
    verdict = solves(form, rate, start).verify()
    assert verdict.status == "undecided"
    assert re.search(reason, verdict.reason)


@pytest.mark.parametrize(
    ("form", "rate", "start"),
    [
        (1 / (1 + t), -(w(t) ** 2), 1),
        (a / (a + (1 / b - 1) * exp(-t) * a), w(t) * (1 - w(t)), b),
        (exp(-a * t), -a * w(t), 1),
        (smooth, Piecewise((2 * t, t < 1), (2, True)), 0),
    ],
    ids=str,
)
def test_smooth_forms_are_still_proved(form: Any, rate: Any, start: Any) -> None:
    assert solves(form, rate, start).verify().status == "proved"


def test_a_pole_for_some_parameters_is_a_condition_from_the_start_on() -> None:
    verdict = solves(logistic, w(t) * (1 - w(t)), r).verify()
    assert verdict.status == "proved"
    assert "r + (1 - r)*exp(-t) != 0 from the start up to t" in verdict.conditions
    inside = solves(logistic, w(t) * (1 - w(t)), r, given=(r > 0, r < 1)).verify()
    assert (inside.status, inside.conditions) == ("proved", ())


def test_without_the_obligation_the_jump_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Claim, "_solutions", lambda self: [])
    for form, rate, start, _ in (ACROSS[0], ACROSS[2]):
        assert solves(form, rate, start).verify().status == "proved"


def test_a_general_solution_has_no_start() -> None:
    claim = Claim("c.x", "Off its pole.", w(t), 1 / (1 - t), satisfies=(Equation(w(t).diff(t), w(t) ** 2, "rate"),))
    verdict = claim.verify()
    assert (verdict.status, verdict.conditions) == ("proved", ("t - 1 != 0",))


def test_the_stretch_is_what_is_assumed_of_time() -> None:
    late = Symbol("t", negative=True)
    assert differentiable(1 / (1 - late), late) == Verdict("proved", "signs")
    assert differentiable(1 / (1 - t), t).status == "undecided"
    assert differentiable(1 / (1 - t), t, (t < 1,)).status == "proved"
    assert differentiable(sympy.gamma(1 + t), t).status == "undecided"


def test_from_a_parameter_on_what_lies_outside_is_a_condition() -> None:
    """T(x) = log((1 - b)/(1 - x)) inverts 1 - exp(-t) from b on, and has its pole at 1."""
    x, T = Symbol("x", real=True), Function("T", real=True)
    equations = (Equation(T(x).diff(x), 1 / (1 - x), "rate"), Equation(T(b), 0, "start"))
    verdict = Claim("c.t", "A learning time.", T(x), sympy.log((1 - b) / (1 - x)), satisfies=equations).verify()
    assert verdict.status == "proved"
    assert any(condition.endswith("from the start up to x") for condition in verdict.conditions)


def claim(form: Any, *equations: tuple[Any, Any], unknown: Any, **more: Any) -> Claim:
    return Claim("c.x", "A solution.", unknown, form, satisfies=tuple(Equation(*e) for e in equations), **more)


turned = Piecewise((1, t < 1), (-1, True))
lifted = Piecewise((t, t < 1), (t + 5, True))
sided = (t - 1) * Abs(t - 1)
two = Function("w", real=True)(t, a)


@pytest.mark.parametrize(
    ("form", "equations", "unknown"),
    [
        (turned, [(sympy.Derivative(w(t) ** 2, t), 0), (w(0), 1)], w(t)),
        (1 / (1 - t), [(sympy.Derivative(1 / w(t), t), -1), (w(0), 1)], w(t)),
        (1 / (1 - t), [(sympy.Derivative(sympy.log(w(t)), t), 1 / (1 - t)), (w(0), 1)], w(t)),
        (lifted, [(w(t).diff(t, 2), 0), (sympy.Subs(w(t).diff(t), t, 0), 1)], w(t)),
        (sided, [(w(t).diff(t, 2) ** 2, 4), (w(0), -1), (sympy.Subs(w(t).diff(t), t, 0), 2)], w(t)),
        (step, [(two.diff(t), 0), (two.subs(t, 0), 0)], two),
    ],
    ids=str,
)
def test_a_problem_is_known_by_any_rate_and_any_start(
    form: Any, equations: Any, unknown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = claim(form, *equations, unknown=unknown).verify()
    assert verdict.status == "undecided"
    assert "vanishes at t = 1" in verdict.reason
    monkeypatch.setattr(Claim, "_solutions", lambda self: [])
    assert claim(form, *equations, unknown=unknown).verify().status == "proved"


@pytest.mark.parametrize("given", [sympy.Ne(t, 1), t > 2, (t - 1) ** 2 > 0, 1 / (1 - t) < 5, t < 2], ids=str)
def test_what_is_given_of_the_time_alone_does_not_cut_the_stretch(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = solves(1 / (1 - t), w(t) ** 2, 1, given=(given,)).verify()
    assert (verdict.status, "vanishes" in verdict.reason) == ("undecided", True)
    if given in (sympy.Ne(t, 1), t > 2):
        monkeypatch.setattr(modeflow.statements.solutions, "stretch", lambda time, starts, given: (time, list(given)))
        assert solves(1 / (1 - t), w(t) ** 2, 1, given=(given,)).verify().status == "proved"


def test_a_bound_that_holds_at_the_start_holds_up_to_the_time() -> None:
    for bound in (t < 1, 2 * t < 1, t + a < 1):
        found = solves(1 / (1 - t), w(t) ** 2, 1, given=(bound,)).verify()
        assert (found.status, found.conditions) == ("proved" if bound != (t + a < 1) else "undecided", ()), bound
    assert solves(1 / (a - t), w(t) ** 2, 1 / a, given=(t < a,)).verify().status == "proved"


def test_the_sign_of_the_time_is_that_of_the_start_too() -> None:
    late, off = Symbol("t", positive=True), Symbol("t", real=True, nonzero=True)
    rate = -1 / (1 + late**2)
    for start, value, status in ((1, pi / 4, "proved"), (-1, -pi / 4, "undecided")):
        equations = ((w(late).diff(late), rate), (w(start), value))
        assert claim(atan(1 / late), *equations, unknown=w(late)).verify().status == status
    equations = ((w(off).diff(off), -1 / (1 + off**2)), (w(1), pi / 4))
    assert claim(atan(1 / off), *equations, unknown=w(off)).verify().status == "undecided"


def test_an_integral_is_a_time_where_nothing_between_its_limits_is_infinite() -> None:
    s, x, T = Symbol("s", real=True), Symbol("x", positive=True), Function("T", real=True)

    def conditions(integrand: Any, low: Any) -> tuple[str, ...]:
        form = sympy.Integral(integrand, (s, low, x))
        verdict = claim(form, (T(x).diff(x), integrand.subs(s, x)), (T(low), 0), unknown=T(x)).verify()
        assert verdict.status == "proved"
        return tuple(c for c in verdict.conditions if "between" in c)

    assert conditions(1 / (1 - s) ** 2, 0) == ("1 - s != 0 for s between 0 and x",)
    assert conditions(1 / (a - s), b) == ("a - s != 0 for s between b and x",)
    assert conditions(1 / s, -1) == ("s != 0 for s between -1 and x",)
    assert conditions(1 / (1 + s), 0) == conditions(1 / (1 + s**2), -1) == conditions(1 / s, b) == ()


@pytest.mark.costly
def test_equations_of_one_name_are_all_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown, known = (sympy.gamma(r) * sympy.gamma(1 - r), pi / sympy.sin(pi * r)), (r, r)
    for name in ("statement", "rate"):
        equations = tuple(Equation(*sides, name) for sides in (unknown, known))
        assert Claim("c.x", "Two.", r, r, satisfies=equations).verify().status != "proved"
        monkeypatch.setattr(stating, "numbered", lambda equations: equations)
        assert Claim("c.x", "Two.", r, r, satisfies=equations).verify().status == "proved"
        monkeypatch.undo()


def test_an_unknown_is_a_function_of_letters() -> None:
    for unknown in (w(t + 1), w(2 * t), w(0)):
        with pytest.raises(ValueError, match=r"give the unknown as a function of letters, such as w\(t\)"):
            claim(1 / (1 - t), (w(t).diff(t), w(t) ** 2), unknown=unknown)


SIGNS = [
    (r, Rational(1, 3), 1), (r, Rational(-1, 3), -1), (r, Rational(0), 0), (r, Rational(5), 1),
    (sympy.exp(r) - 1, Rational(1, 3), 1), (sympy.exp(r) - 1, Rational(-1, 3), -1), (sympy.exp(r), Rational(3), 1),
    (sympy.sin(r) ** 2 + sympy.cos(r) ** 2 - 1, Rational(1, 3), None), (sympy.log(r), Rational(-1, 3), None),
    (sympy.zeta(r), Rational(1, 3), None), (sympy.asin(r), Rational(2), None), (1 / r, Rational(0), None),
]  # fmt: skip


@pytest.mark.parametrize(("g", "value", "expected"), SIGNS, ids=str)
def test_the_sign_at_a_point_is_known_or_none(g: Any, value: Any, expected: int | None) -> None:
    assert _sign_at(g, Point({r: value})) == expected


def test_what_must_not_vanish_is_asked_for_factor_by_factor() -> None:
    x = Symbol("x", real=True)
    found = differentiable(sympy.log(r * (x - a) / (b * (x**2 + 1))), x, whole=False)
    assert set(found.conditions) == {"r != 0", "-a + x != 0 from the start up to x"}
    assert differentiable(sympy.log(t * (2 - t)), t).status == "undecided"
    assert differentiable(1 / (1 - t) ** 2, t).status == "undecided"
