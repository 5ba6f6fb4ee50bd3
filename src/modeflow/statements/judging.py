"""How an obligation is put to the prover, and which conditions of its verdict are needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Integer, Integral, Mul, Ne, S, Tuple, expand
from sympy.core.function import AppliedUndef

from ..language.definitions import unfold
from ..language.provisos import Proviso
from ..language.verdict import Verdict
from ..proof import derivatives
from ..proof.given import bearing
from ..proof.known_signs import NotDifferentiable
from .equations import Equation

LARGEST = 60  # operations in a denominator that is looked at again where letters are not 0


def blown_up(equation: Equation, given: Sequence[Any], time_limit: float) -> Verdict | None:
    """Refuted where putting in the closed form left infinity times something on one side only, as 1/0 at a start.

    The witness is a point at which that something is not zero, so that the side is infinite there.
    """
    from ..proof.prove import prove

    infinite = (S.ComplexInfinity, S.Infinity, S.NegativeInfinity)
    for side, other in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
        factors = Mul.make_args(side)
        if any(f in infinite for f in factors) and getattr(other, "is_finite", None):
            left = Mul(*(f for f in factors if f not in infinite))
            rest = prove(left, 0, given=bearing(given, left)[0], time_limit=time_limit)
            if rest.witness is not None:
                sides = {"left": str(equation.lhs), "right": str(equation.rhs), "relation": equation.relation}
                return Verdict("refuted", "substitution", witness={"point": rest.witness["point"], **sides})
    return None


def taken_by_the_prover(written: Equation) -> bool:
    """Whether the prover takes the derivatives: where they are of integrals and need no condition, it need not."""
    sides = Tuple(written.lhs, written.rhs)
    if not sides.has(Integral):
        return True
    try:
        return bool(derivatives.listed(derivatives.carried_out(sides)[1]))
    except NotDifferentiable:
        return True


def carried_out(expression: Any) -> Any:
    """The expression with derivatives taken where there are any; integrals stay, except those over nothing."""
    try:
        expression = derivatives.carried_out(expression)[0].doit(integrals=False)
    except NotDifferentiable:
        return expression
    empty = {
        i: Integer(0) for i in expression.atoms(Integral) if len(i.limits[0]) == 3 and i.args[1][1] == i.args[1][2]
    }
    return expression.xreplace(empty)


def needed(provisos: Sequence[Proviso], time_limit: float, given: Sequence[Any] | None = None) -> tuple[Proviso, ...]:
    """The provisos, each once, without those that follow where letters are not 0, which others ask for.

    given: for a special case, what it assumes; its values may settle what was open in general, whatever letters are.
    """
    from ..proof.prove import prove_knowing

    letters = [Ne(p.expression, 0) for p in provisos if p.kind == "!=" and not p.place and p.expression.is_Symbol]

    def follows(p: Proviso) -> bool:
        e = unfold(p.expression)
        near = [r for r in letters if r.free_symbols <= e.free_symbols] if p.kind == "!=" else []
        if p.kind != "!=" or e.is_Symbol or e.has(AppliedUndef) or e.count_ops() > LARGEST:
            return False
        if given is not None:
            near += [r for r in bearing(given, e)[0] if not r.free_symbols & Tuple(*p.place).free_symbols]
        if given is None and not near:
            return False
        found = prove_knowing((), e, Integer(0), "!=", near, time_limit, proof_only=True)
        return bool(found) and not found.provisos

    return tuple(p for p in _once(provisos) if not follows(p) and not _is_an_end(p, provisos))


def _once(provisos: Iterable[Proviso]) -> list[Proviso]:
    """Of what is asked for twice, with either sign or by a name and in letters, the first; or a letter."""
    kept: list[Proviso] = []
    for proviso in provisos:
        same = (n for n, other in enumerate(kept) if other.place == proviso.place and _is_one(other, proviso))
        place = next(same, None)
        if place is None:
            kept.append(proviso)
        elif proviso.expression.is_Symbol:
            kept[place] = proviso
    return kept


def _is_one(one: Proviso, other: Proviso) -> bool:
    """Whether the two ask that one quantity is not 0, wherever that is."""
    e, f = unfold(one.expression), unfold(other.expression)
    if not one.kind == other.kind == "!=" or e.free_symbols != f.free_symbols or (e - f).count_ops() > LARGEST:
        return False
    return any(expand(e - sign * f) == 0 for sign in (1, -1))


def _is_an_end(proviso: Proviso, others: Sequence[Proviso]) -> bool:
    """Whether another one asks for the same from the start up to here."""
    return not proviso.place and any(len(p.place) == 1 and _is_one(p, proviso) for p in others)
