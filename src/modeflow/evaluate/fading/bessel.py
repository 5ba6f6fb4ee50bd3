"""Methods `uniform`, `bessel` and `small`: X, Y, alpha from the pair of special solutions."""

from __future__ import annotations

import numpy as np

from .modes import Array, Curves, Triple
from .special_solutions import Place, place_at

SMALL_START = 1.0  # the largest z0 of the method `small`


def by_bessel(curves: Curves) -> Triple:
    """X, Y, alpha, over Y0 and a factor that belongs to the time."""
    mode = curves.mode
    start, end = _ends(curves)
    E, M = _fall(curves, start, end)
    kappa, kappa0 = end.k / end.z, start.k / start.z
    iota, iota0 = end.J * end.z, start.J * start.z
    u0, excess0 = curves.at_points(mode.p0 / mode.q0), curves.at_points(2 * mode.a / mode.q0)
    Y = u0 * M + iota0 + E * kappa0
    X = u0 * (kappa + E * iota) + (kappa * iota0 - E * iota * kappa0)
    more, more0 = end.excess / end.z, start.excess / start.z
    alpha = more * (u0 + iota0) + E * (1 + iota) * (excess0 - more0)
    return X, Y, alpha


def _ends(curves: Curves) -> tuple[Place, Place]:
    """The places of the start, computed once for each mode, and of the points."""
    mode, n = curves.mode, curves.mode.nu.size
    z = curves.at_points(mode.z0) * np.exp(-curves.delta)
    mu, nu = (np.broadcast_to(curves.at_points(x), z.shape) for x in (mode.mu, mode.nu))
    given = ((mode.mu, mu), (mode.nu, nu), (mode.z0, z))
    place = place_at(*(np.concatenate(pair) for pair in given))
    return place[np.zeros(1, np.intp) if curves.of is None else curves.of], place[np.arange(n, n + z.size)]


def _fall(curves: Curves, start: Place, end: Place) -> tuple[Array, Array]:
    """E = I_nu(z)K_nu(z0)/(K_nu(z)I_nu(z0)) and 1 − E."""
    mode, nu, delta = curves.mode, curves.at_points(curves.mode.nu), curves.delta
    log_e = end.log_ratio - start.log_ratio
    both = start.uniform & end.uniform
    if both.any():
        log_e = np.where(both, -2 * _phase(nu, start, end, delta), log_e)
    E, M = np.exp(log_e), -np.expm1(log_e)
    small = ~start.uniform & curves.at_points((mode.z0 <= SMALL_START) & (mode.nu <= 0.5))
    if small.all():
        M = _fallen(nu, start, end, delta)
    elif small.any():
        M[small] = _fallen(nu[small], start[small], end[small], delta[small])
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
