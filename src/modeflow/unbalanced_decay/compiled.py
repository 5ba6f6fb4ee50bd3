"""`anchors.anchored` in compiled C: anchors.c, built by `native`."""

from __future__ import annotations

import numpy as np

from .. import native
from . import anchors
from .modes import Array, Curves, Indices, Triple

ROW = 2 + 3 * anchors.TERMS  # of the table of anchors: delta, step, the series of X, Y, alpha


def anchored(curves: Curves, count: Indices) -> Triple:
    """X, Y, alpha by the Taylor series about the nearest of `count` anchors on each mode. Raises NoCompiler."""
    if count.max() > anchors.LONGEST_CHAIN:
        return anchors.anchored(curves, count)
    mode = curves.mode
    delta, step = anchors.placed(mode, count, np.repeat(np.arange(count.size), count))
    table = np.empty((delta.size, ROW))
    table[:, 0], table[:, 1] = delta, step
    start = np.stack([mode.mu, mode.z0, mode.p0, mode.q0, 2 * mode.a], axis=1)
    offset = np.zeros(count.size + 1, np.intp)
    np.cumsum(count, out=offset[1:])
    points = np.ascontiguousarray(curves.delta)
    of = None if curves.of is None else np.ascontiguousarray(curves.of)
    out = np.empty((3, points.size))
    native.library().modeflow_anchored(
        *(count.size, _address(start), _address(offset), _address(table), anchors.DENSITY, anchors.SPACING),
        *(points.size, None if of is None else _address(of), _address(points), _address(out)),
    )
    return out[0], out[1], out[2]


def _address(array: Array | Indices) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
