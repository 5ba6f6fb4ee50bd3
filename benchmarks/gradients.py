"""How accurate the derivatives of the strength are: error against Arb, per derivative and regime.

Run: python benchmarks/gradients.py [--points 500] [--seed 0]

The regimes and the unit u(1 + κ) are those of benchmarks/accuracy.py; κ is the condition number of the derivative.
The reference differentiates the textbook formulas by central differences of step 2⁻²²⁰ at up to 20,000 bits.
"""

from __future__ import annotations

import argparse

import numpy as np
from accuracy import REGIMES, points, slope_errors


def main() -> None:
    parser = argparse.ArgumentParser(description="Error of strength_grad against Arb, in units of u(1 + κ).")
    parser.add_argument("--points", type=int, default=500, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{options.points} points per regime, seed {options.seed}; unit u(1 + κ)")
    print(f"{'regime':24} {'in':6} {'median':>9} {'99.9 %':>9} {'worst':>9}")
    for regime in REGIMES:
        for name, e in slope_errors(points(regime, options.points, options.seed)).items():
            median, high = np.quantile(e, [0.5, 0.999], method="higher")
            print(f"{regime:24} {name:6} {median:9.3f} {high:9.3f} {e.max():9.3g}")


if __name__ == "__main__":
    main()
