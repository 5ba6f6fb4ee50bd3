"""The equations of published works against the checker: the table of docs/atlas.md.

Run: python benchmarks/atlas.py [--write]

Each work has two files in docs/atlas: its equations with their marks, in its own letters, and what these mean. Every
equation is judged as it stands and once more with the slip that the file names put in, which must be refused.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from modeflow.files.inputs import toml
from modeflow.manuscript import check, load

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER, PAGE = DOCS / "atlas", DOCS / "atlas.md"
BEGIN, END = "<!-- written by benchmarks/atlas.py -->", "<!-- to here -->"
_ROW = re.compile(
    r"\\paragraph\{(?P<result>[^\n]*)\}\n% modeflow: (?P<mark>\S+)\n(% special case of: (?P<special>[^\n]*)\n)?"
    r"% wrong: (?P<old>[^\n]*) => (?P<new>[^\n]*)\n\\begin\{equation\}\n(?P<tex>.*?)\n\\end\{equation\}\n",
    re.DOTALL,
)


@dataclass(frozen=True)
class Row:
    """An equation of a work: its mark, the slip that must be refused, and which counted result it is a case of."""

    work: str
    result: str
    mark: str
    special: str
    old: str
    new: str
    tex: str

    @property
    def name(self) -> str:
        """How other works refer to it."""
        return f"{self.work}, {self.result}"

    def line(self, verdict: str) -> str:
        """The row of the table."""
        shown = " ".join(self.tex.split())
        shown = shown.replace("\\|", "\\Vert ").replace("|", "\\vert ")
        work, _, result = self.special.partition(", ")
        counted = f"as [{result.rstrip('.:')}](#{work})" if self.special else "yes"
        claim = "an identity" if self.mark == "prove" else f"`{self.mark}`"
        return f"| {self.result.rstrip('.:')} | ${shown}$ | {claim} | {verdict} | {counted} |"


def works() -> list[str]:
    """The works, by year and name."""
    return sorted((path.stem for path in FOLDER.glob("*.tex")), key=lambda name: (name[-4:], name))


def about(work: str) -> dict[str, str]:
    """Title, source, and what of the work is covered and what is not."""
    told: dict[str, str] = toml(FOLDER / f"{work}.toml")["work"]
    return told


def text(work: str) -> str:
    """The file with a work's equations."""
    return (FOLDER / f"{work}.tex").read_text(encoding="utf-8")


def rows(work: str) -> list[Row]:
    """The equations of a work.

    Raises ValueError for a file with a mark that is no whole row.
    """
    found = (match.groupdict() for match in _ROW.finditer(text(work)))
    read = [Row(work, **{name: value or "" for name, value in row.items()}) for row in found]
    marks = len(re.findall(r"^\s*% modeflow: (?!define )", text(work), re.MULTILINE))
    if marks != len(read):
        raise ValueError(f"{work}.tex: {marks} marks, {len(read)} rows; write \\paragraph, mark, % wrong and equation")
    for row in read:
        if row.old not in row.tex or row.old == row.new:
            raise ValueError(f"{work}.tex: {row.result}: the slip changes nothing; write a part of the equation")
    return read


def wrong_copy(work: str) -> str:
    """The file with every slip put in."""

    def slipped(match: re.Match[str]) -> str:
        return match[0].replace(match["tex"], match["tex"].replace(match["old"], match["new"], 1))

    return _ROW.sub(slipped, text(work))


def judged(work: str) -> tuple[list[str], list[str]]:
    """The verdicts on a work's equations, and those on its wrong copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"{work}.tex"
        copy.write_text(wrong_copy(work), encoding="utf-8")
        return verdicts(work, FOLDER / f"{work}.tex"), verdicts(work, copy)


def verdicts(work: str, file: Path) -> list[str]:
    """The verdicts on the equations of a file in the letters of a work."""
    configuration = load(FOLDER / f"{work}.toml", FOLDER)
    return [finding.verdict for finding in check([file], configuration, jobs=1, cache=True)]


def section(work: str, found: list[str]) -> list[str]:
    """A work's part of the page."""
    told = about(work)
    links = f"[equations](atlas/{work}.tex), [letters](atlas/{work}.toml)"
    lines = [f"({work})=", f"### {told['title']}", "", f"{told['source']}; {links}. Covered: {told['covers']}."]
    lines += [f"Not covered: {told['not_covered']}.", ""]
    lines += ["| result | equation | claim | verdict | counted |", "|---|---|---|---|---|"]
    return [*lines, *(row.line(verdict) for row, verdict in zip(rows(work), found, strict=True)), ""]


def summary() -> str:
    """How many works and equations there are, and how many of these count."""
    every = [row for work in works() for row in rows(work)]
    counted = [row for row in every if not row.special]
    sources = {row.work for row in counted}
    return (
        f"{len(works())} works, {len(every)} equations; {len(counted)} count, from {len(sources)} works. "
        f"{len(every)} wrong copies."
    )


def page(found: dict[str, list[str]]) -> str:
    """The page, with the tables written anew between its two marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    tables = [line for work in works() for line in section(work, found[work])]
    return "\n".join([f"{before}{BEGIN}", "", summary(), "", *tables, f"{END}{after}"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge the equations of the atlas.")
    parser.add_argument("--write", action="store_true", help="write the tables of docs/atlas.md")
    write = parser.parse_args().write
    found, failed = {}, 0
    for work in works():
        found[work], wrong = judged(work)
        print(f"{work}: {found[work].count('ok')} ok; of the wrong copies {wrong.count('wrong')} refused")
        failed += sum(v != "ok" for v in found[work]) + sum(v != "wrong" for v in wrong)
    print(summary())
    if write and not failed:
        PAGE.write_text(page(found), encoding="utf-8")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
