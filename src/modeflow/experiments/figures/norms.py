"""Figure 4: the norm of the weights under noise, which keeps the imbalance, and under decay, which removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modeflow.evaluate.evaluators import fixed_point, weights
from modeflow.experiments.style import INK, PALETTE, canvas, dots, ruled
from modeflow.witness.modes import descend

from .measure import matched_decay
from .record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAM, EPSILON, LR, EPOCHS, STARTS, REACH, SEED = 1.0, 0.1, 0.01, 2000, 10, 2.0, 0
FINER = 10
KINDS = ("noise", "decay")

TITLE = "Weight norms under noise and under matched decay"
CAPTION = (
    "λ = 1, noise ε = 0.1 (top) and the matched decay γ = λε/(λ + ε) = 0.0909 (bottom), ten starts from U(−2, 2), "
    "step 0.01. Left: paths of the weights. Right: their squared norm w1² + w2². Lines are the closed forms, under "
    "decay the exact solution for unequal weights by Bessel functions; dots are gradient descent. Noise keeps the "
    "imbalance w2² − w1² and ends at √(c0² + 4w*²); decay removes it and ends at 2w*, the least norm of that "
    "strength (dashed)."
)


def numbers() -> Record:
    """Weights along every path by the closed form and by gradient descent, under noise and under decay."""
    start = np.random.default_rng(SEED).uniform(-REACH, REACH, (STARTS, 2))
    epochs = np.unique(np.r_[0:200:4, 200:EPOCHS:25, EPOCHS])
    levels: dict[str, dict[str, Any]] = {
        "noise": {"noise": EPSILON},
        "decay": {"decay": float(matched_decay(LAM, EPSILON))},
    }
    curves: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for kind in KINDS:
        given: dict[str, Any] = {**levels[kind], "w1": start[:, 0], "w2": start[:, 1]}
        exact = weights(epochs[:, None].astype(float), LAM, tau=1 / LR, **given)
        taken = descend(LAM, lr=LR, record=epochs, **given)
        finer = descend(LAM, lr=LR / FINER, record=FINER * epochs, **given)
        least = float(fixed_point(LAM, **levels[kind]))
        for run in range(STARTS):
            a, b, a_taken, b_taken, a_finer, b_finer = (x[:, run] for x in (*exact, *taken, *finer))
            case = {"kind": kind, "run": run}
            imbalance = float(start[run, 1] ** 2 - start[run, 0] ** 2)
            findings.append(
                case
                | {
                    "imbalance": imbalance,
                    "norm_limit": (imbalance**2 + 4 * least**2) ** 0.5 if kind == "noise" else 2 * least,
                    "norm_end": float(a[-1] ** 2 + b[-1] ** 2),
                    "norm_end_descent": float(a_taken[-1] ** 2 + b_taken[-1] ** 2),
                    "largest_difference": float(np.hypot(a - a_taken, b - b_taken).max()),
                    "largest_difference_finer_step": float(np.hypot(a - a_finer, b - b_finer).max()),
                }
            )
            points = {"w1_theory": a, "w2_theory": b, "w1_descent": a_taken, "w2_descent": b_taken}
            curves.append(case | {"epoch": epochs} | points)
    setting = {
        "lam": LAM,
        "noise": EPSILON,
        "decay": levels["decay"]["decay"],
        "lr": LR,
        "epochs": EPOCHS,
        "starts": STARTS,
        "seed": SEED,
        "finer": FINER,
    }
    return Record("figure4", TITLE, CAPTION, setting, tuple(findings), tuple(curves))


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
    least = LAM / (LAM + EPSILON)
    right = np.linspace(least / 2.3, 2.3, 200)
    for sign in (1, -1):
        axes.plot(sign * right, sign * least / right, "--", color=INK, lw=1)
    for curve in record.only(kind=kind):
        colour = PALETTE[curve["run"] % len(PALETTE)]
        axes.plot(curve["w1_theory"], curve["w2_theory"], color=colour, lw=1.5)
        dots(axes, curve["w1_descent"][::4], curve["w2_descent"][::4], size=2.4)
        axes.plot(curve["w1_theory"][0], curve["w2_theory"][0], "o", color="white", mec=colour, ms=4.5, mew=1.2)
    word = f"noise ε = {EPSILON:g}" if kind == "noise" else f"matched decay γ = {record.setting['decay']:.3g}"
    axes.set(aspect="equal", xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), ylabel="decoder weight $w_2$", title=word)


def _norms(axes: Axes, record: Record, kind: str) -> None:
    least = 2 * LAM / (LAM + EPSILON)
    ruled(axes).axhline(least, color=INK, lw=1, ls="--")
    for curve in record.only(kind=kind):
        colour = PALETTE[curve["run"] % len(PALETTE)]
        norm, descent = (curve[f"w1_{by}"] ** 2 + curve[f"w2_{by}"] ** 2 for by in ("theory", "descent"))
        axes.plot(curve["epoch"], norm, color=colour, lw=1.5)
        dots(axes, curve["epoch"][::4], descent[::4], size=2.4)
    axes.text(EPOCHS, least - 0.1, "$2w^*$, the least", ha="right", va="top", size=8)
    axes.set(xlim=(0, EPOCHS), ylim=(0, None), ylabel="$w_1^2 + w_2^2$")
