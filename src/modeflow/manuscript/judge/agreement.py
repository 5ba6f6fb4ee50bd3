"""Whether a statement says what a claim says: only what is proved is ok."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, pairwise
from typing import Any

import sympy
from sympy import Expr, Integer, Rational
from sympy.core.function import Derivative

from ...language.matrices import has_letters
from ...language.quantities import letters as letters_of
from ...statements.claims import Claim
from ..mean import matrix_shapes
from ..mean.matrix_shapes import Misfit
from ..mean.meaning import Reader, rates
from ..mean.notation import Notation, called
from ..mean.presets import OFTEN_FIXED
from ..mean.quantity_names import Names, by_weights, meanings
from ..mean.real_points import points_where_real
from ..mean.subject import Subject
from ..read.formula_trees import Node, Statement, has_decimal
from ..text.tokens import Token, Unparsed
from . import equations, inequalities, rounding, special_values, sums
from .as_stated import is_stated
from .corrections import POINTS, Correction, Corrections, at_points
from .equations import Derived
from .findings import Outcome
from .integrals import ProofsWithIntegrals, has_integrals
from .prover_questions import LARGEST, NOTHING_SAID, OTHER_RATE, Comparison, comparison, not_proved
from .tree_values import TreeValues
from .wording import Wording, spelled

_COMPARES = {"=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}
Values = Mapping[Any, Any]  # letters, and what is put in their place
Search = Callable[[], tuple[list[Correction], bool]]


@dataclass(frozen=True)
class Said:
    """What a statement says in the letters of the claims: its sides, with a relation between each and the next.

    carried_out: what was differentiated on one side of it, and in which letter.
    """

    sides: Sequence[Any]
    relations: Sequence[str]
    carried_out: Derived = ()

    def pairs(self) -> list[tuple[Any, Any]]:
        """The sides of each relation."""
        return list(pairwise(self.sides))

    def put(self, values: Values) -> Said:
        """The same with values in the place of letters."""
        carried_out = [(function.xreplace(values), letter) for function, letter in self.carried_out]
        return replace(self, sides=[side.xreplace(values) for side in self.sides], carried_out=carried_out)


class Comparer:
    """Compares a statement in one notation.

    time_limit: seconds for each proof. written: the tokens of the statement, of which corrections are made. meant: what
    finds these, and whether there may be no other, once a statement is seen to be wrong; None where none is sought.
    """

    meant: Search | None = None

    def __init__(
        self, notation: Notation, definitions: Mapping[str, Expr], time_limit: float, written: Sequence[Token] = ()
    ) -> None:
        self._notation, self._definitions, self._limit = notation, definitions, time_limit
        self._written = written
        self._proofs = ProofsWithIntegrals(time_limit)
        self._motions = notation.catalogue.motions

    # Identities of the author's

    def identity(self, statement: Statement) -> Comparison:
        """A statement of the author's own, to be proved as it stands; raises Unparsed where it has no clear meaning."""
        self._proofs.given = ()
        wording = Wording(self._notation, statement)
        in_letters = self._readers(statement)
        reader = in_letters()
        try:
            said = as_said(reader, statement)
        except Misfit as misfit:
            return wording.comparison(_misfit(misfit, statement), "", ())
        dependent = special_values.dependent(reader.met, self._notation.fixed, self._motions)
        judge = partial(self._steps, dependent=dependent)
        judged = judge(said)
        if judged.verdict != "ok" and any(map(has_decimal, statement.sides)):
            judged = self._rounded_identity(judged, statement, in_letters(rounded=True), judge)
        self._may_be_corrected(
            judged,
            said,
            in_letters,
            lambda changed: judge(changed).verdict == "ok",
            lambda: at_points(lambda node: in_letters().read(node), islice(points_where_real(*said.sides), POINTS)),
        )
        letters = set().union(*map(letters_of, said.sides))
        return wording.comparison(judged, wording.statement(said.sides, said.relations), letters)

    def _readers(self, statement: Statement) -> Callable[..., Reader]:
        """What makes a reader of a statement of the author's own."""
        over_time = self._notation.over_time if any(map(_speaks_of_time, statement.sides)) else {}
        swaps = {**over_time, **self._notation.fixed}
        return partial(Reader, self._notation, rates(self._notation.moving), swaps, self._definitions)

    def _rounded_identity(
        self, exact: Comparison, statement: Statement, reader: Reader, judge: Callable[[Said], Comparison]
    ) -> Comparison:
        """The verdict where the decimals may be rounded."""
        said = as_said(reader, statement)
        pairs = said.pairs()
        for motion in self._motions:
            pairs = [by_weights(pair, motion) for pair in pairs]
        judged = rounding.within(exact, reader.decimals, pairs, lambda put: judge(said.put(put)), self._proofs)
        if judged.verdict == "ok" and not _equates(statement.relations):
            return Comparison("undecided", f"true {judged.note}, and not as it stands")
        return judged

    def _steps(self, said: Said, dependent: bool) -> Comparison:
        steps = zip(said.pairs(), said.relations, strict=True)
        return _worst(self._step(*pair, relation, dependent) for pair, relation in steps)

    def _step(self, left: Any, right: Any, relation: str, dependent: bool) -> Comparison:
        ask = partial(sums.verdict, proofs=self._proofs) if sums.has_sums(left, right) else self._proofs.verdict
        verdict = ask(left, right, relation)
        if verdict.status == "refuted" and (dependent or not self._fails_as_meant(left, right, relation)):
            return Comparison("undecided", "its letters depend on each other, and it ignores that")
        return comparison(verdict, "proved", relation)

    def _fails_as_meant(self, left: Any, right: Any, relation: str = "=") -> bool:
        """Whether a refuted statement is refuted as well where w0 is ab, w(0) is w0, and so on."""
        if sums.has_sums(left, right):
            return True
        matrices = has_letters(left) or has_letters(right)
        for put in (put for motion in self._motions for put in meanings(motion, matrices)):
            one, other = (side.xreplace(put).doit() for side in (left, right))
            if (one, other) != (left, right) and self._proofs.verdict(one, other, relation).status != "refuted":
                return False
        return True

    # What may have been meant

    def _may_be_corrected(
        self,
        judged: Comparison,
        said: Said,
        in_letters: Callable[[], Reader],
        accept: Callable[[Said], bool],
        at: Callable[[], Sequence[TreeValues]],
        others: Sequence[str] = (),
        drops: bool = False,
    ) -> None:
        """Have `meant` look for the single changes that make an equation right which fails at a point.

        at: values at points at which the sides of what is right are equal.
        """
        if judged.verdict != "wrong" or not judged.witness or not self._written:
            return
        if not _equates(said.relations) or not _are_short_scalars(*said.sides):
            return

        def accepted(changed: Statement) -> Sequence[Any] | None:
            now = as_said(in_letters(), changed)
            return now.sides if _are_short_scalars(*now.sides) and accept(now) else None

        def search() -> tuple[list[Correction], bool]:
            found = Corrections(self._written, self._known(), self._limit, others, drops)
            return found.right(accepted, self._same, at())

        self.meant = search

    def _same(self, one: Sequence[Any], other: Sequence[Any]) -> bool:
        """Whether two right formulas say the same, side by side."""
        return all(a == b or self._proofs.holds(a, b) for a, b in zip(one, other, strict=True))

    def _known(self) -> frozenset[str]:
        return self._notation.names() | set(self._definitions)

    # Conditions on an equation

    def holds_at(self, statement: Statement, point: Mapping[str, Any]) -> bool:
        """Whether a statement is seen to hold at a point, letter → value; raises Unparsed where it cannot be read."""
        written = Wording(self._notation, statement).expression
        reader = Reader(self._notation, {}, self._notation.fixed, self._definitions)
        said = Said([reader.read(side) for side in statement.sides], statement.relations)
        if any(side.atoms(sympy.Function, sympy.Integral) or has_letters(side) for side in said.sides):
            return False
        letters = set().union(*(side.free_symbols for side in said.sides))
        return _holds(said.put({s: Rational(str(point[written(s)])) for s in letters if written(s) in point}))

    # Claims

    def claim(self, statement: Statement, claim: Claim) -> Comparison:
        """A statement against a claim; raises Unparsed where it has no clear meaning."""
        judged = self._against(statement, Subject(claim, self._notation.fixed))
        meant = self.meant
        if judged.verdict == "wrong" and judged.witness and has_letters(claim.lhs):
            for synonym in meanings(claim.alphabet.motion, matrices=True)[:1]:
                if self._against(statement, Subject(claim, self._notation.fixed, synonym)).verdict != "wrong":
                    letter, stands_for = next(iter(synonym.items()))
                    return Comparison("undecided", f"true where {letter} is {stands_for}", judged.understood)
        self.meant = meant
        return self._with_fixed(judged, statement, claim) if judged.verdict == "wrong" else judged

    def _with_fixed(self, wrong: Comparison, statement: Statement, claim: Claim) -> Comparison:
        """The same, with the value that makes it right of a quantity that it leaves out: no noise, tau = 1."""
        subject = Subject(claim, self._notation.fixed)
        reader = self._claim_readers(subject)()
        try:
            as_said(reader, statement)
        except (Misfit, Unparsed):
            return wrong
        for name, value in OFTEN_FIXED.items():
            quantity = self._notation.catalogue.quantities.get(name)
            if quantity is None or quantity.symbol not in subject.used - {*self._notation.fixed, *reader.met}:
                continue
            fixed = {**self._notation.fixed, quantity.symbol: Integer(value)}
            comparer = Comparer(replace(self._notation, fixed=fixed), self._definitions, self._limit)
            if comparer._against(statement, Subject(claim, fixed)).verdict == "ok":
                remedy = f"it is right if {quantity.tex} is {value}: if it is in the paper, write {name} = {value}"
                return replace(wrong, reason=f"{wrong.reason}; {remedy} under [manuscript.fixed]")
        return wrong

    def _claim_readers(self, subject: Subject) -> Callable[..., Reader]:
        """What makes a reader of a statement that is held against a claim."""
        swaps = Names(subject).swaps()
        return partial(Reader, self._notation, subject.moving, swaps, self._definitions, subject.covariance)

    def _against(self, statement: Statement, subject: Subject) -> Comparison:
        self._proofs.given = subject.given
        if (unfit := special_values.unfit(subject)) is not None:
            return Wording(self._notation, statement).comparison(unfit, "", ())
        wording = Wording(self._notation, statement, Names(subject).swaps())
        in_letters = self._claim_readers(subject)
        reader = in_letters()
        try:
            said = as_said(reader, statement)
        except Misfit as misfit:  # of a claim without matrices the letter may be another, as I of an imbalance is
            matrices = has_letters(subject.claim.lhs) or has_letters(subject.claim.rhs)
            return wording.comparison(_misfit(misfit, statement, matrices), "", ())
        understood = wording.statement(said.sides, said.relations)
        if (not_compared := _not_compared(said, subject.claim)) is not None:
            return replace(not_compared, understood=understood)
        judged = self._judged(said, subject)
        if judged.verdict != "ok" and any(map(has_decimal, statement.sides)) and _equates(said.relations):
            judged = self._rounded(judged, statement, subject, in_letters(rounded=True))
        if judged.verdict == "wrong" and (bound := special_values.bound(subject, reader.met)) is not None:
            reason = "{} has a fixed value, which says something of the letters of the claim that is not put in"
            judged = Comparison("undecided", reason, about=(bound,))

        others = [spelled(called(key)[0]) for key, meant in self._notation.table.items() if meant in subject.used]
        self._may_be_corrected(
            judged,
            said,
            in_letters,
            lambda changed: self._judged(changed, subject).verdict == "ok",
            partial(_where_it_holds, in_letters, subject, said, judged),
            others,
            drops=True,
        )
        return wording.comparison(judged, understood, subject.used)

    def _rounded(self, exact: Comparison, statement: Statement, subject: Subject, reader: Reader) -> Comparison:
        """The verdict where the decimals may be rounded."""
        said = as_said(reader, statement)
        pairs = said.put(subject.values).pairs()
        if not subject.unknowns:
            pairs = [by_weights(pair, subject.motion, subject) for pair in pairs]
        if subject.given:  # the points of refutation are not chosen by it
            pairs = []
        return rounding.within(
            exact, reader.decimals, pairs, lambda put: self._judged(said.put(put), subject), self._proofs
        )

    def _judged(self, said: Said, subject: Subject) -> Comparison:
        """The verdict on a statement, of which a difference counts only between what the claim knows."""
        judged = self._statement(said, subject)
        known = [side for side in said.sides if subject.foreign(side) is None]
        if 1 < len(known) < len(said.sides) and judged.verdict != "ok" and _equates(said.relations):
            part = self._judged(replace(said, sides=known, relations=said.relations[: len(known) - 1]), subject)
            if part.verdict == "wrong" and part.witness:
                return part
        return self._of_difference(judged, said, subject) if judged.verdict == "wrong" and judged.witness else judged

    def _of_difference(self, wrong: Comparison, said: Said, subject: Subject) -> Comparison:
        """The verdict where the sides differ at a point: wrong, unless the claim does not speak of what is said."""
        bare = not subject.unknowns and not _has_rates(said.sides, subject)
        if len(said.relations) == 1 and bare and not self._fails_as_meant(*said.sides, *said.relations):
            return Comparison("undecided", "true of what its letters stand for, but not the claim")
        strangers = (subject.foreign(side) for side in said.sides)
        stranger = next((s for s in strangers if s is not None), None)
        if stranger is not None:
            return Comparison("undecided", "it speaks of {}, and the claim does not", about=(stranger,))
        return wrong

    def _statement(self, said: Said, subject: Subject) -> Comparison:
        unequal = [n for n, relation in enumerate(said.relations) if relation != "="]
        if unequal and unequal[0] > 0 and subject.claim.relation == "=":
            return self._before_inequality(said, unequal[0], subject)
        if len(unequal) > 1:
            return Comparison("undecided", "more than one inequality in a chain")
        if not unequal and subject.claim.relation != "=":
            return self._equation_for_inequality(said, subject)
        pairs = said.pairs()
        chosen = unequal[0] if unequal else _speaking(pairs, subject)
        if unequal:
            judged = inequalities.compared(*pairs[chosen], said.relations[chosen], subject, self._proofs)
        else:
            judged = self._equation(*pairs[chosen], subject, said.carried_out)
        others = (pair for n, pair in enumerate(pairs) if n != chosen and not _only_names(pair, subject))
        return _worst(chain([judged], (self._beside(pair, subject) for pair in others)))

    def _before_inequality(self, said: Said, first: int, subject: Subject) -> Comparison:
        r"""The verdict on a = b of a = b \le c, where the claim is an equation."""
        head = self._statement(replace(said, sides=said.sides[: first + 1], relations=said.relations[:first]), subject)
        rest = f"what stands from {_SHOWN[said.relations[first]]} on is not checked"
        return replace(head, note="; ".join(filter(None, (head.note, rest)))) if head.verdict == "ok" else head

    def _equation(self, left: Any, right: Any, subject: Subject, carried_out: Derived) -> Comparison:
        if left == right and not (carried_out and subject.lhs.has(Derivative)):
            return NOTHING_SAID
        if is_stated(left, right, subject) and self._proofs.holds(left, right):
            return Comparison("ok", "the claim, as it is stated")
        return equations.compared(left, right, subject, self._proofs, carried_out)

    def _beside(self, pair: tuple[Any, Any], subject: Subject) -> Comparison:
        """Another equation of a chain, which is true of what the claim gives."""
        left, right = (side.xreplace(subject.values) for side in pair)
        judged = equations.beside(left, right, subject, self._proofs)
        return OTHER_RATE if judged.verdict == "wrong" and _has_rates((left, right), subject) else judged

    def _equation_for_inequality(self, said: Said, subject: Subject) -> Comparison:
        said = said.put(subject.values)
        if _has_rates(said.sides, subject):
            return OTHER_RATE
        for left, right in said.pairs():
            verdict = self._proofs.verdict(left, right)
            if verdict.status != "proved":
                return not_proved(verdict)
        return Comparison("undecided", "true, but an equation, and the claim is an inequality")


def _holds(said: Said) -> bool:
    """Whether a statement about numbers is seen to hold."""
    steps = zip(said.pairs(), said.relations, strict=True)
    try:
        return all(_COMPARES[relation](*pair) == sympy.true for pair, relation in steps)
    except TypeError:  # of numbers that are not real
        return False


def _not_compared(said: Said, claim: Claim) -> Comparison | None:
    if sums.has_sums(*said.sides):
        return Comparison("undecided", "sums over an index are compared with no claim, only proved")
    if claim.expects != "proved":
        return Comparison("undecided", f"{claim.id} is an error kept on show")
    return None


def _misfit(misfit: Misfit, statement: Statement, matrices: bool = True) -> Comparison:
    """Wrong, but for what may differ, as matrices of two shapes do, and where no matrices are meant."""
    outcome: Outcome = "wrong" if matrices and "!=" not in statement.relations else "undecided"
    return Comparison(outcome, misfit.reason, about=misfit.about)


_SHOWN = {"<=": "≤", ">=": "≥", "!=": "≠", "<": "<", ">": ">"}


def _equates(relations: Sequence[str]) -> bool:
    return set(relations) == {"="}


def _worst(comparisons: Iterable[Comparison]) -> Comparison:
    """The first that is wrong, after which none is asked for; else the first that is not ok, or the first."""
    others = []
    for judged in comparisons:
        if judged.verdict == "wrong":
            return judged
        others.append(judged)
    return next((judged for judged in others if judged.verdict != "ok"), others[0])


def _has_derivative(node: Node) -> bool:
    return node.kind == "derivative" or any(_has_derivative(part) for part in node.parts)


def _speaks_of_time(node: Node) -> bool:
    over_time = node.kind == "apply" or (node.kind == "derivative" and node.value == "t")
    return over_time or any(map(_speaks_of_time, node.parts))


def _has_rates(sides: Iterable[Any], subject: Subject) -> bool:
    return any(equations.has_rates(side, subject) for side in sides)


def as_said(reader: Reader, statement: Statement) -> Said:
    sides = matrix_shapes.alike([reader.read(side) for side in statement.sides])
    on_one_side = sum(map(_has_derivative, statement.sides)) == 1
    return Said(sides, statement.relations, reader.differentiated if on_one_side else ())


def _speaking(pairs: Sequence[tuple[Any, Any]], subject: Subject) -> int:
    """Which equation of a chain a = b = c is about the claim: the first with the unknown, or with rates on one side."""
    if subject.unknowns:
        return _with_unknown(pairs, subject)
    sides_with_rates = [sum(equations.has_rates(side, subject) for side in pair) for pair in pairs]
    on_one_side = [n for n, number in enumerate(sides_with_rates) if number == 1]
    anywhere = [n for n, number in enumerate(sides_with_rates) if number]
    moving = (n for n, pair in enumerate(pairs) if any(side.has(*subject.moving) for side in pair))
    return next(chain(on_one_side, anywhere, moving), 0)


def _with_unknown(pairs: Sequence[tuple[Any, Any]], subject: Subject) -> int:
    """The first equation with an unknown that is more than another way to write it."""
    for number, pair in enumerate(pairs):
        if any(equations.mentions(side, unknown) for side in pair for unknown, _ in subject.unknowns):
            return min(number + 1, len(pairs) - 1) if _only_names(pair, subject) else number
    return 0


def _only_names(pair: Sequence[Any], subject: Subject) -> bool:
    """Whether an equation is only another way to write the unknown, such as w = w₁w₂."""
    return any(
        (pair[0] == u and pair[1] in subject.products(u)) or (pair[1] == u and pair[0] in subject.products(u))
        for u, _ in subject.unknowns
    )


def _are_short_scalars(*sides: Any) -> bool:
    if any(map(has_letters, sides)) or has_integrals(*sides) or sums.has_sums(*sides):
        return False
    return bool(sum(side.count_ops() for side in sides) <= LARGEST)


def _where_it_holds(
    in_letters: Callable[[], Reader], subject: Subject, said: Said, wrong: Comparison
) -> list[TreeValues]:
    """The values of trees, with what the claim gives put in, where both sides of what is right are equal.

    These are the point where the equation fails and, unless something is given, a few others. Weights that an unknown
    is made of have no values, since what they say together is the unknown.
    """
    products = (product for unknown, _ in subject.unknowns for product in subject.products(unknown))
    weights = set[Any]().union(*(product.free_symbols for product in products)) - {subject.motion.time}
    start = subject.weights_at_start if subject.conserves else {}

    def put(value: Any) -> Any:
        return value.xreplace(dict(subject.unknowns)).xreplace(subject.flow).xreplace(start)

    point = (wrong.witness or {}).get("point")
    known = {name: Rational(value) for name, value in point.items()} if isinstance(point, Mapping) else {}
    unknown = {s for relation in subject.given for s in relation.free_symbols if s.name not in known}
    found = () if subject.given else points_where_real(*map(put, said.sides))
    others = ({s: number for s, number in at.items() if s.is_Symbol} for at in islice(found, POINTS))
    return at_points(lambda node: put(in_letters().read(node)), [known, *others], weights | unknown)
