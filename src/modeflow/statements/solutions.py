"""Closed forms that solve an initial value problem: where it starts, and whether they can be followed from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import Derivative, Expr, Integral, Pow, Subs, Symbol, Tuple, log
from sympy.core.function import AppliedUndef

from ..language.expressions import in_order
from ..language.provisos import Proviso
from ..language.verdict import Verdict
from ..proof import derivatives
from ..proof.differentiability import POLES, pole_within, poles_between, stretch
from ..proof.known_signs import NotDifferentiable
from ..proof.prove import prove_differentiable, prove_knowing
from ..proof.signs import ZERO, of_expression

if TYPE_CHECKING:
    from .domains import Names

LONGEST = 60  # operations in a condition


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
    if isinstance(form, Integral):
        return _integrable(form)
    along, kept = stretch(time, starts, given)
    whole = not any(start.free_symbols for start in starts)
    put = {time: along}
    kept = [r.xreplace(put) for r in kept]
    return prove_differentiable(names.known, form.xreplace(put), along, whole, kept, time_limit)


def has_value(names: Names, part: Expr, given: Sequence[Any], time_limit: float) -> Verdict:
    """Whether a part of a value is defined, and where."""
    if isinstance(part, Integral):
        return _integrable(part)
    return prove_knowing(names.known, part, part, "=", given, time_limit)


def in_short(found: Verdict, part: Expr, named: Expr) -> Verdict:
    """The verdict on a part; a logarithm with long conditions has one, that its argument, in names, is not 0."""
    short = all(p.expression.count_ops() <= LONGEST for p in found.provisos)
    if short or not (isinstance(part, log) and isinstance(named, log)):
        return found
    return replace(found, provisos=(Proviso(named.args[0]),))


def _integrable(form: Integral) -> Verdict:
    """An integral has the rate of its integrand wherever it exists: where nothing is infinite between the limits."""
    needed = tuple(poles_between(form))
    if pole := next((where for proviso in needed if (where := pole_within(proviso))), ""):
        return Verdict("undecided", "", reason=f"the integral does not exist: {pole}")
    return Verdict("proved", "signs", needed)


def undefined_somewhere(e: Any) -> Iterator[Expr]:
    """The parts of an expression that may have no value, such as 1/k and log(k), and its integrals as a whole."""
    for part in in_order(e, closed=(Integral, Derivative, Subs)):
        if isinstance(part, Integral):
            yield part
        elif isinstance(part, Pow) and part.exp.could_extract_minus_sign():
            if not _has_sign(part.base):
                yield 1 / part.base
        elif type(part).__name__ in POLES and not (isinstance(part, log) and _has_sign(part.args[0])):
            yield part


def _has_sign(e: Expr) -> bool:
    """Whether an expression is read not to vanish."""
    signs = of_expression(e)
    return signs is not None and not signs & ZERO
