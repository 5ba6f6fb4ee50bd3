"""Questions to the prover, each answered in a process of its own that is killed at the time limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Basic, Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from ..language import encoding
from ..language.definitions import unfold
from ..language.expressions import Condition, Side
from ..language.verdict import Verdict
from .given import assumed, bearing, known_relation
from .remedies import with_remedy
from .settling import Known
from .worker import ask


def prove(
    lhs: Side, rhs: Side = 0, *, relation: str = "=", given: Sequence[Condition] = (), time_limit: float = 10.0
) -> Verdict:
    """Prove or refute lhs = rhs (or another relation) under the assumptions of the SymPy symbols.

    The statement is about every point that the assumptions allow and at which both sides are defined. Matrix letters
    stand for matrices of any size. An equation or inequality, Eq(lhs, rhs) or lhs >= rhs, may be given in the place of
    the two sides.

    Parameters:
        lhs, rhs: the two sides, SymPy expressions or integers.
        relation: "=", "!=", ">=", ">", "<=" or "<".
        given: SymPy relations that are assumed besides, such as [gamma < lam, x < 1]; the statement is then about the
            points at which they hold.
        time_limit: seconds of processor time (on Windows, by the clock), > 0. The check is stopped there, or after six
            times as long on a machine too busy for it, and is then undecided.
    Returns: a Verdict: proved, supported, undecided, or refuted with a point at which the statement fails.
    Raises:
        TypeError: a side that is not a SymPy expression or an integer, or a given that is no relation.
        ValueError: an unknown relation, a given about other symbols, or a time limit that is not positive.
    Example:
        >>> import modeflow
        >>> from sympy import Symbol, cosh, sinh
        >>> x = Symbol("x", real=True)
        >>> modeflow.prove(sinh(2 * x), 2 * sinh(x) * cosh(x)).status
        'proved'
        >>> modeflow.prove(x**2, x, relation=">=", given=[x >= 1]).status
        'proved'
    """
    if isinstance(lhs, Relational | BooleanAtom):
        lhs, rhs, relation = _sides(lhs, rhs, relation)
    return prove_knowing((), lhs, rhs, relation, given, time_limit)


def prove_knowing(
    known: Sequence[Known],
    lhs: Side,
    rhs: Side,
    relation: str,
    given: Sequence[Condition],
    time_limit: float,
    *,
    proof_only: bool = False,
) -> Verdict:
    """The same; `known` are the names by which denominators may be settled or written.

    proof_only: whether a statement without a proof is of no interest, so that nothing more is tried on it.
    """
    statement = [_side(lhs, "lhs"), _side(rhs, "rhs")]
    known_relation(relation)
    if isinstance(time_limit, bool) or not isinstance(time_limit, int | float) or not time_limit > 0:
        raise ValueError(f"time_limit = {time_limit!r}: give a positive number of seconds")
    about = _about([unfold(relation) for relation in assumed(given)], *statement)
    return with_remedy(_asked(statement, relation, about, known, time_limit, proof_only))


def _asked(
    statement: Sequence[Basic],
    relation: str,
    given: Sequence[Any],
    known: Sequence[Known],
    time_limit: float,
    proof_only: bool = False,
) -> Verdict:
    """The verdict of the checking process."""
    try:
        written: dict[Basic, encoding.Plain] = {}
        data = [encoding.encode(side, written) for side in statement]
        more = [[encoding.encode(condition, written) for condition in given], [one.plain(written) for one in known]]
    except encoding.NotPlain as reason:
        return Verdict("undecided", "", reason=str(reason))
    except RecursionError:
        return Verdict("undecided", "", reason="the expression is nested too deeply")
    return ask([*data, relation, *more], time_limit, proof_only)


def prove_differentiable(
    known: Sequence[Known], form: Expr, time: Any, whole: bool, given: Sequence[Any], time_limit: float
) -> Verdict:
    """Check that a closed form is differentiable, on the whole stretch that is allowed or from a parameter on."""
    return _asked(
        [form, time], "differentiable" if whole else "differentiable from a parameter on", given, known, time_limit
    )


def _sides(statement: Any, rhs: Any, relation: str) -> tuple[Any, Any, str]:
    """The two sides of Eq, Ge, Gt, Le or Lt."""
    if isinstance(statement, BooleanAtom):
        raise TypeError(
            f"SymPy has already turned the statement into {statement}: give its two sides to prove(lhs, rhs)"
        )
    if rhs != 0 or relation != "=":
        raise TypeError(f"{statement} is a statement by itself: give it alone, or give its two sides")
    sign = "=" if statement.rel_op == "==" else statement.rel_op
    return statement.lhs, statement.rhs, sign


def _about(given: Sequence[Any], *statement: Any) -> tuple[Any, ...]:
    """The relations, each of which must speak of letters of the statement, directly or through another."""
    near, apart = bearing(given, *statement)
    for relation in apart:
        letters = sorted(set().union(*(side.free_symbols for side in statement)), key=str)
        alike = [s for s in letters if str(s) in map(str, relation.free_symbols)]
        why = f"its {alike[0]} has other assumptions than the statement's" if alike else "the statement has none of it"
        raise ValueError(f"given: {relation} says nothing about the statement: {why}")
    return near


def _side(side: Any, name: str) -> Basic:
    if isinstance(side, int) and not isinstance(side, bool):
        return sympy.Integer(side)
    if isinstance(side, Expr | sympy.MatrixExpr):
        return unfold(side)
    kind = type(side).__name__
    several = isinstance(side, sympy.Tuple | tuple | list | sympy.MatrixBase)
    remedy = "give each entry on its own" if several else "write it with sympy.Symbol, or sympy.Rational for a fraction"
    raise TypeError(f"{name} is a {kind}, not a SymPy expression or an integer; {remedy}")
