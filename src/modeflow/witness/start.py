"""Where a descent starts, how large its steps may be, and which settings it refuses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["TrainingDiverged", "initial_weights", "stable_step"]

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]
Epochs = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Called with (epochs done, epochs in all)."""
Precision = Literal["double", "single"]
DTYPES: dict[Precision, type[np.floating[Any]]] = {"double": np.float64, "single": np.float32}


class TrainingDiverged(ValueError):
    """The step size was too large for the spectrum: the weights overflowed.

    It has the attribute `epoch`, the epoch at which they did.

    Example:
        >>> import modeflow
        >>> modeflow.train([4.0, 1.0], hidden=2, lr=0.8, epochs=400)
        Traceback (most recent call last):
        modeflow.TrainingDiverged: lr = 0.8: training diverged at epoch ...
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show

    def __init__(self, epoch: int, lr: float, limit: float, run: int | None = None) -> None:
        which = "training" if run is None else f"run {run}"
        super().__init__(
            f"lr = {lr:g}: {which} diverged at epoch {epoch}; the largest stable step predicted from the "
            f"spectrum is {limit:.4g} for small initial weights; lower lr"
        )
        self.epoch = epoch


def initial_weights(
    hidden: int,
    dimension: int,
    *,
    std: float = 1e-4,
    seed: int | np.random.SeedSequence = 0,
    kind: Literal["random", "orthogonal", "aligned"] = "random",
    eigenvectors: Array | None = None,
) -> tuple[Array, Array]:
    """W1 (hidden, dimension) and W2 (dimension, hidden), of size `std`.

    random      independent normal entries of deviation `std`
    orthogonal  `std` times independent random matrices with orthonormal rows or columns
    aligned     `std` times R·Vᵀ and V·Rᵀ with orthonormal R: the min(H, D) leading columns of `eigenvectors`
                (None means the coordinate axes) start balanced at strength std², and stay uncoupled for ever

    The same seed gives the same weights. Raises ValueError for another kind.
    """
    rng = np.random.default_rng(seed)
    if kind == "random":
        return std * rng.standard_normal((hidden, dimension)), std * rng.standard_normal((dimension, hidden))
    if kind == "orthogonal":
        return std * _orthonormal(rng, hidden, dimension), std * _orthonormal(rng, dimension, hidden)
    if kind == "aligned":
        rank = min(hidden, dimension)
        axes = np.eye(dimension) if eigenvectors is None else eigenvectors
        encoder = std * _orthonormal(rng, hidden, rank) @ axes[:, :rank].T
        return encoder, encoder.T.copy()
    raise ValueError(f"kind = {kind!r}: give random, orthogonal or aligned")


def _orthonormal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Uniformly distributed, with orthonormal columns, or rows where there are fewer of them."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diagonal(r))
    return np.ascontiguousarray(q if rows >= columns else q.T)


def stable_step(eigenvalues: ArrayLike, *, decay: float = 0.0) -> float:
    """Largest stable step of gradient descent from small weights: 2 over the sharpness where it settles.

    A learned mode has sharpness 2(λ − γ), whatever the noise, and 2γ across it; an unlearned one γ + λ.
    Infinite where there is neither signal nor decay.
    """
    top = float(np.max(np.asarray(eigenvalues, dtype=np.float64)))
    sharpness = max(2 * (top - decay), 2 * decay) if top > decay else top + decay
    return 2 / sharpness if sharpness > 0 else math.inf


def starting_weights(
    weights: tuple[Array, Array] | None,
    hidden: int | None,
    dimension: int,
    std: float,
    seed: int | np.random.SeedSequence,
) -> tuple[Array, Array]:
    if weights is None:
        return _drawn_weights(hidden, dimension, std, seed)
    encoder, decoder = (np.asarray(w, dtype=np.float64) for w in weights)
    if encoder.ndim != 2 or encoder.shape[1] != dimension or decoder.shape != encoder.shape[::-1]:
        raise ValueError(
            f"weights of shapes {encoder.shape} and {decoder.shape}: "
            f"give W1 as (H, {dimension}) and W2 as ({dimension}, H)"
        )
    if not (np.isfinite(encoder).all() and np.isfinite(decoder).all()):
        raise ValueError("weights: some are not finite; give finite ones")
    return encoder, decoder


def _drawn_weights(
    hidden: int | None, dimension: int, std: float, seed: int | np.random.SeedSequence
) -> tuple[Array, Array]:
    if not _is_whole(hidden) or hidden < 1:
        raise ValueError(f"hidden = {hidden}: give a number of hidden units >= 1, or initial weights")
    if not (math.isfinite(std) and std >= 0):
        raise ValueError(f"std = {std}: give a finite deviation of the initial weights >= 0")
    if not isinstance(seed, np.random.SeedSequence) and (not _is_whole(seed) or seed < 0):
        raise ValueError(f"seed = {seed!r}: give a whole number >= 0")
    return initial_weights(hidden, dimension, std=std, seed=seed)


def checked_spectrum(eigenvalues: ArrayLike) -> Array:
    if np.ma.is_masked(eigenvalues):
        raise ValueError("eigenvalues: a masked array; masked entries have no value, leave them out")
    values = np.asarray(eigenvalues, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError("eigenvalues: give a non-empty vector of finite numbers >= 0; clip rounding noise")
    return values


def check_descent(lr: float, epochs: int, noise: float, decay: float) -> None:
    if not (math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr = {lr}: give a finite step size > 0")
    if not _is_whole(epochs) or epochs < 1:
        raise ValueError(f"epochs = {epochs!r}: give a whole number of at least 1")
    for name, value in (("noise", noise), ("decay", decay)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} = {value}: give a finite number >= 0")


def check_probabilities(**probabilities: float) -> None:
    for name, value in probabilities.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} = {value}: give a probability >= 0 and below 1")


def checked_record(record: Sequence[int] | Epochs | None, epochs: int) -> Epochs:
    recorded = np.arange(epochs + 1) if record is None else whole_numbers("record", record)
    if recorded.size == 0 or recorded[0] < 0 or recorded[-1] > epochs or (np.diff(recorded) <= 0).any():
        raise ValueError(f"record: give epochs in ascending order, from 0 to {epochs}")
    return recorded


def checked_dtype(precision: Precision) -> type[np.floating[Any]]:
    if precision not in DTYPES:
        raise ValueError(f"precision = {precision!r}: give one of {', '.join(DTYPES)}")
    return DTYPES[precision]


def whole_numbers(name: str, values: Sequence[int] | NDArray[Any]) -> NDArray[np.int64]:
    """A vector of whole numbers; ValueError where it has anything else."""
    vector = np.asarray(values)
    if vector.size and (vector.ndim != 1 or not np.issubdtype(vector.dtype, np.integer)):
        raise ValueError(f"{name} = {values}: give a list of whole numbers")
    return vector.astype(np.int64)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Call back about two hundred times in all, and at the end."""
    if progress is not None and (done == total or done % max(1, total // 200) == 0):
        progress(done, total)
