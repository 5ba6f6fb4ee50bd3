"""Steps of calculations in public manuscripts, and slips made in them.

python benchmarks/steps.py FOLDER [--part PART] [--slips N] [--seed S]: FOLDER has for each line of
benchmarks/steps_sources.txt (part, owner/name, commit, file; a space in a name is %20) the file owner+name/file; what
is not there is left out, and counted. Each is checked with `--steps` and the configuration that `--new --steps`
proposes, which nobody corrects. Prints the counts and every step called wrong, to be looked at. With --slips, changes
one token of the right member of N steps that are ok, each in its paper, and prints the verdicts on the changed steps,
and each that is ok, to be looked at. What only names a colour is not changed.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from modeflow import manuscript
from modeflow.manuscript import Finding

SOURCES = Path(__file__).with_name("steps_sources.txt")
SEED = 20261130


def files(folder: Path, part: str) -> list[Path]:
    """The files of a part of the list, or of all of it."""
    lines = [line.split() for line in SOURCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [folder / name.replace("/", "+") / unquote(file) for own, name, _, file in lines if part in ("all", own)]


def checked(path: Path) -> list[Finding]:
    """The findings in one file with the proposed configuration."""
    chosen = _proposed(path)
    return manuscript.check([path], chosen, time_limit=5, jobs=1, steps=True, coverage=True)


def _proposed(path: Path) -> manuscript.Configuration:
    table = tomllib.loads(manuscript.first_configuration([path], steps=True))
    return manuscript.configuration(table["manuscript"], "proposed")


# Slips --------------------------------------------------------------------------------------------------------

_COLOUR = re.compile(r"\\(?:text)?color\s*\{[^{}]*\}")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\^\{?2\}?|[A-Za-z0-9]|\S")


def slip(text: str, chance: random.Random) -> str | None:
    """A member with one change: a sign, a digit, a square, a letter; None where none is found."""
    colours = [range(*colour.span()) for colour in _COLOUR.finditer(text)]
    found = [t for t in _TOKEN.finditer(text) if not any(t.start() in colour for colour in colours)]
    letters = sorted({t[0] for t in found if re.fullmatch(r"[a-z]|\\(?:alpha|beta|lambda|mu|theta)", t[0])})
    ways = [(t, new) for t in found for new in _changed(t[0], letters)]
    if not ways:
        return None
    token, new = chance.choice(ways)
    return text[: token.start()] + new + text[token.end() :]


def _changed(token: str, letters: list[str]) -> Iterator[str]:
    if token in "+-":
        yield "-" if token == "+" else "+"
    elif re.fullmatch(r"\^\{?2\}?", token):
        yield " "
    elif token.isdigit():
        yield str((int(token) + 1) % 10)
    elif token in letters:
        yield from (f" {other} " for other in letters if other != token)


@cache
def _before(path: Path) -> list[Finding]:
    return manuscript.check([path], _proposed(path), time_limit=5, jobs=1, steps=True)


def slipped(path: Path, number: int, chance: random.Random) -> tuple[Finding, Finding] | None:
    """A step of a paper that is ok, and what is found of it after a slip; None where it could not be changed."""
    before = _before(path)
    right = [n for n, f in enumerate(before) if f.claim == "steps" and f.verdict == "ok" and "=" in f.latex]
    if number >= len(right):
        return None
    found = before[right[number]]
    text = path.read_text(encoding="utf-8")
    begin = sum(len(line) for line in text.splitlines(keepends=True)[: found.line - 1]) + found.column - 1
    length = len(re.sub(r"\s", "", found.latex.rsplit("=", 1)[1]))
    end, seen = begin + 1, 0
    while end < len(text) and seen < length:
        seen += not text[end].isspace() and text[end] != "&"
        end += 1
    changed = slip(text[begin + 1 : end], chance)
    if changed is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / f"paper{path.suffix}"
        other.write_text(text[: begin + 1] + changed + text[end:], encoding="utf-8")
        after = manuscript.check([other], _proposed(path), time_limit=5, jobs=1, steps=True)
    return (found, after[right[number]]) if len(after) == len(before) else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--part", choices=["all", "first", "second", "third", "fourth", "learnt-5", "fifth"], default="all"
    )
    parser.add_argument("--slips", type=int, default=0)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    listed = files(given.folder, given.part)
    paths = [path for path in listed if path.is_file()]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(checked, paths))
    steps = [f for each in found for f in each if f.claim == "steps"]
    displays = {
        (f.file, f.cell, f.line) for each in found for f in each if f.claim == "steps" or f.verdict == "unchecked"
    }
    absent = f", {len(listed) - len(paths)} more are not there" if len(paths) < len(listed) else ""
    print(f"{len(paths)} files{absent}, {len(displays)} rows with a relation, {len(steps)} steps")
    print(", ".join(f"{number} {verdict}" for verdict, number in sorted(Counter(f.verdict for f in steps).items())))
    for one in (f for f in steps if f.verdict == "wrong"):
        print(f"wrong: {one.place}: {one.latex}\n    {one.message}")
    if given.slips:
        _slips(paths, given.slips, given.seed)


def _slips(paths: list[Path], count: int, seed: int) -> None:
    """Prints the verdicts on so many slips."""
    chance, made = random.Random(seed), 0
    verdicts: Counter[str] = Counter()
    told = 0
    places = [(path, number) for path in paths for number in range(40)]
    chance.shuffle(places)
    for path, number in places:
        if made < count and (pair := slipped(path, number, chance)) is not None:
            if pair[1].latex == pair[0].latex:
                continue
            made += 1
            verdicts[pair[1].verdict] += 1
            told += pair[1].verdict == "undecided" and pair[1].witness is not None
            if pair[1].verdict == "ok":
                print(f"ok: {pair[0].latex}  ->  {pair[1].latex}")
    print(f"{made} slips: " + ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items())))
    print(f"{told} of the undecided are told with a point at which the sides differ")


if __name__ == "__main__":
    main()
