"""Whether a closed form is differentiable on the whole stretch of time, as a solution has to be.

A form with a jump or a pole may satisfy its equation on both sides of it, and its initial value, and solves nothing:
past the pole another constant would do as well. What must not vanish for the form to be smooth is collected from its
denominators, logarithms, roots and joins. It is shown by signs; or it vanishes on the stretch, at a time that is named,
and there is no such solution; or, as where it vanishes for some parameters only, it is a condition on the time from the
start up to t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

import sympy
from flint import acb
from sympy import Abs, Derivative, Expr, Rational, Subs, Symbol, cos, exp, sin
from sympy.core.relational import Relational

from ..language.expressions import in_order
from ..language.provisos import Proviso
from ..language.verdict import Verdict
from .assumptions import by_name
from .constancy import is_line_or_half_line
from .derivatives import carried_out, derivative
from .enclosures import NotEvaluable, OnBranchCut, Point, enclose
from .given import bearing, charts, difference
from .known_signs import NotDifferentiable, is_nowhere_zero
from .monotonicity import positive_by_derivatives
from .sample_points import inside, points, satisfied
from .settling import Known, Settled, nowhere_zero
from .signs import ANY, NONNEGATIVE, POSITIVE, Signs, of_expression

MOST_POINTS = 10  # of the parameters
LARGEST = 12  # operations in what is shown by its derivatives
MOST_OPERATIONS = 60  # in what is factored
_BESSEL = (sympy.besseli, sympy.besselk, sympy.besselj, sympy.bessely)
_TIMES = [Rational(0), *(Rational(n, d) for d in (100, 9, 1) for n in (1, 2, 3, 5, 8, 13, 21, 50, 400))]


def differentiable(
    form: Expr, time: Symbol, given: Sequence[Any] = (), whole: bool = True, known: Sequence[Known] = ()
) -> Verdict:
    """Proved where a form is differentiable at all times that are allowed, with conditions; undecided elsewhere.

    whole: whether the stretch is all of them; else it ends at a parameter, and what vanishes may lie outside.
    known: the names by which it may be shown that something does not vanish.
    """
    try:
        joins = derivative(form, time)[1]
        poles = [g for pole in _of_poles(form, time) for g in _factors(pole, given)]
    except NotDifferentiable as reason:
        return Verdict("undecided", "", reason=str(reason))
    needed = dict.fromkeys(joins, True) | dict.fromkeys(poles, False)
    conditions, domains = list[Proviso](), list[str]()
    for g, is_join in needed.items():
        if _is_shown(g, given) or (is_join and _is_smooth_at(form, time, g)):
            continue
        found = _by_names(g, known) if known and joins.get(g) in (None, Proviso(g)) else None
        kept = (joins.get(g) or Proviso(g),) if found is None else found.provisos
        if kept and whole and (where := _vanishes(g, time, given)):
            return Verdict("undecided", "", reason=f"the form is not differentiable from the start on: {where}")
        conditions += [_along(proviso, time, known) for proviso in kept]
        domains += () if found is None else found.by
    return Verdict("proved", "signs", tuple(dict.fromkeys(conditions)), rests_on=tuple(dict.fromkeys(domains)))


def _factors(g: Expr, given: Sequence[Any]) -> list[Expr]:
    """What must not vanish for g not to, where it is defined: the factors of the numerator of a rational function."""
    if _is_shown(g, given) or not g.is_rational_function() or g.count_ops() > MOST_OPERATIONS:
        return [g]
    numerator = sympy.fraction(sympy.cancel(g))[0]
    factors = [factor for factor, _ in sympy.factor_list(numerator)[1]]
    return [g] if len(factors) == 1 and not sympy.cancel(g / factors[0]).free_symbols else factors


def _by_names(g: Expr, known: Sequence[Known]) -> Settled | None:
    """What keeps g from zero, if names have a part in that."""
    found = nowhere_zero(g, known)
    labels = _labels(known)
    told = found and (not found.provisos or any(p.expression.free_symbols & labels for p in found.provisos))
    return found if told else None


def _labels(known: Sequence[Known]) -> set[Symbol]:
    return {one.label for one in known} | {where.label for one in known for where in one.given}


def _along(proviso: Proviso, time: Symbol, known: Sequence[Known]) -> Proviso:
    """The proviso at all times from the start, where it is about what may move."""
    moving = bool(proviso.expression.free_symbols & {time, *_labels(known)})
    return replace(proviso, place=(time,)) if moving else proviso


def stretch(time: Symbol, starts: Sequence[Expr], given: Sequence[Any]) -> tuple[Symbol, list[Any]]:
    """The time with what is assumed of it at all times between the starts and it, and what is given at all of them.

    What holds at both ends holds between them only where it bounds the time from one side: t != 1 does not.
    """
    sides = [side for side in ("nonnegative", "nonpositive") if _is_on_side(side, time, starts)]
    along = time if is_line_or_half_line(time) and (sides or _is_line(time)) else _like(time, sides)
    return along, [r for r in given if time not in r.free_symbols or _holds_between(r, time, starts)]


def _is_on_side(side: str, time: Symbol, starts: Sequence[Expr]) -> bool:
    sign = 1 if side == "nonnegative" else -1
    return bool(getattr(time, f"is_{side}")) and all(_has_signs(sign * start, NONNEGATIVE) for start in starts)


def _is_line(time: Symbol) -> bool:
    return not (time.is_nonnegative or time.is_nonpositive)


def _like(time: Symbol, sides: Sequence[str]) -> Symbol:
    return Symbol(time.name, real=True, **dict.fromkeys(sides, True)) if time.is_extended_real else time


def _holds_between(relation: Any, time: Symbol, starts: Sequence[Expr]) -> bool:
    """Whether a relation that holds at a time does so at all times between the starts and it."""
    if not isinstance(relation, Relational) or relation.rel_op in ("==", "!="):
        return False
    bound = sympy.expand(difference(relation))
    if not bound.is_polynomial(time) or sympy.degree(bound, time) > 1:
        return False
    wanted = POSITIVE if relation.rel_op in ("<", ">") else NONNEGATIVE
    return all(_has_signs(bound.subs(time, start), wanted) for start in starts)


def _has_signs(e: Expr, wanted: Signs) -> bool:
    return (of_expression(e) or ANY) <= wanted


def poles_between(integral: sympy.Integral) -> Iterator[Proviso]:
    """What must not vanish between the limits, for the integrand to be finite there."""
    (s, *limits), *more = integral.limits
    if not more and len(limits) == 2 and limits[0] == limits[1]:
        return
    if more or len(limits) != 2 or any(e.is_infinite for e in limits):
        yield Proviso(integral, "exists")
        return
    between = (s, *limits)
    inside = _symbol_between(s, limits)
    try:
        needed = list(dict.fromkeys(_of_poles(integral.function.xreplace({s: inside}), inside)))
    except NotDifferentiable:
        needed = []
        yield Proviso(integral.function, "finite", between)
    yield from (Proviso(g, place=between) for g in needed if not _is_shown(g, ()))


def pole_within(proviso: Proviso) -> str:
    """Where between two numbers something vanishes that must not; empty where that is not seen."""
    if proviso.kind != "!=" or len(proviso.place) != 3:
        return ""
    s, *limits = proviso.place
    inside = next((x for x in proviso.expression.free_symbols if x.name == s.name), None)
    if inside is None or not all(e.is_Rational for e in limits):
        return ""
    return _vanishes(proviso.expression, inside, [inside >= min(limits), inside <= max(limits)])


def _symbol_between(s: Symbol, limits: Sequence[Expr]) -> Symbol:
    """A symbol with the sign that both limits have."""
    known = {"positive": POSITIVE, "nonnegative": NONNEGATIVE}
    shown = {name: True for name, signs in known.items() if all(_has_signs(e, signs) for e in limits)}
    return Symbol(s.name, real=True, **shown)


def _of_poles(form: Expr, time: Symbol) -> Iterator[Expr]:
    """What must not vanish for the parts of a form to be finite and smooth."""
    for e in in_order(form):
        if not isinstance(e, Expr) or time not in e.free_symbols:
            continue
        if e.is_Pow and time in e.base.free_symbols and not e.exp.is_nonnegative:
            yield e.base
        rule = POLES.get(type(e).__name__)
        if rule is not None:
            yield from (g for g in rule(*e.args) if time in g.free_symbols)


def _gamma(*args: Expr) -> list[Expr]:
    raise NotDifferentiable("the poles of gamma along the time are not known")


POLES: dict[str, Any] = {
    "log": lambda u: [u],
    "log1p": lambda u: [1 + u],
    **dict.fromkeys(("tan", "sec"), lambda u: [cos(u)]),
    **dict.fromkeys(("cot", "csc"), lambda u: [sin(u)]),
    **dict.fromkeys(("coth", "csch", "acoth", "acsch", "asech", "acot"), lambda u: [u]),
    **dict.fromkeys(("besseli", "besselk", "besselj", "bessely"), lambda nu, z: [z]),
    "atanh": lambda u: [1 - u, 1 + u],
    "Ei": lambda u: [u],
    "hyper": lambda above, below, z: [1 - z],
    "LambertW": lambda u, k=0: [u + exp(-1)] if k == 0 else [u, u + exp(-1)],
    "gamma": _gamma,
}


def _is_shown(g: Expr, given: Sequence[Any]) -> bool:
    """By signs, on every chart of what is given; or by derivatives."""
    if is_nowhere_zero(g):
        return True
    near = bearing(given, g)[0]
    if near and (maps := charts(near)) and all(is_nowhere_zero(g.xreplace(dict(chart.put))) for chart in maps):
        return True
    small = g.count_ops() <= LARGEST and not g.has(*_BESSEL)
    return small and any(positive_by_derivatives(side, True) for side in (g, -g))


def _is_smooth_at(form: Expr, time: Symbol, g: Expr) -> bool:
    """Whether the form has a derivative where a join that is linear in time is met, by the definition."""
    slope = g.diff(time)
    if not slope.is_Rational or slope == 0:
        return False
    there = time - g / slope
    try:
        return not carried_out(Subs(Derivative(form, time), time, there))[1]
    except NotDifferentiable:
        return False


def _vanishes(g: Expr, time: Symbol, given: Sequence[Any]) -> str:
    """Where on the stretch g is shown to vanish, whatever the parameters; empty where that is not seen.

    Where g vanishes for some parameters only, the others have their solution, and the condition keeps the rest off.
    """
    near = bearing(given, g, time)[0]
    others = by_name(set().union(g.free_symbols, *(r.free_symbols for r in near)) - {time})
    timeless = [r for r in near if time not in r.free_symbols]
    first = ""
    for point in islice(points(others, given=timeless), MOST_POINTS if others else 1):
        where = _vanishes_at(g, time, point, near)
        if not where:
            return ""
        first = first or where
    return first


def _vanishes_at(g: Expr, time: Symbol, point: Point, given: Sequence[Any]) -> str:
    """When g vanishes for the parameters of a point; empty where that is not seen."""
    moments = [t for t in _moments(g.xreplace(dict(point.values)), time) if _allowed(t, time, point, given)]
    crossing = _crossing(g, time, point, moments)
    parameters = ", ".join(f"{name} = {value}" for name, value in point.text().items())
    return crossing and f"{g} vanishes {crossing}" + (f", for {parameters}" if parameters else "")


def _allowed(t: Expr, time: Symbol, point: Point, given: Sequence[Any]) -> bool:
    here = Point({**point.values, time: t})
    return inside(here) and satisfied(given, here)


def _moments(g: Expr, time: Symbol) -> list[Expr]:
    """Times to look at, in order: small and large ones, the numbers of the form, the root of a linear one."""
    named = {n for n in g.atoms(Rational) if n.is_Rational}
    slope = g.diff(time)
    root = {-g.subs(time, 0) / slope} if slope.is_Rational and slope != 0 else set()
    near = {n + step for n in named | {r for r in root if r.is_Rational} for step in (-1, 0, 1)}
    return sorted({*_TIMES, *(-t for t in _TIMES), *near})


def _crossing(g: Expr, time: Symbol, point: Point, moments: list[Expr]) -> str:
    """At which time g is 0, or between which its sign changes."""
    inner = _below_cut(g)
    signs: list[tuple[Expr, int]] = []
    for t in moments:
        sign = _sign_at(g if inner is None else inner, Point({**point.values, time: t}))
        if sign == 0 or (inner is not None and sign == -1):
            return f"at {time} = {t}"
        if sign is not None:
            signs.append((t, sign))
    for (before, one), (after, other) in pairwise(signs):
        if one != other:
            return f"between {time} = {before} and {time} = {after}"
    return ""


def _below_cut(g: Expr) -> Expr | None:
    """m where g is m + |m|, which vanishes where m is not positive."""
    return next((a.args[0] for a in sorted(g.atoms(Abs), key=str) if g - a == a.args[0]), None)


def _sign_at(g: Expr, point: Point) -> int | None:
    """The sign at a point; None where it is not known, or no number has one."""
    try:
        ball: acb = enclose(g, point, 256)
        if ball.is_finite() and ball.imag == 0 and not ball.real.contains(0):
            return 1 if ball.real > 0 else -1
    except (NotEvaluable, OnBranchCut):
        pass
    value = g.xreplace(dict(point.values))  # costs more, and knows 0
    return int(sympy.sign(value)) if value.is_Rational else None
