"""The numbers of one chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...evaluate import evaluators
from .configuration import QUANTITIES, Configuration

Values = NDArray[np.floating[Any]]

TILE = 16_384  # points


def values(configuration: Configuration, quantity: str, place: Sequence[slice]) -> tuple[Values, ...]:
    """What the quantity is at one place of its grid: an array for each of its names.

    The place is a stretch of the grid in its order, as chunks are. The numbers do not depend on how the grid is
    cut. Raises FloatingPointError as the evaluators do.
    """
    sizes = [s.stop - s.start for s in place]
    if _in_company(configuration, quantity):
        parts = _by_tiles(configuration, quantity, place)
        return tuple(part.reshape(sizes).astype(configuration.dtype) for part in parts)
    parts = _evaluated(quantity, _given(configuration, quantity, place))
    return tuple(np.broadcast_to(np.asarray(part, configuration.dtype), sizes) for part in parts)


def _given(configuration: Configuration, quantity: str, place: Sequence[slice]) -> dict[str, Values]:
    """The arguments at a place: each axis along its own dimension."""
    given = {name: configuration.arguments[name] for name in QUANTITIES[quantity][2]}
    axes = configuration.axes(quantity)
    along = np.ix_(*(given[name][part] for name, part in zip(axes, place, strict=True)))
    return given | dict(zip(axes, along, strict=True))


def _in_company(configuration: Configuration, quantity: str) -> bool:
    """Whether the last bits of a value can depend on the others computed with it: weights of two sizes under decay."""
    given = configuration.arguments
    if "w1" not in QUANTITIES[quantity][2] or not (given["decay"] > 0).any():
        return False
    return bool(np.any(np.abs(given["w1"].reshape(1, -1)) != np.abs(given["w2"].reshape(-1, 1))))


def _by_tiles(configuration: Configuration, quantity: str, place: Sequence[slice]) -> tuple[Values, ...]:
    """Whole tiles of the grid, which are the same for every cut, less what is not asked for."""
    shape, axes = configuration.shape(quantity), configuration.axes(quantity)
    first = int(np.ravel_multi_index([s.start for s in place], shape))
    last = int(np.ravel_multi_index([s.stop - 1 for s in place], shape)) + 1
    found: list[tuple[Values, ...]] = []
    for start in range(first // TILE * TILE, last, TILE):
        stop = min(start + TILE, int(np.prod(shape)))
        at = np.unravel_index(np.arange(start, stop), shape)
        along = {name: configuration.arguments[name][i] for name, i in zip(axes, at, strict=True)}
        given = {name: along.get(name, configuration.arguments[name]) for name in QUANTITIES[quantity][2]}
        wanted = slice(max(first - start, 0), min(last, stop) - start)
        found.append(tuple(part[wanted] for part in _evaluated(quantity, given)))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _evaluated(quantity: str, given: Mapping[str, Values]) -> tuple[Any, ...]:
    evaluator, names, order = QUANTITIES[quantity]
    leading = [given[name] for name in order if name in ("t", "target", "lam")]
    named: dict[str, Any] = {name: x for name, x in given.items() if name not in ("t", "target", "lam")}
    if "t" in given:
        named["backend"] = "numpy"  # compiled code may round differently on another machine or for another size
    evaluated = getattr(evaluators, evaluator)(*leading, **named)
    return evaluated if len(names) > 1 else (evaluated,)
