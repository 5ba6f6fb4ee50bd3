"""Products of equal layers at any depth: closed forms that are proved, and numbers held against an integrator."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import daily
import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from sympy import Abs, Expr, LambertW, Rational, Symbol, exp, log, oo, symbols, tanh

from modeflow import EqualLayers, prove
from modeflow.language.solve import NoClosedForm

ROOT = Path(__file__).resolve().parents[2]
w = Symbol("w", real=True)
t = Symbol("t", nonnegative=True)
lam, eps, gamma, k, tau, x = symbols("lam eps gamma k tau x", positive=True)
L = Symbol("L", positive=True)
CLEAN = lam / 2 * (1 - w) ** 2
AT = {"lam": 1.3, "eps": 0.4, "tau": 0.7, "k": 0.3, "w_0": 0.3, "L": 4.0}
SLOPES: dict[str, tuple[Expr, Any]] = {  # a loss, and its slope by hand
    "quadratic": (CLEAN + eps / 2 * w**2, lambda h: -1.3 + 1.7 * h),
    "logistic": (log(1 + exp(-w)), lambda h: -1 / (1 + np.exp(h))),
    "exponential": (exp(-w), lambda h: -np.exp(-h)),
    "tanh": ((1 - tanh(w)) ** 2 / 2, lambda h: -(1 - np.tanh(h)) / np.cosh(h) ** 2),
    "quartic": ((1 - w**2) ** 2 / 4, lambda h: -(1 - h**2) * h),
    "kink": (CLEAN + k * Abs(w), lambda h: -1.3 + 1.3 * h + 0.3),
}
KINDS = [
    ("quadratic", 1, "equal layers"),
    ("quadratic", 2, "equal layers"),
    ("quadratic", 3, "equal layers (time in closed form)"),
    ("quadratic", L, "equal layers (time in closed form)"),
    ("quadratic", oo, "equal layers"),
    ("logistic", 1, "equal layers"),
    ("logistic", 2, "equal layers (time in closed form)"),
    ("logistic", L, "equal layers (implicit)"),
    ("exponential", 1, "equal layers"),
    ("exponential", oo, "equal layers (time in closed form)"),
    ("tanh", 2, "equal layers (time in closed form)"),
    ("tanh", 3, "equal layers (implicit)"),
    ("quartic", 2, "equal layers (time in closed form)"),
    ("kink", 2, "equal layers"),
]


@pytest.mark.parametrize(("name", "depth", "kind"), daily.some(KINDS, fast=2))
def test_each_answer_is_proved_and_is_where_the_layers_are(name: str, depth: Any, kind: str) -> None:
    """Against the raw gradient of all layers, whose product is taken; infinite depth against its own equation."""
    loss, slope = SLOPES[name]
    solution = EqualLayers(loss, w, depth, t, tau).solve(Rational(3, 10) if name == "kink" else None)
    assert solution.verdict is not None
    assert (solution.kind, solution.verdict.status) == (kind, "proved")
    path, times = solution.evaluator(), np.linspace(0.0, 3.0, 7)
    found = path(times, **{q.symbol.name: AT[q.symbol.name] for q in path.letters})
    layers = 4 if depth == L else depth

    def velocity(_: float, u: Any) -> Any:
        if layers == oo:
            return -(u**2) * slope(u) / AT["tau"]
        return [-np.prod(np.delete(u, i)) * slope(np.prod(u)) / AT["tau"] for i in range(len(u))]

    begun = [0.3] if layers == oo else [0.3 ** (1 / layers)] * layers
    ran = solve_ivp(velocity, (0.0, 3.0), begun, t_eval=times, rtol=1e-11, atol=1e-13, method="DOP853").y
    assert np.abs(found - np.prod(ran, axis=0)).max() < 2e-10


@pytest.mark.slow
@pytest.mark.parametrize("name", ["quadratic", "exponential"])
def test_a_wrong_answer_is_refused(name: str) -> None:
    for depth in (1, 2, oo):
        claim = EqualLayers(SLOPES[name][0], w, depth, t, tau).solve().claim
        for wrong in (2 * claim.rhs, claim.rhs + 1, claim.rhs.subs(tau, 2 * tau)):
            assert replace(claim, rhs=wrong).verify().status == "refuted"


def test_the_product_logarithm_undoes_its_product() -> None:
    assert prove(LambertW(x) * exp(LambertW(x)), x).status == "proved"
    assert prove(exp(k - 2 * LambertW(x)), exp(k) * (LambertW(x) / x) ** 2).status == "proved"
    assert prove(exp(LambertW(x)), x / LambertW(x) + 1).status == "refuted"
    assert prove(LambertW(x, -1) * exp(LambertW(x, -1)), x).status != "refuted"
    assert prove(exp(-LambertW(w)), 1 + LambertW(w)).status != "proved"


@pytest.mark.slow
def test_large_arguments_of_the_product_logarithm_keep_their_digits() -> None:
    path = EqualLayers(log(1 + exp(-w)), w, 1, t).solve().evaluator()
    with mpmath.workdps(40):
        for begun, time in ((-900, 1e3), (0, 1e300), (900, 1e5), (-2, 3.0)):
            passed = begun + mpmath.exp(begun) + mpmath.mpf(time)
            found = mpmath.mpf(float(path(time, w_0=begun)))
            off = (found + mpmath.exp(found) - passed) / (1 + mpmath.exp(found))  # a step of Newton's method
            assert abs(off) < 1e-15 * max(1, abs(found))


@pytest.mark.slow
def test_accuracy_against_high_precision() -> None:
    for name, depth in (("quadratic", L), ("quadratic", oo), ("logistic", 2), ("quartic", 3), ("logistic", 1)):
        assert EqualLayers(SLOPES[name][0], w, depth, t, tau).solve().evaluator().accuracy(count=3).worst < 200


def test_a_start_at_rest_stays() -> None:
    solution = EqualLayers(CLEAN, w, 3, t).solve(1)
    assert list(solution.values.values()) == [1]


def test_one_layer_ends_at_the_kink_and_several_do_not_reach_it() -> None:
    path = EqualLayers(Abs(w), w, 1, t).solve(1).evaluator()
    assert abs(path(0.75) - 0.25) < 1e-15
    with pytest.raises(ValueError, match=r"a kink that is reached at t = 1, .*give earlier times"):
        path(1.5)
    assert abs(EqualLayers(Abs(w), w, 2, t).solve(1).evaluator()(3.0) - np.exp(-6.0)) < 1e-17


@pytest.mark.slow
def test_each_step_of_the_chapter_is_proved() -> None:
    for depth, steps in ((3, 2), (L, 2), (oo, 1)):
        chapter = EqualLayers(log(1 + exp(-w)), w, depth, t, tau).solve().chapter()
        assert [c.verify().status for c in chapter.claims.values()] == ["proved"] * steps


@pytest.mark.parametrize(
    ("loss", "strength", "depth", "more", "said"),
    [
        *((CLEAN, w, depth, (), r"depth = .*give a whole number >= 1") for depth in (0, -1, 1.5, True, Symbol("M"), w)),
        (lam, w, 2, (), r"does not depend on w"),
        (w * t, w, 2, (), r"changes with t"),
        (x, x, 1, (), r"one layer may pass 0; declare it with real=True"),
        (CLEAN, "w", 2, (), r"give two different symbols"),
        (w, Symbol("w", positive=True), 2, (), r"two symbols are called w"),
        (CLEAN, w, 2, (-1,), r"tau = -1: a time constant is > 0"),
        (w / 2 + 0.5, w, 2, (), r"write Rational"),
    ],
)
def test_what_is_no_question_is_refused(loss: Any, strength: Any, depth: Any, more: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        EqualLayers(loss, strength, depth, t, *more)


@pytest.mark.parametrize(
    ("start", "said"),
    [(0, r"starts at > 0"), (-1, r"starts at > 0"), (0.5, r"write Rational"), (t, r"give the strength at t = 0")],
)
def test_what_is_no_start_is_refused(start: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        EqualLayers(CLEAN, w, 3, t).solve(start)


def test_a_start_on_an_unknown_side_of_a_kink_is_refused() -> None:
    with pytest.raises(NoClosedForm, match=r"Abs\(w - 1\) has a kink where w - 1 = 0"):
        EqualLayers(Abs(1 - w), w, 3, t).solve()


@pytest.mark.slow
def test_the_table_of_the_page_is_what_the_benchmark_prints() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "objectives.py")], capture_output=True, text=True, check=True
    )
    assert done.stdout in (ROOT / "docs" / "objective.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("depth", daily.some([3, 4, 7, oo], 2), ids=str)
def test_layers_under_weight_decay_have_an_evaluator(depth: Any) -> None:
    """Half the decay of L weights of size w^(1/L) is L·γ/2·w^(2/L); of infinitely many, γ·log w."""
    decay = gamma * log(w) if depth == oo else gamma * depth / 2 * w ** Rational(2, depth)
    path = EqualLayers(lam / 2 * (1 - w) ** 2 + decay, w, depth, t).solve().evaluator()
    times = np.array([0.0, 1.0, 5.0])
    for held, begun in ((0.05, 0.5), (0.4, 0.9)):  # kept, and let go
        found = path(times, w_0=begun, lam=1.3, gamma=held)
        exact = integrated(depth, held, begun, times)
        assert np.max(np.abs(found - exact)) < 1e-9
    assert path.accuracy(count=4).worst < 1e4


def integrated(depth: Any, held: float, begun: float, times: Any) -> Any:
    layers = float("inf") if depth == oo else float(depth)
    scale = 1.0 if depth == oo else layers

    def rate(_: float, x: Any) -> Any:
        return -scale * (x ** (2 - 2 / layers) * 1.3 * (x - 1) + held * x)

    return solve_ivp(rate, (0, times[-1]), [begun], "DOP853", times, rtol=1e-11, atol=1e-13).y[0]
