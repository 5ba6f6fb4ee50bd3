"""How many small mistakes in the claims and definitions the prover finds: the totals over tests/support/mutants.py.

Run: python benchmarks/mutants.py [--each 2 | --all | --count 2000] [--definitions] [--seed 1] [--jobs 2]
--each N: of every claim, and of every entry of one, N mistakes; of every definition N, each in a claim that uses it
--all: every mistake in every claim, and of every definition in each claim that uses it
--count N: a sample of these
--definitions: only mistakes in definitions

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
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from mutants import mutants_by_definition, mutants_in_letters, mutants_of_claim, some_mutants

import modeflow
from modeflow import Claim, Verdict
from modeflow.language.definitions import Definition, used
from modeflow.statements.verify import verify_all

Key = tuple[str, str]
Named = tuple[str, Claim]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--count", type=int, default=2000)
    how.add_argument("--each", type=int, help="mistakes of every claim and of every definition")
    how.add_argument("--all", action="store_true", help="every mistake; this takes hours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--definitions", action="store_true", help="only mistakes in definitions of names")
    arguments = parser.parse_args()
    chosen = of_each(arguments) if arguments.each else of_all(arguments)
    used_here = {name.rpartition(" in ")[2] for name, _ in chosen if in_definition(name)}
    of = f"{len({claim.id for _, claim in chosen})} claims, {len(used_here)} definitions"
    print(f"{len(chosen)} mutants of {of}; seed {arguments.seed}", flush=True)
    return judged(chosen, arguments.jobs)


def of_all(arguments: argparse.Namespace) -> list[Named]:
    everyone = [mutant for claim in modeflow.claims().values() for mutant in mutants_of_claim(claim)]
    everyone = [mutant for mutant in everyone if in_definition(mutant[0]) or not arguments.definitions]
    count = len(everyone) if arguments.all or not arguments.count else min(arguments.count, len(everyone))
    print(f"{count} of {len(everyone)} mutants of {len(modeflow.claims())} claims", flush=True)
    return random.Random(arguments.seed).sample(everyone, count)


def of_each(arguments: argparse.Namespace) -> list[Named]:
    chance, claims = random.Random(arguments.seed), modeflow.claims().values()
    pick = partial(some_mutants, count=arguments.each, chance=chance)
    found = [] if arguments.definitions else [m for claim in claims for m in mutants_in_letters(claim, pick)]
    users: dict[Definition, list[Claim]] = {}
    for claim in claims:
        for definition in used(*claim.sides()):
            users.setdefault(definition, []).append(claim)
    one = partial(some_mutants, count=1, chance=chance)
    for definition, of in users.items():
        for claim in chance.sample(of, min(arguments.each, len(of))):
            found += mutants_by_definition(claim, definition, one)
    return found


def judged(chosen: list[Named], jobs: int) -> int:
    """Print what came of each that is neither refuted nor true, and the totals; 1 if there is any such."""
    started = time.perf_counter()
    verified = verify_all([wrong for _, wrong in chosen], jobs=jobs, time_limit=30, cache=False)
    counts: Counter[str] = Counter()
    equivalents: Counter[Key] = Counter()
    for (name, _), (claim, verdict) in zip(chosen, verified, strict=True):
        outcome = outcome_of(name, verdict)
        counts[outcome] += 1
        if verdict.status == "proved":
            equivalents[kind(name), claim.id] += 1
        elif outcome.startswith("WRONG"):
            print(f"{claim.id}, {name}: {verdict}\n    {str(claim.lhs)[:300]} = {str(claim.rhs)[:300]}", flush=True)
    listed = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    print(f"{listed}; {time.perf_counter() - started:.0f} s with {jobs} processes")
    print_equivalents(equivalents)
    return int(any(status.startswith("WRONG") for status in counts))


def outcome_of(name: str, verdict: Verdict) -> str:
    if verdict.status == "proved":
        return "true all the same"
    if verdict.status == "refuted" and verdict.witness:
        return "refuted"
    if in_definition(name) and verdict.reason.startswith("rests on ") and not verdict.out_of_time:
        return "rest on a domain that no longer holds"
    return f"WRONG: {verdict.status}"


def in_definition(name: str) -> bool:
    return re.search(r" in \w+\.\w+$", name) is not None


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
