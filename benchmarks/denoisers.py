"""Held-out error and time of the closed form beside PCA, ridge regression and trained networks.

Run: python benchmarks/denoisers.py [--noise 0.5] [--splits 5]

On data that scikit-learn carries, with an average variance of 1. Each denoiser sees
samples without noise, or pairs of a sample and the same with drawn noise, and is held against 30 % of the samples that
it has not seen: the error is the mean squared difference of what it makes of the noisy sample to the clean one, in
units of the noise variance (1 is to do nothing). What PCA and ridge have to choose is chosen on a fifth of the training
samples.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor

from modeflow import LinearDenoisingAutoencoder

Array = NDArray[np.float64]
Denoise = Callable[[Array], Array]
COPIES = 4
"""How many times noise is drawn for each training sample, where pairs are needed."""
DRAWS = 20
"""How many times noise is drawn for each sample that a denoiser is held against."""


@dataclass(frozen=True)
class Training:
    """Samples to train on, the variance of the noise, and where noise is drawn from."""

    X: Array
    noise: float
    rng: np.random.Generator

    def noisy(self, X: Array) -> Array:
        return X + self.rng.standard_normal(X.shape) * np.sqrt(self.noise)

    def pairs(self) -> tuple[Array, Array]:
        clean = np.tile(self.X, (COPIES, 1))
        return self.noisy(clean), clean

    def best(self, make: Callable[[Any, Array], Denoise], choices: Any) -> Denoise:
        """What was made with the choice that does best on a fifth of the samples."""
        fit, judge = train_test_split(self.X, test_size=0.2, random_state=0)
        given = self.noisy(judge)
        errors = [np.mean((make(choice, fit)(given) - judge) ** 2) for choice in choices]
        return make(choices[int(np.argmin(errors))], self.X)


def nothing(_: Training) -> Denoise:
    return lambda X: X


def closed_form(t: Training) -> Denoise:
    network = LinearDenoisingAutoencoder(noise=t.noise).fit(t.X)
    return lambda X: network.inverse_transform(network.transform(X))


def pca(t: Training) -> Denoise:
    def make(k: int, X: Array) -> Denoise:
        fitted = PCA(k).fit(X)
        return lambda Y: np.asarray(fitted.inverse_transform(fitted.transform(Y)))

    return t.best(make, range(1, min(t.X.shape[1], 40) + 1))


def ridge(t: Training) -> Denoise:
    def make(alpha: float, X: Array) -> Denoise:
        part = Training(X, t.noise, t.rng)
        return Ridge(alpha).fit(*part.pairs()).predict  # type: ignore[no-any-return]

    return t.best(make, [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0])


def trained(activation: str) -> Callable[[Training], Denoise]:
    def make(t: Training) -> Denoise:
        network = MLPRegressor(hidden_layer_sizes=(64,), activation=activation, max_iter=200, random_state=0)
        return network.fit(*t.pairs()).predict  # type: ignore[no-any-return]

    return make


DENOISERS: dict[str, Callable[[Training], Denoise]] = {
    "nothing": nothing,
    "LinearDenoisingAutoencoder": closed_form,
    "PCA, components chosen": pca,
    "Ridge, alpha chosen": ridge,
    "linear network, trained": trained("identity"),
    "ReLU network, trained": trained("relu"),
}


def samples() -> Iterator[tuple[str, Array]]:
    for name in ("iris", "wine", "breast_cancer", "digits"):
        X = np.asarray(getattr(datasets, f"load_{name}")().data, np.float64)
        if name != "digits":
            X = X / X.std(axis=0)
        yield name, X / np.sqrt(X.var(axis=0).mean())


def measured(X: Array, noise: float, splits: int) -> Iterator[tuple[str, float, float, float]]:
    """Of each denoiser the mean error, its standard deviation over the splits, and the seconds that fitting took."""
    for name, make in DENOISERS.items():
        errors, seconds = [], []
        for split in range(splits):
            fit, judge = train_test_split(X, test_size=0.3, random_state=split)
            training = Training(fit, noise, np.random.default_rng(split))
            clean = np.tile(judge, (DRAWS, 1))
            given = Training(fit, noise, np.random.default_rng(1000 + split)).noisy(clean)
            began = time.perf_counter()
            denoise = make(training)
            seconds.append(time.perf_counter() - began)
            errors.append(float(np.mean((denoise(given) - clean) ** 2)) / noise)
        yield name, float(np.mean(errors)), float(np.std(errors)), float(np.median(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--noise", type=float, default=0.5)
    parser.add_argument("--splits", type=int, default=5)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    for name, X in samples():
        print(f"\n{name}: {X.shape[0]:,} samples of {X.shape[1]} features, noise {given.noise:g}\n")
        print("| denoiser | held-out error | over the splits | fit (ms) |\n|---|---|---|---|")
        for who, error, spread, seconds in measured(X, given.noise, given.splits):
            print(f"| {who} | {error:.3f} | ± {spread:.3f} | {1000 * seconds:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
