"""The linear autoencoder with weight decay, one mode at a time.

Decay pulls both weights to zero. It wears the imbalance down exponentially, shrinks what a mode can learn from 1 to
1 - γ/λ, and from γ = λ on kills the mode: then even the squared norm of the weights falls at every point. Balanced
weights still follow the logistic curve. Unbalanced ones need Bessel functions; freezing their imbalance does not do.
"""

from sympy import Integer, Tuple, cosh, exp, sinh, sqrt

from modeflow import Chapter, Equation, gradient_flow, rate_of

from . import denoising, fading, limits, logistic
from .alphabet import (
    a,
    alphabet,
    b,
    decay,
    eps,
    gamma,
    imbalance,
    kappa,
    lam,
    p,
    q,
    strength,
    t,
    tau,
    u,
    w0,
    w1,
    w2,
    w_star,
)
from .curvature import along_diagonals

chapter = Chapter("wae", "The autoencoder with weight decay", alphabet, source="pretorius2018, section 4", text=__doc__)

loss = lam / 2 * (1 - w2 * w1) ** 2 + gamma / 2 * (w1**2 + w2**2)
L = chapter.define("loss", r"L_{\gamma}", loss, says="The loss of a mode under decay.")
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

chapter.claim(
    "imbalance_rate",
    tau * rate_of(w2**2 - w1**2, flow),
    -2 * gamma * (w2**2 - w1**2),
    says="Of the two prices only decay moves the imbalance.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "imbalance",
    imbalance(t),
    (b**2 - a**2) * exp(-2 * gamma * t / tau),
    satisfies=[
        Equation(tau * imbalance(t).diff(t), -2 * gamma * imbalance(t), "rate"),
        Equation(imbalance(0), b**2 - a**2, "initial value"),
    ],
    says="The imbalance of the two layers dies out exponentially.",
    follows_from=["wae.imbalance_rate"],
)
chapter.claim(
    "product_rate",
    tau * rate_of(w1 * w2, flow),
    (w1**2 + w2**2) * (lam - lam * w1 * w2) - 2 * gamma * w1 * w2,
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)

# --- where a mode ends -------------------------------------------------------------------------------------

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
    along_diagonals(L, {w1: Integer(0), w2: Integer(0)}),
    Tuple(gamma - lam, gamma - lam, gamma + lam, -(gamma + lam)),
    says="At the origin the curvature is γ - λ along (1, 1) and γ + λ along (1, -1): a saddle while γ < λ.",
    follows_from=["flow.mode_loss"],
)
chapter.claim(
    "threshold",
    -tau / 2 * rate_of(w1**2 + w2**2, {w: velocity.xreplace({gamma: lam + kappa}) for w, velocity in flow.items()}),
    kappa * (w1**2 + w2**2) + lam * (w1 - w2) ** 2 + 2 * lam * (w1 * w2) ** 2,
    says="With γ = λ + κ the squared norm falls at a rate that is a sum of squares: decay kills the mode.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "norm_falls",
    kappa * (w1**2 + w2**2) + lam * (w1 - w2) ** 2 + 2 * lam * (w1 * w2) ** 2,
    0,
    relation=">=",
    says="That rate is never negative, so that no strength survives a decay γ ≥ λ.",
    follows_from=["wae.threshold"],
)

# --- balanced weights --------------------------------------------------------------------------------------

balanced = logistic.state(
    chapter, flow, lam - gamma, lam, solution="balanced", time="learning_time", ends="1 - γ/λ, or at 0 for γ > λ"
)
chapter.claim(
    "balanced_critical",
    strength(t),
    w0 / (1 + 2 * lam * w0 * t / tau),
    satisfies=[
        Equation(strength(t).diff(t), logistic.velocity(0 * lam, lam).xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="At γ = λ the strength dies out like 1/t.",
    follows_from=["wae.balanced_rate"],
)

# --- unbalanced weights --------------------------------------------------------------------------------------

present = {gamma: decay}
flow_with_decay = {weight: velocity.xreplace(present) for weight, velocity in flow.items()}
form = fading.form_of(chapter, lam)
fading.riccati(chapter, flow_with_decay, form)
solution, weights = fading.state(chapter, flow_with_decay, form)

limits.lemma(chapter)
limits.without_imbalance(chapter, form, solution)

fallen = chapter.define("fallen", r"\Delta_t", form.start - form.variable, says="How far the argument has fallen.")
lead = chapter.define("lead", "m_0", p / q - 1 / form.start, says="p/q less 1/z₀.")
below = chapter.define("m_below", "m_t", cosh(fallen) + lead * sinh(fallen), says="What P divides by at λ = 2γ.")
elementary = (sinh(fallen) + lead * cosh(fallen)) / below
chapter.claim(
    "half_integer",
    form.squared_sum.xreplace({lam: 2 * decay}),
    2 * (1 + form.variable * elementary).xreplace({lam: 2 * decay}),
    says="At λ = 2γ, where μ = 1/2, the solution is elementary.",
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
    says="The solution without decay, with λ - γ for λ and the imbalance frozen at its start, is not the solution.",
    follows_from=["wae.product_rate", "wae.imbalance"],
    source="a common shortcut",
    expects="refuted",
)
