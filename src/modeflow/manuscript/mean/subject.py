"""What a claim speaks about, as far as an equation on paper may say it: its unknowns, laws of motion and letters.

A law is an equation with rates. Some claims state one (d/dt of a quantity along a flow); of others the left side is a
rate worked out, and the paper writes du/dt there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy
from sympy import Add, Tuple
from sympy.core.function import AppliedUndef, Derivative

from ...language.flow import FlowRate, HessianAlong
from ...language.matrices import DiagonalEntry, MatrixGradient, NoiseAverage
from ...language.quantities import letters
from ...proof.given import assumed
from ...statements.claims import Claim, Equation
from .matrix_shapes import is_matrix
from .meaning import rates
from .presets import alphabet

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
    "lin.whitened_flow": (("W1", "W2"), True),
    "lin.decoupling": (("B1", "B2"), True),
    "lin.mode_flow": (("w1", "w2"), True),
}
_RATES_OF_CHAPTERS = {"balanced_rate": "u", "reciprocal_rate": "v", "half_angle_rate": "y"}


# Letters with a stronger assumption, written by the same letter in a paper.
_VARIANTS = {"signal": "lam", "noise": "eps", "decay": "gamma"}
_DERIVATIVES = (FlowRate, HessianAlong, MatrixGradient, Derivative, DiagonalEntry)
_PAIRS = (("w1", "w2"), ("W1", "W2"), ("B1", "B2"))
_AT_START = ("a", "b", "c0", "w0", "p", "q", "theta0")
_ON_PATH = ("w1", "w2", "u", "v", "x", "y", "P")


@dataclass(frozen=True)
class Subject:
    """A claim in letters, with the values that the notation fixes put in.

    meant: letters in others that always say the same.
    """

    claim: Claim
    fixed: Mapping[Any, Any] = field(default_factory=dict)
    meant: Mapping[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "claim", self.claim.unfolded())

    @cached_property
    def lhs(self) -> Any:
        return self.claim.lhs.xreplace(self.put)

    @cached_property
    def rhs(self) -> Any:
        return self.claim.rhs.xreplace(self.put)

    @cached_property
    def put(self) -> dict[Any, Any]:
        """The fixed values, of a letter under its stronger assumption as well."""
        stronger = {s: self.fixed[letter] for s, letter in self.stronger.items() if letter in self.fixed}
        return {**self.meant, **stronger, **self.fixed}

    @cached_property
    def stronger(self) -> dict[Any, Any]:
        """The letters of the claim that are others under a stronger assumption, and these."""
        known = self.claim.alphabet.quantities
        names = ((known[s].symbol, known[p].symbol) for s, p in _VARIANTS.items() if s in known and p in known)
        return {strong: weak for strong, weak in names if strong in self.used}

    @cached_property
    def given(self) -> tuple[Any, ...]:
        """What the claim is given, with the fixed values."""
        return assumed([relation.xreplace(self.put) for relation in self.claim.given])

    @cached_property
    def used(self) -> set[Any]:
        """Every letter of the claim, those that have a fixed value among them."""
        claim, conditions = self.claim, (side for e in self.claim.satisfies for side in (e.lhs, e.rhs))
        return letters(Tuple(claim.lhs, claim.rhs, *conditions, *claim.given))

    @cached_property
    def conditions(self) -> tuple[Equation, ...]:
        """The equations that the unknowns satisfy."""
        put = self.put
        return tuple(replace(e, lhs=e.lhs.xreplace(put), rhs=e.rhs.xreplace(put)) for e in self.claim.satisfies)

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
        along = self._along
        # Of a law for one of two weights the other moves as well, in a way of which the claim does not speak.
        pairs = [pair for pair in _PAIRS if set(pair) & set(names)]
        names = tuple(dict.fromkeys([*names, *(n for pair in pairs for n in pair)]))
        return rates(sorted(along, key=str) if along else [letter(n) for n in names])

    @cached_property
    def _along(self) -> set[Any]:
        sides = (self.claim.lhs, self.claim.rhs)
        return {s for side in sides for rate in side.atoms(FlowRate) for s, _ in rate.args[1]}

    @cached_property
    def moves(self) -> set[Any]:
        """The letters that move, and those by which the claim writes them."""
        rated = self._along | {letter(n) for n in self._rated}
        return rated | {letter(other) for one, other in (("v", "u"), ("y", "theta0")) if one in self._rated}

    @cached_property
    def laws(self) -> list[tuple[Any, Any]]:
        """The claim as equations with rates."""
        if self._flow_rates:
            return [(self._formal(self.lhs), self._formal(self.rhs))]
        _, times_tau = _RATES.get(self.claim.id, ((), False))
        factor = letter("tau").xreplace(self.put) if times_tau else 1
        rates_and_values = zip(self._rated, entries(self.rhs), strict=False)
        return [(factor * self.moving[letter(name)], self._in(name, value)) for name, value in rates_and_values]

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
    def values(self) -> dict[Any, Any]:
        """What the claim gives: each rate along its flow, and each unknown."""
        return {**self.flow, **dict(self.unknowns)}

    @cached_property
    def differentiates(self) -> bool:
        """Whether the claim is about a derivative, so that an equation without one does not say it."""
        return bool(self.laws) or any(side.has(*_DERIVATIVES) for side in (self.lhs, self.rhs))

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
            return value.xreplace({letter("u"): 1 / letter("v")})
        if name == "y":
            return value.xreplace({sympy.tanh(letter("theta0") / 2): letter("y")})
        return value

    # letters

    def foreign(self, e: Any) -> Any:
        """A quantity on the path that stands in an expression and not in the claim, so that nothing is known of it.

        None where there is none. Parameters, which may have any value, are not among them.
        """
        known = {*self.used, *self.moving, *self.moving.values()}
        functions = sorted((f for f in e.atoms(AppliedUndef) if f.func not in known), key=str)
        on_path = {letter(n) for n in _ON_PATH}
        starts = {letter(n) for n in _AT_START}
        if starts & known:  # w0 is ab, whether or not the claim says so
            on_path |= starts
        return next(iter([*functions, *sorted((e.free_symbols & on_path) - known, key=str)]), None)

    @cached_property
    def covariance(self) -> tuple[Any, Any] | None:
        """The noise that the claim averages over, and its covariance."""
        means = [m for side in (self.lhs, self.rhs) for m in side.atoms(NoiseAverage)]
        return (means[0].args[1], means[0].args[2]) if means else None

    @cached_property
    def starts(self) -> dict[Any, Any]:
        """Functions at time 0, and their values there."""
        return {e.lhs: e.rhs for e in self.conditions if isinstance(e.lhs, AppliedUndef) and e.lhs.args[0] == 0}

    @property
    def conserves(self) -> bool:
        """Whether the claim is that something does not change."""
        return bool(self.moving) and len(self.laws) == 1 and self.laws[0][1] == 0

    @cached_property
    def weights_at_start(self) -> dict[Any, Any]:
        """For a law of the two weights: they and their imbalance, at the start."""
        w1, w2, a, b, c0 = (letter(n) for n in ("w1", "w2", "a", "b", "c0"))
        return {s: value.xreplace(self.put) for s, value in {w1: a, w2: b, c0: b**2 - a**2}.items()}

    @property
    def start_on_path(self) -> dict[Any, Any]:
        """For a law that keeps the imbalance: it and the weight at the start, by the weights on the path."""
        w1, w2, a, b, c0 = (letter(n) for n in ("w1", "w2", "a", "b", "c0"))
        return {c0: w2**2 - w1**2, b: sympy.sqrt(a**2 + w2**2 - w1**2)}

    @property
    def imbalance_stays(self) -> bool:
        w1, w2 = letter("w1"), letter("w2")
        velocities = [self.flow.get(self.moving[w]) for w in (w1, w2)]
        if None in velocities:
            return False
        return bool(sympy.expand(w2 * velocities[1] - w1 * velocities[0]) == 0)


def entries(side: Any) -> tuple[Any, ...]:
    """The entries of a Tuple, or the one thing given."""
    return tuple(side) if isinstance(side, Tuple) else (side,)


def products(unknown: Any) -> Iterable[Any]:
    """The products of the weights that are written for an unknown."""
    t = letter("t")
    one, other = function("w_1")(t), function("w_2")(t)
    w1, w2 = letter("w1"), letter("w2")
    if unknown == function("w")(t):
        return (one * other, w1 * w2)
    if unknown == function("P_t")(t):
        return ((one + other) ** 2, (w1 + w2) ** 2)
    if unknown == function("c")(t):
        return (other**2 - one**2, w2**2 - w1**2)
    return ()


def letter(name: str) -> Any:
    """The symbol of a quantity of the package."""
    return alphabet().quantities[name].symbol


def function(name: str) -> Any:
    """The function of time of that name."""
    return alphabet().quantities[name].symbol
