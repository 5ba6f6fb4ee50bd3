"""Which signs a fraction can have, and which denominators the assumptions keep away from zero.

Those that they do not are collected as conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple

from flint import fmpq, fmpq_mpoly
from sympy import Expr

from ...language.expressions import letters_in, text
from ..signs import ANY, NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, ZERO, Signs, plus, power, times
from .factors import factors_of
from .ring import Fractional, Generator, OutsideTower, Ring, ZeroDenominator
from .sums_of_squares import LARGEST_DEGREE, Product, in_letters

LARGEST_POWER = 2000
MOST_TERMS_OF_SQUARE = 12


class CompletedSquare(NamedTuple):
    """multiplier · p = root² + rest."""

    multiplier: fmpq_mpoly
    root: fmpq_mpoly
    rest: fmpq_mpoly


class SignedRing(Ring):
    """A ring that knows the signs of its generators and refuses to divide by zero."""

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self.conditions: dict[str, fmpq_mpoly] = {}
        self._sign_depth = 0
        self.takes_apart = False  # roots and logarithms, for which quick signs do: of more factors come more roots
        self._texts: dict[str, str] = {}
        self._written: dict[str, Expr] = {}

    # --- division ------------------------------------------------------------------------------------------

    def inverse(self, a: Fractional) -> Fractional:
        """1/a; a zero numerator is refused and one that might vanish becomes a condition."""
        if self.is_zero(a):
            raise ZeroDenominator("division by an expression that is identically zero")
        for factor, _ in factors_of(a.num)[1]:
            self._require_nonzero(factor)
        return self.fraction(a.den, a.num)

    def integer_power(self, a: Fractional, n: int) -> Fractional:
        if abs(n) > LARGEST_POWER:
            raise OutsideTower(f"the power {n} is larger than {LARGEST_POWER}")
        base = a if n >= 0 else self.inverse(a)
        return self.fraction(base.num ** abs(n), base.den ** abs(n))

    def _require_nonzero(self, f: fmpq_mpoly) -> None:
        if f.is_constant():
            return
        factors = self._factors_to_require(f)
        if factors is not None:
            for factor in factors:
                self._require_nonzero(factor)
            return
        signs = self.signs_of_polynomial(f)
        if signs is None or signs & ZERO:
            self.conditions.setdefault(str(f), f)

    def _factors_to_require(self, f: fmpq_mpoly) -> list[fmpq_mpoly] | None:
        """What must not vanish for f not to: of a root what stands under it; None for an irreducible f itself."""
        single = self._single_variable(f)
        if single is not None and single.kind == "exp":
            return []
        if single is not None and single.kind == "root" and single.of is not None:
            return [factor for factor, _ in factors_of(single.of.num)[1]]
        factors = factors_of(f)[1]
        return [factor for factor, _ in factors] if len(factors) > 1 or factors[0][1] > 1 else None

    def nowhere_zero(self, a: Fractional) -> bool:
        """Whether no factor of the numerator can vanish, where the conditions so far hold."""
        before = dict(self.conditions)
        if self.is_zero(a):
            return False
        for factor, _ in factors_of(a.num)[1]:
            self._require_nonzero(factor)
        shown, self.conditions = self.conditions == before, before
        return shown

    def condition_texts(self) -> tuple[str, ...]:
        """The denominators that the assumptions alone do not keep away from zero, as text."""
        return tuple(self.condition_text(name) for name in self.conditions)

    def condition_text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = f"{text(self.condition(name))} != 0"
        return self._texts[name]

    def condition(self, name: str) -> Expr:
        """What must not vanish, as a SymPy expression."""
        if name not in self._written:
            self._written[name] = self.expression(self.conditions[name])
        return self._written[name]

    # --- signs ---------------------------------------------------------------------------------------------

    def signs(self, a: Fractional) -> Signs | None:
        """The signs a fraction can have; None where it is not known to be real."""
        above, below = self.signs_of_polynomial(a.num), self.signs_of_polynomial(a.den)
        return None if above is None or below is None else times(above, below - ZERO)

    def signs_of_polynomial(self, p: fmpq_mpoly) -> Signs | None:
        p = self.reduced(p)
        by_terms = self._signs_by_terms(p)
        if by_terms != ANY or self._sign_depth > 6:
            return by_terms
        self._sign_depth += 1
        try:
            attempts = (self._signs_by_number, self._signs_by_factors, self._signs_by_root, self._signs_by_bound)
            found = next((signs for attempt in attempts if (signs := attempt(p)) != ANY), ANY)
            found = found & self.signs_by_squares(p) if found & ZERO else found
            return found & self.signs_by_sum(p) if found & ZERO else found
        finally:
            self._sign_depth -= 1

    def _signs_by_terms(self, p: fmpq_mpoly) -> Signs | None:
        here = [(g.index, g.signs) for g in self.present(p)]
        if any(signs is None for _, signs in here):
            return None
        known = [(i, signs) for i, signs in here if signs is not None and signs != POSITIVE]
        total = ZERO
        for monomial, coefficient in zip(p.monoms(), p.coeffs(), strict=True):
            powers = (power(signs, int(monomial[i])) for i, signs in known if monomial[i])
            total = plus(total, reduce(times, powers, POSITIVE if coefficient > 0 else NEGATIVE))
            if total == ANY:
                break
        return total

    def _signs_by_number(self, p: fmpq_mpoly) -> Signs:
        """A polynomial without symbols is a number; a ball that excludes zero gives its sign."""
        from ..enclosures import Point, enclose

        if any(letters_in(g.means) for g in self.present(p)):
            return ANY
        value = enclose(self.expression(p), Point({}), 512)
        if not value.is_finite():
            return ANY
        return POSITIVE if value.real > 0 else NEGATIVE if value.real < 0 else ANY

    def _signs_by_factors(self, p: fmpq_mpoly) -> Signs:
        content, factors = factors_of(p)
        if len(factors) < 2 and all(m == 1 for _, m in factors):
            return ANY
        total = POSITIVE if content > 0 else NEGATIVE
        for f, m in factors:
            signs = self.signs_of_polynomial(f)
            total = times(total, power(ANY if signs is None else signs, m))
        return total

    def _signs_by_root(self, p: fmpq_mpoly) -> Signs:
        """For u + v·r with a square root r >= 0: the sign of v²r² - u² tells which part is larger."""
        for g in reversed(self.present(p)):
            if g.kind == "root" and g.degree == 2 and g.signs is not None and p.degrees()[g.index] == 1:
                signs = self._signs_with_root(p, g)
                if signs != ANY:
                    return signs
        return ANY

    def _signs_with_root(self, p: fmpq_mpoly, g: Generator) -> Signs:
        if g.of is None or not g.of.den.is_one():
            return ANY
        parts = self.by_power(p, g.index)
        v, u = parts[1], parts.get(0, self.ring.constant(fmpq(0)))
        larger = self.signs_of_polynomial(v**2 * g.of.num - u**2)
        signs_v = self.signs_of_polynomial(v)
        return ANY if larger is None or signs_v is None else self._larger_part(u, signs_v, larger)

    def _larger_part(self, u: fmpq_mpoly, signs_v: Signs, larger: Signs) -> Signs:
        """The signs of u + v·r from those of v and of v²r² - u²."""
        of_v = POSITIVE if signs_v <= NONNEGATIVE else NEGATIVE if signs_v <= NONPOSITIVE else ANY
        if larger <= NONNEGATIVE:  # |u| <= |v|·r, so the root decides; where they are equal, the sum may be zero
            return of_v | (larger & ZERO)
        signs_u = self.signs_of_polynomial(u)
        if signs_u is None or not larger <= NONPOSITIVE:
            return ANY
        of_u = POSITIVE if signs_u <= NONNEGATIVE else NEGATIVE if signs_u <= NONPOSITIVE else ANY
        return times(of_u, power(larger, 2))

    def _signs_by_bound(self, p: fmpq_mpoly) -> Signs:
        """Put g = 1/(1 + h) for each exponential g <= 1 and g = 1 + h for each g >= 1, with h >= 0."""
        here = [g for g in self.present(p) if g.bound]
        if not here:
            return ANY
        for g in here:
            p = self._beyond_bound(p, g)
        saved = [(g, g.signs) for g in here]
        for g in here:
            g.signs = self._signs_beyond_bound(g)
        try:
            signs = self._signs_by_terms(p)
        finally:
            for g, signs_before in saved:
                g.signs = signs_before
        return ANY if signs is None else signs

    def signs_by_squares(self, p: fmpq_mpoly) -> Signs:
        """For p = Ay² + By + C, with A nowhere 0 and y a power of a letter: by 4A·p = (2Ay + B)² + 4AC - B²."""
        return reduce(Signs.intersection, map(self._signs_by_square, self.squares(p)), ANY)

    def _signs_by_square(self, square: CompletedSquare) -> Signs:
        below = self.signs_of_polynomial(square.multiplier)
        above = self.signs_of_polynomial(square.rest) if below in (POSITIVE, NEGATIVE) else None
        return ANY if above is None or below is None else times(plus(NONNEGATIVE, above), below)

    def squares(self, p: fmpq_mpoly) -> Iterator[CompletedSquare]:
        """The ways to complete a square in p; none where it has many terms, of which the products would be too many."""
        for g in self.present(p) if len(p) <= MOST_TERMS_OF_SQUARE else []:
            parts = self.by_power(p, g.index)
            half, odd = divmod(max(parts), 2)
            if odd or set(parts) - {0, half, 2 * half} or (half > 1 and self.takes_apart):
                continue
            a, b, c = (parts.get(k * half, p * 0) for k in (2, 1, 0))
            if not b.is_zero():
                root = 2 * a * self.variables[g.index] ** half + b
                yield CompletedSquare(4 * a, root, self.reduced(4 * a * c - b**2))

    def signs_by_sum(self, p: fmpq_mpoly) -> Signs:
        """By a sum of squares of one sign, of a polynomial in one letter or a homogeneous one in two."""
        total = ZERO
        for coefficient, factors in self.sum_of_squares(p):
            of_factors = (power(self._signs_by_terms(f) or ANY, k) for f, k in factors)
            total = plus(total, reduce(times, of_factors, POSITIVE if coefficient > 0 else NEGATIVE))
        return ANY if total == ZERO else total

    def sum_of_squares(self, p: fmpq_mpoly) -> list[Product]:
        """The terms of such a sum; none where there is no such."""
        here, degree = self.present(p), int(p.total_degree())
        degrees = {sum(map(int, monomial)) for monomial in p.monoms()}
        if self.takes_apart or degree > LARGEST_DEGREE or (len(here), len(degrees) == 1) not in ((1, False), (2, True)):
            return []
        parts = self.by_power(p, here[0].index)
        numbers = [parts[k].leading_coefficient() if k in parts else fmpq(0) for k in range(degree + 1)]
        letters = [(self.variables[g.index], g.signs or ANY) for g in here]
        (x, of_x), (y, of_y) = (*letters, (self.one, POSITIVE))[:2]
        return in_letters(numbers, (x, y), (of_x, of_y))

    def _beyond_bound(self, p: fmpq_mpoly, g: Generator) -> fmpq_mpoly:
        parts, above = self.by_power(p, g.index), 1 + self.variables[g.index]
        top = max(parts)
        exponents = {k: top - k if g.bound < 0 else k for k in parts}
        return sum((c * above ** exponents[k] for k, c in parts.items()), self.ring.constant(fmpq(0)))

    def _signs_beyond_bound(self, g: Generator) -> Signs:
        """Of h; it is positive where the exponent is not zero."""
        assert g.of is not None
        exponent = self.signs(g.of)
        return NONNEGATIVE if exponent is None or exponent & ZERO else POSITIVE
