"""The path in compiled C, built by `native`: modes of many times by anchors, other points each by its own steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import native
from . import anchors
from .modes import Array, Curves, Indices, Mask, Triple

ROW = 2 + 3 * anchors.TERMS  # of the table of anchors: delta, step, the series of X, Y, alpha
CURVE_FROM = 16  # times of a mode that are worth anchors
MOST_STEPS = 2000  # of a point; errors were measured up to 3,000
WORTH = 48  # steps that take as long as a point among many by NumPy
NUMPY = 16_384  # steps that take as long as a call of NumPy, however few its points


def path(tail: float, columns: Sequence[Array]) -> tuple[Array, Mask]:
    """w1, w2 and w, one after the other, of s, lam, noise, decay, w1, w2 that broadcast; and what is left to NumPy.

    tail: the largest z that is left to first order. Left are modes, or points, that need more anchors, or steps, than
    are worth it, or of which a number is NaN or infinite. Raises NoCompiler.
    """
    shape = np.broadcast(*columns).shape
    modes = columns[1:]
    if shape and shape[-1] >= CURVE_FROM and all(x.ndim == 0 or x.shape[-1] == 1 for x in modes):
        return _curves(tail, shape, columns[0], modes)
    return _points(tail, shape, columns)


def room(points: int) -> tuple[Array, Array]:
    """Where `small` works, and where its results lie, for at most so many points."""
    return np.empty(8 * points + anchors.LONGEST_CHAIN * ROW + MOST_STEPS + 2), np.empty(3 * points)


def small(tail: float, size: int, pointers: object, steps: object, work: int, out: int) -> bool:
    """Whether w1, w2 and w of so many points now lie at the address `out`; not where one needs a closer look.

    pointers, steps: of t, lam, noise, decay, w1, w2, tau, as `modeflow.evaluate.quick` has them. work, out: addresses
    of the arrays of `room`. Raises NoCompiler.
    """
    most = min(MOST_STEPS, max(WORTH, NUMPY // size))
    chain = anchors.DENSITY, anchors.SPACING, tail, anchors.LONGEST_CHAIN, ROW
    return not native.library().modeflow_fading(size, pointers, steps, CURVE_FROM, *chain, most, work, out)


def _curves(tail: float, shape: tuple[int, ...], s: Array, modes: Sequence[Array]) -> tuple[Array, Mask]:
    """Modes whose many times are the last axis."""
    given = np.empty((*shape[:-1], len(modes)))
    for i, x in enumerate(modes):
        given[..., i] = x[..., 0] if x.ndim else x
    shared = s.size == shape[-1]
    times = np.ascontiguousarray(s if shared else np.broadcast_to(s, shape))
    table, out, left = np.empty((anchors.LONGEST_CHAIN, ROW)), np.empty((3, *shape)), np.empty(shape[:-1], np.bool_)
    native.library().modeflow_curves(
        *(left.size, _address(given), shape[-1], _address(times), 0 if shared else shape[-1]),
        *(anchors.DENSITY, anchors.SPACING, tail, len(table), _address(table), _address(out), _address(left)),
    )
    return out, left


def _points(tail: float, shape: tuple[int, ...], columns: Sequence[Array]) -> tuple[Array, Mask]:
    """Points each on its own."""
    given = np.empty((len(columns), *shape))
    for i, x in enumerate(columns):
        given[i] = x
    out, left = np.empty((3, *shape)), np.empty(shape, np.bool_)
    most = min(MOST_STEPS, max(WORTH, NUMPY // max(left.size, 1)))
    order, first = np.empty(left.size, np.intp), np.empty(most + 2, np.intp)
    native.library().modeflow_points(
        *(left.size, _address(given), tail, most, _address(order), _address(first), _address(out), _address(left))
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
