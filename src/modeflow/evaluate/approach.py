"""Where a mode comes to rest, and which strengths it reaches: said once, for the arrays of every library.

xp is the namespace of the library, as in the array API standard.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any  # of the one library


def fixed_point(xp: Any, lam: Array, noise: Array, decay: Array) -> Array:
    """The strength at rest of a mode that grows; 0 where nothing pulls."""
    half = xp.where(xp.isinf(lam + noise), 0.5, xp.ones_like(lam))  # the sum of halves is finite
    total, left = half * lam + half * noise, half * (lam - decay)
    return xp.where(left <= 0, 0.0, left) / xp.where(total == 0, 1.0, total)


class Approach(NamedTuple):
    """From where to where the strength of a mode goes, whether it falls, and whether it never moves."""

    start: Array
    limit: Array
    falls: Array
    rests: Array

    @classmethod
    def of(cls, xp: Any, mode: tuple[Array, ...], equal: Array) -> Approach:
        """mode: lam, noise, decay, w1, w2. equal: whether |w1| = |w2|; such weights of opposite sign vanish."""
        lam, noise, decay, w1, w2 = mode
        start, rest = w1 * w2, fixed_point(xp, lam, noise, decay)
        limit = xp.where(equal & (start < 0), 0.0, rest)
        rests = ((lam == 0) & (noise == 0) & (decay == 0)) | ((w1 == 0) & (w2 == 0))
        return cls(start, limit, (start > limit) & ~rests, rests)

    def leads_to(self, target: Array) -> Array:
        """Whether the target is between start and limit."""
        return ((self.start < target) & (target < self.limit)) | ((self.limit < target) & (target < self.start))

    def has_met(self, target: Array) -> Array:
        """Whether the start is the target, or beyond it."""
        return (target == self.start) | ((target < self.start) & ~self.falls)

    def time(self, xp: Any, target: Array, ahead: Array, solved: Array, time: Array) -> Array:
        """When the strength is the target: 0, the time, or never.

        ahead: whether the target is on the way. solved: the time in the unit of the rates, which within rounding of the
        limit can be negative or NaN, as the computed gap vanishes or changes sign: never reached.
        """
        reached = xp.where(ahead & ~self.rests & (solved >= 0), time, float("inf"))
        return xp.where(self.has_met(target), 0.0, reached)
