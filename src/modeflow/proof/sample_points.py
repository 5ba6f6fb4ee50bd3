"""Exact points inside the assumptions of symbols and what is given between them: the same ones in every run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import sympy
from sympy import Expr, Rational, Symbol

from .assumptions import by_name, satisfies
from .enclosures import Point, holds
from .given import Interval, Linear, box, linear

SEED = 20180606  # printed with every report
MOST_DRAWN, NEAR = 180, 60  # points drawn for one that satisfies what is given; the first ones are seldom near 0


def points(symbols: Sequence[Symbol], seed: int = SEED, given: Sequence[Any] = ()) -> Iterator[Point]:
    """A reproducible stream of points that satisfy every symbol's assumptions, and the relations that are given.

    It ends where no such point is found. Early points are simple, so that a witness is easy to check by hand. Every
    fourth point is special: small integers and repeated values, where statements about general position fail.
    """
    return iter(_kept(tuple(symbols), seed, tuple(given)))


@lru_cache(maxsize=64)
def _kept(symbols: Sequence[Symbol], seed: int, given: Sequence[Any]) -> _Kept:
    return _Kept(_new_points(symbols, seed, given))


class _Kept:
    """A stream of which what was drawn is kept: many statements are about the same symbols."""

    def __init__(self, stream: Iterator[Point]) -> None:
        self._stream, self._drawn, self._drawing = stream, list[Point](), Lock()

    def __iter__(self) -> Iterator[Point]:
        for number in itertools.count():
            with self._drawing:
                self._drawn += itertools.islice(self._stream, max(0, number + 1 - len(self._drawn)))
            if number >= len(self._drawn):
                return
            yield self._drawn[number]


def _new_points(symbols: Sequence[Symbol], seed: int, given: Sequence[Any]) -> Iterator[Point]:
    source = random.Random(seed)
    more = {s for relation in given for s in relation.free_symbols} - set(symbols)
    symbols = [*symbols, *by_name(more)]
    forms = linear(given)
    for number in itertools.count():
        tries = (_drawn(symbols, source, number, forms, k >= NEAR) for k in range(MOST_DRAWN if given else 1))
        found = next((d for d in tries if d is not None and satisfied(given, Point(d))), None)
        if found is None:
            return
        yield Point(found)


def _drawn(
    symbols: Sequence[Symbol], source: random.Random, number: int, forms: Sequence[Linear], small: bool
) -> dict[Symbol, Expr] | None:
    """One value after the other, each between the bounds that the earlier ones leave; None where one has none."""
    size, special = min(3 + number, 14), number % 4 == 3 and not small
    drawn: dict[Symbol, Expr] = {}
    for s in symbols:
        bounds = box(symbols, forms, drawn)[s] if forms else (None, None)
        value = _value(s, source, size, special, bounds, small)
        if value is None:
            return None
        drawn[s] = value
    return drawn


def _value(
    symbol: Symbol, source: random.Random, size: int, special: bool, bounds: Interval, small: bool
) -> Expr | None:
    """A value inside the assumptions of one symbol; None where none was found.

    special: whether it is often a small integer. small: whether half of the values are near 0.
    """
    for attempt in range(400):
        simple = special and attempt < 20
        if bounds != (None, None) and not (simple and source.random() < 0.3):
            candidate = _between(symbol, bounds, source, size, simple)
        elif simple:
            candidate = sympy.Integer(source.choice((-1, 0, 0, 1, 1, 2)))
        else:
            candidate = _candidate(symbol, source, size)
            if small and candidate != 0 and source.random() < 0.5:
                candidate = 1 / candidate
        if satisfies(candidate, symbol):
            return candidate
    return None


def _between(symbol: Symbol, bounds: Interval, source: random.Random, size: int, ends: bool) -> Expr:
    """A value between the bounds, often an end of them where that is asked for."""
    low, high = bounds
    known = [end for end in bounds if end is not None]
    if low == high or (ends and source.random() < 0.5):
        return source.choice(known)
    if low is None or high is None:
        value = known[0] + (1 if high is None else -1) * _distance(symbol, source, size)
    else:
        value = low + (high - low) * Rational(source.randint(1, 3 * size), 3 * size + 1)
    return sympy.floor(value) if symbol.is_integer else value


def _distance(symbol: Symbol, source: random.Random, size: int) -> Expr:
    if symbol.is_integer:
        return sympy.Integer(source.randint(0, size))
    return Rational(source.randint(1, 3 * size), size)


def satisfied(given: Sequence[Any], point: Point) -> bool:
    """Whether every relation is known to hold at a point."""
    return all(holds(relation, point) for relation in given)


def _candidate(symbol: Symbol, source: random.Random, size: int) -> Expr:
    if symbol.is_integer:
        return sympy.Integer(source.randint(-size, size))
    fraction = Rational(source.randint(1, 3 * size), source.randint(1, size))
    signed = fraction if source.random() < 0.5 else -fraction
    if symbol.is_extended_real:
        return fraction if symbol.is_extended_nonnegative else signed
    if symbol.is_imaginary:
        return sympy.I * signed
    # An unrestricted symbol is complex: a third of the points are real, of either sign.
    real = Rational(source.randint(-3 * size, 3 * size), source.randint(1, size))
    return real if source.random() < 0.3 else real + sympy.I * signed


def inside(point: Point) -> bool:
    """Whether every value of a point satisfies the assumptions of its symbol."""
    return all(satisfies(value, symbol) for symbol, value in point.values.items())
