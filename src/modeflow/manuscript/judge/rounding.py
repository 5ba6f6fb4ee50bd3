"""Decimals as what they are on paper: any number that is written so when it is rounded to the digits shown.

An equation with decimals holds within the digits shown where, for each decimal, there is one number that rounds to it
with which the equation is proved. It is wrong where at some point no choice of such numbers makes its sides equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice
from typing import Any

from sympy import Add, Expr, Float, Matrix, Rational, Symbol
from sympy.core.function import AppliedUndef, Derivative

from ...language.matrices import has_letters
from ...proof.enclosures import NotEvaluable, OnBranchCut, Point, enclose_over
from ..mean.real_points import points_where_real
from .prover_questions import Comparison, Proofs

DIGITS = 50  # with which numbers are looked for
SIMPLE = 10**6  # the largest denominator of a number that is found
MOST = 4  # decimals in one equation
STEPS = 30  # of the secant
POINTS = 6  # at which the sides are held apart
PARTS = 8  # into which the numbers that are written alike are divided there

Decimals = Mapping[Symbol, Rational]
Pair = tuple[Expr, Expr]


def margin(written: str) -> Rational:
    """Half a unit of the last digit."""
    return Rational(1, 2 * 10 ** len(written.partition(".")[2]))


def within(
    exact: Comparison,
    decimals: Decimals,
    pairs: Sequence[Pair],
    judge: Callable[[Mapping[Symbol, Expr]], Comparison],
    proofs: Proofs,
) -> Comparison:
    """The verdict on an equation that is not ok when its decimals are exact.

    exact: the verdict then. pairs: what the equation says to be equal, where the claim holds. judge: the verdict with
    numbers in the place of the decimals.
    """
    if not all(map(_is_scalar_of_letters, chain.from_iterable(pairs))) or len(decimals) > MOST:
        return _open(exact)
    differences = [one - other for one, other in pairs]
    for chosen in _choices([d for d in differences if d.has(*decimals)], decimals):
        if all(_rounds_to(value, letter, decimals[letter], proofs) for letter, value in chosen.items()):
            judged = judge({**decimals, **chosen})
            if judged.verdict == "ok":
                return replace(judged, note=_said(chosen))
    if exact.verdict != "wrong" or any(_apart(pair, decimals) for pair in pairs):
        return exact
    return _open(exact)


def _open(exact: Comparison) -> Comparison:
    """The verdict where the digits shown do not decide."""
    if exact.verdict != "wrong" or not exact.witness:
        return exact
    return replace(exact, verdict="undecided", witness=None, reason="it may hold within the digits that are shown")


def _said(chosen: Mapping[Symbol, Expr]) -> str:
    return "within the digits shown, " + ", ".join(f"{letter.name} for {value}" for letter, value in chosen.items())


def _is_scalar_of_letters(side: Any) -> bool:
    return not (has_letters(side) or getattr(side, "is_Matrix", False) or side.has(AppliedUndef, Derivative))


def _rounds_to(value: Expr, letter: Symbol, written: Rational, proofs: Proofs) -> bool:
    off, most = value - written, margin(letter.name)
    return bool(abs(off) <= most) if value.is_Rational else proofs.holds(most**2, off**2, ">=")


# Numbers with which it may hold: guesses, each of which is proved or dropped --------------------------------


def _choices(differences: Sequence[Expr], decimals: Decimals) -> Iterator[dict[Symbol, Expr]]:
    """Numbers for one of the decimals, the others as written; then for all at once."""
    for letter, written in decimals.items():
        others = {other: value for other, value in decimals.items() if other != letter}
        for difference in differences:
            if difference.has(letter):
                yield from ({letter: value} for value in _roots(difference.xreplace(others), letter, written))
    for difference in differences if len(decimals) > 1 else ():
        yield from _jointly(difference, [letter for letter in decimals if difference.has(letter)])


def _roots(difference: Expr, letter: Symbol, written: Rational) -> Iterator[Expr]:
    if not difference.free_symbols - {letter} and (slope := _slope(difference, letter)) is not None:
        yield -difference.xreplace({letter: Rational(0)}) / slope
    for at in islice(points_where_real(difference.xreplace({letter: written}), Rational(0)), 2):
        root = _root(difference.xreplace(at), letter, written)
        if root is not None:
            yield root


def _slope(difference: Expr, letter: Symbol) -> Expr | None:
    """The coefficient of the letter in what is of first degree in it."""
    slope = difference.diff(letter)
    return None if slope == 0 or slope.has(letter) else slope


def _root(difference: Expr, letter: Symbol, written: Rational) -> Rational | None:
    """A simple number near what is written, found by secants."""
    one, other = Float(written, DIGITS), Float(written + margin(letter.name) / 2, DIGITS)
    value, after = (_number(difference.xreplace({letter: x})) for x in (one, other))
    for _ in range(STEPS):
        if value is None or after is None or value == after or abs(after) < Float(10, DIGITS) ** (5 - DIGITS):
            break
        one, other, value = other, other - after * (other - one) / (after - value), after
        after = _number(difference.xreplace({letter: other}))
    return None if after is None else _simple(other)


def _jointly(difference: Expr, letters: Sequence[Symbol]) -> Iterator[dict[Symbol, Expr]]:
    """Simple numbers for all, where the equation is of first degree in them and its values at points give them."""
    slopes = [_slope(difference, letter) for letter in letters]
    if any(slope is None or slope.has(*letters) for slope in slopes):
        return
    rest = difference.xreplace(dict.fromkeys(letters, Rational(0)))
    values = [_simple(value) for value in _solution(_at_points([*slopes, rest], len(letters)))]
    if values and None not in values:
        yield dict(zip(letters, values, strict=True))


def _at_points(parts: Sequence[Expr], count: int) -> list[list[Float]]:
    """The parts at so many points; no row where there are fewer, or where one of the parts is no number."""
    at = islice(points_where_real(Add(*parts), Rational(0)), count)
    rows = [[_number(part.xreplace(point)) for part in parts] for point in at]
    return rows if len(rows) == count and not any(None in row for row in rows) else []


def _solution(rows: Sequence[Sequence[Float]]) -> list[Expr]:
    """x with Ax = -b, where the rows are those of (A b); none where A is singular."""
    matrix = Matrix([row[:-1] for row in rows])
    if not rows or abs(matrix.det()) <= Float(10, DIGITS) ** -20:
        return []
    return list(matrix.LUsolve(-Matrix([row[-1] for row in rows])))


def _number(e: Expr) -> Float | None:
    value = e.evalf(DIGITS, maxn=200)
    return value if value.is_Float or value.is_Rational else None


def _simple(value: Expr) -> Rational | None:
    """The rational number of small denominator that a long number is."""
    exact = Rational(value)
    near = Fraction(int(exact.p), int(exact.q)).limit_denominator(SIMPLE)
    simple = Rational(near.numerator, near.denominator)
    return simple if abs(simple - exact) < Rational(1, 10 ** (DIGITS // 2)) else None


# Points at which it cannot hold -----------------------------------------------------------------------------


def _apart(pair: Pair, decimals: Decimals) -> bool:
    """Whether at some point the sides differ for all numbers that are written so."""
    here = [letter for letter in decimals if pair[0].has(letter) or pair[1].has(letter)]
    written = [side.xreplace(dict(decimals)) for side in pair]
    return any(
        all(_differ(pair, at, part) for part in _parts(here, decimals))
        for at in islice(points_where_real(*written), POINTS)
    )


def _parts(letters: Sequence[Symbol], decimals: Decimals) -> Iterable[dict[Symbol, tuple[Rational, Rational]]]:
    """The numbers that are written so, as midpoints and distances; those of one decimal in parts."""
    whole = {letter: (decimals[letter], margin(letter.name)) for letter in letters}
    if len(letters) != 1:
        return [whole]
    ((letter, (middle, most)),) = whole.items()
    return [{letter: (middle + most * Rational(2 * n + 1 - PARTS, PARTS), most / PARTS)} for n in range(PARTS)]


def _differ(pair: Pair, at: Mapping[Any, Rational], part: Mapping[Symbol, tuple[Rational, Rational]]) -> bool:
    try:
        return not enclose_over(pair[0] - pair[1], Point(at), part, 128).contains(0)
    except (NotEvaluable, OnBranchCut, ZeroDivisionError, ValueError):
        return False
