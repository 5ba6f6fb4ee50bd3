"""Values that a paper gives to quantities once and for all: numbers, expressions, the identity and the zero matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sympy import Identity, MatrixSymbol, Rational, Symbol, Transpose, ZeroMatrix
from sympy.core.function import AppliedUndef

from ...language.matrices import DiagonalSymbol, OrthogonalSymbol, SymmetricSymbol
from ...statements.catalogue import Catalogue
from .matrix_shapes import ANY, is_matrix
from .presets import ASSUMPTIONS

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30}|/[1-9]\d{0,29})?")

Read = Callable[[str], Any]


class UnusableValue(ValueError):
    """A value that the quantity cannot have; the message says why, and names neither."""


def fixed_value(name: str, written: Any, catalogue: Catalogue, read: Read) -> tuple[Any, Any]:
    """The letter of a quantity and its value; `read` reads mathematics in the letters of the paper."""
    quantity = catalogue.quantities.get(name)
    if quantity is None or not isinstance(quantity.symbol, Symbol | MatrixSymbol):
        raise UnusableValue("not a scalar or a matrix among the quantities; take one that the page on quantities lists")
    text = str(written)
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise UnusableValue('give a number, a fraction as "1/2", or an expression in quotes')
    if isinstance(quantity.symbol, MatrixSymbol):
        return quantity.symbol, _matrix(quantity.symbol, text, read)
    if _NUMBER.fullmatch(text):
        return quantity.symbol, Rational(text)
    return quantity.symbol, _scalar(read(text))


def _scalar(value: Any) -> Any:
    if is_matrix(value):
        raise UnusableValue("a matrix, for a quantity that is none; give a scalar")
    return value


def _matrix(letter: MatrixSymbol, text: str, read: Read) -> Any:
    if text in ("zero", "0"):
        return ZeroMatrix(*letter.shape)
    value = Identity(ANY) if text == "identity" else read(text)
    if not is_matrix(value):
        raise UnusableValue('give "identity", "zero" or an expression in matrices')
    if ANY in value.shape and letter.shape[0] == letter.shape[1]:
        value = value.xreplace({ANY: letter.shape[0]})
    if value.shape != letter.shape:
        raise UnusableValue("its shape is another than that of the quantity; give one of {} x {}".format(*letter.shape))
    return value


def resolved(given: Mapping[Any, Any], catalogue: Catalogue) -> dict[Any, Any]:
    """The values with each other put in, each held against what is assumed of its letter."""
    values = dict(given)
    for _ in given:
        values = {letter: value.xreplace(values) for letter, value in values.items()}
    for letter, value in values.items():
        if value.has(*values):
            raise UnusableValue(f"the value of {letter} depends on itself; leave one of them out")
        if value.has(AppliedUndef, *(motion.time for motion in catalogue.motions if motion.time is not None)):
            raise UnusableValue(f"the value of {letter} moves in time; give one that does not")
        if not _may_be(letter, value):
            domain = next(q.domain for q in catalogue.quantities.values() if q.symbol == letter)
            raise UnusableValue(f"{letter} is {domain}, and {value} is not, or not always; give a value that is")
    return values


def _may_be(letter: Any, value: Any) -> bool:
    """Whether the value has every property that is assumed of the letter."""
    if not is_matrix(letter):
        assumed = letter.assumptions0
        return all(getattr(value, f"is_{name}") is True for name in ASSUMPTIONS if assumed.get(name))
    special = isinstance(letter, SymmetricSymbol | DiagonalSymbol | OrthogonalSymbol)
    if not special or isinstance(value, Identity):
        return True
    if isinstance(value, ZeroMatrix):
        return not isinstance(letter, OrthogonalSymbol)
    return isinstance(letter, SymmetricSymbol) and bool(Transpose(value).doit() == value)
