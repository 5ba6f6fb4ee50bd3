"""Direct kernels. Generated code: do not edit.

Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target python
Claims are named with each function; `modeflow verify eval` proves them all.
Operations per point: strength 55, weights 65, loss 46, time 46.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _binade(x: Array, y: Array) -> Array:
    """A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0."""
    large = np.maximum(np.abs(x), np.abs(y))
    limits = np.finfo(large.dtype)
    large = np.minimum(np.maximum(large, 8.0/limits.max), limits.max/8.0)
    whole = large.view(np.int64 if limits.bits == 64 else np.int32)
    size: Array = (whole & -(1 << limits.nmant)).view(large.dtype)  # the exponent alone
    return size


def _hypot(x: Array, y: Array) -> Array:
    """The root of x*x + y*y, without overflow or underflow of the squares."""
    one = np.abs(x)
    two = np.abs(y)
    large = np.maximum(one, two)
    ratio = np.minimum(one, two)/np.maximum(large, np.finfo(large.dtype).tiny)
    value: Array = large*np.sqrt(np.square(ratio) + 1.0)
    return value


def strength(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.

    Claims: eval.direct_strength_moving, eval.direct_strength_resting.
    Returns w; 55 operations.
    """
    A = 2.0*lam
    total = eps + lam
    p = a + b
    q = b - a
    c = p*q
    X = c*total
    size = _binade(A, X)
    unit = (1.0 / size)
    L = lam*unit
    xi = total*unit
    Z = X*unit
    root = np.sqrt(4.0*np.square(L) + np.square(Z))
    R = np.where(root > 0.0, root, 1.0)
    T = 2.0*L + R
    B = np.square(q)*xi
    N = B + T
    n = -0.5*N
    P = np.square(p)
    f = P*xi
    start = a*b
    begun = T*start
    u = B*xi
    middle = P*(L*T + start*u)
    limit = L*P
    rho = root*size
    x = -rho*s
    E = np.exp(x)
    Y = E*R
    F = np.expm1(x)
    H = F*n
    low = H*f
    den = (H + Y)*(T*Y + low)
    late = H*limit
    w: Array = (H*late + Y*(Y*begun - (F*middle)))/den
    return w


def weights(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.

    Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting.
    Returns w1, w2; 65 operations.
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
    root = np.sqrt(den)
    w1: Array = (E*a + M*s1)/root
    w2: Array = (E*b + M*s2)/root
    return w1, w2


def loss(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.

    Claims: eval.direct_loss_moving, eval.direct_loss_resting.
    Returns loss; 46 operations.
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
    scale = np.where(rho > 0.0, xi, 1.0)
    m = f*g/top
    den = (E + M*m)*(E + M*n)
    gap = E*(lam - (a*b*xi))/den
    inverse = 1.0 / scale
    part = gap*inverse
    loss: Array = 0.5*eps*inverse*lam + 0.5*gap*part
    return loss


def time(x: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Learning time, in units of tau, of a mode without decay, to a strength x on its way.

    Claims: eval.direct_time_positive, eval.direct_time_negative.
    Returns time; 46 operations.
    """
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    rho = _hypot(A, c*xi)
    h = _hypot(c, 2.0*x)
    h0 = np.square(a) + np.square(b)
    P = np.where(x >= 0.0, h + 2.0*x, np.square(c)/(h - (2.0*x)))
    P0 = np.square(p)
    low = np.square(c)*xi/(A + rho)
    way = (x - (a*b))/(lam - (x*xi))
    bend = (P + P0)/(h + h0)
    end = (h*xi + rho)/(A + P*xi + rho)
    y = 2.0*bend*end*rho*way/(P0 + low)
    time: Array = np.log1p(y)/rho
    return time
