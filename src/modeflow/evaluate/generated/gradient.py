"""Gradient kernels. Generated code: do not edit.

Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target python
Claims are named with each function; `modeflow verify grad` proves them all.
Operations per point: direct 131, balanced 68.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _hypot(x: Array, y: Array) -> Array:
    """The root of x*x + y*y, without overflow or underflow of the squares."""
    one = np.abs(x)
    two = np.abs(y)
    large = np.maximum(one, two)
    ratio = np.minimum(one, two)/np.maximum(large, np.finfo(large.dtype).tiny)
    value: Array = large*np.sqrt(np.square(ratio) + 1.0)
    return value


def _expm2(x: Array) -> Array:
    """e^x - 1 - x."""
    near = np.where(np.abs(x) < 1.0, x, 0.0)
    series = (1.0 + near/3.0*(1.0 + near/4.0*(1.0 + near/5.0*(1.0 + near/6.0*(1.0 + near/7.0*(1.0 + near/8.0*(1.0 + near/9.0*(1.0 + near/10.0*(1.0 + near/11.0*(1.0 + near/12.0*(1.0 + near/13.0*(1.0 + near/14.0*(1.0 + near/15.0*(1.0 + near/16.0*(1.0 + near/17.0*(1.0 + near/18.0*(1.0 + near/19.0)))))))))))))))))
    lead = 0.5*np.square(near)
    value: Array = np.where(np.abs(x) < 1.0, lead*series, np.expm1(x) - x)
    return value


def _fade2(x: Array) -> Array:
    """1 - (1 + x)e^(-x), for x >= 0."""
    near = np.minimum(1.0, x)
    E = np.exp(-x)
    value: Array = np.where(x < 1.0, E*_expm2(near), -(E*x) - np.expm1(-x))
    return value


def _fade3(x: Array) -> Array:
    """1 - e^(-2x) - 2x e^(-x), for x >= 0."""
    near = np.minimum(1.5, x)
    E = np.exp(-x)
    square = np.square(near)
    series = (1.0 + square/20.0*(1.0 + square/42.0*(1.0 + square/72.0*(1.0 + square/110.0*(1.0 + square/156.0*(1.0 + square/210.0*(1.0 + square/272.0*(1.0 + square/342.0*(1.0 + square/420.0)))))))))
    lead = near*square
    faded = E*lead
    total = faded*series
    value: Array = np.where(x < 1.5, total/3.0, -(2.0*E*x) - np.expm1(-2.0*x))
    return value


def _fade4(x: Array) -> Array:
    """x(1 + e^(-2x)) - (1 - e^(-2x)), for x >= 0."""
    near = np.minimum(1.5, x)
    E = np.exp(-x)
    square = np.square(near)
    series = (1.0 + square/10.0*(1.0 + square/28.0*(1.0 + square/54.0*(1.0 + square/88.0*(1.0 + square/130.0*(1.0 + square/180.0*(1.0 + square/238.0*(1.0 + square/304.0*(1.0 + square/378.0)))))))))
    lead = 2.0*near*square
    faded = E*lead
    total = faded*series
    value: Array = np.where(x < 1.5, total/3.0, x*(np.square(E) + 1.0) + np.expm1(-2.0*x))
    return value


def direct(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Partial derivatives of the strength without decay, for b > |a|; s = t/tau.

    Claims: grad.direct_s_moving, grad.direct_lam_moving, grad.direct_eps_moving, grad.direct_a_rising,
    grad.direct_a_crossing, grad.direct_b_rising, grad.direct_b_crossing, grad.direct_lam_resting,
    grad.direct_eps_resting, grad.direct_rest.
    Returns by_s, by_lam, by_eps, by_a, by_b; 131 operations.
    """
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    X = c*xi
    rho = _hypot(A, X)
    safe = np.where(rho > 0.0, rho, 1.0)
    unit = 1.0 / safe
    f = unit*xi
    half = lam*unit
    top = 2.0*half + 1.0
    P = np.square(p)
    u = f*np.square(q)
    n = 0.5*top + 0.5*u
    g = P*n
    x = -rho*s
    E = np.exp(x)
    M = -np.expm1(x)
    beta = X*unit
    up = np.maximum(0.0, a)
    down = np.minimum(0.0, a)
    turned = np.where(a < 0.0, beta + top, beta + 1.0)
    s1 = half*(b + down + (2.0*half*up - (2.0*beta*down))/turned)
    rest = P*f*u/top
    s2 = 0.5*b*(beta + rest) + half*p
    m = f*g/top
    den = (E + M*m)*(E + M*n)
    h0 = np.square(a) + np.square(b)
    w0 = a*b
    H = g*n/top
    twice = M*(E + 1.0)
    squares = np.square(E)*h0 + H*twice
    g0 = lam - (w0*xi)
    y = rho*s
    root = np.exp(-0.5*y)/den
    shrink = np.square(root)
    begun = s*shrink
    Z = np.square(unit)*(E*h0*_expm2(-y) + H*_fade3(y))/np.square(den)
    late = M*_fade4(0.5*y)
    bent = np.square(M) + f*(2.0*H*late + h0*(0.5*_fade4(y) - late))
    across = 2.0*bent*c*f*g0*unit
    by_s: Array = g0*shrink*squares
    by_lam: Array = squares*(Z*eps + begun*(1.0 - w0))
    by_eps: Array = -squares*(Z*lam + begun*w0)
    by_a: Array = shrink*(np.square(E)*b + s2*twice - (a*across))
    by_b: Array = shrink*(np.square(E)*a + across*b + s1*twice)
    return by_s, by_lam, by_eps, by_a, by_b


def balanced(s: Array, lam: Array, eps: Array, gamma: Array, r: Array, sigma: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Partial derivatives of the strength with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.

    Claims: grad.balanced_s_growing, grad.balanced_lam_growing, grad.balanced_eps_growing,
    grad.balanced_gamma_growing, grad.balanced_product_growing, grad.balanced_s_fading,
    grad.balanced_lam_fading, grad.balanced_eps_fading, grad.balanced_gamma_fading,
    grad.balanced_product_fading, grad.balanced_s_opposite, grad.balanced_lam_opposite,
    grad.balanced_eps_opposite, grad.balanced_gamma_opposite, grad.balanced_product_opposite,
    grad.balanced_s_critical, grad.balanced_lam_critical, grad.balanced_eps_critical,
    grad.balanced_gamma_critical, grad.balanced_product_critical, grad.balanced_s_idle,
    grad.balanced_lam_idle, grad.balanced_eps_idle, grad.balanced_gamma_idle, grad.balanced_product_idle.
    Returns by_s, by_lam, by_eps, by_gamma, by_product; 68 operations.
    """
    kappa = lam*sigma - gamma
    k = np.abs(kappa)
    xi = eps + lam
    rate = 2.0*k
    y = rate*s
    E = np.exp(-y)
    m = np.where(kappa != 0.0, -np.expm1(-y)/k, 2.0*s)
    u0 = np.square(r)
    v = u0*xi
    den = m*v + np.where(kappa > 0.0, E, 1.0)
    left = np.where(kappa > 0.0, u0, E*u0)
    u = left/den
    bent = np.where(kappa > 0.0, _fade2(y), E*_expm2(-y))
    safe = np.where(kappa != 0.0, k, 1.0)
    X = np.where(kappa != 0.0, bent/np.square(safe), 2.0*np.square(s))
    scale = u0/np.square(den)
    early = 2.0*E*s
    by_xi = -m*u*u0/den
    by_kappa = scale*(X*v + early)
    together = scale*(X*u0*(eps + gamma) + early*(1.0 - u0))
    gap = np.where(kappa > 0.0, E*(kappa - v)/den, -k - (u*xi))
    by_s: Array = 2.0*gap*sigma*u
    by_lam: Array = np.where(sigma > 0.0, together, by_kappa - by_xi)
    by_eps: Array = by_xi*sigma
    by_gamma: Array = -by_kappa*sigma
    by_product: Array = E/np.square(den)
    return by_s, by_lam, by_eps, by_gamma, by_product
