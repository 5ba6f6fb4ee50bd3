"""The special solutions kappa, −iota at a point (nu, z): each point by the method that is accurate there."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from .debye import debye
from .integrals import quadrature
from .modes import Array, Indices, Mask

UNIFORM_FROM = 25.0  # the smallest sqrt(nu² + z²) of the uniform expansion; from 27 on K_nu overflows at TAIL_FROM
UNIFORM_TERMS = 20
FAR = 200.0  # the smallest sqrt(nu² + z²) for which FAR_TERMS are enough
FAR_TERMS = 8
QUADRATURE_BELOW = 0.2  # the largest mu, over z if that is above 1, for which kappa − 1 is integrated
WEAK_KVE = (0.3, 2.2)  # the z between which kve is wrong by up to 3e-13 and K_nu is integrated


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


def place_at(mu: Array, nu: Array, z: Array) -> Place:
    """The special solutions at (nu, z), z >= 1e-10, each point by its method; mu = nu + 1/2 with all its digits."""
    h = np.hypot(nu, z)
    columns: dict[str, Array] = {f.name: np.zeros(z.shape) for f in fields(Place)}
    columns["z"] = z
    near, far = h < UNIFORM_FROM, h >= FAR
    for chosen, terms in ((far, FAR_TERMS), (~near & ~far, UNIFORM_TERMS)):
        if chosen.any():
            _fill(columns, chosen, debye(mu[chosen], nu[chosen], z[chosen], terms))
    if near.any():
        _fill(columns, near, _bessel(mu[near], nu[near], z[near]))
    uniform = columns.pop("uniform") > 0
    return Place(**columns, uniform=uniform)


def _fill(columns: dict[str, Array], chosen: Mask, values: dict[str, Array]) -> None:
    for name, value in values.items():
        columns[name][chosen] = value


def _bessel(mu: Array, nu: Array, z: Array) -> dict[str, Array]:
    """Method `bessel`. I_nu comes from the Wronskian z·I_nu·K_nu·(kappa + iota) = 1, DLMF 10.28.2."""
    from scipy.special import kve

    scaled = kve(nu, z)
    k = z * (kve(nu + 1, z) / scaled)
    excess = k - z
    integrated = (mu < QUADRATURE_BELOW * np.maximum(1.0, z)) | ((z > WEAK_KVE[0]) & (z < WEAK_KVE[1]))
    if integrated.any():
        scaled[integrated], more = quadrature(mu[integrated], z[integrated])
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
