"""Exact algebra: an expression as a fraction of polynomials in generators, with relations between them.

Each generator stands for something transcendental or algebraic: a symbol, pi, i, exp(a), log(a), a^(1/q). Every
step of the conversion is an identity that holds at each point allowed by the assumptions, principal branches
included, as long as no denominator vanishes; those denominators are collected as conditions. An expression is
zero when its numerator reduces to zero modulo the relations r^q = a of the roots.

Two facts carry everything: exp turns rational combinations of exponents into monomials, so one generator per
rationally independent exponent is enough; and a positive factor may be taken out of a root or a logarithm, but
no other factor may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import sympy
from flint import Ordering, fmpq, fmpq_mat, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr, I, exp, log, sqrt

from . import bessel
from .signs import ANY, NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, ZERO, Signs, of_symbol, plus, power, times

LARGEST_POWER = 2000


class OutsideTower(Exception):
    """The expression holds something that has no exact algebra here."""


class ZeroDenominator(Exception):
    """The expression divides by something that is identically zero."""


class _Full(Exception):
    """More generators than the ring has variables."""


class _Finer(Exception):
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


def prove_zero(expression: Expr) -> tuple[bool, Tower]:
    """Whether an expression reduces to zero, and the tower in which it did or did not.

    Raises OutsideTower where there is no exact algebra, ZeroDenominator for a division by zero.
    """
    return with_room(lambda tower: tower.vanishes(tower.element(expression)))


def signs_of(expression: Expr) -> tuple[Signs | None, Tower]:
    """The signs an expression can have under its assumptions (None: not known to be real), and the tower."""
    return with_room(lambda tower: tower.signs(tower.element(expression)))


def with_room(work: Callable[[Tower], Any]) -> tuple[Any, Tower]:
    """Do the work in a tower; start again where it wants more variables or a finer exponential."""
    capacities, scales = iter((64, 160)), dict[int, int]()
    capacity = 24
    for _ in range(40):
        tower = Tower(capacity, scales)
        try:
            return work(tower), tower
        except _Full:
            capacity = next(capacities, 0)
            if not capacity:
                raise OutsideTower("more than 160 independent exponentials, logarithms and roots") from None
        except _Finer as finer:
            scales[finer.position] = scales.get(finer.position, 1) * finer.factor
    raise OutsideTower("the exponents have too many different denominators")


class Tower:
    """A ring with room for a fixed number of generators, filled from the last variable to the first.

    Later generators are larger in the lexicographic order, so that dividing by r^q - a removes high powers of r.
    """

    def __init__(self, capacity: int, scales: Mapping[int, int] | None = None) -> None:
        self.scales = scales or {}
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(capacity)], Ordering.lex)
        self.variables = self.ring.gens()
        self.generators: list[Generator] = []
        self.conditions: dict[str, fmpq_mpoly] = {}
        self._free = capacity
        self._known: dict[Expr, Fractional] = {}
        self._roots: dict[str, tuple[int, Generator]] = {}
        self._logs: dict[str, Generator] = {}
        self._opaque: dict[str, Generator] = {}
        self._exponents: list[tuple[Fractional, Generator]] = []
        self.bessel_pairs: list[bessel.Pair] = []
        self._sign_depth = 0
        self._texts: dict[str, str] = {}

    # --- the ring ----------------------------------------------------------------------------------------

    def constant(self, value: Any) -> Fractional:
        return Fractional(self.ring.constant(_rational(value)), self.one)

    @property
    def one(self) -> fmpq_mpoly:
        return self.ring.constant(fmpq(1))

    def add(self, a: Fractional, b: Fractional) -> Fractional:
        return self.fraction(a.num * b.den + b.num * a.den, a.den * b.den)

    def multiply(self, a: Fractional, b: Fractional) -> Fractional:
        return self.fraction(a.num * b.num, a.den * b.den)

    def negative(self, a: Fractional) -> Fractional:
        return Fractional(-a.num, a.den)

    def inverse(self, a: Fractional) -> Fractional:
        """1/a; a zero numerator is refused and one that might vanish becomes a condition."""
        if self.is_zero(a):
            raise ZeroDenominator("division by an expression that is identically zero")
        for factor, _ in _factors(a.num)[1]:
            self._require_nonzero(factor)
        return self.fraction(a.den, a.num)

    def integer_power(self, a: Fractional, n: int) -> Fractional:
        if abs(n) > LARGEST_POWER:
            raise OutsideTower(f"the power {n} is larger than {LARGEST_POWER}")
        base = a if n >= 0 else self.inverse(a)
        return self.fraction(base.num ** abs(n), base.den ** abs(n))

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

    def vanishes(self, a: Fractional) -> bool:
        """Whether a is zero, also where only the product with its conjugates reduces to zero."""
        if self.is_zero(a):
            return True
        return self._analytic_on_connected_domain() and self._zero_by_conjugates(self.reduced(a.num))

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
        for g in self.generators:
            s = g.means
            if g.kind == "symbol" and (not s.is_extended_real or s.is_integer or g.signs == frozenset({-1, 1})):
                return False
            if g.kind == "root" and (g.of is None or self.signs(g.of) != POSITIVE):
                return False
            if g.kind not in ("symbol", "constant", "root", "exp", "log") or g.signs is None:
                return False
            if g.kind == "exp" and self._may_vanish(g):
                return False
        return True

    def _may_vanish(self, g: Generator) -> bool:
        """Whether the denominator of an exponent might be zero somewhere."""
        assert g.of is not None
        signs = self.signs_of_polynomial(g.of.den)
        return signs is None or bool(signs & ZERO)

    def _somewhere_nonzero(self, expression: Expr) -> bool:
        from .balls import Evidence, gather

        found: Evidence = gather(expression, sympy.Integer(0), "=", 3)
        return found.witness is not None

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
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for monomial, coefficient in p.to_dict().items():
            rest = (*monomial[:index], 0, *monomial[index + 1 :])
            parts.setdefault(monomial[index], {})[rest] = coefficient
        return {k: self.ring.from_dict(d) for k, d in parts.items()}

    def new(self, kind: str, means: Expr, signs: Signs | None, **more: Any) -> Generator:
        if self._free == 0:
            raise _Full
        self._free -= 1
        g = Generator(self._free, kind, means, signs, **more)
        self.generators.append(g)
        return g

    def number(self, a: Fractional) -> Fraction | None:
        """The rational number that a fraction is, if it is one."""
        if not (a.num.is_constant() and a.den.is_constant()):
            return None
        value = a.num.leading_coefficient() / a.den.leading_coefficient() if not a.num.is_zero() else fmpq(0)
        return Fraction(int(value.p), int(value.q))

    def variable(self, g: Generator) -> Fractional:
        return Fractional(self.variables[g.index], self.one)

    def generator_at(self, index: int) -> Generator:
        return self.generators[self.ring.nvars() - 1 - index]

    def present(self, p: fmpq_mpoly) -> list[Generator]:
        """The generators that occur in a polynomial."""
        return [self.generator_at(i) for i, d in enumerate(p.degrees()) if d]

    # --- from SymPy and back -----------------------------------------------------------------------------

    def element(self, e: Expr) -> Fractional:
        """The expression as a fraction of polynomials in the generators."""
        if e not in self._known:
            self._known[e] = self._convert(e)
        return self._known[e]

    def _convert(self, e: Expr) -> Fractional:
        if e.is_Rational:
            return self.constant(e)
        if e.is_Symbol:
            if not e.is_commutative:
                raise OutsideTower(f"{e} does not commute")
            return self.variable(self.new("symbol", e, of_symbol(e)))
        if e is sympy.pi:
            return self.variable(self.new("constant", e, POSITIVE))
        if e is sympy.E:
            return self.exponential(self.constant(1))
        if e is I:
            return self._imaginary_unit()
        if e.is_Add:
            return reduce(self.add, (self.element(a) for a in e.args))
        if e.is_Mul:
            return reduce(self.multiply, (self.element(a) for a in e.args))
        if isinstance(e, exp):
            return self.exponential(self.element(e.args[0]))
        if e.is_Pow:
            return self._pow(e)
        if isinstance(e, log) and len(e.args) == 1:
            return self.logarithm(self.element(e.args[0]))
        return self._function(e)

    def _imaginary_unit(self) -> Fractional:
        minus_one = self.constant(-1)
        return self.variable(self.new("root", I, None, of=minus_one, degree=2))

    def _pow(self, e: Expr) -> Fractional:
        base, exponent = self.element(e.base), e.exp
        if exponent.is_Integer:
            return self.integer_power(base, int(exponent))
        if exponent.is_Rational:
            return self.integer_power(self.root(base, int(exponent.q)), int(exponent.p))
        return self.exponential(self.multiply(self.element(exponent), self.logarithm(base)))

    def _function(self, e: Expr) -> Fractional:
        name = type(e).__name__
        if name in _BY_EXP:
            return self.element(_BY_EXP[name](*e.args))
        if name in _INVERSE:
            return self._inverse_function(name, e.args[0])
        if name == "Abs":
            return self._absolute(e.args[0])
        if name in ("besseli", "besselk"):
            return bessel.element(self, e)
        text = str(e)
        raise OutsideTower(f"{text if len(text) <= 60 else type(e).__name__ + '(...)'} is outside the tower")

    def _absolute(self, x: Expr) -> Fractional:
        if self.signs(self.element(x)) is None:
            raise OutsideTower(f"Abs({x}) of a number that is not known to be real is outside the tower")
        return self.element(sqrt(x**2)) if sqrt(x**2).is_Pow else self.root(self.element(x**2), 2)

    def _inverse_function(self, name: str, x: Expr) -> Fractional:
        """An inverse function by logarithms, where its argument stays off the branch cuts."""
        off_cut, by_log = _INVERSE[name]
        for part in off_cut(x):
            signs = self.signs(self.element(part))
            if signs is None or not signs <= NONNEGATIVE:
                if name == "atanh":
                    return self._opaque_atanh(x)
                raise OutsideTower(f"{name}({x}) is outside the tower: {part} >= 0 is not known")
        return self.element(by_log(x))

    def _opaque_atanh(self, x: Expr) -> Fractional:
        """atanh(x) of which only exp(2 atanh(x)) = (1 + x)/(1 - x) is known; that holds on every branch."""
        y = self.element(x)
        self.inverse(self.add(self.constant(1), self.negative(y)))  # x != 1, or a condition
        ratio = self.fraction(y.den + y.num, y.den - y.num)
        key = f"atanh {self._key(y)}"
        if key not in self._opaque:
            self._opaque[key] = self.new("atanh", sympy.atanh(x), None, of=ratio)
        return self.variable(self._opaque[key])

    def expression(self, p: fmpq_mpoly) -> Expr:
        """A polynomial in the generators as a SymPy expression."""
        terms = []
        for monomial, coefficient in p.to_dict().items():
            factors = [self.generator_at(i).means ** d for i, d in enumerate(monomial) if d]
            terms.append(sympy.Mul(sympy.Rational(int(coefficient.p), int(coefficient.q)), *factors))
        return sympy.Add(*terms)

    def sympy(self, a: Fractional) -> Expr:
        return self.expression(a.num) / self.expression(a.den)

    def _key(self, a: Fractional) -> str:
        return f"{a.num}/{a.den}"

    # --- exponentials ------------------------------------------------------------------------------------

    def exponential(self, a: Fractional) -> Fractional:
        """exp(a): logarithms in a become powers, the rest a monomial in the generators known so far."""
        rest, product = self._logarithms_out(a)
        if rest.num.is_zero():
            return product
        return self.multiply(product, self._pure_exponential(rest))

    def _logarithms_out(self, a: Fractional) -> tuple[Fractional, Fractional]:
        """a without its terms q·log(b), and the product of the b^q; multiples of i·pi become numbers."""
        product = self.constant(1)
        if not a.den.is_constant():
            return a, product
        kept = {}
        for monomial, coefficient in a.num.to_dict().items():
            power_of = self._known_power(monomial, coefficient / a.den.leading_coefficient())
            if power_of is None:
                kept[monomial] = coefficient
            else:
                product = self.multiply(product, power_of)
        return self.fraction(self.ring.from_dict(kept), a.den), product

    def _known_power(self, monomial: tuple[int, ...], q: fmpq) -> Fractional | None:
        """exp(q·m) for a monomial m that is a logarithm, an atanh or i·pi; None for any other."""
        here = [(self.generator_at(i), d) for i, d in enumerate(monomial) if d]
        if len(here) == 1 and here[0][1] == 1 and here[0][0].kind in ("log", "atanh"):
            g = here[0][0]
            assert g.of is not None
            if g.kind == "log":
                return self.integer_power(self.root(g.of, int(q.q)), int(q.p))
            if int(q.q) == 1 and int(q.p) % 2 == 0:
                return self.integer_power(g.of, int(q.p) // 2)
            return None
        if sorted(g.means.sort_key() for g, d in here if d == 1) == sorted((I.sort_key(), sympy.pi.sort_key())):
            return self._root_of_unity(Fraction(int(q.p), int(q.q)))
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
                raise _Finer(position, q.denominator)
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
        everything = [*(e for e, _ in self._exponents), a]
        common = everything[0].den
        for e in everything[1:]:
            common = common * (e.den // common.gcd(e.den))
        columns = [self.reduced(e.num * (common // e.den)).to_dict() for e in everything]
        solution = _solve(columns[:-1], columns[-1])
        if solution is None:
            return None
        return [(i, q) for i, q in enumerate(solution) if q]

    # --- logarithms --------------------------------------------------------------------------------------

    def logarithm(self, a: Fractional) -> Fractional:
        """log(a): positive factors become summands, what is left stays inside one logarithm."""
        if self.is_zero(a):
            raise ZeroDenominator("the logarithm of an expression that is identically zero")
        total, rest, sign = self.constant(0), self.constant(1), 1
        content, factors = self._factorised(a)
        for prime, multiplicity in _primes(content):
            total = self.add(total, self._scaled(self._log_of_positive(self.ring.constant(fmpq(prime))), multiplicity))
        sign = -1 if content < 0 else 1
        for f, m in factors:
            self._require_nonzero(f)
            signs = self.signs_of_polynomial(f)
            if signs is not None and signs <= NONNEGATIVE:
                total = self.add(total, self._scaled(self._log_of_positive(f), m))
            elif signs is not None and signs <= NONPOSITIVE:
                total = self.add(total, self._scaled(self._log_of_positive(-f), m))
                sign *= (-1) ** (m % 2)
            elif signs is not None and m % 2 == 0:
                total = self.add(total, self._scaled(self._log_of_positive(f**2), m // 2))
            else:
                rest = self.multiply(rest, self._signed_power(f, m))
        rest = self.multiply(rest, self.constant(sign))
        if rest.num.is_one() and rest.den.is_one():
            return total
        if (-rest.num).is_one() and rest.den.is_one():
            return self.add(total, self.element(I * sympy.pi))
        return self.add(total, self.variable(self._opaque_logarithm(rest)))

    def _log_of_positive(self, f: fmpq_mpoly) -> Fractional:
        """log(f) for f > 0: known for exponentials and roots, else a generator."""
        single = self._single_variable(f)
        if single is not None and single.kind == "exp" and single.of is not None:
            return single.of
        if single is not None and single.kind == "root" and single.of is not None:
            return self._scaled(self.logarithm(single.of), Fraction(1, single.degree))
        key = str(f)
        if key not in self._logs:
            of = Fractional(f, self.one)
            at_least_one = self.signs_of_polynomial(f - 1)
            signs = NONNEGATIVE if at_least_one is not None and at_least_one <= NONNEGATIVE else ANY
            self._logs[key] = self.new("log", log(self.expression(f)), signs, of=of)
        return self.variable(self._logs[key])

    def _opaque_logarithm(self, a: Fractional) -> Generator:
        key = f"log {self._key(a)}"
        if key not in self._opaque:
            self._opaque[key] = self.new("log", log(self.sympy(a)), None, of=a)
        return self._opaque[key]

    def _scaled(self, a: Fractional, q: Any) -> Fractional:
        return self.multiply(a, self.constant(q))

    # --- roots -------------------------------------------------------------------------------------------

    def root(self, a: Fractional, q: int) -> Fractional:
        """The principal q-th root of a: factors >= 0 come out one by one, the rest stays under one root."""
        if q == 1 or self.is_zero(a):
            return a
        result, rest, sign = self.constant(1), self.constant(1), 1
        content, factors = self._factorised(a)
        sign = -1 if content < 0 else 1
        for prime, m in _primes(content):
            result = self.multiply(result, self._root_of_nonnegative(self.ring.constant(fmpq(prime)), Fraction(m, q)))
        for f, m in factors:
            signs = self.signs_of_polynomial(f)
            if signs is not None and signs <= NONNEGATIVE:
                result = self.multiply(result, self._root_of_nonnegative(f, Fraction(m, q)))
            elif signs is not None and signs <= NONPOSITIVE:
                result = self.multiply(result, self._root_of_nonnegative(-f, Fraction(m, q)))
                sign *= (-1) ** (m % 2)
            elif signs is not None and m % 2 == 0:
                result = self.multiply(result, self._root_of_nonnegative(f**2, Fraction(m // 2, q)))
            else:
                rest = self.multiply(rest, self._signed_power(f, m))
        return self.multiply(result, self._rest_of_root(self.multiply(rest, self.constant(sign)), q))

    def _rest_of_root(self, rest: Fractional, q: int) -> Fractional:
        if rest.num.is_one() and rest.den.is_one():
            return rest
        if (-rest.num).is_one() and rest.den.is_one():
            unit = self._root_of_unity(Fraction(1, q))
            if unit is not None:
                return unit
        key = f"root {q} {self._key(rest)}"
        if key not in self._opaque:
            means = self.sympy(rest) ** sympy.Rational(1, q)
            self._opaque[key] = self.new("root", means, None, of=rest, degree=q)
        return self.variable(self._opaque[key])

    def _root_of_nonnegative(self, f: fmpq_mpoly, q: Fraction) -> Fractional:
        """f^q for f >= 0 and rational q."""
        single = self._single_variable(f)
        if single is not None and single.of is not None and single.signs is not None and q.denominator > 1:
            if single.kind == "exp":
                return self.exponential(self._scaled(single.of, q))
            if single.kind == "root":
                return self.integer_power(self.root(single.of, single.degree * q.denominator), q.numerator)
        whole = q.numerator // q.denominator
        remainder = q - whole
        value = self._signed_power(f, whole)
        if remainder:
            fine = self._root_generator(f, remainder.denominator)
            value = self.multiply(value, self.fraction(fine.num**remainder.numerator, fine.den))
        if q < 0:
            self._require_nonzero(f)
        return value

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

    # --- factors and signs -------------------------------------------------------------------------------

    def _factorised(self, a: Fractional) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
        """The rational content of a and its irreducible factors with multiplicities of either sign."""
        above, numerators = _factors(a.num)
        below, denominators = _factors(a.den)
        return above / below, numerators + [(f, -m) for f, m in denominators]

    def _signed_power(self, f: fmpq_mpoly, m: int) -> Fractional:
        return self.fraction(f**m, self.one) if m >= 0 else self.fraction(self.one, f**-m)

    def _single_variable(self, f: fmpq_mpoly) -> Generator | None:
        here = self.present(f)
        return here[0] if len(here) == 1 and f == self.variables[here[0].index] else None

    def _require_nonzero(self, f: fmpq_mpoly) -> None:
        if f.is_constant():
            return
        single = self._single_variable(f)
        if single is not None and single.kind == "exp":
            return
        if single is not None and single.kind == "root" and single.of is not None:
            for factor, _ in _factors(single.of.num)[1]:
                self._require_nonzero(factor)
            return
        factors = _factors(f)[1]
        if len(factors) > 1 or factors[0][1] > 1:
            for factor, _ in factors:
                self._require_nonzero(factor)
            return
        signs = self.signs_of_polynomial(f)
        if signs is None or signs & ZERO:
            self.conditions.setdefault(str(f), f)

    def signs(self, a: Fractional) -> Signs | None:
        """The signs a fraction can have; None where it is not known to be real."""
        above, below = self.signs_of_polynomial(a.num), self.signs_of_polynomial(a.den)
        return None if above is None or below is None else times(above, below - ZERO)

    def signs_of_polynomial(self, p: fmpq_mpoly) -> Signs | None:
        p = self.reduced(p)
        plain = self._signs_by_terms(p)
        if plain != ANY or self._sign_depth > 6:
            return plain
        self._sign_depth += 1
        try:
            for attempt in (self._signs_by_number, self._signs_by_factors, self._signs_by_root, self._signs_by_bound):
                found = attempt(p)
                if found != ANY:
                    return found
            return ANY
        finally:
            self._sign_depth -= 1

    def _signs_by_terms(self, p: fmpq_mpoly) -> Signs | None:
        total = ZERO
        for monomial, coefficient in p.to_dict().items():
            term = POSITIVE if coefficient > 0 else NEGATIVE
            for i, d in enumerate(monomial):
                if d:
                    signs = self.generator_at(i).signs
                    if signs is None:
                        return None
                    term = times(term, power(signs, d))
            total = plus(total, term)
        return total

    def _signs_by_number(self, p: fmpq_mpoly) -> Signs:
        """A polynomial without symbols is a number; a ball that excludes zero gives its sign."""
        from .balls import Point, enclose

        expression = self.expression(p)
        if expression.free_symbols:
            return ANY
        value = enclose(expression, Point({}), 512)
        if not value.is_finite():
            return ANY
        return POSITIVE if value.real > 0 else NEGATIVE if value.real < 0 else ANY

    def _signs_by_factors(self, p: fmpq_mpoly) -> Signs:
        content, factors = _factors(p)
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
            if g.kind != "root" or g.degree != 2 or g.signs is None or p.degrees()[g.index] != 1:
                continue
            assert g.of is not None
            parts = self.by_power(p, g.index)
            v, u = parts[1], parts.get(0, self.ring.constant(fmpq(0)))
            if not g.of.den.is_one():
                continue
            larger = self.signs_of_polynomial(v**2 * g.of.num - u**2)
            signs_v = self.signs_of_polynomial(v)
            if larger is None or signs_v is None:
                continue
            found = self._larger_part(u, signs_v, larger)
            if found != ANY:
                return found
        return ANY

    def _larger_part(self, u: fmpq_mpoly, signs_v: Signs, larger: Signs) -> Signs:
        """The signs of u + v·r from those of v and of v²r² - u²."""
        of_v = POSITIVE if signs_v <= NONNEGATIVE else NEGATIVE if signs_v <= NONPOSITIVE else ANY
        if larger <= NONNEGATIVE:  # |u| <= |v|·r, so the root decides
            return times(of_v, larger)
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
            x = self.variables[g.index]
            parts = self.by_power(p, g.index)
            top = max(parts)
            if g.bound < 0:
                p = sum((c * (1 + x) ** (top - k) for k, c in parts.items()), self.ring.constant(fmpq(0)))
            else:
                p = sum((c * (1 + x) ** k for k, c in parts.items()), self.ring.constant(fmpq(0)))
        saved = [(g, g.signs) for g in here]
        for g in here:
            assert g.of is not None
            exponent = self.signs(g.of)
            g.signs = NONNEGATIVE if exponent is None or exponent & ZERO else POSITIVE
        try:
            signs = self._signs_by_terms(p)
        finally:
            for g, signs_before in saved:
                g.signs = signs_before
        return ANY if signs is None else signs

    def condition_texts(self) -> tuple[str, ...]:
        """The denominators that the assumptions alone do not keep away from zero, as text."""
        return tuple(self.condition_text(name) for name in self.conditions)

    def condition_text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = f"{self.expression(self.conditions[name])} != 0"
        return self._texts[name]


# --- small pieces -----------------------------------------------------------------------------------------


def _rational(value: Any) -> fmpq:
    if isinstance(value, int):
        return fmpq(value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    return fmpq(int(value.p), int(value.q))


def _factors(p: fmpq_mpoly) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
    content, factors = p.factor()
    return Fraction(int(content.p), int(content.q)), sorted(factors, key=lambda pair: str(pair[0]))


def _primes(content: Fraction) -> Iterator[tuple[int, int]]:
    """Prime factors of a positive or negative rational; very large factors are kept whole."""
    for n, sign in ((abs(content.numerator), 1), (content.denominator, -1)):
        if n > 1:
            for prime, m in sorted(sympy.factorint(n, limit=10**5).items()):
                yield int(prime), sign * m


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


# Hyperbolic and trigonometric functions by exponentials: identities everywhere.
_BY_EXP: dict[str, Callable[..., Expr]] = {
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "tanh": lambda x: (exp(2 * x) - 1) / (exp(2 * x) + 1),
    "coth": lambda x: (exp(2 * x) + 1) / (exp(2 * x) - 1),
    "sech": lambda x: 2 / (exp(x) + exp(-x)),
    "csch": lambda x: 2 / (exp(x) - exp(-x)),
    "sin": lambda x: (exp(I * x) - exp(-I * x)) / (2 * I),
    "cos": lambda x: (exp(I * x) + exp(-I * x)) / 2,
    "tan": lambda x: (exp(2 * I * x) - 1) / (I * (exp(2 * I * x) + 1)),
    "cot": lambda x: I * (exp(2 * I * x) + 1) / (exp(2 * I * x) - 1),
    "sec": lambda x: 2 / (exp(I * x) + exp(-I * x)),
    "csc": lambda x: 2 * I / (exp(I * x) - exp(-I * x)),
    "expm1": lambda x: exp(x) - 1,
    "log1p": lambda x: log(1 + x),
    "hypot": lambda x, y: sqrt(x**2 + y**2),
    "acoth": lambda x: sympy.atanh(1 / x),
    "acsch": lambda x: sympy.asinh(1 / x),
    "asech": lambda x: sympy.acosh(1 / x),
    "acot": lambda x: sympy.atan(1 / x),
    "asec": lambda x: sympy.acos(1 / x),
    "acsc": lambda x: sympy.asin(1 / x),
}

# Inverse functions: what must be >= 0 to stay off the cuts, and the logarithm that then equals them.
_INVERSE: dict[str, tuple[Callable[[Expr], list[Expr]], Callable[[Expr], Expr]]] = {
    "asinh": (lambda x: [x**2], lambda x: log(x + sqrt(x**2 + 1))),
    "acosh": (lambda x: [x - 1], lambda x: log(x + sqrt(x**2 - 1))),
    "atanh": (lambda x: [1 - x, 1 + x], lambda x: (log(1 + x) - log(1 - x)) / 2),
    "atan": (lambda x: [x**2], lambda x: (log(1 + I * x) - log(1 - I * x)) / (2 * I)),
    "asin": (lambda x: [1 - x, 1 + x], lambda x: -I * log(I * x + sqrt(1 - x**2))),
    "acos": (lambda x: [1 - x, 1 + x], lambda x: sympy.pi / 2 + I * log(I * x + sqrt(1 - x**2))),
}
