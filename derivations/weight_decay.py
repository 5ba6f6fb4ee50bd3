"""What does weight decay change? A mode ends at 1 - γ/λ, or dies if γ ≥ λ, and its imbalance fades; so the solution
without decay cannot be carried over by freezing the imbalance.

Decay pulls both weights to zero. It wears the imbalance down exponentially (`wae.imbalance`), shrinks what a mode can
learn from 1 to 1 - γ/λ (`wae.fixed_point`), and from γ = λ on kills the mode: then even the squared norm of the weights
falls at every point (`wae.threshold`). Balanced weights still follow the logistic curve (`wae.balanced`). Unbalanced
ones need Bessel functions (`wae.weights`).

Is there a shortcut? For balanced weights decay acts like a loss of growth, λ - γ for λ. It is tempting to do the same
for all: to take the solution without decay, with λ - γ for λ, and to freeze the imbalance at its start. That fails, for
two reasons. The squared norm of the weights, which drives the strength (`wae.product_rate`), is √(c² + 4w²), and the
imbalance c fades as exp(-2γt/τ). And decay takes 2γw from the strength w, which is γ times
the squared norm only for balanced weights. The frozen form is kept here as a claim that is refuted
(`wae.frozen_shortcut`).
"""

from sympy import Integer, cosh, exp, sinh, sqrt

from modeflow import Chapter, Equation, gradient_flow

from . import denoising, limits
from .alphabet import (
    a,
    alphabet,
    any_growth,
    any_pull,
    b,
    decay,
    eps,
    gamma,
    kappa,
    lam,
    p,
    q,
    strength,
    t,
    tau,
    w1,
    w2,
    w_star,
)
from .cases import MODE, Case
from .curvature import curvature, spectrum
from .titles import TITLES

titles = {
    **TITLES,
    "origin": "Curvature at the origin",
    "comparison_rate": "Integrating factor",
    "comparison": "Comparison of solutions",
    "both_orders": "Bessel functions of both orders",
    "entire": "Entire functions",
    "balanced_difference": "Difference from the balanced path",
    "balanced_lag": "Lag from the balanced path",
    "balanced_bound": "Bound by the lag",
    "balanced_bound_sign": "Sign of the forcings",
    "to_balanced": "Limit of balanced weights",
    "half_integer": "Half-integer order",
}
chapter = Chapter(
    "wae", "The autoencoder with weight decay", alphabet, source="pretorius2018, section 4", text=__doc__, titles=titles
)

loss = lam / 2 * (1 - w2 * w1) ** 2 + gamma / 2 * (w1**2 + w2**2)
L = chapter.define("loss", r"L_{\gamma}", loss, says="The loss of a mode under decay.")
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

case = Case(chapter, {any_growth: lam, any_pull: lam}, flow)
case.claim(
    "imbalance_rate",
    says="Only the decay changes the imbalance; the loss without it leaves the imbalance alone.",
    follows_from=MODE,
)
case.claim("imbalance")
case.claim("product_rate", follows_from=MODE)

# --- where a mode ends -------------------------------------------------------------------------------------

# By itself, as the difference in which the paper writes it; `mode` has the fraction.
chapter.claim(
    "fixed_point",
    w_star,
    1 - gamma / lam,
    satisfies=[Equation(lam - gamma - lam * w_star, 0, "rest")],
    says="The strength comes to rest at 1 - γ/λ, for γ < λ.",
    follows_from=["wae.product_rate", "wae.imbalance"],
)
chapter.claim(
    "origin",
    curvature(L, {w1: Integer(0), w2: Integer(0)}),
    spectrum(gamma - lam, gamma + lam),
    says="At the origin the curvature is γ - λ along (1, 1) and γ + λ along (1, -1): a saddle while γ < λ.",
    follows_from=["flow.mode_loss"],
)
beyond = case.under(lam + kappa)
beyond.claim(
    "threshold",
    says="With γ = λ + κ the squared norm falls at a rate that is a sum of squares: decay kills the mode.",
    follows_from=MODE,
)
beyond.claim(
    "norm_falls", says="The squared norm falls at a rate that is never negative: no strength survives a decay γ ≥ λ."
)

# --- balanced weights --------------------------------------------------------------------------------------

balanced = case.logistic(solution="balanced", time="learning_time", ends="1 - γ/λ, or at 0 for γ > λ")
case.under(lam).claim("balanced_critical", says="At γ = λ the strength dies out like 1/t.")

# --- unbalanced weights --------------------------------------------------------------------------------------

form, solution, weights = case.fading(("λ", "λ"))

limits.lemma(chapter)
limits.without_imbalance(chapter, form, solution)

fallen = chapter.define(
    "fallen",
    r"\Delta_t",
    form.start - form.variable,
    says="The argument of the Bessel functions at the start less that over time.",
)
lead = chapter.define("lead", "m_0", p / q - 1 / form.start, says="The difference p/q - 1/z₀.")
below = chapter.define("m_below", "m_t", cosh(fallen) + lead * sinh(fallen), says="The denominator of P at λ = 2γ.")
elementary = (sinh(fallen) + lead * cosh(fallen)) / below
chapter.claim(
    "half_integer",
    form.squared_sum.xreplace({lam: 2 * decay}),
    2 * (1 + form.variable * elementary).xreplace({lam: 2 * decay}),
    says="At λ = 2γ, where μ = 1/2, the squared sum of the weights is elementary.",
    follows_from=["wae.solution"],
    source="not found in the literature we searched",
)

# --- what does not work ----------------------------------------------------------------------------------------

frozen = denoising.direct.rhs.xreplace({lam: lam - gamma, eps: gamma})  # growth λ - γ and pull λ
chapter.claim(
    "frozen_shortcut",
    strength(t),
    frozen,
    satisfies=[
        Equation(
            tau * strength(t).diff(t),
            sqrt((b**2 - a**2) ** 2 * exp(-4 * gamma * t / tau) + 4 * strength(t) ** 2) * (lam - lam * strength(t))
            - 2 * gamma * strength(t),
            "rate",
        ),
        Equation(strength(0), a * b, "initial value"),
    ],
    says="A shortcut: the solution without decay, with λ - γ for λ and the imbalance frozen at its start.",
    follows_from=["wae.product_rate", "wae.imbalance"],
    source="a common shortcut",
    expects="refuted",
)
