"""Derivatives by rules that know where their functions have none.

A rule gives the derivative off the places where its function has a corner, a jump or a branch cut, and says what must
not vanish there: |u| has the derivative u/|u|·u' where u != 0. At a single point that is such a place the definition
decides: the function is followed from the right and from the left, where it is smooth, and has a derivative if both
agree with each other and with its value. Where a function has no derivative, or none is known, NotDifferentiable is
raised. At an end of what is assumed of a symbol, as 0 of a nonnegative one, the derivative is that from inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Abs, Add, Derivative, Dummy, Expr, Integral, Mul, Piecewise, Rational, S, Subs, Symbol, exp, log
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .balls import NotEvaluable, OnBranchCut, Point, enclose
from .signs import ANY, NEGATIVE, NONNEGATIVE, POSITIVE, ZERO, Signs, of_expression
from .tower import OutsideTower, ZeroDenominator, prove_zero, signs_of

MOST_DERIVATIVES = 6  # that may vanish at a point before the sign beside it is given up
_INFINITE = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, sympy.AccumBounds)
JOINED = (sympy.sign, sympy.Heaviside, Piecewise, sympy.Max, sympy.Min, sympy.floor, sympy.ceiling)


class NotDifferentiable(ValueError):
    """The function has no derivative there, or none is known."""


# What must not vanish → how that is said; "" where the derivative has it in a denominator, or did before it cancelled.
Conditions = dict[Expr, str]
Derive = Callable[[Expr, Symbol], Expr]
Require = Callable[[Expr], None]


class ByRules(Expr):  # type: ignore[misc]
    """An expression that is written down by derivatives of others, when it is carried out."""

    def by_rules(self, derive: Derive, require: Require) -> Expr:
        raise NotImplementedError

    def doit(self, **hints: Any) -> Expr:
        found, conditions = carried_out(self)
        if said := listed(conditions):
            raise NotDifferentiable(f"{_short(self)} exists only where {'; '.join(said)}")
        return found


def carried_out(e: Any) -> tuple[Any, Conditions]:
    """An expression with its derivatives taken, and what must not vanish for them to be right."""
    work = _Differentiation()
    return work.carried_out(e), work.conditions


def listed(conditions: Conditions) -> list[str]:
    """The conditions that have to be said."""
    return [text for text in conditions.values() if text]


def derivative(e: Expr, x: Symbol) -> tuple[Expr, Conditions]:
    """The derivative of an expression in a symbol, and what must not vanish for it to be right."""
    work = _Differentiation()
    return work.derivative(e, x), work.conditions


def plain_derivative(e: Expr, x: Symbol) -> Expr:
    """The derivative of a function without joins; raises NotDifferentiable for others."""
    if not e.has(Abs, *JOINED):
        return e.diff(x)
    found, conditions = derivative(e, x)
    if said := listed(conditions):
        raise NotDifferentiable(f"{_short(e)} has no derivative in {x} unless {'; '.join(said)}")
    return found


def derivative_everywhere(e: Expr, x: Symbol) -> Expr:
    """The derivative, where it needs no condition; raises NotDifferentiable otherwise."""
    found, conditions = derivative(e, x)
    if conditions:
        raise NotDifferentiable(f"{_short(e)} has a derivative in {x} only under conditions")
    return found


class _Differentiation:
    def __init__(self) -> None:
        self.conditions: Conditions = {}

    # --- operators in statements ---------------------------------------------------------------------------

    def carried_out(self, e: Any) -> Any:
        if not _has_operators(e):
            return e
        if isinstance(e, Subs):
            return self._at_points(e)
        if isinstance(e, Derivative):
            return self._derivatives(e)
        if isinstance(e, ByRules):
            return self.carried_out(e.by_rules(self.derivative, self.require))
        return e.func(*(self.carried_out(a) for a in e.args))

    def _derivatives(self, e: Derivative) -> Expr:
        inside = self.carried_out(e.expr)
        for variable, count in e.variable_count:
            if not count.is_Integer:
                raise NotDifferentiable(f"{_short(e)} is a derivative of an order that is no number")
            for _ in range(int(count)):
                inside = self._in_any(inside, variable)
        return inside

    def _in_any(self, e: Expr, variable: Expr) -> Expr:
        """The derivative in a symbol, or in a function such as w(t) as if it were one."""
        if variable.is_Symbol:
            return self.derivative(e, variable)
        if isinstance(variable, AppliedUndef) and not e.has(Derivative, Subs):
            given = {"real": True} if variable.is_extended_real else {}
            alone = Dummy(str(variable), **given)
            return self.derivative(e.xreplace({variable: alone}), alone).xreplace({alone: variable})
        raise NotDifferentiable(f"a derivative in {_short(variable)} is none in a symbol")

    def _at_points(self, e: Subs) -> Any:
        """An expression with derivatives at a point; each of them by the definition if it has to be."""
        alone = {v: Dummy(v.name, **_given(v)) for v in e.variables}
        points = dict(zip(alone.values(), (self.carried_out(p) for p in e.point), strict=True))
        return self._at(e.expr.xreplace(alone), points)

    def _at(self, e: Any, points: dict[Symbol, Expr]) -> Any:
        if not _has_operators(e):
            return e.subs(points, simultaneous=True)
        if not isinstance(e, Derivative | Subs | ByRules):
            return e.func(*(self._at(a, points) for a in e.args))
        for symbol, value in points.items():
            _require_inside(symbol, value)
        work = _Differentiation()
        found = work.carried_out(e)
        there = {c.subs(points, simultaneous=True): text for c, text in work.conditions.items()}
        if any(c.has(*_INFINITE) for c in there):
            raise NotDifferentiable(f"whether {_short(e)} exists at {_listed(points)} is not known")
        if any(_sign(c) == ZERO for c in there):
            return self._by_definition(e, points)
        for condition, text in there.items():
            self.require(condition, None if text else "")
        return found.subs(points, simultaneous=True)

    # --- at one point, from both sides ----------------------------------------------------------------------

    def _by_definition(self, e: Any, points: dict[Symbol, Expr]) -> Expr:
        ((x, a), *others) = points.items()
        if others or not isinstance(e, Derivative) or set(e.variables) != {x} or _has_operators(e.expr):
            raise NotDifferentiable(f"whether {_short(e)} exists at {_listed(points)} is not known")
        if not (x.is_extended_real and a.is_extended_real):
            raise NotDifferentiable(f"{_short(e.expr)} has no complex derivative at {_listed(points)}")
        sides = [s for s in (1, -1) if not _is_outside(x, a, s)]
        towers = [self._along(e.expr, x, a, s, len(e.variables)) for s in sides]
        first, *rest = towers
        _agree(e.expr.subs(x, a), first[0], e.expr, x, a)
        for other in rest:
            for one, another in zip(first, other, strict=True):
                _agree(one, another, e.expr, x, a)
        return first[-1]

    def _along(self, f: Expr, x: Symbol, a: Expr, side: int, count: int) -> list[Expr]:
        """The limits at a of f and of its first derivatives from one side."""
        values, here = [], _Side(x, a, side).smooth(f)
        for order in range(count + 1):
            values.append(_value(here, x, a))
            here = here if order == count else _smooth_derivative(here, x, a)
        return values

    # --- rules ---------------------------------------------------------------------------------------------

    def require(self, must_not_vanish: Expr, text: str | None = None) -> None:
        """A condition, unless the assumptions show it."""
        shown = _without_factor(must_not_vanish)
        if _sign(shown) >= ZERO:
            said = self.conditions.get(shown, "") or (f"{shown} != 0" if text is None else text)
            self.conditions[shown] = said

    def require_off_cut(self, g: Expr, x: Symbol, what: str = "") -> None:
        """g must be no negative number and not 0; on the real line a function may be followed along the cut."""
        if not (x.is_extended_real and _is_real(g)):
            self.conditions.setdefault(g + Abs(g), f"{what or g} is not in (-oo, 0]")

    def require_continuous(self, g: Expr, x: Symbol) -> None:
        """g must not jump: it has a derivative under the conditions that are listed for it."""
        self.derivative(g, x)

    def derivative(self, e: Expr, x: Symbol) -> Expr:
        if x.is_integer:
            raise NotDifferentiable(f"a derivative in {x}, which is declared to be a whole number")
        if x not in e.free_symbols:
            return S.Zero
        if e == x:
            return S.One
        if e.is_Add:
            return Add(*(self.derivative(a, x) for a in e.args))
        if e.is_Mul:
            return Add(*(Mul(*e.args[:i], self.derivative(a, x), *e.args[i + 1 :]) for i, a in enumerate(e.args)))
        if e.is_Pow:
            return self._power(e.base, e.exp, x)
        rule = _RULES.get(type(e).__name__)
        if isinstance(e, AppliedUndef):
            return self._by_chain(e, x)
        if rule is None:
            return self._of_another_kind(e, x)
        return rule(self, e, x)

    def _power(self, u: Expr, p: Expr, x: Symbol) -> Expr:
        if x in p.free_symbols:
            if x in u.free_symbols or not _sign(u) <= POSITIVE:
                self.require(u, "")
                self.require_off_cut(u, x)
            return u**p * (self.derivative(p, x) * log(u) + p * self.derivative(u, x) / u)
        if isinstance(u, Abs) and _sign(p - 1) <= POSITIVE and x.is_extended_real and _is_real(u.args[0]):
            return p * u.args[0] * u ** (p - 2) * self.derivative(u.args[0], x)
        if not p.is_integer:
            self.require_off_cut(u, x)
            if not _sign(p - 1) <= POSITIVE:
                self.require(u, None if isinstance(u, Abs) else "")
        elif not p.is_Integer and not p.is_positive:
            self.require(u, "")
        return p * u ** (p - 1) * self.derivative(u, x)

    def _by_chain(self, e: Expr, x: Symbol) -> Expr:
        """Functions that are smooth wherever they are defined."""
        return Add(*(e.fdiff(i) * slope for i, a in enumerate(e.args, 1) if (slope := self.derivative(a, x)) != 0))

    def _of_another_kind(self, e: Expr, x: Symbol) -> Expr:
        if isinstance(e, Derivative) and e.has(AppliedUndef):
            return Derivative(e, x)
        if isinstance(e, Subs) and len(e.point) == 1 and isinstance(e.expr, Derivative) and e.expr.has(AppliedUndef):
            (bound,), (point,) = e.variables, e.point
            if x not in e.expr.free_symbols - {bound}:
                return Subs(Derivative(e.expr, bound), bound, point) * self.derivative(point, x)
        if e.has(sympy.MatrixExpr) and not e.has(Abs, *JOINED):
            return e.diff(x)
        raise NotDifferentiable(f"no rule gives the derivative of {_short(e)} in {x}")

    def real(self, g: Expr, x: Symbol, e: Expr) -> None:
        if not (x.is_extended_real and _is_real(g)):
            raise NotDifferentiable(f"{_short(e)} has no complex derivative in {x}: declare what it is made of real")


# --- rules of functions -----------------------------------------------------------------------------------

Rule = Callable[[_Differentiation, Expr, Symbol], Expr]


def _absolute(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    u = e.args[0]
    at.real(u, x, e)
    at.require(u)
    return u / Abs(u) * at.derivative(u, x)


def _constant_pieces(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    """sign and Heaviside: they jump at 0."""
    u, *value_at_zero = e.args
    at.real(u, x, e)
    at.require(u)
    at.require_continuous(u, x)
    return S.Zero if not any(x in v.free_symbols for v in value_at_zero) else _refuse(e, x)


def _rounded(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    u = e.args[0]
    at.real(u, x, e)
    at.require(sympy.sin(sympy.pi * u), f"{u} is not a whole number")
    at.require_continuous(u, x)
    return S.Zero


def _extreme(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    """Max(a, b) = (a + b + |a - b|)/2 and Min(a, b) = (a + b - |a - b|)/2."""
    a, *others = e.args
    b = e.func(*others)
    return at.derivative((a + b + (1 if isinstance(e, sympy.Max) else -1) * Abs(a - b)) / 2, x)


def _piecewise(at: _Differentiation, e: Piecewise, x: Symbol) -> Expr:
    """Piece by piece, off the places where a condition changes; a piece at such a place alone is left out."""
    for relation in sorted(e.atoms(Relational), key=sympy.default_sort_key):
        if x in relation.free_symbols:
            at.require(relation.lhs - relation.rhs)
            at.require_continuous(relation.lhs - relation.rhs, x)
    if any(x in c.xreplace(dict.fromkeys(c.atoms(Relational), S.true)).free_symbols for _, c in e.args):
        return _refuse(e, x)
    alone: dict[Any, Any] = {
        r: S.false if isinstance(r, sympy.Eq) else S.true
        for r in e.atoms(sympy.Eq, sympy.Ne)
        if x in r.free_symbols
    }
    return Piecewise(*((at.derivative(value, x), condition.xreplace(alone)) for value, condition in e.args))


def _along_the_line(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    """re, im and conjugate of a function of a real number."""
    if not x.is_extended_real:
        raise NotDifferentiable(f"{_short(e)} has no complex derivative in {x}: declare {x} real")
    return e.func(at.derivative(e.args[0], x))


def _logarithm(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    if len(e.args) != 1:
        raise NotDifferentiable(f"no rule gives the derivative of {_short(e)}: write log(a)/log(b)")
    at.require_off_cut(e.args[0], x)
    return at.derivative(e.args[0], x) / e.args[0]


def _with_cut(slope: Callable[[Expr], Expr], off_cut: Callable[[Expr], Expr], along: bool) -> Rule:
    """A function with this derivative, where `off_cut` is no number <= 0; `along`: it may be followed along the cut."""

    def rule(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
        u = e.args[0]
        margin = off_cut(u)
        if along:
            at.require_off_cut(margin, x)
        elif not _sign(margin) <= POSITIVE:
            real = x.is_extended_real and _is_real(margin)
            at.conditions.setdefault(margin + Abs(margin), f"{margin} > 0" if real else f"{margin} is not in (-oo, 0]")
        return slope(u) * at.derivative(u, x)

    return rule


def _of_reciprocal(function: Any) -> Rule:
    def rule(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
        at.require(e.args[0])
        return at.derivative(function(1 / e.args[0], evaluate=False), x)

    return rule


def _written(by: Callable[..., Expr]) -> Rule:
    return lambda at, e, x: at.derivative(by(*e.args), x)


def _bessel(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    order, z = e.args
    at.require_off_cut(z, x)
    along = e.fdiff(2) * at.derivative(z, x)
    if x not in order.free_symbols:
        return along
    if order == x:
        return along + Derivative(e, x) if x not in z.free_symbols else _refuse(e, x)
    bound = Dummy("nu")
    return along + Subs(Derivative(e.func(bound, z), bound), bound, order) * at.derivative(order, x)


def _refuse(e: Expr, x: Symbol) -> Expr:
    raise NotDifferentiable(f"no rule gives the derivative of {_short(e)} in {x}")


def _hypergeometric(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    above, below, z = e.args
    if x in above.free_symbols | below.free_symbols:
        return _refuse(e, x)
    at.require_off_cut(1 - z, x)
    return e.fdiff(3) * at.derivative(z, x)


def _product_logarithm(at: _Differentiation, e: Expr, x: Symbol) -> Expr:
    u, *branch = e.args
    if any(x in k.free_symbols for k in branch):
        return _refuse(e, x)
    at.require_off_cut(u if branch else u + exp(-1), x)
    return exp(-e) / (1 + e) * at.derivative(u, x)


def _integral(at: _Differentiation, e: Integral, x: Symbol) -> Expr:
    """Leibniz: the integrand at the ends, and the integral of its derivative."""
    if len(e.limits) != 1 or len(e.limits[0]) != 3 or e.function.has(Abs, *JOINED):
        return _refuse(e, x)
    s, low, high = e.limits[0]
    ends = Add(*(sign * e.function.subs(s, end) * at.derivative(end, x) for sign, end in ((1, high), (-1, low))))
    inside, conditions = derivative(e.function, x) if x != s else (S.Zero, {})
    if conditions:
        return _refuse(e, x)
    return ends + (Integral(inside, e.limits[0]) if inside != 0 else S.Zero)


_REAL_OF_REALS = "sin cos tan cot sec csc sinh cosh tanh coth sech csch exp erf erfc expm1".split()  # noqa: SIM905
_SMOOTH = [*_REAL_OF_REALS, "gamma"]
_REAL_OF_REALS += ["atan", "asinh", "Abs", "sign", "Max", "Min"]
_RULES: dict[str, Rule] = {
    **dict.fromkeys(_SMOOTH, _Differentiation._by_chain),
    **dict.fromkeys(("besseli", "besselk", "besselj", "bessely"), _bessel),
    **dict.fromkeys(("re", "im", "conjugate"), _along_the_line),
    **dict.fromkeys(("sign", "Heaviside"), _constant_pieces),
    **dict.fromkeys(("floor", "ceiling"), _rounded),
    **dict.fromkeys(("Max", "Min"), _extreme),
    "Abs": _absolute,
    "Piecewise": _piecewise,
    "Integral": _integral,
    "hyper": _hypergeometric,
    "LambertW": _product_logarithm,
    "log": _logarithm,
    "log1p": _written(lambda u: log(1 + u)),
    "hypot": _written(lambda u, v: sympy.sqrt(u**2 + v**2)),
    "atan": _with_cut(lambda u: 1 / (1 + u**2), lambda u: 1 + u**2, True),
    "asinh": _with_cut(lambda u: 1 / sympy.sqrt(1 + u**2), lambda u: 1 + u**2, True),
    "asin": _with_cut(lambda u: 1 / sympy.sqrt(1 - u**2), lambda u: 1 - u**2, False),
    "acos": _with_cut(lambda u: -1 / sympy.sqrt(1 - u**2), lambda u: 1 - u**2, False),
    "acosh": _with_cut(lambda u: 1 / (sympy.sqrt(u - 1) * sympy.sqrt(u + 1)), lambda u: u - 1, False),
    "atanh": _with_cut(lambda u: 1 / (1 - u**2), lambda u: 1 - u**2, True),
    "acot": _of_reciprocal(sympy.atan),
    "acoth": _of_reciprocal(sympy.atanh),
    "acsch": _of_reciprocal(sympy.asinh),
    "asech": _of_reciprocal(sympy.acosh),
    "asec": _of_reciprocal(sympy.acos),
    "acsc": _of_reciprocal(sympy.asin),
}


# --- beside a point ---------------------------------------------------------------------------------------


class _Side:
    """What a function is just beside x = a, on the right (side 1) or on the left (-1)."""

    def __init__(self, x: Symbol, a: Expr, side: int) -> None:
        self.x, self.a, self.side = x, a, side

    def smooth(self, e: Any) -> Any:
        """The expression with every join replaced by what it is on this side."""
        if not e.has(Abs, *JOINED):
            return e
        if isinstance(e, Piecewise):
            return self._piece(e)
        args = [self.smooth(a) for a in e.args]
        if isinstance(e, Abs):
            return args[0] * self.sign(args[0])
        if isinstance(e, sympy.sign):
            return Rational(self.sign(args[0]))
        if isinstance(e, sympy.Heaviside) and (sign := self.sign(args[0])):
            return Rational(1 + sign) / 2
        if isinstance(e, sympy.Max | sympy.Min):
            return self._extreme(args, 1 if isinstance(e, sympy.Max) else -1)
        if isinstance(e, JOINED):
            raise NotDifferentiable(f"what {_short(e)} is beside {self.x.name} = {self.a} is not known")
        return e.func(*args)

    def _extreme(self, args: list[Expr], wanted: int) -> Expr:
        best = args[0]
        for other in args[1:]:
            best = other if self.sign(other - best) == wanted else best
        return best

    def _piece(self, e: Piecewise) -> Any:
        for value, condition in e.args:
            if self.truth(condition):
                return self.smooth(value)
        raise NotDifferentiable(f"{_short(e)} is not defined beside {self.x.name} = {self.a}")

    def truth(self, condition: Any) -> bool:
        if isinstance(condition, Relational):
            sign = self.sign(self.smooth(condition.lhs - condition.rhs))
            return bool(condition.func(sign, 0))
        if isinstance(condition, sympy.And | sympy.Or):
            return (all if isinstance(condition, sympy.And) else any)(self.truth(c) for c in condition.args)
        if isinstance(condition, sympy.Not):
            return not self.truth(condition.args[0])
        if condition in (S.true, S.false):
            return bool(condition)
        raise NotDifferentiable(f"whether {_short(condition)} beside {self.x.name} = {self.a} is not known")

    def sign(self, g: Expr) -> int:
        """The sign of a smooth function beside the point: that of its first derivative that does not vanish."""
        here = g
        for order in range(MOST_DERIVATIVES):
            signs = _sign(_value(here, self.x, self.a))
            if signs in (POSITIVE, NEGATIVE):
                return int(min(signs) * self.side**order)
            if signs != ZERO:
                raise NotDifferentiable(f"the sign of {_short(g)} beside {self.x.name} = {self.a} is not known")
            if self.x not in here.free_symbols:
                break
            here = _smooth_derivative(here, self.x, self.a)
        if _sign(g) == ZERO:
            return 0
        raise NotDifferentiable(f"the sign of {_short(g)} beside {self.x.name} = {self.a} is not known")


def _smooth_derivative(f: Expr, x: Symbol, a: Expr) -> Expr:
    found, conditions = derivative(f, x)
    for condition in conditions:
        if ZERO & _sign(condition.subs(x, a)):
            raise NotDifferentiable(f"whether {_short(f)} has a derivative at {x.name} = {a} is not known")
    return found


def _value(f: Expr, x: Symbol, a: Expr) -> Expr:
    value = f.subs(x, a)
    if value.has(*_INFINITE):
        raise NotDifferentiable(f"{_short(f)} has no value at {x.name} = {a}")
    return value


def _agree(one: Expr, other: Expr, f: Expr, x: Symbol, a: Expr) -> None:
    """Both are the same, or f has no derivative at a."""
    signs = _sign(one - other)
    if signs == ZERO:
        return
    if ZERO & signs:
        raise NotDifferentiable(f"whether {_short(f)} has a derivative at {x.name} = {a} is not known")
    raise NotDifferentiable(f"{_short(f)} has no derivative at {x.name} = {a}: its sides do not meet smoothly there")


def _is_outside(x: Symbol, a: Expr, side: int) -> bool:
    """Whether no value that is assumed of x lies beside a on this side."""
    bounded = x.is_extended_nonnegative if side < 0 else x.is_extended_nonpositive
    return bool(bounded) and _sign(a) == ZERO


def _require_inside(x: Symbol, a: Expr) -> None:
    if (x.is_extended_nonnegative and a.is_extended_negative) or (x.is_extended_nonpositive and a.is_extended_positive):
        raise NotDifferentiable(f"a derivative at {x.name} = {a} is asked for, outside of what is assumed of {x.name}")


# --- small questions ---------------------------------------------------------------------------------------


def _has_operators(e: Any) -> bool:
    return bool(e.has(Derivative, Subs, ByRules))


def _given(symbol: Symbol) -> dict[str, bool]:
    return {name: value for name, value in symbol.assumptions0.items() if value is not None}


def is_nowhere_zero(e: Expr) -> bool:
    """Whether the assumptions show that an expression is not zero where it is defined."""
    return bool(e.is_nonzero) or not ZERO & _sign(e) or not ZERO & (of_expression(e) or ANY)


def _sign(e: Expr) -> Signs:
    """The signs that a number can have; all of them where nothing is known, and where it need not be real."""
    if e.is_Rational:
        return frozenset({int(sympy.sign(e))})
    try:
        signs, tower = signs_of(e)
        if signs is None or tower.conditions:
            signs = ANY
        if signs >= ZERO and prove_zero(e)[0]:
            return ZERO
    except (OutsideTower, ZeroDenominator):
        signs = ANY
    return _sign_of_number(e) if signs == ANY else signs


def _sign_of_number(e: Expr) -> Signs:
    if e.free_symbols:
        return ANY
    try:
        ball = enclose(e, Point({}), 512)
    except (NotEvaluable, OnBranchCut):
        return ANY
    if ball.is_finite() and ball.imag == 0 and not ball.real.contains(0):
        return POSITIVE if ball.real > 0 else NEGATIVE
    return ANY


def _is_real(e: Expr) -> bool:
    """Whether an expression is real wherever it is defined."""
    if e.is_extended_real:
        return True
    if e.is_Add or e.is_Mul or type(e).__name__ in _REAL_OF_REALS:
        return all(_is_real(a) for a in e.args)
    if e.is_Pow:
        return _is_real(e.exp) and _is_real(e.base) and (bool(e.exp.is_integer) or _is_nonnegative(e.base))
    if type(e).__name__ in ("besseli", "besselk", "besselj", "bessely"):
        return _is_real(e.args[0]) and _is_nonnegative(e.args[1])
    try:
        return signs_of(e)[0] is not None
    except (OutsideTower, ZeroDenominator):
        return False


def _is_nonnegative(e: Expr) -> bool:
    return bool(e.is_extended_nonnegative) or (of_expression(e) or ANY) <= NONNEGATIVE or _sign(e) <= NONNEGATIVE


def _without_factor(e: Expr) -> Expr:
    """What vanishes where e does, without constant factors, powers and absolute values."""
    rest = e.as_coeff_Mul()[1]
    rest = -rest if rest.is_Add and rest.could_extract_minus_sign() else rest
    if isinstance(rest, Abs) or (rest.is_Pow and rest.exp.is_Rational and rest.exp > 0):
        return _without_factor(rest.args[0])
    return rest


def _listed(points: dict[Symbol, Expr]) -> str:
    return ", ".join(f"{x.name} = {a}" for x, a in points.items())


def _short(e: Any) -> str:
    text = str(e.xreplace({s: Symbol(s.name) for s in e.free_symbols if isinstance(s, Dummy)}))
    return text if len(text) <= 60 else text[:57] + "..."
