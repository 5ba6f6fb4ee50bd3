"""Small mistakes, the kind people make: every way of making one in an expression, in a fixed order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import combinations, islice
from typing import Any

import sympy
from sympy import Expr, Integer, Symbol, Tuple

from modeflow import Claim
from modeflow.language.definitions import Definition, used

SWAPPED_FUNCTIONS = {sympy.sinh: sympy.cosh, sympy.cosh: sympy.sinh}
SCALED_ARGUMENTS = (sympy.tanh, sympy.atanh, sympy.exp, sympy.log)


Way = tuple[str, Callable[[], Any]]  # the name of a mistake, and what makes it
Pick = Callable[[Expr], Iterable[tuple[str, Expr]]]  # which mistakes in an expression are made


def mutants_of_claim(claim: Claim) -> Iterator[tuple[str, Claim]]:
    """The claim with one mistake on its right-hand side, entry by entry, each with the name of the mistake.

    Mistakes are made in the claim written out in letters, and in each definition of a name that it uses.
    """
    yield from mutants_in_letters(claim)
    for definition in used(*claim.sides()):
        yield from mutants_by_definition(claim, definition)


def mutants_in_letters(claim: Claim, pick: Pick | None = None) -> Iterator[tuple[str, Claim]]:
    """A changed bound may make a true inequality weaker; the mistake there is to turn it round."""
    claim, pick = claim.unfolded(), pick or mutants
    if claim.relation == "!=":
        yield "= for !=", replace(claim, relation="=", domain_of=None)
    elif claim.relation != "=":
        yield "turned round", replace(claim, lhs=claim.rhs, rhs=claim.lhs, domain_of=None)
    elif not isinstance(claim.rhs, Tuple):
        yield from ((name, replace(claim, rhs=wrong)) for name, wrong in pick(claim.rhs))
    else:
        for i, entry in enumerate(claim.rhs):
            for name, wrong in pick(entry):
                yield f"{name} in entry {i + 1}", replace(claim, rhs=Tuple(*claim.rhs[:i], wrong, *claim.rhs[i + 1 :]))


def mutants_by_definition(
    claim: Claim, definition: Definition, pick: Pick | None = None
) -> Iterator[tuple[str, Claim]]:
    """The claim with one mistake in what a name in it stands for."""
    for name, wrong in (pick or mutants)(definition.expression):
        with suppress(ValueError):  # one of the names would no longer depend on a letter
            yield f"{name} in {definition.id}", claim.redefined({definition: replace(definition, expression=wrong)})


def mutants(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Every expression one mistake away from e; the mistakes are those at each node and symbol swaps."""
    return _different(e, (*_everywhere(e), *_swaps(e)))


def some_mutants(e: Expr, count: int, chance: random.Random) -> Iterator[tuple[str, Expr]]:
    """As many of them as asked for, drawn by chance; the others are not even written."""
    ways = [*_everywhere(e), *_swaps(e)]
    return islice(_different(e, chance.sample(ways, len(ways))), count)


def _different(e: Expr, ways: Iterable[Way]) -> Iterator[tuple[str, Expr]]:
    seen = {e}
    for name, make in ways:
        wrong = make()
        if wrong not in seen and not wrong.has(sympy.nan, sympy.zoo):
            seen.add(wrong)
            yield name, wrong


def _everywhere(e: Any) -> Iterator[Way]:
    yield from _here(e)
    if e.is_Atom or isinstance(e, sympy.MatrixSymbol | sympy.Identity | sympy.ZeroMatrix):
        return
    for i, part in enumerate(e.args):
        if not isinstance(part, Expr | sympy.MatrixExpr) or (part.is_number and i and e.is_Pow):
            continue
        for name, make in _everywhere(part):
            yield name, partial(_with_part, e, i, make)


def _with_part(e: Any, i: int, make: Callable[[], Any]) -> Any:
    return e.func(*e.args[:i], make(), *e.args[i + 1 :])


def _here(e: Any) -> Iterator[Way]:
    yield "sign", lambda: -e
    if not (e.is_Number and e == 0):
        yield "factor 2", lambda: 2 * e
    if getattr(e, "is_Matrix", False):
        return
    if e.is_Number and not e.is_Integer:
        yield "one more", lambda: e + 1
    if e.is_Pow and e.exp.is_Rational:
        yield "exponent + 1", lambda: e.base ** (e.exp + 1)
        if e.exp == 2:
            yield "dropped square", lambda: e.base
        else:
            yield "exponent - 1", lambda: e.base ** (e.exp - 1)
    if e.is_Add and len(e.args) > 1:
        for i, term in enumerate(e.args):
            yield f"lost term {_short(term)}", partial(_without, e, i)
    for function, other in SWAPPED_FUNCTIONS.items():
        if isinstance(e, function):
            yield f"{function.__name__} for {other.__name__}", partial(other, e.args[0])
    if isinstance(e, SCALED_ARGUMENTS):
        yield "argument scaled", lambda: e.func(e.args[0] * 2)


def _short(term: Any) -> str:
    return str(term) if term.count_ops() < 20 else "…"


def _without(e: Any, i: int) -> Any:
    return sympy.Add(*(a for j, a in enumerate(e.args) if j != i))


def _swaps(e: Expr) -> Iterator[Way]:
    """Two symbols exchanged, and one put in the place of another."""
    symbols = sorted((s for s in e.free_symbols if isinstance(s, Symbol) and not s.is_integer), key=str)
    for one, other in combinations(symbols, 2):
        yield f"{one} and {other} swapped", partial(e.xreplace, {one: other, other: one})
        yield f"{other} for {one}", partial(e.xreplace, {one: other})
    if e == 0:
        yield "one more", lambda: Integer(1)
