"""Fitting measured curves: noise, decay, eigenvalue, time constant or weights at the start, by least squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from ..evaluate.arguments import checked, refuse_masked
from ..evaluate.evaluators import strength
from ..evaluate.gradient import strength_grad

Array = NDArray[np.float64]

PARAMETERS = ("lam", "noise", "decay", "tau", "w1", "w2")
_SIGNED = ("w1", "w2")
_GRID = (1e-2, 1e-1, 1.0, 1e1)  # first guesses, in units of each parameter's scale
_SINGULAR = 1e-7  # smallest singular value of the Jacobian, columns scaled to length 1, taken for more than rounding


@dataclass(frozen=True)
class Fit:
    """What a fit found: estimates, how sure they are, and the scatter of the measurements.

    Attributes:
        estimates: name → estimate, in the unit of the parameter.
        standard_errors: name → standard error, in the unit of the parameter; NaN for those at a bound.
        covariance: of the estimates, (P, P) float64, in the order of `estimates`.
        deviation: standard deviation of a measurement, estimated from the residuals; 1, in units of the sigma given,
            where one is given.
        points: how many measurements there were.
        at_bound: names whose estimate is 0, the least allowed; the errors of the others hold with these fixed at 0.
    Example:
        >>> import modeflow
        >>> t = [0.5, 1.0, 2.0, 4.0, 8.0]
        >>> measured = modeflow.strength(t, 1.0, noise=0.3, w1=0.1, w2=0.2)
        >>> found = modeflow.fit(t, measured, estimate="noise", w1=0.1, w2=0.2)
        >>> found.points, found.covariance.shape, found.at_bound
        (5, (1, 1), ())
    """

    estimates: dict[str, float]
    standard_errors: dict[str, float]
    covariance: Array
    deviation: float
    points: int
    at_bound: tuple[str, ...]


def fit(
    times: ArrayLike,
    strengths: ArrayLike,
    *,
    estimate: str | Sequence[str],
    lam: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    w1: ArrayLike,
    w2: ArrayLike,
    tau: ArrayLike = 1.0,
    sigma: ArrayLike | None = None,
) -> Fit:
    """Estimate parameters of the closed form from measured strengths, by least squares, with standard errors.

    Measurements and parameters broadcast, so that several modes are fitted together; an estimated parameter is one
    number for all of them. Standard errors are those of linearised least squares: right for many points and small
    errors.

    Parameters:
        times: times of the measurements, >= 0 and finite, any shape, in the unit of tau.
        strengths: measured strengths, finite, of the shape to which times and parameters broadcast, dimensionless.
        estimate: the parameters to estimate, one name or several among lam, noise, decay, tau, w1, w2.
        lam: eigenvalue of the data's second moment, >= 0, in units of the data's variance.
        noise: variance of the input noise, >= 0, in the unit of lam.
        decay: weight decay, >= 0, in the unit of lam.
        w1, w2: encoder and decoder weight at t = 0, any real numbers, dimensionless.
        tau: time constant, > 0. What is given for an estimated parameter is a first guess, used beside a coarse grid
            (w1, w2: used alone); what is given for the others is held fixed.
        sigma: standard deviations of the measurements, > 0; None means that all are equal and estimated from the
            residuals.
    Returns: a Fit.
    Raises:
        ValueError: an unknown or repeated name, no more points than parameters, values that are not finite, or
            parameters that these measurements do not tell apart, such as lam and tau without noise and decay; the
            message says which.
        TypeError: an argument that is not real numbers.
        RuntimeError: the iteration does not converge.
    Source: the curves are those of `strength`, the slopes those of `strength_grad` (chapter grad).
    Example:
        >>> import modeflow
        >>> t = [0.5, 1.0, 2.0, 4.0, 8.0]
        >>> measured = modeflow.strength(t, 1.0, noise=0.3, w1=0.1, w2=0.2)
        >>> found = modeflow.fit(t, measured, estimate=["lam", "noise"], w1=0.1, w2=0.2)
        >>> {name: round(value, 6) for name, value in found.estimates.items()}
        {'lam': 1.0, 'noise': 0.3}
    """
    problem = _Problem(times, strengths, estimate, lam, noise, decay, w1, w2, tau, sigma)
    x0 = problem.first_guess()
    low = [-np.inf if name in _SIGNED else 0.0 for name in problem.names]
    least = least_squares(
        problem.residuals,
        np.maximum(x0, np.where(np.isinf(low), -np.inf, 1e-12 * problem.scales)),
        jac=problem.jacobian,
        bounds=(low, np.inf),
        x_scale=problem.scales,
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
        max_nfev=2000,
    )
    if not least.success:
        raise RuntimeError(
            f"the fit of {', '.join(problem.names)} did not converge: {least.message}; give closer guesses"
        )
    return problem.result(least.x)


class _Problem:
    """The measurements, the parameters held fixed and those estimated."""

    def __init__(
        self,
        times: ArrayLike,
        strengths: ArrayLike,
        estimate: str | Sequence[str],
        lam: ArrayLike,
        noise: ArrayLike,
        decay: ArrayLike,
        w1: ArrayLike,
        w2: ArrayLike,
        tau: ArrayLike,
        sigma: ArrayLike | None,
    ) -> None:
        self.names = _names(estimate)
        fixed = checked(t=times, lam=lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
        self.given: dict[str, Any] = {name: x.astype(np.float64) for name, x in fixed.items()}
        self.measured = _finite("strengths", strengths)
        self.sigma = np.ones(()) if sigma is None else _finite("sigma", sigma)
        self.known_sigma = sigma is not None
        self._check_values()
        self.given |= {name: self._guess(name) for name in self.names}
        self.shape = self._shape()
        points = int(np.prod(self.shape))
        if points <= len(self.names):
            raise ValueError(
                f"strengths: {points} measurements for {len(self.names)} parameters; give more, or estimate fewer"
            )
        self.scales = np.array([self._scale(name) for name in self.names])

    def _check_values(self) -> None:
        if (self.sigma <= 0).any():
            raise ValueError(f"sigma = {self.sigma.min()}: a standard deviation is > 0; leave sigma out if unknown")
        if np.isinf(self.given["t"]).any() or any(np.isnan(x).any() for x in self.given.values()):
            raise ValueError("times and parameters must be finite here; leave such points out with numpy.isfinite")

    def _guess(self, name: str) -> float:
        """What is given for a parameter that is estimated."""
        guess = self.given[name]
        if guess.size != 1:
            raise ValueError(
                f"{name} has the shape {guess.shape}, but an estimated parameter is one number for all "
                f"curves; fit the curves one by one, or give one guess"
            )
        return float(guess.reshape(()))

    def _shape(self) -> tuple[int, ...]:
        arrays = {"strengths": self.measured, "sigma": self.sigma, **self.given}
        try:
            shape = np.broadcast_shapes(*(np.shape(x) for x in arrays.values()))
        except ValueError:
            shapes = ", ".join(f"{name} {np.shape(x)}" for name, x in arrays.items() if np.shape(x))
            raise ValueError(
                f"shapes do not broadcast together: {shapes}; for every mode at every time give times a new last axis"
            ) from None
        if shape != self.measured.shape:
            raise ValueError(
                f"strengths has the shape {self.measured.shape}, but times and parameters give {shape}; "
                f"give one strength for each time and mode"
            )
        return shape

    def _scale(self, name: str) -> float:
        """A typical size: of a rate, what makes a curve bend at the typical time."""
        if name in _SIGNED:
            return abs(self.given[name]) or 0.1
        lam, time = self._typical("lam"), self._typical_time()
        if name == "tau":
            return (lam or 1.0) * time
        return lam if name != "lam" and "lam" not in self.names and lam > 0 else self._typical("tau") / time

    def _typical(self, name: str) -> float:
        """Of what is given; 1 for what is estimated."""
        return float(np.median(self.given[name])) if name not in self.names else 1.0

    def _typical_time(self) -> float:
        positive = self.given["t"][self.given["t"] > 0]
        return float(np.median(positive)) if positive.size else 1.0

    def parameters(self, x: Array) -> dict[str, Any]:
        return self.given | self._by_name(x)

    def _by_name(self, x: Array) -> dict[str, float]:
        return dict(zip(self.names, x.tolist(), strict=True))

    def residuals(self, x: Array) -> Array:
        curve = strength(**self.parameters(x))
        difference: Array = ((curve - self.measured) / self.sigma).ravel()
        return difference

    def jacobian(self, x: Array) -> Array:
        at = self.parameters(x)
        slopes = strength_grad(**at, wrt=self.names)
        columns = [slopes[name] for name in self.names]
        return np.stack([(np.broadcast_to(c, self.shape) / self.sigma).ravel() for c in columns], axis=1)

    def first_guess(self) -> Array:
        """The best of what was given and a coarse grid."""
        given = np.array([self.given[name] for name in self.names])
        axes = [
            (self.given[name],) if name in _SIGNED else tuple(scale * g for g in _GRID)
            for name, scale in zip(self.names, self.scales, strict=True)
        ]
        candidates = [np.where(given == 0, 1e-3 * self.scales, given), *(np.array(x) for x in product(*axes))]
        return min(candidates, key=lambda x: float(np.sum(np.square(self.residuals(x)))))

    def result(self, x: Array) -> Fit:
        bound = np.array([n not in _SIGNED for n in self.names]) & (x <= 1e-9 * self.scales)
        x = np.where(bound, 0.0, x)
        deviation = 1.0 if self.known_sigma else self._deviation(x, int((~bound).sum()))
        covariance = self._covariance(x, ~bound, deviation)
        errors = np.sqrt(np.diag(covariance))
        return Fit(
            estimates=self._by_name(x),
            standard_errors=self._by_name(errors),
            covariance=covariance,
            deviation=deviation,
            points=self.measured.size,
            at_bound=self._those(bound),
        )

    def _those(self, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(n for n, is_chosen in zip(self.names, chosen, strict=True) if is_chosen)

    def _deviation(self, x: Array, free: int) -> float:
        """That of a measurement, by the residuals; free: how many parameters they settled."""
        return float(np.sqrt(np.sum(np.square(self.residuals(x))) / (self.measured.size - free)))

    def _covariance(self, x: Array, free: NDArray[np.bool_], deviation: float) -> Array:
        """Of the free parameters, the others held at their bound; NaN for these."""
        inside = np.where(~free & (np.array(self.names) == "tau"), 1e-9 * self.scales, x)
        covariance = np.full((len(x), len(x)), np.nan)
        inverse = _inverse_square(self.jacobian(inside)[:, free], self._those(free))
        covariance[np.ix_(free, free)] = deviation**2 * inverse
        return covariance


def _names(estimate: str | Sequence[str]) -> tuple[str, ...]:
    names = (estimate,) if isinstance(estimate, str) else tuple(estimate)
    for name in names:
        if name not in PARAMETERS:
            raise ValueError(f"estimate names {name!r}, which is no parameter; choose among {', '.join(PARAMETERS)}")
    if not names or len(set(names)) < len(names):
        raise ValueError(f"estimate = {list(names)}: name each parameter to be estimated once, and at least one")
    return names


def _finite(name: str, values: ArrayLike) -> Array:
    refuse_masked(name, values)
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} is not an array of numbers ({error}); give real numbers") from None
    if not np.isfinite(array).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{list(index)} = {array[index]}: it must be finite; leave such points out")
    return array


def _inverse_square(jacobian: Array, names: Sequence[str]) -> Array:
    """(JᵀJ)⁻¹, from the singular values of J with its columns scaled to length 1."""
    lengths = np.sqrt(np.sum(np.square(jacobian), axis=0))
    if idle := [name for name, length in zip(names, lengths, strict=True) if length == 0]:
        raise ValueError(f"{idle[0]} does not change these curves at all, so it cannot be estimated; hold it fixed")
    _, values, rows = np.linalg.svd(jacobian / lengths, full_matrices=False)
    if len(values) and values[-1] < _SINGULAR:
        _refuse_together([n for n, part in zip(names, rows[-1], strict=True) if abs(part) > 0.01])
    scaled = rows.T / values / lengths[:, None]
    covariance: Array = scaled @ scaled.T
    return covariance


def _refuse_together(names: Sequence[str]) -> NoReturn:
    raise ValueError(
        f"{' and '.join(names)} cannot be told apart by these curves: changed together they leave them as they "
        f"are (without noise and decay, for one, lam and tau enter through lam/tau alone); hold one of them fixed"
    )
