"""The derivatives of the strength, from the integrals along its path."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..generated.pairs import unordered
from .collocation import Array
from .integrals import Integrals, rising
from .panels import FASTEST, panels
from .paths import Indices, Modes, modes_of, state

MODES = 64  # at a time
SETTLED = 1e250  # times the fastest rate: later times are read as this


def slopes(s: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array) -> tuple[Array, ...]:
    """The derivatives of the strength in s = t/tau, lam, noise, decay, w1, w2, at times s >= 0 up to 1e150.

    All are float64 arrays of one length; |w1| != |w2|, lam, noise, decay >= 0. NaN in, NaN out, and where the
    rates of the mode overflow. It is fastest where many times belong to few modes. Source: claims grad.fading_*.
    """
    out = np.full((6, s.size), np.nan)
    with np.errstate(all="ignore"):
        rate = 2 * (lam + decay) + (lam + noise) * (w1**2 + w2**2)
        s = np.minimum(s, SETTLED / rate)
    known = np.flatnonzero(np.isfinite(s + rate))
    rows = np.stack([lam, noise, decay, w1, w2])[:, known]
    different, of = np.unique(rows, axis=1, return_inverse=True)
    order = np.argsort(of, kind="stable")
    ends = np.searchsorted(of[order], np.arange(0, different.shape[1] + MODES, MODES))
    with np.errstate(all="ignore"):
        for i, (begin, end) in enumerate(pairwise(ends)):
            chosen = known[order[begin:end]]
            mode = modes_of(*different[:, i * MODES : (i + 1) * MODES])
            out[:, chosen] = _ordered(mode, of[order[begin:end]] - i * MODES, s[chosen])
    return *out[:4], *unordered(w1, w2, out[4], out[5])


def _ordered(mode: Modes, of: Indices, s: Array) -> Array:
    """The six derivatives for w2 > |w1|."""
    longest = np.zeros(mode.lam.shape)
    np.maximum.at(longest, of, s)
    fastest = 2 * (mode.lam + mode.decay) + mode.xi * mode.h0
    instant = np.where(fastest > 0, np.minimum(1 / fastest, FASTEST), 1.0)  # in place of a time of 0
    integrals = Integrals(mode, panels(mode, np.where(longest > 0, longest, instant)))
    G, J, L, D, B = integrals.at(of, s)
    here, at = mode[of], state(s, mode[of])
    return np.stack(
        [
            _by_time(here, at.h, at.w, rising(here, at, G, J), G, B),
            at.h * L,
            -at.h * J,
            -at.h * D,
            at.h * (G * (here.w2 / here.h0) - 2 * here.w1 * (B / here.c0)),
            at.h * (G * (here.w1 / here.h0) + 2 * here.w2 * (B / here.c0)),
        ]
    )


def _by_time(mode: Modes, h: Array, w: Array, g: Array, G: Array, B: Array) -> Array:
    """w', by the flow or as h·(G·w0'/h0 − 2·decay·B) (claim grad.fading_velocity), where less of it cancels."""
    w0 = mode.w1 * mode.w2
    at_start = (mode.lam - mode.xi * w0) - 2 * mode.decay * (w0 / mode.h0)
    flow = np.abs(h * g) + 2 * mode.decay * np.abs(w)
    kept = h * (G * np.abs(at_start) + 2 * mode.decay * np.abs(B))
    return np.where(flow <= kept, h * g - 2 * mode.decay * w, h * (G * at_start - 2 * mode.decay * B))
