"""Gauss's hypergeometric function in the tower: every ₂F₁(a + k, b + l; c + m; z) by one value and its derivative.

The contiguous relations (DLMF 15.5.11 to 15.5.18, here each with the derivative in the place of the third function)
bring integer steps of the parameters back to a pair of generators F, F'. Euler's and Pfaff's transformations (DLMF
15.8.1) bring c - a, c - b and z/(z - 1) back to a, b and z. Where a parameter, or its difference from c, is an integer,
the equation is of first order and F' is no generator of its own; where all are, F is a logarithm or a polynomial.

All of it holds on the principal branch, for z < 1 and c > 0, which must follow from the assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from sympy import Expr, hyper

from ..signs import ANY, POSITIVE, ZERO
from .ring import Fractional, OutsideTower

if TYPE_CHECKING:
    from .conversion import Tower

FARTHEST = 40  # integer steps of all three parameters together


@dataclass(frozen=True)
class Parameters:
    """a, b, c of ₂F₁(a, b; c; z), and z."""

    a: Fractional
    b: Fractional
    c: Fractional
    z: Fractional


@dataclass(frozen=True)
class State:
    """The function and its derivative in z at these parameters."""

    at: Parameters
    value: Fractional
    slope: Fractional


def element(tower: Tower, e: Expr) -> Fractional:
    """hyper((a, b), (c,), z) as a fraction of generators."""
    above, below, argument = e.args
    if (len(above), len(below)) not in ((2, 1), (1, 0)):
        raise OutsideTower(f"{_excerpt(e)} is outside the tower: of the hypergeometric functions only 2F1 is in it")
    *parameters, z = (tower.element(x) for x in (*above, *below, argument))
    gauss = Gauss(tower)
    if tower.signs(gauss.less(gauss.one, z)) != POSITIVE or (below and tower.signs(parameters[2]) != POSITIVE):
        raise OutsideTower(f"{_excerpt(e)} is outside the tower: z < 1 and c > 0 are not known")
    if tower.is_zero(z):
        return gauss.one
    if not below:  # SymPy writes 2F1(a, b; b; z) so
        return gauss.power(z, tower.negative(parameters[0]))
    a, b, c = parameters
    return gauss.value(Parameters(a, b, c, z))


class Gauss:
    """What ₂F₁ obeys, written in the fractions of one tower."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower
        self.one = tower.constant(1)

    # --- which state to start from -------------------------------------------------------------------------

    def value(self, at: Parameters) -> Fractional:
        """The function there: from a state that is known, else from a new one."""
        found = self.from_known(at) or self.from_reducible(at)
        if found is not None:
            return found
        new = self.general(at)
        self.tower.hypergeometric_states.append(new)
        return new.value

    def from_known(self, at: Parameters) -> Fractional | None:
        for factor, other in self.equal_functions(at):
            for known in self.tower.hypergeometric_states:
                reached = self.reached(known, other)
                if reached is not None:
                    return self.tower.multiply(factor, reached.value)
        return None

    def from_reducible(self, at: Parameters) -> Fractional | None:
        for factor, other in self.equal_functions(at):
            start = self.reducible(other)
            reached = self.reached(start, other) if start is not None else None
            if start is not None and reached is not None:
                self.tower.hypergeometric_states.append(start)
                return self.tower.multiply(factor, reached.value)
        return None

    def equal_functions(self, p: Parameters) -> Iterator[tuple[Fractional, Parameters]]:
        """The function by Euler's and by Pfaff's transformation: a factor, and other parameters."""
        t = self.tower
        a, b = self.less(p.c, p.a), self.less(p.c, p.b)
        turned = t.multiply(p.z, t.inverse(self.less(p.z, self.one)))
        euler = self.power(p.z, self.less(a, p.b))
        by_a, by_b = self.power(p.z, t.negative(p.a)), self.power(p.z, t.negative(p.b))
        for factor, first, second, z in (
            (self.one, p.a, p.b, p.z),
            (euler, a, b, p.z),
            (by_a, p.a, b, turned),
            (by_b, p.b, a, turned),
        ):
            yield factor, Parameters(first, second, p.c, z)
            yield factor, Parameters(second, first, p.c, z)

    def power(self, z: Fractional, exponent: Fractional) -> Fractional:
        """(1 - z)^exponent, where 1 - z > 0."""
        t, base = self.tower, self.less(self.one, z)
        number = t.number(exponent)
        if number is not None:
            return t.integer_power(t.root(base, number.denominator), number.numerator)
        return t.exponential(t.multiply(exponent, t.logarithm(base)))

    def reducible(self, at: Parameters) -> State | None:
        """A state from which `at` is reached, where a is an integer: a polynomial, a logarithm, or one generator."""
        t = self.tower
        a, b, c = (t.number(x) for x in (at.a, at.b, at.c))
        if a is None or a.denominator != 1:
            return None
        if a <= 0:
            return State(Parameters(t.constant(0), at.b, at.c, at.z), self.one, t.constant(0))
        if b is not None and c is not None and b > 0 and b.denominator == c.denominator == 1:
            return self.by_logarithm(at.z)
        return self.first_order(Parameters(self.one, at.b, at.c, at.z))

    def by_logarithm(self, z: Fractional) -> State:
        """F(1, 1; 2; z) = -log(1 - z)/z."""
        t = self.tower
        logarithm = t.logarithm(self.less(self.one, z))
        start = Parameters(self.one, self.one, t.constant(2), z)
        return self.first_order(start, t.multiply(t.negative(logarithm), t.inverse(z)))

    def first_order(self, at: Parameters, value: Fractional | None = None) -> State:
        """For a = 1: z(1 - z)F' = (c - 1)(1 - F) + bzF."""
        t = self.tower
        f = self.generator(at, 0) if value is None else value
        rest = t.multiply(self.less(at.c, self.one), self.less(self.one, f))
        above = t.add(rest, t.multiply(t.multiply(at.b, at.z), f))
        return State(at, f, t.multiply(above, t.inverse(t.multiply(at.z, self.less(self.one, at.z)))))

    def general(self, at: Parameters) -> State:
        return State(at, self.generator(at, 0), self.generator(at, 1))

    def generator(self, at: Parameters, derivative: int) -> Fractional:
        t = self.tower
        a, b, c, z = (t.sympy(x) for x in (at.a, at.b, at.c, at.z))
        means = hyper((a + derivative, b + derivative), (c + derivative,), z) * (a * b / c) ** derivative
        real = all(t.signs(x) is not None for x in (at.a, at.b, at.c, at.z))
        return t.variable(t.new("hypergeometric", means, ANY if real else None))

    # --- integer steps -------------------------------------------------------------------------------------

    def steps(self, start: Parameters, end: Parameters) -> tuple[int, int, int] | None:
        """How many integer steps of a, b and c lead from one to the other, if any do."""
        t = self.tower
        if not t.is_zero(self.less(end.z, start.z)):
            return None
        apart = [t.number(self.less(y, x)) for x, y in ((start.a, end.a), (start.b, end.b), (start.c, end.c))]
        if any(n is None or n.denominator != 1 for n in apart):
            return None
        found = [int(n) for n in apart if n is not None]
        if sum(map(abs, found)) > FARTHEST:
            raise OutsideTower(f"2F1 with parameters more than {FARTHEST} steps from one another is outside the tower")
        return found[0], found[1], found[2]

    def reached(self, start: State, end: Parameters) -> State | None:
        """The state at `end`, by the order of steps that needs the fewest conditions; None where none leads there."""
        steps = self.steps(start.at, end)
        if steps is None:
            return None
        moves = [(name if n > 0 else name.upper()) * abs(n) for name, n in zip("abc", steps, strict=True)]
        open_orders = []
        for order in sorted({"".join(p) for p in permutations(moves)}):
            uncertain = self.uncertain(start.at, order)
            if uncertain is not None:
                open_orders.append((uncertain, order))
        return self.walk(start, min(open_orders)[1]) if open_orders else None

    def uncertain(self, at: Parameters, order: str) -> int | None:
        """How many steps divide by what might be zero; None where one divides by what is."""
        count = 0
        for move in order:
            for divisor in self.divisors(at, move):
                if self.tower.is_zero(divisor):
                    return None
                signs = self.tower.signs(divisor)
                count += signs is None or bool(signs & ZERO)
            at = self.moved(at, move)
        return count

    def divisors(self, at: Parameters, move: str) -> list[Fractional]:
        """What the step divides by, besides c, z and 1 - z."""
        a, b = self.less(at.c, at.a), self.less(at.c, at.b)
        return {"a": [at.a], "A": [a], "b": [at.b], "B": [b], "c": [a, b], "C": []}[move]

    def moved(self, at: Parameters, move: str) -> Parameters:
        by = self.one if move.islower() else self.tower.negative(self.one)
        name = move.lower()
        return replace(at, **{name: self.tower.add(getattr(at, name), by)})

    def walk(self, state: State, order: str) -> State:
        """Step by step: small letters raise a parameter by one, capitals lower it."""
        for move in order:
            if move in "bB":
                state = self.swapped(self.walk(self.swapped(state), "a" if move == "b" else "A"))
            else:
                step = {"a": self.raise_a, "A": self.lower_a, "c": self.raise_c, "C": self.lower_c}[move]
                state = step(state)
        return state

    def raise_a(self, s: State) -> State:
        """F(a + 1) = F + (z/a)F'."""
        t, p = self.tower, s.at
        by_a, rest = t.inverse(p.a), t.inverse(self.less(self.one, p.z))
        value = t.add(s.value, t.multiply(t.multiply(p.z, by_a), s.slope))
        slope = t.add(self.grown(s.slope, by_a), t.multiply(t.multiply(by_a, rest), self.curvature(s)))
        return State(self.moved(p, "a"), value, slope)

    def lower_a(self, s: State) -> State:
        """(c - a)F(a - 1) = z(1 - z)F' + (c - a - bz)F."""
        t, p = self.tower, s.at
        apart, rest = self.less(p.c, p.a), self.less(self.one, p.z)
        pulled = t.multiply(p.b, s.value)
        above = t.add(t.multiply(t.multiply(p.z, rest), s.slope), t.multiply(apart, s.value))
        above = self.less(above, t.multiply(p.z, pulled))
        below = t.multiply(self.less(p.a, self.one), self.less(pulled, t.multiply(rest, s.slope)))
        by = t.inverse(apart)
        return State(self.moved(p, "A"), t.multiply(by, above), t.multiply(by, below))

    def lower_c(self, s: State) -> State:
        """F(c - 1) = F + (z/(c - 1))F'."""
        t, p = self.tower, s.at
        lower = self.less(p.c, self.one)
        by, rest = t.inverse(lower), t.inverse(self.less(self.one, p.z))
        value = t.add(s.value, t.multiply(t.multiply(p.z, by), s.slope))
        slope = t.add(self.grown(s.slope, by), t.multiply(t.multiply(by, rest), self.curvature(s)))
        return State(self.moved(p, "C"), value, slope)

    def raise_c(self, s: State) -> State:
        """(c - a)(c - b)F(c + 1) = c((1 - z)F' + (c - a - b)F)."""
        t, p = self.tower, s.at
        a, b, rest = self.less(p.c, p.a), self.less(p.c, p.b), self.less(self.one, p.z)
        scale = t.multiply(p.c, t.inverse(t.multiply(a, b)))
        value = t.add(t.multiply(rest, s.slope), t.multiply(self.less(a, p.b), s.value))
        pulled = t.multiply(t.multiply(p.a, p.b), s.value)
        slope = self.less(pulled, t.multiply(t.multiply(p.c, rest), s.slope))
        slope = t.multiply(slope, t.inverse(p.z))
        return State(self.moved(p, "c"), t.multiply(scale, value), t.multiply(scale, slope))

    def curvature(self, s: State) -> Fractional:
        """z(1 - z)F'' = abF - (c - (a + b + 1)z)F'."""
        t, p = self.tower, s.at
        drag = self.less(p.c, t.multiply(t.add(t.add(p.a, p.b), self.one), p.z))
        return self.less(t.multiply(t.multiply(p.a, p.b), s.value), t.multiply(drag, s.slope))

    # --- small pieces --------------------------------------------------------------------------------------

    def less(self, x: Fractional, y: Fractional) -> Fractional:
        return self.tower.subtract(x, y)

    def grown(self, x: Fractional, q: Fractional) -> Fractional:
        """(1 + q)x."""
        return self.tower.add(x, self.tower.multiply(q, x))

    def swapped(self, s: State) -> State:
        return State(Parameters(s.at.b, s.at.a, s.at.c, s.at.z), s.value, s.slope)


def _excerpt(e: Expr) -> str:
    text = str(e)
    return text if len(text) <= 60 else "hyper(...)"
