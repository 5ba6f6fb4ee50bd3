"""`modeflow compare`: the theory against training on real data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import KINDS, SQUARED, as_read, command, data_options, not_negative, picture, positive, whole
from .printing import FORMATS, columns, formats, print_found
from .progress import bar
from .status import CLEAN, data_errors

_SETTING = ("noise", "decay", "hidden", "lr", "epochs", "modes", "seed")


def add(commands: Any) -> None:
    option = command(commands, "compare", run, "Hold the theory against training on real data.")
    option(
        "data",
        nargs="?",
        type=Path,
        metavar="DATA",
        help=KINDS,
        absent="256 synthetic samples of 64 numbers",
    )
    option(
        "--noise", type=not_negative, default=0.0, metavar="S2", help="variance of the noise on a feature", unit=SQUARED
    )
    option("--decay", type=not_negative, default=0.0, metavar="G", help="weight decay per sample", unit=SQUARED)
    option("--hidden", type=whole(1), default=256, metavar="H", help="width of the hidden layer", unit="units")
    option(
        "--lr",
        type=positive,
        help="learning rate",
        unit=f"1 / ({SQUARED})",
        absent="0.01, or 2/5 of the largest stable step where that is less",
    )
    option("--epochs", type=whole(1), default=2000, help="how long to train", unit="epochs, of one step each")
    option(
        "--modes",
        type=_modes,
        metavar="0,3,7",
        help="modes to show",
        unit="numbers from 0, by size of the eigenvalue",
        absent="five of those with a signal",
    )
    option("--seed", type=whole(0), default=0, help="seed of the initial weights", unit="whole number")
    data_options(option)
    formats(option, *FORMATS)
    option("-o", "--output", type=picture, metavar="FILE.png", help="draw theory against training", absent="no picture")


def run(arguments: argparse.Namespace) -> int:
    """Train, predict, and print how far apart they are."""
    from ..experiments.comparison import compare, draw
    from ..experiments.comparison_report import record, table

    given = {name: getattr(arguments, name) for name in _SETTING} | as_read(arguments)
    with data_errors():
        with bar("training") as progress:
            comparison = compare(arguments.data, **given, progress=progress)
        print_found(arguments.output_format, table(comparison, columns()), record(comparison))
        if arguments.output:
            draw(comparison, arguments.output)
    return CLEAN


def _modes(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(whole(0)(part.strip()) for part in text.split(",")))
