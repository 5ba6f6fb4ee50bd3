"""Losses f(h) of a product of weights, solved: each weight by one of them, and the time as an integral over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Function, Integral, Symbol, Tuple, diff

from ..language.solve import NoClosedForm
from .claims import Claim
from .equations import Equation
from .objective_letters import alphabet_of
from .objective_results import Solution
from .orbit import Orbit
from .product_loss import unbent

if TYPE_CHECKING:
    from .objective import Objective

KIND = "one orbit (implicit)"


def solved(objective: Objective, start: tuple[Expr, ...] | None) -> Solution:
    """The path of all weights by one of them, and the time."""
    begun = named_start(objective, start)
    orbit = orbit_of(objective, begun)
    inner = objective._fresh("s", begun, real=True)
    value = Integral((1 / orbit.velocity).xreplace({orbit.place: inner}), (inner, begun[orbit.lead], orbit.place))
    more = {orbit.place: "the weight of the smallest τw²/m on its way", inner: "the same, in the integral"}
    claim = _claim(objective, orbit, value, more)
    names = {**dict(zip(claim.lhs, claim.rhs, strict=True)), _strength_path(objective, orbit): orbit.strength}
    return Solution(KIND, names, begun, claim, form=orbit)


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
    """That the weights, as functions of x, follow the gradient of the loss, where t' is the time that x takes."""
    x, begun = orbit.place, orbit.start[orbit.lead]
    passed = Function(objective.time.name, real=True)
    paths = [Function(w.name, real=True) for w in objective.weights]
    now = {w: path(x) for w, path in zip(objective.weights, paths, strict=True)}
    loss, _ = unbent(objective.loss, dict(zip(objective.weights, orbit.start, strict=True)))
    satisfies = [
        Equation(passed(x).diff(x), 1 / orbit.velocity, "inverse rate"),
        Equation(passed(begun), 0, "start"),
    ]
    for w, path, tau, a in zip(objective.weights, paths, orbit.taus, orbit.start, strict=True):
        downhill = -diff(loss, w).xreplace(now) / tau
        satisfies.append(Equation(path(x).diff(x), downhill * passed(x).diff(x), f"{w} rate"))
        satisfies.append(Equation(path(begun), a, f"{w} at the start"))
    unknown: Sequence[Expr] = [passed(x), *(path(x) for path in paths)]
    return Claim(
        "objective.orbit",
        f"The time at which {x} is passed, and what the weights are there.",
        Tuple(*unknown),
        Tuple(value, *orbit.weights),
        satisfies=tuple(satisfies),
        source="modeflow.Objective",
        given=(*orbit.given, *(e.xreplace({orbit.product.product: orbit.strength}) > 0 for e in orbit.kept)),
        alphabet=alphabet_of(objective, orbit.start, more, {passed: "the time at which it is passed"}),
    )
