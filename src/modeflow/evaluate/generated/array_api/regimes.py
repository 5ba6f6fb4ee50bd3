"""Which kernel serves which arguments. Generated code: do not edit.

For arrays of any library that follows the array API standard, 2024.12.
Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target array_api
"""

from typing import Any

from array_api_compat import array_namespace

from . import balanced, direct, gradient

Array = Any
Mask = Any


def _signum(x: Array) -> Array:
    """1 or -1, by the sign of x, that of a zero included."""
    xp = array_namespace(x)
    sign: Array = xp.copysign(xp.ones_like(x), x)
    return sign


def equal(w1: Array, w2: Array) -> Mask:
    """Where |w1| = |w2|."""
    xp = array_namespace(w1, w2)
    where: Mask = xp.abs(w1) == xp.abs(w2)
    return where


def fading(decay: Array) -> Mask:
    """Where there is decay, and the weights differ in size."""
    xp = array_namespace(decay)
    where: Mask = decay > 0.0
    return where


def strength_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Strength of modes in the regime 'unequal', by direct_strength."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    found_w = direct.strength(s, decay + lam, noise, w1, w2)
    w: Array = found_w
    return w


def strength_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Strength of modes in the regime 'equal', by balanced_strength."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    r = xp.abs(w1)
    start = xp.where(w1 == 0.0, 0.0, s)
    sigma = _signum(w1)*_signum(w2)
    found_w = balanced.strength(start, lam, noise, decay, r, sigma)
    w: Array = found_w
    return w


def weights_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Weights of modes in the regime 'unequal', by direct_weights."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    one = xp.abs(w1)
    two = xp.abs(w2)
    small = _signum(w1*w2)*xp.minimum(one, two)
    large = xp.maximum(one, two)
    found_w1, found_w2 = direct.weights(s, decay + lam, noise, small, large)
    flip = _signum(xp.where(one > two, w1, w2))
    first: Array = flip*xp.where(one > two, found_w2, found_w1)
    second: Array = flip*xp.where(one > two, found_w1, found_w2)
    return first, second


def weights_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Weights of modes in the regime 'equal', by balanced_weights."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    r = xp.abs(w1)
    start = xp.where(w1 == 0.0, 0.0, s)
    sigma = _signum(w1)*_signum(w2)
    found_size = balanced.weights(start, lam, noise, decay, r, sigma)
    first: Array = found_size*_signum(w1)
    second: Array = found_size*_signum(w2)
    return first, second


def loss_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Loss of modes in the regime 'unequal', by direct_loss."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    found_loss = direct.loss(s, decay + lam, noise, w1, w2)
    loss: Array = found_loss
    return loss


def loss_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Loss of modes in the regime 'equal', by balanced_loss."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    r = xp.abs(w1)
    start = xp.where(w1 == 0.0, 0.0, s)
    sigma = _signum(w1)*_signum(w2)
    found_loss = balanced.loss(start, lam, noise, decay, r, sigma)
    loss: Array = found_loss
    return loss


def time_unequal(target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Time of modes in the regime 'unequal', by direct_time."""
    xp = array_namespace(target, lam, noise, decay, w1, w2)
    found_time = direct.time(target, lam, noise, w1, w2)
    time: Array = found_time
    return time


def time_equal(target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Time of modes in the regime 'equal', by balanced_time."""
    xp = array_namespace(target, lam, noise, decay, w1, w2)
    r = xp.abs(w1)
    sigma = _signum(w1)*_signum(w2)
    found_time = balanced.time(target, lam, noise, decay, r, sigma)
    time: Array = found_time
    return time


def slopes_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Slopes of modes in the regime 'unequal', by gradient_direct."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    one = xp.abs(w1)
    two = xp.abs(w2)
    small = _signum(w1*w2)*xp.minimum(one, two)
    large = xp.maximum(one, two)
    found_by_s, found_by_lam, found_by_eps, found_by_a, found_by_b = gradient.direct(s, lam, noise, small, large)
    flip = _signum(xp.where(one > two, w1, w2))
    by_s: Array = found_by_s
    by_lam: Array = found_by_lam
    by_noise: Array = found_by_eps
    by_w1: Array = flip*xp.where(one > two, found_by_b, found_by_a)
    by_w2: Array = flip*xp.where(one > two, found_by_a, found_by_b)
    return by_s, by_lam, by_noise, by_w1, by_w2


def slopes_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Slopes of modes in the regime 'equal', by gradient_balanced."""
    xp = array_namespace(s, lam, noise, decay, w1, w2)
    r = xp.abs(w1)
    start = xp.where(w1 == 0.0, 0.0, s)
    sigma = _signum(w1)*_signum(w2)
    found_by_s, found_by_lam, found_by_eps, found_by_gamma, found_by_product = gradient.balanced(start, lam, noise, decay, r, sigma)
    by_s: Array = found_by_s
    by_lam: Array = found_by_lam
    by_noise: Array = found_by_eps
    by_decay: Array = found_by_gamma
    by_w1: Array = found_by_product*w2
    by_w2: Array = found_by_product*w1
    return by_s, by_lam, by_noise, by_decay, by_w1, by_w2
