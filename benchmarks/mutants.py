"""How many small mistakes in the claims and definitions the prover finds: the totals over tests/support/mutants.py.

Run: python benchmarks/mutants.py [--each 2 | --all | --count 2000] [--definitions] [--seed 1] [--jobs 2]
                                  [--part 1/8] [--seconds 10] [--keep FILE]
--each N: of every claim, and of every entry of one, N mistakes; of every definition N, each in a claim that uses it
--all: every mistake in every claim, and of every definition in each claim that uses it
--count N: a sample of these
--definitions: only mistakes in definitions
--part K/N: every N-th of them, from the K-th on
--seconds S: of processor time for each equation of a mutant
--keep FILE: write there what came of each, a line of JSON as soon as it is known, and do not judge again what is there

Every mutant must be refuted with a witness, or proved: then it is no mistake but another true statement, and is listed
by the kind of change. With a mistake in a definition a claim may also rest on a domain that no longer holds. Any other
verdict is printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from mutants import mutants_by_definition, mutants_in_letters, mutants_of_claim, some_mutants

import modeflow
from modeflow import Claim, Verdict
from modeflow.language.definitions import Definition, used
from modeflow.statements.verify import verify_all

TRUE, REFUTED, ON_A_DOMAIN = "true all the same", "refuted", "rests on a domain that no longer holds"
OUTCOMES = (REFUTED, TRUE, ON_A_DOMAIN)
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
    parser.add_argument("--part", default="1/1", help="such as 3/8: every eighth, from the third on")
    parser.add_argument("--seconds", type=float, default=10.0, help="of processor time for each equation")
    parser.add_argument("--keep", type=Path, help="a file of what is known already, which is added to")
    arguments = parser.parse_args()
    first, parts = map(int, arguments.part.split("/"))
    chosen = of_each(arguments) if arguments.each else of_all(arguments)
    used_here = {name.rpartition(" in ")[2] for name, _ in chosen if in_definition(name)}
    of = f"{len({claim.id for _, claim in chosen})} claims, {len(used_here)} definitions"
    print(f"{len(chosen)} mutants of {of}; seed {arguments.seed}", flush=True)
    return judged(list(enumerate(chosen))[first - 1 :: parts], arguments)


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


def judged(chosen: list[tuple[int, Named]], arguments: argparse.Namespace) -> int:
    """Print what came of each that is neither refuted nor true, and the totals; 1 if there is any such."""
    started = time.perf_counter()
    before = kept(arguments.keep)
    known = {n: before[n] for n, (name, claim) in chosen if before.get(n, {}).items() >= about(name, claim).items()}
    pending = [(n, name, claim) for n, (name, claim) in chosen if n not in known]
    wrong = [claim for _, _, claim in pending]
    verified = verify_all(wrong, jobs=arguments.jobs, time_limit=arguments.seconds, cache=False)
    for (n, name, claim), (_, verdict) in zip(pending, verified, strict=True):
        known[n] = {"n": n, **about(name, claim), "outcome": outcome_of(name, verdict), "says": str(verdict)}
        keep(arguments.keep, known[n])
        if known[n]["outcome"].startswith("WRONG"):
            print(f"    {str(claim.lhs)[:300]} = {str(claim.rhs)[:300]}", flush=True)
    found = [known[n] for n, _ in chosen]
    for row in found:
        if row["outcome"].startswith("WRONG"):
            print(f"{row['claim']}, {row['change']}: {row['says']}")
    print_table(found)
    print(f"{time.perf_counter() - started:.0f} s with {arguments.jobs} processes for {len(pending)} of them")
    print_equivalents(Counter((kind(r["change"]), r["claim"]) for r in found if r["outcome"] == TRUE))
    return int(any(row["outcome"].startswith("WRONG") for row in found))


def about(name: str, claim: Claim) -> dict[str, str]:
    return {"change": name, "claim": claim.id}


def kept(file: Path | None) -> dict[int, dict[str, Any]]:
    """What a file says of each mutant, by its number."""
    lines = file.read_text(encoding="utf-8").splitlines() if file is not None and file.exists() else []
    return {row["n"]: row for row in map(json.loads, lines)}


def keep(file: Path | None, row: dict[str, Any]) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def print_table(found: list[dict[str, Any]]) -> None:
    """How many came out how, of mistakes in claims and in definitions, as Markdown."""
    print("| mistakes | " + " | ".join(OUTCOMES) + " | other |\n|---|" + "---|" * (len(OUTCOMES) + 1))
    for of, here in (("in claims", False), ("in definitions", True)):
        counts = Counter(row["outcome"] for row in found if in_definition(row["change"]) is here)
        named = [counts[outcome] for outcome in OUTCOMES]
        print(f"| {counts.total()} {of} | " + " | ".join(map(str, (*named, counts.total() - sum(named)))) + " |")


def outcome_of(name: str, verdict: Verdict) -> str:
    if verdict.status == "proved":
        return TRUE
    if verdict.status == "refuted" and verdict.witness:
        return REFUTED
    if in_definition(name) and verdict.reason.startswith("rests on ") and not verdict.out_of_time:
        return ON_A_DOMAIN
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
