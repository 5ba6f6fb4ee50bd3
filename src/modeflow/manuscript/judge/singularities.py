"""Where a function of one real letter may not be continuous, and what it does there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import sympy
from sympy import Expr, Integral, Symbol

from ..mean.real_points import is_real_where_defined

_ENTIRE = (sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.atan, sympy.asinh)
_SINGULAR: dict[Any, Callable[[Expr], tuple[Expr, ...]]] = {  # where the function of x is, one of these is zero
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


def singular(
    e: Any, letter: Symbol, plain: bool = True, in_logarithm: bool = False, factor: bool = False
) -> Iterator[tuple[Expr, Kind]]:
    """Real expressions of which one vanishes wherever the expression is not analytic in the letter.

    plain: nothing but sums, products, quotients and one logarithm stands around it; factor: it is one of what the
    logarithm is of, so that bars around it say nothing, as they do in log(2 + |x|/x).
    """
    if not e.has(letter) or e == letter or isinstance(e, Integral):
        return
    rational = e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer)
    if not rational and not all(map(is_real_where_defined, e.args)):
        raise NotKnown
    if rational:
        if e.is_Pow and e.exp < 0:
            yield e.base, Kind.POLE if plain else Kind.JUMP
        factor = factor and not e.is_Add
    elif isinstance(e, sympy.log):
        plain = plain and not in_logarithm
        yield e.args[0], Kind.POLE if plain else Kind.JUMP
        in_logarithm = factor = True
    elif isinstance(e, sympy.Abs):
        if not (plain and factor):
            yield e.args[0], Kind.KINK
            plain = False
    elif e.is_Pow and e.base.has(letter):
        yield e.base, Kind.KINK if e.exp.is_positive else Kind.JUMP
        plain = False
    elif type(e) in _SINGULAR:
        yield from ((base, Kind.JUMP) for base in _SINGULAR[type(e)](*e.args))
        plain = False
    elif e.is_Pow or isinstance(e, _ENTIRE):
        plain = False
    else:
        raise NotKnown
    for part in e.args:
        yield from singular(part, letter, plain, in_logarithm, factor)
