"""What has no algebra here, taken for a letter: (a + asin(x))² is a² + 2a·asin(x) + asin(x)² whatever asin(x) is.

An identity that holds for every value of a letter holds for the value of what it stands for. Equal parts get the same
letter, of which nothing is assumed; nothing is refuted in this way.
"""

from __future__ import annotations

import sympy
from sympy import Dummy, Expr

from .known_signs import is_nowhere_zero
from .tower import OutsideTower, ZeroDenominator, signs_of

_OPEN = (sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.sinh, sympy.cosh, sympy.tanh)


def adjoined(*sides: Expr) -> tuple[list[Expr], dict[Dummy, Expr]]:
    """The sides with letters in the place of their parts outside the tower, and what the letters stand for."""
    letters: dict[Expr, Dummy] = {}
    return [_put(side, letters) for side in sides], {letter: part for part, letter in letters.items()}


def _put(e: Expr, letters: dict[Expr, Dummy]) -> Expr:
    if not e.args:
        return e
    if isinstance(e, sympy.exp) and (by_inverse := _by_product_logarithms(e)) is not None:
        return _put(by_inverse, letters)
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


def _by_product_logarithms(e: Expr) -> Expr | None:
    """e^(a + k·W(x)) as e^a·(x/W(x))^k, for x that is not 0; None where there is none of it.

    Where x may be 0, k is negative, so that x is what is divided by, and that it is not 0 becomes a condition.
    """
    found = sympy.S.One
    for term in sympy.Add.make_args(e.args[0]):
        count, w = term.as_coeff_Mul()
        if isinstance(w, sympy.LambertW) and count.is_Integer and (count < 0 or is_nowhere_zero(w.args[0])):
            found *= (w.args[0] / w) ** count
        else:
            found *= sympy.exp(term)
    return None if found == e else found
