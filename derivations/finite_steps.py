"""What do finite steps change? The flow keeps the imbalance of the layers, and steps wear it down. The flow descends
the loss L, and steps descend L with a part of its squared gradient added.

A step of size h moves the weights w1 and w2 of a mode by h·e·w2 and h·e·w1. Here e = λ - ξw is the error of the mode,
with ξ = λ + ε, and w = w1 w2 is its strength. So the step multiplies the sum of the weights by 1 + h·e and their
difference by 1 - h·e (`step.sums`), and the product of both, the imbalance w2² - w1², by 1 - h²e² (`step.imbalance`).
With weight decay γ the factor is (1 - hγ)² - h²e² (`step.imbalance_decayed`). In matrices the difference
W2ᵀ W2 - W1 W1ᵀ of the layers changes by h² times a difference of two squares, whatever the error is (`step.layers`).

What does a minibatch add? Its eigenvalue is not λ but λ + ζ̆, where ζ̆ has mean 0 over all minibatches. Its error is
e + (1 - w)ζ̆. What a step makes of imbalance and strength is of second degree in ζ̆, so that the means over all
minibatches need the variance of ζ̆ only. With V for it, a step takes h²(1 - w)²V more of the imbalance on average
(`step.minibatch`), and adds h²(1 - w)²V·w more to the strength (`step.minibatch_strength`). Where w = 1 a minibatch
adds nothing.

How much of the imbalance is lost in a run? Its logarithm falls by h times the integral of e² over the time t/τ of the
flow, up to terms of order h². That integral is known: it is 𝒜(w) at the end less 𝒜(w) at the start, where
𝒜(x) = ½ λ arsinh(2x/c₀) - ¼ ξ √(c₀² + 4x²), and c₀ is the imbalance at the start (`step.travelled`).

The path of the flow is curved, and a step is straight. In the time h the curve turns away from the step by h²/2 times
the second derivative of the weights in time. Along the flow of L, half of that derivative is the slope of |∇L|²/4. So
steps down L follow, to second order in h, the flow of L + (h/4)|∇L|² (`step.modified`).
"""

from sympy import Derivative, Rational, Tuple, asinh, diff, sqrt

from modeflow import Chapter, Equation, rate_of

from .alphabet import W1, W2, c0, eps, gamma, lam, w1, w2, x
from .flow import mode_loss
from .letters import error, excess, step, travelled
from .letters import of_steps as letters

titles = {
    "sums": "Sum and difference of the weights",
    "imbalance": "Imbalance after a step",
    "imbalance_decayed": "Imbalance after a step with decay",
    "minibatch": "Imbalance after a minibatch",
    "minibatch_strength": "Strength after a minibatch",
    "layers": "Difference of the layers",
    "travelled": "Squared error on the way",
    "modified": "Modified loss",
}
chapter = Chapter(
    "step", "Finite steps", letters, source="not found in the literature we searched", text=__doc__, titles=titles
)

half = Rational(1, 2)
pull = lam + eps
e = chapter.define("e", r"\mathsf{e}", lam - pull * w1 * w2, says="The error of a mode, which moves both its weights.")
stepped1, stepped2 = w1 + step * w2 * e, w2 + step * w1 * e
chapter.claim(
    "sums",
    Tuple(stepped2 + stepped1, stepped2 - stepped1),
    Tuple((1 + step * e) * (w1 + w2), (1 - step * e) * (w2 - w1)),
    says="A step multiplies the sum of the weights by 1 + h·e, and their difference by 1 - h·e.",
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
rest = chapter.define("rest", r"\breve{r}", 1 - w1 * w2, says="What a mode lacks of the strength 1.")
of_batch = chapter.define("e_batch", r"\breve{e}", e + rest * excess, says="The error of a mode on a minibatch.")
batch1, batch2 = w1 + step * w2 * of_batch, w2 + step * w1 * of_batch
squares = w1**2 + w2**2
even = chapter.define(
    "even",
    r"\breve{s}",
    w1 * w2 * (1 + step**2 * (e**2 + rest**2 * excess**2)) + step * e * squares,
    says="The part of the strength after a step on a minibatch that is even in ζ̆.",
)
chapter.claim(
    "minibatch",
    batch2**2 - batch1**2,
    (w2**2 - w1**2) * (1 - step**2 * e**2 - 2 * step**2 * e * rest * excess - step**2 * rest**2 * excess**2),
    says="The imbalance after a step on a minibatch of eigenvalue λ + ζ̆, by powers of ζ̆.",
    follows_from=["step.imbalance"],
)
chapter.claim(
    "minibatch_strength",
    batch1 * batch2,
    even + step * (squares + 2 * step * e * w1 * w2) * rest * excess,
    says="The strength after a step on a minibatch of eigenvalue λ + ζ̆: an even part, and one with the factor ζ̆.",
    follows_from=["step.sums"],
)
first, second = W1 + step * W2.T * error, W2 + step * error * W1.T
chapter.claim(
    "layers",
    second.T * second - first * first.T,
    W2.T * W2 - W1 * W1.T + step**2 * (W1 * error.T * error * W1.T - W2.T * error * error.T * W2),
    says="A step changes the difference of the layers by terms with the square of its size only.",
    follows_from=["flow.w1", "flow.w2"],
)
size = sqrt(c0**2 + 4 * x**2)
chapter.claim(
    "travelled",
    travelled(x),
    half * lam * asinh(2 * x / c0) - pull / 4 * size,
    satisfies=[Equation(size * travelled(x).diff(x), lam - pull * x, "rate")],
    says="While a strength x moves at the rate (λ - ξx)√(c₀² + 4x²)/τ, 𝒜 grows at the rate (λ - ξx)²/τ.",
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
    says="Half the second derivative of a weight in time, along the flow of L, is the slope of |∇L|²/4.",
    follows_from=["flow.mode_loss"],
    source="Barrett and Dherin (2021); Hairer, Lubich and Wanner (2006), chapter IX",
)
