r"""How much of public manuscripts is read: displays, rows and equations in lines, with every symbol taken as declared.

python benchmarks/reading.py FOLDER [--part learnt|unseen|learnt-2|unseen-2|all] [--reasons N] [--judge N]: FOLDER has
for each line of benchmarks/reading_sources.txt (part, owner/name, commit, file; a space in a name is %20) the file
owner+name/file, with what it inputs. Prints a line for each file, the sum, and the N most frequent reasons why a row is
not read.

With --judge N, draws N rows that can be compared and prints how each was read, to be looked at. What was found by
hand is in benchmarks/reading_judgements.txt (right or wrong, place, and how it was read). Those rows
are read again, and each that is read otherwise now is printed. Exit status 1 when a row that was judged is read
otherwise, or wrongly.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

from modeflow import manuscript
from modeflow.manuscript import Reading
from modeflow.manuscript.read.formula_trees import Node
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.readings import assumed_names
from modeflow.manuscript.text.rows import pieces
from modeflow.manuscript.text.sources import read
from modeflow.manuscript.text.tokens import Unparsed, tokens

SEED = 20261130
JUDGEMENTS = Path(__file__).with_name("reading_judgements.txt")
SOURCES = Path(__file__).with_name("reading_sources.txt")


def files(folder: Path, part: str) -> list[Path]:
    """The files of a part of the list, or of all of it."""
    lines = [line.split() for line in SOURCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [folder / name.replace("/", "+") / unquote(file) for own, name, _, file in lines if part in ("all", own)]


def displays(rows: list[Reading]) -> list[bool]:
    """For each display whether all its rows are read."""
    found: dict[tuple[str, int], bool] = {}
    for row in rows:
        found[row.file, row.display] = found.get((row.file, row.display), True) and row.read
    return list(found.values())


def counts(rows: list[Reading]) -> str:
    """How many displays, rows and equations in lines are read, and how many rows can be compared."""
    shown = [row for row in rows if not row.inline]
    lines = [row for row in rows if row.inline]
    return "  ".join(
        (
            _share("displays", displays(shown)),
            _share("rows", [row.read for row in shown]),
            _share("compared", [row.compared for row in shown]),
            _share("in lines", [row.read for row in lines]),
        )
    )


def _share(name: str, found: list[bool]) -> str:
    percent = 100 * sum(found) / len(found) if found else 100.0
    return f"{name} {sum(found):4d}/{len(found):4d} {percent:5.1f} %"


# How rows are read --------------------------------------------------------------------------------------------


def told(node: Node) -> str:
    """A tree in one line."""
    parts = ", ".join(map(told, node.parts))
    return f"{node.kind}:{node.value}({parts})" if parts else f"{node.value or node.kind}"


def trees(path: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    """The equations of a manuscript that can be compared: place, text, and how each is read."""
    found, macros = read(path)
    names = assumed_names(found, macros)
    for source in found:
        for piece in (piece for display in source.displays for piece in pieces(display)):
            with suppress(Unparsed, RecursionError):
                said = statement(tokens(piece.text, piece.position, macros), names)
                line, column = source.place(piece.position + len(piece.text) - len(piece.text.lstrip()))
                place = f"{quote(str(source.path.relative_to(folder)))}:{line}:{column}"
                tree = said.relations[0].join(map(told, said.sides[:2]))
                yield place, " ".join(piece.text.split()), "".join((tree, *map(told, said.sides[2:]))).replace(" ", "")


def judged(folder: Path, paths: list[Path], count: int) -> int:
    """Prints so many rows that are not judged yet, and the rows that were judged and are read otherwise now."""
    now = {place: (text, tree) for path in paths for place, text, tree in trees(path, folder)}
    before = [line.split(maxsplit=2) for line in JUDGEMENTS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    known = {place for _, place, _ in before}
    for place in random.Random(SEED).sample(sorted(now.keys() - known), min(count, len(now.keys() - known))):
        print(f"{place}\n    {now[place][0]}\n    {now[place][1]}")
    here = [(verdict, place, tree) for verdict, place, tree in before if place in now]
    others = [place for _, place, tree in here if now[place][1] != tree]
    wrong = sum(verdict == "wrong" for verdict, _, _ in here)
    print(
        f"{len(here)} rows judged by hand, {wrong} read wrongly, {len(others)} read otherwise now: {' '.join(others)}"
    )
    return int(bool(wrong or others))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=["all", "learnt", "unseen", "learnt-2", "unseen-2"], default="all")
    parser.add_argument("--reasons", type=int, default=0)
    parser.add_argument("--judge", type=int)
    given = parser.parse_args()
    if given.judge is not None:
        return judged(given.folder, files(given.folder, given.part), given.judge)
    start, rows = time.perf_counter(), []
    for path in files(given.folder, given.part):
        of_file = manuscript.survey([path])
        rows += of_file
        print(f"{counts(of_file)}  {path.relative_to(given.folder)}")
    print(f"{counts(rows)}  all, {time.perf_counter() - start:.0f} s")
    reasons = Counter(row.reason for row in rows if not row.read and not row.inline)
    for reason, number in reasons.most_common(given.reasons):
        print(f"{number:5d}  {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
