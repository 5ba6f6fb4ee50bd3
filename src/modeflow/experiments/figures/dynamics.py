"""Figure 1: learning dynamics, the loss surface and gradient descent on it, from any start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modeflow.evaluate.evaluators import fixed_point
from modeflow.experiments.style import INK, canvas, dots, ruled

from .figure_record import Record
from .random_starts import FINER, SEED, STARTS, Paths, colour_of, draw_least, draw_path, from_starts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAM, NOISES, LR, EPOCHS = 1.0, (0.0, 1.0, 5.0), 0.01, 200

TITLE = "Learning dynamics from ten random starts"
CAPTION = (
    "Top: the loss of one mode, λ = 1, over encoder weight w₁ and decoder weight w₂, for noise ε = 0, 1 and 5; ten "
    "starts from U(−2, 2), closed form (lines) and gradient descent (dots, step 0.01, 200 epochs); the dashed "
    "hyperbola is where the loss is least, w₁w₂ = λ/(λ + ε). Bottom: the strength w₁w₂ of the same runs. Starts of "
    "unequal weights, and of negative strength, are on their curves too; what is left is the finite step, and "
    "shrinks with it."
)


def numbers() -> Record:
    """The runs: weights along every path by the closed form and by gradient descent."""
    paths = {noise: from_starts(LAM, lr=LR, epochs=np.arange(EPOCHS + 1), noise=noise) for noise in NOISES}
    findings = tuple(_finding(noise, followed) for noise, followed in paths.items())
    curves = tuple({"noise": noise, **curve} for noise, followed in paths.items() for curve in followed.curves())
    setting = {"lam": LAM, "noises": NOISES, "lr": LR, "epochs": EPOCHS, "starts": STARTS, "seed": SEED, "finer": FINER}
    return Record("figure1", TITLE, CAPTION, setting, findings, curves)


def _finding(noise: float, followed: Paths) -> dict[str, Any]:
    return {
        "noise": noise,
        "fixed_point": float(fixed_point(LAM, noise=noise)),
        "largest_difference": _largest(followed.exact, followed.descent),
        "largest_difference_finer_step": _largest(followed.exact, followed.finer),
    }


def _largest(exact: Any, taken: Any) -> float:
    return float(np.abs(exact[0] * exact[1] - taken[0] * taken[1]).max())


def draw(record: Record) -> Figure:
    """Loss surfaces with the paths above, strengths below, a column for each noise."""
    figure = canvas(9, 6.2)
    grid = figure.subplots(2, len(NOISES), sharex="row", sharey="row", height_ratios=(1.25, 1))
    for column, noise in enumerate(NOISES):
        _surface(grid[0, column], record, noise)
        _strengths(grid[1, column], record, noise)
    grid[0, 0].set_ylabel("decoder weight $w_2$")
    grid[1, 0].set_ylabel("strength $w_1w_2$")
    return figure


def _surface(axes: Axes, record: Record, noise: float) -> None:
    side = np.linspace(-2.15, 2.15, 181)
    w = side[:, None] * side
    loss = LAM / 2 * (1 - w) ** 2 + noise / 2 * w**2
    axes.contourf(side, side, np.log10(loss + 0.05), levels=14, cmap="Greys", alpha=0.42)
    least = record.finding(noise=noise)["fixed_point"]
    draw_least(axes, least, reach=2.15)
    for curve in record.only(noise=noise):
        draw_path(axes, curve, every=8, size=2.8)
    axes.set(aspect="equal", xlim=(-2.15, 2.15), ylim=(-2.15, 2.15), xlabel="encoder weight $w_1$")
    axes.set_title(f"ε = {noise:g}   (least loss at $w$ = {least:.3g})")


def _strengths(axes: Axes, record: Record, noise: float) -> None:
    least = record.finding(noise=noise)["fixed_point"]
    ruled(axes).axhline(least, color=INK, lw=1, ls="--")
    axes.text(EPOCHS, least + 0.12, "λ/(λ+ε)", ha="right", va="bottom", size=8)
    for curve in record.only(noise=noise):
        axes.plot(curve["epoch"], curve["w1_theory"] * curve["w2_theory"], color=colour_of(curve), lw=1.5)
        descent = curve["w1_descent"] * curve["w2_descent"]
        dots(axes, curve["epoch"][::8], descent[::8])
    axes.set(xlabel="epoch", xlim=(0, EPOCHS))
    difference = record.finding(noise=noise)["largest_difference"]
    axes.set_title(f"largest difference of lines and dots {difference:.3f}", size=8.5)
