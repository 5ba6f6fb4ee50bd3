"""Small mistakes, the kind people make: every way of making one in an expression, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Integer, Symbol, Tuple

from modeflow import Claim
from modeflow.language.definitions import used

SWAPPED_FUNCTIONS = {sympy.sinh: sympy.cosh, sympy.cosh: sympy.sinh}
SCALED_ARGUMENTS = (sympy.tanh, sympy.atanh, sympy.exp, sympy.log)


def mutants_of_claim(claim: Claim) -> Iterator[tuple[str, Claim]]:
    """The claim with one mistake on its right-hand side, entry by entry, each with the name of the mistake.

    A changed bound may make a true inequality weaker; the mistake there is to turn it round. Mistakes are made in the
    claim written out in letters, and in each definition of a name that it uses.
    """
    yield from _mutants_in_letters(claim.unfolded())
    for definition in used(*claim.sides()):
        for name, wrong in mutants(definition.expression):
            with suppress(ValueError):  # one of the names would no longer depend on a letter
                yield f"{name} in {definition.id}", claim.redefined({definition: replace(definition, expression=wrong)})


def _mutants_in_letters(claim: Claim) -> Iterator[tuple[str, Claim]]:
    if claim.relation != "=":
        yield "turned round", replace(claim, lhs=claim.rhs, rhs=claim.lhs)
        return
    if not isinstance(claim.rhs, Tuple):
        for name, wrong in mutants(claim.rhs):
            yield name, replace(claim, rhs=wrong)
        return
    for i, entry in enumerate(claim.rhs):
        for name, wrong in mutants(entry):
            yield f"{name} in entry {i + 1}", replace(claim, rhs=Tuple(*claim.rhs[:i], wrong, *claim.rhs[i + 1 :]))


def mutants(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Every expression one mistake away from e; the mistakes are those at each node and symbol swaps."""
    seen = {e}
    for name, wrong in (*_everywhere(e), *_swaps(e)):
        if wrong not in seen and not wrong.has(sympy.nan, sympy.zoo):
            seen.add(wrong)
            yield name, wrong


def _everywhere(e: Any) -> Iterator[tuple[str, Any]]:
    yield from _here(e)
    if e.is_Atom or isinstance(e, sympy.MatrixSymbol | sympy.Identity | sympy.ZeroMatrix):
        return
    for i, part in enumerate(e.args):
        if not isinstance(part, Expr | sympy.MatrixExpr) or (part.is_number and i and e.is_Pow):
            continue
        for name, wrong in _everywhere(part):
            yield name, e.func(*e.args[:i], wrong, *e.args[i + 1 :])


def _here(e: Any) -> Iterator[tuple[str, Any]]:
    yield "sign", -e
    if not (e.is_Number and e == 0):
        yield "factor 2", 2 * e
    if getattr(e, "is_Matrix", False):
        return
    if e.is_Number and not e.is_Integer:
        yield "one more", e + 1
    if e.is_Pow and e.exp.is_Rational:
        yield "exponent + 1", e.base ** (e.exp + 1)
        if e.exp == 2:
            yield "dropped square", e.base
        else:
            yield "exponent - 1", e.base ** (e.exp - 1)
    if e.is_Add and len(e.args) > 1:
        for i, term in enumerate(e.args):
            yield f"lost term {term}", sympy.Add(*(a for j, a in enumerate(e.args) if j != i))
    for function, other in SWAPPED_FUNCTIONS.items():
        if isinstance(e, function):
            yield f"{function.__name__} for {other.__name__}", other(e.args[0])
    if isinstance(e, SCALED_ARGUMENTS):
        yield "argument scaled", e.func(e.args[0] * 2)


def _swaps(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Two symbols exchanged, and one put in the place of another."""
    symbols = sorted((s for s in e.free_symbols if isinstance(s, Symbol) and not s.is_integer), key=str)
    for one, other in combinations(symbols, 2):
        yield f"{one} and {other} swapped", e.xreplace({one: other, other: one})
        yield f"{other} for {one}", e.xreplace({one: other})
    if e == 0:
        yield "one more", Integer(1)
