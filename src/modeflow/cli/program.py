"""The program: reads the command line, runs one command and says how it ended."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ..inputs import Unreadable
from ..shown import screened, shown
from . import check, compare, derive, figures, generate, new, recommend, sweep, verify
from .status import CLEAN, USAGE, UsageError

_INTERRUPTED, _PIPE_CLOSED = 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    with screened():
        return _run(argv)


def _run(argv: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show λ shows a question mark instead of a traceback.
        if isinstance(inner := getattr(stream, "stream", stream), io.TextIOWrapper):
            inner.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except UsageError as error:
        print(f"modeflow: {shown(error)}", file=sys.stderr)
        return USAGE
    except (Unreadable, UnicodeError) as error:
        print(f"modeflow: {shown(error)}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("modeflow: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit; give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except OSError as error:  # where no command says more
        place = f"{error.filename}: " if error.filename is not None else ""
        print(f"modeflow: {shown(f'{place}{error.strerror or error}')}", file=sys.stderr)
        return USAGE
    return status


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {shown(message)}\nTry `{self.prog} --help`.\n")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from .. import __version__

        print(f"modeflow {__version__}")
        parser.exit(CLEAN)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="modeflow", description="Derive, prove and evaluate how linear autoencoders learn.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for noun in (derive, verify, new, generate, compare, sweep, figures, recommend, check):
        noun.add(commands)
    return parser
