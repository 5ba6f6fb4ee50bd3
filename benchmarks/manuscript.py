"""Random one-token changes of right equations against numbers: no false ok, no false wrong.

python benchmarks/manuscript.py [N] [SEED]: changes one token in N right rows of tests/support/manuscript_corpus
(deleted, replaced, inserted, doubled, exchanged with its neighbour; a digit, sign, symbol or closing brace changed),
checks them, and judges each ok and each wrong by numbers at random points (tests/support/manuscript_oracle.py): whether
the equation is true, and whether another value of the unknown, or other rates, satisfy it as well. Prints the
counts, every false verdict, and each equation called ok that differs from the row it comes from, to be looked at.
Exit status 1 when a verdict is false.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from manuscript_corruptions import FALSE_OK, FALSE_WRONG, SAME, counted, outcomes

SEED = 20180605


def main(count: int, seed: int) -> int:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(count, seed, Path(folder))
    print(f"{len(found)} equations, seed {seed}, {time.perf_counter() - start:.0f} s\n{counted(found)}")
    to_see = {
        (o.kind, o.claim, o.found.understood): o
        for o in found
        if (o.found.verdict == "ok" and o.kind != SAME) or o.kind in (FALSE_WRONG, "wrong: not judged")
    }
    for (kind, claim, understood), outcome in sorted(to_see.items(), key=lambda item: item[0]):
        print(f"{kind}\n    {claim}: {outcome.tex}\n    read as {understood} ({outcome.found.reason})")
    return int(any(o.kind in (FALSE_OK, FALSE_WRONG) for o in found))


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    sys.exit(main(given[0] if given else 10_000, given[1] if len(given) > 1 else SEED))
