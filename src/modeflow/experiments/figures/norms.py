"""Figure 4: the norm of the weights under noise, which keeps the imbalance, and under decay, which removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modeflow.evaluate.evaluators import fixed_point
from modeflow.experiments.style import INK, canvas, dots, ruled

from ..measure import matched_decay
from .figure_record import Record
from .random_starts import FINER, SEED, STARTS, Paths, colour_of, draw_least, draw_path, from_starts, starts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAM, EPSILON, LR, EPOCHS = 1.0, 0.1, 0.01, 2000
KINDS = ("noise", "decay")

TITLE = "Weight norms under noise and under matched decay"
CAPTION = (
    "λ = 1, noise ε = 0.1 (top) and the matched decay γ = λε/(λ + ε) = 0.0909 (bottom), ten starts from U(−2, 2), "
    "step 0.01. Left: paths of the weights. Right: their squared norm w₁² + w₂². Lines are the closed forms, under "
    "decay the exact solution for unequal weights by Bessel functions; dots are gradient descent. Noise keeps the "
    "imbalance w₂² − w₁² and ends at √(c₀² + 4w*²); decay removes it and ends at 2w*, the least norm of that "
    "strength (dashed)."
)


def numbers() -> Record:
    """Weights along every path by the closed form and by gradient descent, under noise and under decay."""
    levels = {"noise": EPSILON, "decay": float(matched_decay(LAM, EPSILON))}
    epochs = np.unique(np.r_[0:200:4, 200:EPOCHS:25, EPOCHS])
    paths = {kind: from_starts(LAM, lr=LR, epochs=epochs, **{kind: levels[kind]}) for kind in KINDS}
    findings = tuple(_finding(kind, run, levels[kind], paths[kind]) for kind in KINDS for run in range(STARTS))
    curves = tuple({"kind": kind, **curve} for kind in KINDS for curve in paths[kind].curves())
    setting = {"lam": LAM, **levels, "lr": LR, "epochs": EPOCHS, "starts": STARTS, "seed": SEED, "finer": FINER}
    return Record("figure4", TITLE, CAPTION, setting, findings, curves)


def _finding(kind: str, run: int, level: float, paths: Paths) -> dict[str, Any]:
    """The norm of the weights in the end, and how far descent is from the closed form."""
    a, b, a_descent, b_descent, a_finer, b_finer = (x[:, run] for x in (*paths.exact, *paths.descent, *paths.finer))
    w1, w2 = starts()[run]
    least, imbalance = float(fixed_point(LAM, **{kind: level})), float(w2**2 - w1**2)
    return {
        "kind": kind,
        "run": run,
        "imbalance": imbalance,
        "norm_limit": (imbalance**2 + 4 * least**2) ** 0.5 if kind == "noise" else 2 * least,
        "norm_end": float(a[-1] ** 2 + b[-1] ** 2),
        "norm_end_descent": float(a_descent[-1] ** 2 + b_descent[-1] ** 2),
        "largest_difference": float(np.hypot(a - a_descent, b - b_descent).max()),
        "largest_difference_finer_step": float(np.hypot(a - a_finer, b - b_finer).max()),
    }


def draw(record: Record) -> Figure:
    """A row for noise and one for decay: paths on the left, squared norms on the right."""
    figure = canvas(9, 7)
    grid = figure.subplots(2, 2, sharex="col", sharey="col", width_ratios=(1, 1.35))
    for row, kind in enumerate(KINDS):
        _paths(grid[row, 0], record, kind)
        _norms(grid[row, 1], record, kind)
    grid[1, 0].set_xlabel("encoder weight $w_1$")
    grid[1, 1].set_xlabel("epoch")
    return figure


def _paths(axes: Axes, record: Record, kind: str) -> None:
    draw_least(axes, LAM / (LAM + EPSILON), reach=2.3)
    for curve in record.only(kind=kind):
        draw_path(axes, curve, every=4, size=2.4)
    word = f"noise ε = {EPSILON:g}" if kind == "noise" else f"matched decay γ = {record.setting['decay']:.3g}"
    axes.set(aspect="equal", xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), ylabel="decoder weight $w_2$", title=word)


def _norms(axes: Axes, record: Record, kind: str) -> None:
    least = 2 * LAM / (LAM + EPSILON)
    ruled(axes).axhline(least, color=INK, lw=1, ls="--")
    for curve in record.only(kind=kind):
        norm, descent = (curve[f"w1_{by}"] ** 2 + curve[f"w2_{by}"] ** 2 for by in ("theory", "descent"))
        axes.plot(curve["epoch"], norm, color=colour_of(curve), lw=1.5)
        dots(axes, curve["epoch"][::4], descent[::4], size=2.4)
    axes.text(EPOCHS, least - 0.1, "$2w^*$, the least", ha="right", va="top", size=8)
    axes.set(xlim=(0, EPOCHS), ylim=(0, None), ylabel="$w_1^2 + w_2^2$")
