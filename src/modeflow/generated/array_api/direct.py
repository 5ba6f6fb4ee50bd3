"""Direct kernels. Generated code: do not edit.

For arrays of any library that follows the array API standard, 2024.12.
Written by modeflow 0.1.0 with SymPy 1.14.0.
Regenerate with: modeflow generate --target array_api
Claims are named with each function; `modeflow verify eval` proves them all.
Operations per point: strength 73, weights 63, loss 47, time 46.
"""

from typing import Any

from array_api_compat import array_namespace

Array = Any


def _hypot(x: Array, y: Array) -> Array:
    """The root of x*x + y*y, without overflow or underflow of the squares."""
    xp = array_namespace(x, y)
    x, y = xp.abs(x), xp.abs(y)
    large = xp.maximum(x, y)
    ratio = xp.minimum(x, y)/xp.maximum(large, xp.full_like(large, xp.finfo(large.dtype).smallest_normal))
    root: Array = large*xp.sqrt(1.0 + xp.square(ratio))
    return root


def strength(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Strength of a mode without decay, for b > |a|; s = t/tau.

    Claims: eval.direct_strength_rising, eval.direct_strength_crossing, eval.direct_strength_settled,
    eval.direct_strength_resting.
    Returns w; 73 operations.
    """
    xp = array_namespace(s, lam, eps, a, b)
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    X = c*xi
    rho = _hypot(A, X)
    safe = xp.where(rho > 0.0, rho, 1.0)
    alpha = xp.where(rho > 0.0, A/safe, 1.0)
    beta = X/safe
    f = xi/safe
    h = f*xp.square(p)
    n = alpha + f*xp.square(q)
    d2 = alpha + 1.0
    d0 = xp.square(beta)/d2
    x = -rho*s
    E = xp.exp(x)
    M = -xp.expm1(x)
    floor = E*d2 + d0
    D = M*h + floor
    N = E + M*n + 1.0
    up = xp.maximum(a, xp.full_like(a, 0.0))
    down = xp.minimum(a, xp.full_like(a, 0.0))
    one = beta + 1.0
    both = beta + d2
    k0 = alpha*(alpha*up/one - (2.0*beta*down/both))
    k1 = alpha*(b + down)
    k2 = a*one + alpha*down
    k3 = alpha*p + b*beta
    S1 = E*k2 + M*k1 + k0
    S2 = M*k3 + b*floor
    ND = D*N
    start = lam - (a*b*xi)
    scaled = 4.0*start
    gap = E*scaled/ND
    near = 0.25*lam
    w: Array = xp.where(xp.square(gap) < xp.square(near), (lam - gap)/xi, S1*S2/ND)
    return w


def weights(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.

    Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting.
    Returns w1, w2; 63 operations.
    """
    xp = array_namespace(s, lam, eps, a, b)
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    X = c*xi
    rho = _hypot(A, X)
    safe = xp.where(rho > 0.0, rho, 1.0)
    alpha = xp.where(rho > 0.0, A/safe, 1.0)
    beta = X/safe
    f = xi/safe
    h = f*xp.square(p)
    n = alpha + f*xp.square(q)
    d2 = alpha + 1.0
    d0 = xp.square(beta)/d2
    x = -rho*s
    E = xp.exp(x)
    M = -xp.expm1(x)
    floor = E*d2 + d0
    D = M*h + floor
    N = E + M*n + 1.0
    up = xp.maximum(a, xp.full_like(a, 0.0))
    down = xp.minimum(a, xp.full_like(a, 0.0))
    one = beta + 1.0
    both = beta + d2
    k0 = alpha*(alpha*up/one - (2.0*beta*down/both))
    k1 = alpha*(b + down)
    k2 = a*one + alpha*down
    k3 = alpha*p + b*beta
    S1 = E*k2 + M*k1 + k0
    S2 = M*k3 + b*floor
    ND = D*N
    root = xp.sqrt(ND)
    w1: Array = S1/root
    w2: Array = S2/root
    return w1, w2


def loss(s: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Loss of a mode without decay along its path; s = t/tau.

    Claims: eval.direct_loss_moving, eval.direct_loss_resting.
    Returns loss; 47 operations.
    """
    xp = array_namespace(s, lam, eps, a, b)
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    X = c*xi
    rho = _hypot(A, X)
    safe = xp.where(rho > 0.0, rho, 1.0)
    alpha = xp.where(rho > 0.0, A/safe, 1.0)
    beta = X/safe
    f = xi/safe
    h = f*xp.square(p)
    n = alpha + f*xp.square(q)
    d2 = alpha + 1.0
    d0 = xp.square(beta)/d2
    x = -rho*s
    E = xp.exp(x)
    M = -xp.expm1(x)
    floor = E*d2 + d0
    D = M*h + floor
    N = E + M*n + 1.0
    scale = xp.where(rho > 0.0, xi, 1.0)
    start = lam - (a*b*xi)
    shrink = E/D
    gap = 4.0*shrink*start/N
    least = eps*lam/scale
    share = gap/scale
    loss: Array = 0.5*gap*share + 0.5*least
    return loss


def time(x: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """Learning time, in units of tau, of a mode without decay, to a strength x on its way.

    Claims: eval.direct_time_positive, eval.direct_time_negative.
    Returns time; 46 operations.
    """
    xp = array_namespace(x, lam, eps, a, b)
    A = 2.0*lam
    xi = eps + lam
    p = a + b
    q = b - a
    c = p*q
    rho = _hypot(A, c*xi)
    h = _hypot(c, 2.0*x)
    h0 = xp.square(a) + xp.square(b)
    P = xp.where(x >= 0.0, h + 2.0*x, xp.square(c)/(h - (2.0*x)))
    P0 = xp.square(p)
    low = xp.square(c)*xi/(A + rho)
    way = (x - (a*b))/(lam - (x*xi))
    bend = (P + P0)/(h + h0)
    end = (h*xi + rho)/(A + P*xi + rho)
    y = 2.0*bend*end*rho*way/(P0 + low)
    time: Array = xp.log1p(y)/rho
    return time
