"""The ladder of checks: points that refute, then exact algebra that proves.

    statement → enclosures at exact points → refuted | tower, words, signs, derivatives → proved | supported | undecided

`examine` does the work; `prove` runs it in a process of its own that is killed at the time limit.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import sympy
from sympy import Basic, Derivative, Expr, Rational, Subs
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from . import instances, plain
from .assumptions import KNOWN, UnknownAssumption, require_known, require_known_values
from .balls import JUMPING, Evidence, NotEvaluable, gather
from .certificates import certified_signs, certified_words, certified_zero
from .constancy import zero_by_derivatives
from .matrices import NotWords, equal_words, has_letters
from .monotonicity import positive_by_derivatives
from .recheck import FORMAT
from .signs import NONNEGATIVE, POSITIVE, Signs, of_expression
from .tower import OutsideTower, Tower, ZeroDenominator, prove_zero
from .verdict import Verdict

REFUTING_POINTS = 12
SUPPORTING_POINTS = 32
LONGEST_NUMBER = 12_000  # bits; Python writes integers of up to 4300 digits
RELATIONS = ("=", ">=", ">")
_NO_PROOF = {
    "=": "the difference does not reduce to zero",
    ">=": "no certificate of sign was found",
    ">": "no certificate of sign was found",
}
_JUMPS_NOT = "a continuous function does not jump over what is declared to be none of its values"
_NO_CERTIFICATE = {"format": FORMAT, "unchecked": "the proof is by derivatives and a value at one point"}


def prove(lhs: Any, rhs: Any = 0, *, relation: str = "=", time_limit: float = 10.0) -> Verdict:
    """Check lhs = rhs (or lhs >= rhs, lhs > rhs) under the assumptions of their SymPy symbols.

    The statement is about every point that the assumptions allow and at which both sides are defined. Matrix letters
    stand for matrices of any size. time_limit is in seconds of processor time (on Windows, by the clock); the check is
    stopped there, or after six times as long on a machine too busy for it, and is then undecided.
    An equation or inequality, Eq(lhs, rhs) or lhs >= rhs, may be given in the place of the two sides.
    Raises TypeError for sides that are not SymPy expressions or integers, ValueError for an unknown relation or a time
    limit that is not positive.
    """
    if isinstance(lhs, Relational | BooleanAtom):
        lhs, rhs, relation = _sides(lhs, rhs, relation)
    statement = [_given(lhs, "lhs"), _given(rhs, "rhs")]
    if relation not in RELATIONS:
        raise ValueError(f"relation = {relation!r}: choose one of {', '.join(RELATIONS)}")
    if isinstance(time_limit, bool) or not isinstance(time_limit, int | float) or not time_limit > 0:
        raise ValueError(f"time_limit = {time_limit!r}: give a positive number of seconds")
    try:
        data = [plain.encode(side) for side in statement]
    except plain.NotPlain as reason:
        return Verdict("undecided", "", reason=str(reason))
    except RecursionError:
        return Verdict("undecided", "", reason="the expression is nested too deeply")
    from .worker import ask

    return ask([*data, relation], time_limit)


def _sides(statement: Any, rhs: Any, relation: str) -> tuple[Any, Any, str]:
    """The two sides of Eq, Ge, Gt, Le or Lt."""
    if isinstance(statement, BooleanAtom):
        raise TypeError(
            f"SymPy has already turned the statement into {statement}: give its two sides to prove(lhs, rhs)"
        )
    if rhs != 0 or relation != "=":
        raise TypeError(f"{statement} is a statement by itself: give it alone, or give its two sides")
    ways = {"==": (1, "="), ">=": (1, ">="), ">": (1, ">"), "<=": (-1, ">="), "<": (-1, ">")}
    if statement.rel_op not in ways:
        raise TypeError(f"{statement}: only =, >=, >, <= and < can be proved")
    order, relation = ways[statement.rel_op]
    left, right = statement.args[::order]
    return left, right, relation


def _given(side: Any, name: str) -> Basic:
    if isinstance(side, int) and not isinstance(side, bool):
        return sympy.Integer(side)
    if isinstance(side, Expr | sympy.MatrixExpr):
        return side
    kind = type(side).__name__
    hint = "; give each entry on its own" if isinstance(side, sympy.Tuple | tuple | list | sympy.MatrixBase) else ""
    raise TypeError(f"{name} is a {kind}, not a SymPy expression or an integer{hint}")


def examine(lhs: Any, rhs: Any, relation: str = "=") -> Verdict:
    """The check itself, without a time limit."""
    start = time.perf_counter()
    try:
        require_known(lhs, rhs)
        verdict = _examine(lhs, rhs, relation)
    except (UnknownAssumption, ZeroDenominator) as reason:
        verdict = Verdict("undecided", "", reason=str(reason))
    return replace(verdict, seconds=time.perf_counter() - start)


def _examine(lhs: Any, rhs: Any, relation: str) -> Verdict:
    lhs, rhs = lhs.doit(integrals=False), rhs.doit(integrals=False)
    if lhs.has(sympy.nan, sympy.oo, sympy.zoo, -sympy.oo) or rhs.has(sympy.nan, sympy.oo, sympy.zoo, -sympy.oo):
        return Verdict("undecided", "", reason="a side is not a finite expression (nan, oo or zoo)")
    if any(max(abs(n.p), n.q).bit_length() > LONGEST_NUMBER for n in lhs.atoms(Rational) | rhs.atoms(Rational)):
        return Verdict("undecided", "", reason=f"a number is longer than {LONGEST_NUMBER} bits")
    if has_letters(lhs) or has_letters(rhs):
        return _by_words(lhs, rhs, relation)
    if dependence := _dependence(lhs, rhs):
        verdict = _by_numbers(lhs, rhs, relation)
        return verdict if verdict else Verdict("undecided", "", reason=dependence)
    return _by_numbers(lhs, rhs, relation)


def _by_numbers(lhs: Expr, rhs: Expr, relation: str) -> Verdict:
    try:
        lhs, rhs, apart = _functions_as_symbols(lhs, rhs)
    except OutsideTower as reason:
        return Verdict("undecided", "", reason=str(reason))
    evidence = gather(lhs, rhs, relation, REFUTING_POINTS, apart)
    if evidence.witness:
        return Verdict("refuted", "balls", witness=evidence.witness)
    return _by_algebra(lhs, rhs, relation, evidence, apart)


def _functions_as_symbols(lhs: Expr, rhs: Expr) -> tuple[Expr, Expr, list[Expr]]:
    """Both sides with functions such as w(t) and their derivatives as independent symbols.

    A smooth function can take any values at different arguments, and any derivatives at one; so an identity in
    independent symbols is one for all functions, and values at points where the arguments differ refute. The third
    part lists the differences of arguments that must not vanish there, and values at which a slope must.
    """
    names: dict[Any, Expr] = {}
    arguments: dict[Any, set[Expr]] = {}
    for kind in (Subs, Derivative, AppliedUndef):  # from the outside in, so that no part is taken for a whole
        found = lhs.xreplace(names).atoms(kind) | rhs.xreplace(names).atoms(kind)
        for e in sorted((e for e in found if e.has(AppliedUndef)), key=sympy.default_sort_key):
            function, argument = _function_and_argument(e)
            require_known_values(str(function), getattr(function, "_kwargs", {}))
            arguments.setdefault(function, set()).add(argument)
            given = _assumed(e) if isinstance(e, AppliedUndef) else _assumed_of_slope(function(argument))
            names[e] = sympy.Dummy(str(e), **given)
    apart = [
        one - other
        for values in arguments.values()
        for one, other in combinations(sorted(values, key=sympy.default_sort_key), 2)
    ]
    return lhs.xreplace(names), rhs.xreplace(names), apart + _touching_zero(names)


def _function_and_argument(e: Expr) -> tuple[Any, Expr]:
    """f and a of f(a), of a derivative f'(t) (then a = t) and of one at a, as SymPy writes it with Subs."""
    if isinstance(e, AppliedUndef) and len(e.args) == 1 and not e.args[0].has(AppliedUndef, Derivative, Subs):
        return e.func, e.args[0]
    if isinstance(e, Derivative) and isinstance(e.expr, AppliedUndef) and all(v in e.expr.args for v in e.variables):
        if len(e.expr.args) == 1:
            return e.expr.func, e.expr.args[0]
    elif isinstance(e, Subs) and isinstance(e.expr, Derivative) and len(e.point) == 1:
        function, variable = _function_and_argument(e.expr)
        if variable == e.variables[0] and not e.point[0].has(AppliedUndef, Derivative, Subs):
            return function, e.point[0]
    raise OutsideTower(f"{e} is outside the tower: write functions of one argument, such as w(t)")


def _touching_zero(names: Mapping[Any, Expr]) -> list[Expr]:
    """Values of functions that have a least or greatest value at 0, so that their slope is not free there."""
    values = {f: name for f, name in names.items() if isinstance(f, AppliedUndef) and name.is_zero is None}
    slopes = {_function_and_argument(e) for e in names if not isinstance(e, AppliedUndef)}
    bounded = [f for f in values if f.is_extended_nonnegative or f.is_extended_nonpositive]
    return [values[f] for f in bounded if (f.func, f.args[0]) in slopes]


def _dependence(lhs: Expr, rhs: Expr) -> str:
    """Why values of a function at different arguments cannot be chosen freely; empty where they can.

    A continuous function does not pass from positive to negative without 0, nor from one whole number to the next.
    """
    seen: dict[Any, set[Expr]] = {}
    for f in sorted(lhs.atoms(AppliedUndef) | rhs.atoms(AppliedUndef), key=sympy.default_sort_key):
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


def _by_algebra(lhs: Expr, rhs: Expr, relation: str, evidence: Evidence, apart: list[Expr]) -> Verdict:
    try:
        holds, tower, method, certificate = _holds(lhs, rhs, relation)
    except OutsideTower as outside:
        return _by_derivatives(lhs, rhs, relation, evidence) or _without_proof(lhs, rhs, relation, str(outside), apart)
    if holds and evidence.effective:
        return Verdict("proved", method, tower.condition_texts(), certificate=certificate)
    if holds:
        return Verdict("undecided", method, reason=evidence.obstacle)
    found = _by_derivatives(lhs, rhs, relation, evidence)
    return found or _without_proof(lhs, rhs, relation, _NO_PROOF[relation], apart)


def _by_derivatives(lhs: Expr, rhs: Expr, relation: str, evidence: Evidence) -> Verdict | None:
    """Proved where the derivatives and the value at a point are such that the relation holds; None otherwise."""
    if not evidence.effective:
        return None
    difference = lhs - rhs
    shown = zero_by_derivatives(difference) if relation == "=" else positive_by_derivatives(difference, relation == ">")
    return Verdict("proved", "derivatives", certificate=_NO_CERTIFICATE) if shown else None


def _holds(lhs: Expr, rhs: Expr, relation: str) -> tuple[bool, Tower, str, Mapping[str, Any] | None]:
    if relation == "=":
        zero, tower, certificate = certified_zero(lhs, rhs)
        return zero, tower, "tower", certificate
    wanted: Signs = NONNEGATIVE if relation == ">=" else POSITIVE
    as_written = of_expression(lhs - rhs)
    signs, tower, certificate = certified_signs(lhs, rhs, relation)
    holds = any(s is not None and s <= wanted for s in (as_written, signs))
    return holds, tower, "certificate of signs", certificate


def _without_proof(lhs: Expr, rhs: Expr, relation: str, reason: str, apart: list[Expr]) -> Verdict:
    """Supported where many points agree; undecided where too few do or the expression jumps."""
    if lhs.has(*JUMPING) or rhs.has(*JUMPING):
        return Verdict("undecided", "", reason=reason)
    evidence = gather(lhs, rhs, relation, SUPPORTING_POINTS, apart)
    if evidence.witness:
        return Verdict("refuted", "balls", witness=evidence.witness)
    needed = SUPPORTING_POINTS if lhs.free_symbols | rhs.free_symbols else 1
    if evidence.effective < needed:
        return Verdict("undecided", "", reason=reason if not evidence.obstacle else f"{reason}; {evidence.obstacle}")
    discarded = f", {evidence.discarded} discarded" if evidence.discarded else ""
    return Verdict("supported", f"balls at {evidence.effective} points{discarded}", reason=reason)


def _by_words(lhs: Any, rhs: Any, relation: str) -> Verdict:
    if relation != "=":
        return Verdict("undecided", "", reason="inequalities between matrices are outside the matrix words")
    try:
        for instance, left, right in instances.difference(lhs, rhs):
            if instances.differ(left, right):
                witness = {"point": instance.text(), "left": _value(left), "right": _value(right), "relation": "="}
                return Verdict("refuted", "explicit matrices", witness=witness)
        seen = True
    except NotEvaluable:
        seen = False
    conditions: dict[str, None] = {}

    def is_zero(coefficient: Expr) -> bool:
        zero, tower = prove_zero(coefficient)
        conditions.update(dict.fromkeys(tower.condition_texts()))
        return zero

    try:
        equal = equal_words(lhs, rhs, is_zero)
    except (NotWords, OutsideTower) as reason:
        return Verdict("undecided", "", reason=str(reason))
    if equal and seen:
        return Verdict("proved", "matrix words", tuple(conditions), certificate=certified_words(lhs, rhs))
    if equal:
        return Verdict("undecided", "matrix words", reason="no explicit matrices confirm what the words say")
    return Verdict("undecided", "", reason="the words of the two sides differ")


def _value(value: Any) -> str:
    return str(value.tolist()) if hasattr(value, "tolist") else str(value)
