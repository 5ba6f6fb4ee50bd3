"""The path of a flow on which one weight tells all others.

Of two weights v and x this is so where their velocities are in the ratio k, k·x/v or k·v/x, k a constant: then
v - k·x, v² - k·x² or v/x^k stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr, Symbol, cancel, expand, sqrt

from ..language.flow import Flow

Told = tuple[Expr, list[Any]]  # a weight in x, and what must be given for it


@dataclass(frozen=True)
class Streamline:
    """All weights by one of them, x.

    Attributes:
        lead: the number of the weight that is called x.
        place: the letter x.
        start: the weights at t = 0.
        weights: each weight, in x.
        velocity: dx/dt, in x.
        given: what must hold of the start, and of x.
    """

    lead: int
    place: Symbol
    start: tuple[Expr, ...]
    weights: tuple[Expr, ...]
    velocity: Expr
    given: tuple[Any, ...]

    @property
    def of_start(self) -> tuple[Any, ...]:
        """What must hold of the start."""
        return tuple(one for one in self.given if not one.has(self.place))

    @property
    def ends(self) -> tuple[Any, ...]:
        """What must hold of x, and may cease to: x keeps its sign where it rests at 0."""
        sign = sympy.Gt(self.place * self.start[self.lead], 0)
        kept = [sign] if _rests(self.velocity, self.place, self.place) else []
        kept += [one for one in self.given if _rests(self.velocity, one.lhs, self.place)]
        return tuple(one for one in self.given if one.has(self.place) and one not in kept)


def streamlines(flow: Flow, start: tuple[Expr, ...], place: Symbol) -> list[Streamline]:
    """By each weight that tells the others, those first that ask for least."""
    found = [line for lead in range(len(start)) if (line := _by(lead, flow, start, place)) is not None]
    return sorted(found, key=lambda line: (len(line.ends), len(line.given)))


def _by(lead: int, flow: Flow, start: tuple[Expr, ...], place: Symbol) -> Streamline | None:
    weights = list(flow)
    if flow[weights[lead]] == 0:
        return None
    told = dict[Symbol, Expr]({weights[lead]: place})
    given: list[Any] = []
    for w, begun in zip(weights, start, strict=True):
        if w != weights[lead]:
            one = next(_told(w, weights[lead], flow, begun, start[lead], place), None)
            if one is None:
                return None
            told[w] = one[0]
            given += one[1]
    velocity = flow[weights[lead]].xreplace(told)
    if (expanded := expand(velocity)).is_rational_function(place):
        velocity = cancel(expanded)
    given = [_asked(one, velocity, place) for one in given]
    in_order = tuple(told[w] for w in weights)
    kept = tuple(dict.fromkeys(one for one in given if one is not sympy.true))
    return None if velocity == 0 or sympy.false in kept else Streamline(lead, place, start, in_order, velocity, kept)


def _rests(velocity: Expr, zero: Expr, place: Symbol) -> bool:
    """Whether the path rests where a polynomial in x is 0, so that it never gets there."""
    if not (velocity.is_polynomial(place) and zero.is_polynomial(place) and zero.has(place)):
        return False
    return bool(sympy.rem(sympy.expand(velocity), sympy.expand(zero), place) == 0)


def _asked(one: Any, velocity: Expr, place: Symbol) -> Any:
    """What must be given: w² > 0 in x, where the path rests at w = 0, else what is more, that it is > 0 at x = 0."""
    if not isinstance(one, tuple):
        return one
    under, apart = one
    return sympy.Gt(under if _rests(velocity, under, place) else apart, 0)


def _told(w: Symbol, x: Symbol, flow: Flow, begun: Expr, lead: Expr, place: Symbol) -> Iterator[Told]:
    """The weight w in x, by the law that holds of the two."""
    ratio = cancel(flow[w] / flow[x])
    if _is_constant(ratio, flow):
        yield begun + ratio * (place - lead), []
    elif _is_constant(k := cancel(ratio * w / x), flow):
        yield from _by_squares(k, begun, lead, place)
    elif _is_constant(k := cancel(ratio * x / w), flow) and lead != 0:
        yield begun * (place / lead) ** k, [] if k.is_integer and k.is_positive else [sympy.Gt(place * lead, 0)]


def _is_constant(k: Expr, flow: Mapping[Symbol, Expr]) -> bool:
    return not k.free_symbols & set(flow)


def _by_squares(k: Expr, begun: Expr, lead: Expr, place: Symbol) -> Iterator[Told]:
    """w² - k·x² stays: w = ±√(a² + k(x² - b²)), which keeps the sign of the start."""
    apart = expand(begun**2 - k * lead**2)
    if apart == 0 and lead != 0:
        yield begun / lead * place, []
        return
    if begun == 0:
        return
    under = expand(apart + k * place**2)
    grows = k.is_nonnegative and not apart.is_positive
    given = (under, apart) if grows else sympy.true if k.is_nonnegative else sympy.Gt(under, 0)
    yield begun * sqrt(1 + k * (place**2 - lead**2) / begun**2), [given]
