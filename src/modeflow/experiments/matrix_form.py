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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..evaluate.riccati import advanced
from .data import Spectrum
from .measure import rms_over_time
from .prediction import descended_strengths, initial_strengths, time_constants

__all__ = [
    "LARGEST_FALLEN_SHARE",
    "Together",
    "TooMuchWork",
    "all_at_once",
    "fallen_share",
    "fallen_told",
    "matrix_strengths",
    "together",
]

Array = NDArray[np.float64]

LARGEST_FALLEN_SHARE = 0.25
"""Chosen on MNIST and three shapes of spectrum; `python benchmarks/theory.py matrix worse` tries it on other data."""

_LARGEST_PIECE = 300.0
"""The largest exponent in one piece of the way: its square is a number that doubles can hold."""

_STEPPED = 20_000
"""A mode that is not at rest after so many steps moves by less than log(rest/start)/80,000 of its rest in one. What a
step misses is about a third of that, and is left out from here on."""

_ROUNDING = 1e-12
"""Two forms whose strengths differ by less, in RMS, are equal."""

_GROWTH = 0.3
"""A mode whose small weights grow by less than exp(_GROWTH) during a run has no part in it."""


class TooMuchWork(Exception):
    """The matrix form would keep one waiting."""


class Together(NamedTuple):
    """All modes at once: strengths (K, M), and their fallen share, which is known without any training."""

    strengths: Array
    fallen: float

    @property
    def is_nearer(self) -> bool:
        """Whether they are taken to be nearer to training than each mode alone."""
        return self.fallen < LARGEST_FALLEN_SHARE


def fallen_told(share: float) -> str:
    """The fallen share beside its limit, as the end of a sentence."""
    below = "below" if share < LARGEST_FALLEN_SHARE else "not below"
    return f"the fallen share is {share:.0%}, {below} {LARGEST_FALLEN_SHARE:.0%}"


def together(
    epochs: NDArray[np.int64],
    eigenvalues: Array,
    weights: tuple[Array, Array],
    *,
    noise: float = 0.0,
    decay: float = 0.0,
    lr: float,
    top: int | None = None,
    most_work: float = np.inf,
) -> Together:
    """The leading modes at ascending epochs (K,), from the weights W1 (H, D) and W2 (D, H).

    eigenvalues   (D,), descending; the weights are in the basis of their eigenvectors. None for top means all modes.
    most_work     after how many multiplications, a tenth of them counted, TooMuchWork is raised
    """
    from modeflow.evaluate.evaluators import fixed_point

    encoder, decoder = weights
    tau = time_constants(eigenvalues, lr=lr, decay=decay)
    growth, pull = (eigenvalues - decay) / tau, (eigenvalues + noise) / tau
    shared = _along((encoder.T + decoder) / 2, epochs, growth, pull, most_work)[:, :top]
    lam = eigenvalues[:top]
    initial = initial_strengths((encoder + decoder.T)[:, : lam.size])
    apart = ((decoder - encoder.T)[:top] ** 2).sum(axis=1) / 4
    faded = (1 - lr * (lam + decay)) ** (2 * epochs[:, None])
    curve = _balanced(epochs, lam, initial, noise=noise, decay=decay, tau=tau[:top])
    missed = _missed(epochs, lam, initial, curve, noise=noise, decay=decay, lr=lr)
    strengths = np.asarray(shared + missed - apart * faded)
    limits = np.asarray(fixed_point(lam, noise=noise, decay=decay))
    return Together(strengths, fallen_share(strengths, curve + missed, limits, epochs))


def matrix_strengths(
    epochs: NDArray[np.int64], eigenvalues: Array, weights: tuple[Array, Array], **setting: Any
) -> Array:
    """Their strengths (K, top) alone; the arguments are those of `together`."""
    return together(epochs, eigenvalues, weights, **setting).strengths


def _missed(
    epochs: NDArray[np.int64], lam: Array, initial: Array, alone: Array, *, noise: float, decay: float, lr: float
) -> Array:
    """(K, M), by how much each mode alone, stepped, is ahead of its curve."""
    stepping = epochs[epochs <= _STEPPED]
    stepped = descended_strengths(int(stepping.max(initial=0)), lam, initial, noise=noise, decay=decay, lr=lr)
    missed = np.zeros_like(alone)
    missed[: stepping.size] = stepped[stepping] - alone[: stepping.size]
    return missed


def fallen_share(at_once: Array, alone: Array, limits: Array, epochs: NDArray[np.int64]) -> float:
    """Which part of the difference between the two forms lies where no mode has a reason to be; 0 where they are equal.

    That is below both its start and its limit (M,). There the matrix form goes from large starts, since it fades what
    the layers do not share as if the weights were near the origin. From LARGEST_FALLEN_SHARE on it is taken to be
    further from training than each mode alone; strengths (K, M) of both forms at ascending epochs (K,).
    """
    below = np.minimum(at_once - np.minimum(at_once[0], limits), 0.0)
    apart = rms_over_time(at_once - alone, epochs)
    return rms_over_time(below, epochs) / apart if apart > _ROUNDING else 0.0


def all_at_once(
    eigen: Spectrum, weights: tuple[Array, Array], measured: Array, setting: Mapping[str, float]
) -> dict[str, Any]:
    """What a comparison says of the matrix form, from the measured strengths (epochs + 1, top) of the leading modes.

    Modes that hardly grow in so many epochs are left out, and about 120 epochs are predicted. The RMS is None where
    the form is taken to be further from training than one mode at a time.
    """
    last, top = len(measured) - 1, measured.shape[1]
    used = max(top, int(np.count_nonzero(eigen.eigenvalues * setting["lr"] * last >= _GROWTH)))
    lam, vectors = eigen.eigenvalues[:used], eigen.eigenvectors[:, :used]
    at = _sampled_epochs(last)
    found = together(at, lam, (weights[0] @ vectors, vectors.T @ weights[1]), top=top, **setting)
    rms = rms_over_time(measured[at] - found.strengths, at) if found.is_nearer else None
    return {"fallen_share": found.fallen, "rms_matrix": rms}


def _sampled_epochs(last: int) -> NDArray[np.int64]:
    """About 120 epochs up to the last, closely at first, where strong modes are learned."""
    return np.unique(np.r_[0 : min(last, 20) + 1, np.geomspace(1, last, 60), np.linspace(0, last, 60)].astype(np.int64))


def _along(start: Array, epochs: NDArray[np.int64], growth: Array, pull: Array, most_work: float = np.inf) -> Array:
    """The diagonal of PPᵀ at each epoch, (K, D), from one epoch to the next; modes at rest are let go on the way."""
    root, now, work, found = _in_turn(start), 0, 0.0, []
    diagonal = np.empty(growth.size)
    for epoch in epochs.tolist():
        while now < epoch:
            left = slice(growth.size - len(root), None)
            piece = min(_longest_piece(growth[left]), epoch - now)
            work += (len(root) + 30) * (root.shape[1] + 30) ** 2  # a small matrix takes time, too
            if work > most_work:
                raise TooMuchWork
            if root.size:
                root = _in_turn(advanced(piece, growth[left], pull[left], root))
            now += piece
            diagonal[left] = (root**2).sum(axis=1)
            settled = _settled(root, growth[left], pull[left])
            root = root[settled:, settled:]
        if now == 0:
            diagonal[:] = (root**2).sum(axis=1)
        found.append(diagonal.copy())
    return np.array(found)


def _longest_piece(growth: Array) -> int:
    return max(1, int(_LARGEST_PIECE / max(float(np.abs(growth).max(initial=0)), 1e-300)))


def _settled(root: Array, growth: Array, pull: Array) -> int:
    """How many leading modes are at rest and have nothing to do with the later ones, up to rounding in both."""
    most: int = min(root.shape)
    for j in range(most):
        others = np.linalg.norm(root[j + 1 :, j + 1 :], axis=1)
        moving = abs(pull[j] * (root[j] @ root[j]) - growth[j]) > 1e-12 * abs(growth[j])
        if moving or (abs(root[j + 1 :, j]) > 1e-8 * others).any():
            return j
    return most


def _in_turn(root: Array) -> Array:
    """The same P, D × min(D, H): each row adds one column to those of the rows before, which grow faster.

    Else what the strong modes have in all columns, e³⁰⁰ times as much at the end of a piece, drowns the weak ones.
    """
    return np.asarray(np.linalg.qr(root.T, mode="r")).T


def _balanced(
    epochs: NDArray[np.int64], eigenvalues: Array, initial: Array, *, noise: float, decay: float, tau: ArrayLike
) -> Array:
    """(K, M), each mode alone with its own time constant."""
    from modeflow.evaluate.evaluators import strength

    w0, times = np.sqrt(initial), epochs[:, None].astype(np.float64)
    return np.asarray(strength(times, eigenvalues, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau), dtype=np.float64)
