"""A large sweep: its time for a point, beside evaluating in memory, and the most memory it takes.

Run: python benchmarks/sweep.py [--points 1000000000] [--jobs 2]      writes 8 bytes a point into a temporary folder
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

import modeflow
from modeflow.experiments.sweep.configuration import checked
from modeflow.experiments.sweep.run import sweep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=10**9)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    modes = max(arguments.points // 100_000, 1)
    configuration = checked(
        {
            "sweep": {"chunk": 2**20},
            "arguments": {
                "lam": {"from": 0.01, "to": 10, "count": modes, "spacing": "log"},
                "t": {"from": 0, "to": 20, "count": 100_000},
                "w1": 1e-3,
                "w2": 2e-3,
                "noise": 0.5,
            },
        }
    )
    points = modes * 100_000
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        store = sweep(configuration, Path(folder) / "out", workers=arguments.jobs)
        seconds = time.perf_counter() - start
        size = sum(p.stat().st_size for p in store.rglob("*") if p.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(
        f"{points:.3g} points, {size / 2**30:.2f} GiB, {arguments.jobs} threads: {seconds:.0f} s, peak {peak:.0f} MiB"
    )
    t, lam = np.linspace(0, 20, 100_000), np.geomspace(0.01, 10, 50)[:, None]
    start = time.perf_counter()
    modeflow.strength(t, lam, noise=0.5, w1=1e-3, w2=2e-3)
    alone = (time.perf_counter() - start) / (50 * 100_000)
    print(f"a point: {seconds / points * 1e9:.0f} ns swept, {alone * 1e9:.0f} ns in memory with one thread")


if __name__ == "__main__":
    main()
