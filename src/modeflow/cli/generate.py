"""`modeflow generate`: the evaluators, from the proved expressions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command
from .status import CLEAN, FINDINGS, UsageError


def add(commands: Any) -> None:
    option = command(commands, "generate", run, "Write the evaluators from the proved expressions.")
    option("--target", choices=["python", "array_api", "c", "javascript"], default="python")
    option("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    option("-o", "--output", type=Path, metavar="DIR", help="default, but for javascript: the package's own")


def run(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    from ..emit import array_api, c, javascript, python

    emitter = {"python": python, "array_api": array_api, "c": c, "javascript": javascript}[arguments.target]
    generated = Path(__file__).parents[1] / "generated"
    own = {"python": generated, "array_api": generated / "array_api", "c": generated / "c"}
    folder = arguments.output or own.get(arguments.target)
    if folder is None:
        raise UsageError(f"--target {arguments.target} needs a directory to write to: add -o DIR")
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
