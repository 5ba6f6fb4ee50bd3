"""Partial derivatives of the forms, from the proved ones of the strength.

With h = w1² + w2², the imbalance c = w2² − w1² = c₀e^(−2 decay s) and dw = w2 dw1 + w1 dw2, dc/2 = w2 dw2 − w1 dw1:

    dw1 = (w2 dw − w1 dc/2)/h,     dw2 = (w1 dw + w2 dc/2)/h.

The loss depends on the parameters, and on the state through w alone, without decay or for weights of one size:
dL = ∂L − (pull) dw with pull = lam − decay·sign − (lam + noise) w, which the path knows as a product: dw/ds = h·pull.

Source: claims grad.weights, grad.loss, grad.balanced_loss, and for dw those that the kernels name.

Every function takes (t, lam, noise, decay, w1, w2, tau) and returns, for each output of the form of that name, its
derivatives in these seven. NaN: what is not known in closed form, the slope in decay for weights of different size.
"""

from __future__ import annotations

from collections.abc import Callable

from array_api_compat import array_namespace

from ..generated.array_api import regimes
from . import forms
from .forms import Point
from .libraries import Array

Slopes = tuple[Array, ...]


def strength(*given: Array) -> tuple[Slopes]:
    """Of w."""
    at, tau = _settled(given), given[6]
    same = regimes.slopes_equal(at.s, *at.mode)
    *rates, by_w1, by_w2 = regimes.slopes_unequal(at.s, *at.mode)
    other = (*rates, at.xp.full_like(by_w1, float("nan")), by_w1, by_w2)
    by_step, *by_others = (at.chosen(x, y) for x, y in zip(same, other, strict=True))
    return ((by_step / tau, *by_others, -by_step * (at.s / tau)),)


def weights(*given: Array) -> tuple[Slopes, Slopes]:
    """Of w1 and w2; of weights that are 0 as of the linear flow around them, e^(-decay s)(cosh lam s, sinh lam s)."""
    at, w1, w2 = _settled(given), *given[4:6]
    xp = at.xp
    one, two = forms.weights(*given)
    (by,) = strength(*given)
    large = xp.maximum(xp.abs(one), xp.abs(two))
    safe = xp.where(large > 0, large, xp.ones_like(large))
    norm = xp.square(one / safe) + xp.square(two / safe)  # h/large², of squares that do not underflow
    norm = safe * xp.where(large > 0, norm, xp.ones_like(large))
    first, second = one / safe / norm, two / safe / norm
    left = xp.exp(-2.0 * at.decay * at.s)
    by_one = [second * x for x in by]
    by_two = [first * x for x in by]
    for place, half in ((4, -w1 * left), (5, w2 * left)):
        by_one[place] = second * by[place] - first * half
        by_two[place] = first * by[place] + second * half
    zero = at.large == 0
    shrunk, grown = xp.exp(-(at.lam + at.decay) * at.s), xp.exp((at.lam - at.decay) * at.s)
    even, odd = (grown + shrunk) / 2.0, -grown * xp.expm1(-2.0 * at.lam * at.s) / 2.0
    by_one[4], by_two[4] = xp.where(zero, even, by_one[4]), xp.where(zero, odd, by_two[4])
    by_one[5], by_two[5] = xp.where(zero, odd, by_one[5]), xp.where(zero, even, by_two[5])
    return tuple(by_one), tuple(by_two)


def loss(*given: Array) -> tuple[Slopes]:
    """Of the loss."""
    at, tau = _settled(given), given[6]
    xp = at.xp
    (w,) = forms.strength(*given)
    (by,) = strength(*given)
    xi, drive = at.lam + at.noise, at.sign * at.lam - at.decay
    along = _pull(at, by[0] * tau, w, drive)
    # xi (1 - w) is exact where the pull is; where the mode vanishes, 1 - w is.
    left = xp.where(at.equal, at.noise + at.decay, at.noise) + along
    nearing = (xi > 0) & (~at.equal | (drive > 0))
    missing = xp.where(nearing, left / xp.where(nearing, xi, xp.ones_like(xi)), 1.0 - w)
    return (
        (
            -along * by[0],
            xp.square(missing) / 2.0 - along * by[1],
            xp.square(w) / 2.0 - along * by[2],
            xp.where(at.equal, xp.abs(w) - along * by[3], float("nan")),
            -along * by[4],
            -along * by[5],
            -along * by[6],
        ),
    )


def learning_time(*given: Array) -> tuple[Slopes]:
    """Of the time T at which w = x, dT = (dx - ∂w)/(dw/dt); 0 where the target is met at the start, or never."""
    (time,) = forms.learning_time(*given)
    ((by_time, *by, _),) = strength(time, *given[1:])
    xp = array_namespace(*given)
    moving = xp.isfinite(time) & (time > 0)
    rate = xp.where(moving, by_time, xp.ones_like(by_time))
    changes = [xp.ones_like(time) / rate, *(-x / rate for x in by), time / given[6]]
    still = xp.where(xp.isnan(time), time, xp.zeros_like(time))
    return (tuple(xp.where(moving, x, still) for x in changes),)


def _pull(at: Point, by_step: Array, w: Array, drive: Array) -> Array:
    """-dL/dw: lam - xi w for weights of different size, sign (drive - xi |w|) for weights of one size."""
    xp, size = at.xp, at.xp.abs(w)
    squares = xp.hypot((at.large - at.small) * (at.large + at.small), 2.0 * w)
    growing = (drive > 0) & (size > 0)  # else the difference is a sum
    safe = xp.where(growing, size, xp.ones_like(size))
    same = xp.where(growing, by_step / (2.0 * safe), at.sign * (drive - (at.lam + at.noise) * size))
    return at.chosen(same, by_step / squares)


def _settled(given: Slopes) -> Point:
    """The point, at a time whose powers stay finite; everything has settled by then."""
    return Point.of(given, power=0.48)


def refuse_unknown_in_decay(w1: Array, w2: Array) -> None:
    """ValueError where the derivative in decay is wanted, and is not known in closed form."""
    xp = array_namespace(w1, w2)
    one, two = xp.abs(w1), xp.abs(w2)
    if bool(xp.any((one < two) | (one > two))):
        raise ValueError(
            "decay: its derivative is wanted, and |w1| != |w2| somewhere, where no closed form of it is known; take it "
            "from modeflow.strength_grad, hold the decay fixed, or give weights of one size"
        )


SLOPES: dict[str, Callable[..., tuple[Slopes, ...]]] = {
    "strength": strength,
    "weights": weights,
    "loss": loss,
    "learning_time": learning_time,
}
