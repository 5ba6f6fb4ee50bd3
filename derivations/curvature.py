"""Curvature of a mode's loss: its Hessian, with the eigenvectors (1, 1) and (1, -1) of balanced weights."""

from collections.abc import Mapping

from sympy import Expr, Integer, Symbol, Tuple, diff

from modeflow.language.flow import HessianAlong

from .alphabet import w1, w2


def hessian(loss: Expr, at: Mapping[Symbol, Expr]) -> list[list[Expr]]:
    """The second derivatives of the loss at a point."""
    return [[diff(loss, r, s).subs(at) for s in (w1, w2)] for r in (w1, w2)]


def curvature(loss: Expr, at: Mapping[Symbol, Expr]) -> Tuple:
    """The Hessian at a point, column by column, and what it makes of (1, 1) and of (1, -1): eight entries."""
    point = Tuple(*(at[w] for w in (w1, w2)))
    directions = (Tuple(1, 0), Tuple(0, 1), Tuple(1, 1), Tuple(1, -1))
    return Tuple(
        *(HessianAlong(loss, Tuple(w1, w2), point, d, row) for d in directions for row in (Integer(0), Integer(1)))
    )


def spectrum(along: Expr, across: Expr) -> Tuple:
    """What these entries are if (1, 1) and (1, -1) are eigenvectors, with the eigenvalues `along` and `across`."""
    same, other = (along + across) / 2, (along - across) / 2
    return Tuple(same, other, other, same, along, along, across, -across)
