"""`modeflow figures`: the paper's figures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command, folder, whole
from .printing import formats, print_paths
from .progress import bar
from .status import CLEAN, UsageError, data_errors


def add(commands: Any) -> None:
    option = command(commands, "figures", run, "Draw the paper's figures, their numbers as JSON and CSV beside them.")
    option("numbers", nargs="*", type=_figures, metavar="1-6|all", help="which", absent="all, or 1-4 without --data")
    option(
        "--data",
        type=Path,
        metavar="DIR|FILE",
        help="for figures 5 and 6: a folder with MNIST and CIFAR-10 images, or a file of other data",
        absent="none",
    )
    option("--fast", action="store_true", help="smaller networks and fewer images in figures 5 and 6")
    option("--samples", type=whole(1), metavar="N", help="what figure 6 trains on", unit="images", absent="2000")
    option("-o", "--output", type=folder, required=True, metavar="DIR", help="write there; made if need be")
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Compute, draw and write the figures named."""
    with data_errors():
        try:
            _draw(arguments)
        except OSError as error:
            if error.filename == "standard output":
                raise
            why = error.strerror or error
            raise UsageError(f"{arguments.output}: cannot be written: {why}; give another folder") from error
    return CLEAN


def _draw(arguments: argparse.Namespace) -> None:
    from ..experiments.figures import FIGURES, WITHOUT_DATA
    from ..experiments.figures import figures as written

    chosen = sorted({number for numbers in arguments.numbers for number in numbers})
    if not chosen:
        chosen = list(FIGURES if arguments.data else WITHOUT_DATA)
    with bar("training") as progress:
        more = {"fast": arguments.fast, "samples": arguments.samples, "progress": progress}
        print_paths(arguments.output_format, written(chosen, arguments.output, data=arguments.data, **more))


def _figures(text: str) -> tuple[int, ...]:
    """One number, a range as 1-4, or all."""
    if text == "all":
        return tuple(range(1, 7))
    first, dash, last = text.partition("-")
    ends = [int(end) if end.isdecimal() else 0 for end in (first, last if dash else first)]
    if not 1 <= ends[0] <= ends[1] <= 6:
        raise argparse.ArgumentTypeError(f"{text!r}: there are figures 1 to 6; give one, a range as 1-4, or all")
    return tuple(range(ends[0], ends[1] + 1))
