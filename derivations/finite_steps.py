"""What do finite steps change? They wear the imbalance of the layers down, which the flow keeps, and they descend a
loss that is steeper by a part of its squared gradient.

A step of size h multiplies the sum of the two weights of a mode by 1 + he and their difference by 1 - he, with
e = λ - ξw, ξ = λ + ε and the strength w = w1 w2 (`step.sums`). So each step multiplies the imbalance w2² - w1² by
1 - h²e², exactly (`step.imbalance`); weight decay has its own factor besides (`step.imbalance_decayed`). In matrices
the difference W2ᵀ W2 - W1 W1ᵀ changes by h² times a difference of two squares, whatever the error is (`step.layers`).

How much is lost in a run? The logarithm of the imbalance falls by h times the integral of e² over the time of the flow,
up to a part of order h². That integral is known: it is 𝒜(w) at the end less 𝒜(w) at the start, with
𝒜 = ½ λ arsinh(2w/c₀) - ¼ ξ √(c₀² + 4w²) (`step.travelled`).

To second order in h, steps down a loss L follow the flow of L + (h/4)|∇L|²: what the flow of L bends in the time of a
step is what the added part takes (`step.modified`).
"""

from sympy import Derivative, Rational, Tuple, asinh, diff, sqrt

from modeflow import Chapter, Equation, rate_of

from .alphabet import W1, W2, c0, eps, gamma, lam, w1, w2, x
from .flow import mode_loss
from .letters import error, step, travelled
from .letters import of_steps as letters

chapter = Chapter("step", "Finite steps", letters, source="not found in the literature we searched", text=__doc__)

half = Rational(1, 2)
pull = lam + eps
e = chapter.define("e", r"\mathsf{e}", lam - pull * w1 * w2, says="The error of a mode that its weights descend.")
stepped1, stepped2 = w1 + step * w2 * e, w2 + step * w1 * e
chapter.claim(
    "sums",
    Tuple(stepped2 + stepped1, stepped2 - stepped1),
    Tuple((1 + step * e) * (w1 + w2), (1 - step * e) * (w2 - w1)),
    says="A step multiplies the sum of the weights by 1 + he, and their difference by 1 - he.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "imbalance",
    stepped2**2 - stepped1**2,
    (w2**2 - w1**2) * (1 - step**2 * e**2),
    says="A step multiplies the imbalance by 1 - h²e²: what a flow keeps, steps wear down.",
    follows_from=["step.sums"],
)
chapter.claim(
    "imbalance_decayed",
    (stepped2 - step * gamma * w2) ** 2 - (stepped1 - step * gamma * w1) ** 2,
    (w2**2 - w1**2) * ((1 - step * gamma) ** 2 - step**2 * e**2),
    says="Under weight decay a step multiplies the imbalance by (1 - hγ)² - h²e².",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
first, second = W1 + step * W2.T * error, W2 + step * error * W1.T
chapter.claim(
    "layers",
    second.T * second - first * first.T,
    W2.T * W2 - W1 * W1.T + step**2 * (W1 * error.T * error * W1.T - W2.T * error * error.T * W2),
    says="A step changes the difference of the layers by terms of second order in its size only.",
    follows_from=["flow.w1", "flow.w2"],
)
size = sqrt(c0**2 + 4 * x**2)
chapter.claim(
    "travelled",
    travelled(x),
    half * lam * asinh(2 * x / c0) - pull / 4 * size,
    satisfies=[Equation(size * travelled(x).diff(x), lam - pull * x, "rate")],
    says="While the strength w moves at the rate e√(c₀² + 4w²)/τ, this grows at the rate e²/τ.",
    follows_from=["dae.product_rate", "dae.invariant"],
)
slopes = [diff(mode_loss, w) for w in (w1, w2)]
L1, L2 = (
    chapter.define(f"slope_{n}", rf"\mathsf{{g}}_{n}", slope, says=f"The slope of the loss in w{n}.")
    for n, slope in enumerate(slopes, start=1)
)
steepness, down = L1**2 + L2**2, {w1: -L1, w2: -L2}
chapter.claim(
    "modified",
    Tuple(*(half * rate_of(down[w], down) for w in (w1, w2))),
    Tuple(*(Derivative(steepness, w) / 4 for w in (w1, w2))),
    says="To second order in h, steps down L follow the flow of L + (h/4)|∇L|².",
    follows_from=["flow.mode_loss"],
    source="Barrett and Dherin (2021); Hairer, Lubich and Wanner (2006), chapter IX",
)
