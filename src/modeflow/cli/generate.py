"""`modeflow generate`: the evaluators, from the proved expressions, of the package or of a chapter of one's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files.places import folder_place
from ..files.printable import shown
from .options import command
from .printing import formats, print_found, print_paths
from .selection import loaded_chapters
from .status import CLEAN, FINDINGS, UsageError, usage_errors, writing

if TYPE_CHECKING:
    from ..codegen.evaluator import Evaluator
    from ..statements.chapter import Chapter

TARGETS = ("python", "array_api", "c", "fortran", "javascript", "julia")
OF_CHAPTERS = ("python", "c", "javascript")
MODULES = {"python": "numpy"}  # a target that has not the name of its module

Stale = Callable[[Path], list[str]]
Write = Callable[[Path], list[Path]]
_GENERATED = Path(__file__).parents[1] / "evaluate" / "generated"
OWN = {"python": _GENERATED, "array_api": _GENERATED / "array_api", "c": _GENERATED / "c"}  # what the package keeps

OWN_FOLDERS = "for python, array_api and c the package's own, for others none"


def add(commands: Any) -> None:
    option = command(commands, "generate", run, "Write the evaluators from the proved expressions.")
    option(
        "chapter",
        nargs="?",
        metavar="CHAPTER.py",
        help="a file with chapters, which is run: write evaluators of their proved claims (python, c or javascript)",
        absent="the evaluators of the package",
    )
    option("--target", choices=TARGETS, default="python", help="language that is written")
    option("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    option("-o", "--output", type=Path, metavar="DIR", help="write there; made if need be", absent=OWN_FOLDERS)
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    if arguments.chapter is not None:
        stale, write, folder = _of_chapters(arguments)
    else:
        emitter = import_module(f"modeflow.codegen.{MODULES.get(arguments.target, arguments.target)}")
        stale, write = emitter.stale, emitter.write
        folder = _own(arguments.target) if arguments.output is None else arguments.output
    if arguments.check:
        return _compare(stale, folder, arguments.output_format)
    with usage_errors(ValueError):
        folder_place(folder)
    with writing(folder):
        paths = write(folder)
    print_paths(arguments.output_format, paths)
    return CLEAN


def _own(target: str) -> Path:
    if target not in OWN:
        raise UsageError(f"--target {target} needs a directory to write to: add -o DIR")
    return OWN[target]


def _compare(stale: Stale, folder: Path, form: str) -> int:
    """Show what would change."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such directory; give the one that was written, with -o")
    differences = stale(folder)
    text = "\n".join(differences) if differences else shown(f"{folder}: up to date")
    print_found(form, text, {"folder": str(folder), "differences": differences})
    return FINDINGS if differences else CLEAN


def _of_chapters(arguments: argparse.Namespace) -> tuple[Stale, Write, Path]:
    """What compares and writes the evaluators of each chapter of a file; each claim that is left out is named."""
    from ..codegen.numpy import differences, write_files

    if arguments.target not in OF_CHAPTERS:
        known = ", ".join(OF_CHAPTERS)
        raise UsageError(f"--target {arguments.target}: the evaluators of a chapter are written as {known}; choose one")
    if arguments.output is None:
        raise UsageError("the evaluators of a chapter need a directory to write to: add -o DIR")
    emitter = import_module(f"modeflow.codegen.chapter_{arguments.target}")
    texts, left_out = dict[str, str](), list[str]()
    for chapter in loaded_chapters(arguments.chapter):
        evaluators, reasons = _evaluators(chapter)
        written, more = emitter.files(chapter.key, evaluators)
        texts |= written
        left_out += [f"{claim} is left out: {reason}" for claim, reason in (reasons | more).items()]
    print("".join(f"{shown(line)}\n" for line in left_out), end="", file=sys.stderr)
    return (
        lambda folder: differences(folder, texts, emitter.PATTERN),
        lambda folder: write_files(folder, texts),
        arguments.output,
    )


def _evaluators(chapter: Chapter) -> tuple[dict[str, Evaluator], dict[str, str]]:
    """Those of the proved claims of a chapter, and why other claims that give a function have none."""
    from ..codegen.tape import NoEvaluator
    from ..statements.evaluated import gives_functions

    evaluators, left_out = dict[str, Any](), dict[str, str]()
    for claim in chapter.stated.values():
        try:
            found = claim.evaluator() if claim.satisfies and gives_functions(claim) else None
        except NoEvaluator as reason:
            left_out[claim.id] = str(reason).removeprefix(f"{claim.id}: ")
            continue
        if found is not None and (verdict := claim.verify()).status != "proved":
            left_out[claim.id] = f"it is {verdict.status}, not proved"
        elif found is not None:
            evaluators[claim.id] = found
    return evaluators, left_out
