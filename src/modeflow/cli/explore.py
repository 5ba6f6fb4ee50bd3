"""`modeflow explore`: a page in which to move every number."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from ..files.printable import shown
from .options import KINDS, as_read, command, data_options, file, whole
from .printing import formats, print_found
from .status import CLEAN, UsageError, data_errors, usage_errors, writing
from .verdicts import verdicts


def add(commands: Any) -> None:
    option = command(commands, "explore", run, "Write a page that draws every mode, with sliders for every number.")
    option(
        "data",
        nargs="?",
        type=Path,
        metavar="DATA",
        help=f"whose spectrum it starts from: {KINDS}",
        absent="an example of six modes",
    )
    option(
        "--modes", type=whole(1), default=64, metavar="M", help="largest eigenvalues to take", unit="modes, up to 512"
    )
    data_options(option)
    option("--uplot", type=Path, metavar="DIR", help="npm package uplot, which draws", absent="what is installed")
    option("--claims", type=_address, metavar="URL", help="link claims to pages at URL/ID.html", absent="no links")
    option("-o", "--output", type=file, required=True, metavar="FILE.html", help="write there")
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Write the page."""
    from ..typeset.explorer.formulas import formulas, shown_claims
    from ..typeset.explorer.page import MOST, explorer
    from ..typeset.explorer.plotting import plotting

    if arguments.modes > MOST:
        raise UsageError(f"--modes {arguments.modes}: a page draws at most {MOST}; give fewer")
    with usage_errors(ValueError):
        library = plotting(arguments.uplot)
    with data_errors():
        eigenvalues, source = _spectrum(arguments)
    try:
        formulas({})  # what cannot be written is found before anything is proved
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is needed for the formulas: pip install 'modeflow[html]'") from error
    found = verdicts(shown_claims())
    page = explorer(eigenvalues, source=source, plotting=library, verdicts=found, pages=arguments.claims or "")
    _write(arguments.output, page)
    told = shown(f"{arguments.output}: open it in a browser")
    print_found(arguments.output_format, told, {"written": [str(arguments.output)]})
    return CLEAN


def _spectrum(arguments: argparse.Namespace) -> tuple[list[float], str]:
    """The eigenvalues, and what they are of."""
    from ..typeset.explorer.page import EXAMPLE

    if arguments.data is None:
        return list(EXAMPLE), "an example"
    from ..experiments.data.load import load_as_it_is
    from ..experiments.data.second_moment import eigenvalues_of
    from ..experiments.data.sparsely import Sparse, leading_of_sparse

    data, remark = load_as_it_is(arguments.data, **as_read(arguments))
    if isinstance(data, Sparse):
        values = leading_of_sparse(arguments.data, data, arguments.modes)
    else:
        values = eigenvalues_of(arguments.data, data)
    found = values[: arguments.modes].tolist()
    source = f"the {len(found)} largest eigenvalues of {arguments.data.name}"
    return found, f"{source} ({remark})"


def _write(path: Path, text: str) -> None:
    from ..files import write

    with writing(path):
        write(path, text)


def _address(text: str) -> str:
    """The start of addresses of pages: relative, or of the web; it ends with a slash."""
    if not re.fullmatch(r"(https?://|(?![a-z]+:))[\w./~%:@-]+", text, re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"{text!r} is not an address; give a folder, or one that begins with https://")
    return text if text.endswith("/") else f"{text}/"
