"""X, Y, alpha at every point on its own, by the method that is accurate there."""

from __future__ import annotations

import numpy as np

from . import special_solutions
from .bessel import by_bessel
from .modes import Curves, Triple
from .taylor import series

SERIES_SPAN = 0.25  # longest step 1 − z/z0 of the series; its terms fall at least as fast as this one's powers
SERIES_GROWTH = (0.1, 1.0)  # largest (mu + z0)·(1 − z/z0), where the start is uniform and where it is not


def directly(curves: Curves) -> Triple:
    """X, Y, alpha, up to a common factor at each point."""
    mode, delta = curves.mode, curves.delta
    span = -np.expm1(-delta)
    most = np.where(np.hypot(mode.nu, mode.z0) >= special_solutions.UNIFORM_FROM, *SERIES_GROWTH)
    near = (span <= SERIES_SPAN) & (curves.at_points(mode.mu + mode.z0) * span <= curves.at_points(most))
    moved = delta > 0
    methods = ((series, near & moved), (by_bessel, moved & ~near))
    for method, chosen in methods:
        if chosen.all():
            return method(curves)
    out = np.empty((3, delta.size))
    for row, start in zip(out, (mode.p0, mode.q0, 2 * mode.a), strict=True):
        row[:] = curves.at_points(start)
    for method, chosen in methods:
        if chosen.any():
            out[:, chosen] = method(curves.part(chosen))
    return out[0], out[1], out[2]
