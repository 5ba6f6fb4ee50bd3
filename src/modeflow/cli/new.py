"""`modeflow new`: a chapter to begin with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..files.printable import shown
from .options import command
from .status import CLEAN, UsageError


def add(commands: Any) -> None:
    option = command(commands, "new", run, "Write a file to begin with: a chapter that verifies.")
    option("kind", choices=["chapter"])
    option("name", metavar="NAME", help="a lowercase word, the first part of every id; NAME_chapter.py is written")
    option("-o", "--output", type=Path, metavar="FILE.py", help="write there instead")


def run(arguments: argparse.Namespace) -> int:
    """Write a chapter to begin with; never over a file that is there."""
    from ..files import write
    from .chapter_template import chapter

    try:
        text = chapter(arguments.name)
    except ValueError as error:
        raise UsageError(str(error)) from error
    path = arguments.output or Path(f"{arguments.name}_chapter.py")
    try:
        write(path, text, new=True)
    except FileExistsError:
        raise UsageError(f"{path}: is there already; choose another name") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    print(shown(f"{path}: verify it with `modeflow verify {path}`"))
    return CLEAN
