"""How fast `strength` is: nanoseconds a point, and in units of one numpy.exp on as many points.

Run: python benchmarks/speed.py [--points 1048576] [--repeat 5]

Beside it, on the same points in the same run: (a) the paper's θ form written out in NumPy, (b) sympy.lambdify of
it, (c) SciPy's DOP853 at rtol = 1e-10, one curve of 100 points at a time. (a) and (b) are fast and wrong in places:
the share of points at which they are off by more than 1e-6 of the value is printed too.

Then ratios to peers, in one run on one core: a plain formula by JAX and numba, a copy of the six streams, the formula
by hand for a call of 100 points, float32, and all derivatives; each with the target beside it; and learning times.
"""

from __future__ import annotations

import argparse
import time
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import peers
from paper_form import Array, Form, lambdified, theta_form
from scipy.integrate import solve_ivp

from modeflow import learning_time, strength, strength_grad

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


def seconds(
    calls: dict[str, Callable[[], Any]], repeat: int, number: int = 3, timer: Callable[[], float] = time.thread_time
) -> dict[str, float]:
    """CPU seconds of the best of several runs of each call, in turn: what else the machine does meets all alike."""
    spent = dict.fromkeys(calls, float("inf"))
    with np.errstate(all="ignore"):
        for _ in range(repeat):
            for name, call in calls.items():
                spent[name] = min(spent[name], timeit.timeit(call, number=number, timer=timer) / number)
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
    """Two threads against one: by the clock, and in processor time, which other processes disturb less."""
    t, lam, noise, w1, w2 = grid(1024, 8192)
    spent = {timer: [float("inf")] * 2 for timer in (time.perf_counter, time.process_time)}
    for _ in range(5 * repeat):
        for timer, best in spent.items():
            for i in (0, 1):
                call = partial(strength, t, lam, noise=noise, w1=w1, w2=w2, backend="native", threads=i + 1)
                best[i] = min(best[i], timeit.timeit(call, number=1, timer=timer))
    (one, two), (lone, shared) = spent.values()
    print(
        f"\ntwo threads on a grid of {t.size * lam.size} points: {one / two:.2f} times as fast as one (target >= 1.8),"
    )
    print(f"  in {shared / lone:.2f} times its processor time")
    alone, together = (
        min(timeit.repeat(partial(filled, t.size * lam.size, threads), number=1, repeat=5 * repeat))
        for threads in (1, 2)
    )
    print(f"  a new array of that size is filled {alone / together:.2f} times as fast by two as by one")


def filled(size: int, threads: int) -> None:
    """Writes to a new array, each thread to its part: the least time that a grid can take."""
    parts = np.array_split(np.empty(size), threads)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: part.fill(1.5), parts))


def ratio(name: str, ours: float, theirs: float, target: str) -> str:
    """A line: how many times the peer's time ours is, and what it is to be."""
    return f"    {ours / theirs:6.2f} x {name:28} target {target}"


def report_peers(title: str, points: tuple[Array, ...], repeat: int, targets: dict[str, str]) -> None:
    """Native against the peers; processor time of all threads, as JAX computes in another thread."""
    calls, missing = peers.found(points, targets)
    small = tuple(x.astype(np.float32) for x in points)
    ours = {"native": partial(native_form, *points), "native, float32": partial(native_form, *small)}
    spent = seconds(ours | calls, repeat, number=20, timer=time.process_time)  # the first calls after others are slow
    count = np.broadcast(*points).size
    print(f"\n{title}: {count} points, one core")
    for name, time_taken in spent.items():
        print(f"  {name:28} {time_taken / count * 1e9:8.2f} ns a point")
    for name in calls:
        print(ratio(name, spent["native"], spent[name], targets[name]))
    print(ratio("native, float64", spent["native, float32"], spent["native"], "<= 0.5"))
    for sentence in missing:
        print(f"  {sentence}")


def report_small(repeat: int) -> None:
    """One call of 100 points, against the formulas by hand."""
    t, hand = np.linspace(0, 10, 100), peers.plain_form(np)
    ours = {b: partial(strength, t, 1.0, noise=0.3, w1=0.1, w2=0.25, backend=b) for b in ("auto", "native", "numpy")}
    theirs = {
        PAPER: partial(theta_form, t, 1.0, 0.3, 0.1, 0.25),
        "plain form, NumPy": partial(hand, t, 1.0, 0.3, 0.1, 0.25),
    }
    spent = seconds(ours | theirs, 4 * repeat, number=300)
    print("\none call of 100 points")
    for name, time_taken in spent.items():
        print(f"  {name:28} {time_taken * 1e6:8.2f} µs")
    for name in theirs:
        print(ratio(name, spent["auto"], spent[name], "<= 1 (through ctypes <= 2)"))


def report_learning_times(points: tuple[Array, ...], repeat: int) -> None:
    """The times at which modes reach a target, in a large call and in a small one."""
    _, lam, noise, w1, w2 = points
    start, limit = w1 * w2, lam / (lam + noise)
    target = start + np.random.default_rng(2).uniform(0.05, 0.95, start.shape) * (limit - start)
    few = tuple(x[:100] for x in (target, lam, noise, w1, w2))

    def times(x: Array, lam: Array, noise: Array, w1: Array, w2: Array) -> Array:
        return learning_time(x, lam, noise=noise, w1=w1, w2=w2)

    calls = {
        "many": partial(times, target, lam, noise, w1, w2),
        "strength": partial(modeflow_form, *points),
        "few": partial(times, *few),
    }
    many, paths, hundred = seconds(calls, repeat).values()
    print(f"\nlearning times of {target.size} scattered modes, NumPy: {many / target.size * 1e9:.1f} ns each")
    print(f"  {many / paths:.2f} times as long as their strengths in NumPy; a call of 100: {hundred * 1e6:.1f} µs")


def report_slopes(points: tuple[Array, ...], repeat: int) -> None:
    """All derivatives against the value."""
    t, lam, noise, w1, w2 = points
    calls = {
        "strength": partial(native_form, *points),
        "strength_grad": partial(strength_grad, t, lam, noise=noise, w1=w1, w2=w2),
    }
    spent = seconds(calls, repeat, number=1)
    print(f"\nfive derivatives of {t.size} scattered points")
    for name, time_taken in spent.items():
        print(f"  {name:28} {time_taken / t.size * 1e9:8.2f} ns a point")
    print(ratio("strength", spent["strength_grad"], spent["strength"], "<= 4"))


def report_forms(points: int, repeat: int) -> None:
    """Beside the paper's form."""
    forms = {
        "modeflow, NumPy": modeflow_form,
        "modeflow, native": native_form,
        PAPER: theta_form,
        "(b) paper's form, lambdify": lambdified(),
    }
    report("scattered", scattered(points), repeat, forms)
    report("grid 256 x 4096", grid(256, 4096), repeat, forms)


def main() -> None:
    parser = argparse.ArgumentParser(description="Nanoseconds per point of strength and of its rivals.")
    parser.add_argument("--points", type=int, default=2**20)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only-peers", action="store_true", help="only the ratios to peers")
    options = parser.parse_args()
    if not options.only_peers:
        report_forms(options.points, options.repeat)
        report_integration(options.repeat)
        report_threads(options.repeat)
    peers.on_one_core()
    no_target = {"numba, plain form": "none"}
    scattered_targets = no_target | {"JAX jit, plain form": "<= 0.7", "copy of six": "<= 3"}
    report_peers("scattered", scattered(options.points), options.repeat, scattered_targets)
    report_peers("grid 256 x 4096", grid(256, 4096), options.repeat, no_target | {"JAX jit, plain form": "<= 0.4"})
    report_small(options.repeat)
    report_learning_times(scattered(options.points), options.repeat)
    report_slopes(scattered(options.points), options.repeat)


if __name__ == "__main__":
    main()
