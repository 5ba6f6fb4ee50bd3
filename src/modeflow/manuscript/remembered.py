"""A whole check that is kept: papers that have not changed are not judged again, and no mathematics is loaded for them.

The findings stand under a digest of all that they depend on: what is read of the papers, their configurations, the
options, every source file of this package and of the chapters, and the versions they run on. Nothing is kept where a
limit of time or memory had a part in it, nor where chapters of the reader's own are given. Of the same papers the last
check is kept alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import inputs
from ..files.inputs import MIB
from ..statements import deciding_files, kept
from .judge.findings import Correction, Edit, Finding
from .text.folders import listed, section
from .text.sources import outermost, read

if TYPE_CHECKING:
    from ..statements.chapter import Chapter


LARGEST = MIB // 2  # bytes of a notation


def check(
    paths: Sequence[Path],
    configured: Path | None,
    *,
    time_limit: float,
    jobs: int,
    cache: bool,
    chapters: Sequence[Chapter],
    steps: bool,
    progress: Callable[[int, int], None] | None,
) -> list[Finding]:
    """`manuscript.check` with coverage, or what it found before; configured: the configuration, if one is named."""
    digest = _digest(paths, configured, time_limit, steps) if cache and not chapters else None
    if digest is not None and (known := _known(_place(paths), digest)) is not None:
        return known

    from ..proof import limits
    from .mean.notation import load
    from .pipeline import check

    before = limits.reached()
    findings = check(
        paths,
        load(configured, Path(), chapters) if configured else None,
        time_limit=time_limit,
        jobs=jobs,
        coverage=True,
        cache=cache,
        chapters=chapters,
        steps=steps,
        progress=progress,
    )
    # A paper may change while it is checked.
    if digest is not None and limits.reached() == before and digest == _digest(paths, configured, time_limit, steps):
        _keep(_place(paths), digest, findings)
    return findings


def _digest(paths: Iterable[Path], configured: Path | None, time_limit: float, steps: bool) -> str | None:
    """A digest of all that the findings depend on; None where something of it cannot be read."""
    try:
        papers = [
            [repr(read(path)), repr(found := section(configured, path.parent)), _notation(found)]
            for path in outermost(listed(paths))
        ]
    except (OSError, ValueError, RecursionError):  # which is said when they are checked
        return None
    return kept.address([papers, time_limit, steps, deciding_files.whole(), *kept.versions()])


def _notation(found: tuple[Any, str] | None) -> str:
    """The text of the notation that a configuration names by its file."""
    table, place = found or ({}, "")
    name = table.get("notation") if isinstance(table, dict) else None
    if not isinstance(name, str) or not name.endswith(".toml"):
        return ""
    return inputs.text(Path(place).parent / name, LARGEST)


def _place(paths: Iterable[Path]) -> Path:
    return kept.place("checks", kept.address([os.path.realpath(path) for path in paths]))


def _known(place: Path, digest: str) -> list[Finding] | None:
    record = kept.record(place, "check")
    if not isinstance(record, dict) or record.get("of") != digest:
        return None
    return list(map(_finding, record["findings"]))


def _keep(place: Path, digest: str, findings: Sequence[Finding]) -> None:
    """Keep the findings, if they are plain data."""
    try:
        record = json.loads(json.dumps([asdict(finding) for finding in findings]))
    except (TypeError, ValueError, RecursionError):
        return
    if list(map(_finding, record)) == findings:
        kept.keep(place, "check", {"of": digest, "findings": record})


def _finding(record: dict[str, Any]) -> Finding:
    edits = record["correction"]
    correction = edits and Correction(tuple(Edit(**edit) for edit in edits["edits"]), edits["refused"])
    return Finding(**record | {"correction": correction})
