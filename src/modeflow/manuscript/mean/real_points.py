"""Points at which the logarithms and roots of an equation are real, as its author means them to be."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import sympy
from sympy import Add, Expr, Integer, Mul, Rational
from sympy.core.function import AppliedUndef, Derivative

from ...language.matrices import has_letters

TRIED = 200  # points
LARGEST = 400  # operations in what is evaluated
GIVEN = 3  # of those at which the sides differ
_VALUES = [Rational(n, d) for n, d in ((1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1), (5, 4), (3, 2), (2, 1), (3, 1))]


def real_at(witness: Mapping[str, Any] | None, *sides: Expr) -> bool:
    """Whether every logarithm and root is real at a witness, as far as it can be seen."""
    if witness is None or any(has_letters(side) for side in sides):
        return True
    parts = list(_restricted(sides))
    if parts and not all(can_be_evaluated(side) for side in sides):
        return False
    at = _numbers(witness["point"], letters(*sides)) if parts else None
    return at is None or all(_is_real(part.xreplace(at)) for part in parts)


def _numbers(point: object, wanted: Iterable[Any]) -> dict[Any, Rational] | None:
    """The numbers that the letters are at a point; None where it does not give them."""
    names = {letter: _name(letter) for letter in wanted}
    if not isinstance(point, Mapping) or not all(name in point for name in names.values()):
        return None
    try:
        return {letter: Rational(str(point[name])) for letter, name in names.items()}
    except (TypeError, ValueError):
        return None


def points_where_real(*sides: Expr) -> Iterator[dict[Any, Rational]]:
    """Points at which every logarithm and root of the sides is real; the same ones for the same sides.

    None for sides that are long, or of which the values may be too large to be written down.
    """
    if not all(can_be_evaluated(side) for side in sides):
        return
    chance = random.Random(20180605)
    ordered = sorted(letters(*sides), key=str)
    parts = list(_restricted(sides))
    for _ in range(TRIED):
        at = {letter: drawn(letter, chance) for letter in ordered}
        if all(_is_real(part.xreplace(at)) for part in parts):
            yield at


def differing_points(left: Expr, right: Expr) -> Iterator[dict[Any, Rational]]:
    """Such points at which the sides seem to differ, at most GIVEN."""
    yield from islice((at for at in points_where_real(left, right) if differ_at(left, right, at)), GIVEN)


def differ_at(left: Expr, right: Expr, at: Mapping[Any, Rational]) -> bool:
    """Whether the sides are seen to differ at a point."""
    one, other = (side.xreplace(at).evalf(20, maxn=60) for side in (left, right))
    return bool(one.is_comparable and other.is_comparable and abs(one - other) > 1e-9 * (1 + abs(one)))


def has_restrictions(*sides: Expr) -> bool:
    """Whether something in an expression is real only here and there."""
    return any(True for _ in _restricted(sides))


def is_real_where_defined(e: Any) -> bool:
    """Whether the expression is a real number wherever it is a number: 1/x of real x, which SymPy does not call so."""
    if e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer):
        return all(map(is_real_where_defined, e.args))
    return bool(e.is_extended_real)


def in_logarithms(e: Expr) -> Expr:
    """artanh, arsinh and arcosh as logarithms and ln|f| as ln(f²)/2, which they are where all of it is real."""
    one = Integer(1)
    written = {
        sympy.atanh: lambda y: sympy.log((1 + y) / (1 - y)) / 2,
        sympy.asinh: lambda y: sympy.log(y + sympy.sqrt(y**2 + one)),
        sympy.acosh: lambda y: sympy.log(y + sympy.sqrt(y**2 - one)),
    }
    e = e.replace(lambda p: isinstance(p, sympy.log) and p.has(sympy.Abs), _without_bars)
    for function, logarithm in written.items():
        e = e.replace(function, logarithm)
    return e


def _without_bars(logarithm: Expr) -> Expr:
    """ln(p|f|) as ln(p²f²)/2, which it is with either sign of f; as it stands where |f| is not a factor."""
    squared = Integer(1)
    for base, exponent in (p.as_base_exp() for p in Mul.make_args(logarithm.args[0])):
        squared *= (base.args[0] if isinstance(base, sympy.Abs) else base) ** (2 * exponent)
    return logarithm if squared.has(sympy.Abs) else sympy.log(squared) / 2


def joined_logarithms(e: Expr) -> Expr:
    """Sums of c·ln f with rational ratios of their c as one logarithm, which is the same where all are real."""
    inside: dict[Expr, list[tuple[Rational, Expr]]] = {}
    rest = []
    for term in _terms(e):
        factor, logarithm = term.as_independent(sympy.log, as_Add=False)
        if isinstance(logarithm, sympy.log):
            number, factor = factor.as_coeff_Mul()
            inside.setdefault(factor, []).append((number, logarithm.args[0]))
        else:
            rest.append(term)
    return Add(*rest, *(_one_logarithm(factor, parts) for factor, parts in inside.items()))


def _terms(e: Expr) -> Iterator[Expr]:
    """The terms of a sum; of a sum of logarithms with a factor, each with the factor."""
    for term in Add.make_args(e):
        factors = Mul.make_args(term)
        sums = [f for f in factors if isinstance(f, Add) and f.has(sympy.log)]
        if len(sums) == 1:
            others = Mul(*(f for f in factors if f is not sums[0]))
            yield from (others * part for part in _terms(sums[0]))
        else:
            yield term


def _one_logarithm(factor: Expr, parts: list[tuple[Rational, Expr]]) -> Expr:
    """factor·Σ n·ln f as factor·g·ln Π f^(n/g), with whole n/g."""
    above = sympy.igcd(*(n.p for n, _ in parts)) if len(parts) > 1 else parts[0][0].p
    step = Rational(above, sympy.ilcm(1, *(n.q for n, _ in parts)))
    return factor * step * sympy.log(Mul(*(f ** (n / step) for n, f in parts)))


def quotient_of_logarithms(e: Expr) -> tuple[Expr, Expr]:
    """The equation f = 1 for c·ln f = 0, and e = 0 for what is not a logarithm alone."""
    factor, logarithm = e.as_independent(sympy.log, as_Add=False)
    if isinstance(logarithm, sympy.log) and factor != 0:
        return logarithm.args[0], Integer(1)
    return e, Integer(0)


def can_be_evaluated(e: Expr) -> bool:
    """Whether values of it take little time: exp(exp(x)) may have more digits than there is memory."""
    return bool(e.count_ops() <= LARGEST) and _growth(e) <= 1


def _growth(e: Expr) -> int:
    """How many exponentials stand inside each other, less the logarithms between them."""
    most = max((_growth(a) for a in e.args), default=0)
    if isinstance(e, sympy.exp | sympy.sinh | sympy.cosh | sympy.tanh) or (e.is_Pow and not e.exp.is_number):
        return most + 1
    return max(0, most - 1) if isinstance(e, sympy.log | sympy.atanh | sympy.asinh) else most


def _restricted(sides: tuple[Expr, ...]) -> Iterator[Expr]:
    """What is real only here and there."""
    for side in sides:
        for e in sympy.preorder_traversal(side):
            if isinstance(e, sympy.log | sympy.atanh | sympy.acosh | sympy.asin | sympy.acos) or (
                e.is_Pow and not e.exp.is_integer and (e.exp.is_Rational or not e.base.is_nonnegative)
            ):
                yield e


def _is_real(value: Expr) -> bool:
    number = value.evalf(15, maxn=60)
    return bool(number.is_real) if number.is_number else True


def letters(*sides: Expr) -> set[Any]:
    """What takes values: symbols, functions of time and their derivatives as wholes."""
    found: set[Any] = set()
    rest = sides
    for kind in (Derivative, AppliedUndef):
        wholes = {e for side in rest for e in side.atoms(kind)}
        rest = tuple(side.xreplace({e: sympy.Dummy() for e in wholes}) for side in rest)
        found |= wholes
    return found | {s for side in rest for s in side.free_symbols if not isinstance(s, sympy.Dummy)}


def has_dependent_values(*sides: Expr) -> bool:
    """Whether values of one function may be the same, or be parts of each other: f(x + 1), f(f(x))."""
    applied = {f for side in sides for f in side.atoms(AppliedUndef)}
    return any(not (a.is_Symbol or a.is_number) for f in applied for a in f.args)


def _name(letter: Any) -> str:
    return str(letter) if letter.is_Symbol else f"_{letter}"


def drawn(letter: Any, chance: random.Random) -> Rational:
    """A number that the assumptions on a letter allow."""
    value = chance.choice(_VALUES)
    if letter.is_Integer or getattr(letter, "is_integer", False):
        return Rational(chance.randrange(1, 5))
    if letter.is_extended_nonpositive or (not letter.is_extended_nonnegative and chance.random() < 0.5):
        return -value
    return value
