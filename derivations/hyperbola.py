"""Weights that keep their imbalance run along a hyperbola; an angle says where on it they are.

For τw' = (w1² + w2²)(growth - pull·w) with a constant imbalance c0 > 0, the weights are w1 = √c0 sinh(θ/2) and
w2 = √c0 cosh(θ/2). The angle θ obeys an equation of its own, and the half-angle y = tanh(θ/2) a Riccati equation with
constant coefficients. This is the route of the paper; the form it leads to divides by zero at c0 = 0.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sympy import Expr, Ne, Symbol, Tuple, atanh, cosh, exp, sinh, sqrt, tanh

from modeflow import Chapter, Equation, Rates, rate
from modeflow.language.closed_forms import Naming, Part
from modeflow.language.solve import riccati_solution

from .alphabet import c0, decoder, encoder, half_angle, strength, t, tau, theta, theta0, w1, w2, y
from .naming import naming_in

on_hyperbola = {w1: sqrt(c0) * sinh(theta0 / 2), w2: sqrt(c0) * cosh(theta0 / 2)}
by_angle = on_hyperbola | {
    encoder(t): on_hyperbola[w1],
    decoder(t): on_hyperbola[w2],
    strength(t): on_hyperbola[w1] * on_hyperbola[w2],
    theta(t): theta0,
}


NAMES: dict[str, Part] = {
    "beta": ("beta", r"\beta", "", "The pull times the imbalance at the start, over the growth."),
    "start": ("y0", "y", "_0", "The half-angle at the start."),
    "zeta": ("zeta", r"\zeta", "", "The rate at which the half-angle comes to rest, in units of growth/τ."),
    "growing": ("F", "F", "", "The exponential of the half-angle over time, which grows from 1 at the start."),
    "below": ("H", r"\mathcal{H}", "", "The denominator of the half-angle over time."),
    "more": ("H_more", r"\mathcal{H}", "_{+}", "The denominator of the half-angle over time, times 1 + y."),
    "less": ("H_less", r"\mathcal{H}", "_{-}", "The denominator of the half-angle over time, times 1 - y."),
}


def _domains(given: list[Any]) -> dict[str, dict[str, Any]]:
    """What is claimed of the parts' values, where the growth, by which the paper's form divides, is not zero."""
    return {
        "beta": {"domain": [(">=", 0)], "given": given},
        "start": {"domain": [(">", -1), ("<", 1)]},
        "zeta": {"domain": [(">=", 2)], "given": given},
        "growing": {"domain": [(">=", 1)], "given": given},
        **{part: {"domain": [(">", 0)], "given": given} for part in ("below", "more", "less")},
    }


def _sums(
    naming: Naming, domains: Mapping[str, dict[str, Any]], beta: Expr, y0: Expr, zeta: Expr, F: Expr
) -> list[Expr]:
    """What the half-angle over time divides by, and the same more and less the half-angle over time.

    All three are positive, so that the half-angle stays between -1 and 1.
    """
    grown = F - 1
    domains["below"]["signs"] = 2 * zeta + (zeta - 2 + 2 * (1 + y0) + beta) * grown
    domains["more"]["signs"] = (1 + y0) * (zeta * (F + 1) + 2 * grown) + (1 - y0) * beta * grown
    domains["less"]["signs"] = (1 - y0) * ((zeta - 2) * (F + 1) + 4) + (1 + y0) * beta * grown
    below = naming("below", zeta * (F + 1) + (beta + 2 * y0) * grown)
    above = y0 * (zeta * (F + 1) - beta * grown) + 2 * grown
    return [below, naming("more", below + above), naming("less", below - above)]


def state(
    chapter: Chapter,
    flow: Any,
    growth: Expr,
    pull: Expr,
    *,
    conserved: str,
    mark: str,
    marked: Collection[Symbol],
) -> None:
    """Derive the angle over time in a chapter; `conserved` is the claim that the imbalance stays.

    flow: the velocities of w1 and w2. mark, marked: as of `naming_in`.
    """
    key, domains = chapter.key, _domains([Ne(growth, 0)])
    naming = naming_in(chapter, NAMES, domains, mark=mark, marked=marked)
    chapter.claim(
        "theta_substitution",
        Tuple(w2**2 - w1**2, w1 * w2, w1**2 + w2**2).xreplace(on_hyperbola),
        Tuple(c0, c0 / 2 * sinh(theta0), c0 * cosh(theta0)),
        names=by_angle,
        says="At the angle θ₀, where w1/w2 = tanh(θ₀/2), weights of imbalance c₀ have the strength ½c₀ sinh θ₀ and the "
        "squared norm c₀ cosh θ₀.",
        follows_from=[conserved],
        flow=flow,
    )
    beta = naming("beta", c0 * pull / growth)
    angle = theta(t)
    angle_velocity = growth * (2 - beta * sinh(angle)) / tau
    chapter.claim(
        "theta_flow",
        angle.diff(t),
        angle_velocity,
        satisfies=[
            Equation(
                tau * (c0 / 2 * sinh(angle)).diff(t),
                c0 * cosh(angle) * (growth - pull * c0 / 2 * sinh(angle)),
                "product rate",
            )
        ],
        says="The rate of the angle depends on the angle alone.",
        follows_from=[f"{key}.product_rate", f"{key}.theta_substitution"],
        flow=flow,
    )
    unit = tau / growth
    half_angle_velocity = (1 - y**2 - beta * y) / unit
    chapter.claim(
        "half_angle_rate",
        rate(tanh(theta0 / 2), {theta0: angle_velocity.xreplace({angle: theta0})}),
        half_angle_velocity.xreplace({y: tanh(theta0 / 2)}),
        rates=Rates((y,), written={tanh(theta0 / 2): y}),
        says="At any angle θ₀ the rate of the half-angle y = tanh(θ₀/2) is quadratic in y: a Riccati equation.",
        follows_from=[f"{key}.theta_flow"],
        flow=flow,
    )
    delta, zeta = naming("start", tanh(theta0 / 2)), naming("zeta", sqrt(beta**2 + 4))
    F = naming("growing", exp(zeta * growth * t / tau))
    sums = _sums(naming, domains, beta, delta, zeta, F)
    half_angle_path = riccati_solution(unit * half_angle_velocity, y, delta, t, root=zeta, fading=1 / F)
    chapter.claim(
        "half_angle_solution",
        half_angle(t),
        half_angle_path,
        satisfies=[
            Equation(half_angle(t).diff(t), half_angle_velocity.xreplace({y: half_angle(t)}), "rate"),
            Equation(half_angle(0), delta, "initial value"),
        ],
        beside=sums,
        says="The half-angle over time is the solution of its Riccati equation.",
        follows_from=[f"{key}.half_angle_rate"],
        flow=flow,
    )
    of_the_paper = ((1 - F) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + F) * zeta * delta) / (
        (1 - F) * (2 * beta + 4 * delta) - 2 * (1 + F) * zeta
    )
    chapter.claim(
        "theta_solution",
        theta(t),
        2 * atanh(of_the_paper),
        satisfies=[
            Equation(tanh(theta(t) / 2), half_angle_path, "back-substitution"),
            Equation(theta(t).diff(t), angle_velocity, "rate"),
            Equation(theta(0), theta0, "initial value"),
        ],
        beside=sums,
        says="The angle over time, in the form of the paper.",
        follows_from=[f"{key}.half_angle_solution"],
        flow=flow,
    )
