"""How accurate the derivatives of the strength are: error against Arb, per derivative and regime.

Run: python benchmarks/gradients.py [--points 500] [--seed 0] [--fading-points 12]

Without decay, or with weights of one size: the regimes and the unit u(1 + κ) are those of benchmarks/accuracy.py; κ is
the condition number of the derivative. The reference differentiates the textbook formulas by central differences of
step 2⁻²²⁰ at up to 20,000 bits.

Weights of different size under decay: the regimes and the reference are those of benchmarks/unbalanced_decay.py, the
reference differentiated by central differences of step 2⁻¹⁰⁰. Errors are relative to the largest
of |∂w/∂x|, |w/x| and 1e-30·(w1² + w2²)/|x|, the weights being those at the start.
"""

from __future__ import annotations

import argparse
import time
import timeit
from collections.abc import Sequence
from typing import Any

import numpy as np
import unbalanced_decay as fading
from accuracy import REGIMES, SLOPES, points, slope_errors
from flint import arb, ctx

from modeflow import strength_grad

Array = fading.Array
FADING_STEP = 100  # steps of 2^-100, relative or, from 0, to 1
FADING_BITS = (600, 20_000)  # from, to
FADED = 1e-30
DIGITS = 60  # bits to which a reference is known


def fading_slopes(columns: Sequence[Array]) -> dict[str, Array]:
    """What modeflow computes, by parameter. columns: t, lam, noise, decay, w1, w2."""
    t, lam, noise, decay, w1, w2 = columns
    slopes: dict[str, Array] = strength_grad(t, lam, noise=noise, decay=decay, w1=w1, w2=w2, wrt=SLOPES)
    return slopes


def fading_errors(columns: Sequence[Array], slopes: dict[str, Array]) -> dict[str, Array]:
    """The error of each derivative at each point, in the unit of the module's docstring."""
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    return {
        name: np.array([_fading_error(row, i, float(v)) for row, v in zip(rows, slopes[name], strict=True)])
        for i, name in enumerate(SLOPES)
    }


def _fading_error(row: tuple[float, ...], place: int, computed: float) -> float:
    if not np.isfinite(computed):
        return float("inf")
    value, slope = fading_reference(row, place)
    with ctx.workprec(FADING_BITS[0]):
        faded = FADED * (row[4] ** 2 + row[5] ** 2)
        scale = abs(slope).max(abs(value).max(faded) / abs(row[place])) if row[place] else abs(slope)
        if scale.abs_upper() < fading.SMALLEST:
            return 0.0 if abs(computed) <= fading.SMALLEST else float("inf")
        return abs(float((arb(computed) - slope) / scale))


def fading_reference(row: tuple[float, ...], place: int) -> tuple[Any, Any]:
    """w and ∂w/∂x, x the parameter at that place of (t, lam, noise, decay, w1, w2), as Arb balls."""
    bits, most = FADING_BITS
    while bits <= most:
        with ctx.workprec(bits):
            exact = [arb(x) for x in row]
            step = arb(2) ** -FADING_STEP * (abs(exact[place]) if row[place] else 1)
            low, value, high = (_strength(exact, place, k * step) for k in (-1, 0, 1))
            slope = (high - low) / (2 * step)
            known = slope.is_finite() and (slope.rel_accuracy_bits() >= DIGITS or slope.abs_upper() < fading.SMALLEST)
            if known and value.is_finite():
                return value, slope
        bits *= 2
    raise ArithmeticError(f"{row} not resolved with {most} bits")


def _strength(exact: list[Any], place: int, moved: Any) -> Any:
    s, lam, noise, decay, w1, w2 = (x + moved if i == place else x for i, x in enumerate(exact))
    return fading.reference(s, lam, noise, decay, w1, w2)[2]


def _seconds(columns: Sequence[Array]) -> float:
    """The least processor time of 20."""
    return min(timeit.repeat(lambda: fading_slopes(columns), number=1, repeat=20, timer=time.process_time))


def fading_table(n: int, seed: int) -> None:
    """The median and the worst error of each derivative, and how long a point takes that is alone on its mode."""
    print(f"\nweights of different size under decay: {n} points per regime, seed {seed}; median/worst")
    print(f"{'regime':24} {'ms':>6} " + " ".join(f"{name:>15}" for name in SLOPES))
    for regime in fading.REGIMES:
        columns = fading.points(regime, n, seed)
        began = time.process_time()
        slopes = fading_slopes(columns)
        taken = (time.process_time() - began) / n * 1e3
        errors = fading_errors(columns, slopes).values()
        print(
            f"{regime:24} {taken:6.2f} " + " ".join(f"{np.median(e):7.1e}/{e.max():7.1e}" for e in errors), flush=True
        )


def curve_table() -> None:
    """Processor time for all derivatives of curves of 1,000 times."""
    print(f"\n{'µs a point, 1,000 times':26}{'all slopes':>11}")
    for name, (lam, noise, decay, w1, w2, last) in fading.CURVES.items():
        t = np.linspace(0, last, 1000)
        columns = [t, *(np.array(x) for x in (lam, noise, decay, w1, w2))]
        print(f"{name:26}{1e6 * _seconds(columns) / t.size:11.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=500, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fading-points", type=int, default=12, help="the same for unequal weights under decay")
    options = parser.parse_args()
    fading_table(options.fading_points, options.seed)
    curve_table()
    print(f"\nall else: {options.points} points per regime, seed {options.seed}; unit u(1 + κ)")
    print(f"{'regime':24} {'in':6} {'median':>9} {'99.9 %':>9} {'worst':>9}")
    for regime in REGIMES:
        for name, e in slope_errors(points(regime, options.points, options.seed)).items():
            median, high = np.quantile(e, [0.5, 0.999], method="higher")
            print(f"{regime:24} {name:6} {median:9.3f} {high:9.3f} {e.max():9.3g}")


if __name__ == "__main__":
    main()
