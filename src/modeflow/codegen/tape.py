"""Expressions as a list of NumPy operations: what is computed once is computed once, and no text is evaluated.

Two rules keep digits: c - c·e^x is -c·expm1(x), and log(1 + x) is log1p(x).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial, reduce
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Add, Expr, LambertW, Mul, Number, NumberSymbol, Pow, Symbol, exp, log

Array = NDArray[np.float64]
_NUMPY: Mapping[Any, Any] = {
    sympy.exp: np.exp, sympy.log: np.log, sympy.sinh: np.sinh, sympy.cosh: np.cosh, sympy.tanh: np.tanh,
    sympy.asinh: np.arcsinh, sympy.acosh: np.arccosh, sympy.atanh: np.arctanh, sympy.sin: np.sin, sympy.cos: np.cos,
    sympy.tan: np.tan, sympy.asin: np.arcsin, sympy.acos: np.arccos, sympy.atan: np.arctan, sympy.Abs: np.abs,
    sympy.sign: np.sign,
}  # fmt: skip
_SPECIAL = {
    sympy.besseli: "iv",
    sympy.besselk: "kv",
    sympy.besselj: "jv",
    sympy.bessely: "yv",
    sympy.Ei: "expi",
}  # of scipy.special


class NoEvaluator(ValueError):
    """A statement from which no function of numbers can be made; the message says what is in the way.

    Example:
        >>> import modeflow
        >>> modeflow.claim("dae.fixed_point").evaluator()
        Traceback (most recent call last):
        modeflow.NoEvaluator: dae.fixed_point: its left side, w_star, is no function of a letter such as w(t); ...
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show


class Tape:
    """Operations in an order in which each has its arguments before it.

    expressions: in letters. Raises NoEvaluator for a function that is not known here.
    """

    def __init__(self, expressions: Iterable[Expr]) -> None:
        self._steps: list[tuple[Callable[..., Any], tuple[int, ...]]] = []
        self._place: dict[Any, int] = {}
        self._letters: dict[int, str] = {}
        self._results = [self._put(e) for e in expressions]

    def __call__(self, values: Mapping[str, Any]) -> list[Any]:
        """The expressions where the letters have these values, by name."""
        found: list[Any] = []
        with np.errstate(all="ignore"):
            for place, (operation, arguments) in enumerate(self._steps):
                name = self._letters.get(place)
                found.append(values[name] if name else operation(*(found[a] for a in arguments)))
        return [found[place] for place in self._results]

    def _put(self, e: Any) -> int:
        if e not in self._place:
            operation, arguments = _operation(e)
            places = tuple(self._put(a) for a in arguments)
            if isinstance(e, Symbol):
                self._letters[len(self._steps)] = e.name
            self._place[e] = len(self._steps)
            self._steps.append((operation, places))
        return self._place[e]


def _operation(e: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """What is done at a node of the tree, and with which nodes."""
    if isinstance(e, Symbol):
        return _nothing, ()
    if isinstance(e, Number | NumberSymbol):
        return partial(float, float(e)), ()
    if isinstance(e, Add):
        return _sum(e)
    if isinstance(e, Mul):
        return _product(e)
    if isinstance(e, Pow) and not isinstance(e, exp):
        return _power(e)
    if isinstance(e, log) and (x := e.args[0] - 1).is_Mul and not e.args[0].is_Mul:
        return np.log1p, (x,)
    if isinstance(e, LambertW) and len(e.args) == 1:
        inside = e.args[0]
        return (_of_exponential, inside.args) if isinstance(inside, exp) else (_product_logarithm, e.args)
    if e.func in _NUMPY:
        return _NUMPY[e.func], e.args
    if e.func in _SPECIAL:
        return _special(_SPECIAL[e.func]), e.args
    if hasattr(e.func, "numbers"):
        return e.func.numbers, e.args
    raise NoEvaluator(f"{type(e).__name__} in {e} has no counterpart in NumPy or SciPy here")


def _nothing() -> None:
    """A letter has its value from outside."""


def _sum(e: Add) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    if (z := _logarithm_of_product_logarithm(e)) is not None:
        return _log_of_exponential, (z,)
    found = _one_less_exp(e)
    if found is not None:
        factor, argument = found
        return partial(_scaled_expm1, float(factor)), (argument,)
    return _added, e.args


def _logarithm_of_product_logarithm(e: Add) -> Any:
    """z where a sum is z - W(e^z), which is log W(e^z): one keeps its digits for small z, the other for large z."""
    inside = [a.args[1].args[0].args[0] for a in e.args if _is_less_of_exponential(a)]
    return next((z for z in inside if e + LambertW(exp(z)) == z), None)


def _is_less_of_exponential(a: Any) -> bool:
    is_less = a.is_Mul and len(a.args) == 2 and a.args[0] == -1 and isinstance(a.args[1], LambertW)
    return is_less and len(a.args[1].args) == 1 and isinstance(a.args[1].args[0], exp)


def _one_less_exp(e: Add) -> tuple[Any, Any] | None:
    """c and x where a sum is c·(e^x - 1)."""
    number, rest = e.as_coeff_Add()
    factor, inner = rest.as_coeff_Mul()
    return (factor, inner.args[0]) if number != 0 and isinstance(inner, exp) and factor == -number else None


def _scaled_expm1(factor: float, x: Any) -> Any:
    return factor * np.expm1(x)


def _added(*terms: Any) -> Any:
    return reduce(np.add, terms)


def _product(e: Mul) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A fraction is divided once."""
    above, below = sympy.fraction(e, exact=True)
    if below == 1:
        return _multiplied, e.args
    return np.divide, (above, below)


def _multiplied(*factors: Any) -> Any:
    return reduce(np.multiply, factors)


def _power(e: Pow) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    base, power = e.args
    if power == sympy.S.Half:
        return np.sqrt, (base,)
    if power.is_Number and power.is_negative:
        return np.divide, (sympy.S.One, base**-power)
    if power.is_Integer:
        return partial(_raised, int(power)), (base,)
    return np.power, (base, power)


def _raised(power: int, x: Any) -> Any:
    return np.square(x) if power == 2 else np.power(np.asarray(x, float), power)


def _product_logarithm(x: Any) -> Any:
    return _special("lambertw")(x).real


def _of_exponential(x: Any) -> Any:
    """W(e^x), also where e^x is no floating point number."""
    return _special("wrightomega")(x)


def _log_of_exponential(z: Any) -> Any:
    w = _of_exponential(z)
    return np.where(np.asarray(z) > 1, np.log(w), z - w)


@cache
def _special(name: str) -> Callable[..., Any]:
    from scipy import special

    found: Callable[..., Any] = getattr(special, name)
    return found
