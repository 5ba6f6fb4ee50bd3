"""The path of one weight of a product h, by which all others are known: dx/dt = scale·x^order·∏ wᵢ^mᵢ·f'(h).

Here h = unit·x^power·∏ wᵢ^mᵢ and wᵢ = ±√(aᵢ² + κᵢ(x² - b²)), from x = b and wᵢ = aᵢ. Between two neighbouring zeros of
the rate each time has one place. These are x = 0 and the places at which f' is 0; f' is a polynomial times what is
never 0. A distance h(x) - h(y) is written as a sum of terms of one sign, so that none of its digits are lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Function, Mul, Poly, Pow, Symbol, exp, log

from ..language.passing_times import HYPERBOLIC
from ..proof.prove import prove
from .branch import Branch, Rate
from .exponential_zeros import Grown, parted
from .tape import NoEvaluator, Tape
from .time_law import PathLaw, divided, real_zeros
from .turning import turned_over

Array = NDArray[np.float64]
EQUAL = 4e-16  # relative: two weights that differ by less stay in proportion


class Distance(Function):  # type: ignore[misc, unused-ignore]
    """a² - k·b², from a, k and b; 0 where no digit of it is known, so that two weights stay in proportion."""

    def _eval_evalf(self, prec: int) -> Any:
        a, k, b = self.args
        return (a**2 - k * b**2)._eval_evalf(prec)

    @staticmethod
    def numbers(a: Any, k: Any, b: Any) -> Any:
        """The same of NumPy arrays."""
        rest = np.sqrt(k) * np.abs(b)
        found = (np.abs(a) - rest) * (np.abs(a) + rest)
        return np.where(np.abs(found) <= EQUAL * np.square(a), 0.0, found)


@dataclass(frozen=True)
class OrbitLaw(PathLaw):
    """The law of a weight of a product.

    Attributes:
        strength: h, in x.
        product: the letter h.
        slope: f'(h).
        scale, unit, power, order: as above.
        others: (aᵢ, κᵢ, mᵢ) of the other weights.
        walls: values of h at which the closed form ends.
    """

    strength: Expr
    product: Symbol
    slope: Expr
    scale: Expr
    unit: Expr
    power: Expr
    order: Expr
    others: tuple[tuple[Expr, Expr, int], ...] = ()
    walls: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        self._parts  # what cannot be computed is found at once  # noqa: B018

    @property
    def expressions(self) -> tuple[Expr, ...]:
        return self.velocity, self.begun, *self.walls

    @cached_property
    def _parts(self) -> tuple[tuple[Poly, ...], Poly, Expr]:
        """The factors of the polynomial in f', none with a double zero; the polynomial; what is never 0 besides."""
        factors, polynomial, besides = list[Poly](), sympy.S.One, sympy.S.One
        for factor in Mul.make_args(sympy.factor(sympy.together(self.slope.rewrite(HYPERBOLIC, exp)))):
            base, times = factor.as_base_exp()
            if factor.is_polynomial(self.product):
                factors.append(Poly(base, self.product))
                polynomial *= factor
            elif times.is_Integer and times.is_positive and (found := parted(base, self.product)):
                factors.append(Poly(found[0], self.product))
                polynomial, besides = polynomial * found[0] ** times, besides * found[1] ** times
            elif _is_computed(factor) and _is_never_zero(factor):
                besides *= factor
            else:
                raise NoEvaluator(f"the slope {self.slope} of the loss has the factor {factor}, of unknown zeros")
        return tuple(factors), Poly(polynomial, self.product), besides

    @cached_property
    def _other(self) -> Expr:
        """What is never 0, in exponentials that are small where those of the first form are large."""
        return turned_over(self._parts[2])

    @cached_property
    def _tape(self) -> Tape:
        factors, polynomial, _ = self._parts
        start = [
            self.begun,
            self.scale,
            self.unit,
            self.power,
            self.order,
            *(e for a, k, _ in self.others for e in (a, k)),
        ]
        return Tape([*start, *(c for one in (polynomial, *factors) for c in one.all_coeffs()), *self.walls])

    def _branch(self, at: Mapping[str, float], until: float) -> tuple[float, Branch | None]:
        begun, scale, unit, power, order, *numbers = map(float, self._tape(at))
        count, walls = 2 * len(self.others), numbers[len(numbers) - len(self.walls) :]
        weights = [(a, k, m) for a, k, (*_, m) in zip(numbers[:count:2], numbers[1:count:2], self.others, strict=True)]
        factors, polynomial, besides = self._parts
        ends = np.cumsum([one.degree() + 1 for one in (polynomial, *factors)])
        coefficients, *parts = np.split(np.array(numbers[count : len(numbers) - len(walls)]), ends[:-1])
        put = {s: np.float64(at[s.name]) for s in besides.free_symbols - {self.product}}

        def never_zero(h: float) -> float:
            found = computed(besides, {**put, self.product: np.float64(h)}, np)
            if np.isnan(found):
                found = computed(self._other, {**put, self.product: np.float64(h)}, np)
            return float(found)

        product = _Product.of(begun, unit, power, order, weights)
        rates = _Rates(product, scale, coefficients, never_zero)
        zeros = [zero for part in parts for zero in real_zeros(part)]
        speed = rates.divided_by([])(begun)
        if not np.isfinite(speed):
            raise FloatingPointError(f"the rate at the start, {self.moving} = {begun}, is no finite number")
        if speed == 0.0:
            return begun, None
        places = rates.places(zeros)
        branch = Branch.of(begun, speed, places, rates.divided_by)
        self._check_walls(branch, [x for wall in walls for x in product.places(wall)], until)
        return begun, branch

    def _check_walls(self, branch: Branch, walls: Sequence[float], until: float) -> None:
        """ValueError where a wall is passed before the last time."""
        for wall in walls:
            is_ahead = (wall - branch.begun) * branch.direction > 0
            if is_ahead and (branch.ahead is None or (branch.ahead - wall) * branch.direction > 0):
                passed = branch.between(branch.first, branch.coordinate(wall))
                if passed <= until:
                    raise ValueError(
                        f"the loss has a kink that is reached at {self.text.split(' ')[0]} = {passed:.6g}, where the "
                        "closed form ends; give earlier times"
                    )

    def _rate(self, put: Mapping[Symbol, Any]) -> Callable[[Any], Any]:
        numbers = {s: mpmath.mpf(r.p) / r.q for s, r in put.items()}
        return lambda x: computed(self.velocity.rewrite(HYPERBOLIC, exp), {**numbers, self.moving: x}, mpmath)

    def _rest_ahead(self, put: Mapping[Symbol, Any], begun: Any, rate: Any) -> Any:
        _, branch = self._branch({s.name: float(r) for s, r in put.items()}, 0.0)
        if branch is None or not branch.ahead:
            return None if branch is None else branch.ahead
        numbers = {s: mpmath.mpf(r.p) / r.q for s, r in put.items()}

        def height(factor: Poly, x: Any) -> Any:
            return computed(
                factor.as_expr().xreplace({self.product: self.strength}), {**numbers, self.moving: x}, mpmath
            )

        factor = min(self._parts[0], key=lambda one: abs(height(one, branch.ahead)))
        return mpmath.findroot(lambda x: height(factor, x), branch.ahead)


@dataclass(frozen=True)
class _Product:
    """h = unit·x^power·∏ wᵢ^mᵢ in numbers, and factor·x^order, from a start.

    weights: (sign, what w² is at x = 0, κ, m). factor: that of the weights which are taken together with x.
    """

    begun: float
    unit: float
    power: float
    order: float
    weights: tuple[tuple[float, float, float, int], ...]
    factor: float

    @classmethod
    def of(
        cls, begun: float, unit: float, power: float, order: float, weights: Sequence[tuple[float, float, int]]
    ) -> _Product:
        """Weights that are in proportion to x are taken together with it."""
        apart, factor = [], 1.0
        for a, k, m in weights:
            least = (abs(a) - np.sqrt(k) * abs(begun)) * (abs(a) + np.sqrt(k) * abs(begun))
            if least <= EQUAL * a**2:
                factor *= float(a / begun) ** m
                power, order = power + m, order + m
            else:
                apart.append((float(np.sign(a)), float(least), k, m))
        return cls(begun, unit * factor, power, order, tuple(apart), factor)

    def others(self, x: float) -> float:
        """∏ wᵢ^mᵢ."""
        return float(prod([self._weight(w, x) ** w[3] for w in self.weights]))

    @staticmethod
    def _weight(one: tuple[float, float, float, int], x: float) -> float:
        sign, least, k, _ = one
        return float(sign * sqrt(least + k * x * x))

    def strength(self, x: float) -> float:
        return float(self.unit * x**self.power * self.others(x))

    @property
    def crosses(self) -> bool:
        """Whether x may pass through 0."""
        return self.order == 0

    def places(self, strength: float) -> list[float]:
        """Where h has this value, on the side of the start that x keeps to, or on either side."""
        if strength == 0.0:
            return [0.0]
        sides = (1.0, -1.0) if self.crosses else (float(np.sign(self.begun)),)
        return [x for side in sides if (x := self._found(strength, side)) is not None]

    def _found(self, strength: float, side: float) -> float | None:
        from scipy.optimize import brentq

        if self.strength(side) * strength <= 0:
            return None

        def above(y: float) -> float:
            """log |h| over what is sought, at x = ±e^y: it grows with y."""
            x = side * float(np.exp(y))
            return float(np.log(abs(self.unit)) + self.power * y + np.log(abs(self.others(x))) - np.log(abs(strength)))

        low, high = -1.0, 1.0
        while above(low) > 0:
            low *= 2
        while above(high) < 0:
            high *= 2
        return side * float(np.exp(brentq(above, low, high, xtol=1e-15, rtol=1e-15)))

    def slope_between(self, x: float, y: float) -> float:
        """(h(x) - h(y))/(x - y)."""
        if x * y < 0:
            return float((self.strength(x) - self.strength(y)) / (x - y))
        grown, passed = _divided_power(x, y, self.power), self.others(x)
        total, done = grown * passed, 1.0
        for n, one in enumerate(self.weights):
            *_, k, m = one
            u, v = self._weight(one, x), self._weight(one, y)
            steps = sum(u**j * v ** (m - 1 - j) for j in range(m)) * k * (x + y) / (u + v)
            later = float(prod([self._weight(w, x) ** w[3] for w in self.weights[n + 1 :]]))
            total += y**self.power * done * steps * later
            done *= v**m
        return float(self.unit * total)


def _divided_power(x: float, y: float, power: float) -> float:
    """(x^p - y^p)/(x - y) of numbers of one sign."""
    if power == 1 or x == 0.0:
        return 1.0 if power == 1 else y ** (power - 1)
    if y == 0.0:
        return float(x ** (power - 1))
    apart = (x - y) / y
    if apart == 0.0:
        return float(power * y ** (power - 1))
    return float(y ** (power - 1) * np.expm1(power * np.log1p(apart)) / apart)


@dataclass(frozen=True)
class _Rates:
    """dx/dt = scale·factor·x^order·∏ wᵢ^mᵢ·P(h)·E(h) in numbers."""

    product: _Product
    scale: float
    coefficients: Array
    never_zero: Rate

    def places(self, zeros: Sequence[float]) -> list[float]:
        """The zeros of the rate, from those of P."""
        at_rest = [] if self.product.crosses else [0.0]
        found = at_rest + [x for zero in zeros for x in self.product.places(zero)]
        return list(dict.fromkeys(found))

    def divided_by(self, near: list[float]) -> Rate:
        """The rate over the distances of x from these zeros."""
        p, order = self.product, self.product.order
        resting = [x for x in near if x != 0.0 or p.crosses]
        order -= len(near) - len(resting)
        left = divided(self.coefficients, [p.strength(x) for x in resting])

        def rate(x: float) -> float:
            size = self.scale * p.factor * p.others(x) * (x**order if order else 1.0)
            h = p.strength(x)
            slopes = float(prod([p.slope_between(x, y) for y in resting]))
            return float(size * slopes * np.polyval(left, h) * self.never_zero(h))

        return rate


def _is_computed(e: Expr) -> bool:
    """Whether an expression is made of sums, products, powers and exponentials."""
    return all(n.is_Atom or n.is_Add or n.is_Mul or n.is_Pow or isinstance(n, exp) for n in sympy.preorder_traversal(e))


def _is_never_zero(factor: Expr) -> bool:
    """Whether a factor has no zero and is infinite or complex nowhere."""
    powers = [p for p in factor.atoms(Pow) if not isinstance(p, exp) and not (p.exp.is_Integer and p.exp.is_positive)]
    bases = [(p.base, "!=" if p.exp.is_Integer else ">") for p in powers]
    return all(prove(base, 0, relation=sign).status == "proved" for base, sign in [*bases, (factor, "!=")])


def computed(e: Any, values: Mapping[Any, Any], library: Any) -> Any:
    """The value of such an expression, in the arithmetic of NumPy or mpmath."""
    if e.is_Symbol:
        return values[e]
    if isinstance(e, exp):
        return library.exp(computed(e.args[0], values, library))
    if isinstance(e, log) and e.free_symbols:
        return library.log(computed(e.args[0], values, library))
    if isinstance(e, Grown):
        x = computed(e.args[0], values, library)
        return library.expm1(x) / x if x else x + 1
    if e.is_Pow and not e.args[1].is_Integer:
        return computed(e.args[0], values, library) ** computed(e.args[1], values, library)
    if e.is_Pow:
        return computed(e.args[0], values, library) ** int(e.args[1])
    if e.is_Add or e.is_Mul:
        first, *rest = (computed(a, values, library) for a in e.args)
        for one in rest:
            first = first + one if e.is_Add else first * one
        return first
    return mpmath.mpf(int(e.p)) / int(e.q) if library is mpmath and e.is_Rational else _constant(e, library)


def _constant(e: Any, library: Any) -> Any:
    return mpmath.mpf(e.evalf(mpmath.mp.dps + 5)._to_mpmath(mpmath.mp.prec)) if library is mpmath else np.float64(e)
