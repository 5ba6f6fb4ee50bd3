"""Where modes start, and the times at which they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]
Triple = tuple[Array, Array, Array]
Value = TypeVar("Value", Array, Mask, Indices)


@dataclass(frozen=True)
class Mode:
    """Modes in units of the decay; `a` and the larger weight stand for w1 and w2, swapped and flipped to w2 > |w1|."""

    mu: Array  # lam/(2·decay)
    nu: Array  # (lam − decay)/(2·decay), the order of the Bessel functions, >= −1/2
    z0: Array  # xi·c/(4·decay), c = w2² − w1²
    p0: Array  # w1 + w2 > 0
    q0: Array  # w2 − w1 > 0
    a: Array  # w1
    swapped: Mask  # the given w1 is the larger
    sign: Array  # of the larger weight as given

    def __getitem__(self, chosen: Mask | Indices) -> Mode:
        return Mode(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def root_c(self) -> Array:
        """The root of c at the start."""
        root: Array = np.sqrt(self.p0) * np.sqrt(self.q0)
        return root


def in_units_of_decay(lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Mode:
    one, two = np.abs(w1), np.abs(w2)
    b = np.maximum(one, two)
    a = np.copysign(np.minimum(one, two), np.copysign(1.0, w1) * np.copysign(1.0, w2))
    p0, q0 = b + a, b - a
    swapped = one > two
    z0 = (lam + noise) / (4 * decay) * p0 * q0
    sign = np.copysign(1.0, np.where(swapped, w1, w2))
    return Mode(lam / (2 * decay), (lam - decay) / (2 * decay), z0, p0, q0, a, swapped, sign)


def is_finite(lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Mask:
    """Whether the mode can be written in units of its decay: mu, z0 and the sizes of the weights are finite."""
    mode = in_units_of_decay(lam, noise, decay, w1, w2)
    finite: Mask = np.isfinite(mode.mu + mode.nu + mode.z0 + mode.p0 + mode.q0)
    return finite


@dataclass(frozen=True)
class Curves:
    """Points on modes: the i-th lies delta[i] after the start of the mode of[i]."""

    mode: Mode
    of: Indices | None  # None where there is one mode only, whose values broadcast
    delta: Array

    def at_points(self, x: Value) -> Value:
        """The value of its mode at each point, or the one value for all."""
        return x if self.of is None else x[self.of]

    def part(self, chosen: Mask) -> Curves:
        """Some of the points, and the modes they are on."""
        if self.of is None:
            return Curves(self.mode, None, self.delta[chosen])
        of = self.of[chosen]
        present = np.zeros(self.mode.mu.shape, np.bool_)
        present[of] = True
        return Curves(self.mode[present], (np.cumsum(present) - 1)[of], self.delta[chosen])

    @property
    def length(self) -> Indices:
        """How many points each mode has."""
        return np.array([self.delta.size]) if self.of is None else np.bincount(self.of, minlength=self.mode.mu.size)

    @property
    def longest(self) -> Array:
        """The largest delta of each mode."""
        longest = np.zeros(self.mode.mu.shape)
        if self.of is None:
            longest[0] = self.delta.max()
        else:
            np.maximum.at(longest, self.of, self.delta)
        return longest


FARTHEST = 1e300  # infinite times are read as this


def curves(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Curves:
    """The points of arguments that broadcast, in the order of the broadcast array; equal neighbours share a mode."""
    given = [lam, noise, decay, w1, w2]
    if any(x.size != 1 for x in given):
        given = list(np.broadcast_arrays(*given))
    shape, each = np.broadcast_shapes(s.shape, given[0].shape), given[0].shape
    given = [x.ravel() for x in given]
    number = np.arange(given[0].size)
    if each == shape:
        first, number = _runs(given)
        given = [x[first] for x in given]
    if given[0].size == 1:
        of, decay = None, given[2]
    else:
        of = np.broadcast_to(number.reshape(each), shape).ravel()
        decay = given[2][of]
    delta = np.minimum(2 * decay * np.broadcast_to(s, shape).ravel(), FARTHEST)
    return Curves(in_units_of_decay(*given), of, delta)


def _runs(columns: list[Array]) -> tuple[Indices, Indices]:
    """Where a stretch of equal rows begins, and the number of the stretch of each row."""
    new = np.ones(columns[0].shape, np.bool_)
    new[1:] = np.logical_or.reduce([x[1:] != x[:-1] for x in columns])
    return np.flatnonzero(new), np.cumsum(new) - 1
