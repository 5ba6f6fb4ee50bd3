"""Exponentials, logarithms and roots of fractions.

Two facts carry everything: exp turns rational combinations of exponents into monomials, so one generator per
rationally independent exponent is enough; and a positive factor may be taken out of a root or a logarithm, but
no other factor may.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import sympy
from flint import fmpq, fmpq_mat, fmpq_mpoly
from sympy import Expr, I, exp, log

from ..signs import ANY, NONNEGATIVE, NONPOSITIVE, POSITIVE
from .ring import Finer, Fractional, Generator, ZeroDenominator, primes_of
from .signs_of_fractions import SignedRing

MOST_LOOKED_AT = 50  # terms under a root that is written as SymPy would write it


class _SignedPower(NamedTuple):
    """sign · base^exponent with a base that is not negative."""

    base: fmpq_mpoly
    exponent: int
    sign: int


class Powers(SignedRing, ABC):
    """A ring with exp, log and rational powers."""

    def __init__(self, capacity: int, scales: Mapping[int, int] | None = None) -> None:
        super().__init__(capacity)
        self.scales = scales or {}
        self._roots: dict[str, tuple[int, Generator]] = {}
        self._logs: dict[str, Generator] = {}
        self._opaque: dict[str, Generator] = {}
        self._exponents: list[tuple[Fractional, Generator]] = []

    @abstractmethod
    def element(self, e: Expr) -> Fractional:
        """A SymPy expression as a fraction."""

    # --- exponentials --------------------------------------------------------------------------------------

    def exponential(self, a: Fractional) -> Fractional:
        """exp(a): logarithms in a become powers, the rest a monomial in the generators known so far."""
        rest, product = self._logarithms_out(a)
        if rest.num.is_zero():
            return product
        return self.multiply(product, self._pure_exponential(rest))

    def _logarithms_out(self, a: Fractional) -> tuple[Fractional, Fractional]:
        """a without its terms q·log(b), and the product of the b^q; multiples of i·pi become numbers."""
        product = self.constant(1)
        for monomial, q in self.summands(a):
            power_of = self._known_power(monomial, q)
            if power_of is not None:
                product = self.multiply(product, power_of)
                a = self.add(a, Fractional(self.ring.from_dict({monomial: -q}), self.one))
        return a, product

    def summands(self, a: Fractional) -> list[tuple[tuple[int, ...], fmpq]]:
        """The logarithms, atanh and i·pi that a has as summands: their monomials, and the rational coefficients."""
        here = self.present(a.num)
        single = [(g,) for g in here if g.kind in ("log", "atanh")]
        turn = tuple(g for g in here if g.means in (I, sympy.pi))
        turns = [turn] if len(turn) == 2 else []
        coefficients = [self._coefficient(a, generators) for generators in single + turns]
        return [(monomial, q) for monomial, q in coefficients if q]

    def _coefficient(self, a: Fractional, generators: tuple[Generator, ...]) -> tuple[tuple[int, ...], fmpq]:
        """The product of these generators as a monomial, and its rational coefficient."""
        factor = a.num
        for g in generators:
            factor = self.by_power(factor, g.index).get(1, factor * 0)
        monomial = tuple(int(any(g.index == i for g in generators)) for i in range(self.ring.nvars()))
        return monomial, divmod(factor, a.den)[0].to_dict().get((0,) * len(monomial), fmpq(0))

    def _known_power(self, monomial: tuple[int, ...], q: fmpq) -> Fractional | None:
        """exp(q·m) for a monomial m that is a logarithm, an atanh or i·pi; None for any other."""
        here = [(self.generator_at(i), d) for i, d in enumerate(monomial) if d]
        if len(here) == 1 and here[0][1] == 1:
            return self._power_of_logarithm(here[0][0], q)
        if len(here) == 2 and all(d == 1 and g.means in (I, sympy.pi) for g, d in here):
            return self._root_of_unity(Fraction(int(q.p), int(q.q)))
        return None

    def _power_of_logarithm(self, g: Generator, q: fmpq) -> Fractional | None:
        """exp(q·g): a power of b for g = log(b), and of (1 + y)/(1 - y) for g = atanh(y) and an even q."""
        if g.of is None:
            return None
        if g.kind == "log":
            return self.integer_power(self.root(g.of, int(q.q)), int(q.p))
        if g.kind == "atanh" and int(q.q) == 1 and int(q.p) % 2 == 0:
            return self.integer_power(g.of, int(q.p) // 2)
        return None

    def _root_of_unity(self, turn: Fraction) -> Fractional | None:
        """exp(i·pi·turn) where cosine and sine are roots of rationals."""
        angle = sympy.pi * sympy.Rational(turn.numerator, turn.denominator)
        cosine, sine = sympy.cos(angle), sympy.sin(angle)
        if cosine.has(sympy.cos, sympy.sin) or sine.has(sympy.cos, sympy.sin):
            return None
        return self.element(cosine + I * sine)

    def _pure_exponential(self, a: Fractional) -> Fractional:
        combination = self._combination(a)
        if combination is None:
            position = len(self._exponents)
            self._new_exponential(self.multiply(a, self.constant(Fraction(1, self.scales.get(position, 1)))))
            combination = [(position, Fraction(self.scales.get(position, 1)))]
        result = self.constant(1)
        for position, q in combination:
            if q.denominator != 1:
                raise Finer(position, q.denominator)
            result = self.multiply(result, self._power_of_variable(self._exponents[position][1], int(q)))
        return result

    def _power_of_variable(self, g: Generator, n: int) -> Fractional:
        """g^n for an exponential g, which is never zero, so that no condition arises."""
        value = self.variables[g.index] ** abs(n)
        return Fractional(value, self.one) if n >= 0 else Fractional(self.one, value)

    def _new_exponential(self, a: Fractional) -> None:
        signs = self.signs(a)
        bound = 0
        if signs is not None:
            bound = -1 if signs <= NONPOSITIVE else 1 if signs <= NONNEGATIVE else 0
        positive = None if signs is None else POSITIVE
        self._exponents.append((a, self.new("exp", exp(self.sympy(a)), positive, of=a, bound=bound)))

    def _combination(self, a: Fractional) -> list[tuple[int, Fraction]] | None:
        """Rational coefficients that combine the known exponents to a, or None."""
        if not self._exponents:
            return None
        *columns, target = self._over_common_denominator([*(e for e, _ in self._exponents), a])
        solution = _solve(columns, target)
        return None if solution is None else [(i, q) for i, q in enumerate(solution) if q]

    def _over_common_denominator(self, fractions: list[Fractional]) -> list[dict[Any, fmpq]]:
        common = fractions[0].den
        for e in fractions[1:]:
            common = common * (e.den // common.gcd(e.den))
        return [self.reduced(e.num * (common // e.den)).to_dict() for e in fractions]

    # --- logarithms ----------------------------------------------------------------------------------------

    def logarithm(self, a: Fractional) -> Fractional:
        """log(a): positive factors become summands, what is left stays inside one logarithm."""
        if self.is_zero(a):
            raise ZeroDenominator("the logarithm of an expression that is identically zero")
        content, factors = self._factorised(a)
        total, rest, sign = self._log_of_size(content), self.constant(1), -1 if content < 0 else 1
        for f, m in factors:
            self._require_nonzero(f)
            known = self._nonnegative(f, m)
            if known is None:
                rest = self.multiply(rest, self._signed_power(f, m))
            else:
                total = self.add(total, self._scaled(self._log_of_positive(known.base), known.exponent))
                sign *= known.sign
        rest = self.multiply(rest, self.constant(sign))
        if rest.num.is_one() and rest.den.is_one():
            return total
        return self.add(total, self._rest_of_logarithm(rest))

    def _log_of_size(self, number: Fraction) -> Fractional:
        total = self.constant(0)
        for prime, m in primes_of(number):
            total = self.add(total, self._scaled(self._log_of_positive(self.ring.constant(fmpq(prime))), m))
        return total

    def _rest_of_logarithm(self, rest: Fractional) -> Fractional:
        if (-rest.num).is_one() and rest.den.is_one():
            return self.element(I * sympy.pi)
        return self.variable(self._opaque_logarithm(rest))

    def _nonnegative(self, f: fmpq_mpoly, m: int) -> _SignedPower | None:
        """f^m by a power of what is not negative; None where the sign of f is not known and m is odd."""
        before, self.takes_apart = self.takes_apart, True
        try:
            signs = self.signs_of_polynomial(f)
        finally:
            self.takes_apart = before
        if signs is None:
            return None
        if signs <= NONNEGATIVE:
            return _SignedPower(f, m, 1)
        if signs <= NONPOSITIVE:
            return _SignedPower(-f, m, (-1) ** (m % 2))
        return _SignedPower(f**2, m // 2, 1) if m % 2 == 0 else None

    def _log_of_positive(self, f: fmpq_mpoly) -> Fractional:
        """log(f) for f > 0: known for exponentials and roots, else a generator."""
        single = self._single_variable(f)
        if single is not None and single.kind == "exp" and single.of is not None:
            return single.of
        if single is not None and single.kind == "root" and single.of is not None:
            return self._scaled(self.logarithm(single.of), Fraction(1, single.degree))
        if str(f) not in self._logs:
            self._logs[str(f)] = self._new_logarithm(f)
        return self.variable(self._logs[str(f)])

    def _new_logarithm(self, f: fmpq_mpoly) -> Generator:
        above_one = self.signs_of_polynomial(f - 1)
        signs = ANY if above_one is None else above_one  # the logarithm has them too
        return self.new("log", log(self.expression(f)), signs, of=Fractional(f, self.one))

    def _opaque_logarithm(self, a: Fractional) -> Generator:
        key = f"log {self._key(a)}"
        if key not in self._opaque:
            self._opaque[key] = self.new("log", log(self.sympy(a)), None, of=a)
        return self._opaque[key]

    # --- roots ---------------------------------------------------------------------------------------------

    def root(self, a: Fractional, q: int) -> Fractional:
        """The principal q-th root of a: factors >= 0 come out one by one, the rest stays under one root."""
        if q == 1 or self.is_zero(a):
            return a
        content, factors = self._factorised(a)
        result, rest, sign = self._root_of_size(content, q), self.constant(1), -1 if content < 0 else 1
        for f, m in factors:
            known = self._nonnegative(f, m)
            if known is None:
                rest = self.multiply(rest, self._signed_power(f, m))
            else:
                root = self._root_of_nonnegative(known.base, Fraction(known.exponent, q))
                result, sign = self.multiply(result, root), sign * known.sign
        return self.multiply(result, self._rest_of_root(self.multiply(rest, self.constant(sign)), q))

    def _root_of_size(self, number: Fraction, q: int) -> Fractional:
        result = self.constant(1)
        for prime, m in primes_of(number):
            result = self.multiply(result, self._root_of_nonnegative(self.ring.constant(fmpq(prime)), Fraction(m, q)))
        return result

    def _rest_of_root(self, rest: Fractional, q: int) -> Fractional:
        if rest.num.is_one() and rest.den.is_one():
            return rest
        if (-rest.num).is_one() and rest.den.is_one():
            unit = self._root_of_unity(Fraction(1, q))
            if unit is not None:
                return unit
        key = f"root {q} {self._key(rest)}"
        if key not in self._opaque:
            short = len(rest.num) + len(rest.den) <= MOST_LOOKED_AT  # SymPy asks for the sign of each factor
            means = sympy.Pow(self.sympy(rest), sympy.Rational(1, q), evaluate=short)
            self._opaque[key] = self.new("root", means, None, of=rest, degree=q)
        return self.variable(self._opaque[key])

    def _root_of_nonnegative(self, f: fmpq_mpoly, q: Fraction) -> Fractional:
        """f^q for f >= 0 and rational q."""
        known = self._power_of_variable_known(f, q) if q.denominator > 1 else None
        if known is not None:
            return known
        whole = q.numerator // q.denominator
        remainder = q - whole
        value = self._signed_power(f, whole)
        if remainder:
            fine = self._root_generator(f, remainder.denominator)
            value = self.multiply(value, self.fraction(fine.num**remainder.numerator, fine.den))
        if q < 0:
            self._require_nonzero(f)
        return value

    def _power_of_variable_known(self, f: fmpq_mpoly, q: Fraction) -> Fractional | None:
        """Of an exponential by its exponent, of a root by what stands under it; None for other polynomials."""
        single = self._single_variable(f)
        if single is None or single.of is None or single.signs is None:
            return None
        if single.kind == "exp":
            return self.exponential(self._scaled(single.of, q))
        if single.kind == "root":
            return self.integer_power(self.root(single.of, single.degree * q.denominator), q.numerator)
        return None

    def _root_generator(self, f: fmpq_mpoly, q: int) -> Fractional:
        """f^(1/q) for f >= 0, as a power of the finest root of f known so far."""
        key = str(f)
        if key not in self._roots:
            self._roots[key] = (1, Generator(-1, "none", self.expression(f), self.signs_of_polynomial(f)))
        known, g = self._roots[key]
        finest = lcm(known, q)
        if finest != known:
            below = Fractional(f, self.one) if known == 1 else self.variable(g)
            means = self.expression(f) ** sympy.Rational(1, finest)
            g = self.new("root", means, self.signs_of_polynomial(f), of=below, degree=finest // known)
            self._roots[key] = (finest, g)
        value = self.variable(g)
        return self.fraction(value.num ** (finest // q), value.den)


def _solve(columns: list[dict[Any, fmpq]], target: dict[Any, fmpq]) -> list[Fraction] | None:
    """Rational x with sum x_i·columns_i = target, for independent columns; None if there is none."""
    rows = sorted({m for c in (*columns, target) for m in c})
    matrix = fmpq_mat(len(rows), len(columns) + 1, [c.get(m, fmpq(0)) for m in rows for c in (*columns, target)])
    echelon, rank = matrix.rref()
    n = len(columns)
    solution = [Fraction(0)] * n
    for i in range(rank):
        pivot = next(j for j in range(n + 1) if echelon[i, j] != 0)
        if pivot == n:
            return None
        value = echelon[i, n]
        solution[pivot] = Fraction(int(value.p), int(value.q))
    return solution
