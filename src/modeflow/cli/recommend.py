"""`modeflow recommend`: noise and decay for a wanted shrinkage."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import KINDS, SQUARED, as_read, command, data_options, picture, positive, whole
from .printing import FORMATS, formats, print_found
from .progress import working
from .status import CLEAN, data_errors


def add(commands: Any) -> None:
    option = command(commands, "recommend", run, "The noise, and the decay, for a wanted shrinkage of real data.")
    option("data", type=Path, metavar="DATA", help=KINDS)
    option(
        "--keep",
        type=positive,
        metavar="K",
        help="of the second moment, how much to keep",
        unit="share, up to 1",
        absent="none; give this or --dimension",
    )
    option(
        "--dimension",
        type=positive,
        metavar="D",
        help="effective dimension, in place of --keep",
        unit="modes",
        absent="none",
    )
    option(
        "--hidden",
        type=whole(1),
        metavar="H",
        help="width of the hidden layer",
        unit="units",
        absent="as many as features",
    )
    option(
        "--lr",
        type=positive,
        help="learning rate",
        unit=f"1 / ({SQUARED})",
        absent="half the smaller stable step",
    )
    option("--std", type=positive, default=1e-3, help="standard deviation of the initial weights", unit="number")
    option("--seed", type=whole(0), default=0, help="seed of the initial weights", unit="whole number")
    data_options(option)
    formats(option, *FORMATS)
    option(
        "-o",
        "--output",
        type=picture,
        metavar="FILE.png",
        help="draw the strengths over the spectrum",
        absent="no picture",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the noise and the decay for a wanted shrinkage, and what each costs."""
    from ..experiments.data.load import load_as_it_is
    from ..experiments.data.second_moment import eigenvalues_of
    from ..experiments.data.sparsely import Sparse, eigenvalues_of_sparse
    from ..experiments.recommendation import draw, recommend, record, table

    given = {name: getattr(arguments, name) for name in ("keep", "dimension", "hidden", "lr", "std", "seed")}
    with data_errors():
        with working("decomposing"):
            data, remark = load_as_it_is(arguments.data, **as_read(arguments))
            if isinstance(data, Sparse):
                eigenvalues = eigenvalues_of_sparse(arguments.data, data)
            else:
                eigenvalues = eigenvalues_of(arguments.data, data)
        with working("predicting"):
            advice = recommend(eigenvalues, **given)
        found = record(advice) | {"notes": [remark]}
        print_found(arguments.output_format, f"{table(advice)}\nNote: {remark}.", found)
        if arguments.output:
            draw(advice, arguments.output)
    return CLEAN
