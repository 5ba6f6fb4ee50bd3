"""`modeflow recommend`: noise and decay for a wanted shrinkage."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command, positive, whole
from .status import CLEAN, data_errors


def add(commands: Any) -> None:
    option = command(commands, "recommend", run, "The noise, and the decay, for a wanted shrinkage of real data.")
    option("data", type=Path, metavar="DATA", help="IDX, CIFAR-10 binary or .npy images")
    option("--keep", type=positive, metavar="K", help="share of the second moment to keep, up to 1")
    option("--dimension", type=positive, metavar="D", help="effective dimension, in place of --keep")
    option("--hidden", type=whole(1), metavar="H", help="hidden units (default: as many as pixels)")
    option("--lr", type=positive, help="learning rate (default: half the smaller stable step)")
    option("--std", type=positive, default=1e-3, help="standard deviation of the initial weights")
    option("--white", type=positive, metavar="N", help="the number of a white pixel in DATA, e.g. 255")
    option("-o", "--output", type=Path, metavar="FILE.png", help="draw the strengths over the spectrum")


def run(arguments: argparse.Namespace) -> int:
    """Print the noise and the decay for a wanted shrinkage, and what each costs."""
    from ..experiments.data import load_and_remark, spectrum
    from ..experiments.recommendation import draw, recommend, table
    from ..files import figure_path

    given = {name: getattr(arguments, name) for name in ("keep", "dimension", "hidden", "lr", "std")}
    with data_errors():
        picture = figure_path(arguments.output) if arguments.output else None
        images, remark = load_and_remark(arguments.data, white=arguments.white)
        advice = recommend(spectrum(images).eigenvalues, **given)
        print(table(advice) + (f"\nNote: {remark}." if remark else ""))
        if picture:
            draw(advice, picture)
    return CLEAN
