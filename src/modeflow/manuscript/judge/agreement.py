"""Whether a statement says what a claim says: only what is proved is ok."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from typing import Any

import sympy
from sympy import Add, Expr, Rational, factor_terms
from sympy.core.function import AppliedUndef, Derivative

from ...language.matrices import has_letters
from ...language.quantities import letters as letters_of
from ...statements.claims import Claim
from ..mean import shapes
from ..mean.meaning import Reader, rates
from ..mean.notation import Notation
from ..mean.quantity_names import Names, by_weights, meanings
from ..mean.real_points import can_be_evaluated
from ..mean.shapes import Misfit
from ..mean.subject import Subject, entries, letter, products
from ..read.trees import Node, Statement, has_decimal
from . import equations, inequalities, rounding, special_values, sums
from .equations import Derived
from .findings import Outcome
from .integrals import ProofsWithIntegrals, has_integrals
from .questions import LARGEST, Comparison, not_proved
from .suggestions import edits
from .wording import Wording

_COMPARES = {"=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}


class Comparer:
    """Compares statements in one notation; time_limit: seconds for each proof."""

    def __init__(self, notation: Notation, definitions: Mapping[str, Expr], time_limit: float) -> None:
        self._notation, self._definitions, self._limit = notation, definitions, time_limit
        self._proofs = ProofsWithIntegrals(time_limit)

    def identity(self, statement: Statement) -> Comparison:
        """A statement of the author's own, to be proved as it stands; raises Unparsed where it has no clear meaning."""
        self._proofs.given = ()
        wording = self._wording = Wording(self._notation, statement)
        moves = any(map(_speaks_of_time, statement.sides))
        swaps = {**(self._notation.over_time if moves else {}), **self._notation.fixed}
        letters = rates(self._notation.moving)
        reader = Reader(self._notation, letters, swaps, self._definitions)
        try:
            sides = _read(reader, statement)
        except Misfit as misfit:
            return wording.comparison(_misfit(misfit, statement), "", ())
        understood = wording.statement(sides, statement.relations)
        dependent = special_values.dependent(reader.met, self._notation.fixed)
        found = self._steps(sides, statement.relations, dependent)
        if found.verdict != "ok" and any(map(has_decimal, statement.sides)):
            reader = Reader(self._notation, letters, swaps, self._definitions, rounded=True)
            sides = _read(reader, statement)

            def judge(put: Mapping[Any, Any]) -> Comparison:
                return self._steps([side.xreplace(put) for side in sides], statement.relations, dependent)

            pairs = [by_weights(pair) for pair in pairwise(sides)]
            found = rounding.within(found, reader.decimals, pairs, judge, self._proofs)
            if found.verdict == "ok" and not _equates(statement.relations):
                found = Comparison("undecided", f"true {found.note}, and not as it stands")
        return wording.comparison(found, understood, set().union(*map(letters_of, sides)))

    def _steps(self, sides: Sequence[Any], relations: Sequence[str], dependent: bool) -> Comparison:
        steps = zip(pairwise(sides), relations, strict=True)
        return _worst(self._step(*pair, relation, dependent) for pair, relation in steps)

    def _step(self, left: Any, right: Any, relation: str, dependent: bool) -> Comparison:
        verdict = partial(sums.verdict, proofs=self._proofs) if sums.has_sums(left, right) else self._proofs.verdict
        found = verdict(left, right, relation)
        if found.status == "refuted" and (dependent or not self._fails_as_meant(left, right, relation)):
            return Comparison("undecided", "its letters depend on each other, and it ignores that")
        return Comparison("ok", "proved") if found.status == "proved" else not_proved(found, relation)

    def _fails_as_meant(self, left: Any, right: Any, relation: str = "=") -> bool:
        """Whether a refuted statement is refuted as well where w0 is ab, w(0) is w0, and so on."""
        if sums.has_sums(left, right):
            return True
        for put in meanings(has_letters(left) or has_letters(right)):
            one, other = (side.xreplace(put).doit() for side in (left, right))
            if (one, other) != (left, right) and self._proofs.verdict(one, other, relation).status != "refuted":
                return False
        return True

    def holds_at(self, statement: Statement, point: Mapping[str, Any]) -> bool:
        """Whether a statement is seen to hold at a point, letter → value; raises Unparsed where it cannot be read."""
        written = Wording(self._notation, statement).expression
        reader = Reader(self._notation, {}, self._notation.fixed, self._definitions)
        sides = [reader.read(side) for side in statement.sides]
        if any(side.atoms(sympy.Function, sympy.Integral) or has_letters(side) for side in sides):
            return False
        letters = set().union(*(side.free_symbols for side in sides))
        at = {s: Rational(str(point[written(s)])) for s in letters if written(s) in point}
        special_values = [side.xreplace(at) for side in sides]
        try:
            return all(
                _COMPARES[relation](one, other) == sympy.true
                for (one, other), relation in zip(pairwise(special_values), statement.relations, strict=True)
            )
        except TypeError:  # of numbers that are not real
            return False

    def claim(self, statement: Statement, claim: Claim) -> Comparison:
        """A statement against a claim; raises Unparsed where it has no clear meaning."""
        found = self._against(statement, Subject(claim, self._notation.fixed))
        if found.verdict == "wrong" and found.witness and has_letters(claim.lhs):
            by_data = Subject(claim, self._notation.fixed, meanings(matrices=True)[0])
            if self._against(statement, by_data).verdict != "wrong":
                return Comparison("undecided", "true where the second moment is X*X.T", found.understood)
        return found

    def _against(self, statement: Statement, subject: Subject) -> Comparison:
        claim, self._proofs.given = subject.claim, subject.given
        if (unfit := special_values.unfit(subject)) is not None:
            return Wording(self._notation, statement).comparison(unfit, "", ())
        swaps = Names(subject).swaps()
        wording = self._wording = Wording(self._notation, statement, swaps)
        reader = Reader(self._notation, subject.moving, swaps, self._definitions, subject.covariance)
        try:
            sides = _read(reader, statement)
        except Misfit as misfit:  # of a claim without matrices the letter may be another, as I of an imbalance is
            matrices = has_letters(claim.lhs) or has_letters(claim.rhs)
            return wording.comparison(_misfit(misfit, statement, matrices), "", ())
        understood = wording.statement(sides, statement.relations)
        if sums.has_sums(*sides):
            return Comparison("undecided", "sums over an index are compared with no claim, only proved", understood)
        if claim.expects != "proved":
            return Comparison("undecided", f"{claim.id} is an error kept on show", understood)
        once = sum(_has_derivative(side) for side in statement.sides) == 1
        worked_out = reader.differentiated if once else []
        found = self._judged(sides, statement.relations, subject, worked_out)
        if found.verdict != "ok" and any(map(has_decimal, statement.sides)) and _equates(statement.relations):
            found = self._rounded(found, statement, subject, swaps, once)
        if found.verdict == "wrong" and (bound := special_values.bound(subject, reader.met)) is not None:
            reason = "{} has a fixed value, which says something of the letters of the claim that is not put in"
            found = Comparison("undecided", reason, about=(bound,))
        return wording.comparison(found, understood, subject.used)

    def _rounded(
        self, exact: Comparison, statement: Statement, subject: Subject, swaps: Mapping[Any, Any], once: bool
    ) -> Comparison:
        """The verdict where the decimals may be rounded."""
        reader = Reader(self._notation, subject.moving, swaps, self._definitions, subject.covariance, rounded=True)
        sides = _read(reader, statement)

        def judge(put: Mapping[Any, Any]) -> Comparison:
            worked_out = [(e.xreplace(put), s) for e, s in reader.differentiated] if once else []
            return self._judged([side.xreplace(put) for side in sides], statement.relations, subject, worked_out)

        pairs = list(pairwise(side.xreplace(subject.values) for side in sides))
        if not subject.unknowns:
            pairs = [by_weights(pair, subject) for pair in pairs]
        if subject.given:  # the points of refutation are not chosen by it
            pairs = []
        return rounding.within(exact, reader.decimals, pairs, judge, self._proofs)

    def _judged(
        self, sides: Sequence[Any], relations: Sequence[str], subject: Subject, carried_out: Derived
    ) -> Comparison:
        """The verdict on a statement, of which a difference counts only between what the claim knows."""
        found = self._statement(sides, relations, subject, carried_out)
        strangers = [s for s in map(subject.foreign, sides) if s is not None]
        if strangers and found.verdict != "ok" and _equates(relations):
            known = [side for side in sides if subject.foreign(side) is None]
            part = self._judged(known, relations[: len(known) - 1], subject, carried_out) if len(known) > 1 else found
            if len(known) > 1 and part.verdict == "wrong" and part.witness:
                return part
        if found.verdict != "wrong" or not found.witness:
            return found
        bare = not subject.unknowns and not any(equations.has_rates(side, subject) for side in sides)
        equation = tuple(relations) == ("=",)
        if len(relations) == 1 and bare and not self._fails_as_meant(*sides, *relations):
            return Comparison("undecided", "true of what its letters stand for, but not the claim")
        if strangers:
            return Comparison("undecided", "it speaks of {}, and the claim does not", about=(strangers[0],))
        if equation:
            return replace(found, suggestion=self._meant(sides, subject, found.witness, carried_out))
        return found

    def _statement(
        self, sides: Sequence[Any], relations: Sequence[str], subject: Subject, carried_out: Derived
    ) -> Comparison:
        unequal = [n for n, relation in enumerate(relations) if relation != "="]
        if len(unequal) > 1:
            return Comparison("undecided", "more than one inequality in a chain")
        if not unequal and subject.claim.relation != "=":
            return self._equation_for_inequality(sides, subject)
        if unequal:
            chosen = unequal[0]
            found = inequalities.compared(sides[chosen], sides[chosen + 1], relations[chosen], subject, self._proofs)
        else:
            chosen = _speaking(sides, subject)
            one, other = sides[chosen], sides[chosen + 1]
            if one == other and not (carried_out and subject.lhs.has(Derivative)):
                found = Comparison("undecided", "both sides are the same, so nothing is said")
            elif _is_stated(one, other, subject) and self._proofs.holds(one, other):
                found = Comparison("ok", "the claim, as it is stated")
            else:
                found = equations.compared(one, other, subject, self._proofs, carried_out)
        pairs = [pair for number, pair in enumerate(pairwise(sides)) if number != chosen]
        others = (self._beside(pair, subject) for pair in pairs if not _only_names(pair, subject))
        return _worst(chain([found], others))

    def _beside(self, pair: tuple[Any, Any], subject: Subject) -> Comparison:
        """Another equation of a chain, which is true of what the claim gives."""
        left, right = (side.xreplace(subject.values) for side in pair)
        found = equations.beside(left, right, subject, self._proofs)
        if any(equations.has_rates(side, subject) for side in (left, right)) and found.verdict == "wrong":
            return Comparison("undecided", "a rate of which the claim does not speak")
        return found

    def _equation_for_inequality(self, sides: Sequence[Any], subject: Subject) -> Comparison:
        given = [side.xreplace(subject.values) for side in sides]
        if any(equations.has_rates(side, subject) for side in given):
            return Comparison("undecided", "a rate of which the claim does not speak")
        for left, right in pairwise(given):
            found = self._proofs.verdict(left, right)
            if found.status != "proved":
                return not_proved(found)
        return Comparison("undecided", "true, but an equation, and the claim is an inequality")

    def _meant(
        self, sides: Sequence[Any], subject: Subject, witness: Mapping[str, object], carried_out: Derived
    ) -> str:
        """The first single edit that makes the claim of a wrong equation, within the time limit."""
        left, right = sides
        if shapes.is_matrix(left) or has_letters(left) or has_letters(right) or has_integrals(left, right):
            return ""
        if left.count_ops() + right.count_ops() > LARGEST:
            return ""
        letters = sorted((s for s in subject.used if getattr(s, "is_Symbol", False)), key=str)
        show, until = self._wording.expression, time.monotonic() + self._limit
        for name, changed in edits(right, letters, show):
            if time.monotonic() > until:
                break
            if not _may_hold(left, changed, subject, witness):
                continue
            if equations.compared(left, changed, subject, self._proofs, carried_out).verdict == "ok":
                return f"{show(left)} = {show(changed)} ({name})"
        return ""


def _misfit(misfit: Misfit, statement: Statement, matrices: bool = True) -> Comparison:
    """Wrong, but for what may differ, as matrices of two shapes do, and where no matrices are meant."""
    verdict: Outcome = "wrong" if matrices and "!=" not in statement.relations else "undecided"
    return Comparison(verdict, misfit.reason, about=misfit.about)


def _equates(relations: Sequence[str]) -> bool:
    return set(relations) == {"="}


def _worst(found: Iterable[Comparison]) -> Comparison:
    """The first that is wrong, after which none is asked for; else the first that is not ok, or the first."""
    met = []
    for one in found:
        if one.verdict == "wrong":
            return one
        met.append(one)
    return next((one for one in met if one.verdict != "ok"), met[0])


def _has_derivative(node: Node) -> bool:
    return node.kind == "derivative" or any(_has_derivative(part) for part in node.parts)


def _speaks_of_time(node: Node) -> bool:
    over_time = node.kind == "apply" or (node.kind == "derivative" and node.value == "t")
    return over_time or any(map(_speaks_of_time, node.parts))


def _read(reader: Reader, statement: Statement) -> list[Any]:
    return shapes.alike([reader.read(side) for side in statement.sides])


def _speaking(sides: Sequence[Any], subject: Subject) -> int:
    """Which equation of a chain a = b = c is about the claim: the first with the unknown, or with rates on one side."""
    pairs = list(pairwise(sides))
    for number, pair in enumerate(pairs):
        if subject.unknowns:
            if any(equations.mentions(side, u) for side in pair for u, _ in subject.unknowns):
                return number if not _only_names(pair, subject) else min(number + 1, len(pairs) - 1)
        elif sum(equations.has_rates(side, subject) for side in pair) == 1:
            return number
    with_rates = [n for n, pair in enumerate(pairs) if any(equations.has_rates(side, subject) for side in pair)]
    moving = [n for n, pair in enumerate(pairs) if any(side.has(*subject.moving) for side in pair)]
    return min(with_rates or moving or [0])


def _is_stated(left: Any, right: Any, subject: Subject) -> bool:
    """Whether the difference of the sides is that of the claim as it stands, without algebra, times a number or tau."""
    if subject.unknowns or shapes.is_matrix(left):
        return False
    swaps, tau = Names(subject).swaps(), letter("tau")
    terms = Add.make_args(left - right)
    ratios = [ratio * power for ratio in equations.RATIOS for power in (1, tau, 1 / tau)]
    given = {factor_terms(Add(*(term / ratio for term in terms))) for ratio in ratios}
    pairs = zip(entries(subject.claim.lhs), entries(subject.claim.rhs), strict=True)
    stated = (one.xreplace(swaps) - other.xreplace(swaps) for one, other in pairs if not shapes.is_matrix(one))
    return any(difference != 0 and factor_terms(difference) in given for difference in stated)


def _only_names(pair: Sequence[Any], subject: Subject) -> bool:
    """Whether an equation is only another way to write the unknown, such as w = w₁w₂."""
    return any(
        (pair[0] == u and pair[1] in products(u)) or (pair[1] == u and pair[0] in products(u))
        for u, _ in subject.unknowns
    )


def _may_hold(left: Expr, right: Expr, subject: Subject, witness: Mapping[str, object]) -> bool:
    """False where the equation fails at the witness, which costs less to see than a proof does."""
    filled = dict(subject.unknowns)
    left, right = left.xreplace(filled), right.xreplace(filled)
    point = witness["point"]
    known = point if isinstance(point, Mapping) else {}
    letters = left.free_symbols | right.free_symbols
    if not all(s.name in known for s in letters) or (left - right).has(AppliedUndef, Derivative):
        return True
    if not (can_be_evaluated(left) and can_be_evaluated(right)):
        return True
    at = {s: Rational(known[s.name]) for s in letters}
    one, other = (side.xreplace(at).evalf(20, maxn=60) for side in (left, right))
    if not (one.is_comparable and other.is_comparable):
        return True
    return bool(abs(one - other) <= 1e-9 * (1 + abs(one)))
