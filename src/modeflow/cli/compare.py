"""`modeflow compare`: the theory against training on real data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command, not_negative, positive, whole
from .progress import bar
from .status import CLEAN, data_errors

_SETTING = ("noise", "decay", "hidden", "lr", "epochs", "modes", "seed", "white")


def add(commands: Any) -> None:
    option = command(commands, "compare", run, "Hold the theory against training on real data.")
    option("data", nargs="?", type=Path, metavar="DATA", help="IDX, CIFAR-10 binary or .npy images")
    option("--noise", type=not_negative, default=0.0, metavar="S2", help="variance of the input noise")
    option("--decay", type=not_negative, default=0.0, metavar="G", help="weight decay per sample")
    option("--hidden", type=whole(1), default=256, metavar="H", help="hidden units")
    option("--lr", type=positive, default=0.01, help="learning rate")
    option("--epochs", type=whole(1), default=2000)
    option("--modes", type=_modes, metavar="0,3,7", help="modes to show")
    option("--seed", type=whole(0), default=0)
    option("--white", type=positive, metavar="N", help="the number of a white pixel in DATA, e.g. 255")
    option("-o", "--output", type=Path, metavar="FILE.png", help="draw theory against training")


def run(arguments: argparse.Namespace) -> int:
    """Train, predict, and print how far apart they are."""
    from ..experiments.comparison import compare, draw, table
    from ..files import figure_path

    given = {name: getattr(arguments, name) for name in _SETTING}
    with data_errors():
        picture = figure_path(arguments.output) if arguments.output else None
        with bar("training") as progress:
            comparison = compare(arguments.data, **given, progress=progress)
        print(table(comparison))
        if picture:
            draw(comparison, picture)
    return CLEAN


def _modes(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(whole(0)(part.strip()) for part in text.split(",")))
