"""Whether an equation is true, and says what a claim says, by numbers alone.

Only the reading of TeX, and which letter stands for what, is taken from the package.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import mpmath
import sympy
from manuscript_values import CLOSE, NotJudged, NotReal, Point, close, letters, point, value
from mpmath import mpf

from modeflow.language.matrices import has_letters
from modeflow.manuscript.mean import matrix_shapes
from modeflow.manuscript.mean.meaning import Reader, rates
from modeflow.manuscript.mean.notation import Notation
from modeflow.manuscript.mean.quantity_names import Names
from modeflow.manuscript.mean.subject import Subject
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.marks import Display
from modeflow.manuscript.text.rows import pieces
from modeflow.manuscript.text.tokens import tokens
from modeflow.statements.catalogue import chapters, claims

POINTS, ENOUGH, TRIED = 8, 4, 400  # points that decide, that are enough to, and that are tried
MANY = 200  # for inequalities
DIGITS = 80


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": close,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b or close(a, b),
    ">=": lambda a, b: a >= b or close(a, b),
}


@dataclass(frozen=True)
class Read:
    """How an equation was understood: its sides, the relations between them, and the claim that it should state."""

    sides: tuple[Any, ...]
    relations: tuple[str, ...]
    subject: Subject | None
    worked_out: bool  # whether a derivative in it was carried out

    def holds(self, at: Point) -> bool:
        """Whether it is true at a point."""
        values = [value(side, at) for side in self.sides]
        return all(_HOLDS[r](a, b) for (a, b), r in zip(pairwise(values), self.relations, strict=True))


def reading(tex: str, claim: str, notation: Notation) -> Read:
    """The one equation in a display, as the check reads it; raises Unparsed and Misfit."""
    (piece,) = pieces(Display("$$", tex, 0, (), ()))
    said = statement(tokens(piece.text), notation.names())
    if claim == "prove":
        subject, reader = None, Reader(notation, rates(notation.moving), notation.fixed, {})
    else:
        subject = Subject(claims()[claim], notation.fixed)
        reader = Reader(notation, subject.moving, Names(subject).swaps(), {}, subject.covariance)
    sides = tuple(matrix_shapes.alike([reader.read(side) for side in said.sides]))
    return Read(sides, said.relations, subject, "'derivative'" in repr(said))


def points(read: Read, seed: int = 7) -> Iterator[Point]:
    """Points at which what the claim gives has its value, what moves its rate, and what stays that at the start."""
    chance = random.Random(seed)
    given, flow = _given(read.subject)
    moving = {} if read.subject is None else read.subject.moving
    wanted = letters(*read.sides, *given, *given.values(), *flow.values(), *moving, *moving.values(), *_ALWAYS)
    for _ in range(TRIED):
        try:
            at = point(wanted, chance, alike=set(read.relations) != {"="})  # where an inequality may be an equation
            for unknown, expression in {**flow, **given}.items():
                at |= _put(read, at, unknown, value(expression, at))
            yield at | _at_start(read, at)
        except NotReal:
            continue


def letter(name: str) -> Any:
    """The symbol of a quantity of the chapters on autoencoders."""
    return chapters()["dae"].alphabet.quantities[name].symbol


_WEIGHTS = [(letter("w1"), letter("w2")), (letter("w_1")(letter("t")), letter("w_2")(letter("t")))]
_START = [letter("a"), letter("b"), letter("c0")]
_ALWAYS = [*_WEIGHTS[0], *_WEIGHTS[1], *_START]
# A quantity on the path, and the second weight that it leaves to the first.
_SECOND: dict[Any, Callable[[Any, Any], Any]] = {
    letter("w")(letter("t")): lambda w, first: w / first,
    letter("c")(letter("t")): lambda c, first: mpmath.sqrt(c + first**2),
    letter("P_t")(letter("t")): lambda P, first: mpmath.sqrt(P) - first,
}


def _put(read: Read, at: Point, unknown: Any, number: Any) -> Point:
    """The unknown at a value, and weights of which it is made."""
    put = {unknown: number}
    if unknown in _SECOND and read.subject is not None and not read.subject.moving:
        for first, second in _WEIGHTS:
            if any(side.has(first) or side.has(second) for side in read.sides):
                put[second] = _SECOND[unknown](number, at[first])
                if isinstance(put[second], mpmath.mpc):
                    raise NotReal(str(second))
    return put


def _at_start(read: Read, at: Point) -> Point:
    """The weights at the start, where the flow leaves c = w2^2 - w1^2 as it was there."""
    if read.subject is None or read.subject.unknowns:
        return {}
    (w1, w2), (a, b, c0) = _WEIGHTS[0], _START
    rates = [read.subject.moving.get(w) for w in (w1, w2)]
    if None in rates or not close(at[w2] * at[rates[1]], at[w1] * at[rates[0]]):
        return {}
    imbalance = at[w2] ** 2 - at[w1] ** 2
    square = at[a] ** 2 + imbalance
    if square < 0:
        raise NotReal("the weight at the start")
    return {b: mpmath.sqrt(square), c0: imbalance}


def _given(subject: Subject | None) -> tuple[dict[Any, Any], dict[Any, Any]]:
    if subject is None:
        return {}, {}
    flow = dict(subject.flow)
    for left, right in subject.laws:
        if matrix_shapes.is_matrix(left):
            rate = next(r for r in subject.moving.values() if left.has(r))
            flow[rate] = right if left == rate else matrix_shapes.product([left.as_coeff_matrices()[0] ** -1, right], 0)
    return dict(subject.unknowns), flow


def is_true(read: Read) -> bool:
    """Whether it holds at every point that decides; raises NotJudged where there are too few."""
    seen, wanted = 0, POINTS if set(read.relations) == {"="} else MANY
    with mpmath.workdps(DIGITS):
        for at in points(read):
            try:
                if not read.holds(at):
                    return False
            except NotReal:
                continue
            seen += 1
            if seen == wanted:
                break
    if seen < ENOUGH:
        raise NotJudged("too few points at which all of it is real")
    return True


# What it says -----------------------------------------------------------------------------------------------


def says_it(read: Read) -> bool:
    """Whether a true equation fails wherever the claim does, as far as points can tell; raises NotJudged."""
    assert read.subject is not None
    if len(set(read.sides)) == 1 and not read.worked_out:
        return False
    with mpmath.workdps(DIGITS):
        if read.subject.unknowns:
            return _fixes_unknown(read)
        if read.subject.moving and not any(map(has_letters, read.sides)):
            return _fixes_rates(read)
    raise NotJudged("an identity, of which every true equation holds")


def _is_condition(read: Read) -> bool:
    """Whether the sides are those of an equation that the unknown satisfies, with its value put in."""
    assert read.subject is not None
    given = dict(read.subject.unknowns)
    for condition in read.subject.conditions:
        filled = [side.xreplace(given) for side in (condition.lhs, condition.rhs)]
        if any(side.is_number or side.has(sympy.Derivative) for side in filled):
            continue
        for sides in (filled, filled[::-1]):
            seen = [
                all(close(value(a, at), value(b, at)) for a, b in zip(read.sides, sides, strict=True))
                for at, _ in zip(points(read, seed=11), range(5), strict=False)
            ]
            if seen and all(seen):
                return True
    return False


def _fixes_unknown(read: Read) -> bool:
    """No other value of the unknown satisfies it."""
    assert read.subject is not None
    weights = {w for pair in _WEIGHTS for w in pair}
    present = [
        u
        for u, _ in read.subject.unknowns
        if any(side.has(u) or (u in _SECOND and side.has(*weights)) for side in read.sides)
    ]
    if not present:
        return _is_condition(read)
    seen = 0
    for at in points(read, seed=11):
        for unknown in present:
            try:
                if any(_holds_with(read, at, unknown, other) for other in _others(read, at, unknown)):
                    return False
            except NotReal:
                continue
        seen += 1
        if seen == ENOUGH:
            return True
    raise NotJudged("too few points")


def _holds_with(read: Read, at: Point, unknown: Any, number: Any) -> bool:
    try:
        return read.holds({**at, **_put(read, at, unknown, number)})
    except NotReal:
        return False


def _others(read: Read, at: Point, unknown: Any) -> Iterator[Any]:
    """Other values of the unknown: near and far, and where the sides of an equation cross."""
    here = at[unknown]
    grid = [here * (1 + mpf(n) / 7) for n in range(-30, 31) if n] + [here + mpf(n) / 3 for n in range(-20, 21) if n]
    grid = sorted({*grid, -here, *(sign * mpf(2) ** n for n in range(-6, 7) for sign in (1, -1)), mpf(0)})
    grid += [1 / here] if here else []

    def gap(x: Any) -> Any:
        values = [value(side, {**at, **_put(read, at, unknown, x)}) for side in read.sides]
        return max((a - b for a, b in pairwise(values)), key=mpmath.fabs)

    last: tuple[Any, Any] | None = None
    for x in grid:
        if close(x, here):
            continue
        try:
            now = (x, gap(x))
        except NotReal:
            last = None
            continue
        yield x
        if last is not None and last[1] * now[1] < 0 and not last[0] <= here <= x:
            root = _crossing(gap, last[0], x)
            if root is not None and not close(root, here):
                yield root
        last = now


def _crossing(gap: Callable[[Any], Any], low: Any, high: Any) -> Any:
    start = gap(low)
    for _ in range(140):
        middle = (low + high) / 2
        try:
            found = gap(middle)
        except NotReal:
            return None
        if found == 0:
            return middle
        low, high = (middle, high) if found * start > 0 else (low, middle)
    return low


def _fixes_rates(read: Read) -> bool:
    """Rates that satisfy it, of which all but one are random, satisfy one of the laws of the claim."""
    assert read.subject is not None
    moving = [r for r in read.subject.moving.values() if any(side.has(r) for side in read.sides)]
    if not moving:
        return _keeps(read)
    laws = [left - right for left, right in read.subject.laws if not matrix_shapes.is_matrix(left)]
    chance = random.Random(5)
    seen = 0
    for at in points(read, seed=13):
        try:
            at |= {r: mpf(chance.uniform(-3, 3)) for r in read.subject.moving.values()}
            if read.holds(at):
                return False
            solved = _solved(read, at, moving[-1])
            if solved is None:
                raise NotJudged("not of first degree in its rates")
            at[moving[-1]] = solved
            at |= {e: mpf(chance.uniform(-3, 3)) for law in laws for e in letters(law) if e not in at}
            if not any(mpmath.fabs(value(law, at)) <= CLOSE * 1000 * (1 + mpmath.fabs(solved)) for law in laws):
                return False
        except NotReal:
            continue
        seen += 1
        if seen == ENOUGH:
            return True
    raise NotJudged("too few points")


def _keeps(read: Read) -> bool:
    """An equation without rates fails where one weight is not what the other and the start make it."""
    weights = [w for w in _WEIGHTS[0] if any(side.has(w) for side in read.sides)]
    return bool(weights) and not any(
        _holds_with(read, {**at, w: at[w] * factor}, w, at[w] * factor)
        for at in islice(points(read, seed=17), ENOUGH)
        for w in weights
        for factor in (mpf(1) / 2, mpf(3) / 2, mpf(3))
    )


def _solved(read: Read, at: Point, rate: Any) -> Any:
    """The rate that satisfies it, where every side is of first degree in it."""
    gaps = []
    for x in (0, 1, 2):
        values = [value(side, {**at, rate: mpf(x)}) for side in read.sides]
        gaps.append([a - b for a, b in pairwise(values)])
    for zero, one, two in zip(*gaps, strict=True):
        slope = one - zero
        if close(slope, mpf(0)):
            continue
        return -zero / slope if close(two - one, slope) else None
    return None


def judged(tex: str, claim: str, notation: Notation) -> Mapping[str, Any]:
    """What numbers say of an equation: true, says (whether it says the claim), why either is None; and its reading."""
    found: dict[str, Any] = {"read": None, "true": None, "says": None, "why": ""}
    try:
        found["read"] = read = reading(tex, claim, notation)
        found["true"] = is_true(read)
        if found["true"] and read.subject is not None:
            found["says"] = says_it(read)
    except NotJudged as reason:
        found["why"] = str(reason)
    except ValueError as reason:  # not read, or shapes that do not fit
        found["why"] = f"{type(reason).__name__}: {reason}"
    return found
