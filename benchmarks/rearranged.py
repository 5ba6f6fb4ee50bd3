"""How many right displays, rearranged from the catalogue as authors do, the check calls ok: the rest by reason.

python benchmarks/rearranged.py --count 300 --seed 20260101
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from manuscript_rearranged import judged, sample


def main() -> None:
    """Draw, check and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(date.today().strftime("%Y%m%d")))
    parser.add_argument("--each", action="store_true", help="print each that is not ok")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = judged(sample(chosen.count, chosen.seed), Path(folder), jobs=2)
    counts = Counter(f.verdict for _, f in found).most_common()
    print(f"seed {chosen.seed}: " + ", ".join(f"{number} {verdict}" for verdict, number in counts))
    for (way, verdict), number in sorted(Counter((d.way, f.verdict) for d, f in found).items()):
        if verdict != "ok":
            print(f"{number:4} {verdict}: {way}")
    for display, finding in found if chosen.each else ():
        if finding.verdict != "ok":
            print(f"{finding.verdict} {display.claim} ({display.way}): {finding.message}\n    {display.tex}")


if __name__ == "__main__":
    main()
