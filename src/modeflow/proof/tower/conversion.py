"""From SymPy expressions to fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import sympy
from sympy import Add, Expr, I, Mul, exp, log, sqrt

from ..signs import NONNEGATIVE, POSITIVE, Signs, of_symbol
from . import bessel, hypergeometric
from .ring import Finer, Fractional, Full, OutsideTower
from .zeros import Zeros


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
    capacities, scales = iter((24, 64, 160)), dict[int, int]()
    capacity = 12
    for _ in range(40):
        tower = Tower(capacity, scales)
        try:
            return work(tower), tower
        except Full:
            capacity = next(capacities, 0)
            if not capacity:
                raise OutsideTower("more than 160 independent exponentials, logarithms and roots") from None
        except Finer as finer:
            scales[finer.position] = scales.get(finer.position, 1) * finer.factor
    raise OutsideTower("the exponents have too many different denominators")


class Tower(Zeros):
    """The ring that a SymPy expression needs, made while the expression is read."""

    def __init__(self, capacity: int, scales: Mapping[int, int] | None = None) -> None:
        super().__init__(capacity, scales)
        self._known: dict[Expr, Fractional] = {}
        self.bessel_pairs: list[bessel.Pair] = []
        self.hypergeometric_states: list[hypergeometric.State] = []

    def element(self, e: Expr) -> Fractional:
        """The expression as a fraction of polynomials in the generators."""
        if e not in self._known:
            self._known[e] = self._convert(e)
        return self._known[e]

    def _convert(self, e: Expr) -> Fractional:
        if e.is_Rational:
            return self.constant(e)
        if e.is_Symbol:
            return self._symbol(e)
        if e in _CONSTANTS:
            return _CONSTANTS[e](self)
        if e.is_Add:
            return self.total(list(map(self.element, e.args)))
        if e.is_Mul:
            return reduce(self.multiply, map(self.element, e.args))
        if isinstance(e, exp):
            return self.exponential(self.element(e.args[0]))
        if e.is_Pow:
            return self._pow(e)
        if isinstance(e, log) and len(e.args) == 1:
            return self.logarithm(self.element(e.args[0]))
        return self._function(e)

    def _symbol(self, e: Expr) -> Fractional:
        if not e.is_commutative:
            raise OutsideTower(f"{e} does not commute")
        return self.variable(self.new("symbol", e, of_symbol(e)))

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
        if isinstance(e, sympy.Max | sympy.Min):
            return self.element(extreme(e))
        if name in _INVERSE:
            return self._inverse_function(name, e.args[0])
        if name == "Abs":
            return self._absolute(e.args[0])
        if name in ("besseli", "besselk"):
            return bessel.element(self, e)
        if name == "hyper":
            return hypergeometric.element(self, e)
        if name == "LambertW" and (inverse := self._product_logarithm(*e.args)) is not None:
            return inverse
        raise OutsideTower(f"{_excerpt(e)} is outside the tower")

    def _product_logarithm(self, x: Expr, branch: Expr = sympy.S.Zero) -> Fractional | None:
        """W(v·exp(v)): it is v on the branch 0 where v >= -1, and on the branch -1 where v <= -1."""
        if branch not in (0, -1):
            return None
        exponents = [a.args[0] for a in Mul.make_args(x) if isinstance(a, exp)]
        candidates = (*exponents, *Mul.make_args(x), *(exp(a) for e in exponents for a in Add.make_args(e)))
        v = next((v for v in candidates if self._is_product_logarithm(v, x, branch)), None)
        return None if v is None else self.element(v)

    def _is_product_logarithm(self, v: Expr, x: Expr, branch: Expr) -> bool:
        if not self.vanishes(self.element(x - v * exp(v))):
            return False
        signs = self.signs(self.element(v + 1 if branch == 0 else -1 - v))
        return signs is not None and signs <= NONNEGATIVE

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
        self.inverse(self.subtract(self.constant(1), y))  # x != 1, or a condition
        ratio = self.fraction(y.den + y.num, y.den - y.num)
        key = f"atanh {self._key(y)}"
        if key not in self._opaque:
            self._opaque[key] = self.new("atanh", sympy.atanh(x), None, of=ratio)
        return self.variable(self._opaque[key])


def _excerpt(e: Expr) -> str:
    text = str(e)
    return text if len(text) <= 60 else f"{type(e).__name__}(...)"


_CONSTANTS: dict[Expr, Callable[[Tower], Fractional]] = {
    sympy.pi: lambda tower: tower.variable(tower.new("constant", sympy.pi, POSITIVE)),
    sympy.E: lambda tower: tower.exponential(tower.constant(1)),
    I: Tower._imaginary_unit,
}


# Hyperbolic and trigonometric functions by exponentials: identities everywhere.
def extreme(e: Expr) -> Expr:
    """Max(a, b) = (a + b + |a - b|)/2 and Min(a, b) = (a + b - |a - b|)/2."""
    a, *others = e.args
    b = e.func(*others)
    return (a + b + (1 if isinstance(e, sympy.Max) else -1) * sympy.Abs(a - b)) / 2


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
