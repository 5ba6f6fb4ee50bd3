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

    from ..experiments.data.load import load_as_it_is
    from ..experiments.data.second_moment import eigenvalues_of, rounding_of
    from ..experiments.data.sparsely import Sparse, leading_of_sparse

    data, remark = load_as_it_is(arguments.data, **as_read(arguments))
    if isinstance(data, Sparse):
        (samples, features), values = data.X.shape, leading_of_sparse(arguments.data, data, arguments.modes)
    else:
        (samples, features), values = data.shape, eigenvalues_of(arguments.data, data)
    signal = np.where(values > rounding_of(values), values, 0.0)
    whole = signal.size == features
    total = signal.sum() if whole or not isinstance(data, Sparse) else data.total
    shares = np.cumsum(signal) / total
    modes = [
        {"mode": j, "eigenvalue": signal[j], "share": signal[j] / total, "share_up_to_it": shares[j]}
        for j in range(min(arguments.modes, signal.size))
    ]
    size = {"samples": samples, "features": features, "rank": int(np.count_nonzero(signal)) if whole else None}
    return {"source": arguments.data.name, **size, "total": total, "modes": modes, "notes": [remark]}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    size = f"{found['samples']:,} × {found['features']:,}"
    rank = "" if found["rank"] is None else f", rank {found['rank']:,}"
    yield f"{found['source']}: {size}{rank}, Σ λ = {found['total']:.6g}"
    yield ""
    yield f"{'mode':>4}  {'λ':>12}  {'share':>7}  {'up to it':>8}"
    for row in found["modes"]:
        told = f"{row['mode']:>4}  {row['eigenvalue']:>12.6g}"
        yield f"{told}  {row['share']:>7.4f}  {row['share_up_to_it']:>8.4f}"
    if found["features"] > len(found["modes"]):
        yield f"and {found['features'] - len(found['modes']):,} more (--modes)"
    yield f"Note: {found['notes'][0]}."
