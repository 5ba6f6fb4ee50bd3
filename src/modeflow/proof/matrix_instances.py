"""A second look at matrix identities: exact evaluation on explicit small matrices of rationals.

Shares no code with the normal form of words. The average over noise is taken over a distribution with finitely many
outcomes and exactly the stated covariance; the gradient is an exact finite difference.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import factorial
from typing import Any

import sympy
from flint import fmpq, fmpq_mat
from sympy import Identity, MatAdd, MatMul, MatPow, MatrixSymbol, Symbol, Trace, Transpose, ZeroMatrix

from ..language.matrices import (
    DiagonalEntry,
    DiagonalSymbol,
    MatrixGradient,
    NoiseAverage,
    OrthogonalSymbol,
    SymmetricSymbol,
)
from ..language.matrix_rates import MatrixRate
from .assumptions import by_name, satisfies
from .enclosures import NotEvaluable, Point
from .sample_points import SEED, points, satisfied

LONGEST, MOST_TRIED, MOST_DRAWS = 8, 2000, 6  # rows of a matrix, choices of sizes, instances of one size
_ENTRIES = (-3, -2, -1, 1, 2, 3, 5)
_OTHER_SIZES = (2, 3, 1, 4, 5, 6)
SIZES = ((2, 2, 2), (2, 3, 2), (3, 2, 2))


class NotInvertible(NotEvaluable):
    """An inverse of what has none at an instance."""


@dataclass(frozen=True)
class Instance:
    """Values: a dimension → integer, a scalar → rational, a letter → matrix of rationals."""

    values: Mapping[Any, Any]

    def text(self) -> dict[str, str]:
        ordered = sorted(self.values.items(), key=lambda item: str(item[0]))
        return {str(k): str(v.tolist()) if isinstance(v, fmpq_mat) else str(v) for k, v in ordered}

    def with_value(self, key: Any, value: Any) -> Instance:
        return Instance({**self.values, key: value})


def difference(lhs: Any, rhs: Any, given: Sequence[Any] = ()) -> Iterator[tuple[Instance, Any, Any]]:
    """Instances of both sides where the given relations hold: (instance, left, right).

    Raises NotEvaluable where there is no exact value.
    """
    source = random.Random(SEED)
    for sizes in SIZES:
        yield _evaluated(lhs, rhs, given, sizes, source)


Drawn = tuple[Instance, Any, Any]


def _evaluated(lhs: Any, rhs: Any, given: Sequence[Any], sizes: tuple[int, ...], source: random.Random) -> Drawn:
    """Both sides at an instance; where something that is inverted has no inverse there, at another one."""
    for _ in range(MOST_DRAWS - 1):
        with suppress(NotInvertible):
            return _evaluated_once(lhs, rhs, given, sizes, source)
    return _evaluated_once(lhs, rhs, given, sizes, source)


def _evaluated_once(lhs: Any, rhs: Any, given: Sequence[Any], sizes: tuple[int, ...], source: random.Random) -> Drawn:
    instance = _draw(sympy.Tuple(lhs, rhs, *given), sizes, source, given)
    numbers = {k: _number(v) for k, v in instance.values.items() if isinstance(v, int | fmpq)}
    if not satisfied(given, Point(numbers)):
        raise NotEvaluable(f"no explicit matrices were found for which {', '.join(map(str, given))}")
    return instance, evaluate(lhs, instance), evaluate(rhs, instance)


def differ(left: Any, right: Any) -> bool:
    """Whether two values (numbers or matrices, or a matrix and the number 0) are different."""
    if isinstance(left, fmpq_mat) != isinstance(right, fmpq_mat):
        matrix, number = (left, right) if isinstance(left, fmpq_mat) else (right, left)
        return bool(matrix != _scaled_identity(matrix.nrows(), number))
    return bool(left != right)


def _number(value: int | fmpq) -> sympy.Rational:
    return sympy.Integer(value) if isinstance(value, int) else sympy.Rational(int(value.p), int(value.q))


def _draw(e: Any, sizes: tuple[int, ...], source: random.Random, given: Sequence[Any]) -> Instance:
    letters = sorted(e.atoms(MatrixSymbol), key=str)
    values = _values_of_sizes(e, sizes)
    scalars = [s for s in e.free_symbols if s not in values and not isinstance(s, MatrixSymbol)]
    values |= _scalars(by_name(s for s in scalars if s.is_commutative), source, given)
    for symbol in by_name(s for s in scalars if not s.is_commutative):
        values[symbol] = _random(2, 2, source)
    for letter in letters:
        values[letter] = _letter(letter, values, source)
    return Instance(values)


def _values_of_sizes(e: Any, preferred: tuple[int, ...]) -> dict[Any, Any]:
    lengths = [s for m in e.atoms(MatrixSymbol, Identity, ZeroMatrix) for s in m.shape]
    dimensions = by_name(set().union(*(_length(s).free_symbols for s in lengths)))
    return _sizes(dimensions, lengths, preferred)


def _scalars(symbols: list[Symbol], source: random.Random, given: Sequence[Any]) -> dict[Any, Any]:
    """A rational value for each, inside the assumptions and what is given between them."""
    about = [r for r in given if r.free_symbols <= set(symbols)]
    point = next(points(symbols, source.randint(0, 10**6), about), None)
    if point is None:
        raise NotEvaluable(f"no point was found that satisfies the assumptions of {', '.join(map(str, symbols))}")
    return {symbol: _rational_value(value, symbol) for symbol, value in point.values.items()}


def _rational_value(value: Any, symbol: Symbol) -> fmpq:
    rational = value if value.is_Rational else sympy.re(value)
    if not satisfies(rational, symbol):
        raise NotEvaluable(f"{symbol} has no rational value")
    return fmpq(int(rational.p), int(rational.q))


def _sizes(dimensions: list[Symbol], lengths: list[Any], preferred: tuple[int, ...]) -> dict[Any, Any]:
    """A whole number for each dimension such that every length, as N + 1 or N - M, is one from 1 to LONGEST.

    The preferred numbers come first, in turn, where the assumptions and the lengths allow.
    """
    first = dict(zip(dimensions, itertools.cycle(preferred), strict=False))
    numbers = {d: map(sympy.Integer, (first[d], *_OTHER_SIZES)) for d in dimensions}
    choices = itertools.product(*([n for n in numbers[d] if satisfies(n, d)] for d in dimensions))
    for chosen in itertools.islice(choices, MOST_TRIED):
        values = dict(zip(dimensions, chosen, strict=True))
        found = [_length(length).xreplace(values) for length in lengths]
        if all(n.is_Integer and 1 <= n <= LONGEST for n in found):
            return values
    raise NotEvaluable("no small sizes of matrices fit the shapes")


def _letter(letter: MatrixSymbol, values: Mapping[Any, Any], source: random.Random) -> fmpq_mat:
    rows, columns = (int(s.xreplace(values)) for s in letter.shape)
    if isinstance(letter, OrthogonalSymbol):
        return _orthogonal(rows, source)
    entries = _random(rows, columns, source)
    if isinstance(letter, SymmetricSymbol):
        return entries * entries.transpose() + _scaled_identity(rows, fmpq(1))  # positive definite, so a covariance
    if isinstance(letter, DiagonalSymbol):  # of entries that differ, for equal ones commute with more
        different = source.sample((*_ENTRIES, 7), min(rows, columns))
        return fmpq_mat(rows, columns, [different[i] if i == j else 0 for i in range(rows) for j in range(columns)])
    return entries


def _random(rows: int, columns: int, source: random.Random) -> fmpq_mat:
    return fmpq_mat(rows, columns, [source.choice(_ENTRIES) for _ in range(rows * columns)])


def _orthogonal(n: int, source: random.Random) -> fmpq_mat:
    """A product of plane rotations by rational angles."""
    product = _scaled_identity(n, fmpq(1))
    for i, j in itertools.combinations(range(n), 2):
        p, q, r = source.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17)))
        turn = _scaled_identity(n, fmpq(1))
        turn[i, i], turn[j, j], turn[i, j], turn[j, i] = fmpq(p, r), fmpq(p, r), fmpq(-q, r), fmpq(q, r)
        product = product * turn
    return product


def _scaled_identity(n: int, value: fmpq) -> fmpq_mat:
    return fmpq_mat(n, n, [value if i == j else 0 for i in range(n) for j in range(n)])


# --- evaluation -------------------------------------------------------------------------------------------


def evaluate(e: Any, at: Instance) -> Any:
    """The exact value of a matrix or scalar expression: fmpq_mat or fmpq."""
    if e in at.values:
        value = at.values[e]
        return fmpq(int(value)) if isinstance(value, sympy.Integer) else value
    if e.is_Rational:
        return fmpq(int(e.p), int(e.q))
    if type(e) not in _VALUES:
        raise NotEvaluable(f"{type(e).__name__} has no exact value on explicit matrices")
    return _VALUES[type(e)](e, at)


def _sum(e: Any, at: Instance) -> Any:
    return _total([evaluate(a, at) for a in e.args])


def _product_of_factors(e: Any, at: Instance) -> Any:
    return _product([evaluate(a, at) for a in e.args])


def _whole_power(e: Any, at: Instance) -> Any:
    if not e.args[1].is_Integer:
        raise NotEvaluable(f"{type(e).__name__} has no exact value on explicit matrices")
    return _power(evaluate(e.args[0], at), int(e.args[1]))


def _trace(e: Trace, at: Instance) -> fmpq:
    matrix = evaluate(e.arg, at)
    return sum((matrix[i, i] for i in range(matrix.nrows())), fmpq(0))


def _length(given: Any) -> Any:
    """A length of a shape, which is an expression or a Python integer; text is refused, for SymPy would run it."""
    return sympy.sympify(given, strict=True)


def _size(dimension: Any, at: Instance) -> int:
    return int(_length(dimension).xreplace(dict(at.values)))


def _total(values: list[Any]) -> Any:
    sizes = [v.nrows() for v in values if isinstance(v, fmpq_mat)]
    if not sizes:
        return sum(values, fmpq(0))
    lifted = [v if isinstance(v, fmpq_mat) else _scaled_identity(sizes[0], v) for v in values]
    total = lifted[0]
    for value in lifted[1:]:
        total = total + value
    return total


def _product(values: list[Any]) -> Any:
    total = values[0]
    for value in values[1:]:
        total = total * value
    return total


def _power(value: Any, n: int) -> Any:
    if n < 0:
        return _power(_inverse(value), -n)
    if isinstance(value, fmpq_mat):
        return _product([_scaled_identity(value.nrows(), fmpq(1)), *([value] * n)])
    return value**n


def _inverse(value: Any) -> Any:
    try:
        return value.inv() if isinstance(value, fmpq_mat) else 1 / value
    except ZeroDivisionError:
        raise NotInvertible("the inverse of what has none at the points drawn") from None


def _average(e: NoiseAverage, at: Instance) -> fmpq:
    """The mean over a noise with finitely many outcomes and exactly this covariance: C = L·diag(d)·Lᵀ.

    Only mean and covariance are given, so a mean of more than squares and products of two entries has no value. One
    entry at a time is 1 or -1, each with half the probability of its variance; that nothing is drawn has what is left
    to 1, which may be negative: an average of a polynomial is a polynomial in the moments, so an identity that holds
    for all variances in an interval holds for these as well.
    """
    scalar, noise, covariance = e.args
    if not _is_polynomial(scalar, noise) or _degree(scalar, noise) > 2:
        raise NotEvaluable(f"an average over {noise} needs moments beyond the covariance")
    lower, variances = _ldl(evaluate(covariance, at))
    rows, columns = (_size(s, at) for s in noise.shape)

    def value(i: int, j: int, drawn: int) -> fmpq:
        single = fmpq_mat(rows, columns)
        single[i, j] = drawn
        found: fmpq = evaluate(scalar, at.with_value(noise, lower * single))
        return found

    nothing = value(0, 0, 0)
    return nothing + sum(
        (variances[i] / 2 * (value(i, j, 1) + value(i, j, -1) - 2 * nothing))
        for i, j in itertools.product(range(rows), range(columns))
    )


def _is_polynomial(e: Any, letter: Any) -> bool:
    """Whether a letter stands in no power but those by whole numbers from 0 on, and in no other function."""
    if not e.has(letter) or e == letter:
        return True
    if isinstance(e, MatPow) or e.is_Pow:
        return bool(e.args[1].is_Integer and e.args[1] >= 0) and _is_polynomial(e.args[0], letter)
    return isinstance(e, _POLYNOMIAL) and all(_is_polynomial(a, letter) for a in e.args)


def _ldl(c: fmpq_mat) -> tuple[fmpq_mat, list[fmpq]]:
    """C = L·diag(d)·Lᵀ with L unit lower triangular; refuses a C that is not symmetric or has no such form."""
    if c != c.transpose():
        raise NotEvaluable("the covariance is not symmetric")
    n = c.nrows()
    lower = _scaled_identity(n, fmpq(1))
    d: list[fmpq] = []
    for j in range(n):
        d.append(c[j, j] - sum((lower[j, k] ** 2 * d[k] for k in range(j)), fmpq(0)))
        if d[j] == 0:
            raise NotEvaluable("the covariance drawn is singular")
        for i in range(j + 1, n):
            known = sum((lower[i, k] * lower[j, k] * d[k] for k in range(j)), fmpq(0))
            lower[i, j] = (c[i, j] - known) / d[j]
    return lower, d


def _gradient(e: MatrixGradient, at: Instance) -> fmpq_mat:
    """Derivatives by a central difference with as many points as make it exact for the degree of the scalar."""
    scalar, letter = e.args
    if not _is_polynomial(scalar, letter):
        raise NotEvaluable(f"a gradient in {letter}, in which the scalar is no polynomial")
    here = at.values[letter]
    rows, columns = here.nrows(), here.ncols()
    stencil = _stencil((_degree(scalar, letter) + 1) // 2)
    result = fmpq_mat(rows, columns)
    for i, j in itertools.product(range(rows), range(columns)):
        for step, weight in stencil:
            moved = fmpq_mat(here)
            moved[i, j] = here[i, j] + step
            result[i, j] = result[i, j] + weight * evaluate(scalar, at.with_value(letter, moved))
    return result


def _stencil(m: int) -> list[tuple[int, fmpq]]:
    """Steps and weights of the first derivative that are exact for polynomials of degree 2m (Fornberg 1988)."""
    weights = ((k, factorial(m) ** 2, k * factorial(m - k) * factorial(m + k)) for k in range(1, m + 1))
    return [(sign * k, fmpq(-((-1) ** k) * sign * above, below)) for k, above, below in weights for sign in (1, -1)]


def _degree(e: Any, letter: Any) -> int:
    """A bound on the degree of an expression in the entries of a letter."""
    if e == letter:
        return 1
    if isinstance(e, NoiseAverage):
        return _degree_of_average(e, letter)
    if isinstance(e, DiagonalEntry):
        return _degree_of_entry(e, letter)
    if isinstance(e, MatPow) or e.is_Pow:
        return _degree(e.args[0], letter) * abs(int(e.args[1])) if e.args[1].is_Integer else 0
    degrees = [_degree(a, letter) for a in e.args]
    return sum(degrees) if isinstance(e, MatMul) or e.is_Mul else max(degrees, default=0)


def _degree_of_average(e: NoiseAverage, letter: Any) -> int:
    scalar, noise, covariance = e.args
    rest = 0 if noise == letter else _degree(scalar, letter)
    return rest + _degree(scalar, noise) * _degree(covariance, letter)


def _degree_of_entry(e: DiagonalEntry, letter: Any) -> int:
    matrix, pairs = e.args
    return _degree(matrix, letter) + sum(_degree(matrix, a) * _degree(value, letter) for a, value in pairs)


def _diagonal_entry(e: DiagonalEntry, at: Instance) -> fmpq:
    """The first diagonal entry, with each letter's first entry set to the one stated."""
    matrix, pairs = e.args
    for letter, entry in pairs:
        placed = fmpq_mat(at.values[letter])
        placed[0, 0] = evaluate(entry, at)
        at = at.with_value(letter, placed)
    value: fmpq = evaluate(matrix, at)[0, 0]
    return value


def _rate(e: MatrixRate, at: Instance) -> Any:
    inside, moving = e.args
    return _with_slope(inside, at, {letter: evaluate(rate, at) for letter, rate in moving})[1]


def _with_slope(e: Any, at: Instance, slopes: Mapping[Any, Any]) -> tuple[Any, Any]:
    """The value and the slope at h = 0 of an expression whose letters A are A + h·A', by numbers with h² = 0."""
    if not e.has(*slopes):
        value = evaluate(e, at)
        return value, value * 0
    if e in slopes:
        return at.values[e], slopes[e]
    if isinstance(e, Transpose):
        value, slope = _with_slope(e.arg, at, slopes)
        return value.transpose(), slope.transpose()
    if isinstance(e, sympy.Inverse):
        value, slope = _with_slope(e.arg, at, slopes)
        inverse = _inverse(value)
        return inverse, inverse * slope * inverse * fmpq(-1)
    if isinstance(e, MatAdd):
        parts = [_with_slope(a, at, slopes) for a in e.args]
        return _total([v for v, _ in parts]), _total([s for _, s in parts])
    if isinstance(e, MatPow) and e.exp.is_Integer and e.exp != 0:
        base = e.base if e.exp > 0 else sympy.Inverse(e.base)
        return _with_slope(MatMul(*[base] * abs(int(e.exp)), evaluate=False), at, slopes)
    if isinstance(e, MatMul):
        value, slope = _with_slope(e.args[0], at, slopes)
        for factor in e.args[1:]:
            other, turned = _with_slope(factor, at, slopes)
            value, slope = value * other, _total([slope * other, value * turned])
        return value, slope
    raise NotEvaluable(f"the rate of {type(e).__name__} has no exact value on explicit matrices")


_POLYNOMIAL = (
    *(MatAdd, MatMul, sympy.Add, sympy.Mul),
    *(Trace, Transpose, NoiseAverage, MatrixGradient, DiagonalEntry),
)
_VALUES: dict[type, Callable[[Any, Instance], Any]] = {
    Identity: lambda e, at: _scaled_identity(_size(e.shape[0], at), fmpq(1)),
    ZeroMatrix: lambda e, at: fmpq_mat(_size(e.shape[0], at), _size(e.shape[1], at)),
    **dict.fromkeys((MatAdd, sympy.Add), _sum),
    **dict.fromkeys((MatMul, sympy.Mul), _product_of_factors),
    **dict.fromkeys((MatPow, sympy.Pow), _whole_power),
    sympy.Inverse: lambda e, at: _inverse(evaluate(e.arg, at)),
    Transpose: lambda e, at: evaluate(e.arg, at).transpose(),
    Trace: _trace,
    NoiseAverage: _average,
    MatrixGradient: _gradient,
    MatrixRate: _rate,
    DiagonalEntry: _diagonal_entry,
}
