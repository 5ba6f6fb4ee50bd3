"""The linear autoencoder with weight decay, one mode at a time.

Decay pulls both weights to zero. It wears the imbalance down exponentially, shrinks what a mode can learn from 1 to
1 - γ/λ, and from γ = λ on kills the mode: then even the squared norm of the weights falls at every point. Balanced
weights still follow a logistic curve. Unbalanced ones lead to a Riccati equation with a forcing that fades.
"""

from sympy import Tuple, diff, exp, log, sqrt

from modeflow import Chapter, Equation, gradient_flow, rate
from modeflow.solve import linear_solution

from .alphabet import (
    a,
    alphabet,
    b,
    gamma,
    imbalance,
    kappa,
    lam,
    learning_time,
    reciprocal,
    strength,
    t,
    tau,
    u,
    v,
    w0,
    w1,
    w2,
    w_star,
    x,
)

chapter = Chapter("wae", "The autoencoder with weight decay", alphabet, source="pretorius2018, section 4", text=__doc__)

loss = lam / 2 * (1 - w2 * w1) ** 2 + gamma / 2 * (w1**2 + w2**2)
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

chapter.claim(
    "imbalance_rate",
    tau * rate(w2**2 - w1**2, flow),
    -2 * gamma * (w2**2 - w1**2),
    says="Decay acts on the imbalance alone.",
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
    tau * rate(w1 * w2, flow),
    (w1**2 + w2**2) * (lam - lam * w1 * w2) - 2 * gamma * w1 * w2,
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)

# --- where a mode ends -------------------------------------------------------------------------------------

balanced_velocity = 2 * u * (lam - gamma - lam * u) / tau
chapter.claim(
    "balanced_rate",
    rate(w1 * w2, flow).xreplace({w1: sqrt(u), w2: sqrt(u)}),
    balanced_velocity,
    says="Balanced weights obey a logistic equation in their strength u.",
    follows_from=["wae.product_rate"],
)
chapter.claim(
    "fixed_point",
    w_star,
    1 - gamma / lam,
    satisfies=[Equation(lam - gamma - lam * w_star, 0, "rest")],
    says="The strength comes to rest at 1 - γ/λ, for γ < λ.",
    follows_from=["wae.balanced_rate", "wae.imbalance"],
)
origin = {w1: 0, w2: 0}
hessian = [[diff(loss, r, s).xreplace(origin) for s in (w1, w2)] for r in (w1, w2)]
chapter.claim(
    "origin",
    Tuple(hessian[0][0] + hessian[0][1], hessian[1][0] + hessian[1][1],
          hessian[0][0] - hessian[0][1], hessian[1][0] - hessian[1][1]),
    Tuple(gamma - lam, gamma - lam, gamma + lam, -(gamma + lam)),
    says="At the origin the curvature is γ - λ along (1, 1) and γ + λ along (1, -1): a saddle while γ < λ.",
    follows_from=["flow.mode_loss"],
)  # fmt: skip
above = {gamma: lam + kappa}
chapter.claim(
    "threshold",
    -tau / 2 * rate(w1**2 + w2**2, flow).xreplace(above),
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

# --- balanced weights: the logistic curve ----------------------------------------------------------------

reciprocal_velocity = (2 * lam - 2 * (lam - gamma) * v) / tau
chapter.claim(
    "reciprocal_rate",
    rate(1 / u, {u: balanced_velocity}),
    reciprocal_velocity.xreplace({v: 1 / u}),
    says="The reciprocal of the strength obeys a linear equation.",
    follows_from=["wae.balanced_rate"],
)
reciprocal_path = linear_solution(reciprocal_velocity, v, 1 / w0, t)
chapter.claim(
    "reciprocal_solution",
    reciprocal(t),
    reciprocal_path,
    satisfies=[
        Equation(reciprocal(t).diff(t), reciprocal_velocity.xreplace({v: reciprocal(t)}), "rate"),
        Equation(reciprocal(0), 1 / w0, "initial value"),
    ],
    says="The reciprocal relaxes to λ/(λ - γ), or grows without bound for γ > λ.",
    follows_from=["wae.reciprocal_rate"],
)
grown = exp(2 * (lam - gamma) * t / tau)
chapter.claim(
    "balanced",
    strength(t),
    (lam - gamma) * grown / (lam * (grown - 1) + (lam - gamma) / w0),
    satisfies=[
        Equation(strength(t) * reciprocal_path, 1, "back-substitution"),
        Equation(strength(t).diff(t), balanced_velocity.xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="The strength of a balanced mode is a sigmoid that ends at 1 - γ/λ, or at 0 for γ > λ.",
    follows_from=["wae.reciprocal_solution"],
)
chapter.claim(
    "balanced_critical",
    strength(t),
    w0 / (1 + 2 * lam * w0 * t / tau),
    satisfies=[
        Equation(strength(t).diff(t), balanced_velocity.xreplace({gamma: lam}).xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="At γ = λ the strength dies out like 1/t.",
    follows_from=["wae.balanced_rate"],
)
chapter.claim(
    "learning_time",
    learning_time(x),
    tau / (2 * (lam - gamma)) * log(x * (lam - gamma - lam * w0) / (w0 * (lam - gamma - lam * x))),
    satisfies=[
        Equation(learning_time(x).diff(x), 1 / balanced_velocity.xreplace({u: x}), "inverse rate"),
        Equation(learning_time(w0), 0, "start"),
    ],
    says="The time at which the strength of a balanced mode passes x.",
    follows_from=["wae.balanced"],
)

# --- unbalanced weights: a Riccati equation whose forcing fades -------------------------------------------------

chapter.claim(
    "riccati",
    tau * rate((w1 + w2) ** 2, flow),
    2 * (lam - gamma) * (w1 + w2) ** 2 - lam / 2 * ((w1 + w2) ** 4 - (w2**2 - w1**2) ** 2),
    says="The squared sum of the weights obeys a Riccati equation, forced by the square of the imbalance.",
    follows_from=["wae.imbalance_rate", "flow.mode_w1", "flow.mode_w2"],
    source="not found in the literature we searched",
)
