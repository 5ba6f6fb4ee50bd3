"""The derivation that belongs to a loss of a product, as a chapter.

loss → flow → what it conserves → each weight by one of them, with the time
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy
from sympy import Add, Mul, Tuple, diff

from ..language.flow import rate_of
from ..language.motion import Rates
from .chapter import Chapter
from .objective_letters import alphabet_of
from .product_loss import unbent

if TYPE_CHECKING:
    from .objective import Objective
    from .objective_results import Solution
    from .product_loss import ProductLoss

_TEXT = "Gradient flow moves the weights down a loss of their product. Their squares keep their distances, so that one "
_TEXT += "of them tells all others, and time is an integral over it."


def product_derivation(
    objective: Objective, product: ProductLoss, solution: Solution | None, key: str, title: str
) -> Chapter:
    """The chapter of a loss of a product, and of its solution if there is one."""
    start = () if solution is None else solution.start
    alphabet = alphabet_of(objective, start) if solution is None else solution.claim.alphabet
    chapter = Chapter(key, title, alphabet, source="modeflow.Objective", text=_TEXT)
    if not objective.loss.has(sympy.Abs) or solution is not None:
        _flow(chapter, objective, product, solution)
    if solution is not None:
        chapter._claim_of(solution, [f"{key}.flow"])
    return chapter


def _flow(chapter: Chapter, objective: Objective, product: ProductLoss, solution: Solution | None) -> None:
    """The velocities, the loss that falls, and what is conserved."""
    weights, taus = objective.weights, objective.taus
    begun = {} if solution is None else dict(zip(weights, solution.start, strict=True))
    loss, kept = unbent(objective.loss, begun)
    of_product, _ = unbent(product.loss, {product.product: product.of(solution.start)} if solution else {})
    slope = diff(of_product, product.product).xreplace({product.product: product.of(weights)})
    downhill = [-diff(loss, w) for w in weights]
    flow = {w: drive / tau for w, drive, tau in zip(weights, downhill, taus, strict=True)}
    by_product = [
        -m * Mul(*(v ** (k - (v == w)) for v, k in zip(weights, product.multiplicities, strict=True))) * slope
        for w, m in zip(weights, product.multiplicities, strict=True)
    ]
    given = [side > 0 for side in kept]
    one = None if isinstance(objective.tau, tuple) else Rates(weights, times=objective.tau)
    says = "Each weight descends the loss."
    stated = chapter.claim("flow", Tuple(*by_product), Tuple(*downhill), says=says, rates=one, flow=flow, given=given)
    if not loss.has(objective.time):
        falls = Add(*(-(drive**2) / tau for drive, tau in zip(downhill, taus, strict=True)))
        says = "The loss never rises: its rate is minus a sum of squares."
        chapter.claim("loss_falls", rate_of(loss, flow), falls, says=says, flow=flow, follows_from=[stated.id])
    for number, invariant in enumerate(objective.invariants(), start=1):
        says = "The squares of two weights keep their distance, each times its time constant over its multiplicity."
        left = rate_of(invariant.quantity, flow)
        chapter.claim(f"balance_{number}", left, 0, says=says, flow=flow, follows_from=[stated.id])
