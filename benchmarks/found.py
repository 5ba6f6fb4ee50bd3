"""What checking found in public code and notes, in numbers: the figures of docs/found.md.

Run: python benchmarks/found.py

The errors are set against integration of the mode equations (DOP853) or, for rounding, against mpmath at 60 digits.
"""

from __future__ import annotations

import warnings
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from modeflow import fixed_point, learning_time, strength
from modeflow.experiments.figures.step_sizes import LAM, PATIENCE, START, paper_step
from modeflow.witness.integrate import integrate_dop853
from modeflow.witness.modes import descend, largest_stable_step
from modeflow.witness.train import stable_step

Array = NDArray[np.float64]


def slope(times: Array, values: Array) -> float:
    """The slope at the first of three equally distant times, by a difference quotient of second order."""
    return float((-3 * values[0] + 4 * values[1] - values[2]) / (2 * (times[1] - times[0])))


def equations() -> None:
    """The three equations, each with its error and without, against integration."""
    w0, target = 1e-3, 0.5
    logarithm = np.log(target * (1 - w0) / (w0 * (1 - target)))
    reached = {name: factor * logarithm for name, factor in (("tau/(2 lam)", 0.5), ("tau/lam", 1.0))}
    for name, time in reached.items():
        w1, w2 = integrate_dop853([time], 1.0, w1=w0**0.5, w2=w0**0.5)
        print(f"learning time to w = {target} with {name}: {time:.4f}; integration is there at w = {(w1 * w2)[0]:.4f}")

    times, a, b, decay = np.array([0.0, 1e-4, 2e-4]), 0.5, 1.5, 0.2
    w1, w2 = integrate_dop853(times, 1.0, 0.0, decay, w1=a, w2=b)
    right, lost = -2 * decay * (b * b - a * a), -2 * decay * (b * b - a)
    measured = slope(times, w2**2 - w1**2)
    print(f"rate of the imbalance: integration {measured:.4f}; with the square {right:.4f}, without {lost:.4f}")

    w1, w2 = integrate_dop853(times, 1.0, w1=a, w2=b)
    square, c0 = a * a + b * b, b * b - a * a
    rates = [total * (1 - a * b) for total in (square, square + 2 * c0)]
    measured = slope(times, w1 * w2)
    print(f"rate of the product: integration {measured:.4f}; without 2 c0 {rates[0]:.4f}, with it {rates[1]:.4f}")


def inversion(cases: int = 10_000) -> None:
    """The curve that can be inverted: strength at the learning time, against the strength asked for."""
    chance = np.random.default_rng(2018)
    lam, noise = 10.0 ** chance.uniform(-3, 3, cases), 10.0 ** chance.uniform(-3, 3, cases)
    w1, w2 = chance.uniform(-2, 2, (2, cases))
    start, end = w1 * w2, fixed_point(lam, noise=noise)
    target = start + chance.uniform(0.01, 0.99, cases) * (end - start)
    time = learning_time(target, lam, noise=noise, w1=w1, w2=w2)
    back = strength(time, lam, noise=noise, w1=w1, w2=w2)
    error = np.max(np.abs(back - target) / np.maximum(np.abs(target), np.abs(end - start)))
    found = int(np.isfinite(time).sum())
    print(f"inverted at {found:,} of {cases:,} random targets; largest error on the way back {error:.0e}")


def shortcut(starts: int = 1000) -> None:
    """The shortcut for unequal weights under decay: λ - γ for λ, the imbalance frozen. Claim wae.frozen_shortcut."""
    times = np.linspace(0, 30, 1501)
    w1, w2 = np.random.default_rng(2018).uniform(-2, 2, (2, starts, 1))
    for decay in (0.05, 0.1, 0.15, 0.2):
        exact = strength(times, 1.0, decay=decay, w1=w1, w2=w2)
        frozen = strength(times, 1.0 - decay, noise=decay, w1=w1, w2=w2)
        worst = np.abs(exact - frozen).max(axis=1)
        case = int(worst.argmax())
        solved = np.prod(integrate_dop853(times, 1.0, 0.0, decay, w1=w1[case, 0], w2=w2[case, 0]), axis=0)
        checked = np.abs(solved - exact[case]).max()
        print(
            f"decay {decay:4.2f} lam: the shortcut is off by {np.median(worst):.3f} (median of {starts:,} starts), "
            f"at most {worst.max():.3f}; the exact solution and integration differ there by {checked:.0e}"
        )


def by_angle(t: Any, lam: Any, noise: Any, w0: Any, c0: Any, with_: Any) -> Any:
    """The strength by the angle θ, as printed in the paper: claims dae.theta_solution and dae.theta_is_direct.

    with_   the functions to use: NumPy's, or mpmath's.
    """
    beta = c0 * (1 + noise / lam)
    zeta = with_.sqrt(beta * beta + 4)
    delta = with_.tanh(_arsinh(2 * w0 / c0, with_) / 2)
    grown = with_.exp(zeta * lam * t)
    above = (1 - grown) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + grown) * zeta * delta
    below = (1 - grown) * (2 * beta + 4 * delta) - 2 * (1 + grown) * zeta
    half = above / below
    return c0 * half / (1 - half * half)  # (c0/2) sinh 2 artanh(half), one rounding less than as it stands


def _arsinh(x: Any, with_: Any) -> Any:
    return with_.arcsinh(x) if with_ is np else with_.asinh(x)


def angle() -> None:
    """Where the form by the angle fails in floating point, and the direct form beside it."""
    lam, noise, w0, t = 1.0, 0.5, 0.01, 2.0
    print("imbalance c0   by the angle: relative error   direct form")
    for c0 in (1.0, 1e-2, 1e-4, 1e-6, 1e-8, 0.0):
        w1, w2 = _weights(w0, c0)
        with mpmath.workdps(60), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            product, difference = mpmath.mpf(w1) * mpmath.mpf(w2), mpmath.mpf(w2) ** 2 - mpmath.mpf(w1) ** 2
            rounded = np.float64(product), np.float64(difference)
            usual = float(by_angle(t, lam, noise, *rounded, np))
            exact = (
                by_angle(mpmath.mpf(t), mpmath.mpf(lam), mpmath.mpf(noise), product, difference, mpmath)
                if difference
                else _balanced(mpmath.mpf(t), mpmath.mpf(lam), mpmath.mpf(noise), product)
            )
            direct = strength(t, lam, noise=noise, w1=w1, w2=w2)
            errors = [float(abs(value - exact) / exact) for value in (usual, float(direct))]
        shown = f"{errors[0]:.0e}" if np.isfinite(usual) else "no number"
        print(f"{c0:12.0e}   {shown:>28}   {errors[1]:11.0e}")
    times = np.arange(1.0, 1000.0)
    w1, w2 = _weights(w0, 1.0)
    with np.errstate(all="ignore"):
        last = times[np.isfinite(by_angle(times, lam, noise, w0, np.float64(1.0), np))].max()
    always = np.isfinite(strength(times, lam, noise=noise, w1=w1, w2=w2)).all()
    print(f"by the angle: a number up to t = {last:.0f} tau/lam, none after; direct form always: {always}")


def _weights(w0: float, c0: float) -> tuple[float, float]:
    """Weights of product w0 and imbalance c0."""
    mean = np.hypot(c0 / 2, w0)
    w2 = float(np.sqrt(mean + c0 / 2))
    return w0 / w2, w2


def _balanced(t: Any, lam: Any, noise: Any, w0: Any) -> Any:
    """Claim dae.balanced: where c0 = 0 the form by the angle says nothing, at any precision."""
    return lam / (lam + noise - (lam + noise - lam / w0) * mpmath.exp(-2 * lam * t))


def steps() -> None:
    """The paper's step sizes, the sharp limits (2 over the sharpness of the minimum), and the limits measured."""
    noises = np.array([0.0, 1.0, 5.0])
    for kind in ("noise", "decay"):
        level = {kind: noises if kind == "noise" else LAM * noises / (LAM + noises)}
        rest = fixed_point(LAM, **level)

        def settles(tried: Array, level: dict[str, Array] = level, rest: Any = rest) -> Any:
            w1, w2 = descend(LAM, w1=START[0], w2=START[1], lr=tried, record=[PATIENCE - 1, PATIENCE], **level)
            return (np.abs(w1 * w2 - rest) <= 1e-6 * rest).all(axis=0)

        limits = largest_stable_step(settles, noises.shape, low=0.02, high=8.0, rtol=1e-4)
        for noise, limit in zip(noises, limits, strict=True):
            decay = float(LAM * noise / (LAM + noise))
            paper, sharp = paper_step(kind, noise), stable_step([LAM], decay=decay if kind == "decay" else 0.0)
            print(
                f"{kind} {noise if kind == 'noise' else decay:.3f} lam: step of the paper {paper:.3f}/lam, "
                f"limit {sharp:.3f}/lam, measured {limit:.3f}/lam, {limit / paper:.1f} times the paper's"
            )


def main() -> None:
    for part in (equations, inversion, shortcut, angle, steps):
        part()
        print()


if __name__ == "__main__":
    main()
