"""Plain gradient descent of the full matrices of a linear autoencoder, with noise and weight decay.

    loss(W1, W2) = ½·E‖x − W2·W1·(x + η)‖² + (γ/2)·(‖W1‖² + ‖W2‖²)

W1 (H × D) encodes, W2 (D × H) decodes, η has variance `noise` in every pixel, γ is `decay`, and E averages
over the N samples. Once the noise is averaged too ("marginalised"), only the second moment Σ = XᵀX/N enters:

    −∂loss/∂W1 = W2ᵀΣ − W2ᵀW2·W1·(Σ + εI) − γW1        −∂loss/∂W2 = ΣW1ᵀ − W2·W1·(Σ + εI)·W1ᵀ − γW2

with ε = noise. One epoch is one full-batch step of size `lr`: time in epochs, time constant τ = 1/lr.

Masking noise (a pixel is 0 with probability ν, else divided by 1 − ν) adds ν/(1 − ν)·diag(Σ) to Σ + εI. Dropout of
hidden units, likewise with p, adds ½·p/(1 − p)·Σ_k ‖W2_k‖²·(W1SW1ᵀ)_kk to the loss, S being that second moment.

`train` descends with all of this marginalised, at a cost that does not depend on N, and `train_runs` does so many times
over. `samples` draws the noise afresh on the actual X, as one would in practice, and is the check on them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .samples import SampledTraining, train_sampled
from .start import (
    Array,
    Epochs,
    Floats,
    Precision,
    Progress,
    TrainingDiverged,
    check_descent,
    check_probabilities,
    checked_dtype,
    checked_record,
    checked_spectrum,
    initial_weights,
    stable_step,
    starting_weights,
    tell,
    whole_numbers,
)
from .steps import Descent, HiddenGrams, InputProduct, SecondMoment

__all__ = [
    "SampledTraining",
    "Training",
    "TrainingDiverged",
    "initial_weights",
    "stable_step",
    "train",
    "train_runs",
    "train_sampled",
]


@dataclass(frozen=True, slots=True)
class Training:
    """What gradient descent did: K recorded epochs, M modes, D pixels, H hidden units.

    `modeflow.train` makes it. All but the loss is dimensionless.

    Attributes:
        epochs: (K,) int64, the recorded epochs; 0 is before the first step.
        strength: (K, M) float64, the strengths vᵀ·W2·W1·v of the M chosen eigenvectors v.
        imbalance: (K, M) float64, ‖W2ᵀv‖² − ‖W1v‖² of the same modes.
        loss: (K,) float64, the loss that `train` says, in units of the data's variance.
        encoder: W1 after the last epoch, (H, D) float64, in the basis of the eigenvectors' rows.
        decoder: W2 after the last epoch, (D, H) float64, in the same basis.
        norms: (K, 2) float64, ‖W1‖ and ‖W2‖.
    Example:
        >>> import modeflow
        >>> run = modeflow.train([4.0, 1.0], hidden=2, lr=0.05, epochs=400, noise=0.5, std=0.1)
        >>> run.strength.shape, run.loss[-1].round(4)
        ((401, 2), np.float64(0.3889))
    """

    epochs: Epochs
    strength: Array
    imbalance: Array
    loss: Array
    encoder: Array
    decoder: Array
    norms: Array


def train(
    eigenvalues: ArrayLike,
    eigenvectors: Array | None = None,
    *,
    hidden: int | None = None,
    lr: float,
    epochs: int,
    noise: float = 0.0,
    masking: float = 0.0,
    dropout: float = 0.0,
    decay: float = 0.0,
    modes: Sequence[int] | None = None,
    record: Sequence[int] | Epochs | None = None,
    seed: int = 0,
    std: float = 1e-4,
    weights: tuple[Array, Array] | None = None,
    precision: Precision = "double",
    progress: Progress | None = None,
) -> Training:
    """Gradient descent of both matrices, with marginalised noise, on data of the given spectrum.

    The loss is ½·E‖x − W2·W1·(x + η)‖² + (γ/2)·(‖W1‖² + ‖W2‖²), one epoch is one full-batch step, and any number of
    hidden units is allowed. The descent runs in the eigenbasis, where Σ is diagonal: an exact rotation, not an
    approximation. The same seed gives the same run, to the last bit with the same NumPy, BLAS and number of threads:
    BLAS may add in another order with another number.

    Parameters:
        eigenvalues: of Σ = XᵀX/N, (D,), all >= 0, in units of the data's variance.
        eigenvectors: (D, D), in columns; None means the coordinate axes.
        hidden: number H of hidden units; None means that `weights` are given.
        lr: learning rate, > 0, in units of 1/variance.
        epochs: number of steps, >= 0.
        noise: variance ε of the input noise of each pixel, >= 0, in the unit of the eigenvalues.
        masking, dropout: probability, below 1, with which a pixel, a hidden unit is set to 0; the rest is scaled up.
        decay: weight decay γ, >= 0, in the unit of the eigenvalues.
        modes: which eigenvectors to follow, by index; None means all.
        record: which epochs to record, ascending, from 0 to `epochs`; None means every one.
        seed, std: seed and standard deviation of the random initial weights.
        weights: the initial (W1, W2), of shapes (H, D) and (D, H), in the place of hidden, seed and std; never
            overwritten.
        precision: "double", or "single", which halves the time and moved no strength by more than 5e-6 in 5,000 epochs
            on MNIST.
        progress: called as progress(epochs done, epochs in all), about two hundred times; None means never.
    Returns: a training with `epochs` (K,), `strength` and `imbalance` (K, M) of the M modes, `loss` (K,), `encoder` (H,
        D), `decoder` (D, H) and `norms` (K, 2).
    Raises:
        ValueError: an argument that cannot be used; the message names it.
        TrainingDiverged: the weights overflow; the message names the epoch and the largest stable step.
    Source: Pretorius, Kroon and Kamper, Learning dynamics of linear denoising autoencoders (ICML 2018).
    Example:
        >>> import modeflow
        >>> run = modeflow.train([4.0, 1.0], hidden=2, lr=0.05, epochs=400, noise=0.5, std=0.1)
        >>> run.strength[-1].round(3)
        array([0.889, 0.667])
    """
    values = checked_spectrum(eigenvalues)
    start = starting_weights(weights, hidden, values.size, std, seed)
    stacks = start[0][None], start[1][None]
    (run,) = _descend(
        values, eigenvectors, stacks, lr, noise, decay, epochs, masking, dropout, modes, record, precision, progress
    )
    return run


def train_runs(
    eigenvalues: ArrayLike,
    eigenvectors: Array | None = None,
    *,
    hidden: int | None = None,
    lr: ArrayLike,
    epochs: int,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    masking: float = 0.0,
    dropout: float = 0.0,
    modes: Sequence[int] | None = None,
    record: Sequence[int] | Epochs | None = None,
    seeds: Sequence[int] = (0,),
    std: float = 1e-4,
    weights: Sequence[tuple[Array, Array]] | None = None,
    precision: Precision = "double",
    progress: Progress | None = None,
) -> list[Training]:
    """Independent runs of `train` side by side, as batched matrix products; one Training each.

    seeds, or weights   one a run
    lr, noise, decay    one number, or one a run; one seed, or one pair of weights, serves all of them

    The rest is as for `train`. Raises ValueError also where the numbers of runs disagree.
    """
    values = checked_spectrum(eigenvalues)
    if weights is None:
        starts = [starting_weights(None, hidden, values.size, std, seed) for seed in seeds]
    else:
        starts = [starting_weights(pair, hidden, values.size, std, 0) for pair in weights]
    counts = {"starts": len(starts), "lr": np.size(lr), "noise": np.size(noise), "decay": np.size(decay)}
    runs = max(counts.values())
    if any(count not in (1, runs) for count in counts.values()):
        raise ValueError(f"runs disagree: {counts}; give one of each, or one a run")
    if len(starts) == 1:
        starts *= runs
    stacks = np.array([encoder for encoder, _ in starts]), np.array([decoder for _, decoder in starts])
    return _descend(
        values, eigenvectors, stacks, lr, noise, decay, epochs, masking, dropout, modes, record, precision, progress
    )


def _descend(
    values: Array,
    eigenvectors: Array | None,
    stacks: tuple[Array, Array],
    lr: ArrayLike,
    noise: ArrayLike,
    decay: ArrayLike,
    epochs: int,
    masking: float,
    dropout: float,
    modes: Sequence[int] | None,
    record: Sequence[int] | Epochs | None,
    precision: Precision,
    progress: Progress | None,
) -> list[Training]:
    """All runs, from W1 (R, H, D) and W2 (R, D, H)."""
    runs = len(stacks[0])
    rates = [np.broadcast_to(np.asarray(x, dtype=np.float64), runs) for x in (lr, noise, decay)]
    for step, variance, fade in zip(*rates, strict=True):
        check_descent(float(step), epochs, float(variance), float(fade))
    check_probabilities(masking=masking, dropout=dropout)
    _check_axes(eigenvectors, values.size)
    chosen, recorded = _checked_modes(modes, values.size), checked_record(record, epochs)
    descent = _prepared(values, eigenvectors, stacks, rates, masking, dropout, checked_dtype(precision))
    rows: list[tuple[Floats, Floats, Floats, Floats]] = []
    due = set(recorded.tolist())
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs + 1):
            finite = np.isfinite(descent.prepare())
            if not finite.all():
                raise _divergence(epoch, finite, values, rates)
            if epoch in due:
                rows.append((*_mode_figures(descent, chosen), descent.loss(), _norms(descent)))
            if epoch < epochs:
                descent.step()
            tell(progress, epoch, epochs)

    encoders, decoders = descent.encoder.astype(np.float64), np.swapaxes(descent.decoder_t, 1, 2).astype(np.float64)
    if eigenvectors is not None:
        encoders, decoders = encoders @ eigenvectors.T, eigenvectors @ decoders
    strength, imbalance, loss, norms = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    return [
        Training(recorded, strength[:, r], imbalance[:, r], loss[:, r], encoders[r], decoders[r].copy(), norms[:, r])
        for r in range(runs)
    ]


def _prepared(
    values: Array,
    eigenvectors: Array | None,
    stacks: tuple[Array, Array],
    rates: Sequence[Array],
    masking: float,
    dropout: float,
    dtype: type[np.floating[Any]],
) -> Descent:
    """The cheapest exact way to descend, in the eigenbasis."""
    encoders, decoders = stacks
    if eigenvectors is not None:
        encoders, decoders = encoders @ eigenvectors, eigenvectors.T @ decoders
    weights = encoders.astype(dtype), np.swapaxes(decoders, 1, 2).astype(dtype, order="C")
    lr, noise, decay = (rate.astype(dtype)[:, None, None] for rate in rates)
    signal = values.astype(dtype)
    if masking:
        axes = np.eye(values.size) if eigenvectors is None else eigenvectors
        pixels = (axes**2 * values).sum(axis=1)
        lost = masking / (1 - masking) * (axes.T * pixels) @ axes
        identity = np.eye(values.size)
        moment = (np.diag(values) + lost + rates[1][:, None, None] * identity).astype(dtype)
        return SecondMoment(*weights, signal, moment, decay=decay, lr=lr, dropout=dropout)
    if encoders.shape[1] <= values.size or dropout:
        return HiddenGrams(*weights, signal, noise=noise, decay=decay, lr=lr, dropout=dropout)
    return InputProduct(*weights, signal, noise=noise, decay=decay, lr=lr)


def _divergence(epoch: int, finite: NDArray[np.bool_], values: Array, rates: Sequence[Array]) -> TrainingDiverged:
    run = int(np.flatnonzero(~finite)[0])
    limit = stable_step(values, decay=float(rates[2][run]))
    return TrainingDiverged(epoch, float(rates[0][run]), limit, run if finite.size > 1 else None)


def _norms(descent: Descent) -> Floats:
    """‖W1‖ and ‖W2‖ of each run, (R, 2)."""
    pairs = zip(descent.encoder, descent.decoder_t, strict=True)
    return np.array([[math.sqrt(np.vdot(w, w)) for w in pair] for pair in pairs])


def _mode_figures(descent: Descent, modes: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Strength and imbalance of each chosen mode, (R, M)."""
    w1, w2 = descent.encoder[:, :, modes], descent.decoder_t[:, :, modes]
    return np.einsum("rhm,rhm->rm", w1, w2), np.einsum("rhm,rhm->rm", w2 - w1, w2 + w1)


def _checked_modes(modes: Sequence[int] | None, dimension: int) -> NDArray[np.intp]:
    chosen = np.arange(dimension) if modes is None else whole_numbers("modes", modes)
    for mode in chosen:
        if not 0 <= mode < dimension:
            raise ValueError(f"modes: {mode} is not a mode of these data; give 0 to {dimension - 1}")
    return chosen.astype(np.intp)


def _check_axes(eigenvectors: Array | None, dimension: int) -> None:
    """Orthonormal to single precision: the descent is exact in their basis only where they are."""
    if eigenvectors is None:
        return
    if np.shape(eigenvectors) != (dimension, dimension):
        raise ValueError(f"eigenvectors of shape {np.shape(eigenvectors)}: give ({dimension}, {dimension}), in columns")
    if not np.allclose(eigenvectors.T @ eigenvectors, np.eye(dimension), rtol=0, atol=1e-5):
        raise ValueError("eigenvectors: not orthonormal; give those that numpy.linalg.eigh returns")
