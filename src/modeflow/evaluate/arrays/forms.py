"""The closed forms at every point, each where it holds; both are computed everywhere, as a case costs no branch so.

Functions take arrays (t, lam, noise, decay, w1, w2, tau) of one library, type and device that broadcast together,
and return a tuple of arrays. Weights of different size under decay are NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from ..generated.array_api import balanced, direct
from .libraries import Array

Form = Callable[..., tuple[Array, ...]]


@dataclass(frozen=True)
class Point:
    """Where a path is looked at: s = t/tau, and the weights at the start by size.

    small has the sign of w1 w2, large none; sign is that of w1 w2, also where that is 0. equal: |w1| = |w2|.
    """

    xp: Any
    s: Array
    lam: Array
    noise: Array
    decay: Array
    small: Array
    large: Array
    sign: Array
    equal: Array

    @classmethod
    def of(cls, given: tuple[Array, ...], power: float = 1.0) -> Point:
        """From the arguments. power: the time is cut at the largest number to this power, over 8."""
        t, lam, noise, decay, w1, w2, tau = given
        xp = array_namespace(*given)
        one, two, unit = xp.abs(w1), xp.abs(w2), xp.ones_like(w1)
        # At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest.
        steps = t / tau
        steps = xp.minimum(steps, xp.full_like(steps, float(xp.finfo(w1.dtype).max) ** power / 8))
        small = xp.copysign(xp.minimum(one, two), w1 * w2)
        sign = xp.copysign(unit, w1) * xp.copysign(xp.ones_like(w2), w2)
        return cls(xp, steps, lam, noise, decay, small, xp.maximum(one, two), sign, one == two)

    @property
    def undecayed(self) -> tuple[Array, ...]:
        """The arguments of the direct forms; a decay of NaN reaches the result."""
        return self.s, self.lam + self.decay, self.noise, self.small, self.large

    @property
    def balanced(self) -> tuple[Array, ...]:
        """The arguments of the balanced forms; weights of 0 stay there, however fast the mode would grow."""
        steps = self.xp.where(self.large == 0, self.xp.zeros_like(self.large), self.s)
        return steps, self.lam, self.noise, self.decay, self.large, self.sign

    def unordered(self, w1: Array, w2: Array, small: Array, large: Array) -> tuple[Array, Array]:
        """What was computed for the smaller and the larger weight, swapped and flipped back to w1 and w2."""
        xp, swapped = self.xp, self.xp.abs(w1) > self.xp.abs(w2)
        flip = xp.copysign(xp.ones_like(self.large), xp.where(swapped, w1, w2))
        return flip * xp.where(swapped, large, small), flip * xp.where(swapped, small, large)

    def chosen(self, equal: Array, unequal: Array) -> Array:
        """The one value for weights of one size, the other without decay, NaN for what has neither."""
        return self.xp.where(self.equal, equal, self.unfading(unequal))

    def unfading(self, unequal: Array) -> Array:
        """The value where there is no decay, and NaN where there is."""
        return self.xp.where(self.decay > 0, float("nan"), unequal)


def strength(*given: Array) -> tuple[Array, ...]:
    """w."""
    at = Point.of(given)
    return (at.chosen(balanced.strength(*at.balanced), direct.strength(*at.undecayed)),)


def weights(*given: Array) -> tuple[Array, ...]:
    """w1 and w2."""
    at = Point.of(given)
    w1, w2 = given[4:6]
    size = balanced.weights(*at.balanced)
    first, second = at.unordered(w1, w2, *direct.weights(*at.undecayed))
    return at.chosen(at.xp.copysign(size, w1), first), at.chosen(at.xp.copysign(size, w2), second)


def loss(*given: Array) -> tuple[Array, ...]:
    """The loss."""
    at = Point.of(given)
    return (at.chosen(balanced.loss(*at.balanced), direct.loss(*at.undecayed)),)


def fixed_point(lam: Array, noise: Array, decay: Array) -> tuple[Array, ...]:
    """The strength at rest."""
    xp = array_namespace(lam, noise, decay)
    half = xp.where(xp.isinf(lam + noise), 0.5 * xp.ones_like(lam), xp.ones_like(lam))  # the sum of halves is finite
    total, left = half * lam + half * noise, half * lam - half * decay
    return (xp.where(left <= 0, xp.zeros_like(left), left) / xp.where(total == 0, xp.ones_like(total), total),)


def learning_time(*given: Array) -> tuple[Array, ...]:
    """The first time at which the strength is the target, which stands in the place of t."""
    at, target, tau = Point.of(given), given[0], given[6]
    xp, start = at.xp, at.small * at.large
    time = at.chosen(
        balanced.time(target, at.lam, at.noise, at.decay, at.large, at.sign),
        direct.time(target, at.lam, at.noise, at.small, at.large),
    )
    (rest,) = fixed_point(at.lam, at.noise, at.decay)
    limit = xp.where(at.equal & (start < 0), xp.zeros_like(start), rest)
    rests = ((at.lam == 0) & (at.noise == 0) & (at.decay == 0)) | (at.large == 0)
    met = (target == start) | ((target < start) & ~((start > limit) & ~rests))
    on_its_way = ((start < target) & (target < limit)) | ((limit < target) & (target < start))
    # Within rounding of the limit the computed gap can vanish or change sign: never reached.
    reached = on_its_way & ~rests & (time >= 0)
    time = xp.where(met, xp.zeros_like(time), xp.where(reached, time * tau, float("inf")))
    time = xp.where(xp.isnan(target + start + limit + tau), float("nan"), time)
    return (at.chosen(time, time),)


VALUES: dict[str, Form] = {"strength": strength, "weights": weights, "loss": loss, "learning_time": learning_time}
