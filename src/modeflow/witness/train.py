"""Plain gradient descent of the full matrices of a linear autoencoder, with noise and weight decay.

    loss(W1, W2) = ½·E‖x − W2·W1·(x + η)‖² + (γ/2)·(‖W1‖² + ‖W2‖²)

W1 (H × D) encodes, W2 (D × H) decodes, η has variance `noise` in every pixel, γ is `decay`, and E averages
over the N samples. Once the noise is averaged too ("marginalised"), only the second moment Σ = XᵀX/N enters:

    −∂loss/∂W1 = W2ᵀΣ − W2ᵀW2·W1·(Σ + εI) − γW1        −∂loss/∂W2 = ΣW1ᵀ − W2·W1·(Σ + εI)·W1ᵀ − γW2

with ε = noise. One epoch is one full-batch step of size `lr`: time in epochs, time constant τ = 1/lr.

`train` descends with marginalised noise, at a cost that does not depend on N. `train_sampled` draws the noise
afresh each epoch on the actual X, as one would in practice, and is the check on `train`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "SampledTraining",
    "Training",
    "TrainingDiverged",
    "initial_weights",
    "stable_step",
    "train",
    "train_sampled",
]

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]
Epochs = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Called with (epochs done, epochs in all)."""


class TrainingDiverged(ValueError):
    """The step size was too large for the spectrum: the weights overflowed."""

    def __init__(self, epoch: int, lr: float, limit: float) -> None:
        super().__init__(
            f"lr = {lr:g}: training diverged at epoch {epoch}; the largest stable step predicted from the "
            f"spectrum is {limit:.4g} for small initial weights; lower lr"
        )
        self.epoch = epoch


@dataclass(frozen=True, slots=True)
class Training:
    """What gradient descent did.

    epochs      (K,), the recorded epochs; 0 is before the first step
    strength    (K, M), mode strengths vᵀ·W2·W1·v of the M chosen eigenvectors v
    imbalance   (K, M), ‖W2ᵀv‖² − ‖W1v‖² of the same modes
    loss        (K,), the loss above
    encoder, decoder   W1 (H, D) and W2 (D, H) after the last epoch, in the basis of the eigenvectors' rows
    """

    epochs: Epochs
    strength: Array
    imbalance: Array
    loss: Array
    encoder: Array
    decoder: Array


@dataclass(frozen=True, slots=True)
class SampledTraining:
    """What gradient descent with freshly drawn noise did, averaged over `runs` independent runs.

    epochs          (K,), the recorded epochs; 0 is before the first step
    strength        (K, M), the mean over the runs of the mode strengths vᵀ·W2·W1·v
    standard_error  (K, M), of that mean: the runs' standard deviation over √runs
    """

    epochs: Epochs
    strength: Array
    standard_error: Array
    runs: int


def initial_weights(hidden: int, dimension: int, *, std: float = 1e-4, seed: int = 0) -> tuple[Array, Array]:
    """W1 (hidden, dimension) and W2 (dimension, hidden): independent normal entries of deviation `std`."""
    rng = np.random.default_rng(seed)
    return std * rng.standard_normal((hidden, dimension)), std * rng.standard_normal((dimension, hidden))


def stable_step(eigenvalues: ArrayLike, *, decay: float = 0.0) -> float:
    """Largest stable step of gradient descent from small weights: 2 over the sharpness where it settles.

    A learned mode has sharpness 2(λ − γ), whatever the noise, and 2γ across it; an unlearned one γ + λ.
    Infinite where there is neither signal nor decay.
    """
    top = float(np.max(np.asarray(eigenvalues, dtype=np.float64)))
    sharpness = max(2 * (top - decay), 2 * decay) if top > decay else top + decay
    return 2 / sharpness if sharpness > 0 else math.inf


def train(
    eigenvalues: ArrayLike,
    eigenvectors: Array | None = None,
    *,
    hidden: int | None = None,
    lr: float,
    epochs: int,
    noise: float = 0.0,
    decay: float = 0.0,
    modes: Sequence[int] | None = None,
    record: Sequence[int] | Epochs | None = None,
    seed: int = 0,
    std: float = 1e-4,
    weights: tuple[Array, Array] | None = None,
    precision: Literal["double", "single"] = "double",
    progress: Progress | None = None,
) -> Training:
    """Gradient descent with marginalised noise on data of the given spectrum; any H, below, at or above D.

    eigenvalues    (D,), of Σ = XᵀX/N, all ≥ 0
    eigenvectors   (D, D), in columns; None means the coordinate axes
    hidden, seed, std   size, seed and scale of random initial weights (`initial_weights`), or else
    weights        the initial (W1, W2) themselves; never overwritten
    modes          which eigenvectors to follow; None means all
    record         which epochs to record, ascending, from 0 to `epochs`; None means every one
    precision      "single" halves the time and moved no strength by more than 5e-6 in 5,000 epochs on MNIST

    The descent runs in the eigenbasis, where Σ is diagonal: an exact rotation, not an approximation. The same
    seed gives the same run. Raises ValueError for unusable arguments, TrainingDiverged where they overflow.
    """
    values = _checked_spectrum(eigenvalues)
    _check_descent(lr, epochs, noise, decay)
    encoder, decoder = _start(weights, hidden, values.size, std, seed)
    if eigenvectors is not None:
        encoder, decoder = encoder @ eigenvectors, eigenvectors.T @ decoder
    chosen = _checked_modes(modes, values.size)
    recorded = _checked_record(record, epochs)
    dtype: type[np.floating[Any]] = np.float64 if precision == "double" else np.float32
    kind = _HiddenGrams if len(encoder) <= values.size else _InputProduct
    weights_now = encoder.astype(dtype), decoder.T.astype(dtype, order="C")
    descent = kind(*weights_now, values.astype(dtype), noise=noise, decay=decay, lr=lr)
    limit = stable_step(values, decay=decay)

    rows: list[tuple[Floats, Floats, float]] = []
    due = set(recorded.tolist())
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs + 1):
            if not math.isfinite(descent.prepare()):
                raise TrainingDiverged(epoch, lr, limit)
            if epoch in due:
                rows.append((*_mode_figures(descent, chosen), descent.loss()))
            if epoch < epochs:
                descent.step()
            _report(progress, epoch, epochs)

    encoder, decoder = descent.encoder.astype(np.float64), descent.decoder_t.T.astype(np.float64)
    if eigenvectors is not None:
        encoder, decoder = encoder @ eigenvectors.T, eigenvectors @ decoder
    strength, imbalance, loss = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    return Training(recorded, strength, imbalance, loss, encoder, np.ascontiguousarray(decoder))


def train_sampled(
    X: Array,
    directions: Array,
    *,
    hidden: int | None = None,
    lr: float,
    epochs: int,
    noise: float,
    decay: float = 0.0,
    runs: int = 16,
    record: Sequence[int] | Epochs | None = None,
    seed: int = 0,
    std: float = 1e-4,
    weights: tuple[Array, Array] | None = None,
    progress: Progress | None = None,
) -> SampledTraining:
    """Gradient descent on X (N, D), Gaussian noise drawn afresh each epoch, `runs` times from equal weights.

    directions   (D, M), unit vectors v in columns whose strengths vᵀ·W2·W1·v are followed
    The rest is as for `train`. Run r draws its noise from the r-th child of the seed. As the steps are
    nonlinear in the weights, the mean over runs has, besides its standard error, a bias vanishing with lr.
    """
    _check_descent(lr, epochs, noise, decay)
    if runs < 2:
        raise ValueError(f"runs = {runs}: a standard error needs at least 2")
    start = _start(weights, hidden, X.shape[1], std, seed)
    recorded = _checked_record(record, epochs)
    limit = stable_step(np.linalg.norm(X, 2) ** 2 / len(X), decay=decay)
    paths = []
    for run, child in enumerate(np.random.SeedSequence(seed).spawn(runs)):
        rng = np.random.default_rng(child)
        path = _sampled_path(X, directions, start, rng, lr, noise, decay, epochs, set(recorded.tolist()))
        if not np.isfinite(path).all():
            raise TrainingDiverged(int(recorded[~np.isfinite(path).all(axis=1)][0]), lr, limit)
        paths.append(path)
        _report(progress, run + 1, runs)
    stacked = np.array(paths)
    error = stacked.std(axis=0, ddof=1) / math.sqrt(runs)
    return SampledTraining(recorded, stacked.mean(axis=0), error, runs)


class _Descent(Protocol):
    """W1 and W2ᵀ in the eigenbasis, both (H, D), and how to take one step from where they are."""

    encoder: Floats
    decoder_t: Floats

    def prepare(self) -> float:
        """Form the products step and loss share; return a number that is finite while the weights are."""

    def loss(self) -> float:
        """The loss at the prepared weights."""

    def step(self) -> None:
        """One step of gradient descent from the prepared weights."""


class _HiddenGrams:
    """H ≤ D: through the H × H Gram matrices W2ᵀW2 and W1(Σ + εI)W1ᵀ, symmetric products at half price.

    About 6·H²·D floating-point operations an epoch, and no temporaries.
    """

    def __init__(
        self, encoder: Floats, decoder_t: Floats, signal: Floats, *, noise: float, decay: float, lr: float
    ) -> None:
        root = np.sqrt(signal + noise)
        self.encoder, self.decoder_t = encoder, decoder_t
        self._lr, self._decay, self._keep = lr, decay, 1 - lr * decay
        self._root, self._push, self._pull = root, -lr * root, lr * signal
        self._total_signal = float(signal.sum())
        self._scaled, self._pulled, self._work = (np.empty_like(encoder) for _ in range(3))
        self._encoder_gram, self._decoder_gram = (encoder @ encoder.T for _ in range(2))

    def prepare(self) -> float:
        np.multiply(self.encoder, self._root, out=self._scaled)
        np.multiply(self.encoder, self._pull, out=self._pulled)
        np.matmul(self._scaled, self._scaled.T, out=self._encoder_gram)
        np.matmul(self.decoder_t, self.decoder_t.T, out=self._decoder_gram)
        return float(np.trace(self._encoder_gram) + np.trace(self._decoder_gram))

    def loss(self) -> float:
        kept_signal = float(np.vdot(self.decoder_t, self._pulled)) / self._lr
        output = float(np.vdot(self._decoder_gram, self._encoder_gram))
        return self._total_signal / 2 - kept_signal + output / 2 + _decay_loss(self, self._decay)

    def step(self) -> None:
        scaled, work = self._scaled, self._work
        np.matmul(self._decoder_gram, scaled, out=work)
        work *= self._push
        np.multiply(self.decoder_t, self._pull, out=scaled)
        work += scaled

        self._encoder_gram *= -self._lr
        self._encoder_gram.flat[:: len(self._encoder_gram) + 1] += self._keep
        np.matmul(self._encoder_gram, self.decoder_t, out=scaled)
        self._pulled += scaled
        self.decoder_t, self._pulled = self._pulled, self.decoder_t

        if self._decay:
            self.encoder *= self._keep
        self.encoder += work


class _InputProduct:
    """H > D: through the D × D residual Λ − W2W1(Λ + εI). About 6·H·D² floating-point operations an epoch."""

    def __init__(
        self, encoder: Floats, decoder_t: Floats, signal: Floats, *, noise: float, decay: float, lr: float
    ) -> None:
        self.encoder, self.decoder_t = encoder, decoder_t
        self._lr, self._decay = lr, decay
        self._signal, self._total = signal, signal + noise
        self._product = np.empty((signal.size, signal.size), encoder.dtype)
        self._encoder_step, self._decoder_step = np.empty_like(encoder), np.empty_like(encoder)

    def prepare(self) -> float:
        np.matmul(self.decoder_t.T, self.encoder, out=self._product)
        return float(self._product.sum())

    def loss(self) -> float:
        misfit = float(self._signal @ (0.5 - self._product.diagonal()))
        return misfit + float(np.sum(self._product**2 @ self._total)) / 2 + _decay_loss(self, self._decay)

    def step(self) -> None:
        residual = self._product
        residual *= -self._lr * self._total
        residual.flat[:: len(residual) + 1] += self._lr * self._signal
        np.matmul(self.decoder_t, residual, out=self._encoder_step)
        np.matmul(self.encoder, residual.T, out=self._decoder_step)
        for weights, step in ((self.encoder, self._encoder_step), (self.decoder_t, self._decoder_step)):
            if self._decay:
                weights *= 1 - self._lr * self._decay
            weights += step


def _decay_loss(descent: _Descent, decay: float) -> float:
    if decay == 0:
        return 0.0
    return decay / 2 * sum(float(np.vdot(w, w)) for w in (descent.encoder, descent.decoder_t))


def _mode_figures(descent: _Descent, modes: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Strength and imbalance of each chosen mode."""
    w1, w2 = descent.encoder[:, modes], descent.decoder_t[:, modes]
    return np.einsum("hm,hm->m", w1, w2), np.einsum("hm,hm->m", w2 - w1, w2 + w1)


def _sampled_path(
    X: Array,
    directions: Array,
    start: tuple[Array, Array],
    rng: np.random.Generator,
    lr: float,
    noise: float,
    decay: float,
    epochs: int,
    due: set[int],
) -> Array:
    """Mode strengths (K, M) along one run with noise drawn afresh each epoch."""
    encoder, decoder = start[0].copy(), start[1].copy()
    rows = []
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs + 1):
            if epoch in due:
                rows.append(np.einsum("dm,dm->m", directions, decoder @ (encoder @ directions)))
            noisy = X + math.sqrt(noise) * rng.standard_normal(X.shape)
            code = noisy @ encoder.T
            missing = (X - code @ decoder.T) / len(X)
            decoder_step = missing.T @ code - decay * decoder
            encoder_step = (missing @ decoder).T @ noisy - decay * encoder
            encoder += lr * encoder_step
            decoder += lr * decoder_step
    return np.array(rows)


def _start(
    weights: tuple[Array, Array] | None, hidden: int | None, dimension: int, std: float, seed: int
) -> tuple[Array, Array]:
    if weights is None:
        if hidden is None or hidden <= 0:
            raise ValueError(f"hidden = {hidden}: give a number of hidden units >= 1, or initial weights")
        return initial_weights(hidden, dimension, std=std, seed=seed)
    encoder, decoder = (np.asarray(w, dtype=np.float64) for w in weights)
    if encoder.ndim != 2 or encoder.shape[1] != dimension or decoder.shape != encoder.shape[::-1]:
        raise ValueError(
            f"weights of shapes {encoder.shape} and {decoder.shape}: "
            f"give W1 as (H, {dimension}) and W2 as ({dimension}, H)"
        )
    return encoder, decoder


def _checked_spectrum(eigenvalues: ArrayLike) -> Array:
    values = np.asarray(eigenvalues, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError("eigenvalues: give a non-empty vector of finite numbers >= 0; clip rounding noise")
    return values


def _check_descent(lr: float, epochs: int, noise: float, decay: float) -> None:
    if not (math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr = {lr}: the step size must be finite and > 0")
    if epochs <= 0:
        raise ValueError(f"epochs = {epochs}: at least 1 is needed")
    for name, value in (("noise", noise), ("decay", decay)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} = {value}: must be finite and >= 0")


def _checked_modes(modes: Sequence[int] | None, dimension: int) -> NDArray[np.intp]:
    chosen = np.arange(dimension) if modes is None else np.asarray(modes, dtype=np.intp)
    for mode in chosen:
        if not 0 <= mode < dimension:
            raise ValueError(f"modes: {mode} is not a mode; the data have modes 0 to {dimension - 1}")
    return chosen


def _checked_record(record: Sequence[int] | Epochs | None, epochs: int) -> Epochs:
    recorded = np.arange(epochs + 1) if record is None else np.asarray(record, dtype=np.int64)
    if recorded.size == 0 or recorded[0] < 0 or recorded[-1] > epochs or (np.diff(recorded) <= 0).any():
        raise ValueError(f"record: give epochs in ascending order, from 0 to {epochs}")
    return recorded


def _report(progress: Progress | None, done: int, total: int) -> None:
    """Call back about two hundred times in all, and at the end."""
    if progress is not None and (done == total or done % max(1, total // 200) == 0):
        progress(done, total)
