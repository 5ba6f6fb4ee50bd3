"""One step of a calculation, from a member of a chain to the next: an identity, a slip, or more than can be told.

A step is called wrong only where nothing can make it right: no relation between its letters that the paper may have in
another formula, no word around it that may bring a condition, and where one small change makes it an identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sympy import Expr, Function, Integral, Lambda, Max, Mul, Rational, Sum, Symbol
from sympy.core.function import AppliedUndef, Derivative

from ...language.matrices import has_letters
from ...language.quantities import letters as letters_of
from ...language.verdict import Verdict
from ..mean.elsewhere import Elsewhere, Formula, nearest, stem
from ..mean.matrix_shapes import Misfit, is_matrix
from ..mean.notation import Notation, called
from ..mean.real_points import can_be_evaluated, points_where_real
from ..mean.scalars import VARIATIONS
from ..read.chains import Chain
from ..read.formula_trees import Node, Statement, has_decimal
from ..read.grammar import statement as read_statement
from ..text.tokens import Token, Unparsed
from . import special_values, sums
from .agreement import Comparer, as_said
from .corrections import POINTS, Correction, Corrections, at_points
from .prover_questions import FAILS, LARGEST, Comparison
from .uninterpreted import AsWritten
from .wording import Wording

MOST_PUT_IN = 6  # definitions, one after the other
MOST_TOLD = 3  # formulas that a message names
ROUNDED = Rational(1, 10)  # of a number, by which another that stands for it may differ
_NEGATED = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "!=": "="}
_IMAGINARY = ("i", "j", "\\imath", "\\jmath", "\\mathrm{i}", "\\mathrm{j}", "\\mathbf{i}")
Put = Callable[[Any], Any]


@dataclass(frozen=True)
class Step:
    """Two neighbouring members of a chain.

    excuse: what in the text around may make any difference right, or "". relates: what may make one right that vanishes
    where its letters are related. alone: whether the chain has these two members only.
    own: the formulas of which the chain is made. applies: whether a letter stands before a bracket as a function does.
    brackets: whether brackets hold a number alone. beside: the members before and behind, where = leads to them.
    """

    statement: Statement
    excuse: str
    relates: str
    alone: bool
    own: tuple[Formula, ...]
    applies: bool = False
    brackets: bool = False
    beside: tuple[Node | None, Node | None] = (None, None)

    @property
    def relation(self) -> str:
        return self.statement.relations[0]


class StepComparer(Comparer):
    """Compares neighbouring members of chains in one notation; elsewhere: what else the paper says."""

    def __init__(
        self,
        notation: Notation,
        definitions: Mapping[str, Expr],
        time_limit: float,
        elsewhere: Elsewhere,
        written: Sequence[Token] = (),
    ) -> None:
        super().__init__(notation, definitions, time_limit, written)
        self._elsewhere = elsewhere

    def step(self, step: Step) -> Comparison:
        """The verdict on a step; raises Unparsed where it has no clear meaning."""
        self._proofs.given = ()
        wording = Wording(self._notation, step.statement)
        self._in_letters = self._readers(step.statement)
        reader = self._in_letters()
        try:
            said = as_said(reader, step.statement)
        except Misfit as misfit:
            return wording.comparison(Comparison("undecided", misfit.reason, about=misfit.about), "", ())
        dependent = special_values.dependent(reader.met, self._notation.fixed, self._motions)
        judged = self._between(said.sides[0], said.sides[1], step, dependent)
        letters = set().union(*map(letters_of, said.sides))
        return wording.comparison(judged, wording.statement(said.sides, said.relations), letters)

    def as_written(self, chain: Chain, number: int, refused: Unparsed) -> Comparison:
        """The verdict on a step of which not all is known, for this reason; raises it where no more can be said."""
        if any(not relation.sign for relation in chain.relations):
            raise refused  # where a member ends is not seen beside relations such as a | b
        members = [chain.member(n) for n in range(len(chain.relations) + 1)]
        numbers = {key: meant for key, meant in self._notation.table.items() if _is_number(meant)}
        compared = AsWritten(numbers, self._elsewhere.commuting, self._proofs)
        try:
            return compared.step(
                (members[number], members[number + 1]), members, chain.relations[number].sign, str(refused)
            )
        except (Unparsed, RecursionError):
            raise refused from None

    # As it stands, and with what the paper defines

    def _between(self, left: Any, right: Any, step: Step, dependent: bool) -> Comparison:
        verdict = self._verdict(left, right, step.relation)
        if verdict.status == "proved":
            return Comparison("ok", "proved")
        put, used = self._definitions_before(left, right, step)
        if used:
            verdict = self._verdict(put(left), put(right), step.relation) if put(left) != put(right) else _PROVED
            if verdict.status == "proved" and step.relation == "=":
                return Comparison("ok", "proved", note=f"with {_listed(used, 'and')} put in")
        if verdict.status == "supported":
            return Comparison("supported", verdict.reason or "numbers agree at many points, and no proof was found")
        if verdict.status != "refuted":
            return Comparison("undecided", self._perhaps(verdict.reason or "not proved", left, right, step))
        if dependent or not self._fails_as_meant(left, right, step.relation):
            return Comparison("undecided", "its letters depend on each other, and it ignores that")
        return self._refuted(put(left), put(right), put, used, step, verdict)

    def _verdict(self, left: Any, right: Any, relation: str) -> Verdict:
        if sums.has_sums(left, right):
            return sums.verdict(left, right, relation, self._proofs)
        return self._proofs.verdict(left, right, relation)

    def _definitions_before(self, left: Any, right: Any, step: Step) -> tuple[Put, list[Formula]]:
        """What puts in the definitions that stand before the step, and these."""
        puts: list[Put] = []
        used: list[Formula] = []

        def put(e: Any) -> Any:
            for one in puts:
                e = one(e)
            return e

        for _ in range(MOST_PUT_IN):
            found = next(self._definitions_of(put(left), put(right), step, used), None)
            if found is None:
                break
            formula, one = found
            puts.append(one)
            used.append(formula)
        return put, used

    def _definitions_of(
        self, left: Any, right: Any, step: Step, used: Sequence[Formula]
    ) -> Iterator[tuple[Formula, Put]]:
        """The formulas that define a letter of the sides, each with what puts it in."""
        if is_matrix(left) or has_letters(left) or has_letters(right):
            return
        for name in self._names(left, right):
            defining = self._elsewhere.defining(name)
            if len(defining) != 1 or defining[0] in used or not self._stands_before(defining[0], step):
                continue
            one = self._put(defining[0])
            if one is not None and one(left).count_ops() + one(right).count_ops() <= LARGEST:
                yield defining[0], one

    def _stands_before(self, formula: Formula, step: Step) -> bool:
        return any(formula is other for own in step.own[:1] for other in self._before(own))

    def _before(self, own: Formula) -> list[Formula]:
        return self._elsewhere.before(own.source, own.piece)

    def _names(self, *sides: Any) -> list[str]:
        """The keys under which the letters of the sides are declared; f( for a function f."""
        there = set().union(*(side.free_symbols | {f.func for f in side.atoms(AppliedUndef)} for side in sides))
        keys = (key for key, meant in self._notation.table.items() if meant in there)
        return [f"{name}(" if argument else name for name, argument in map(called, keys)]

    def _put(self, formula: Formula) -> Put | None:
        """What puts in the definition that a formula is; None where that is not clear, or only a number."""
        if formula.chain is None or formula.piece.condition or formula.approaches or formula.piece.problem:
            return None
        if any(relation.labelled and not relation.defines for relation in formula.chain.relations[:1]):
            return None
        try:
            said = read_statement(formula.chain.step(0), self._known())
            left, right = (self._in_letters().read(side) for side in said.sides)
        except (Unparsed, RecursionError):
            return None
        if is_matrix(right) or not right.free_symbols or right.has(Sum, Integral) or said.relations != ("=",):
            return None
        if isinstance(left, Symbol) and not right.has(left):
            return lambda e: e.xreplace({left: right})
        if isinstance(left, AppliedUndef) and isinstance(left.args[0], Symbol) and not right.has(left.func):
            function, value = left.func, Lambda(left.args[0], right)
            return lambda e: e.replace(function, value).doit(integrals=False)
        return None

    # Refuted: a slip, or what the paper says elsewhere

    def _refuted(
        self, left: Any, right: Any, put: Put, used: Sequence[Formula], step: Step, verdict: Verdict
    ) -> Comparison:
        """Of sides with the definitions put in that differ at a point."""
        reason = verdict.reason or FAILS[step.relation]
        if used:
            reason = f"{reason}, with {_listed(used, 'and')} put in"
        excuse = self._excuse(left, right, step)
        if excuse is None:
            excuse = self._excuse_for_inequality(left, right, step) if step.relation != "=" else None
        if excuse is None and step.relation == "=":
            excuse = self._related(left, right, step)
        if excuse is not None:
            return Comparison("undecided", f"{reason}; {excuse}" if excuse else reason, witness=verdict.witness)
        if step.relation != "=":
            return Comparison("wrong", f"{reason}, whatever its letters are", witness=verdict.witness)
        found, tried_all = self._meant_step(left, right, put)
        if not found:
            reason = self._perhaps(f"{reason}, and no small change makes them equal", left, right, step)
            return Comparison("undecided", reason, witness=verdict.witness)
        fitting = self._fitting(found, left, right, put, step)
        wrong = Comparison("wrong", reason, witness=verdict.witness)
        return wrong.corrected(fitting or found, tried_all and bool(fitting))

    def _excuse(self, left: Any, right: Any, step: Step) -> str | None:
        """What may make the step right although its sides differ; None where nothing of this kind does."""
        perhaps = self._perhaps("", left, right, step)
        if step.excuse:
            return _by_words(step.excuse, perhaps)
        said = self._excuse_by_form(left, right, step)
        return "; ".join(filter(None, (said, perhaps))) if said is not None else None

    def _excuse_by_form(self, left: Any, right: Any, step: Step) -> str | None:
        """The same, as far as the two members show."""
        sides = step.statement.sides
        if any(map(_is_name, sides)):
            return "a member is a name alone, which may be defined here"
        if _beyond(left, right) or any(has_decimal(side) or self._may_depend(side) for side in sides):
            return ""
        names = self._names(left, right)
        if any(name in _IMAGINARY for name in names):
            return "a letter may be the imaginary unit"
        if any(stem(name) in VARIATIONS for name in names) or step.applies:
            return "a letter may act on what stands behind it"
        stems = set(map(stem, names))
        if any(map(_raises_letters, sides)) or any(f.counts_above for f in self._elsewhere.of(stems, ())):
            return "what is raised may be an index"
        if step.relation == "=" and self._factors(left - right) == []:  # no values of the letters make it hold
            return self._of_numbers(left, right, step)
        if step.alone:
            return "of two members alone, it may be a condition"
        if any(not side.free_symbols for side in (left, right)):
            return "a member is a number, so that it may be a condition"
        if left.free_symbols != right.free_symbols and step.relation == "=":
            return "a letter stands in one of the members only"
        return None

    @staticmethod
    def _of_numbers(left: Any, right: Any, step: Step) -> str | None:
        """What may make numbers right that differ; None for all else."""
        if left.free_symbols | right.free_symbols:
            return None
        if step.brackets:
            return "a number in brackets may be a symbol of its own"
        if any(side in (0, 1) for side in (left, right)) or _is_whole_part(left, right):
            return "another arithmetic may be meant, of remainders, whole parts or truth values"
        return "a number may be rounded" if _may_be_rounded(left, right) else None

    def _may_depend(self, node: Node) -> bool:
        """Whether a derivative stands there of what may depend on more than is declared."""
        if node.kind == "derivative":
            inner, variable = self._value(node.parts[0]), self._notation.table.get(node.value)
            return inner is None or not inner.free_symbols <= {variable}
        return node.kind in ("gradient", "evaluation") or any(map(self._may_depend, node.parts))

    def _excuse_for_inequality(self, left: Any, right: Any, step: Step) -> str | None:
        """None where the contrary is proved for all values that the letters may have."""
        contrary = self._verdict(left, right, _NEGATED[step.relation])
        return None if contrary.status == "proved" else self._perhaps("", left, right, step)

    def _related(self, left: Expr, right: Expr, step: Step) -> str | None:
        """Which formulas may make the difference vanish; None where none can."""
        difference = left - right
        factors = self._factors(difference)
        if factors is None:
            perhaps = self._perhaps("", left, right, step)
            return _by_words(step.relates, perhaps) if step.relates else perhaps
        alone = {factor for factor in factors if isinstance(factor, Symbol) and not factor.is_nonzero}
        rest = [factor for factor in factors if not isinstance(factor, Symbol)]
        may_vanish = alone and self._vanishing(alone, step)
        if may_vanish:
            return f"perhaps by {_listed(nearest(may_vanish, step.own[0].source, step.own[0].piece)[:MOST_TOLD])}"
        if rest and step.relates:
            return _by_words(step.relates, self._perhaps("", left, right, step))
        letters = set().union(*(factor.free_symbols for factor in rest))
        if any(letter in _theirs(self._notation) for letter in letters):
            return "its letters are related by the theory"
        found = self._elsewhere.of(self._stems(letters), step.own) if letters else []
        return f"perhaps by {self._told(found, step)}" if found else None

    def _factors(self, difference: Expr) -> list[Expr] | None:
        """What vanishes where the difference does, without what never does; None where that is not seen."""
        factored = self._proofs.rewritten("factor", difference)
        if factored != difference and not self._proofs.zero(difference - factored):
            return None
        found = []
        for factor in Mul.make_args(factored):
            base, exponent = factor.as_base_exp()
            if factor.is_nonzero or (exponent.is_number and exponent.is_negative):
                continue
            if not exponent.is_number:
                return None
            found.append(base)
        return found

    def _vanishing(self, letters: set[Symbol], step: Step) -> list[Formula]:
        """The formulas that may say that one of the letters is 0, or small, or what it is."""
        stems = self._stems(letters)
        defining = [formula for name in self._names(*letters) for formula in self._elsewhere.defining(name)]
        apart = {id(formula) for formula in step.own}
        about = [f for f in self._elsewhere.of(stems, step.own) if f.approaches or f.gives_zero]
        return about + [f for f in defining if id(f) not in apart and f not in about]

    def _stems(self, letters: set[Any]) -> set[str]:
        return {stem(key) for key, meant in self._notation.table.items() if meant in letters}

    def _meant_step(self, left: Expr, right: Expr, put: Put) -> tuple[list[Correction], bool]:
        """The small changes of the step that make it an identity, and whether all were tried."""
        if not (can_be_evaluated(left) and can_be_evaluated(right)):
            return [], False

        def accepted(changed: Statement) -> Sequence[Any] | None:
            sides = [put(side) for side in map(self._value, changed.sides) if side is not None]
            if len(sides) < 2 or not _brings_no_letter(sides, (left, right)):
                return None
            return sides if self._proofs.verdict(*sides).status == "proved" else None

        at = at_points(lambda node: put(self._in_letters().read(node)), islice(points_where_real(left, right), POINTS))
        return Corrections(self._written, self._known(), self._limit).right(accepted, self._same, at)

    def _fitting(self, found: Sequence[Correction], left: Expr, right: Expr, put: Put, step: Step) -> list[Correction]:
        """The changes that break no step beside this one; of these, if there are any, those that mend one."""
        changes = {}
        for one in found:
            value = self._value_beside(one, step)
            now, then = (left, right)[one.side], one.sides[one.side]
            holds = [value is not None and self._proofs.holds(side, put(value)) for side in (now, then)]
            changes[id(one)] = holds[1] - holds[0]
        best = max(changes.values())
        return [one for one in found if changes[id(one)] == best] if best >= 0 else []

    def _value_beside(self, correction: Correction, step: Step) -> Any:
        beside = step.beside[correction.side]
        return None if beside is None else self._value(beside)

    def _value(self, node: Node) -> Any:
        try:
            value = self._in_letters().read(node)
        except Unparsed:
            return None
        return None if is_matrix(value) else value

    # Messages

    def _perhaps(self, reason: str, left: Any, right: Any, step: Step) -> str:
        """The reason, and which formulas may bring what is missing."""
        there = set().union(*(side.free_symbols | {f.func for f in side.atoms(AppliedUndef)} for side in (left, right)))
        found = self._elsewhere.of(self._stems(there), step.own)
        said = f"perhaps by {self._told(found, step)}" if found else ""
        return "; ".join(filter(None, (reason, said)))

    def _told(self, found: Sequence[Formula], step: Step) -> str:
        return _listed(nearest(found, step.own[0].source, step.own[0].piece)[:MOST_TOLD]) if step.own else ""


def _is_number(meant: Any) -> bool:
    return isinstance(meant, Symbol) and bool(meant.is_commutative)


def _by_words(said: str, perhaps: str) -> str:
    return f"perhaps by what is said there ({said})" + (f", or {perhaps[8:]}" if perhaps else "")


_PROVED = Verdict("proved", "")


def _beyond(left: Any, right: Any) -> bool:
    """Whether more than scalars stands there: matrices, functions of the author's, sums and integrals."""
    return any(
        is_matrix(side) or has_letters(side) or side.has(AppliedUndef, Derivative, Sum, Integral)
        for side in (left, right)
    )


def _brings_no_letter(sides: Sequence[Expr], before: tuple[Expr, Expr]) -> bool:
    """Whether the side that is changed has no letter that the other has not."""
    changed = 1 if sides[0] == before[0] else 0
    return bool(sides[changed].free_symbols <= before[1 - changed].free_symbols)


def _is_whole_part(left: Expr, right: Expr) -> bool:
    """Whether one number is whole, and the other less than 1 from it."""
    return any(side.is_integer for side in (left, right)) and bool(abs(left - right) < 1)


def _may_be_rounded(left: Expr, right: Expr) -> bool:
    """Whether numbers are near each other, or hold functions whose base or unit is not written."""
    if left.has(Function) or right.has(Function):
        return True
    return bool(abs(left - right) <= ROUNDED * Max(abs(left), abs(right)))


def _is_name(node: Node) -> bool:
    """Whether it is a name alone, or its derivative, which may be defined or given by a law."""
    while node.kind == "derivative":
        node = node.parts[0]
    return node.kind in ("symbol", "apply")


def _raises_letters(node: Node) -> bool:
    """Whether a letter alone is raised, as an index is: F^C."""
    raised = node.kind == "power" and node.parts[1].kind in ("symbol", "apply")
    return raised or any(map(_raises_letters, node.parts))


def _theirs(notation: Notation) -> set[Any]:
    """The quantities of the chapters, which these relate."""
    return {quantity.symbol for alphabet in notation.catalogue.alphabets for quantity in alphabet}


def _listed(formulas: Sequence[Formula], last: str = "or") -> str:
    places = list(dict.fromkeys(formula.place for formula in formulas))
    return f" {last} ".join(filter(None, (", ".join(places[:-1]), places[-1])))
