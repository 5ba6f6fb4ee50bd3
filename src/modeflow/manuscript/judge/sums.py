"""Sums over a bound index: proved for any number of terms by linearity, refuted where they fail with few terms.

A sum is brought to one form: constant factors stand before it, its index has one name, powers of the index alone are
summed. What is left equals what is left of the other side, as letters or term by term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Integer, Mul, Pow, Sum, Symbol
from sympy.core.function import AppliedUndef

from ...language.verdict import Verdict
from ..mean.indexed_families import MEMBER, assumed, families_of, is_size, size
from . import induction
from .findings import Witness
from .prover_questions import LARGEST, Proofs

MOST_EXPANDED = 500  # terms
LARGEST_POWER = 12  # of the index
TRIED = (2, 3, 1)  # numbers of terms
MOST_TERMS = 8  # written out there


def has_sums(*sides: Any) -> bool:
    """Whether a sum that is not written out stands there."""
    return any(side.has(Sum) for side in sides)


def verdict(left: Expr, right: Expr, relation: str, proofs: Proofs) -> Verdict:
    """Whether left = right for any number of terms."""
    if relation != "=":
        return Verdict("undecided", "", reason="inequalities between sums are not decided")
    left, right = _same_sizes(left, right)
    one, other = _normal(left), _normal(right)
    proved = _as_letters(one, other, proofs) or _term_by_term(one - other, proofs)  # of verdicts, the first that is
    if proved:
        return proved
    if induction.proved(left, right, proofs):
        return Verdict("proved", "induction")
    return _with_few_terms(left, right, proofs)


def _same_sizes(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Families that share an index somewhere have as many members as each other everywhere."""
    groups: list[set[str]] = []
    sizes = {s: families_of(s) for s in left.free_symbols | right.free_symbols if is_size(s)}
    for group in sizes.values():
        groups = _joined(groups, group)
    put = {s: size(group) for s, families in sizes.items() for group in groups if group & families}
    return left.xreplace(put), right.xreplace(put)


def _joined(groups: Sequence[set[str]], group: set[str]) -> list[set[str]]:
    """The groups and one more, those that share a member made one."""
    meeting = [other for other in groups if other & group]
    return [*(other for other in groups if not other & group), group.union(*meeting)]


# One form ---------------------------------------------------------------------------------------------------


def _normal(e: Any) -> Any:
    """The expression with every sum in it in one form."""
    if not e.has(Sum):
        return e
    if isinstance(e, Sum):
        return _normal_sum(e)
    return e.func(*(_normal(part) for part in e.args))


def _limits(e: Sum) -> Any:
    """The index of the outermost sum and its limits; SymPy keeps sums of sums as one."""
    return e.args[-1]


def _body(e: Sum) -> Any:
    """What the outermost sum is over."""
    return Sum(*e.args[:-1]) if len(e.args) > 2 else e.args[0]


def _normal_sum(e: Sum) -> Expr:
    index, lower, upper = _limits(e)
    body = _normal(_body(e))
    if _terms(body) <= MOST_EXPANDED:
        body = sympy.expand(body)
    total: Expr = Integer(0)
    for term in Add.make_args(body):
        constant, core = term.as_independent(index, as_Add=False)
        power = core.as_base_exp()[1] if core != 1 and core.as_base_exp()[0] == index else Integer(0)
        if core == 1 or (power.is_Integer and 0 < power <= LARGEST_POWER):
            total += constant * _of_powers(int(power), lower, upper)
        else:
            total += constant * Sum(core.xreplace({index: (bound := _bound(core))}), (bound, lower, upper))
    return total


def _bound(core: Expr) -> Symbol:
    """The index of a sum over that: a letter that no sum inside of it has."""
    inside = (int(index.name.strip("i_")) for s in core.atoms(Sum) for index, *_ in s.args[1:])
    return Symbol(f"i_{1 + max(inside, default=0)}", integer=True)


def _of_powers(k: int, lower: Expr, upper: Expr) -> Expr:
    """The sum of the k-th powers from lower to upper, which are not further apart than -1 (Faulhaber, Bernoulli)."""
    if k == 0:
        return upper - lower + 1
    above, below = (sympy.bernoulli(k + 1, end) for end in (upper + 1, lower))
    return sympy.expand((above - below) / (k + 1))


def _terms(e: Expr) -> int:
    """At most so many terms has the expression when its products are multiplied out."""
    if isinstance(e, Add):
        return sum(map(_terms, e.args))
    if isinstance(e, Mul):
        number = 1
        for part in e.args:
            number = min(number * _terms(part), MOST_EXPANDED + 1)
        return number
    if isinstance(e, Pow) and isinstance(e.base, Add) and e.exp.is_Integer:
        return int(min(_terms(e.base) ** min(abs(int(e.exp)), 10), MOST_EXPANDED + 1))
    return 1


# Proofs -----------------------------------------------------------------------------------------------------


def _letters(sums: Iterable[Sum]) -> dict[Sum, Symbol]:
    return {s: Dummy("sum", real=True) if s.args[0].is_real else Dummy("sum") for s in sums}


def _outermost(e: Any) -> set[Sum]:
    if isinstance(e, Sum):
        return {e}
    return set().union(*(_outermost(part) for part in e.args))


def _as_letters(left: Expr, right: Expr, proofs: Proofs) -> Verdict:
    """Whether the sides are equal whatever the values of the sums in them."""
    put = _letters(_outermost(left) | _outermost(right))
    return proofs.verdict(left.xreplace(put), right.xreplace(put))


def _term_by_term(difference: Expr, proofs: Proofs) -> Verdict | None:
    """Whether one sum of the terms of all vanishes at every index; None where they cannot be put in one."""
    sums = _outermost(difference)
    limits = {_limits(s) for s in sums}
    if len(limits) != 1 or difference.count_ops() > LARGEST:
        return None
    ((index, lower, upper),) = limits
    term = _joint_term(difference, sums, upper - lower + 1)
    if term is None or any(e.args != (index,) for e in _members(term)):
        return None
    letters = {e: Dummy("member", **assumed(e)) for e in _members(term)}
    return proofs.verdict(term.xreplace(letters), Integer(0))


def _joint_term(difference: Expr, sums: Iterable[Sum], count: Expr) -> Expr | None:
    """The term of the one sum of so many terms that the difference is; None where it is not linear in the sums."""
    letters = _letters(sums)
    flat = difference.xreplace(letters)
    factors = {s: flat.diff(letter) for s, letter in letters.items()}
    rest = flat.xreplace(dict.fromkeys(letters.values(), Integer(0)))
    if any(factor.has(*letters.values()) for factor in factors.values()) or (rest != 0 and not count.is_positive):
        return None
    return Add(*(factor * _body(s) for s, factor in factors.items()), rest / count)


def _members(*sides: Expr) -> set[Expr]:
    """The members of families."""
    return {e for side in sides for e in side.atoms(AppliedUndef) if e.func.__name__.endswith(MEMBER)}


# Refutations ------------------------------------------------------------------------------------------------


def _with_few_terms(left: Expr, right: Expr, proofs: Proofs) -> Verdict:
    """Refuted where the sides differ with so many terms; undecided otherwise."""
    for at in _sizes(_in_limits(left, right)) if _are_apart(left, right) else ():
        written = [_written_out(side.xreplace(at)) for side in (left, right)]
        if any(side is None or side.atoms(Dummy) for side in written):
            continue
        verdict = proofs.verdict(*_apart(*written))
        if verdict.status == "refuted" and verdict.witness is not None:
            return replace(verdict, witness=_with_sizes(verdict.witness, at))
    return Verdict("undecided", "", reason="neither proved for any number of terms nor refuted with up to 3")


def _with_sizes(witness: Witness, at: Mapping[Symbol, Integer]) -> Witness:
    """The witness with the numbers of terms in its point."""
    point, sizes = witness["point"], {"terms" if is_size(s) else s.name: str(number) for s, number in at.items()}
    return {**witness, "point": {**point, **sizes} if isinstance(point, dict) else sizes}


def _in_limits(left: Expr, right: Expr) -> list[Symbol]:
    """The letters in the limits of the sums; with the number of all members, of which n may be another name, any n."""
    limits = [limit for side in (left, right) for s in side.atoms(Sum) for limit in s.args[1:]]
    letters = set().union(*(end.free_symbols for _, *ends in limits for end in ends))
    if any(map(is_size, letters)):
        letters |= {s for s in left.free_symbols | right.free_symbols if s.is_integer}
    return sorted(letters, key=str)


def _are_apart(left: Expr, right: Expr) -> bool:
    """Whether no letter, such as r or r_1, is that of a family r_j or a member of it."""
    functions = {e.func.__name__ for side in (left, right) for e in side.atoms(AppliedUndef)}
    letters = {s.name for s in left.free_symbols | right.free_symbols}
    stems = {name.removesuffix(MEMBER).partition("_{")[0] for name in functions}
    numbered = (re.fullmatch(r"(.*)_\{\d+\}", name) for name in letters)
    are_members = any(name[1] in stems for name in numbered if name)
    return not are_members and not any(name + MEMBER in functions for name in letters)


def _sizes(letters: Sequence[Symbol]) -> Iterator[dict[Symbol, Integer]]:
    """Values of what stands in the limits: all the same, then those that are declared one from another."""
    if any(s.is_nonpositive for s in letters):
        return
    for number in TRIED:
        yield dict.fromkeys(letters, Integer(number))
    declared = [] if any(map(is_size, letters)) else letters
    for first, other in permutations(declared[:3], 2):
        yield {**dict.fromkeys(letters, Integer(2)), first: Integer(1), other: Integer(3)}


def _written_out(e: Any) -> Any:
    """The expression with its sums as sums of terms; None where one has too many."""
    if not e.has(Sum):
        return e
    if isinstance(e, Sum):
        return _sum_of_terms(e)
    parts = [_written_out(part) for part in e.args]
    return None if any(part is None for part in parts) else e.func(*parts)


def _sum_of_terms(e: Sum) -> Any:
    index, lower, upper = _limits(e)
    body = _written_out(_body(e))
    is_short = lower.is_Integer and upper.is_Integer and 0 <= upper - lower + 1 <= MOST_TERMS
    if body is None or not is_short:
        return None
    return Add(*(body.xreplace({index: Integer(k)}) for k in range(int(lower), int(upper) + 1)))


def _apart(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Every member as a letter of its own."""
    names = {e: f"{e.func.__name__.removesuffix(MEMBER)}[{e.args[0]}]" for e in _members(left, right)}
    put = {e: Symbol(name, **assumed(e)) for e, name in names.items()}
    return left.xreplace(put), right.xreplace(put)
