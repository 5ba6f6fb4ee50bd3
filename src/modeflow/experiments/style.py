"""The house style of every picture: colours the colour-blind can tell apart, thin axes, words beside the curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREEN, PINK, ORANGE, SKY = PALETTE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
)  # Okabe and Ito
INK, FAINT, GRID = "#333333", "#BBBBBB", "#ECECEC"
PLAIN, NOISE, DECAY = INK, BLUE, VERMILION

_RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "mathtext.fontset": "dejavusans",
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "pdf.fonttype": 42,
    "svg.hashsalt": "modeflow",
}


@contextmanager
def in_own_style() -> Iterator[None]:
    """Within it, matplotlib draws as it comes: a matplotlibrc in the current folder could have TeX run."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


@contextmanager
def in_house_style() -> Iterator[None]:
    """Within it, matplotlib draws as this project does, whatever the user's own settings."""
    import matplotlib

    with in_own_style():
        matplotlib.rcParams.update(_RC)
        yield


def canvas(width: float, height: float) -> Figure:
    """An empty figure of that many inches; needs no display and leaves pyplot alone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def ruled(axes: Axes) -> Axes:
    """The axes, with faint horizontal lines."""
    axes.grid(axis="y")
    return axes


def dots(axes: Axes, x: Any, y: Any, size: float = 2.8, colour: str = INK) -> None:
    """What was measured: dots over the line of what was predicted."""
    axes.plot(x, y, "o", color=colour, ms=size, mew=0, zorder=3)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels near the wanted ones, within [low, high], in the same order and at least `gap` apart.

    The gap shrinks where that many labels do not fit.
    """
    order = sorted(range(len(places)), key=lambda j: places[j])
    gap = min(gap, (high - low) / max(len(places) - 1, 1))
    put = [0.0] * len(places)
    edge = low - gap
    for j in order:
        edge = put[j] = max(places[j], edge + gap, low)
    edge = high + gap
    for j in reversed(order):
        edge = put[j] = min(put[j], edge - gap, high)
    return put
