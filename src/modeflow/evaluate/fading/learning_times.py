"""The time a mode takes to a strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .modes import Array, Mask
from .paths import path

HUNT_FACTOR = 4.0
HUNT_STEPS = 160
ROUNDS = 120
ROUNDING = 1e-13  # relative size of Newton steps that may be rounding
SETTLED = 1e-13  # relative distance from the limit within which a strength that has risen counts as falling back


def learning_time(
    target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array, *, compiled: bool = False
) -> Array:
    """The first time t >= 0 with w(t) = target, over tau; inf where the strength never has that value.

    target: a strength, any real number or infinite; the rest, and `compiled`, as in `path`.

    The strength need not be monotone. In units of tau, w' = N·(lam − xi·w) − 2·decay·w with N = w1² + w2², and N² =
    c² + 4w². Where w' = 0 < w, lam − xi·w = 2·decay·w/N > 0 and w'' = N'·(lam − xi·w) with N' = c·c'/N < 0, so w'' < 0;
    where w < 0, or w = 0 < lam, w' > 0. So every extremum is a maximum, hence there is at most one: the strength rises,
    or falls, or rises and then falls, and ends at w* = max(lam − decay, 0)/xi. A target above the start is passed on
    the way up or not at all; one below the start is passed on the way down, if it is above w*.
    Within about 1e-15 of the maximum, or of the limit, rounding decides whether a target is reached.
    """
    out = np.full(target.shape, np.nan)
    known = ~np.isnan(target + lam + noise + decay + w1 + w2)
    with np.errstate(all="ignore"):
        mode = Given(lam, noise, decay, w1, w2, compiled)
        out[known] = _first_passage(mode[known], target[known])
    return out


@dataclass(frozen=True)
class Given:
    """Modes as they are given to `path`."""

    lam: Array
    noise: Array
    decay: Array
    w1: Array
    w2: Array
    compiled: bool

    def __getitem__(self, chosen: Mask) -> Given:
        lam, noise, decay = self.lam[chosen], self.noise[chosen], self.decay[chosen]
        return Given(lam, noise, decay, self.w1[chosen], self.w2[chosen], self.compiled)

    @property
    def limit(self) -> Array:
        """The strength at which the mode comes to rest."""
        xi = self.lam + self.noise
        limit: Array = np.maximum(self.lam - self.decay, 0) / np.where(xi == 0, 1.0, xi)
        return limit

    def at(self, s: Array) -> tuple[Array, Array]:
        """The strength and its derivative."""
        w1, w2, w = path(s, self.lam, self.noise, self.decay, self.w1, self.w2, compiled=self.compiled)
        return w, (w1**2 + w2**2) * (self.lam - (self.lam + self.noise) * w) - 2 * self.decay * w

    @property
    def quick(self) -> Array:
        """A time shorter than any on which the mode moves."""
        size = self.w1**2 + self.w2**2
        return 1e-3 / (self.lam + self.decay + (self.lam + self.noise) * size)


def _first_passage(mode: Given, target: Array) -> Array:
    start = mode.w1 * mode.w2
    limit, slope = mode.limit, mode.at(np.zeros_like(start))[1]
    up = (target > start) & (slope > 0) & ((target < limit) | (target * (mode.lam + mode.noise) < mode.lam))
    down = (target < start) & (target > limit)
    time = np.where(target == start, 0.0, np.inf)
    after = np.full_like(time, np.inf)  # a time by which the target has been passed
    for chosen, hunt in ((up & (target < limit) | down, _passed), (up & (target >= limit), _near_the_peak)):
        if chosen.any():
            after[chosen] = hunt(mode[chosen], target[chosen])
    found = np.isfinite(after)
    if found.any():
        time[found] = _solve(mode[found], target[found], after[found])
    return time


def _passed(mode: Given, target: Array) -> Array:
    """A time at which the target has been passed, inf if rounding hides it from the limit."""
    s = mode.quick
    upwards = np.where(target > mode.w1 * mode.w2, 1.0, -1.0)
    open_ = np.ones(s.shape, np.bool_)
    for _ in range(HUNT_STEPS):
        open_[open_] = (mode[open_].at(s[open_])[0] - target[open_]) * upwards[open_] < 0
        if not open_.any():
            return s
        s[open_] *= HUNT_FACTOR
    s[open_] = np.inf
    return s


def _near_the_peak(mode: Given, target: Array) -> Array:
    """A time at which the strength is above the target, found by bisection for its maximum; inf if there is none."""
    low, high = np.zeros_like(target), np.full_like(target, np.inf)
    s, found = mode.quick, np.full_like(target, np.inf)
    open_ = np.ones(s.shape, np.bool_)
    for _ in range(HUNT_STEPS):
        at = mode[open_]
        w, slope = at.at(s[open_])
        limit = at.limit
        falling = (slope < 0) | (np.abs(w - limit) <= SETTLED * limit)
        high[open_] = np.where(falling, s[open_], high[open_])
        low[open_] = np.where(falling, low[open_], s[open_])
        found[open_] = np.where(w >= target[open_], s[open_], np.inf)
        open_ &= np.isinf(found) & (np.isinf(high) | (high - low > 1e-12 * high))
        if not open_.any():
            break
        s = np.where(np.isfinite(high), _between(low, high), s * HUNT_FACTOR)
    return found


def _between(low: Array, high: Array) -> Array:
    """The middle, in the logarithm where both ends are positive and far apart."""
    middle: Array = np.where(low * 4 < high, np.sqrt(np.maximum(low, 1e-6 * high) * high), (low + high) / 2)
    return middle


def _solve(mode: Given, target: Array, after: Array) -> Array:
    """The passage between 0 and `after`: Newton's method, and halving where it leaves its bracket or is slow.

    It ends where steps no longer shrink, which is at the rounding of the strength.
    """
    low, high, s, last = np.zeros_like(after), after.copy(), after.copy(), after.copy()
    upwards = np.where(target > mode.w1 * mode.w2, 1.0, -1.0)
    open_ = np.ones(s.shape, np.bool_)
    for _ in range(ROUNDS):
        now, goal = s[open_], target[open_]
        w, slope = mode[open_].at(now)
        passed = (w - goal) * upwards[open_] >= 0
        high[open_] = b = np.where(passed, now, high[open_])
        low[open_] = a = np.where(passed, low[open_], now)
        same_sign = w * goal > 0
        step = np.where(same_sign, np.log1p((w - goal) / goal) * w, w - goal) / slope
        following = now - step
        slow = ~(2 * np.abs(step) <= last[open_])
        close = (np.abs(step) <= 2e-16 * now) | (slow & (np.abs(step) <= ROUNDING * now))
        halve = slow | ~((following >= a) & (following <= b))
        moved = np.where(halve, _between(a, b), following)
        s[open_] = np.where(close, now, moved)
        last[open_] = np.abs(moved - now)
        open_[open_] = ~(close | (b - a <= 3e-16 * b) | (w == goal))
        if not open_.any():
            break
    return s
