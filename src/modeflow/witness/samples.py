"""Gradient descent on the samples themselves: corruption drawn afresh, minibatches, and hidden units of any kind.

    loss(W1, W2) = ½·mean ‖x − W2·(m ∘ φ(W1·x̃))‖² + (γ/2)·(‖W1‖² + ‖W2‖²)

x̃ is the corrupted image: first pixels are set to 0 with probability `masking` and the rest divided by 1 − masking,
then Gaussian noise of variance `noise` is added. m does to hidden units what masking does to pixels, with
probability `dropout`. φ is the identity, ReLU, tanh or the logistic sigmoid; there are no biases. The mean is over the
samples of a batch, the squares are summed over pixels: where both are averaged, loss and gradient are 2/D times these,
so that a step lr there is a step 2·lr/D here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    stable_step,
    starting_weights,
    tell,
)

__all__ = ["ACTIVATIONS", "SampleRuns", "SampledTraining", "loss_and_gradients", "train_on_samples", "train_sampled"]

Activation = Literal["linear", "relu", "tanh", "sigmoid"]


def _sigmoid(z: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)))


ACTIVATIONS: dict[Activation, tuple[Callable[[Floats], Floats], Callable[[Floats], Any]]] = {
    "linear": (lambda z: z, lambda _: 1),
    "relu": (lambda z: np.maximum(z, 0), lambda h: h > 0),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "sigmoid": (_sigmoid, lambda h: h * (1 - h)),
}
"""φ, and φ' as a function of φ's value."""


@dataclass(frozen=True, slots=True)
class SampleRuns:
    """What R independent runs of gradient descent on samples did.

    epochs      (K,), the recorded epochs; 0 is before the first step
    strength    (R, K, M), mode strengths vᵀ·W2·W1·v
    passed      (R, K, M), vᵀ·E[x̂·xᵀ]·v / vᵀ·E[x·xᵀ]·v, nothing corrupted: what comes through of a mode, by the slope
                of output on input; the strength where the network is linear and v an eigenvector,
                NaN where the samples have nothing of v
    imbalance   (R, K, M), ‖W2ᵀv‖² − ‖W1v‖²
    loss        (R, K), the loss above over all samples, nothing corrupted
    norms       (R, K, 2), ‖W1‖ and ‖W2‖
    encoder, decoder   W1 (R, H, D) and W2 (R, D, H) after the last epoch
    """

    epochs: Epochs
    strength: Array
    passed: Array
    imbalance: Array
    loss: Array
    norms: Array
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


def train_on_samples(
    X: Array,
    directions: Array,
    *,
    hidden: int | None = None,
    lr: ArrayLike,
    epochs: int,
    batch: int | None = None,
    activation: Activation = "linear",
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    masking: float = 0.0,
    dropout: float = 0.0,
    seeds: Sequence[int | np.random.SeedSequence] = (0,),
    record: Sequence[int] | Epochs | None = None,
    std: float = 1e-4,
    weights: tuple[Array, Array] | None = None,
    precision: Precision = "double",
    progress: Progress | None = None,
) -> SampleRuns:
    """Gradient descent on X (N, D), all runs side by side as batched matrix products.

    directions   (D, M), unit vectors v in columns whose strengths are followed
    batch        samples a step, in an order drawn afresh each epoch; None means all N. The last may be smaller
    lr, noise, decay   one number, or one a run
    seeds        one a run, or one for all: corruption and order are drawn from a child of it, the initial weights
                 as `initial_weights` draws them, unless `weights` gives them; a run does not depend on the others
    record, std, precision   as for `train`

    Raises ValueError for unusable arguments, TrainingDiverged (with the limit of the linear autoencoder).
    """
    X, directions = _checked_samples(X, directions)
    rates = _Rates.of(lr, noise, decay, len(seeds))
    rates.check(epochs)
    check_probabilities(masking=masking, dropout=dropout)
    _check_choices(activation, batch, len(X))
    recorded, dtype = checked_record(record, epochs), checked_dtype(precision)
    each = [*seeds] * (rates.steps.size if len(seeds) == 1 else 1)
    starts = [starting_weights(weights, hidden, X.shape[1], std, seed) for seed in each]
    networks = _Networks(starts, rates, activation, dtype)
    generators = [np.random.default_rng(_children(seed)) for seed in each]
    images, followed = X.astype(dtype, copy=False), directions.astype(dtype, copy=False)
    corrupt = _Corruption(np.sqrt(rates.variances).astype(dtype), masking, dropout, networks.encoder.shape[1])

    rows = []
    due = set(recorded.tolist())
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs + 1):
            finite = networks.are_finite()
            if not finite.all():
                raise _divergence(epoch, finite, X, rates)
            if epoch in due:
                rows.append(networks.figures(images, followed))
            for clean in _batches(images, batch, generators) if epoch < epochs else ():
                networks.step(clean, *corrupt(clean, generators))
            tell(progress, epoch, epochs)
    strength, passed, imbalance, loss, norms = (
        np.moveaxis(np.array(column, dtype=np.float64), 0, 1) for column in zip(*rows, strict=True)
    )
    ends = networks.encoder.astype(np.float64), networks.decoder.astype(np.float64)
    return SampleRuns(recorded, strength, passed, imbalance, loss, norms, *ends)


@dataclass(frozen=True)
class _Rates:
    """Step size, variance of the noise and decay, (R,) each."""

    steps: Array
    variances: Array
    fades: Array

    @classmethod
    def of(cls, lr: ArrayLike, noise: ArrayLike, decay: ArrayLike, seeds: int) -> _Rates:
        """One number, or one a run, of which there are as many as of any of these and seeds."""
        rates = [np.asarray(x, dtype=np.float64) for x in (lr, noise, decay)]
        sizes = (seeds, *(rate.size for rate in rates))
        if any(size not in (1, max(sizes)) for size in sizes):
            raise ValueError(f"runs disagree: {seeds} seeds; give one lr, noise and decay, or one a run")
        return cls(*(np.broadcast_to(rate.reshape(-1), max(sizes)) for rate in rates))

    def check(self, epochs: int) -> None:
        for step, variance, fade in zip(self.steps, self.variances, self.fades, strict=True):
            check_descent(float(step), epochs, float(variance), float(fade))


def _check_choices(activation: str, batch: int | None, samples: int) -> None:
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation = {activation!r}: give one of {', '.join(ACTIVATIONS)}")
    if batch is not None and batch not in range(1, samples + 1):
        raise ValueError(f"batch = {batch}: give 1 to {samples} samples")


class _Networks:
    """R networks side by side: W1 (R, H, D) and W2 (R, D, H)."""

    def __init__(
        self,
        starts: Sequence[tuple[Array, Array]],
        rates: _Rates,
        activation: Activation,
        dtype: type[np.floating[Any]],
    ) -> None:
        self.encoder: Floats = np.array([encoder for encoder, _ in starts], dtype=dtype)
        self.decoder: Floats = np.array([decoder for _, decoder in starts], dtype=dtype)
        self._steps, self._decays = (x.astype(dtype)[:, None, None] for x in (rates.steps, rates.fades))
        self._activation: Activation = activation

    def are_finite(self) -> NDArray[np.bool_]:
        """Whether the weights of each are."""
        return np.asarray(np.isfinite(self.encoder.sum(axis=(1, 2)) + self.decoder.sum(axis=(1, 2))))

    def step(self, clean: Floats, noisy: Floats, mask: Floats | float) -> None:
        """One step down the gradient of the loss on a batch, for the corruption drawn."""
        decay, activation = self._decays, self._activation
        _, to_encoder, to_decoder = loss_and_gradients(
            self.encoder, self.decoder, clean, noisy, mask, decay=decay, activation=activation
        )
        self.encoder -= self._steps * to_encoder
        self.decoder -= self._steps * to_decoder

    def figures(self, images: Floats, directions: Floats) -> tuple[Floats, ...]:
        """Strength, what is passed and imbalance (R, M), loss (R,), norms (R, 2)."""
        return _figures(self.encoder, self.decoder, images, directions, self._decays, self._activation)


def _checked_samples(X: Array, directions: Array) -> tuple[Array, Array]:
    samples, followed = np.asarray(X, dtype=np.float64), np.asarray(directions, dtype=np.float64)
    if samples.ndim != 2 or 0 in samples.shape or not np.isfinite(samples).all():
        raise ValueError(f"X of shape {samples.shape}: give samples (N, D), at least one, of finite numbers")
    if followed.ndim != 2 or len(followed) != samples.shape[1] or not np.isfinite(followed).all():
        raise ValueError(
            f"directions of shape {followed.shape}: give ({samples.shape[1]}, M) finite numbers, in columns"
        )
    return samples, followed


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
    masking: float = 0.0,
    dropout: float = 0.0,
    batch: int | None = None,
) -> SampledTraining:
    """Gradient descent on X (N, D), noise drawn afresh each epoch, `runs` times from equal weights.

    directions   (D, M), unit vectors v in columns whose strengths vᵀ·W2·W1·v are followed
    The rest is as for `train_on_samples`. Run r draws its noise from the r-th child of the seed. As the steps are
    nonlinear in the weights, the mean over runs has, besides its standard error, a bias vanishing with lr.
    """
    X, directions = _checked_samples(X, directions)
    check_descent(lr, epochs, noise, decay)
    if runs < 2:
        raise ValueError(f"runs = {runs}: give at least 2, for a standard error")
    start = starting_weights(weights, hidden, X.shape[1], std, seed)
    options: dict[str, Any] = {"noise": noise, "decay": decay, "masking": masking, "dropout": dropout, "batch": batch}
    paths = []
    for run, child in enumerate(np.random.SeedSequence(seed).spawn(runs)):
        one = train_on_samples(
            X, directions, lr=lr, epochs=epochs, seeds=[child], record=record, weights=start, **options
        )
        paths.append(one.strength[0])
        tell(progress, run + 1, runs)
    stacked = np.array(paths)
    error = stacked.std(axis=0, ddof=1) / math.sqrt(runs)
    return SampledTraining(one.epochs, stacked.mean(axis=0), error, runs)


def loss_and_gradients(
    encoder: Floats,
    decoder: Floats,
    clean: Floats,
    noisy: Floats,
    mask: Floats | float = 1.0,
    *,
    decay: Floats | float = 0.0,
    activation: Activation = "linear",
) -> tuple[Floats, Floats, Floats]:
    """The loss above, (R,), and its gradients in W1 (R, H, D) and W2 (R, D, H), for the corruption drawn.

    clean, noisy   (R, B, D), or (1, B, D) for all runs; mask (R, B, H) or 1; decay broadcasts against the weights
    """
    value, slope = ACTIVATIONS[activation]
    hidden = value(noisy @ np.swapaxes(encoder, 1, 2))
    code = hidden * mask
    excess = (code @ np.swapaxes(decoder, 1, 2) - clean) / math.sqrt(clean.shape[1])
    squares = _squares(encoder) + _squares(decoder)
    loss = 0.5 * _squares(excess) + 0.5 * np.reshape(decay, (-1,)) * squares
    excess /= math.sqrt(clean.shape[1])
    to_decoder = np.swapaxes(excess, 1, 2) @ code + decay * decoder
    to_hidden = (excess @ decoder) * mask * slope(hidden)
    to_encoder = np.swapaxes(to_hidden, 1, 2) @ noisy + decay * encoder
    return loss, to_encoder, to_decoder


class _Corruption:
    """Draws x̃ and m for a batch, run by run, each from its own generator."""

    def __init__(self, deviations: Floats, masking: float, dropout: float, hidden: int) -> None:
        self._deviations, self._masking, self._dropout, self._hidden = deviations, masking, dropout, hidden

    def __call__(self, clean: Floats, generators: Sequence[np.random.Generator]) -> tuple[Floats, Floats | float]:
        noisy, mask = clean, 1.0
        shape, dtype = clean.shape[1:], clean.dtype
        if self._masking:
            noisy = noisy * np.array([_spared(rng, shape, self._masking, dtype) for rng in generators])
        if self._deviations.any():
            draws = np.array([rng.standard_normal(shape, dtype=dtype.type) for rng in generators])
            draws *= self._deviations[:, None, None]
            draws += noisy
            noisy = draws
        if self._dropout:
            units = shape[0], self._hidden
            return noisy, np.array([_spared(rng, units, self._dropout, dtype) for rng in generators])
        return noisy, mask


def _spared(rng: np.random.Generator, shape: tuple[int, ...], lost: float, dtype: np.dtype[Any]) -> Floats:
    """0 with probability `lost`, else 1/(1 − lost)."""
    return np.asarray((rng.random(shape, dtype=dtype.type) >= lost) * dtype.type(1 / (1 - lost)))


def _batches(images: Floats, batch: int | None, generators: Sequence[np.random.Generator]) -> Any:
    """All samples once, in batches (R, B, D): as they are, or each run in an order of its own."""
    if batch is None or batch == len(images):
        yield images[None]
        return
    orders = np.array([rng.permutation(len(images)) for rng in generators])
    for first in range(0, len(images), batch):
        yield images[orders[:, first : first + batch]]


def _children(seed: int | np.random.SeedSequence) -> np.random.SeedSequence:
    """Where a run draws its corruption from: never the numbers its initial weights were drawn from."""
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, 0), pool_size=seed.pool_size)
    return np.random.SeedSequence(seed, spawn_key=(0,))


def _figures(
    encoder: Floats, decoder: Floats, images: Floats, directions: Floats, decays: Floats, activation: Activation
) -> tuple[Floats, ...]:
    """Strength, what is passed and imbalance (R, M), loss (R,), norms (R, 2)."""
    inward, outward = encoder @ directions, np.swapaxes(decoder, 1, 2) @ directions
    strength = np.einsum("rhm,rhm->rm", inward, outward)
    imbalance = np.einsum("rhm,rhm->rm", outward - inward, outward + inward)
    code = ACTIVATIONS[activation][0](images[None] @ np.swapaxes(encoder, 1, 2))
    inputs = images @ directions
    passed = np.einsum("rnm,nm->rm", code @ outward, inputs) / np.einsum("nm,nm->m", inputs, inputs)
    missing = images - code @ np.swapaxes(decoder, 1, 2)
    squares = np.stack([_squares(encoder), _squares(decoder)], axis=1)
    loss = 0.5 * _squares(missing) / len(images) + 0.5 * decays[:, 0, 0] * squares.sum(axis=1)
    return strength, passed, imbalance, loss, np.sqrt(squares)


def _squares(stack: Floats) -> Floats:
    return np.array([np.vdot(x, x) for x in stack])


def _divergence(epoch: int, finite: NDArray[np.bool_], X: Array, rates: _Rates) -> TrainingDiverged:
    run = int(np.flatnonzero(~finite)[0])
    limit = stable_step(np.linalg.eigvalsh(X.T @ X / len(X)), decay=float(rates.fades[run]))
    return TrainingDiverged(epoch, float(rates.steps[run]), limit, run if finite.size > 1 else None)
