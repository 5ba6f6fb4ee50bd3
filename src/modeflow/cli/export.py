"""`modeflow export`: the claims as data for other programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from .options import command, file
from .selection import named_claims
from .status import CLEAN, UsageError, usage_errors, writing


def add(commands: Any) -> None:
    option = command(commands, "export", run, "Write the claims as JSON, or the JSON Schema of that.")
    option("form", choices=["json", "schema"], metavar="json|schema", help="the claims, or the JSON Schema of that")
    option(
        "names",
        nargs="*",
        metavar="CLAIM",
        help="an id, a chapter's key, or a FILE.py or FOLDER/",
        absent="all that ship",
    )
    option("--verdicts", action="store_true", help="verify the claims and write what came of each")
    option("-o", "--output", type=file, metavar="FILE", help="write there", absent="standard output")


def run(arguments: argparse.Namespace) -> int:
    """Write the claims named, or the schema of what is written."""
    text = _schema(arguments) if arguments.form == "schema" else _claims(arguments)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        _write(arguments.output, text)
    return CLEAN


def _schema(arguments: argparse.Namespace) -> str:
    from ..export.records import schema

    if arguments.names or arguments.verdicts:
        raise UsageError("export schema is about all claims: leave out claims and --verdicts")
    return schema()


def _claims(arguments: argparse.Namespace) -> str:
    from ..export.records import as_json
    from ..language.encoding import NotPlain
    from .verdicts import verdicts

    chosen = named_claims(arguments.names)
    with usage_errors(NotPlain):
        plain = as_json(chosen, None)  # what cannot be written is found before anything is proved
        return as_json(chosen, verdicts(chosen)) if arguments.verdicts else plain


def _write(path: Path, text: str) -> None:
    from ..files import write

    with writing(path):
        write(path, text)
