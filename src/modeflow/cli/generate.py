"""`modeflow generate`: the evaluators, from the proved expressions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command
from .status import CLEAN, FINDINGS, UsageError


def add(commands: Any) -> None:
    option = command(commands, "generate", run, "Write the evaluators from the proved expressions.")
    option("--target", choices=["python", "c", "javascript"], default="python")
    option("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    option("-o", "--output", type=Path, metavar="DIR", help="default, for python and c: the package's own")


def run(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    from ..emit import c, javascript, python

    emitter = {"python": python, "c": c, "javascript": javascript}[arguments.target]
    if arguments.output is None and emitter is javascript:
        raise UsageError(f"--target {arguments.target} needs a directory to write to: add -o DIR")
    own = Path(__file__).parents[1] / "generated"
    folder = arguments.output or (own / "c" if emitter is c else own)
    if arguments.check:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such directory")
        differences = emitter.stale(folder)
        print("\n".join(differences) if differences else f"{folder}: up to date")
        return FINDINGS if differences else CLEAN
    try:
        for path in emitter.write(folder):
            print(path)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return CLEAN
