"""Functions such as w(t) in a statement: as symbols where their values can be chosen freely, and where they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import sympy
from sympy import Derivative, Expr, Subs
from sympy.core.function import AppliedUndef

from ..language.expressions import in_order
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
    arguments: dict[Any, set[Expr]] = {}
    for kind in (Subs, Derivative, AppliedUndef):  # from the outside in, so that no part is taken for a whole
        here = set().union(*(in_order(part.xreplace(names)) for part in parts))
        found = (e for e in here if isinstance(e, kind) and e.has(AppliedUndef))
        for e in sorted(found, key=sympy.default_sort_key):
            function, argument = _function_and_argument(e)
            require_known_values(str(function), getattr(function, "_kwargs", {}))
            arguments.setdefault(function, set()).add(argument)
            given = _assumed(e) if isinstance(e, AppliedUndef) else _assumed_of_slope(function(argument))
            names[e] = sympy.Dummy(str(e), **given)
    apart = [difference for values in arguments.values() for difference in _differences(values)]
    return [part.xreplace(names) for part in parts], apart + _touching_zero(names)


def _differences(values: set[Expr]) -> list[Expr]:
    return [one - other for one, other in combinations(sorted(values, key=sympy.default_sort_key), 2)]


def _function_and_argument(e: Expr) -> tuple[Any, Expr]:
    """f and a of f(a), of a derivative f'(t) (then a = t) and of one at a, as SymPy writes it with Subs."""
    known = _of_value(e) or _of_derivative(e) or _of_derivative_at_point(e)
    if known is None:
        raise OutsideTower(f"{e} is outside the tower: write functions of one argument, such as w(t)")
    return known


def _of_value(e: Expr) -> tuple[Any, Expr] | None:
    is_value = isinstance(e, AppliedUndef) and len(e.args) == 1 and not e.args[0].has(AppliedUndef, Derivative, Subs)
    return (e.func, e.args[0]) if is_value else None


def _of_derivative(e: Expr) -> tuple[Any, Expr] | None:
    if not isinstance(e, Derivative) or not isinstance(e.expr, AppliedUndef) or len(e.expr.args) != 1:
        return None
    return (e.expr.func, e.expr.args[0]) if set(e.variables) <= set(e.expr.args) else None


def _of_derivative_at_point(e: Expr) -> tuple[Any, Expr] | None:
    if not isinstance(e, Subs) or not isinstance(e.expr, Derivative) or len(e.point) != 1:
        return None
    function, variable = _function_and_argument(e.expr)
    is_at_point = variable == e.variables[0] and not e.point[0].has(AppliedUndef, Derivative, Subs)
    return (function, e.point[0]) if is_at_point else None


def _touching_zero(names: Mapping[Any, Expr]) -> list[Expr]:
    """Values of functions that have a least or greatest value at 0, so that their slope is not free there."""
    slopes = {_function_and_argument(e) for e in names if not isinstance(e, AppliedUndef)}
    values = (f for f, name in names.items() if isinstance(f, AppliedUndef) and name.is_zero is None)
    return [names[f] for f in values if _is_one_sided(f) and (f.func, f.args[0]) in slopes]


def _is_one_sided(f: AppliedUndef) -> bool:
    return bool(f.is_extended_nonnegative or f.is_extended_nonpositive)


def dependent(*parts: Any) -> str:
    """Why values of a function at different arguments cannot be chosen freely; empty where they can.

    A continuous function does not pass from positive to negative without 0, nor from one whole number to the next.
    """
    seen: dict[Any, set[Expr]] = {}
    for f in sorted(set().union(*(part.atoms(AppliedUndef) for part in parts)), key=sympy.default_sort_key):
        seen.setdefault(f.func, set()).update(f.args)
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
    if f.is_rational is not None or not (f.is_extended_real and f.args[0].is_extended_real):
        raise OutsideTower(f"the derivative of {f} is outside the tower: its values are declared to be of another kind")
    return {"real": True}
