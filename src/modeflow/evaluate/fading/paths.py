"""The path of a mode: both weights and the strength over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from . import anchors
from .modes import Array, Curves, Indices, Mode, Triple, curves, is_finite
from .points import directly

TAIL_FROM = 1e-10  # the largest z of the tail
LARGE = 1e290  # z0 up to this over TAIL_FROM is finite

Anchored = Callable[[Curves, Indices], Triple]


def path(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array, *, compiled: bool = False) -> Triple:
    """Encoder weight, decoder weight and strength w1(t), w2(t), w(t), from the weights w1, w2 at t = 0.

    s: time in units of tau, t/tau >= 0; inf means the limit. lam, noise >= 0, decay > 0: eigenvalue, noise variance
    and weight decay, in one unit. |w1| != |w2|. All are float64 arrays that broadcast. NaN in, NaN out.
    At s = 0 the weights come back as given. Magnitudes between 1e-75 and 1e75, and 0, are safe.
    compiled: whether it is computed in C, as far as that goes; NoCompiler where that cannot be built.
    It is fastest where modes are not repeated for their times: modes of shape (m, 1) with times of shape (n,), or one.
    """
    columns = (s, lam, noise, decay, w1, w2)
    return _in_c(columns) if compiled else _known(columns, anchors.anchored)


def _in_c(columns: Sequence[Array]) -> Triple:
    from . import compiled  # ctypes and a compiler, only where asked for

    out, left = compiled.path(TAIL_FROM, columns)
    if left.all():
        return _known(columns, compiled.anchored)
    if left.any():
        axes = out.ndim - 1 - left.ndim  # the times of a mode, or none
        rest = [np.broadcast_to(x, left.shape + (x.shape[-1:] or (1,)) * axes)[left] for x in columns]
        out[:, left] = _known(rest, compiled.anchored)
    return out[0], out[1], out[2]


def _known(columns: Sequence[Array], anchored: Anchored) -> Triple:
    """The path where no number is NaN and the mode is finite in units of its decay, or has not moved; else NaN."""
    s, lam, noise, decay, w1, w2 = columns
    with np.errstate(all="ignore"):
        total = s + (lam + noise + decay + w1 + w2)
        known = ~np.isnan(total) & (is_finite(lam, noise, decay, w1, w2) | (s == 0))
        if total.size and known.all():
            first, second, strength = (x.reshape(total.shape) for x in _path(columns, anchored))
            return first, second, strength
        out = np.full((3, *total.shape), np.nan)
        if known.any():
            out[:, known] = _path([x[known] for x in np.broadcast_arrays(*columns)], anchored)
        return out[0], out[1], out[2]


def _path(columns: Sequence[Array], anchored: Anchored) -> Triple:
    s, lam, noise, decay, w1, w2 = columns
    points = curves(s, lam, noise, decay, w1, w2)
    mode = points.mode
    small, large, strength = _weights(_state(points, anchored))
    sign, swapped = points.at_points(mode.sign), points.at_points(mode.swapped)
    small, large = sign * small, sign * large
    first, second = np.where(swapped, (large, small), (small, large)) if swapped.any() else (small, large)
    start = s == 0
    if start.any():
        shape = np.broadcast_shapes(*(x.shape for x in (s, lam, noise, decay, w1, w2)))
        at = np.flatnonzero(np.broadcast_to(start, shape))
        for values, given in ((first, w1), (second, w2), (strength, w1 * w2)):
            values[at] = given if given.size == 1 else np.broadcast_to(given, shape).ravel()[at]
    return first, second, strength


@dataclass(frozen=True)
class State:
    """X, Y and alpha = X − Y at a time, up to a common factor, and what takes them to w1 + w2 and w2 − w1."""

    X: Array
    Y: Array
    alpha: Array
    scale: Array  # sqrt(c/Y), c = w2² − w1² at that time: w1 + w2 = sqrt(c·X/Y) = scale·sqrt(X)


def _weights(state: State) -> Triple:
    """The smaller weight, the larger one, the strength: (p − q)/2, (p + q)/2 and their product, p/q = X/Y."""
    X, Y, alpha = state.X, state.Y, state.alpha
    half = 0.5 * state.scale / np.sqrt(X)
    small, large = half * alpha, half * (X + Y)
    return small, large, small * large


def _state(points: Curves, anchored: Anchored) -> State:
    """X, Y, alpha after delta = 2·decay·t/tau."""
    delta = points.delta
    most = points.at_points(_before_tail(points.mode.z0))
    if (delta <= most).all():
        X, Y, alpha = _before_the_tail(points, anchored)
        return State(X, Y, alpha, points.at_points(points.mode.root_c) * np.exp(-delta / 2) / np.sqrt(Y))
    early = np.minimum(delta, most)
    before = _before_the_tail(Curves(points.mode, points.of, early), anchored)
    mode = points.mode if points.of is None else points.mode[points.of]
    return _tail(mode, *before, early, delta - early)


def _before_tail(z0: Array) -> Array:
    """How far in delta a mode goes until z is TAIL_FROM: log(z0/TAIL_FROM), also where that quotient would overflow."""
    delta: Array = np.log(np.minimum(z0, LARGE) / TAIL_FROM) + np.log(np.maximum(z0 / LARGE, 1.0))
    return np.maximum(delta, 0)


def _before_the_tail(points: Curves, anchored: Anchored) -> Triple:
    """X, Y, alpha at every point: modes of many times by anchors, the others each on its own."""
    count = anchors.number_of_anchors(points.mode, points.longest)
    dense = count * anchors.SHARE <= points.length
    if dense.all():
        return anchored(points, count.astype(np.intp))
    if not dense.any():
        return directly(points)
    out = np.empty((3, points.delta.size))
    chosen = points.at_points(dense)
    out[:, ~chosen] = directly(points.part(~chosen))
    out[:, chosen] = anchored(points.part(chosen), count[dense].astype(np.intp))
    return out[0], out[1], out[2]


def _tail(mode: Mode, X: Array, Y: Array, alpha: Array, early: Array, rest: Array) -> State:
    """Method `tail`: X and Y a further time `rest` on, to first order in z, over e^(mu·rest)."""
    mu, nu = mode.mu, mode.nu
    z = np.minimum(mode.z0, TAIL_FROM) * (rest > 0)
    faded, gone = np.exp(-2 * mu * rest), -np.expm1(-2 * mu * rest)
    grown = nu >= 0
    rate = 2 * np.abs(nu)
    flat = rate == 0
    share = z * Y / (2 * mu + 1)  # what Y gives to X in all; X gives it back, so that it counts in Y too
    fed = np.where(flat, rest, -np.expm1(-rate * rest) / np.where(flat, 1.0, rate))
    # Y over e^(mu·rest), times e^rest or e^(2·mu·rest), the one that leaves it finite.
    kept = np.where(grown, np.exp(-rate * rest), 1.0) * Y + z * (X + share) * fed
    scale = np.where(grown, np.exp(-rest), faded)
    back = -np.expm1(-(2 * mu + 1) * rest) / (2 * mu + 1)
    later = X + z * Y * back
    falling = alpha * (1 + faded - z * (back + scale * fed)) + (X + Y) * (gone + z * (back - scale * fed))
    falling = np.where(2 * X < Y, later - scale * kept, falling / 2)
    root_c = mode.root_c * np.exp(-(early + np.where(grown, 0.0, rate) * rest) / 2)
    return State(later, scale * kept, falling, root_c / np.sqrt(kept))
