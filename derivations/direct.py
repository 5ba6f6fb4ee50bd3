"""The direct form: both weights over time, from any start.

For τw' = (w1² + w2²)(growth - pull·w) the imbalance c = w2² - w1² = p q is kept, with p = w1 + w2 and q = w2 - w1. So
P = p² tells everything, and it obeys a Riccati equation with constant coefficients. Its solution is a ratio P = p0² N/D
in which no exponential grows and nothing is divided by the imbalance; half of p ∓ c/p are the weights. This form was
not found in the literature we searched.
"""

from collections.abc import Callable, Collection
from typing import Any

from sympy import Expr, Ne, Symbol, Tuple, sqrt

from modeflow import Chapter, Equation
from modeflow.language.closed_forms import DIRECT_PARTS, DirectForm
from modeflow.language.solve import riccati_solution

from .alphabet import P, a, b, decoder, encoder, learning_time, squared_sum, strength, t, tau, w1, w2, x
from .naming import Domain, naming_in

NEW = "not found in the literature we searched"
CONSTANT = "The squared sum of the weights obeys a Riccati equation with constant coefficients."


def form_of(chapter: Chapter, growth: Expr, pull: Expr, *, mark: str, marked: Collection[Symbol]) -> DirectForm:
    """The direct form from encoder a and decoder b, whose parts have names in the chapter; mark, marked: of these."""
    domains = _Domains()
    names = naming_in(chapter, DIRECT_PARTS, domains, mark=mark, marked=marked)
    domains.form = DirectForm(growth, pull, a, b, t, tau, names)
    return domains.form


class _Domains(dict[str, Domain]):
    """What is claimed of the parts' values, by the parts that are named before."""

    form: DirectForm

    def get(self, part: str, otherwise: Any = None) -> Any:
        return _DOMAINS[part](self.form) if part in _DOMAINS else otherwise


def _rate_domain(form: DirectForm) -> Domain:
    return {"domain": [(">=", 0), (">=", 2 * form.growth)]}


def _denominator_domain(form: DirectForm) -> Domain:
    """As ρ² - 4g² is (kc)², the part that holds ρ(1 + E) - 2g(1 - E) has terms of one sign."""
    above = form.rho + 2 * form.growth
    signs = (
        (form.pull * form.imbalance) ** 2 / above + above * form.fading + form.pull * form.sum**2 * (1 - form.fading)
    )
    return {"domain": [(">", 0)], "signs": signs, "given": [Ne(form.rho, 0)]}


_DOMAINS: dict[str, Callable[[DirectForm], Domain]] = {
    "rho": _rate_domain,
    "fading": lambda form: {"domain": [(">", 0), ("<=", 1)]},
    "size": lambda form: {"domain": [(">=", 0), (">=", 2 * x), (">=", -2 * x)]},
    "numerator": lambda form: {"domain": [(">", 0)], "given": [Ne(form.rho, 0)]},
    "denominator": _denominator_domain,
}


def mode_equations(flow: Any) -> list[Equation]:
    """What both weights over time must satisfy: the velocities of the flow along their path."""
    moving = {w1: encoder(t), w2: decoder(t)}
    return [
        Equation(encoder(t).diff(t), flow[w1].xreplace(moving), "encoder rate"),
        Equation(decoder(t).diff(t), flow[w2].xreplace(moving), "decoder rate"),
    ]


def state(chapter: Chapter, flow: Any, form: DirectForm, *, conserved: str) -> None:
    """Derive the direct form in a chapter.

    flow: the velocities of w1 and w2. conserved: the claim that the imbalance stays.
    The Riccati equation of the squared sum is stated before.
    """
    key, growth, pull = chapter.key, form.growth, form.pull
    c, p0, q0 = form.imbalance, form.sum, form.difference
    velocity = 2 * growth * P - pull / 2 * (P**2 - c**2)  # τ dP/dt
    squared_sum_path = riccati_solution(velocity, P, p0**2, t, root=form.rho, fading=form.fading)
    chapter.claim(
        "riccati_solution",
        squared_sum(t),
        squared_sum_path,
        satisfies=[
            Equation(squared_sum(t).diff(t), velocity.xreplace({P: squared_sum(t)}) / tau, "rate"),
            Equation(squared_sum(0), p0**2, "initial value"),
        ],
        beside=[form.denominator],
        says="The squared sum of the weights over time.",
        follows_from=[f"{key}.riccati"],
        flow=flow,
    )
    chapter.claim(
        "squared_sum_ratio",
        squared_sum_path * form.denominator,
        p0**2 * form.numerator,
        says="The squared sum of the weights is its start times a ratio in which nothing is divided by the imbalance.",
        follows_from=[f"{key}.riccati_solution"],
        source=NEW,
        flow=flow,
    )
    chapter.claim(
        "numerators",
        Tuple(
            (p0 * form.numerator - q0 * form.denominator) / 2,
            (p0 * form.numerator + q0 * form.denominator) / 2,
        ),
        Tuple(form.first, form.second),
        says="As p q is conserved, q = w2 - w1 shrinks as p = w1 + w2 is stretched; the weights are half of p ∓ q.",
        follows_from=[f"{key}.squared_sum_ratio", conserved],
        source=NEW,
        flow=flow,
    )
    weights = chapter.claim(
        "weights",
        Tuple(encoder(t), decoder(t)),
        Tuple(*form.weights),
        satisfies=[
            *mode_equations(flow),
            Equation(decoder(t) ** 2 - encoder(t) ** 2, c, "imbalance"),
            Equation(encoder(0), a, "encoder at the start"),
            Equation(decoder(0), b, "decoder at the start"),
        ],
        says="Both weights over time, from any start: the direct form.",
        follows_from=[f"{key}.numerators"],
        source=NEW,
        flow=flow,
    )
    both = weights.rhs
    chapter.claim(
        "direct",
        strength(t),
        form.strength,
        satisfies=[
            Equation(strength(t), both[0] * both[1], "product of the weights"),
            Equation(tau * strength(t).diff(t), (both[0] ** 2 + both[1] ** 2) * (growth - pull * strength(t)), "rate"),
            Equation(strength(0), a * b, "initial value"),
        ],
        says="The strength over time from any weights, with no division by the imbalance and no growing exponential.",
        follows_from=[weights.id, f"{key}.product_rate"],
        source=NEW,
        flow=flow,
    )
    chapter.claim(
        "learning_time",
        learning_time(x),
        form.learning_time(x),
        satisfies=[
            Equation(learning_time(x).diff(x), tau / (sqrt(c**2 + 4 * x**2) * (growth - pull * x)), "inverse rate"),
            Equation(learning_time(a * b), 0, "start"),
        ],
        says="The time at which the strength passes x on its way from a b to its limit, from any weights.",
        follows_from=[f"{key}.product_rate", conserved],
        source=NEW,
        flow=flow,
    )
