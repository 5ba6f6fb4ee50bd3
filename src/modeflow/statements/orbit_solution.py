"""Losses f(h) of a product of weights, solved: each weight by one of them, and the time as an integral over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Function, Integer, Integral, Symbol, diff

from ..language.passing_times import passing_times
from ..language.solve import NoClosedForm
from .claims import Claim
from .objective_results import Solution
from .orbit import Orbit
from .path_claim import CANDIDATE_LIMIT, CLOSED, IMPLICIT, path_claim
from .product_loss import unbent

if TYPE_CHECKING:
    from .objective import Objective


def solved(objective: Objective, start: tuple[Expr, ...] | None) -> Solution:
    """The path of all weights by one of them, and the time, in closed form where one is known and proved."""
    begun = named_start(objective, start)
    orbit = orbit_of(objective, begun)
    for found in _times_of_a_pair(orbit):
        solution = _solution(objective, orbit, found, CLOSED, {})
        if solution.verify(time_limit=CANDIDATE_LIMIT).status == "proved":
            return solution
    inner = objective._fresh("s", begun, real=True)
    value = Integral((1 / orbit.velocity).xreplace({orbit.place: inner}), (inner, begun[orbit.lead], orbit.place))
    return _solution(objective, orbit, value, IMPLICIT, {inner: "the same, in the integral"})


def _times_of_a_pair(orbit: Orbit) -> Iterator[Expr]:
    """Of two weights in proportion, or one of multiplicity 2: the time by the strength h = c·x²."""
    if orbit.apart or orbit.power != 2:
        return
    h, lead = orbit.product.product, orbit.lead
    rate = 2 * orbit.product.multiplicities[lead] * orbit.unit / orbit.taus[lead]
    begun = orbit.strength.xreplace({orbit.place: orbit.start[lead]})
    for found in passing_times(orbit.product.slope, h, begun, rate, Integer(2)):
        yield found.time.xreplace({h: orbit.strength})


def _solution(objective: Objective, orbit: Orbit, time: Expr, kind: str, more: dict[Symbol, str]) -> Solution:
    claim = _claim(objective, orbit, time, {orbit.place: "the weight of the smallest τw²/m on its way", **more})
    names = {**dict(zip(claim.lhs, claim.rhs, strict=True)), _strength_path(objective, orbit): orbit.strength}
    return Solution(kind, names, orbit.start, claim, form=orbit)


def orbit_of(objective: Objective, start: tuple[Expr, ...]) -> Orbit:
    product = objective._product
    assert product is not None
    unbent(objective.loss, dict(zip(objective.weights, start, strict=True)))  # a kink is told in the user's letters
    loss, kept = unbent(product.loss, {product.product: product.of(start)})
    if not all(sympy.Poly(e, product.product).degree() == 1 for e in kept):
        raise NoClosedForm(f"no closed form known: {objective.loss} has kinks at several values of the product")
    x = objective._fresh("x", start, real=True)
    return Orbit(replace(product, loss=loss), objective.taus, start, x, tuple(kept))


def named_start(objective: Objective, start: tuple[Expr, ...] | None) -> tuple[Expr, ...]:
    """The start, or letters for it: the first weight may be 0, and has the smallest τw²/m."""
    if start is not None:
        return start
    names = [f"{w.name}_0" for w in objective.weights]
    if objective.loss.has(sympy.Abs):
        return tuple(objective._fresh(name, positive=True) for name in names)
    first, *others = names
    return (objective._fresh(first, real=True), *(objective._fresh(n, real=True, nonzero=True) for n in others))


def _strength_path(objective: Objective, orbit: Orbit) -> Expr:
    return Function(objective._fresh("w", orbit.start).name, real=True)(orbit.place)


def _claim(objective: Objective, orbit: Orbit, value: Expr, more: dict[Symbol, str]) -> Claim:
    """That the weights, as functions of x, follow the gradient of the loss."""
    loss, _ = unbent(objective.loss, dict(zip(objective.weights, orbit.start, strict=True)))
    flow = {w: -diff(loss, w) / tau for w, tau in zip(objective.weights, orbit.taus, strict=True)}
    return path_claim(objective, flow, orbit, value, more, "objective.orbit", "modeflow.Objective")
