"""How does a mode learn under noise and decay at once? It grows at λ - γ and is pulled back by ξ = λ + ε. Where λ is
above γ, it rests at the strength (λ - γ)/(λ + ε).

The strength over time is that of weight decay, with ξ for the pull (`reg.balanced` and `reg.weights`). What is known of
noise alone or decay alone is a special case: without noise the solutions are those of weight decay (`reg.to_wae`), and
as the decay goes to 0 they go to those of the denoising autoencoder (`reg.to_dae`). The chapter ends with the curvature
of the loss at balanced weights and at the minimum (`reg.stability` and `reg.stability_minimum`).
"""

from sympy import Integer, Tuple, sqrt

from modeflow import Chapter, gradient_flow

from . import denoising, limits, weight_decay
from .alphabet import alphabet, any_growth, any_pull, eps, gamma, kappa, lam, tau, u, w1, w2, x
from .cases import MODE, Case
from .curvature import curvature, hessian, spectrum
from .flow import L, velocities
from .titles import TITLES

titles = {
    **TITLES,
    "difference": "Difference that decay makes",
    "forcing_start": "Forcing at the start",
    "forcing_rate": "Rate of the forcing",
    "forcing": "Bound on the forcing",
    "lag": "Lag that decay causes",
    "to_dae": "Limit without decay",
    "to_dae_sign": "Sign of the forcings",
    "to_wae": "Limit without noise",
    "stability": "Curvature at balanced weights",
    "stability_minimum": "Curvature at the minimum",
    "stability_imbalanced": "Curvature at an unbalanced minimum",
    "stability_sign": "Sign of the curvature",
}
chapter = Chapter(
    "reg", "Noise and decay together", alphabet, source="pretorius2018, section 4", text=__doc__, titles=titles
)

xi = denoising.xi
TILDE = r"\tilde"  # over what weight decay alone has too, without noise
loss = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2 + gamma / 2 * (w1**2 + w2**2)
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

case = Case(chapter, {any_growth: lam, any_pull: lam + eps}, flow, before=weight_decay.chapter, mark=TILDE)
named = case.with_pull(xi)
named.claim("product_rate", follows_from=MODE)
named.claim("fixed_point", says="The strength comes to rest at (λ - γ)/(λ + ε), for γ < λ.")
named.under(lam + kappa).claim(
    "threshold",
    says="With γ = λ + κ the squared norm falls at a rate that is a sum of squares, with or without noise.",
    follows_from=MODE,
)
balanced = case.logistic(solution="balanced", time="learning_time", ends="(λ - γ)/(λ + ε), or at 0 for γ > λ")
form, solution, weights = named.fading(("λ", "ξ"))

chapter.claim(
    "flow_without_decay",
    Tuple(velocities[w1], velocities[w2]).xreplace({gamma: Integer(0)}),
    Tuple(denoising.flow[w1], denoising.flow[w2]),
    says="Without decay the flow is that of the denoising autoencoder.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
limits.without_decay(chapter, form, solution, denoising.chapter.claims["dae.riccati_solution"], TILDE)
curve = chapter.define("curve", r"w_{\varepsilon\gamma}", balanced.rhs, says="The balanced strength at the time t.")
chapter.claim(
    "to_wae",
    Tuple(solution.rhs, curve).xreplace({eps: Integer(0)}),
    Tuple(weight_decay.solution.rhs, weight_decay.balanced.rhs),
    beside=[*weight_decay.solution.beside, *weight_decay.balanced.beside],
    says="Without noise the solutions are those of weight decay.",
    follows_from=["reg.solution", "reg.balanced", "wae.solution", "wae.balanced"],
)

# --- stability -----------------------------------------------------------------------------------------------

chapter.claim(
    "stability",
    curvature(L, {w1: sqrt(u), w2: sqrt(u)}),
    spectrum(3 * xi * u - lam + gamma, lam + gamma - xi * u),
    says="At balanced weights of strength u the curvature is 3ξu - λ + γ along (1, 1) and λ + γ - ξu along (1, -1).",
    follows_from=["flow.mode_loss"],
    source="not found in the literature we searched",
)
rest = chapter.define(
    "rest", r"w_{\kappa}", sqrt(kappa / (gamma + kappa + eps)), says="Each weight at the minimum, with λ = γ + κ."
)
chapter.claim(
    "stability_minimum",
    curvature(L.xreplace({lam: gamma + kappa}), {w1: rest, w2: rest}),
    spectrum(2 * kappa, 2 * gamma),
    says="With λ = γ + κ the curvatures at the minimum are 2κ and 2γ, neither of them negative.",
    follows_from=["reg.stability", "reg.fixed_point"],
    source="not found in the literature we searched",
)
minimum = {w1: x, w2: lam / ((lam + eps) * x)}
(aa, ab), (ba, bb) = hessian(denoising.loss, minimum)
chapter.claim(
    "stability_imbalanced",
    Tuple(aa * bb - ab * ba, (aa + bb) ** 2),
    Tuple(0, (4 * lam**2 + (lam + eps) ** 2 * (w2**2 - w1**2) ** 2).subs(minimum)),
    says="At a minimum without decay, w1 = x and w2 = λ/(ξx), of imbalance c, the curvatures are 0 and √(4λ² + ξ²c²).",
    follows_from=["flow.mode_loss", "dae.fixed_point"],
    source="not found in the literature we searched",
)
chapter.claim(
    "stability_sign",
    aa + bb,
    0,
    relation=">=",
    says="The sum of these two curvatures is not negative, so that the second one is the positive root.",
    follows_from=["reg.stability_imbalanced"],
    source="not found in the literature we searched",
)
