"""How the prover does on random statements whose truth is known: near misses, and the identities they spoil.

Run: python benchmarks/soundness.py [--count 100000] [--seed 1]

The statements come from tests/support/near_misses.py, which shares no code with the prover. A near miss that is proved,
or an identity that is refuted, is a defect: it is printed, and the exit status is 1. One identity is checked for every
ten near misses.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from near_misses import Statement, identities, near_misses

from modeflow.proof.examine import examine


def check(kind: str, statements: Iterator[Statement], wrong: str) -> int:
    """Print how many came out how; returns the number of wrong verdicts."""
    counts: Counter[str] = Counter()
    spent, started = 0.0, time.perf_counter()
    for statement in statements:
        verdict = examine(statement.lhs, statement.rhs)
        counts[verdict.status] += 1
        spent += verdict.seconds
        if verdict.status == wrong:
            print(f"WRONG: {wrong}: {statement}")
    total, seconds = sum(counts.values()), time.perf_counter() - started
    listed = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    print(f"{total} {kind}: {listed}; {seconds:.1f} s, {spent:.1f} s of them in the prover", flush=True)
    return counts[wrong]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    # In parts, so that the generator of each starts afresh and a part can be repeated by its seed.
    misses = chain.from_iterable(near_misses(*part) for part in parts(arguments.count, arguments.seed))
    truths = chain.from_iterable(identities(*part) for part in parts(max(arguments.count // 10, 1), arguments.seed))
    return int(check("near misses", misses, "proved") + check("identities", truths, "refuted") > 0)


def parts(count: int, seed: int, size: int = 5000) -> Iterator[tuple[int, int]]:
    for start in range(0, count, size):
        yield min(size, count - start), seed + start // size


if __name__ == "__main__":
    sys.exit(main())
