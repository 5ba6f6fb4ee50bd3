"""Paths that are known by the time at which each place is passed: t = ∫ ds/v(s) from the start, inverted.

The rate v is a polynomial, times roots that are never negative, so that between two neighbouring zeros of the
polynomial the time grows from -∞ to ∞ and each time has one place, which `branch` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Poly, Pow, Symbol

from .branch import Branch, Rate
from .tape import NoEvaluator, Tape

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PathLaw:
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

    def __str__(self) -> str:
        return self.text

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """What holds the parameters."""
        return self.velocity, self.begun

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
        begun, branch = self._branch(at, float(np.nanmax(times, initial=0.0)))
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

    def _branch(self, at: Mapping[str, float], until: float) -> tuple[float, Branch | None]:
        """The start, and the branch from there; None where the start is at rest."""
        raise NotImplementedError

    def error(self, at: Mapping[str, float], time: str, found: float) -> Any:
        """How far a place is from where the path is at a time, by integration with many digits.

        One step of Newton's method from the place found, which is exact up to the square of the distance.
        """
        put = {s: sympy.Rational(at[s.name]) for e in self.expressions for s in e.free_symbols - {self.moving}}
        rate = self._rate(put)
        begun = mpmath.mpf(self.begun.xreplace(put).evalf(mpmath.mp.dps + 10)._to_mpmath(mpmath.mp.prec))
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
        raise NotImplementedError

    def _rest_ahead(self, put: Mapping[Symbol, Any], begun: Any, rate: Any) -> Any:
        """The first zero of the rate in its direction, with many digits; None where there is none."""
        raise NotImplementedError


@dataclass(frozen=True)
class TimeLaw(PathLaw):
    """The law of a rate that is a polynomial times roots."""

    def __post_init__(self) -> None:
        self._parts  # what cannot be computed is found at once  # noqa: B018

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
        return Tape([self.begun, *(c for one in (polynomial, *self.squares, *factors) for c in one.all_coeffs())])

    @cached_property
    def squares(self) -> tuple[Poly, ...]:
        """What the roots are taken of."""
        return tuple(Poly(f.args[0], self.moving) for f in sympy.Mul.make_args(self._parts[2]) if f != 1)

    def _branch(self, at: Mapping[str, float], until: float) -> tuple[float, Branch | None]:
        begun, *numbers = map(float, self._tape(at))
        factors, polynomial, _ = self._parts
        ends = np.cumsum([one.degree() + 1 for one in (polynomial, *self.squares, *factors)])
        coefficients, *parts = np.split(np.array(numbers), ends[:-1])
        zeros = [zero for part in parts[len(self.squares) :] for zero in real_zeros(part)]
        squares = list[Array]()
        for square in parts[: len(self.squares)]:
            if (middle := _touches_zero(square)) is None:
                squares.append(square)
                continue
            sign = 1.0 if begun >= middle else -1.0  # √((w - r)²), a zero of the rate
            coefficients = np.polymul(coefficients, sign * np.sqrt(square[0]) * np.array([1.0, -middle]))
            zeros.append(middle)

        def size(w: float) -> float:
            return float(np.prod([np.sqrt(np.polyval(square, w)) for square in squares]))

        def divided_by(near: list[float]) -> Rate:
            left = divided(coefficients, near)
            return lambda w: float(np.polyval(left, w)) * size(w)

        speed = float(np.polyval(coefficients, begun)) * size(begun)
        return begun, None if speed == 0.0 else Branch.of(begun, speed, zeros, divided_by)

    def _rate(self, put: Mapping[Symbol, Any]) -> Callable[[Any], Any]:
        """dw/dt at a place, with many digits."""
        _, polynomial, besides = self._parts
        roots = [factor.as_base_exp() for factor in sympy.Mul.make_args(besides)]
        powers = [(_numbers(polynomial, put), mpmath.mpf(1))]
        powers += [(_numbers(Poly(base, self.moving), put), mpmath.mpf(e.p) / e.q) for base, e in roots]
        return lambda w: mpmath.fprod(mpmath.polyval(coefficients, w) ** e for coefficients, e in powers)

    def _rest_ahead(self, put: Mapping[Symbol, Any], begun: Any, rate: Any) -> Any:
        """The first zero of the rate in its direction."""
        roots = [root for factor in (*self._parts[0], *self._touching(put)) for root in _all_zeros(factor, put)]
        ahead = [r.real for r in roots if abs(r.imag) < mpmath.mpf(10) ** -30 and (r.real - begun) * rate > 0]
        return min(ahead, key=lambda r: abs(r - begun), default=None)

    def _touching(self, put: Mapping[Symbol, Any]) -> list[Poly]:
        """The slopes of those that roots are taken of and that are squares, with these parameters."""
        written = (Poly(one.as_expr().xreplace(put), self.moving) for one in self.squares)
        return [one.diff() for one in written if one.degree() == 2 and one.discriminant() == 0]


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


def _touches_zero(square: Array) -> float | None:
    """r where a polynomial is a·(w - r)², such as c² + 4w² for c = 0."""
    if square.size != 3 or square[0] <= 0 or square[1] ** 2 != 4 * square[0] * square[2]:
        return None
    return float(-square[1] / (2 * square[0]))


def divided(coefficients: Array, zeros: Sequence[float]) -> Array:
    """A polynomial divided by the distances from some of its zeros."""
    for zero in zeros:
        coefficients = np.polydiv(coefficients, np.array([1.0, -zero]))[0]
    return np.atleast_1d(coefficients)


def real_zeros(coefficients: Array) -> list[float]:
    """The real zeros of a polynomial, after a step of Newton's method each."""
    slope = np.polyder(coefficients)
    zeros = np.roots(coefficients)
    near = [float(r.real) for r in zeros if abs(r.imag) <= 1e-9 * max(1.0, abs(r))]
    steps = [np.polyval(coefficients, r) / s if (s := np.polyval(slope, r)) else 0.0 for r in near]
    return [float(r - step) for r, step in zip(near, steps, strict=True)]
