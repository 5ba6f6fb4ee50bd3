"""Solutions and claims as functions of numbers: what their letters are, for `codegen` to compute with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Dummy, Expr, Integer, Integral, Symbol
from sympy.core.function import AppliedUndef

from ..language.definitions import unfold
from .equal_path import EqualPath
from .equations import entries
from .orbit import Orbit
from .other_starts import other_starts
from .streamline import Streamline

if TYPE_CHECKING:
    from .claims import Claim
    from .objective_results import Solution


def start_names(count: int) -> tuple[Symbol, ...]:
    return tuple(Symbol(f"start[{n}]", real=True) for n in range(count))


def gives_functions(claim: Claim) -> bool:
    """Whether the left side of a claim is a function, or several."""
    return all(isinstance(u, AppliedUndef) for u in entries(claim.lhs))


def of_claim(claim: Claim) -> Any:
    """The evaluator of what a claim gives; raises NoEvaluator for a claim that gives no function of a letter."""
    from ..codegen.evaluator import Evaluator, NoEvaluator

    unknowns, values = entries(claim.lhs), entries(unfold(claim.rhs))
    if claim.solution is not None and any(isinstance(value, Integral) for value in values):
        return of_solution(claim.solution, in_letters=True)
    if not claim.satisfies or not all(isinstance(u, AppliedUndef) and len(u.args) == 1 for u in unknowns):
        remedy = "take a claim that gives one and says what it satisfies"
        raise NoEvaluator(f"{claim.id}: its left side, {claim.lhs}, is no function of a letter such as w(t); {remedy}")
    (time, *others) = dict.fromkeys(u.args[0] for u in unknowns)
    if others:
        raise NoEvaluator(f"{claim.id}: its unknowns are functions of {time} and of {others[0]}; take one at a time")
    forms = {str(u): value for u, value in zip(unknowns, values, strict=True)}
    return Evaluator(claim.says, forms, time, claim.alphabet, given=tuple(map(unfold, claim.given)))


def of_solution(solution: Solution, *, in_letters: bool = False) -> Any:
    """The evaluator of a solution; of an implicit one by its time law.

    in_letters: whether letters of the start are given by their names also where start=(…) could give them.
    """
    evaluator = _of_solution(solution, in_letters)
    return replace(evaluator, elsewhere=other_starts(solution)) if evaluator.start_names else evaluator


def _of_solution(solution: Solution, in_letters: bool) -> Any:
    from ..codegen.evaluator import Evaluator

    time, alphabet = solution.objective.time, solution.claim.alphabet
    if isinstance(solution.form, EqualPath):
        return _equal_layers(solution, solution.form)
    begun = {} if in_letters or solution.kind == "equal layers" else _start(solution)
    rest: dict[str, Any] = {"start": begun, "start_names": start_names(len(solution.start)) if begun else ()}
    if isinstance(solution.form, Orbit):
        return _orbit(solution, solution.form, rest)
    if isinstance(solution.form, Streamline):
        return _streamline(solution, solution.form, rest)
    if solution.kind.startswith("separable"):
        return _implicit(solution, time, rest)
    forms = {str(unknown): value for unknown, value in solution.values.items()}
    return Evaluator(solution.claim.says, forms, time, alphabet, **rest)


def _equal_layers(solution: Solution, form: EqualPath) -> Any:
    """The strength of equal layers, from the time at which it is passed."""
    from ..codegen.evaluator import Evaluator, NoEvaluator

    time = solution.objective.time
    (value,) = solution.values.values()
    text = f"{time} = {value}"
    try:
        law, place, strength = _by_strength(form, text), form.place, form.place
    except NoEvaluator as reason:
        law, place, strength = _by_layer(form, text, reason)
    forms = {f"{form.place}({time})": strength}
    says = f"{solution.claim.says[:-1]}, turned around: {form.place} over time."
    return Evaluator(says, forms, time, solution.claim.alphabet, law=law, place=place, inner=(form.place, place))


def _by_strength(form: EqualPath, text: str) -> Any:
    from ..codegen.evaluator import OrbitLaw

    h = Dummy("h", real=True)
    return OrbitLaw(
        form.velocity,
        form.place,
        form.begun,
        text,
        strength=form.place,
        product=h,
        slope=form.slope.xreplace({form.place: h}),
        scale=-form.rate,
        unit=Integer(1),
        power=Integer(1),
        order=form.order,
        walls=form.walls,
    )


def _by_layer(form: EqualPath, text: str, reason: ValueError) -> tuple[Any, Symbol, Expr]:
    """The law of the weight v of one layer, w = v^L, where its rate is a polynomial, as under weight decay."""
    from ..codegen.evaluator import TimeLaw

    depth = Integer(1) if form.order == 2 else 2 / (2 - form.order)
    if form.walls or not depth.is_Integer:
        raise reason
    v = Dummy("v", positive=True)
    velocity = sympy.expand(form.velocity.xreplace({form.place: v**depth}) / (depth * v ** (depth - 1)))
    if not velocity.is_polynomial(v):
        raise reason
    return TimeLaw(velocity, v, form.begun ** (1 / depth), text), v, v**depth


def _start(solution: Solution) -> Mapping[Symbol, Expr]:
    """The letters of the start, from the weights; empty where these do not give them."""
    letters = sorted({s for value in solution.start for s in value.free_symbols}, key=str)
    names = start_names(len(solution.start))
    equations = [value - weight for value, weight in zip(solution.start, names, strict=True)]
    if len(letters) != len(names) or set(solution.objective._parameters) & set(letters):
        return {}
    found = sympy.solve(equations, letters, dict=True)
    return found[0] if len(found) == 1 and len(found[0]) == len(letters) else {}


def _implicit(solution: Solution, time: Symbol, rest: Mapping[str, Any]) -> Any:
    from ..codegen.evaluator import Evaluator, TimeLaw

    (value,) = solution.values.values()
    assert isinstance(value, Integral)
    ((moving, begun, place),) = value.limits
    law = TimeLaw(1 / value.function, moving, begun, f"{time} = {value}")
    says = f"{place} over time, from the time at which it is passed."
    return Evaluator(says, {f"{place}({time})": value}, time, solution.claim.alphabet, law=law, inner=(place,), **rest)


def _orbit(solution: Solution, orbit: Orbit, rest: Mapping[str, Any]) -> Any:
    """All weights by the one whose time law is inverted."""
    from ..codegen.evaluator import Distance, Evaluator, OrbitLaw

    time, x = solution.objective.time, orbit.place
    passed, *unknowns = solution.values
    weights = [
        sympy.sign(a) * sympy.sqrt(Distance(a, orbit.share(i), orbit.start[orbit.lead]) + orbit.share(i) * x**2)
        if i in orbit.apart
        else orbit.weights[i]
        for i, a in enumerate(orbit.start)
    ]  # the proved forms, a·√(1 + k(x² - b²)/a²), where digits of 1 - kb²/a² are kept
    forms = {
        f"{name.func}({time})": form for name, form in zip(unknowns, [*weights, orbit.product.of(weights)], strict=True)
    }
    law = OrbitLaw(
        orbit.velocity,
        x,
        orbit.start[orbit.lead],
        f"{time} = {solution.values[passed]}",
        strength=orbit.strength,
        product=orbit.product.product,
        slope=orbit.product.slope,
        scale=orbit.scale,
        unit=orbit.unit,
        power=orbit.power,
        order=orbit.order,
        others=orbit.others,
        walls=orbit.walls,
    )
    says = f"The weights over time, from the time at which {x} is passed."
    given = tuple(condition for condition in orbit.smallest if condition not in (True, False))
    return Evaluator(says, forms, time, solution.claim.alphabet, given=given, law=law, place=x, inner=(x,), **rest)


def _streamline(solution: Solution, line: Streamline, rest: Mapping[str, Any]) -> Any:
    """All weights of a flow by the one whose time law is inverted."""
    from ..codegen.evaluator import Evaluator, NoEvaluator, TimeLaw

    if line.ends:
        known = " and ".join(map(str, line.ends))
        raise NoEvaluator(
            f"the path is known where {known}, and may end there; solve from a start for which it does not"
        )
    time, x = solution.objective.time, line.place
    passed, *_ = solution.values
    forms = {f"{name.func}({time})": form for name, form in solution.values.items() if name != passed}
    law = TimeLaw(line.velocity, x, line.start[line.lead], f"{time} = {solution.values[passed]}")
    says = f"The weights over time, from the time at which {x} is passed."
    alphabet = solution.claim.alphabet
    return Evaluator(says, forms, time, alphabet, given=line.of_start, law=law, place=x, inner=(x,), **rest)
