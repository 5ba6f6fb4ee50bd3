"""How a command states its options, each with its default and unit, and what an option may be."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from .examples import EXAMPLES

SQUARED = "squared numbers of DATA, as they are scaled"
KINDS = "CSV, TSV, Parquet, .npy, .npz, IDX, CIFAR-10, or a folder of pictures"
_LONG = 25  # characters of choices
_AS_READ = ("scale", "white", "center", "labels")


def command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], says: str) -> Callable[..., None]:
    """Add a command that calls `run`; return the function that adds its options.

    That takes what `add_argument` does, and: unit, of a number; absent, what holds where the option is left out and has
    no default. Both are shown behind the help.
    """
    given = {"formatter_class": _Help, "epilog": _shown(EXAMPLES[name]), "allow_abbrev": False}
    parser = commands.add_parser(name, help=says, description=says, **given)
    parser.set_defaults(run=run, parser=parser)

    def option(*names: str, help: str, unit: str = "", absent: str = "", **given: Any) -> None:
        if len(",".join(given.get("choices", ()))) > _LONG:  # nothing parts them in the first lines of the help
            given.setdefault("metavar", names[-1].strip("-").upper())
            help = f"{help}: {', '.join(given['choices'])}"
        shown = "; ".join(filter(None, [unit, _left_out(names, absent, given)])).replace("%", "%%")
        parser.add_argument(*names, help=f"{help} ({shown})" if shown else help, **given)

    option("-q", "--quiet", action="store_true", help="print nothing but results and errors")
    option("-v", "--verbose", action="store_true", help="say on standard error what is done and how long it took")
    return option


class _Help(argparse.HelpFormatter):
    """Fits the terminal, or COLUMNS, and leaves examples as they are written."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith("examples:") else super()._fill_text(text, width, indent)


def _shown(examples: Iterable[tuple[str, str]]) -> str:
    return "\n".join(["examples:", *(f"  {typed}\n      {does}" for typed, does in examples)])


def data_options(option: Callable[..., None]) -> None:
    """The options that say how DATA are read; `as_read` has what was given."""
    option(
        "--scale",
        choices=("none", "unit", "standard"),
        help="leave numbers as they are, divide all by one, or standardise each column",
        absent="unit for images and arrays of one or two unsigned bytes, else none",
    )
    option(
        "--white",
        type=positive,
        metavar="N",
        help="what a white pixel is, for scale unit, e.g. 255",
        unit="as the numbers in DATA",
        absent="the largest of their type, else the largest there is",
    )
    option("--center", action="store_true", help="take the mean of each column off")
    option(
        "--label",
        dest="labels",
        action="append",
        metavar="NAME",
        help="a column to leave out, by its name or else number; may be given again",
        absent="every column is used",
    )


def as_read(arguments: argparse.Namespace) -> dict[str, Any]:
    """How DATA are to be read, as `modeflow.data.load` takes it."""
    return {name: getattr(arguments, name) for name in _AS_READ} | {"labels": arguments.labels or ()}


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
