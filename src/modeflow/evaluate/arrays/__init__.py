"""The evaluators on arrays of any library that follows the array API standard, on their device.

    from modeflow import arrays
    arrays.strength(t, lam, w1=0.1, w2=0.2)      # PyTorch in, PyTorch out; likewise JAX, CuPy, Dask and NumPy

Arguments are those of `modeflow.evaluate.evaluators`, at least one of them an array of the library; numbers,
lists and NumPy arrays beside it go to its device. Results are arrays of that library: float32 where the
arrays given are float32, float64 otherwise, or float32 where the library has no float64 (JAX without jax_enable_x64).

PyTorch and JAX differentiate once, by the derivatives proved in the chapter grad instead of their own, so that slopes
are finite and right also where a case distinction meets 0/0. JAX traces all functions. Dask computes lazily, block by
block. NumPy arrays are handed to modeflow.strength and the others.

Weights of different size under decay need Bessel functions: NumPy and Dask arrays only.

check: whether to look at the values given and found, which waits for the device. ValueError for a value out of its
range and for weights of different size under decay, FloatingPointError where a result overflows. Without it, and in
what jax.jit or torch.compile trace, weights of different size under decay give NaN, and nothing else is looked at.
TypeError for what is not real numbers, and for arrays of two libraries; ValueError for arrays on two devices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import evaluators
from . import array_api, forms  # noqa: F401 - the first says what is not installed, before the second needs it
from .libraries import Array, converted, library_of
from .values import refuse

__all__ = ["fixed_point", "learning_time", "loss", "strength", "weights"]

_NAMES = ("t", "lam", "noise", "decay", "w1", "w2", "tau")


def strength(
    t: Array,
    lam: Array,
    *,
    noise: Array = 0.0,
    decay: Array = 0.0,
    w1: Array,
    w2: Array,
    tau: Array = 1.0,
    check: bool = True,
) -> Array:
    """Strength w(t) = w1(t)·w2(t) of a mode that starts at the weights w1, w2, on arrays of any library.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        check: whether to look at the values given and found, which waits for the device. What is traced is never looked
            at.
    Returns: w(t), dimensionless, an array of the library given, on its device, of the shape to which the arguments
        broadcast: float32 where the arrays given are, float64 otherwise, or float32 where the library has no float64.
    Raises:
        TypeError: an argument that is not real numbers, or arrays of two libraries.
        ValueError: a value out of its range (with check), or arrays on two devices; and, for libraries other than NumPy
            and Dask, weights of different size under decay (with check).
        FloatingPointError: a result that overflows (with check).
    Source: claims dae.direct and wae.balanced; the forms computed are eval.direct_strength and eval.balanced_strength.
    Example:
        >>> import numpy as np
        >>> from modeflow import arrays
        >>> arrays.strength(np.array([0.0, 1.0, 10.0]), 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([0.02  , 0.4905, 0.8   ])
    """
    (w,) = _evaluated("strength", check, (t, lam, noise, decay, w1, w2, tau))
    return w


def weights(
    t: Array,
    lam: Array,
    *,
    noise: Array = 0.0,
    decay: Array = 0.0,
    w1: Array,
    w2: Array,
    tau: Array = 1.0,
    check: bool = True,
) -> tuple[Array, Array]:
    """Encoder and decoder weight (w1(t), w2(t)) of a mode that starts at the weights w1, w2, on arrays of any library.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        check: whether to look at the values given and found, which waits for the device. What is traced is never looked
            at.
    Returns: the pair w1(t), w2(t), dimensionless, each an array of the library given, on its device, of the shape to
        which the arguments broadcast: float32 where the arrays given are, float64 otherwise, or float32 where the
        library has no float64.
    Raises:
        TypeError: an argument that is not real numbers, or arrays of two libraries.
        ValueError: a value out of its range (with check), or arrays on two devices; and, for libraries other than NumPy
            and Dask, weights of different size under decay (with check).
        FloatingPointError: a result that overflows (with check).
    Source: claims dae.weights and wae.balanced; the forms computed are eval.direct_weights and eval.balanced_weights.
    Example:
        >>> import numpy as np
        >>> from modeflow import arrays
        >>> encoder, decoder = arrays.weights(np.array([0.0, 1.0]), 2.0, noise=0.5, w1=0.1, w2=0.5)
        >>> encoder.round(4), decoder.round(4)
        (array([0.1   , 0.7713]), array([0.5   , 0.9137]))
    """
    first, second = _evaluated("weights", check, (t, lam, noise, decay, w1, w2, tau))
    return first, second


def loss(
    t: Array,
    lam: Array,
    *,
    noise: Array = 0.0,
    decay: Array = 0.0,
    w1: Array,
    w2: Array,
    tau: Array = 1.0,
    check: bool = True,
) -> Array:
    """The mode's loss (lam/2)(1 − w)² + (noise/2)w² + (decay/2)(w1² + w2²) at time t, on arrays of any library.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        check: whether to look at the values given and found, which waits for the device. What is traced is never looked
            at.
    Returns: the loss, in the unit of lam, an array of the library given, on its device, of the shape to which the
        arguments broadcast: float32 where the arrays given are, float64 otherwise, or float32 where the library has no
        float64.
    Raises:
        TypeError: an argument that is not real numbers, or arrays of two libraries.
        ValueError: a value out of its range (with check), or arrays on two devices; and, for libraries other than NumPy
            and Dask, weights of different size under decay (with check).
        FloatingPointError: a result that overflows (with check).
    Source: claims dae.direct and wae.balanced; the forms computed are eval.direct_loss and eval.balanced_loss.
    Example:
        >>> import numpy as np
        >>> from modeflow import arrays
        >>> arrays.loss(np.array([0.0, 1.0, 10.0]), 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([0.9605, 0.3197, 0.2   ])
    """
    (value,) = _evaluated("loss", check, (t, lam, noise, decay, w1, w2, tau))
    return value


def fixed_point(lam: Array, *, noise: Array = 0.0, decay: Array = 0.0, check: bool = True) -> Array:
    """The strength w* = max(lam − decay, 0)/(lam + noise) of a growing mode at rest, on arrays of any library.

    It is 0 for a mode without signal. The libraries differentiate it themselves; at the threshold lam = decay, where it
    has two slopes, they give that of a mode below it, 0.

    Parameters:
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        check: whether to look at the values given and found, which waits for the device. What is traced is never looked
            at.
    Returns: w*, dimensionless, an array of the library given, on its device, of the shape to which the arguments
        broadcast: float32 where the arrays given are, float64 otherwise, or float32 where the library has no float64.
    Raises:
        TypeError: an argument that is not real numbers, or arrays of two libraries.
        ValueError: a value out of its range (with check), or arrays on two devices; and, for libraries other than NumPy
            and Dask, weights of different size under decay (with check).
        FloatingPointError: a result that overflows (with check).
    Source: claims dae.fixed_point, wae.fixed_point and wae.threshold.
    Example:
        >>> import numpy as np
        >>> from modeflow import arrays
        >>> arrays.fixed_point(np.array([4.0, 1.0, 0.25]), noise=0.5).round(4)
        array([0.8889, 0.6667, 0.3333])
    """
    (value,) = _evaluated("fixed_point", check, (lam, noise, decay), ("lam", "noise", "decay"))
    return value


def learning_time(
    target: Array,
    lam: Array,
    *,
    noise: Array = 0.0,
    decay: Array = 0.0,
    w1: Array,
    w2: Array,
    tau: Array = 1.0,
    check: bool = True,
) -> Array:
    """The first time t >= 0 at which the strength w(t) is the target, on arrays of any library.

    Which targets are reached, and which take 0 or inf, is said by `help(modeflow.learning_time)`.

    Parameters:
        target: strength to be reached, any real number or infinite, any shape, dimensionless.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        check: whether to look at the values given and found, which waits for the device. What is traced is never looked
            at.
    Returns: the time, in the unit of tau, an array of the library given, on its device, of the shape to which the
        arguments broadcast: float32 where the arrays given are, float64 otherwise, or float32 where the library has no
        float64.
    Raises:
        TypeError: an argument that is not real numbers, or arrays of two libraries.
        ValueError: a value out of its range (with check), or arrays on two devices; and, for libraries other than NumPy
            and Dask, weights of different size under decay (with check).
        FloatingPointError: a result that overflows (with check).
    Source: claims dae.learning_time and wae.learning_time; the forms computed are eval.direct_time and
        eval.balanced_time.
    Example:
        >>> import numpy as np
        >>> from modeflow import arrays
        >>> arrays.learning_time(np.array([0.5, 0.9]), 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([1.0125,    inf])
    """
    (time,) = _evaluated("learning_time", check, (target, lam, noise, decay, w1, w2, tau), ("target", *_NAMES[1:]))
    return time


def _evaluated(
    function: str, check: bool, values: tuple[Array, ...], names: tuple[str, ...] = _NAMES
) -> tuple[Array, ...]:
    arguments = dict(zip(names, values, strict=True))
    library = library_of(arguments)
    if library == "numpy":
        return _tuple(getattr(evaluators, function)(**arguments))
    if library == "dask":
        from .dask_blocks import evaluated

        return _tuple(evaluated(function, arguments))
    given = _converted(library)(library, arguments)
    found = _form(library, function, check)(*given.values())
    if check:
        refuse(library, function, given, found)
    return found


def _converted(library: str) -> Any:
    if library == "torch":
        from . import differentiable_torch

        return differentiable_torch.converted
    return converted


def _tuple(found: Any) -> tuple[Array, ...]:
    return found if isinstance(found, tuple) else (found,)


def _form(library: str, function: str, check: bool) -> forms.Form:
    """The function of arrays of one library, type and device; with its derivatives where the library has any."""
    if function == "fixed_point":
        return forms.fixed_point
    if library == "jax":
        from . import differentiable_jax

        return differentiable_jax.differentiable(function, check)
    if library == "torch":
        from . import differentiable_torch

        return differentiable_torch.differentiable(function, check)
    # Some libraries compute with NumPy, and an arm that is not taken may divide by 0.
    return np.errstate(all="ignore")(forms.VALUES[function])
