"""Unbalanced weights under decay: a Riccati equation whose forcing fades.

With decay the imbalance dies out, c = c0 exp(-2γt/τ), and P = (w1 + w2)² obeys τP' = 2(λ - γ)P - (ξ/2)(P² - c²). The
substitution P = (2τ/ξ) Θ'/Θ makes it linear; Θ exp(-(λ - γ)t/τ), as a function of z = ξ c/(4γ), solves the modified
Bessel equation of order μ = (λ - γ)/(2γ). Fitting the start gives P, and the weights are half of √P ∓ c/√P.
Swapping the layers or flipping both signs turns any unbalanced start into one with p = w1 + w2 > 0 and
q = w2 - w1 > 0. This solution was not found in the literature we searched.
"""

from collections.abc import Collection
from typing import Any

from sympy import Derivative, Expr, Ne, Rational, Symbol, Tuple, besseli, besselk

from modeflow import Chapter, Equation, rate, rate_of
from modeflow.language.closed_forms import FADING_PARTS, FadingForm, Part

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
    linear,
    p,
    q,
    squared_sum,
    t,
    tau,
    z,
)
from .direct import NEW, mode_equations
from .naming import Domain, naming_in

Said = tuple[str, str]  # how the prose calls growth and pull

LINEAR = "With P = (2τ/{1}) Θ'/Θ the Riccati equation holds exactly when a linear one does."
BESSEL = "With Θ = exp(({0} - γ)t/τ) U(z) and z = {1}c/(4γ) it is the modified Bessel equation of order ({0} - γ)/(2γ)."

# The parts of the solution and of its derivation: name, letter, index, meaning.
NAMES: dict[str, Part] = {
    **FADING_PARTS,
    "slope": (
        "Theta_rate",
        r"\dot{\Theta}",
        "",
        "The rate of Θ = G U(z), where G grows at the rate ({growth} - γ)/τ and z fades at the rate 2γ/τ.",
    ),
    "combination": ("C", r"\mathcal{C}", r"_{\mu}", "A combination of the Bessel functions of order μ."),
    "neighbour": (
        "C_next",
        r"\mathcal{C}",
        r"_{\mu + 1}",
        "The combination of Bessel functions of order μ + 1 in the derivative of that of order μ.",
    ),
    "growth at start": ("I_start", "I", "_0", "The growing Bessel function of order μ at the start."),
    "growth": ("I_t", "I", "_t", "The growing Bessel function of order μ over time."),
}


def names(said: Said) -> dict[str, Part]:
    """The parts, with what is said of them in these words for growth and pull."""
    return {
        part: (own, letter, index, says.replace("{growth}", said[0]))
        for part, (own, letter, index, says) in NAMES.items()
    }


def _domains(pull: Expr) -> dict[str, Domain]:
    """I_ν(z) and K_ν(z) are positive for z > 0 and ν > -1, as μ is; z is 0 where nothing pulls."""
    moves: Domain = {"domain": [(">", 0)], "given": [Ne(pull, 0)]}
    return {
        "order": {"domain": [(">=", Rational(-1, 2))]},
        "imbalance": {"domain": [(">", 0)]},
        **dict.fromkeys(("start", "variable", "falling", "growth at start", "growth"), moves),
    }


def form_of(
    chapter: Chapter,
    growth: Expr,
    pull: Expr,
    said: Said,
    *,
    mark: str,
    marked: Collection[Symbol],
) -> FadingForm:
    """The solution for a decay γ > 0, from p and q, its parts named in the chapter; mark, marked: of these names."""
    naming = naming_in(chapter, names(said), _domains(pull), mark=mark, marked=marked)
    return FadingForm(growth, pull, decay, p, q, t, tau, naming)


def _riccati(form: FadingForm, P: Expr, c: Expr) -> Expr:
    """τ dP/dt."""
    return 2 * (form.growth - form.decay) * P - form.pull / 2 * (P**2 - c**2)


def state(chapter: Chapter, flow: Any, form: FadingForm, said: Said) -> None:
    """Derive the solution in a chapter.

    flow: for the decay > 0. said: how the growth and the pull are called. The Riccati equation is stated before.
    """
    key, pull, name = chapter.key, form.pull, form.naming
    growth = form.growth - form.decay

    theta, c = linear(t), form.imbalance
    P = 2 * tau / pull * theta.diff(t) / theta
    equation = theta.diff(t, 2) - 2 * growth / tau * theta.diff(t) - (pull * c / (2 * tau)) ** 2 * theta
    chapter.claim(
        "riccati_linear",
        tau * P.diff(t) - _riccati(form, P, c),
        2 * tau**2 / (pull * theta) * equation,
        says=LINEAR.format(*said),
        follows_from=[f"{key}.riccati"],
        source=NEW,
        flow=flow,
    )

    # Θ = g·Y(z), where dg/dt = (λ - γ)g/τ and dz/dt = -2γz/τ; Y0, Y1, Y2 are Y and its derivatives in z.
    falling = -2 * decay * z / tau
    chain = {g: growth * g / tau, z: falling, Y0: Y1 * falling, Y1: Y2 * falling}
    once = rate(g * Y0, chain)
    slope = name("slope", once)
    chapter.claim(
        "linear",
        rate_of(slope, chain) - 2 * growth / tau * slope - (2 * decay * z / tau) ** 2 * g * Y0,
        (2 * decay / tau) ** 2 * g * (z**2 * Y2 + z * Y1 - (z**2 + form.order**2) * Y0),
        says=BESSEL.format(*said),
        follows_from=[f"{key}.riccati_linear"],
        source=NEW,
        flow=flow,
    )

    above = name("combination", alpha * besseli(form.order, z) + beta * besselk(form.order, z))
    below = name("neighbour", beta * besselk(form.order + 1, z) - alpha * besseli(form.order + 1, z))
    chapter.claim(
        "general",
        2 * tau / pull * once.xreplace({Y0: above, Y1: Derivative(above, z)}) / (g * above),
        4 * decay * z * below / (pull * above),
        says="So P is the imbalance c over a ratio of Bessel functions of neighbouring orders.",
        follows_from=[f"{key}.linear"],
        source=NEW,
        flow=flow,
    )
    at_start = name("growth at start", besseli(form.order, form.start))
    chapter.claim(
        "start",
        form.ratio(*form.start_coefficients, form.start),
        q / p,
        beside=[at_start],
        says="The two coefficients of the Bessel functions give q/p its value at the start.",
        follows_from=[f"{key}.general"],
        source=NEW,
        flow=flow,
    )
    divisors = [at_start, name("growth", besseli(form.order, form.variable))]
    path = chapter.claim(
        "fading_solution",
        squared_sum(t),
        form.squared_sum,
        satisfies=[
            Equation(tau * squared_sum(t).diff(t), _riccati(form, squared_sum(t), c), "rate"),
            Equation(squared_sum(0), p**2, "initial value"),
        ],
        beside=divisors,
        says="The squared sum of the weights over time, from any unbalanced start.",
        follows_from=[f"{key}.start", f"{key}.general", f"{key}.riccati"],
        source=NEW,
        flow=flow,
    )
    chapter.claim(
        "fading_weights",
        Tuple(encoder(t), decoder(t)),
        Tuple(*form.weights),
        satisfies=[
            *mode_equations(flow),
            Equation(encoder(0) + decoder(0), p, "sum at the start"),
            Equation(decoder(0) - encoder(0), q, "difference at the start"),
        ],
        beside=divisors,
        says="Both weights over time, from any unbalanced start.",
        follows_from=[path.id],
        source=NEW,
        flow=flow,
    )
