"""Points at which a statement is most likely to fail: where its functions change their form, and far out.

They are the zeros of the arguments of |·|, logarithms, roots and the like, the ends of what is given, the numbers that
the statement names, and values just beside all of these, between them and beyond; very large and very small values; and
equal or opposite values of two symbols. Random points miss them: |p - 1000| = 1000 - p holds at every p < 1000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations, islice, pairwise, product, zip_longest
from math import inf, isfinite
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.relational import Relational

from .assumptions import satisfies
from .enclosures import NotEvaluable, OnBranchCut, Point, enclose
from .given import Linear, box, difference, linear
from .sample_points import inside, points, satisfied

MOST_POINTS = 160
MOST_EDGES = 12
MOST_VALUES = 60  # of one symbol beside one base point
LARGEST_DEGREE = 12
HALVINGS = 50
DESCENT_ENDS = 30  # powers of two by which a round improves less that is the last
DESCENTS = 6  # rounds over the symbols on the way to a least value
_FAR = tuple(Integer(10) ** k for k in (3, 6, 12)) + tuple(Rational(1, 10**k) for k in (3, 6, 12, 40))
_PLAIN = (Integer(0), Integer(1), Integer(-1), Integer(2), Integer(-2), Rational(1, 2), Rational(-1, 2))
_CORNERS = (*_PLAIN[:3], Integer(10) ** 6, -(Integer(10) ** 6), Rational(1, 10**6))
_STEP = Rational(1, 10**20)  # on both sides, for whether a function rises
_BESIDE = (Rational(1, 10**3), Rational(1, 10**12))

_AT_ZERO = (sympy.Abs, sympy.sign, sympy.log, sympy.Heaviside, sympy.arg, sympy.re, sympy.im, sympy.gamma)
_AT_ONE = (sympy.asin, sympy.acos, sympy.atanh, sympy.acosh, sympy.asec, sympy.acsc, sympy.acoth, sympy.asech)
_STEPS = (sympy.floor, sympy.ceiling)
_EDGES: tuple[tuple[Any, tuple[Expr, ...]], ...] = (  # what an argument is greater by than an edge
    (_AT_ZERO, (Integer(0),)),
    (_AT_ONE, (Integer(-1), Integer(1))),
    (_STEPS, (Integer(0), Integer(-1))),
    (sympy.LambertW, (Integer(0), Rational(36788, 100000))),  # 0, and just below and above -1/e
)


def critical_points(parts: Sequence[Expr], given: Sequence[Any], bases: int = 2) -> Iterator[Point]:
    """The points, inside the assumptions and what is given, each once; at most MOST_POINTS of them."""
    symbols = sorted(set().union(*(e.free_symbols for e in (*parts, *given))), key=sympy.default_sort_key)
    found = _tried(parts, given, symbols, list(islice(points(symbols, given=given), bases)))
    seen: set[Any] = set()
    for point in islice((p for p in found if inside(p) and satisfied(given, p)), 4 * MOST_POINTS):
        key = frozenset(point.values.items())
        if key not in seen and len(seen) < MOST_POINTS:
            seen.add(key)
            yield point


def _tried(
    parts: Sequence[Expr], given: Sequence[Any], symbols: Sequence[Symbol], bases: Sequence[Point]
) -> Iterator[Point]:
    edges = list(islice(dict.fromkeys(_edges(parts, given)), MOST_EDGES))
    named = sorted({n for e in parts for n in (*e.atoms(Rational), *_numbers(e))} - set(_PLAIN), key=abs)[:MOST_EDGES]
    lines = [_along(s, base, edges, named, given) for base in bases for s in symbols]
    for together in zip_longest(*lines, _corners(symbols)):  # a few of each, whatever comes later
        yield from (point for point in together if point is not None)


def _numbers(e: Expr) -> Iterator[Rational]:
    """Rationals close to the irrational constants in an expression, such as exp(100)."""
    if not e.free_symbols:
        value = value_at(e, Point({}))
        if not e.is_Rational and isfinite(value):
            yield Rational(*value.as_integer_ratio())
        return
    for a in e.args:
        if isinstance(a, Expr):
            yield from _numbers(a)


def _along(
    s: Symbol, base: Point, edges: Sequence[Expr], named: Sequence[Rational], given: Sequence[Any]
) -> Iterator[Point]:
    """Points that differ from the base in one symbol."""
    others = {other: value for other, value in base.values.items() if other != s}
    sections = [e.xreplace(others) for e in edges if s in e.free_symbols]
    ends = [*named, *(-n for n in named), *_each(_zeros, sections, s)]
    turns = _each(_turns, sections, s)
    equal = [sign * v for v in others.values() for sign in (1, -1)]
    values: Iterable[Expr] = [*turns[:MOST_EDGES], *_around(ends), *_PLAIN, *equal, *_far(s)]
    if s.is_integer:
        values = _whole(values)
    for value in islice(dict.fromkeys(values), MOST_VALUES):
        yield _with_value(s, value, others, given)


def _each(places: Callable[[Expr, Symbol], list[Expr]], sections: list[Expr], s: Symbol) -> list[Expr]:
    return [place for section in sections for place in places(section, s)]


def _whole(values: Iterable[Expr]) -> Iterator[Expr]:
    """The whole numbers beside each value: two on either side, so that even and odd ones are among them."""
    for value in values:
        if value.is_real:
            yield from (sympy.floor(value) + step for step in (0, 1, 2, -1))


def _with_value(s: Symbol, value: Expr, others: Mapping[Symbol, Expr], given: Sequence[Any]) -> Point:
    """A point at which s has the value: with the others as they are, or drawn anew where that breaks what is given."""
    point = Point({**others, s: value})
    if not given or not others or not satisfies(value, s) or satisfied(given, point):
        return point
    rest = [r.xreplace({s: value}) for r in given]
    open_ones = [r for r in rest if r is not sympy.true]
    drawn = None if sympy.false in rest else next(points(list(others), given=open_ones), None)
    return point if drawn is None else Point({**drawn.values, s: value})


def _far(s: Symbol) -> Iterator[Expr]:
    signs = (1,) if s.is_extended_nonnegative else (-1,) if s.is_extended_nonpositive else (1, -1)
    yield from (sign * value for value in _FAR for sign in signs)
    if not s.is_extended_real:
        yield from (sympy.I * sign * value for value in (1, 10**6, Rational(1, 10**6)) for sign in (1, -1))


def _around(ends: Iterable[Expr]) -> Iterator[Expr]:
    """The ends, what lies beyond and between them, and what lies just beside each."""
    known = sorted({e for e in ends if e.is_Rational})
    yield from known
    if known:
        yield from (known[0] - 1 - abs(known[0]), known[-1] + 1 + abs(known[-1]))
    yield from ((one + other) / 2 for one, other in pairwise(known))
    for near in _BESIDE:
        yield from (e + sign * near * max(abs(e), 1) for e in known for sign in (1, -1))


def _corners(symbols: Sequence[Symbol]) -> Iterator[Point]:
    """All symbols alike, and combinations of a few values."""
    for value in (*_PLAIN, *_FAR[:2]):
        yield Point(dict.fromkeys(symbols, value))
    if len(symbols) > 1:
        for values in islice(product(_CORNERS, repeat=len(symbols)), MOST_POINTS):
            yield Point(dict(zip(symbols, values, strict=True)))


# --- where functions change their form ----------------------------------------------------------------------


def _edges(parts: Sequence[Expr], given: Sequence[Any]) -> Iterator[Expr]:
    """Expressions at whose zeros a part changes its form."""
    for relation in given:
        if isinstance(relation, Relational):
            yield difference(relation)
    for part in parts:
        for e in sympy.preorder_traversal(part):
            if e.args and e.free_symbols:
                yield from _edges_of(e)


def _edges_of(e: Any) -> Iterator[Expr]:
    if isinstance(e, Relational):
        yield e.lhs - e.rhs
    elif isinstance(e, sympy.Max | sympy.Min):
        yield from (one - other for one, other in combinations(e.args, 2))
    elif e.is_Pow and not (e.exp.is_Integer and e.exp > 0):
        yield e.base
    for kinds, offsets in _EDGES:
        if isinstance(e, kinds):
            yield from (e.args[0] + offset for offset in offsets)


def least_points(
    e: Expr, given: Sequence[Any], letters: Iterable[Symbol] = (), bases: int = 2, ends: bool = False
) -> Iterator[Point]:
    """Points at which an expression is least along each symbol in turn, from random ones on.

    letters: what has a value at the points besides the symbols of e.
    ends: also just inside the ends between which a symbol may lie, which an expression that only falls comes near to.
    """
    symbols = sorted(e.free_symbols, key=sympy.default_sort_key)
    forms = linear(given) if ends else None
    others = sorted(set(letters) - set(symbols), key=sympy.default_sort_key)
    for point in islice(points([*symbols, *others], given=given), bases):
        for _ in range(DESCENTS if len(symbols) > 1 else 1):
            before = value_at(e, point)
            point = reduce(lambda p, s: _least_along(e, s, p, given, forms), symbols, point)
            if before - value_at(e, point) < abs(before) / 2**DESCENT_ENDS:
                break
        yield point


def _least_along(e: Expr, s: Symbol, point: Point, given: Sequence[Any], forms: Sequence[Linear] | None) -> Point:
    others = {other: value for other, value in point.values.items() if other != s}
    values = _turns(e.xreplace(others), s)
    if forms is not None:
        values = [*values, *_near_ends(s, others, forms)]
    whole = [sympy.floor(v) + step for v in values for step in (0, 1)] if s.is_integer else values
    tried = (Point({**others, s: v}) for v in whole)
    return min([point, *(p for p in tried if inside(p) and satisfied(given, p))], key=lambda p: value_at(e, p))


def _near_ends(s: Symbol, others: Mapping[Symbol, Expr], forms: Sequence[Linear]) -> list[Expr]:
    """Values just inside the ends that the sign of a symbol and the forms leave, and far out where there is none."""
    low, high = box([s, *others], forms, others)[s]
    sides = ((low, high, 1), (high, low, -1))
    return [value for end, other, sign in sides for value in _towards(end, other, sign)]


def _towards(end: Rational | None, other: Rational | None, inwards: int) -> list[Expr]:
    if end is None:
        return [-inwards * far for far in _FAR[:2]]
    room = 1 if other is None else abs(other - end)
    return [end + inwards * near * room for near in _BESIDE]


def _turns(e: Expr, s: Symbol) -> list[Expr]:
    """Rationals close to each other, between which an expression has its least or greatest value."""
    slope = e.xreplace({s: s + _STEP}) - e.xreplace({s: s - _STEP})
    return _sign_changes(slope, s) if s in slope.free_symbols else []


def value_at(e: Expr, point: Point) -> float:
    """Close to the value; infinite where there is no real one."""
    try:
        ball = enclose(e, point, 256)
    except (NotEvaluable, OnBranchCut):
        return inf
    return float(ball.real.mid()) if ball.is_finite() and ball.imag.contains(0) else inf


def _zeros(e: Expr, s: Symbol) -> list[Expr]:
    """Rational zeros of an expression in one symbol, and rationals on both sides of the real ones."""
    numerator = sympy.fraction(sympy.together(e))[0]
    polynomial = numerator.as_poly(s) if numerator.is_polynomial(s) else None
    if polynomial is None or polynomial.degree() > LARGEST_DEGREE:
        return _sign_changes(e, s)
    if not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return _sign_changes(e, s)
    ends = [end for interval, _ in polynomial.intervals(eps=Rational(1, 10**9)) for end in interval]
    return [*polynomial.ground_roots(), *(Rational(end) for end in ends)]


def _sign_changes(e: Expr, s: Symbol) -> list[Expr]:
    """Rationals close to each other, between which the expression changes its sign."""
    sizes = (*_FAR[:5], *_PLAIN, Integer(5), Integer(10), Integer(10) ** 40)
    grid = sorted({sign * v for v in sizes for sign in (1, -1)})
    known = [(x, sign) for x in grid if (sign := _sign_at(e, s, x)) is not None]
    found: list[Expr] = []
    for (low, one), (high, other) in pairwise(known):
        if one != other:
            found += _halved(e, s, low, high, one)
    return found


def _halved(e: Expr, s: Symbol, low: Expr, high: Expr, sign: int) -> tuple[Expr, Expr]:
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        here = _sign_at(e, s, middle)
        if here is None:
            break
        low, high = (middle, high) if here == sign else (low, middle)
    return low, high


def _sign_at(e: Expr, s: Symbol, x: Expr) -> int | None:
    try:
        ball = enclose(e, Point({s: x}), 128)
    except (NotEvaluable, OnBranchCut):
        return None
    if not ball.is_finite() or not ball.imag.contains(0):
        return None
    return 1 if ball.real > 0 else -1 if ball.real < 0 else 0
