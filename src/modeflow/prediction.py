"""What the closed forms predict for a training run as it is really done: random weights and finite steps.

The closed forms are exact for aligned weights under gradient flow. Two corrections bring them to gradient descent from
small random weights.

* Where each mode starts. Near the origin the flow is linear: W1v + W2ᵀv grows as exp((λ − γ)t/τ), W1v − W2ᵀv dies out,
  and the mode soon is balanced, of strength |W1v + W2ᵀv|²/4 at time 0. A mode once learned occupies a hidden direction,
  in which later ones no longer grow: that part of their sum is taken off, mode by mode.
* How fast a step is. A step multiplies that sum by 1 + lr·(λ − γ), where the flow over the same time would by
  exp(lr·(λ − γ)): to a mode, time runs slower by log(1 + lr·(λ − γ)) over lr·(λ − γ).

`predicted_strengths` is the closed form with both; `descended_strengths` takes the steps of one balanced mode one by
one, from the same start, and so leaves only the coupling between modes out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["descended_strengths", "initial_strengths", "predicted_strengths", "time_constants"]

Array = NDArray[np.float64]


def initial_strengths(sums: Array) -> Array:
    """|p|²/4 for every column p of `sums` (H, M) made orthogonal to those before it; 0 beyond the Hth.

    sums   (W1 + W2ᵀ)·V for the leading M eigenvectors, strongest first
    """
    free = np.diag(np.linalg.qr(sums, mode="r"))
    return np.pad(free**2 / 4, (0, sums.shape[1] - free.size))


def time_constants(eigenvalues: ArrayLike, *, lr: float, decay: float = 0.0) -> Array:
    """τ (M,), in epochs: 1/lr, longer by what a finite step falls behind the exponential it stands for.

    Raises ValueError where lr·(γ − λ) ≥ 1: such a step overshoots the origin.
    """
    growth = lr * (np.asarray(eigenvalues, dtype=np.float64) - decay)
    if (growth <= -1).any():
        raise ValueError(f"lr = {lr:g}: a step overshoots the origin under decay {decay:g}; stay below {1 / decay:g}")
    small = np.abs(growth) < 1e-8
    safe = np.where(small, 1.0, growth)
    return np.asarray(np.where(small, 1 + growth / 2, safe / np.log1p(safe)) / lr)


def predicted_strengths(
    epochs: ArrayLike, eigenvalues: Array, initial: Array, *, noise: Array | float = 0.0, decay: float = 0.0, lr: float
) -> Array:
    """Strengths (K, M) of balanced modes of the given initial strengths (M,), noise one number or one a mode."""
    from modeflow.evaluators import strength

    w0 = np.sqrt(initial)
    times = np.asarray(epochs, dtype=np.float64)[:, None]
    tau = time_constants(eigenvalues, lr=lr, decay=decay)
    return np.asarray(strength(times, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau), dtype=np.float64)


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
