"""Paths that are known by the time at which each place is passed: t = ∫ ds/v(s) from the start, inverted.

The rate v is a polynomial, times roots that are never negative, so that between two neighbouring zeros of the
polynomial the time grows from -∞ to ∞ and each time has one place. In the coordinate z = log((w - r₀)/(r₁ - w)), where
r₀ and r₁ are those zeros, dt/dz has none of them left: the polynomial is divided by them. Newton's method in z, held
inside a bracket, then finds the place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Poly, Pow, Symbol

from .tape import NoEvaluator, Tape

Array = NDArray[np.float64]
FARTHEST = 600.0  # of z, beyond which a float is at the place of rest
TOLERANCE = 2e-14  # of integrals, relative


@dataclass(frozen=True)
class TimeLaw:
    """dw/dt = velocity of w alone, from `begun`.

    Attributes:
        velocity: dw/dt, in `moving` and in parameters.
        moving: the letter of the place in it.
        begun: the place at t = 0, in parameters.
        text: how the law is told.
    """

    velocity: Expr
    moving: Symbol
    begun: Expr
    text: str

    def __post_init__(self) -> None:
        self._parts  # what cannot be computed is found at once  # noqa: B018

    def __str__(self) -> str:
        return self.text

    @property
    def expressions(self) -> tuple[Expr, Expr]:
        """What holds the parameters."""
        return self.velocity, self.begun

    @cached_property
    def _parts(self) -> tuple[tuple[Poly, ...], Poly, Expr]:
        """The factors of the polynomial in the rate, none with a double zero; the polynomial; the roots besides."""
        factors, polynomial, besides = list[Poly](), sympy.S.One, sympy.S.One
        for factor in sympy.Mul.make_args(sympy.factor(sympy.together(self.velocity))):
            if factor.is_polynomial(self.moving):
                factors.append(Poly(factor.as_base_exp()[0], self.moving))
                polynomial *= factor
            elif isinstance(factor, Pow) and factor.exp == sympy.S.Half and factor.base.is_polynomial(self.moving):
                besides *= factor
            else:
                raise NoEvaluator(f"the rate {self.velocity} is no polynomial in {self.moving} times square roots")
        return tuple(factors), Poly(polynomial, self.moving), besides

    @cached_property
    def _tape(self) -> Tape:
        factors, polynomial, _ = self._parts
        return Tape([self.begun, *(c for one in (polynomial, *factors) for c in one.all_coeffs())])

    @cached_property
    def _besides(self) -> Tape:
        return Tape([self._parts[2]])

    def solve(self, values: Mapping[str, Array], time: str) -> Array:
        """The place at each time; points of the same parameters are reached one after the other."""
        names = [name for name in values if name != time]
        times = values[time].ravel()
        rows = np.stack([values[name].ravel() for name in names], axis=-1) if names else np.zeros((times.size, 0))
        found = np.full(times.size, np.nan)
        _, groups = np.unique(rows, axis=0, return_inverse=True)
        for group in range(int(groups.max(initial=-1)) + 1):
            places = np.flatnonzero(groups.ravel() == group)
            at = dict(zip(names, map(float, rows[places[0]]), strict=True))
            if not np.isnan(rows[places[0]]).any():
                with np.errstate(all="ignore"):
                    found[places] = self._along(at, times[places])
        return found.reshape(values[time].shape)

    def _along(self, at: Mapping[str, float], times: Array) -> Array:
        """The places at these times from one start."""
        begun, *numbers = map(float, self._tape(at))
        factors, polynomial, _ = self._parts
        ends = np.cumsum([one.degree() + 1 for one in (polynomial, *factors)])
        coefficients, *parts = np.split(np.array(numbers), ends[:-1])
        zeros = [zero for part in parts for zero in _real_zeros(part)]
        branch = Branch.of(begun, coefficients, zeros, self._besides, at, self.moving.name)
        found = np.full(times.shape, np.nan)
        if branch is None:
            found[~np.isnan(times)] = begun
            return found
        z, passed = branch.first, 0.0
        for n in np.argsort(times):
            if not np.isnan(times[n]):
                z, passed = branch.reached(float(times[n]), z, passed)
                found[n] = branch.place(z) if times[n] > 0 else begun
        return found

    def error(self, at: Mapping[str, float], time: str, found: float) -> Any:
        """How far a place is from where the path is at a time, by integration with many digits.

        One step of Newton's method from the place found, which is exact up to the square of the distance.
        """
        put = {s: sympy.Rational(at[s.name]) for e in self.expressions for s in e.free_symbols - {self.moving}}
        rate = self._rate(put)
        begun = mpmath.mpf(sympy.Rational(self.begun.xreplace(put)).p) / sympy.Rational(self.begun.xreplace(put)).q
        end = self._rest_ahead(put, begun, rate(begun))
        if end is None or begun == found:
            passed = mpmath.quad(lambda s: 1 / rate(s), mpmath.linspace(begun, mpmath.mpf(found), 9))
        elif (end - found) * (end - begun) <= 0:
            return end - found
        else:
            far = mpmath.log((end - begun) / (end - found))
            pieces = mpmath.linspace(0, far, 4 + int(far))
            passed = mpmath.quad(lambda z: _slowness(rate, end, begun, z), pieces)
        return (mpmath.mpf(at[time]) - passed) * rate(mpmath.mpf(found))

    def _rate(self, put: Mapping[Symbol, Any]) -> Callable[[Any], Any]:
        """dw/dt at a place, with many digits."""
        _, polynomial, besides = self._parts
        roots = [factor.as_base_exp() for factor in sympy.Mul.make_args(besides)]
        powers = [(_numbers(polynomial, put), mpmath.mpf(1))]
        powers += [(_numbers(Poly(base, self.moving), put), mpmath.mpf(e.p) / e.q) for base, e in roots]
        return lambda w: mpmath.fprod(mpmath.polyval(coefficients, w) ** e for coefficients, e in powers)

    def _rest_ahead(self, put: Mapping[Symbol, Any], begun: Any, rate: Any) -> Any:
        """The first zero of the rate in its direction."""
        roots = [root for factor in self._parts[0] for root in _all_zeros(factor, put)]
        ahead = [r.real for r in roots if abs(r.imag) < mpmath.mpf(10) ** -30 and (r.real - begun) * rate > 0]
        return min(ahead, key=lambda r: abs(r - begun), default=None)


def _all_zeros(factor: Poly, put: Mapping[Symbol, Any]) -> list[Any]:
    """The zeros of a polynomial with these parameters, with many digits."""
    coefficients = _numbers(factor, put)
    return list(mpmath.polyroots(coefficients, maxsteps=500, extraprec=200)) if len(coefficients) > 1 else []


def _numbers(polynomial: Poly, put: Mapping[Symbol, Any]) -> list[Any]:
    """The coefficients with these parameters, with many digits."""
    written = Poly(polynomial.as_expr().xreplace(put), *polynomial.gens)
    return [mpmath.mpf(c.p) / c.q for c in map(sympy.Rational, written.all_coeffs())]


def _slowness(rate: Any, end: Any, begun: Any, z: Any) -> Any:
    left = (end - begun) * mpmath.exp(-z)
    return left / rate(end - left)


@dataclass(frozen=True)
class Branch:
    """A path between two zeros of its rate, of which either may be missing, in the coordinate z.

    Attributes:
        begun: the place at t = 0.
        behind, ahead: the zeros next to it; None where there is none.
        rest: the polynomial divided by them, coefficients from the highest.
        direction: 1 or -1, that of the motion.
        besides: what the polynomial is multiplied by, from a place.
    """

    begun: float
    behind: float | None
    ahead: float | None
    rest: Array
    direction: float
    besides: Callable[[float], float]

    @classmethod
    def of(
        cls,
        begun: float,
        coefficients: Array,
        zeros: Sequence[float],
        besides: Tape,
        at: Mapping[str, float],
        moving: str,
    ) -> Branch | None:
        """The branch from a start; None where the start is at rest.

        zeros: those of the polynomial, a double one once: found apart, since one in floating point is no zero.
        """

        def size(w: float) -> float:
            return float(besides({**at, moving: w})[0])

        speed = float(np.polyval(coefficients, begun)) * size(begun)
        if speed == 0.0:
            return None
        direction = float(np.sign(speed))
        ahead = min((r for r in zeros if (r - begun) * direction > 0), key=lambda r: abs(r - begun), default=None)
        behind = min((r for r in zeros if (r - begun) * direction < 0), key=lambda r: abs(r - begun), default=None)
        rest = coefficients
        for zero in (ahead, behind):
            rest = rest if zero is None else np.polydiv(rest, np.array([1.0, -zero]))[0]
        return cls(begun, behind, ahead, np.atleast_1d(rest), direction, size)

    @property
    def first(self) -> float:
        """z of the start."""
        if self.ahead is None or self.behind is None:
            return 0.0
        return float(np.log((self.begun - self.behind) / (self.ahead - self.begun)))

    def place(self, z: float) -> float:
        if self.ahead is not None and self.behind is not None:
            if abs(self.behind) <= abs(self.ahead):
                return self.behind + (self.ahead - self.behind) / (1 + float(np.exp(-z)))
            return self.ahead - (self.ahead - self.behind) / (1 + float(np.exp(z)))
        if self.ahead is not None:
            return self.ahead - (self.ahead - self.begun) * float(np.exp(-z))
        if self.behind is not None:
            return self.behind + (self.begun - self.behind) * float(np.exp(z))
        return self.begun + self.direction * float(np.sinh(z))

    def slowness(self, z: float) -> float:
        """dt/dz, which is positive."""
        w = self.place(z)
        below = float(np.polyval(self.rest, w)) * self.besides(w)
        if self.ahead is not None and self.behind is not None:
            return 1 / ((self.behind - self.ahead) * below)
        if self.ahead is not None:
            return -1 / below
        return 1 / below if self.behind is not None else self.direction * float(np.cosh(z)) / below

    def reached(self, time: float, z: float, passed: float) -> tuple[float, float]:
        """z at a time, and the time there, from an earlier z and its time."""
        low, high = z, z
        while passed < time and high < FARTHEST:
            low, slowness = high, self.slowness(high)
            step = (time - passed) / slowness if slowness > 0 else 64.0
            high = min(high + min(max(1.0, step), 64.0), FARTHEST)
            more = self._between(low, high)
            if passed + more >= time:
                break
            passed += more
        else:
            return self._at_the_end(time, passed, high)
        return self._newton(time, low, high, passed)

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
            wanted, is_far = z + (time - at_z) / self.slowness(z), at_z - time > time - passed
            nearer = wanted if low < wanted < high and not is_far else (low + high) / 2
            at_nearer = passed + self._between(low, nearer)
            if at_nearer < time:
                low, passed = nearer, at_nearer
            else:
                high = nearer
            if abs(nearer - z) <= 4e-16 * (1 + abs(nearer)):
                break
            z, at_z = nearer, at_nearer
        return nearer, at_nearer

    def _between(self, one: float, other: float) -> float:
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


def _real_zeros(coefficients: Array) -> list[float]:
    """The real zeros of a polynomial, after a step of Newton's method each."""
    slope = np.polyder(coefficients)
    zeros = np.roots(coefficients)
    near = [float(r.real) for r in zeros if abs(r.imag) <= 1e-9 * max(1.0, abs(r))]
    steps = [np.polyval(coefficients, r) / s if (s := np.polyval(slope, r)) else 0.0 for r in near]
    return [float(r - step) for r, step in zip(near, steps, strict=True)]
