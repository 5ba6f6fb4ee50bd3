"""Figure 3: the paper's step sizes, the sharp limits beside them, and the limits measured by gradient descent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import fixed_point, strength
from modeflow.experiments.style import DECAY, INK, NOISE, canvas, dots, ruled
from modeflow.witness.modes import descend, largest_stable_step
from modeflow.witness.train import stable_step

from ..measure import matched_decay
from .figure_record import Curve, Record, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAM, W0, EPOCHS = 1.0, 1e-6, 200
SHOWN = (0.0, 1.0, 5.0)
NOISES = tuple(round(0.25 * k, 2) for k in range(21))
KINDS = ("noise", "decay")
COMMON = 1 / (2 * LAM)
"""A step for both, beside the paper's: that of no noise."""
START = (1e-3, 1.001e-3)
"""Weights from which the limit is measured: small, and not quite equal, so that nothing is stable by symmetry."""
PATIENCE, RTOL = 20_000, 1e-4
AT_REST = 1e-6

TITLE = "Step sizes: the paper's, and the largest that are stable"
CAPTION = (
    "λ = 1. Top left: strength at the paper's step sizes, 1/(2λ + 3ε) under noise (broad lines) and 1/(2λ + γ) under "
    "matched decay (thin lines, on top of them); dots are gradient descent from w(0) = 1e-6, late by what steps of "
    "that size lose. Bottom left: the difference of the two mappings. At the paper's steps it is 0, since their "
    "ratio is exactly the factor 1 + ε/λ by which decay is slower; at one common step, 1/(2λ), noise is ahead. "
    "Right: those step sizes against ε (dashed), the sharp limits, 2 over the sharpness of the minimum reached "
    "(lines), and the limits measured by bisection on gradient descent from small weights (dots). Under noise the "
    "limit is 1/λ whatever the noise: noise costs no step size."
)


def numbers() -> Record:
    """Paths at the paper's steps, and for every noise the steps: the paper's, the predicted limit, the measured one."""
    curves = tuple(curve for noise in SHOWN for kind in KINDS for curve in _paths_under(kind, noise))
    findings = tuple(finding for kind in KINDS for finding in _step_sizes(kind))
    setting = {
        "lam": LAM,
        "w0": W0,
        "epochs": EPOCHS,
        "common_step": COMMON,
        "start_of_bisection": START,
        "epochs_of_bisection": PATIENCE,
        "at_rest": AT_REST,
        "bisection_rtol": RTOL,
    }
    return Record("figure3", TITLE, CAPTION, setting, findings, curves)


def _paths_under(kind: str, noise: float) -> Iterator[Curve]:
    """The strength over time at the paper's step and at the common one, in closed form and by gradient descent."""
    epochs = np.arange(EPOCHS + 1)
    given: dict[str, Any] = {**_level(kind, noise), "w1": W0**0.5, "w2": W0**0.5}
    for steps, step in (("paper", float(paper_step(kind, noise))), ("common", COMMON)):
        w1, w2 = descend(LAM, lr=step, record=epochs, **given)
        exact = strength(epochs, LAM, tau=1 / step, **given)
        case = {"kind": kind, "noise": noise, "steps": steps, "step": step}
        yield case | {"epoch": epochs, "theory": exact, "descent": w1 * w2}


def _step_sizes(kind: str) -> Iterator[Row]:
    """For each noise the paper's step, the limit predicted and that measured."""
    for noise, limit in zip(NOISES, _measured(kind, np.array(NOISES)), strict=True):
        sharp = stable_step([LAM], decay=_level(kind, noise).get("decay", 0.0))
        sizes = {"paper": float(paper_step(kind, noise)), "predicted": float(sharp), "measured": float(limit)}
        yield {"kind": kind, "noise": noise} | sizes


def paper_step(kind: str, noise: Any) -> Any:
    """The paper's step size: the inverse curvature at w1 = w2 = 1. Source: claims cmp.step_dae and cmp.step_wae."""
    return 1 / (2 * LAM + 3 * noise) if kind == "noise" else 1 / (2 * LAM + matched_decay(LAM, noise))


def _level(kind: str, noise: Any) -> dict[str, Any]:
    return {"noise": noise} if kind == "noise" else {"decay": matched_decay(LAM, noise)}


def _measured(kind: str, noises: NDArray[np.float64]) -> NDArray[np.float64]:
    """The step at which gradient descent from small weights no longer comes to rest at the fixed point."""
    level = _level(kind, noises)
    rest = fixed_point(LAM, **level)

    def settles(steps: NDArray[np.float64]) -> NDArray[np.bool_]:
        w1, w2 = descend(LAM, w1=START[0], w2=START[1], lr=steps, record=[PATIENCE - 1, PATIENCE], **level)
        return np.asarray((np.abs(w1 * w2 - rest) <= AT_REST * rest).all(axis=0))

    return largest_stable_step(settles, noises.shape, low=0.02, high=8.0, rtol=RTOL)


def draw(record: Record) -> Figure:
    """Paths and their difference on the left, step sizes under noise and under decay on the right."""
    figure = canvas(9, 5.4)
    axes = figure.subplot_mosaic([["paths", "noise"], ["difference", "decay"]], width_ratios=(1, 1))
    _paths(axes["paths"], record)
    _difference(axes["difference"], record)
    for kind in KINDS:
        _steps(axes[kind], record, kind)
    return figure


def _paths(axes: Axes, record: Record) -> None:
    ruled(axes)
    for kind, colour, width in (("noise", NOISE, 4.0), ("decay", DECAY, 1.3)):
        for curve in record.only(kind=kind, steps="paper"):
            axes.plot(curve["epoch"], curve["theory"], color=colour, lw=width)
            dots(axes, curve["epoch"][::4], curve["descent"][::4], size=2.4)
    for noise in SHOWN:
        end = LAM / (LAM + noise)
        axes.text(EPOCHS, end + 0.02, f"ε = {noise:g}", ha="right", va="bottom", size=8)
    axes.text(60, 0.85, "noise", color=NOISE, size=9)
    axes.text(60, 0.74, "matched decay: the same curve", color=DECAY, size=9)
    axes.set(xlim=(0, EPOCHS), ylim=(-0.03, 1.14), ylabel="strength $w$", xlabel="epoch")
    axes.set_title("at the paper's step sizes")


def _difference(axes: Axes, record: Record) -> None:
    ruled(axes)
    for steps, style in (("paper", "-"), ("common", "--")):
        for noise in SHOWN[1:]:
            (noisy,), (decayed,) = (record.only(kind=kind, noise=noise, steps=steps) for kind in KINDS)
            gap = noisy["theory"] - decayed["theory"]
            axes.plot(noisy["epoch"], gap, style, color=INK, lw=1.6)
            if steps == "common":
                at = int(np.flatnonzero(gap > 0.99 * gap.max())[-1])
                axes.annotate(f"ε = {noise:g}", (at, gap[at]), (3, 3), textcoords="offset points", size=8)
    axes.text(EPOCHS, 0.012, "at the paper's steps: 0", ha="right", va="bottom", size=8)
    axes.text(EPOCHS, 0.44, "dashed: at one common step 1/(2λ)", ha="right", va="bottom", size=8)
    axes.set(xlim=(0, EPOCHS), ylim=(-0.03, 0.58), xlabel="epoch", ylabel="$w$(noise) − $w$(decay)")
    axes.set_title("difference of the mappings")


def _steps(axes: Axes, record: Record, kind: str) -> None:
    colour = NOISE if kind == "noise" else DECAY
    rows = record.rows(kind=kind)
    column = {name: [row[name] for row in rows] for name in ("noise", "paper", "predicted", "measured")}
    ruled(axes).plot(column["noise"], column["predicted"], color=colour)
    dots(axes, column["noise"], column["measured"], size=4)
    axes.plot(column["noise"], column["paper"], "--", color=INK, lw=1.5)
    sharp, paper = ("1/λ", "1/(2λ+3ε)") if kind == "noise" else ("2/max(2(λ−γ), 2γ)", "1/(2λ+γ)")
    height = max(column["predicted"][10:]) + 0.08
    axes.text(5, height, f"limit {sharp}; dots: measured", color=colour, ha="right", va="bottom", size=8)
    axes.text(5, column["paper"][-1] + 0.06, f"paper {paper}", color=INK, ha="right", va="bottom", size=8)
    top = 1.1 * max(column["measured"] + column["predicted"])
    axes.set(xlim=(0, 5.1), ylim=(0, max(top, 1.3)), xlabel="noise ε", ylabel="step size")
    axes.set_title("steps under noise" if kind == "noise" else "steps under the matched decay")
