"""Claims as tests: `pytest --modeflow` collects chapters in *_chapter.py and equations marked in *.tex and *.ipynb.

Loaded by pytest everywhere this package is installed, so it imports nothing else before the option is given.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .claims import Claim

_MARK = b"modeflow:"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("modeflow", "claims as tests")
    group.addoption(
        "--modeflow",
        action="store_true",
        help="collect the claims of *_chapter.py and the marked equations of *.tex and *.ipynb",
    )
    group.addoption(
        "--modeflow-time-limit", type=float, default=10.0, metavar="S", help="seconds for each equation of a claim"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not parent.config.getoption("modeflow"):
        return None
    if file_path.name.endswith("_chapter.py"):
        return ChapterFile.from_parent(parent, path=file_path)
    if file_path.suffix in (".tex", ".ipynb") and _MARK in file_path.read_bytes():
        return Manuscript.from_parent(parent, path=file_path)
    return None


class ChapterFile(pytest.File):
    """A file of chapters: a test for each claim."""

    def collect(self) -> Iterator[pytest.Item]:
        from .catalogue import UnusableChapter, load_chapters

        try:
            chapters = load_chapters(self.path)
        except UnusableChapter as error:
            raise self.CollectError(str(error)) from None
        for chapter in chapters:
            for claim in chapter.claims.values():
                yield ClaimItem.from_parent(self, name=claim.id, claim=claim)


class Unfit(Exception):
    """A claim or an equation that is not as stated; the message is the report."""


class _Statement(pytest.Item):
    """A test whose failure is told in words, without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, Unfit) else super().repr_failure(excinfo, style)


class ClaimItem(_Statement):
    """One claim: passes where its verdict is the one that its chapter states."""

    def __init__(self, *, claim: Claim, **given: Any) -> None:
        super().__init__(**given)
        self.claim = claim

    def runtest(self) -> None:
        from . import cache
        from .report import Outcome

        verdict = cache.verify(self.claim, time_limit=self.config.getoption("modeflow_time_limit"))
        if not Outcome(self.claim, verdict).clean:
            stated = "" if self.claim.expects == "proved" else f" (stated {self.claim.expects})"
            lines = [f"{self.claim.id}: {self.claim.says}", f"  {_statement(self.claim)}", f"  {verdict}{stated}"]
            raise Unfit("\n".join([*lines, f"{self.claim.where}: {verdict.status}"]))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        file, _, line = self.claim.where.rpartition(":")
        # Not the name alone: where a heading ends the id, pytest rewrites its dots. The file may be one beside this.
        heading = f"claim {self.claim.id}"
        return (Path(file).resolve(), int(line) - 1, heading) if file else (self.path, None, heading)


def _statement(claim: Claim) -> str:
    return f"{claim.lhs} {claim.relation} {claim.rhs}{claim.given_text()}"


class Manuscript(pytest.File):
    """A paper: a test for each marked equation."""

    def collect(self) -> Iterator[pytest.Item]:
        if importlib.util.find_spec("modeflow.manuscript") is None:
            raise self.CollectError(f"{self.path}: this version of modeflow checks no manuscripts")
        check = importlib.import_module("modeflow.manuscript").check
        names = importlib.import_module("modeflow.manuscript.findings").names
        limit = self.config.getoption("modeflow_time_limit")
        # Kept on disk: every worker of pytest-xdist collects every paper.
        found = [f for f in check([self.path], time_limit=limit, cache=True) if f.verdict != "ignored"]
        for name, finding in zip(names(found), found, strict=True):
            yield EquationItem.from_parent(self, name=name, finding=finding)


class EquationItem(_Statement):
    """One marked equation: passes where the check says ok."""

    def __init__(self, *, finding: Any, **given: Any) -> None:
        super().__init__(**given)
        self.finding = finding

    def runtest(self) -> None:
        found = self.finding
        if found.verdict != "ok":
            details = {
                "understood as": found.understood,
                "witness": found.witness,
                "did you mean": found.suggestion,
                "because": found.reason,
            }
            told = [f"  {name}: {value}" for name, value in details.items() if value]
            place = f"{found.place}: {found.verdict}"
            raise Unfit("\n".join([f"{found.claim}: {found.latex}", *told, place]))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, (self.finding.line_in_file or self.finding.line) - 1, f"equation {self.name}"
