"""A mode with weight decay and weights of different size: its path, and the time it takes to a strength.

With s = t/tau, xi = lam + noise, mu = lam/(2·decay), nu = mu − 1/2, delta = 2·decay·s and
z = (xi·|w2² − w1²|/(4·decay))·e^(−delta), the ratio u = |w1 + w2|/|w2 − w1| obeys du/d(delta) = z + 2·mu·u − z·u²
(signs arranged so that w2 > |w1|), a Riccati equation. It is u = X/Y with the linear system

    dX/d(delta) = mu·X + z·Y,   dY/d(delta) = z·X − mu·Y,   alpha = X − Y,   X = w1 + w2, Y = w2 − w1 at the start,

two of whose solutions have the ratios kappa = K_{nu+1}(z)/K_nu(z) and −iota = −I_{nu+1}(z)/I_nu(z). Hence, an index 0
marking the start and E = I_nu(z)K_nu(z0)/(K_nu(z)I_nu(z0)), which falls from 1 to 0,

    Y     = u0·(1 − E) + iota0 + E·kappa0
    X     = u0·(kappa + E·iota) + kappa·iota0 − E·iota·kappa0
    alpha = (u0 − 1)·(kappa − 1 + E·(1 + iota)) + (kappa − 1)·(1 + iota0) − E·(kappa0 − 1)·(1 + iota).

Each difference is that of a falling quantity from its first value, so it cancels only where E is near 1, which is
left to other methods; what cancels in alpha for u0 < 1 is the true zero of the strength. Source: claim wae.solution,
rearranged.

=======  =========================================================  ===============================================
method   where                                                      what
=======  =========================================================  ===============================================
series   1 − e^(−delta) <= 1/4, and (mu + z0)·(1 − e^(−delta)) at   Taylor series of X, Y, alpha in 1 − z/z0 by
         most 0.1 if the start is uniform, 1 if not                 three-term recurrences
uniform  sqrt(nu² + z²) >= 25                                       kappa, iota, log(I/K) by the uniform (Debye)
                                                                    expansions of DLMF 10.41(ii); kappa − 1 by the
                                                                    integral if mu < 1/4
bessel   sqrt(nu² + z²) < 25, z >= 1e-10                            K_nu, K_{nu+1} by scipy.special.kve; by the
                                                                    integral DLMF 10.32.9 for 0.3 < z < 2.2 and for
                                                                    mu < 0.04·max(1, z); iota by its continued
                                                                    fraction, DLMF 10.33.1
small    as bessel, z0 <= 1, nu <= 1/2                              1 − E by the power series of I_nu and I_{−nu}
tail     z < 1e-10, reached or from the start                       X, Y, alpha on from z = 1e-10, or the start, to
                                                                    first order in z; the second is below rounding
anchors  runs of equal modes with at least six times for each       all of the above at the anchors, and the Taylor
         anchor; an anchor every 0.7/(mu + z + 3.5) of delta        series about the nearest anchor in between
=======  =========================================================  ===============================================

z and z0 choose between uniform and bessel each on its own. benchmarks/unbalanced_decay.py prints the errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]
Triple = tuple[Array, Array, Array]

SERIES_SPAN = 0.25  # longest step 1 − z/z0 of the series; its terms fall at least as fast as this one's powers
SERIES_GROWTH = (0.1, 1.0)  # largest (mu + z0)·(1 − z/z0), where the start is uniform and where it is not
SERIES_TERMS = 30
ANCHOR_SPACING = 0.7  # of anchors in (mu + z)·delta + ANCHOR_DENSITY·delta
ANCHOR_DENSITY = 3.5
ANCHOR_TERMS = 16
ANCHOR_SHARE = 6  # points that a run must have for each anchor
UNIFORM_FROM = 25.0  # the smallest sqrt(nu² + z²) of the uniform expansion; from 27 on K_nu overflows at TAIL_FROM
UNIFORM_TERMS = 20
FAR = 200.0  # the smallest sqrt(nu² + z²) for which FAR_TERMS are enough
FAR_TERMS = 8
TAIL_FROM = 1e-10  # the largest z of the tail
SMALL_START = 1.0  # the largest z0 of the method `small`
QUADRATURE_BELOW = 0.04  # the largest mu, over z if that is above 1, for which kappa − 1 is integrated
QUADRATURE_BELOW_UNIFORM = 0.25  # the largest mu, where the method is `uniform`
WEAK_KVE = (0.3, 2.2)  # the z between which kve is wrong by up to 3e-13 and K_nu is integrated
FARTHEST = 1e300  # infinite times are read as this


def path(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Triple:
    """Encoder weight, decoder weight and strength w1(t), w2(t), w(t), from the weights w1, w2 at t = 0.

    s: time in units of tau, t/tau >= 0; inf means the limit. lam, noise >= 0, decay > 0: eigenvalue, noise variance
    and weight decay, in one unit. |w1| != |w2|. All are float64 arrays of one axis and one length. NaN in, NaN out.
    At s = 0 the weights come back as given. Magnitudes between 1e-75 and 1e75, and 0, are safe.
    """
    known = ~np.isnan(s + lam + noise + decay + w1 + w2)
    out = tuple(np.full(s.shape, np.nan) for _ in range(3))
    values = (x[known] for x in (s, lam, noise, decay, w1, w2))
    with np.errstate(all="ignore"):
        for array, value in zip(out, _path(*values), strict=True):
            array[known] = value
    return out[0], out[1], out[2]


def _path(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Triple:
    mode = _mode(lam, noise, decay, w1, w2)
    small, large, strength = _weights(_state(mode, np.minimum(2 * decay * s, FARTHEST)))
    swapped = np.abs(w1) > np.abs(w2)
    sign = np.copysign(1.0, np.where(swapped, w1, w2))
    start = s == 0
    first = np.where(start, w1, sign * np.where(swapped, large, small))
    second = np.where(start, w2, sign * np.where(swapped, small, large))
    return first, second, np.where(start, w1 * w2, strength)


@dataclass(frozen=True)
class Mode:
    """Where modes start, in units of the decay; w1, w2 stand for the smaller and the larger weight, w2 > |w1|."""

    mu: Array  # lam/(2·decay)
    nu: Array  # (lam − decay)/(2·decay), the order of the Bessel functions, >= −1/2
    z0: Array  # xi·c/(4·decay), c = w2² − w1²
    p0: Array  # w1 + w2 > 0
    q0: Array  # w2 − w1 > 0
    a: Array  # w1

    def __getitem__(self, chosen: Mask | Indices) -> Mode:
        return Mode(*(getattr(self, f.name)[chosen] for f in fields(self)))


def _mode(lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Mode:
    one, two = np.abs(w1), np.abs(w2)
    b = np.maximum(one, two)
    a = np.copysign(np.minimum(one, two), np.copysign(1.0, w1) * np.copysign(1.0, w2))
    p0, q0 = b + a, b - a
    z0 = (lam + noise) / (4 * decay) * p0 * q0
    return Mode(lam / (2 * decay), (lam - decay) / (2 * decay), z0, p0, q0, a)


@dataclass(frozen=True)
class State:
    """X, Y and alpha = X − Y at a time, up to a common factor, and what takes them to w1 + w2 and w2 − w1."""

    X: Array
    Y: Array
    alpha: Array
    scale: Array  # sqrt(c/Y), c = w2² − w1² at that time: w1 + w2 = sqrt(c·X/Y) = scale·sqrt(X)


def _weights(state: State) -> Triple:
    """The smaller weight, the larger one, the strength: (p − q)/2, (p + q)/2 and their product, p/q = X/Y."""
    X, Y, alpha = state.X, state.Y, state.alpha
    half = 0.5 * state.scale / np.sqrt(X)
    small, large = half * alpha, half * (X + Y)
    return small, large, small * large


def _state(mode: Mode, delta: Array) -> State:
    """X, Y, alpha after delta = 2·decay·t/tau."""
    early = np.clip(np.log(mode.z0 / TAIL_FROM), 0, delta)  # how much of delta is before the tail
    X, Y, alpha = _before_the_tail(mode, early)
    rest = delta - early
    if rest.any():
        return _tail(mode, X, Y, alpha, early, rest)
    root_c = np.sqrt(mode.p0) * np.sqrt(mode.q0) * np.exp(-delta / 2)
    return State(X, Y, alpha, root_c / np.sqrt(Y))


def _before_the_tail(mode: Mode, delta: Array) -> Triple:
    """X, Y, alpha at every point: runs of many times of one mode by anchors, the others each on its own."""
    runs = _runs(mode)
    at = mode[runs.first]
    longest = np.maximum.reduceat(delta, runs.first) if delta.size else delta
    count = np.ceil(_anchor_number(at.mu, at.z0, longest)) + 1
    dense = (count * ANCHOR_SHARE <= runs.length)[runs.of]
    if not dense.any():
        return _directly(mode, delta)
    out = np.empty((3, delta.size))
    if not dense.all():
        out[:, ~dense] = _directly(mode[~dense], delta[~dense])
    chosen = dense[runs.first]
    renumbered = (np.cumsum(chosen) - 1)[runs.of[dense]]
    out[:, dense] = _anchored(at[chosen], count[chosen].astype(np.intp), renumbered, delta[dense])
    return out[0], out[1], out[2]


@dataclass(frozen=True)
class Runs:
    """Stretches of equal modes: the first point of each, its length, and which one a point belongs to."""

    first: Indices
    length: Indices
    of: Indices


def _runs(mode: Mode) -> Runs:
    new = np.ones(mode.mu.shape, np.bool_)
    changes = (np.diff(getattr(mode, f.name)) != 0 for f in fields(mode))
    new[1:] = np.logical_or.reduce(list(changes))
    first = np.flatnonzero(new)
    return Runs(first, np.diff(first, append=new.size), np.cumsum(new) - 1)


def _anchor_number(mu: Array, z0: Array, delta: Array) -> Array:
    """Which anchor is at delta, as a real number; anchors lie closer together where the mode moves faster."""
    number: Array = (z0 * -np.expm1(-delta) + (mu + ANCHOR_DENSITY) * delta) / ANCHOR_SPACING
    return number


def _anchor_place(mu: Array, z0: Array, number: Array) -> Array:
    """The delta of an anchor, nearly: Newton's method, from the left on a concave function."""
    way = number * ANCHOR_SPACING
    delta = np.maximum(way / (mu + z0 + ANCHOR_DENSITY), (way - z0) / (mu + ANCHOR_DENSITY))
    for _ in range(30):
        z = z0 * np.exp(-delta)
        change = (number - _anchor_number(mu, z0, delta)) * ANCHOR_SPACING / (mu + z + ANCHOR_DENSITY)
        delta += change
        if np.all(change * (mu + z + ANCHOR_DENSITY) < 0.01):
            break
    return delta


def _anchored(mode: Mode, count: Indices, run: Indices, delta: Array) -> Array:
    """X, Y, alpha by the Taylor series about the nearest anchor."""
    offset = np.cumsum(count) - count
    owner = np.repeat(np.arange(count.size), count)
    at = mode[owner]
    anchors = _anchor_place(at.mu, at.z0, (np.arange(owner.size) - offset[owner]).astype(np.float64))
    step = ANCHOR_SPACING / (at.mu + at.z0 * np.exp(-anchors) + ANCHOR_DENSITY)
    state = np.stack(_directly(at, anchors))
    coefficients = np.empty((owner.size, 3, ANCHOR_TERMS))
    for n, term in enumerate(_taylor(at.mu, at.z0 * np.exp(-anchors), state, step, ANCHOR_TERMS)):
        coefficients[:, :, n] = term.T
    number = _anchor_number(mode.mu[run], mode.z0[run], delta)
    nearest = offset[run] + np.rint(number).astype(np.intp)
    x = -np.expm1(anchors[nearest] - delta) / step[nearest]
    sums: Array = np.einsum("pin,np->ip", coefficients[nearest], _powers(x, ANCHOR_TERMS))
    return sums


def _directly(mode: Mode, delta: Array) -> Triple:
    X, Y, alpha = mode.p0.copy(), mode.q0.copy(), 2 * mode.a
    moved = delta > 0
    span = -np.expm1(-delta)
    most = np.where(np.hypot(mode.nu, mode.z0) >= UNIFORM_FROM, *SERIES_GROWTH)
    near = moved & (span <= SERIES_SPAN) & ((mode.mu + mode.z0) * span <= most)
    for method, chosen in ((_series, near), (_by_bessel, moved & ~near)):
        if chosen.any():
            X[chosen], Y[chosen], alpha[chosen] = method(mode[chosen], delta[chosen])
    return X, Y, alpha


def _series(mode: Mode, delta: Array) -> Triple:
    """Method `series`, from the start."""
    x = -np.expm1(-delta)
    terms = _enough_terms(float(x.max()), float(((mode.mu + mode.z0) * x).max()))
    total = np.zeros((3, x.size))
    for term in _taylor(mode.mu, mode.z0, np.stack([mode.p0, mode.q0, 2 * mode.a]), x, terms):
        total += term
    return total[0], total[1], total[2]


def _taylor(mu: Array, z: Array, state: Array, step: Array, terms: int) -> Iterator[Array]:
    """Terms of the Taylor series of X, Y, alpha at x = step, where x = 1 − (z at that time)/z.

    In x the system is (1 − x)·dX/dx = mu·X + z·(1 − x)·Y, and so on.
    """
    rates = np.stack([mu, -mu, np.zeros_like(mu)]) * step
    zx = z * step
    term, before = state, np.zeros_like(state)  # and the last term, times step
    yield term
    for n in range(terms - 1):
        fed = zx * (term - before)
        before = step * term
        following = n * before
        following += rates * term
        following[:2] += fed[1::-1]
        following[2] += rates[0] * (term[0] + term[1]) - fed[2]
        following /= n + 1
        term = following
        yield term


def _enough_terms(x: float, growth: float) -> int:
    """How many terms leave less than rounding, a term being about x + 2·growth/n of the one before."""
    size, n = 1.0, 1
    while size > 1e-18 and n < SERIES_TERMS:
        size *= min(1.0, x + 2 * growth / n)
        n += 1
    return n


def _tail(mode: Mode, X: Array, Y: Array, alpha: Array, early: Array, rest: Array) -> State:
    """Method `tail`: X and Y a further time `rest` on, to first order in z, over e^(mu·rest)."""
    mu, nu = mode.mu, mode.nu
    z = np.minimum(mode.z0, TAIL_FROM) * (rest > 0)
    faded = np.exp(-2 * mu * rest)
    grown = nu >= 0
    rate = 2 * np.abs(nu)
    flat = rate == 0
    share = z * Y / (2 * mu + 1)  # what Y gives to X in all; X gives it back, so that it counts in Y too
    fed = np.where(flat, rest, -np.expm1(-rate * rest) / np.where(flat, 1.0, rate))
    # Y over e^(mu·rest), times e^rest or e^(2·mu·rest), the one that leaves it finite.
    kept = np.where(grown, np.exp(-rate * rest), 1.0) * Y + z * (X + share) * fed
    scale = np.where(grown, np.exp(-rest), faded)
    back = -np.expm1(-(2 * mu + 1) * rest) / (2 * mu + 1)
    later = X + z * Y * back
    falling = alpha * (1 + faded - z * (back + scale * fed)) + (X + Y) * (1 - faded + z * (back - scale * fed))
    falling = np.where(2 * X < Y, later - scale * kept, falling / 2)
    root_c = np.sqrt(mode.p0) * np.sqrt(mode.q0) * np.exp(-(early + np.where(grown, 0.0, rate) * rest) / 2)
    return State(later, scale * kept, falling, root_c / np.sqrt(kept))


# By Bessel functions --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The two special solutions at (nu, z)."""

    z: Array
    k: Array  # z·kappa
    excess: Array  # z·(kappa − 1)
    J: Array  # iota/z
    log_ratio: Array  # log(I_nu(z)/K_nu(z))
    log_k: Array  # log(K_nu(z)), method bessel only
    correction: Array  # of the uniform expansion: log_ratio/2 less its leading terms
    uniform: Mask

    def __getitem__(self, chosen: Mask | Indices) -> Place:
        return Place(*(getattr(self, f.name)[chosen] for f in fields(self)))


def _by_bessel(mode: Mode, delta: Array) -> Triple:
    """Methods `uniform`, `bessel` and `small`: X, Y, alpha from the pair of solutions kappa, −iota."""
    start, end = _ends(mode, mode.z0 * np.exp(-delta))
    E, M = _fall(mode, start, end, delta)
    kappa, kappa0 = end.k / end.z, start.k / start.z
    iota, iota0 = end.J * end.z, start.J * start.z
    u0 = mode.p0 / mode.q0
    Y = u0 * M + iota0 + E * kappa0
    X = u0 * (kappa + E * iota) + (kappa * iota0 - E * iota * kappa0)
    more, more0 = end.excess / end.z, start.excess / start.z
    alpha = 2 * mode.a / mode.q0 * (more + E * (1 + iota)) + (more * (1 + iota0) - E * more0 * (1 + iota))
    return X, Y, np.where(u0 < 0.5, X - Y, alpha)


def _ends(mode: Mode, z: Array) -> tuple[Place, Place]:
    """The places of the start, computed once for each run of equal modes, and of the end z."""
    runs = _runs(mode)
    first = runs.first
    place = _place(np.concatenate([mode.nu[first], mode.nu]), np.concatenate([mode.z0[first], z]))
    return place[runs.of], place[np.arange(first.size, first.size + z.size)]


def _fall(mode: Mode, start: Place, end: Place, delta: Array) -> tuple[Array, Array]:
    """E = I_nu(z)K_nu(z0)/(K_nu(z)I_nu(z0)) and 1 − E."""
    log_e = end.log_ratio - start.log_ratio
    both = start.uniform & end.uniform
    log_e = np.where(both, -2 * _phase(mode.nu, start, end, delta), log_e)
    E, M = np.exp(log_e), -np.expm1(log_e)
    small = ~start.uniform & (mode.z0 <= SMALL_START) & (mode.nu <= 0.5)
    if small.any():
        M[small] = _fallen(mode.nu[small], start[small], end[small], delta[small])
    return E, M


def _phase(nu: Array, start: Place, end: Place, delta: Array) -> Array:
    """Half of log(I/K) at the start less that at the end, by differences of each term: DLMF 10.41.3-4."""
    h0, h = np.hypot(nu, start.z), np.hypot(nu, end.z)
    drop = start.z * (start.z / (h0 + h)) * -np.expm1(-2 * delta)
    phase: Array = drop + nu * (delta - np.log1p(drop / (nu + h))) + (start.correction - end.correction)
    return phase


def _fallen(nu: Array, start: Place, end: Place, delta: Array) -> Array:
    """Method `small`: 1 − E = (I(z0)K(z) − K(z0)I(z))/(I(z0)K(z)), by K = (pi/2)(I_{-nu} − I_nu)/sin(nu·pi).

    With I_nu = (z/2)^nu·(even + nu·odd)/Gamma(1 + nu), even and odd being even in nu.
    """
    even0, odd0 = _power_series(nu, start.z)
    even, odd = _power_series(nu, end.z)
    at_zero = nu == 0
    rise = np.where(at_zero, delta, np.sinh(nu * delta) / np.where(at_zero, 1.0, nu))
    cross = rise * (even0 * even - nu**2 * odd0 * odd) + np.cosh(nu * delta) * (odd0 * even - even0 * odd)
    fallen: Array = cross * (start.k + start.J * start.z**2) * np.exp(start.log_k - end.log_k)
    return fallen


def _power_series(nu: Array, z: Array) -> tuple[Array, Array]:
    """The parts even + nu·odd of sum over m of (z²/4)^m/(m!·(1 + nu)_m), for |nu| <= 1/2, z <= 1: DLMF 10.25.2."""
    even, odd = np.ones_like(z), np.zeros_like(z)
    term, twist = even, odd
    for m in range(1, 10):
        factor = np.square(z) / (4 * m * (m**2 - nu**2))
        term, twist = factor * (m * term - nu**2 * twist), factor * (m * twist - term)
        even, odd = even + term, odd + twist
    return even, odd


def _place(nu: Array, z: Array) -> Place:
    """The special solutions at (nu, z), z >= 1e-10, each point by its method."""
    h = np.hypot(nu, z)
    columns: dict[str, Array] = {f.name: np.zeros(z.shape) for f in fields(Place)}
    columns["z"] = z
    near, far = h < UNIFORM_FROM, h >= FAR
    for chosen, terms in ((far, FAR_TERMS), (~near & ~far, UNIFORM_TERMS)):
        if chosen.any():
            _fill(columns, chosen, _uniform(nu[chosen], z[chosen], terms))
    if near.any():
        _fill(columns, near, _bessel(nu[near], z[near]))
    uniform = columns.pop("uniform") > 0
    return Place(**columns, uniform=uniform)


def _fill(columns: dict[str, Array], chosen: Mask, values: dict[str, Array]) -> None:
    for name, value in values.items():
        columns[name][chosen] = value


# Small orders ---------------------------------------------------------------------------------------------------


def _bessel(nu: Array, z: Array) -> dict[str, Array]:
    """Method `bessel`. I_nu comes from the Wronskian z·I_nu·K_nu·(kappa + iota) = 1, DLMF 10.28.2."""
    from scipy.special import kve

    scaled = kve(nu, z)
    k = z * (kve(nu + 1, z) / scaled)
    excess = k - z
    integrated = (nu + 0.5 < QUADRATURE_BELOW * np.maximum(1.0, z)) | ((z > WEAK_KVE[0]) & (z < WEAK_KVE[1]))
    if integrated.any():
        scaled[integrated], more = _quadrature(nu[integrated] + 0.5, z[integrated])
        excess[integrated] = z[integrated] * more
        k[integrated] = z[integrated] + excess[integrated]
    J = _continued_fraction(nu, z)
    log_k = np.log(scaled) - z
    log_ratio = -2 * log_k - np.log(k + J * z**2)
    return {"k": k, "excess": excess, "J": J, "log_k": log_k, "log_ratio": log_ratio}


def _continued_fraction(nu: Array, z: Array) -> Array:
    """I_{nu+1}(z)/(z·I_nu(z)) for z < 25: DLMF 10.33.1, from an estimate (DLMF 10.41.3) some orders higher up."""
    orders = 8 + int(1.5 * z.max())
    square = z * z
    top = nu + (orders + 1)
    J = 1 / (top + np.sqrt(top * top + square))
    for n in range(orders, 0, -1):
        J = 1 / (2 * (nu + n) + square * J)
    return J


QUADRATURE_STEP = 0.2
QUADRATURE_REACH = 0.5  # of the step, times the root of sqrt(nu² + z²), which narrows the integrand where large
QUADRATURE_SIZE = 100_000  # values at a time


def _quadrature(mu: Array, z: Array) -> tuple[Array, Array]:
    """K_nu(z)·e^z and kappa − 1 = K_{nu+1}(z)/K_nu(z) − 1, this one to full relative accuracy also as mu → 0.

    By the trapezoidal rule on DLMF 10.32.9, 2·sinh(mu·x)·sinh(x/2) being cosh((nu + 1)x) − cosh(nu·x).
    """
    step = np.minimum(QUADRATURE_STEP, QUADRATURE_REACH / np.sqrt(np.hypot(mu, z)))
    nodes = int((np.arccosh(1 + (40 + 8 * mu) / z) / step).max()) + 2
    rows = max(1, QUADRATURE_SIZE // nodes)
    parts = [
        _trapezoids(mu[i : i + rows, None], z[i : i + rows, None], step[i : i + rows, None] * np.arange(1, nodes))
        for i in range(0, z.size, rows)
    ]
    difference, total = np.concatenate(parts, axis=1)
    return step * total, difference / total


def _trapezoids(mu: Array, z: Array, x: Array) -> Array:
    """The two sums of `_quadrature` over the nodes x."""
    half = np.sinh(x / 2)
    weight = np.exp(-2 * z * half**2)
    difference = (2 * np.sinh(mu * x) * half * weight).sum(axis=1)
    total = 0.5 + (np.cosh((mu - 0.5) * x) * weight).sum(axis=1)
    return np.stack([difference, total])


# Large orders or arguments --------------------------------------------------------------------------------------


def _uniform(nu: Array, z: Array, terms: int) -> dict[str, Array]:
    """Method `uniform`. With h = sqrt(nu² + z²), z·K'/K = −(A + B) and z·I'/I = A − B, up to exp(−2h)."""
    h = np.hypot(nu, z)
    q, r = np.square(nu / h), np.square(z / h)
    y = 1 / h
    A, B, correction = _double_sums(_expansion(terms), q, y)  # A − h = r·A/h, B = r·B
    a = r * (A * y)
    J = 1 / (h + nu) + (A * y - B) * np.square(y)
    k = nu + h + a + r * B
    excess = (nu + 0.5) + (r * (B - 0.5) - 0.5 * q) + a + nu * (nu / (h + z))
    low = nu + 0.5 < QUADRATURE_BELOW_UNIFORM
    if low.any():
        excess[low] = z[low] * _quadrature(nu[low] + 0.5, z[low])[1]
        k[low] = z[low] + excess[low]
    correction *= y
    log_ratio = 2 * (h - nu * np.arcsinh(nu / z) + correction) - np.log(np.pi)
    ones = np.ones_like(z)
    return {"k": k, "excess": excess, "J": J, "correction": correction, "log_ratio": log_ratio, "uniform": ones}


def _double_sums(coefficients: Array, q: Array, y: Array) -> Array:
    """The sums over n and i of coefficients[., n, i]·q^i·y^(2n), one row each."""
    count, orders, powers = coefficients.shape
    inner = (coefficients.reshape(-1, powers) @ _powers(q, powers)).reshape(count, orders, -1)
    sums: Array = np.einsum("cnp,np->cp", inner, _powers(y * y, orders))
    return sums


def _powers(x: Array, count: int) -> Array:
    """x^0, x^1, ..., one row each."""
    powers = np.ones((count, x.size))
    for n in range(1, count):
        np.multiply(powers[n - 1], x, out=powers[n])
    return powers


@cache
def _expansion(terms: int) -> Array:
    """Coefficients [., n, i] of q^i·h^(−2n), q = nu²/h²: of (A − h)·h/r, of B/r, of h times the correction.

    m = −z·K'/K obeys z·dm/dz = m² − h². Put m = sum of m_n(q)·h^(1−n), m_0 = 1: then 2·m_{n+1} = D(m_n) − the sum over
    0 < i <= n of m_i·m_{n+1−i}, D(m_n) = (1−q)·((1−n)·m_n − 2q·m_n'). Each m_n with n > 0 has the factor r = 1 − q,
    taken out here. The even ones integrate, one by one, to the correction of log(I/K)/2, whose derivative z·d/dz is A.
    The same numbers as by the U_k of DLMF 10.41.9, without a division of series.
    """
    slopes = [[Fraction(1, 2)]]  # m_1/(1 − q), m_2/(1 − q), ...
    for n in range(1, terms):
        slopes.append(_next_slope(slopes, n))
    integrals = [[c / (1 - n - 2 * i) for i, c in enumerate(slopes[n - 1])] for n in range(2, terms + 1, 2)]
    table = np.zeros((3, terms // 2, max(map(len, slopes))))
    for row, polynomials in zip(table, (slopes[1::2], slopes[0::2], integrals), strict=True):
        for n, polynomial in enumerate(polynomials):
            row[n, : len(polynomial)] = [float(c) for c in polynomial]
    return table


def _next_slope(slopes: list[list[Fraction]], n: int) -> list[Fraction]:
    """m_{n+1}/(1 − q) from m_1/(1 − q) to m_n/(1 − q)."""
    result = [Fraction(0)] * (n + 2)
    for i, c in enumerate(slopes[n - 1]):
        # D of (1 − q)·q^i over (1 − q) is (1 − n)(1 − q)·q^i − 2i·(1 − q)·q^i + 2·q^(i+1).
        result[i] += (1 - n - 2 * i) * c / 2
        result[i + 1] += (1 + n + 2 * i) * c / 2
    for i in range(n):
        for k, c in enumerate(slopes[i]):
            for m, d in enumerate(slopes[n - 1 - i]):
                result[k + m] -= c * d / 2
                result[k + m + 1] += c * d / 2
    while result[-1] == 0 and len(result) > 1:
        result.pop()
    return result


# Learning times -------------------------------------------------------------------------------------------------

HUNT_FACTOR = 4.0
HUNT_STEPS = 160
ROUNDS = 120
SETTLED = 1e-13  # relative distance from the limit within which a strength that has risen counts as falling back


def learning_time(target: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> Array:
    """The first time t >= 0 with w(t) = target, over tau; inf where the strength never has that value.

    target: a strength, any real number or infinite; the rest as in `path`.

    The strength need not be monotone. In units of tau, w' = N·(lam − xi·w) − 2·decay·w with N = w1² + w2², and N² =
    c² + 4w². Where w' = 0 < w, lam − xi·w = 2·decay·w/N > 0 and w'' = N'·(lam − xi·w) with N' = c·c'/N < 0, so w'' < 0;
    where w < 0, or w = 0 < lam, w' > 0. So every extremum is a maximum, hence there is at most one: the strength rises,
    or falls, or rises and then falls, and ends at w* = max(lam − decay, 0)/xi. A target above the start is passed on
    the way up or not at all; one below the start is passed on the way down, if it is above w*.
    Within about 1e-15 of the maximum, or of the limit, rounding decides whether a target is reached.
    """
    out = np.full(target.shape, np.nan)
    known = ~np.isnan(target + lam + noise + decay + w1 + w2)
    with np.errstate(all="ignore"):
        mode = (x[known] for x in (lam, noise, decay, w1, w2))
        out[known] = _first_passage(Given(*mode), target[known])
    return out


@dataclass(frozen=True)
class Given:
    """Modes as they are given to `path`."""

    lam: Array
    noise: Array
    decay: Array
    w1: Array
    w2: Array

    def __getitem__(self, chosen: Mask) -> Given:
        return Given(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def limit(self) -> Array:
        """The strength at which the mode comes to rest."""
        xi = self.lam + self.noise
        limit: Array = np.maximum(self.lam - self.decay, 0) / np.where(xi == 0, 1.0, xi)
        return limit

    def at(self, s: Array) -> tuple[Array, Array]:
        """The strength and its derivative."""
        w1, w2, w = path(s, self.lam, self.noise, self.decay, self.w1, self.w2)
        return w, (w1**2 + w2**2) * (self.lam - (self.lam + self.noise) * w) - 2 * self.decay * w

    @property
    def quick(self) -> Array:
        """A time shorter than any on which the mode moves."""
        size = self.w1**2 + self.w2**2
        return 1e-3 / (self.lam + self.decay + (self.lam + self.noise) * size)


def _first_passage(mode: Given, target: Array) -> Array:
    start = mode.w1 * mode.w2
    limit, slope = mode.limit, mode.at(np.zeros_like(start))[1]
    up = (target > start) & (slope > 0) & ((target < limit) | (target * (mode.lam + mode.noise) < mode.lam))
    down = (target < start) & (target > limit)
    time = np.where(target == start, 0.0, np.inf)
    after = np.full_like(time, np.inf)  # a time by which the target has been passed
    for chosen, hunt in ((up & (target < limit) | down, _passed), (up & (target >= limit), _near_the_peak)):
        if chosen.any():
            after[chosen] = hunt(mode[chosen], target[chosen])
    found = np.isfinite(after)
    if found.any():
        time[found] = _solve(mode[found], target[found], after[found])
    return time


def _passed(mode: Given, target: Array) -> Array:
    """A time at which the target has been passed, inf if rounding hides it from the limit."""
    s = mode.quick
    upwards = np.where(target > mode.w1 * mode.w2, 1.0, -1.0)
    open_ = np.ones(s.shape, np.bool_)
    for _ in range(HUNT_STEPS):
        open_[open_] = (mode[open_].at(s[open_])[0] - target[open_]) * upwards[open_] < 0
        if not open_.any():
            return s
        s[open_] *= HUNT_FACTOR
    s[open_] = np.inf
    return s


def _near_the_peak(mode: Given, target: Array) -> Array:
    """A time at which the strength is above the target, found by bisection for its maximum; inf if there is none."""
    low, high = np.zeros_like(target), np.full_like(target, np.inf)
    s, found = mode.quick, np.full_like(target, np.inf)
    open_ = np.ones(s.shape, np.bool_)
    for _ in range(HUNT_STEPS):
        at = mode[open_]
        w, slope = at.at(s[open_])
        limit = at.limit
        falling = (slope < 0) | (np.abs(w - limit) <= SETTLED * limit)
        high[open_] = np.where(falling, s[open_], high[open_])
        low[open_] = np.where(falling, low[open_], s[open_])
        found[open_] = np.where(w >= target[open_], s[open_], np.inf)
        open_ &= np.isinf(found) & (np.isinf(high) | (high - low > 1e-12 * high))
        if not open_.any():
            break
        s = np.where(np.isfinite(high), _between(low, high), s * HUNT_FACTOR)
    return found


def _between(low: Array, high: Array) -> Array:
    """The middle, in the logarithm where both ends are positive and far apart."""
    middle: Array = np.where(low * 4 < high, np.sqrt(np.maximum(low, 1e-6 * high) * high), (low + high) / 2)
    return middle


def _solve(mode: Given, target: Array, after: Array) -> Array:
    """The passage between 0 and `after`: Newton's method inside a bracket that is halved when it is left."""
    low, high, s = np.zeros_like(after), after.copy(), after.copy()
    upwards = np.where(target > mode.w1 * mode.w2, 1.0, -1.0)
    open_ = np.ones(s.shape, np.bool_)
    for turn in range(ROUNDS):
        now, goal = s[open_], target[open_]
        w, slope = mode[open_].at(now)
        passed = (w - goal) * upwards[open_] >= 0
        high[open_] = np.where(passed, now, high[open_])
        low[open_] = np.where(passed, low[open_], now)
        same_sign = w * goal > 0
        step = np.where(same_sign, np.log1p((w - goal) / goal) * w, w - goal) / slope
        following = now - step
        a, b = low[open_], high[open_]
        close = np.abs(step) <= 2e-16 * now
        inside = (following >= a) & (following <= b)
        halve = ~inside | (turn % 4 == 3)  # every fourth step, so that a slow approach is not a long one
        s[open_] = np.where(close, now, np.where(halve, _between(a, b), following))
        open_[open_] = ~(close | (b - a <= 3e-16 * b) | (w == goal))
        if not open_.any():
            break
    return s
