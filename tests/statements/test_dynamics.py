"""Flows that are the gradient of no loss: what they conserve, and paths on which one weight tells the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import daily
import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp
from sympy import Rational, Symbol, symbols

from modeflow import Dynamics, NoClosedForm, NoEvaluator

a, b, c, p, w = symbols("a b c p w", real=True)
lam, eta = symbols("lam eta", positive=True)
t = Symbol("t", nonnegative=True)

STOPPED = {p: lam * w**2 * (1 - p), w: lam * p * w * (1 - p)}  # a predictor p, whose target's gradient is stopped
PUSHED = {a: 2 * (1 - a * b * c), b: 1 - a * b * c, c: 3 * (1 - a * b * c)}  # along a fixed direction
TURNED = {a: b * (1 - a), b: -a * (1 - a)}  # around the origin
GROWN = {a: 2 * a * (1 - a * b * c), b: b * (1 - a * b * c), c: -c * (1 - a * b * c)}  # each weight by its own


def told(flow: dict[Symbol, Any], degree: int = 2) -> list[tuple[Any, Any]]:
    return [(one.quantity, one.fading) for one in Dynamics(flow, t).invariants(degree)]


def test_invariants_are_found_where_there_is_no_loss() -> None:
    assert told(STOPPED) == [(w**2 - p**2, 0)]
    decaying = {one: velocity - eta * one for one, velocity in STOPPED.items()}
    assert told(decaying) == [(w**2 - p**2, 2 * eta)]
    assert told(TURNED) == [(a**2 + b**2, 0)]
    assert told(PUSHED) == [(3 * b - c, 0), (3 * a - 2 * c, 0)]
    assert told(GROWN) == [(b * c, 0)]
    assert told(GROWN, 3) == [(b * c, 0), (a * c**2, 0)]
    assert told({a: a * b, b: a - b**3}) == []


def test_a_wrong_invariant_is_refuted() -> None:
    claim = Dynamics(STOPPED, t).chapter().claims["flow.invariant_1"]
    assert claim.verify().status == "proved"
    assert replace(claim, rhs=w).verify().status == "refuted"


PATHS: list[tuple[Any, dict[str, float], tuple[float, ...]]] = [
    (STOPPED, {"lam": 1.5}, (0.1, 0.3)),
    (STOPPED, {"lam": 1.5}, (-0.1, 0.3)),
    (PUSHED, {}, (0.2, 0.3, 0.4)),
    (GROWN, {}, (0.2, 0.3, 0.4)),
    ({a: 2 * b**2 * (1 - a), b: a * b * (1 - a), c: 4 * b**2 * (1 - a)}, {}, (0.2, 0.5, -0.3)),
]


@pytest.mark.parametrize(("flow", "parameters", "start"), daily.some(PATHS, 2), ids=str)
def test_paths_agree_with_an_integrator(flow: Any, parameters: dict[str, float], start: tuple[float, ...]) -> None:
    path = Dynamics(flow, t).solve().evaluator()
    times = np.array([0.0, 0.5, 1.5, 4.0])
    found = np.stack(list(path(times, start=start, **parameters).values()))
    numbers = {Symbol(name, positive=True): value for name, value in parameters.items()}
    velocity: Callable[..., Any] = sympy.lambdify(list(flow), [v.subs(numbers) for v in flow.values()])
    exact = solve_ivp(lambda _, y: velocity(*y), (0, 4), start, "DOP853", times, rtol=1e-12, atol=1e-14)
    assert np.max(np.abs(found - exact.y)) < 1e-10


def test_equal_weights_have_their_time_in_closed_form() -> None:
    solution = Dynamics(STOPPED, t).solve((Rational(1, 2), Rational(1, 2)))
    assert (solution.kind, solution.verdict and solution.verdict.status) == (
        "one orbit (time in closed form)",
        "proved",
    )
    wrong = replace(solution.claim, rhs=sympy.Tuple(solution.claim.rhs[0] + 1, *solution.claim.rhs[1:]))
    assert wrong.verify().status == "refuted"


def test_the_chapter_states_the_path() -> None:
    chapter = Dynamics(STOPPED, t).chapter(key="stopped", title="A stopped gradient")
    assert list(chapter.claims) == ["stopped.invariant_1", "stopped.path"]
    assert all(claim.verify().status == "proved" for claim in chapter.claims.values())
    assert list(Dynamics({a: a * b, b: a - b**3}, t).chapter().claims) == []
    assert r"\frac{d p}{d t}" in Dynamics(STOPPED, t)._repr_latex_()


REFUSED = [
    ({a: lam * a - a**3 - a * b**2, b: b - b**3 - 2 * a**2 * b}, None, "no weight is seen to tell the others"),
    (TURNED, (0, 1), "the path by one weight is not proved"),
    ({a: a * t, b: b}, None, "changes with time"),
    (STOPPED, (0, 0), "rests at the start"),
]


@pytest.mark.parametrize(("flow", "start", "why"), REFUSED, ids=str)
def test_what_has_no_path_is_refused_with_the_reason(flow: Any, start: Any, why: str) -> None:
    with pytest.raises(NoClosedForm, match=why):
        Dynamics(flow, t).solve(start)


def test_a_path_that_may_end_has_no_evaluator() -> None:
    with pytest.raises(NoEvaluator, match="may end there"):
        Dynamics(TURNED, t).solve().evaluator()
    with pytest.raises(NoEvaluator, match="no polynomial"):
        Dynamics({a: 2 * b**2 * (1 - b), b: a * b * (1 - b), c: 4 * b**2 * (1 - b)}, t).solve().evaluator()
    apart = Dynamics({a: 2 * a * (1 - a * b), b: -3 * b * (1 - a * b)}, t)
    with pytest.raises(NoEvaluator, match="may end there"):
        apart.solve((2, 3)).evaluator()


BAD: list[tuple[Any, type[Exception], str]] = [
    (3, TypeError, "flow is a int: give a dictionary"),
    ({a: sympy.sin(a), b: a}, ValueError, r"flow\[a\] = sin\(a\) is no polynomial in a, b"),
    ({a: 0.5 * a, b: a}, ValueError, "inexact"),
    ({a: a}, ValueError, "a path has at least two weights"),
    ({a: a, b: "b"}, TypeError, r"flow\[b\] is a str, not a SymPy expression"),
    ({"a": a, b: b}, ValueError, "give two symbols or more"),
    ({a: a**17, b: b}, ValueError, "its degree in the weights, 17, is larger than 16"),
    ({a: a * Symbol("b"), b: b}, ValueError, "two symbols are called b"),
]


@pytest.mark.parametrize(("flow", "error", "message"), BAD, ids=str)
def test_bad_flows_are_told(flow: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Dynamics(flow, t)


@pytest.mark.parametrize("degree", [0, -1, 1.5, True, "2", 99])
def test_bad_degrees_are_told(degree: Any) -> None:
    with pytest.raises(ValueError, match="degree = "):
        Dynamics(STOPPED, t).invariants(degree)
