"""The plain linear autoencoder: a sigmoid for each mode.

Without noise or decay, balanced weights w1 = w2 stay balanced, and their strength w = w1 w2 obeys a logistic
equation. Its reciprocal obeys a linear one, which is solved at sight and turned over again.
"""

from sympy import Rational, exp, log

from modeflow import Chapter, Equation, gradient_flow, rate
from modeflow.solve import linear_solution

from .alphabet import alphabet, lam, learning_time, reciprocal, strength, t, tau, u, v, w0, w1, w2, x

chapter = Chapter("ae", "The autoencoder", alphabet, source="saxe2014; pretorius2018, section 3.1", text=__doc__)

loss = lam / 2 * (1 - w2 * w1) ** 2
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

chapter.claim(
    "product_rate",
    tau * rate(w1 * w2, flow),
    (w1**2 + w2**2) * lam * (1 - w1 * w2),
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)

# Balanced weights: w1 = w2, so w1² + w2² = 2w. Substitute v = 1/w.
balanced_velocity = 2 * u * lam * (1 - u) / tau
chapter.claim(
    "balanced_rate",
    rate(w1 * w2, flow).xreplace({w1: u ** Rational(1, 2), w2: u ** Rational(1, 2)}),
    balanced_velocity,
    says="Balanced weights obey a logistic equation in their strength u.",
    follows_from=["ae.product_rate"],
)
reciprocal_velocity = -2 * lam * (v - 1) / tau
chapter.claim(
    "reciprocal_rate",
    rate(1 / u, {u: balanced_velocity}),
    reciprocal_velocity.xreplace({v: 1 / u}),
    says="The reciprocal of the strength obeys a linear equation.",
    follows_from=["ae.balanced_rate"],
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
    says="The reciprocal relaxes exponentially to 1.",
    follows_from=["ae.reciprocal_rate"],
)
grown = exp(2 * lam * t / tau)
solution = chapter.claim(
    "solution",
    strength(t),
    grown / (grown - 1 + 1 / w0),
    satisfies=[
        Equation(strength(t) * reciprocal_path, 1, "back-substitution"),
        Equation(strength(t).diff(t), balanced_velocity.xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="The strength of a balanced mode is a sigmoid in time.",
    follows_from=["ae.reciprocal_solution"],
)
chapter.claim(
    "learning_time",
    learning_time(x),
    tau / (2 * lam) * log(x * (1 - w0) / (w0 * (1 - x))),
    satisfies=[
        Equation(learning_time(x).diff(x), 1 / balanced_velocity.xreplace({u: x}), "inverse rate"),
        Equation(learning_time(w0), 0, "start"),
    ],
    says="The time at which the strength passes x on its way from w0 to 1.",
    follows_from=["ae.solution"],
)
