"""Shell completion: the script that a shell reads, written by shtab from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from . import options
from .status import CLEAN, UsageError

__all__ = ["SHELLS", "PrintCompletion"]

SHELLS = ("bash", "zsh", "tcsh")
_PLACES = (Path, options.file, options.new_file, options.file_or_folder, options.picture)


class PrintCompletion(argparse.Action):
    """`--print-completion SHELL`: print the script and end."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: Any, *__: object) -> NoReturn:
        print(script(parser, shell))
        parser.exit(CLEAN)


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script with which this shell completes commands, options, choices, files and folders."""
    try:
        import shtab
    except ModuleNotFoundError as error:
        raise UsageError("shtab is needed for completion: pip install 'modeflow[completion]'") from error
    for action in _actions(parser):
        if action.type in _PLACES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.type is options.folder:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    return str(shtab.complete(parser, shell=shell))


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Those of the parser and of all its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
