"""Closed forms that solve an initial value problem: where it starts, and whether they can be followed from there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Derivative, Expr, Integral, Subs, Symbol, Tuple
from sympy.core.function import AppliedUndef

from ..language.verdict import Verdict
from ..proof import derivatives
from ..proof.differentiability import poles_between, stretch
from ..proof.known_signs import NotDifferentiable

if TYPE_CHECKING:
    from .domains import Names


def times_of(equations: Tuple, unknown: Any) -> dict[Symbol, int]:
    """The arguments in which the equations hold a rate of an unknown function, and the order of the highest."""
    found: dict[Symbol, int] = {}
    if not isinstance(unknown, AppliedUndef):
        return found
    for d in sorted(equations.atoms(Derivative), key=str):
        functions = [f for f in d.expr.atoms(AppliedUndef) if f.func == unknown.func]
        for place, time in enumerate(unknown.args):
            if time.is_Symbol and (order := max((d.variables.count(f.args[place]) for f in functions), default=0)):
                found[time] = max(order, found.get(time, 0))
    return found


def starts_of(equations: Tuple, unknown: Any, time: Symbol) -> list[Expr]:
    """The times at which the equations hold a value or a slope of the unknown."""
    place = unknown.args.index(time)
    moving = {time, *(v for d in equations.atoms(Derivative) for v in d.variables)}
    values = [f.args[place] for f in equations.atoms(AppliedUndef) if f.func == unknown.func]
    slopes = [p for e in equations.atoms(Subs) if e.has(unknown.func) for p in e.point]
    return [start for start in (*values, *slopes) if start not in moving]


def slopes_of(form: Expr, time: Symbol, count: int) -> Iterable[Expr]:
    """The first derivatives of a form, as far as they are known."""
    try:
        for _ in range(count):
            form = derivatives.derivative(form, time)[0]
            yield form
    except NotDifferentiable:
        return  # and the form itself is not known to be differentiable


def followed(
    names: Names, form: Expr, time: Symbol, starts: list[Expr], given: Sequence[Any], time_limit: float
) -> Verdict:
    """Whether a form is differentiable, or an integral exists, all the way from the starts to the time."""
    from ..proof.prove import prove_differentiable

    if isinstance(form, Integral):
        return _integrable(form)
    along, kept = stretch(time, starts, given)
    whole = not any(start.free_symbols for start in starts)
    put = {time: along}
    kept = [r.xreplace(put) for r in kept]
    return prove_differentiable(names.known, form.xreplace(put), along, whole, kept, time_limit)


def _integrable(form: Integral) -> Verdict:
    """An integral has the rate of its integrand wherever it exists: where nothing is infinite between the limits."""
    return Verdict("proved", "signs", tuple(poles_between(form)))
