"""Seconds that each claim takes to verify, slowest first, and the time of the whole catalogue.

python benchmarks/verification.py [--jobs 2]
"""

from __future__ import annotations

import argparse
import os
import time

import modeflow
from modeflow.statements.verify import verify_all


def main() -> None:
    """Verify everything and print a line for each claim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    jobs = parser.parse_args().jobs
    start = time.perf_counter()
    claims = list(modeflow.claims().values())
    loaded = time.perf_counter()
    verdicts = verify_all(claims, jobs=jobs, cache=False)
    rows = [(verdict.seconds, claim.id, verdict.status) for claim, verdict in verdicts]
    done = time.perf_counter()
    for seconds, name, status in sorted(rows, reverse=True):
        print(f"{seconds * 1e3:10.1f} ms  {status:10} {name}")
    work = sum(seconds for seconds, _, _ in rows)
    print(f"\n{len(rows)} claims: {work:.1f} s of work in {done - loaded:.1f} s with {jobs} processes")
    print(f"stating them took {loaded - start:.1f} s")


if __name__ == "__main__":
    main()
