"""The steps of a certificate: what brings the variables, and what shows values of functions and their signs.

The tower says what an expression is; here that is put into the steps that `modeflow.recheck` understands. A variable of
the certificate is brought when something first speaks of it.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import sympy
from flint import fmpq, fmpq_mpoly
from sympy import Expr, I

from .sign_steps import SignSteps
from .signs import NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, Signs
from .tower import Fractional, Generator, Tower

MOST_TERMS = 50  # of a generator that is written out for readers
Plain = Any


class Uncertified(Exception):
    """A step for which there is no rule that the checker knows."""


class Steps:
    """Writes the steps of one certificate."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower
        self.steps: list[Plain] = []
        self.means: list[Plain] = [{"kind": "i", "means": "I"}, {"kind": "pi", "means": "pi"}]  # by variable
        self.signs = SignSteps(tower)
        self._numbers: dict[int, int] = {}  # the tower's variable → the certificate's
        self._values: dict[int, Fractional] = {}  # what is written in the place of a variable
        self._sums: dict[int, Fractional] = {}  # those that are sums of logarithms and not yet shown to be one
        self._turns: set[int] = set()  # the n of the exp(iπ/n) that are shown
        self._orders: dict[tuple[int, str], tuple[int, int]] = {}  # Bessel pair and kind → first and last order shown

    def step(self, name: str, *stated: Plain) -> None:
        self.steps.append([name, *stated])

    def polynomial(self, p: fmpq_mpoly) -> Plain:
        return [[str(c), self._monomial(monomial)] for monomial, c in p.to_dict().items()]

    def _monomial(self, monomial: tuple[int, ...]) -> Plain:
        return sorted([self.number_of(self.tower.generator_at(i)), int(d)] for i, d in enumerate(monomial) if d)

    def fraction(self, a: Fractional) -> Plain:
        """Stated, after what shows that the denominator does not vanish."""
        return self.stated(self.replaced(a))

    def stated(self, written: Fractional) -> Plain:
        """A fraction in the variables of the certificate."""
        self.keep_from_zero(written.den)
        return [self.polynomial(written.num), self.polynomial(written.den)]

    def keep_from_zero(self, written: fmpq_mpoly) -> bool:
        """Whether a polynomial does not vanish, after the steps that show it."""
        raise NotImplementedError

    def show(self, a: Fractional) -> Signs | None:
        """The signs that the checker will know a fraction to have, after the steps that show them."""
        return self.show_written(self.replaced(a))

    def show_written(self, written: Fractional) -> Signs | None:
        for g in self.tower.present(written.num * written.den):
            self.number_of(g)
        found = self.signs.of(written)
        steps, self.signs.new = self.signs.new, []
        for name, stated in steps:
            if name == "conjugates":
                self.step(name, *map(self.polynomial, stated))
            else:
                p, multiplier, terms = stated
                by = self.stated(Fractional(multiplier, self.tower.one))
                self.step(name, self.polynomial(p), by, *([c, self._stated_powers(powers)] for c, powers in terms))
        return found

    def _stated_powers(self, factors: list[tuple[fmpq_mpoly, int]]) -> list[Plain]:
        return [[self.stated(Fractional(p, self.tower.one)), k] for p, k in factors]

    def need(self, a: Fractional, signs: Signs, what: str) -> None:
        found = self.show(a)
        if found is None or not found <= signs:
            raise Uncertified(f"the sign of {what} has no elementary derivation")

    # --- variables ------------------------------------------------------------------------------------------

    def number_of(self, g: Generator) -> int:
        """The number of a generator's variable in the certificate, after the step that brings it."""
        if g.kind == "constant" or g.means is I:
            return 1 if g.kind == "constant" else 0
        if g.index not in self._numbers:
            if g.kind not in _STEPS:
                raise Uncertified(f"{g.means} comes before its node")
            getattr(self, _STEPS[g.kind])(g)
            self.new(g)
            self._sharpen(g)
        return self._numbers[g.index]

    def new(self, g: Generator) -> None:
        """The last step or node brings this generator's variable."""
        self._numbers[g.index] = len(self.means)
        long = g.of is not None and len(g.of.num) + len(g.of.den) > MOST_TERMS  # would fill pages
        times = self.tower.expression(self._values[g.index].den) if g.index in self._values else 1
        self.means.append({"kind": g.kind, "means": f"{g.kind}(…)" if long else str(times * g.means)})

    def _sharpen(self, g: Generator) -> None:
        """The signs that the checker gives a variable, where it knows more than the tower did."""
        under = None if g.of is None or g.signs is not None else self.signs.of(self.replaced(g.of))
        if under is None:
            return
        if g.kind == "root" and under <= NONNEGATIVE and g.of is not None and g.of.den.is_one():
            g.signs = under
        if g.kind == "exp":
            g.signs, g.bound = POSITIVE, -1 if under <= NONPOSITIVE else int(under <= NONNEGATIVE)

    def _exponential(self, g: Generator) -> None:
        assert g.of is not None
        self.show(g.of)
        self.step("exp", self.fraction(g.of))

    def _logarithm(self, g: Generator) -> None:
        assert g.of is not None
        self.keep_from_zero(self.replaced(g.of).num)
        self.show(g.of)
        self.show(self.tower.add(g.of, self.tower.constant(-1)))
        self.step("log", self.fraction(g.of), "log")

    def _branch(self, g: Generator) -> None:
        """The variable stands for 2·atanh(y)."""
        assert g.of is not None
        self.keep_from_zero(self.replaced(g.of).num)
        self.step("log", self.fraction(g.of), "branch")
        self._values[g.index] = Fractional(self.tower.variables[g.index], self.tower.one * 2)

    def _root(self, g: Generator) -> None:
        """The variable s stands for r·d where r is the root of n/d."""
        assert g.of is not None
        self.show(g.of)
        self.step("root", self.fraction(g.of), g.degree)
        den = self.replaced(g.of).den
        if not den.is_one():
            self._values[g.index] = Fractional(self.tower.variables[g.index], den)

    def replaced(self, a: Fractional) -> Fractional:
        """A fraction of the tower with what the certificate writes in the place of its variables."""
        for g in reversed(self.tower.generators):
            if a.num.degrees()[g.index] > 0 or a.den.degrees()[g.index] > 0:
                if g.index not in self._values:
                    self.number_of(g)
                if g.index in self._sums:
                    self.exponential(self._sums.pop(g.index))
                if g.index in self._values:
                    a = self._put(a, g, self._values[g.index])
        return a

    def _put(self, a: Fractional, g: Generator, value: Fractional) -> Fractional:
        def cleared(p: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
            parts = self.tower.by_power(p, g.index)
            top = max(parts, default=0)
            return sum((c * value.num**k * value.den ** (top - k) for k, c in parts.items()), p * 0), value.den**top

        (num, above), (den, below) = cleared(a.num), cleared(a.den)
        return self.tower.fraction(num * below, den * above)

    # --- values of functions ----------------------------------------------------------------------------------

    def exponential(self, a: Fractional) -> None:
        """exp(a) by the exponentials and logarithms that a is made of."""
        t = self.tower
        terms, rest = [], a
        for monomial, q in t.summands(a):
            known = t._known_power(monomial, q)
            if known is not None:
                terms += self._summand(monomial, q, known)
                rest = t.add(rest, Fractional(t.ring.from_dict({monomial: -q}), t.one))
        terms += self._by_known_exponents(rest)
        if [term[1:] for term in terms] != [["1"]]:
            self.step("exponents", *terms)

    def _summand(self, monomial: tuple[int, ...], q: fmpq, known: Fractional) -> list[Plain]:
        here = [self.tower.generator_at(i) for i, d in enumerate(monomial) if d]
        if len(here) == 1:
            return [self._power_of_argument(here[0], q, known)]
        return self._turn(Fraction(int(q.p), int(q.q)), known)

    def _by_known_exponents(self, rest: Fractional) -> list[Plain]:
        """A sum without logarithms by the exponents of the tower's exponentials."""
        if rest.num.is_zero():
            return []
        t, terms = self.tower, []
        t._pure_exponential(rest)
        for i, k in t._combination(rest) or []:
            g = t._exponents[i][1]
            self.number_of(g)
            assert g.of is not None
            terms.append([self.fraction(g.of), str(k)])
        return terms

    def _turn(self, q: Fraction, known: Fractional) -> list[Plain]:
        """exp(q·iπ) by whole powers of exp(iπ/3), exp(iπ/4), exp(iπ/5) or exp(iπ/6)."""
        t, half_turn = self.tower, self.tower.element(I * sympy.pi)
        value, terms = t.constant(1), []
        for n, k in _in_parts(q):
            root = self._first_root(n)
            value = t.multiply(value, t.integer_power(root, k))
            terms.append([self.fraction(t.multiply(half_turn, t.constant(Fraction(1, n)))), str(k)])
        if not t.is_zero(t.subtract(value, known)):
            raise Uncertified(f"exp({q}·iπ) has no steps")
        return terms

    def _first_root(self, n: int) -> Fractional:
        """exp(iπ/n), after the step that shows it."""
        t = self.tower
        cosine, sine = (t.element(f(sympy.pi / n)) for f in (sympy.cos, sympy.sin))
        if n not in self._turns:
            self.need(cosine, POSITIVE, "a root of unity")
            self.need(sine, POSITIVE if n > 0 else NEGATIVE, "a root of unity")
            self.step("turn", n, self.fraction(cosine), self.fraction(sine))
            self._turns.add(n)
        return t.add(cosine, t.multiply(t.element(I), sine))

    def _power_of_argument(self, g: Generator, q: fmpq, known: Fractional) -> Plain:
        """exp(q·v) for a logarithm v, or exp(q/2·v) for the v that stands for 2·atanh(y)."""
        t, times = self.tower, 2 if g.kind == "atanh" else 1
        exponent, v = q / times, self.fraction(t.multiply(t.variable(g), t.constant(times)))
        if exponent.q == 1:
            return [v, str(exponent)]
        self.need(known, NONNEGATIVE, "a power")
        return [v, str(exponent), self.fraction(known)]

    def logarithm(self, value: Fractional) -> None:
        """The value of a logarithm: a real part and at most one logarithm that stays as it is."""
        t = self.tower
        opaque = [g for g in t.present(value.num) if g.kind == "log" and g.signs is None]
        real = t.subtract(value, t.variable(opaque[0])) if opaque else value
        self._require_real(real, bool(opaque))
        for g in opaque:
            self.number_of(g)
        if opaque and real.num.is_zero():
            return
        self.exponential(real)
        if opaque:
            self._beside_opaque(real, opaque[0])

    def _require_real(self, value: Fractional, beside_opaque: bool) -> None:
        """Real, or where it stands alone, real but for iπ."""
        t = self.tower
        if t.signs(value) is not None:
            return
        if beside_opaque or t.signs(t.subtract(value, t.element(I * sympy.pi))) is None:
            raise Uncertified("a logarithm of a negative number beside another has no steps")

    def _beside_opaque(self, real: Fractional, opaque: Generator) -> None:
        positive = self.tower.exponential(real)
        assert opaque.of is not None
        self.need(positive, NONNEGATIVE, "the positive part of a logarithm")
        self.step("logarithms", self.fraction(positive), self.fraction(opaque.of))

    def root_of(self, base: Fractional) -> Fractional:
        """The square root, after the steps that show it."""
        value = self.tower.root(base, 2)
        self.root(base, 2, value)
        return value

    def root(self, base: Fractional, q: int, value: Fractional) -> None:
        """The value as a factor p >= 0 times at most one root that stays as it is."""
        t = self.tower
        for g in t.present(value.num):
            if g.kind != "root" or g.degree != q or g.of is None or (g.index in self._values and g.signs is not None):
                continue
            factor = t.multiply(value, Fractional(t.one, t.variables[g.index]))
            if t.is_zero(t.subtract(t.multiply(t.integer_power(factor, q), g.of), base)):
                self._factor_of_root(factor, g)
                return
        self.need(value, NONNEGATIVE, "a root")
        self.step("radical", self.fraction(value), None, q)

    def _factor_of_root(self, factor: Fractional, g: Generator) -> None:
        self.number_of(g)
        if g.of is not None and not (factor.num.is_one() and factor.den.is_one()):
            self.need(factor, NONNEGATIVE, "the factor of a root")
            self.step("radical", self.fraction(factor), self.fraction(g.of), g.degree)

    def bessel(self, name: str, e: Expr) -> None:
        t = self.tower
        t.element(e)  # so that its pair exists
        order, argument = (t.element(a) for a in e.args)
        for index, pair in enumerate(t.bessel_pairs):
            if not t.is_zero(t.subtract(argument, pair.argument)):
                continue
            steps = self._steps_from(pair, name, order)
            if steps is not None:
                self._reach(index, name, steps)
                return
        raise Uncertified(f"{e} is not within whole steps of a known pair")

    def _steps_from(self, pair: Any, name: str, order: Fractional) -> int | None:
        """How many orders above the pair's own; K is even in the order."""
        orders = (order, self.tower.negative(order)) if name == "besselk" else (order,)
        found = (self.tower.number(self.tower.subtract(same, pair.order)) for same in orders)
        return next((int(steps) for steps in found if steps is not None and steps.denominator == 1), None)

    def _reach(self, index: int, name: str, order: int) -> None:
        """The function that many orders above the pair's own, one after the other."""
        t, pair = self.tower, self.tower.bessel_pairs[index]
        if (index, name) not in self._orders:
            self._pair(pair)
            self._orders |= {(index, kind): (0, 1) for kind in ("besseli", "besselk")}
        low, high = self._orders[index, name]
        z = self.fraction(pair.argument)
        for n, d in (*((n, 1) for n in range(high, order)), *((n, -1) for n in range(low, order, -1))):
            self.step("recurrence", name, self.fraction(t.add(pair.order, t.constant(n))), z, d)
        self._orders[index, name] = min(low, order), max(high, order)

    def _show_elementary_bessel(self, z: Fractional) -> None:
        """What functions of order -1/2 are made of: the root of 2/(πz), and exp(z)."""
        t = self.tower
        around = t.multiply(t.element(sympy.pi), z)
        self.root_of(t.multiply(t.integer_power(around, -1), t.constant(2)))
        self.exponential(z)

    def _pair(self, pair: Any) -> None:
        t = self.tower
        functions = [pair.here["besseli"], pair.above["besseli"], pair.here["besselk"]]
        here = t.present(functions[0].num)
        free = len(here) == 1 and here[0].kind == "bessel" and functions[0].num == t.variables[here[0].index]
        above = t.add(pair.order, t.constant(1))
        self.show(pair.argument)
        self.show(above)
        if not free:
            self._show_elementary_bessel(pair.argument)
        self.step("bessel", self.fraction(pair.order), self.fraction(pair.argument))
        positive = all(self.signs.of(self.replaced(a)) == POSITIVE for a in (pair.argument, above))
        for value in functions if free else ():
            g = t.present(value.num)[0]
            self.new(g)
            g.signs = POSITIVE if positive else g.signs


def _in_parts(q: Fraction) -> list[tuple[int, int]]:
    """q as a sum of few k/n with |n| from 3 to 6 and whole k > 0."""
    for n in (3, 4, 6, 5):
        if (q * n).denominator == 1:
            return [_positive(n, q * n)]
    for a, b in sorted(product(range(-2, 3), repeat=2), key=lambda pair: sum(map(abs, pair))):
        rest = (q - Fraction(a, 3) - Fraction(b, 4)) * 5
        if rest.denominator == 1:
            return [_positive(n, Fraction(k)) for n, k in ((3, a), (4, b), (5, rest)) if k]
    raise Uncertified(f"exp({q}·iπ) has no steps")


def _positive(n: int, k: Fraction) -> tuple[int, int]:
    return (n, int(k)) if k > 0 else (-n, int(-k))


_STEPS = {"exp": "_exponential", "log": "_logarithm", "atanh": "_branch", "root": "_root"}
