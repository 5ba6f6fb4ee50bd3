"""Why nothing in a certificate is divided by zero: what is provided, and steps that show the rest not to vanish.

A polynomial does not vanish if its signs say so, or if a multiple of it does not: its product with its conjugate, a
power of a root, the numerator of a name or of two. Names are not zero by what their domains claim: a sum of terms of
one sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations_with_replacement

import sympy
from flint import fmpq_mpoly
from sympy import Expr, Integer, Mul

from ..language.expressions import letters_in
from .certificate_steps import Plain, Steps, Uncertified
from .settling import MOST_PRODUCTS, Known
from .signs import ANY, POSITIVE, ZERO, Signs, of_expression, plus, power, times
from .tower import Fractional, Generator, OutsideTower, Tower, ZeroDenominator
from .tower.factors import factored
from .tower.ring import Finer, Full

DEEPEST = 4  # norms of norms
PROVIDED = ("!=", ">")

Term = tuple[str, list[tuple[Fractional, int]]]  # a coefficient and powers


class ConditionSteps(Steps):
    """Writes the steps that keep denominators and arguments of logarithms from zero."""

    def __init__(self, tower: Tower, known: Sequence[Known] = ()) -> None:
        super().__init__(tower)
        self.known = [name for name in known if name.form is not None]
        self.provided: list[list[Plain]] = []  # node and relation
        self._depth = 0
        self._in_work: set[str] = set()
        self._checked: dict[Expr, Fractional] = {}

    def node(self, e: Expr) -> int:
        """The number of the node that stands for an expression."""
        raise NotImplementedError

    def nonzero(self, written: Fractional, of: Expr) -> None:
        """That a fraction does not vanish: shown, or else provided, as a condition on an expression."""
        if not self.keep_from_zero(written.num):
            self.provide(of, "!=")
            if not self.keep_from_zero(written.num):
                raise Uncertified(f"{of} != 0 does not show why something else is not zero")

    def provide(self, e: Expr, relation: str) -> None:
        """That the expression has this relation to 0 is a condition of the statement."""
        written = [self.node(e), relation]
        if written in self.provided:
            return
        self.provided.append(written)
        value = self.checked(e)
        for factor, _ in factored(value.num)[1]:
            self._know(factor)
        if relation == ">":
            self.signs.learn(value, POSITIVE)

    def checked(self, e: Expr) -> Fractional:
        """An expression as the checker works it out; with roots a fraction has several forms."""
        if e not in self._checked:
            self._checked[e] = self._worked_out(e)
        return self._checked[e]

    def _worked_out(self, e: Expr) -> Fractional:
        if e.is_Add or e.is_Mul:
            return reduce(self._sum_of if e.is_Add else self.tower.multiply, map(self.checked, e.args))
        if e.is_Pow and e.exp.is_Integer and e.exp > 0:
            a = self.checked(e.base)
            return self.tower.fraction(a.num ** int(e.exp), a.den ** int(e.exp))
        return self.replaced(self.tower.element(e))

    def _sum_of(self, a: Fractional, b: Fractional) -> Fractional:
        """Over the least common denominator."""
        common = a.den.gcd(b.den)
        rest = b.den // common
        return self.tower.fraction(a.num * rest + b.num * (a.den // common), a.den * rest)

    def _know(self, irreducible: fmpq_mpoly) -> None:
        """The checker knows that this does not vanish."""
        self.signs.nonzero.add(str(irreducible))
        g = self.tower._single_variable(irreducible)
        if g is not None and g.signs is not None:
            g.signs -= ZERO

    # --- what does not vanish -------------------------------------------------------------------------------

    def keep_from_zero(self, written: fmpq_mpoly) -> bool:
        """Whether a polynomial does not vanish, after the steps that show it of each factor."""
        return written.is_constant() or all(self._factor_is_shown(f) for f, _ in factored(written)[1])

    def _factor_is_shown(self, f: fmpq_mpoly) -> bool:
        key = str(f)
        if key in self.signs.nonzero:
            return True
        if key in self._in_work or self._depth > DEEPEST:
            return False
        self._in_work.add(key)
        self._depth += 1
        try:
            ways = (self._by_signs, self._by_power, self._by_radicand, self._by_norm, self._by_names)
            found = any(way(f) for way in ways)
        except (Uncertified, OutsideTower, ZeroDenominator):
            found = False
        finally:
            self._in_work.discard(key)
            self._depth -= 1
        if found:
            self._know(f)
        return found

    def _by_signs(self, f: fmpq_mpoly) -> bool:
        g = self.tower._single_variable(f)
        if g is not None and g.kind == "exp":
            self.number_of(g)
            return True
        signs = self.show_written(self._whole(f))
        return signs is not None and not signs & ZERO

    def _by_power(self, f: fmpq_mpoly) -> bool:
        """A root s by s·s^(q-1), which is made of what stands under it."""
        g = self.tower._single_variable(f)
        if g is None or g.kind != "root" or g.of is None:
            return False
        of = self.replaced(g.of)
        if not self.keep_from_zero(of.num):
            return False
        under = [(self._whole(of.num), 1), (self._whole(of.den), g.degree - 1)]
        return self._multiple(f, self._whole(f ** (g.degree - 1)), [("1", under)])

    def _by_radicand(self, f: fmpq_mpoly) -> bool:
        """What stands under a root that does not vanish."""
        for g in self._roots():
            if str(self.tower.variables[g.index]) not in self.signs.nonzero or g.of is None or not g.of.den.is_one():
                continue
            others, rest = divmod(self.replaced(g.of).num, f)
            if rest.is_zero():
                root = self._whole(self.tower.variables[g.index])
                return self._multiple(f, self._whole(others), [("1", [(root, g.degree)])])
        return False

    def _by_norm(self, f: fmpq_mpoly) -> bool:
        """u + v·r by its product with u - v·r."""
        for g in self._roots():
            if g.degree != 2 or f.degrees()[g.index] != 1 or g.of is None or not g.of.den.is_one():
                continue
            parts, root = self.tower.by_power(f, g.index), self.tower.variables[g.index]
            u, v = parts.get(0, f * 0), parts[1]
            norm = self.tower.reduced(u**2 - v**2 * self.replaced(g.of).num)
            if not norm.is_zero() and len(norm) <= len(f) ** 2 and self.keep_from_zero(norm):
                return self._multiple(f, self._whole(u - v * root), [("1", [(self._whole(norm), 1)])])
        return False

    def _roots(self) -> Iterator[Generator]:
        """Those whose variable stands for the root itself, the last one first."""
        return (g for g in reversed(self.tower.generators) if g.kind == "root" and g.index not in self._values)

    def _whole(self, p: fmpq_mpoly) -> Fractional:
        return Fractional(p, self.tower.one)

    def _multiple(self, f: fmpq_mpoly, by: Fractional, terms: Sequence[Term]) -> bool:
        """True, after the step that says that f times this is that sum."""
        self.step("sum", self.polynomial(f), self.stated(by), *self._stated_terms(terms))
        return True

    def _stated_terms(self, terms: Sequence[Term]) -> list[Plain]:
        return [[c, [[self.stated(a), k] for a, k in powers if k]] for c, powers in terms]

    # --- names ----------------------------------------------------------------------------------------------

    def _by_names(self, f: fmpq_mpoly) -> bool:
        """A factor of the numerator of a name, or of the product of two by the relations of the roots."""
        names = [(name, value) for name in self.known if (value := self._value(name)) is not None]
        for name, value in names:
            others, rest = divmod(value.num, f)
            if rest.is_zero() and self._by_form(name, f, Fractional(others, value.den)):
                return True
        for (one, first), (two, second) in combinations_with_replacement(names, 2):
            if len(first.num) * len(second.num) > MOST_PRODUCTS:
                continue
            others, rest = divmod(self.tower.reduced(first.num * second.num), f)
            if rest.is_zero() and self._name_is_shown(one, first) and self._name_is_shown(two, second):
                powers = [(self._whole(first.num), 1), (self._whole(second.num), 1)]
                return self._multiple(f, self._whole(others), [("1", powers)])
        return False

    def _value(self, name: Known) -> Fractional | None:
        """As the certificate writes it; None where something in it has not been written yet."""
        try:
            return self.element(name.value)
        except (Uncertified, OutsideTower, ZeroDenominator):
            return None

    def element(self, e: Expr) -> Fractional:
        """The expression as the checker works it out, where this adds no letter."""
        if not letters_in(e) <= {g.means for g in self.tower.generators}:
            raise Uncertified(f"{e} holds other letters than the statement")
        try:
            return self.checked(e)
        except (Full, Finer):
            raise Uncertified(f"{e} needs other exponentials than the statement") from None

    def _name_is_shown(self, name: Known, value: Fractional) -> bool:
        for f, _ in factored(value.num)[1]:
            if str(f) not in self.signs.nonzero:
                others = Fractional(value.num // f, value.den)
                if not self._by_form(name, f, others):
                    return False
                self._know(f)
        return True

    def _by_form(self, name: Known, f: fmpq_mpoly, by: Fractional) -> bool:
        """By the sum that the name is, whose terms have one sign."""
        found = self._terms(name.form)
        if found is None or found[1] & ZERO:
            return False
        return self._multiple(f, by, found[0])

    def show_as_written(self, e: Expr) -> None:
        """The signs of an expression, where only the way it is written shows them."""
        value, written = self.checked(e), of_expression(e)
        known = self.show_written(value)
        if written is not None and (known is None or not known <= written) and (found := self._terms(e)) is not None:
            self._sum(value, found)

    def _sum(self, value: Fractional, found: tuple[list[Term], Signs]) -> None:
        self._multiple(value.num, Fractional(self.tower.one, value.den), found[0])
        self.signs.learn(value, found[1])

    def _terms(self, e: Expr | None) -> tuple[list[Term], Signs] | None:
        """An expression as a sum of products, and its signs; None where they are not known."""
        terms, total = list[Term](), ZERO
        for part in sympy.Add.make_args(e):
            coefficient, powers, signs = part.as_coeff_Mul()[0], list[tuple[Fractional, int]](), POSITIVE
            if not coefficient.is_Rational:
                return None
            for base, exponent in _powers(part / coefficient):
                a, known = self._factor(base, exponent)
                if known is None:
                    return None
                powers.append((a, abs(exponent)))
                signs = times(signs, power(known, abs(exponent)))
            terms.append((str(coefficient), powers))
            total = plus(total, times(signs, frozenset({1 if coefficient > 0 else -1})))
        return terms, total

    def _factor(self, base: Expr, exponent: int) -> tuple[Fractional, Signs | None]:
        """A factor or its inverse, and its signs."""
        value = a = self.element(base)
        if exponent < 0:
            if not self.keep_from_zero(a.num):
                return a, None
            a = Fractional(a.den, a.num)
        signs = self.show_written(a)
        if exponent % 2 and signs == ANY and base.is_Add:
            forms = [base, *(name.form for name in self.known if name.value == base)]
            found = next((f for form in forms if (f := self._terms(form)) is not None and f[1] != ANY), None)
            if found is not None:
                self._sum(value, found)
                signs = self.show_written(a)
        return a, signs


def _powers(product: Expr) -> Iterator[tuple[Expr, int]]:
    for factor in Mul.make_args(product):
        base, exponent = factor.as_base_exp()
        if factor == 1:
            continue
        if isinstance(factor, sympy.exp) or not exponent.is_Integer:
            base, exponent = factor, Integer(1)
        yield base, int(exponent)
