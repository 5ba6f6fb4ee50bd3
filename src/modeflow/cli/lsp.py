"""`modeflow lsp`: papers checked in an editor while they are written."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from .options import command, positive
from .status import CLEAN, UsageError


def add(commands: Any) -> None:
    option = command(commands, "lsp", run, "Serve an editor: check papers while they are written.")
    option(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML with a [manuscript] table",
        absent="modeflow.toml or pyproject.toml beside each paper or above",
    )
    option(
        "--chapters",
        action="append",
        default=[],
        metavar="FILE.py|DIR",
        help="chapters of your own to check against, besides those that ship; they are code, and are run",
        absent="none",
    )
    option("--steps", action="store_true", help="in every displayed chain, hold each member against the next")
    option("--time-limit", type=positive, default=5.0, metavar="S", help="most time for each proof", unit="seconds")
    option("--no-cache", action="store_true", help="neither read nor write comparisons kept on disk")


def run(arguments: argparse.Namespace) -> int:
    """Talk to an editor over standard input and output until it ends the server."""
    for name in (*arguments.chapters, *filter(None, [arguments.config])):
        if not os.path.lexists(name):
            raise UsageError(f"{name}: there is no such file or folder; give the path of one that is there")
    try:
        from ..editor.server import serve
    except ImportError as error:
        raise UsageError(f"{error.name} is needed for editors: pip install 'modeflow[lsp]'") from error
    serve(
        {
            "config": str(arguments.config.absolute()) if arguments.config else None,
            "chapters": [os.path.abspath(name) for name in arguments.chapters],
            "steps": arguments.steps,
            "time_limit": arguments.time_limit,
            "cache": not arguments.no_cache,
        }
    )
    return CLEAN
