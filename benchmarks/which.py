r"""How often `modeflow check --which` finds a claim that is printed under other names.

python benchmarks/which.py [--count N] [--seed S]: of claims of the catalogue that are drawn, prints how many are found,
how many are not, and where only others are found. Every letter gets another one, but d, e, t, x and T.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from pathlib import Path

from modeflow.manuscript.which import NoEquation, which
from modeflow.statements.catalogue import claims

_GREEK = "alpha beta gamma delta zeta theta kappa lambda mu nu xi rho sigma tau phi psi chi omega varepsilon varrho"
LETTERS = [*(f"\\{name}" for name in _GREEK.split()), *"abcfghjklmnopqrsuvwxyz", *"ABCDFGHJKLMNOPQRSUVWXYZ"]
_TOKEN = re.compile(
    r"\\(?:mathrm|operatorname|text|begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\[A-Za-z]+|\\.|.", re.DOTALL
)
LONGEST = 400  # characters of a claim


def relettered(latex: str, chance: random.Random) -> str:
    """A formula in which each letter is another one."""
    others = random.Random(chance.random()).sample(LETTERS, len(LETTERS))
    name = dict(zip(LETTERS, others, strict=True))
    written = ""
    for found in _TOKEN.finditer(latex):
        text = name.get(found[0], found[0])
        written += f"{text} " if re.fullmatch(r"\\[A-Za-z]+", text) else text
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261130)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    sought = [c for c in claims().values() if c.expects == "proved" and ".domain" not in c.id]
    sought = [c for c in sought if len(c.latex()) <= LONGEST and "\\begin" not in c.latex()]
    counts = {"found": 0, "found, others too": 0, "only others": 0, "none": 0}
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.tex"
        for claim in chance.sample(sought, min(given.count, len(sought))):
            paper.write_text(f"\\[ {relettered(claim.latex(), chance)} \\]\n", encoding="utf-8")
            try:
                stated = [one.claim for one in which(paper, 1) if one.proved]
            except NoEquation:
                stated = []
            kind = "none" if not stated else "only others" if claim.id not in stated else "found"
            counts[f"{kind}, others too" if kind == "found" and len(stated) > 1 else kind] += 1
            if kind != "found":
                print(f"{kind}: {claim.id} {' '.join(stated)}", flush=True)
    print(f"{sum(counts.values())} claims: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))


if __name__ == "__main__":
    main()
