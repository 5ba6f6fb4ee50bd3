"""`modeflow new`: a chapter to begin with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..files.printable import shown
from .options import command, new_file
from .printing import formats, print_found
from .status import CLEAN, UsageError, usage_errors, write_new


def add(commands: Any) -> None:
    option = command(commands, "new", run, "Write a file to begin with: a chapter that verifies.")
    option("kind", choices=["chapter"], help="what to write")
    option("name", metavar="NAME", help="a lowercase word, the first part of every id; NAME_chapter.py is written")
    option("-o", "--output", type=new_file, metavar="FILE.py", help="write there", absent="NAME_chapter.py")
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Write a chapter to begin with; never over a file that is there."""
    from ..statements.shipped import known_keys
    from .chapter_template import chapter

    with usage_errors(ValueError):
        text = chapter(arguments.name)
    if arguments.name in known_keys():
        raise UsageError(f"{arguments.name} is a chapter that ships; ids are unique, take another name")
    path = arguments.output or Path(f"{arguments.name}_chapter.py")
    if path.suffix != ".py":
        raise UsageError(f"-o {path}: a chapter is Python; take a name that ends in .py")
    write_new(path, text)
    told = f"{path}: verify it with `modeflow verify {path}`"
    print_found(arguments.output_format, shown(told), {"written": [str(path)]})
    return CLEAN
