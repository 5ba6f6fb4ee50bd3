"""When a recommended noise or decay has taken its effect: all modes at once where that can be said, else one at a time.

The weights are drawn as for training. From small ones the matrix form has all modes at once, with finite steps and what
they miss (`matrix_form`). Else each mode goes alone, from the average strength of such weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from ..evaluate.evaluators import fixed_point, learning_time, strength
from ..witness.train import initial_weights
from .matrix_form import Together, TooMuchWork, fallen_told, matrix_strengths, together
from .prediction import time_constants

__all__ = ["SETTLED", "Drawn", "Times", "one_at_a_time", "predicted"]

Array = NDArray[np.float64]

SETTLED = 0.95
"""Training counts as done when the kept share is this part of what it tends to."""

_MOST_WORK = 5e9
"""How much work all modes at once may be: more would keep one waiting for a minute."""

_PATIENCE = 30
"""How many times as long as each alone the last of all modes may take: it competes with those that are left out."""

_POINTS = 60
"""Epochs at which all modes are predicted, besides the first ones: a tenth more each time, or less."""


class Drawn(NamedTuple):
    """Weights drawn for training. deviation: of each; seed: of the generator; hidden: how many units."""

    deviation: float
    seed: int
    hidden: int


class Times(NamedTuple):
    """half: (M,) epochs until each mode is at half its limit, infinite where that is 0; settled: epochs until the share
    is; fallen: the fallen share, None where it was too much work; one_at_a_time: why the modes are not taken at once,
    empty if they are."""

    half: Array
    settled: float
    fallen: float | None
    one_at_a_time: str


def predicted(lam: Array, count: int, drawn: Drawn, *, noise: float, decay: float, lr: float) -> Times:
    """The times of the `count` leading modes. lam: (D,) all eigenvalues above rounding, descending."""
    setting = {"noise": noise, "decay": decay, "lr": lr}
    weights = initial_weights(drawn.hidden, lam.size, std=drawn.deviation, seed=drawn.seed)
    half, settled = one_at_a_time(lam[:count], drawn, **setting)
    last = max(float(half[np.isfinite(half)].max(initial=0)), settled)
    why, fallen = f"{lam.size:,} modes over {last:,.3g} epochs would take too long at once", None
    try:
        for part in (1.2, _PATIENCE):
            at = _epochs(int(part * last) + 10)
            path = together(at, lam, weights, top=count, most_work=_MOST_WORK, **setting)
            fallen = path.fallen
            if not path.is_nearer:
                return Times(half, settled, fallen, f"in the matrix form {fallen_told(fallen)}")
            at_once = _all_at_once(lam, count, weights, at, path, setting)
            if at_once is not None:
                return Times(*at_once, fallen, "")
        why = f"at once some are not half learned in {_PATIENCE * last:,.3g} epochs"
    except TooMuchWork:
        pass
    return Times(half, settled, fallen, why)


def _epochs(last: int) -> NDArray[np.int64]:
    return np.unique(np.r_[0 : min(last, 30) + 1, np.geomspace(1, last, _POINTS)].astype(np.int64))


def _all_at_once(
    lam: Array,
    count: int,
    weights: tuple[Array, Array],
    at: NDArray[np.int64],
    path: Together,
    setting: dict[str, float],
) -> tuple[Array, float] | None:
    """Half times and the epochs to the share along a path, or nothing where one is not reached by the last epoch."""
    strengths = path.strengths
    limits = np.asarray(fixed_point(lam[:count], noise=setting["noise"], decay=setting["decay"]))
    times = [_reached(at, path, rest, 0.5) for path, rest in zip(strengths.T, limits, strict=True) if rest > 0]
    worth, share = lam[:count], float(limits @ lam[:count])
    later = at[np.searchsorted(np.maximum.accumulate(strengths @ worth), SETTLED * share) :]
    if not np.isfinite(times).all() or later.size == 0:
        return None
    # Many modes make this curve, which is straight over short times only.
    before = at[at < later[0]].max(initial=0)
    close = np.unique(np.linspace(before, later[0], 9).astype(np.int64))
    around = matrix_strengths(close, lam, weights, top=count, most_work=_MOST_WORK, **setting)
    settled = _reached(close, around @ worth, share, SETTLED)
    half = np.full(count, np.inf)
    half[limits > 0] = times
    return half, settled


def _reached(at: NDArray[np.int64], path: Array, rest: float, part: float) -> float:
    """When the path is first at that part of its rest: log(s/(rest − s)) of a logistic curve is straight in time."""
    above = np.flatnonzero(path >= part * rest)
    if above.size == 0 or above[0] == 0:
        return np.inf if above.size == 0 else 0.0
    around = slice(above[0] - 1, above[0] + 1)
    shares, target = path[around] / rest, part
    if shares[0] > 0 and shares[1] < 1:
        shares, target = np.log(shares / (1 - shares)), float(np.log(part / (1 - part)))
    return float(np.interp(target, shares, at[around]))


def one_at_a_time(lam: Array, drawn: Drawn, *, noise: float, decay: float, lr: float) -> tuple[Array, float]:
    """The same for balanced modes of average strength: every stronger mode has taken up a hidden direction."""
    limits = np.asarray(fixed_point(lam, noise=noise, decay=decay))
    w0 = np.sqrt((drawn.hidden - np.arange(lam.size)) * drawn.deviation**2 / 2)
    tau = time_constants(lam, lr=lr, decay=decay)
    half = np.asarray(learning_time(limits / 2, lam, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau))
    goal = SETTLED * float(lam @ limits)

    def missing(t: float) -> float:
        return float(lam @ strength(t, lam, noise=noise, decay=decay, w1=w0, w2=w0, tau=tau)) - goal

    half[limits == 0] = np.inf
    return half, _root(missing)


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises above 0 does so; 0 if it is there from the start."""
    late = 1.0
    while rising(late) < 0:
        late *= 2
    return 0.0 if rising(0.0) >= 0 else float(brentq(rising, 0.0, late, xtol=1e-9 * late))
