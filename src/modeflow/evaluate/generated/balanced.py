"""Balanced kernels. Generated code: do not edit.

Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target python
Claims are named with each function; `modeflow verify eval` proves them all.
Operations per point: strength 22, weights 26, loss 41, time 22.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def strength(s: Array, lam: Array, eps: Array, gamma: Array, r: Array, sigma: Array) -> Array:
    """Strength of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.

    Claims: eval.balanced_strength_growing, eval.balanced_strength_fading,
    eval.balanced_strength_opposite, eval.balanced_strength_critical, eval.balanced_strength_idle.
    Returns w; 22 operations.
    """
    kappa = lam*sigma - gamma
    k = np.abs(kappa)
    xi = eps + lam
    rate = -2.0*k
    x = rate*s
    E = np.exp(x)
    m = np.where(kappa != 0.0, -np.expm1(x)/k, 2.0*s)
    u0 = np.square(r)
    v = u0*xi
    den = m*v + np.where(kappa > 0.0, E, 1.0)
    u = u0*np.where(kappa > 0.0, 1.0, E)/den
    w: Array = sigma*u
    return w


def weights(s: Array, lam: Array, eps: Array, gamma: Array, r: Array, sigma: Array) -> Array:
    """Size of both weights of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.

    Claims: eval.balanced_weights_growing, eval.balanced_weights_fading, eval.balanced_weights_opposite,
    eval.balanced_weights_critical, eval.balanced_weights_idle.
    Returns size; 26 operations.
    """
    kappa = lam*sigma - gamma
    k = np.abs(kappa)
    xi = eps + lam
    rate = -2.0*k
    x = rate*s
    E = np.exp(x)
    m = np.where(kappa != 0.0, -np.expm1(x)/k, 2.0*s)
    u0 = np.square(r)
    v = u0*xi
    den = m*v + np.where(kappa > 0.0, E, 1.0)
    half = np.where(kappa > 0.0, 1.0, np.exp(-k*s))
    root = np.sqrt(den)
    size: Array = half*r/root
    return size


def loss(s: Array, lam: Array, eps: Array, gamma: Array, r: Array, sigma: Array) -> Array:
    """Loss of a mode with |w1| = |w2| = r along its path, sigma the sign of w1 w2; s = t/tau.

    Claims: eval.balanced_loss_growing, eval.balanced_loss_fading, eval.balanced_loss_opposite,
    eval.balanced_loss_critical, eval.balanced_loss_idle.
    Returns loss; 41 operations.
    """
    kappa = lam*sigma - gamma
    k = np.abs(kappa)
    xi = eps + lam
    rate = -2.0*k
    x = rate*s
    E = np.exp(x)
    m = np.where(kappa != 0.0, -np.expm1(x)/k, 2.0*s)
    u0 = np.square(r)
    v = u0*xi
    den = m*v + np.where(kappa > 0.0, E, 1.0)
    u = u0*np.where(kappa > 0.0, 1.0, E)/den
    scale = np.where(kappa > 0.0, xi, 1.0)
    gap = E*(kappa - (u0*xi))/den
    least = (eps*lam + gamma*(kappa + lam))/scale
    share = gap/scale
    total = np.where(kappa > 0.0, gap*share + least, lam + u*(2.0*k + u*xi))
    loss: Array = 0.5*total
    return loss


def time(x: Array, lam: Array, eps: Array, gamma: Array, r: Array, sigma: Array) -> Array:
    """Learning time, in units of tau, of a mode with |w1| = |w2| = r, to a strength x on its way.

    Claims: eval.balanced_time_growing, eval.balanced_time_fading, eval.balanced_time_opposite,
    eval.balanced_time_critical, eval.balanced_time_idle.
    Returns time; 22 operations.
    """
    kappa = lam*sigma - gamma
    k = np.abs(kappa)
    xi = eps + lam
    u0 = np.square(r)
    size = sigma*x
    way = size - u0
    z = np.where(kappa > 0.0, way/(u0*(kappa - (size*xi))), -way/(size*(k + u0*xi)))
    span = np.where(kappa != 0.0, np.log1p(k*z)/k, z)
    time: Array = 0.5*span
    return time
