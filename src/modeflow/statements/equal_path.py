"""The motion of the product of equal layers."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol


@dataclass(frozen=True)
class EqualPath:
    """dw/dt = -rate·w^order·f'(w) from a start.

    Attributes:
        slope: f', in w.
        place: the letter w.
        begun: the strength at t = 0.
        rate, order: as above.
        kept: what has to stay positive for the absolute values to be what they are at the start.
    """

    slope: Expr
    place: Symbol
    begun: Expr
    rate: Expr
    order: Expr
    kept: tuple[Expr, ...] = ()

    @property
    def velocity(self) -> Expr:
        """dw/dt, in w."""
        return -self.rate * self.place**self.order * self.slope

    @property
    def walls(self) -> tuple[Expr, ...]:
        """The strengths at which the absolute values change."""
        return tuple(root for e in self.kept for root in sympy.solve(e, self.place))
