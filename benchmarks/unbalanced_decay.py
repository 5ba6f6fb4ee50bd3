"""Weight decay with weights of different size: how accurate the path is, by regime and by method, and how fast.

Run: python benchmarks/unbalanced_decay.py [--points 200] [--seed 0] [--modes 8] [--speed]

Errors are against Arb, of w1(t), w2(t) and w(t), the worst of the three: relative, and relative over 1 + κ,
κ = Σ|∂ln f/∂ln x| the condition number of the value in the six inputs, taken exactly as they are. For learning
times it is the error of the strength at the time found, relative to the target and over 1 + κ.
Speed is beside SciPy's DOP853 at rtol = 3e-14, the most it takes, in processor time of the same run; its own error is
printed too. The targets are 100 times SciPy's speed, and 100 µs for a call. --speed prints the speed only.
"""

from __future__ import annotations

import argparse
import time
import timeit
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from modeflow import learning_time, strength
from modeflow.evaluate import fading, native
from modeflow.evaluate.evaluators import Backend
from modeflow.evaluate.fading import bessel, modes, paths, special_solutions
from modeflow.evaluate.fading import points as alone

Array = NDArray[Any]
Ball = Any
Draw = Callable[[np.random.Generator, int], list[Array]]
BITS, MOST_BITS = 120, 20_000
STEP_BITS = 60  # relative step of the difference quotients: 2^-60
SMALLEST = 1e-290  # values below are not compared: products of such are not normal numbers


# The truth ------------------------------------------------------------------------------------------------------


def reference(s: Ball, lam: Ball, noise: Ball, decay: Ball, w1: Ball, w2: Ball) -> tuple[Ball, Ball, Ball]:
    """w1, w2, w after s = t/tau by claim wae.solution as it stands, on Arb balls. Nothing is arranged to round well."""
    p0, q0, xi = w1 + w2, w2 - w1, lam + noise
    c = abs(p0 * q0) * (-2 * decay * s).exp()
    u0 = abs(p0 / q0)
    u = u0 * (2 * lam * s).exp() if xi == 0 else _ratio(s, decay, lam, xi * abs(p0 * q0) / (4 * decay), u0)
    p, q = (c * u).sqrt() * _sign(p0), (c / u).sqrt() * _sign(q0)
    return (p - q) / 2, (p + q) / 2, (p * p - q * q) / 4


def _sign(x: Ball) -> int:
    return 1 if x > 0 else -1


def _ratio(s: Ball, decay: Ball, lam: Ball, z0: Ball, u0: Ball) -> Ball:
    nu, delta = (lam - decay) / (2 * decay), 2 * decay * s
    z = z0 * (-delta).exp()
    integer = nu.unique_fmpz() is not None or float(nu.rad()) > 1e-3
    start, end = (
        (_bessel(nu, z0), _bessel(nu, z))
        if integer or (z0 > 1 and (z > 1 or nu < 50))
        else (_series(nu, z0, arb(1)), _series(nu, z, (-nu * delta).exp()))
    )
    I0, J0, K0, L0 = start  # I_nu, I_{nu+1}, K_nu, K_{nu+1}
    I, J, K, L = end
    return ((J0 * L - L0 * J) + u0 * (I0 * L + K0 * J)) / ((J0 * K + L0 * I) + u0 * (I0 * K - K0 * I))


def _bessel(nu: Ball, z: Ball) -> tuple[Ball, Ball, Ball, Ball]:
    return z.bessel_i(nu), z.bessel_i(nu + 1), z.bessel_k(nu), z.bessel_k(nu + 1)


def _series(nu: Ball, z: Ball, power: Ball) -> tuple[Ball, Ball, Ball, Ball]:
    """I_{-nu}, −I_{-nu-1} for K_nu, K_{nu+1}, which may stand for them, and common factors dropped: small z, any nu."""
    x = z * z / 4
    return (
        power * _confluent(nu + 1, x),
        power * z / 2 / (nu + 1) * _confluent(nu + 2, x),
        _confluent(1 - nu, x) / power,
        nu * _confluent(-nu, x) / (power * z / 2),
    )


def _confluent(b: Ball, x: Ball) -> Ball:
    """0F1(b; x) by its terms (DLMF 16.2.1), those around the smallest of b + m included unless that is far off.

    Arb's own hypgeom_0f1 gives nan for b below about -1e6.
    """
    total = term = arb(1)
    small, m = arb(2) ** -(ctx.prec + 20), 0
    while not (abs(term) < small and (m > 1000 or m > 1 - b)):
        term = term * x / ((m + 1) * (b + m))
        total, m = total + term, m + 1
    return total


def errors(columns: list[Array], values: tuple[Array, ...]) -> tuple[Array, Array]:
    """Per point, the worst relative error of the three values, and the worst over 1 + κ."""
    plain, conditioned = [], []
    for k, row in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        pairs = [_error(float(v[k]), *truth) for v, truth in zip(values, _conditioned(row), strict=True)]
        plain.append(max(e for e, _ in pairs))
        conditioned.append(max(e / (1 + kappa) for e, kappa in pairs))
    return np.array(plain), np.array(conditioned)


def _enclose(row: tuple[float, ...], moved: int | None = None) -> tuple[Ball, ...]:
    """The reference, to BITS bits; with one input times 1 + 2^-STEP_BITS, if its number is given."""
    work = 256
    while work <= MOST_BITS:
        with ctx.workprec(work):
            balls = [arb(x) for x in row]
            if moved is not None:
                balls[moved] *= 1 + arb(2) ** -STEP_BITS
            values = reference(*balls)
            if all(v.is_finite() and (v.rel_accuracy_bits() >= BITS or v.abs_upper() < SMALLEST) for v in values):
                return values
        work *= 2
    raise ArithmeticError(f"{row} not resolved with {MOST_BITS} bits")


def _error(got: float, truth: Ball, kappa: float) -> tuple[float, float]:
    if truth.abs_upper() < SMALLEST:
        return (0.0 if abs(got) <= SMALLEST else np.inf), kappa
    return (abs(float((arb(got) - truth) / truth)) if np.isfinite(got) else np.inf), kappa


@cache
def _conditioned(row: tuple[float, ...]) -> list[tuple[Ball, float]]:
    """(value, κ) of w1, w2, w."""
    values = _enclose(row)
    kappa = [0.0] * 3
    for i in (i for i, x in enumerate(row) if x):
        moved = _enclose(row, i)
        for k, (new, old) in enumerate(zip(moved, values, strict=True)):
            if old.abs_lower() > SMALLEST:
                with ctx.workprec(BITS):
                    kappa[k] += abs(float((new / old - 1) * arb(2) ** STEP_BITS))
    return list(zip(values, kappa, strict=True))


# Regimes --------------------------------------------------------------------------------------------------------


def _log(rng: np.random.Generator, n: int, low: float, high: float) -> Array:
    return 10.0 ** rng.uniform(low, high, n)


def _modes(low: float, high: float) -> Draw:
    """decay/lam between 10^low and 10^high, lam·t/tau over [1e-3, 1e3], weights over [1e-4, 3], one sign."""

    def draw(rng: np.random.Generator, n: int) -> list[Array]:
        lam = _log(rng, n, -1, 1)
        noise = np.where(rng.random(n) < 0.3, 0.0, lam * _log(rng, n, -3, 3))
        w1, w2 = (_log(rng, n, -4, np.log10(3)) for _ in range(2))
        return [_log(rng, n, -3, 3) / lam, lam, noise, lam * _log(rng, n, low, high), w1, w2]

    return draw


def _changed(change: Callable[[np.random.Generator, list[Array]], dict[int, Array]]) -> Draw:
    """As `_modes(-4, 3)`, with some columns replaced."""

    def draw(rng: np.random.Generator, n: int) -> list[Array]:
        columns = _modes(-4, 3)(rng, n)
        for i, column in change(rng, columns).items():
            columns[i] = column
        return columns

    return draw


def _gap(rng: np.random.Generator, n: int) -> Array:
    return 1 + _log(rng, n, -15, -3) * rng.choice([-1.0, 1.0], n)


def _wide(rng: np.random.Generator, n: int) -> list[Array]:
    lam = _log(rng, n, -6, 6)
    w1, w2 = _log(rng, n, -8, 1.5) * rng.choice([-1.0, 1.0], n), _log(rng, n, -8, 1.5)
    return [_log(rng, n, -7, 3) / lam, lam, lam * _log(rng, n, -5, 5), lam * _log(rng, n, -8, 6), w1, w2]


REGIMES: dict[str, Draw] = {
    "decay/lam 1e-4 to 1e-2": _modes(-4, -2),
    "decay/lam 1e-2 to 1": _modes(-2, 0),
    "decay/lam 1 to 1e3": _modes(0, 3),
    "decay/lam 1e-8 to 1e-4": _modes(-8, -4),
    "opposite signs": _changed(lambda rng, x: {4: -x[4]}),
    "one weight 0": _changed(lambda rng, x: {4: 0 * x[4]}),
    "nearly balanced": _changed(lambda rng, x: {4: x[5] * _gap(rng, len(x[5]))}),
    "nearly antibalanced": _changed(lambda rng, x: {4: -x[5] * _gap(rng, len(x[5])), 0: x[0] ** 0.5}),
    "lam = 0": _changed(lambda rng, x: {1: 0 * x[1], 4: x[4] * rng.choice([-1.0, 1.0], len(x[4]))}),
    "decay near lam": _changed(lambda rng, x: {3: x[1] * _gap(rng, len(x[1]))}),
    "many more decades": _wide,
}


def points(regime: str, n: int, seed: int) -> list[Array]:
    """Columns s, lam, noise, decay, w1, w2 of n points of a regime, |w1| != |w2|."""
    columns = REGIMES[regime](np.random.default_rng(seed), n)
    unequal = np.abs(columns[4]) != np.abs(columns[5])
    return [c[unequal] for c in columns]


def methods(columns: list[Array]) -> Array:
    """The name of the method of each point; a path into the tail is named by what it used before."""
    s, *rest = columns
    mode = modes.in_units_of_decay(*rest)
    delta = 2 * columns[3] * s
    with np.errstate(divide="ignore"):
        delta = np.clip(np.log(mode.z0 / paths.TAIL_FROM), 0, delta)
    span = -np.expm1(-delta)
    uniform0 = np.hypot(mode.nu, mode.z0) >= special_solutions.UNIFORM_FROM
    uniform = np.hypot(mode.nu, mode.z0 * np.exp(-delta)) >= special_solutions.UNIFORM_FROM
    most = np.where(uniform0, *alone.SERIES_GROWTH)
    near = (span <= alone.SERIES_SPAN) & ((mode.mu + mode.z0) * span <= most)
    small = ~uniform0 & (mode.z0 <= bessel.SMALL_START) & (mode.nu <= 0.5)
    return np.select(
        [delta == 0, near, small, uniform, uniform0],
        ["tail only", "series", "small", "uniform", "uniform, then bessel"],
        "bessel",
    )


# Tables ---------------------------------------------------------------------------------------------------------


def accuracy(n: int, seed: int) -> None:
    """The table of errors by regime, in NumPy and where C goes as far, and in NumPy by method over all regimes."""
    by_method: dict[str, list[tuple[float, float]]] = {}
    print(f"{'regime':26}{'points':>7}{'relative':>11}{'over 1+κ':>11}{'median':>11}{'C, over 1+κ':>13}{'median':>11}")
    for regime in REGIMES:
        columns = points(regime, n, seed)
        plain, conditioned = errors(columns, fading.path(*columns))
        _, in_c = errors(columns, fading.path(*columns, compiled=native.available()))
        figures = f"{plain.max():11.1e}{conditioned.max():11.1e}{np.median(conditioned):11.1e}"
        print(f"{regime:26}{plain.size:7}{figures}{in_c.max():13.1e}{np.median(in_c):11.1e}")
        for name, *pair in zip(methods(columns), plain, conditioned, strict=True):
            by_method.setdefault(str(name), []).append((pair[0], pair[1]))
    print(f"\n{'method':26}{'points':>7}{'':11}{'over 1+κ':>11}")
    for name, pairs in sorted(by_method.items()):
        print(f"{name:26}{len(pairs):7}{'':11}{max(c for _, c in pairs):11.1e}")


def anchored_accuracy(n: int, seed: int) -> None:
    """Errors of curves of 1,000 times, which go by anchors, at a few of their points."""
    rng = np.random.default_rng(seed)
    columns = _modes(-4, 3)(rng, n)
    columns[4] *= rng.choice([1.0, 1.0, -1.0], n)
    many = [columns[0][:, None] * np.linspace(0, 1, 1001)[1:], *(c[:, None] for c in columns[1:])]
    chosen = np.arange(n), rng.integers(0, 1000, n)
    print()
    for name, compiled in (("NumPy", False), ("C", True)):
        values = fading.path(*many, compiled=compiled)
        plain, conditioned = errors([many[0][chosen], *columns[1:]], tuple(v[chosen] for v in values))
        figures = f"{plain.max():11.1e}{conditioned.max():11.1e}{np.median(conditioned):11.1e}"
        print(f"{f'curves of 1,000 times, {name}':32}{n:7}{figures}")


def time_errors(n: int, seed: int) -> Array:
    """Error of the strength at the learning time found, relative to the target, over 1 + κ."""
    columns = _modes(-3, 1.5)(np.random.default_rng(seed), n)
    columns[0] = columns[0] ** 0.5
    target = fading.path(*columns)[2]
    time = fading.learning_time(target, *columns[1:])
    chosen = np.isfinite(time) & (time > 0) & (np.abs(target) > 1e-100)
    columns = [time[chosen], *(c[chosen] for c in columns[1:])]
    rows = zip(*(c.tolist() for c in columns), strict=True)
    truths = [_conditioned(row)[2] for row in rows]
    pairs = [_error(x, *truth) for x, truth in zip(target[chosen].tolist(), truths, strict=True)]
    return np.array([e / (1 + kappa) for e, kappa in pairs])


CURVES = {  # lam, noise, decay, w1, w2, times up to
    "decay 0.1": (1.0, 0.5, 0.1, 0.1, 0.4, 10.0),
    "decay 0.8, signs differ": (1.0, 0.5, 0.8, -0.1, 0.4, 10.0),
    "decay 1e-3": (1.0, 0.5, 1e-3, 0.1, 0.4, 10.0),
    "decay 1e-3, long": (1.0, 0.5, 1e-3, 0.1, 0.4, 1000.0),
    "decay 1e-6": (1.0, 0.5, 1e-6, 0.1, 0.4, 10.0),
    "decay 3, noise 10": (1.0, 10.0, 3.0, 1.0, 3.0, 10.0),
    "decay 100": (1.0, 0.0, 100.0, 0.1, 0.4, 5.0),
}


def integrated(lam: float, noise: float, decay: float, w1: float, w2: float, s: Array) -> Array:
    """w1, w2 by SciPy."""

    def rate(_: float, w: Array) -> tuple[float, float]:
        pull = lam - (lam + noise) * w[0] * w[1]
        return w[1] * pull - decay * w[0], w[0] * pull - decay * w[1]

    return solve_ivp(rate, (0, s[-1]), (w1, w2), method="DOP853", t_eval=s, rtol=3e-14, atol=1e-300).y


RATIO, CALL = 100, 100  # the targets: times as fast as SciPy, and µs of a call


def speed(modes: int) -> None:
    """Processor time a point: SciPy's for one mode, `strength` for 1,000 times of one and of several."""
    heads = [f"{'SciPy':>8}", *(f"{label:>{w}}{'ratio':>7}" for label, w in (("NumPy", 8), ("C", 8)))]
    heads += [f"{f'{modes}: NumPy':>10}{'ratio':>7}{'C':>8}{'ratio':>7}{'target':>7}{'SciPy err':>11}"]
    print(f"\n{'µs a point, 1,000 times':26}{''.join(heads)}")
    for name, (*mode, last) in CURVES.items():
        s = np.linspace(0, last, 1000)
        one = [np.array(x) for x in mode]
        scale = np.linspace(0.9, 1.1, modes)[:, None]
        several = [x * scale ** (i + 1) for i, x in enumerate(mode)]
        by_scipy = _seconds(lambda s=s, mode=mode: integrated(*mode, s), 5) / s.size
        figures = f"{1e6 * by_scipy:8.2f}"
        for given, count, repeats in ((one, 1, 200), (several, modes, 40)):
            for backend in ("numpy", "auto"):
                taken = _seconds(lambda s=s, g=given, b=backend: _strength(s, *g, b), repeats) / s.size / count
                figures += f"{1e6 * taken:{8 if count == 1 or backend == 'auto' else 10}.3f}{by_scipy / taken:7.0f}"
        w2 = fading.path(s, *one)[1]
        far = np.abs(w2) > 1e-250
        off = np.abs(integrated(*mode, s)[1][far] / w2[far] - 1).max()
        print(f"{name:26}{figures}{RATIO:7}{off:11.1e}")


def calls() -> None:
    """Processor time of small calls of `strength` and `learning_time`."""
    print(f"\n{'µs a call':26}{'1 time':>8}{'100 times':>11}{'target':>8}{'learning time':>15}")
    for name, (*mode, last) in CURVES.items():
        lam, noise, decay, w1, w2 = mode
        some, target = np.linspace(0, last, 100), _strength(0.3 * last, *mode, "auto")
        taken = [_seconds(lambda s=s, m=mode: _strength(s, *m, "auto"), 200) for s in (0.7 * last, some)]
        rest = {"noise": noise, "decay": decay, "w1": w1, "w2": w2}
        taken += [_seconds(lambda x=target, lam=lam, g=rest: learning_time(x, lam, **g), 5)]
        one, many, passage = (1e6 * x for x in taken)
        print(f"{name:26}{one:8.0f}{many:11.0f}{CALL:8}{passage:15.0f}")


def scattered(n: int, seed: int) -> None:
    """Processor time of a point among many that have no argument in common; SciPy's at seven that it finds easy."""
    heads = f"{'points':>7}{'SciPy':>9}{'NumPy':>8}{'ratio':>7}{'C':>8}{'ratio':>7}{'target':>7}"
    print(f"\n{'µs a point, scattered':26}{heads}")
    for regime in REGIMES:
        columns = points(regime, n, seed)
        s, lam, noise, decay, w1, w2 = columns
        easy = np.argsort(s * (decay + (lam + noise) * (w1**2 + w2**2)))[: n // 2][:: n // 14][:7]
        rows = [[float(c[i]) for c in columns] for i in easy]
        by_scipy = float(np.median([_seconds(lambda r=r: integrated(*r[1:], np.array(r[:1])), 1) for r in rows]))
        figures = f"{1e6 * by_scipy:9.0f}"
        for backend in ("numpy", "auto"):
            taken = _seconds(lambda c=columns, b=backend: _strength(*c, b), 3) / s.size
            figures += f"{1e6 * taken:8.2f}{by_scipy / taken:7.0f}"
        print(f"{regime:26}{s.size:7}{figures}{RATIO:7}")


def _strength(
    s: Array | float, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array, backend: Backend
) -> Array:
    values: Array = strength(s, lam, noise=noise, decay=decay, w1=w1, w2=w2, backend=backend)
    return values


def _seconds(action: Callable[[], object], repeats: int) -> float:
    return min(timeit.repeat(action, number=1, repeat=repeats, timer=time.process_time))


def errors_of_all(n: int, seed: int) -> None:
    """Print the tables of errors."""
    accuracy(n, seed)
    anchored_accuracy(n, seed)
    backward = time_errors(n, seed)
    print(f"{'learning times':26}{backward.size:7}{'':11}{backward.max():11.1e}{np.median(backward):11.1e}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200, help="points of each regime")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--modes", type=int, default=8, help="modes of 1,000 times in one call")
    parser.add_argument("--speed", action="store_true", help="only the speed")
    given = parser.parse_args()
    if not given.speed:
        errors_of_all(given.points, given.seed)
    speed(given.modes)
    calls()
    scattered(100 * given.points, given.seed)


if __name__ == "__main__":
    main()
