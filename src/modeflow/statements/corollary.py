"""Special cases of claims: what is put in for letters, and what must be proved for the general claim to carry over.

The statement of a corollary is the general one with values for some of its letters. It holds if the general claim is
proved and (a) each value meets the assumptions of the letter whose place it takes, (b) nothing that must not vanish
for the general claim to be proved vanishes identically there, and (c) the flow that the corollary is about is the
general flow with these values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import Basic, Derivative, Expr, Integer, Integral, Mul, S, Subs, Symbol, Tuple, factor_terms, true
from sympy.core.function import AppliedUndef

from ..language.definitions import Definition, Named, unfold
from ..language.expressions import parts
from ..language.flow import FlowRate, HessianAlong
from ..language.matrices import MatrixGradient
from ..language.provisos import Proviso
from ..language.verdict import Verdict, combine
from ..proof.given import bearing
from ..proof.signs import ZERO, of_expression
from .domains import names_in

if TYPE_CHECKING:
    from .claims import Claim, Special

Where = Mapping[Symbol, Expr]

_BY_SIGN = {"positive": ">", "negative": "<", "nonnegative": ">=", "nonpositive": "<=", "nonzero": "!="}
_IMPLIED = {"positive": {"nonnegative", "nonzero"}, "negative": {"nonpositive", "nonzero"}}
_BY_KIND = ("integer", "rational", "irrational", "noninteger", "even", "odd", "prime", "composite")


def states(special: Special, claim: Claim) -> bool:
    """Whether a claim says just what the general one says with these values, and assumes what that one assumes."""
    own, general, values = claim.unfolded(), special.of.unfolded(), special.values
    given = {relation.xreplace(values) for relation in general.given} - {true}
    if own.relation != general.relation or len(own.satisfies) != len(general.satisfies):
        return False
    relations = zip(own.satisfies, general.satisfies, strict=True)
    if not given <= set(own.given) or any(one.relation != other.relation for one, other in relations):
        return False
    sides = zip(_statement(own), _statement(general), strict=True)
    return all(one == other.xreplace(values) for one, other in sides)


def verdict_on(claim: Claim, special: Special, general: Verdict, time_limit: float) -> Verdict:
    """The verdict on a claim that states a special case, from the verdict on the general claim."""
    if general.status != "proved":
        because = f": {general.reason}" if general.reason else ""
        return Verdict("undecided", "", reason=f"rests on {special.of.id}, which is {general.status}{because}")
    found = _obligations(claim, special, time_limit)
    failed = {name: verdict for name, verdict in found.items() if not verdict}
    if failed:
        name, verdict = next(iter(failed.items()))
        return Verdict("undecided", "", reason=f"{name} ({verdict})", seconds=_seconds(found))
    conditions, vanishing = _conditions(claim, special, general, time_limit)
    if vanishing:
        return Verdict("undecided", "", reason=vanishing, seconds=_seconds(found))
    number = len(found) + len(general.provisos)
    together = combine(found | {"denominators": conditions})
    return replace(together, method=f"corollary of {special.of.id}, {number} obligation{'s' * (number != 1)}")


def _obligations(claim: Claim, special: Special, time_limit: float) -> dict[str, Verdict]:
    """What is asked of the values and of the flow, each with its verdict."""
    from ..proof.prove import prove

    def asked(left: Expr, right: Any, relation: str) -> Verdict:
        given = bearing(claim.unfolded().given, left, right)[0]
        return prove(left, right, relation=relation, given=given, time_limit=time_limit)

    found = {}
    for letter, value in special.values.items():
        for name, relation in _assumed_of(letter):
            said = f"{value} takes the place of {letter}, which is {name}"
            found[said] = asked(value, Integer(0), relation) if relation else _of_kind(name, value)
    there = f"that of {special.of.id}" + (f" where {_told(special.values)}" if special.where else "")
    for weight, velocity in (special.of.flow or {}).items():
        general, own = unfold(velocity).xreplace(special.values), unfold((special.flow or {}).get(weight, S.NaN))
        found[f"the velocity of {weight} is {there}"] = asked(own, general, "=")
    return found


def _told(values: Where) -> str:
    """The values as text, such as "growth = lam and pull = eps + lam"."""
    return " and ".join(f"{letter} = {value}" for letter, value in values.items())


def _conditions(claim: Claim, special: Special, general: Verdict, time_limit: float) -> tuple[Verdict, str]:
    """The conditions of the general claim with these values; and why they cannot be met, where that is so."""
    found: list[Proviso] = []
    names = {unfold(name): name for name in names_in(*claim.sides(), *claim.beside)}
    for proviso in general.provisos:
        before, *place = (unfold(e) for e in (proviso.expression, *proviso.place))
        value, *place = (e.xreplace(special.values) for e in (before, *place))
        if value != before and proviso.kind != "!=":
            return Verdict("undecided", ""), f"{special.of.id} is proved where {proviso}, which is not carried over"
        if value != before and (why := _vanishing(value, claim, time_limit)):
            said = f"{before} must not vanish in {special.of.id}, and where {_told(special.values)} it {why}"
            return Verdict("undecided", ""), said
        written = _in_names(proviso.expression.xreplace(dict(special.where)), names)
        kept = _factors(written, whole=bool(place)) if proviso.kind == "!=" else (written,)
        found += [Proviso(factor, proviso.kind, tuple(place)) for factor in kept]
    return Verdict("proved", "", tuple(dict.fromkeys(found)), rests_on=general.rests_on), ""


def _in_names(value: Expr, names: Mapping[Expr, Expr]) -> Expr:
    """With the names that the special case has for the general ones; with what these stand for where it has none."""
    return value.xreplace({name: names.get(unfold(name), unfold(name)) for name in value.atoms(Named)})


def _seconds(verdicts: Mapping[str, Verdict]) -> float:
    return sum(verdict.seconds for verdict in verdicts.values())


def _statement(claim: Claim) -> Iterator[Any]:
    yield from (claim.lhs, claim.rhs)
    for equation in claim.satisfies:
        yield from (equation.lhs, equation.rhs)


def _assumed_of(letter: Symbol) -> Iterator[tuple[str, str]]:
    """What is assumed of a letter: each in a word, and the relation to 0 that says it, or "" where none does."""
    signs = [name for name in _BY_SIGN if getattr(letter, f"is_{name}")]
    implied = set().union(*(_IMPLIED.get(name, set()) for name in signs))
    yield from ((name, _BY_SIGN[name]) for name in signs if name not in implied)
    if letter.is_extended_real and not signs:
        yield "real", ""
    yield from ((name, "") for name in _BY_KIND if getattr(letter, f"is_{name}"))


def _of_kind(name: str, value: Expr) -> Verdict:
    """Whether a value is real, or an integer, or another kind of number, as it is written."""
    shown = of_expression(value) is not None if name == "real" else getattr(value, f"is_{name}") is True
    return Verdict("proved" if shown else "undecided", "signs", reason="" if shown else f"it is not shown to be {name}")


def _vanishing(value: Expr, claim: Claim, time_limit: float) -> str:
    """Why a value is not shown to be different from 0 somewhere; empty where it is."""
    from ..proof.prove import prove

    if value.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        return "has no value"
    given = bearing(claim.unfolded().given, value)[0]
    found = prove(value, 0, given=given, time_limit=time_limit)
    if found.status == "refuted":
        return ""
    return "is 0 everywhere" if found else f"is not shown to be different from 0 ({found})"


def _factors(value: Expr, whole: bool) -> Iterator[Expr]:
    """What must not vanish for a value not to, as far as signs do not show it."""
    for factor in (value,) if whole else Mul.make_args(factor_terms(value)):
        signs = of_expression(unfold(factor))
        if signs is None or signs & ZERO:
            yield factor


# Stating one --------------------------------------------------------------------------------------------------


def checked(where: Mapping[Any, Any], general: Claim, place: str) -> Where:
    """What is put in for letters of a claim, as SymPy expressions; raises where that is no substitution."""
    held = set(Tuple(*unfold_all(general)).free_symbols)
    moving = _moving(general)
    for letter, value in where.items():
        known(letter, value, held, f"{place}: {general.id}")
        bound = (unfold(value).free_symbols | {letter}) & moving if isinstance(value, Basic) else set()
        if bound:
            raise ValueError(f"{place}: {general.id} is differentiated in {_least(bound)}, or holds at one value of it")
    return {letter: value if isinstance(value, Basic) else Integer(value) for letter, value in where.items()}


def known(letter: Any, value: Any, held: Iterable[Symbol], place: str) -> None:
    """Raise where something other than a scalar is put in for a letter, or for a letter that is not there."""
    if not isinstance(letter, Symbol) or not isinstance(value, Expr | int) or isinstance(value, bool):
        raise TypeError(f"{place}: where holds {letter!r}: {value!r}; give a scalar expression for each letter")
    if letter not in held:
        there = ", ".join(sorted(map(str, held)))
        raise ValueError(f"{place} has no letter {letter} with these assumptions; its letters are {there}")


def unfold_all(claim: Claim) -> list[Any]:
    """All that a claim is made of, its flow too, in letters only."""
    velocities = (claim.flow or {}).items()
    return [*claim.unfolded().sides(), *(unfold(side) for both in velocities for side in both)]


def _least(symbols: Iterable[Symbol]) -> Symbol:
    return min(symbols, key=str)


def _moving(claim: Claim) -> set[Symbol]:
    """The letters in which something is differentiated or integrated, and those of which unknowns are functions."""
    found: set[Any] = set(claim.flow or {})
    for part in (part for side in unfold_all(claim) for part in parts(side)):
        if isinstance(part, Derivative | Subs | Integral | AppliedUndef):
            found |= _bound(part)
        elif isinstance(part, FlowRate):
            found |= {weight for weight, _ in part.args[1]}
        elif isinstance(part, HessianAlong):
            found |= set(part.args[1])
        elif isinstance(part, MatrixGradient):
            found.add(part.args[1])
    return found


def _bound(part: Any) -> set[Symbol]:
    if isinstance(part, Derivative):
        return set(part.variables)
    if isinstance(part, AppliedUndef):
        return {a for a in part.args if a.is_Symbol}
    return set(part.bound_symbols)


def special_side(side: Any, where: Where, derived: Mapping[str, Definition], place: str) -> Any:
    """A side of a general statement with values put in, its names by those that a chapter has derived from them."""
    put = side.xreplace(dict(where))
    names = {name: _renamed(name, where, derived, place) for name in parts(put) if isinstance(name, Named)}
    return put.xreplace({name: other for name, other in names.items() if name != other})


def _renamed(name: Named, where: Where, derived: Mapping[str, Definition], place: str) -> Expr:
    """The name of the special case that stands for the same; the name itself where none is derived from it."""
    special = derived.get(name.definition.id)
    if special is None:
        return name
    values = dict(zip(name.definition.of, name.args, strict=True))
    other = special.applied.xreplace({s: v for s, v in values.items() if s not in where})
    if unfold(other) != unfold(name):
        raise ValueError(f"{place}: {special.id} is {special.expansion}, and here {name} is {unfold(name)}")
    return other


def rewritten(claim: Claim, put: Callable[[Any], Any]) -> dict[str, Any]:
    """The statement of a claim with all its sides rewritten."""
    rates = claim.rates and replace(
        claim.rates, times=put(claim.rates.times), written={put(a): put(b) for a, b in claim.rates.written.items()}
    )
    return {
        "lhs": put(claim.lhs),
        "rhs": put(claim.rhs),
        "relation": claim.relation,
        "satisfies": tuple(replace(e, lhs=put(e.lhs), rhs=put(e.rhs)) for e in claim.satisfies),
        "rates": rates,
        "names": {put(a): put(b) for a, b in claim.names.items()},
    }
