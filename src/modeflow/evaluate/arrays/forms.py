"""The closed forms at every point, each where it holds; both are computed everywhere, as a case costs no branch so.

Functions take arrays (t, lam, noise, decay, w1, w2, tau) of one library, type and device that broadcast together,
and return a tuple of arrays. Weights of different size under decay are NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from .. import approach
from ..approach import Approach
from ..generated.array_api import pairs, regimes
from .libraries import Array

Form = Callable[..., tuple[Array, ...]]


@dataclass(frozen=True)
class Point:
    """Where a path is looked at: s = t/tau, and the mode.

    small has the sign of w1 w2, large none; sign is that of w1 w2, also where that is 0. equal: |w1| = |w2|.
    """

    xp: Any
    s: Array
    lam: Array
    noise: Array
    decay: Array
    w1: Array
    w2: Array
    small: Array
    large: Array
    sign: Array
    equal: Array

    @classmethod
    def of(cls, given: tuple[Array, ...], power: float = 1.0) -> Point:
        """From the arguments. power: the time is cut at the largest number to this power, over 8."""
        t, lam, noise, decay, w1, w2, tau = given
        xp = array_namespace(*given)
        # At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest.
        steps = t / tau
        steps = xp.minimum(steps, xp.full_like(steps, float(xp.finfo(w1.dtype).max) ** power / 8))
        small, large = pairs.ordered(w1, w2)
        sign = xp.copysign(xp.ones_like(small), small)
        return cls(xp, steps, lam, noise, decay, w1, w2, small, large, sign, regimes.equal(w1, w2))

    @property
    def mode(self) -> tuple[Array, ...]:
        """The arguments of the forms, but for the time."""
        return self.lam, self.noise, self.decay, self.w1, self.w2

    def chosen(self, equal: Array, unequal: Array) -> Array:
        """The one value for weights of one size, the other without decay, NaN for what has neither."""
        return self.xp.where(self.equal, equal, self.unfading(unequal))

    def unfading(self, unequal: Array) -> Array:
        """The value where there is no decay, and NaN where there is."""
        return self.xp.where(regimes.fading(self.decay), float("nan"), unequal)


def strength(*given: Array) -> tuple[Array, ...]:
    """w."""
    at = Point.of(given)
    return (at.chosen(regimes.strength_equal(at.s, *at.mode), regimes.strength_unequal(at.s, *at.mode)),)


def weights(*given: Array) -> tuple[Array, ...]:
    """w1 and w2."""
    at = Point.of(given)
    both = zip(regimes.weights_equal(at.s, *at.mode), regimes.weights_unequal(at.s, *at.mode), strict=True)
    return tuple(at.chosen(equal, unequal) for equal, unequal in both)


def loss(*given: Array) -> tuple[Array, ...]:
    """The loss."""
    at = Point.of(given)
    return (at.chosen(regimes.loss_equal(at.s, *at.mode), regimes.loss_unequal(at.s, *at.mode)),)


def fixed_point(lam: Array, noise: Array, decay: Array) -> tuple[Array, ...]:
    """The strength at rest."""
    return (approach.fixed_point(array_namespace(lam, noise, decay), lam, noise, decay),)


def learning_time(*given: Array) -> tuple[Array, ...]:
    """The first time at which the strength is the target, which stands in the place of t."""
    at, target, tau = Point.of(given), given[0], given[6]
    xp, way = at.xp, Approach.of(at.xp, at.mode, at.equal)
    solved = at.chosen(regimes.time_equal(target, *at.mode), regimes.time_unequal(target, *at.mode))
    time = way.time(xp, target, way.leads_to(target), solved, solved * tau)
    time = xp.where(xp.isnan(target + way.start + way.limit + tau), float("nan"), time)
    return (at.chosen(time, time),)


VALUES: dict[str, Form] = {"strength": strength, "weights": weights, "loss": loss, "learning_time": learning_time}
