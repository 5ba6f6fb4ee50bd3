"""Letters that bear a bound index: λ_i is the member i of a family, and a sum may run over all of it."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Dummy, Expr, Function, Sum, Symbol

from ..text.tokens import Unparsed
from .presets import ASSUMPTIONS

MEMBER = "_"  # ends the name of a family's function, and of no other


def fresh(index: str) -> Symbol:
    """A letter for an index, like no other."""
    return Dummy(index.lstrip("\\"), integer=True)


def member(letter: Symbol, index: Expr) -> Expr:
    """The member of the letter's family at that index."""
    return Function(letter.name + MEMBER, **assumed(letter))(index)


def assumed(e: Expr) -> dict[str, bool]:
    """What is known of a letter, or of a member of its family, as SymPy's assumptions."""
    return {name: True for name in ASSUMPTIONS if getattr(e, f"is_{name}")}


def size(families: Iterable[str]) -> Symbol:
    """The number of members of families that share an index."""
    return Symbol(f"|{','.join(sorted(families))}|", integer=True, positive=True)


def is_size(letter: Symbol) -> bool:
    """Whether a letter is the number of members of families."""
    return bool(letter.name.startswith("|"))


def families_of(size: Symbol) -> set[str]:
    """The families that have so many members."""
    return set(size.name.strip("|").split(","))


def between(body: Expr, index: Symbol, lower: Expr, upper: Expr, position: int) -> Sum:
    """The sum; raises Unparsed where its limits are not known to be whole, or to hold 0 terms or more."""
    if not (lower.is_integer and upper.is_integer):
        raise Unparsed("the limits of the sum are not declared whole numbers (integer = true)", position)
    if not (upper - lower + 1).is_nonnegative:
        raise Unparsed(f"the sum from {lower} to {upper} may have fewer than 0 terms", position)
    return Sum(body, (index, lower, upper))
