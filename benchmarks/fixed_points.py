"""Fixed points of random losses against resultants and numerical roots, with no code shared.

    python benchmarks/fixed_points.py --count 200 --seed 20180606

Prints how many losses were compared and refused, the seconds, and each loss whose points are wrong (exit 1).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from test_fixed_points import FAMILIES, faults, fixed_points, numbers_for, random_loss

from modeflow.language.solve import NoClosedForm


def compared(source: random.Random) -> tuple[str, list[str]]:
    """What came of one loss, with numbers or with symbols that are given values afterwards."""
    symbolic = source.random() < 0.3
    loss = source.choice(FAMILIES) if symbolic else random_loss(source)
    try:
        wrong = faults(fixed_points(loss), loss, numbers_for(source) if symbolic else {})
    except NoClosedForm:
        return "refused", []
    return "wrong" if wrong else "right", wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20180606)
    given = parser.parse_args()
    source, counts, start = random.Random(given.seed), Counter[str](), time.perf_counter()
    for _ in range(given.count):
        status, wrong = compared(source)
        counts[status] += 1
        print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{dict(counts)} of {given.count}, seed {given.seed}, {time.perf_counter() - start:.0f} s")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
