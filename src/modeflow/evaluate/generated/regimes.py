"""Which kernel serves which arguments. Generated code: do not edit.

Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target python
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import balanced, direct, gradient

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


def _signum(x: Array) -> Array:
    """1 or -1, by the sign of x, that of a zero included."""
    sign: Array = np.copysign(np.ones((), x.dtype), x)
    return sign


def equal(w1: Array, w2: Array) -> Mask:
    """Where |w1| = |w2|."""
    where: Mask = np.abs(w1) == np.abs(w2)
    return where


def fading(decay: Array) -> Mask:
    """Where there is decay, and the weights differ in size."""
    where: Mask = decay > 0.0
    return where


def strength_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Strength of modes in the regime 'unequal', by direct_strength."""
    found_w = direct.strength(s, decay + lam, noise, w1, w2)
    w: Array = found_w
    return w


def strength_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Strength of modes in the regime 'equal', by balanced_strength."""
    r = np.abs(w1)
    start = np.where(w1 == 0.0, 0.0, s) if np.any(w1 == 0.0) else s
    sigma = _signum(w1)*_signum(w2)
    found_w = balanced.strength(start, lam, noise, decay, r, sigma)
    w: Array = found_w
    return w


def weights_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Weights of modes in the regime 'unequal', by direct_weights."""
    one = np.abs(w1)
    two = np.abs(w2)
    small = _signum(w1*w2)*np.minimum(one, two)
    large = np.maximum(one, two)
    found_w1, found_w2 = direct.weights(s, decay + lam, noise, small, large)
    flip = _signum(np.where(one > two, w1, w2))
    first: Array = flip*np.where(one > two, found_w2, found_w1)
    second: Array = flip*np.where(one > two, found_w1, found_w2)
    return first, second


def weights_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Weights of modes in the regime 'equal', by balanced_weights."""
    r = np.abs(w1)
    start = np.where(w1 == 0.0, 0.0, s) if np.any(w1 == 0.0) else s
    sigma = _signum(w1)*_signum(w2)
    found_size = balanced.weights(start, lam, noise, decay, r, sigma)
    first: Array = found_size*_signum(w1)
    second: Array = found_size*_signum(w2)
    return first, second


def loss_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Loss of modes in the regime 'unequal', by direct_loss."""
    found_loss = direct.loss(s, decay + lam, noise, w1, w2)
    loss: Array = found_loss
    return loss


def loss_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Loss of modes in the regime 'equal', by balanced_loss."""
    r = np.abs(w1)
    start = np.where(w1 == 0.0, 0.0, s) if np.any(w1 == 0.0) else s
    sigma = _signum(w1)*_signum(w2)
    found_loss = balanced.loss(start, lam, noise, decay, r, sigma)
    loss: Array = found_loss
    return loss


def time_unequal(target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Time of modes in the regime 'unequal', by direct_time."""
    found_time = direct.time(target, lam, noise, w1, w2)
    time: Array = found_time
    return time


def time_equal(target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """Time of modes in the regime 'equal', by balanced_time."""
    r = np.abs(w1)
    sigma = _signum(w1)*_signum(w2)
    found_time = balanced.time(target, lam, noise, decay, r, sigma)
    time: Array = found_time
    return time


def slopes_unequal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Slopes of modes in the regime 'unequal', by gradient_direct."""
    one = np.abs(w1)
    two = np.abs(w2)
    small = _signum(w1*w2)*np.minimum(one, two)
    large = np.maximum(one, two)
    found_by_s, found_by_lam, found_by_eps, found_by_a, found_by_b = gradient.direct(s, lam, noise, small, large)
    flip = _signum(np.where(one > two, w1, w2))
    by_s: Array = found_by_s
    by_lam: Array = found_by_lam
    by_noise: Array = found_by_eps
    by_w1: Array = flip*np.where(one > two, found_by_b, found_by_a)
    by_w2: Array = flip*np.where(one > two, found_by_a, found_by_b)
    return by_s, by_lam, by_noise, by_w1, by_w2


def slopes_equal(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Slopes of modes in the regime 'equal', by gradient_balanced."""
    r = np.abs(w1)
    start = np.where(w1 == 0.0, 0.0, s) if np.any(w1 == 0.0) else s
    sigma = _signum(w1)*_signum(w2)
    found_by_s, found_by_lam, found_by_eps, found_by_gamma, found_by_product = gradient.balanced(start, lam, noise, decay, r, sigma)
    by_s: Array = found_by_s
    by_lam: Array = found_by_lam
    by_noise: Array = found_by_eps
    by_decay: Array = found_by_gamma
    by_w1: Array = found_by_product*w2
    by_w2: Array = found_by_product*w1
    return by_s, by_lam, by_noise, by_decay, by_w1, by_w2
