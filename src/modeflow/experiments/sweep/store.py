"""The Zarr store of a sweep: a group that xarray opens as a dataset with named dimensions, units and meanings.

Chunks are stored as they are, uncompressed, so that equal numbers are equal bytes.
"""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import zarr

from ... import files
from .configuration import MEANINGS, QUANTITIES, Configuration


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
    with files.scratch_folder(_unbuilt(path)) as folder:
        _lay_out(folder, configuration)
        files.rename_folder(folder, path)


def mend(path: Path, configuration: Configuration) -> None:
    """Write again what `create` put in the store, where it is not as it was."""
    with files.scratch_folder(_unbuilt(path)) as folder:
        _lay_out(folder, configuration)
        for fresh in (p for p in folder.rglob("*") if p.is_file()):
            there = path / fresh.relative_to(folder)
            if _digest(there) != _digest(fresh):
                there.parent.mkdir(parents=True, exist_ok=True)
                files.write(there, fresh.read_bytes())


def _unbuilt(path: Path) -> Path:
    """Where the store is built; the process that has the ledger open is the only one there."""
    return path.with_name(f".{path.name}.modeflow-unbuilt")


def _lay_out(folder: Path, configuration: Configuration) -> None:
    group = zarr.create_group(folder, overwrite=True)
    for name, values in configuration.arguments.items():
        _array(group, name, values.shape, values.shape, configuration)[...] = values
    for quantity in configuration.quantities:
        shape = configuration.shape(quantity)
        for name in QUANTITIES[quantity][1]:
            _array(group, name, shape, chunk_shape(shape, configuration.chunk), configuration, quantity)
    group.attrs["coordinates"] = " ".join(n for n, v in configuration.arguments.items() if not v.ndim)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that Zarr 3 leaves this to the libraries; xarray wants it
        zarr.consolidate_metadata(folder)


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


def chunk_files(path: Path, group: zarr.Group, quantity: str, place: Sequence[slice]) -> list[Path]:
    """The files of one chunk: one for each array of the quantity."""
    paths = []
    for name in QUANTITIES[quantity][1]:
        array: Any = group[name]
        index = tuple(s.start // step for s, step in zip(place, array.chunks, strict=True))
        paths.append(path / name / array.metadata.encode_chunk_key(index))
    return paths


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 of the digests of the files."""
    return hashlib.sha256(" ".join(map(_digest, paths)).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # Zarr writes no chunk of NaN alone; one that the disk has lost has another digest
        return "none"


def discard_unfinished(path: Path) -> None:
    """Remove what a killed writer left inside the store under a temporary name."""
    for left in path.rglob("*.partial"):
        left.unlink()
