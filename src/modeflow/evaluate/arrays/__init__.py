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
from . import forms
from .libraries import Array, converted, library_of
from .values import refuse

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
    """Strength w(t) of a mode, from the weights w1, w2 at t = 0.

    Shapes, errors and `check` as in the module's docstring; meaning and source as modeflow.strength.
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
    """Encoder and decoder weight (w1(t), w2(t)) of a mode, from the weights w1, w2 at t = 0.

    Shapes, errors and `check` as in the module's docstring; meaning and source as modeflow.weights.
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
    """The mode's loss (lam/2)(1 − w)² + (noise/2)w² + (decay/2)(w1² + w2²) at time t of its path.

    Shapes, errors and `check` as in the module's docstring; meaning and source as modeflow.loss.
    """
    (value,) = _evaluated("loss", check, (t, lam, noise, decay, w1, w2, tau))
    return value


def fixed_point(lam: Array, *, noise: Array = 0.0, decay: Array = 0.0, check: bool = True) -> Array:
    """The strength w* = max(lam − decay, 0)/(lam + noise) at which a growing mode comes to rest; 0 without signal.

    Shapes, errors and `check` as in the module's docstring; source as modeflow.fixed_point. The libraries
    differentiate it themselves; at the threshold lam = decay, where it has two slopes, by that of a mode below it, 0.
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
    """The first time t >= 0 at which the strength w(t) is the target; inf if it never is.

    Shapes, errors and `check` as in the module's docstring; meaning and source as modeflow.learning_time.
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
        from .blocks import evaluated

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
