"""kappa − 1 and K_nu by an integral, where they cannot be had from scipy.special.kve to full accuracy."""

from __future__ import annotations

import numpy as np

from .modes import Array

QUADRATURE_STEP = 0.2
QUADRATURE_REACH = 0.5  # of the step, times the root of sqrt(nu² + z²), which narrows the integrand where large
QUADRATURE_SIZE = 100_000  # values at a time


def quadrature(mu: Array, z: Array) -> tuple[Array, Array]:
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
    """The two sums of `quadrature` over the nodes x."""
    half = np.sinh(x / 2)
    weight = np.exp(-2 * z * half**2)
    difference = (2 * np.sinh(mu * x) * half * weight).sum(axis=1)
    total = 0.5 + (np.cosh((mu - 0.5) * x) * weight).sum(axis=1)
    return np.stack([difference, total])
