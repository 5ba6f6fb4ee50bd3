"""What the closed forms predict for a training run as it is really done: random weights and finite steps.

The closed forms are exact for aligned weights under gradient flow. Three corrections bring them to gradient descent
from small random weights.

* Where each mode starts. Near the origin the flow is linear: W1v + W2ᵀv grows as exp((λ − γ)t/τ), W1v − W2ᵀv dies out,
  and the mode soon is balanced, of strength |W1v + W2ᵀv|²/4 at time 0. A mode once learned occupies a hidden direction,
  in which later ones no longer grow: that part of their sum is taken off, mode by mode.
* How fast a step is. A step multiplies that sum by 1 + lr·(λ − γ), where the flow over the same time would by
  exp(lr·(λ − γ)): to a mode, time runs slower by log(1 + lr·(λ − γ)) over lr·(λ − γ).
* What a step misses. To the next order in lr, steps down the field f follow the flow of f − (lr/2)·f′f (backward error
  analysis of Euler's method): they need ½·log(f(w)/f(w₀)) epochs more than the flow of f. Here f = w·(κ − μw²), with
  κ = λ − γ and μ = λ + ε. The part ½·log(w/w₀) is the slower time above, which has it to all orders; the other,
  ½·log((κ − μs)/(κ − μs₀)), is negative: near its rest a mode slows down, and a step still has the speed before.

Source of the last: E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd ed., chapter IX.

`predicted_strengths` and `predicted_times` are the closed forms with all three; `descended_strengths` takes the steps
of one balanced mode one by one, from the same start, and so leaves only the coupling between modes out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "descended_strengths",
    "flow_strengths",
    "initial_strengths",
    "predicted_strengths",
    "predicted_times",
    "time_constants",
]

Array = NDArray[np.float64]

_NEWTON_STEPS = 50
"""More than any step below its limit takes; they stop by themselves."""


def initial_strengths(sums: Array) -> Array:
    """|p|²/4 for every column p of `sums` (H, M) made orthogonal to those before it; 0 beyond the Hth.

    sums   (W1 + W2ᵀ)·V for the leading M eigenvectors, strongest first
    """
    free = np.diag(np.linalg.qr(sums, mode="r"))
    return np.pad(free**2 / 4, (0, sums.shape[1] - free.size))


def time_constants(eigenvalues: ArrayLike, *, lr: float, decay: float = 0.0) -> Array:
    """The time constant τ of each mode under gradient descent with finite steps.

    A step multiplies a small mode by 1 + lr·(λ − γ), where the flow over the same time would by exp(lr·(λ − γ)): to a
    mode, time runs slower by log(1 + lr·(λ − γ)) over lr·(λ − γ), and τ is longer than 1/lr by the inverse of that
    factor.

    Parameters:
        eigenvalues: λ of the second moment XᵀX/N, any shape, in units of the data's variance.
        lr: learning rate, > 0, in units of 1/variance.
        decay: weight decay γ, >= 0, in the unit of the eigenvalues.
    Returns: τ, a float64 array of the shape of the eigenvalues, for times in epochs.
    Raises:
        ValueError: an lr that is not > 0, and lr·(γ − λ) >= 1: such a step overshoots the origin.
    Source: the linear flow near the origin, in the module's docstring; not found in the literature we searched.
    Example:
        >>> import modeflow
        >>> modeflow.time_constants([4.0, 1.0], lr=0.05).round(3)
        array([21.939, 20.496])
    """
    if not (math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr = {lr}: give a finite step size > 0")
    growth = lr * (np.asarray(eigenvalues, dtype=np.float64) - decay)
    if (growth <= -1).any():
        raise ValueError(f"lr = {lr:g}: a step overshoots the origin under decay {decay:g}; stay below {1 / decay:g}")
    small = np.abs(growth) < 1e-8
    safe = np.where(small, 1.0, growth)
    return np.asarray(np.where(small, 1 + growth / 2, safe / np.log1p(safe)) / lr)


def predicted_strengths(
    epochs: ArrayLike, eigenvalues: Array, initial: Array, *, noise: Array | float = 0.0, decay: float = 0.0, lr: float
) -> Array:
    """Strengths (K, M) of balanced modes of the given initial strengths (M,), noise one number or one a mode.

    Raises ValueError where a step of size lr overshoots the rest or the origin.
    """
    from modeflow.evaluate.evaluators import strength

    total, tau, missed, w0 = _checked(eigenvalues, initial, noise, decay, lr)
    times = np.asarray(epochs, dtype=np.float64)[:, None]
    smallest = np.finfo(np.float64).tiny

    def flow(moments: Array) -> Array:
        strengths = strength(moments, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau)
        return np.asarray(strengths, dtype=np.float64)

    # The moment at which the flow is where the steps are: moment − missed·log((κ − μs₀)/(κ − μs)) = time. The logarithm
    # is 2κ/τ·moment − log(s/s₀), convex while the mode grows: Newton's steps then come from below and never turn.
    moments = np.broadcast_to(times, (times.size, w0.size)).copy()
    start, growth = np.maximum(initial, smallest), 2 * (eigenvalues - decay) / tau
    for _ in range(_NEWTON_STEPS):
        strengths = flow(moments)
        ahead = growth * moments - np.log(np.maximum(strengths, smallest) / start)
        change = (times + missed * ahead - moments) / (1 - 2 * missed * total * strengths / tau)
        moments = np.maximum(moments + change, 0.0)
        if (np.abs(change) <= 1e-12 * (1 + moments)).all():
            break
    return flow(moments)


def flow_strengths(
    epochs: NDArray[np.int64], eigenvalues: Array, initial: Array, *, noise: float = 0.0, decay: float = 0.0, lr: float
) -> Array:
    """Strengths (K, M) of the same modes under gradient flow, as if steps were infinitely small."""
    from modeflow.evaluate.evaluators import strength

    times, w0 = epochs[:, None].astype(float), np.sqrt(initial)
    curves = strength(times, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=1 / lr)
    return np.asarray(curves, dtype=np.float64)


def predicted_times(
    strengths: Array, eigenvalues: Array, initial: Array, *, noise: Array | float = 0.0, decay: float = 0.0, lr: float
) -> Array:
    """Epochs (M,) until each of those modes is at the given strength (M,), infinite where it never is."""
    from modeflow.evaluate.evaluators import learning_time

    total, tau, missed, w0 = _checked(eigenvalues, initial, noise, decay, lr)
    of_flow = learning_time(strengths, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau)
    times = np.array(np.broadcast_to(of_flow, w0.shape), dtype=np.float64)
    on_the_way = np.isfinite(times) & (times > 0)
    pull = eigenvalues - decay - total * np.array([strengths, initial])
    times[on_the_way] += missed[on_the_way] * np.log(pull[0, on_the_way] / pull[1, on_the_way])
    return times


def _checked(
    eigenvalues: Array, initial: Array, noise: Array | float, decay: float, lr: float
) -> tuple[Array, Array, Array, Array]:
    """λ + ε, τ, the factor of log((κ − μs)/(κ − μs₀)) in the epochs a mode needs, and w₀.

    That factor is ½, and what τ, in place of 1/lr, brings into that logarithm: ½·(1/log(1 + g) − 1/g), g = lr·κ.
    """
    total, tau = eigenvalues + noise, time_constants(eigenvalues, lr=lr, decay=decay)
    growth = lr * (eigenvalues - decay)
    small = np.abs(growth) < 1e-4
    safe = np.where(small, 1.0, growth)
    missed = 0.5 + np.where(small, 0.5 - growth / 12, 1 / np.log1p(safe) - 1 / safe) / 2
    overshooting = (growth >= 1) | (2 * missed * total * initial >= tau)
    if overshooting.any():
        j = int(np.argmax(overshooting))
        raise ValueError(
            f"lr = {lr:g}: a step overshoots where mode {j} starts (strength {initial[j]:.3g}) or rests; lower it, or "
            f"the noise"
        )
    return total, tau, missed, np.sqrt(initial)


def descended_strengths(
    epochs: int, eigenvalues: Array, initial: Array, *, noise: Array | float = 0.0, decay: float = 0.0, lr: float
) -> Array:
    """Strengths (epochs + 1, M) of the same modes along w ← w + lr·w·(λ − γ − (λ + ε)w²), step by step."""
    weight = np.sqrt(initial)
    path = np.empty((epochs + 1, weight.size))
    for epoch in range(epochs + 1):
        path[epoch] = weight**2
        weight = weight + lr * weight * (eigenvalues - decay - (eigenvalues + noise) * path[epoch])
    return path
