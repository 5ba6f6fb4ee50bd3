"""Motion along a line between two zeros of its rate, in a coordinate in which neither is reached.

In z = log((w - r₀)/(r₁ - w)), where r₀ and r₁ are the zeros, dt/dz has none of them left. Newton's method in z, held
inside a bracket, finds the place at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Rate = Callable[[float], float]
FARTHEST = 600.0  # of z, beyond which a float is at the place of rest
TOLERANCE = 2e-14  # of integrals, relative
MUCH_LONGER = 1e6  # times the time wanted


@dataclass(frozen=True)
class Branch:
    """A path between two zeros of its rate, of which either may be missing, in the coordinate z.

    Attributes:
        begun: the place at t = 0.
        behind, ahead: the zeros next to it; None where there is none.
        direction: 1 or -1, that of the motion.
        divided: the rate divided by the distances from the zeros next to it, at a place.
    """

    begun: float
    behind: float | None
    ahead: float | None
    direction: float
    divided: Rate

    @classmethod
    def of(
        cls, begun: float, speed: float, zeros: Sequence[float], divided_by: Callable[[list[float]], Rate]
    ) -> Branch:
        """The branch from a start that is not at rest.

        speed: the rate there. zeros: all those of the rate, a double one once. divided_by: the rate, divided by the
        distances from these zeros.
        """
        direction = float(np.sign(speed))
        ahead = min((r for r in zeros if (r - begun) * direction > 0), key=lambda r: abs(r - begun), default=None)
        behind = min((r for r in zeros if (r - begun) * direction < 0), key=lambda r: abs(r - begun), default=None)
        return cls(begun, behind, ahead, direction, divided_by([r for r in (ahead, behind) if r is not None]))

    @property
    def first(self) -> float:
        """z of the start."""
        return self.coordinate(self.begun)

    def coordinate(self, w: float) -> float:
        """z of a place."""
        if self.ahead is not None and self.behind is not None:
            return float(np.log((w - self.behind) / (self.ahead - w)))
        if self.ahead is not None:
            return float(np.log((self.ahead - self.begun) / (self.ahead - w)))
        if self.behind is not None:
            return float(np.log((w - self.behind) / (self.begun - self.behind)))
        return float(np.arcsinh((w - self.begun) * self.direction))

    def place(self, z: float) -> float:
        if self.ahead is not None and self.behind is not None:
            if abs(self.behind) <= abs(self.ahead):
                return self.behind + (self.ahead - self.behind) / (1 + float(np.exp(-z)))
            return self.ahead - (self.ahead - self.behind) / (1 + float(np.exp(z)))
        if self.ahead is not None:
            if z < 1:
                return self.begun - (self.ahead - self.begun) * float(np.expm1(-z))
            return self.ahead - (self.ahead - self.begun) * float(np.exp(-z))
        if self.behind is not None:
            if z < 1:
                return self.begun + (self.begun - self.behind) * float(np.expm1(z))
            return self.behind + (self.begun - self.behind) * float(np.exp(z))
        return self.begun + self.direction * float(np.sinh(z))

    def slowness(self, z: float) -> float:
        """dt/dz, which is positive."""
        w = self.place(z)
        below = np.float64(self.divided(w))
        if self.ahead is not None and self.behind is not None:
            return float(1 / ((self.behind - self.ahead) * below))
        if self.ahead is not None:
            return float(-1 / below)
        return float(1 / below if self.behind is not None else self.direction * np.cosh(z) / below)

    def reached(self, time: float, z: float, passed: float) -> tuple[float, float]:
        """z at a time, and the time there, from an earlier z and its time."""
        low, high = z, z
        while passed < time and high < FARTHEST:
            low, slowness = high, self.slowness(high)
            step = (time - passed) / slowness if slowness > 0 else 64.0
            high = self._not_too_far(low, min(high + min(max(1.0, step), 64.0), FARTHEST), time - passed)
            more = self.between(low, high)
            if np.isinf(self.slowness(high)) or passed + more >= time:
                break
            if np.isnan(more) or np.isnan(self.slowness(high)):
                raise FloatingPointError(
                    f"the path leaves the range of numbers before t = {time}; it is there at t = {passed:.17g}"
                )
            passed += more
        else:
            return self._at_the_end(time, passed, high)
        return self._newton(time, low, high, passed)

    def _not_too_far(self, low: float, high: float, time: float) -> float:
        """A nearer end of a step that would take far more than the time wanted."""
        while high - low > 1 and not self.slowness(high) * (high - low) < MUCH_LONGER * time:
            high = (low + high) / 2
        return high

    def _at_the_end(self, time: float, passed: float, z: float) -> tuple[float, float]:
        if passed < time and self.ahead is None:
            raise FloatingPointError(f"the path is infinite before t = {time}; it is at t = {passed:.17g}")
        return z, passed

    def _newton(self, time: float, low: float, high: float, passed: float) -> tuple[float, float]:
        """The z in a bracket at whose lower end `passed` is the time, which is less.

        Times are summed from the lower end alone: behind the place sought they may be so large that nothing is left
        of the time wanted. From there a step of Newton's method is short, and the bracket is halved instead.
        """
        z, at_z = low, passed
        for _ in range(200):
            wanted, is_far = z + (time - at_z) / np.float64(self.slowness(z)), at_z - time > time - passed
            nearer = wanted if low < wanted < high and not is_far else (low + high) / 2
            at_nearer = passed + self.between(low, nearer)
            if at_nearer < time:
                low, passed = nearer, at_nearer
            else:
                high = nearer
            if abs(nearer - z) <= 4e-16 * (1 + abs(nearer)):
                break
            z, at_z = nearer, at_nearer
        return float(nearer), float(at_nearer)

    def between(self, one: float, other: float) -> float:
        """The time from one z to another."""
        from scipy.integrate import quad

        ends = [one, *self._crossing(one, other), other]
        settings: dict[str, Any] = {
            "epsabs": 0.0,
            "epsrel": TOLERANCE,
            "limit": 200,
            "full_output": 1,
        }  # without warnings
        return float(sum(quad(self.slowness, a, b, **settings)[0] for a, b in pairwise(ends)))

    def _crossing(self, one: float, other: float) -> list[float]:
        """Where the place is 0, at which the roots may be nearly 0."""
        if self.place(one) * self.place(other) >= 0:
            return []
        low, high = min(one, other), max(one, other)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.place(middle) * self.place(low) > 0 else (low, middle)
        return [low]
