"""What a self-test of generated code holds it against: true values at points of every case, and the errors allowed.

The true value is that of the kernel's steps in 400 bits. How far off a value may be follows from what correctly rounded
arithmetic of the same steps loses there, so that a point which magnifies rounding is not held against the code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import ge, gt, le, lt
from typing import Any

import mpmath
from mpmath import mpf
from sympy import Abs, Add, Basic, Eq, Expr, Ge, Gt, Le, Lt, Max, Min, Mul, Ne, Number, Piecewise, Pow, Symbol, exp, log

from ..language.kernels import Kernel
from ..language.primitives import TABLE, nested
from ..language.regimes import Form, Regime

BITS = {"f64": 53, "f32": 24}
_TRUE = 400  # bits
_DRAWS = 80
_SIZES = (0.25, 0.5, 0.125, 0.75, 1.0, 0.375, 1.5, 0.0)  # exact in every type
_RELATIONS: dict[type[Basic], Callable[[Any, Any], bool]] = {
    Lt: lt, Le: le, Gt: gt, Ge: ge, Eq: lambda a, b: bool(a == b), Ne: lambda a, b: bool(a != b),
}  # fmt: skip
Values = Mapping[Basic, Any]
Branches = tuple[int, ...]
Run = Callable[[Sequence[Any], bool], tuple[list[Any], Branches]]  # of arguments, and whether by plain formulas


@dataclass(frozen=True)
class Expected:
    """A value: the double next to it, what is left, and how many units in the last place off each type may be."""

    near: float
    rest: float
    allowed: Mapping[str, int]


@dataclass(frozen=True)
class Point:
    """Arguments, and what each result is there."""

    at: tuple[float, ...]
    expected: tuple[Expected, ...]


def points_of(kernel: Kernel, forms: Iterable[Form] = ()) -> list[Point]:
    """Points for a kernel, one for each combination of its cases that is met; those of modes where a form calls it.

    Empty where none of the points that are tried has finite values.
    """
    form = next((form for form in forms if form.kernel == kernel), None)

    def run(at: Sequence[Any], exact: bool) -> tuple[list[Any], Branches]:
        machine = _Machine(exact)
        return machine.outputs(kernel, dict(zip(kernel.inputs, at, strict=True))), tuple(machine.branches)

    return _of_each_case(run, _draws(kernel.inputs) if form is None else _draws_of_modes(form))


def points_of_path(forms: Iterable[Form], regimes: Sequence[Regime]) -> list[Point]:
    """Points for a path whose forms these are: arguments s, lam, noise, decay, w1, w2."""
    by_regime = {form.regime: form for form in forms}
    inputs = next(iter(by_regime.values())).inputs

    def run(at: Sequence[Any], exact: bool) -> tuple[list[Any], Branches]:
        machine, values = _Machine(exact), dict(zip(inputs, at, strict=True))
        place = next(n for n, regime in enumerate(regimes) if machine.holds(regime.holds, _named(values, regime)))
        if (form := by_regime.get(regimes[place].name)) is None:
            return [], ()
        return machine.results(form, values), (place, *machine.branches)

    return _of_each_case(run, _draws(inputs))


def _named(values: Values, regime: Regime) -> Values:
    """The values for the symbols of a regime's condition, which have the names of the form's inputs."""
    by_name = {str(symbol): value for symbol, value in values.items()}
    return {symbol: by_name[symbol.name] for symbol in regime.arguments}


def _draws(inputs: Sequence[Symbol]) -> Iterator[tuple[float, ...]]:
    """Points that a fixed sequence draws; negative arguments where the assumptions of an input allow them."""
    state = 1
    while True:
        at = []
        for symbol in inputs:
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            size = _SIZES[state >> 61]
            at.append(-size if not symbol.is_nonnegative and state >> 60 & 1 and size else size)
        yield tuple(at)


def _draws_of_modes(form: Form) -> Iterator[tuple[float, ...]]:
    """What the form gives its kernel for the modes that are drawn."""
    for at in _draws(form.inputs):
        yield tuple(float(x) for x in _Machine(True).arguments(form, dict(zip(form.inputs, map(mpf, at), strict=True))))


def _of_each_case(run: Run, draws: Iterable[tuple[float, ...]]) -> list[Point]:
    found: dict[Branches, Point] = {}
    for at in islice(draws, _DRAWS):
        with mpmath.workprec(_TRUE):
            true, branches = _tried(run, at, exact=True)
        kept = found.get(branches)
        if not true or (kept is not None and kept.at.count(0) <= at.count(0)):
            continue
        if (point := _point(run, at, true)) is not None:
            found[branches] = point
    return list(found.values())


def _point(run: Run, at: tuple[float, ...], true: list[Any]) -> Point | None:
    """The point, if no type loses more than a few of its last places there."""
    lost: dict[str, list[int]] = {}
    for kind, bits in BITS.items():
        with mpmath.workprec(bits):
            values, _ = _tried(run, at, exact=False)
        if not values:
            return None
        lost[kind] = [_units_off(value, exact, bits) for value, exact in zip(values, true, strict=True)]
    if max(map(max, lost.values())) > 8:
        return None
    return Point(at, tuple(_expected(value, {k: 4 * (1 + lost[k][n]) for k in BITS}) for n, value in enumerate(true)))


def _expected(value: Any, allowed: Mapping[str, int]) -> Expected:
    near = float(value)
    with mpmath.workprec(_TRUE):
        return Expected(near, float(value - mpf(near)), allowed)


def _units_off(value: Any, true: Any, bits: int) -> int:
    with mpmath.workprec(_TRUE):
        return int(mpmath.ceil(abs(value - true) / mpf(2) ** unit(float(true), bits)))


def unit(value: float, bits: int) -> int:
    """The power of 2 that is one unit in the last place of a number of so many bits near this value."""
    return math.frexp(value)[1] - bits if value else -126


def _tried(run: Run, at: Sequence[float], *, exact: bool) -> tuple[list[Any], Branches]:
    """What is found there; nothing where it is not finite and real."""
    try:
        values, branches = run([mpf(x) for x in at], exact)
    except (ZeroDivisionError, ValueError, TypeError):  # as mpmath and a comparison of complex numbers raise them
        return [], ()
    fine = all(isinstance(value, mpf) and mpmath.isfinite(value) for value in values)
    return (values, branches) if fine else ([], ())


class _Machine:
    """Arithmetic of kernels in the working precision, each operation correctly rounded.

    exact: with plain formulas for primitives, whose steps are good to the bits of a double only.
    """

    def __init__(self, exact: bool) -> None:
        self.exact = exact
        self.branches: list[int] = []

    def outputs(self, kernel: Kernel, at: dict[Basic, Any]) -> list[Any]:
        self._take(kernel.steps, at)
        return [self.value(e, at) for _, e in kernel.outputs]

    def arguments(self, form: Form, at: dict[Basic, Any]) -> list[Any]:
        """What the kernel of a form is given."""
        self._take(form.steps, at)
        return [self.value(e, at) for e in form.arguments]

    def results(self, form: Form, at: dict[Basic, Any]) -> list[Any]:
        given = self.arguments(form, at)
        found = self.outputs(form.kernel, dict(zip(form.kernel.inputs, given, strict=True)))
        at |= dict(zip(form.outputs, found, strict=True))
        self._take(form.after, at)
        return [self.value(e, at) for _, e in form.results]

    def _take(self, steps: Iterable[tuple[Symbol, Expr]], at: dict[Basic, Any]) -> None:
        for symbol, e in steps:
            at[symbol] = self.value(e, at)

    def holds(self, condition: Basic, at: Values) -> bool:
        relation = _RELATIONS.get(type(condition))
        if relation is None:
            return bool(condition)
        return relation(*(self.value(side, at) for side in condition.args))

    def value(self, e: Basic, at: Values) -> Any:
        if e in at:
            return at[e]
        if isinstance(e, Number):
            return mpf(int(e.p)) / int(e.q) if e.is_Rational else mpf(str(e))
        if isinstance(e, Piecewise):
            place = next(n for n, (_, condition) in enumerate(e.args) if self.holds(condition, at))
            self.branches.append(place)
            return self.value(e.args[place][0], at)
        if isinstance(e, nested):
            return self.value(e.written_out, at)
        return self._applied(e, [self.value(x, at) for x in e.args])

    def _applied(self, e: Basic, values: list[Any]) -> Any:
        if type(e) in _FUNCTIONS:
            return _FUNCTIONS[type(e)](*values)
        row = TABLE[type(e).__name__]
        if row.name in _PRIMITIVES:
            return _PRIMITIVES[row.name](*values)
        if self.exact or row.value is None:
            names = [Symbol(f"x{n}") for n, _ in enumerate(values)]
            return self.value(row.textbook(*names), dict(zip(names, values, strict=True)))
        at: dict[Basic, Any] = dict(zip(row.inputs, values, strict=True))
        self._take(row.steps, at)
        return self.value(row.value, at)


def _sum(*values: Any) -> Any:
    total, *rest = values
    for value in rest:
        total = total + value
    return total


def _product(*values: Any) -> Any:
    total, *rest = values
    for value in rest:
        total = total * value
    return total


def _power(base: Any, exponent: Any) -> Any:
    """A whole or half power; ZeroDivisionError at a pole."""
    root = base if exponent == int(exponent) else mpmath.sqrt(base)
    return root ** int(exponent if root is base else 2 * exponent)


def _binade(x: Any, y: Any) -> Any:
    return mpf(2) ** int(mpmath.frexp(max(abs(x), abs(y), mpf(2) ** -100))[1])


_FUNCTIONS: dict[type[Basic], Callable[..., Any]] = {
    Add: _sum, Mul: _product, Pow: _power, exp: mpmath.exp, log: mpmath.log, Abs: abs, Max: max, Min: min,
}  # fmt: skip
_PRIMITIVES: dict[str, Callable[..., Any]] = {
    "expm1": mpmath.expm1, "log1p": mpmath.log1p, "hypot": mpmath.hypot, "binade": _binade,
    "reciprocal": lambda x: 1 / x, "signum": lambda x: mpf(-1 if x < 0 else 1), "smallest": lambda x: mpf(2) ** -126,
}  # fmt: skip
