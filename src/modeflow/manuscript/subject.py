"""What a claim speaks about, as far as an equation on paper may say it: its unknowns, laws of motion and letters.

A law is an equation with rates. Some claims state one (d/dt of a quantity along a flow); of others the left side is a
rate worked out, and the paper writes du/dt there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy
from sympy import Add, Expr, Symbol, Tuple
from sympy.core.function import AppliedUndef

from ..claims import Claim, Equation
from ..flow import FlowRate
from ..matrices import NoiseAverage
from ..quantities import letters
from .meaning import rates
from .presets import alphabet
from .shapes import is_matrix

# Letters with a stronger assumption, written by the same letter in a paper.
_VARIANTS = {"signal": "lam", "noise": "eps", "decay": "gamma"}
# A symbol, and the function of time that it is a value of.
_TWINS = {"v": "v_t", "y": "y_t", "P": "P_t", "w1": "w_1", "w2": "w_2", "theta0": "theta"}
# The letters of which the left side of a claim is the rate, entry by entry; and whether it is τ times the rate.
_RATES: dict[str, tuple[tuple[str, ...], bool]] = {
    "flow.w1": (("W1",), True),
    "flow.w2": (("W2",), True),
    "flow.decoupling": (("B1", "B2"), True),
    "flow.mode_w1": (("w1",), True),
    "flow.mode_w2": (("w2",), True),
    "flow.mode_loss": (("w1", "w2"), True),
    "dae.commuting_flow": (("W1",), True),
    "dae.commuting_noise": (("B1", "w1"), True),
    "lin.flow": (("W1", "W2"), True),
}
_RATES_OF_CHAPTERS = {"balanced_rate": "u", "reciprocal_rate": "v", "half_angle_rate": "y"}


@dataclass(frozen=True)
class Subject:
    """A claim, with the values that the notation fixes put in."""

    claim: Claim
    fixed: Mapping[Symbol, Expr] = field(default_factory=dict)

    @cached_property
    def lhs(self) -> Any:
        return self.claim.lhs.xreplace(dict(self.fixed))

    @cached_property
    def rhs(self) -> Any:
        return self.claim.rhs.xreplace(dict(self.fixed))

    @cached_property
    def used(self) -> set[Any]:
        """Every letter of the claim."""
        return letters(Tuple(self.lhs, self.rhs, *(side for e in self.conditions for side in (e.lhs, e.rhs))))

    @cached_property
    def conditions(self) -> tuple[Equation, ...]:
        """The equations that the unknowns satisfy."""
        put = dict(self.fixed)
        return tuple(Equation(e.lhs.xreplace(put), e.rhs.xreplace(put), e.name) for e in self.claim.satisfies)

    @cached_property
    def unknowns(self) -> list[tuple[Any, Any]]:
        """What the claim gives, and the value it gives it."""
        return list(zip(entries(self.lhs), entries(self.rhs), strict=True)) if self.claim.satisfies else []

    # laws of motion

    @cached_property
    def moving(self) -> dict[Any, Any]:
        """Letters that move in time, with the letters of their rates."""
        if self.claim.satisfies:
            return {}
        names = self._rated
        along = {s for rate in self._flow_rates for s, _ in rate.args[1]}
        return rates(sorted(along, key=str) if along else [_letter(n) for n in names])

    @cached_property
    def laws(self) -> list[tuple[Any, Any]]:
        """The claim as equations with rates."""
        if self._flow_rates:
            return [(self._formal(self.lhs), self._formal(self.rhs))]
        found = []
        for name, value in zip(self._rated, entries(self.rhs), strict=False):
            times_tau = _RATES.get(self.claim.id, ((), False))[1]
            moved = self.moving[_letter(name)]
            found.append((_letter("tau") * moved if times_tau else moved, self._in(name, value)))
        return found

    @cached_property
    def flow(self) -> dict[Any, Any]:
        """Each rate, and what it is along the flow of the claim."""
        known = {self.moving[s]: v for rate in self._flow_rates for s, v in rate.args[1]}
        for left, right in self.laws if not known else []:
            moved = [r for r in self.moving.values() if left.has(r)]
            if len(moved) == 1 and not is_matrix(right):
                known[moved[0]] = right / left.coeff(moved[0])
        return known

    @cached_property
    def _rated(self) -> tuple[str, ...]:
        last = self.claim.id.partition(".")[2]
        if last in _RATES_OF_CHAPTERS:
            return (_RATES_OF_CHAPTERS[last],)
        return _RATES.get(self.claim.id, ((), False))[0]

    @cached_property
    def _flow_rates(self) -> list[FlowRate]:
        return [e for side in (self.lhs, self.rhs) for e in side.atoms(FlowRate)]

    def _formal(self, side: Any) -> Any:
        """The side with d/dt by the chain rule, the rates as letters of their own."""
        chain = {e: Add(*(e.args[0].diff(s) * self.moving[s] for s, _ in e.args[1])) for e in side.atoms(FlowRate)}
        return side.xreplace(chain)

    def _in(self, name: str, value: Any) -> Any:
        """A worked-out rate in the letter whose rate it is."""
        if name == "v":
            return value.xreplace({_letter("u"): 1 / _letter("v")})
        if name == "y":
            return value.xreplace({sympy.tanh(_letter("theta0") / 2): _letter("y")})
        return value

    # letters

    @cached_property
    def covariance(self) -> tuple[Any, Any] | None:
        """The noise that the claim averages over, and its covariance."""
        means = [m for side in (self.lhs, self.rhs) for m in side.atoms(NoiseAverage)]
        return (means[0].args[1], means[0].args[2]) if means else None

    @cached_property
    def starts(self) -> dict[Any, Any]:
        """Functions at time 0, and their values there."""
        return {e.lhs: e.rhs for e in self.conditions if isinstance(e.lhs, AppliedUndef) and e.lhs.args[0] == 0}

    @cached_property
    def weights_at_start(self) -> dict[Any, Any]:
        """For a law of the two weights: they and their imbalance, at the start."""
        w1, w2, a, b, c0 = (_letter(n) for n in ("w1", "w2", "a", "b", "c0"))
        return {w1: a, w2: b, c0: b**2 - a**2}

    @cached_property
    def swaps(self) -> dict[Any, Any]:
        """For a symbol, or a function of t, the one that the claim uses for the same quantity."""
        found = dict(self._stronger())
        found |= dict(self._twins())
        if self.moving.keys() >= {_letter("w1"), _letter("w2")}:
            found |= self._products_of_weights()
        found |= self._of_strength() | self._inverted()
        return self._at_zero() | found | self.starts | dict(self.fixed)

    def _at_zero(self) -> dict[Any, Any]:
        """The functions at time 0, in the letters for the start."""
        a, b, w0, theta0 = (_letter(n) for n in ("a", "b", "w0", "theta0"))
        strength = w0 if w0 in self.used else a * b
        at_start = {"w_1": a, "w_2": b, "c": b**2 - a**2, "P_t": (a + b) ** 2, "theta": theta0}
        at_start |= {"w": strength, "v_t": 1 / strength, "y_t": sympy.tanh(theta0 / 2)}
        return {_function(name)(0): value for name, value in at_start.items()}

    def _stronger(self) -> Iterator[tuple[Any, Any]]:
        known = self.claim.alphabet.quantities
        for strong, plain in _VARIANTS.items():
            if strong in known and plain in known:
                one, other = known[strong].symbol, known[plain].symbol
                if one in self.used and other not in self.used:
                    yield other, one

    def _twins(self) -> Iterator[tuple[Any, Any]]:
        t = _letter("t")
        letters_used = self.used | set(self.moving)
        for name, function_name in _TWINS.items():
            symbol, function = _letter(name), _function(function_name)
            if symbol in letters_used and function not in letters_used:
                yield function(t), symbol
            elif function in letters_used and symbol not in letters_used and name != "theta0":
                yield symbol, function(t)

    def _products_of_weights(self) -> dict[Any, Any]:
        """The quantities that are products of the two weights, whose rates follow from theirs."""
        t, w1, w2 = _letter("t"), _letter("w1"), _letter("w2")
        of_weights = {
            _letter("u"): w1 * w2,
            _function("w")(t): w1 * w2,
            _function("c")(t): w2**2 - w1**2,
            _letter("P"): (w1 + w2) ** 2,
            _function("P_t")(t): (w1 + w2) ** 2,
        }
        return {k: v for k, v in of_weights.items() if k not in self.used and getattr(k, "func", None) not in self.used}

    def _of_strength(self) -> dict[Any, Any]:
        """A strength on the path, the strength over time, and the time, in the letter that the claim has for it."""
        t, x, u, w0 = (_letter(n) for n in ("t", "x", "u", "w0"))
        strength, time = _function("w")(t), _function("T")(x)
        given = {unknown for unknown, _ in self.unknowns}
        if time in given:
            found = {strength: x} | ({t: time} if t not in self.used else {})
            return found | ({u: x} if w0 in self.used and u not in self.used else {})
        if strength in given:
            found = {} if x in self.used else {x: strength}
            return found | ({u: strength} if w0 in self.used and u not in self.used else {})
        if u in self.moving:
            return {strength: u}
        return {}

    def _inverted(self) -> dict[Any, Any]:
        """The strength in its reciprocal, and the angle in the half-angle, whose rates follow."""
        t, u, v, y = (_letter(n) for n in ("t", "u", "v", "y"))
        if v in self.moving:
            return {u: 1 / v, _function("w")(t): 1 / v}
        if y in self.moving:
            return {_function("theta")(t): 2 * sympy.atanh(y), _letter("theta0"): 2 * sympy.atanh(y)}
        return {}


def entries(side: Any) -> tuple[Any, ...]:
    """The entries of a Tuple, or the one thing given."""
    return tuple(side) if isinstance(side, Tuple) else (side,)


def products(unknown: Any) -> Iterable[Any]:
    """The products of the weights that are written for an unknown."""
    t = _letter("t")
    one, other = _function("w_1")(t), _function("w_2")(t)
    w1, w2 = _letter("w1"), _letter("w2")
    if unknown == _function("w")(t):
        return (one * other, w1 * w2)
    if unknown == _function("P_t")(t):
        return ((one + other) ** 2, (w1 + w2) ** 2)
    if unknown == _function("c")(t):
        return (other**2 - one**2, w2**2 - w1**2)
    return ()


def _letter(name: str) -> Any:
    return alphabet().quantities[name].symbol


def _function(name: str) -> Any:
    return alphabet().quantities[name].symbol
