"""Statements with joins, branches and assumptions of every kind, and a judge of verdicts that knows nothing of proofs.

A rule gives two sides that agree for some values of its letters; the letters get assumptions at random, so that many
statements are false, some only where a join, a branch cut or a bound of what is given is crossed. The judge evaluates
both sides with mpmath in 60 and 150 digits, at critical and random points, and names every verdict that they belie.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import sympy
from mpmath import mp
from sympy import (
    Abs,
    Derivative,
    Integer,
    LambertW,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Subs,
    Symbol,
    acos,
    asin,
    atan,
    atanh,
    cos,
    exp,
    log,
    pi,
    sign,
    sin,
    sqrt,
)

KINDS: dict[str, dict[str, bool]] = {
    **{kind: {kind: True} for kind in ("real", "positive", "negative", "nonnegative", "integer", "even", "odd")},
    "nonzero": {"real": True, "nonzero": True},
    "complex": {},
    "imaginary": {"imaginary": True},
    "hermitian": {"hermitian": True},
}
_SCALAR = [kind for kind in KINDS if kind != "hermitian"]
_LINES = ("real", "positive", "negative", "nonnegative")
DIGITS = (60, 150)
_FAR = [Fraction(10**8), Fraction(1, 10**8), Fraction(2500), Fraction(1001), Fraction(999)]
_NEAR = [Fraction(n, d) for n, d in ((0, 1), (1, 1), (2, 1), (3, 1), (1, 2), (1, 3), (7, 5), (22, 7), (12, 1))]

Value = Any  # an mpmath number
Coordinate = tuple[Fraction, Fraction]  # real and imaginary part


@dataclass(frozen=True)
class Statement:
    """lhs (relation) rhs under given, and the family of its rule."""

    lhs: Any
    rhs: Any
    relation: str
    given: tuple[Any, ...]
    family: str


class Undefined(Exception):
    """A side has no value at a point."""


# --- statements ---------------------------------------------------------------------------------------------


class _Letters:
    """Letters of one statement, each of a kind drawn at random."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.free = iter("abcdefg")

    def any(self, *kinds: str) -> Symbol:
        return Symbol(next(self.free), **KINDS[self.source.choice(kinds or _SCALAR)])

    def number(self) -> Rational:
        return Rational(self.source.choice((1, 2, 3, 5, 1000, 50)), self.source.choice((1, 1, 2, 3)))


def _branches(m: _Letters) -> tuple[Any, Any]:
    a, b = m.any(), m.any()
    return m.source.choice(
        [
            (sqrt(a**2), a), (sqrt(a**2), -a), (sqrt(a * b), sqrt(a) * sqrt(b)), (log(a * b), log(a) + log(b)),
            (log(exp(a), evaluate=False), a), (log(a**2), 2 * log(a)), (log(a / b), log(a) - log(b)),
            ((a**3) ** Rational(1, 3), a), (sqrt(1 / a), 1 / sqrt(a)), (exp(log(a) / 2), sqrt(a)),
            (sqrt(a**2 * b), a * sqrt(b)), ((a * b) ** Rational(1, 3), a ** Rational(1, 3) * b ** Rational(1, 3)),
            (sqrt(1 - a**2), sqrt(1 - a) * sqrt(1 + a)), (sqrt(a**2 - 1), sqrt(a - 1) * sqrt(a + 1)),
        ]
    )  # fmt: skip


def _arcs(m: _Letters) -> tuple[Any, Any]:
    a = m.any()
    return m.source.choice(
        [
            (asin(sin(a), evaluate=False), a), (atan(a) + atan(1 / a), pi / 2), (asin(a), atan(a / sqrt(1 - a**2))),
            (acos(a), pi / 2 - asin(a)), (atanh(a), (log(1 + a) - log(1 - a)) / 2), (atan(sin(a) / cos(a)), a),
            (acos(a), 2 * asin(sqrt((1 - a) / 2))), (sin(2 * asin(a)), 2 * a * sqrt(1 - a**2)),
            (atan(a), asin(a / sqrt(1 + a**2))), (cos(asin(a)), sqrt(1 - a**2)), (acos(-a), pi - acos(a)),
        ]
    )  # fmt: skip


def _joins(m: _Letters) -> tuple[Any, Any]:
    a, b, c = m.any(), m.any(*_LINES), m.number()
    x = m.any(*_LINES, "integer")
    return m.source.choice(
        [
            (Abs(a - c), c - a), (Abs(a) * sign(a), a), (Abs(a * b), Abs(a) * Abs(b)), (Abs(a) ** 2, a**2),
            (Max(x, b), (x + b + Abs(x - b)) / 2), (Max(x, c), c), (Min(x, b), b), (Max(x, 0) - Min(x, 0), Abs(x)),
            (Piecewise((x, x > c), (2 * c - x, True)), Abs(x - c) + c), (Abs(x - c) + x, c), (sign(x) ** 2, 1),
            (Piecewise((1, x > c), (0, True)), 0), (Abs(x**2 - c**2), c**2 - x**2), (Abs(log(b) - 9), 9 - log(b)),
            (Abs(exp(x) - 5), 5 - exp(x)), (Abs(x - b + c), x - b + c), (sqrt((x - c) ** 2), c - x),
        ]
    )  # fmt: skip


def _lambert(m: _Letters) -> tuple[Any, Any]:
    a = m.any()
    k = m.source.choice((-1, 0, 0, 1))
    w = LambertW(a, k)
    return m.source.choice(
        [
            (w * exp(w), a), (LambertW(a * exp(a), k), a), (LambertW(a, 1), LambertW(a, -1)), (exp(-w), w / a),
            (LambertW(-(1 + a) * exp(-1 - a), k), -1 - a), (LambertW(a), LambertW(a, -1)), (log(a / w), w),
        ]
    )  # fmt: skip


def _whole(m: _Letters) -> tuple[Any, Any]:
    a, n = m.any(), m.any("integer", "even", "odd", "real")
    return m.source.choice(
        [
            (cos(pi * n), (-1) ** n), (cos(pi * n), 1), (sin(pi * n), 0), ((-1) ** n, -1), ((a**2) ** n, a ** (2 * n)),
            (exp(sympy.I * pi * n), cos(pi * n)), ((-a) ** n, a**n), ((a**n) ** 2, a ** (2 * n)),
        ]
    )  # fmt: skip


def _derivatives(m: _Letters) -> tuple[Any, Any]:
    x, c = m.any(*_LINES), m.source.choice((Integer(0), Integer(1), m.number()))
    pieces = Piecewise((0, sympy.Eq(x, c)), (x, True))
    joined = Piecewise((x, x < c), (2 * x - c, True))
    slope: Callable[[Any], Any] = lambda f: Derivative(f, x)  # noqa: E731
    at: Callable[[Any], Any] = lambda f: Subs(Derivative(f, x), x, c)  # noqa: E731
    return m.source.choice(
        [
            (slope(Abs(x - c)), sign(x - c)), (slope(Abs(x - c)) ** 2, 1), (slope(sign(x - c)), 0),
            (slope(Max(x, c)), (1 + sign(x - c)) / 2), (slope(Abs(x - c)), 1), (slope(log(Abs(x))), 1 / x),
            (slope(joined), 1), (slope(joined), 2), (at(joined), Rational(3, 2)), (at(Max(x, c)), Rational(1, 2)),
            (at(pieces), 0), (at(pieces), 1), (slope(pieces), 1), (at(Abs(x - c) * (x - c)), 0), (at(Abs(x)), 1),
            (slope(sqrt((x - c) ** 2)), 1), (slope(LambertW(x)), LambertW(x) / (x * (1 + LambertW(x)))),
            (slope(asin(x / c) if c else asin(x)), 1 / sqrt((c or 1) ** 2 - x**2)), (slope(Max(x, c)), 0),
            (slope(Min(x, c) * x), 2 * x), (slope(exp(Abs(x))), exp(Abs(x)) * sign(x)),
        ]
    )  # fmt: skip


def _unknown(m: _Letters) -> tuple[Any, Any]:
    a = m.any("hermitian", "hermitian", "complex", "real", "imaginary")
    return m.source.choice([(sympy.conjugate(a), a), (sympy.re(a), a), (sympy.im(a), 0), (Abs(a) ** 2, a**2)])


def _small(m: _Letters) -> tuple[Any, Any]:
    a = m.any(*_LINES)
    tiny = Rational(1, 10 ** m.source.choice((20, 40)))
    return m.source.choice(
        [(exp(tiny * a), 1), (a + tiny, a), (tiny * (Abs(a - 1000) + a - 1000), 0), (sqrt(a**2 + tiny), Abs(a))]
    )


_EQUATIONS: dict[str, Callable[[_Letters], tuple[Any, Any]]] = {
    "branches": _branches,
    "arcs": _arcs,
    "joins": _joins,
    "lambert": _lambert,
    "whole": _whole,
    "derivatives": _derivatives,
    "unknown": _unknown,
    "small": _small,
}


def _inequality(m: _Letters) -> tuple[Any, Any, str]:
    a, b = m.any(*_LINES, "integer"), m.any(*_LINES)
    return m.source.choice(
        [
            (a**2, 0, ">="), (a**2, 0, ">"), (exp(a), 1 + a, ">="), (Abs(a), a, ">="), (log(b), b - 1, "<="),
            (a, b, "<"), (a, b, "<="),
            (a, b, "!="), (exp(a), 0, "!="), (a**2 + b**2, 2 * a * b, ">="), (a**2 + 1, 0, "!="), (a, 1000, "<"),
            (sqrt(a * b), (a + b) / 2, "<="), (atan(a), a, "<="), (Max(a, b), b, ">="), (a * b, 1, "<"),
            (a**2, 2 * a, ">="), (1 / b, 0, ">"), (a + 1 / a, 2, ">="), (2 * a, 7, "!="), (a * (1 - a), 0, ">="),
        ]
    )  # fmt: skip


def _conditional(m: _Letters) -> tuple[Any, Any, str, list[Any]]:
    a, b, c = m.any(*_LINES), m.any(*_LINES), m.number()
    given: list[list[Any]] = [[a < b], [a <= b], [a > 0, a < 1], [a > c], [Ne(a, b)], [a > -1, a < c], [a < c, b > a]]
    left, right, relation = m.source.choice(
        [
            (Abs(a - b), b - a, "="), (a, b, "<"), (a, b, "<="), (a, b, "!="), (1 - a, 0, ">"), (a, c, ">"),
            (sqrt((a - b) ** 2), b - a, "="), (log(1 - a**2), log(1 - a) + log(1 + a), "="), (a**2, 1, "<"),
            (asin(a), atan(a / sqrt(1 - a**2)), "="), (Abs(a - c), a - c, "="), (a * (1 - a), 0, ">="),
            (Max(a, b), b, "="), (1 / (a - b), 0, "!="), (sqrt(a**2), a, "="), (a**2, b**2, "<"),
        ]
    )  # fmt: skip
    return left, right, relation, m.source.choice(given)


def statements(count: int, seed: int | str) -> Iterator[Statement]:
    """So many statements, always the same for the same seed."""
    source = random.Random(seed)
    while count:
        drawn = _drawn(source)
        if drawn.lhs.free_symbols | drawn.rhs.free_symbols and drawn.lhs != drawn.rhs:
            count -= 1
            yield drawn


def _drawn(source: random.Random) -> Statement:
    letters, kind = _Letters(source), source.random()
    if kind < 0.15:
        left, right, relation = _inequality(letters)
        return Statement(sympy.sympify(left), sympy.sympify(right), relation, (), "inequality")
    if kind < 0.3:
        left, right, relation, given = _conditional(letters)
        bound = [r for r in given if r is not sympy.true]
        said = left.free_symbols | right.free_symbols if hasattr(right, "free_symbols") else left.free_symbols
        kept = tuple(r for r in bound if r is sympy.false or r.free_symbols & said)
        return Statement(sympy.sympify(left), sympy.sympify(right), relation, kept, "given")
    family = source.choice(list(_EQUATIONS))
    left, right = (sympy.sympify(side) for side in _EQUATIONS[family](letters))
    return Statement(*_dressed(left, right, source), "=", (), family)


def _dressed(left: Any, right: Any, source: random.Random) -> tuple[Any, Any]:
    """Both sides with the same thing done to them, or one of them a little spoiled."""
    t = source.choice(sorted(left.free_symbols | right.free_symbols, key=str) or [Integer(1)])
    how = source.random()
    if how < 0.5:
        return left, right
    if how < 0.6:
        return left + Rational(1, 10 ** source.choice((3, 12))), right
    both = [(left * t, right * t), (left + t**2, right + t**2), (exp(left), exp(right))]
    return source.choice([*both, (right, left), (left - right, Integer(0))])


# --- points -------------------------------------------------------------------------------------------------


def judged_points(statement: Statement, source: random.Random, most: int) -> Iterator[dict[Symbol, Coordinate]]:
    """Points inside the assumptions and what is given: simple, critical, far and random ones."""
    symbols = sorted(_symbols(statement), key=str)
    named = {abs(Fraction(int(n.p), int(n.q))) for n in _numbers(statement)}
    beside = [n + d for n in named for d in (0, Fraction(1, 10**6), -Fraction(1, 10**6), 1, n)]
    pool = [*_NEAR, *beside, *_FAR]
    for _ in range(12 * most):
        alike = source.random() < 0.15
        shared = _coordinate(pool, source, "real")
        point = {s: shared if alike else _coordinate(pool, source, kind_of(s)) for s in symbols}
        if all(allowed(value, s) for s, value in point.items()) and _given_holds(statement, point):
            most -= 1
            yield point
        if not most:
            return


def _symbols(statement: Statement) -> set[Symbol]:
    parts = (statement.lhs, statement.rhs, *statement.given)
    return {s for part in parts for s in part.free_symbols}


def _numbers(statement: Statement) -> set[Rational]:
    return {n for part in (statement.lhs, statement.rhs, *statement.given) for n in part.atoms(Rational)}


def kind_of(symbol: Symbol) -> str:
    """The kind that the generator gave a letter."""
    return next(k for k, given in KINDS.items() if Symbol(symbol.name, **given) == symbol)


def _coordinate(pool: list[Fraction], source: random.Random, kind: str) -> Coordinate:
    value = source.choice(pool) if source.random() < 0.7 else Fraction(source.randint(1, 60), source.randint(1, 12))
    value *= source.choice((1, -1))
    if kind in ("integer", "even", "odd"):
        value = Fraction(round(value))
    if kind in ("positive", "nonnegative"):
        value = abs(value)
    if kind == "negative":
        value = -abs(value)
    if kind == "imaginary":
        return Fraction(0), value
    if kind == "complex" and source.random() < 0.5:
        return value, Fraction(source.randint(-9, 9), source.randint(1, 4))
    return value, Fraction(0)


def allowed(value: Coordinate, symbol: Symbol) -> bool:
    """Whether a value satisfies what is assumed of a letter, by the meaning of the words."""
    x, y = value
    whole = y == 0 and x.denominator == 1
    return {
        "complex": True,
        "imaginary": x == 0 and y != 0,
        "real": y == 0,
        "hermitian": y == 0,
        "positive": y == 0 and x > 0,
        "negative": y == 0 and x < 0,
        "nonnegative": y == 0 and x >= 0,
        "nonzero": y == 0 and x != 0,
        "integer": whole,
        "even": whole and x % 2 == 0,
        "odd": whole and x % 2 == 1,
    }[kind_of(symbol)]


def _given_holds(statement: Statement, point: Mapping[Symbol, Coordinate]) -> bool:
    if sympy.false in statement.given:
        return False
    try:
        with mp.workdps(DIGITS[0]):
            return all(_truth(r, _numbers_at(point)) for r in statement.given)
    except Undefined:
        return False


# --- values -------------------------------------------------------------------------------------------------


def _numbers_at(point: Mapping[Symbol, Coordinate]) -> dict[Symbol, Value]:
    return {s: _number(x) if y == 0 else mp.mpc(_number(x), _number(y)) for s, (x, y) in point.items()}


def _number(x: Fraction) -> Value:
    return mp.mpf(x.numerator) / x.denominator


def value(e: Any, at: Mapping[Symbol, Value]) -> Value:
    """The value of an expression in the digits that mpmath is set to; raises Undefined where it has none."""
    if e.is_Symbol:
        return at[e]
    if e.is_Rational:
        return mp.mpf(int(e.p)) / int(e.q)
    if e in _CONSTANTS:
        return +_CONSTANTS[e]
    if isinstance(e, Piecewise):
        for branch, condition in e.args:
            if condition is sympy.true or _truth(condition, at):
                return value(branch, at)
        raise Undefined(e)
    if isinstance(e, Derivative | Subs):
        return _slope(e, at)
    arguments = [value(a, at) for a in e.args]
    try:
        found = _FUNCTIONS[type(e).__name__](*arguments)
    except (ZeroDivisionError, ValueError, OverflowError) as reason:
        raise Undefined(e) from reason
    if not mpmath.isfinite(found):
        raise Undefined(e)
    return found


def _truth(condition: Any, at: Mapping[Symbol, Value]) -> bool:
    left, right = (_real(value(side, at)) for side in condition.args)
    near = abs(left - right) < mp.mpf(10) ** (12 - mp.dps) * (1 + abs(left))
    return bool({
        "==": near, "!=": not near, "<": left < right and not near, ">": left > right and not near,
        "<=": left < right or near, ">=": left > right or near,
    }[condition.rel_op])  # fmt: skip


def _real(z: Value) -> Value:
    if mp.im(z) != 0:
        raise Undefined(z)
    return mp.re(z)


def _slope(e: Any, at: Mapping[Symbol, Value]) -> Value:
    """A derivative by differences on both sides; undefined where those differ."""
    derivative, inside = (e.expr, dict(at)) if isinstance(e, Subs) else (e, dict(at))
    (x,) = derivative.variables
    if isinstance(e, Subs):
        inside[e.variables[0]] = value(e.point[0], at)
    h = mp.mpf(10) ** (-mp.dps // 3)
    here, before, after = (value(derivative.expr, {**inside, x: inside[x] + step}) for step in (0, -h, h))
    left, right = (here - before) / h, (after - here) / h
    if abs(left - right) > mp.mpf(10) ** (-mp.dps // 6) * (1 + abs(left)):
        raise Undefined(e)
    return (after - before) / (2 * h)


def _power(base: Value, exponent: Value) -> Value:
    if base == 0:
        if mp.re(exponent) <= 0:
            raise Undefined(base)
        return mp.mpf(0)
    if abs(exponent) * abs(mp.log(abs(base))) > 10**7:
        raise Undefined(base)
    return mp.power(base, exponent)


def _exp(z: Value) -> Value:
    if abs(z) > 10**7:
        raise Undefined(z)
    return mp.exp(z)


def _log(z: Value) -> Value:
    if z == 0:
        raise Undefined(z)
    return mp.log(z)


def _lambertw(z: Value, k: Value = 0) -> Value:
    if k != 0 and z == 0:
        raise Undefined(z)
    return mp.lambertw(z, int(mp.re(k)))


_CONSTANTS = {sympy.pi: mp.pi, sympy.E: mp.e, sympy.I: mp.mpc(0, 1)}
_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "Add": lambda *a: mp.fsum(a), "Mul": lambda *a: mp.fprod(a), "Pow": _power, "exp": _exp, "log": _log,
    "Abs": mp.fabs, "sign": mp.sign, "Max": lambda *a: max(map(_real, a)),
    "Min": lambda *a: min(map(_real, a)), "sin": mp.sin, "cos": mp.cos, "asin": mp.asin, "acos": mp.acos,
    "atan": mp.atan, "atanh": mp.atanh, "LambertW": _lambertw, "conjugate": mp.conj, "re": mp.re, "im": mp.im,
    "tan": mp.tan, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh,
}  # fmt: skip


# --- the judge ----------------------------------------------------------------------------------------------


def fails(statement: Statement, point: Mapping[Symbol, Coordinate]) -> bool | None:
    """Whether the statement is clearly false at a point; None where a side is undefined or the digits do not tell."""
    seen = [_sides_in(statement, point, digits) for digits in DIGITS]
    if None in seen:
        return None
    rough = statement.lhs.has(Derivative, Subs) or statement.rhs.has(Derivative, Subs)
    (one, size, few), (other, _, many) = seen  # type: ignore[misc]
    small, finer = (mp.mpf(10) ** (-15 if rough else 10 - digits) * size for digits in (few, many))
    if abs(other) > finer and abs(one - other) > abs(other) / 100:  # what is left after the sides cancel
        return None
    return _false(statement.relation, other, finer if abs(other) > finer else small)


def _sides_in(statement: Statement, point: Mapping[Symbol, Coordinate], digits: int) -> tuple[Value, Value, int] | None:
    """The difference of the sides, and their size."""
    with mp.workdps(digits + 10):
        at = _numbers_at(point)
        try:
            left, right = value(statement.lhs, at), value(statement.rhs, at)
        except (Undefined, mpmath.libmp.NoConvergence):
            return None
        return left - right, 1 + abs(left) + abs(right), digits


def _false(relation: str, difference: Value, small: Value) -> bool:
    if relation == "=":
        return bool(abs(difference) > small)
    if relation == "!=":
        return bool(abs(difference) < small)
    if abs(mp.im(difference)) > small:
        return True
    real = mp.re(difference) if relation in (">", ">=") else -mp.re(difference)
    return bool(real < -small) if relation in (">=", "<=") else bool(real < small)


def complaint(statement: Statement, status: str, witness: Mapping[str, Any] | None, source: random.Random) -> str:
    """What is wrong with a verdict, or nothing: a point that belies a proof or support, or a witness that is none."""
    if status in ("proved", "supported"):
        for point in judged_points(statement, source, 24):
            strict = statement.relation in (">", "<", "!=")
            if fails(statement, point) and not (strict and _merely_close(statement, point)):
                return f"{status}, and false at {told(point)}"
    if status == "refuted" and witness is not None:
        return _complaint_of_witness(statement, witness)
    return ""


def _merely_close(statement: Statement, point: Mapping[Symbol, Coordinate]) -> bool:
    """Whether the sides agree to all digits but are not simple numbers, so that a strict relation may well hold."""
    return max(abs(x) for value in point.values() for x in value) > 100


def _complaint_of_witness(statement: Statement, witness: Mapping[str, Any]) -> str:
    point = {s: coordinate(witness["point"][str(s)]) for s in _symbols(statement) if str(s) in witness["point"]}
    if not all(allowed(value, s) for s, value in point.items()):
        return f"refuted at {told(point)}, which is outside the assumptions"
    if len(point) < len(_symbols(statement)):  # the others do not matter
        whole = ({**p, **point} for p in judged_points(statement, random.Random(0), 24))
        return "" if any(fails(statement, p) for p in whole) else f"refuted at {told(point)}, where it does not fail"
    if not _given_holds(statement, point):
        return f"refuted at {told(point)}, where what is given does not hold"
    seen = fails(statement, point)
    return "" if seen or (seen is None and _extreme(point)) else f"refuted at {told(point)}, where it does not fail"


def _extreme(point: Mapping[Symbol, Coordinate]) -> bool:
    """Whether the values are so large or so small that 150 digits may not tell."""
    return any(x and not Fraction(1, 10**5) < abs(x) < 10**5 for value in point.values() for x in value)


def told(point: Mapping[Symbol, Coordinate]) -> str:
    return ", ".join(f"{s} = {x}" + (f" + {y}i" if y else "") for s, (x, y) in point.items())


_TERM = re.compile(r"([+-]?)\s*(\d+)?\s*(\*?I)?\s*(?:/(\d+))?")


def coordinate(text: str) -> Coordinate:
    """A Gaussian rational as SymPy writes it: -3/4, 2*I/3, 1/2 - I."""
    parts = [Fraction(0), Fraction(0)]
    for sign_, above, unit, below in _TERM.findall(text.replace(" ", "")):
        if above or unit:
            number = Fraction(int(above or 1), int(below or 1))
            parts[bool(unit)] += -number if sign_ == "-" else number
    return parts[0], parts[1]


def families() -> list[str]:
    return [*_EQUATIONS, "inequality", "given"]


__all__ = ["KINDS", "Statement", "complaint", "fails", "families", "judged_points", "statements"]
