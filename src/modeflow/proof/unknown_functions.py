"""Functions such as w(t) in a statement: as symbols where their values can be chosen freely, and where they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import sympy
from sympy import Derivative, Expr, Subs
from sympy.core.function import AppliedUndef

from ..language.expressions import in_order, parts
from .assumptions import KNOWN, require_known_values
from .tower import OutsideTower

_JUMPS_NOT = "a continuous function does not jump over what is declared to be none of its values"


def as_symbols(parts: Sequence[Any]) -> tuple[list[Any], list[Expr]]:
    """The parts with functions such as w(t) and their derivatives as independent symbols.

    A smooth function can take any values at different arguments, and any derivatives at one; so an identity in
    independent symbols is one for all functions, and values at points where the arguments differ refute. The second
    list holds the differences of arguments that must not vanish there, and values at which a slope must.
    """
    names: dict[Any, Expr] = {}
    arguments: dict[Any, set[tuple[Expr, ...]]] = {}
    for kind in (Subs, Derivative, AppliedUndef):  # from the outside in, so that no part is taken for a whole
        here = set().union(*(in_order(part.xreplace(names)) for part in parts))
        found = (e for e in here if isinstance(e, kind) and e.has(AppliedUndef))
        for e in sorted(found, key=sympy.default_sort_key):
            function, there = _function_and_arguments(e)
            require_known_values(str(function), getattr(function, "_kwargs", {}))
            arguments.setdefault(function, set()).add(there)
            given = _assumed(e) if isinstance(e, AppliedUndef) else _assumed_of_slope(function(*there))
            names[e] = sympy.Dummy(str(e), **given)
    apart = [difference for values in arguments.values() for difference in _differences(values)]
    return [part.xreplace(names) for part in parts], apart + _touching_zero(names)


def _differences(values: set[tuple[Expr, ...]]) -> list[Expr]:
    return [_apart(one, other) for one, other in combinations(sorted(values, key=_in_order), 2)]


def _in_order(arguments: tuple[Expr, ...]) -> list[Any]:
    return [sympy.default_sort_key(argument) for argument in arguments]


def _apart(one: tuple[Expr, ...], other: tuple[Expr, ...]) -> Expr:
    """What does not vanish where two lists of arguments are not the same."""
    if len(one) != len(other):
        return sympy.Integer(1)  # a function of two letters is another than one of three
    if len(one) == 1:
        return one[0] - other[0]
    return sympy.Add(*((a - b) ** 2 for a, b in zip(one, other, strict=True)))


def _function_and_arguments(e: Expr) -> tuple[Any, tuple[Expr, ...]]:
    """f and (a,) of f(a), of a derivative f'(t) (then a = t) and of one at a, as SymPy writes it with Subs."""
    known = _of_value(e) or _of_derivative(e) or _of_derivative_at_point(e)
    if known is None:
        raise OutsideTower(f"{e} is outside the tower: write functions of letters, such as w(t) or f(x, y)")
    return known


def _of_value(e: Expr) -> tuple[Any, tuple[Expr, ...]] | None:
    is_value = isinstance(e, AppliedUndef) and not any(a.has(AppliedUndef, Derivative, Subs) for a in e.args)
    return (e.func, e.args) if is_value else None


def _of_derivative(e: Expr) -> tuple[Any, tuple[Expr, ...]] | None:
    if not isinstance(e, Derivative) or not isinstance(e.expr, AppliedUndef):
        return None
    letters = e.expr.args
    are_letters = len(letters) == 1 or (all(a.is_Symbol for a in letters) and len(set(letters)) == len(letters))
    return (e.expr.func, letters) if are_letters and set(e.variables) <= set(letters) else None


def _of_derivative_at_point(e: Expr) -> tuple[Any, tuple[Expr, ...]] | None:
    if not isinstance(e, Subs) or not isinstance(e.expr, Derivative) or len(e.point) != 1:
        return None
    function, variables = _function_and_arguments(e.expr)
    is_at_point = variables == tuple(e.variables) and not e.point[0].has(AppliedUndef, Derivative, Subs)
    return (function, (e.point[0],)) if is_at_point else None


def _touching_zero(names: Mapping[Any, Expr]) -> list[Expr]:
    """Values of functions that have a least or greatest value at 0, so that their slope is not free there."""
    slopes = {_function_and_arguments(e) for e in names if not isinstance(e, AppliedUndef)}
    values = (f for f, name in names.items() if isinstance(f, AppliedUndef) and name.is_zero is None)
    return [names[f] for f in values if _is_one_sided(f) and (f.func, f.args) in slopes]


def _is_one_sided(f: AppliedUndef) -> bool:
    return bool(f.is_extended_nonnegative or f.is_extended_nonpositive)


def dependent(*sides: Any) -> str:
    """Why values of a function at different arguments cannot be chosen freely; empty where they can.

    A continuous function does not pass from positive to negative without 0, nor from one whole number to the next.
    """
    seen: dict[Any, set[Any]] = {}
    for f in sorted(
        {f for side in sides for f in parts(side) if isinstance(f, AppliedUndef)}, key=sympy.default_sort_key
    ):
        seen.setdefault(f.func, set()).add(f.args)
        if len(seen[f.func]) > 1 and not _is_connected(f):
            return f"the values of {f.func} at different arguments depend on each other: {_JUMPS_NOT}"
    return ""


def _is_connected(f: AppliedUndef) -> bool:
    """Whether the values that are declared of a function are all of an interval, or of the plane without 0."""
    if f.is_extended_real:
        return f.is_rational is None and (f.is_zero is not False or bool(f.is_positive or f.is_negative))
    return set(_assumed(f)) <= {"complex", "finite", "zero"}


def _assumed(f: AppliedUndef) -> dict[str, bool]:
    """What is declared of a function's values, with what follows from it."""
    known = {name: getattr(f, f"is_{name}") for name in KNOWN}
    return {name: value for name, value in known.items() if value is not None}


def _assumed_of_slope(f: AppliedUndef) -> dict[str, bool]:
    """What is known of a slope at f's argument: that it is real where f is a real function of a real number."""
    if set(_assumed(f)) <= {"complex", "finite", "zero"}:
        return {}
    if f.is_rational is not None or not (f.is_extended_real and all(a.is_extended_real for a in f.args)):
        raise OutsideTower(f"the derivative of {f} is outside the tower: its values are declared to be of another kind")
    return {"real": True}
