"""What does noise on the inputs change in the learning of a mode? It ends at λ/(λ + ε), short of 1, and its imbalance
stays; the direct form gives its strength over time from any start.

The loss of a mode has two terms: signal that is lost, and noise that is kept. Noise stops a mode short of 1, at λ/(λ +
ε) (`dae.fixed_point`), and leaves its imbalance alone (`dae.invariant`). Three quantities tell where on its path a mode
is: the strength itself for balanced weights, the hyperbolic angle of the paper, and the squared sum of the weights,
which leads to one form for any weights.

From balanced weights the strength is a sigmoid (`dae.balanced`). From any others it is the direct form (`dae.direct`),
whose rate is ρ = √(4λ² + ξ²c²) with ξ = λ + ε and c the imbalance at the start (`dae.rho`). A root of a sum of squares,
ρ vanishes only where λ = 0 and ξc = 0: a mode without signal, and without imbalance or without noise. The direct form
is defined wherever ρ ≠ 0. The paper's form by the hyperbolic angle (`dae.theta_solution`) needs more, a signal and an
imbalance with the larger weight in the decoder; where both are defined they are the same function
(`dae.theta_is_direct`).
"""

from sympy import Integer, sinh

from modeflow import Chapter, gradient_flow

from . import hyperbola, kinds_of_noise
from .alphabet import a, alphabet, any_growth, any_pull, b, c0, eps, gamma, lam, tau, w1, w2
from .cases import MODE, Case
from .curvature import curvature, spectrum
from .titles import TITLES

titles = {
    **TITLES,
    "saddle": "Saddle at the origin",
    "theta_is_direct": "Angle and direct form agree",
    "commuting_flow": "Flow under any noise",
    "commuting_noise": "Noise that commutes with the data",
    "masking": "Modes under masking noise",
    "masking_loss": "Loss under masking noise",
    "masking_moments": "Moments of masking noise",
}
chapter = Chapter(
    "dae", "The denoising autoencoder", alphabet, source="pretorius2018, section 3.2", text=__doc__, titles=titles
)

pull = lam + eps
loss = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2
L = chapter.define("loss", r"L_{\varepsilon}", loss, says="The loss of a mode under noise.")
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

case = Case(chapter, {any_growth: lam, any_pull: pull, gamma: Integer(0)}, flow)
case.claim("invariant", says="The imbalance of the two layers never changes.", follows_from=MODE)
case.claim("product_rate", follows_from=MODE)
case.claim("fixed_point", says="The strength comes to rest at λ/(λ + ε): noise shrinks every mode.")
chapter.claim(
    "saddle",
    curvature(L, {w1: Integer(0), w2: Integer(0)}),
    spectrum(-lam, lam),
    says="The origin is a saddle: curvature -λ along (1, 1) and λ along (1, -1), whatever the noise.",
    follows_from=["flow.mode_loss"],
)

balanced = case.logistic(solution="balanced", time="balanced_learning_time", ends="λ/(λ + ε)")
xi = chapter.define(
    "xi", r"\xi", pull, says="The pull on a mode: the sum of its signal and the noise.", domain=[(">=", 0)]
)
named = case.with_pull(xi)
theta_solution = named.hyperbola()
weights, direct = named.direct()
part = named.part

chapter.claim(
    "theta_is_direct",
    c0 / 2 * sinh(theta_solution.rhs),
    direct.rhs.xreplace({a: hyperbola.on_hyperbola[w1], b: hyperbola.on_hyperbola[w2]}),
    says="Where the paper's form is defined, the direct form is the same function.",
    follows_from=["dae.theta_solution", "dae.direct", "dae.theta_substitution"],
    beside=[part("H"), part("H_more"), part("H_less")],
    source="not found in the literature we searched",
)
kinds_of_noise.state(chapter)
