"""One weight of a product by which all others are known.

τᵢwᵢ²/mᵢ - τⱼwⱼ²/mⱼ is conserved, so that all weights are known by the one with the smallest τw²/m, called x. It alone
may pass through 0. Weights of the same τw²/m stay in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr, Integer, Mul, Symbol, expand, sqrt

from .product_loss import ProductLoss


@dataclass(frozen=True)
class Orbit:
    """All weights by one of them.

    Attributes:
        product: the loss, without absolute values.
        taus: the time constant of each weight.
        start: the weights at t = 0.
        place: the letter x.
        kept: what has to stay positive for the absolute values to be what they are at the start, in h.
    """

    product: ProductLoss
    taus: tuple[Expr, ...]
    start: tuple[Expr, ...]
    place: Symbol
    kept: tuple[Expr, ...] = ()

    @cached_property
    def _sizes(self) -> list[Expr]:
        """τw²/m of each weight at the start."""
        return [tau * a**2 / m for tau, a, m in zip(self.taus, self.start, self.product.multiplicities, strict=True)]

    @cached_property
    def lead(self) -> int:
        """The weight with the smallest τw²/m; the first where that is not known."""
        known = (j for j in range(len(self.start)) if all(self._ahead(i, j).is_nonnegative for i in self._others(j)))
        return next(known, 0)

    def _others(self, lead: int) -> list[int]:
        return [i for i in range(len(self.start)) if i != lead]

    def _ahead(self, i: int, j: int) -> Expr:
        """By how much the i-th weight is larger than the j-th, which is conserved."""
        return expand(self._sizes[i] - self._sizes[j])

    @cached_property
    def tied(self) -> list[int]:
        """The weights in proportion to x, x among them."""
        return [i for i in range(len(self.start)) if self._ahead(i, self.lead) == 0]

    @property
    def apart(self) -> list[int]:
        """The others."""
        return [i for i in range(len(self.start)) if i not in self.tied]

    @property
    def given(self) -> list[Any]:
        """What must hold besides, of the start and of the way."""
        return [*self.smallest, *(e.xreplace({self.product.product: self.strength}) > 0 for e in self.kept)]

    @property
    def smallest(self) -> list[Any]:
        """That x has the smallest τw²/m, where this is not known."""
        unknown = [i for i in self.apart if not self._ahead(i, self.lead).is_nonnegative]
        return [sympy.Ge(self.start[i] ** 2, self.share(i) * self.start[self.lead] ** 2) for i in unknown]

    def share(self, i: int) -> Expr:
        """By how much w² grows when x² grows by one."""
        m, j = self.product.multiplicities, self.lead
        return self.taus[j] * m[i] / (self.taus[i] * m[j])

    @cached_property
    def weights(self) -> list[Expr]:
        """Each weight, in x."""
        x, begun = self.place, self.start[self.lead]
        found = []
        for i, a in enumerate(self.start):
            if i == self.lead:
                found.append(x)
            elif i in self.tied:
                found.append(a / begun * x)
            else:
                found.append(a * sqrt(1 + self.share(i) * (x**2 - begun**2) / a**2))
        return found

    @property
    def strength(self) -> Expr:
        """h, in x."""
        return self.product.of(self.weights)

    @cached_property
    def velocity(self) -> Expr:
        """dx/dt, in x."""
        m, x = self.product.multiplicities, self.place
        slope = self.product.slope.xreplace({self.product.product: self.strength})
        return -m[self.lead] * (self.strength / x) * slope / self.taus[self.lead]

    # --- what the time law is made of ------------------------------------------------------------------------

    @property
    def unit(self) -> Expr:
        """What x^power is multiplied by in h, besides the weights that are not in proportion to x."""
        m, begun = self.product.multiplicities, self.start[self.lead]
        return Mul(*((self.start[i] / begun) ** m[i] for i in self.tied if i != self.lead))

    @property
    def scale(self) -> Expr:
        """dx/dt over x^order, those weights and the slope of the loss."""
        return -self.product.multiplicities[self.lead] * self.unit / self.taus[self.lead]

    @property
    def power(self) -> Expr:
        return Integer(sum(self.product.multiplicities[i] for i in self.tied))

    @property
    def order(self) -> Expr:
        return self.power - 1

    @property
    def others(self) -> tuple[tuple[Expr, Expr, int], ...]:
        """Of each weight apart: its start, how its square grows with x², and its multiplicity."""
        return tuple((self.start[i], self.share(i), self.product.multiplicities[i]) for i in self.apart)

    @property
    def walls(self) -> tuple[Expr, ...]:
        """The values of h at which the absolute values change."""
        return tuple(root for e in self.kept for root in sympy.solve(e, self.product.product))
