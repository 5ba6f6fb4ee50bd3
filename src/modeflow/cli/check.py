"""`modeflow check`: the marked equations of manuscripts."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import write
from ..files.inputs import Unreadable
from ..files.printable import annotate, shown
from ..manuscript.text.folders import UnusableConfiguration, described, is_manuscript, raw, section
from .logs import note
from .options import command, file, new_file, positive, whole
from .progress import bar
from .selection import loaded_chapters, matching
from .status import CLEAN, FINDINGS, USAGE, UsageError, usage_errors, write_new, writing

if TYPE_CHECKING:
    from ..manuscript.judge.findings import Finding, Strictness

LONG = 2.0  # seconds after which a check shows how far it is
FORMS = ("text", "json", "github", "junit", "sarif")


def add(commands: Any) -> None:
    option = command(commands, "check", run, "Hold the marked equations of manuscripts against claims.")
    option(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="LaTeX, Markdown, a Jupyter notebook, or a pattern: 'p/**/*.tex'",
    )
    option(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML with a [manuscript] table",
        absent="modeflow.toml or pyproject.toml beside FILE or above",
    )
    option(
        "--chapters",
        action="append",
        default=[],
        metavar="FILE.py|DIR",
        help="chapters of your own to check against, besides those that ship; they are code, and are run",
        absent="none",
    )
    option("--new", action="store_true", help="check nothing; print a first configuration, with every symbol")
    option("--survey", action="store_true", help="check nothing; say what is read, and why the rest is not")
    option(
        "--which",
        metavar="FILE:LINE",
        help="check nothing; name the claims that the equation there states",
        absent="off",
    )
    option(
        "-o",
        "--output",
        type=new_file,
        metavar="FILE.toml",
        help="with --new, write it there; never over a file",
        absent="standard output",
    )
    option("--output-format", choices=FORMS, default="text", help="how findings are printed")
    option(
        "--table",
        type=file,
        metavar="FILE.md",
        help="write what was found there too, as a table in Markdown",
        absent="none written",
    )
    option("--echo", action="store_true", help="print how each equation was read")
    option("--steps", action="store_true", help="in every displayed chain, hold each member against the next")
    option("--strict", action="store_true", help="supported, undecided and unparsed equations fail as well; for CI")
    option("--complete", action="store_true", help="displayed equations that are not checked fail as well")
    option("--fix", action="store_true", help="write the correction of what is wrong, if it is proved and the only one")
    option("--diff", action="store_true", help="print what --fix would write, as a unified diff, and write nothing")
    option("-j", "--jobs", type=whole(1), metavar="N", help="proofs at a time", unit="processes", absent="one per core")
    option("--time-limit", type=positive, default=10.0, metavar="S", help="most time for each proof", unit="seconds")
    option("--no-cache", action="store_true", help="neither read nor write comparisons kept on disk")


def run(arguments: argparse.Namespace) -> int:
    """Read manuscripts, compare their marked equations with claims, and say whether all agree."""
    if arguments.which is not None:
        return _which(arguments)
    if not arguments.files:
        raise UsageError("no file to check: give one, such as paper.tex")
    arguments.files = list(map(Path, matching(map(str, arguments.files))))
    _refuse_odd(arguments)
    if arguments.survey:
        return _surveyed(arguments)
    if arguments.new:
        return _first_configuration(arguments)
    configurations = _configurations(arguments)  # before the engine is loaded, which takes longer
    findings = _checked(arguments)
    for said in configurations:
        _say(said)
    if arguments.fix or arguments.diff:
        findings = _mended(findings, arguments)
    return _status(findings, _asked(arguments)) if arguments.diff else _reported(findings, arguments)


def _say(text: str) -> None:
    note(f"modeflow: {text}")


def _mended(findings: list[Finding], arguments: argparse.Namespace) -> list[Finding]:
    """Write the corrections, or print them; the findings that hold then."""
    from ..manuscript.report.corrected_files import corrected, diff

    with usage_errors(Unreadable):
        files = corrected(findings)
    for finding in findings:
        if finding.correction and finding.correction.refused:
            _say(f"{finding.place}: not corrected: {finding.correction.refused}")
    if arguments.diff:
        print(diff(files), end="")
        return findings
    for path, now in files.items():
        _correct(path, now.after)
        for finding in now.made:
            _say(f"{finding.place}: corrected: {finding.suggestion}")
    return _checked(arguments) if files else findings


def _correct(path: Path, text: str) -> None:
    try:
        write(path, text)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be corrected: {why}; make it writable, or take --diff") from None


def _configurations(arguments: argparse.Namespace) -> list[str]:
    """By which configuration which files are read, in words; raises UsageError for one that cannot be read."""
    files: dict[str, list[str]] = {}
    for folder in dict.fromkeys(path.parent for path in arguments.files):
        with usage_errors(UnusableConfiguration):
            said = described(section(arguments.config, folder), bool(arguments.chapters))
        files.setdefault(said, []).extend(str(path) for path in arguments.files if path.parent == folder)
    return [said + (f": {', '.join(names)}" if len(files) > 1 else "") for said, names in files.items()]


def _reported(findings: list[Finding], arguments: argparse.Namespace) -> int:
    """Print the findings in the form asked for, and say how the command ends."""
    asked = _asked(arguments)
    _print(_written(findings, asked, arguments), arguments.output_format)
    if arguments.table is not None:
        from ..manuscript.report.table import as_table

        with writing(arguments.table):
            write(arguments.table, as_table(findings, asked))
    return _status(findings, asked)


def _asked(arguments: argparse.Namespace) -> Strictness:
    from ..manuscript.judge.findings import Strictness

    return Strictness(arguments.strict, arguments.complete)


def _print(written: str, form: str) -> None:
    if form == "github":
        annotate(written)
    elif written:
        print(written)


def _status(findings: list[Finding], asked: Strictness) -> int:
    if any(finding.verdict == "unknown" for finding in findings):
        return USAGE
    return FINDINGS if any(finding.fails(asked) for finding in findings) else CLEAN


def _checked(arguments: argparse.Namespace) -> list[Finding]:
    from .. import manuscript
    from ..manuscript import remembered
    from ..manuscript.judge.findings import with_nothing_checked

    chapters = [chapter for name in arguments.chapters for chapter in loaded_chapters(name)]
    with (
        usage_errors(manuscript.UnreadableSource, manuscript.UnusableConfiguration),
        bar("checking", LONG) as progress,
    ):
        findings = remembered.check(
            arguments.files,
            arguments.config,
            time_limit=arguments.time_limit,
            jobs=arguments.jobs or os.cpu_count() or 1,
            cache=not arguments.no_cache,
            chapters=chapters,
            steps=arguments.steps,
            progress=progress,
        )
    return with_nothing_checked(findings, str(arguments.files[0]))


def _written(findings: list[Finding], asked: Strictness, arguments: argparse.Namespace) -> str:
    from ..manuscript.report.github import as_github
    from ..manuscript.report.json import as_json
    from ..manuscript.report.junit import as_junit
    from ..manuscript.report.sarif import as_sarif
    from ..manuscript.report.text import as_text

    forms: dict[str, Callable[[], str]] = {
        "text": lambda: as_text(findings, arguments.echo),
        "json": lambda: as_json(findings),
        "github": lambda: as_github(findings, asked),
        "junit": lambda: as_junit(findings, asked),
        "sarif": lambda: as_sarif(findings, asked),
    }
    return forms[arguments.output_format]()


def _refuse_odd(arguments: argparse.Namespace) -> None:
    """Options that do nothing together, and what cannot be read, are said before the engine is loaded."""
    if arguments.fix and arguments.diff:
        raise UsageError("--fix does not go with --diff; leave one out")
    if arguments.diff and arguments.output_format != "text":
        raise UsageError(f"--diff does not go with --output-format {arguments.output_format}; leave one out")
    if arguments.diff and arguments.table is not None:
        raise UsageError("--diff does not go with --table; leave one out")
    if arguments.survey or arguments.new:
        _refuse_idle(arguments, "--survey" if arguments.survey else "--new")
    elif arguments.output is not None:
        raise UsageError(f"-o {arguments.output}: goes with --new alone; add --new, or leave -o out")
    for path in filter(is_manuscript, arguments.files):
        raw(path)


def _refuse_idle(arguments: argparse.Namespace, asked: str) -> None:
    """Refuse options about checking where nothing is checked."""
    given = {"--config": arguments.config, "--strict": arguments.strict, "--complete": arguments.complete}
    given |= {"--echo": arguments.echo, "--fix": arguments.fix, "--diff": arguments.diff}
    given["--table"] = arguments.table
    if asked == "--survey":
        given |= {
            "--steps": arguments.steps,
            "--new": arguments.new,
            "-o": arguments.output,
            "--chapters": arguments.chapters,
        }
    forms = ("text", "json") if asked == "--survey" else ("text",)
    given[f"--output-format {arguments.output_format}"] = arguments.output_format not in forms
    for other in (option for option, value in given.items() if value):
        raise UsageError(f"{asked} does not go with {other}; leave one out")


def _surveyed(arguments: argparse.Namespace) -> int:
    from .. import manuscript
    from ..manuscript.report.json import as_json
    from ..manuscript.report.survey import survey_text

    forms = {"text": survey_text, "json": as_json}
    with usage_errors(manuscript.UnreadableSource):
        print(forms[arguments.output_format](manuscript.survey(arguments.files)))
    return CLEAN


def _which(arguments: argparse.Namespace) -> int:
    """Name the claims that an equation states, or the nearest."""
    from ..manuscript import UnreadableSource, load
    from ..manuscript.report.which import which_text
    from ..manuscript.which import NoEquation, which

    name, _, line = arguments.which.rpartition(":")
    if not name or not (line.isascii() and line.isdigit()) or arguments.files:
        raise UsageError(f"--which {arguments.which}: give FILE:LINE alone, such as --which paper.tex:12")
    path = Path(name)
    with usage_errors(UnreadableSource, UnusableConfiguration, NoEquation):
        chosen = load(arguments.config, path.parent)
        print(which_text(which(path, int(line), chosen)))
    return CLEAN


def _first_configuration(arguments: argparse.Namespace) -> int:
    from .. import manuscript

    chapters = [chapter for name in arguments.chapters for chapter in loaded_chapters(name)]
    with usage_errors(manuscript.UnreadableSource, manuscript.UnusableConfiguration):
        text = manuscript.first_configuration(arguments.files, chapters, arguments.steps, marks=True)
    if arguments.output is None:
        print(text, end="")
    else:
        write_new(arguments.output, text)
        print(shown(arguments.output))
    return CLEAN
