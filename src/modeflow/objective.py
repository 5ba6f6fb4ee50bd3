"""Objective in, closed form out: the dynamics of one mode of two layers under any loss.

    loss → flow → invariants → product equation → closed form → put back into the flow and proved

The product equation of a mode is dw/dt as a function of its strength w = w1·w2, its imbalance c = w2² - w1² and
n = w1² + w2² = √(c² + 4w²). What it looks like decides which closed form there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Function, Integral, Matrix, Poly, PolynomialError, Symbol, Tuple, cancel, diff, sqrt

from .at_rest import Place, real_letters, zeros
from .claims import Claim, Equation
from .closed_forms import DirectForm, FadingForm, logistic_path
from .flow import Flow, gradient_flow, rate
from .prove import prove
from .solve import NoClosedForm
from .verdict import Verdict

LARGEST_DEGREE = 32  # of a loss in its weights together: beyond it, factoring takes minutes


@dataclass(frozen=True)
class Invariant:
    """A quantity that the flow leaves alone, or lets die out: d(quantity)/dt = -fading·quantity."""

    quantity: Expr
    fading: Expr

    @property
    def conserved(self) -> bool:
        return bool(self.fading == 0)


class FixedPoint(dict[Symbol, Expr]):
    """Weights at which the flow rests: weight → value, with the conditions under which the point is real and at rest.

    A weight left out is free.
    """

    def __init__(self, values: Mapping[Symbol, Expr], conditions: Iterable[Any] = ()) -> None:
        super().__init__(values)
        self.conditions: tuple[Any, ...] = tuple(conditions)

    def __repr__(self) -> str:
        where = " and ".join(str(c) for c in self.conditions)
        return f"{super().__repr__()} where {where}" if where else super().__repr__()


@dataclass(frozen=True)
class ProductEquation:
    """dw/dt = velocity, in the strength w, the imbalance c and the squared norm n = √(c² + 4w²); and dc/dt."""

    strength: Symbol
    imbalance: Symbol
    squared_norm: Symbol
    velocity: Expr
    imbalance_velocity: Expr

    def __str__(self) -> str:
        w, c, n = self.strength, self.imbalance, self.squared_norm
        text = f"d{w}/dt = {self.velocity}, d{c}/dt = {self.imbalance_velocity}"
        return f"{text}, where {n} = sqrt({c}**2 + 4*{w}**2)"

    @property
    def explicit(self) -> Expr:
        """The velocity with the squared norm written out."""
        return self.velocity.xreplace({self.squared_norm: sqrt(self.imbalance**2 + 4 * self.strength**2)})


@dataclass(frozen=True)
class Solution:
    """A closed form, explicit or implicit, with the claim that says what it solves.

    kind: "logistic", "algebraic", "linear", "Riccati with constant coefficients", "Riccati with exponential forcing" or
    "separable (implicit)". values: what is given over time (or the time, for an implicit one). start: the weights at
    t = 0 that it belongs to.
    """

    kind: str
    values: Mapping[Any, Expr]
    start: tuple[Expr, Expr]
    claim: Claim

    def verify(self, *, time_limit: float = 30.0) -> Verdict:
        """Put it back into the equations it solves, and prove them."""
        return self.claim.verify(time_limit=time_limit)

    def _repr_latex_(self) -> str:
        return self.claim._repr_latex_()


@dataclass(frozen=True)
class Objective:
    """A loss of one mode in its two weights, as a function of SymPy symbols.

    loss: a polynomial in the weights. weights: (encoder, decoder), real symbols. time: the symbol of time. tau: the
    time constant of the gradient flow. Raises ValueError for a loss that does not depend on the weights or is not a
    polynomial in them, for one with inexact numbers, and for weights that are not two different symbols; TypeError for
    what is not a SymPy expression.
    """

    loss: Expr
    weights: tuple[Symbol, Symbol]
    time: Symbol
    tau: Expr = field(default_factory=lambda: sympy.Integer(1))

    def __post_init__(self) -> None:
        for name, value in (("loss", self.loss), ("tau", self.tau)):
            if not isinstance(value, Expr):
                raise TypeError(f"{name} is a {type(value).__name__}, not a SymPy expression")
            if value.has(sympy.Float, sympy.nan, sympy.oo, -sympy.oo, sympy.zoo, sympy.I):
                raise ValueError(
                    f"{name} = {value} holds an inexact, infinite or imaginary number: write Rational(1, 2) for 0.5"
                )
        if len(self.weights) != 2 or not all(isinstance(w, Symbol) for w in (*self.weights, self.time)):
            given = f"weights = {self.weights}, time = {self.time}"
            raise ValueError(f"{given}: give two symbols, encoder and decoder, and one for the time")
        if len({*self.weights, self.time}) != 3 or self.tau.has(*self.weights):
            raise ValueError(f"weights = {self.weights}: give two different symbols that are in neither time nor tau")
        if not set(self.weights) & self.loss.free_symbols:
            raise ValueError(f"loss = {self.loss} does not depend on {self.weights[0]} or {self.weights[1]}")
        if not self.loss.is_polynomial(*self.weights):
            raise ValueError(f"loss = {self.loss} is not a polynomial in {self.weights[0]} and {self.weights[1]}")
        if (degree := Poly(self.loss, *self.weights).total_degree()) > LARGEST_DEGREE:
            raise ValueError(f"loss: its degree in the weights, {degree}, is larger than {LARGEST_DEGREE}")

    # --- what can be read off the loss ---------------------------------------------------------------------

    def flow(self) -> Flow:
        """weight → its velocity under gradient flow."""
        return gradient_flow(self.loss, self.weights, self.tau)

    def hessian(self) -> Matrix:
        """The matrix of second derivatives of the loss."""
        return Matrix([[diff(self.loss, r, s) for s in self.weights] for r in self.weights])

    def invariants(self) -> list[Invariant]:
        """Quadratic forms in the weights that are conserved or die out at a constant rate."""
        w1, w2 = self.weights
        found = []
        for quantity in (w2**2 - w1**2, w1**2 + w2**2, w1 * w2, w1**2, w2**2):
            fading = cancel(-rate(quantity, self.flow()) / quantity)
            if not fading.free_symbols & {w1, w2}:
                found.append(Invariant(quantity, fading))
        return found

    @cached_property
    def _letters(self) -> tuple[Symbol, Symbol, Symbol]:
        """w, c, n, named so that they differ from the symbols of the loss."""
        taken = {s.name for s in self.loss.free_symbols | {self.time} | self.tau.free_symbols}
        names = [next(n for n in (k, k + "_mode", k + "_of_mode") if n not in taken) for k in ("w", "c", "n")]
        w, c, n = (Symbol(name, real=True) for name in names)
        return w, c, n

    def product_equation(self) -> ProductEquation:
        """The equation of the strength; raises NoClosedForm where w, c and n do not suffice to write it."""
        w1, w2 = self.weights
        velocities = [self._in_product_letters(rate(e, self.flow())) for e in (w1 * w2, w2**2 - w1**2)]
        return ProductEquation(*self._letters, *velocities)

    def _in_product_letters(self, quantity: Expr) -> Expr:
        """A polynomial in the weights by w = w1·w2, with w1² = (n - c)/2 and w2² = (n + c)/2."""
        w, c, n = self._letters
        total = []
        for (i, j), coefficient in Poly(quantity, *self.weights).terms():
            if (i - j) % 2:
                raise NoClosedForm(
                    "no closed form known: the rate of the strength changes with the signs of the weights, so that "
                    f"there is no product equation; the flow is {dict(self.flow())}"
                )
            together, square = min(i, j), ((n - c) / 2 if i > j else (n + c) / 2)
            total.append(coefficient * w**together * square ** (abs(i - j) // 2))
        reduced = Poly(Add(*total), n).rem(Poly(n**2 - c**2 - 4 * w**2, n)) if total else Poly(0, n)
        return Add(*(sympy.factor(a) * n**k for (k,), a in reduced.terms()))

    def fixed_points(self) -> list[FixedPoint]:
        """All real weights at which the flow rests, each proved to be so; a weight left out of a point is free.

        A point comes with the conditions under which it is real, where they are not known to hold. Of a loss that
        changes with time, the points that rest at all times. Raises NoClosedForm, with the equations, where not all of
        the points can be written down and proved.
        """
        equations = self._at_all_times([diff(self.loss, w) for w in self.weights])
        letters = real_letters(equations, self.weights)
        fractions = [sympy.fraction(sympy.together(e).subs(letters)) for e in equations]
        polynomials, denominators = zip(*fractions, strict=True)
        encoder, decoder = (letters[w] for w in self.weights)
        try:
            places = zeros(polynomials, encoder, decoder, denominators)
        except NoClosedForm as reason:
            raise NoClosedForm(f"{reason}; the fixed points solve {_text(equations)}") from None
        found = [self._fixed_point(place, letters, polynomials) for place in places]
        return sorted((p for p in found if p is not None), key=lambda p: list(p.values()) != [0, 0])

    def _at_all_times(self, slopes: list[Expr]) -> list[Expr]:
        """What must vanish for slopes to vanish at all times: the coefficients of the time, or of a function of it."""
        slopes = [sympy.numer(sympy.together(e)) if e.has(self.time) else e for e in slopes]
        moving = {g for e in slopes if e.has(self.time) for g in Poly(e).gens if g.has(self.time)}
        if not moving:
            return slopes
        changing = moving.pop()
        if moving or changing.free_symbols != {self.time}:
            reason = "no closed form known: the loss changes with time; the fixed points solve"
            raise NoClosedForm(f"{reason} {_text(slopes)} at all times")
        return [sympy.expand(c) for e in slopes for c in Poly(e, changing).coeffs()]

    def _fixed_point(self, place: Place, letters: dict[Expr, Symbol], equations: Iterable[Expr]) -> FixedPoint | None:
        """The place in the symbols of the loss, proved to be at rest; None where its conditions never hold."""
        back = {letter: part for part, letter in letters.items()}
        conditions = dict.fromkeys(c.xreplace(back).doit() for c in place.conditions)
        if sympy.false in conditions:
            return None
        values = {w: place.values[letters[w]].xreplace(back) for w in self.weights if letters[w] in place.values}
        found = FixedPoint(values, (c for c in conditions if c != sympy.true))
        in_letters = any(v.has(sympy.ComplexRootOf) for v in values.values())  # which the prover does not know
        if not (all(place.rests(e) for e in equations) if in_letters else self._rests(found)):
            raise NoClosedForm(f"no closed form known: the flow is not proved to rest at {found}")
        return found

    def _rests(self, point: FixedPoint) -> bool:
        special = [(c.lhs, c.rhs) for c in point.conditions if isinstance(c, sympy.Eq)]
        slopes = [diff(self.loss, w).subs(point).subs(special) for w in self.weights]
        return all(prove(e).status == "proved" for e in slopes)

    # --- solving -------------------------------------------------------------------------------------------

    def solve(self, start: tuple[Expr, Expr] | None = None) -> Solution:
        """The path from given weights (encoder, decoder); by default from symbols that say what they are.

        Equal weights, for a loss that keeps them equal, give the balanced path. Raises NoClosedForm with the product
        equation where none of the known forms applies.
        """
        if self.time in self.loss.free_symbols | self.tau.free_symbols:
            raise NoClosedForm(
                f"no closed form known: the product equation changes with time; it is {self._equation_text()}"
            )
        if start is not None and start[0] == start[1] and self._keeps_balance():
            return self._balanced(start[0] ** 2)
        equation = self.product_equation()
        w, c = equation.strength, equation.imbalance
        fading = cancel(-equation.imbalance_velocity / c)
        if fading.free_symbols & {w, c, equation.squared_norm}:
            raise NoClosedForm(f"no closed form known: product equation is {equation}")
        growth_pull_rest = self._growth_and_pull(equation)
        if growth_pull_rest is not None and cancel(growth_pull_rest[2] + fading * w) == 0:
            growth, pull, _ = growth_pull_rest
            if fading == 0:
                return self._direct(growth, pull, start)
            if pull == 0:
                return self._linear(growth, fading * self.tau / 2, start)
            return self._fading(growth, pull, fading * self.tau / 2, start)
        if fading == 0:
            return self._separable(equation, start)
        raise NoClosedForm(f"no closed form known: product equation is {equation}")

    def _equation_text(self) -> str:
        try:
            return str(self.product_equation())
        except NoClosedForm:
            return f"that of the flow {dict(self.flow())}"

    def _keeps_balance(self) -> bool:
        w1, w2 = self.weights
        return bool(sympy.expand(rate(w2**2 - w1**2, self.flow()).subs(w2, w1)) == 0)

    def _growth_and_pull(self, equation: ProductEquation) -> tuple[Expr, Expr, Expr] | None:
        """g, k and rest of τ dw/dt = n(g - k·w) + τ·rest, if it has that form."""
        w, c, n = equation.strength, equation.imbalance, equation.squared_norm
        try:
            by_norm = Poly(equation.velocity, n)
            bracket = Poly(by_norm.coeff_monomial(n) * self.tau, w)
        except PolynomialError:
            return None
        if by_norm.degree() > 1 or bracket.degree() > 1 or bracket.as_expr().has(c):
            return None
        return bracket.coeff_monomial(1), -bracket.coeff_monomial(w), by_norm.coeff_monomial(1)

    def _paths(self) -> tuple[Expr, Expr]:
        encoder, decoder = (Function(s.name, real=True)(self.time) for s in self.weights)
        return encoder, decoder

    def _claim(self, name: str, says: str, lhs: Any, rhs: Any, satisfies: list[Equation]) -> Claim:
        return Claim(f"objective.{name}", says, lhs, rhs, satisfies=tuple(satisfies), source="modeflow.Objective")

    def _weights_claim(self, name: str, says: str, values: tuple[Expr, Expr], start: tuple[Expr, Expr]) -> Claim:
        paths = self._paths()
        moving = dict(zip(self.weights, paths, strict=True))
        rates = [
            Equation(path.diff(self.time), self.flow()[w].xreplace(moving), f"rate of {w}")
            for w, path in moving.items()
        ]
        starts = [Equation(path.func(0), s, f"start of {path.func}") for path, s in zip(paths, start, strict=True)]
        return self._claim(name, says, Tuple(*paths), Tuple(*values), rates + starts)

    def _named_start(self, start: tuple[Expr, Expr] | None) -> tuple[Expr, Expr]:
        if start is not None:
            return start
        encoder, decoder = (Symbol(f"{s.name}_0", real=True) for s in self.weights)
        return encoder, decoder

    def _direct(self, growth: Expr, pull: Expr, start: tuple[Expr, Expr] | None) -> Solution:
        start = self._named_start(start)
        form = DirectForm(growth, pull, *start, self.time, self.tau)
        says = "The weights over time, from a Riccati equation with constant coefficients."
        claim = self._weights_claim("direct", says, form.weights, start)
        values = {**dict(zip(self._paths(), form.weights, strict=True)), self._strength_path(): form.strength}
        return Solution("Riccati with constant coefficients", values, start, claim)

    def _linear(self, growth: Expr, decay: Expr, start: tuple[Expr, Expr] | None) -> Solution:
        """A quadratic loss: the sum of the weights and their difference each grow or fade by themselves."""
        start = self._named_start(start)
        total, apart = (
            (start[1] + sign * start[0]) * sympy.exp((sign * growth - decay) * self.time / self.tau) for sign in (1, -1)
        )
        weights = ((total - apart) / 2, (total + apart) / 2)
        claim = self._weights_claim("linear", "The weights over time, from a linear flow.", weights, start)
        return Solution("linear", dict(zip(self._paths(), weights, strict=True)), start, claim)

    def _fading(self, growth: Expr, pull: Expr, decay: Expr, start: tuple[Expr, Expr] | None) -> Solution:
        if start is None:
            p, q = (Symbol(f"{k}_0", positive=True) for k in ("p", "q"))
            start = ((p - q) / 2, (p + q) / 2)
        p, q = sympy.expand(start[0] + start[1]), sympy.expand(start[1] - start[0])
        if not (p.is_positive and q.is_positive):
            raise NoClosedForm(
                f"start = {start}: the closed form under decay wants w1 + w2 > 0 and w2 - w1 > 0 to be known; swap the "
                "layers or flip both signs, and declare the symbols positive"
            )
        form = FadingForm(growth, pull, decay, p, q, self.time, self.tau)
        says = "The weights over time, from a Riccati equation with exponential forcing."
        claim = self._weights_claim("fading", says, form.weights, start)
        return Solution(
            "Riccati with exponential forcing", dict(zip(self._paths(), form.weights, strict=True)), start, claim
        )

    def _strength_path(self) -> Expr:
        return Function(self._letters[0].name, real=True)(self.time)

    def _balanced(self, start: Expr) -> Solution:
        """The path of equal weights of a strength: logistic, algebraic, or implicit."""
        u = Dummy("u", positive=True)
        w1, w2 = self.weights
        velocity = sympy.expand(rate(w1 * w2, self.flow()).subs({w1: sqrt(u), w2: sqrt(u)}, simultaneous=True))
        path = self._strength_path()
        shape = Poly(velocity, u) if velocity.is_polynomial(u) else None
        start_weights = (sqrt(start), sqrt(start))
        if shape is None or shape.degree() > 2 or shape.coeff_monomial(1) != 0:
            return self._implicit(velocity, u, start, start_weights)
        growth, pull = (cancel(e * self.tau / 2) for e in (shape.coeff_monomial(u), -shape.coeff_monomial(u**2)))
        kind = "logistic" if growth != 0 else "algebraic"
        value = (
            logistic_path(growth, pull, start, self.time, rate=2 / self.tau)
            if growth != 0
            else start / (1 + 2 * pull * start * self.time / self.tau)
        )
        satisfies = [
            Equation(path.diff(self.time), velocity.xreplace({u: path}), "rate"),
            Equation(path.func(0), start, "initial value"),
        ]
        claim = self._claim(kind, "The strength of balanced weights over time.", path, value, satisfies)
        return Solution(kind, {path: value}, start_weights, claim)

    def _separable(self, equation: ProductEquation, start: tuple[Expr, Expr] | None) -> Solution:
        """With the imbalance conserved the strength alone moves, and the time is an integral over it."""
        a, b = self._named_start(start)
        velocity = equation.explicit.xreplace({equation.imbalance: b**2 - a**2})
        return self._implicit(velocity, equation.strength, a * b, (a, b))

    def _implicit(self, velocity: Expr, strength: Symbol, start: Expr, weights: tuple[Expr, Expr]) -> Solution:
        """t = ∫ dw / velocity from the start to w."""
        w = Symbol(self._letters[0].name, real=True)
        integrand = (1 / velocity).xreplace({strength: Dummy("s", real=True)})
        (inner,) = integrand.free_symbols - velocity.free_symbols - {self.time} or {Dummy("s", real=True)}
        passed = Function(self.time.name, real=True)(w)
        value = Integral(integrand, (inner, start, w))
        satisfies = [
            Equation(passed.diff(w), 1 / velocity.xreplace({strength: w}), "inverse rate"),
            Equation(passed.func(start), 0, "start"),
        ]
        claim = self._claim("separable", "The time at which the strength passes w.", passed, value, satisfies)
        return Solution("separable (implicit)", {passed: value}, weights, claim)


def _text(equations: Iterable[Expr]) -> str:
    return " and ".join(f"{e} = 0" for e in equations)
