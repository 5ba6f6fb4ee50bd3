"""Dask arrays: the evaluators of NumPy in each block, when computed, with all their checks."""

from __future__ import annotations

from functools import partial
from typing import Any

import dask.array

from .. import evaluators
from ..arguments import common_type, real_array
from .libraries import Array


def evaluated(function: str, arguments: dict[str, Array]) -> Any:
    """The function's results as Dask arrays, lazily."""
    raw = {name: x if isinstance(x, dask.array.Array) else real_array(name, x) for name, x in arguments.items()}
    dtype = common_type(arguments, raw)
    columns = [raw[name].astype(dtype) for name in arguments]
    count = 2 if function == "weights" else 1
    return dask.array.apply_gufunc(
        _on_block,
        f"{','.join(['()'] * len(columns))}->{','.join(['()'] * count)}",
        *columns,
        output_dtypes=[dtype] * count if count > 1 else dtype,
        function=function,
        names=tuple(arguments),
    )


def _on_block(*blocks: Array, function: str, names: tuple[str, ...]) -> Any:
    """By NumPy, so that the last bits are the same however the arrays are cut."""
    return _IN_NUMPY[function](**dict(zip(names, blocks, strict=True)))


_IN_NUMPY: dict[str, Any] = {
    **{path: partial(getattr(evaluators, path), backend="numpy") for path in ("strength", "weights", "loss")},
    "fixed_point": evaluators.fixed_point,
    "learning_time": evaluators.learning_time_in_numpy,
}
