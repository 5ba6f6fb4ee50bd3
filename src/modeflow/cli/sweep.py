"""`modeflow sweep`: a large grid into a store."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .options import command, folder, whole
from .printing import formats, print_paths
from .progress import bar
from .status import CLEAN, UsageError, usage_errors, writing


def add(commands: Any) -> None:
    option = command(
        commands, "sweep", run, "Evaluate over a large grid into a Zarr store; goes on where it was stopped."
    )
    option(
        "configuration", type=Path, metavar="CONFIG.toml", help="quantities, and a number or an axis for each argument"
    )
    option("-o", "--output", type=folder, metavar="OUT", required=True, help="the store; OUT.ledger says what is done")
    option(
        "--scheduler", metavar="tcp://HOST:PORT", help="a Dask cluster that computes", absent="none, threads compute"
    )
    option("-j", "--jobs", type=whole(1), metavar="N", help="chunks at a time", unit="threads", absent="one per core")
    formats(option, "text", "json")


def run(arguments: argparse.Namespace) -> int:
    """Evaluate a grid chunk by chunk."""
    try:
        from ..experiments.sweep import UnusableConfiguration, read
        from ..experiments.sweep import sweep as evaluate
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is needed for sweeps: pip install 'modeflow[sweep]'") from error
    output, more = arguments.output, {"scheduler": arguments.scheduler, "workers": arguments.jobs}
    with writing(output), usage_errors(UnusableConfiguration, FloatingPointError), bar("sweeping") as progress:
        evaluate(read(arguments.configuration), output, progress=progress, **more)
    print_paths(arguments.output_format, [output])
    return CLEAN
