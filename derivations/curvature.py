"""Curvature of a mode's loss along (1, 1) and (1, -1), the directions in which balanced weights differ or agree."""

from collections.abc import Mapping

from sympy import Expr, Integer, Symbol, Tuple, diff

from modeflow.language.flow import HessianAlong

from .alphabet import w1, w2


def hessian(loss: Expr, at: Mapping[Symbol, Expr]) -> list[list[Expr]]:
    """The second derivatives of the loss at a point."""
    return [[diff(loss, r, s).subs(at) for s in (w1, w2)] for r in (w1, w2)]


def along_diagonals(loss: Expr, at: Mapping[Symbol, Expr]) -> Tuple:
    """The Hessian at a point applied to (1, 1) and to (1, -1), four entries.

    They are (μ, μ, ν, -ν) exactly when both directions are eigenvectors, with eigenvalues μ and ν.
    """
    point = Tuple(*(at[w] for w in (w1, w2)))
    directions = (Tuple(1, 1), Tuple(1, -1))
    return Tuple(
        *(HessianAlong(loss, Tuple(w1, w2), point, d, row) for d in directions for row in (Integer(0), Integer(1)))
    )
