"""The solutions I of I' = f − xi·h·I along the panels of modes, at any time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .collocation import Array, integral, particular, radau, weights_at
from .panels import Panels
from .paths import Indices, Modes, State

CLOSE = 0.1  # |lam − xi·w| over lam + xi·|w| below which it is had from its own equation


@dataclass(frozen=True)
class Solutions:
    """Some I on each panel: value + rest·x, a polynomial in x, and what is left from before the panel beside it."""

    first: Array  # [panel, which], of the polynomial at x = 0
    rest: Array  # [panel, point, which]
    start: Array  # [panel, which], of I

    def at_points(self, fallen: Array) -> Array:
        """I at the points of the panels, which exp(−∫xi·h) from their start has fallen to."""
        layer = (self.start - self.first)[:, None, :] * fallen[:, :, None]
        whole: Array = self.first[:, None, :] + self.rest * radau()[:, None] + layer
        return whole


class Integrals:
    """G, J, L, D, B along the panels: I with f = 0 from 1, and with w, 1 − w, tanh + 2s·sech²·g, sech²·g from 0."""

    def __init__(self, mode: Modes, panels: Panels) -> None:
        self.mode, self.panels = mode, panels
        of = panels.of
        pull = mode.xi[of, None] * panels.h * panels.width[:, None]
        self.phase = pull @ integral().T  # ∫xi·h from the start of each panel
        self.phase_start = _sums(of, self.phase[:, -1])
        self.pull = pull
        self.by_w = self._solved(panels.w[:, :, None])
        kept = self.by_w.at_points(np.exp(-self.phase))[:, :, 0]
        there = State(panels.w, panels.h, panels.tanh, panels.sech2)
        G = np.exp(-self.phase_start[:, None] - self.phase)
        g = rising(mode[of[:, None]], there, G, kept)
        missing = without(mode[of[:, None]], panels.w, g)
        fed = panels.sech2 * g
        self.others = self._solved(np.stack([missing, panels.tanh + 2 * panels.s * fed, fed], axis=2))

    def _solved(self, f: Array) -> Solutions:
        first, rest = particular(self.pull, f * self.panels.width[:, None, None])
        start = np.zeros_like(first)
        fallen = np.exp(-self.phase[:, -1])[:, None]
        end = first + rest[:, -1]
        follows = np.flatnonzero(self.panels.of[1:] == self.panels.of[:-1]) + 1
        for i in follows:
            start[i] = end[i - 1] + (start[i - 1] - first[i - 1]) * fallen[i - 1]
        return Solutions(first, rest, start)

    def at(self, of: Indices, s: Array) -> tuple[Array, ...]:
        """G, J, L, D, B of the modes `of` at the times s, up to the end of their panels."""
        panel = self._panel(of, s)
        x = np.clip((s - self.panels.left[panel]) / self.panels.width[panel], 0, 1)
        weights = weights_at(x)
        phase = x * np.einsum("ij,ij->i", weights, (self.phase / radau())[panel])
        fallen = np.exp(-phase)[:, None]
        found = [np.exp(-self.phase_start[panel] - phase)]
        for part in (self.by_w, self.others):
            rest = x[:, None] * np.einsum("ij,ijk->ik", weights, part.rest[panel])
            found += list((part.first[panel] + rest + (part.start - part.first)[panel] * fallen).T)
        return tuple(found)

    def _panel(self, of: Indices, s: Array) -> Indices:
        """The panel that a time lies on."""
        begin = np.searchsorted(self.panels.of, np.arange(self.mode.lam.size + 1))
        panel = np.empty(s.shape, np.intp)
        order = np.argsort(of, kind="stable")
        ends = np.searchsorted(of[order], np.arange(self.mode.lam.size + 1))
        for m in range(self.mode.lam.size):
            rows = order[ends[m] : ends[m + 1]]
            left = self.panels.left[begin[m] : begin[m + 1]]
            panel[rows] = begin[m] + np.maximum(np.searchsorted(left, s[rows], side="right") - 1, 0)
        return panel


def rising(mode: Modes, there: State, G: Array, J: Array) -> Array:
    """g = lam − xi·w, which is G·g0 + 2·decay·xi·J (claim grad.fading_rise)."""
    at_start = mode.lam - mode.xi * (mode.w1 * mode.w2)
    plain = mode.lam - mode.xi * there.w
    cancels = np.abs(plain) < CLOSE * (mode.lam + mode.xi * np.abs(there.w))
    return np.where(cancels, G * at_start + 2 * mode.decay * mode.xi * J, plain)


def without(mode: Modes, w: Array, g: Array) -> Array:
    """1 − w, which is (g + noise·w)/lam (claim grad.fading_share)."""
    plain = 1 - w
    better = (np.abs(plain) < 0.5) & (np.abs(g) + mode.noise * np.abs(w) < mode.lam / 2)
    return np.where(better, (g + mode.noise * w) / np.where(better, mode.lam, 1), plain)


def _sums(of: Indices, values: Array) -> Array:
    """For each panel the sum over those before it on the same mode."""
    before = np.zeros_like(values)
    for i in np.flatnonzero(of[1:] == of[:-1]) + 1:
        before[i] = before[i - 1] + values[i - 1]
    return before
