"""Paths of the weights of a product, held against an integrator of the raw gradient that shares no code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import daily
import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from sympy import Abs, Rational, Symbol, cosh, exp, log, nsimplify, solve, symbols, tanh

from modeflow import Objective
from modeflow.codegen.exponential_zeros import Grown, parted

WEIGHTS = w1, w2, w3, w4 = symbols("w1:5", real=True)
t = Symbol("t", nonnegative=True)
lam, k, tau = symbols("lam k tau", positive=True)
TAUS = symbols("tau1:5", positive=True)
AT = {"lam": 1.3, "k": 0.3, "tau": 0.7, "tau1": 0.7, "tau2": 1.1, "tau3": 0.4}
TIMES = np.linspace(0.0, 6.0, 9)
Case = tuple[Any, Sequence[int], Any, tuple[float, ...], Callable[[float], float]]


def quadratic(h: float) -> float:
    return -AT["lam"] * (1 - h)


CASES: dict[str, Case] = {  # loss, multiplicities, tau, start, slope by hand
    "three": (lam / 2 * (1 - w1 * w2 * w3) ** 2, (1, 1, 1), tau, (0.1, 0.3, -0.4), quadratic),
    "three from zero": (lam / 2 * (1 - w1 * w2 * w3) ** 2, (1, 1, 1), tau, (0.0, 0.3, 0.4), quadratic),
    "three of one size": (lam / 2 * (1 - w1 * w2 * w3) ** 2, (1, 1, 1), tau, (0.5, 0.5, 0.5), quadratic),
    "three through zero": (lam / 2 * (1 - w1 * w2 * w3) ** 2, (1, 1, 1), tau, (-0.1, 0.3, 0.4), quadratic),
    "two of opposite signs": (log(1 + exp(-w1 * w2)), (1, 1), tau, (0.5, -0.5), lambda h: -1 / (1 + np.exp(h))),
    "in proportion by their times": (
        lam / 2 * (1 - w1 * w2) ** 2, (1, 1), TAUS[:2], (0.5, -0.5 * float(np.sqrt(0.7 / 1.1))), quadratic,
    ),
    "in proportion by their powers": (
        exp(-(w1**2) * w2), (2, 1), tau, (-0.5, -0.3535533905932738), lambda h: -np.exp(-h),
    ),
    "own times": (lam / 2 * (1 - w1 * w2 * w3) ** 2, (1, 1, 1), TAUS[:3], (0.1, 0.3, 0.8), quadratic),
    "four": (lam / 2 * (1 - w1 * w2 * w3 * w4) ** 2, (1, 1, 1, 1), tau, (0.2, 0.5, 0.8, -1.1), quadratic),
    "logistic": (log(1 + exp(-w1 * w2)), (1, 1), tau, (0.1, 0.3), lambda h: -1 / (1 + np.exp(h))),
    "exponential": (exp(-(w1**2) * w2), (2, 1), tau, (0.5, -1.0), lambda h: -np.exp(-h)),
    "log cosh": (log(cosh(k - w1 * w2)), (1, 1), TAUS[:2], (0.5, -0.8), lambda h: -np.tanh(AT["k"] - h)),
    "soft labels": (
        lam * log(1 + exp(-w1 * w2)) + k * log(1 + exp(w1 * w2)), (1, 1), tau, (0.3, -0.9),
        lambda h: -AT["lam"] / (1 + np.exp(h)) + AT["k"] / (1 + np.exp(-h)),
    ),
    "tanh": (
        (1 - tanh(w1 * w2 * w3)) ** 2 / 2, (1, 1, 1), tau, (0.3, 0.5, 0.8),
        lambda h: -(1 - np.tanh(h)) / np.cosh(h) ** 2,
    ),
    "quartic": ((1 - (w1 * w2) ** 2) ** 2 / 4, (1, 1), TAUS[:2], (0.2, -0.7), lambda h: -(1 - h**2) * h),
    "kink": (
        lam / 2 * (1 - w1 * w2 * w3) ** 2 + k * Abs(w1 * w2 * w3), (1, 1, 1), tau, (0.1, 0.3, 0.4),
        lambda h: quadratic(h) + AT["k"],
    ),
}  # fmt: skip


def evaluated(name: str, *, in_letters: bool) -> tuple[Any, dict[str, NDArray[np.float64]]]:
    """The path, solved for this start or for one in letters."""
    loss, multiplicities, taus, start, _ = CASES[name]
    objective = Objective(loss, WEIGHTS[: len(multiplicities)], t, taus)
    path = objective.solve(None if in_letters else tuple(map(nsimplify, start))).evaluator()
    begun = {"start": start} if in_letters else {}
    return path, path(TIMES, **begun, **{q.symbol.name: AT[q.symbol.name] for q in path.letters})


def integrated(name: str) -> NDArray[np.float64]:
    """The raw gradient of f(∏ wᵢ^mᵢ), by hand."""
    _, multiplicities, taus, start, slope = CASES[name]
    m = np.array(multiplicities)
    constants = np.array([AT[one.name] for one in (taus if isinstance(taus, tuple) else (taus,) * len(m))])

    def velocity(_: float, w: NDArray[np.float64]) -> NDArray[np.float64]:
        others = [float(np.prod(w ** (m - (np.arange(len(m)) == i)))) for i in range(len(m))]
        rates: NDArray[np.float64] = -m * np.array(others) * slope(float(np.prod(w**m))) / constants
        return rates

    found: NDArray[np.float64] = solve_ivp(
        velocity, (0.0, TIMES[-1]), start, t_eval=TIMES, rtol=1e-11, atol=1e-13, method="DOP853"
    ).y
    return found


@pytest.mark.parametrize("name", daily.some(list(CASES), fast=1))
def test_each_weight_is_where_an_integrator_finds_it(name: str) -> None:
    _, found = evaluated(name, in_letters=False)
    for weight, path in zip(WEIGHTS, integrated(name), strict=False):
        assert np.abs(found[f"{weight}(t)"] - path).max() < 2e-10, weight


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CASES))
def test_a_start_in_letters_gives_the_same(name: str) -> None:
    (_, one), (_, other) = (evaluated(name, in_letters=way) for way in (False, True))
    assert all(np.allclose(one[weight], other[weight], rtol=1e-13, atol=1e-300) for weight in one)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["three", "logistic", "own times", "quartic"])
def test_accuracy_against_high_precision(name: str) -> None:
    path, _ = evaluated(name, in_letters=True)
    assert path.accuracy(count=2).worst < 200


@pytest.mark.slow
def test_a_single_time_is_right_to_the_last_digits() -> None:
    """Ten digits more of an integrator by Taylor series, of another library."""
    start = (Rational(1, 10), Rational(3, 10), Rational(2, 5))
    loss = (1 - w1 * w2 * w3) ** 2 / 2
    found = Objective(loss, (w1, w2, w3), t).solve(start).evaluator()(3.0)
    with mpmath.workdps(30):
        path = mpmath.odefun(
            lambda _, w: [(1 - w[0] * w[1] * w[2]) * p for p in (w[1] * w[2], w[0] * w[2], w[0] * w[1])],
            0, [mpmath.mpf(s.p) / s.q for s in start],
        )  # fmt: skip
        for name, exact in zip(("w1(t)", "w2(t)", "w3(t)"), path(3), strict=True):
            assert abs(float(found[name]) - exact) < 4 * np.spacing(float(exact)), name


@pytest.mark.slow
def test_what_has_no_number_says_so() -> None:
    growing = Objective(-w1 * w2 * w3, (w1, w2, w3), t).solve().evaluator()
    with pytest.raises(FloatingPointError, match=r"before t = 5.0"):
        growing(5.0, start=(1, 2, 3))
    with pytest.raises(ValueError, match=r"the closed form holds where w2_0\*\*2 >= w1_0\*\*2"):
        growing(0.1, start=(2, 1, 3))
    with pytest.raises(ValueError, match=r"second weight at the start is nonzero"):
        growing(0.1, start=(0, 0, 3))
    with pytest.raises(ValueError, match=r"give the 3 weights at t = 0, in their order"):
        growing(0.1, start=(2, 1))
    steep = Objective(exp(-w1 * w2), (w1, w2), t).solve().evaluator()
    with pytest.raises(FloatingPointError, match=r"no finite number"):
        steep(1.0, start=(-30, 40))


def test_the_path_ends_at_a_kink() -> None:
    """w falls at the rate 1 from 6 to 1: the loss |1 - h| has its kink there."""
    start = (1, 2, 3)
    path = Objective(Abs(1 - w1 * w2 * w3), (w1, w2, w3), t).solve(start).evaluator()
    reached = solve_ivp(
        lambda _, w: [-w[1] * w[2], -w[0] * w[2], -w[0] * w[1]], (0, 1), start, rtol=1e-11, atol=1e-12,
        events=lambda _, w: w[0] * w[1] * w[2] - 1, dense_output=True,
    )  # fmt: skip
    assert reached.t_events is not None
    (when,) = reached.t_events[0]
    assert abs(path(when * (1 - 1e-9))["w(t)"] - 1) < 1e-7
    with pytest.raises(ValueError, match=f"kink that is reached at t = {when:.6g}, .*give earlier times"):
        path([0.1, when * (1 + 1e-6)])


@pytest.mark.slow
def test_far_times_come_to_rest() -> None:
    clean = Objective((1 - w1 * w2 * w3) ** 2 / 2, (w1, w2, w3), t).solve().evaluator()
    assert np.allclose(clean([1e5, 1e30, 1e300], start=(0.01, 0.02, -0.03))["w(t)"], 1.0, rtol=1e-15)
    slow = Objective(log(1 + exp(-w1 * w2)), (w1, w2), t).solve().evaluator()
    far = slow([1e3, 1e6], start=(0.1, 0.3))["w(t)"]
    assert (np.abs(far - np.log(2 * np.array([1e3, 1e6]))) < 4).all()  # it grows like the logarithm of the time


def test_the_zero_of_two_exponentials_is_parted() -> None:
    """D·R is the sum, and D is 0 where it is; sums without a zero, or with one that depends on letters, are left."""
    h, sign = Symbol("h", real=True), Symbol("sign", real=True)
    for form in (lam * exp(2 * h) - k * exp(-h), exp(h) * exp(-k) - exp(-h) * exp(k), 3 - lam * exp(k * h)):
        found = parted(form, h)
        assert found is not None
        apart, left = found
        at = {lam: 1.3, k: 0.4, h: 0.7}
        product = (apart * left.replace(Grown, lambda x: (exp(x) - 1) / x)).subs(at)
        assert float(product) == pytest.approx(float(form.subs(at)), rel=1e-13)
        zero = solve(apart, h)[0].subs(at)
        assert abs(form.subs({h: zero}).subs(at).evalf(30)) < 1e-12
    for form in (
        lam * exp(h) + k * exp(-h),
        exp(h) - sign,
        exp(h**2) - 2,
        exp(sign * h) - 2,
        exp(h) - h,
        exp(h) + 0 * h,
    ):
        assert parted(form, h) is None
