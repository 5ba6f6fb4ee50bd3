"""What names are known to be: the domains that definitions claim, how these are proved, and what they settle.

A domain is proved in two steps. The quantity is a sum of terms of one sign, by exact algebra in letters; and that sum
has its sign, by those of its parts. In the second step new letters stand for the earlier names. Of these is known what
their own domains claim. A verdict lists the domains it rests on, and a claim is proved only if they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import and_
from typing import Any

import sympy
from sympy import Dummy, Expr, Pow, Symbol, Tuple
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..language.definitions import Definition, Named, unfold
from ..language.provisos import Proviso
from ..language.verdict import Verdict
from ..proof.constancy import is_line_or_half_line
from ..proof.given import bearing
from ..proof.known_signs import is_real, known_signs
from ..proof.prove import prove_knowing
from ..proof.settling import Known, Where, as_proviso
from ..proof.signs import ANY, NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, ZERO, Signs, of_symbol

SIGNS: Mapping[str, Signs] = {
    "!=": ANY - ZERO, ">": POSITIVE, ">=": NONNEGATIVE, "<": NEGATIVE, "<=": NONPOSITIVE,
}  # fmt: skip
_KINDS = {POSITIVE: "positive", NONNEGATIVE: "nonnegative", NEGATIVE: "negative", NONPOSITIVE: "nonpositive"}
_BOUNDS = {"<=": -1, "<": -1, ">=": 1, ">": 1}  # of a value that is compared with 1
_RELATIONS = {"!=": sympy.Ne, ">": sympy.Gt, ">=": sympy.Ge, "<": sympy.Lt, "<=": sympy.Le}


def domain_id(definition: Definition, number: int) -> str:
    """The permanent id of a relation of a domain: "dae.E.domain" for the first, "dae.E.domain_2" for the second."""
    return f"{definition.id}.domain" + (f"_{number}" if number > 1 else "")


@dataclass(frozen=True)
class Fact:
    """That a name (relation) bound, wherever it is defined and `given` holds; by the domains of these ids."""

    name: Named
    relation: str
    bound: Expr
    by: tuple[str, ...]
    given: tuple[Any, ...]

    @property
    def signs(self) -> Signs:
        """The signs that the name can have by this."""
        if self.bound == 0:
            return SIGNS[self.relation]
        return _signs_beyond(self.relation, self.bound) if self.bound.is_number else ANY


def _signs_beyond(relation: str, bound: Expr) -> Signs:
    """Of what is above a positive bound, or below a negative one."""
    above = relation in (">", ">=") and bool(bound.is_positive)
    return POSITIVE if above else NEGATIVE if relation in ("<", "<=") and bound.is_negative else ANY


def facts(name: Named) -> list[Fact]:
    """What its definition claims of a name; nothing where a value is put in that its letter does not allow."""
    d = name.definition
    if not all(letter == value or _admits(letter, value) for letter, value in zip(d.of, name.args, strict=True)):
        return []
    given, by = list[Any](), list[str]()
    for relation in (d.at(relation, name.args) for relation in d.given):
        if relation == sympy.false:
            return []
        shown = _by_domain(relation)
        by += shown or ()
        given += [relation] if shown is None and relation != sympy.true else []
    return [
        Fact(name, relation, d.at(bound, name.args), (domain_id(d, n), *by), tuple(given))
        for n, (relation, bound) in enumerate(d.domain, start=1)
    ]


def _by_domain(relation: Any) -> tuple[str, ...] | None:
    """The domains that say a relation between a name and 0; None where they do not."""
    if not isinstance(relation, Relational) or not isinstance(relation.lhs, Named) or relation.rhs != 0:
        return None
    wanted = SIGNS.get(relation.rel_op, frozenset())
    return next((f.by for f in facts(relation.lhs) if not f.given and f.signs <= wanted), None)


def _admits(letter: Symbol, value: Expr) -> bool:
    """Whether every value of an expression in the letters is one that this letter can have."""
    value, allowed = unfold(value), of_symbol(letter)
    if value.has(AppliedUndef) or not is_line_or_half_line(letter) or allowed is None or not is_real(value):
        return False
    return known_signs(value) <= allowed


def names_in(*expressions: Any) -> list[Named]:
    """The names in the expressions and in what they stand for, each after those that it uses."""
    found: dict[Named, None] = {}
    for name in sorted(Tuple(*expressions).atoms(Named), key=lambda name: (name.definition.id, str(name))):
        found |= dict.fromkeys((*names_in(name.first(), *name.args), name))
    return list(found)


class Names:
    """The names in some expressions, as the prover takes them, and its verdicts in them again."""

    def __init__(self, *expressions: Any, nowhere_zero: Iterable[Expr] = ()) -> None:
        self._written: dict[Expr, Expr] = {}
        names = [name for name in names_in(*expressions) if not name.has(AppliedUndef, Dummy)]
        self.known = tuple(self._known(name) for name in names)
        self.known += tuple(Known(self._label(e), unfold(e), True) for e in nowhere_zero)

    def _known(self, name: Named) -> Known:
        found = facts(name)
        fact = next((fact for fact in found if not fact.signs & ZERO), Fact(name, "", name, (), ()))
        everywhere = [fact for fact in found if not fact.given and fact.bound.is_number]
        return Known(
            self._label(name),
            unfold(name),
            bool(fact.by),
            fact.by,
            tuple(map(self._where, fact.given)),
            reduce(and_, (fact.signs for fact in everywhere), ANY),
            next((_BOUNDS[fact.relation] for fact in everywhere if fact.bound == 1 and fact.relation in _BOUNDS), 0),
            tuple(dict.fromkeys(i for fact in everywhere for i in fact.by)),
            name.definition.id.removesuffix(name.definition.name) + str(name),
            unfold(name.form()),
        )

    def _where(self, relation: Any) -> Where:
        proviso = as_proviso(relation)
        return Where(self._label(proviso.expression), unfold(proviso.expression), proviso.kind)

    def _label(self, e: Expr) -> Symbol:
        label = Symbol(f"⟨name {len(self._written)}⟩")
        self._written[label] = e
        return label

    def restored(self, verdict: Verdict) -> Verdict:
        """The verdict with names in the place of what stood for them."""
        return replace(verdict, provisos=tuple(dict.fromkeys(map(self._restored, verdict.provisos))))

    def _restored(self, proviso: Proviso) -> Proviso:
        e = proviso.expression.xreplace(self._written)
        if e == proviso.expression:
            return proviso
        moving = any(place.free_symbols & unfold(e).free_symbols for place in proviso.place)
        return replace(proviso, expression=e, place=proviso.place if moving else ())

    def prove(self, lhs: Any, rhs: Any, relation: str, given: Sequence[Any], time_limit: float) -> Verdict:
        """The prover's verdict; given: relations, of which those that do not bear on the statement are left out."""
        sides = unfold(lhs), unfold(rhs)
        near = bearing(tuple(map(unfold, given)), *sides)[0]
        return self.restored(prove_knowing(self.known, *sides, relation, near, time_limit))


# --- how a domain is proved ---------------------------------------------------------------------------------


def proved(definition: Definition, relation: str, bound: Expr, given: Sequence[Any], time_limit: float) -> Verdict:
    """Whether the quantity has this relation to the bound wherever it is defined and what is given holds."""
    form = definition.expression if definition.signs is None else definition.signs
    if form.has(Named) or definition.signs is not None:
        found = _by_parts(definition, form, relation, bound, given, time_limit)
        if found:
            return found
    names = Names(definition.expression, bound, *given)
    found = names.prove(definition.expression, bound, relation, given, time_limit)
    checked = found.certificate is not None and "unchecked" not in found.certificate
    return found if checked else replace(found, certificate=None)


def _by_parts(
    definition: Definition, form: Expr, relation: str, bound: Expr, given: Sequence[Any], time_limit: float
) -> Verdict:
    """Proved where the parts of the form have the signs that tell, and the form is the quantity."""
    for folded in (_Folded(form, bound, given, every) for every in (False, True)):
        found = folded.prove(relation, time_limit)
        if found and definition.signs is not None:
            alike = _alike(definition, folded, given, time_limit)
            domains = tuple(dict.fromkeys((*found.rests_on, *alike.rests_on)))
            seconds = found.seconds + alike.seconds
            found = replace(alike, method=found.method, rests_on=domains, seconds=seconds, certificate=None)
        if found or not folded.left_out:
            return found
    return found


def _alike(definition: Definition, folded: _Folded, given: Sequence[Any], time_limit: float) -> Verdict:
    """Whether the form whose signs are known is the quantity, where that is defined."""
    below = folded.nowhere_zero(time_limit)
    names = Names(definition.signs, definition.expression, *given, nowhere_zero=below)
    found = names.prove(definition.signs, definition.expression, "=", given, time_limit)
    return Verdict("undecided", "", reason="the form with known signs is another one") if found.provisos else found


class _Folded:
    """An expression with new letters for its names, and what the domains say of these.

    every: also how names compare with others and with letters, not only with numbers.
    """

    def __init__(self, form: Expr, bound: Expr, given: Sequence[Any], every: bool) -> None:
        self._every, self.left_out = every, False
        self.rests_on: dict[str, None] = {}
        self._given = tuple(given)
        self._letters: dict[Expr, Expr] = {}
        self._facts: list[Any] = []
        self.form, self.bound, *self.given = map(self._folded, (form, bound, *given))
        self._denominators = [
            p.base for p in sympy.preorder_traversal(form) if isinstance(p, Pow) and p.exp.is_negative
        ]

    def _folded(self, e: Any) -> Any:
        names = sorted(e.atoms(Named), key=lambda name: (name.definition.id, str(name)))
        return e.xreplace({name: self._letter(name) for name in names})

    def _letter(self, name: Named) -> Expr:
        if name not in self._letters:
            self._letters[name] = self._new(name)
        return self._letters[name]

    def _new(self, name: Named) -> Expr:
        """A letter, or the value in letters of a name that may not be real."""
        if not is_real(unfold(name)):
            return unfold(name)
        known = [fact for fact in facts(name) if set(fact.given) <= set(self._given)]
        used = [fact for fact in known if fact.bound.is_number or self._every]
        self.left_out |= len(used) < len(known)
        self.rests_on |= dict.fromkeys(i for fact in used for i in fact.by)
        signs = reduce(and_, (fact.signs for fact in used), ANY)
        for relation in self._given:
            if relation.lhs == name and relation.rhs == 0:
                signs &= SIGNS.get(relation.rel_op, ANY)
        letter = Dummy(name.definition.name, **({_KINDS[signs]: True} if signs in _KINDS else {"real": True}))
        self._letters[name] = letter
        others = [fact for fact in used if fact.bound != 0]
        self._facts += [_RELATIONS[fact.relation](letter, self._folded(fact.bound)) for fact in others]
        return letter

    def _ask(self, lhs: Expr, rhs: Expr, relation: str, time_limit: float) -> Verdict:
        told = [r for r in (*self.given, *self._facts) if r not in (sympy.true, sympy.false)]
        near = bearing(told, lhs, rhs)[0]
        found = prove_knowing((), lhs, rhs, relation, near, time_limit, proof_only=True)
        if found and found.provisos:
            return Verdict("undecided", "", reason="the sign is known only where parts of the form are defined")
        return found

    def prove(self, relation: str, time_limit: float) -> Verdict:
        """By what is known of the parts; nothing is refuted, since the letters are freer than the names."""
        found = self._ask(self.form, self.bound, relation, time_limit)
        if not found:
            why = found.reason if found.out_of_time else "the signs of its parts do not tell"
            return Verdict("undecided", "", reason=why, seconds=found.seconds)
        method = f"{found.method}, in names"
        return Verdict("proved", method, seconds=found.seconds, rests_on=tuple(self.rests_on))

    def nowhere_zero(self, time_limit: float) -> list[Expr]:
        """The denominators of the form that do not vanish, in names."""
        return [e for e in self._denominators if self._ask(self._folded(e), sympy.S.Zero, "!=", time_limit)]


# --- what verdicts rest on ----------------------------------------------------------------------------------


def standing(verdict: Verdict, definitions: Iterable[Definition], time_limit: float) -> Verdict:
    """The verdict; undecided where a domain that it rests on is not proved, whichever definition of that id it is.

    A witness needs no domain: what is refuted at a point stays so. What is not proved has its own reason.
    """
    if verdict.status == "refuted" and verdict.witness:
        return verdict
    claimed = [(domain_id(d, n), d, n) for d in definitions for n in range(1, len(d.domain) + 1)]
    for identifier, definition, n in claimed:
        if identifier in verdict.rests_on and not (found := verdict_on_domain(definition, n, time_limit)):
            because = f", where the check was {found.reason}" if found.out_of_time else ""
            return Verdict("undecided", "", seconds=verdict.seconds, reason=f"rests on {identifier}{because}")
    return verdict


@lru_cache(maxsize=1024)
def verdict_on_domain(definition: Definition, number: int, time_limit: float) -> Verdict:
    """Whether a relation of a domain is proved, wherever the quantity is defined and what is given holds."""
    relation, bound = definition.domain[number - 1]
    found = proved(definition, relation, bound, definition.given, time_limit)
    below = (name.definition for name in names_in(definition.expression, definition.signs or 0, *definition.given))
    if found.provisos:
        return Verdict("undecided", "", reason="the sign is known only where some denominators do not vanish")
    return standing(found, below, time_limit)
