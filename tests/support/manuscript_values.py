"""Values of expressions at random points: no proof, no rewriting.

Expressions are worked out in 80 digits by walking their trees, matrices as matrices of numbers, means over noise by
its moments, gradients by differences.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import sympy
from mpmath import mp, mpf
from sympy.core.function import AppliedUndef, Derivative

from modeflow.language.matrices import DiagonalSymbol, MatrixGradient, NoiseAverage, OrthogonalSymbol, SymmetricSymbol

CLOSE = mpf(10) ** -18
QUADRATURE = 40  # digits

Point = dict[Any, Any]


class NotReal(ValueError):
    """A logarithm or root without a real value, or a division by zero."""


class NotJudged(ValueError):
    """Something that is not worked out here."""


# Values -----------------------------------------------------------------------------------------------------


def value(e: Any, at: Point) -> Any:
    """The number, or the matrix of numbers, that an expression is at a point; raises NotReal and NotJudged."""
    if e in at:
        return at[e]
    if e.is_Rational:
        return mpf(int(e.p)) / int(e.q)
    work = _KINDS.get(type(e)) or next((w for kind, w in _KINDS.items() if isinstance(e, kind)), None)
    if work is None:
        raise NotJudged(f"{type(e).__name__}: {e}")
    try:
        found = work(e, at)
    except ZeroDivisionError:
        raise NotReal(str(e)) from None
    if isinstance(found, mpmath.mpc) or (isinstance(found, mpf) and not mpmath.isfinite(found)):
        raise NotReal(str(e))
    return found


def close(one: Any, other: Any) -> bool:
    """Whether two numbers, or matrices, are the same up to rounding; a matrix and 0 as well."""
    if isinstance(one, mpmath.matrix) or isinstance(other, mpmath.matrix):
        if not (isinstance(one, mpmath.matrix) and isinstance(other, mpmath.matrix)):
            return False
        if (one.rows, one.cols) != (other.rows, other.cols):
            return False
        return bool(mpmath.mnorm(one - other, 1) <= CLOSE * (1 + mpmath.mnorm(one, 1)))
    return bool(mpmath.fabs(one - other) <= CLOSE * (1 + mpmath.fabs(one) + mpmath.fabs(other)))


def _product(e: Any, at: Point) -> Any:
    result = mpf(1)
    for part in e.args:
        result = result * value(part, at)
    return result


def _sum(e: Any, at: Point) -> Any:
    first, *others = (value(part, at) for part in e.args)
    for other in others:
        first = first + other
    return first


def _power(e: Any, at: Point) -> Any:
    base, exponent = value(e.base, at), value(e.exp, at)
    if isinstance(base, mpmath.matrix):
        return base ** int(exponent)
    return mpmath.power(base, exponent)


def _noise_average(e: Any, at: Point) -> Any:
    """The mean of a polynomial of second degree in the noise, from its second differences and the covariance."""
    inside, noise, covariance = e.args
    rows, columns = (int(value(n, at)) for n in noise.shape)
    spread = value(covariance, at)

    def shifted(*places: tuple[int, int, int]) -> Any:
        shift = mpmath.zeros(rows, columns)
        for row, column, sign in places:
            shift[row, column] += sign
        return value(inside, {**at, noise: shift})

    thrice = 3 * (shifted((0, 0, 1)) - shifted((0, 0, -1)))
    if not close(thrice, shifted((0, 0, 3)) - shifted((0, 0, -3))):
        raise NotJudged("a mean of something of a higher degree")
    middle = shifted()
    total = middle
    for column in range(columns):
        for one in range(rows):
            for other in range(rows):
                if one == other:
                    bend = shifted((one, column, 1)) + shifted((one, column, -1)) - 2 * middle
                else:
                    bend = shifted((one, column, 1), (other, column, 1)) + middle
                    bend -= shifted((one, column, 1)) + shifted((other, column, 1))
                total += spread[one, other] * bend / 2
    return total


def _gradient(e: Any, at: Point) -> Any:
    inside, letter = e.args
    here, step = at[letter], mpf(10) ** -12
    found = mpmath.zeros(here.rows, here.cols)
    for row in range(here.rows):
        for column in range(here.cols):
            sides = []
            for sign in (1, -1):
                moved = here.copy()
                moved[row, column] += sign * step
                sides.append(value(inside, {**at, letter: moved}))
            found[row, column] = (sides[0] - sides[1]) / (2 * step)
    return found


def _over_index(e: Any, at: Point) -> Any:
    body, *limits = e.args
    index, lower, upper = limits[-1]
    inner = sympy.Sum(body, *limits[:-1]) if len(limits) > 1 else body
    numbers = range(int(value(lower, at)), int(value(upper, at)) + 1)
    return mpmath.fsum(value(inner.xreplace({index: sympy.Integer(n)}), at) for n in numbers)


def _integral(e: Any, at: Point) -> Any:
    """By quadrature; where that does not settle, as at a pole between the limits, the point does not decide."""
    body, *limits = e.args
    variable, lower, upper = limits[-1]
    inner = sympy.Integral(body, *limits[:-1]) if len(limits) > 1 else body
    with mpmath.workdps(QUADRATURE):
        ends = [value(end, at) for end in (lower, upper)]
        found, error = mpmath.quad(lambda x: value(inner, {**at, variable: x}), ends, error=True)
    if error > CLOSE**2:
        raise NotReal(str(e))
    return found


def _real(function: Callable[[Any], Any]) -> Callable[[Any, Point], Any]:
    return lambda e, at: function(value(e.args[0], at))


_KINDS: dict[Any, Callable[[Any, Point], Any]] = {
    sympy.Add: _sum,
    sympy.MatAdd: _sum,
    sympy.Mul: _product,
    sympy.MatMul: _product,
    sympy.Pow: _power,
    sympy.MatPow: _power,
    sympy.Transpose: lambda e, at: value(e.args[0], at).T,
    sympy.Trace: lambda e, at: _trace(value(e.args[0], at)),
    sympy.Identity: lambda e, at: mpmath.eye(int(value(e.shape[0], at))),
    sympy.ZeroMatrix: lambda e, at: mpmath.zeros(*(int(value(n, at)) for n in e.shape)),
    NoiseAverage: _noise_average,
    MatrixGradient: _gradient,
    sympy.Sum: _over_index,
    sympy.Integral: _integral,
    type(sympy.pi): lambda e, at: +mp.pi,
    type(sympy.E): lambda e, at: +mp.e,
    **{
        getattr(sympy, name): _real(getattr(mpmath, other))
        for name, other in {
            **{n: n for n in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "coth", "sign")},
            **{n: n for n in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
            "Abs": "fabs",
        }.items()
    },
}


def _trace(matrix: Any) -> Any:
    if matrix.rows != matrix.cols:
        raise NotJudged("the trace of a matrix that is not square")
    return mpmath.fsum(matrix[n, n] for n in range(matrix.rows))


# Points -----------------------------------------------------------------------------------------------------


def letters(*sides: Any) -> list[Any]:
    """What takes values: symbols, matrix letters, functions of time and their derivatives as wholes."""
    found: set[Any] = set()
    for side in sides:
        rest = side
        for kind in (Derivative, AppliedUndef):
            wholes = {e for e in rest.atoms(kind) if not (kind is AppliedUndef and _bears_index(e))}
            found |= wholes
            rest = rest.xreplace({e: sympy.Dummy("whole") for e in wholes})
        found |= rest.atoms(sympy.MatrixSymbol)
        found |= {s for s in rest.free_symbols if isinstance(s, sympy.Symbol) and s.name != "whole"}
        found |= {n for m in rest.atoms(sympy.MatrixSymbol) for size in m.shape for n in size.free_symbols}
        found |= {n for i in rest.atoms(sympy.Identity) for n in i.shape[0].free_symbols}
        found |= {m for e in side.atoms(AppliedUndef) if _bears_index(e) for m in _members(e)}
        found |= {s for e in side.atoms(sympy.Sum) for _, *ends in e.limits for end in ends for s in end.free_symbols}
    bound = {limit[0] for side in sides for e in side.atoms(sympy.Sum, sympy.Integral) for limit in e.limits}
    return sorted({e for e in found if not (_bears_index(e) and e.args[0] in bound)} - bound, key=str)


def _bears_index(e: Any) -> bool:
    return isinstance(e, AppliedUndef) and str(e.func).endswith("_")


def _members(e: Any) -> list[Any]:
    return [e.func(sympy.Integer(n)) for n in range(-1, 66)]


def point(wanted: Sequence[Any], chance: random.Random, alike: bool = False) -> Point:
    """A random point that the assumptions on the letters allow; alike: one value for all, or far away, now and then."""
    at: Point = {}
    reach = chance.choice((1.7, 8) if alike else (1.7, 1.7, 4))
    equal = mpf(chance.choice((1, 2))) if alike and chance.random() < 0.5 else None
    sizes = dict(zip(("D", "H", "K"), chance.sample((1, 2, 3, 4), 3), strict=True))
    for one in wanted:
        if isinstance(one, sympy.MatrixSymbol):
            continue
        number = equal or mpf(2) ** chance.uniform(-reach, reach)
        if one.is_integer:
            number = mpf(sizes.get(str(one), chance.randrange(1, 5)))
        elif one.is_nonpositive or (not one.is_nonnegative and not equal and chance.random() < 0.5):
            number = -number
        elif alike and not one.is_positive and chance.random() < 0.2:
            number = mpf(0)
        at[one] = number
    at |= _sizes([n for n in wanted if str(n).startswith("|")], chance)
    for one in wanted:
        if isinstance(one, sympy.MatrixSymbol):
            rows, columns = (int(value(n, at)) for n in one.shape)
            at[one] = _matrix(one, rows, columns, chance)
    return at


def _sizes(found: Sequence[Any], chance: random.Random) -> Point:
    """Numbers of terms: the same for families that share an index anywhere."""
    groups: list[set[str]] = []
    for one in found:
        names = set(str(one).strip("|").split(","))
        groups = [g for g in groups if not g & names] + [names.union(*(g for g in groups if g & names))]
    numbers = [(group, mpf(chance.randrange(1, 5))) for group in groups]
    return {one: n for one in found for group, n in numbers if set(str(one).strip("|").split(",")) & group}


def _matrix(letter: Any, rows: int, columns: int, chance: random.Random) -> Any:
    found = mpmath.matrix(rows, columns)
    for row in range(rows):
        for column in range(columns):
            found[row, column] = mpf(chance.uniform(-2, 2))
    if isinstance(letter, SymmetricSymbol):
        return found + found.T
    if isinstance(letter, OrthogonalSymbol):
        return mpmath.qr(found)[0] if rows > 1 else mpmath.matrix([[1]])
    if isinstance(letter, DiagonalSymbol):
        for row in range(rows):
            for column in range(columns):
                found[row, column] *= row == column
    return found
