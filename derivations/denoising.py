"""The linear denoising autoencoder, one mode at a time.

Two prices pull on a mode: signal that is lost, noise that is kept. Noise stops a mode short of 1, at λ/(λ + ε), and
leaves its imbalance alone. Three quantities tell where on its path a mode is: the strength itself for balanced
weights, the hyperbolic angle of the paper, and the squared sum of the weights, which leads to one form for any weights.
"""

from sympy import Integer, Tuple, sinh

from modeflow import Chapter, Equation, gradient_flow, rate_of

from . import direct as direct_form
from . import hyperbola, kinds_of_noise, logistic
from .alphabet import a, alphabet, b, c0, eps, lam, tau, w1, w2, w_star
from .curvature import along_diagonals

chapter = Chapter("dae", "The denoising autoencoder", alphabet, source="pretorius2018, section 3.2", text=__doc__)

pull = lam + eps
loss = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2
L = chapter.define("loss", r"L_{\varepsilon}", loss, says="The loss of a mode under noise.")
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

chapter.claim(
    "invariant",
    rate_of(w2**2 - w1**2, flow),
    0,
    says="The imbalance of the two layers never changes.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "product_rate",
    tau * rate_of(w1 * w2, flow),
    (w1**2 + w2**2) * (lam - pull * w1 * w2),
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "fixed_point",
    w_star,
    lam / pull,
    satisfies=[Equation(lam - pull * w_star, 0, "rest")],
    says="The strength comes to rest at λ/(λ + ε): noise shrinks every mode.",
    follows_from=["dae.product_rate"],
)
chapter.claim(
    "saddle",
    along_diagonals(L, {w1: Integer(0), w2: Integer(0)}),
    Tuple(-lam, -lam, lam, -lam),
    says="The origin is a saddle: curvature -λ along (1, 1) and λ along (1, -1), whatever the noise.",
    follows_from=["flow.mode_loss"],
)

balanced = logistic.state(
    chapter, flow, lam, pull, solution="balanced", time="balanced_learning_time", ends="λ/(λ + ε)"
)
xi = chapter.define("xi", r"\xi", pull, says="What holds a mode back: its signal and the noise.", domain=[(">=", 0)])
theta_solution = hyperbola.state(chapter, lam, xi, conserved="dae.invariant")
H, H_more, H_less = (chapter.definitions[f"dae.{name}"].applied for name in ("H", "H_more", "H_less"))
form = direct_form.form_of(chapter, lam, xi)
weights, direct = direct_form.state(chapter, flow, form, conserved="dae.invariant", time="learning_time")

chapter.claim(
    "theta_is_direct",
    c0 / 2 * sinh(theta_solution.rhs),
    direct.rhs.xreplace({a: hyperbola.on_hyperbola[w1], b: hyperbola.on_hyperbola[w2]}),
    says="Where the paper's form is defined, the direct form is the same function.",
    follows_from=["dae.theta_solution", "dae.direct", "dae.theta_substitution"],
    beside=[H, H_more, H_less],
    source="not found in the literature we searched",
)
kinds_of_noise.state(chapter)
