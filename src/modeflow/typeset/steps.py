"""The tone of a paper: in place of the equations that a claim satisfies, a sentence says by which step it follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, get_args

from sympy import Derivative, Subs, Tuple

from ..language.flow import FlowRate, HessianAlong
from ..language.matrices import MatrixGradient, NoiseAverage
from ..language.matrix_rates import MatrixRate
from ..statements.claims import Claim

# A lecture tells every equation that is proved; a paper what is claimed, and how it follows.
Tone = Literal["lecture", "paper"]
TONES: tuple[Tone, ...] = get_args(Tone)

_STEPS = (
    (NoiseAverage, "averaging over the noise"),
    (MatrixGradient, "taking the gradient of the loss"),
    (HessianAlong, "differentiating twice"),
    (FlowRate, "differentiating along the flow"),
    (MatrixRate, "the rules for rates of products and inverses"),
    (Derivative, "differentiating"),
    (Subs, "putting in"),
)


def listed(items: Sequence[str], show: Callable[[str], str]) -> str:
    """The items in words: "(1), (2) and (3)"."""
    shown = [show(item) for item in items]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def followed(said: str, claim: Claim) -> str:
    """What a claim follows from, and how: "By (7), by differentiating along the flow."

    said: what it follows from, as a sentence; empty where that is nothing.
    """
    if claim.expects == "refuted":
        return said
    if claim.satisfies:
        satisfies = f"put in, it satisfies {_conditions(claim)}."
        return f"{said[:-1]}; {satisfies}" if said else f"{satisfies[:1].upper()}{satisfies[1:]}"
    if not (step := _step(claim)):
        return said
    return f"{said[:-1]}, by {step}." if said else f"By {step}."


def _conditions(claim: Claim) -> str:
    """The roles of the equations that it satisfies: "its conditions (rate and initial value)"."""
    roles = dict.fromkeys(re.sub(r", equation \d+$", "", equation.name) for equation in claim.satisfies)
    named = [role for role in roles if not re.match(r"equation \d+$|statement$", role)]
    return f"its conditions ({listed(named, str)})" if len(named) == len(roles) else "its equations"


def _step(claim: Claim) -> str:
    """How a claim without an unknown is shown; empty where that is no one step."""
    found = Tuple(claim.lhs, claim.rhs)
    along = [said for operator, said in _STEPS if found.has(operator) or (operator is FlowRate and claim.rates)]
    if along:
        return along[0]
    return "algebra" if claim.relation == "=" else ""
