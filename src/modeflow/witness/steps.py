"""One step of gradient descent with marginalised noise, for a stack of R independent runs at a time.

All work in the eigenbasis of Σ on W1 and W2ᵀ, both (R, H, D). Noise, decay and step size are (R, 1, 1): one a run.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Descent", "HiddenGrams", "InputProduct", "SecondMoment"]

Floats = NDArray[np.floating[Any]]


class Descent(Protocol):
    """W1 and W2ᵀ in the eigenbasis, both (R, H, D), and how to take one step from where they are."""

    encoder: Floats
    decoder_t: Floats

    def prepare(self) -> Floats:
        """Form the products step and loss share; return R numbers that are finite while the weights are."""

    def loss(self) -> Floats:
        """The loss of each run at the prepared weights, (R,)."""

    def step(self) -> None:
        """One step of gradient descent from the prepared weights."""


class HiddenGrams:
    """H ≤ D: through the H × H Gram matrices W2ᵀW2 and W1(Σ + εI)W1ᵀ, symmetric products at half price.

    About 6·H²·D floating-point operations an epoch, and no temporaries. Dropout of hidden units multiplies the
    diagonal of either Gram matrix by 1/keep where the other layer's gradient is formed: also for H > D.
    """

    def __init__(
        self,
        encoder: Floats,
        decoder_t: Floats,
        signal: Floats,
        *,
        noise: Floats,
        decay: Floats,
        lr: Floats,
        dropout: float = 0.0,
    ) -> None:
        root = np.sqrt(signal + noise)
        self.encoder, self.decoder_t = encoder, decoder_t
        self._lr, self._decay, self._keep = lr, decay, 1 - lr * decay
        self._root, self._push, self._pull = root, -lr * root, lr * signal
        self._signal, self._dropout = signal, dropout
        self._scaled, self._pulled, self._work = (np.empty_like(encoder) for _ in range(3))
        hidden = encoder.shape[-2]
        self._encoder_gram, self._decoder_gram = (
            np.empty((len(encoder), hidden, hidden), encoder.dtype) for _ in range(2)
        )

    def prepare(self) -> Floats:
        np.multiply(self.encoder, self._root, out=self._scaled)
        np.multiply(self.encoder, self._pull, out=self._pulled)
        np.matmul(self._scaled, _transposed(self._scaled), out=self._encoder_gram)
        np.matmul(self.decoder_t, _transposed(self.decoder_t), out=self._decoder_gram)
        return np.asarray((_diagonal(self._encoder_gram) + _diagonal(self._decoder_gram)).sum(axis=-1))

    def loss(self) -> Floats:
        kept = _inner(self.decoder_t, self._pulled) / self._lr[:, 0, 0]
        return _loss(self, self._signal, kept, self._encoder_gram, self._decoder_gram, self._dropout, self._decay)

    def step(self) -> None:
        scaled, work = self._scaled, self._work
        for gram in (self._encoder_gram, self._decoder_gram):
            _diagonal(gram)[...] /= 1 - self._dropout

        np.matmul(self._decoder_gram, scaled, out=work)
        work *= self._push
        np.multiply(self.decoder_t, self._pull, out=scaled)
        work += scaled

        self._encoder_gram *= -self._lr
        _diagonal(self._encoder_gram)[...] += self._keep[..., 0]
        np.matmul(self._encoder_gram, self.decoder_t, out=scaled)
        self._pulled += scaled
        self.decoder_t, self._pulled = self._pulled, self.decoder_t

        if self._decay.any():
            self.encoder *= self._keep
        self.encoder += work


class SecondMoment:
    """Any second moment S (D, D) of the corrupted input, not diagonal where Σ is: masking noise.

    About 8·H²·D + 2·H·D² floating-point operations an epoch.
    """

    def __init__(
        self,
        encoder: Floats,
        decoder_t: Floats,
        signal: Floats,
        moment: Floats,
        *,
        decay: Floats,
        lr: Floats,
        dropout: float = 0.0,
    ) -> None:
        self.encoder, self.decoder_t = encoder, decoder_t
        self._signal, self._moment = signal, moment
        self._lr, self._decay, self._dropout = lr, decay, dropout

    def prepare(self) -> Floats:
        self._seen = self.encoder @ self._moment
        self._encoder_gram = self._seen @ _transposed(self.encoder)
        self._decoder_gram = self.decoder_t @ _transposed(self.decoder_t)
        return np.asarray((_diagonal(self._encoder_gram) + _diagonal(self._decoder_gram)).sum(axis=-1))

    def loss(self) -> Floats:
        kept = _inner(self.decoder_t, self.encoder * self._signal)
        return _loss(self, self._signal, kept, self._encoder_gram, self._decoder_gram, self._dropout, self._decay)

    def step(self) -> None:
        for gram in (self._encoder_gram, self._decoder_gram):
            _diagonal(gram)[...] /= 1 - self._dropout
        encoder_step = self.decoder_t * self._signal - self._decoder_gram @ self._seen - self._decay * self.encoder
        decoder_step = self.encoder * self._signal - self._encoder_gram @ self.decoder_t - self._decay * self.decoder_t
        self.encoder += self._lr * encoder_step
        self.decoder_t += self._lr * decoder_step


class InputProduct:
    """H > D: through the D × D residual Λ − W2W1(Λ + εI). About 6·H·D² floating-point operations an epoch."""

    def __init__(
        self, encoder: Floats, decoder_t: Floats, signal: Floats, *, noise: Floats, decay: Floats, lr: Floats
    ) -> None:
        self.encoder, self.decoder_t = encoder, decoder_t
        self._lr, self._decay = lr, decay
        self._signal, self._total = signal, signal + noise
        self._product = np.empty((len(encoder), signal.size, signal.size), encoder.dtype)
        self._encoder_step, self._decoder_step = np.empty_like(encoder), np.empty_like(encoder)

    def prepare(self) -> Floats:
        np.matmul(_transposed(self.decoder_t), self.encoder, out=self._product)
        return np.asarray(self._product.sum(axis=(-2, -1)))

    def loss(self) -> Floats:
        misfit = (self._signal * (0.5 - _diagonal(self._product))).sum(axis=-1)
        output = (self._product**2 * self._total).sum(axis=(-2, -1)) / 2
        return np.asarray(misfit + output + _decay_loss(self, self._decay))

    def step(self) -> None:
        residual = self._product
        residual *= -self._lr * self._total
        _diagonal(residual)[...] += self._lr[..., 0] * self._signal
        np.matmul(self.decoder_t, residual, out=self._encoder_step)
        np.matmul(self.encoder, _transposed(residual), out=self._decoder_step)
        for weights, step in ((self.encoder, self._encoder_step), (self.decoder_t, self._decoder_step)):
            if self._decay.any():
                weights *= 1 - self._lr * self._decay
            weights += step


def _diagonal(stack: Floats) -> Floats:
    """The diagonals of a stack of square matrices, as a view that can be written to."""
    diagonals: Floats = np.einsum("...ii->...i", stack)
    return diagonals


def _transposed(stack: Floats) -> Floats:
    return np.swapaxes(stack, -2, -1)


def _inner(left: Floats, right: Floats) -> Floats:
    """The inner product of each run's two matrices, (R,)."""
    return np.array([np.vdot(a, b) for a, b in zip(left, right, strict=True)])


def _loss(
    descent: Descent,
    signal: Floats,
    kept: Floats,
    encoder_gram: Floats,
    decoder_gram: Floats,
    dropout: float,
    decay: Floats,
) -> Floats:
    """½·tr Σ − tr(W2W1Σ) + ½·tr(W2ᵀW2·W1SW1ᵀ) and what dropout and decay add."""
    output = _inner(decoder_gram, encoder_gram)
    if dropout:
        alone = np.einsum("rii,rii->r", decoder_gram, encoder_gram)
        output = output + dropout / (1 - dropout) * alone
    return np.asarray(signal.sum() / 2 - kept + output / 2 + _decay_loss(descent, decay))


def _decay_loss(descent: Descent, decay: Floats) -> Floats:
    if not decay.any():
        return np.zeros(len(decay))
    squares = _inner(descent.encoder, descent.encoder) + _inner(descent.decoder_t, descent.decoder_t)
    return np.asarray(decay[:, 0, 0] / 2 * squares)
