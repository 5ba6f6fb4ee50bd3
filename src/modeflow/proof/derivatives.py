"""Derivatives by rules that know where their functions have none.

A rule gives the derivative off the places where its function has a corner, a jump or a branch cut, and says what must
not vanish there: |u| has the derivative u/|u|·u' where u != 0. At a single point that is such a place the definition
decides: the function is followed from the right and from the left, where it is smooth, and has a derivative if both
agree with each other and with its value. Where a function has no derivative, or none is known, NotDifferentiable is
raised. At an end of what is assumed of a symbol, as 0 of a nonnegative one, the derivative is that from inside.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Abs, Add, Derivative, Dummy, Expr, Mul, Piecewise, Rational, S, Subs, Symbol, log
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..language.expressions import letters_in
from ..language.flow import ByRules
from ..language.provisos import Proviso
from .derivative_rules import RULES, by_chain
from .known_signs import INFINITE, JOINED, NotDifferentiable, excerpt, is_real, known_signs, without_factor
from .signs import NEGATIVE, POSITIVE, ZERO

MOST_DERIVATIVES = 6  # that may vanish at a point before the sign beside it is given up

# What must not vanish → the proviso; None where the derivative has it in a denominator, or did before it cancelled.
Conditions = dict[Expr, Proviso | None]


def carried_out(e: Any) -> tuple[Any, Conditions]:
    """An expression with its derivatives taken, and what must not vanish for them to be right."""
    work = Differentiation()
    return work.carried_out(e), work.conditions


def without_operators(e: ByRules) -> Expr:
    """An expression that is written down by derivatives of others, written down; raises NotDifferentiable."""
    found, conditions = carried_out(e)
    if said := listed(conditions):
        raise NotDifferentiable(f"{excerpt(e)} exists only where {'; '.join(map(str, said))}")
    return found


def listed(conditions: Conditions) -> list[Proviso]:
    """The conditions that have to be said."""
    return [proviso for proviso in conditions.values() if proviso is not None]


def derivative(e: Expr, x: Symbol) -> tuple[Expr, Conditions]:
    """The derivative of an expression in a symbol, and what must not vanish for it to be right."""
    work = Differentiation()
    return work.derivative(e, x), work.conditions


def unconditional_derivative(e: Expr, x: Symbol) -> Expr:
    """The derivative of a function without joins; raises NotDifferentiable for others."""
    if not e.has(Abs, *JOINED):
        return e.diff(x)
    found, conditions = derivative(e, x)
    if said := listed(conditions):
        raise NotDifferentiable(f"{excerpt(e)} has no derivative in {x} unless {'; '.join(map(str, said))}")
    return found


def derivative_everywhere(e: Expr, x: Symbol) -> Expr:
    """The derivative, where it needs no condition; raises NotDifferentiable otherwise."""
    found, conditions = derivative(e, x)
    if conditions:
        raise NotDifferentiable(f"{excerpt(e)} has a derivative in {x} only under conditions")
    return found


class Differentiation:
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
                raise NotDifferentiable(f"{excerpt(e)} is a derivative of an order that is no number")
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
        raise NotDifferentiable(f"a derivative in {excerpt(variable)} is none in a symbol")

    def _at_points(self, e: Subs) -> Any:
        """An expression with derivatives at a point; each of them by the definition if it has to be."""
        alone = {v: Dummy(v.name, **_given(v)) for v in e.variables}
        points = dict(zip(alone.values(), (self.carried_out(p) for p in e.point), strict=True))
        return self._at(e.expr.xreplace(alone), points)

    def _at(self, e: Any, points: dict[Symbol, Expr]) -> Any:
        if not _has_operators(e):
            return e.subs(points, simultaneous=True)
        if isinstance(e, Derivative | Subs | ByRules):
            return self._operator_at(e, points)
        return e.func(*(self._at(a, points) for a in e.args))

    def _operator_at(self, e: Any, points: dict[Symbol, Expr]) -> Any:
        for symbol, value in points.items():
            _require_inside(symbol, value)
        work = Differentiation()
        result = work.carried_out(e)
        there = {c.subs(points, simultaneous=True): bool(said) for c, said in work.conditions.items()}
        if any(c.has(*INFINITE) for c in there):
            raise NotDifferentiable(f"whether {excerpt(e)} exists at {_listed(points)} is not known")
        if any(known_signs(c) == ZERO for c in there):
            return self._by_definition(e, points)
        for condition, is_said in there.items():
            self.require(condition, is_said=is_said)
        return result.subs(points, simultaneous=True)

    # --- at one point, from both sides ----------------------------------------------------------------------

    def _by_definition(self, e: Any, points: dict[Symbol, Expr]) -> Expr:
        ((x, a), *others) = points.items()
        if others or not isinstance(e, Derivative) or set(e.variables) != {x} or _has_operators(e.expr):
            raise NotDifferentiable(f"whether {excerpt(e)} exists at {_listed(points)} is not known")
        if not (x.is_extended_real and a.is_extended_real):
            raise NotDifferentiable(f"{excerpt(e.expr)} has no complex derivative at {_listed(points)}")
        sides = [s for s in (1, -1) if not _is_outside(x, a, s)]
        towers = [self._along(e.expr, x, a, s, len(e.variables)) for s in sides]
        return _common_value(e.expr, x, a, towers)

    def _along(self, f: Expr, x: Symbol, a: Expr, side: int, count: int) -> list[Expr]:
        """The limits at a of f and of its first derivatives from one side."""
        values, here = [], _Side(x, a, side).smooth(f)
        for order in range(count + 1):
            values.append(_value(here, x, a))
            here = here if order == count else _smooth_derivative(here, x, a)
        return values

    # --- rules ---------------------------------------------------------------------------------------------

    def require(self, must_not_vanish: Expr, said: Proviso | None = None, is_said: bool = True) -> None:
        """A condition, unless the assumptions show it; in other words where they are given."""
        shown = without_factor(must_not_vanish)
        if known_signs(shown) >= ZERO:
            self.conditions[shown] = self.conditions.get(shown) or ((said or Proviso(shown)) if is_said else None)

    def require_off_cut(self, g: Expr, x: Symbol) -> None:
        """g must be no negative number and not 0; on the real line a function may be followed along the cut."""
        if not (x.is_extended_real and is_real(g)):
            self.conditions.setdefault(g + Abs(g), Proviso(g, "off cut"))

    def require_continuous(self, g: Expr, x: Symbol) -> None:
        """g must not jump: it has a derivative under the conditions that are listed for it."""
        self.derivative(g, x)

    def derivative(self, e: Expr, x: Symbol) -> Expr:
        if x.is_integer:
            raise NotDifferentiable(f"a derivative in {x}, which is declared to be a whole number")
        if x not in letters_in(e):
            return S.Zero
        if e == x:
            return S.One
        if e.is_Add:
            return Add(*(self.derivative(a, x) for a in e.args))
        if e.is_Mul:
            return self._product(e.args, x)
        if e.is_Pow:
            return self._power(e.base, e.exp, x)
        rule = RULES.get(type(e).__name__)
        if isinstance(e, AppliedUndef):
            return by_chain(self, e, x)
        if rule is None:
            return self._of_another_kind(e, x)
        return rule(self, e, x)

    def _product(self, factors: tuple[Expr, ...], x: Symbol) -> Expr:
        return Add(*(Mul(*factors[:i], self.derivative(a, x), *factors[i + 1 :]) for i, a in enumerate(factors)))

    def _power(self, u: Expr, p: Expr, x: Symbol) -> Expr:
        if x in p.free_symbols:
            return self._exponential(u, p, x)
        if isinstance(u, Abs) and known_signs(p - 1) <= POSITIVE and x.is_extended_real and is_real(u.args[0]):
            return p * u.args[0] * u ** (p - 2) * self.derivative(u.args[0], x)
        self._require_differentiable_power(u, p, x)
        return p * u ** (p - 1) * self.derivative(u, x)

    def _exponential(self, u: Expr, p: Expr, x: Symbol) -> Expr:
        """The derivative of u^p by that of p·log(u)."""
        if x in u.free_symbols or not known_signs(u) <= POSITIVE:
            self.require(u, is_said=False)
            self.require_off_cut(u, x)
        return u**p * (self.derivative(p, x) * log(u) + p * self.derivative(u, x) / u)

    def _require_differentiable_power(self, u: Expr, p: Expr, x: Symbol) -> None:
        if not p.is_integer:
            self.require_off_cut(u, x)
            if not known_signs(p - 1) <= POSITIVE:
                self.require(u, is_said=isinstance(u, Abs))
        elif not p.is_Integer and not p.is_positive:
            self.require(u, is_said=False)

    def _of_another_kind(self, e: Expr, x: Symbol) -> Expr:
        if isinstance(e, Derivative) and e.has(AppliedUndef):
            return Derivative(e, x)
        if isinstance(e, Subs) and len(e.point) == 1 and isinstance(e.expr, Derivative) and e.expr.has(AppliedUndef):
            (bound,), (point,) = e.variables, e.point
            if x not in e.expr.free_symbols - {bound}:
                return Subs(Derivative(e.expr, bound), bound, point) * self.derivative(point, x)
        if e.has(sympy.MatrixExpr) and not e.has(Abs, *JOINED):
            return e.diff(x)
        raise NotDifferentiable(f"no rule gives the derivative of {excerpt(e)} in {x}")

    def apart(self, e: Expr, x: Symbol) -> tuple[Expr, Conditions]:
        """The derivative with conditions of its own, which are not conditions of the whole."""
        return derivative(e, x)

    def real(self, g: Expr, x: Symbol, e: Expr) -> None:
        if not (x.is_extended_real and is_real(g)):
            raise NotDifferentiable(f"{excerpt(e)} has no complex derivative in {x}: declare what it is made of real")


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
        return self._joined(e, args) if isinstance(e, (Abs, *JOINED)) else e.func(*args)

    def _joined(self, e: Any, args: list[Any]) -> Any:
        if isinstance(e, Abs):
            return args[0] * self.sign(args[0])
        if isinstance(e, sympy.sign):
            return Rational(self.sign(args[0]))
        if isinstance(e, sympy.Heaviside) and (sign := self.sign(args[0])):
            return Rational(1 + sign) / 2
        if isinstance(e, sympy.Max | sympy.Min):
            return self._extreme(args, 1 if isinstance(e, sympy.Max) else -1)
        raise NotDifferentiable(f"what {excerpt(e)} is beside {self.x.name} = {self.a} is not known")

    def _extreme(self, args: list[Expr], wanted: int) -> Expr:
        best = args[0]
        for other in args[1:]:
            best = other if self.sign(other - best) == wanted else best
        return best

    def _piece(self, e: Piecewise) -> Any:
        for value, condition in e.args:
            if self.truth(condition):
                return self.smooth(value)
        raise NotDifferentiable(f"{excerpt(e)} is not defined beside {self.x.name} = {self.a}")

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
        raise NotDifferentiable(f"whether {excerpt(condition)} beside {self.x.name} = {self.a} is not known")

    def sign(self, g: Expr) -> int:
        """The sign of a smooth function beside the point: that of its first derivative that does not vanish."""
        here = g
        for order in range(MOST_DERIVATIVES):
            signs = known_signs(_value(here, self.x, self.a))
            if signs in (POSITIVE, NEGATIVE):
                return int(min(signs) * self.side**order)
            if signs != ZERO:
                raise NotDifferentiable(f"the sign of {excerpt(g)} beside {self.x.name} = {self.a} is not known")
            if self.x not in here.free_symbols:
                break
            here = _smooth_derivative(here, self.x, self.a)
        if known_signs(g) == ZERO:
            return 0
        raise NotDifferentiable(f"the sign of {excerpt(g)} beside {self.x.name} = {self.a} is not known")


def _smooth_derivative(f: Expr, x: Symbol, a: Expr) -> Expr:
    found, conditions = derivative(f, x)
    for condition in conditions:
        if ZERO & known_signs(condition.subs(x, a)):
            raise NotDifferentiable(f"whether {excerpt(f)} has a derivative at {x.name} = {a} is not known")
    return found


def _value(f: Expr, x: Symbol, a: Expr) -> Expr:
    value = f.subs(x, a)
    if value.has(*INFINITE):
        raise NotDifferentiable(f"{excerpt(f)} has no value at {x.name} = {a}")
    return value


def _agree(one: Expr, other: Expr, f: Expr, x: Symbol, a: Expr) -> None:
    """Both are the same, or f has no derivative at a."""
    signs = known_signs(one - other)
    if signs == ZERO:
        return
    if ZERO & signs:
        raise NotDifferentiable(f"whether {excerpt(f)} has a derivative at {x.name} = {a} is not known")
    raise NotDifferentiable(f"{excerpt(f)} has no derivative at {x.name} = {a}: its sides do not meet smoothly there")


def _common_value(f: Expr, x: Symbol, a: Expr, sides: list[list[Expr]]) -> Expr:
    """The last of the limits of f and its derivatives at a, in which all sides agree, and of f with f(a)."""
    first, *rest = sides
    _agree(f.subs(x, a), first[0], f, x, a)
    for other in rest:
        for one, another in zip(first, other, strict=True):
            _agree(one, another, f, x, a)
    return first[-1]


def _is_outside(x: Symbol, a: Expr, side: int) -> bool:
    """Whether no value that is assumed of x lies beside a on this side."""
    bounded = x.is_extended_nonnegative if side < 0 else x.is_extended_nonpositive
    return bool(bounded) and known_signs(a) == ZERO


def _require_inside(x: Symbol, a: Expr) -> None:
    if (x.is_extended_nonnegative and a.is_extended_negative) or (x.is_extended_nonpositive and a.is_extended_positive):
        raise NotDifferentiable(f"a derivative at {x.name} = {a} is asked for, outside of what is assumed of {x.name}")


def _has_operators(e: Any) -> bool:
    return bool(e.has(Derivative, Subs, ByRules))


def _given(symbol: Symbol) -> dict[str, bool]:
    return {name: value for name, value in symbol.assumptions0.items() if value is not None}


def _listed(points: dict[Symbol, Expr]) -> str:
    return ", ".join(f"{x.name} = {a}" for x, a in points.items())
