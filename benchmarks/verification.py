"""Seconds that each claim takes to verify, slowest first, and the time of the whole catalogue.

Beside the seconds by the clock are those of the processor, of this process and of those that check: they depend less on
what else the machine is doing.

python benchmarks/verification.py [--jobs 2]
"""

from __future__ import annotations

import argparse
import os
import resource
import time

import modeflow
from modeflow.proof.worker import close_all
from modeflow.statements.verify import verify_all


def main() -> None:
    """Verify everything and print a line for each claim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    jobs = parser.parse_args().jobs
    start = time.perf_counter(), processor_seconds()
    claims = list(modeflow.claims().values())
    loaded = time.perf_counter(), processor_seconds()
    verdicts = verify_all(claims, jobs=jobs, cache=False)
    rows = [(verdict.seconds, claim.id, verdict.status) for claim, verdict in verdicts]
    close_all()  # so that the processes that check are counted
    done = time.perf_counter(), processor_seconds()
    for seconds, name, status in sorted(rows, reverse=True):
        print(f"{seconds * 1e3:10.1f} ms  {status:10} {name}")
    work = sum(seconds for seconds, _, _ in rows)
    print(f"\n{len(rows)} claims: {work:.1f} s of work with {jobs} processes, {elapsed(loaded, done)}")
    print(f"stating them: {elapsed(start, loaded)}")


def processor_seconds() -> float:
    """Of this process and of those it started and that have ended."""
    own, ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in (own, ended))


def elapsed(before: tuple[float, float], after: tuple[float, float]) -> str:
    """Both kinds of seconds between two moments."""
    clock, processor = (b - a for a, b in zip(before, after, strict=True))
    return f"{clock:.1f} s by the clock, {processor:.1f} s of the processor"


if __name__ == "__main__":
    main()
