"""A look at the values given and found: one number comes from the device, and more only if something is wrong."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

import numpy as np

from ..arguments import in_range, refuse_overflow
from .libraries import Array, known, namespace, on_host


def refuse(library: str, function: str, given: dict[str, Array], found: tuple[Array, ...]) -> None:
    """ValueError for an argument out of its range, or weights of two sizes under decay; FloatingPointError for what
    overflows. NaN is let through where an argument is NaN."""
    if not known(library, given):
        return
    found = () if function == "learning_time" else found  # it may be infinite
    suspect = _suspect(namespace(given), given, found)
    try:
        clean = not bool(suspect)
    except RuntimeError as error:
        raise RuntimeError(f"the values cannot be looked at here ({error}); give check=False") from error
    if clean:
        return
    host = in_range({name: on_host(x) for name, x in given.items()})
    _refuse_fading(library, function, host)
    refuse_overflow(tuple(on_host(x) for x in found), host)


def _suspect(xp: Any, given: dict[str, Array], found: tuple[Array, ...]) -> Array:
    """Whether anything at all may be wrong, as an array without axes."""
    fine = [xp.all(xp.isfinite(x)) for x in (*found, *(given[name] for name in given if name not in ("t", "target")))]
    fine += [xp.all(x >= 0) for name, x in given.items() if name in ("t", "lam", "noise", "decay")]
    if "tau" in given:
        fine.append(xp.all(given["tau"] > 0))
    if "w1" in given:
        fine.append(xp.all((given["decay"] == 0) | (xp.abs(given["w1"]) == xp.abs(given["w2"]))))
    return ~reduce(and_, fine)


def _refuse_fading(library: str, function: str, host: dict[str, Any]) -> None:
    if "w1" not in host:
        return
    one, two, decay = np.broadcast_arrays(np.abs(host["w1"]), np.abs(host["w2"]), host["decay"])
    bad = (one != two) & (decay > 0) & ~np.isnan(one + two)
    if bad.any():
        index = [int(i) for i in np.argwhere(bad)[0]]
        raise ValueError(
            f"w1, w2, decay: |w1| != |w2| under decay{f' at index {index}' if index else ''}, which needs Bessel "
            f"functions that {library} does not have; give NumPy arrays to modeflow.{function}, Dask arrays here, "
            f"weights of one size, or decay = 0"
        )
