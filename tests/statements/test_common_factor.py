"""Flows that are linear but for a factor all weights share, against an integrator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from sympy import Symbol, lambdify, symbols, sympify

from modeflow import Dynamics, NoClosedForm
from modeflow.statements import common_factor

t = Symbol("t", nonnegative=True)
a, b, c = symbols("a b c", positive=True)
p, q, r = symbols("p q r", real=True)
FACTORS: dict[str, tuple[Any, tuple[float, ...]]] = {
    "Oja": ({p: a * p - p * (a * p**2 + b * q**2), q: b * q - q * (a * p**2 + b * q**2)}, (0.1, -0.3)),
    "a decay": ({p: -a * p - p * c * q**2, q: b * q - q**3 * c}, (0.4, 0.3)),
    "fourth powers": ({p: a * p - p * (p**4 + c * p**2 * q**2), q: -q * (p**4 + c * p**2 * q**2)}, (0.4, 0.0)),
    "three": ({w: n * w - w * (p**2 + q**2 + r**2) for n, w in enumerate((p, q, r))}, (0.1, 0.2, -0.3)),
}


@pytest.mark.parametrize("name", list(FACTORS))
def test_a_factor_that_all_share_is_divided_out(name: str) -> None:
    flow, start = FACTORS[name]
    solution = Dynamics(flow, t).solve()
    assert (solution.kind, solution.verify().status) == ("linear but for a common factor", "proved")
    at, times = {a: 1.3, b: 0.7, c: 0.4}, np.linspace(0.0, 4.0, 9)
    velocity = lambdify((t, *flow), [sympify(v).subs(at) for v in flow.values()])
    right = solve_ivp(
        lambda time, w: np.array(velocity(time, *w), float), (0.0, 4.0), start, t_eval=times, rtol=1e-11, atol=1e-13,
        method="DOP853",
    ).y  # fmt: skip
    path = solution.evaluator()
    found = path(times, start=start, **{s.name: v for s, v in at.items() if s.name in path._names})
    assert all(np.abs(x - y).max() < 1e-9 for x, y in zip(found.values(), right, strict=True))


@pytest.mark.parametrize("flow", [
    {p: a * p - p * q, q: b * q - q * q},  # the factor may be negative, and the path end
    {p: a * p + p * q**2, q: b * q + q**3},
    {p: a * p - p**3, q: b * q - 2 * q * p**2},
    {p: a * p - p**3 - p**5, q: b * q - q * p**2 - q * p**4},
    {p: a * p - p**3 * (a - b), q: b * q - q * p**2 * (a - b)},  # of unknown sign
    {p: a * p - 1, q: b * q},
])  # fmt: skip
def test_other_flows_are_left_alone(flow: Any) -> None:
    assert common_factor.path(flow, symbols("p_0 q_0", real=True), t) is None


def test_a_wrong_factor_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    flow, _ = FACTORS["Oja"]
    right = common_factor.path
    monkeypatch.setattr(common_factor, "path", lambda *given: tuple(2 * x for x in right(*given) or ()))
    with pytest.raises(NoClosedForm):
        Dynamics(flow, t).solve()
