"""What a comparison says: as text for a terminal, and as a record for other programs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import Comparison
from .matrix_form import fallen_told
from .measure import epochs_told

__all__ = ["record", "table"]


WIDE = 81
"""Columns that the table takes where there is room."""


def table(comparison: Comparison, columns: int = 100) -> str:
    """The comparison as plain text for so many columns: a line a mode, then the overall figures and the notes."""
    c = comparison
    setting = f"hidden {c.hidden}, lr {c.lr:g}, noise {c.noise:g}, decay {c.decay:g}, seed {c.seed}"
    above = [c.source, f"{setting}; {c.epochs[-1]:,} epochs in {c.seconds:.1f} s"]
    below = [*_overall(c), "predicted: the closed form; stepped: one balanced mode, step by step", *c.notes]
    if columns >= WIDE:
        return "\n".join([*above, "", *_modes(c, (4, 10, 6, 13, 13, 13, 10), "  "), "", *below])
    filled = [textwrap.fill(line.replace("\n  ", " "), columns, subsequent_indent="  ") for line in above + below]
    narrow = [*filled[: len(above)], "", *_modes(c, (4, 7, 6, 9, 9, 9, 10), " "), "", *filled[len(above) :]]
    return "\n".join(narrow)


def _modes(c: Comparison, least: Sequence[int], gap: str) -> list[str]:
    """A heading of two lines and a line a mode. least: how wide the columns are where the numbers are short."""
    head = ["mode", "λ", "limit", "predicted", "stepped", "measured", "difference"]
    rows = [_row(c, j) for j in range(len(c.modes))]
    wide = [max(w, *(len(row[k]) for row in rows)) for k, w in enumerate(least)]
    times = f"{'half-learning time (epochs)':^{sum(wide[3:6]) + 2}}"
    first = [*(f"{text:>{w}}" for text, w in zip(head[:3], wide, strict=False)), times, f"{'largest':>{wide[6]}}"]
    second = ["", "", "", *head[3:]]
    return [gap.join(first), *(_line(cells, wide, gap) for cells in (second, *rows))]


def _line(cells: Sequence[str], wide: Sequence[int], gap: str) -> str:
    """The cells, each to the right of its column; the three times nearer to each other."""
    placed = [f"{cell:>{w}}" for cell, w in zip(cells, wide, strict=True)]
    return gap.join([*placed[:3], " ".join(placed[3:6]), placed[6]])


def _overall(c: Comparison) -> list[str]:
    """How far apart theory and training are, where anything was learned."""
    modes = f"the top {c.top} modes" if c.top > 1 else "the one mode that has a signal"
    if not c.learned:
        first = float(np.min(c.predicted_half))
        if math.isinf(first):
            return [f"Nothing is learned: the theory's limit of {modes} is 0, or they start at it."]
        more = f"the theory has mode {c.modes[int(np.argmin(c.predicted_half))]} there at epoch {epochs_told(first)}"
        return [f"Trained too briefly to compare: of {modes} none reached half of its limit; {more}."]
    reached = f"{c.learned} of {modes}" if c.top > 1 else modes[0].upper() + modes[1:]
    return [
        f"{reached} reached half of {'their' if c.top > 1 else 'its'} limit",
        f"RMS difference over {modes}: {c.rms:.4f}",
        f"  ({c.rms_flow:.4f} for gradient flow, as if steps were infinitely small; {c.rms_alone:.4f} if\n"
        "  initial strengths, too, ignore that learned modes occupy hidden directions)",
        _all_at_once(c),
    ]


def _all_at_once(c: Comparison) -> str:
    """How far the matrix form is from training, or why it is not used."""
    if c.rms_matrix is None:
        return f"Matrix form: not used, as {fallen_told(c.fallen_share)}"
    return f"Matrix form, all modes at once: {c.rms_matrix:.5f} ({fallen_told(c.fallen_share)})"


def _row(c: Comparison, j: int) -> list[str]:
    """What the table says of a mode."""
    times = [epochs_told(c.predicted_half[j]), _within(c, c.stepped_half[j], j), _within(c, c.measured_half[j], j)]
    numbers = [f"{c.eigenvalues[j]:.4f}", f"{c.fixed_points[j]:.4f}"]
    return [str(c.modes[j]), *numbers, *times, f"{c.largest_difference[j]:.4f}"]


def _within(c: Comparison, time: float, j: int) -> str:
    """A time found among the epochs, or that they were too few."""
    too_short = math.isinf(time) and math.isfinite(c.predicted_half[j])
    return f"> {c.epochs[-1]:,}" if too_short else epochs_told(time)


def record(c: Comparison) -> dict[str, Any]:
    """The same as numbers; a time that is never reached is None."""
    rows: dict[str, Sequence[Any] | NDArray[np.float64]] = {
        "mode": c.modes,
        "eigenvalue": c.eigenvalues,
        "limit": c.fixed_points,
        "initial_strength": c.initial_strengths,
        "predicted_half_time": c.predicted_half,
        "stepped_half_time": c.stepped_half,
        "measured_half_time": c.measured_half,
        "largest_difference": c.largest_difference,
    }
    told = (
        "source",
        "hidden",
        "lr",
        "noise",
        "decay",
        "seed",
        "seconds",
        "top",
        "learned",
        "rms",
        "rms_flow",
        "rms_alone",
        "fallen_share",
        "rms_matrix",
    )
    return {
        **{name: getattr(c, name) for name in told},
        "epochs": int(c.epochs[-1]),
        "modes": [{name: values[j] for name, values in rows.items()} for j in range(len(c.modes))],
        "notes": list(c.notes),
    }
