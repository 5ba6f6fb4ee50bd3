"""Evaluating the closed forms on arrays: strength, weights, fixed point, learning time, loss.

One mode of a linear autoencoder has encoder weight w1, decoder weight w2 and strength w = w1·w2; it follows

    tau·dw1/dt = w2·(lam − xi·w) − decay·w1,   tau·dw2/dt = w1·(lam − xi·w) − decay·w2,   xi = lam + noise.

Every argument may be a number or an array, and all broadcast against each other like the arguments of a NumPy
ufunc. What is common to all functions here:

lam: eigenvalue of the data's second moment, >= 0.  noise: ε = N·s², the input noise summed over the samples,
>= 0.  decay: γ, the weight decay summed over the samples, >= 0.  w1, w2: the weights at t = 0, any real.
tau: the time constant, > 0, in the unit of t.  t: time, >= 0; inf is allowed and means the limit.

backend: "numpy", or "native" for the same forms compiled from C (see modeflow.evaluate.native), or "auto": native where
that library was built before, which it is from 4,096 points on where a C compiler is found, else numpy. The two agree
within the stated accuracy, not to the last bit.
Whatever needs a closer look (NaN, weights of two sizes under decay, an error to report) is computed by NumPy in either
case. threads: how many threads the compiled evaluators use for large arrays.

Results are float64; float32 where the arrays given are float32 (Python numbers follow them). NaN in, NaN out.
Weights of different size under decay need SciPy's Bessel functions and are computed in float64; all else needs NumPy.
TypeError for what is not real numbers, ValueError for a value out of its range; both name the argument.
Magnitudes between 1e-75 and 1e75, and 0, are safe (1e-9 and 1e9 in float32). FloatingPointError where a result, or
a value on the way to it, overflows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import approach
from .approach import Approach
from .arguments import Array, checked, converted, in_range, refuse_overflow, shape_of
from .blocks import Outputs, Result, in_blocks
from .foreign import deferred
from .generated import regimes

Backend = Literal["auto", "native", "numpy"]
BACKENDS = get_args(Backend)
NATIVE_FROM = 4096  # points from which "auto" compiles; what is compiled already serves fewer as well
FADING_NATIVE_FROM = 256  # the same for weights of different size under decay, which cost more


def strength(
    t: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
    backend: Backend = "auto",
    threads: int = 1,
) -> Result:
    """Strength w(t) = w1(t)·w2(t) of a mode that starts at the weights w1, w2.

    The mode follows tau·dw1/dt = w2·(lam − xi·w) − decay·w1 and tau·dw2/dt = w1·(lam − xi·w) − decay·w2, xi = lam +
    noise.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        backend: "numpy"; or "native", the same forms compiled from C; or "auto", which compiles from 4,096 points on
            where there is a C compiler, and later takes what was compiled for smaller calls too. Both have the stated
            accuracy and may differ in the last bits.
        threads: threads of the compiled evaluators, a whole number >= 1.
    Returns: w(t), dimensionless. float64, of the shape to which the arguments broadcast; float32 where the arrays given
        are. A NumPy scalar where every argument is a number. NaN where an argument is NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast; the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
        NoCompiler: backend is "native" and there is no C compiler that works (a RuntimeError).
    Source: claims dae.direct and wae.balanced; the forms computed are eval.direct_strength and eval.balanced_strength.
    Example:
        >>> import modeflow
        >>> modeflow.strength([0.0, 1.0, 10.0], 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([0.02  , 0.4905, 0.8   ])
    """
    (w,) = _along_the_path("strength", backend, threads, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
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
    backend: Backend = "auto",
    threads: int = 1,
) -> tuple[Result, Result]:
    """Encoder and decoder weight (w1(t), w2(t)) of a mode that starts at the weights w1, w2.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        backend: "numpy"; or "native", the same forms compiled from C; or "auto", which compiles from 4,096 points on
            where there is a C compiler, and later takes what was compiled for smaller calls too. Both have the stated
            accuracy and may differ in the last bits.
        threads: threads of the compiled evaluators, a whole number >= 1.
    Returns: the pair w1(t), w2(t), dimensionless. Each is float64, of the shape to which the arguments broadcast;
        float32 where the arrays given are. A NumPy scalar where every argument is a number. NaN where an argument is
        NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast; the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
        NoCompiler: backend is "native" and there is no C compiler that works (a RuntimeError).
    Source: claims dae.weights and wae.balanced; the forms computed are eval.direct_weights and eval.balanced_weights.
    Example:
        >>> import modeflow
        >>> encoder, decoder = modeflow.weights([0.0, 1.0], 2.0, noise=0.5, w1=0.1, w2=0.5)
        >>> encoder.round(4), decoder.round(4)
        (array([0.1   , 0.7713]), array([0.5   , 0.9137]))
    """
    first, second = _along_the_path(
        "weights", backend, threads, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau
    )
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
    backend: Backend = "auto",
    threads: int = 1,
) -> Result:
    """The mode's loss (lam/2)(1 − w)² + (noise/2)w² + (decay/2)(w1² + w2²) at time t of its path.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        backend: "numpy"; or "native", the same forms compiled from C; or "auto", which compiles from 4,096 points on
            where there is a C compiler, and later takes what was compiled for smaller calls too. Both have the stated
            accuracy and may differ in the last bits.
        threads: threads of the compiled evaluators, a whole number >= 1.
    Returns: the loss, in the unit of lam. float64, of the shape to which the arguments broadcast; float32 where the
        arrays given are. A NumPy scalar where every argument is a number. NaN where an argument is NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast; the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
        NoCompiler: backend is "native" and there is no C compiler that works (a RuntimeError).
    Source: claims dae.direct and wae.balanced; the forms computed are eval.direct_loss and eval.balanced_loss.
    Example:
        >>> import modeflow
        >>> modeflow.loss([0.0, 1.0, 10.0], 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([0.9605, 0.3197, 0.2   ])
    """
    (value,) = _along_the_path("loss", backend, threads, t=t, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    return value


def fixed_point(lam: ArrayLike, *, noise: ArrayLike = 0.0, decay: ArrayLike = 0.0) -> Result:
    """The strength w* = max(lam − decay, 0)/(lam + noise) at which a growing mode comes to rest.

    It is 0 for a mode without signal (lam = 0), noise or not.

    Parameters:
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
    Returns: w*, dimensionless. float64, of the shape to which the arguments broadcast; float32 where the arrays given
        are. A NumPy scalar where every argument is a number. NaN where an argument is NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast; the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
    Source: claims dae.fixed_point, wae.fixed_point and wae.threshold.
    Example:
        >>> import modeflow
        >>> modeflow.fixed_point([4.0, 1.0, 0.25], noise=0.5).round(4)
        array([0.8889, 0.6667, 0.3333])
    """
    other: Result | None = deferred("fixed_point", _fixed_point, 1, {"lam": lam, "noise": noise, "decay": decay})
    return _fixed_point(lam, noise, decay) if other is None else other


def _fixed_point(lam: ArrayLike, noise: ArrayLike, decay: ArrayLike) -> Result:
    given = checked(lam=lam, noise=noise, decay=decay)
    with np.errstate(over="ignore"):
        value: NDArray[Any] = approach.fixed_point(np, **given).astype(given["lam"].dtype, copy=False)
    return value[()]


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
    """The first time t >= 0 at which the strength w(t) is the target.

    The strength moves towards its limit (the fixed point, or 0 for weights of opposite sign and one size) and does not
    turn back. Only weights of different size under decay may rise above the limit, once, before they fall to it. A
    target between start and limit has a finite time. A target at the start w1·w2 takes 0. So does one below the start
    of a mode that is not falling, which has exceeded it. Every other target is never reached and takes inf: the limit
    itself or beyond it, one above the start of a falling mode, any other strength of a mode that rests.

    Parameters:
        target: strength to be reached, any real number or infinite, any shape, dimensionless.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
    Returns: the time, in the unit of tau. float64, of the shape to which the arguments broadcast; float32 where the
        arrays given are. A NumPy scalar where every argument is a number. NaN where an argument is NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast; the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
    Source: claims dae.learning_time and wae.learning_time; the forms computed are eval.direct_time and
        eval.balanced_time.
    Example:
        >>> import modeflow
        >>> modeflow.learning_time([0.5, 0.9], 2.0, noise=0.5, w1=0.1, w2=0.2).round(4)
        array([1.0125,    inf])
    """
    from . import quick

    found = quick.evaluate("learning_time", 1, "auto", (target, lam, noise, decay, w1, w2, tau))
    if found is not None:
        return found[0]
    given = {"target": target, "lam": lam, "noise": noise, "decay": decay, "w1": w1, "w2": w2, "tau": tau}
    other: Result | None = deferred("learning_time", _times_of_arrays, 1, given)
    return _times_of_arrays(*given.values()) if other is None else other


def _times_of_arrays(*arguments: ArrayLike) -> Result:
    target, lam, noise, decay, w1, w2, tau = arguments
    return learning_time_in_numpy(target=target, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)


# The paths ----------------------------------------------------------------------------------------------------

Regime = Callable[[dict[str, Array]], Outputs]
Cases = tuple[tuple[Regime, NDArray[np.bool_]], ...]


def _along_the_path(path: str, backend: Backend, threads: int, **arguments: ArrayLike) -> tuple[Result, ...]:
    check_means(backend, threads)
    forms, count = _PATHS[path]
    given, outputs = compiled(path, count, backend, threads, arguments)
    if outputs is not None:
        return outputs
    in_range(given)
    by_regime = _by_regime(forms, count, backend)

    def on_block(block: dict[str, Array]) -> Outputs:
        outputs = by_regime(_in_units_of_tau(block))
        refuse_overflow(outputs, block)
        return outputs

    return in_blocks(on_block, count, given)


def check_means(backend: str, threads: int) -> None:
    if backend not in BACKENDS:
        raise ValueError(f"backend = {backend!r}: choose one of {', '.join(map(repr, BACKENDS))}")
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise ValueError(f"threads = {threads!r}: give a whole number >= 1")


def compiled(
    path: str,
    count: int,
    backend: Backend,
    threads: int,
    arguments: dict[str, ArrayLike],
    wanted: tuple[int, ...] | None = None,
) -> tuple[dict[str, Array], tuple[Result, ...] | None]:
    """The outputs of the compiled evaluators, or else the arguments as arrays and None, where NumPy has to look.

    wanted: which of the outputs, if not all.
    """
    if backend != "numpy":
        from . import quick  # ctypes, only where compiled evaluators may be used

        found = quick.evaluate(path, count, backend, tuple(arguments.values()), wanted)
        if found is not None:
            return {}, found
    other = deferred(path, partial(_of_arrays, path, backend, threads, tuple(arguments)), count, arguments)
    if other is not None:
        return {}, other if count > 1 else (other,)
    given = converted(**arguments)
    outputs = _natively(path, backend, threads, count, given, wanted)
    return given, outputs if outputs is None else tuple(output[()] for output in outputs)


def _of_arrays(path: str, backend: Backend, threads: int, names: tuple[str, ...], *arrays: ArrayLike) -> Any:
    """A path of plain arrays in the order of its arguments; one array by itself, not in a tuple."""
    found = _along_the_path(path, backend, threads, **dict(zip(names, arrays, strict=True)))
    return found if len(found) > 1 else found[0]


def _natively(
    path: str,
    backend: Backend,
    threads: int,
    count: int,
    given: dict[str, Array],
    wanted: tuple[int, ...] | None = None,
) -> tuple[Result, ...] | None:
    """The outputs of the compiled evaluators; None where NumPy has to look."""
    if not _wants_native(backend, given, NATIVE_FROM) or _fade(given):
        return None
    from . import native

    return native.evaluate(path, count, given, threads, wanted)


def _fade(given: dict[str, Array]) -> bool:
    """Whether weights of different size under decay are among modes that are quickly looked through."""
    modes = [given[name] for name in ("decay", "w1", "w2")]
    if 4 * sum(x.size for x in modes) > given["t"].size:
        return False
    decay, w1, w2 = modes
    return bool(((decay > 0) & (np.abs(w1) != np.abs(w2))).any())


def _wants_native(backend: Backend, given: dict[str, Array], least: int) -> bool:
    """Whether compiled evaluators are to be used, and can be."""
    if backend == "numpy" or (backend == "auto" and prod(shape_of(given)) < least):
        return False
    from . import native  # ctypes and a compiler, only where asked for or worth it

    return backend == "native" or native.available()


def _in_units_of_tau(given: dict[str, Array]) -> dict[str, Array]:
    """The arguments with s = t/tau in place of t and tau; arrays without axes as numbers, which are faster."""
    rest = {name: x[()] for name, x in given.items() if name not in ("t", "tau")}
    steps = given["t"] / given["tau"]
    # At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest.
    return rest | {"s": np.minimum(steps, float(np.finfo(steps.dtype).max) / 8)}


@dataclass(frozen=True)
class Regimes:
    """One function for each closed form: |w1| != |w2| without decay, |w1| = |w2|, |w1| != |w2| under decay."""

    unequal: Callable[..., Array | Outputs]
    equal: Callable[..., Array | Outputs]
    fading: Callable[[dict[str, Array], Backend], Outputs]


def _by_regime(forms: Regimes, count: int, backend: Backend) -> Regime:
    """Sends every point to the closed form that holds for it."""

    def on_block(given: dict[str, Array]) -> Outputs:
        same = regimes.equal(given["w1"], given["w2"])
        fading = ~same & regimes.fading(given["decay"])
        cases: Cases = (
            (lambda given: _outputs(forms.equal(**given)), same),
            (lambda given: forms.fading(given, backend), fading),
            (lambda given: _outputs(forms.unequal(**given)), ~(same | fading)),
        )
        for regime, where in cases:
            if where if where.ndim == 0 else where.all():
                return regime(given)
        return _merged(cases, given, count)

    return on_block


def _merged(cases: Cases, given: dict[str, Array], count: int) -> Outputs:
    """Each regime's outputs where it holds."""
    shape = shape_of(given)
    outputs = tuple(np.empty(shape, given["lam"].dtype) for _ in range(count))
    for regime, where in cases:
        if where.any():
            chosen = np.broadcast_to(where, shape)
            values = regime({name: np.broadcast_to(x, shape)[chosen] for name, x in given.items()})
            for output, value in zip(outputs, values, strict=True):
                output[chosen] = value
    return outputs


def _outputs(found: Array | Outputs) -> Outputs:
    return found if isinstance(found, tuple) else (found,)


def _fading_path(given: dict[str, Array], backend: Backend) -> tuple[Array, Array, Array]:
    """w1, w2 and w of unequal weights under decay; in float64, whatever the type of the arguments."""
    from . import fading  # SciPy is loaded only where its Bessel functions are needed

    columns = [np.asarray(given[n], np.float64) for n in ("s", "lam", "noise", "decay", "w1", "w2")]
    return fading.path(*columns, compiled=_fades_in_c(backend, given))


def _fades_in_c(backend: Backend, given: dict[str, Array]) -> bool:
    """As `_wants_native`, or where they have been built already."""
    if backend != "auto" or prod(shape_of(given)) >= FADING_NATIVE_FROM:
        return _wants_native(backend, given, FADING_NATIVE_FROM)
    from . import native

    return native.is_built() and native.available()


def _strength_fading(given: dict[str, Array], backend: Backend) -> Outputs:
    return (_fading_path(given, backend)[2],)


def _weights_fading(given: dict[str, Array], backend: Backend) -> Outputs:
    return _fading_path(given, backend)[:2]


def _loss_fading(given: dict[str, Array], backend: Backend) -> Outputs:
    lam, noise, decay = given["lam"], given["noise"], given["decay"]
    one, two, product = _fading_path(given, backend)
    return ((lam * (1 - product) ** 2 + noise * product**2 + decay * (one**2 + two**2)) / 2,)


# For each path its closed forms, and how many arrays it has.
_PATHS = {
    "strength": (Regimes(regimes.strength_unequal, regimes.strength_equal, _strength_fading), 1),
    "weights": (Regimes(regimes.weights_unequal, regimes.weights_equal, _weights_fading), 2),
    "loss": (Regimes(regimes.loss_unequal, regimes.loss_equal, _loss_fading), 1),
}


# Learning times -----------------------------------------------------------------------------------------------


_MODE = ("lam", "noise", "decay", "w1", "w2")


def learning_time_in_numpy(**arguments: ArrayLike) -> Result:
    """The same as `learning_time`, which has the defaults, with no compiled code for small calls."""
    (time,) = in_blocks(_learning_time, 1, checked(**arguments))
    return time


def _learning_time(given: dict[str, Array]) -> Outputs:
    given = {name: x[()] for name, x in given.items()}  # arrays without axes as numbers, which are faster
    unit = _unit_of_rates(given)
    if unit.any():
        given = given | {n: np.ldexp(given[n], -unit) for n in ("lam", "noise", "decay")}
    target, tau, mode = given["target"], given["tau"], tuple(given[n] for n in _MODE)
    same = regimes.equal(given["w1"], given["w2"])
    fading = ~same & regimes.fading(given["decay"])
    way = _approach(mode, same, fading)
    ahead, solved = way.leads_to(target), _solved(target, mode, same)
    if fading.any():  # it may rise above its limit first
        ahead, solved = np.where(fading, ~np.isnan(target), ahead), np.where(fading, _time_fading(target, mode), solved)
    time = way.time(np, target, ahead, solved, (np.ldexp(solved, -unit) if unit.any() else solved) * tau)
    unknown = np.isnan(target + way.start + way.limit + tau + mode[0] + mode[1] + mode[2])
    found = (np.where(unknown, np.nan, time) if unknown.any() else time,)
    refuse_overflow(found, given, infinite=False)
    return found


def _solved(target: Array, mode: tuple[Array, ...], same: NDArray[np.bool_]) -> Array:
    """The time by the closed form of the weights of one size, or of two; both only where there are both."""
    if same.all():
        return regimes.time_equal(target, *mode)
    unequal = regimes.time_unequal(target, *mode)
    return np.where(same, regimes.time_equal(target, *mode), unequal) if same.any() else unequal


def _approach(mode: tuple[Array, ...], same: NDArray[np.bool_], fading: NDArray[np.bool_]) -> Approach:
    """Weights of different size under decay may fall towards a limit above them, or rise towards one below."""
    with np.errstate(over="ignore"):
        way = Approach.of(np, mode, same)
    if not fading.any():
        return way
    lam, noise, decay, w1, w2 = mode
    sinking = (w1 * w1 + w2 * w2) * (lam - (lam + noise) * way.start) < 2 * decay * way.start
    return way._replace(falls=np.where(fading, sinking, way.falls))


def _unit_of_rates(given: dict[str, Array]) -> NDArray[np.int32]:
    """The power of 2 in units of which very large or very small rates are ordinary numbers; 0 for all others."""
    fastest = np.maximum(np.maximum(given["lam"], given["noise"]), given["decay"])
    exponent = np.frexp(fastest)[1]
    extreme = np.abs(exponent) > np.finfo(fastest.dtype).maxexp // 8
    return np.where(extreme & np.isfinite(fastest), exponent, 0)


def _time_fading(target: Array, mode: tuple[Array, ...]) -> Array:
    from . import fading

    columns = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (target, *mode)))
    chosen = (np.abs(columns[4]) != np.abs(columns[5])) & (columns[3] > 0)
    time = np.full(columns[0].shape, np.nan)
    compiled = _fades_in_c("auto", {"target": time})
    time[chosen] = fading.learning_time(*(x[chosen] for x in columns), compiled=compiled)
    return time
