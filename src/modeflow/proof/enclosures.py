"""Rigorous numbers: enclosures of an expression at exact points.

Ball arithmetic (Arb, through python-flint) encloses the true value, so a ball that excludes zero refutes an
identity. A ball that contains zero proves nothing and only counts where it is finite and small.
This module evaluates the expression as it was given; it shares nothing with the tower.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy
from flint import acb, arb, ctx, fmpq
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import BooleanAtom

PRECISIONS = (128, 512, 2048)
_CIRCLE = arb(2) ** -6  # around an order


class NotEvaluable(Exception):
    """The expression holds something that has no ball arithmetic here."""


class OnBranchCut(Exception):
    """The point lies on a branch cut where conventions differ, so it can decide nothing."""


@dataclass(frozen=True)
class Point:
    """An exact point: a rational or Gaussian rational for each symbol."""

    values: Mapping[Any, Expr]

    def text(self) -> dict[str, str]:
        return {str(s): str(v) for s, v in sorted(self.values.items(), key=lambda item: str(item[0]))}


def enclose(expression: Expr, point: Point, precision: int) -> acb:
    """A ball around the value of an expression at a point, computed with `precision` bits.

    Raises NotEvaluable for a function without ball arithmetic, OnBranchCut where the value is a convention.
    """
    with ctx.workprec(precision):
        return _Evaluation(point).ball(expression)


def enclose_both(lhs: Expr, rhs: Expr, point: Point, precision: int) -> tuple[acb, acb, acb]:
    """Balls around lhs, rhs and lhs - rhs."""
    with ctx.workprec(precision):
        at = _Evaluation(point)
        left, right = at.ball(lhs), at.ball(rhs)
        return left, right, left - right


def enclose_all(expressions: Sequence[Expr], point: Point, precision: int) -> list[acb]:
    """Balls around the values of expressions, each of which may be part of later ones."""
    with ctx.workprec(precision):
        at = _Evaluation(point)
        return [at.ball(e) for e in expressions]


def enclose_over(
    expression: Expr, point: Point, parts: Mapping[Symbol, tuple[Rational, Rational]], precision: int
) -> acb:
    """A ball around all values of an expression where some symbols are anywhere within (middle, distance)."""
    with ctx.workprec(precision):
        at = _Evaluation(point)
        for symbol, (middle, distance) in parts.items():
            at.known[symbol] = acb(arb(fmpq(int(middle.p), int(middle.q)), fmpq(int(distance.p), int(distance.q))))
        return at.ball(expression)


def holds(relation: Any, point: Point) -> bool:
    """By exact numbers where that decides, else by balls."""
    try:
        known = relation.xreplace(dict(point.values))
        if isinstance(known, BooleanAtom):
            return bool(known)
        with ctx.workprec(PRECISIONS[1]):
            return _Evaluation(point)._truth(relation) is True
    except (TypeError, NotEvaluable, OnBranchCut):
        return False


class _Evaluation:
    def __init__(self, point: Point) -> None:
        self.point = point
        self.known: dict[Expr, acb] = {}

    def ball(self, e: Expr) -> acb:
        if e not in self.known:
            self.known[e] = self._ball(e)
        return self.known[e]

    def _ball(self, e: Expr) -> acb:
        if e in self.point.values:
            return _exact(self.point.values[e])
        if e.is_Rational or e is sympy.I:
            return _exact(e)
        if e in _CONSTANTS:
            return _CONSTANTS[e]()
        if type(e) in _RULES:
            return _RULES[type(e)](self, e)
        return self._function(e)

    def _function(self, e: Expr) -> acb:
        name = type(e).__name__
        if name.startswith("bessel") and name in _FUNCTIONS and len(e.args) == 2:
            return _FUNCTIONS[name](self._exact_if_rational(e.args[0]), self.ball(e.args[1]))
        if name in _FUNCTIONS and _takes(name, len(e.args)):
            return _FUNCTIONS[name](*(self.ball(a) for a in e.args))
        raise NotEvaluable(f"{_excerpt(e)} has no ball arithmetic")

    def _sum(self, e: Expr) -> acb:
        return sum((self.ball(a) for a in e.args), acb(0))

    def _product(self, e: Expr) -> acb:
        return reduce(operator.mul, (self.ball(a) for a in e.args), acb(1))

    def _exponential(self, e: Expr) -> acb:
        return self.ball(e.args[0]).exp()

    def _exact_if_rational(self, e: Expr) -> acb:
        """An order or a parameter: at integers the functions are limits, which a ball around one does not reach."""
        value = e.xreplace(dict(self.point.values))
        return _exact(value) if value.is_Rational else self.ball(e)

    def _slope_in_order(self, e: Expr) -> acb:
        """The derivative of a Bessel function in its order, in which it is entire: a difference of values beside it.

        The n-th Taylor coefficient is at most M/R^n where |f| <= M on the circle of radius R (Cauchy), so the central
        difference at distance h is off by at most M/R·(h/R)²/(1 - (h/R)²). The circle is covered by eight squares.
        """
        derivative, order = (e.expr, e.point[0]) if isinstance(e, sympy.Subs) else (e, e.variables[0])
        function, z = _in_its_order(derivative)
        if function is None or derivative.variables[0] in z.free_symbols or (derivative is not e and len(e.point) > 1):
            raise NotEvaluable(f"{_excerpt(e)} has no ball arithmetic")
        at, argument, h = self.ball(order), self.ball(z), arb(2) ** -(ctx.prec // 3)
        arc = arb(0, 0.4 * _CIRCLE)
        covers = (at + _CIRCLE * acb(arb(k) / 4).exp_pi_i() + acb(arc, arc) for k in range(8))
        most = sum((abs(function(cover, argument)) for cover in covers), arb(0)).upper()
        off = most / _CIRCLE * (h / _CIRCLE) ** 2 / (1 - (h / _CIRCLE) ** 2)
        slope = (function(at + h, argument) - function(at - h, argument)) / (2 * h)
        return slope + acb(arb(0, off), arb(0, off))

    def _gauss(self, e: Expr) -> acb:
        above, below, z = e.args
        if (len(above), len(below)) not in ((2, 1), (1, 0)):
            raise NotEvaluable(f"{_excerpt(e)} has no ball arithmetic")
        at = self._exact_if_rational(z)
        if at.imag.contains(0) and not (at.imag == 0 and at.real < 1):
            raise OnBranchCut("2F1")
        if not below:  # 1F0(a; ; z), which SymPy writes for 2F1(a, b; b; z)
            return (-self.ball(above[0]) * (1 - at).log()).exp()
        a, b, c = map(self._exact_if_rational, (*above, *below))
        return _gauss(a, b, c, at)

    def _lambert(self, e: Expr) -> acb:
        """W_k at an argument off the cut of this branch; Arb wants k as a whole number, not as a ball."""
        argument, branch = (*e.args, sympy.S.Zero)[:2]
        k = branch.xreplace(dict(self.point.values))
        if not k.is_Integer or abs(int(k)) > 10**6:
            raise NotEvaluable(f"the branch {_excerpt(branch)} of LambertW is not a whole number")
        z = self.ball(argument)
        start = -acb(-1).exp().real  # the branch point -1/e
        off_cut = z.real > start and (k == 0 or (k == -1 and z.real < 0))
        if z.imag.contains(0) and not z.real > 0 and not (z.imag == 0 and off_cut):
            raise OnBranchCut(f"branch {k} of LambertW")
        return z.lambertw(int(k))

    def _power(self, e: Expr) -> acb:
        base, exponent = self.ball(e.base), e.exp
        if exponent.is_Integer:
            if abs(int(exponent)) > 10**6:
                raise NotEvaluable(f"the exponent of {_excerpt(e)} is too large")
            return _whole_power(base, int(exponent))
        if exponent.is_Rational and exponent.q == 2 and abs(int(exponent.p)) < 10**6:
            return _whole_power(base.sqrt(), int(exponent.p))
        if base == 0:
            real = self.ball(exponent).real
            return acb(0) if real > 0 else acb("nan")
        return (self.ball(exponent) * base.log()).exp()

    def _piecewise(self, e: Expr) -> acb:
        for value, condition in e.args:
            truth = self._truth(condition)
            if truth is None:
                raise NotEvaluable(f"the condition {_excerpt(condition)} is not decided by a ball")
            if truth:
                return self.ball(value)
        return acb("nan")

    def _truth(self, condition: Any) -> bool | None:
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if not isinstance(condition, sympy.core.relational.Relational):
            raise NotEvaluable(f"{_excerpt(condition)} has no ball arithmetic")
        left, right = self.ball(condition.lhs), self.ball(condition.rhs)
        if condition.rel_op not in ("==", "!=") and not (left.imag == 0 and right.imag == 0):
            return None  # what is not real is not in an order
        return _SIGN_TESTS[condition.rel_op](left - right)


def _in_its_order(derivative: Expr) -> tuple[Callable[..., acb] | None, Expr]:
    """f and z of the derivative of a Bessel function f(ν, z) in the variable ν."""
    if isinstance(derivative, sympy.Derivative) and len(derivative.variables) == 1:
        function = derivative.expr
        name = type(function).__name__
        if name.startswith("bessel") and function.args[0] == derivative.variables[0]:
            return _FUNCTIONS[name], function.args[1]
    return None, sympy.Integer(0)


def _gauss(a: acb, b: acb, c: acb, z: acb) -> acb:
    try:
        return z.hypgeom_2f1(a, b, c)
    except ValueError:  # no ball to the precision asked for
        return acb("nan")


def _exponential_integral(z: acb) -> acb:
    """Ei on the real line off 0, where it is a principal value; in the plane it has a cut."""
    if z.imag != 0 or z.real.contains(0):
        raise NotEvaluable("Ei has ball arithmetic for real arguments other than 0")
    return z.ei()


def _whole_power(base: acb, n: int) -> acb:
    return base**n if n >= 0 else (1 / base) ** -n


def _decide(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


def _exact(value: Expr) -> acb:
    if value.is_Rational:
        return acb(arb(fmpq(int(value.p), int(value.q))))
    real, imaginary = value.as_real_imag()
    return acb(arb(fmpq(int(real.p), int(real.q))), arb(fmpq(int(imaginary.p), int(imaginary.q))))


def _off_cut(name: str, on_cut: Callable[[arb], bool]) -> Callable[[acb], acb]:
    """The Arb function, refused on the part of the real axis where its value is a matter of convention."""

    def evaluate(z: acb) -> acb:
        if z.imag.contains(0) and not (z.imag == 0 and not on_cut(z.real)):
            raise OnBranchCut(name)
        value: acb = getattr(z, name)()
        return value

    return evaluate


def _off_imaginary_cut(name: str) -> Callable[[acb], acb]:
    def evaluate(z: acb) -> acb:
        if z.real.contains(0) and not z.imag == 0:
            raise OnBranchCut(name)
        value: acb = getattr(z, name)()
        return value

    return evaluate


def _outside_unit(x: arb) -> bool:
    return not (abs(x) < 1)


def _real(z: acb, name: str) -> arb:
    if not z.imag == 0:  # a ball that contains zero is neither zero nor another number
        raise NotEvaluable(f"{name} of a number that is not known to be real")
    return z.real


def _sign(z: acb) -> acb:
    x = _real(z, "sign")
    if x.contains(0) and not x == 0:
        raise NotEvaluable("sign of a ball that contains zero")
    return acb(0) if x == 0 else acb(1 if x > 0 else -1)


def _extreme(pick: Callable[[arb, arb], arb], name: str) -> Callable[..., acb]:
    def evaluate(*balls: acb) -> acb:
        best = _real(balls[0], name)
        for other in balls[1:]:
            best = pick(best, _real(other, name))
        return acb(best)

    return evaluate


_atanh = _off_cut("atanh", _outside_unit)
_asin = _off_cut("asin", _outside_unit)
_acos = _off_cut("acos", _outside_unit)
_acosh = _off_cut("acosh", lambda x: not x > 1)
_asinh = _off_imaginary_cut("asinh")
_atan = _off_imaginary_cut("atan")

_CONSTANTS: dict[Expr, Callable[[], acb]] = {
    sympy.pi: acb.pi,
    sympy.E: lambda: acb(1).exp(),
    sympy.EulerGamma: lambda: acb(arb.const_euler()),
    sympy.GoldenRatio: lambda: (1 + acb(5).sqrt()) / 2,
    sympy.Catalan: lambda: acb(arb.const_catalan()),
}

_FUNCTIONS: dict[str, Callable[..., acb]] = {
    "log": acb.log,
    "sin": acb.sin,
    "cos": acb.cos,
    "tan": acb.tan,
    "cot": acb.cot,
    "sec": acb.sec,
    "csc": acb.csc,
    "sinh": acb.sinh,
    "cosh": acb.cosh,
    "tanh": acb.tanh,
    "coth": acb.coth,
    "sech": acb.sech,
    "csch": acb.csch,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "acoth": lambda z: _atanh(1 / z),
    "acsch": lambda z: _asinh(1 / z),
    "asech": lambda z: _acosh(1 / z),
    "atan": _atan,
    "acot": lambda z: _atan(1 / z),
    "asin": _asin,
    "acos": _acos,
    "asec": lambda z: _acos(1 / z),
    "acsc": lambda z: _asin(1 / z),
    "expm1": acb.expm1,
    "log1p": acb.log1p,
    "hypot": lambda x, y: (x * x + y * y).sqrt(),
    "Abs": lambda z: acb(abs(z.real)) if z.imag == 0 else acb(abs(z)),
    "sign": _sign,
    "Min": _extreme(lambda x, y: x.min(y), "Min"),
    "Max": _extreme(lambda x, y: x.max(y), "Max"),
    "re": lambda z: acb(z.real),
    "im": lambda z: acb(z.imag),
    "conjugate": acb.conjugate,
    "gamma": acb.gamma,
    "erf": acb.erf,
    "erfc": acb.erfc,
    "Ei": _exponential_integral,
    "besseli": lambda nu, z: z.bessel_i(nu),
    "besselk": lambda nu, z: z.bessel_k(-nu if nu.real < 0 else nu),  # even in ν, and sharper there
    "besselj": lambda nu, z: z.bessel_j(nu),
    "bessely": lambda nu, z: z.bessel_y(nu),
}
_ARGUMENTS = {"hypot": 2, "Min": None, "Max": None}  # any number for None; one for all others


def _takes(name: str, count: int) -> bool:
    return _ARGUMENTS.get(name, 1) in (count, None)


_SIGN_TESTS: dict[str, Callable[[acb], bool | None]] = {
    "<": lambda d: _decide(d.real < 0, d.real >= 0),
    "<=": lambda d: _decide(d.real <= 0, d.real > 0),
    ">": lambda d: _decide(d.real > 0, d.real <= 0),
    ">=": lambda d: _decide(d.real >= 0, d.real < 0),
    "==": lambda d: _decide(d == 0, not d.contains(0)),
    "!=": lambda d: _decide(not d.contains(0), d == 0),
}
_RULES: dict[type, Callable[[_Evaluation, Any], acb]] = {
    sympy.Add: _Evaluation._sum,
    sympy.Mul: _Evaluation._product,
    sympy.Pow: _Evaluation._power,
    sympy.exp: _Evaluation._exponential,
    sympy.hyper: _Evaluation._gauss,
    sympy.Derivative: _Evaluation._slope_in_order,
    sympy.Subs: _Evaluation._slope_in_order,
    sympy.LambertW: _Evaluation._lambert,
    sympy.Piecewise: _Evaluation._piecewise,
}


# Functions that jump: agreement at points says little about them, so they never count as support.
JUMPING = (sympy.sign, sympy.Heaviside, sympy.Piecewise, sympy.floor, sympy.ceiling, sympy.arg, sympy.Min, sympy.Max)


def _excerpt(e: Any) -> str:
    text = str(e)
    return text if len(text) <= 60 else text[:57] + "..."
