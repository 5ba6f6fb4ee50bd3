"""Matrix flows in closed form: the Gram matrix of the weights over time, from any start, aligned or not.

Two flows of matrices are Riccati equations for the Gram matrix of the weights, and have closed forms for any data:
Oja's flow, with noise and decay, and a linear network on whitened inputs whose layers differ by a multiple of the
identity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import checked, real_array
from .riccati import axes, factor

Array = NDArray[np.float64]

ROUNDING = 2.0**-40  # of the size of a matrix: what rounding may have left of an identity that it should have


def oja_gram(
    t: ArrayLike,
    moment: ArrayLike,
    w: ArrayLike,
    *,
    noise: float = 0.0,
    decay: float = 0.0,
    tau: float = 1.0,
) -> Array:
    """The matrix W·Wᵀ over time along Oja's flow, with input noise and weight decay, from any start.

    The flow is tau·dW/dt = (Σ − W·Wᵀ(Σ + noise·I))W − decay·W: the decoder W of a denoising autoencoder descends, and
    the encoder is kept its transpose. W·Wᵀ is what the network does to an input; in the eigenvectors of Σ its diagonal
    holds the strengths of the modes. Where W·Wᵀ commutes with Σ this is gradient flow of both layers; from small
    weights it is close to it.

    Parameters:
        t: times >= 0, any shape, in the unit of tau; inf is the limit.
        moment: Σ, symmetric with eigenvalues >= 0, (D, D), in units of the data's variance.
        w: W at t = 0, (D, H), any real numbers, dimensionless; of any rank, and H may exceed D.
        noise: variance of the input noise, >= 0, a number in the unit of Σ.
        decay: weight decay, >= 0, a number in the unit of Σ.
        tau: time constant, > 0, a number: one over the learning rate if Σ is XᵀX/N.
    Returns: W·Wᵀ, float64, of the shape of t followed by (D, D). For starts that no rounding of Σ or W moves far the
        error is at most 8·2⁻⁵²(1 + |Σ − decay·I|·t/tau) of its norm, as benchmarks/matrices.py measures it.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not fit; the message names the argument.
    Source: claims gram.oja_rate, gram.riccati and gram.held; without noise and decay W.-Y. Yan, U. Helmke, J. B. Moore,
        Global analysis of Oja's flow for neural networks (1994).
    Example:
        >>> import modeflow
        >>> p = modeflow.oja_gram([0.0, 2.0], [[2.0, 0.5], [0.5, 1.0]], [[0.1], [0.2]], noise=0.5)
        >>> p[1].round(3)
        array([[0.662, 0.315],
               [0.315, 0.15 ]])
    """
    sigma = _matrix("moment", moment)
    start = _matrix("w", w)
    time, numbers = _times(t, noise=noise, decay=decay, tau=tau)
    _check_moment(sigma)
    if start.shape[0] != sigma.shape[0]:
        raise ValueError(f"w has {start.shape[0]} rows, and moment {sigma.shape[0]}; give w as (D, H)")
    values, vectors = axes((sigma + sigma.T) / 2)
    values = _nonnegative(values)
    growth, pull = values - numbers["decay"], values + numbers["noise"]
    return _over_time(time / numbers["tau"], growth, pull, vectors, start)


def whitened_gram(
    t: ArrayLike,
    correlation: ArrayLike,
    w1: ArrayLike,
    w2: ArrayLike,
    *,
    variance: float = 1.0,
    decay: float = 0.0,
    tau: float = 1.0,
) -> Array:
    """The Gram matrix [W1ᵀ; W2]·[W1, W2ᵀ] over time, of a linear network of two layers on whitened inputs.

    The flow is tau·dW1/dt = W2ᵀ(S − k·W2·W1) − decay·W1 and tau·dW2/dt = (S − k·W2·W1)W1ᵀ − decay·W2, with the
    correlation S of targets and inputs and the inputs' second moment k·I. Its block below the diagonal is W2·W1, what
    the network does; the blocks on the diagonal are W1ᵀW1 and W2·W2ᵀ. The start must have W2ᵀW2 − W1·W1ᵀ = δI for some
    number δ, and δ = 0 under decay: for other starts no closed form is known.

    Parameters:
        t: times >= 0, any shape, in the unit of tau; inf is the limit.
        correlation: S, the mean of target times input transposed, (O, D) for O outputs and D inputs.
        w1: W1 at t = 0, (H, D), any real numbers.
        w2: W2 at t = 0, (O, H), any real numbers.
        variance: k, the variance of every input, > 0, a number.
        decay: weight decay, >= 0, a number in the unit of S.
        tau: time constant, > 0, a number: one over the learning rate.
    Returns: the Gram matrix, float64, of the shape of t followed by (D + O, D + O). For starts that no rounding moves
        far the error is at most 8·2⁻⁵²(1 + |G|·t/tau) of its norm, G = [−kδ/2, Sᵀ; S, kδ/2] − decay·I.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, shapes that do not fit, or layers whose difference W2ᵀW2 − W1·W1ᵀ is no
            multiple of the identity; the message names the argument.
    Source: claims gram.whitened_rate and gram.riccati; K. Fukumizu, Effect of batch learning in multilayer neural
        networks (1998); L. Braun, C. Dominé, J. Fitzgerald, A. Saxe, Exact learning dynamics of deep linear networks
        with prior knowledge (2022).
    Example:
        >>> import modeflow
        >>> gram = modeflow.whitened_gram(2.0, [[2.0, 0.5]], [[0.1, 0.2]], [[0.05**0.5]])
        >>> gram[2, :2].round(3)
        array([1.96 , 0.521])
    """
    target = _matrix("correlation", correlation)
    encoder, decoder = _matrix("w1", w1), _matrix("w2", w2)
    time, numbers = _times(t, variance=variance, decay=decay, tau=tau)
    if numbers["variance"] <= 0:
        raise ValueError(f"variance = {numbers['variance']:g}: inputs that vary have a variance > 0; give one")
    outputs, inputs = target.shape
    if encoder.shape[1] != inputs or decoder.shape != (outputs, encoder.shape[0]):
        raise ValueError(
            f"w1 and w2 have the shapes {encoder.shape} and {decoder.shape}, and correlation {target.shape}; give w1 "
            f"as (H, {inputs}) and w2 as ({outputs}, H)"
        )
    delta = _imbalance(encoder, decoder, numbers["decay"])
    half = numbers["variance"] * delta / 2
    flow = np.block([[-half * np.eye(inputs), target.T], [target, half * np.eye(outputs)]])
    values, vectors = axes(flow)
    growth, pull = values - numbers["decay"], np.full(values.shape, numbers["variance"] / 2)
    return _over_time(time / numbers["tau"], growth, pull, vectors, np.vstack([encoder.T, decoder]))


def _over_time(time: Array, growth: Array, pull: Array, vectors: Array, start: Array) -> Array:
    """P at each time, of the shape of the times followed by (D, D)."""
    size = start.shape[0]
    result = np.empty((time.size, size, size))
    for at, now in enumerate(time.ravel()):
        root = np.full((size, 1), np.nan) if np.isnan(now) else factor(float(now), growth, pull, vectors, start)
        result[at] = root @ root.T
    return result.reshape(*time.shape, size, size)


def _times(t: ArrayLike, **numbers: float) -> tuple[Array, dict[str, float]]:
    """The times and the numbers, each in its range."""
    for name, value in numbers.items():
        if real_array(name, value).shape != ():
            raise ValueError(f"{name} has the shape {np.shape(value)}, but is one number here; give a number")
    given = checked(t=np.asarray(real_array("t", t), dtype=np.float64), **numbers)
    for name in numbers:
        if np.isnan(given[name]):
            raise ValueError(f"{name} = nan: it has no value; give a number")
    return np.asarray(given["t"], dtype=np.float64), {name: float(given[name]) for name in numbers}


def _matrix(name: str, value: ArrayLike) -> Array:
    array = np.asarray(real_array(name, value), dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} has the shape {array.shape}; give a matrix with at least one row and one column")
    if not np.isfinite(array).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}[{row}, {column}] = {array[row, column]}: give finite numbers")
    return array


def _check_moment(moment: Array) -> None:
    if moment.shape[0] != moment.shape[1]:
        raise ValueError(f"moment has the shape {moment.shape}; give a square matrix")
    off = np.abs(moment - moment.T)
    if (off > ROUNDING * np.abs(moment).max()).any():
        i, j = (int(k) for k in np.unravel_index(np.argmax(off), off.shape))
        raise ValueError(
            f"moment[{i}, {j}] = {moment[i, j]:g} and moment[{j}, {i}] = {moment[j, i]:g}: second "
            f"moments are symmetric; take the mean of the matrix and its transpose"
        )


def _nonnegative(values: Array) -> Array:
    """Eigenvalues of a second moment, those that only rounding made negative as 0."""
    if values[0] < -ROUNDING * max(values[-1], -values[0]):
        raise ValueError(
            f"moment has the eigenvalue {values[0]:g}: those of a second moment are >= 0; give XᵀX/N of data X"
        )
    return np.maximum(values, 0.0)


def _imbalance(encoder: Array, decoder: Array, decay: float) -> float:
    """δ of W2ᵀW2 − W1·W1ᵀ = δI."""
    difference = decoder.T @ decoder - encoder @ encoder.T
    delta = float(np.trace(difference)) / len(difference)
    allowed = ROUNDING * (float((encoder**2).sum()) + float((decoder**2).sum()))
    off = float(np.abs(difference - delta * np.eye(len(difference))).max())
    if off > allowed:
        raise ValueError(
            f"w1 and w2: W2ᵀW2 − W1·W1ᵀ is {off:.2g} away from a multiple of the identity, and a closed form is known "
            f"for multiples only; choose w2 for such a start, or train with modeflow.train"
        )
    if decay > 0 and abs(delta) > allowed:
        raise ValueError(
            f"w1 and w2: W2ᵀW2 − W1·W1ᵀ is {delta:.2g} times the identity, and under decay a closed form is known "
            f"for 0 only; choose w2 for such a start, or set decay = 0"
        )
    return 0.0 if abs(delta) <= allowed else delta
