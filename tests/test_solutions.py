"""A solution is differentiable from the start on: no jump, no pole, no corner on its stretch of time."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sympy
from sympy import Abs, Function, Piecewise, Symbol, atan, exp, pi, sqrt, symbols, tan

from modeflow.claims import Claim, Equation
from modeflow.solutions import differentiable
from modeflow.verdict import Verdict

t = Symbol("t", nonnegative=True)
a, b = symbols("a b", positive=True)
r = Symbol("r", real=True)
w = Function("w", real=True)
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
