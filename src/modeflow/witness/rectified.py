"""Gradient descent of a nonlinear autoencoder, x̂ = W2·φ(W1·x) with φ = max(0, ·), noise drawn afresh each epoch.

    loss(W1, W2) = mean over all entries of (x − W2·φ(W1·(x + η)))² + (γ/2)·(‖W1‖² + ‖W2‖²)

The mean is over the N·D entries of X. So normalised, a linear autoencoder with step `lr` and decay γ moves like one
of loss ½·E‖x − x̂‖² with step 2·lr/D and decay γ·D/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["RectifiedTraining", "gradient", "loss", "train_rectified"]

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class RectifiedTraining:
    """What gradient descent did.

    epochs    (K,), the recorded epochs; 0 is before the first step
    strength  (K, M), vᵀ·E[x̂·xᵀ]·v / vᵀ·E[x·xᵀ]·v of the M directions v, without noise: what comes through of a mode,
              by the slope of output on input; vᵀ·W2·W1·v where the network is linear and v an eigenvector
    """

    epochs: NDArray[np.int64]
    strength: NDArray[np.float64]


def train_rectified(
    X: Floats,
    directions: Floats,
    *,
    hidden: int,
    lr: float,
    epochs: int,
    noise: float = 0.0,
    decay: float = 0.0,
    record: ArrayLike,
    seed: int = 0,
    std: float = 1e-2,
    progress: Callable[[int, int], None] | None = None,
) -> RectifiedTraining:
    """Full-batch descent on X (N, D) in its own precision, following the directions (D, M), unit vectors in columns.

    noise    variance of the Gaussian noise in every entry; decay as in the module's docstring
    record   which epochs to record, ascending, from 0 to `epochs`
    seed, std   of the normal initial weights; the noise continues their random stream
    Raises ValueError where the weights overflow, naming the epoch.
    """
    due = set(np.asarray(record, dtype=np.int64).tolist())
    rng = np.random.default_rng(seed)
    shape = (hidden, X.shape[1])
    W1 = (std * rng.standard_normal(shape)).astype(X.dtype)
    W2 = (std * rng.standard_normal(shape[::-1])).astype(X.dtype)
    rows = []
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs + 1):
            if epoch in due:
                rows.append(_strengths(W1, W2, X, directions))
                if not np.isfinite(rows[-1]).all():
                    raise ValueError(f"lr = {lr:g}: training diverged by epoch {epoch}; lower lr")
            if progress is not None and epoch % max(1, epochs // 200) == 0:
                progress(epoch, epochs)
            if epoch < epochs:
                noisy = X + _drawn(rng, X, noise) if noise else X
                first, second = gradient(W1, W2, X, noisy, decay)
                W1 -= lr * first
                W2 -= lr * second
    return RectifiedTraining(np.array(sorted(due), dtype=np.int64), np.array(rows, dtype=np.float64))


def rectified(pull: Floats) -> Floats:
    """φ, by entry."""
    return np.maximum(pull, 0)


def slope(code: Floats) -> Floats:
    """φ′, told from what φ gave."""
    return (code > 0).astype(code.dtype)


def loss(W1: Floats, W2: Floats, X: Floats, noisy: Floats, decay: float) -> float:
    """The loss above for one draw of the noise, x + η = `noisy`."""
    missing = X - rectified(noisy @ W1.T) @ W2.T
    return float(np.mean(missing**2)) + decay / 2 * float(np.vdot(W1, W1) + np.vdot(W2, W2))


def gradient(W1: Floats, W2: Floats, X: Floats, noisy: Floats, decay: float) -> tuple[Floats, Floats]:
    """Its derivatives by W1 and W2."""
    code = rectified(noisy @ W1.T)
    error = code @ W2.T
    error -= X
    error *= 2 / X.size
    back = error @ W2 * slope(code)
    return back.T @ noisy + decay * W1, error.T @ code + decay * W2


def _drawn(rng: np.random.Generator, X: Floats, variance: float) -> Floats:
    if X.dtype == np.float32:
        drawn: Floats = rng.standard_normal(X.shape, dtype=np.float32)
    else:
        drawn = rng.standard_normal(X.shape)
    drawn *= X.dtype.type(math.sqrt(variance))
    return drawn


def _strengths(W1: Floats, W2: Floats, X: Floats, directions: Floats) -> Floats:
    inputs = X @ directions
    outputs = rectified(X @ W1.T) @ (W2.T @ directions)
    return np.asarray(np.sum(outputs * inputs, axis=0) / np.sum(inputs**2, axis=0))
