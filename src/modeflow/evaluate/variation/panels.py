"""Panels in time on which the path of a mode is smooth."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from .collocation import MILD_UP_TO, POINTS, STIFF_FROM, Array, radau, to_coefficients
from .paths import Indices, Mask, Modes, state

FASTEST = float(np.finfo(np.float64).max)  # no rate is read as faster, and no time as longer
ROUGH = 1e-12  # of the last two Legendre coefficients over the size of what they belong to
ROUNDED = 1e-8  # the same up to which a panel may be rough by rounding: half of it is no smoother then
FADED = 1e-30  # what has fallen to this share since the panel before need not be resolved
TINY = 1e-130  # smaller numbers may be rough by underflow, also as ratios of others
ROUNDS = 60
FINEST = 2.0**-20  # of its time: what is rough on so short a panel is rough by rounding, for nothing changes so fast
MOST = 1024  # panels of one mode to be halved at a time; a mode that wants more is given up, and is NaN from there on


@dataclass(frozen=True)
class Panels:
    """Panels of all modes, mode by mode and in the order of time; per point, the state there."""

    of: Indices  # whose panel it is
    left: Array
    width: Array
    w: Array  # [panel, point]
    h: Array
    tanh: Array
    sech2: Array

    def __getitem__(self, chosen: Indices | Mask) -> Panels:
        return Panels(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def s(self) -> Array:
        return self.left[:, None] + self.width[:, None] * radau()


def panels(mode: Modes, longest: Array) -> Panels:
    """Panels from the start of each mode to its longest time, > 0."""
    of, left, width = _doubling(mode, longest)
    new = _filled(mode, of, left, width)
    earlier = np.zeros((of.size, 3))
    earlier[1:] = np.where((of[1:] == of[:-1])[:, None], _sizes(new)[:-1], 0)
    before = np.full(of.size, np.inf)  # how rough it was as a part of a longer panel
    done: list[Panels] = []
    for _ in range(ROUNDS):
        rough = _roughness(mode, new, earlier)
        smooth = (rough <= ROUGH) | ((rough <= ROUNDED) & (rough > before / 4)) | (new.width <= FINEST * new.left)
        good = np.isnan(rough) | _solvable(mode, new) & smooth
        crowded = ~good & (np.bincount(new.of[~good], minlength=mode.lam.size) > MOST)[new.of]
        done += [new[good], _given_up(new[crowded])]
        bad = ~good & ~crowded
        if not bad.any():
            break
        earlier, before = np.repeat(earlier[bad], 2, axis=0), np.repeat(rough[bad], 2)
        new = _halved(mode, new[bad])
    else:
        done.append(_given_up(new))
    whole = Panels(*(np.concatenate([getattr(part, f.name) for part in done]) for f in fields(Panels)))
    return whole[np.lexsort((whole.left, whole.of))]


def _halved(mode: Modes, whole: Panels) -> Panels:
    half = np.repeat(whole.width / 2, 2)
    return _filled(mode, np.repeat(whole.of, 2), np.repeat(whole.left, 2) + np.tile([0, 1], whole.of.size) * half, half)


def _given_up(rough: Panels) -> Panels:
    """Panels on which nothing is known."""
    return Panels(rough.of, rough.left, rough.width, *(np.full_like(rough.w, np.nan) for _ in range(4)))


def _doubling(mode: Modes, longest: Array) -> tuple[Indices, Array, Array]:
    """The first panel as long as nothing can change on it, the others as long as all before; the last one shorter."""
    fastest = np.minimum(2 * mode.lam + 2 * mode.decay + mode.xi * mode.h0 + 1 / longest, FASTEST)
    first = np.minimum(1 / fastest, longest)
    count = np.ceil(np.log2(np.where(first > 0, longest / first, 1.0))).astype(np.intp) + 1
    of = np.repeat(np.arange(count.size), count)
    number = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count)
    right = np.minimum(np.ldexp(first[of], number), longest[of])
    left = np.where(number > 0, np.minimum(np.ldexp(first[of], number - 1), longest[of]), 0)
    some = right > left
    return of[some], left[some], (right - left)[some]


def _filled(mode: Modes, of: Indices, left: Array, width: Array) -> Panels:
    s = left[:, None] + width[:, None] * radau()
    there = state(s.ravel(), mode[np.repeat(of, POINTS)])
    return Panels(of, left, width, *(x.reshape(s.shape) for x in (there.w, there.h, there.tanh, there.sech2)))


def _sizes(new: Panels) -> Array:
    return np.stack([np.abs(x).max(axis=1) for x in (new.w, new.tanh, new.sech2)], axis=1)


def _roughness(mode: Modes, new: Panels, earlier: Array) -> Array:
    """What each panel leaves unresolved, beside what the mode is like on it, or was like on the panel before."""
    tails = np.stack([_tail(x) for x in (new.w, new.tanh, new.sech2)], axis=1)
    sizes = np.maximum(_sizes(new), np.maximum(FADED * earlier, TINY))
    pull = _pull(mode, new)
    rough = np.maximum((tails / sizes).max(axis=1), _tail(pull) / np.maximum(pull.max(axis=1), 1))
    return np.where(new.h.max(axis=1) == 0, 0, rough)  # NaN stays NaN, and is not split


def _solvable(mode: Modes, new: Panels) -> Mask:
    """Where collocation holds."""
    pull = _pull(mode, new)
    solvable: Mask = (pull.max(axis=1) <= MILD_UP_TO) | (pull.min(axis=1) >= STIFF_FROM)
    return solvable


def _pull(mode: Modes, new: Panels) -> Array:
    """xi·h in units of the width."""
    return mode.xi[new.of, None] * new.h * new.width[:, None]


def _tail(values: Array) -> Array:
    """The last two Legendre coefficients of each panel, the larger one."""
    tail: Array = np.abs(values @ to_coefficients()[-2:].T).max(axis=1)
    return tail
