"""What a comparison says: as text for a terminal, and as a record for other programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import Comparison
from .matrix_form import fallen_told
from .measure import epochs_told

__all__ = ["record", "table"]


def table(comparison: Comparison) -> str:
    """The comparison as plain text: a line a mode, then the overall figures and the notes."""
    c = comparison
    setting = f"hidden {c.hidden}, lr {c.lr:g}, noise {c.noise:g}, decay {c.decay:g}, seed {c.seed}"
    lines = [
        c.source,
        f"{setting}; {c.epochs[-1]:,} epochs in {c.seconds:.1f} s",
        "",
        f"{'mode':>4}  {'λ':>10}  {'limit':>6}  {'half-learning time (epochs)':^41}  {'largest':>10}",
        f"{'':4}  {'':10}  {'':6}  {'predicted':>13} {'stepped':>13} {'measured':>13}  {'difference':>10}",
        *(_row(c, j) for j in range(len(c.modes))),
        "",
        *_overall(c),
        "predicted: the closed form; stepped: one balanced mode, step by step",
        *c.notes,
    ]
    return "\n".join(lines)


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
        f"  ({c.rms_flow:.4f} for gradient flow, as if steps were infinitely small; {c.rms_alone:.4f} if",
        "  initial strengths, too, ignore that learned modes occupy hidden directions)",
        _all_at_once(c),
    ]


def _all_at_once(c: Comparison) -> str:
    """How far the matrix form is from training, or why it is not used."""
    if c.rms_matrix is None:
        return f"Matrix form: not used, as {fallen_told(c.fallen_share)}"
    return f"Matrix form, all modes at once: {c.rms_matrix:.5f} ({fallen_told(c.fallen_share)})"


def _row(c: Comparison, j: int) -> str:
    """What the table says of a mode."""
    times = [epochs_told(c.predicted_half[j]), _within(c, c.stepped_half[j], j), _within(c, c.measured_half[j], j)]
    half = " ".join(f"{time:>13}" for time in times)
    mode = f"{c.modes[j]:>4}  {c.eigenvalues[j]:>10.4f}  {c.fixed_points[j]:>6.4f}"
    return f"{mode}  {half}  {c.largest_difference[j]:>10.4f}"


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
