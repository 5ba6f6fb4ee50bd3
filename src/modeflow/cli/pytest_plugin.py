"""Claims as tests: `pytest --modeflow` collects chapters in *_chapter.py and the marked equations of manuscripts.

Manuscripts are read by what `modeflow check` reads them with, so that both find the same; a file that is input by
another one is read there. Equations are proved when they are run, by one set of checking processes for the whole run.

Loaded by pytest everywhere this package is installed, so it imports nothing else before the option is given.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from ..language.verdict import Verdict
    from ..manuscript.judge.findings import Finding
    from ..manuscript.mean.notation import Configuration
    from ..manuscript.pipeline import Paper
    from ..statements.chapter import Chapter
    from ..statements.claims import Claim


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("modeflow", "claims as tests")
    group.addoption(
        "--modeflow",
        action="store_true",
        help="collect the claims of *_chapter.py and the marked equations of *.tex, *.md and *.ipynb (default: off)",
    )
    group.addoption(
        "--modeflow-chapters",
        action="append",
        default=[],
        metavar="FILE.py|DIR",
        help="chapters of your own against which manuscripts are checked; they are code, and are run (default: none)",
    )
    group.addoption(
        "--modeflow-time-limit",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="most time for each equation of a claim (seconds; default: 10)",
    )


def _seconds(text: str) -> float:
    from .options import positive

    return positive(text)


def pytest_configure(config: pytest.Config) -> None:
    for name in config.getoption("modeflow_chapters"):
        if not config.getoption("modeflow"):
            raise pytest.UsageError(f"--modeflow-chapters {name}: goes with --modeflow; add it")
        if not os.path.lexists(name):
            raise pytest.UsageError(f"--modeflow-chapters {name}: there is no such file or folder; give one that is")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not parent.config.getoption("modeflow"):
        return None
    if file_path.name.endswith("_chapter.py"):
        return ChapterFile.from_parent(parent, path=file_path)
    return _run(parent.config).collected(file_path, parent)


def pytest_unconfigure(config: pytest.Config) -> None:
    if (run := config.stash.get(_RUN, None)) is not None:
        run.stop()


class ChapterFile(pytest.File):
    """A file of chapters: a test for each claim."""

    def collect(self) -> Iterator[pytest.Item]:
        from ..statements.catalogue import UnusableChapter, load_chapters

        try:
            chapters = load_chapters(self.path)
        except UnusableChapter as error:
            raise self.CollectError(_shown(str(error))) from None
        for claim in (claim for chapter in chapters for claim in chapter.stated.values()):
            yield ClaimItem.from_parent(self, name=claim.id, claim=claim)


def _shown(text: str) -> str:
    from ..files.printable import lines

    return lines(text)


def _name(text: str) -> str:
    """A name in one line, which is no command where a line begins with it."""
    from ..files.printable import lines, shown

    return lines(shown(text))


class Unfit(Exception):
    """A claim or an equation that is not as stated; the message is the report."""


class _Statement(pytest.Item):
    """A test whose failure is told in words, without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _shown(str(excinfo.value)) if isinstance(excinfo.value, Unfit) else super().repr_failure(excinfo, style)


class ClaimItem(_Statement):
    """One claim: passes where its verdict is the one that its chapter states."""

    def __init__(self, *, claim: Claim, **given: Any) -> None:
        super().__init__(**given)
        self.claim = claim

    def runtest(self) -> None:
        from ..statements import cache
        from ..statements.verification_report import Outcome

        verdict = cache.verify(self.claim, time_limit=self.config.getoption("modeflow_time_limit"))
        if not Outcome(self.claim, verdict).clean:
            raise Unfit("\n".join(_report(self.claim, verdict)))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        file, _, line = self.claim.where.rpartition(":")
        # Not the name alone: where a heading ends the id, pytest rewrites its dots. The file may be one beside this.
        heading = f"claim {self.claim.id}"
        return (Path(file).resolve(), int(line) - 1, heading) if file else (self.path, None, heading)


def _report(claim: Claim, verdict: Verdict) -> Iterator[str]:
    yield f"{claim.id}: {claim.says}"
    yield f"  {claim.lhs} {claim.relation} {claim.rhs}{claim.given_text()}"
    yield f"  {verdict}" + ("" if claim.expects == "proved" else f" (stated {claim.expects})")
    yield f"{claim.where}: {verdict.status}"


# Manuscripts ----------------------------------------------------------------------------------------------


class Run:
    """What the manuscripts of one run share: configurations, the papers read so far, and what judges equations."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.papers: list[Paper] = []
        self.required: dict[str, Path] = {}
        self.labels: dict[str, Path] = {}
        self._complained: set[str] = set()
        self._futures: dict[int, Future[Finding]] = {}
        self.section, self.parts = cache(_section), cache(_parts)
        self._mains = cache(lambda folder: [one for one in sorted(folder.glob("*.tex")) if self.parts(one)])
        self._configurations = cache(self._configuration)

    @cached_property
    def _chapters(self) -> list[Chapter]:
        from .selection import loaded_chapters

        return [chapter for name in self.config.getoption("modeflow_chapters") for chapter in loaded_chapters(name)]

    def _configuration(self, folder: Path) -> Configuration:
        from ..manuscript.mean.notation import load
        from .status import UsageError

        try:
            return load(None, folder, self._chapters)
        except UsageError as error:
            raise ValueError(str(error)) from None

    def collected(self, path: Path, parent: pytest.Collector) -> Manuscript | None:
        """The file, if anything may be found in it; a file that is part of another is read there."""
        from ..manuscript.text.folders import is_manuscript

        if not is_manuscript(path) or not self._is_wanted(path):
            return None
        named = parent.session.isinitpath(path)
        if self._is_part(path) and not named:
            return None
        return Manuscript.of(parent, path)

    def _is_wanted(self, path: Path) -> bool:
        from ..manuscript.text.folders import may_be_marked

        section, fault = self.section(path.parent)
        asks = isinstance(section, dict) and bool(section.get("labels") or section.get("require"))
        return bool(fault) or asks or may_be_marked(path)

    def _is_part(self, path: Path) -> bool:
        """Whether another file that this run collects inputs it."""
        if path.suffix.lower() != ".tex":
            return False
        real, own = os.path.realpath(path), self.parts(path)
        return any(
            real in self.parts(other) and (os.path.realpath(other) not in own or os.path.realpath(other) < real)
            for other in self._mains_above(path)
            if other != path
        )

    def _mains_above(self, path: Path) -> Iterator[Path]:
        """The files that input others, in the folders above, and that this run collects."""
        mains = (main for folder in path.parents if self._may_collect(folder) for main in self._mains(folder))
        ignores = self.config.hook.pytest_ignore_collect
        return (main for main in mains if not ignores(collection_path=main, config=self.config))

    def _may_collect(self, folder: Path) -> bool:
        named = (Path(self.config.invocation_params.dir, argument.split("::")[0]) for argument in self.config.args)
        return any(folder.is_relative_to(os.path.abspath(one)) for one in named)

    def read(self, path: Path) -> Paper:
        """The paper; raises ValueError where it, or its configuration, cannot be used."""
        from ..manuscript.pipeline import Paper, kept
        from ..manuscript.text.folders import relative

        limit = self.config.getoption("modeflow_time_limit")
        chosen = self._configurations(path.parent)
        paper = Paper(relative(path), chosen, limit, kept(chosen))
        self.papers.append(paper)
        return paper

    def is_new(self, complaint: str) -> bool:
        """Whether this was not said before: one bad configuration is one failing test."""
        new = complaint not in self._complained
        self._complained.add(complaint)
        return new

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        from ..manuscript.pipeline import threads

        return threads(1 if hasattr(self.config, "workerinput") else os.cpu_count() or 1)

    def submit(self, items: list[EquationItem]) -> None:
        """Have the equations judged, in this order, as processors are free."""
        for item in items:
            if id(item) not in self._futures:
                self._futures[id(item)] = self._threads.submit(item.paper.finding, item.work)

    def finding(self, item: EquationItem) -> Finding:
        """The verdict on an equation. Workers of pytest-xdist do not know which are theirs before each runs."""
        if not self._futures and not hasattr(self.config, "workerinput"):
            self.submit([one for one in item.session.items if isinstance(one, EquationItem)])
        self.submit([item])
        return self._futures[id(item)].result()

    def stop(self) -> None:
        """Nothing waits for what was not run."""
        for future in self._futures.values():
            future.cancel()


_RUN = pytest.StashKey[Run]()


def _run(config: pytest.Config) -> Run:
    if _RUN not in config.stash:
        config.stash[_RUN] = Run(config)
    return config.stash[_RUN]


def _section(folder: Path) -> tuple[Any, str]:
    """The [manuscript] table for a folder, and why there is none that can be used."""
    from ..manuscript.text.folders import UnusableConfiguration, section

    try:
        table_and_place = section(None, folder)
    except UnusableConfiguration as error:
        return None, str(error)
    return (table_and_place and table_and_place[0]), ""


def _parts(path: Path) -> frozenset[str]:
    """The files that a file inputs; the engine is loaded only where it may input one."""
    from ..files.inputs import Unreadable
    from ..manuscript.text.folders import raw

    try:
        if b"\\in" not in raw(path):
            return frozenset()
    except Unreadable:
        return frozenset()
    from ..manuscript.text.sources import parts

    return parts(path)


class Manuscript(pytest.File):
    """A paper: a test for each marked equation, and for each claim that its configuration requires."""

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path) -> Manuscript:
        name = _name(path.name)
        given: dict[str, Any] = {} if name == path.name else {"nodeid": f"{parent.nodeid}/{name}".lstrip("./")}
        collected: Manuscript = cls.from_parent(parent, path=path, **given)
        collected.name = name
        return collected

    def collect(self) -> Iterator[pytest.Item]:
        run = _run(self.config)
        if run._is_part(self.path):
            return
        try:
            paper = run.read(self.path)
        except (ValueError, OSError, RecursionError) as error:
            yield from self._unread(str(error) or "nested too deeply")
            return
        yield from self._equations(paper)
        yield from self._asked(paper)

    def _unread(self, reason: str) -> Iterator[pytest.Item]:
        if _run(self.config).is_new(reason):
            yield UnreadItem.from_parent(self, name="unread", reason=reason)

    def _asked(self, paper: Paper) -> Iterator[pytest.Item]:
        """What the configuration wants some paper to state; asked of the first one only."""
        run = _run(self.config)
        for identifier in paper.requires:
            if run.required.setdefault(identifier, self.path) == self.path:
                yield RequiredItem.from_parent(self, name=f"requires {identifier}", paper=paper, identifier=identifier)
        for label in paper.labels:
            if run.labels.setdefault(label, self.path) == self.path:
                yield LabelItem.from_parent(self, name=_name(f"label {label}"), paper=paper, label=label)

    def _equations(self, paper: Paper) -> Iterator[pytest.Item]:
        from ..manuscript.judge.findings import names

        told = [(work, paper.unjudged(work)) for work in paper.work]
        told = [(work, finding) for work, finding in told if finding.verdict not in ("ignored", "unchecked", "unread")]
        for name, (work, finding) in zip(names([finding for _, finding in told]), told, strict=True):
            yield EquationItem.from_parent(self, name=_name(name), paper=paper, work=work, stated=finding)


class _OfFile(_Statement):
    """What is said of a file as a whole."""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return Path(*map(_name, self.path.parts)), 0, self.name


class UnreadItem(_OfFile):
    """A paper, or a configuration, that cannot be used: it fails, and the others are run."""

    def __init__(self, *, reason: str, **given: Any) -> None:
        super().__init__(**given)
        self.reason = reason

    def runtest(self) -> None:
        from ..files.printable import shown

        raise Unfit(shown(self.reason))


class EquationItem(_Statement):
    """One marked equation: passes where the check says ok."""

    def __init__(self, *, paper: Paper, work: Any, stated: Finding, **given: Any) -> None:
        super().__init__(**given)
        self.paper, self.work, self.stated = paper, work, stated

    def runtest(self) -> None:
        _hold(_run(self.config).finding(self))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        place = Path(*map(_name, Path(os.path.abspath(self.stated.file)).parts))
        return place, (self.stated.line_in_file or self.stated.line) - 1, f"equation {self.name}"


class RequiredItem(_OfFile):
    """A claim that the configuration requires: passes where an equation of any paper states it."""

    def __init__(self, *, paper: Paper, identifier: str, **given: Any) -> None:
        super().__init__(**given)
        self.paper, self.identifier = paper, identifier

    def runtest(self) -> None:
        from ..manuscript.pipeline import is_stated, missing

        marked = ((p, work) for p in _run(self.config).papers for work in p.work)
        findings = (p.finding(work) for p, work in marked if p.unjudged(work).claim == self.identifier)
        if not any(is_stated(self.identifier, [finding]) for finding in findings):
            _hold(missing(self.identifier, str(self.paper.path)))


class LabelItem(_OfFile):
    """A label to which the configuration gives a claim: passes where an equation of any paper bears it."""

    def __init__(self, *, paper: Paper, label: str, **given: Any) -> None:
        super().__init__(**given)
        self.paper, self.label = paper, label

    def runtest(self) -> None:
        from ..manuscript.pipeline import unborne

        if not any(self.label in paper.borne for paper in _run(self.config).papers):
            _hold(unborne(self.label, self.paper.labels[self.label], str(self.paper.path)))


def _hold(finding: Finding) -> None:
    if finding.verdict != "ok":
        raise Unfit("\n".join(_told(finding)))


def _told(finding: Finding) -> Iterator[str]:
    from ..files.printable import shown

    details = {
        "understood as": finding.understood,
        "witness": finding.witness,
        "did you mean": finding.suggestion,
        "because": finding.reason,
    }
    yield shown(f"{finding.claim}: {finding.latex}")
    yield from (shown(f"  {name}: {value}") for name, value in details.items() if value)
    yield shown(f"{finding.place}: {finding.verdict}")
