"""Displays in every shape of TeX and Markdown behind a mark, and a neighbour: whose the mark is taken for.

python benchmarks/marks.py [--size N] [--seed S]

Prints how many cases were tried, how many of each shape, and those in which the mark is taken for another equation or
is lost. Exit status 1 when there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from manuscript_marks import case, fault


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, shapes, faults = random.Random(options.seed), Counter[tuple[str, str]](), []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.size):
            one = case(rng)
            shapes["Markdown" if one.markdown else "TeX", "read" if one.shape.is_read else "an error"] += 1
            if found := fault(one, Path(folder)):
                faults.append((found, one.text))
    print(f"{options.size} cases, seed {options.seed}")
    for (language, taken), number in sorted(shapes.items()):
        print(f"{number:8} {language}: {taken}")
    print(f"{len(faults):8} taken for another equation, or lost")
    for found, text in faults[:10]:
        print(f"\n{found}:\n{text}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
