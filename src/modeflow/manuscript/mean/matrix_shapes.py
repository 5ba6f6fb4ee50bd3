"""Sums and products of scalars and matrices of which each has its shape; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sympy import Add, Dummy, Identity, Integer, MatAdd, MatMul, MatPow, Mul, Pow, Trace, Transpose, ZeroMatrix

from ...language.matrices import has_letters, squared_norm
from ..text.tokens import Unparsed

ANY = Dummy("size", integer=True, positive=True)  # of an identity whose place gives its size
IDENTITY = Identity(ANY)
LARGEST_POWER = 16  # of a matrix


class Misfit(Unparsed):
    """Shapes that do not fit: the equation is understood, and cannot hold; about: expressions for {} in the reason."""

    def __init__(self, reason: str, position: int, *about: Any) -> None:
        super().__init__(reason.format(*about), position)
        self.reason, self.about = reason, about


def is_matrix(value: Any) -> bool:
    """Whether it is a matrix, not a scalar."""
    return bool(getattr(value, "is_Matrix", False))


def total(parts: Sequence[Any], position: int) -> Any:
    """The sum."""
    scalars, matrices = _apart(parts)
    if not matrices:
        return Add(*parts)
    if scalars:
        raise Misfit("{} is a scalar, and is added to a matrix", position, scalars[0])
    sizes = {m.shape for m in matrices if ANY not in m.shape}
    if len(sizes) > 1:
        raise Misfit(f"matrices of {' and '.join(sorted(map(_by, sizes)))} are added", position)
    if sizes:
        (shape,) = sizes
        matrices = [_sized(m, shape, position) for m in matrices]
    return MatAdd(*matrices).doit(deep=False)


def product(parts: Sequence[Any], position: int) -> Any:
    """The product, in its order."""
    scalars, matrices = _apart(parts)
    if not matrices:
        return Mul(*scalars)
    matrices = _sized_by_neighbours(matrices)
    for left, right in pairwise(matrices):
        if left.shape[1] != right.shape[0]:
            reason = f"{{}} is {_by(left.shape)} and {{}} is {_by(right.shape)}: they cannot be multiplied"
            raise Misfit(reason, position, left, right)
    return MatMul(*scalars, *matrices).doit(deep=False)


def _apart(parts: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The scalars and the matrices."""
    return [p for p in parts if not is_matrix(p)], [p for p in parts if is_matrix(p)]


def _sized_by_neighbours(factors: Sequence[Any]) -> list[Any]:
    """The matrices of a product, each identity in the size of what stands before it, at the beginning after it."""
    size = next((m.shape[0] for m in factors if ANY not in m.shape), ANY)
    sized = []
    for factor in factors:
        sized.append(factor.xreplace({ANY: size}) if ANY in factor.shape else factor)
        size = sized[-1].shape[1]
    return sized


def power(base: Any, exponent: Any, position: int) -> Any:
    """A whole power of a square matrix."""
    if not (exponent.is_Integer and 1 <= exponent <= LARGEST_POWER):
        raise Unparsed("of matrices, only powers from 1 to 16 are read", position)
    if base.shape[0] != base.shape[1]:
        raise Misfit(f"a power of a matrix that is {_by(base.shape)}", position)
    return MatPow(base, exponent).doit(deep=False)


def transpose(value: Any, position: int) -> Any:
    """The transpose."""
    if not is_matrix(value):
        raise Unparsed("the transpose of something that is not a matrix", position)
    return Transpose(value).doit()


def trace(value: Any, position: int) -> Any:
    """The trace of a square matrix."""
    if not is_matrix(value):
        raise Unparsed("the trace of something that is not a matrix", position)
    if ANY in value.shape:
        raise Unparsed("the size of an identity is not clear here", position)
    if value.shape[0] != value.shape[1]:
        raise Misfit(f"the trace of a matrix that is {_by(value.shape)}", position)
    return Trace(value)


def norm(value: Any, position: int) -> Any:
    """The squared Frobenius norm."""
    if not is_matrix(value):
        raise Unparsed("the norm of something that is not a matrix", position)
    if ANY in value.shape:
        raise Unparsed("the size of an identity is not clear here", position)
    return squared_norm(value)


@dataclass(frozen=True)
class Rates:
    """Derivatives in time of sums, products, powers, transposes and traces; letters: those that move → their rates."""

    letters: Mapping[Any, Any]
    time: Any

    def of(self, value: Any, position: int) -> Any:
        """The derivative; raises Unparsed where nothing moves, or a rate would be differentiated."""
        if not self._moves(value):
            raise Unparsed("what is differentiated does not depend on t: declare its letters as W(t)", position)
        if any(value.has(moved) for moved in self.letters.values()):
            raise Unparsed("a second derivative of a matrix is not read", position)
        return self._of(value, position)

    def _moves(self, value: Any) -> bool:
        return bool(value.has(self.time)) or any(value.has(letter) for letter in self.letters)

    def _of(self, value: Any, position: int) -> Any:
        if value in self.letters:
            return self.letters[value]
        if not self._moves(value):
            return ZeroMatrix(*value.shape) if is_matrix(value) else Integer(0)
        if not has_letters(value):
            along = (value.diff(s) * moved for s, moved in self.letters.items() if not is_matrix(s))
            return value.diff(self.time) + Add(*along)
        return self._by_rule(value, position)

    def _by_rule(self, value: Any, position: int) -> Any:
        """The derivative of an operation that matrices stand in."""
        if isinstance(value, MatAdd | Add):
            return total([self._of(part, position) for part in value.args], position)
        if isinstance(value, MatMul | Mul):
            return self._product(list(value.args), position)
        if isinstance(value, MatPow | Pow) and value.exp.is_Integer and 1 <= value.exp <= LARGEST_POWER:
            return self._product([value.base] * int(value.exp), position)
        if isinstance(value, Transpose | Trace):
            return value.func(self._of(value.args[0], position)).doit(deep=False)
        raise Unparsed("the derivative of such a matrix is not read", position)

    def _product(self, parts: list[Any], position: int) -> Any:
        moving = [n for n, part in enumerate(parts) if self._moves(part)]
        terms = [product([*parts[:n], self._of(parts[n], position), *parts[n + 1 :]], position) for n in moving]
        return total(terms, position)


def alike(sides: Sequence[Any]) -> list[Any]:
    """The sides of an equation, each identity in the size of the others; raises Misfit for sides that differ."""
    if not any(is_matrix(s) for s in sides):
        return list(sides)
    shape = next((s.shape for s in sides if is_matrix(s) and ANY not in s.shape), None)
    if shape is None:
        raise Unparsed("the size of an identity is not clear here", 0)
    return [_as_matrix(side, shape) for side in sides]


def _as_matrix(side: Any, shape: tuple[Any, Any]) -> Any:
    if side == 0:
        return ZeroMatrix(*shape)
    if not is_matrix(side):
        raise Misfit("{} is a scalar, and the other side is a matrix", 0, side)
    return _sized(side, shape, 0)


def _sized(value: Any, shape: tuple[Any, Any], position: int) -> Any:
    if ANY in value.shape:
        if shape[0] != shape[1]:
            raise Misfit(f"an identity beside a matrix that is {_by(shape)}", position)
        return value.xreplace({ANY: shape[0]})
    if value.shape != shape:
        raise Misfit(f"{_by(value.shape)} on one side, {_by(shape)} on the other", position)
    return value


def _by(shape: tuple[Any, Any]) -> str:
    return f"{shape[0]} x {shape[1]}"
