"""Signs of polynomials in elementary steps that `modeflow.recheck` understands.

Two rules do: a multiple as a sum of products of polynomials with known signs, and conjugates, of which one is not
negative if their product and their sum are not. They cover what the tower finds by roots (u + v·r has the sign of its
larger part), by bounds (a polynomial in E - 1 for an exponential E >= 1, in E and 1 - E for one that is <= 1) and by
completing squares and by sums of squares.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from flint import fmpq, fmpq_mpoly

from .signs import ANY, NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, ZERO, Signs, plus, power, times
from .tower import Fractional, Generator, Tower
from .tower.factors import factored
from .tower.signs_of_fractions import CompletedSquare

DEEPEST = 6
Step = tuple[
    str, Any
]  # ("sum", (p, q, terms of p·q: [(coefficient, [(polynomial, exponent), …]), …])), ("conjugates", [p, q])


class SignSteps:
    """What is known of signs in a tower by the steps so far, and the steps that are new."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower
        self.facts: dict[str, Signs] = {}
        self.nonzero: set[str] = set()  # irreducible polynomials
        self.new: list[Step] = []
        self._depth = 0

    def signs(self, p: fmpq_mpoly) -> Signs | None:
        """The signs of p by its terms and factors, after the steps that show most of the factors."""
        content, factors = factored(p)
        total = frozenset({int(content > 0) - int(content < 0)})
        by_terms = self._by_terms(p)
        if by_terms is None:
            return None
        for f, m in factors:
            of_factor = self._irreducible(f)
            total = times(total, power(ANY if of_factor is None else of_factor, int(m)))
        return by_terms & total

    def of(self, a: Fractional) -> Signs | None:
        above, below = self.signs(a.num), self.signs(a.den)
        return None if above is None or below is None else times(above, below - ZERO)

    def _by_terms(self, p: fmpq_mpoly) -> Signs | None:
        found: Signs | None = self.tower._signs_by_terms(p)
        return found

    def learn(self, a: Fractional, signs: Signs) -> None:
        """A fraction with an irreducible numerator has these signs, by a step that is written already."""
        content, factors = factored(a.num)
        below = self.signs(a.den)
        if len(factors) == 1 and factors[0][1] == 1 and below is not None:
            of_content = frozenset({1 if content > 0 else -1})
            self.facts[str(factors[0][0])] = times(times(signs, below - ZERO), of_content)

    def _irreducible(self, f: fmpq_mpoly) -> Signs | None:
        found = self._signs_of(f)
        return found - ZERO if found is not None and str(f) in self.nonzero else found

    def _signs_of(self, f: fmpq_mpoly) -> Signs | None:
        by_terms = self._by_terms(f)
        if by_terms is None or by_terms != ANY:
            return by_terms
        if str(f) not in self.facts and self._depth < DEEPEST:
            self._depth += 1
            try:
                self._by_root(f) or self._by_bound(f)
                if self.facts.get(str(f), ANY) & ZERO and self.tower.signs_by_squares(f) != ANY:
                    self._by_square(f)
                if self.facts.get(str(f), ANY) & ZERO:
                    self._by_sum(f)
            finally:
                self._depth -= 1
        return self.facts.get(str(f), ANY)

    def _learn(self, f: fmpq_mpoly, signs: Signs, *steps: Step) -> bool:
        """True, since something is known now."""
        self.facts[str(f)] = signs
        self.new += steps
        return True

    def _by_root(self, p: fmpq_mpoly) -> bool:
        """For p = u + v·r: the conjugate is v·r - u or u - v·r, whichever adds up to a part of known sign."""
        return any(self._by_conjugates(p, g) for g in reversed(self.tower.present(p)) if _is_square_root(g))

    def _by_conjugates(self, p: fmpq_mpoly, g: Generator) -> bool:
        parts = self.tower.by_power(p, g.index)
        if set(parts) != {0, 1} or g.of is None:
            return False
        root, u, v = self.tower.variables[g.index], parts[0], parts[1]
        larger = self.signs(self.tower.reduced(v**2 * g.of.num - u**2))
        if larger is None or larger == ANY:
            return False
        side, conjugate = (v, v * root - u) if larger <= NONNEGATIVE else (u, u - v * root)
        for sign in (1, -1):
            if (self.signs(side * sign) or ANY) <= NONNEGATIVE:
                found = _one_sided(sign, strict=not larger & ZERO)
                return self._learn(p, found, ("conjugates", [p * sign, conjugate * sign]))
        return False

    def _by_bound(self, p: fmpq_mpoly) -> bool:
        """p as a sum of products of the exponentials and of what is known not to be negative beside them."""
        if self.tower._signs_by_bound(p) == ANY:
            return False
        bounded = [g for g in self.tower.present(p) if g.bound]
        tops = {g.index: int(p.degrees()[g.index]) for g in bounded}
        terms, total = [], ZERO
        for monomial, coefficient in self._beyond_bounds(p, bounded, tops).to_dict().items():
            factors = self._factors_of_term(monomial, tops)
            terms.append((str(coefficient), factors))
            known = (power(self._known(f), k) for f, k in factors)
            total = plus(total, reduce(times, known, frozenset({1 if coefficient > 0 else -1})))
        return total != ANY and self._learn(p, total, ("sum", (p, self.tower.one, terms)))

    def _beyond_bounds(self, p: fmpq_mpoly, bounded: list[Generator], tops: dict[int, int]) -> fmpq_mpoly:
        """p in the h >= 0 of which E = 1 + h or, after multiplication by a power of E, E = 1/(1 + h)."""
        for g in bounded:
            parts, x = self.tower.by_power(p, g.index), 1 + self.tower.variables[g.index]
            exponents = ((k if g.bound > 0 else tops[g.index] - k, c) for k, c in parts.items())
            p = sum((c * x**k for k, c in exponents), p * 0)
        return p

    def _by_square(self, p: fmpq_mpoly) -> None:
        """A multiple of p as a square and a rest that is not negative, and is positive if one is."""
        found = [(signs, square) for square in self.tower.squares(p) if (signs := self._signs_by_square(square)) != ANY]
        if not found:
            return
        signs, square = next((pair for pair in found if not pair[0] & ZERO), found[0])
        if signs >= self.facts.get(str(p), ANY):
            return
        content, factors = factored(square.rest)
        terms = [("1", [(square.root, 2)]), (str(content), [(f, int(m)) for f, m in factors])]
        self._learn(p, signs, ("sum", (p, square.multiplier, terms)))

    def _by_sum(self, p: fmpq_mpoly) -> None:
        """p as a sum of squares of one sign, the letters beside them."""
        signs = self.tower.signs_by_sum(p)
        if signs < self.facts.get(str(p), ANY):
            terms = [(str(coefficient), factors) for coefficient, factors in self.tower.sum_of_squares(p)]
            self._learn(p, signs, ("sum", (p, self.tower.one, terms)))

    def _signs_by_square(self, square: CompletedSquare) -> Signs:
        below, above = self.signs(square.multiplier), self.signs(square.rest)
        return times(plus(NONNEGATIVE, above), below) if above is not None and below in (POSITIVE, NEGATIVE) else ANY

    def _factors_of_term(self, monomial: tuple[int, ...], tops: dict[int, int]) -> list[tuple[fmpq_mpoly, int]]:
        exponents = ((index, int(d)) for index, d in enumerate(monomial) if d or index in tops)
        return [f for index, d in exponents for f in self._factors(self.tower.generator_at(index), d, tops)]

    def _factors(self, g: Generator, d: int, tops: dict[int, int]) -> list[tuple[fmpq_mpoly, int]]:
        """What stands for h^d, where E = 1 + h or, after multiplication by a power of E, h = (1 - E)/E."""
        x, one = self.tower.variables[g.index], self.tower.ring.constant(fmpq(1))
        if g.index not in tops:
            return [(x, d)]
        powers = [(x - one, d)] if g.bound > 0 else [(one - x, d), (x, tops[g.index] - d)]
        return [(f, k) for f, k in powers if k]

    def _known(self, f: fmpq_mpoly) -> Signs:
        by_terms = self._by_terms(f) or ANY
        here = self.tower.present(f)
        if by_terms != ANY or len(here) != 1 or not here[0].bound or here[0].of is None:
            return by_terms
        exponent = self.tower.signs(here[0].of)  # E - 1 has the sign of the exponent
        at_zero = exponent is None or bool(exponent & ZERO)
        return NONNEGATIVE if at_zero else frozenset({1})


def _is_square_root(g: Generator) -> bool:
    """Whether a generator is the square root of a polynomial that is not negative."""
    return g.kind == "root" and g.degree == 2 and g.signs is not None and g.of is not None and bool(g.of.den.is_one())


def _one_sided(sign: int, strict: bool) -> Signs:
    return frozenset({sign}) if strict else NONNEGATIVE if sign > 0 else NONPOSITIVE
