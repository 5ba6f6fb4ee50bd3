"""Manuscripts with the corrections of their wrong equations: as new texts of the files, and as a unified diff."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from ..judge.findings import Edit, Finding
from ..text.folders import raw
from ..text.notebooks import literals, markdown_cells

_LINE = re.compile(r"\r\n?|\n")
_ESCAPED = re.compile(
    r"(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.)", re.DOTALL
)

_Cut = tuple[int, int, str]  # from where to where in the text of a file, and what is put there


@dataclass(frozen=True)
class Corrected:
    """A file as it is, and with corrections; made: the findings that these belong to."""

    before: str
    after: str
    made: tuple[Finding, ...]


def corrected(findings: Iterable[Finding]) -> dict[Path, Corrected]:
    """The files that corrections change; a correction that meets another one is left for the next time."""
    files: dict[str, list[Finding]] = {}
    for finding in to_correct(list(findings)):
        files.setdefault(finding.file, []).append(finding)
    return {Path(file): _corrected(Path(file), found) for file, found in files.items()}


def to_correct(findings: Sequence[Finding]) -> list[Finding]:
    """The findings whose correction is written."""
    right = {_place(finding) for finding in findings if finding.verdict == "ok"}
    return [
        finding
        for finding in findings
        if finding.correction and not finding.correction.refused and _place(finding) not in right
    ]


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.file, finding.cell, finding.line, finding.column, finding.claim


def _corrected(path: Path, findings: Sequence[Finding]) -> Corrected:
    before = raw(path).decode("utf-8")
    places = _Notebook(before) if path.suffix.lower() == ".ipynb" else _Text(before)
    cuts: list[_Cut] = []
    made: list[Finding] = []
    for finding in findings:
        edits = finding.correction.edits if finding.correction else ()
        own = [places.cut(finding.cell, edit) for edit in edits]
        if set(own) <= set(cuts):
            made.append(finding)
        elif not any(_meet(one, other) for one in own for other in cuts):
            cuts += own
            made.append(finding)
    after = before
    for begin, end, text in sorted(cuts, reverse=True):
        after = after[:begin] + text + after[end:]
    return Corrected(before, after, tuple(made))


def _meet(one: _Cut, other: _Cut) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def diff(files: Mapping[Path, Corrected]) -> str:
    """The changes as a unified diff."""
    return "".join(part for path, file in files.items() for part in _diff(path.as_posix(), file))


def _diff(name: str, file: Corrected) -> Iterator[str]:
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (file.before, file.after))  # as patch has it
    for line in unified_diff(before, after, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


class _Text:
    """Places in a file of TeX or Markdown, whose lines may end in any way."""

    def __init__(self, text: str) -> None:
        bom = len(text) - len(text.removeprefix("\ufeff"))
        self._lines = [bom, *(found.end() for found in _LINE.finditer(text))]

    def cut(self, cell: int | None, edit: Edit) -> _Cut:
        return self._at(edit.line, edit.column), self._at(edit.end_line, edit.end_column), edit.text

    def _at(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column - 1


class _Notebook:
    """Places in the JSON of a notebook, for places in its cells."""

    def __init__(self, text: str) -> None:
        self._lines = {
            cell.number: [0, *(m.end() for m in re.finditer("\n", cell.text))] for cell in markdown_cells(text)
        }
        self._signs: dict[int, list[int]] = {}
        for (cell, _), (begin, end) in sorted(literals(text).items()):
            signs = self._signs.setdefault(cell + 1, [])
            signs += [begin + 1 + found.start() for found in _ESCAPED.finditer(text[begin + 1 : end - 1])]
            self._end = end - 1

    def cut(self, cell: int | None, edit: Edit) -> _Cut:
        assert cell is not None
        begin, end = self._at(cell, edit.line, edit.column), self._at(cell, edit.end_line, edit.end_column)
        return begin, end, json.dumps(edit.text, ensure_ascii=False)[1:-1]

    def _at(self, cell: int, line: int, column: int) -> int:
        return self._signs[cell][self._lines[cell][line - 1] + column - 1]
