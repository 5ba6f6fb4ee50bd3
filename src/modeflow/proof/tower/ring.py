"""Fractions of polynomials in generators, with relations between them.

A generator stands for something transcendental or algebraic: a symbol, pi, i, exp(a), log(a), a^(1/q). The roots r of
n/d come with relations r^q·d - n; polynomials are reduced modulo those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import Any

import sympy
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr

from ..signs import Signs
from .factors import factors_of


class OutsideTower(Exception):
    """The expression holds something that has no exact algebra here."""


class ZeroDenominator(Exception):
    """The expression divides by something that is identically zero."""


class Full(Exception):
    """More generators than the ring has variables."""


class Finer(Exception):
    """An exponent is a fraction of a known one: that exponential must be made finer from the start."""

    def __init__(self, position: int, factor: int) -> None:
        super().__init__(position, factor)
        self.position, self.factor = position, factor


@dataclass(frozen=True)
class Fractional:
    """num / den, two polynomials in the generators."""

    num: fmpq_mpoly
    den: fmpq_mpoly


@dataclass
class Generator:
    """One variable of the ring.

    kind: symbol, constant, root, exp or log. means: the SymPy expression it stands for. signs: the signs it can
    have, None where it need not be real. of: the radicand (root), exponent (exp) or argument (log).
    degree: q for a root. bound: -1 where exp(a) <= 1 is known, +1 where exp(a) >= 1 is known, else 0.
    """

    index: int
    kind: str
    means: Expr
    signs: Signs | None
    of: Fractional | None = None
    degree: int = 0
    bound: int = 0


class Ring:
    """A ring with room for a fixed number of generators, filled from the last variable to the first.

    Later generators are larger in the lexicographic order, so that dividing by r^q - a removes high powers of r.
    """

    def __init__(self, capacity: int) -> None:
        self.ring = fmpq_mpoly_ctx.get([f"x{i:03}" for i in range(capacity)], Ordering.lex)
        self.variables = self.ring.gens()
        self.generators: list[Generator] = []
        self._free = capacity

    # --- fractions -----------------------------------------------------------------------------------------

    def constant(self, value: Any) -> Fractional:
        return Fractional(self.ring.constant(_rational(value)), self.one)

    @property
    def one(self) -> fmpq_mpoly:
        return self.ring.constant(fmpq(1))

    def add(self, a: Fractional, b: Fractional) -> Fractional:
        if self._without_roots(a.den) and self._without_roots(b.den):  # else the product may be reduced to another form
            common = a.den.gcd(b.den)
            left, right = a.den // common, b.den // common
            return self.fraction(a.num * right + b.num * left, left * b.den)
        return self.fraction(a.num * b.den + b.num * a.den, a.den * b.den)

    def total(self, terms: Sequence[Fractional]) -> Fractional:
        """All of them: over one denominator, where that gives the same form as one after the other."""
        if not all(self._without_roots(a.den) for a in terms):
            return reduce(self.add, terms)
        common = self.one
        for a in terms:
            common *= a.den // common.gcd(a.den)
        return self.fraction(sum((a.num * (common // a.den) for a in terms), common * 0), common)

    def multiply(self, a: Fractional, b: Fractional) -> Fractional:
        return self.fraction(a.num * b.num, a.den * b.den)

    def subtract(self, a: Fractional, b: Fractional) -> Fractional:
        return self.add(a, self.negative(b))

    def negative(self, a: Fractional) -> Fractional:
        return Fractional(-a.num, a.den)

    def fraction(self, num: fmpq_mpoly, den: fmpq_mpoly) -> Fractional:
        """num/den reduced by the relations of the roots and by the common factor."""
        num, den = self.reduced(num), self.reduced(den)
        if den.is_zero():
            raise ZeroDenominator("division by an expression that is identically zero")
        if num.is_zero():
            return Fractional(num, self.one)
        common = num.gcd(den)
        if not common.is_one():
            num, den = num // common, den // common
        lead = den.leading_coefficient()
        return Fractional(num * (1 / lead), den * (1 / lead))

    def number(self, a: Fractional) -> Fraction | None:
        """The rational number that a fraction is, if it is one."""
        if not (a.num.is_constant() and a.den.is_constant()):
            return None
        value = a.num.leading_coefficient() / a.den.leading_coefficient() if not a.num.is_zero() else fmpq(0)
        return Fraction(int(value.p), int(value.q))

    def _factorised(self, a: Fractional) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
        """The rational content of a and its irreducible factors with multiplicities of either sign."""
        above, numerators = factors_of(a.num)
        below, denominators = factors_of(a.den)
        return above / below, numerators + [(f, -m) for f, m in denominators]

    def _signed_power(self, f: fmpq_mpoly, m: int) -> Fractional:
        return self.fraction(f**m, self.one) if m >= 0 else self.fraction(self.one, f**-m)

    def _scaled(self, a: Fractional, q: Any) -> Fractional:
        return self.multiply(a, self.constant(q))

    def _without_roots(self, p: fmpq_mpoly) -> bool:
        return p.is_constant() or all(g.kind != "root" for g in self.present(p))

    # --- relations -----------------------------------------------------------------------------------------

    def reduced(self, p: fmpq_mpoly) -> fmpq_mpoly:
        """p modulo r^q = a for each root whose radicand is a polynomial, newest first."""
        for g in reversed(self.generators):
            if g.kind == "root" and g.of is not None and g.of.den.is_one() and p.degrees()[g.index] >= g.degree:
                p = divmod(p, self.relation(g))[1]
        return p

    def relation(self, g: Generator) -> fmpq_mpoly:
        """The polynomial r^q·d - n that vanishes for the root r of n/d."""
        assert g.of is not None
        return self.variables[g.index] ** g.degree * g.of.den - g.of.num

    def is_zero(self, a: Fractional) -> bool:
        p = self.reduced(a.num)
        for g in reversed(self.generators):
            if g.kind == "root" and g.of is not None and not g.of.den.is_one():
                p = self.reduced(self._clear(p, g))
        return bool(p.is_zero())

    def _clear(self, p: fmpq_mpoly, g: Generator) -> fmpq_mpoly:
        """p times a power of d, with every r^q replaced by n/d."""
        assert g.of is not None
        steps = p.degrees()[g.index] // g.degree
        if not steps:
            return p
        total = self.ring.constant(fmpq(0))
        for exponent, part in self.by_power(p, g.index).items():
            k, rest = divmod(exponent, g.degree)
            total += part * self.variables[g.index] ** rest * g.of.num**k * g.of.den ** (steps - k)
        return total

    def by_power(self, p: fmpq_mpoly, index: int) -> dict[int, fmpq_mpoly]:
        """p as a polynomial in one variable: exponent → coefficient."""
        parts: dict[int, fmpq_mpoly] = {}
        while not p.is_zero():
            k = int(p.degrees()[index])
            parts[k], p = divmod(p, self.variables[index] ** k) if k else (p, p * 0)
        return parts

    # --- generators ----------------------------------------------------------------------------------------

    def new(self, kind: str, means: Expr, signs: Signs | None, **more: Any) -> Generator:
        if self._free == 0:
            raise Full
        self._free -= 1
        g = Generator(self._free, kind, means, signs, **more)
        self.generators.append(g)
        return g

    def variable(self, g: Generator) -> Fractional:
        return Fractional(self.variables[g.index], self.one)

    def generator_at(self, index: int) -> Generator:
        return self.generators[self.ring.nvars() - 1 - index]

    def present(self, p: fmpq_mpoly) -> list[Generator]:
        """The generators that occur in a polynomial; none in 0, whose degrees are −1."""
        return [self.generator_at(i) for i, d in enumerate(p.degrees()) if d > 0]

    def _single_variable(self, f: fmpq_mpoly) -> Generator | None:
        here = self.present(f)
        return here[0] if len(here) == 1 and f == self.variables[here[0].index] else None

    def expression(self, p: fmpq_mpoly, written: Mapping[int, Expr] = MappingProxyType({})) -> Expr:
        """A polynomial in the generators as a SymPy expression; written: what stands for some of them, by index."""
        return sympy.Add(*(self._term(monomial, c, written) for monomial, c in p.to_dict().items()))

    def _term(self, monomial: tuple[int, ...], coefficient: fmpq, written: Mapping[int, Expr]) -> Expr:
        factors = (written.get(i, self.generator_at(i).means) ** d for i, d in enumerate(monomial) if d)
        return sympy.Mul(sympy.Rational(int(coefficient.p), int(coefficient.q)), *factors)

    def sympy(self, a: Fractional) -> Expr:
        return self.expression(a.num) / self.expression(a.den)

    def _key(self, a: Fractional) -> str:
        return f"{a.num}/{a.den}"


# --- small pieces ------------------------------------------------------------------------------------------


def _rational(value: Any) -> fmpq:
    if isinstance(value, int | Fraction):
        return fmpq(value.numerator, value.denominator)
    return fmpq(int(value.p), int(value.q))


def primes_of(content: Fraction) -> Iterator[tuple[int, int]]:
    """Prime factors of a positive or negative rational; very large factors are kept whole."""
    for n, sign in ((abs(content.numerator), 1), (content.denominator, -1)):
        if n > 1:
            for prime, m in sorted(sympy.factorint(n, limit=10**5).items()):
                yield int(prime), sign * m
