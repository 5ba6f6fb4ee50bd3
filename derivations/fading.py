"""Unbalanced weights under decay: a Riccati equation whose forcing fades.

With decay the imbalance dies out, c = c0 exp(-2γt/τ), and P = (w1 + w2)² obeys τP' = 2(λ - γ)P - (ξ/2)(P² - c²). The
substitution P = (2τ/ξ) y'/y makes it linear; y exp(-(λ - γ)t/τ), as a function of z = ξ c/(4γ), solves the modified
Bessel equation of order μ = (λ - γ)/(2γ). Fitting the start gives P, and the weights are half of √P ∓ c/√P.
Swapping the layers or flipping both signs turns any unbalanced start into one with p = w1 + w2 > 0 and
q = w2 - w1 > 0. This solution was not found in the literature we searched.
"""

from typing import Any

from sympy import Expr, Tuple, besseli, besselk

from modeflow import Chapter, Claim, Equation, rate, rate_of
from modeflow.language.closed_forms import FadingForm

from .alphabet import (
    Y0,
    Y1,
    Y2,
    alpha,
    beta,
    decay,
    decoder,
    encoder,
    g,
    lam,
    linear,
    p,
    q,
    squared_sum,
    t,
    tau,
    w1,
    w2,
    z,
)
from .direct import NEW, mode_equations

# The parts of the solution: name, LaTeX, meaning.
NAMES = {
    "order": ("mu", r"\mu", "The order of the Bessel functions."),
    "imbalance": ("c_t", "c_t", "The imbalance over time."),
    "start": ("z0", "z_0", "The argument of the Bessel functions at the start."),
    "variable": ("z_t", "z_t", "The argument of the Bessel functions over time, proportional to the imbalance."),
    "growing": ("A0", "A_0", "The weight of the growing Bessel function, by the start."),
    "falling": ("B0", "B_0", "The weight of the decaying Bessel function, by the start."),
    "ratio": ("Q_t", "Q_t", "The difference of the weights over their sum, over time."),
}


def form_of(pull: Expr) -> FadingForm:
    """The solution for growth λ and decay γ > 0, from p and q."""
    return FadingForm(lam, pull, decay, p, q, t, tau)


def _in_names(chapter: Chapter, pull: Expr) -> FadingForm:
    """The same, with names of the chapter for its parts."""

    def naming(part: str, expression: Expr) -> Expr:
        name, tex, says = NAMES[part]
        return chapter.define(name, tex, expression, says=says)

    return FadingForm(lam, pull, decay, p, q, t, tau, naming)


def state(chapter: Chapter, flow: Any, pull: Expr) -> tuple[Claim, Claim]:
    """Derive the solution in a chapter; returns the claims on P and on the weights. flow: for the decay > 0."""
    key, form = chapter.key, _in_names(chapter, pull)
    growth = lam - decay

    def riccati(P: Expr, c: Expr) -> Expr:
        """τ dP/dt."""
        return 2 * growth * P - pull / 2 * (P**2 - c**2)

    chapter.claim(
        "riccati",
        tau * rate_of((w1 + w2) ** 2, flow),
        riccati((w1 + w2) ** 2, w2**2 - w1**2),
        says="The squared sum of the weights obeys a Riccati equation, forced by the square of the imbalance.",
        follows_from=["flow.mode_w1", "flow.mode_w2"],
        source=NEW,
    )

    y, c = linear(t), form.imbalance
    P = 2 * tau / pull * y.diff(t) / y
    chapter.claim(
        "riccati_linear",
        tau * P.diff(t) - riccati(P, c),
        2 * tau**2 / (pull * y) * (y.diff(t, 2) - 2 * growth / tau * y.diff(t) - (pull * c / (2 * tau)) ** 2 * y),
        says="With P = (2τ/ξ) y'/y the Riccati equation holds exactly when a linear one does.",
        follows_from=[f"{key}.riccati"],
        source=NEW,
    )

    # y = g·Y(z), where dg/dt = (λ - γ)g/τ and dz/dt = -2γz/τ; Y0, Y1, Y2 are Y and its derivatives in z.
    falling = -2 * decay * z / tau
    chain = {g: growth * g / tau, z: falling, Y0: Y1 * falling, Y1: Y2 * falling}
    once = rate(g * Y0, chain)
    chapter.claim(
        "linear",
        rate(once, chain) - 2 * growth / tau * once - (2 * decay * z / tau) ** 2 * g * Y0,
        (2 * decay / tau) ** 2 * g * (z**2 * Y2 + z * Y1 - (z**2 + form.order**2) * Y0),
        says="With y = exp((λ - γ)t/τ) Y(z) and z = ξc/(4γ) it is the modified Bessel equation of order (λ - γ)/(2γ).",
        follows_from=[f"{key}.riccati_linear"],
        source=NEW,
    )

    both = {
        Y0: alpha * besseli(form.order, z) + beta * besselk(form.order, z),
        Y1: (alpha * besseli(form.order, z) + beta * besselk(form.order, z)).diff(z),
    }
    chapter.claim(
        "general",
        (2 * tau / pull * once / (g * Y0)).xreplace(both),
        4 * decay * z / pull / form.ratio(alpha, beta, z),
        says="So P is c over a ratio of Bessel functions of neighbouring orders.",
        follows_from=[f"{key}.linear"],
        source=NEW,
    )
    chapter.claim(
        "start",
        form.ratio(*form.start_coefficients, form.start),
        q / p,
        says="The two weights of the Bessel functions are those that give q/p its value at the start.",
        follows_from=[f"{key}.general"],
        source=NEW,
    )
    solution = chapter.claim(
        "solution",
        squared_sum(t),
        form.squared_sum,
        satisfies=[
            Equation(tau * squared_sum(t).diff(t), riccati(squared_sum(t), c), "rate"),
            Equation(squared_sum(0), p**2, "initial value"),
        ],
        says="The squared sum of the weights over time, from any unbalanced start.",
        follows_from=[f"{key}.start", f"{key}.general", f"{key}.riccati"],
        source=NEW,
    )
    weights = chapter.claim(
        "weights",
        Tuple(encoder(t), decoder(t)),
        Tuple(*form.weights),
        satisfies=[
            *mode_equations(flow),
            Equation(encoder(0) + decoder(0), p, "sum at the start"),
            Equation(decoder(0) - encoder(0), q, "difference at the start"),
        ],
        says="Both weights over time, from any unbalanced start.",
        follows_from=[solution.id],
        source=NEW,
    )
    return solution, weights
