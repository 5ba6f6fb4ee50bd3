"""`modeflow spectrum`: the eigenvalues of data, all that a linear autoencoder sees of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .options import KINDS, as_read, command, data_options, whole
from .printing import FORMATS, formats, print_found
from .progress import working
from .status import CLEAN, data_errors


def add(commands: Any) -> None:
    option = command(commands, "spectrum", run, "Print the eigenvalues of the second moment of data.")
    option("data", type=Path, metavar="DATA", help=KINDS)
    option("--modes", type=whole(1), default=20, metavar="M", help="largest eigenvalues to print", unit="modes")
    data_options(option)
    formats(option, *FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Print the eigenvalues, and the share of the second moment that they hold."""
    with data_errors(), working("decomposing"):
        found = _record(arguments)
    print_found(arguments.output_format, "\n".join(_lines(found)), found)
    return CLEAN


def _record(arguments: argparse.Namespace) -> dict[str, Any]:
    import numpy as np

    from ..experiments.data import load_and_remark, rounding_of
    from ..experiments.data.second_moment import eigenvalues_of

    X, remark = load_and_remark(arguments.data, **as_read(arguments))
    values = eigenvalues_of(arguments.data, X)
    signal = np.where(values > rounding_of(values), values, 0.0)
    shares = np.cumsum(signal) / signal.sum()
    modes = [
        {"mode": j, "eigenvalue": signal[j], "share": signal[j] / signal.sum(), "share_up_to_it": shares[j]}
        for j in range(min(arguments.modes, signal.size))
    ]
    size = {"samples": len(X), "features": X.shape[1], "rank": int(np.count_nonzero(signal))}
    return {"source": arguments.data.name, **size, "total": signal.sum(), "modes": modes, "notes": [remark]}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    size = f"{found['samples']:,} × {found['features']:,}"
    yield f"{found['source']}: {size}, rank {found['rank']:,}, Σ λ = {found['total']:.6g}"
    yield ""
    yield f"{'mode':>4}  {'λ':>12}  {'share':>7}  {'up to it':>8}"
    for row in found["modes"]:
        told = f"{row['mode']:>4}  {row['eigenvalue']:>12.6g}"
        yield f"{told}  {row['share']:>7.4f}  {row['share_up_to_it']:>8.4f}"
    if found["features"] > len(found["modes"]):
        yield f"and {found['features'] - len(found['modes']):,} more (--modes)"
    yield f"Note: {found['notes'][0]}."
