"""How accurate the derivatives of the strength are: error against Arb, per derivative and regime.

Run: python benchmarks/gradients.py [--points 500] [--seed 0]

The regimes and the unit u(1 + κ) are those of benchmarks/accuracy.py; κ is the condition number of the derivative.
The reference differentiates the textbook formulas by central differences of step 2⁻²²⁰ at up to 20,000 bits.
"""

from __future__ import annotations

import argparse

import numpy as np
from accuracy import REGIMES, points

import modeflow
from modeflow.witness.slopes import error_in_units

NAMES = ("t", "lam", "noise", "decay", "w1", "w2")


def worst(regime: str, n: int, seed: int) -> dict[str, tuple[float, float, float]]:
    """Derivative → (median, 99.9 %, worst) over the points of a regime."""
    p = points(regime, n, seed)
    balanced = bool(np.all(np.abs(p.w1) == np.abs(p.w2)))
    names = [name for name in NAMES if balanced or name != "decay"]
    computed = modeflow.strength_grad(p.t, p.lam, **p.modes(), wrt=names)
    found = {}
    for name in names:
        e = [error_in_units(name, row, float(v)) for row, v in zip(p.rows("t"), computed[name], strict=True)]
        median, high = np.quantile(e, [0.5, 0.999], method="higher").tolist()
        found[name] = (median, high, max(e))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Error of strength_grad against Arb, in units of u(1 + κ).")
    parser.add_argument("--points", type=int, default=500, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{options.points} points per regime, seed {options.seed}; unit u(1 + κ)")
    print(f"{'regime':24} {'in':6} {'median':>9} {'99.9 %':>9} {'worst':>9}")
    for regime in REGIMES:
        for name, (median, high, top) in worst(regime, options.points, options.seed).items():
            print(f"{regime:24} {name:6} {median:9.3f} {high:9.3f} {top:9.3g}")


if __name__ == "__main__":
    main()
