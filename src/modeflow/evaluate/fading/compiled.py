"""Modes of many times in compiled C: anchors.c, built by `native`."""

from __future__ import annotations

import numpy as np

from .. import native
from . import anchors
from .modes import Array, Curves, Indices, Mask, Triple

ROW = 2 + 3 * anchors.TERMS  # of the table of anchors: delta, step, the series of X, Y, alpha


def curves(
    tail: float, s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array
) -> tuple[Array, Mask] | None:
    """w1, w2 and w, one after the other, of modes whose many times are the last axis; and which modes are left.

    Left are those that need more anchors than their times are worth or another method: where z falls below `tail`, or a
    number is NaN. None where the arguments have other shapes. Raises NoCompiler.
    """
    modes = (lam, noise, decay, w1, w2)
    shape = np.broadcast(s, *modes).shape
    rows = min(anchors.LONGEST_CHAIN, shape[-1] // anchors.SHARE) if shape else 0
    if rows < 2 or any(x.ndim and x.shape[-1] != 1 for x in modes):
        return None
    given = np.empty((*shape[:-1], len(modes)))
    for i, x in enumerate(modes):
        given[..., i] = x[..., 0] if x.ndim else x
    shared = s.size == shape[-1]
    times = np.ascontiguousarray(s if shared else np.broadcast_to(s, shape))
    table, out, left = np.empty((rows, ROW)), np.empty((3, *shape)), np.empty(shape[:-1], np.bool_)
    native.library().modeflow_curves(
        *(left.size, _address(given), shape[-1], _address(times), 0 if shared else shape[-1]),
        *(anchors.DENSITY, anchors.SPACING, tail, rows, _address(table), _address(out), _address(left)),
    )
    return out, left


def anchored(curves: Curves, count: Indices) -> Triple:
    """X, Y, alpha by the Taylor series about the nearest of `count` anchors on each mode. Raises NoCompiler."""
    if count.max() > anchors.LONGEST_CHAIN:
        return anchors.anchored(curves, count)
    mode = curves.mode
    start = np.stack([mode.mu, mode.z0, mode.p0, mode.q0, 2 * mode.a], axis=1)
    offset = np.zeros(count.size + 1, np.intp)
    np.cumsum(count, out=offset[1:])
    table = np.empty((offset[-1], ROW))
    points = np.ascontiguousarray(curves.delta)
    of = None if curves.of is None else np.ascontiguousarray(curves.of)
    out = np.empty((3, points.size))
    native.library().modeflow_anchored(
        *(count.size, _address(start), _address(offset), _address(table), anchors.DENSITY, anchors.SPACING),
        *(points.size, None if of is None else _address(of), _address(points), _address(out)),
    )
    return out[0], out[1], out[2]


def _address(array: Array | Indices | Mask) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
