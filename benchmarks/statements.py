"""Statements with joins, branches and assumptions of every kind against the prover, judged by mpmath.

    python benchmarks/statements.py --count 100000 --seed 20180606

Prints how many statements of each family came out how, the seconds, and each verdict that a point belies (exit 1).
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from statement_generator import Statement, complaint, kind_of, statements

from modeflow.proof.examine import examine


class Stopped(Exception):
    """The check took longer than it may."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def verdict(statement: Statement, limit: float) -> tuple[str, dict[str, object] | None]:
    """The status and the witness of the statement; "stopped" at the limit of so many seconds."""
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        found = examine(statement.lhs, statement.rhs, statement.relation, statement.given)
        return found.status, dict(found.witness) if found.witness else None
    except Stopped:
        return "stopped", None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20180606)
    parser.add_argument("--limit", type=float, default=2.0, help="seconds for one statement")
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, _stop)
    counts, failures, start = Counter[tuple[str, str]](), 0, time.perf_counter()
    source, checking = random.Random(arguments.seed), 0.0
    for number, statement in enumerate(statements(arguments.count, arguments.seed)):
        before = time.perf_counter()
        status, witness = verdict(statement, arguments.limit)
        checking += time.perf_counter() - before
        counts[statement.family, status] += 1
        if wrong := complaint(statement, status, witness, source):
            failures += 1
            given = f" given {', '.join(map(str, statement.given))}" if statement.given else ""
            kinds = {str(s): kind_of(s) for s in statement.lhs.free_symbols}
            print(f"{number}: {statement.lhs} {statement.relation} {statement.rhs}{given}: {wrong} {kinds}")
    for family, status in sorted(counts):
        print(f"{family:12} {status:10} {counts[family, status]}")
    seconds = time.perf_counter() - start
    print(f"seed {arguments.seed}: {arguments.count} statements, {failures} belied verdicts")
    print(f"{seconds:.0f} s, {arguments.count / seconds:.0f} statements a second; the prover took {checking:.0f} s")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
