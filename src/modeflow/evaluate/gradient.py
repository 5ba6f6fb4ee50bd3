"""Partial derivatives of the strength, all in one pass.

The arguments, their ranges and their errors are those of `modeflow.evaluate.evaluators`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .arguments import PARAMETERS, Array, converted, in_range, refuse_overflow
from .blocks import Outputs, Result, in_blocks
from .evaluators import Backend, check_means, compiled
from .foreign import deferred
from .generated import regimes

MODE = ("lam", "noise", "decay", "w1", "w2")
SLOPES = ("t", *MODE)  # as the forms have them, the first in s = t/tau


def strength_grad(
    t: ArrayLike,
    lam: ArrayLike,
    *,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
    wrt: str | Sequence[str] = ("t", "lam", "noise", "w1", "w2"),
    backend: Backend = "auto",
    threads: int = 1,
) -> dict[str, Result]:
    """Partial derivatives of `strength` in the parameters named, all in one pass.

    All other arguments are held fixed: noise while lam varies, w2 while w1 varies, decay and tau as well. The
    derivatives are in closed form without decay, and for weights of one size under decay. Where |w1| != |w2| and there
    is decay, or the slope in it is asked for, they are integrals along the path. At t = inf they are the limits.

    Parameters:
        t: times >= 0, any shape, in the unit of tau (steps where tau is one over the learning rate); inf is the limit.
        lam: eigenvalue of the data's second moment, >= 0, any shape, in units of the data's variance.
        noise: variance of the input noise, >= 0, any shape, in the unit of lam.
        decay: weight decay, >= 0, any shape, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, any shape, dimensionless.
        tau: time constant, > 0, any shape: one over the learning rate if lam belongs to XᵀX/N; if it belongs to XᵀX, N
            over the learning rate, and noise and decay are summed over the N samples too.
        wrt: the parameters, one name or several among t, lam, noise, decay, w1, w2, tau.
        backend: "numpy"; or "native", the same forms compiled from C; or "auto", which compiles from 4,096 points on
            where there is a C compiler, and later takes what was compiled for smaller calls too. Both have the stated
            accuracy and may differ in the last bits.
        threads: threads of the compiled evaluators, a whole number >= 1.
    Returns: name → derivative, each in the unit of 1 over its parameter, float64, of the shape to which the arguments
        broadcast; float32 where the arrays given are. NaN where an argument is NaN.
    Raises:
        TypeError: an argument that is not real numbers.
        ValueError: a value out of its range, or shapes that do not broadcast, or a name in wrt that is none of these;
            the message names the argument.
        FloatingPointError: a result that overflows. Magnitudes from 1e-75 to 1e75, and 0, are safe (1e-9 to 1e9 in
            float32).
        NoCompiler: backend is "native" and there is no C compiler that works (a RuntimeError).
    Source: claims grad.direct_*, grad.balanced_* and grad.fading_* of the chapter grad.
    Example:
        >>> import modeflow
        >>> slopes = modeflow.strength_grad([1.0, 10.0], 2.0, noise=0.5, w1=0.1, w2=0.2, wrt=["lam", "noise"])
        >>> slopes["lam"].round(3), slopes["noise"].round(3)
        (array([0.409, 0.08 ]), array([-0.118, -0.32 ]))
    """
    wrt = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    for name in wrt:
        if name not in PARAMETERS:
            raise ValueError(f"wrt names {name!r}, which is no parameter; choose among {', '.join(PARAMETERS)}")
    check_means(backend, threads)
    arguments = {"t": t, "lam": lam, "noise": noise, "decay": decay, "w1": w1, "w2": w2, "tau": tau}
    other = deferred("strength_grad", partial(_slopes_of_arrays, wrt, backend, threads), len(wrt), arguments)
    if other is not None:
        return dict(zip(wrt, other if len(wrt) > 1 else (other,), strict=True))
    wanted = tuple(i for i, name in enumerate(SLOPES) if i == 0 or name in wrt)
    given, found = compiled("slopes", len(SLOPES), backend, threads, arguments, wanted)
    if found is not None:
        slopes = _by_time(dict(zip([SLOPES[i] for i in wanted], found, strict=True)), t, tau, wrt)
        if slopes is not None:
            return slopes
    given = in_range(given or converted(**arguments))

    def on_block(block: dict[str, Array]) -> Outputs:
        slopes = _slopes(dict(zip(block, np.broadcast_arrays(*block.values()), strict=True)), "decay" in wrt)
        found = tuple(slopes[name] for name in wrt)
        refuse_overflow(found, block)
        return found

    return dict(zip(wrt, in_blocks(on_block, len(wrt), given), strict=True))


def _slopes_of_arrays(wrt: Sequence[str], backend: Backend, threads: int, *arrays: ArrayLike) -> Any:
    """The slopes for plain arrays in the order of PARAMETERS; one by itself, not in a tuple."""
    found = strength_grad(**dict(zip(PARAMETERS, arrays, strict=True)), wrt=wrt, backend=backend, threads=threads)
    return tuple(found.values()) if len(wrt) > 1 else found[wrt[0]]


def _by_time(slopes: dict[str, Result], t: ArrayLike, tau: ArrayLike, wrt: Sequence[str]) -> dict[str, Result] | None:
    """What is asked for of the compiled slopes, in t and tau in place of s = t/tau; None where it is not all finite."""
    by_step = slopes["t"]
    dtype = by_step.dtype
    with np.errstate(all="ignore"):
        if "tau" in wrt or not (isinstance(tau, float | int) and tau == 1):
            pace = np.asarray(tau, dtype)
            slopes["t"] = by_step / pace
            if "tau" in wrt:
                steps = np.minimum(np.asarray(t, dtype) / pace, settled(dtype))
                slopes["tau"] = -by_step * (steps / pace)
    chosen = {name: slopes[name] for name in wrt}
    unsure = [chosen[name] for name in ("t", "tau", "decay") if name in chosen]
    return chosen if all(np.isfinite(x).all() for x in unsure) else None


def settled(dtype: np.dtype[Any]) -> float:
    """A time beyond which all has settled, and whose powers are finite."""
    return 1e150 if dtype == np.float64 else 1e18


def _slopes(given: dict[str, Array], by_decay: bool) -> dict[str, Array]:
    """Every derivative at every point of a block; that in the decay is NaN where it costs more and is not asked for."""
    w1, tau = given["w1"], given["tau"]
    steps = np.minimum(given["t"] / tau, settled(w1.dtype)).astype(w1.dtype)
    same = regimes.equal(w1, given["w2"])
    fading = ~same & regimes.fading(given["decay"])
    unequal = _unequal_and_decay if by_decay else _unequal
    outputs = {name: np.empty_like(w1) for name in SLOPES}
    for rows, slopes in ((same, _equal), (fading, _fading), (~same & ~fading, unequal)):
        if rows.any():
            chosen = {name: x[rows] for name, x in given.items()}
            for name, value in zip(outputs, slopes(steps[rows], chosen), strict=True):
                outputs[name][rows] = value
    by_step = outputs["t"]
    return outputs | {"t": by_step / tau, "tau": -by_step * (steps / tau)}


def _equal(steps: Array, given: dict[str, Array]) -> tuple[Array, ...]:
    return regimes.slopes_equal(steps, *(given[name] for name in MODE))


def _unequal(steps: Array, given: dict[str, Array]) -> tuple[Array, ...]:
    *rates, by_w1, by_w2 = regimes.slopes_unequal(steps, *(given[name] for name in MODE))
    return *rates, np.full_like(by_w1, np.nan), by_w1, by_w2


def _unequal_and_decay(steps: Array, given: dict[str, Array]) -> tuple[Array, ...]:
    by_step, by_lam, by_noise, _, by_w1, by_w2 = _unequal(steps, given)
    return by_step, by_lam, by_noise, _fading(steps, given)[3], by_w1, by_w2


def _fading(steps: Array, given: dict[str, Array]) -> tuple[Array, ...]:
    """In float64, whatever the type of the arguments."""
    from . import variation  # only where it is needed, as SciPy is

    rest = (given[name].astype(np.float64) for name in MODE)
    return variation.slopes(steps.astype(np.float64), *rest)
