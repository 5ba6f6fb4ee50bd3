"""How does the strength depend on its parameters? Its partial derivatives have closed forms; under decay and from
unbalanced weights they are integrals along the path.

A fit needs the slope of a curve in each parameter, and slopes cancel more easily than values: at a fixed point without
noise, more signal and a stronger pull undo each other exactly. The forms computed here have such pairs already
subtracted on paper. Each is proved to be the derivative of the closed form it belongs to. The direct form is a quarter
of p₀²𝒩/𝒟 - q₀²𝒟/𝒩, and it is that which is differentiated. A slope of balanced weights solves the variational equation:
the logistic equation, differentiated. For weights of different size under decay the derivatives are integrals along the
path. A hat marks what a parameter ι moves. These forms were not found in the literature we searched.
"""

from sympy import Derivative, Expr, S, Symbol, Tuple

from modeflow import Chapter, Equation, rate_of
from modeflow.language.closed_forms import Naming, as_it_is
from modeflow.language.kernels import Branch, Kernel

from . import denoising, evaluation, fading_gradients, gradient_kernels
from .alphabet import a, b, eps, gamma, lam, t, tau
from .balanced_kernels import s, sigma
from .evaluation import balanced_cases, balanced_velocity, fix
from .gradient_kernels import BALANCED_NAMES, DIRECT_NAMES
from .letters import grown, now, one, shrunk, slopes, stretched, two, zeta
from .letters import of_derivatives as letters
from .titles import BALANCED as BALANCED_CASES
from .titles import of_cases

DIRECT, BALANCED = gradient_kernels.direct_gradient(), gradient_kernels.balanced_gradient()
KERNELS: tuple[Kernel, ...] = (DIRECT, BALANCED)

in_rates = {"lam": "Slope in λ", "eps": "Slope in ε"}
in_time = {"s": "Slope in time"}
at_start = {"a": "Slope in the starting encoder weight", "b": "Slope in the starting decoder weight"}
balanced = {"gamma": "Slope in γ", "product": "Slope in the starting strength"}
titles = {
    **of_cases("direct", in_time, ("moving",)),
    **of_cases("direct", in_rates, ("moving", "resting")),
    **of_cases("direct", at_start, ("rising", "crossing")),
    **of_cases("balanced", in_time | in_rates | balanced, BALANCED_CASES),
    "curve": "Strength by its two factors",
    "chain": "Chain rule for the strength",
    "direct_rest": "Strength at rest",
    "weights": "Slopes of the weights",
    "loss": "Slope of the loss",
    "balanced_loss": "Slope of the loss under decay",
    "fading_pace": "Rate under noise and decay",
    "fading_norm": "Squared norm of the weights",
    "fading_variation": "Variation of the rate",
    "fading_kernel": "Solution of the variational equation",
    "fading_sources": "Forcings",
    "fading_start": "Slopes at the start",
    "fading_rise": "Net growth by an integral",
    "fading_velocity": "Rate by an integral",
    "fading_share": "Net growth from signal and noise",
}
chapter = Chapter(
    "grad", "Derivatives", letters, source="not found in the literature we searched", text=__doc__, titles=titles
)

xi, p0, q0 = evaluation.known[lam + eps], denoising.part("p0"), denoising.part("q0")
N, D = denoising.part("N"), denoising.part("D")


def curve(p: Expr, q: Expr, ratio: Expr) -> Expr:
    """The strength, a quarter of the squared sum of the weights less their squared difference."""
    return (p**2 * ratio - q**2 / ratio) / 4


def outputs(kernel: Kernel, branch: Branch, fixed: dict[Symbol, Expr], naming: Naming) -> dict[str, Expr]:
    """The formulas of a branch in names; the time is t/τ in them."""
    return kernel.written(branch, {s: t / tau} | evaluation.values(fixed), naming)


def slope_in(x: Symbol) -> Expr:
    """The derivative of the direct form in one of its parameters or in the time, by grad.chain."""
    stretching = Derivative(N, x) / N - Derivative(D, x) / D
    return (p0 * N / D * p0.diff(x) - q0 * D / N * q0.diff(x)) / 2 + norm / 2 * stretching


chapter.claim(
    "curve",
    denoising.direct.rhs,
    curve(p0, q0, N / D),
    says="The strength is a quarter of p² as stretched less q² as shrunk.",
    follows_from=["dae.direct", "dae.squared_sum_ratio"],
)
chapter.claim(
    "chain",
    Derivative(curve(grown, shrunk, stretched), zeta),
    (grown * stretched * grown.diff(zeta) - shrunk / stretched * shrunk.diff(zeta)) / 2
    + (grown**2 * stretched + shrunk**2 / stretched) * (stretched.diff(zeta) / stretched) / 4,
    says="The slope of the strength in a parameter ι follows from those of the sum, the difference and the stretching.",
    follows_from=["grad.curve"],
)
norm = chapter.define(
    "h_t", "h_t", (p0**2 * N / D + q0**2 * D / N) / 2, says="The squared norm of the weights over time."
)
domains = gradient_kernels.domains(denoising.part("rho"))
computed: dict[str, dict[str, Expr]] = {}
for branch in DIRECT.branches():
    facts = {str(condition): truth for condition, truth in branch.conditions}
    if not facts["rho > 0"]:
        resting = outputs(DIRECT, branch, {lam: S.Zero, eps: S.Zero}, as_it_is)
        continue
    case = "crossing" if facts["a < 0"] else "rising"
    computed[case] = outputs(DIRECT, branch, {}, evaluation.direct_names[case].besides(chapter, DIRECT_NAMES, domains))
moved = {
    "s": (t, tau, "in the time t/τ"),
    "lam": (lam, S.One, "in λ"),
    "eps": (eps, S.One, "in ε"),
    "a": (a, S.One, "in the weight a at the start"),
    "b": (b, S.One, "in the weight b at the start"),
}
cases = [(name, "moving", "") for name in ("s", "lam", "eps")]
cases += [
    (name, case, words) for name in "ab" for case, words in (("rising", " where a ≥ 0"), ("crossing", " where a < 0"))
]
for name, case, words in cases:
    symbol, factor, what = moved[name]
    chapter.claim(
        f"direct_{name}_{case}",
        factor * slope_in(symbol),
        computed.get(case, computed["rising"])[f"by_{name}"],
        says=f"The computed slope {what}{words} is the derivative of the direct form.",
        follows_from=["grad.chain"],
    )

# Without signal and noise the direct form is 0/0, and its slopes solve the variational equations of the mode at rest.
velocity = (a**2 + b**2) * (lam - (lam + eps) * a * b)
for name, symbol, called, grows in (
    ("lam", lam, "λ", "(1 - ab)(a² + b²)t/τ"),
    ("eps", eps, "ε", "-ab(a² + b²)t/τ"),
):
    chapter.claim(
        f"direct_{name}_resting",
        slopes[name],
        resting[f"by_{name}"],
        satisfies=[
            Equation(tau * slopes[name].diff(t), velocity.diff(symbol), "variational equation"),
            Equation(slopes[name].subs(t, 0), 0, "start"),
        ],
        says=f"Where λ = ε = 0 the computed slope in {called} solves the variational equation: it is {grows}.",
        follows_from=["dae.product_rate"],
    )
chapter.claim(
    "direct_rest",
    Tuple(tau * rate_of(a * b, {}), Derivative(a * b, a), Derivative(a * b, b)),
    Tuple(*(resting[name] for name in ("by_s", "by_a", "by_b"))),
    says="Where λ = ε = 0 the strength stays at ab: its slope is 0 in the time, b in a, and a in b.",
    follows_from=["eval.direct_strength_resting"],
)


def vary(name: str, case: str, words: str, slope: Expr, by: Expr | None, fixed: dict[Symbol, Expr]) -> None:
    """Claim that a slope of balanced weights solves the variational equation along their path."""
    w, unknown = evaluation.strengths[case], slopes[name]
    pace = 2 * strength * (sigma * (lam - (lam + eps) * strength) - gamma)
    forcing = fix(pace.diff(by), fixed).xreplace({strength: w}) if by is not None else S.Zero
    stiffness = balanced_velocity(strength, fixed).diff(strength).xreplace({strength: w})
    chapter.claim(
        f"balanced_{name}_{case}",
        unknown,
        slope,
        satisfies=[
            Equation(tau * unknown.diff(t), stiffness * unknown + forcing, "variational equation"),
            Equation(unknown.subs(t, 0), 1 if by is None else 0, "start"),
        ],
        says=f"The computed slope in {words} solves the variational equation.",
        follows_from=[f"eval.balanced_strength_{case}"],
    )


strength = Symbol("w", real=True)
PARAMETERS = {
    "lam": (lam, "λ"),
    "eps": (eps, "ε"),
    "gamma": (gamma, "γ"),
    "product": (None, "the strength at the start"),
}
seen: set[str] = set()
for branch in BALANCED.branches():
    facts = {str(condition): truth for condition, truth in branch.conditions}
    for case, words, fixed in balanced_cases(facts):
        if case in seen or facts["sigma > 0"] != (fixed[sigma] == 1):
            continue
        seen.add(case)
        naming = evaluation.balanced_names[case].besides(chapter, BALANCED_NAMES.get(case, {}))
        found = outputs(BALANCED, branch, fixed, naming)
        chapter.claim(
            f"balanced_s_{case}",
            tau * Derivative(evaluation.strengths[case], t),
            found["by_s"],
            says=f"The computed slope in the time t/τ {words} is the rate of the strength.",
            follows_from=[f"eval.balanced_strength_{case}"],
        )
        for name, (letter, called) in PARAMETERS.items():
            vary(name, case, f"{called} {words}", found[f"by_{name}"], letter, fixed)

# From the strength to the weights and the loss, whatever it is that varies.
by_product, by_half = Derivative(one * two, zeta), Derivative(two**2 - one**2, zeta) / 2
chapter.claim(
    "weights",
    Tuple((one**2 + two**2) * one.diff(zeta), (one**2 + two**2) * two.diff(zeta)),
    Tuple(two * by_product - one * by_half, one * by_product + two * by_half),
    says="The slopes of both weights, from those of the strength and of the imbalance.",
    follows_from=["dae.product_rate"],
)
lost = lam * (1 - now) ** 2 / 2 + eps * now**2 / 2
chapter.claim(
    "loss",
    Derivative(lost, zeta),
    -(lam - xi * now) * now.diff(zeta),
    says="The slope of the loss in a parameter that it does not contain itself, without decay.",
    follows_from=["dae.product_rate"],
)
chapter.claim(
    "balanced_loss",
    Tuple(*(Derivative(lost + sign * gamma * now, zeta) for sign in (1, -1))),
    Tuple(*(-(lam - sign * gamma - xi * now) * now.diff(zeta) for sign in (1, -1))),
    says="The slope of the loss under decay, for weights of one size, whose squares add up to 2w or -2w.",
    follows_from=["wae.balanced"],
)

# Weights of different size under decay.
fading_gradients.state(chapter, xi, denoising.part("c_ab"))
