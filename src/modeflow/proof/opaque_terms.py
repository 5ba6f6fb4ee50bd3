"""What has no algebra here, taken for a letter: (a + asin(x))² is a² + 2a·asin(x) + asin(x)² whatever asin(x) is.

An identity that holds for every value of a letter holds for the value of what it stands for. Equal parts get the same
letter, of which nothing is assumed; nothing is refuted in this way.
"""

from __future__ import annotations

import sympy
from sympy import Dummy, Expr

from .tower import OutsideTower, ZeroDenominator, signs_of

_OPEN = (sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.sinh, sympy.cosh, sympy.tanh)


def adjoined(*sides: Expr) -> tuple[list[Expr], dict[Dummy, Expr]]:
    """The sides with letters in the place of their parts outside the tower, and what the letters stand for."""
    letters: dict[Expr, Dummy] = {}
    return [_put(side, letters) for side in sides], {letter: part for part, letter in letters.items()}


def _put(e: Expr, letters: dict[Expr, Dummy]) -> Expr:
    if not e.args:
        return e
    if e.is_Add or e.is_Mul or e.is_Pow or isinstance(e, _OPEN):
        return e.func(*(_put(a, letters) for a in e.args))
    if e not in letters and _has_algebra(e):
        return e
    return letters.setdefault(e, Dummy(type(e).__name__))


def _has_algebra(e: Expr) -> bool:
    try:
        signs_of(e)
    except OutsideTower:
        return False
    except ZeroDenominator:
        return True  # the whole says so, too
    return True
