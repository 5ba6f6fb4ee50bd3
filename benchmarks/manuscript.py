"""Random one-token changes of right equations: how many are still called ok, and what those say.

python benchmarks/manuscript.py [N]: prints the verdicts and the equations read of those that are ok, to be looked at.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from modeflow.manuscript import check, configuration

RIGHT = [
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda + \varepsilon}"),
    ("dae.fixed_point", r"\frac1{w^*} = 1 + \varepsilon/\lambda"),
    ("wae.fixed_point", r"\lambda w^* = \lambda - \gamma"),
    ("dae.product_rate", r"\tau \frac{d}{dt} (w_2 w_1) = (w_1^2 + w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)"),
    (
        "dae.balanced",
        r"w(t) = \frac{\lambda}{\lambda + \varepsilon - (\lambda+\varepsilon-\lambda/w_0)e^{-2\lambda t/\tau}}",
    ),
    ("dae.theta_flow", r"\tau\dot\theta = 2\lambda - c_0 (\lambda+\varepsilon) \sinh\theta"),
    ("wae.imbalance", r"c(t) = (b^2 - a^2) e^{-2\gamma t/\tau}"),
]
TOKENS = [*r"\lambda \varepsilon \gamma \tau 2 3 + - w_0 t = ( ) ^ / { } \frac".split(), " x "]  # noqa: SIM905


def changed(chance: random.Random, tex: str) -> str:
    parts = re.findall(r"\\[A-Za-z]+|\S", tex)
    place = chance.randrange(len(parts))
    how = chance.randrange(3)
    parts[place : place + (how != 2)] = [] if how == 0 else [chance.choice(TOKENS)]
    return " ".join(parts)


def main(count: int) -> None:
    chance = random.Random(20180605)
    tried = [(claim, changed(chance, tex)) for claim, tex in (chance.choice(RIGHT) for _ in range(count))]
    notation = configuration({"notation": "pretorius2018"}, "benchmark")
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.tex"
        paper.write_text("".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex in tried), encoding="utf-8")
        start = time.perf_counter()
        found = check([paper], notation, time_limit=5.0)
    print(dict(Counter(f.verdict for f in found)), f"in {time.perf_counter() - start:.0f} s")
    for claim, understood in sorted({(f.claim, f.understood) for f in found if f.verdict == "ok"}):
        print(f"ok {claim}: {understood}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
