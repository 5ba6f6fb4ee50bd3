"""What comparisons and figures measure alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def matched_decay(lam: ArrayLike, noise: ArrayLike) -> Any:
    """The decay λε/(λ + ε) that leads a mode of eigenvalue λ > 0 to the strength to which the noise ε leads it.

    Source: claim cmp.equivalence.
    """
    signal, extra = np.asarray(lam, np.float64), np.asarray(noise, np.float64)
    return signal * extra / (signal + extra)


def crossing(epochs: NDArray[np.int64], path: NDArray[np.float64], target: float) -> float:
    """When the path (K,) first reaches the target, between epochs by a straight line; infinite if never."""
    above = np.flatnonzero(path >= target)
    if above.size == 0:
        return float("inf")
    around = slice(max(above[0] - 1, 0), above[0] + 1)
    return float(np.interp(target, path[around], epochs[around]))


def crossings(epochs: NDArray[np.int64], paths: NDArray[np.float64], targets: NDArray[np.float64]) -> Any:
    """When each column of paths (K, M) first reaches its target (M,); infinite also where that is 0."""
    pairs = zip(paths.T, targets, strict=True)
    return np.array([crossing(epochs, path, target) if target > 0 else np.inf for path, target in pairs])


def rms_over_time(difference: NDArray[np.float64], epochs: NDArray[np.int64]) -> float:
    """Root mean square of differences (K, M) at ascending epochs (K,), each counted for the time around it."""
    weights = np.gradient(epochs.astype(np.float64)) if epochs.size > 1 else np.ones(1)
    return math.sqrt(float((difference**2).mean(axis=1) @ weights) / float(weights.sum()))


def epochs_told(time: float, digits: int = 1) -> str:
    """A number of epochs, never where it is infinite."""
    if math.isinf(time):
        return "never"
    return f"{time:,.{digits}f}" if time < 1e9 else f"{time:.1e}"
