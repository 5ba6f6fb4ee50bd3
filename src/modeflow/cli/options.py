"""How a command states its options, each with its default and unit, and what an option may be."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

SQUARED = "squared pixel values, white being 1"
WHITE = {
    "help": "what a white pixel is in DATA, e.g. 255",
    "unit": "as the pixels in DATA",
    "absent": "of whole numbers the largest of their type, of others 1",
}


def command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], says: str) -> Callable[..., None]:
    """Add a command that calls `run`; return the function that adds its options.

    That takes what `add_argument` does, and: unit, of a number; absent, what holds where the option is left out and has
    no default. Both are shown behind the help.
    """
    parser = commands.add_parser(name, help=says, description=says, allow_abbrev=False)
    parser.set_defaults(run=run, parser=parser)

    def option(*names: str, help: str, unit: str = "", absent: str = "", **given: Any) -> None:
        shown = "; ".join(filter(None, [unit, _left_out(names, absent, given)])).replace("%", "%%")
        parser.add_argument(*names, help=f"{help} ({shown})" if shown else help, **given)

    return option


def _left_out(names: tuple[str, ...], absent: str, given: dict[str, Any]) -> str:
    """What holds where an option is left out."""
    if given.get("required"):
        return "required"
    if given.get("action") == "store_true":
        return "default: off"
    if absent or given.get("default") is not None:
        value = given.get("default")
        return f"default: {absent or (f'{value:g}' if isinstance(value, float) else value)}"
    return ""


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not finite; give a number")
    return value


def positive(text: str) -> float:
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not > 0; give a number that is")
    return value


def not_negative(text: str) -> float:
    value = _number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not >= 0; give a number that is")
    return value


def whole(least: int) -> Callable[[str], int]:
    """A whole number from `least` on."""
    return partial(_whole, least)


def _whole(least: int, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number >= {least} of at most nine digits")
    return int(text)


# Where results go: asked before there are any ----------------------------------------------------------------


def new_file(text: str) -> Path:
    """A place for a file, where nothing is yet."""
    from ..files.places import file_place

    return _place(text, lambda: file_place(text, new=True))


def file(text: str) -> Path:
    """A place for a file."""
    from ..files.places import file_place

    return _place(text, lambda: file_place(text))


def file_or_folder(text: str) -> Path:
    """A place for a file, or a folder."""
    from ..files.places import file_or_folder

    return _place(text, lambda: file_or_folder(text))


def folder(text: str) -> Path:
    """A place for files in a folder, which is made if need be."""
    from ..files.places import folder_place

    return _place(text, lambda: folder_place(text))


def picture(text: str) -> Path:
    """A place for a figure, whose name says its format."""
    from ..files import figure_path

    return _place(text, lambda: figure_path(text))


def _place(text: str, found: Callable[[], Path]) -> Path:
    if text in ("", "-"):  # for other programs the standard output
        raise argparse.ArgumentTypeError(f"{text!r} is no name here; give another, or ./- for a file of this name")
    try:
        return found()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
