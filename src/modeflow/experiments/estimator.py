"""The closed form as a scikit-learn estimator: what a linear autoencoder ends at, or is at a time, without training."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from ..evaluate.evaluators import fixed_point, strength
from .data import MAX_DIMENSION, DataError, Spectrum, rounding_of, top_spectrum
from .data.second_moment import eigenpairs, gram
from .recommendation import noise_that_keeps

try:
    from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
    from sklearn.utils.validation import check_array, check_is_fitted, validate_data
except ModuleNotFoundError as error:
    raise ImportError("LinearDenoisingAutoencoder needs scikit-learn; take pip install 'modeflow[sklearn]'") from error

__all__ = ["LinearDenoisingAutoencoder"]

Array = NDArray[np.float64]


class LinearDenoisingAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """A linear denoising autoencoder in closed form, as an estimator of scikit-learn.

    It is the network to which gradient descent from small weights tends, or in which it is at a time: encoder
    diag(√w)·Vᵀ and decoder V·diag(√w), where the columns of V are the eigenvectors of the second moment of the data and
    w the strengths of their modes. Without noise, decay and time it is PCA with whitening left out.
    `inverse_transform(transform(X))` is what the network makes of X. Needs the extra `modeflow[sklearn]`.

    Arguments, all by name: noise, the variance of the noise on each feature (0); or keep, the share of the second
    moment that the noise is chosen to keep, above 0 and at most 1; decay, the weight decay per sample (0), without
    keep; time, None for the network at rest, or the time since the start of training, epochs times learning rate;
    initial_strength, that of every mode at time 0 (1e-6); n_components, how many hidden units there are, which learn
    the strongest modes (None: all); center, whether the mean is taken off and put back (True). Noise, decay and 1/time
    have the unit of the variance.

    After fit it has `mean_` (D,); `components_` (K, D), the rows being eigenvectors; `eigenvalues_` and `strengths_`
    (K,), of the K modes; `noise_`, the variance given or chosen; and `n_samples_seen_`.

    Source: claims dae.fixed_point, dae.direct, wae.fixed_point and wae.balanced.
    Example:
        >>> import modeflow
        >>> X = modeflow.data.made_from_spectrum([4.0, 1.0], n=8, seed=0)
        >>> network = modeflow.LinearDenoisingAutoencoder(noise=1.0, center=False).fit(X)
        >>> network.strengths_.round(3)
        array([0.8, 0.5])
        >>> network.transform(X).shape
        (8, 2)
    """

    def __init__(
        self,
        *,
        noise: float = 0.0,
        keep: float | None = None,
        decay: float = 0.0,
        time: float | None = None,
        initial_strength: float = 1e-6,
        n_components: int | None = None,
        center: bool = True,
    ) -> None:
        self.noise = noise
        self.keep = keep
        self.decay = decay
        self.time = time
        self.initial_strength = initial_strength
        self.n_components = n_components
        self.center = center

    def fit(self, X: Any, y: object = None) -> Self:
        """Find the modes of the data and their strengths.

        Parameters:
            X: samples, (N, D) real numbers, an array, a frame or a sparse matrix.
            y: passed over, as for every transformer.
        Returns: the estimator itself.
        Raises:
            ValueError: an argument out of its range, or samples that are not finite numbers; more than 16,384 features
                of a sparse matrix (DataError).
        Example:
            >>> import modeflow
            >>> modeflow.LinearDenoisingAutoencoder(decay=1.0, center=False).fit([[2.0, 0.0], [0.0, 1.0]]).strengths_
            array([0.5, 0. ])
        """
        X = self._checked(X, reset=True)
        mean = self._mean_of(X)
        if _is_sparse(X) or X.shape[0] >= X.shape[1]:
            eigen = eigenpairs(_scatter(X, mean) / X.shape[0])
        else:  # fewer samples than features: every mode that has a signal, without the D × D second moment
            eigen = top_spectrum(X - mean, min(X.shape))
        return self._settled(eigen, mean, X.shape[0])

    def partial_fit(self, X: Any, y: object = None) -> Self:
        """Take one more chunk of the data in; after the last the estimator is what `fit` on all of them makes.

        A chunk costs one decomposition of a D × D matrix: take chunks of at least D samples.

        Parameters:
            X: samples, (N, D) real numbers, an array, a frame or a sparse matrix.
            y: passed over, as for every transformer.
        Returns: the estimator itself.
        Raises:
            ValueError: as for `fit`, and a chunk of another number of features (DataError for more than 16,384).
        Example:
            >>> import modeflow
            >>> network = modeflow.LinearDenoisingAutoencoder(noise=0.5, center=False)
            >>> for chunk in ([[2.0, 0.0]], [[0.0, 1.0]]):
            ...     network = network.partial_fit(chunk)
            >>> network.strengths_, network.n_samples_seen_
            (array([0.8, 0.5]), 2)
        """
        first = not hasattr(self, "n_samples_seen_")
        X = self._checked(X, reset=first)
        count, mean = X.shape[0], self._mean_of(X)
        scatter = _scatter(X, mean)
        if not first:
            before, count = self.n_samples_seen_, self.n_samples_seen_ + count
            apart = mean - self.mean_
            vectors, values = self._eigen.eigenvectors, self._eigen.eigenvalues
            scatter += before * (vectors * values) @ vectors.T
            scatter += np.outer(apart, apart) * (before * (count - before) / count)
            mean = self.mean_ + apart * ((count - before) / count)
        return self._settled(eigenpairs(scatter / count), mean, count)

    def transform(self, X: Any) -> Array:
        """What the encoder makes of samples: √w·vᵀ(x − mean) for each mode.

        Parameters:
            X: samples, (N, D) real numbers, an array, a frame or a sparse matrix.
        Returns: hidden units, (N, K) float64.
        Raises:
            ValueError: samples that are not finite numbers or have not D features; NotFittedError before `fit`.
        Example:
            >>> import modeflow
            >>> network = modeflow.LinearDenoisingAutoencoder(noise=3.0, center=False).fit([[2.0, 0.0], [-2.0, 0.0]])
            >>> abs(network.transform([[1.0, 0.0]])).round(3)
            array([[0.756, 0.   ]])
        """
        check_is_fitted(self)
        return np.asarray(self._seen(self._checked(X, reset=False)) * np.sqrt(self.strengths_))

    def inverse_transform(self, X: ArrayLike) -> Array:
        """What the decoder makes of hidden units: the mean plus Σ √w·z·v.

        Parameters:
            X: hidden units, (N, K) real numbers.
        Returns: samples, (N, D) float64.
        Raises:
            ValueError: hidden units that are not finite numbers, or not K; NotFittedError before `fit`.
        Example:
            >>> import modeflow
            >>> network = modeflow.LinearDenoisingAutoencoder(noise=4.0, center=False).fit([[2.0, 0.0], [-2.0, 0.0]])
            >>> network.inverse_transform(network.transform([[1.0, 1.0]])).round(3) + 0.0
            array([[0.5, 0. ]])
        """
        check_is_fitted(self)
        hidden = check_array(X, dtype=np.float64)
        if hidden.shape[1] != self.strengths_.size:
            raise ValueError(f"X has {hidden.shape[1]} columns: give {self.strengths_.size}, one for each hidden unit")
        return np.asarray(hidden * np.sqrt(self.strengths_) @ self.components_ + self.mean_)

    def score(self, X: Any, y: object = None) -> float:
        """How much of samples without noise comes back: 1 − Σ‖x − x̂‖²/Σ‖x − mean‖².

        Parameters:
            X: samples, (N, D) real numbers, an array, a frame or a sparse matrix.
            y: passed over, as for every transformer.
        Returns: a float, at most 1, and higher is better; 1 where all samples are the mean.
        Raises:
            ValueError: samples that are not finite numbers or have not D features; NotFittedError before `fit`.
        Example:
            >>> import modeflow
            >>> network = modeflow.LinearDenoisingAutoencoder(noise=4.0, center=False).fit([[2.0, 0.0], [0.0, 2.0]])
            >>> round(network.score([[1.0, 0.0]]), 4)
            0.5556
        """
        check_is_fitted(self)
        X = self._checked(X, reset=False)
        w = self.strengths_
        total = _squares(X, self.mean_)
        back = float((self._seen(X) ** 2 @ (2 * w - w**2)).sum())
        return back / total if total > 0 else 1.0

    def _checked(self, X: Any, *, reset: bool) -> Any:
        return validate_data(self, X, accept_sparse=["csr", "csc"], dtype=np.float64, reset=reset)

    def _mean_of(self, X: Any) -> Array:
        return np.asarray(X.mean(axis=0)).ravel() if self.center else np.zeros(X.shape[1])

    def _seen(self, X: Any) -> Array:
        """The part of each sample in each mode, (N, K)."""
        return np.asarray(X @ self.components_.T - self.components_ @ self.mean_)

    def _settled(self, eigen: Spectrum, mean: Array, count: int) -> Self:
        """With the strengths that these modes have, or an error before anything is changed."""
        most = self._units(mean.size)
        every = np.where(eigen.eigenvalues > rounding_of(eigen.eigenvalues), eigen.eigenvalues, 0.0)
        noise = self._noise_for(every, most)
        self.strengths_ = self._strengths(every[:most], noise)
        self.noise_, self.mean_, self.n_samples_seen_, self._eigen = noise, mean, count, eigen
        self.eigenvalues_, self.components_ = every[:most], eigen.eigenvectors[:, :most].T
        return self

    def _units(self, features: int) -> int:
        if self.n_components is None:
            return features
        if not (isinstance(self.n_components, int | np.integer) and 1 <= self.n_components <= features):
            raise ValueError(f"n_components = {self.n_components}: give a whole number from 1 to {features}, or None")
        return int(self.n_components)

    def _noise_for(self, eigenvalues: Array, units: int) -> float:
        if self.keep is None:
            return float(_at_least_0("noise", self.noise))
        if self.noise or self.decay:
            raise ValueError(f"keep = {self.keep}: the noise is chosen by it; leave noise and decay out")
        return noise_that_keeps(self.keep, eigenvalues, units)

    def _strengths(self, eigenvalues: Array, noise: float) -> Array:
        decay = _at_least_0("decay", self.decay)
        if self.time is None:
            return np.asarray(fixed_point(eigenvalues, noise=noise, decay=decay))
        start = math.sqrt(_at_least_0("initial_strength", self.initial_strength))
        time = _at_least_0("time", self.time)
        return np.asarray(strength(time, eigenvalues, noise=noise, decay=decay, w1=start, w2=start))

    @property
    def _n_features_out(self) -> int:
        return int(self.strengths_.size)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _at_least_0(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} = {value}: give a finite number >= 0")
    return value


def _is_sparse(X: Any) -> bool:
    return bool(sparse.issparse(X))


def _scatter(X: Any, mean: Array) -> Array:
    """Σ (x − mean)(x − mean)ᵀ over the rows; DataError where that would not fit."""
    if X.shape[1] > MAX_DIMENSION:
        raise DataError("X", f"{X.shape[1]:,} features, over {MAX_DIMENSION:,}", "take fewer of them")
    if _is_sparse(X):
        return np.asarray(gram(X.T) - X.shape[0] * np.outer(mean, mean))
    apart = X - mean
    return np.asarray(apart.T @ apart)


def _squares(X: Any, mean: Array) -> float:
    """Σ ‖x − mean‖² over the rows."""
    if _is_sparse(X):
        return float((X.data**2).sum() - 2 * (X @ mean).sum() + X.shape[0] * (mean @ mean))
    return float(((X - mean) ** 2).sum())
