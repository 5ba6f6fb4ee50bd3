"""The rules of derivatives, function by function: what the derivative is, and what must not vanish for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Abs, Add, Derivative, Dummy, Expr, Integral, Piecewise, S, Subs, Symbol, exp, log
from sympy.core.relational import Relational

from ..language.provisos import Proviso
from .known_signs import JOINED, SMOOTH, NotDifferentiable, excerpt, is_nowhere_zero, is_real, known_signs
from .signs import POSITIVE
from .tower.conversion import extreme

if TYPE_CHECKING:
    from .derivatives import Differentiation

Rule = Callable[["Differentiation", Expr, Symbol], Expr]


def by_chain(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    """Functions that are smooth wherever they are defined."""
    return Add(*(e.fdiff(i) * slope for i, a in enumerate(e.args, 1) if (slope := at.derivative(a, x)) != 0))


def _absolute(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    u = e.args[0]
    at.real(u, x, e)
    at.require(u)
    return u / Abs(u) * at.derivative(u, x)


def _constant_pieces(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    """sign and Heaviside: they jump at 0."""
    u, *value_at_zero = e.args
    _require_off_jumps(at, e, x, u)
    return S.Zero if not any(x in v.free_symbols for v in value_at_zero) else _refuse(e, x)


def _rounded(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    u = e.args[0]
    _require_off_jumps(at, e, x, sympy.sin(sympy.pi * u), Proviso(u, "not whole"))
    return S.Zero


def _require_off_jumps(at: Differentiation, e: Expr, x: Symbol, zero: Expr, said: Proviso | None = None) -> None:
    """The argument must be real and must not jump, and what is zero at the jumps must not vanish."""
    at.real(e.args[0], x, e)
    at.require(zero, said)
    at.require_continuous(e.args[0], x)


def _extreme(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    return at.derivative(extreme(e), x)


def _piecewise(at: Differentiation, e: Piecewise, x: Symbol) -> Expr:
    """Piece by piece, off the places where a condition changes; a piece at such a place alone is left out."""
    for relation in sorted(e.atoms(Relational), key=sympy.default_sort_key):
        if x in relation.free_symbols:
            at.require(relation.lhs - relation.rhs)
            at.require_continuous(relation.lhs - relation.rhs, x)
    if any(x in c.xreplace(dict.fromkeys(c.atoms(Relational), S.true)).free_symbols for _, c in e.args):
        return _refuse(e, x)
    alone: dict[Any, Any] = {
        r: S.false if isinstance(r, sympy.Eq) else S.true for r in e.atoms(sympy.Eq, sympy.Ne) if x in r.free_symbols
    }
    return Piecewise(*((at.derivative(value, x), condition.xreplace(alone)) for value, condition in e.args))


def _along_the_line(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    """re, im and conjugate of a function of a real number."""
    if not x.is_extended_real:
        raise NotDifferentiable(f"{excerpt(e)} has no complex derivative in {x}: declare {x} real")
    return e.func(at.derivative(e.args[0], x))


def _logarithm(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    if len(e.args) != 1:
        raise NotDifferentiable(f"no rule gives the derivative of {excerpt(e)}: write log(a)/log(b)")
    at.require_off_cut(e.args[0], x)
    return at.derivative(e.args[0], x) / e.args[0]


def _with_cut(slope: Callable[[Expr], Expr], off_cut: Callable[[Expr], Expr], along: bool) -> Rule:
    """A function with this derivative, where `off_cut` is no number <= 0; `along`: it may be followed along the cut."""

    def rule(at: Differentiation, e: Expr, x: Symbol) -> Expr:
        u = e.args[0]
        margin = off_cut(u)
        if along:
            at.require_off_cut(margin, x)
        elif not known_signs(margin) <= POSITIVE:
            real = x.is_extended_real and is_real(margin)
            at.conditions.setdefault(margin + Abs(margin), Proviso(margin, ">" if real else "off cut"))
        return slope(u) * at.derivative(u, x)

    return rule


def _of_reciprocal(function: Any) -> Rule:
    def rule(at: Differentiation, e: Expr, x: Symbol) -> Expr:
        at.require(e.args[0])
        return at.derivative(function(1 / e.args[0], evaluate=False), x)

    return rule


def _written(by: Callable[..., Expr]) -> Rule:
    return lambda at, e, x: at.derivative(by(*e.args), x)


def _bessel(at: Differentiation, e: Expr, x: Symbol) -> Expr:
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
    raise NotDifferentiable(f"no rule gives the derivative of {excerpt(e)} in {x}")


def _hypergeometric(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    above, below, z = e.args
    if x in above.free_symbols | below.free_symbols:
        return _refuse(e, x)
    at.require_off_cut(1 - z, x)
    return e.fdiff(3) * at.derivative(z, x)


def _product_logarithm(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    u, *branch = e.args
    if any(x in k.free_symbols for k in branch):
        return _refuse(e, x)
    at.require_off_cut(u if branch else u + exp(-1), x)
    over_itself = e / u if is_nowhere_zero(u) else exp(-e)
    return over_itself / (1 + e) * at.derivative(u, x)


def _exponential_integral(at: Differentiation, e: Expr, x: Symbol) -> Expr:
    u = e.args[0]
    at.real(u, x, e)
    at.require(u)
    return exp(u) / u * at.derivative(u, x)


def _integral(at: Differentiation, e: Integral, x: Symbol) -> Expr:
    """Leibniz: the integrand at the ends, and the integral of its derivative."""
    if len(e.limits) != 1 or len(e.limits[0]) != 3 or e.function.has(Abs, *JOINED):
        return _refuse(e, x)
    s, low, high = e.limits[0]
    ends = Add(*(sign * e.function.subs(s, end) * at.derivative(end, x) for sign, end in ((1, high), (-1, low))))
    inside, conditions = at.apart(e.function, x) if x != s else (S.Zero, {})
    if conditions:
        return _refuse(e, x)
    return ends + (Integral(inside, e.limits[0]) if inside != 0 else S.Zero)


RULES: dict[str, Rule] = {
    **dict.fromkeys((*SMOOTH, "gamma"), by_chain),
    **dict.fromkeys(("besseli", "besselk", "besselj", "bessely"), _bessel),
    **dict.fromkeys(("re", "im", "conjugate"), _along_the_line),
    **dict.fromkeys(("sign", "Heaviside"), _constant_pieces),
    **dict.fromkeys(("floor", "ceiling"), _rounded),
    **dict.fromkeys(("Max", "Min"), _extreme),
    "Abs": _absolute,
    "Piecewise": _piecewise,
    "Integral": _integral,
    "Ei": _exponential_integral,
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
