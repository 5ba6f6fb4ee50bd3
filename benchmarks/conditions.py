"""The conditions that the claims still have, by the reason why they stay: what would be 0 there.

Run: python benchmarks/conditions.py

Verifies every claim. A condition without a reason is printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict

import modeflow
from modeflow.statements.verify import verify_all

ALONG = " from the start up to "
# reason → what is not 0, without the place
REASONS: dict[str, tuple[str, ...]] = {
    "the signal or the rate of a mode is 0, and another formula holds": (
        *("rho", "lam", "any_growth", "kappa", "kappa_opposite", "gamma - lam", "-gamma + lam", "-decay + lam"),
        *("-any_growth + gamma", "below"),
    ),
    "nothing holds the mode back, so that it has no rest value": (
        *("xi", "any_pull", "eps + lam", "gamma + kappa", "eps + gamma + kappa", "eps"),
    ),
    "the start is the rest value, which takes no time": (
        *("w0 - 1", "-lam + w0*(eps + lam)", "eps*w0 + lam*w0 - lam", "a*b*xi - lam", "gamma + lam*w0 - lam"),
        *(
            "eps*w0 + gamma + lam*w0 - lam",
            "gamma - lam + w0*(eps + lam)",
            "-any_growth + any_pull*w0 + gamma",
            "a*any_pull*b - any_growth",
        ),
        *("-growth + pull*w0", "a*b*pull - growth", "eps*r**2 + gamma*r**2 + kappa*r**2 - kappa"),
    ),
    "the target is the rest value, or lies beyond it: it is never reached": (
        *("x - 1", "lam - x*(eps + lam)", "lam - x*xi", "eps*x + lam*x - lam", "-gamma - lam*x + lam"),
        *("-gamma + lam - x*(eps + lam)", "any_growth - any_pull*x - gamma", "any_growth - any_pull*x"),
        *("growth - pull*x", "kappa - x*(eps + gamma + kappa)", "eps*x + kappa + lam*x", "eps*x - gamma + lam*x - lam"),
        *("y_positive + 1", "y_negative + 1"),
    ),
    "a strength or weight x is divided by, and is not 0, on the way to a target either": ("x", "m"),
    "the weights at the start are opposite, so that p = 0 and the mode fades": ("p0", "a + b", "K(x=a*b)", "K"),
    "the weights are equal in size, or 0: the balanced forms hold": ("-a + b", "h", "m - 2*x"),
    "there is no signal, and |a| > |b|: the kernel is for b >= |a|": ("beta_rising", "beta_crossing"),
    "a combination of what is free in the claim may vanish": ("C", "Q_entire"),
    "it does not vanish, as I/K of Bessel functions rises, which the prover does not know": (
        *("Q_above", "Q_below", "Q_above(lam=2*decay)", "Q_above(eps=0)", "X_below"),
        *("Q_below(lam=2*decay)", "Q_below(eps=0)"),
    ),
    "a Bessel function of negative order, by which others are written": (
        "besseli(-(-decay + lam)/(2*decay), faded*lam*p*q/(4*decay))",
        "besseli(-1 - (-decay + lam)/(2*decay), lam*p*q/(4*decay))",
    ),
    "what a balanced curve divides by, which is 0 only where nothing moves": (
        "eps*w0*exp(2*lam*t/tau) - eps*w0 + lam*w0*exp(2*lam*t/tau) - lam*w0 + lam",
    ),
}


def reason_of(condition: str) -> str | None:
    """Why a condition stays."""
    quantity = condition.partition(ALONG)[0].removesuffix(" != 0")
    return next((reason for reason, quantities in REASONS.items() if quantity in quantities), None)


def main() -> int:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    found: dict[str | None, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim, verdict in verify_all(modeflow.claims().values()):
        for condition in verdict.conditions:
            found[reason_of(condition)][condition].add(claim.id)
    for reason, conditions in found.items():
        claims = set().union(*conditions.values())
        print(f"{reason or 'no reason is written'}: {len(claims)} claims")
        for condition, ids in conditions.items():
            print(f"    {condition}: {', '.join(sorted(ids))}")
    total = sum(len(ids) for conditions in found.values() for ids in conditions.values())
    print(f"{total} conditions of {len(set().union(*(c for f in found.values() for c in f.values()), set()))} claims")
    return int(None in found)


if __name__ == "__main__":
    sys.exit(main())
