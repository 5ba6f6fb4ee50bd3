"""Layers that are equal and stay so, for any number of them, which may be a letter or infinite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr, Function, Integer, Integral, Symbol, diff, oo

from ..language.flow import rate_of
from ..language.passing_times import Candidate, passing_times, path_in_closed_form
from ..language.quantities import Alphabet
from ..language.shown import excerpt
from ..language.solve import NoClosedForm
from .chapter import Chapter
from .claims import Claim
from .equal_path import EqualPath
from .equations import Equation
from .loss_checks import check_expression, check_names, checked_tau
from .objective_letters import Letters
from .objective_results import Solution
from .path_claim import CANDIDATE_LIMIT
from .product_loss import sign_of, unbent, with_absolute_values, without_common_factors

EXPLICIT, CLOSED, INTEGRAL = "equal layers", "equal layers (time in closed form)", "equal layers (implicit)"


@dataclass(frozen=True)
class EqualLayers:
    """A loss of the product of equal layers, which stay equal, to the path of the product.

    With L layers u, each of time constant τ, the strength w = u^L > 0 follows τ·dw/dt = -L·w^(2 - 2/L)·f'(w). Of
    infinitely many, τ stands for the time constant of a layer over their number: τ·dw/dt = -w²·f'(w). Raises ValueError
    for a depth that is no positive whole number, positive letter or oo, and for a loss that does not depend on the
    strength; TypeError for what is not a SymPy expression.

    Attributes:
        loss: f, a SymPy expression in the strength.
        strength: the symbol of the strength, w.
        depth: L, a whole number, a letter, or sympy.oo.
        time: the SymPy symbol of time.
        tau: the time constant of a layer; 1 if left out.
        alphabet: an Alphabet that says how its letters are written and what they mean; None declares none.
    Example:
        >>> from sympy import Symbol, exp
        >>> from modeflow import EqualLayers
        >>> w = Symbol("w", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> EqualLayers(exp(-w), w, 2, t).solve().values
        {t(w): Ei(w)/2 - Ei(w_0)/2}
    """

    loss: Expr
    strength: Symbol
    depth: Any
    time: Symbol
    tau: Expr = field(default_factory=lambda: Integer(1))
    alphabet: Alphabet | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_expression("loss", self.loss)
        if not (isinstance(self.strength, Symbol) and isinstance(self.time, Symbol)) or self.strength == self.time:
            raise ValueError(f"strength = {self.strength}, time = {self.time}: give two different symbols")
        object.__setattr__(self, "loss", with_absolute_values(self.loss, (self.strength,)))
        check_names("loss", self.loss.free_symbols, (self.strength, self.time))
        if not self.loss.has(self.strength):
            raise ValueError(f"loss = {self.loss} does not depend on {self.strength}; give one that does")
        if self.loss.has(self.time):
            raise ValueError(f"loss = {self.loss} changes with {self.time}; give one that does not")
        object.__setattr__(self, "depth", _checked_depth(self.depth, (self.strength, self.time)))
        if self.depth == 1 and self.strength.is_nonnegative:
            raise ValueError(f"{self.strength} is declared >= 0, but one layer may pass 0; declare it with real=True")
        object.__setattr__(self, "tau", checked_tau("tau", self.tau, (self.strength,), self.time))
        check_names("loss", self._symbols, (self.strength, self.time))

    @property
    def _symbols(self) -> set[Symbol]:
        return {*self.loss.free_symbols, *self.tau.free_symbols, *self.depth.free_symbols, self.strength, self.time}

    @property
    def rate(self) -> Expr:
        """What w^order·f'(w) is multiplied by in -dw/dt."""
        return 1 / self.tau if self.depth == oo else self.depth / self.tau

    @property
    def order(self) -> Expr:
        """2 - 2/L."""
        return Integer(2) - 2 / self.depth

    @cached_property
    def _begun(self) -> Symbol:
        names = {s.name for s in self._symbols}
        name = next(n for n in (f"{self.strength.name}_0", f"{self.strength.name}_start") if n not in names)
        return Symbol(name, real=True) if self.depth == 1 else Symbol(name, positive=True)

    def velocity(self, loss: Expr | None = None) -> Expr:
        """dw/dt, in w.

        Parameters:
            loss: another form of the loss, such as one without absolute values.
        Returns: a SymPy expression.
        Raises: nothing.
        Example:
            >>> from sympy import Symbol
            >>> from modeflow import EqualLayers
            >>> w, L = Symbol("w", positive=True), Symbol("L", positive=True)
            >>> EqualLayers((1 - w) ** 2 / 2, w, L, Symbol("t", nonnegative=True)).velocity()
            -L*w**(2 - 2/L)*(w - 1)
        """
        slope = without_common_factors(diff(self.loss if loss is None else loss, self.strength))
        return -self.rate * self.strength**self.order * slope

    def solve(self, start: Expr | int | None = None) -> Solution:
        """The strength over time, or the time at which it is passed, proved before it is given.

        Parameters:
            start: the strength at t = 0, exact, > 0; of one layer any real number. None means a new letter.
        Returns: a Solution, whose kind says whether the strength is given over time, the time in closed form, or as an
            integral.
        Raises:
            NoClosedForm: the loss has a kink, and it is not known on which side the start is.
            ValueError: a start that is not exact and positive.
        Example:
            >>> from sympy import Symbol, log, exp
            >>> from modeflow import EqualLayers
            >>> w = Symbol("w", real=True)
            >>> EqualLayers(log(1 + exp(-w)), w, 1, Symbol("t", nonnegative=True)).solve().values
            {w(t): t + w_0 + exp(w_0) - LambertW(exp(t + w_0 + exp(w_0)))}
        """
        begun = self._begun if start is None else self._checked_start(start)
        loss, kept = unbent(self.loss, {self.strength: begun})
        kept = [e for e in kept if self.depth == 1 or e != self.strength]  # several layers do not reach 0
        if kept and not all(sympy.Poly(e, self.strength).degree() == 1 for e in kept):
            raise NoClosedForm(f"no closed form known: {self.loss} has kinks at several strengths")
        for solution in self._solutions(loss, tuple(kept), begun):
            if (verdict := solution.verify(time_limit=CANDIDATE_LIMIT)).status == "proved":
                return replace(solution, verdict=verdict, objective=self)
        raise NoClosedForm(f"no closed form known: {self.strength} follows dw/dt = {self.velocity(loss)}")

    def _fresh(self, name: str) -> Symbol:
        """A symbol of this name, or of one like it that nothing else has; the strength of one layer has any sign."""
        taken = {s.name for s in self._symbols} | {self._begun.name}
        free = next(n for n in (name, *(f"{name}_{k}" for k in range(2, len(taken) + 3))) if n not in taken)
        return Symbol(free, real=True) if self.depth == 1 else Symbol(free, positive=True)

    def _checked_start(self, start: Any) -> Expr:
        value = Integer(start) if isinstance(start, int) and not isinstance(start, bool) else start
        if isinstance(value, float):
            raise ValueError(f"start = {value} is inexact: write Rational(1, 2) for 0.5")
        check_expression("start", value)
        check_names(f"start = {value}", value.free_symbols, self._symbols)
        if value.has(self.time) or value.has(self.strength):
            raise ValueError(f"start = {value}: give the strength at {self.time} = 0")
        if self.depth != 1 and sign_of(value) != 1:
            raise ValueError(f"start = {value}: the product of equal layers starts at > 0; give a positive strength")
        return value

    def _solutions(self, loss: Expr, kept: tuple[Expr, ...], begun: Expr) -> Iterator[Solution]:
        """Candidates, the most explicit first."""
        place = Symbol(self.strength.name, real=True) if self.depth == 1 else Symbol(self.strength.name, positive=True)
        put = {self.strength: place}
        slope = without_common_factors(diff(loss, self.strength)).xreplace(put)
        form = EqualPath(slope, place, begun, self.rate, self.order, tuple(e.xreplace(put) for e in kept))
        if form.velocity.xreplace({place: begun}).expand() == 0:
            yield self._explicit(form, begun)
            return
        path = None if kept else path_in_closed_form(slope, place, begun, self.rate, self.depth, self.time)
        if path is not None:
            yield self._explicit(form, path)
        for found in passing_times(slope, place, begun, self.rate, self.depth):
            yield self._implicit(form, found, CLOSED)
        inner = self._fresh("s")
        value = Integral((1 / form.velocity).xreplace({place: inner}), (inner, begun, place))
        yield self._implicit(form, Candidate(value), INTEGRAL)

    def _explicit(self, form: EqualPath, value: Expr) -> Solution:
        path = Function(self.strength.name, real=True)
        satisfies = (
            Equation(path(self.time).diff(self.time), form.velocity.xreplace({form.place: path(self.time)}), "rate"),
            Equation(path(0), form.begun, "initial value"),
        )
        claim = self._claim("The strength over time.", path(self.time), value, satisfies, ())
        return Solution(EXPLICIT, {path(self.time): value}, (form.begun,), claim)

    def _implicit(self, form: EqualPath, found: Candidate, kind: str) -> Solution:
        passed = Function(self.time.name, real=True)
        satisfies = (
            Equation(passed(form.place).diff(form.place), 1 / form.velocity, "inverse rate"),
            Equation(passed(form.begun), 0, "start"),
        )
        given = (*found.given, *(e > 0 for e in form.kept))
        says = f"The time at which {form.place} is passed."
        claim = self._claim(says, passed(form.place), found.time, satisfies, given)
        return Solution(kind, {passed(form.place): found.time}, (form.begun,), claim, form=form)

    def _claim(self, says: str, lhs: Expr, rhs: Expr, satisfies: tuple[Equation, ...], given: tuple[Any, ...]) -> Claim:
        alphabet = self._alphabet(Symbol(self.strength.name, positive=True), lhs)
        conditions = tuple(c for c in given if c not in (sympy.true,))
        return Claim("objective.equal_layers", says, lhs, rhs, satisfies=satisfies, source="modeflow.EqualLayers",
                     given=conditions, alphabet=alphabet)  # fmt: skip

    def _alphabet(self, place: Symbol, lhs: Expr) -> Alphabet:
        letters = Letters(self.alphabet)
        for symbol in sorted(self.loss.free_symbols - {self.strength}, key=str):
            letters.add(symbol, "a letter of the loss")
        for symbol in sorted(self.tau.free_symbols, key=str):
            letters.add(symbol, "time constant" if symbol == self.tau else "a letter of the time constant")
        for symbol in sorted(self.depth.free_symbols, key=str):
            letters.add(symbol, "number of layers")
        letters.add(Symbol(place.name, real=True) if self.depth == 1 else place, "strength, the product of the layers")
        letters.add(self._begun, "strength at the start")
        letters.add(self._fresh("s"), "the strength, in an integral")
        letters.add(self.time, "time")
        letters.add_path(lhs.func, lhs.func.__name__, "the strength over time, or the time at which it is passed")
        return letters.alphabet

    def _derivation(self, solution: Solution, key: str, title: str) -> Chapter:
        """The strength from its layers, and the solution, as a chapter."""
        letters, layer = Letters(solution.claim.alphabet), self._fresh("u")
        letters.add(layer, "one of the layers")
        told = "The strength is the product of equal layers, each of which descends the loss."
        chapter = Chapter(key, title, letters.alphabet, source="modeflow.EqualLayers", text=told)
        before = []
        if self.depth != oo and not self.loss.has(sympy.Abs):
            slope = diff(self.loss, self.strength).xreplace({self.strength: layer**self.depth})
            flow = {layer: -(layer ** (self.depth - 1)) * slope / self.tau}
            right = -self.rate * layer ** (2 * self.depth - 2) * slope
            says = "The rate of the strength, from that of a layer."
            left = rate_of(layer**self.depth, flow)
            before = [chapter.claim("strength_rate", left, right, says=says, flow=flow).id]
        chapter._claim_of(solution, before)
        return chapter

    def __repr__(self) -> str:
        return (
            f"EqualLayers({excerpt(self.loss)}, {self.strength}, depth={self.depth}, time={self.time}, tau={self.tau})"
        )


def _checked_depth(depth: Any, others: tuple[Symbol, ...]) -> Expr:
    value = Integer(depth) if isinstance(depth, int) and not isinstance(depth, bool) else depth
    whole = isinstance(value, Integer) and value >= 1
    letter = isinstance(value, Symbol) and bool(value.is_positive) and value not in others
    if not (whole or letter or value == oo):
        remedy = "give a whole number >= 1, a symbol with positive=True, or sympy.oo"
        raise ValueError(f"depth = {depth}: {remedy}")
    return value
