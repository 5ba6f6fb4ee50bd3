r"""How much of public manuscripts is read: displays, rows and equations in lines, with every symbol taken as declared.

python benchmarks/reading.py FOLDER [--part learnt|unseen|all] [--reasons N]: FOLDER has for each line of
benchmarks/reading_sources.txt (part, owner/name, commit, file; a space in a name is %20) the file owner+name/file, with
what it inputs. Prints a line for each file, the sum, and the N most frequent reasons why a row is not read.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from modeflow import manuscript
from modeflow.manuscript import Reading

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=["all", "learnt", "unseen"], default="all")
    parser.add_argument("--reasons", type=int, default=0)
    given = parser.parse_args()
    start, rows = time.perf_counter(), []
    for path in files(given.folder, given.part):
        of_file = manuscript.survey([path])
        rows += of_file
        print(f"{counts(of_file)}  {path.relative_to(given.folder)}")
    print(f"{counts(rows)}  all, {time.perf_counter() - start:.0f} s")
    reasons = Counter(row.reason for row in rows if not row.read and not row.inline)
    for reason, number in reasons.most_common(given.reasons):
        print(f"{number:5d}  {reason}")


if __name__ == "__main__":
    main()
