r"""How often `modeflow check --which` finds a claim under other names, and what it says of real equations.

python benchmarks/which.py [--count N] [--seed S]: of claims of the catalogue that are drawn, prints how many are found,
how many are not, and where only others are found. Every letter gets another one, but d, e, t, x and T.

python benchmarks/which.py --folder FOLDER [--count N]: of equations drawn from the manuscripts in FOLDER, which
benchmarks/reading_sources.txt lists and benchmarks/reading.py describes, prints each for which a claim is named, to be
looked at, and how many are named, get the nearest, and are not read. What was found by hand is in
benchmarks/which_judgements.txt: right or wrong, place, claim. Exit status 1 where a claim is named that was not judged
right, and 2 where a file of the list is not in FOLDER.

python benchmarks/which.py --atlas: of the equations of docs/atlas that state a claim of the catalogue, in the letters
of published works and without what these mean, prints for how many that claim is named, is among the nearest, or is not
found; and each other claim that is named, with exit status 1 where one was not judged right.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from reading import files

from modeflow import manuscript
from modeflow.manuscript.which import NoEquation, which
from modeflow.statements.catalogue import claims

_GREEK = "alpha beta gamma delta zeta theta kappa lambda mu nu xi rho sigma tau phi psi chi omega varepsilon varrho"
LETTERS = [*(f"\\{name}" for name in _GREEK.split()), *"abcfghjklmnopqrsuvwxyz", *"ABCDFGHJKLMNOPQRSUVWXYZ"]
_TOKEN = re.compile(
    r"\\(?:mathrm|operatorname|text|begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\[A-Za-z]+|\\.|.", re.DOTALL
)
JUDGEMENTS = Path(__file__).with_name("which_judgements.txt")
ATLAS = Path(__file__).resolve().parents[1] / "docs" / "atlas"
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


def judged(folder: Path, paths: Sequence[Path], count: int, chance: random.Random) -> int:
    """Print the claims named for a sample of equations, and the totals; 1 if some name was not judged right, else 0."""
    lines = {(path, row.line) for path in paths for row in manuscript.survey([path]) if row.compared}
    right = _right()
    counts, unknown = Counter[str](), 0
    for path, line in chance.sample(sorted(lines), min(count, len(lines))):
        place = f"{quote(str(path.relative_to(folder)))}:{line}"
        try:
            found = which(path, line, time_limit=10)
        except NoEquation:
            counts["not read"] += 1
            continue
        named = [one.claim for one in found if one.proved]
        judgements = [(place, name) in right for name in named]
        kind = "named rightly" if named and all(judgements) else "named, not judged right" if named else "nearest"
        counts[kind if found else "nothing"] += 1
        unknown += len(judgements) - sum(judgements)
        for name in named:
            print(f"{place} {name}", flush=True)
    print(f"{counts.total()} equations: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))
    return int(unknown > 0)


_MARKED = re.compile(r"% modeflow: (?!prove|define)(?P<claim>\S+)\n(?:%[^\n]*\n)*\\begin\{equation\}\n")


def of_the_atlas(time_limit: float) -> int:
    """Print which claims are named for the equations of the atlas; return 1 if one was not judged right, else 0."""
    counts, unknown = Counter[str](), 0
    for path in sorted(ATLAS.glob("*.tex")):
        text = path.read_text(encoding="utf-8")
        for marked in _MARKED.finditer(text):
            place = f"docs/atlas/{path.name}:{text.count(chr(10), 0, marked.end()) + 1}"
            try:
                found = which(path, int(place.rpartition(":")[2]), time_limit=time_limit)
            except NoEquation:
                counts["not read"] += 1
                continue
            named = {one.claim for one in found if one.proved}
            near = "nearest" if marked["claim"] in {one.claim for one in found} else "not found"
            counts["named" if marked["claim"] in named else "named otherwise" if named else near] += 1
            for name in sorted(named - {marked["claim"]}):
                unknown += (place, name) not in _right()
                print(f"{place} {name}", flush=True)
    print(f"{counts.total()} equations: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))
    return int(unknown > 0)


def _right() -> set[tuple[str, ...]]:
    """The places and claims that were judged right by hand."""
    known = JUDGEMENTS.read_text(encoding="utf-8").splitlines() if JUDGEMENTS.exists() else []
    return {tuple(line.split()[1:]) for line in known if line.startswith("right")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--atlas", action="store_true")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    if given.atlas:
        return of_the_atlas(20)
    if given.folder:
        paths = files(given.folder, "all")
        if missing := [path for path in paths if not path.is_file()]:
            print(
                f"{len(missing)} of {len(paths)} files are not in {given.folder}:", *missing, sep="\n", file=sys.stderr
            )
            return 2
        return judged(given.folder, paths, given.count, chance)
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
