"""What comparing asks of the prover, each question within the time limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Expr, Integer, Mul

from ...language.matrices import has_letters
from ...language.verdict import Verdict
from ...proof.given import bearing
from ...proof.prove import prove
from ...proof.worker import rewrite
from ..mean.real_points import (
    differing_points,
    has_restrictions,
    in_logarithms,
    joined_logarithms,
    points_where_real,
    quotient_of_logarithms,
    real_at,
)
from .findings import Outcome

_NOT_REAL = "the sides differ where a logarithm or root is not real"
LARGEST = 400  # operations in what is factored; longer expressions are taken as they stand


@dataclass(frozen=True)
class Comparison:
    """verdict: ok, wrong or undecided; why; how the equation was understood; and what an ok rests on, where it does."""

    verdict: Outcome
    reason: str = ""
    understood: str = ""
    witness: Mapping[str, object] | None = None
    suggestion: str = ""
    note: str = ""
    about: tuple[Any, ...] = ()  # expressions of which the reason speaks, for its {}

    def told(self) -> dict[str, Any]:
        """What a finding takes over."""
        return {name: value for name, value in vars(self).items() if name != "about"}

    def worded(self, understood: str, reason: str, witness: Mapping[str, object] | None) -> Comparison:
        """The same in the author's letters."""
        return replace(self, understood=understood, reason=reason, witness=witness, about=())


FAILS = {
    "=": "the two sides differ",
    "!=": "the two sides are the same",
    ">": "left is not greater than right",
    "<": "left is not less than right",
    ">=": "left is less than right",
    "<=": "left is greater than right",
}


def not_proved(found: Verdict, relation: str = "=") -> Comparison:
    """Wrong where the statement was refuted, undecided otherwise."""
    if found.status == "refuted":
        return Comparison("wrong", found.reason or FAILS[relation], witness=found.witness)
    return Comparison("undecided", found.reason or found.status)


def _turned(found: Verdict) -> Verdict:
    """A verdict on b > a as one on a < b."""
    if not found.witness:
        return found
    sides = {"left": found.witness.get("right"), "right": found.witness.get("left")}
    return replace(found, witness={**found.witness, **sides})


class Proofs:
    """Questions to the prover; limit: seconds for each."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.given: tuple[Any, ...] = ()  # of the claim that is compared

    def verdict(self, left: Any, right: Any, relation: str = "=") -> Verdict:
        """Whether left (relation) right; the relation may be any of =, !=, <, >, <=, >=."""
        if relation in ("<", "<="):
            return _turned(self.verdict(right, left, {"<": ">", "<=": ">="}[relation]))
        given = bearing(self.given, left, right)[0]
        found = prove(left, right, relation=relation, given=given, time_limit=self.limit)
        if found.status == "proved" or has_letters(left) or has_letters(right):
            return found
        if given and relation == "=":  # the points below are not chosen by what is given
            return found
        if relation != "=":
            unreal = found.status == "refuted" and not real_at(found.witness, left, right)
            return Verdict("undecided", "", reason=_NOT_REAL) if unreal else found
        if found.status != "refuted" or not real_at(found.witness, left, right):
            real = self._where_real(left, right)
            return found if real is None else real
        return found

    def _where_real(self, left: Expr, right: Expr) -> Verdict | None:
        """The verdict from those points alone at which every logarithm and root is real; None where it is not clear."""
        difference = joined_logarithms(in_logarithms(left - right))
        one, other = quotient_of_logarithms(difference)
        if (one, other) != (left - right, Integer(0)):
            found = prove(one, other, time_limit=self.limit)
            if found.status == "proved" and _is_real_somewhere(in_logarithms(left - right)):
                return found
        for at in differing_points(left, right):
            found = prove(left.xreplace(at), right.xreplace(at), time_limit=self.limit)
            if found.status == "refuted" and found.witness is not None:
                point = {str(symbol): str(value) for symbol, value in at.items()}
                return replace(found, witness={**found.witness, "point": point})
        if not has_restrictions(left, right):
            return None
        return Verdict("undecided", "", reason=_NOT_REAL)

    def holds(self, left: Any, right: Any, relation: str = "=") -> bool:
        """Whether that is proved."""
        return self.verdict(left, right, relation).status == "proved"

    def zero(self, e: Expr) -> bool:
        """Whether an expression is proved to vanish."""
        return bool(e == 0) or self.holds(e, Integer(0))

    def rarely_zero(self, product: Expr) -> bool:
        """Whether a product is shown to vanish nowhere, or only here and there: |x| - x vanishes on a half-line."""
        factors = [_inside(f) for f in Mul.make_args(product)]
        return all(
            f.is_nonzero or (_is_analytic(f) and self.verdict(f, Integer(0)).status == "refuted") for f in factors
        )

    def rewritten(self, how: str, e: Expr) -> Expr:
        """The expression after "cancel" or "factor", or as it is where that is too much."""
        if e.count_ops() > LARGEST:
            return e
        done = rewrite(how, e, min(self.limit, 2.0))
        return e if done is None else done

    def with_factors(self, factors: Sequence[Expr], value: Expr | None = None) -> Comparison:
        """ok where an equation is the claim times factors that do not change sign and vanish at most here and there.

        value: what the claim gives its unknown; where that is not defined, a factor may vanish.
        """
        apart = set() if value is None else _undefined_at(value)
        factors = [Mul(*(p for p in Mul.make_args(f) if not _bases(p) & apart)) for f in factors]
        product = Mul(*factors)
        if not self.rarely_zero(product):
            return Comparison("undecided", "the factor in which the equation differs from the claim may vanish")
        signless = [p for p in Mul.make_args(product) if not self._of_one_sign(p)]
        if signless:
            signless = [p for p in Mul.make_args(self.rewritten("factor", product)) if not self._of_one_sign(p)]
        if signless:
            about = (_base(signless[0]),)
            return Comparison("undecided", "equal to the claim where {} is not 0; it may be", about=about)
        where = "" if product.is_nonzero else ", where {} ≠ 0"
        return Comparison("ok", f"a rearrangement of the claim{where}", about=(product,))

    def _of_one_sign(self, part: Expr) -> bool:
        if part.is_Pow and part.exp.is_negative:
            return True  # where it is defined it does not vanish
        base = _base(part)
        if base.is_nonzero or base.is_nonnegative or base.is_nonpositive:
            return True
        return self.holds(base, Integer(0), ">=") or self.holds(-base, Integer(0), ">=")


def _is_real_somewhere(e: Expr) -> bool:
    return next(points_where_real(e, Integer(0)), None) is not None


def _undefined_at(value: Expr) -> set[Expr]:
    """What must not vanish where the value is defined: its denominator, and the factors inside its logarithms."""
    inside = (log.args[0] for log in value.atoms(sympy.log))
    return {base for product in (sympy.fraction(value)[1], *inside) for base in _bases(product)}


def _bases(product: Expr) -> set[Expr]:
    """What stands in a product to whatever power, with either sign."""
    found = {_base(part).primitive()[1] for part in Mul.make_args(product) if not part.is_number}
    return found | {-base for base in found}


def _base(part: Expr) -> Expr:
    return part.base if part.is_Pow else part


def _inside(factor: Expr) -> Expr:
    """What vanishes where a factor does."""
    while (factor.is_Pow and factor.exp.is_Rational) or isinstance(factor, sympy.Abs):
        factor = factor.args[0]
    return factor


def _is_analytic(e: Expr) -> bool:
    """Whether no part of the expression has a corner; roots of what is positive have none."""
    return not e.has(sympy.Abs, sympy.sign) and all(
        p.exp.is_Integer or p.base.is_positive for p in e.atoms(sympy.Pow) if p.exp.is_number
    )
