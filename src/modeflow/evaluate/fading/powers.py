"""Powers of an array."""

from __future__ import annotations

import numpy as np

from .modes import Array


def powers(x: Array, count: int) -> Array:
    """x^0, x^1, ..., one row each; by doubling, which takes few steps for short arrays."""
    rows = np.empty((count, x.size))
    rows[0] = 1.0
    rows[1] = x
    done = 2  # x^0 to x^(done - 1)
    while done < count:
        more = min(done - 1, count - done)
        np.multiply(rows[1 : 1 + more], rows[done - 1], out=rows[done : done + more])
        done += more
    return rows
