"""Evaluating block by block, so that the temporaries of a kernel stay in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import Array, shape_of

BLOCK = 16_384  # points at a time

Outputs = tuple[Array, ...]
Result = NDArray[np.float64]  # float32 where the arrays given are; a NumPy scalar where all arguments are numbers


def in_blocks(
    on_block: Callable[[dict[str, Array]], Outputs], count: int, given: dict[str, Array]
) -> tuple[Result, ...]:
    """The outputs over the broadcast shape, computed a block at a time from arguments not yet broadcast."""
    shape = shape_of(given)
    dtype: Any = given["lam"].dtype
    # Values of both arms of each case are computed, so an arm not taken may divide by 0 or overflow.
    with np.errstate(all="ignore"):
        if prod(shape) <= BLOCK:
            return tuple(_whole(np.asarray(v, dtype), shape) for v in on_block(given))
        outputs = tuple(np.empty(shape, dtype) for _ in range(count))
        for block in _blocks(shape):
            values = on_block({name: _part(x, block, len(shape)) for name, x in given.items()})
            for output, value in zip(outputs, values, strict=True):
                output[block] = value
        return outputs


def _whole(values: NDArray[Any], shape: tuple[int, ...]) -> Result:
    """A copy of the values in this shape; a number where there are no axes."""
    whole: Result = (values if values.shape == shape else np.broadcast_to(values, shape)).copy()[()]
    return whole


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Slices that cover the shape, each of at most BLOCK points, whole trailing axes together if they fit."""
    if not shape:
        yield ()
        return
    inner = prod(shape[1:])
    step = max(1, BLOCK // max(inner, 1))
    for begin in range(0, shape[0], step):
        rows = slice(begin, begin + step)
        if inner <= BLOCK:
            yield (rows, *(slice(None) for _ in shape[1:]))
        else:
            yield from ((rows, *rest) for rest in _blocks(shape[1:]))


def _part(x: Array, block: tuple[slice, ...], dimensions: int) -> Array:
    """The block's share of an argument; an axis of length 1 is shared by all blocks."""
    own = block[dimensions - x.ndim :]
    return x[tuple(rows if n > 1 else slice(None) for rows, n in zip(own, x.shape, strict=True))]
