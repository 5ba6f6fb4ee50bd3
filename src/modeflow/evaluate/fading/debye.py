"""Method `uniform`: the special solutions for large orders or arguments, by the Debye expansions of DLMF 10.41(ii)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np

from .integrals import quadrature
from .modes import Array
from .powers import powers

QUADRATURE_BELOW = 0.25  # the largest mu for which kappa − 1 is integrated


def debye(mu: Array, nu: Array, z: Array, terms: int) -> dict[str, Array]:
    """Method `uniform`. With h = sqrt(nu² + z²), z·K'/K = −(A + B) and z·I'/I = A − B, up to exp(−2h).

    mu = nu + 1/2, with all its digits.
    """
    h = np.hypot(nu, z)
    q, r = np.square(nu / h), np.square(z / h)
    y = 1 / h
    A, B, correction = _double_sums(expansion(terms), q, y)  # A − h = r·A/h, B = r·B
    a = r * (A * y)
    J = 1 / (h + nu) + (A * y - B) * np.square(y)
    k = nu + h + a + r * B
    excess = mu + (r * (B - 0.5) - 0.5 * q) + a + nu * (nu / (h + z))
    low = mu < QUADRATURE_BELOW
    if low.any():
        excess[low] = z[low] * quadrature(mu[low], z[low])[1]
        k[low] = z[low] + excess[low]
    correction *= y
    log_ratio = 2 * (h - nu * np.arcsinh(nu / z) + correction) - np.log(np.pi)
    ones = np.ones_like(z)
    return {"k": k, "excess": excess, "J": J, "correction": correction, "log_ratio": log_ratio, "uniform": ones}


def _double_sums(coefficients: Array, q: Array, y: Array) -> Array:
    """The sums over n and i of coefficients[., n, i]·q^i·y^(2n), one row each."""
    count, orders, degree = coefficients.shape
    inner = (coefficients.reshape(-1, degree) @ powers(q, degree)).reshape(count, orders, -1)
    sums: Array = np.einsum("cnp,np->cp", inner, powers(y * y, orders))
    return sums


@cache
def expansion(terms: int) -> Array:
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
