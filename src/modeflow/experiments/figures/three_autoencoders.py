"""What figures 5 and 6 share: an autoencoder without price, one with noise and one with decay, side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from modeflow.experiments.style import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Progress = Callable[[int, int], None]


def part(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """The progress of one of several equal parts, as progress of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, parts * total)


def panels(runs: Collection[str], draw_run: Callable[[Axes, str], None]) -> Figure:
    """A panel for each run, with one scale for the strengths."""
    figure = canvas(9, 3.6)
    for axes, run in zip(figure.subplots(1, len(runs), sharey=True), runs, strict=True):
        draw_run(axes, run)
    return figure
