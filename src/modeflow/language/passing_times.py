"""Time laws of a strength w with dw/dt = -rate·w^order·f'(w), in closed form where one is known.

These return candidates. Whoever uses one puts it back into the equation, and the prover decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Ei, Expr, Integer, LambertW, Poly, Symbol, cancel, exp, hyper, log

from .closed_forms import logistic_path

HYPERBOLIC = [sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch]
MOST_FACTORS = 4  # of a denominator that is taken apart


@dataclass(frozen=True)
class Candidate:
    """The time at which w is passed, with what must be given for it to hold."""

    time: Expr
    given: tuple[Any, ...] = ()


def passing_times(slope: Expr, w: Symbol, start: Expr, rate: Expr, depth: Expr) -> Iterator[Candidate]:
    """Closed forms of ∫ -dw/(rate·w^(2 - 2/depth)·f'(w)) from the start, the simplest first."""
    order = 2 - 2 / depth
    if order in (0, 1, 2):
        parts = _by_fractions(-1 / (rate * slope * w**order), w)
        parts = parts or _by_exponentials(cancel(-1 / (rate * slope.rewrite(HYPERBOLIC, exp))), w, int(order))
        if parts is not None:
            yield Candidate(sympy.Add(*(_between(part, w, start) for part in parts)))
    elif (linear := _linear(slope, w)) is not None and all(linear):
        yield from _by_gauss(*linear, w, start, rate, depth)


def _between(part: Expr, w: Symbol, start: Expr) -> Expr:
    """A part of an antiderivative, from the start; a logarithm as one of a quotient, so that it is real."""
    factor, inner = part.as_independent(log)
    if isinstance(inner, log):
        return factor * log(inner.args[0] / inner.args[0].xreplace({w: start}))
    return part - part.xreplace({w: start})


def _by_fractions(integrand: Expr, w: Symbol) -> list[Expr] | None:
    """An antiderivative of a rational function, in parts; None where its denominator has no linear factors."""
    above, below = sympy.fraction(sympy.together(cancel(integrand)))
    if not (above.is_polynomial(w) and below.is_polynomial(w)):
        return None
    factors = sympy.factor_list(below, w)[1]
    if len(factors) > MOST_FACTORS or any(sympy.degree(f, w) > 1 for f, _ in factors):
        return None
    found = []
    for part in sympy.Add.make_args(sympy.apart(above / below, w)):
        top, bottom = sympy.fraction(sympy.together(part))
        ((factor, power),) = sympy.factor_list(bottom, w)[1] or [(Integer(1), 1)]
        if not factor.has(w):
            found.append(sympy.integrate(Poly(part, w).as_expr(), w))
            continue
        if top.has(w):
            return None
        size = cancel(top * factor**power / bottom) / factor.diff(w)
        found.append(size * log(factor) if power == 1 else size * factor ** (1 - power) / (1 - power))
    return found


def _by_exponentials(slowness: Expr, w: Symbol, order: int) -> list[Expr] | None:
    """An antiderivative of a sum of exponentials over w^order; None where it is none."""
    found = []
    for term in sympy.Add.make_args(sympy.expand(slowness)):
        factor, rest = term.as_independent(w)
        k = rest.args[0].coeff(w) if isinstance(rest, exp) else Integer(0)
        if rest != exp(k * w):
            return None
        found += [factor * part for part in _exponential_over_power(k, w, order)]
    return found


def _exponential_over_power(k: Expr, w: Symbol, order: int) -> list[Expr]:
    if k == 0:
        return [(w, log(w), -1 / w)[order]]
    return ([exp(k * w) / k], [Ei(k * w)], [k * Ei(k * w), -exp(k * w) / w])[order]


def _linear(slope: Expr, w: Symbol) -> tuple[Expr, Expr] | None:
    """α and β of α + β·w."""
    if not slope.is_polynomial(w) or Poly(slope, w).degree() > 1:
        return None
    return Poly(slope, w).nth(0), Poly(slope, w).nth(1)


def _by_gauss(alpha: Expr, beta: Expr, w: Symbol, start: Expr, rate: Expr, depth: Expr) -> Iterator[Candidate]:
    """∫ w^-order/(α + β·w) by ₂F₁ in z = -β·w/α, below the place of rest, and in 1/z above it.

    It holds where the argument is less than 1. The path does not pass the place of rest, so that this is said of w, and
    of the start that w is ahead of it.
    """
    power = 2 / depth - 1
    if not (alpha.is_positive or alpha.is_negative):  # it is not known whether there is a place of rest
        return

    def below(y: Expr) -> Expr:
        return -(y**power) / (rate * alpha * power) * hyper((1, power), (1 + power,), -beta * y / alpha)

    def above(y: Expr) -> Expr:
        factor = -(y ** (power - 1)) / (rate * beta * (power - 1))
        return factor * hyper((1, 1 - power), (2 - power,), -alpha / (beta * y))

    deep = [] if depth.is_number else [sympy.Gt(depth, 2)]
    for form, leading in ((below, alpha), (above, beta)):
        if not (leading.is_positive or leading.is_negative):
            continue
        sign = 1 if leading.is_positive else -1
        inside = sign * (alpha + beta * w)
        if (inside.xreplace({w: start}) > 0) == sympy.false:
            continue
        given = [] if inside.is_positive else [sympy.Gt(inside, 0), sympy.Ge(sign * (start - w), 0)]
        yield Candidate(form(w) - form(start), (*deep, *given))


def path_in_closed_form(slope: Expr, w: Symbol, start: Expr, rate: Expr, depth: Expr, time: Symbol) -> Expr | None:
    """w(t), where the time law is inverted by known functions."""
    linear, order = _linear(slope, w), 2 - 2 / depth
    if linear is not None and order in (0, 1, 2):
        return _from_linear(*linear, start, rate, int(order), time)
    if order != 0:
        return None
    growing = next((e for e in sorted(slope.atoms(exp), key=str) if e.args[0].coeff(w) != 0), None)
    if growing is None or (k := growing.args[0].coeff(w)) * w != growing.args[0]:
        return None
    if not (size := cancel(slope / growing)).has(w):  # f' = c·e^(kw)
        return -log(exp(-k * start) + k * rate * size * time) / k
    if not (size := cancel(slope * (1 + growing))).has(w):  # f' = c/(1 + e^(kw))
        gone = k * start + exp(k * start) - k * rate * size * time
        return (gone - LambertW(exp(gone))) / k
    return None


def _from_linear(alpha: Expr, beta: Expr, start: Expr, rate: Expr, order: int, time: Symbol) -> Expr | None:
    if order == 0:
        if beta == 0:
            return start - rate * alpha * time
        return -alpha / beta + (start + alpha / beta) * exp(-rate * beta * time)
    if order == 1:
        if alpha == 0:
            return start / (1 + rate * beta * start * time)
        return logistic_path(-alpha, beta, start, time, rate)
    if beta == 0:
        return start / (1 + rate * alpha * start * time)
    if alpha == 0:
        return None
    v = -alpha / (beta * start) - 1
    return -alpha / (beta * (1 + LambertW(v * exp(v - rate * alpha**2 / beta * time))))
