"""What the matrix form predicts for a training run: all modes at once, with what they take of each other.

From small weights both layers soon are each other's transpose, P = (W1ᵀ + W2)/2, and P follows Oja's flow closely: the
second moment and PPᵀ commute up to products of strengths that are not large at the same time. Oja's flow has a closed
form from any start (claims gram.riccati and gram.held). Three corrections bring it to gradient descent:

* A step multiplies a small mode by 1 + lr·(λ − γ). So the growth of each is log(1 + lr·(λ − γ)) an epoch in place of
  lr·(λ − γ), and its pull lr·(λ + ε) changes by the same factor, which leaves its rest where it was.
* What a step misses of that is the difference between one balanced mode stepped, and its curve with those rates. Where
  a mode overshoots its rest and comes back, it does so here as well. For aligned weights nothing else is left.
* What the layers do not share, Q = (W2 − W1ᵀ)/2, takes |q|² of the strength of a mode. Near the origin a step
  multiplies q by 1 − lr·(λ + γ).

The matrix form neglects that learned modes keep some of Q, and that Oja's flow is not quite that of both layers: on the
diagonal of PPᵀ they differ by Σ_k (λ_j − λ_k)·(PPᵀ)_jk², where one mode at a time leaves out
Σ_k (λ_j + λ_k + 2ε)·(PPᵀ)_jk², which is larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..evaluate.riccati import advanced
from .data import Spectrum
from .measure import rms_over_time
from .prediction import descended_strengths, initial_strengths, time_constants

__all__ = ["all_at_once", "matrix_strengths", "start_against_rest"]

Array = NDArray[np.float64]

_LARGEST_PIECE = 300.0
"""The largest exponent in one piece of the way: its square is a number that doubles can hold."""

_GROWTH = 0.3
"""A mode whose small weights grow by less than exp(_GROWTH) during a run has no part in it."""


def matrix_strengths(
    epochs: NDArray[np.int64],
    eigenvalues: Array,
    weights: tuple[Array, Array],
    *,
    noise: float = 0.0,
    decay: float = 0.0,
    lr: float,
    top: int | None = None,
) -> Array:
    """Strengths (K, top) of the leading modes at ascending epochs (K,), from the weights W1 (H, D) and W2 (D, H).

    eigenvalues   (D,), descending; the weights are in the basis of their eigenvectors. None for top means all modes.
    """
    encoder, decoder = weights
    tau = time_constants(eigenvalues, lr=lr, decay=decay)
    growth, pull = (eigenvalues - decay) / tau, (eigenvalues + noise) / tau
    shared = _along((encoder.T + decoder) / 2, epochs, growth, pull)[:, :top]
    lam = eigenvalues[:top]
    initial = initial_strengths((encoder + decoder.T)[:, : lam.size])
    stepped = descended_strengths(int(epochs[-1]), lam, initial, noise=noise, decay=decay, lr=lr)[epochs]
    apart = ((decoder - encoder.T)[:top] ** 2).sum(axis=1) / 4
    faded = (1 - lr * (lam + decay)) ** (2 * epochs[:, None])
    alone = _balanced(epochs, lam, initial, noise=noise, decay=decay, tau=tau[:top])
    return np.asarray(shared + (stepped - alone) - apart * faded)


def start_against_rest(
    eigenvalues: Array, weights: tuple[Array, Array], *, noise: float = 0.0, decay: float = 0.0
) -> float:
    """Σ|p|²/4 over Σ(limit), of the modes given: below 1, the weights start small, and the matrix form is to be used.

    eigenvalues (M,) of the leading modes, and the weights (H, D) and (D, H) in the basis of the eigenvectors. From 1 on
    the modes start, on average, at or beyond their rest. Then nothing is near the origin, neither form is meant for it,
    and either can be the nearer one. Infinite where no mode has a limit above 0.
    """
    from modeflow.evaluate.evaluators import fixed_point

    encoder, decoder = weights
    start = float(((encoder.T + decoder)[: eigenvalues.size] ** 2).sum()) / 4
    rest = float(np.sum(fixed_point(eigenvalues, noise=noise, decay=decay)))
    return start / rest if rest > 0 else np.inf


def all_at_once(
    eigen: Spectrum, weights: tuple[Array, Array], measured: Array, setting: Mapping[str, float]
) -> dict[str, Any]:
    """What a comparison says of the matrix form, from the measured strengths (epochs + 1, top) of the leading modes.

    Modes that hardly grow in so many epochs are left out, and about 120 epochs are predicted. The RMS is None where the
    start is not small.
    """
    last, top = len(measured) - 1, measured.shape[1]
    used = max(top, int(np.count_nonzero(eigen.eigenvalues * setting["lr"] * last >= _GROWTH)))
    lam, vectors = eigen.eigenvalues[:used], eigen.eigenvectors[:, :used]
    start = weights[0] @ vectors, vectors.T @ weights[1]
    size = start_against_rest(lam[:top], start, noise=setting["noise"], decay=setting["decay"])
    if size >= 1:
        return {"start_against_rest": size, "rms_matrix": None}
    at = _sampled_epochs(last)
    strengths = matrix_strengths(at, lam, start, top=top, **setting)
    return {"start_against_rest": size, "rms_matrix": rms_over_time(measured[at] - strengths, at)}


def _sampled_epochs(last: int) -> NDArray[np.int64]:
    """About 120 epochs up to the last, closely at first, where strong modes are learned."""
    return np.unique(np.r_[0 : min(last, 20) + 1, np.geomspace(1, last, 60), np.linspace(0, last, 60)].astype(np.int64))


def _along(start: Array, epochs: NDArray[np.int64], growth: Array, pull: Array) -> Array:
    """The diagonal of PPᵀ at each epoch, (K, D), from one epoch to the next."""
    wide = start.shape[1] > start.shape[0]
    root = np.asarray(np.linalg.qr(start.T, mode="r")).T if wide else start
    longest = max(1, int(_LARGEST_PIECE / max(float(np.abs(growth).max()), 1e-300)))
    now, found = 0, []
    for epoch in epochs.tolist():
        while now < epoch:
            piece = min(longest, epoch - now)
            root, now = advanced(piece, growth, pull, root), now + piece
        found.append((root**2).sum(axis=1))
    return np.array(found)


def _balanced(
    epochs: NDArray[np.int64], eigenvalues: Array, initial: Array, *, noise: float, decay: float, tau: ArrayLike
) -> Array:
    """(K, M), each mode alone with its own time constant."""
    from modeflow.evaluate.evaluators import strength

    w0, times = np.sqrt(initial), epochs[:, None].astype(np.float64)
    return np.asarray(strength(times, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau), dtype=np.float64)
