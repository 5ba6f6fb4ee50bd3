"""`modeflow explore`: a page in which to move every number."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..files.printable import shown
from .options import WHITE, command, file, positive, whole
from .status import CLEAN, UsageError, data_errors, usage_errors, writing


def add(commands: Any) -> None:
    option = command(commands, "explore", run, "Write a page that draws every mode, with sliders for every number.")
    option(
        "data",
        nargs="?",
        type=Path,
        metavar="DATA",
        help="images whose spectrum it starts from: IDX, CIFAR-10, .npy, .npz or CSV",
        absent="an example of six modes",
    )
    option(
        "--modes", type=whole(1), default=64, metavar="M", help="largest eigenvalues to take", unit="modes, up to 512"
    )
    option("--white", type=positive, metavar="N", **WHITE)
    option("--uplot", type=Path, metavar="DIR", help="npm package uplot, which draws", absent="what is installed")
    option("-o", "--output", type=file, required=True, metavar="FILE.html", help="write there")


def run(arguments: argparse.Namespace) -> int:
    """Write the page."""
    from ..typeset.explorer.page import MOST, explorer
    from ..typeset.explorer.plotting import plotting

    if arguments.modes > MOST:
        raise UsageError(f"--modes {arguments.modes}: a page draws at most {MOST}; give fewer")
    with usage_errors(ValueError):
        library = plotting(arguments.uplot)
    with data_errors():
        eigenvalues, source = _spectrum(arguments)
    text = explorer(eigenvalues, source=source, plotting=library)
    _write(arguments.output, text)
    print(shown(f"{arguments.output}: open it in a browser"))
    return CLEAN


def _spectrum(arguments: argparse.Namespace) -> tuple[list[float], str]:
    """The eigenvalues, and what they are of."""
    from ..typeset.explorer.page import EXAMPLE

    if arguments.data is None:
        return list(EXAMPLE), "an example"
    from ..experiments.data import load_and_remark, spectrum

    images, remark = load_and_remark(arguments.data, white=arguments.white)
    found = spectrum(images).eigenvalues[: arguments.modes].tolist()
    source = f"the {len(found)} largest eigenvalues of {arguments.data.name}"
    return found, f"{source} ({remark})" if remark else source


def _write(path: Path, text: str) -> None:
    from ..files import write

    with writing(path):
        write(path, text)
