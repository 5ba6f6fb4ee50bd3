"""Losses that change with time, against an integrator that knows nothing of how they were solved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import daily
import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp
from sympy import Rational, Symbol, cos, exp, pi, symbols

from modeflow import NoClosedForm, Objective

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, eps, k, tau, u = symbols("lam eps k tau u", positive=True)
VALUES = {lam: 1.3, eps: 0.4, k: 0.7, tau: 0.9, u: 0.3}

clean = lam / 2 * (1 - w1 * w2) ** 2
noise = (w1 * w2) ** 2 / 2
decay = (w1**2 + w2**2) / 2
APART, EQUAL, OPPOSITE = (Rational(1, 5), Rational(1, 2)), (u, u), (u, -u)

SOLVED: list[tuple[Any, Any, str]] = [
    (exp(-k * t) * (clean + eps * noise), APART, "at a changing pace"),
    ((clean + eps * noise) / (1 + k * t), APART, "at a changing pace"),
    ((1 + cos(pi * t / 4)) / 2 * clean, APART, "at a changing pace"),
    (t / 3 * clean, EQUAL, "at a changing pace"),
    (exp(-k * t) * (clean + eps * decay), APART, "at a changing pace"),
    (t * (w1 + k * w2), APART, "at a changing pace"),
    (clean + eps * exp(-k * t) * noise, EQUAL, "Bernoulli"),
    (clean + eps * exp(-k * t) * noise, OPPOSITE, "Bernoulli"),
    (clean + t * noise, EQUAL, "Bernoulli"),
    (exp(-t) * clean + eps * exp(-2 * t) * noise + 0 * decay, (Rational(0), Rational(0)), "constant"),
]


def solved(loss: Any, start: Any) -> Any:
    return Objective(loss, (w1, w2), t, tau).solve(start)


def integrated(loss: Any, start: Any, times: Any) -> Any:
    slopes = [sympy.lambdify((t, w1, w2), (-loss.diff(w) / tau).subs(VALUES)) for w in (w1, w2)]
    begun = [float(a.subs(VALUES)) for a in start]
    tight: dict[str, Any] = {"method": "DOP853", "rtol": 1e-11, "atol": 1e-13}
    return solve_ivp(lambda s, y: [f(s, *y) for f in slopes], (0, times[-1]), begun, t_eval=times, **tight).y


@pytest.mark.parametrize(("loss", "start", "kind"), daily.some(SOLVED, 4), ids=str)
def test_paths_agree_with_an_integrator(loss: Any, start: Any, kind: str) -> None:
    solution = solved(loss, start)
    assert (solution.kind, solution.verify().status) == (kind, "proved")
    path = solution.evaluator()
    times = np.array([0.0, 0.6, 2.5])
    found = path(times, **{q.symbol.name: VALUES[q.symbol] for q in path.letters})
    first, second = integrated(loss, start, times)
    one = found if isinstance(found, np.ndarray) else found.get("w(t)", found.get("w1(t)"))
    exact = first if not isinstance(found, np.ndarray) and "w(t)" not in found else first * second
    assert np.max(np.abs(one - exact)) < 1e-9


def test_a_wrong_pace_is_refuted() -> None:
    claim = solved(exp(-k * t) * clean, EQUAL).claim
    assert claim.verify().status == "proved"
    assert replace(claim, rhs=claim.rhs.subs(k, 2 * k)).verify().status == "refuted"


def test_the_chapter_says_how_it_is_solved() -> None:
    chapter = Objective(clean + eps * exp(-k * t) * noise, (w1, w2), t, tau).chapter(EQUAL)
    assert "Bernoulli" in chapter.text
    assert chapter.claims["loss.strength"].verify().status == "proved"


REFUSED = [
    (clean + eps * exp(-k * t) * noise, APART),
    (clean + eps * noise / (1 + k * t), EQUAL),
    (clean + t * decay, None),
    (exp(-t) * (clean + (w1 * w2) ** 4), APART),
    (exp(-(t**2)) * clean + t * noise, EQUAL),
    (sympy.floor(t) * clean, EQUAL),
]


@pytest.mark.parametrize(("loss", "start"), REFUSED, ids=str)
def test_what_is_of_neither_kind_is_refused(loss: Any, start: Any) -> None:
    with pytest.raises(NoClosedForm, match="no closed form known: the product equation changes with time"):
        solved(loss, start)
