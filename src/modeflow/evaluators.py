"""Evaluating the closed forms on arrays: strength, weights, fixed point, learning time, loss.

One mode of a linear autoencoder has encoder weight w1, decoder weight w2 and strength w = w1·w2; it follows

    tau·dw1/dt = w2·(lam − xi·w) − decay·w1,   tau·dw2/dt = w1·(lam − xi·w) − decay·w2,   xi = lam + noise.

Every argument may be a number or an array, and all broadcast against each other like the arguments of a NumPy
ufunc. What is common to all functions here:

lam: eigenvalue of the data's second moment, >= 0.  noise: ε = N·s², the input noise summed over the samples,
>= 0.  decay: γ, the weight decay summed over the samples, >= 0.  w1, w2: the weights at t = 0, any real.
tau: the time constant, > 0, in the unit of t.  t: time, >= 0; inf is allowed and means the limit.

Results are float64; float32 where the arrays given are float32 (Python numbers follow them). NaN in, NaN out.
With decay > 0 the weights must be of one size, |w1| = |w2|: otherwise NotImplementedError.
TypeError for what is not real numbers, ValueError for a value out of its range; both name the argument.
Magnitudes between 1e-75 and 1e75, and 0, are safe (1e-9 and 1e9 in float32). FloatingPointError where a result, or
a value on the way to it, overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .generated import balanced, direct

Array = NDArray[np.floating[Any]]
Result = Any  # an array, or a NumPy scalar where every argument is a number

BLOCK = 16_384  # points at a time, so that the temporaries of a kernel stay in the cache

_REMEDIES = {
    "t": ("training starts at t = 0", "give times >= 0"),
    "lam": ("eigenvalues of a second moment are >= 0", "clip rounding noise with numpy.clip"),
    "noise": ("a variance is >= 0", "give noise >= 0, the noise variance summed over the samples"),
    "decay": ("weight decay is >= 0", "give decay >= 0"),
    "tau": ("a time constant is > 0", "give tau > 0, the number of samples over the learning rate"),
}
_UNBOUNDED = ("t", "target")  # infinity has a meaning for these


def strength(
    t: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
) -> Result:
    """Strength w(t) = w1(t)·w2(t) of a mode, from the weights w1, w2 at t = 0.

    Arguments, shapes and errors as in the module's docstring. Source: claims dae.direct and wae.balanced; the
    forms computed are eval.direct_strength and eval.balanced_strength.
    """
    (w,) = _along_the_path(_STRENGTH, 1, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    return w


def weights(
    t: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
) -> tuple[Result, Result]:
    """Encoder and decoder weight (w1(t), w2(t)) of a mode, from the weights w1, w2 at t = 0.

    Arguments, shapes and errors as in the module's docstring. Source: claims dae.weights and wae.balanced; the
    forms computed are eval.direct_weights and eval.balanced_weights.
    """
    first, second = _along_the_path(_WEIGHTS, 2, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    return first, second


def loss(
    t: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
) -> Result:
    """The mode's loss (lam/2)(1 − w)² + (noise/2)w² + (decay/2)(w1² + w2²) at time t of its path.

    Arguments, shapes and errors as in the module's docstring. The forms computed are eval.direct_loss and
    eval.balanced_loss.
    """
    (value,) = _along_the_path(_LOSS, 1, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    return value


def fixed_point(lam: ArrayLike, *, noise: ArrayLike = 0.0, decay: ArrayLike = 0.0) -> Result:
    """The strength w* = max(lam − decay, 0)/(lam + noise) at which a growing mode comes to rest.

    0 for a mode without signal (lam = 0), noise or not. Shapes and errors as in the module's docstring.
    Source: claims dae.fixed_point, wae.fixed_point, wae.threshold.
    """
    given = _checked(lam=lam, noise=noise, decay=decay)
    return _fixed_point(given["lam"], given["noise"], given["decay"])[()]


def learning_time(
    target: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
) -> Result:
    """The first time t >= 0 at which the strength w(t) is the target, in the unit of tau.

    w moves towards its limit (the fixed point, or 0 for weights of opposite sign and one size) without turning
    back. A target on its way there has a finite time. A target at the start w1·w2 takes 0, and so does one
    below the start of a mode that is not falling: it has been exceeded. Every other target is never reached and
    takes inf: the limit itself or beyond it, one above the start of a falling mode, any other strength of a
    mode that rests. target may be any real number or infinite; the rest as in the module's docstring.
    Source: claims dae.learning_time and wae.learning_time; the forms computed are eval.direct_time and
    eval.balanced_time.
    """
    given = _checked(target=target, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    _refuse_unbalanced_decay(given)
    (time,) = _in_blocks(_learning_time, 1, given)
    return time


# The paths ----------------------------------------------------------------------------------------------------

Outputs = tuple[Array, ...]
Regime = Callable[[dict[str, Array]], Outputs]


def _along_the_path(regimes: tuple[Regime, Regime], count: int, **arguments: ArrayLike) -> tuple[Result, ...]:
    given = _checked(**arguments)
    _refuse_unbalanced_decay(given)
    by_regime = _by_regime(*regimes, count)

    def on_block(block: dict[str, Array]) -> Outputs:
        outputs = by_regime(_in_units_of_tau(block))
        _refuse_overflow(outputs, block)
        return outputs

    return _in_blocks(on_block, count, given)


def _in_units_of_tau(given: dict[str, Array]) -> dict[str, Array]:
    """The arguments with s = t/tau in place of t and tau."""
    rest = {name: x for name, x in given.items() if name not in ("t", "tau")}
    steps = given["t"] / given["tau"]
    # At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest.
    return rest | {"s": np.minimum(steps, float(np.finfo(steps.dtype).max) / 8)}


def _by_regime(unequal: Regime, equal: Regime, count: int) -> Regime:
    """Sends every point to the form for |w1| != |w2| or to the one for |w1| = |w2|."""

    def on_block(given: dict[str, Array]) -> Outputs:
        same = np.abs(given["w1"]) == np.abs(given["w2"])
        if not same.any():
            return unequal(given)
        if same.all():
            return equal(given)
        shape = np.broadcast_shapes(*(x.shape for x in given.values()))
        outputs = tuple(np.empty(shape, given["lam"].dtype) for _ in range(count))
        for regime, where in ((unequal, ~same), (equal, same)):
            chosen = np.broadcast_to(where, shape)
            values = regime({name: np.broadcast_to(x, shape)[chosen] for name, x in given.items()})
            for output, value in zip(outputs, values, strict=True):
                output[chosen] = value
        return outputs

    return on_block


def _strength_unequal(given: dict[str, Array]) -> Outputs:
    a, b = _ordered(given["w1"], given["w2"])
    return (direct.strength(*_undecayed(given), a, b),)


def _strength_equal(given: dict[str, Array]) -> Outputs:
    return (balanced.strength(*_equal(given)),)


def _weights_unequal(given: dict[str, Array]) -> Outputs:
    w1, w2 = given["w1"], given["w2"]
    small, large = direct.weights(*_undecayed(given), *_ordered(w1, w2))
    swapped = np.abs(w1) > np.abs(w2)
    sign = np.copysign(np.ones((), w1.dtype), np.where(swapped, w1, w2))
    return sign * np.where(swapped, large, small), sign * np.where(swapped, small, large)


def _weights_equal(given: dict[str, Array]) -> Outputs:
    size = balanced.weights(*_equal(given))
    return np.copysign(size, given["w1"]), np.copysign(size, given["w2"])


def _loss_unequal(given: dict[str, Array]) -> Outputs:
    return (direct.loss(*_undecayed(given), given["w1"], given["w2"]),)


def _loss_equal(given: dict[str, Array]) -> Outputs:
    return (balanced.loss(*_equal(given)),)


_STRENGTH = (_strength_unequal, _strength_equal)
_WEIGHTS = (_weights_unequal, _weights_equal)
_LOSS = (_loss_unequal, _loss_equal)


def _undecayed(given: dict[str, Array]) -> tuple[Array, Array, Array]:
    """(s, lam, noise) where the decay is 0, or NaN, which must reach the result."""
    return given["s"], given["lam"] + given["decay"], given["noise"]


def _ordered(w1: Array, w2: Array) -> tuple[Array, Array]:
    """(a, b) with b > |a|, the weights after a swap and a flip of both signs, which leave w as it is."""
    one, two = np.abs(w1), np.abs(w2)
    return np.copysign(np.minimum(one, two), w1 * w2), np.maximum(one, two)


def _equal(given: dict[str, Array]) -> tuple[Array, ...]:
    """(s, lam, noise, decay, r, sigma): one size and the sign of the product."""
    s, size = given["s"], np.abs(given["w1"])
    zero = size == 0
    if zero.any():
        s = np.where(zero, 0, s)  # weights of 0 stay there, and the sigmoid must not be asked how fast they grow
    return s, *_balanced_mode(given)


def _balanced_mode(given: dict[str, Array]) -> tuple[Array, Array, Array, Array, Array]:
    lam, noise, decay, w1, w2 = (given[n] for n in ("lam", "noise", "decay", "w1", "w2"))
    unit = np.ones((), w1.dtype)
    return lam, noise, decay, np.abs(w1), np.copysign(unit, w1) * np.copysign(unit, w2)


# Learning times -----------------------------------------------------------------------------------------------


def _learning_time(given: dict[str, Array]) -> Outputs:
    lam, noise, decay, w1, w2 = (given[n] for n in ("lam", "noise", "decay", "w1", "w2"))
    target = given["target"]
    start = w1 * w2
    same = np.abs(w1) == np.abs(w2)
    opposite = same & (start < 0)
    limit = np.where(opposite, 0.0, _fixed_point(lam, noise, decay)).astype(start.dtype)
    rests = ((lam == 0) & (noise == 0) & (decay == 0)) | ((w1 == 0) & (w2 == 0))
    falling = (start > limit) & ~rests
    on_its_way = ((start < target) & (target < limit)) | ((limit < target) & (target < start))
    met = (target == start) | ((target < start) & ~falling)
    time = np.where(same, _time_equal(given, target), _time_unequal(given, target))
    # Within rounding of the limit the computed gap can vanish or change sign: never reached.
    reached = on_its_way & ~rests & (time >= 0)
    time = np.where(reached, time * given["tau"], np.where(met, 0.0, np.inf))
    known = ~np.isnan(target + start + limit + given["tau"] + lam + noise + decay)
    return (np.where(known, time, np.nan),)


def _time_equal(given: dict[str, Array], target: Array) -> Array:
    return balanced.time(target, *_balanced_mode(given))


def _time_unequal(given: dict[str, Array], target: Array) -> Array:
    return direct.time(target, given["lam"], given["noise"], given["w1"], given["w2"])


def _fixed_point(lam: Array, noise: Array, decay: Array) -> Array:
    total = lam + noise
    return np.maximum(lam - decay, 0) / np.where(total == 0, 1, total).astype(total.dtype)


# Arguments ----------------------------------------------------------------------------------------------------


def _checked(**arguments: ArrayLike) -> dict[str, Array]:
    """The arguments as arrays of the common type, each in its range, not yet broadcast."""
    raw = {name: _real_array(name, value) for name, value in arguments.items()}
    dtype = _common_type(arguments, raw)
    with np.errstate(over="ignore"):
        given = {name: x.astype(dtype, copy=False) for name, x in raw.items()}
    for name, x in given.items():
        _check_range(name, x)
    _check_shapes(given)
    return given


def _real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} is not an array of numbers ({error}); give real numbers") from None
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} has the type {array.dtype}, but real numbers up to 64 bits are needed; "
            f"convert it with numpy.asarray({name}, dtype=float)"
        )
    return array


def _common_type(arguments: dict[str, ArrayLike], raw: dict[str, NDArray[Any]]) -> np.dtype[Any]:
    """NumPy's promotion of the arrays; Python numbers follow them. float64 unless that gives float32."""
    strong = [raw[name].dtype for name, value in arguments.items() if not isinstance(value, int | float)]
    if any(isinstance(value, np.float64) for value in arguments.values()):  # it is also a Python float
        strong.append(np.dtype(np.float64))
    common = np.result_type(*strong) if strong else np.dtype(np.float64)
    small = common.kind == "f" and common.itemsize <= 4
    return np.dtype(np.float32) if small else np.dtype(np.float64)


def _check_range(name: str, x: Array) -> None:
    """ValueError at the first value that is infinite without a meaning, negative, or a tau of 0."""
    if x.size == 0:
        return
    low, high = x.min(), x.max()  # NaN if there is one, and then the slow look decides
    bounded = name not in _UNBOUNDED
    floor = 0.0 if name in _REMEDIES else -np.inf
    if low > floor and high < np.inf:
        return
    bad = np.isinf(x) if bounded else np.zeros(x.shape, np.bool_)
    if bad.any():
        raise ValueError(f"{_place(name, x, bad)}: it must be finite; leave such values out with numpy.isfinite")
    if name in _REMEDIES:
        bad = x <= 0 if name == "tau" else x < 0
        if bad.any():
            reason, remedy = _REMEDIES[name]
            raise ValueError(f"{_place(name, x, bad)}: {reason}; {remedy}")


def _place(name: str, x: NDArray[Any], bad: NDArray[np.bool_]) -> str:
    """`name[index] = value` of the first bad entry."""
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = f"[{', '.join(map(str, index))}]" if index else ""
    return f"{name}{where} = {x[index]}"


def _check_shapes(given: dict[str, Array]) -> None:
    try:
        np.broadcast_shapes(*(x.shape for x in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in given.items() if x.shape)
        raise ValueError(
            f"shapes do not broadcast together: {shapes}; for every mode at every time give t a new last axis"
        ) from None


def _refuse_unbalanced_decay(given: dict[str, Array]) -> None:
    decay, w1, w2 = given["decay"], given["w1"], given["w2"]
    if not (decay > 0).any():
        return
    bad = (decay > 0) & (np.abs(w1) != np.abs(w2)) & ~np.isnan(w1) & ~np.isnan(w2)
    if bad.any():
        where = _place("decay", np.broadcast_to(decay, bad.shape), bad)
        raise NotImplementedError(
            f"{where} with |w1| != |w2|: weight decay of unequal weights has a closed form (modified Bessel "
            f"functions) that is not in this version; give |w1| = |w2|, or integrate modeflow.witness"
        )


def _refuse_overflow(outputs: Outputs, given: dict[str, Array]) -> None:
    """FloatingPointError where a result is not finite although no argument is NaN: never a NaN in silence."""
    for output in outputs:
        if np.isfinite(output.sum()):
            continue
        bad = ~np.isfinite(output)
        for x in given.values():
            bad = bad & ~np.isnan(x)
        if bad.any():
            index = tuple(np.argwhere(bad)[0])
            where = ", ".join(f"{n} = {np.broadcast_to(x, bad.shape)[index]}" for n, x in given.items())
            raise FloatingPointError(
                f"{output.dtype} overflows at {where}; choose units for the data and the time in which all "
                f"magnitudes are between 1e-75 and 1e75 (1e-9 and 1e9 in float32)"
            )


# Blocks -------------------------------------------------------------------------------------------------------


def _in_blocks(on_block: Regime, count: int, given: dict[str, Array]) -> tuple[Result, ...]:
    """The outputs over the broadcast shape, computed a block at a time from arguments not yet broadcast."""
    shape = np.broadcast_shapes(*(x.shape for x in given.values()))
    dtype = given["lam"].dtype
    # Values of both arms of each case are computed, so an arm not taken may divide by 0 or overflow.
    with np.errstate(all="ignore"):
        if prod(shape) <= BLOCK:
            values = tuple(np.asarray(v, dtype) for v in on_block(given))
            return tuple(np.array(np.broadcast_to(v, shape))[()] for v in values)
        outputs = tuple(np.empty(shape, dtype) for _ in range(count))
        for block in _blocks(shape):
            values = on_block({name: _part(x, block, len(shape)) for name, x in given.items()})
            for output, value in zip(outputs, values, strict=True):
                output[block] = value
        return outputs


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Slices that cover the shape, each of at most BLOCK points, whole trailing axes together if they fit."""
    if not shape:
        yield ()
        return
    inner = prod(shape[1:])
    step = max(1, BLOCK // max(inner, 1))
    for begin in range(0, shape[0], step):
        rows = slice(begin, begin + step)
        if inner <= BLOCK:
            yield (rows, *(slice(None) for _ in shape[1:]))
        else:
            yield from ((rows, *rest) for rest in _blocks(shape[1:]))


def _part(x: Array, block: tuple[slice, ...], dimensions: int) -> Array:
    """The block's share of an argument; an axis of length 1 is shared by all blocks."""
    own = block[dimensions - x.ndim :]
    return x[tuple(rows if n > 1 else slice(None) for rows, n in zip(own, x.shape, strict=True))]
