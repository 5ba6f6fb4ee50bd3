"""What comparing asks of the prover, each question within the time limit."""

from __future__ import annotations

from collections.abc import Sequence
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
    has_dependent_values,
    has_restrictions,
    in_logarithms,
    joined_logarithms,
    points_where_real,
    quotient_of_logarithms,
    real_at,
)
from .corrections import Correction
from .findings import Outcome, Witness
from .slips import Slip

_NOT_REAL = "the sides differ where a logarithm or root is not real"
LARGEST = 400  # operations in what is factored; longer expressions are taken as they stand


@dataclass(frozen=True)
class Comparison:
    """verdict: ok, wrong or undecided; why; how the equation was understood; and what an ok rests on, where it does.

    corrections: of what is wrong, the single changes that make it right, each proved: its name, and which tokens it
    puts in the place of which. unique: whether there is one alone.
    """

    verdict: Outcome
    reason: str = ""
    understood: str = ""
    witness: Witness | None = None
    note: str = ""
    corrections: tuple[Slip, ...] = ()
    unique: bool = False
    about: tuple[Any, ...] = ()  # expressions of which the reason speaks, for its {}

    def corrected(self, found: Sequence[Correction], tried_all: bool) -> Comparison:
        """The same with corrections; tried_all: whether there may be no other."""
        return replace(self, corrections=tuple(c.slip for c in found), unique=len(found) == 1 and tried_all)

    def told(self) -> dict[str, Any]:
        """What a finding takes over."""
        return {name: value for name, value in vars(self).items() if name not in _NOT_TOLD}

    def worded(self, understood: str, reason: str, witness: Witness | None) -> Comparison:
        """The same in the author's letters."""
        return replace(self, understood=understood, reason=reason, witness=witness, about=())


_NOT_TOLD = ("about", "corrections", "unique")
FAILS = {
    "=": "the two sides differ",
    "!=": "the two sides are the same",
    ">": "left is not greater than right",
    "<": "left is not less than right",
    ">=": "left is less than right",
    "<=": "left is greater than right",
}


NOTHING_SAID = Comparison("undecided", "both sides are the same, so nothing is said")
OTHER_RATE = Comparison("undecided", "a rate of which the claim does not speak")
TURNED = {"<": ">", "<=": ">="}  # with the sides exchanged


def not_proved(verdict: Verdict, relation: str = "=") -> Comparison:
    """Wrong where the statement was refuted, undecided otherwise."""
    if verdict.status == "refuted":
        return Comparison("wrong", verdict.reason or FAILS[relation], witness=verdict.witness)
    return Comparison("undecided", verdict.reason or verdict.status)


def comparison(verdict: Verdict, proved: str, relation: str = "=") -> Comparison:
    """ok, with this reason, where the statement was proved; wrong where it was refuted, undecided otherwise."""
    return Comparison("ok", proved) if verdict.status == "proved" else not_proved(verdict, relation)


def _turned(verdict: Verdict) -> Verdict:
    """A verdict on b > a as one on a < b."""
    if not verdict.witness:
        return verdict
    sides = {"left": verdict.witness.get("right"), "right": verdict.witness.get("left")}
    return replace(verdict, witness={**verdict.witness, **sides})


class Proofs:
    """Questions to the prover; limit: seconds for each."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.given: tuple[Any, ...] = ()  # of the claim that is compared

    def verdict(self, left: Any, right: Any, relation: str = "=") -> Verdict:
        """Whether left (relation) right; the relation may be any of =, !=, <, >, <=, >=."""
        if relation in TURNED:
            return _turned(self.verdict(right, left, TURNED[relation]))
        given = bearing(self.given, left, right)[0]
        verdict = prove(left, right, relation=relation, given=given, time_limit=self.limit)
        if verdict.status == "proved" or has_letters(left) or has_letters(right):
            return verdict
        if given and relation == "=":  # the points at which the sides are real are not chosen by what is given
            return verdict
        return self._of_real_sides(verdict, left, right, relation)

    def _of_real_sides(self, verdict: Verdict, left: Expr, right: Expr, relation: str) -> Verdict:
        """The verdict where a refutation counts only if every logarithm and root is real at its point."""
        refuted = verdict.status == "refuted"
        if refuted and real_at(verdict.witness, left, right):
            return verdict
        if relation == "=":
            at_real_points = self._where_real(left, right)
            return verdict if at_real_points is None else at_real_points
        return Verdict("undecided", "", reason=_NOT_REAL) if refuted else verdict

    def _where_real(self, left: Expr, right: Expr) -> Verdict | None:
        """The verdict from those points alone at which every logarithm and root is real; None where it is not clear."""
        if has_dependent_values(left, right):
            return None
        decided = self._by_logarithms(left - right) or self._refuted_where_real(left, right)
        if decided is None and has_restrictions(left, right):
            return Verdict("undecided", "", reason=_NOT_REAL)
        return decided

    def _by_logarithms(self, difference: Expr) -> Verdict | None:
        """Proved where the difference vanishes once its logarithms are joined, and is real somewhere."""
        one, other = quotient_of_logarithms(joined_logarithms(in_logarithms(difference)))
        if (one, other) == (difference, Integer(0)):
            return None
        verdict = prove(one, other, time_limit=self.limit)
        return verdict if verdict.status == "proved" and _is_real_somewhere(in_logarithms(difference)) else None

    def _refuted_where_real(self, left: Expr, right: Expr) -> Verdict | None:
        for at in differing_points(left, right):
            verdict = prove(left.xreplace(at), right.xreplace(at), time_limit=self.limit)
            if verdict.status == "refuted" and verdict.witness is not None:
                point = {str(symbol): str(value) for symbol, value in at.items()}
                return replace(verdict, witness={**verdict.witness, "point": point})
        return None

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
        signless = self._signless(product) and self._signless(self.rewritten("factor", product))
        if signless:
            about = (_base(signless[0]),)
            return Comparison("undecided", "equal to the claim where {} is not 0; it may be", about=about)
        vanishing = self._vanishing(product)
        where = "" if vanishing.is_nonzero else ", where {} ≠ 0"
        return Comparison("ok", f"a rearrangement of the claim{where}", about=(vanishing,))

    def _vanishing(self, product: Expr) -> Expr:
        """What must not be 0 for a product to be defined and not 0: its factors of which that is not known."""
        factors = Mul.make_args(self.rewritten("factor", product))
        return Mul(*(_base(factor) for factor in factors if not factor.is_nonzero))

    def _signless(self, product: Expr) -> list[Expr]:
        """The factors that may have either sign."""
        return [factor for factor in Mul.make_args(product) if not self._of_one_sign(factor)]

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
    bases = {_base(part).primitive()[1] for part in Mul.make_args(product) if not part.is_number}
    return bases | {-base for base in bases}


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
