"""Points at which a statement is most likely to fail: where its functions change their form, and far out.

They are the zeros of the arguments of |·|, logarithms, roots and the like, the ends of what is given, the numbers that
the statement names, and values just beside all of these, between them and beyond; very large and very small values; and
equal or opposite values of two symbols. Random points miss them: |p - 1000| = 1000 - p holds at every p < 1000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice, pairwise, product, zip_longest
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.relational import Relational

from .balls import NotEvaluable, OnBranchCut, Point, enclose, inside, points, satisfied
from .given import difference

MOST_POINTS = 160
MOST_EDGES = 12
MOST_VALUES = 60  # of one symbol beside one base point
LARGEST_DEGREE = 12
HALVINGS = 40
_FAR = tuple(Integer(10) ** k for k in (3, 6, 12)) + tuple(Rational(1, 10**k) for k in (3, 6, 12, 40))
_PLAIN = (Integer(0), Integer(1), Integer(-1), Integer(2), Integer(-2), Rational(1, 2), Rational(-1, 2))
_CORNERS = (*_PLAIN[:3], Integer(10) ** 6, -(Integer(10) ** 6), Rational(1, 10**6))
_BESIDE = (Rational(1, 10**3), Rational(1, 10**12))

_AT_ZERO = (sympy.Abs, sympy.sign, sympy.log, sympy.Heaviside, sympy.arg, sympy.re, sympy.im, sympy.gamma)
_AT_ONE = (sympy.asin, sympy.acos, sympy.atanh, sympy.acosh, sympy.asec, sympy.acsc, sympy.acoth, sympy.asech)
_STEPS = (sympy.floor, sympy.ceiling)


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
    named = sorted({n for e in parts for n in e.atoms(Rational)} - set(_PLAIN), key=abs)[:MOST_EDGES]
    lines = [_along(s, base, edges, named) for base in bases for s in symbols]
    for together in zip_longest(*lines, _corners(symbols)):  # a few of each, whatever comes later
        yield from (point for point in together if point is not None)


def _along(s: Symbol, base: Point, edges: Sequence[Expr], named: Sequence[Rational]) -> Iterator[Point]:
    """Points that differ from the base in one symbol."""
    others = {other: value for other, value in base.values.items() if other != s}
    ends = [*named, *(-n for n in named)]
    for edge in edges:
        if s in edge.free_symbols:
            ends += _zeros(edge.xreplace(others), s)
    equal = [sign * v for v in others.values() for sign in (1, -1)]
    for value in islice(dict.fromkeys([*_around(ends), *_PLAIN, *equal, *_far(s)]), MOST_VALUES):
        yield Point({**others, s: value})


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
    elif isinstance(e, _AT_ZERO):
        yield e.args[0]
    elif isinstance(e, _AT_ONE):
        yield from (e.args[0] - 1, e.args[0] + 1)
    elif isinstance(e, _STEPS):
        yield from (e.args[0], e.args[0] - 1)
    elif isinstance(e, sympy.LambertW):
        yield from (e.args[0], e.args[0] + Rational(36788, 100000))  # just below and above -1/e with what is beside it
    elif isinstance(e, sympy.Max | sympy.Min):
        yield from (one - other for one, other in combinations(e.args, 2))
    elif e.is_Pow and not (e.exp.is_Integer and e.exp > 0):
        yield e.base


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
    grid = sorted({sign * v for v in (*_FAR[:2], *_FAR[3:5], *_PLAIN, Integer(10), Integer(5)) for sign in (1, -1)})
    known = [(x, sign) for x in grid if (sign := _sign_at(e, s, x)) is not None]
    found: list[Expr] = []
    for (low, one), (high, other) in pairwise(known):
        if one * other <= 0:
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
