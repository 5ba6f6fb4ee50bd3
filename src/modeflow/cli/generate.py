"""`modeflow generate`: the evaluators, from the proved expressions."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from ..files.printable import shown
from .options import command
from .status import CLEAN, FINDINGS, UsageError

TARGETS = ("python", "array_api", "c", "fortran", "javascript", "julia")
MODULES = {"python": "numpy"}  # a target that has not the name of its module


def add(commands: Any) -> None:
    option = command(commands, "generate", run, "Write the evaluators from the proved expressions.")
    option("--target", choices=TARGETS, default="python")
    option("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    option("-o", "--output", type=Path, metavar="DIR", help="default, for python, array_api and c: the package's own")


def run(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    emitter = import_module(f"modeflow.codegen.{MODULES.get(arguments.target, arguments.target)}")
    generated = Path(__file__).parents[1] / "evaluate" / "generated"
    own = {"python": generated, "array_api": generated / "array_api", "c": generated / "c"}
    folder = arguments.output or own.get(arguments.target)
    if folder is None:
        raise UsageError(f"--target {arguments.target} needs a directory to write to: add -o DIR")
    if arguments.check:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such directory")
        differences = emitter.stale(folder)
        print("\n".join(differences) if differences else shown(f"{folder}: up to date"))
        return FINDINGS if differences else CLEAN
    try:
        paths = emitter.write(folder)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror or error}") from error
    print("\n".join(map(shown, paths)))
    return CLEAN
