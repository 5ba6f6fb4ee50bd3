"""How fast `strength` is: nanoseconds a point, and in units of one numpy.exp on as many points.

Run: python benchmarks/speed.py [--points 1048576] [--repeat 5]

Beside it, on the same points in the same run: (a) the paper's θ form written out in NumPy, (b) sympy.lambdify of
it, (c) SciPy's DOP853 at rtol = 1e-10, one curve of 100 points at a time. (a) and (b) are fast and wrong in places:
the share of points at which they are off by more than 1e-6 of the value is printed too.
"""

from __future__ import annotations

import argparse
import time
import timeit
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from paper_form import Array, Form, lambdified, theta_form
from scipy.integrate import solve_ivp

from modeflow import strength

PAPER = "(a) paper's form, NumPy"


def modeflow_form(t: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """The package's own."""
    w: Array = strength(t, lam, noise=eps, w1=a, w2=b, backend="numpy")
    return w


def native_form(t: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """The package's own, compiled."""
    w: Array = strength(t, lam, noise=eps, w1=a, w2=b, backend="native")
    return w


def integrated(t: Array, lam: float, eps: float, a: float, b: float) -> Array:
    """One curve by SciPy."""

    def rates(_: float, w: Array) -> list[float]:
        pull = lam - (lam + eps) * w[0] * w[1]
        return [w[1] * pull, w[0] * pull]

    path = solve_ivp(rates, (0.0, t[-1]), [a, b], method="DOP853", t_eval=t, rtol=1e-10, atol=1e-12)
    w: Array = path.y[0] * path.y[1]
    return w


def modes(shape: tuple[int, ...]) -> tuple[Array, ...]:
    """(lam, noise, w1, w2), with |w1| < |w2| as the paper's form needs it."""
    rng = np.random.default_rng(0)
    weights = rng.uniform(-0.7, 0.7, (2, *shape))
    small = np.argsort(np.abs(weights), axis=0)
    return rng.uniform(0.1, 5, shape), rng.uniform(0, 2, shape), *np.take_along_axis(weights, small, axis=0)


def scattered(n: int) -> tuple[Array, ...]:
    """n points: every argument its own."""
    return 10.0 ** np.random.default_rng(1).uniform(-2, 2.5, n), *modes((n,))


def grid(rows: int, times: int) -> tuple[Array, ...]:
    """Modes down, times across."""
    return np.linspace(0, 100, times), *modes((rows, 1))


def seconds(calls: dict[str, Callable[[], Any]], repeat: int) -> dict[str, float]:
    """CPU seconds of the best of several runs of each call, in turn: what else the machine does meets all alike."""
    spent = dict.fromkeys(calls, float("inf"))
    with np.errstate(all="ignore"):
        for _ in range(repeat):
            for name, call in calls.items():
                spent[name] = min(spent[name], timeit.timeit(call, number=3, timer=time.thread_time) / 3)
    return spent


def wrong_share(form: Form, points: tuple[Array, ...]) -> float:
    """The share of points at which a form is off by more than 1e-6 of the value, or not finite."""
    with np.errstate(all="ignore"):
        w = form(*points)
    exact = modeflow_form(*points)
    return float(np.mean(~(np.abs(w - exact) <= 1e-6 * np.abs(exact))))


def report(title: str, points: tuple[Array, ...], repeat: int, forms: dict[str, Form]) -> None:
    """One line per form."""
    t, lam, *_ = points
    argument = -np.asarray(lam * t)
    calls: dict[str, Callable[[], Any]] = {name: partial(form, *points) for name, form in forms.items()}
    spent = seconds({"exp": partial(np.exp, argument)} | calls, repeat)
    unit, paper = spent.pop("exp"), spent[PAPER]
    print(f"\n{title}: {argument.size} points; numpy.exp {unit / argument.size * 1e9:.2f} ns")
    for name, time_taken in spent.items():
        line = f"  {name:28} {time_taken / argument.size * 1e9:8.1f} ns a point {time_taken / unit:7.1f} exp"
        share = wrong_share(forms[name], points)
        print(f"{line} {paper / time_taken:6.1f} times as fast as (a)   wrong at {share:.1%}")


def report_integration(repeat: int) -> None:
    """A curve of 100 points, ours against SciPy's."""
    t = np.linspace(0, 10, 100)
    lam, noise, w1, w2 = modes((10_000, 1))
    one = partial(strength, t, 1.0, noise=0.3, w1=0.1, w2=0.25)
    scipy = partial(integrated, t, 1.0, 0.3, 0.1, 0.25)
    many = partial(strength, t, lam, noise=noise, w1=w1, w2=w2, backend="native")
    ours, theirs, all_of_them = seconds({"one": one, "SciPy": scipy, "many": many}, repeat).values()
    print(f"\none curve of 100 points: modeflow {ours * 1e6:.0f} µs, SciPy DOP853 {theirs * 1e6:.0f} µs")
    print(f"  ratio {theirs / ours:.0f}, largest difference {np.max(np.abs(scipy() - one())):.1e}")
    each = all_of_them / len(lam)
    print(f"  one of {len(lam)} curves in a call, native: {each * 1e6:.2f} µs, ratio {theirs / each:.0f}")


def report_threads(repeat: int) -> None:
    """Two threads against one, by the clock."""
    t, lam, noise, w1, w2 = grid(1024, 8192)
    spent = [float("inf")] * 2
    for _ in range(5 * repeat):
        for i in (0, 1):
            call = partial(strength, t, lam, noise=noise, w1=w1, w2=w2, backend="native", threads=i + 1)
            spent[i] = min(spent[i], timeit.timeit(call, number=1))
    print(f"\ntwo threads on a grid of {t.size * lam.size} points: {spent[0] / spent[1]:.2f} times as fast as one")


def main() -> None:
    parser = argparse.ArgumentParser(description="Nanoseconds per point of strength and of its rivals.")
    parser.add_argument("--points", type=int, default=2**20)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    forms = {
        "modeflow, NumPy": modeflow_form,
        "modeflow, native": native_form,
        PAPER: theta_form,
        "(b) paper's form, lambdify": lambdified(),
    }
    report("scattered", scattered(options.points), options.repeat, forms)
    report("grid 256 x 4096", grid(256, 4096), options.repeat, forms)
    report_integration(options.repeat)
    report_threads(options.repeat)


if __name__ == "__main__":
    main()
