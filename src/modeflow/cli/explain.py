"""`modeflow explain`: what a reason of `modeflow check` means, and what to do."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from .options import command
from .printing import formats, print_found
from .status import CLEAN, UsageError


def add(commands: Any) -> None:
    option = command(commands, "explain", run, "What a reason of `modeflow check` means, and what to do.")
    option("reason", nargs="*", metavar="REASON", help="a name, or a message in quotes", absent="the list of all")
    option("--page", action="store_true", help="print all of them as a page in Markdown")
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation of a reason, or the list of all."""
    from ..manuscript.report.explanations import explanation_of, explanations, page

    asked = " ".join(arguments.reason)
    if arguments.page:
        if asked:
            raise UsageError(f"--page prints all reasons: leave {asked!r} out")
        print(page(), end="")
    elif not asked:
        listed = [{"name": one.name, "verdict": one.verdict} for one in explanations().values()]
        text = "\n".join(f"{one['name']:24s}{one['verdict']}" for one in listed)
        print_found(arguments.output_format, text, {"reasons": listed})
    elif (found := explanation_of(asked)) is None:
        raise UsageError(f"{asked!r} is no reason of `modeflow check`: give one of {', '.join(explanations())}")
    else:
        print_found(arguments.output_format, found.text(), asdict(found))
    return CLEAN
