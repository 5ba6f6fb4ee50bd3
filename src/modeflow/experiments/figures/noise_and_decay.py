"""Figure 2: noise against the decay that leads to the same strength, over the noise and three eigenvalues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from modeflow.evaluate.evaluators import fixed_point, learning_time, strength
from modeflow.experiments.style import DECAY, NOISE, canvas, dots, ruled, spread
from modeflow.witness.modes import descend

from ..measure import crossing, matched_decay
from .figure_record import Curve, Record, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAMS, NOISES, W0, LR, EPOCHS = (2.5, 1.0, 0.5), tuple(round(0.2 * k, 1) for k in range(10)), 1e-6, 0.001, 20_000
KINDS = ("noise", "decay")

TITLE = "Noise against weight decay"
CAPTION = (
    "Strength of one mode, for λ = 2.5, 1 and 0.5, under noise ε = 0, 0.2, …, 1.8 (top, darker for more noise) and "
    "under the decay γ = λε/(λ + ε) that leads to the same strength (middle); closed form (lines) and gradient "
    "descent (dots) from w(0) = 1e-6, step 0.001, 20,000 epochs. Bottom: the time to half the final strength. Noise "
    "leaves it nearly alone; decay multiplies it by 1 + ε/λ."
)


def numbers() -> Record:
    """Strengths by closed form and by gradient descent, and the half-learning times of both."""
    cases = [case for lam in LAMS for kind in KINDS for case in _cases(lam, kind)]
    setting = {"lams": LAMS, "noises": NOISES, "w0": W0, "lr": LR, "epochs": EPOCHS}
    findings, curves = zip(*cases, strict=True)
    return Record("figure2", TITLE, CAPTION, setting, findings, curves)


def _cases(lam: float, kind: str) -> Iterator[tuple[Row, Curve]]:
    """For each noise, or the decay that matches it, what was found and the path."""
    shown, every = np.unique(np.r_[0 : EPOCHS + 1 : 250, EPOCHS]), np.arange(EPOCHS + 1)
    levels = {"noise": np.array(NOISES), "decay": matched_decay(lam, np.array(NOISES))}
    given: dict[str, Any] = {kind: levels[kind], "w1": W0**0.5, "w2": W0**0.5}
    w1, w2 = descend(lam, lr=LR, record=every, **given)
    path, exact = w1 * w2, strength(every[:, None], lam, tau=1 / LR, **given)
    limit = fixed_point(lam, **{kind: levels[kind]})
    half = learning_time(limit / 2, lam, tau=1 / LR, **given)
    for k, noise in enumerate(NOISES):
        case = {"kind": kind, "lam": lam, "noise": noise, "decay": float(levels["decay"][k])}
        measured = {
            "fixed_point": float(limit[k]),
            "half_time": float(half[k]),
            "half_time_descent": crossing(every, path[:, k], limit[k] / 2),
            "largest_difference": float(np.abs(path[:, k] - exact[:, k]).max()),
        }
        yield case | measured, case | {"epoch": shown, "theory": exact[shown, k], "descent": path[shown, k]}


def draw(record: Record) -> Figure:
    """A column for each eigenvalue: curves under noise, under decay, and the half-learning times of both."""
    figure = canvas(9, 7)
    grid = figure.subplots(3, len(LAMS), sharey="row")
    for column, lam in enumerate(LAMS):
        for row, kind in enumerate(KINDS):
            _curves(grid[row, column], record, lam, kind)
        _times(grid[2, column], record, lam)
        grid[0, column].set_title(f"λ = {lam:g}")
    grid[0, 0].set_ylabel("strength $w$ under noise")
    grid[1, 0].set_ylabel("under matched decay")
    grid[2, 0].set_ylim(bottom=0)
    grid[2, 0].set_ylabel("epochs to $w^*/2$")
    return figure


def _curves(axes: Axes, record: Record, lam: float, kind: str) -> None:
    import matplotlib

    shades = matplotlib.colormaps["Blues" if kind == "noise" else "Oranges"](np.linspace(0.35, 0.95, len(NOISES)))
    chosen = record.only(lam=lam, kind=kind)
    for shade, curve in zip(shades, chosen, strict=True):
        ruled(axes).plot(curve["epoch"], curve["theory"], color=shade, lw=1.5)
        dots(axes, curve["epoch"][::4], curve["descent"][::4], size=2.2)
    axes.set(xlim=(0, EPOCHS), ylim=(-0.03, 1.06), xlabel="epoch", xticks=(0, 5_000, 10_000, 15_000))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    labelled = [0, 2, 5, 9]
    ends = spread([chosen[k]["theory"][-1] for k in labelled], 0.08, 0.02, 1.04)
    for k, end in zip(labelled, ends, strict=True):
        text = f"ε={NOISES[k]:g}" if kind == "noise" else f"γ={chosen[k]['decay']:.2g}"
        axes.text(1.02, end, text, color=shades[k], size=7.5, va="center", transform=axes.get_yaxis_transform())


def _times(axes: Axes, record: Record, lam: float) -> None:
    columns = {kind: record.rows(lam=lam, kind=kind) for kind in KINDS}
    heights = spread([rows[-1]["half_time"] for rows in columns.values()], 4_500, 0, 60_000)
    for (kind, rows), height, colour in zip(columns.items(), heights, (NOISE, DECAY), strict=True):
        ruled(axes).plot(NOISES, [row["half_time"] for row in rows], color=colour)
        dots(axes, NOISES, [row["half_time_descent"] for row in rows])
        axes.annotate(kind, (1.8, height), (4, 0), textcoords="offset points", color=colour, size=8, va="center")
    axes.set(xlabel="noise ε", xlim=(-0.05, 1.85))
    axes.yaxis.set_major_formatter("{x:,.0f}")
