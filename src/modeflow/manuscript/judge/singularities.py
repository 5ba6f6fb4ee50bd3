"""Where a function of one real letter may not be continuous, and what it does there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import sympy
from sympy import Expr, Integral, Symbol

from ..mean.real_points import is_real_where_defined

_ANALYTIC = (sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.atan, sympy.asinh)
# Where a function of x is singular one of these is zero.
_VANISHING: dict[Any, Callable[[Expr], tuple[Expr, ...]]] = {
    **dict.fromkeys(_ANALYTIC, lambda x: ()),
    sympy.tan: lambda x: (sympy.cos(x),),
    sympy.cot: lambda x: (sympy.sin(x),),
    sympy.coth: lambda x: (sympy.sinh(x),),
    sympy.csch: lambda x: (sympy.sinh(x),),
    sympy.atanh: lambda x: (1 - x, 1 + x),
    sympy.asin: lambda x: (1 - x, 1 + x),
    sympy.acos: lambda x: (1 - x, 1 + x),
}


class NotKnown(Exception):
    """Of an expression it is not known where it is singular."""


class Kind(Enum):
    """What a function of a real letter does where an expression in it vanishes."""

    POLE = "tends to infinity or has the same limit from both sides, as log|x|, 1/x and x²/x do"
    KINK = "is continuous there, unless it is multiplied by a pole, as |x|/x is"
    JUMP = "may have two limits, as atan(1/x) has"


Singularity = tuple[Expr, Kind]


@dataclass(frozen=True)
class _Around:
    """What stands around a part of an expression.

    keeps_poles: nothing but sums, products, quotients and one logarithm; factor: it is one of what the logarithm is of,
    so that bars around it say nothing, as they do in log(2 + |x|/x).
    """

    keeps_poles: bool = True
    in_logarithm: bool = False
    factor: bool = False


def singular(e: Any, letter: Symbol, around: _Around = _Around()) -> Iterator[Singularity]:
    """Real expressions of which one vanishes wherever the expression is not analytic in the letter.

    Raises NotKnown where that is not known.
    """
    if not e.has(letter) or e == letter or isinstance(e, Integral):
        return
    here, around_parts = _outermost(e, letter, around)
    yield from here
    for part in e.args:
        yield from singular(part, letter, around_parts)


def _outermost(e: Any, letter: Symbol, around: _Around) -> tuple[list[Singularity], _Around]:
    """The singularities of the outermost operation, and what stands around its parts."""
    if e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer):
        return _rational(e, around)
    if not all(map(is_real_where_defined, e.args)):
        raise NotKnown
    if isinstance(e, sympy.log):
        return _logarithm(e, around)
    if isinstance(e, sympy.Abs):
        return _bars(e, around)
    return _power(e, letter, around) if e.is_Pow else _function(e, around)


def _rational(e: Any, around: _Around) -> tuple[list[Singularity], _Around]:
    poles = [(e.base, _pole(around.keeps_poles))] if e.is_Pow and e.exp < 0 else []
    return poles, replace(around, factor=around.factor and not e.is_Add)


def _logarithm(e: Any, around: _Around) -> tuple[list[Singularity], _Around]:
    keeps_poles = around.keeps_poles and not around.in_logarithm
    return [(e.args[0], _pole(keeps_poles))], _Around(keeps_poles, in_logarithm=True, factor=True)


def _pole(keeps_poles: bool) -> Kind:
    return Kind.POLE if keeps_poles else Kind.JUMP


def _bars(e: Any, around: _Around) -> tuple[list[Singularity], _Around]:
    if around.keeps_poles and around.factor:
        return [], around
    return [(e.args[0], Kind.KINK)], replace(around, keeps_poles=False)


def _power(e: Any, letter: Symbol, around: _Around) -> tuple[list[Singularity], _Around]:
    kind = Kind.KINK if e.exp.is_positive else Kind.JUMP
    return [(e.base, kind)] if e.base.has(letter) else [], replace(around, keeps_poles=False)


def _function(e: Any, around: _Around) -> tuple[list[Singularity], _Around]:
    if type(e) not in _VANISHING:
        raise NotKnown
    return [(base, Kind.JUMP) for base in _VANISHING[type(e)](*e.args)], replace(around, keeps_poles=False)
