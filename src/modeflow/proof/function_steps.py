"""The steps for elementary functions: the exponentials, roots and logarithms by which the checker works them out."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, I, exp, sqrt

from .certificate_steps import Uncertified
from .condition_steps import ConditionSteps
from .signs import ANY, NONNEGATIVE, Signs
from .tower import Fractional


class FunctionSteps(ConditionSteps):
    """Writes the steps of elementary functions, in the order in which the checker asks for them."""

    def function(self, name: str, x: Expr, value: Fractional) -> None:
        """The steps for a function of x that has this value in the tower."""
        if name in _EXPONENTS:
            for multiple in _EXPONENTS[name]:
                self.exponential(self.tower.element(multiple * x))
            for below in _NOT_ZERO.get(name, ()):
                self._keep(below(x))
        elif name in _OF_RECIPROCAL:
            self._keep(x)
            self.function(_OF_RECIPROCAL[name], 1 / x, value)
        elif name == "atanh":
            self._keep(1 + x)
            self._keep(1 - x)
            self._inverse_hyperbolic_tangent(value)
        elif name in _BY_LOGARITHMS:
            _BY_LOGARITHMS[name](self, x)
        else:
            raise Uncertified(f"{name} has no steps")

    def _keep(self, e: Expr) -> None:
        """What is divided by, or has a logarithm, is kept from zero."""
        self.nonzero(self.checked(e), e)

    def log(self, x: Expr) -> None:
        self._keep(x)
        self._logarithm_of(self.tower.element(x))

    def asinh(self, x: Expr) -> None:
        """log(x + sqrt(x² + 1))"""
        self._keep_off_cut(x, ANY)
        self._logarithm_of_sum(x, x**2 + 1)

    def acosh(self, x: Expr) -> None:
        """log(x + sqrt(x² - 1))"""
        self._keep_off_cut(x - 1, NONNEGATIVE)
        self._logarithm_of_sum(x, x**2 - 1)

    def atan(self, x: Expr) -> None:
        """(log(1 + ix) - log(1 - ix))/(2i)"""
        self._keep_off_cut(x, ANY)
        self.log(1 + I * x)
        self.log(1 - I * x)

    def asin(self, x: Expr) -> None:
        """-i·log(ix + sqrt(1 - x²)), from which acos is found too."""
        self._keep_off_cut(1 - x**2, NONNEGATIVE)
        self._logarithm_of_sum(I * x, 1 - x**2)

    def _inverse_hyperbolic_tangent(self, value: Fractional) -> None:
        """2·atanh(y) by (1 + y)/(1 - y): a sum of logarithms, or a variable of its own."""
        twice = self.tower.multiply(value, self.tower.constant(2))
        if any(g.kind == "atanh" for g in self.tower.present(twice.num)):
            self.replaced(twice)
        else:
            self.exponential(twice)

    def _keep_off_cut(self, x: Expr, signs: Signs) -> None:
        self.need(self.tower.element(x), signs, "what keeps off a branch cut")

    def _logarithm_of(self, x: Fractional) -> None:
        self.logarithm(self.tower.logarithm(x))

    def _logarithm_of_sum(self, x: Expr, square: Expr) -> None:
        """The logarithm of x and the root of this square."""
        root = self.root_of(self.tower.element(square))
        value = self.tower.add(self.tower.element(x), root)
        self.nonzero(self.replaced(value), x + sqrt(square))
        self._logarithm_of(value)


_EXPONENTS: dict[str, tuple[Expr | int, ...]] = {  # the multiples of x whose exponentials the function is made of
    **dict.fromkeys(("sinh", "cosh", "csch", "sech"), (1, -1)),
    **dict.fromkeys(("sin", "cos", "csc", "sec"), (I, -I)),
    **dict.fromkeys(("tanh", "coth"), (2,)),
    **dict.fromkeys(("tan", "cot"), (2 * I,)),
}
_NOT_ZERO: dict[str, tuple[Callable[[Expr], Expr], ...]] = {  # what is divided by, in this order
    "tanh": (lambda x: exp(2 * x) + 1,),
    "coth": (lambda x: exp(2 * x) + 1, lambda x: exp(2 * x) - 1),
    "csch": (lambda x: exp(x) - exp(-x),),
    "sech": (lambda x: exp(x) + exp(-x),),
    "tan": (lambda x: exp(2 * I * x) + 1,),
    "cot": (lambda x: exp(2 * I * x) + 1, lambda x: exp(2 * I * x) - 1),
    "csc": (lambda x: exp(I * x) - exp(-I * x),),
    "sec": (lambda x: exp(I * x) + exp(-I * x),),
}
_OF_RECIPROCAL = {  # f(x) = g(1/x)
    "acsch": "asinh",
    "asech": "acosh",
    "acoth": "atanh",
    "acsc": "asin",
    "asec": "acos",
    "acot": "atan",
}
_BY_LOGARITHMS: dict[str, Callable[[FunctionSteps, Expr], None]] = {
    "log": FunctionSteps.log,
    "asinh": FunctionSteps.asinh,
    "acosh": FunctionSteps.acosh,
    "atan": FunctionSteps.atan,
    "asin": FunctionSteps.asin,
    "acos": FunctionSteps.asin,
}
