"""The closed forms of one mode of two layers, as SymPy expressions.

A mode with growth g, pull k and decay γ follows τw' = (w1² + w2²)(g - k·w) - 2γw. Balanced weights give a logistic
curve, weights without decay the direct form, unbalanced weights under decay a ratio of Bessel functions. The forms are
candidates here: the chapters derive them, and whoever uses them puts them back into the equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Integer, Symbol, besseli, besselk, cancel, exp, factor, log, sqrt

Naming = Callable[[str, Expr], Expr]
"""How a part of a form is written, from what it is called here and what it is: by a name, or as it is."""


Part = tuple[str, str, str, str]
"""How a chapter calls a part: name, letter and index in LaTeX, and what it is, with {} for a mark over the letters."""

# The parts of the forms below.
DIRECT_PARTS: dict[str, Part] = {
    "imbalance": ("c_ab", "c", "_{ab}", "The imbalance at the start."),
    "sum": ("p0", "p", "_0", "The sum of the weights at the start."),
    "difference": ("q0", "q", "_0", "The difference of the weights at the start."),
    "rho": ("rho", r"\rho", "", "The rate, times τ, at which the mode comes to rest."),
    "fading": ("E", "E", "", "What fades at the rate ρ{}/τ, from 1 at the start to 0."),
    "numerator": ("N", r"\mathcal{N}", "", "The numerator of the ratio that stretches the squared sum of the weights."),
    "denominator": (
        "D",
        r"\mathcal{D}",
        "",
        "The denominator of the ratio that stretches the squared sum of the weights.",
    ),
    "first": ("S1", "S", "_1", "The numerator of the encoder weight over time."),
    "second": ("S2", "S", "_2", "The numerator of the decoder weight over time."),
    "size": ("m", "m", "", "The squared norm w1² + w2² of weights of strength x."),
    "passing": ("K", "K", "", "The numerator in the logarithm of the learning time, at a strength x."),
}
FADING_PARTS: dict[str, Part] = {
    "order": ("mu", r"\mu", "", "The order of the Bessel functions."),
    "imbalance": ("c_t", "c", "_t", "The imbalance over time."),
    "start": ("z0", "z", "_0", "The argument of the Bessel functions at the start."),
    "variable": ("z_t", "z", "_t", "The argument of the Bessel functions over time, proportional to the imbalance."),
    "growing": ("A0", "A", "_0", "The coefficient of the growing Bessel function that fits the start."),
    "falling": ("B0", "B", "_0", "The coefficient of the decaying Bessel function that fits the start."),
    "above": (
        "Q_above",
        r"\mathcal{A}",
        "_t",
        "The numerator of the ratio of difference to sum of the weights over time.",
    ),
    "below": (
        "Q_below",
        r"\mathcal{B}",
        "_t",
        "The denominator of the ratio of difference to sum of the weights over time.",
    ),
    "ratio": ("Q_t", "Q", "_t", "The ratio of difference to sum of the weights over time."),
}


def as_it_is(part: str, expression: Expr) -> Expr:
    """No part has a name."""
    return expression


def logistic_path(growth: Expr, pull: Expr, start: Expr, time: Expr, rate: Expr) -> Expr:
    """The solution of du/dt = rate·u(growth - pull·u) from `start`, for growth ≠ 0."""
    grown = exp(rate * growth * time)
    return growth * grown / (pull * (grown - 1) + growth / start)


def logistic_time(growth: Expr, pull: Expr, start: Expr, value: Expr, rate: Expr) -> Expr:
    """The time at which that solution passes a value."""
    passed = value * (growth - pull * start) / (start * (growth - pull * value))
    return log(passed) / (rate * growth)


@dataclass(frozen=True)
class DirectForm:
    """Both weights over time without decay, from encoder a and decoder b.

    w1 = first/√(N D), w2 = second/√(N D). Not found in the literature we searched.
    """

    growth: Expr
    pull: Expr
    a: Expr
    b: Expr
    time: Symbol
    tau: Expr
    naming: Naming = as_it_is

    @cached_property
    def imbalance(self) -> Expr:
        return self.naming("imbalance", self.b**2 - self.a**2)

    @cached_property
    def sum(self) -> Expr:
        """p of both weights at the start."""
        return self.naming("sum", self.a + self.b)

    @cached_property
    def difference(self) -> Expr:
        """q of both weights at the start."""
        return self.naming("difference", self.b - self.a)

    @cached_property
    def rho(self) -> Expr:
        """The rate, times τ, at which the mode comes to rest."""
        return self.naming("rho", sqrt(4 * self.growth**2 + self.pull**2 * self.imbalance**2))

    @cached_property
    def fading(self) -> Expr:
        return self.naming("fading", exp(-self.rho * self.time / self.tau))

    @cached_property
    def numerator(self) -> Expr:
        """N: the sum of the weights is stretched by √(N/D)."""
        gone = 1 - self.fading
        value = self.rho * (1 + self.fading) + (2 * self.growth + self.pull * self.difference**2) * gone
        return self.naming("numerator", value)

    @cached_property
    def denominator(self) -> Expr:
        """D: the difference of the weights is shrunk by √(D/N)."""
        gone = 1 - self.fading
        value = self.rho * (1 + self.fading) + (self.pull * self.sum**2 - 2 * self.growth) * gone
        return self.naming("denominator", value)

    @cached_property
    def first(self) -> Expr:
        gone = 1 - self.fading
        leaning = self.a * (self.rho * (1 + self.fading) - self.pull * self.imbalance * gone)
        return self.naming("first", leaning + 2 * self.growth * self.b * gone)

    @cached_property
    def second(self) -> Expr:
        gone = 1 - self.fading
        leaning = self.b * (self.rho * (1 + self.fading) + self.pull * self.imbalance * gone)
        return self.naming("second", leaning + 2 * self.growth * self.a * gone)

    @property
    def weights(self) -> tuple[Expr, Expr]:
        root = sqrt(self.numerator * self.denominator)
        return self.first / root, self.second / root

    @property
    def strength(self) -> Expr:
        return self.first * self.second / (self.numerator * self.denominator)

    def learning_time(self, value: Symbol) -> Expr:
        """The time at which the strength passes a value, a letter, on its way from a·b to rest."""

        size = self.naming("size", sqrt(self.imbalance**2 + 4 * value**2))
        here = 4 * self.growth * value + self.pull * self.imbalance**2 + self.rho * size
        weight = self.naming("passing", here)
        start = self.a * self.b
        passed = weight * (self.growth - self.pull * start)
        at_start = weight.xreplace({value: start})
        return self.tau / self.rho * log(passed / (at_start * (self.growth - self.pull * value)))


@dataclass(frozen=True)
class FadingForm:
    """Both weights over time under decay, from p = w1 + w2 > 0 and q = w2 - w1 > 0 at the start.

    Not found in the literature we searched.
    """

    growth: Expr
    pull: Expr
    decay: Expr
    p: Expr
    q: Expr
    time: Symbol
    tau: Expr
    naming: Naming = as_it_is

    @cached_property
    def order(self) -> Expr:
        """μ of the Bessel functions."""
        return self.naming("order", (self.growth - self.decay) / (2 * self.decay))

    @cached_property
    def imbalance(self) -> Expr:
        """c over time."""
        return self.naming("imbalance", self.p * self.q * exp(-2 * self.decay * self.time / self.tau))

    @cached_property
    def start(self) -> Expr:
        """The Bessel functions' argument at the start."""
        return self.naming("start", self.pull * self.p * self.q / (4 * self.decay))

    @cached_property
    def variable(self) -> Expr:
        """Their argument over time."""
        return self.naming("variable", self.start * exp(-2 * self.decay * self.time / self.tau))

    def ratio(self, alpha: Expr, beta: Expr, z: Expr) -> Expr:
        """q/p at z for the solution α I_μ + β K_μ of the Bessel equation."""
        above, below = self._combinations(alpha, beta, z)
        return above / below

    def _combinations(self, alpha: Expr, beta: Expr, z: Expr) -> tuple[Expr, Expr]:
        mu = self.order
        above = alpha * besseli(mu, z) + beta * besselk(mu, z)
        return above, beta * besselk(mu + 1, z) - alpha * besseli(mu + 1, z)

    @cached_property
    def start_coefficients(self) -> tuple[Expr, Expr]:
        """α and β that give q/p its value at the start."""
        mu, z0 = self.order, self.start
        return (
            self.naming("growing", self.q * besselk(mu + 1, z0) - self.p * besselk(mu, z0)),
            self.naming("falling", self.p * besseli(mu, z0) + self.q * besseli(mu + 1, z0)),
        )

    @cached_property
    def squared_sum(self) -> Expr:
        """P = (w1 + w2)² over time."""
        above, below = self._combinations(*self.start_coefficients, self.variable)
        return self.imbalance / self.naming("ratio", self.naming("above", above) / self.naming("below", below))

    @property
    def weights(self) -> tuple[Expr, Expr]:
        root = sqrt(self.squared_sum)
        return (root - self.imbalance / root) / 2, (root + self.imbalance / root) / 2


@dataclass(frozen=True)
class LinearForm:
    """Both weights over time under a quadratic loss with second derivatives h11, h12, h22 and slopes b1, b2 at 0.

    Along each direction that the second derivatives keep, the weights grow or fade by an exponential of their own.
    """

    h11: Expr
    h12: Expr
    h22: Expr
    b1: Expr
    b2: Expr
    w1: Expr
    w2: Expr
    time: Symbol
    tau: Expr

    @cached_property
    def weights(self) -> tuple[Expr, Expr]:
        if self.h12 == 0:
            return self._along(self.h11, self.w1, self.b1), self._along(self.h22, self.w2, self.b2)
        above, below = self._curvatures
        first, second = self._part(above, below), self._part(below, above)
        return first[0] + second[0], first[1] + second[1]

    @property
    def _curvatures(self) -> tuple[Expr, Expr]:
        """The two eigenvalues of the second derivatives."""
        total = self.h11 + self.h22
        if cancel(self.h11 * self.h22 - self.h12**2) == 0:
            return cancel(total), Integer(0)
        half_gap = (
            self.h12
            if cancel(self.h11 - self.h22) == 0
            else sqrt(factor(total**2 / 4 - self.h11 * self.h22 + self.h12**2))
        )
        return total / 2 + half_gap, total / 2 - half_gap

    def _part(self, own: Expr, other: Expr) -> tuple[Expr, Expr]:
        """The part of the weights along the direction whose curvature is `own`."""
        gap = own - other
        starts, pushes = (
            (((self.h11 - other) * x + self.h12 * y) / gap, (self.h12 * x + (self.h22 - other) * y) / gap)
            for x, y in ((self.w1, self.w2), (self.b1, self.b2))
        )
        return self._along(own, starts[0], pushes[0]), self._along(own, starts[1], pushes[1])

    def _along(self, curvature: Expr, start: Expr, push: Expr) -> Expr:
        """The solution of τ dx/dt = -curvature·x - push."""
        if curvature == 0:
            return start - push * self.time / self.tau
        fading = exp(-curvature * self.time / self.tau)
        return start * fading - (push * (1 - fading) / curvature if push != 0 else 0)
