"""Points at which the logarithms and roots of an equation are real, as its author means them to be."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from sympy import Add, Expr, Mul, Rational
from sympy.core.function import AppliedUndef, Derivative

from ..matrices import has_letters

TRIED = 200  # points
GIVEN = 3  # of those at which the sides differ
_VALUES = [Rational(n, d) for n, d in ((1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1), (5, 4), (3, 2), (2, 1), (3, 1))]


def real_at(witness: Mapping[str, Any] | None, *sides: Expr) -> bool:
    """Whether every logarithm and root is real at a witness, as far as it can be seen."""
    if witness is None or any(has_letters(side) for side in sides):
        return True
    point = witness["point"]
    parts = list(_restricted(sides))
    if not parts or not isinstance(point, Mapping):
        return True
    letters = _letters(*sides)
    if not all(_name(letter) in point for letter in letters):
        return True
    try:
        at = {letter: Rational(str(point[_name(letter)])) for letter in letters}
    except (TypeError, ValueError):
        return True
    return all(_is_real(part.xreplace(at)) for part in parts)


def real_points(left: Expr, right: Expr) -> Iterator[dict[Any, Rational]]:
    """Points at which the two sides are real and seem to differ, at most GIVEN; the same ones for the same sides."""
    chance = random.Random(20180605)
    letters = sorted(_letters(left, right), key=str)
    parts = list(_restricted((left, right)))
    given = 0
    for _ in range(TRIED):
        at = {letter: _value(letter, chance) for letter in letters}
        if not all(_is_real(part.xreplace(at)) for part in parts):
            continue
        one, other = (side.xreplace(at).evalf(20, maxn=60) for side in (left, right))
        if one.is_comparable and other.is_comparable and abs(one - other) > 1e-9 * (1 + abs(one)):
            yield at
            given += 1
            if given == GIVEN:
                return


def joined_logarithms(e: Expr) -> Expr:
    """c·ln f ± c·ln g as c·ln of the product or quotient, which is the same where both are real."""
    if not isinstance(e, Add):
        return e.func(*(joined_logarithms(a) for a in e.args)) if isinstance(e, Mul) else e
    inside: dict[Expr, Expr] = {}
    rest = []
    for term in e.args:
        factor, logarithm = term.as_independent(sympy.log, as_Add=False)
        if not isinstance(logarithm, sympy.log):
            rest.append(term)
        elif -factor in inside:
            inside[-factor] /= logarithm.args[0]
        else:
            inside[factor] = inside.get(factor, sympy.Integer(1)) * logarithm.args[0]
    return Add(*rest, *(c * sympy.log(f) for c, f in inside.items()))


def _restricted(sides: tuple[Expr, ...]) -> Iterator[Expr]:
    """What is real only here and there."""
    for side in sides:
        for e in sympy.preorder_traversal(side):
            if isinstance(e, sympy.log | sympy.atanh | sympy.acosh | sympy.asin | sympy.acos) or (
                e.is_Pow and e.exp.is_Rational and not e.exp.is_Integer
            ):
                yield e


def _is_real(value: Expr) -> bool:
    number = value.evalf(15, maxn=60)
    return bool(number.is_real) if number.is_number else True


def _letters(*sides: Expr) -> set[Any]:
    """What takes values: symbols, functions of time and their derivatives as wholes."""
    found: set[Any] = set()
    rest = sides
    for kind in (Derivative, AppliedUndef):
        wholes = {e for side in rest for e in side.atoms(kind)}
        rest = tuple(side.xreplace({e: sympy.Dummy() for e in wholes}) for side in rest)
        found |= wholes
    return found | {s for side in rest for s in side.free_symbols if not isinstance(s, sympy.Dummy)}


def _name(letter: Any) -> str:
    return str(letter) if letter.is_Symbol else f"_{letter}"


def _value(letter: Any, chance: random.Random) -> Rational:
    value = chance.choice(_VALUES)
    if letter.is_Integer or getattr(letter, "is_integer", False):
        return Rational(chance.randrange(1, 5))
    if letter.is_extended_nonpositive or (not letter.is_extended_nonnegative and chance.random() < 0.5):
        return -value
    return value
