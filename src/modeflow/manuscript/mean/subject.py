"""What a claim speaks about, as far as an equation on paper may say it: its unknowns, laws of motion and letters.

A law is an equation with rates. Some claims state one (d/dt of a quantity along a flow); others work a rate out and say
which it is, where the paper writes du/dt. Names of one quantity come from the alphabet of the claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy
from sympy import Add, Tuple
from sympy.core.function import AppliedUndef, Derivative

from ...language.flow import FlowRate, HessianAlong
from ...language.matrices import DiagonalEntry, MatrixGradient, NoiseAverage
from ...language.motion import Motion, Rates
from ...language.quantities import letters
from ...proof.given import assumed
from ...statements.claims import Claim
from ...statements.equations import Equation
from .matrix_shapes import is_matrix
from .meaning import rates

_DERIVATIVES = (FlowRate, HessianAlong, MatrixGradient, Derivative, DiagonalEntry)


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
        narrower = (q for q in self.claim.alphabet if q.narrows is not None)
        return {q.symbol: q.narrows for q in narrower if q.symbol in self.used}

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

    @property
    def motion(self) -> Motion:
        return self.claim.alphabet.motion

    # laws of motion

    @cached_property
    def moving(self) -> dict[Any, Any]:
        """Letters that move in time, with the letters of their rates."""
        if self.claim.satisfies:
            return {}
        # Of a law for one of two weights the other moves as well, in a way of which the claim does not speak.
        return rates(sorted(self._along, key=str) if self._along else self.motion.together(self._rated))

    @cached_property
    def _along(self) -> set[Any]:
        return {s for rate in self._flow_rates for s, _ in rate.args[1]}

    @cached_property
    def moves(self) -> set[Any]:
        """The letters that move, and those by which the claim writes them."""
        written = Tuple(*self._rates.written).free_symbols if self._rates else set()
        return self._along | {*self._rated} | written

    @cached_property
    def laws(self) -> list[tuple[Any, Any]]:
        """The claim as equations with rates."""
        if self._flow_rates:
            return [(self._formal(self.lhs), self._formal(self.rhs))]
        if self._rates is None:
            return []
        factor = self._rates.times.xreplace(self.put)
        values = (value.xreplace(dict(self._rates.written)) for value in entries(self.rhs))
        return [(factor * self.moving[s], value) for s, value in zip(self._rated, values, strict=True)]

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

    @property
    def _rates(self) -> Rates | None:
        return self.claim.rates

    @property
    def _rated(self) -> tuple[Any, ...]:
        return self._rates.of if self._rates else ()

    @cached_property
    def _flow_rates(self) -> list[FlowRate]:
        return [] if self._rates else [e for side in (self.lhs, self.rhs) for e in side.atoms(FlowRate)]

    def _formal(self, side: Any) -> Any:
        """The side with d/dt by the chain rule, the rates as letters of their own."""
        chain = {e: Add(*(e.args[0].diff(s) * self.moving[s] for s, _ in e.args[1])) for e in side.atoms(FlowRate)}
        return side.xreplace(chain)

    # letters

    def foreign(self, e: Any) -> Any:
        """A quantity on the path that stands in an expression and not in the claim, so that nothing is known of it.

        None where there is none. Parameters, which may have any value, are not among them.
        """
        known = {*self.used, *self.moving, *self.moving.values()}
        functions = sorted((f for f in e.atoms(AppliedUndef) if f.func not in known), key=str)
        on_path, starts = set(self.motion.on_way), self.motion.at_start
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
        """For a law of the weights: they and what is kept, at the start."""
        start = self.motion.start
        kept = {s: e.xreplace(start) for s, e in self.motion.kept.items() if s not in start.values()}
        return {s: value.xreplace(self.put) for s, value in {**start, **kept}.items()}

    @property
    def start_on_path(self) -> dict[Any, Any]:
        """For a law that keeps something: it and a weight at the start, by the weights on the path."""
        return dict(self.motion.kept)

    @property
    def keeps_what_is_kept(self) -> bool:
        """Whether the flow of the claim keeps the first of what its alphabet says can be kept."""
        weights = self.motion.weights
        kept = next(iter(self.motion.kept.values()), None)
        velocities = {w: self.flow.get(self.moving.get(w)) for w in weights}
        if kept is None or None in velocities.values():
            return False
        return bool(sympy.expand(Add(*(kept.diff(w) * v for w, v in velocities.items()))) == 0)

    def products(self, unknown: Any) -> tuple[Any, ...]:
        """What the weights make up an unknown of, in their functions of time and in their letters on the way."""
        t, over_time = self.motion.time, self.motion.over_time
        own = (c for c in self.motion.made_of_weights if c.over_time and unknown == c.over_time(t))
        return next(((c.of_weights.xreplace(over_time), c.of_weights) for c in own if c.of_weights is not None), ())


def entries(side: Any) -> tuple[Any, ...]:
    """The entries of a Tuple, or the one thing given."""
    return tuple(side) if isinstance(side, Tuple) else (side,)
