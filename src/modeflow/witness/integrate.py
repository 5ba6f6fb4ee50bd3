"""The mode equations of a linear autoencoder, integrated step by step.

    τ·w1' = w2·(λ − ξ·w1·w2) − γ·w1        λ  signal in the mode        ξ = λ + ε
    τ·w2' = w1·(λ − ξ·w1·w2) − γ·w2        ε  noise, γ  weight decay, τ  time constant

Source: A. Pretorius, S. Kroon, H. Kamper, "Learning dynamics of linear denoising autoencoders", ICML 2018.
Both functions take the scalars `lam`, `noise`, `decay`, the weights `w1`, `w2` at time 0, the time constant
`tau`, and times ≥ 0 in any order; both return w1 and w2 at those times, in the order given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

__all__ = ["IntegrationFailed", "integrate_dop853", "integrate_taylor"]

Array = NDArray[np.float64]
Number = Any
"""A float, an int, a string of decimals or an mpmath number."""


class IntegrationFailed(RuntimeError):
    """The integrator gave up before the last time; the message carries its reason."""


def integrate_dop853(
    times: ArrayLike,
    lam: float,
    noise: float = 0.0,
    decay: float = 0.0,
    *,
    w1: float,
    w2: float,
    tau: float = 1.0,
    rtol: float = 1e-12,
    atol: float = 1e-14,
) -> tuple[Array, Array]:
    """w1(t), w2(t), float64, shaped like `times`, by SciPy's Dormand-Prince method of order 8.

    The error of one step is held below atol + rtol·|w|. Raises ValueError for unusable times or tau,
    IntegrationFailed where the method gives up.
    """
    t = np.asarray(times, dtype=np.float64)
    if not (np.isfinite(t).all() and (t >= 0).all() and tau > 0):
        raise ValueError(f"tau = {tau}, times = {t}: give tau > 0 and finite times >= 0")
    stops, back = np.unique(t, return_inverse=True)
    if stops.size == 0 or stops[-1] == 0:
        return np.full(t.shape, float(w1)), np.full(t.shape, float(w2))
    field = _mode_field(lam, noise, decay, tau)
    run = solve_ivp(field, (0.0, stops[-1]), [w1, w2], method="DOP853", t_eval=stops, rtol=rtol, atol=atol)
    if not run.success:
        raise IntegrationFailed(f"DOP853: {run.message}")
    return run.y[0][back].reshape(t.shape), run.y[1][back].reshape(t.shape)


def integrate_taylor(
    times: Sequence[Number],
    lam: Number,
    noise: Number = 0,
    decay: Number = 0,
    *,
    w1: Number,
    w2: Number,
    tau: Number = 1,
    digits: int = 30,
) -> tuple[list[Any], list[Any]]:
    """w1(t), w2(t) as lists of mpmath numbers, by mpmath's Taylor series method at `digits` decimal digits.

    Strings of decimals are taken exactly ("0.1" is 1/10), floats as the binary numbers they are.
    Raises ValueError for negative times or tau ≤ 0.
    """
    with mpmath.workdps(digits):
        lam, noise, decay, w1, w2, tau = map(mpmath.mpf, (lam, noise, decay, w1, w2, tau))
        stops = [mpmath.mpf(t) for t in times]
        if not (tau > 0 and all(t >= 0 for t in stops)):
            raise ValueError(f"tau = {tau}, times = {times}: give tau > 0 and times >= 0")
        path = mpmath.odefun(_mode_field(lam, noise, decay, tau), 0, [w1, w2])
        values = {t: path(t) for t in sorted(stops)}
        return [values[t][0] for t in stops], [values[t][1] for t in stops]


def _mode_field(lam: Number, noise: Number, decay: Number, tau: Number) -> Callable[[Any, Any], list[Any]]:
    """(t, (w1, w2)) ↦ (w1', w2')."""

    def field(_: Any, weights: Any) -> list[Any]:
        w1, w2 = weights
        force = lam - (lam + noise) * w1 * w2
        return [(w2 * force - decay * w1) / tau, (w1 * force - decay * w2) / tau]

    return field
