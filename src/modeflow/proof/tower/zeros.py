"""When a fraction is zero: by the relations, because the product with its conjugates is, or since its exponential is 1.

The last is for sums of logarithms, as in acosh(1 + 2p²) = 2 asinh(p): the exponential of such a sum is algebraic, and a
real number is zero if its exponential is 1. No branch enters, since exp is one-to-one on the reals.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm

import sympy
from flint import fmpq, fmpq_mpoly
from sympy import Expr

from ..signs import POSITIVE, ZERO
from .factors import factors_of
from .powers import Powers
from .ring import Fractional, Generator


class Zeros(Powers):
    """A ring that tells zero from what only looks like it."""

    def vanishes(self, a: Fractional) -> bool:
        """Whether a is zero, also where that takes its conjugates or its exponential."""
        return self.vanishes_algebraically(a) or any(
            self.vanishes_algebraically(self.above_one(f)) for f in self.sums_of_logarithms(a)
        )

    def vanishes_algebraically(self, a: Fractional) -> bool:
        if self.is_zero(a):
            return True
        return self._analytic_on_connected_domain() and self._zero_by_conjugates(self.reduced(a.num))

    def sums_of_logarithms(self, a: Fractional) -> Iterator[fmpq_mpoly]:
        """The factors of a that are real and have a multiple of a logarithm as a summand."""
        for f, _ in factors_of(a.num)[1]:
            if self.signs_of_polynomial(f) is not None and self.logarithms_in(f):
                yield f

    def logarithms_in(self, f: fmpq_mpoly) -> list[tuple[Generator, fmpq]]:
        """The logarithms that are summands of f, with their coefficients."""
        found = []
        for monomial, coefficient in f.to_dict().items():
            here = [self.generator_at(i) for i, d in enumerate(monomial) for _ in range(int(d))]
            if len(here) == 1 and here[0].kind == "log":
                found.append((here[0], coefficient))
        return found

    def above_one(self, f: fmpq_mpoly) -> Fractional:
        """exp(n·f) - 1, for the n that makes all coefficients whole."""
        n = lcm(*(int(c.q) for c in f.to_dict().values()))
        return self.add(self.exponential(Fractional(f * n, self.one)), self.constant(-1))

    def _zero_by_conjugates(self, p: fmpq_mpoly) -> bool:
        """p = 0 because p·p' = 0 for the conjugate p' = u - v·r of p = u + v·r, and p' is not zero.

        On a connected domain where every generator is analytic, a product vanishes only if one factor does.
        """
        if p.is_zero():
            return True
        roots = [g for g in reversed(self.generators) if g.kind == "root" and p.degrees()[g.index]]
        if not roots or roots[0].degree != 2 or roots[0].of is None:
            return False
        g = roots[0]
        parts = self.by_power(p, g.index)
        nothing = self.ring.constant(fmpq(0))
        u, v = parts.get(0, nothing), parts.get(1, nothing)
        if not self._zero_by_conjugates(self.reduced(u**2 - v**2 * roots[0].of.num)):
            return False
        return self._somewhere_nonzero(self.expression(u - v * self.variables[g.index]))

    def _analytic_on_connected_domain(self) -> bool:
        return all(map(self._is_analytic, self.generators))

    def _is_analytic(self, g: Generator) -> bool:
        """Whether a generator is analytic where the assumptions allow; a symbol, whether it fills an interval."""
        if g.signs is None:
            return False
        if g.kind == "symbol":
            return bool(g.means.is_extended_real) and not g.means.is_integer and g.signs != frozenset({-1, 1})
        if g.kind == "root":
            return g.of is not None and self.signs(g.of) == POSITIVE
        if g.kind == "exp":
            return not self._may_vanish(g)
        return g.kind in ("constant", "log")

    def _may_vanish(self, g: Generator) -> bool:
        """Whether the denominator of an exponent might be zero somewhere."""
        assert g.of is not None
        signs = self.signs_of_polynomial(g.of.den)
        return signs is None or bool(signs & ZERO)

    def _somewhere_nonzero(self, expression: Expr) -> bool:
        from ..evidence import Evidence, gather

        found: Evidence = gather(expression, sympy.Integer(0), "=", 3)
        return found.witness is not None
