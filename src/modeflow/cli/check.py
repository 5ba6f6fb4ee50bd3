"""`modeflow check`: the marked equations of manuscripts."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .options import command, positive, whole
from .status import CLEAN, FINDINGS, UsageError


def add(commands: Any) -> None:
    option = command(commands, "check", run, "Hold the marked equations of manuscripts against claims.")
    option("files", nargs="+", type=Path, metavar="FILE", help="LaTeX, Markdown or a Jupyter notebook")
    option("--config", type=Path, metavar="FILE", help="TOML with a [manuscript] table (default: found beside FILE)")
    option("--output-format", choices=["text", "json", "github", "junit", "sarif"], default="text")
    option("--echo", action="store_true", help="print how each equation was read")
    option("--strict", action="store_true", help="undecided and unparsed equations fail as well")
    option("--complete", action="store_true", help="displayed equations that are not checked fail as well")
    option("-j", "--jobs", type=whole(1), metavar="N", help="processes (default: one per core)")
    option("--time-limit", type=positive, default=10.0, metavar="S", help="seconds for each proof")


def run(arguments: argparse.Namespace) -> int:
    """Read manuscripts, compare their marked equations with claims, and say whether all agree."""
    from .. import manuscript
    from ..manuscript import findings
    from ..manuscript.junit import as_junit
    from ..manuscript.sarif import as_sarif

    try:
        chosen = manuscript.load(arguments.config, Path()) if arguments.config else None
        found = manuscript.check(
            arguments.files,
            chosen,
            time_limit=arguments.time_limit,
            jobs=arguments.jobs or os.cpu_count() or 1,
            coverage=True,
        )
    except (manuscript.UnreadableSource, manuscript.UnusableConfiguration) as error:
        raise UsageError(str(error)) from error
    asked = findings.Strictness(arguments.strict, arguments.complete)
    forms: dict[str, Callable[[], str]] = {
        "text": lambda: findings.as_text(found, arguments.echo),
        "json": lambda: findings.as_json(found),
        "github": lambda: findings.as_github(found, asked),
        "junit": lambda: as_junit(found, asked),
        "sarif": lambda: as_sarif(found, asked),
    }
    if written := forms[arguments.output_format]():
        print(written)
    return FINDINGS if any(finding.fails(asked) for finding in found) else CLEAN
