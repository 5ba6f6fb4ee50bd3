"""The rate of a matrix expression whose letters move: sums, products, transposes and inverses, by their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Inverse, MatAdd, MatMul, MatPow, MatrixExpr, MatrixSymbol, Transpose, Tuple, ZeroMatrix

from .matrices import DiagonalSymbol, NotWords, OrthogonalSymbol, SymmetricSymbol, is_symmetric, normal_form


class MatrixRate(MatrixExpr):
    """MatrixRate(expression, ((A, A'), (B, B'), …)): d/dt of an expression in letters that move at these rates.

    Letters without a rate, and all scalars, stand still.
    """

    @property
    def shape(self) -> Any:
        return self.args[0].shape

    def _latex(self, printer: Any) -> str:
        return rf"\frac{{d}}{{d t}} \left[{printer._print(self.args[0])}\right]"


def rate_of_matrix(expression: MatrixExpr, rates: Mapping[MatrixSymbol, Any]) -> MatrixRate:
    """The rate as a statement shows it, d/dt[expression], not worked out. rates: letter → its rate."""
    return MatrixRate(expression, Tuple(*(Tuple(letter, rate) for letter, rate in rates.items())))


def without_rates(e: Any) -> Any:
    """An expression with its rates worked out; raises NotWords where no rule applies."""
    if isinstance(e, MatrixRate):
        inside, moving = e.args
        rates = {letter: without_rates(rate) for letter, rate in moving}
        for letter, rate in rates.items():
            _require_possible(letter, rate)
        return _rate(without_rates(inside), rates)
    if not getattr(e, "args", ()) or isinstance(e, MatrixSymbol) or not e.has(MatrixRate):
        return e
    return e.func(*(without_rates(a) for a in e.args))


def _require_possible(letter: Any, rate: Any) -> None:
    """NotWords for a rate at which a letter would not stay symmetric or diagonal."""
    possible = isinstance(letter, MatrixSymbol) and not isinstance(letter, OrthogonalSymbol)
    if isinstance(letter, SymmetricSymbol):
        possible = is_symmetric(rate)
    elif isinstance(letter, DiagonalSymbol):
        words = normal_form(rate).terms
        possible = all(isinstance(factor, DiagonalSymbol) for _, word in words for factor, _ in word)
    if not possible:
        raise NotWords(f"at this rate {letter} would not stay what it is, which is outside the matrix words")


def _rate(e: Any, rates: Mapping[Any, Any]) -> Any:
    if not e.has(*rates):
        return ZeroMatrix(*e.shape)
    if isinstance(e, MatrixSymbol):
        return rates[e]
    if isinstance(e, MatAdd):
        return MatAdd(*(_rate(a, rates) for a in e.args))
    if isinstance(e, MatMul):
        return _of_product(e.args, rates)
    if isinstance(e, Transpose):
        return Transpose(_rate(e.arg, rates))
    if isinstance(e, Inverse):
        return -1 * MatMul(e, _rate(e.arg, rates), e)
    if isinstance(e, MatPow) and e.exp.is_Integer and abs(e.exp) <= 16:
        return _of_product([e.base if e.exp > 0 else Inverse(e.base)] * abs(int(e.exp)), rates)
    raise NotWords(f"{type(e).__name__}: the rate of such an expression is outside the matrix words")


def _of_product(factors: Sequence[Any], rates: Mapping[Any, Any]) -> Any:
    parts = []
    for i, factor in enumerate(factors):
        if not isinstance(factor, MatrixExpr):
            if factor.has(*rates):
                raise NotWords(f"the rate of the scalar {factor} is outside the matrix words")
            continue
        parts.append(MatMul(*factors[:i], _rate(factor, rates), *factors[i + 1 :]))
    return MatAdd(*parts) if len(parts) > 1 else parts[0]


__all__ = ["MatrixRate", "rate_of_matrix", "without_rates"]
