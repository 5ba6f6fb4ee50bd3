"""How do the two weights of a mode move, under any growth, pull and decay? Balanced weights follow a sigmoid; any
weights have elementary solutions without decay, and Bessel functions with it.

Every objective here moves the two weights of a mode by the same equations (`mode.flow`). The growth drives it: what the
data reward. The pull holds it back: what the map costs, with or without noise. Weight decay wears both weights down.
Other chapters put in their own growth, pull and decay; their claims about a mode are corollaries of the claims here. A
háček, as over ǧ and ǩ, marks a quantity that is defined for any growth and pull.

Three equations hold for all of them. The imbalance w2² - w1² dies out at the rate of the decay, and stays where there
is none (`mode.imbalance_rate`). The strength w1 w2 grows in proportion to the squared norm of the weights
(`mode.product_rate`). The squared sum of the weights obeys a Riccati equation, forced by the square of the imbalance
(`mode.riccati`).

There are three closed forms. Balanced weights follow a logistic curve, under any decay (`mode.balanced`). Without decay
the imbalance is a constant: the weights run along a hyperbola, and the Riccati equation has constant coefficients,
which gives both weights, and their product, in elementary functions (`mode.weights` and `mode.direct`). Under decay the
imbalance fades, and the Riccati equation leads to Bessel functions (`mode.fading_weights`).

The direct form rests on one rate, ρ, the root of a sum of two squares: twice the growth, and the pull times the
imbalance at the start (`mode.rho`). So ρ vanishes only where there is no growth and, besides, no pull or no imbalance.
Everywhere else the two denominators of the form are positive at all times: it is defined for weights of any size and
sign, balanced or not.
"""

from typing import Any

from sympy import Tuple, diff, exp

from modeflow import Chapter, Equation, Rates, gradient_flow, rate_of

from . import direct, fading, hyperbola, logistic
from .alphabet import (
    a,
    alphabet,
    any_growth,
    any_pull,
    b,
    decay,
    gamma,
    imbalance,
    kappa,
    strength,
    t,
    tau,
    u,
    w0,
    w1,
    w2,
    w_star,
)
from .titles import TITLES

titles = {
    **TITLES,
    "flow": "Flow of a mode",
}
chapter = Chapter(
    "mode", "One mode in general", alphabet, source="saxe2014; pretorius2018, section 4", text=__doc__, titles=titles
)
CHECK: Any = {"mark": r"\check", "marked": (any_growth, any_pull, gamma, decay)}

# --- the flow ------------------------------------------------------------------------------------------------

loss = any_pull / 2 * (w2 * w1) ** 2 - any_growth * w2 * w1 + gamma / 2 * (w1**2 + w2**2)
L = chapter.define("loss", r"\check{L}", loss, says="The loss of a mode, up to a constant.")
flow = gradient_flow(loss, [w1, w2], time_constant=tau)
drives = (
    w2 * (any_growth - any_pull * w1 * w2) - gamma * w1,
    w1 * (any_growth - any_pull * w1 * w2) - gamma * w2,
)
undecayed = {weight: velocity.xreplace({gamma: 0 * gamma}) for weight, velocity in flow.items()}
fading_flow = {weight: velocity.xreplace({gamma: decay}) for weight, velocity in flow.items()}

chapter.claim(
    "flow",
    Tuple(-diff(loss, w1), -diff(loss, w2)),
    Tuple(*drives),
    rates=Rates((w1, w2), times=tau),
    says="The two weights descend the loss of the mode, and each is driven by the other.",
    flow=flow,
)
chapter.claim(
    "loss_decreases",
    tau * rate_of(L, flow),
    -(drives[0] ** 2) - drives[1] ** 2,
    says="The loss never rises: its rate is minus a sum of squares.",
    follows_from=["mode.flow"],
    flow=flow,
)
chapter.claim(
    "imbalance_rate",
    tau * rate_of(w2**2 - w1**2, flow),
    -2 * gamma * (w2**2 - w1**2),
    says="The imbalance falls at the rate 2γ/τ times itself, whatever growth and pull are.",
    follows_from=["mode.flow"],
    flow=flow,
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
    follows_from=["mode.imbalance_rate"],
    flow=flow,
)
chapter.claim(
    "invariant",
    rate_of(w2**2 - w1**2, undecayed),
    0,
    says="Without decay the imbalance of the two layers never changes.",
    follows_from=["mode.flow"],
    flow=undecayed,
)
chapter.claim(
    "product_rate",
    tau * rate_of(w1 * w2, flow),
    (w1**2 + w2**2) * (any_growth - any_pull * w1 * w2) - 2 * gamma * w1 * w2,
    says="The rate of the strength, from those of the two weights.",
    follows_from=["mode.flow"],
    flow=flow,
)
chapter.claim(
    "riccati",
    tau * rate_of((w1 + w2) ** 2, flow),
    2 * (any_growth - gamma) * (w1 + w2) ** 2 - any_pull / 2 * ((w1 + w2) ** 4 - (w2**2 - w1**2) ** 2),
    says="The squared sum of the weights obeys a Riccati equation, forced by the square of the imbalance.",
    follows_from=["mode.flow"],
    flow=flow,
)

# --- where a mode ends ---------------------------------------------------------------------------------------

chapter.claim(
    "fixed_point",
    w_star,
    (any_growth - gamma) / any_pull,
    satisfies=[Equation(any_growth - gamma - any_pull * w_star, 0, "rest")],
    says="The strength comes to rest at the growth less the decay, over the pull, where the decay is below the growth.",
    follows_from=["mode.product_rate", "mode.imbalance"],
    flow=flow,
)
beyond_growth = {weight: velocity.xreplace({gamma: any_growth + kappa}) for weight, velocity in flow.items()}
chapter.claim(
    "threshold",
    -tau / 2 * rate_of(w1**2 + w2**2, beyond_growth),
    kappa * (w1**2 + w2**2) + any_growth * (w1 - w2) ** 2 + 2 * any_pull * (w1 * w2) ** 2,
    says="Under a decay that exceeds the growth by κ the squared norm falls at a rate that is a sum of squares.",
    follows_from=["mode.flow"],
    flow=beyond_growth,
)
chapter.claim(
    "norm_falls",
    kappa * (w1**2 + w2**2) + any_growth * (w1 - w2) ** 2 + 2 * any_pull * (w1 * w2) ** 2,
    0,
    relation=">=",
    says="That sum of squares is never negative: no strength survives a decay at or above the growth.",
    follows_from=["mode.threshold"],
    flow=beyond_growth,
)

# --- balanced weights, under any decay -----------------------------------------------------------------------

logistic.state(
    chapter,
    flow,
    any_growth - gamma,
    any_pull,
    solution="balanced",
    time="balanced_learning_time",
    ends="the fixed point, or at 0 where the decay exceeds the growth",
    mark=CHECK["mark"],
)
critical = {weight: velocity.xreplace({any_growth: gamma}) for weight, velocity in flow.items()}
chapter.claim(
    "balanced_critical",
    strength(t),
    w0 / (1 + 2 * any_pull * w0 * t / tau),
    satisfies=[
        Equation(strength(t).diff(t), logistic.velocity(0 * any_pull, any_pull).xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="Where the decay is the growth, the strength dies out like 1/t.",
    follows_from=["mode.balanced_rate"],
    flow=critical,
)

# --- any weights, without decay ------------------------------------------------------------------------------

hyperbola.state(chapter, undecayed, any_growth, any_pull, conserved="mode.invariant", **CHECK)
form = direct.form_of(chapter, any_growth, any_pull, **CHECK)
direct.state(chapter, undecayed, form, conserved="mode.invariant")

# --- unbalanced weights, under decay -------------------------------------------------------------------------

SAID = ("ǧ", "ǩ")
fading_form = fading.form_of(chapter, any_growth, any_pull, SAID, **CHECK)
fading.state(chapter, fading_flow, fading_form, SAID)
