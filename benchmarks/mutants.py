"""How many small mistakes in the claims the prover finds: the totals over the mutants of tests/support/mutants.py.

Run: python benchmarks/mutants.py [--count 2000] [--seed 1] [--jobs 2] [--definitions]
--count 0 checks all of them; --definitions only those with a mistake in the definition of a name

Every mutant must be refuted with a witness, or proved: then it is no mistake but another true statement, and is listed
by the kind of change. With a mistake in a definition a claim may also rest on a domain that no longer holds. Any other
verdict is printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from mutants import mutants_of_claim

import modeflow
from modeflow.statements.verify import verify_all

Key = tuple[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--definitions", action="store_true", help="only mistakes in definitions of names")
    arguments = parser.parse_args()
    everyone = [(name, wrong) for claim in modeflow.claims().values() for name, wrong in mutants_of_claim(claim)]
    if arguments.definitions:
        everyone = [(name, wrong) for name, wrong in everyone if re.search(r" in \w+\.\w+$", name)]
    count = min(arguments.count or len(everyone), len(everyone))
    sample = random.Random(arguments.seed).sample(everyone, count)
    of = f"{len(everyone)} mutants of {len(modeflow.claims())} claims"
    print(f"{of}; {count} checked, seed {arguments.seed}", flush=True)
    started = time.perf_counter()
    verified = verify_all([wrong for _, wrong in sample], jobs=arguments.jobs, time_limit=30, cache=False)
    counts: Counter[str] = Counter()
    equivalents: Counter[Key] = Counter()
    for (name, _), (claim, verdict) in zip(sample, verified, strict=True):
        good = verdict.status == "proved" or (verdict.status == "refuted" and verdict.witness)
        good = good or (re.search(r" in \w+\.\w+$", name) and verdict.reason.startswith("rests on "))
        counts[verdict.status if good else f"WRONG: {verdict.status}"] += 1
        if verdict.status == "proved":
            equivalents[kind(name), claim.id] += 1
        elif not good:
            print(f"{claim.id}, {name}: {verdict}\n    {claim.lhs} = {claim.rhs}")
    listed = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    print(f"{listed}; {time.perf_counter() - started:.0f} s with {arguments.jobs} processes")
    print_equivalents(equivalents)
    return int(any(status.startswith("WRONG") for status in counts))


def kind(name: str) -> str:
    """The kind of a change: its name without the entry, the definition and the letters it was made at."""
    name = re.sub(r" in (entry \d+|\w+\.\w+)$", "", name)
    if name.startswith("lost term"):
        return "lost term"
    return re.sub(r"^\S+ (and|for) \S+?( swapped)?$", lambda m: "swapped" if m[1] == "and" else "one for another", name)


def print_equivalents(equivalents: Counter[Key]) -> None:
    """How many true equivalents there are of each kind, and of which claims."""
    for change in sorted({change for change, _ in equivalents}):
        found = {claim: number for (other, claim), number in equivalents.items() if other == change}
        print(f"  true all the same, {change}: {sum(found.values())} ({', '.join(sorted(found))})")


if __name__ == "__main__":
    sys.exit(main())
