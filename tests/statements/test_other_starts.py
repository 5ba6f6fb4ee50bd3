"""Evaluators from starts of any order of sizes and any signs, against an integrator on the raw flow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from sympy import Symbol, exp, lambdify, log, symbols

from modeflow import Dynamics, Objective
from modeflow.statements import other_starts

Array = NDArray[np.float64]
w1, w2, w3 = WEIGHTS = symbols("w1 w2 w3", real=True)
t = Symbol("t", nonnegative=True)
lam, gamma, k = symbols("lam gamma k", positive=True)
T1, T2, T3 = symbols("T1 T2 T3", positive=True)
AT = {"lam": 1.3, "gamma": 0.2, "k": 0.7, "T1": 1.0, "T2": 2.0, "T3": 0.5}
TIMES = np.array([0.0, 0.1, 0.7, 2.0, 6.0])
DECAY = Objective(lam / 2 * (1 - w1 * w2) ** 2 + gamma / 2 * (w1**2 + w2**2), (w1, w2), t, T1)
STOPPED = Dynamics({w1: -lam * w2 * (w1 * w2 - w2), w2: -lam * w1 * (w1 * w2 - w2)}, t)
CASES: dict[str, tuple[Any, list[tuple[float, ...]]]] = {
    "decay": (
        DECAY,
        [(0.3, 0.5), (0.5, 0.3), (-0.4, 0.5), (-0.5, 0.4), (0.5, -0.3), (-0.3, -0.5), (0.5, 0.5), (-0.5, -0.5),
         (0.5, -0.5), (0.0, 0.5), (0.5, 0.0), (0.0, 0.0)],
    ),
    "logistic": (
        Objective(log(1 + exp(-k * w1 * w2)), (w1, w2), t, T1), [(0.3, 0.5), (0.5, 0.3), (-0.5, 0.3), (0.5, 0.0)],
    ),
    "own times": (
        Objective(log(1 + exp(-k * w1 * w2 * w3)), WEIGHTS, t, (T1, T2, T3)),
        [(0.3, 0.5, 0.9), (0.9, 0.3, 0.8), (0.9, -0.8, 0.2), (0.9, 0.8, 0.0)],
    ),
    "powers": (
        Objective(lam / 2 * (1 - w1 * w2**2) ** 2, (w1, w2), t, T1),
        [(0.3, 0.9), (0.9, 0.3), (0.9, -0.3), (-0.2, 0.9)],
    ),
    "stopped": (STOPPED, [(0.1, 0.3), (0.3, 0.1), (0.3, 0.3), (-0.3, 0.1), (1.5, 0.2)]),
}  # fmt: skip


def integrated(subject: Any, start: Sequence[float]) -> Array:
    flow = subject.flow() if isinstance(subject, Objective) else subject.flow
    put = {s: AT[s.name] for v in flow.values() for s in v.free_symbols if s.name in AT}
    velocity = lambdify((t, *flow), [v.subs(put) for v in flow.values()])
    found: Array = solve_ivp(
        lambda time, w: np.array(velocity(time, *w), float), (0.0, TIMES[-1]), start, t_eval=TIMES, rtol=1e-11,
        atol=1e-13, method="DOP853",
    ).y  # fmt: skip
    return found


def from_all(name: str) -> tuple[dict[str, Array], Any]:
    """The weights from all starts in one call, and what an integrator finds."""
    subject, starts = CASES[name]
    path = subject.solve().evaluator()
    begun = [np.array(values)[:, None] for values in zip(*starts, strict=True)]
    found = path(TIMES, start=begun, **{q.symbol.name: AT[q.symbol.name] for q in path.letters})
    return found, np.array([integrated(subject, start) for start in starts])


def off(name: str) -> float:
    found, right = from_all(name)
    subject, _ = CASES[name]
    weights = subject.weights
    return max(float(np.abs(found[f"{w}(t)"] - right[:, n]).max()) for n, w in enumerate(weights))


@pytest.mark.costly
@pytest.mark.parametrize("name", list(CASES))
def test_each_start_is_followed(name: str) -> None:
    assert off(name) < 1e-9


@pytest.mark.costly
def test_a_wrong_turn_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With weights exchanged on the way in alone."""
    monkeypatch.setattr(other_starts, "_turn_back", lambda put, objective: lambda found, start: found)
    assert off("decay") > 0.1


def test_a_flow_without_the_symmetry_has_none() -> None:
    flow = DECAY.flow()
    assert other_starts.keeps(flow, {w1: w2, w2: w1})
    assert other_starts.keeps(flow, {w1: -w1, w2: -w2})
    assert not other_starts.keeps(flow, {w1: -w1, w2: w2})
    assert not other_starts.keeps({w1: w2, w2: 2 * w1}, {w1: w2, w2: w1})


def test_what_no_start_allows_is_still_said() -> None:
    path = CASES["logistic"][0].solve().evaluator()
    with pytest.raises(ValueError, match="decoder weight at the start is nonzero"):
        path(1.0, start=(0.0, 0.0), k=1.0, T1=1.0)
    with pytest.raises(ValueError, match="k = -1"):
        path(1.0, start=(0.5, 0.3), k=-1.0, T1=1.0)


def test_nan_in_a_start_stays() -> None:
    path = DECAY.solve().evaluator()
    found = path(1.0, start=([np.nan, 0.5, 0.3], 0.3), lam=1.0, gamma=0.1, T1=1.0)["w1(t)"]
    assert list(np.isnan(found)) == [True, False, False]
