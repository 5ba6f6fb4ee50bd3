"""Chapters whose modes move as those of chapter `mode` do, with values for growth, pull and decay.

What such a chapter says of a mode are corollaries, in names of its own for the special cases of what `mode` names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sympy import Expr, Symbol, Tuple

from modeflow import Chapter, Claim
from modeflow.language.closed_forms import DIRECT_PARTS, FadingForm, Part
from modeflow.language.definitions import Definition, unfold
from modeflow.language.flow import Flow

from . import direct, fading, hyperbola, logistic, mode
from .alphabet import any_growth, any_pull, decay, gamma, p, q, t, tau
from .naming import OVER, written

MODE = ("flow.mode_w1", "flow.mode_w2")  # the claims on the two weights of a mode of an autoencoder


@dataclass(frozen=True)
class Case:
    """A chapter with the values that it puts in for letters of `mode`, and with its flow.

    before, mark: a chapter that may name the same quantity, and what is over the letters of those that differ.
    """

    chapter: Chapter
    where: Mapping[Symbol, Expr]
    flow: Flow
    before: Chapter | None = None
    mark: str = ""

    def with_pull(self, pull: Expr) -> "Case":
        """The same case with its pull written in another way."""
        return replace(self, where={**self.where, any_pull: pull})

    def under(self, value: Expr) -> "Case":
        """The same case under a certain decay, where its own is the letter γ."""
        flow = {weight: velocity.xreplace({gamma: value}) for weight, velocity in self.flow.items()}
        return replace(self, where={**self.where, gamma: value}, flow=flow)

    def claim(
        self,
        name: str,
        of: str = "",
        *,
        says: str | None = None,
        follows_from: Sequence[str] = (),
        source: str | None = None,
    ) -> Claim:
        """State the corollary of a claim of `mode`, which has the same name unless another is given."""
        general = mode.chapter.claims[f"mode.{of or name}"]
        held = Tuple(*general.unfolded().sides(), *(general.flow or {}).values()).free_symbols
        return self.chapter.corollary(
            name,
            of=general.id,
            where={letter: value for letter, value in self.where.items() if letter in held},
            says=says,
            flow=self.flow,
            follows_from=follows_from,
            source=source or (None if general.source == mode.chapter.source else general.source),
        )

    def define(self, parts: Mapping[str, Part], domains: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Name the special cases of parts of a form. domains: of parts of which more is known than in general."""
        for own, letter, index, says in parts.values():
            general = mode.chapter.definitions[f"mode.{own}"]
            same = self._named_before(general)
            if same is not None:
                self.chapter.derived[general.id] = same
                continue
            self.chapter.define_from(
                own,
                of=general.id,
                where={symbol: value for symbol, value in self.where.items() if symbol in general.of},
                tex=written(letter, index, self.mark),
                says=says.format(OVER[self.mark]),
                domain=domains.get(own),
            )

    def _named_before(self, general: Definition) -> Definition | None:
        """The definition of the chapter before that stands for the same quantity."""
        known = self.before.derived.get(general.id) if self.before else None
        if known is None:
            return None
        values = {letter: unfold(value) for letter, value in self.where.items()}
        return known if known.expansion == general.expansion.xreplace(values) else None

    def part(self, name: str) -> Expr:
        """The special case of a quantity that `mode` names."""
        return self.chapter.derived[f"mode.{name}"].applied

    def logistic(self, *, solution: str, time: str, ends: str) -> Claim:
        """The logistic curve of balanced weights. solution, time: the names of the two results. ends: where it ends."""
        for name in ("balanced_rate", "reciprocal_rate", "reciprocal_solution"):
            self.claim(name)
        if not (any_growth - gamma).xreplace(dict(self.where)).is_nonnegative:
            self.define(logistic.NAMES)
        curve = self.claim(solution, "balanced", says=logistic.SIGMOID.format(ends))
        self.claim(time, "balanced_learning_time")
        return curve

    def hyperbola(self) -> Claim:
        """The angle over time; returns the claim on it."""
        self.define(hyperbola.NAMES)
        for name in ("theta_substitution", "theta_flow", "half_angle_rate", "half_angle_solution"):
            self.claim(name)
        return self.claim("theta_solution")

    def direct(self, domains: Mapping[str, Any] = MappingProxyType({})) -> tuple[Claim, Claim]:
        """The direct form; returns the claims on the weights and on the strength. domains: as of `define`."""
        self.define(DIRECT_PARTS, domains)
        self.claim("riccati", says=direct.CONSTANT)
        for name in ("riccati_solution", "squared_sum_ratio", "numerators"):
            self.claim(name)
        weights, strength = self.claim("weights"), self.claim("direct")
        self.claim("learning_time")
        return weights, strength

    def fading(self, said: fading.Said) -> tuple[FadingForm, Claim, Claim]:
        """The Bessel solution under decay; returns its form, and the claims on the squared sum and on the weights.

        said: how the prose calls growth and pull.
        """
        case = self.under(decay)
        case.claim("riccati", follows_from=MODE, source=direct.NEW)
        case.define(fading.names(said))
        case.claim("riccati_linear", says=fading.LINEAR.format(*said))
        case.claim("linear", says=fading.BESSEL.format(*said))
        for name in ("general", "start"):
            case.claim(name)
        solution, weights = (case.claim(name, f"fading_{name}") for name in ("solution", "weights"))
        return case._fading_form(), solution, weights

    def _fading_form(self) -> FadingForm:
        """The form with the names that the chapter has for its parts."""
        growth, pull = self.where[any_growth], self.where[any_pull]
        return FadingForm(growth, pull, decay, p, q, t, tau, lambda part, _: self.part(fading.NAMES[part][0]))
