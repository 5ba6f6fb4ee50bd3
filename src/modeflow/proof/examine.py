"""The ladder of checks: points that refute, then exact algebra that proves.

statement → enclosures at exact points → refuted | tower, words, signs, derivatives → proved | supported | undecided
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import comb, lcm, prod
from typing import Any

import sympy
from sympy import Expr, Rational

from ..language.expressions import parts
from ..language.matrices import NotWords, differences, has_letters
from ..language.matrix_rates import without_rates
from ..language.provisos import Proviso
from ..language.verdict import Verdict
from . import matrix_instances
from .assumptions import UnknownAssumption, by_name, require_known
from .certificates import FORMAT, Context, Shown, certified_nonzero, certified_signs, certified_words, certified_zero
from .constancy import zero_by_derivatives
from .derivatives import carried_out, listed
from .differentiability import differentiable
from .enclosures import NotEvaluable, OnBranchCut, Point, enclose_both
from .evidence import ON_CUT, Evidence, gather
from .given import TURNED, Chart, charts
from .known_signs import NotDifferentiable
from .monotonicity import positive_by_derivatives
from .numerical_support import SUPPORTING_POINTS, support
from .opaque_terms import adjoined
from .sample_points import SEED, inside, points, satisfied
from .settling import Known, settled
from .signs import NONNEGATIVE, POSITIVE, ZERO, Signs, of_expression
from .stages import entered
from .tower import OutsideTower, Tower, ZeroDenominator, prove_zero
from .unknown_functions import as_symbols, dependent

REFUTING_POINTS = 12
LONGEST_NUMBER = 12_000  # bits; Python writes integers of up to 4300 digits
_NO_PROOF = {
    "=": "the difference does not reduce to zero",
    "!=": "the difference is not shown to be nowhere zero",
    ">=": "no certificate of sign was found",
    ">": "no certificate of sign was found",
}
_TOO_LARGE = "the sign shows as it is written; the algebra is too large for a certificate"
LARGEST_DENOMINATOR, MOST_TERMS = 2000, 3000  # powers and terms of the algebra
_BY_INVERSES = {"format": FORMAT, "unchecked": "the proof uses that what is inverted times its inverse is the identity"}
_NO_CERTIFICATE = {"format": FORMAT, "unchecked": "the proof is by derivatives and a value at one point"}


def examine(
    lhs: Any,
    rhs: Any,
    relation: str = "=",
    given: Sequence[Any] = (),
    known: Sequence[Known] = (),
    proof_only: bool = False,
) -> Verdict:
    """The check itself, without a time limit; known: the names that may settle denominators.

    proof_only: whether a statement without a proof is of no interest, so that nothing more is tried on it.
    """
    start = time.perf_counter()
    turned = relation in TURNED
    sides = (rhs, lhs) if turned else (lhs, rhs)
    try:
        require_known(lhs, rhs, *given)
        if relation.startswith("differentiable"):
            entered("looking for where it is not differentiable")
            found = differentiable(lhs, rhs, given, relation == "differentiable", known)
            return replace(found, seconds=time.perf_counter() - start)
        verdict = _examine(*sides, TURNED.get(relation, relation), given, known, proof_only)
    except (UnknownAssumption, ZeroDenominator) as reason:
        verdict = Verdict("undecided", "", reason=str(reason))
    verdict = _turned_back(verdict, relation) if turned else verdict
    return replace(verdict, seconds=time.perf_counter() - start)


def _turned_back(verdict: Verdict, relation: str) -> Verdict:
    """The verdict on a statement whose sides were exchanged."""
    if verdict.witness is None:
        return verdict
    w = verdict.witness
    return replace(verdict, witness={**w, "left": w["right"], "right": w["left"], "relation": relation})


def _examine(
    lhs: Any, rhs: Any, relation: str, given: Sequence[Any], known: Sequence[Known], proof_only: bool
) -> Verdict:
    try:
        (lhs, rhs), conditions = carried_out(sympy.Tuple(lhs, rhs))
    except NotDifferentiable as reason:
        return Verdict("undecided", "", reason=str(reason))
    lhs, rhs = lhs.doit(integrals=False), rhs.doit(integrals=False)
    if obstacle := _no_number(lhs, rhs):
        return Verdict("undecided", "", reason=obstacle)
    if has_letters(lhs) or has_letters(rhs):
        return _where_derivatives_exist(listed(conditions), _by_words(lhs, rhs, relation, given, known))
    question = Question(lhs, rhs, relation, tuple(given), tuple(conditions), tuple(known), proof_only)
    verdict = _where_derivatives_exist(listed(conditions), _by_numbers(question))
    dependence = dependent(lhs, rhs, *given)
    return Verdict("undecided", "", reason=dependence) if dependence and not verdict else verdict


def _no_number(*sides: Any) -> str:
    """Why a side is nothing that has a value which can be computed; empty where both are."""
    inside = set().union(*map(parts, sides))
    if not inside.isdisjoint((sympy.nan, sympy.oo, sympy.zoo, -sympy.oo)):
        return "a side is not a finite expression (nan, oo or zoo)"
    if any(max(abs(n.p), n.q).bit_length() > LONGEST_NUMBER for n in inside if isinstance(n, Rational)):
        return f"a number is longer than {LONGEST_NUMBER} bits"
    return ""


def _where_derivatives_exist(conditions: list[Proviso], verdict: Verdict) -> Verdict:
    """The verdict on a statement whose derivatives are right under these conditions."""
    if not conditions or not verdict:
        return verdict
    certificate = verdict.certificate
    if certificate and "conditions" in certificate:
        texts = dict.fromkeys((*map(str, conditions), *certificate["conditions"]))
        certificate = {**certificate, "conditions": list(texts)}
    everything = tuple(dict.fromkeys((*conditions, *verdict.provisos)))
    return replace(verdict, provisos=everything, certificate=certificate)


def _by_numbers(question: Question) -> Verdict:
    """The verdict at points by numbers, then by algebra."""
    try:
        question = question.in_symbols()
    except OutsideTower as reason:
        return Verdict("undecided", "", reason=str(reason))
    entered("trying points")
    evidence = question.evidence(REFUTING_POINTS)
    if evidence.witness:
        return Verdict("refuted", "balls", witness=evidence.witness)
    if evidence.empty:
        return Verdict("undecided", "", reason=evidence.obstacle)
    return _by_algebra(question, evidence)


@dataclass(frozen=True)
class Question:
    """lhs (relation) rhs, =, !=, >= or >, where the given relations hold and nothing of `apart` vanishes."""

    lhs: Expr
    rhs: Expr
    relation: str
    given: tuple[Any, ...] = ()
    apart: tuple[Expr, ...] = ()
    known: tuple[Known, ...] = ()
    proof_only: bool = False

    def in_symbols(self) -> Question:
        """The same with symbols in the place of functions; raises OutsideTower where there are none for them."""
        count = len(self.given)
        (lhs, rhs, *rest), apart = as_symbols([self.lhs, self.rhs, *self.given, *self.apart])
        return replace(self, lhs=lhs, rhs=rhs, given=tuple(rest[:count]), apart=(*rest[count:], *apart))

    def evidence(self, wanted: int) -> Evidence:
        return gather(self.lhs, self.rhs, self.relation, wanted, self.apart, self.given)

    def within(self, chart: Chart) -> Question:
        """The same in the symbols of a chart."""
        put = dict(chart.put)
        return replace(self, lhs=self.lhs.xreplace(put), rhs=self.rhs.xreplace(put), given=(), apart=())


def _by_algebra(question: Question, evidence: Evidence) -> Verdict:
    entered("proving by algebra")
    shown = _shown_where_given(question, bool(evidence.effective))
    on_cut = evidence.obstacle.startswith(ON_CUT) and question.relation == "="  # there a value is a convention, but one
    if shown and not evidence.effective and not (on_cut and shown.method.startswith("tower")):
        return Verdict("undecided", shown.method, reason=evidence.obstacle)
    return shown if shown or question.proof_only else _without_proof(question, shown.reason)


def _shown_where_given(question: Question, defined: bool) -> Verdict:
    """Proved without what is given if that leaves no condition, else with it, chart by chart.

    Derivatives come last, since they take longest.
    """
    everywhere = _by_tower(question, Chart())
    if everywhere and not everywhere.provisos:
        return everywhere
    parts = charts(question.given) if question.given else []
    if (found := _by_tower_within(question, parts, everywhere)) is not None:
        return found
    everywhere = everywhere or _by_derivatives(question, defined) or everywhere
    if not question.given or (everywhere and not everywhere.provisos):
        return everywhere
    by_chart = [_shown_within(question, chart, defined) for chart in parts]
    failed = next((verdict for verdict in by_chart if not verdict), None)
    if failed is not None:
        return everywhere or failed
    return _together(question, everywhere, by_chart)


def _by_tower_within(question: Question, parts: Sequence[Chart], everywhere: Verdict) -> Verdict | None:
    """Proved on every chart by algebra that leaves no condition; None otherwise."""
    by_chart = list[Verdict]()
    for chart in parts:
        try:
            by_chart.append(_by_tower(question.within(chart), chart, question.given))
        except ZeroDenominator:
            return None
        if not by_chart[-1]:
            return None
    found = _together(question, everywhere, by_chart)
    return found if found and not found.provisos else None


def _together(question: Question, everywhere: Verdict, by_chart: list[Verdict]) -> Verdict:
    """Proved on every chart; as everywhere, where that leaves no more conditions, or where there is no chart."""
    provisos = _not_given(dict.fromkeys(p for verdict in by_chart for p in verdict.provisos), question.given)
    if not by_chart or (everywhere and len(provisos) >= len(everywhere.provisos)):
        return everywhere
    domains = tuple(dict.fromkeys(i for verdict in by_chart for i in verdict.rests_on))
    method = f"{by_chart[0].method}, where given"
    return Verdict("proved", method, provisos, certificate=_under(question.given), rests_on=domains)


def _shown_within(question: Question, chart: Chart, defined: bool) -> Verdict:
    """On one chart; at an end where the statement is not defined, that is a condition."""
    try:
        return _shown(question.within(chart), chart, defined, question.given)
    except ZeroDenominator as reason:
        ends = [Proviso(s - e) for s, e in chart.put.items() if not e.atoms(sympy.Dummy)]
        if not ends:
            raise
        return Verdict("proved", "tower", (ends[-1],), reason=str(reason))


def _not_given(provisos: Mapping[Proviso, None], given: Sequence[Any]) -> tuple[Proviso, ...]:
    told = {Proviso(sign * (r.lhs - r.rhs)) for r in given if isinstance(r, sympy.Ne) for sign in (1, -1)}
    return tuple(p for p in provisos if p not in told)


def _under(given: Sequence[Any]) -> Mapping[str, Any]:
    """No certificate: what the checker would accept holds without conditions, and this does not."""
    told = [str(relation) for relation in given]
    return {"format": FORMAT, "unchecked": f"the proof needs what is given: {', '.join(told)}", "given": told}


def _shown(question: Question, chart: Chart, defined: bool, given: Sequence[Any] = ()) -> Verdict:
    """Proved by algebra, or by derivatives if the sides are defined at some point; undecided otherwise."""
    found = _by_tower(question, chart, given)
    return found or _by_derivatives(question, defined) or found


def _by_tower(question: Question, chart: Chart, given: Sequence[Any] = ()) -> Verdict:
    """Proved by algebra; undecided otherwise."""
    try:
        shown, method = _holds(question, Context(question.known, chart, given))
    except OutsideTower as outside:
        return _by_letters(question, chart) or Verdict("undecided", "", reason=str(outside))
    if not shown.holds:
        return Verdict("undecided", "", reason=_NO_PROOF[question.relation])
    left = shown.left
    return Verdict("proved", method, left.provisos, certificate=shown.certificate, rests_on=left.by)


def _by_letters(question: Question, chart: Chart) -> Verdict | None:
    """An equation proved with letters in the place of what is outside the tower; None where it is not."""
    if question.relation != "=":
        return None
    (lhs, rhs), means = adjoined(question.lhs, question.rhs)
    try:
        zero, tower = prove_zero(lhs - rhs)
    except (OutsideTower, ZeroDenominator):
        return None
    if not zero:
        return None
    told = ", ".join(sorted(str(part) for part in means.values()))
    certificate = {"format": FORMAT, "unchecked": f"the proof takes for letters what has no steps: {told[:200]}"}
    found = settled(tower, question.known, chart.standing_for(means))
    method = "tower, parts as letters"
    return Verdict("proved", method, found.provisos, certificate=certificate, rests_on=found.by)


def _by_derivatives(question: Question, defined: bool) -> Verdict | None:
    """Proved where the derivatives and the value at a point are such that the relation holds; None otherwise."""
    if not defined or question.relation == "!=":
        return None
    entered("proving by derivatives")
    difference, relation = question.lhs - question.rhs, question.relation
    shown = zero_by_derivatives(difference) if relation == "=" else positive_by_derivatives(difference, relation == ">")
    return Verdict("proved", "derivatives", certificate=_NO_CERTIFICATE) if shown else None


def _holds(question: Question, context: Context) -> tuple[Shown, str]:
    """Whether the tower shows the statement, and how."""
    lhs, rhs, relation = question.lhs, question.rhs, question.relation
    if relation == "=":
        return certified_zero(lhs, rhs, context), "tower"
    if relation == "!=":
        return certified_nonzero(lhs, rhs, context), "no factor vanishes"
    wanted: Signs = NONNEGATIVE if relation == ">=" else POSITIVE
    as_written = of_expression(lhs - rhs)
    if as_written is not None and as_written <= wanted and _is_large(lhs - rhs) and _is_defined(lhs - rhs):
        return Shown(True, certificate={"format": FORMAT, "unchecked": _TOO_LARGE}), "signs as written"
    return certified_signs(lhs, rhs, relation, wanted, context), "certificate of signs"


def _is_large(e: Expr) -> bool:
    """Whether the algebra would have too many terms, or powers of exponentials that are too high."""
    denominators = [n.q for a in e.atoms(sympy.exp) for n in a.args[0].atoms(Rational)]
    return lcm(*denominators) > LARGEST_DENOMINATOR or _terms(e) > MOST_TERMS


def _terms(e: Expr) -> int:
    """How many terms an expression may have when it is multiplied out, up to a bound."""
    if e.is_Add:
        found = sum(map(_terms, e.args))
    elif e.is_Mul:
        found = prod(map(_terms, e.args))
    elif e.is_Pow and e.exp.is_Integer:
        found = comb(_terms(e.base) + min(abs(int(e.exp)), MOST_TERMS) - 1, min(abs(int(e.exp)), MOST_TERMS))
    else:
        found = max(map(_terms, e.args), default=1)
    return min(found, MOST_TERMS + 1)


def _is_defined(e: Expr) -> bool:
    """Whether no base of a negative power vanishes, by its signs as written."""
    below = (p.base for p in e.atoms(sympy.Pow) if not p.exp.is_nonnegative)
    return all((signs := of_expression(base)) is not None and not signs & ZERO for base in below)


def _without_proof(question: Question, reason: str) -> Verdict:
    """Supported where many points agree; undecided where too few do or the expression jumps."""
    entered("looking for a point that refutes")
    if question.relation == "!=":
        witness = _equal_somewhere(question)
        return Verdict("refuted", "tower", witness=witness) if witness else Verdict("undecided", "", reason=reason)
    found = support(question.lhs, question.rhs, question.relation, question.apart, question.given)
    if found.witness:
        return Verdict("refuted", "balls", witness=found.witness)
    if question.relation == ">" and (meeting := _equal_somewhere(question, REFUTING_POINTS, beside=False)):
        return Verdict("refuted", "tower", witness=meeting)
    if found.refused:
        return Verdict("undecided", "", reason=f"{reason}; {found.refused}")
    discarded = f", {found.thrown} discarded" if found.thrown else ""
    return Verdict("supported", f"balls at {found.effective} points{discarded}", reason=reason)


def _equal_somewhere(
    question: Question, tried: int = SUPPORTING_POINTS, beside: bool = True
) -> Mapping[str, Any] | None:
    """A witness against != or >: a point at which the difference is zero by algebra.

    beside: also where it is zero if one letter of such a point is moved.
    """
    difference = question.lhs - question.rhs
    symbols = by_name(set().union(*(e.free_symbols for e in (question.lhs, question.rhs, *question.apart))))
    for drawn in islice(points(symbols, SEED, question.given), tried):
        for point in (drawn, *(_roots_beside(difference, drawn, question.given) if beside else ())):
            if _is_zero_at(question, point):
                here = dict(point.values)
                value = str(question.lhs.xreplace(here).doit())
                return {"point": point.text(), "left": value, "right": value, "relation": question.relation}
    return None


def _roots_beside(difference: Expr, point: Point, given: Sequence[Any]) -> list[Point]:
    """The points at which the difference has a rational zero when all symbols but one stay as they are."""
    found = []
    for s in by_name(difference.free_symbols):
        others = {other: value for other, value in point.values.items() if other != s}
        found += [Point({**others, s: value}) for value in _rational_roots(difference.xreplace(others), s)]
    return [p for p in found if inside(p) and satisfied(given, p)]


def _rational_roots(e: Expr, s: Any) -> list[Expr]:
    polynomial = sympy.fraction(sympy.together(e))[0].as_poly(s)
    if polynomial is None or not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return []
    return list(polynomial.ground_roots())


def _is_zero_at(question: Question, point: Point) -> bool:
    """Shown by algebra, at a point where both sides are finite and nothing of `apart` vanishes."""
    try:
        balls = enclose_both(question.lhs, question.rhs, point, 512)
        if not all(ball.is_finite() for ball in balls) or not balls[2].contains(0):
            return False
        at = dict(point.values)
        if any(e.xreplace(at).doit() == 0 for e in question.apart):
            return False
        zero, tower = prove_zero((question.lhs - question.rhs).xreplace(at))
        return bool(zero) and not tower.conditions
    except (NotEvaluable, OnBranchCut, OutsideTower, ZeroDenominator):
        return False


def _by_words(lhs: Any, rhs: Any, relation: str, given: Sequence[Any], known: Sequence[Known]) -> Verdict:
    if relation != "=":
        return Verdict("undecided", "", reason="inequalities between matrices are outside the matrix words")
    try:
        witness = _differing_matrices(lhs, rhs, given)
        seen = True
    except NotEvaluable:
        witness, seen = None, False
    if witness is not None:
        return Verdict("refuted", "explicit matrices", witness=witness)
    try:
        lhs, rhs = without_rates(lhs), without_rates(rhs)
        found = _equal_by_words(lhs, rhs)
    except (NotWords, OutsideTower) as reason:
        return Verdict("undecided", "", reason=str(reason))
    if found is None:
        return Verdict("undecided", "", reason="the words of the two sides differ")
    method, towers = found
    if not seen:
        return Verdict("undecided", method, reason="no explicit matrices confirm what the words say")
    left = [settled(tower, known, Chart()) for tower in towers]
    provisos = tuple(dict.fromkeys(p for one in left for p in one.provisos))
    domains = tuple(dict.fromkeys(i for one in left for i in one.by))
    plain = method == "matrix words"
    certificate = certified_words(lhs, rhs, Context(known), provisos) if plain else _BY_INVERSES
    return Verdict("proved", method, provisos, certificate=certificate, rests_on=domains)


def _equal_by_words(lhs: Any, rhs: Any) -> tuple[str, list[Tower]] | None:
    """How the words show that two sides are equal, and the towers with the conditions; None where they do not."""
    for further, difference in enumerate(differences(lhs, rhs)):
        towers = list[Tower]()
        if all(_vanishes(coefficient, towers) for coefficient in difference.coefficients()):
            return "matrix words, inverses" if further else "matrix words", towers
    return None


def _differing_matrices(lhs: Any, rhs: Any, given: Sequence[Any]) -> dict[str, Any] | None:
    for instance, left, right in matrix_instances.difference(lhs, rhs, given):
        if matrix_instances.differ(left, right):
            return {"point": instance.text(), "left": _value(left), "right": _value(right), "relation": "="}
    return None


def _vanishes(coefficient: Expr, towers: list[Tower]) -> bool:
    """Whether a coefficient is zero; the tower with the conditions under which this is known is added."""
    zero, tower = prove_zero(coefficient)
    towers.append(tower)
    return zero


def _value(value: Any) -> str:
    return str(value.tolist()) if hasattr(value, "tolist") else str(value)
