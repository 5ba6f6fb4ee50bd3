"""How much noise, or how much decay: the level for a wanted shrinkage, and what each costs in training time.

Both shrink mode j to a strength w*_j ≤ 1: noise to λ_j/(λ_j + ε), decay to max(1 − γ/λ_j, 0). What is kept is told in
one of two ways, sums over the modes that H hidden units can learn:

    share      Σ λ_j·w*_j / Σ λ_j over all modes: the part E⟨x, x̂⟩/E‖x‖² of the second moment that comes through
    dimension  Σ w*_j, the effective dimension

Both fall as the level rises, so each wanted value has one level. One decay matches one noise in a single mode only
(γ = λε/(λ + ε), claim cmp.equivalence); here the two are matched in the sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from ..evaluate.arguments import refuse_masked
from ..evaluate.evaluators import fixed_point
from ..files import save
from ..witness.train import stable_step
from .data import rounding_of
from .matrix_form import fallen_told
from .measure import epochs_told
from .recommended_times import SETTLED, Drawn, predicted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Choice", "Recommendation", "draw", "noise_that_keeps", "recommend", "record", "table"]

Array = NDArray[np.float64]

_LISTED = (0, 1, 3, 7, 15, 31, 63, 127, 255)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to shrink the M modes that can be learned, by noise or by decay, and what it costs.

    `modeflow.recommend` makes two.

    Attributes:
        noise, decay: the level, in the unit of the eigenvalues; the one that is not meant is 0, and both are where
            nothing is to be lost.
        strengths: (M,) float64, the strengths w* that the modes tend to, dimensionless.
        share: Σ λ·w* / Σ λ, the kept share of the second moment.
        dimension: Σ w*, the effective dimension.
        largest_step: the largest stable step of gradient descent from small weights, in units of 1/variance.
        half_times: (M,) float64, epochs until each mode is at w*/2; infinite for a mode that dies.
        epochs: epochs until the kept share is 95 % of what it tends to.
        fallen_share: which part of what sets the matrix form apart from each mode alone lies below start and limit; the
            matrix form is used below 1/4. None where finding it would take too long.
        one_at_a_time: why the times are those of each mode alone; empty where they are of all modes at once.
    Example:
        >>> import modeflow
        >>> choice = modeflow.recommend([8.0, 3.0, 1.0, 0.2], keep=0.8).decay
        >>> round(choice.decay, 4), choice.strengths.round(3), round(choice.dimension, 3)
        (0.7467, array([0.907, 0.751, 0.253, 0.   ]), 1.911)
    """

    noise: float
    decay: float
    strengths: Array
    share: float
    dimension: float
    largest_step: float
    half_times: Array
    epochs: float
    fallen_share: float | None
    one_at_a_time: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The noise and the decay that keep the same, and the setting for which their costs were predicted.

    `modeflow.recommend` makes it.

    Attributes:
        eigenvalues: (M,) float64, of the modes that can be learned, descending: at most `hidden`, and above rounding.
        total: Σ λ over all modes, in the unit of the eigenvalues.
        wanted: what was asked for, in words.
        hidden: hidden units.
        lr: step size, in units of 1/variance.
        std: standard deviation of the initial weights, dimensionless.
        seed: of the initial weights.
        noise: the choice of noise.
        decay: the choice of decay.
    Example:
        >>> import modeflow
        >>> advice = modeflow.recommend([8.0, 3.0, 1.0, 0.2], keep=0.8)
        >>> advice.wanted, advice.hidden, advice.lr
        ('keep 0.8 of the second moment', 4, 0.0625)
    """

    eigenvalues: Array
    total: float
    wanted: str
    hidden: int
    lr: float
    std: float
    seed: int
    noise: Choice
    decay: Choice


def recommend(
    eigenvalues: ArrayLike,
    *,
    keep: float | None = None,
    dimension: float | None = None,
    hidden: int | None = None,
    lr: float | None = None,
    std: float = 1e-3,
    seed: int = 0,
) -> Recommendation:
    """The input noise, and the weight decay, that keep a wanted share or effective dimension.

    Levels and limits are exact. The times are predicted from weights drawn with the seed, all modes at once in the
    matrix form, with finite steps and what they miss. Where it is not taken to be the nearer one, or so many modes
    would take too long, they are those of each mode alone, with the time constants of finite steps
    (`modeflow.time_constants`): mode j of H hidden units then starts, as on average, at the strength (H − j)·std²/2,
    since every mode learned before it has taken up a hidden direction. `one_at_a_time` of a choice says why.

    Parameters:
        eigenvalues: of the second moment XᵀX/N, (D,), all >= 0, in units of the data's variance; noise is then the
            variance of each pixel's noise, decay that of one sample.
        keep: the share of the second moment to keep, above 0 and at most 1; or else
        dimension: the effective dimension Σ w* to keep, above 0 and at most the number of modes.
        hidden: hidden units, which learn that many of the strongest modes; None means as many as eigenvalues.
        lr: step size of the predicted training, in units of 1/variance; None means half the smaller of the two largest
            stable steps.
        std: standard deviation of the initial weights, > 0, dimensionless.
        seed: of the initial weights, a whole number >= 0.
    Returns: a recommendation with the two choices `noise` and `decay`. Each has its level (`noise` or `decay`), the
        `strengths` (M,) of the M modes that can be learned, the kept `share`, the effective `dimension`, the
        `largest_step`, `half_times` (M,), `epochs`, `fallen_share` and `one_at_a_time`.
    Raises:
        ValueError: an argument out of its range; the message names it, its value and the remedy.
    Source: claims dae.fixed_point, wae.fixed_point, wae.threshold, gram.riccati, gram.held, dae.learning_time,
        wae.learning_time, cmp.sharpness_dae and cmp.sharpness_wae.
    Example:
        >>> import modeflow
        >>> advice = modeflow.recommend([8.0, 3.0, 1.0, 0.2], keep=0.8)
        >>> round(advice.noise.noise, 4), round(advice.decay.decay, 4)
        (1.084, 0.7467)
    """
    every, total, units = _learnable(eigenvalues, hidden)
    lam = every[:units]
    worth, target, wanted = _wanted(lam, total, units, keep, dimension)
    if not (math.isfinite(std) and std > 0):
        raise ValueError(f"std = {std}: give a finite standard deviation > 0")
    if seed < 0:
        raise ValueError(f"seed = {seed}: give a whole number >= 0")
    loss = max(float(worth.sum()) - target, 0.0)
    noise, decay = _noise_that_loses(loss, lam, worth), _decay_that_loses(loss, lam, worth)
    limit = min(stable_step(lam), stable_step(lam, decay=decay))
    step = limit / 2 if lr is None else _checked_step(lr, limit)
    drawn = Drawn(std, seed, units)
    choices = (_choice(every, total, lam.size, drawn, step, *levels) for levels in ((noise, 0.0), (0.0, decay)))
    return Recommendation(lam, total, wanted, units, step, std, seed, *choices)


def noise_that_keeps(keep: float, eigenvalues: ArrayLike, hidden: int) -> float:
    """The input noise that keeps this share, as `recommend` finds it, without what it costs."""
    every, total, units = _learnable(eigenvalues, hidden)
    worth, target, _ = _wanted(every[:units], total, units, keep, None)
    return _noise_that_loses(max(float(worth.sum()) - target, 0.0), every[:units], worth)


def _checked_step(lr: float, limit: float) -> float:
    if not 0 < lr < limit:
        raise ValueError(f"lr = {lr:g}: give a step above 0 and below {limit:.4g}, the smaller stable limit")
    return lr


def _learnable(eigenvalues: ArrayLike, hidden: int | None) -> tuple[Array, float, int]:
    """The eigenvalues above rounding, descending, the sum of all, and how many hidden units there are."""
    refuse_masked("eigenvalues", eigenvalues)
    try:
        values = np.asarray(eigenvalues, dtype=np.float64)
    except (TypeError, ValueError):
        kind = type(eigenvalues).__name__
        raise ValueError(f"eigenvalues: a {kind} is no vector; give those that modeflow.data.spectrum finds") from None
    _check_eigenvalues(values)
    units = values.size if hidden is None else hidden
    if units < 1:
        raise ValueError(f"hidden = {hidden}: give at least 1")
    values = np.sort(values)[::-1]
    above = values[values > rounding_of(values)]
    return above, float(values.sum()), units


def _check_eigenvalues(values: Array) -> None:
    if values.ndim != 1 or values.size == 0 or not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError("eigenvalues: give a non-empty vector of finite numbers >= 0; clip rounding noise")
    if values.max() == 0:
        raise ValueError("eigenvalues: all are 0, so there is nothing to keep; give other data")


def _wanted(
    lam: Array, total: float, units: int, keep: float | None, dimension: float | None
) -> tuple[Array, float, str]:
    """What a strength of 1 in each mode is worth, the worth wanted, and that in words."""
    if (keep is None) == (dimension is None):
        raise ValueError(f"keep = {keep}, dimension = {dimension}: give one of the two")
    if keep is not None:
        _check_share(keep, float(lam.sum()) / total, units)
        return lam, keep * total, f"keep {keep:g} of the second moment"
    assert dimension is not None
    if not 0 < dimension <= lam.size:
        raise ValueError(f"dimension = {dimension}: give a number above 0 and at most {lam.size}, the modes there are")
    return np.ones_like(lam), dimension, f"effective dimension {dimension:g}"


def _check_share(keep: float, most: float, units: int) -> None:
    if not 0 < keep <= 1:
        raise ValueError(f"keep = {keep}: give a share above 0 and at most 1, e.g. 0.95")
    if keep > most * (1 + 1e-12):
        raise ValueError(f"keep = {keep}: {units} hidden units keep {most:.6g} at most; give less, or more units")


def _noise_that_loses(loss: float, lam: Array, worth: Array) -> float:
    """The ε at which Σ worth·ε/(λ + ε), what noise takes, is the loss."""
    if loss <= 0:
        return 0.0

    def excess(log_noise: float) -> float:
        return float(np.sum(worth / (1 + lam * math.exp(-log_noise)))) / loss - 1

    # One mode alone with all the worth and the largest λ needs more noise, with the smallest λ less.
    odds = loss / (float(worth.sum()) - loss)
    low, high = math.log(odds * lam[-1]), math.log(odds * lam[0])
    if lam[-1] == lam[0]:
        return float(odds * lam[0])
    return math.exp(brentq(excess, low - 1e-6, high + 1e-6, xtol=1e-14, rtol=1e-14, maxiter=500))


def _decay_that_loses(loss: float, lam: Array, worth: Array) -> float:
    """The γ at which Σ worth·min(γ/λ, 1), what decay takes, is the loss: linear between one λ and the next."""
    rising, rated = lam[::-1], worth[::-1]
    dead = np.r_[0.0, np.cumsum(rated)[:-1]]
    alive = np.cumsum((rated / rising)[::-1])[::-1]
    taken = dead + rising * alive
    return float(np.interp(loss, np.r_[0.0, taken], np.r_[0.0, rising]))


def _choice(every: Array, total: float, count: int, drawn: Drawn, lr: float, noise: float, decay: float) -> Choice:
    lam = every[:count]
    limits = np.asarray(fixed_point(lam, noise=noise, decay=decay))
    times = predicted(every, count, drawn, noise=noise, decay=decay, lr=lr)
    share, step = float(lam @ limits) / total, float(stable_step(lam, decay=decay))
    cost = (share, float(limits.sum()), step, times.half, times.settled, times.fallen, times.one_at_a_time)
    return Choice(noise, decay, limits, *cost)


def table(advice: Recommendation) -> str:
    """The recommendation as plain text: the two levels and their costs, then some modes."""
    r = advice
    setting = f"{r.hidden} hidden units, step {r.lr:.4g}, initial weights {r.std:g}, seed {r.seed}"
    lines = [
        f"{r.wanted}: {r.eigenvalues.size} modes, {setting}",
        "",
        f"{'':30}  {'noise':>12}  {'decay':>12}",
        *(f"{name:30}  {cost(r.noise):>12}  {cost(r.decay):>12}" for name, cost in _COSTS.items()),
        "",
        f"{'':4}  {'':10}  {'limit w*':^16}  {'epochs to w*/2':^18}  {'decay that':>12}",
        f"{'mode':>4}  {'λ':>10}  {'noise':>7}  {'decay':>7}  {'noise':>8}  {'decay':>8}  {'matches it':>12}",
        *(_row(r, mode) for mode in _LISTED if mode < r.eigenvalues.size),
        "",
        *(_form(name, choice) for name, choice in (("noise", r.noise), ("decay", r.decay))),
    ]
    return "\n".join(lines)


def _form(name: str, choice: Choice) -> str:
    """Which form the epochs are from, and why."""
    if choice.one_at_a_time or choice.fallen_share is None:
        return f"Epochs under {name}: each mode alone, as {choice.one_at_a_time}."
    return f"Epochs under {name}: all modes at once, the matrix form, as {fallen_told(choice.fallen_share)}."


_COSTS: dict[str, Callable[[Choice], str]] = {
    "level": lambda choice: f"{choice.noise or choice.decay:.6g}",
    "kept share of second moment": lambda choice: f"{choice.share:.4f}",
    "effective dimension": lambda choice: f"{choice.dimension:.2f}",
    "modes that die": lambda choice: f"{np.count_nonzero(choice.strengths == 0)}",
    "largest stable step": lambda choice: f"{choice.largest_step:.4g}",
    f"epochs to {SETTLED:.0%} of what is kept": lambda choice: epochs_told(choice.epochs, 0),
}


def _row(r: Recommendation, j: int) -> str:
    """What the table says of a mode."""
    lam, pair = r.eigenvalues[j], (r.noise, r.decay)
    strengths = "  ".join(f"{choice.strengths[j]:>7.4f}" for choice in pair)
    halves = "  ".join(f"{epochs_told(choice.half_times[j], 0):>8}" for choice in pair)
    return f"{j:>4}  {lam:>10.4f}  {strengths}  {halves}  {lam * (1 - r.noise.strengths[j]):>12.4g}"


def record(advice: Recommendation) -> dict[str, Any]:
    """The recommendation as numbers, with every mode; a time that is never reached is infinite."""
    r = advice
    pair = {"noise": r.noise, "decay": r.decay}
    levels = {
        name: {
            "level": c.noise or c.decay,
            "kept_share": c.share,
            "dimension": c.dimension,
            "modes_that_die": int(np.count_nonzero(c.strengths == 0)),
            "largest_step": c.largest_step,
            "epochs": c.epochs,
            "fallen_share": c.fallen_share,
            "one_at_a_time": c.one_at_a_time,
        }
        for name, c in pair.items()
    }
    modes = [
        {
            "mode": j,
            "eigenvalue": lam,
            **{f"limit_{name}": c.strengths[j] for name, c in pair.items()},
            **{f"half_time_{name}": c.half_times[j] for name, c in pair.items()},
            "matching_decay": lam * (1 - r.noise.strengths[j]),
        }
        for j, lam in enumerate(r.eigenvalues)
    ]
    setting = {"wanted": r.wanted, "hidden": r.hidden, "lr": r.lr, "std": r.std, "seed": r.seed}
    return {**setting, **levels, "modes": modes}


def draw(advice: Recommendation, path: str | Path) -> None:
    """Draw w*(λ) under noise and under decay, and where the eigenvalues lie, as .png, .pdf or .svg.

    Raises ValueError where the file cannot be written.
    """
    from .style import canvas, in_house_style

    with in_house_style():
        figure = canvas(7.5, 4.2)
        _draw_strengths(advice, figure.subplots())
        save(figure, path, dpi=130)


def _draw_strengths(r: Recommendation, axes: Axes) -> None:
    from .style import DECAY, INK, NOISE, ruled

    low, high = max(r.eigenvalues[-1], 1e-5 * r.eigenvalues[0]), r.eigenvalues[0]
    lam = np.geomspace(low / 10, high * 1.3, 500)
    shown = r.eigenvalues[r.eigenvalues >= low]
    ruled(axes)
    _draw_curve(axes, r.noise, lam, {"color": NOISE, "ha": "right"}, -6, f"noise {r.noise.noise:.3g}")
    _draw_curve(axes, r.decay, lam, {"color": DECAY, "ha": "left"}, 6, f"decay {r.decay.decay:.3g}")
    axes.plot(shown, np.full(shown.size, -0.045), "|", color=INK, ms=7, mew=0.6, alpha=0.6)
    axes.text(low, -0.075, f"{shown.size} eigenvalues", size=8, va="top")
    axes.set(xscale="log", ylim=(-0.15, 1.04), yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set(xlabel="eigenvalue λ of the mode", ylabel="strength $w^*$ it tends to")
    axes.set_title(f"{r.wanted}: what each leaves of a mode")


def _draw_curve(axes: Axes, choice: Choice, lam: Array, looks: dict[str, Any], gap: int, word: str) -> None:
    """The strengths over λ, and beside them in their colour what they are; gap: between both, in points."""
    curve = np.asarray(fixed_point(lam, noise=choice.noise, decay=choice.decay))
    axes.plot(lam, curve, color=looks["color"])
    at = int(np.argmin(np.abs(curve - 0.3)))
    axes.annotate(word, (lam[at], curve[at]), (gap, 0), textcoords="offset points", **looks)
