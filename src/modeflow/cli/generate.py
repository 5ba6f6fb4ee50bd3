"""`modeflow generate`: the evaluators, from the proved expressions."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from ..files.places import folder_place
from ..files.printable import shown
from .options import command
from .printing import formats, print_found, print_paths
from .status import CLEAN, FINDINGS, UsageError, usage_errors, writing

TARGETS = ("python", "array_api", "c", "fortran", "javascript", "julia")
MODULES = {"python": "numpy"}  # a target that has not the name of its module

_GENERATED = Path(__file__).parents[1] / "evaluate" / "generated"
OWN = {"python": _GENERATED, "array_api": _GENERATED / "array_api", "c": _GENERATED / "c"}  # what the package keeps

OWN_FOLDERS = "for python, array_api and c the package's own, for others none"


def add(commands: Any) -> None:
    option = command(commands, "generate", run, "Write the evaluators from the proved expressions.")
    option("--target", choices=TARGETS, default="python", help="language that is written")
    option("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    option("-o", "--output", type=Path, metavar="DIR", help="write there; made if need be", absent=OWN_FOLDERS)
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    emitter = import_module(f"modeflow.codegen.{MODULES.get(arguments.target, arguments.target)}")
    folder = _own(arguments.target) if arguments.output is None else arguments.output
    if arguments.check:
        return _compare(emitter, folder, arguments.output_format)
    with usage_errors(ValueError):
        folder_place(folder)
    with writing(folder):
        paths = emitter.write(folder)
    print_paths(arguments.output_format, paths)
    return CLEAN


def _own(target: str) -> Path:
    if target not in OWN:
        raise UsageError(f"--target {target} needs a directory to write to: add -o DIR")
    return OWN[target]


def _compare(emitter: Any, folder: Path, form: str) -> int:
    """Show what would change."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such directory; give the one that was written, with -o")
    differences = emitter.stale(folder)
    text = "\n".join(differences) if differences else shown(f"{folder}: up to date")
    print_found(form, text, {"folder": str(folder), "differences": differences})
    return FINDINGS if differences else CLEAN
