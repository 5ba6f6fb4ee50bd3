"""Losses that change with time: a loss at another pace, s(t)·L, and equal weights whose growth and pull change.

At another pace the path is that of L at the time S(t) = ∫s. Equal weights obey Bernoulli's equation
dw/dt = α(t)·w - β(t)·w², so that w = w₀·G/(1 + w₀·∫β·G) with G = exp ∫α.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Add, Dummy, Expr, Integral, Mul, Poly, Symbol, exp
from sympy.integrals.manualintegrate import manualintegrate

from ..language.solve import NoClosedForm
from .equations import Equation, entries
from .objective_results import Solution

if TYPE_CHECKING:
    from .objective import Objective

PACED, BERNOULLI = "at a changing pace", "Bernoulli"
LARGEST = 80  # operations of what is integrated: beyond it the search takes long


def solved(objective: Objective, start: tuple[Expr, ...] | None) -> Solution:
    """The path under a loss that changes with time; raises NoClosedForm where it is of neither kind."""
    split = _pace_and_loss(objective)
    found = _paced(objective, *split, start) if split is not None else None
    if found is None and start is not None and len(objective.weights) == 2 and objective._product is None:
        found = _of_equal_weights(objective, start)
    if found is None:
        raise NoClosedForm(
            f"no closed form known: the product equation changes with time; it is {objective._equation_text()}"
        )
    return found


# --- at another pace ----------------------------------------------------------------------------------------


def _pace_and_loss(objective: Objective) -> tuple[Expr, Expr] | None:
    """s(t) and L with loss = s(t)·L, L without the time; None where the loss is no such product."""
    factors = Mul.make_args(sympy.factor(objective.loss))
    moving = [f for f in factors if f.has(objective.time)]
    if any(f.has(*objective.weights) for f in moving):
        return None
    return Mul(*moving), Mul(*(f for f in factors if f not in moving))


def _paced(objective: Objective, pace: Expr, loss: Expr, start: tuple[Expr, ...] | None) -> Solution | None:
    time = objective.time
    passed = antiderivative(pace, time)
    steady = replace(objective, loss=loss)._solved(start)
    if passed is None or len(steady.claim.satisfies) == 0 or any(u.args != (time,) for u in entries(steady.claim.lhs)):
        return None
    values = [value.xreplace({time: passed}) for value in entries(steady.claim.rhs)]
    says = f"{steady.claim.says[:-1]}, at a pace that changes."
    if len(values) == len(objective.weights):
        claim = objective._weights_claim("paced", says, tuple(values), steady.start)
    else:
        rate, begun = steady.claim.satisfies
        faster = Equation(rate.lhs, pace * rate.rhs, "rate")
        (path,) = entries(steady.claim.lhs)
        claim = objective._claim("paced", says, path, values[0], [faster, begun], steady.start)
    told = {unknown: value.xreplace({time: passed}) for unknown, value in steady.values.items()}
    return Solution(PACED, told, steady.start, claim)


# --- equal weights ------------------------------------------------------------------------------------------


def _of_equal_weights(objective: Objective, start: tuple[Expr, ...]) -> Solution | None:
    for way in (1, -1):
        if sympy.expand(start[1] - way * start[0]) == 0 and objective._keeps_ratio(way):
            return _bernoulli(objective, start[0], way)
    return None


def _bernoulli(objective: Objective, encoder: Expr, way: int) -> Solution | None:
    v, time = Dummy("v", real=True), objective.time
    slope = objective.flow()[objective.weights[0]].subs(objective._at((v, way * v)), simultaneous=True)
    speed = Poly(sympy.expand(slope), v)
    if any(k not in (1, 3) for (k,), _ in speed.terms()):
        return None
    growth, pull = 2 * speed.coeff_monomial(v), -2 * way * speed.coeff_monomial(v**3)
    grown = antiderivative(growth, time)
    if grown is None:
        return None
    strength, size = way * encoder**2, exp(grown)
    pulled = antiderivative(sympy.expand(pull * size, power_exp=True), time)
    if pulled is None:
        return None
    value = strength * size / (1 + strength * pulled)
    path = objective._strength_path((encoder, way * encoder))
    satisfies = [
        Equation(path.diff(time), growth * path - pull * path**2, "rate"),
        Equation(path.func(0), strength, "initial value"),
    ]
    says = f"The strength of {'equal' if way == 1 else 'opposite'} weights over time, as growth and pull change."
    start = (encoder, way * encoder)
    claim = objective._claim("bernoulli", says, path, value, satisfies, start)
    return Solution(BERNOULLI, {path: value}, start, claim)


def antiderivative(e: Expr, time: Symbol) -> Expr | None:
    """∫ e from 0 to the time, term by term; None where SymPy's rules find none."""
    found = [_of_term(term, time) for term in Add.make_args(sympy.expand(e))]
    return None if None in found else Add(*found)


def _of_term(term: Expr, time: Symbol) -> Any:
    factor, moving = term.as_independent(time, as_Add=False)
    if sympy.count_ops(moving) > LARGEST:
        return None
    powers = sympy.expand(Add(*(f.args[0] for f in Mul.make_args(moving) if isinstance(f, exp))))
    if (
        powers.is_polynomial(time)
        and Poly(powers, time).degree() == 1
        and not (moving / exp(powers)).simplify().has(time)
    ):
        pace = Poly(powers, time).nth(1)
        return factor * moving.subs(time, 0) * (exp(pace * time) - 1) / pace
    free = Dummy("t", real=True)  # without a sign, so that nothing rests on one
    found = manualintegrate(moving.xreplace({time: free}), free)
    if found.has(Integral, sympy.Piecewise):
        return None
    return factor * (found.xreplace({free: time}) - found.subs(free, 0))


def _rate_of_growth(e: Expr, time: Symbol) -> Expr | None:
    """k where an expression is a product of exponentials and in all c·e^(kt), k not 0; None elsewhere."""
    factors = Mul.make_args(e)
    powers = sympy.expand(Add(*(f.args[0] for f in factors if isinstance(f, exp))))
    if not all(isinstance(f, exp) for f in factors) or not powers.is_polynomial(time):
        return None
    return Poly(powers, time).nth(1) if Poly(powers, time).degree() == 1 else None
