"""The Zarr store of a sweep: a group that xarray opens as a dataset with named dimensions, units and meanings.

Chunks are stored as they are, uncompressed, so that equal numbers are equal bytes.
"""

from __future__ import annotations

import glob
import math
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import zarr

from .configuration import MEANINGS, QUANTITIES, Configuration

_UNBUILT = ".modeflow-unbuilt"


def chunk_shape(shape: Sequence[int], points: int) -> tuple[int, ...]:
    """The largest chunk of at most so many points that is whole along the last axes."""
    chunk: list[int] = []
    for size in reversed(shape):
        chunk.append(max(min(size, points), 1))
        points //= chunk[-1]
    return tuple(reversed(chunk))


def places(shape: Sequence[int], chunk: Sequence[int]) -> list[tuple[slice, ...]]:
    """The chunks of a grid, as slices, in order."""
    starts = product(*(range(0, size, step) for size, step in zip(shape, chunk, strict=True)))
    return [
        tuple(slice(s, min(s + step, size)) for s, step, size in zip(start, chunk, shape, strict=True))
        for start in starts
    ]


def create(path: Path, configuration: Configuration) -> None:
    """Make the store, empty but for the axes; it appears under its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_UNBUILT, dir=path.parent))
    try:
        group = zarr.create_group(building, overwrite=True)
        for name, values in configuration.arguments.items():
            _array(group, name, values.shape, values.shape, configuration)[...] = values
        for quantity in configuration.quantities:
            shape = configuration.shape(quantity)
            for name in QUANTITIES[quantity][1]:
                _array(group, name, shape, chunk_shape(shape, configuration.chunk), configuration, quantity)
        group.attrs["coordinates"] = " ".join(n for n, v in configuration.arguments.items() if not v.ndim)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that Zarr 3 leaves this to the libraries; xarray wants it
            zarr.consolidate_metadata(building)
        building.chmod(0o755)
        building.rename(path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _array(
    group: zarr.Group,
    name: str,
    shape: tuple[int, ...],
    chunk: tuple[int, ...],
    configuration: Configuration,
    quantity: str | None = None,
) -> Any:
    axes = configuration.axes(quantity) if quantity else (name,) * len(shape)
    return group.create_array(
        name,
        shape=shape,
        chunks=chunk,
        dtype=configuration.dtype,
        fill_value=math.nan,
        compressors=None,
        dimension_names=axes,
        attributes={"long_name": MEANINGS[name], "units": configuration.units.get(name, "1")},
    )


def discard_unfinished(path: Path) -> None:
    """Remove what a killed writer left inside the store under a temporary name."""
    for left in path.rglob("*.partial"):
        left.unlink()


def discard_unbuilt(path: Path) -> None:
    """Remove stores that a killed process did not finish making."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_UNBUILT}"):
        shutil.rmtree(left)
