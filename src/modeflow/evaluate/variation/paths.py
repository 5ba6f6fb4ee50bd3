"""The path of modes with unequal weights: what the variational equation needs of it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ..generated import direct
from ..generated.pairs import ordered
from .collocation import Array

Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]
FAINT = 1e-290  # a weight below which ratios to it are not to be had; its square is 0 long before


@dataclass(frozen=True)
class Modes:
    """Modes in the order of the larger weight last: w2 > |w1|. The time constant is 1."""

    lam: Array
    noise: Array
    decay: Array
    w1: Array
    w2: Array

    def __getitem__(self, chosen: Indices | Mask) -> Modes:
        return Modes(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def xi(self) -> Array:
        return self.lam + self.noise

    @property
    def h0(self) -> Array:
        """w1² + w2² at the start."""
        return self.w1**2 + self.w2**2

    @property
    def c0(self) -> Array:
        """w2² − w1² at the start."""
        return (self.w2 - self.w1) * (self.w2 + self.w1)


def modes_of(lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Modes:
    small, large = (x.astype(np.float64, copy=False) for x in ordered(w1, w2))
    return Modes(lam, noise, decay, small, large)


@dataclass(frozen=True)
class State:
    """Where modes are at given times."""

    w: Array  # the strength
    h: Array  # w1² + w2²
    tanh: Array  # 2w/h
    sech2: Array  # (c/h)², c = w2² − w1²


def state(s: Array, mode: Modes) -> State:
    """The state of each mode at its time; arrays of one shape."""
    w1, w2, w = _weights(s, mode)
    there = w2 > FAINT
    large = np.where(there, w2, 1)
    ratio = np.where(there, w1 / large, 0)
    share = 1 / (1 + ratio**2)
    root_c = np.sqrt(mode.c0) * np.exp(-mode.decay * s)
    sech = np.where(there, np.minimum((root_c / large) ** 2 * share, 1), 0)
    return State(w, w1**2 + w2**2, 2 * ratio * share, sech**2)


def _weights(s: Array, mode: Modes) -> tuple[Array, Array, Array]:
    fading = mode.decay > 0
    out = np.empty((3, *s.shape))
    if fading.any():
        from ..fading import path  # SciPy's Bessel functions

        m = mode[fading]
        out[:, fading] = path(s[fading], m.lam, m.noise, m.decay, m.w1, m.w2)
    if not fading.all():
        m, at = mode[~fading], s[~fading]
        w1, w2 = direct.weights(at, m.lam, m.noise, m.w1, m.w2)
        out[:, ~fading] = w1, w2, direct.strength(at, m.lam, m.noise, m.w1, m.w2)
    return out[0], out[1], out[2]
