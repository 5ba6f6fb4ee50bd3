"""Which is slower, noise or decay, where both shrink a mode alike? Decay: under the decay that leads to the same
strength every balanced learning time is longer, by the factor 1 + ε/λ.

For each λ one decay, γ = λε/(λ + ε), leads to the same strength as the noise ε (`cmp.equivalence`). Matched in this
way, decay is slower: its balanced curve is that of noise at w* = λ/(λ + ε) times the speed (`cmp.slowdown`), so that it
takes 1 + ε/λ times as long to reach any strength (`cmp.speedup`).

The reason is early growth, at the rate 2λ/τ under any noise and at 2(λ - γ)/τ under decay (`cmp.early_growth`). Nor
does noise cost step size at the balanced minimum, whose sharpness 2λ does not depend on it (`cmp.sharpness_dae`); decay
lowers it (`cmp.sharpness_wae`). What decay gains is the smaller norm, since it removes the imbalance that noise keeps
(`cmp.norm_dae` and `cmp.norm_wae`).
"""

from sympy import Derivative, Integer, Subs, Tuple, diff, sqrt

from modeflow import Chapter, Equation

from . import denoising, logistic, regularised, weight_decay
from .alphabet import a, alphabet, b, eps, gamma, kappa, lam, noise, signal, t, tau, u, w1, w2, x
from .curvature import curvature, spectrum
from .titles import TITLES

titles = {
    **TITLES,
    "equivalence": "Decay that matches the noise",
    "rate_is_sharpness": "Rate and sharpness",
    "norm_least": "Least norm",
    "speedup_sign": "Sign of the speedup",
}
chapter = Chapter(
    "cmp", "Noise against decay", alphabet, source="pretorius2018, section 4", text=__doc__, titles=titles
)
NEW = "not found in the literature we searched"

xi = denoising.xi
kept = lam / xi

chapter.claim(
    "equivalence",
    gamma,
    lam * eps / xi,
    satisfies=[Equation(1 - gamma / lam, kept, "strength")],
    says="The decay γ = λε/(λ + ε) leads to the strength to which the noise ε leads.",
    follows_from=["dae.fixed_point", "wae.fixed_point"],
)
matched = chapter.define("matched", r"\gamma_{\varepsilon}", lam * eps / xi, says="The decay that matches the noise.")
slow = logistic.path(lam - matched, lam)
chapter.claim(
    "slowdown",
    slow,
    logistic.path(lam, xi).xreplace({t: kept * t}),
    says="Matched decay follows the same balanced curve as noise, at λ/(λ + ε) times the speed.",
    follows_from=["cmp.equivalence", "dae.balanced", "wae.balanced"],
    source=NEW,
)
chapter.claim(
    "speedup",
    logistic.time_to(x, lam - matched, lam),
    (1 + eps / lam) * logistic.time_to(x, lam, xi),
    says="Every balanced learning time under matched decay is longer than under noise by the factor 1 + ε/λ.",
    follows_from=["dae.balanced_learning_time", "wae.learning_time"],
    source=NEW,
)
chapter.claim(
    "speedup_sign",
    1 + noise / signal,
    1,
    relation=">",
    says="That factor is above 1 wherever there is noise and signal.",
    follows_from=["cmp.speedup"],
    source=NEW,
)

# --- step sizes ------------------------------------------------------------------------------------------------

ones = {w1: Integer(1), w2: Integer(1)}
chapter.claim(
    "step_dae",
    curvature(denoising.L, ones),
    spectrum(2 * lam + 3 * eps, -eps),
    says="At w1 = w2 = 1 the larger curvature under noise is 2λ + 3ε, the inverse of the paper's step size.",
    follows_from=["reg.stability"],
)
chapter.claim(
    "step_wae",
    curvature(weight_decay.L, ones),
    spectrum(2 * lam + gamma, gamma),
    says="At w1 = w2 = 1 the larger curvature under decay is 2λ + γ, the inverse of the paper's step size.",
    follows_from=["reg.stability"],
)
rest_dae, rest_wae = sqrt(lam / xi), regularised.rest.xreplace({eps: Integer(0)})
kept_alive = {lam: gamma + kappa}
loss_wae = chapter.define(
    "loss", r"L_{\kappa}", weight_decay.L.xreplace(kept_alive), says="The loss of a mode under decay, with λ = γ + κ."
)
chapter.claim(
    "sharpness_dae",
    curvature(denoising.L, {w1: rest_dae, w2: rest_dae}),
    spectrum(2 * lam, Integer(0)),
    says="At the balanced minimum under noise the curvatures are 2λ and 0: noise costs no step size there.",
    follows_from=["reg.stability", "dae.fixed_point"],
    source=NEW,
)
chapter.claim(
    "sharpness_wae",
    curvature(loss_wae, {w1: rest_wae, w2: rest_wae}),
    spectrum(2 * kappa, 2 * gamma),
    says="At the minimum under decay, where λ = γ + κ, the curvatures are 2κ and 2γ: decay lowers the sharpness.",
    follows_from=["reg.stability_minimum"],
    source=NEW,
)
minimum = {w1: x, w2: lam / (xi * x)}
written_out = {w1: x, w2: lam / ((lam + eps) * x)}
hessian_trace = diff(denoising.loss, w1, 2) + diff(denoising.loss, w2, 2)
imbalance = w2**2 - w1**2
chapter.claim(
    "rate_is_sharpness",
    hessian_trace.subs(written_out),
    denoising.part("rho").xreplace({a: minimum[w1], b: minimum[w2]}),
    says="The rate ρ at which a mode comes to rest under noise is the sharpness of its minimum, w1 = x, w2 = λ/(ξx).",
    follows_from=["reg.stability_imbalanced", "dae.weights"],
    source=NEW,
)

# --- norms, early growth, weak modes -----------------------------------------------------------------------------

chapter.claim(
    "norm_dae",
    (w1**2 + w2**2).subs(minimum),
    sqrt(imbalance**2 + 4 * kept**2).subs(minimum),
    says="Under noise the imbalance c stays: weights that end at x and w*/x have the squared norm √(c² + 4w*²).",
    follows_from=["dae.invariant", "dae.fixed_point"],
    source=NEW,
)
chapter.claim(
    "norm_wae",
    (w1**2 + w2**2).xreplace({w1: rest_wae, w2: rest_wae}),
    2 * (1 - gamma / lam).xreplace(kept_alive),
    says="Under decay the imbalance fades, and the squared norm of the weights ends at 2w*.",
    follows_from=["wae.imbalance", "wae.fixed_point"],
    source=NEW,
)
chapter.claim(
    "norm_least",
    w1**2 + w2**2,
    2 * w1 * w2,
    relation=">=",
    says="No weights of strength w have a squared norm below 2w: under decay it ends at the least for its strength.",
)
chapter.claim(
    "early_growth",
    Tuple(*(tau * Subs(Derivative(logistic.velocity(*r), u), u, 0) for r in ((lam, xi), (lam - gamma, lam)))),
    Tuple(2 * lam, 2 * (lam - gamma)),
    says="A small strength grows at the rate 2λ/τ under any noise, at 2(λ - γ)/τ under decay.",
    follows_from=["dae.balanced_rate", "wae.balanced_rate"],
    source=NEW,
)
chapter.claim(
    "low_variance",
    Derivative(kept, lam),
    eps / xi**2,
    says="Under noise the strength at rest, λ/(λ + ε), rises with λ at the rate ε/(λ + ε)²: stronger modes keep more.",
    follows_from=["dae.fixed_point"],
)
chapter.claim(
    "low_variance_dae",
    signal / (signal + eps),
    0,
    relation=">",
    says="Under noise every mode with λ > 0 keeps a strength above 0, however large the noise is.",
    follows_from=["dae.fixed_point"],
)
chapter.claim(
    "low_variance_wae",
    -(1 - (lam + kappa) / lam),
    0,
    relation=">=",
    says="Under a decay γ = λ + κ the fixed point 1 - γ/λ is not above 0: a mode with λ ≤ γ keeps no strength.",
    follows_from=["wae.fixed_point", "wae.threshold"],
)
chapter.claim(
    "effective_dimension",
    Derivative(kept, eps),
    -kept / xi,
    says="What a mode adds to the effective dimension Σ λ/(λ + ε) falls with the noise at the rate w*/(λ + ε).",
    follows_from=["dae.fixed_point"],
)
