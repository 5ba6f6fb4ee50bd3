"""Statements that are almost true, each with an exact point at which they are false; and the true ones they spoil.

An identity is drawn from a grammar: a rule (polynomial, rational, trigonometric, hyperbolic, exponential, with roots),
filled with random arguments, joined with others. One part of it is then changed, and a rational point is looked for at
which 50 and 100 digits of mpmath agree that the two sides differ. Nothing here knows how anything is proved.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import sympy

# A formula is a function of a Language: what the letters are, and what exp and the rest mean, in SymPy or in mpmath.
Formula = Callable[["Language"], Any]
Rule = Callable[[random.Random], tuple[Formula, Formula]]

LETTERS = {name: sympy.Symbol(name, positive=True) for name in "xyz"}


@dataclass(frozen=True)
class Language:
    """The functions of a module, and values for the letters."""

    module: Any
    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.module, name)
        return function if self.module is sympy else _moderate(function)

    def letter(self, name: str) -> Any:
        return self.values[name]

    def number(self, value: Fraction) -> Any:
        one = sympy.Integer(1) if self.module is sympy else mpmath.mpf(1)
        return one * value.numerator / value.denominator


def _moderate(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, refusing values so large that 50 digits would not show what is left after they cancel."""

    def value(argument: Any) -> Any:
        found = function(argument)
        if abs(found) > 10**10:
            raise OverflowError(f"{found} is too large")
        return found

    return value


@dataclass(frozen=True)
class Statement:
    """lhs = rhs, and the family of its rule; where it is false, the point that shows it and what was changed."""

    lhs: sympy.Expr
    rhs: sympy.Expr
    family: str
    change: str = ""
    point: dict[str, Fraction] | None = None


def near_misses(how_many: int, seed: int) -> Iterator[Statement]:
    """False statements, the same ones for the same seed."""
    source = random.Random(f"near misses {seed}")
    while how_many:
        family, left, right = _identity(source)
        change, left, right = _spoiled(left, right, source)
        point = _witness(left, right, source)
        if point is not None:
            how_many -= 1
            yield Statement(_written(left), _written(right), family, change, point)


def identities(how_many: int, seed: int) -> Iterator[Statement]:
    """True statements from the same grammar."""
    source = random.Random(f"identities {seed}")
    for _ in range(how_many):
        family, left, right = _identity(source)
        yield Statement(_written(left), _written(right), family)


def sides_at(left: Formula, right: Formula, point: dict[str, Fraction], digits: int) -> tuple[Any, Any]:
    """Both sides in mpmath."""
    with mpmath.workdps(digits):
        values = {name: mpmath.mpf(v.numerator) / v.denominator for name, v in point.items()}
        language = Language(mpmath, values)
        return left(language), right(language)


def _written(formula: Formula) -> sympy.Expr:
    return sympy.sympify(formula(Language(sympy, dict(LETTERS))), strict=True)


def _witness(left: Formula, right: Formula, source: random.Random) -> dict[str, Fraction] | None:
    for _ in range(4):
        point = {name: Fraction(source.randint(1, 40), source.randint(1, 12)) / 4 for name in LETTERS}
        if _differ(left, right, point):
            return point
    return None


def _differ(left: Formula, right: Formula, point: dict[str, Fraction]) -> bool:
    """Whether the difference of the sides is far above rounding and the same at 50 and at 100 digits."""
    try:
        few, many = (sides_at(left, right, point, digits) for digits in (50, 100))
    except (ZeroDivisionError, OverflowError):
        return False
    if not all(mpmath.im(side) == 0 and mpmath.isfinite(side) for side in (*few, *many)):
        return False
    coarse, fine = few[0] - few[1], many[0] - many[1]
    size = max(1, *map(abs, many))
    return bool(abs(fine) > size * mpmath.mpf(10) ** -32 and abs(coarse - fine) < abs(fine) / 10**6)


# --- arguments --------------------------------------------------------------------------------------------


def _constant(value: Fraction | int) -> Formula:
    return lambda m: m.number(Fraction(value))


def _positive(source: random.Random) -> Formula:
    """An argument that is positive for positive letters."""
    a, b = (_letter(source) for _ in range(2))
    k = _constant(Fraction(source.randint(1, 5), source.randint(1, 4)))
    ways: list[Formula] = [
        a,
        lambda m: k(m) * a(m),
        lambda m: a(m) + k(m),
        lambda m: a(m) + k(m) * b(m),
        lambda m: a(m) * b(m),
        lambda m: a(m) ** 2 + k(m),
        lambda m: a(m) / (k(m) + b(m)),
    ]
    return source.choice(ways)


def _any(source: random.Random) -> Formula:
    """An argument of either sign, small enough for exp."""
    a, b = _letter(source), _positive(source)
    k = _constant(Fraction(source.choice([-3, -2, -1, 1, 2]), source.randint(1, 3)))
    ways: list[Formula] = [b, lambda m: k(m) * a(m), lambda m: a(m) - b(m), lambda m: k(m) + a(m)]
    return source.choice(ways)


def _letter(source: random.Random) -> Formula:
    name = source.choice(sorted(LETTERS))
    return lambda m: m.letter(name)


# --- rules: true identities -------------------------------------------------------------------------------


def _polynomial(source: random.Random) -> tuple[Formula, Formula]:
    a, b = _any(source), _any(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: (a(m) + b(m)) ** 2, lambda m: a(m) ** 2 + 2 * a(m) * b(m) + b(m) ** 2),
        (lambda m: (a(m) + b(m)) * (a(m) - b(m)), lambda m: a(m) ** 2 - b(m) ** 2),
        (lambda m: (a(m) - b(m)) ** 3, lambda m: a(m) ** 3 - 3 * a(m) ** 2 * b(m) + 3 * a(m) * b(m) ** 2 - b(m) ** 3),
        (lambda m: a(m) ** 3 + b(m) ** 3, lambda m: (a(m) + b(m)) * (a(m) ** 2 - a(m) * b(m) + b(m) ** 2)),
        (lambda m: (a(m) ** 2 - b(m) ** 2) ** 2 + (2 * a(m) * b(m)) ** 2, lambda m: (a(m) ** 2 + b(m) ** 2) ** 2),
    ]
    return source.choice(rules)


def _rational(source: random.Random) -> tuple[Formula, Formula]:
    a, b = _positive(source), _positive(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: 1 / a(m) - 1 / (a(m) + b(m)), lambda m: b(m) / (a(m) * (a(m) + b(m)))),
        (lambda m: a(m) / (a(m) + b(m)), lambda m: 1 - b(m) / (a(m) + b(m))),
        (lambda m: 1 / (1 + 1 / a(m)), lambda m: a(m) / (a(m) + 1)),
        (lambda m: (a(m) ** 3 + b(m) ** 3) / (a(m) + b(m)), lambda m: a(m) ** 2 - a(m) * b(m) + b(m) ** 2),
        (lambda m: (1 / a(m) + 1 / b(m)) * a(m) * b(m), lambda m: a(m) + b(m)),
    ]
    return source.choice(rules)


def _trigonometric(source: random.Random) -> tuple[Formula, Formula]:
    a, b = _any(source), _any(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: m.sin(a(m)) ** 2 + m.cos(a(m)) ** 2, _constant(1)),
        (lambda m: m.cos(2 * a(m)), lambda m: 1 - 2 * m.sin(a(m)) ** 2),
        (lambda m: m.sin(3 * a(m)), lambda m: 3 * m.sin(a(m)) - 4 * m.sin(a(m)) ** 3),
        (
            lambda m: m.sin(a(m) + b(m)),
            lambda m: m.sin(a(m)) * m.cos(b(m)) + m.cos(a(m)) * m.sin(b(m)),
        ),
        (
            lambda m: 2 * m.cos(a(m)) * m.cos(b(m)),
            lambda m: m.cos(a(m) + b(m)) + m.cos(a(m) - b(m)),
        ),
    ]
    return source.choice(rules)


def _hyperbolic(source: random.Random) -> tuple[Formula, Formula]:
    a, b = _any(source), _any(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: m.cosh(a(m)) ** 2 - m.sinh(a(m)) ** 2, _constant(1)),
        (lambda m: m.cosh(2 * a(m)), lambda m: 1 + 2 * m.sinh(a(m)) ** 2),
        (lambda m: m.tanh(2 * a(m)), lambda m: 2 * m.tanh(a(m)) / (1 + m.tanh(a(m)) ** 2)),
        (lambda m: m.tanh(a(m)), lambda m: 1 - 2 / (m.exp(2 * a(m)) + 1)),
        (lambda m: m.sinh(m.asinh(a(m)) * 2), lambda m: 2 * a(m) * m.sqrt(1 + a(m) ** 2)),
        (
            lambda m: m.sinh(a(m) + b(m)),
            lambda m: m.sinh(a(m)) * m.cosh(b(m)) + m.cosh(a(m)) * m.sinh(b(m)),
        ),
    ]
    return source.choice(rules)


def _exponential(source: random.Random) -> tuple[Formula, Formula]:
    a, b, p, q = _any(source), _any(source), _positive(source), _positive(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: m.exp(a(m) + b(m)), lambda m: m.exp(a(m)) * m.exp(b(m))),
        (lambda m: (m.exp(a(m)) - 1) * (m.exp(a(m)) + 1), lambda m: m.exp(2 * a(m)) - 1),
        (lambda m: m.log(p(m) * q(m)), lambda m: m.log(p(m)) + m.log(q(m))),
        (lambda m: m.log(p(m) / (p(m) + q(m))), lambda m: -m.log(1 + q(m) / p(m))),
        (lambda m: m.exp(2 * m.log(p(m)) - m.log(q(m))), lambda m: p(m) ** 2 / q(m)),
        (lambda m: m.asinh(a(m)), lambda m: m.log(a(m) + m.sqrt(a(m) ** 2 + 1))),
        (lambda m: m.log(m.exp(a(m)) + m.exp(b(m))), lambda m: a(m) + m.log(1 + m.exp(b(m) - a(m)))),
    ]
    return source.choice(rules)


def _roots(source: random.Random) -> tuple[Formula, Formula]:
    p, q = _positive(source), _positive(source)
    rules: list[tuple[Formula, Formula]] = [
        (lambda m: m.sqrt(p(m) ** 2 + 2 * p(m) * q(m) + q(m) ** 2), lambda m: p(m) + q(m)),
        (lambda m: m.sqrt(p(m)) * m.sqrt(q(m)), lambda m: m.sqrt(p(m) * q(m))),
        (lambda m: 1 / (m.sqrt(p(m) + q(m)) + m.sqrt(p(m))), lambda m: (m.sqrt(p(m) + q(m)) - m.sqrt(p(m))) / q(m)),
        (lambda m: m.sqrt(p(m) + q(m) + 2 * m.sqrt(p(m) * q(m))), lambda m: m.sqrt(p(m)) + m.sqrt(q(m))),
        (lambda m: m.sqrt(1 + p(m) ** -2) * p(m), lambda m: m.sqrt(p(m) ** 2 + 1)),
        (lambda m: (m.sqrt(p(m)) + 1 / m.sqrt(p(m))) ** 2, lambda m: p(m) + 2 + 1 / p(m)),
    ]
    return source.choice(rules)


RULES: dict[str, Rule] = {
    "polynomial": _polynomial,
    "rational": _rational,
    "trigonometric": _trigonometric,
    "hyperbolic": _hyperbolic,
    "exponential": _exponential,
    "roots": _roots,
}


def _identity(source: random.Random) -> tuple[str, Formula, Formula]:
    family = source.choice(list(RULES))
    left, right = RULES[family](source)
    if source.random() < 0.3:
        other = source.choice(list(RULES))
        left, right = _joined((left, right), RULES[other](source), source)
        family = f"{family} and {other}"
    return family, *source.choice([(left, right), (right, left)])


def _joined(
    one: tuple[Formula, Formula], two: tuple[Formula, Formula], source: random.Random
) -> tuple[Formula, Formula]:
    ways: list[Callable[[Any, Any], Any]] = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b]
    way = source.choice(ways)
    return lambda m: way(one[0](m), two[0](m)), lambda m: way(one[1](m), two[1](m))


# --- changes that spoil them ------------------------------------------------------------------------------


def _spoiled(left: Formula, right: Formula, source: random.Random) -> tuple[str, Formula, Formula]:
    """The statement with one change on the right, and what it was."""
    a, n = _letter(source), source.randint(2, 9)
    tiny = _constant(Fraction(1, 10 ** source.randint(1, 18)))
    one, other = source.sample(sorted(LETTERS), 2)
    ways: dict[str, Formula] = {
        "sign": lambda m: -right(m),
        "constant": lambda m: right(m) + m.number(Fraction(1, n)),
        "factor": lambda m: right(m) * m.number(Fraction(n + 1, n)),
        "tiny term": lambda m: right(m) + tiny(m) * a(m),
        "tiny factor": lambda m: right(m) * (1 + tiny(m)),
        # Zero at every point whose letter is a small whole number.
        "term with zeros": lambda m: right(m) + a(m) * (a(m) - 1) * (a(m) - 2) * (a(m) - 3) / 10**6,
        "power": lambda m: right(m) * a(m),
        "letter for letter": lambda m: right(_exchanged(m, {one: other})),
        "letters swapped": lambda m: right(_exchanged(m, {one: other, other: one})),
        "letter scaled": lambda m: right(_with(m, one, m.letter(one) * n)),
        "letter shifted": lambda m: right(_with(m, one, m.letter(one) + m.number(Fraction(1, n)))),
    }
    change = source.choice(list(ways))
    return change, left, ways[change]


def _with(m: Language, name: str, value: Any) -> Language:
    return Language(m.module, {**m.values, name: value})


def _exchanged(m: Language, names: dict[str, str]) -> Language:
    return Language(m.module, {name: m.letter(names.get(name, name)) for name in m.values})
