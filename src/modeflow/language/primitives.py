"""Primitives: the functions that kernels may call, each stated once for every target.

A primitive has a textbook form, for proofs, and steps in simpler primitives, from which each target prints a function
of its own. Where a target has a function that does the same, it calls that instead; a primitive without steps is one
that every target has. A series stands in the steps by its divisors, `nested(z, 3, 4, …)` for 1 + z/3·(1 + z/4·(…));
`SERIES` says which part of its function it replaces, and a test bounds what it leaves out.

To add a primitive, add its class and its row to `PRIMITIVES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from sympy import Abs, Expr, Function, Integer, Max, Min, Piecewise, Symbol, exp, log, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

from .expressions import parts

SIZE = Symbol("size", positive=True)
X, Y = Symbol("x", real=True), Symbol("y", real=True)


class expm2(Function):  # type: ignore[misc]
    """e^x - 1 - x."""


class fade2(Function):  # type: ignore[misc]
    """1 - (1 + x)e^(-x), for x >= 0."""


class fade3(Function):  # type: ignore[misc]
    """1 - e^(-2x) - 2x e^(-x), for x >= 0."""


class fade4(Function):  # type: ignore[misc]
    """x(1 + e^(-2x)) - (1 - e^(-2x)), for x >= 0."""


class binade(Function):  # type: ignore[misc]
    """A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0.

    What it is must not matter: in the plain formulas any positive number, `SIZE`, stands for it.
    """


class reciprocal(Function):  # type: ignore[misc]
    """1/x of a power of 2, which takes no division where the exponent can be had."""


class signum(Function):  # type: ignore[misc]
    """1 or -1, by the sign of x, that of a zero included."""


class smallest(Function):  # type: ignore[misc]
    """The smallest positive normal number of the type of x."""


class nested(Function):  # type: ignore[misc]
    """1 + z/a·(1 + z/b·(… (1 + z/k))), for nested(z, a, b, …, k): a power series with its terms nested."""

    @property
    def written_out(self) -> Expr:
        z, *divisors = self.args
        value: Expr = Integer(1)
        for divisor in reversed(divisors):
            value = 1 + z / divisor * value
        return value


@dataclass(frozen=True)
class Primitive:
    """A row of the table.

    textbook: the plain formula, of as many arguments as the primitive has. inputs, steps, value: how it is computed, in
    simpler primitives; value None where every target has the function itself.
    """

    function: type[Function]
    textbook: Callable[..., Expr]
    inputs: tuple[Symbol, ...] = ()
    steps: tuple[tuple[Symbol, Expr], ...] = ()
    value: Expr | None = None

    @property
    def name(self) -> str:
        return str(self.function.__name__)

    @property
    def says(self) -> str:
        """One line; expressions of its own are the primitive's, those of SymPy have no line of ours."""
        return _OF_SYMPY.get(self.name) or str(self.function.__doc__).strip().partition("\n")[0]


_OF_SYMPY = {"hypot": "The root of x*x + y*y, without overflow or underflow of the squares."}


def _step(name: str) -> Symbol:
    return Symbol(name, real=True)


_LARGE, _RATIO, _NEAR, _E, _SQUARE, _SERIES = map(_step, ("large", "ratio", "near", "E", "square", "series"))
_LEAD, _FADED, _TOTAL, _ONE, _TWO = map(_step, ("lead", "faded", "total", "one", "two"))


@dataclass(frozen=True)
class Series:
    """nested(argument, *divisors) in place of replaced/first, below the limit, both in x.

    first: what the function begins with, so that the series begins with 1.
    """

    limit: Expr
    argument: Expr
    divisors: tuple[int, ...]
    first: Expr
    replaced: Expr

    def of(self, argument: Expr) -> Expr:
        return nested(argument, *map(Integer, self.divisors))


SERIES = {
    "expm2": Series(Integer(1), X, tuple(range(3, 20)), X**2 / 2, exp(X) - 1 - X),
    "fade3": Series(
        Integer(3) / 2,
        X**2,
        tuple(n * (n + 1) for n in range(4, 21, 2)),
        X**3 * exp(-X) / 3,
        1 - exp(-2 * X) - 2 * X * exp(-X),
    ),
    "fade4": Series(
        Integer(3) / 2,
        X**2,
        tuple(n * (n + 3) for n in range(2, 19, 2)),
        2 * X**3 * exp(-X) / 3,
        X * (1 + exp(-2 * X)) - (1 - exp(-2 * X)),
    ),
}

# exp and the roots are SymPy's and printed as such; a target may have more of its own.
PRIMITIVES = (
    Primitive(expm1, lambda x: exp(x) - 1),
    Primitive(log1p, lambda x: log(1 + x)),
    Primitive(smallest, lambda x: SIZE),
    Primitive(binade, lambda x, y: SIZE),
    Primitive(reciprocal, lambda x: 1 / x),
    Primitive(signum, lambda x: Piecewise((1, x >= 0), (-1, True))),
    Primitive(
        hypot,
        lambda x, y: sqrt(x**2 + y**2),
        (X, Y),
        (
            (_ONE, Abs(X)),
            (_TWO, Abs(Y)),
            (_LARGE, Max(_ONE, _TWO)),
            (_RATIO, Min(_ONE, _TWO) / Max(_LARGE, smallest(_LARGE))),
        ),
        _LARGE * sqrt(1 + _RATIO**2),
    ),
    Primitive(
        expm2,
        lambda x: exp(x) - 1 - x,
        (X,),
        (
            (_NEAR, Piecewise((X, Abs(X) < 1), (0, True))),
            (_SERIES, SERIES["expm2"].of(_NEAR)),
            (_LEAD, _NEAR**2 / 2),
        ),
        Piecewise((_LEAD * _SERIES, Abs(X) < 1), (expm1(X) - X, True)),
    ),
    Primitive(
        fade2,
        lambda x: 1 - (1 + x) * exp(-x),
        (X,),
        ((_NEAR, Min(X, 1)), (_E, exp(-X))),
        Piecewise((_E * expm2(_NEAR), X < 1), (-expm1(-X) - X * _E, True)),
    ),
    Primitive(
        fade3,
        lambda x: 1 - exp(-2 * x) - 2 * x * exp(-x),
        (X,),
        (
            (_NEAR, Min(X, Integer(3) / 2)),
            (_E, exp(-X)),
            (_SQUARE, _NEAR**2),
            (_SERIES, SERIES["fade3"].of(_SQUARE)),
            (_LEAD, _NEAR * _SQUARE),
            (_FADED, _LEAD * _E),
            (_TOTAL, _FADED * _SERIES),
        ),
        Piecewise((_TOTAL / 3, Integer(3) / 2 > X), (-expm1(-2 * X) - 2 * X * _E, True)),
    ),
    Primitive(
        fade4,
        lambda x: x * (1 + exp(-2 * x)) - (1 - exp(-2 * x)),
        (X,),
        (
            (_NEAR, Min(X, Integer(3) / 2)),
            (_E, exp(-X)),
            (_SQUARE, _NEAR**2),
            (_SERIES, SERIES["fade4"].of(_SQUARE)),
            (_LEAD, 2 * _NEAR * _SQUARE),
            (_FADED, _LEAD * _E),
            (_TOTAL, _FADED * _SERIES),
        ),
        Piecewise((_TOTAL / 3, Integer(3) / 2 > X), (X * (1 + _E**2) + expm1(-2 * X), True)),
    ),
)
TABLE = {row.name: row for row in PRIMITIVES}


_ROUNDED: tuple[Any, ...] = (nested, *(row.function for row in PRIMITIVES))


def textbook(expression: Expr) -> Expr:
    """The expression with plain formulas in place of the functions that exist for their rounding."""
    if not any(isinstance(part, _ROUNDED) for part in parts(expression)):
        return expression
    for row in PRIMITIVES:
        expression = expression.replace(row.function, row.textbook)
    return expression.replace(nested, lambda *args: nested(*args).written_out)


def called(expressions: list[Expr]) -> list[Primitive]:
    """The primitives that expressions call, and those that these call, in the order of the table."""
    names, pending = set[str](), list(expressions)
    while pending:
        for row in PRIMITIVES:
            if row.name not in names and pending[-1].has(row.function):
                names.add(row.name)
                pending[:0] = [e for _, e in row.steps] + ([row.value] if row.value is not None else [])
        pending.pop()
    return [row for row in PRIMITIVES if row.name in names]


def first_left_out(series: Series) -> Expr:
    """The first term that a series leaves out, in x; each term after it is smaller by more than half."""
    n = len(series.divisors)
    following = _next_divisor(series.divisors)
    return series.argument ** (n + 1) / (prod(series.divisors) * following)


def _next_divisor(divisors: tuple[int, ...]) -> int:
    """The next of divisors that are a polynomial of at most second degree in their place."""
    a, b, c = divisors[-3:]
    return c + (c - b) + ((c - b) - (b - a))
