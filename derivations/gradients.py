"""How the strength depends on its parameters: its partial derivatives, in closed form.

A fit needs the slope of a curve in each parameter, and slopes cancel more easily than values: at a fixed point without
noise, more signal and a stronger pull undo each other exactly. The forms computed here have such pairs already
subtracted on paper. Each is proved to be the derivative of the closed form it belongs to. With p = w1 + w2, q = w2 - w1
and R = N/D of the direct form, the strength is (p²R - q²/R)/4; it is that which is differentiated. For weights of
different size under decay the derivatives are integrals along the path. These forms were not found in the literature we
searched.
"""

from sympy import Expr, S, Symbol, Tuple

from modeflow import Alphabet, Chapter, Equation
from modeflow.language.kernels import Kernel

from . import denoising, evaluation, fading_gradients, gradient_kernels
from .alphabet import a, alphabet, b, eps, gamma, lam, strength, t, tau, x
from .balanced_kernels import s, sigma
from .evaluation import balanced_cases, fix

DIRECT, BALANCED = gradient_kernels.direct_gradient(), gradient_kernels.balanced_gradient()
KERNELS: tuple[Kernel, ...] = (DIRECT, BALANCED)

letters = Alphabet(dict(alphabet.quantities))
letters.scalar("r", "r", "size of both weights at the start", positive=True)

chapter = Chapter("grad", "Derivatives", letters, source="not found in the literature we searched", text=__doc__)

xi = lam + eps
p, q = a + b, b - a
N, D = denoising.form.numerator, denoising.form.denominator
grown = letters.function("p_t", "p", "sum of the two weights, as a parameter varies", real=True)
shrunk = letters.function("q_t", "q", "difference of the two weights, as a parameter varies", real=True)
stretched = letters.function("R_t", "R", "squared stretching of the sum, as a parameter varies", positive=True)


def curve(p: Expr, q: Expr, ratio: Expr) -> Expr:
    """The strength, a quarter of the squared sum of the weights less their squared difference."""
    return (p**2 * ratio - q**2 / ratio) / 4


def slope(p: Expr, q: Expr, ratio: Expr, rates: tuple[Expr, Expr, Expr]) -> Expr:
    """Its derivative where p, q and the logarithm of the ratio have these."""
    by_p, by_q, by_log = rates
    return (p * ratio * by_p - q / ratio * by_q) / 2 + (p**2 * ratio + q**2 / ratio) * by_log / 4


def slope_in(x: Symbol) -> Expr:
    """The derivative of the direct form in one of its parameters or in the time."""
    return slope(p, q, N / D, (p.diff(x), q.diff(x), N.diff(x) / N - D.diff(x) / D))


def outputs(kernel: Kernel, **wanted: bool) -> dict[str, Expr]:
    """The formulas of the branch whose conditions, by name, are decided as wanted; the time is t/τ in them."""
    names = {"moving": "rho > 0", "crossing": "a < 0"}
    for branch in kernel.branches():
        facts = {str(condition): truth for condition, truth in branch.conditions}
        if all(facts.get(names[n], truth) == truth for n, truth in wanted.items()):
            return {name: value.xreplace({s: t / tau}) for name, value in branch.outputs}
    raise ValueError(f"{kernel.name} has no branch with {wanted}")


chapter.claim(
    "curve",
    denoising.direct.rhs,
    curve(p, q, N / D),
    says="The strength through the stretching of p and the shrinking of q.",
    follows_from=["dae.direct", "dae.squared_sum_ratio"],
)
moving = grown(x), shrunk(x), stretched(x)
chapter.claim(
    "chain",
    curve(*moving).diff(x),
    slope(*moving, (grown(x).diff(x), shrunk(x).diff(x), stretched(x).diff(x) / stretched(x))),
    says="Its slope in any parameter x, from the slopes of p, q and ln R.",
    follows_from=["grad.curve"],
)
moved = {
    "s": (t, tau, "in the time t/τ"),
    "lam": (lam, S.One, "in λ"),
    "eps": (eps, S.One, "in ε"),
    "a": (a, S.One, "in the weight a at the start"),
    "b": (b, S.One, "in the weight b at the start"),
}
cases = [(name, "moving", "") for name in ("s", "lam", "eps")]
cases += [(name, case, words) for name in "ab" for case, words in (("rising", ", a ≥ 0,"), ("crossing", ", a < 0,"))]
for name, case, words in cases:
    symbol, factor, what = moved[name]
    chapter.claim(
        f"direct_{name}_{case}",
        factor * slope_in(symbol),
        outputs(DIRECT, moving=True, crossing=case == "crossing")[f"by_{name}"],
        says=f"The computed slope {what}{words} is the derivative of the direct form.",
        follows_from=["grad.chain"],
    )

# Without signal and noise the direct form is 0/0, and its slopes solve the variational equations of the mode at rest.
resting = {lam: S.Zero, eps: S.Zero}
computed = outputs(DIRECT, moving=False)
velocity = (a**2 + b**2) * (lam - xi * a * b)
for name, symbol, called in (("lam", lam, "λ"), ("eps", eps, "ε")):
    chapter.claim(
        f"direct_{name}_resting",
        strength(t),
        computed[f"by_{name}"].xreplace(resting),
        satisfies=[
            Equation(tau * strength(t).diff(t), velocity.diff(symbol), "variational equation"),
            Equation(strength(0), 0, "start"),
        ],
        says=f"The computed slope in {called} of a mode without signal and noise.",
        follows_from=["dae.product_rate"],
    )
chapter.claim(
    "direct_rest",
    Tuple(*(computed[name].xreplace(resting) for name in ("by_s", "by_a", "by_b"))),
    Tuple(0, b, a),
    says="Such a mode rests at ab: it has no slope in the time.",
    follows_from=["eval.direct_strength_resting"],
)


def vary(name: str, words: str, slope_now: Expr, by_parameter: Expr, now: Expr, fixed: dict[Symbol, Expr]) -> None:
    """Claim that a slope of balanced weights solves the variational equation along their path."""
    w = Symbol("w", real=True)
    pace = 2 * w * (sigma * (lam - xi * w) - gamma)
    forcing = fix(pace.diff(by_parameter) if by_parameter else S.Zero, fixed).xreplace({w: now})
    chapter.claim(
        f"balanced_{name}",
        strength(t),
        slope_now,
        satisfies=[
            Equation(
                tau * strength(t).diff(t),
                fix(pace.diff(w), fixed).xreplace({w: now}) * strength(t) + forcing,
                "variational equation",
            ),
            Equation(strength(0), 0 if by_parameter else 1, "start"),
        ],
        says=f"The computed slope in {words} solves the variational equation.",
        follows_from=[f"eval.balanced_strength_{name.partition('_')[2]}"],
    )


LETTERS = {"lam": (lam, "λ"), "eps": (eps, "ε"), "gamma": (gamma, "γ"), "product": (None, "the strength at the start")}
seen: set[str] = set()
for branch in BALANCED.branches():
    facts = {str(condition): truth for condition, truth in branch.conditions}
    for case, words, fixed in balanced_cases(facts):
        if case in seen or facts["sigma > 0"] != (fixed[sigma] == 1):
            continue
        seen.add(case)
        found = {key: fix(value.xreplace({s: t / tau}), fixed) for key, value in branch.outputs}
        w = evaluation.strengths[case]
        chapter.claim(
            f"balanced_s_{case}",
            found["by_s"],
            evaluation.balanced_velocity(w, fixed),
            says=f"The computed slope in the time t/τ {words} is the velocity.",
            follows_from=[f"eval.balanced_strength_{case}"],
        )
        for name, (letter, called) in LETTERS.items():
            vary(f"{name}_{case}", f"{called} {words}", found[f"by_{name}"], letter, w, fixed)

# From the strength to the weights and the loss, whatever it is that varies.
one = letters.function("w1_x", "w_1", "encoder weight, as a parameter varies", real=True)(x)
two = letters.function("w2_x", "w_2", "decoder weight, as a parameter varies", real=True)(x)
varied, half = (one * two).diff(x), (two**2 - one**2).diff(x) / 2
chapter.claim(
    "weights",
    Tuple((one**2 + two**2) * one.diff(x), (one**2 + two**2) * two.diff(x)),
    Tuple(two * varied - one * half, one * varied + two * half),
    says="The slopes of both weights, from those of the strength and of the imbalance.",
    follows_from=["dae.product_rate"],
)
now = letters.function("w_x", "w", "strength, as a parameter varies", real=True)(x)
chapter.claim(
    "loss",
    (lam * (1 - now) ** 2 / 2 + eps * now**2 / 2).diff(x),
    -(lam - xi * now) * now.diff(x),
    says="The slope of the loss in a parameter that it does not contain itself, without decay.",
    follows_from=["dae.product_rate"],
)
chapter.claim(
    "balanced_loss",
    Tuple(*((lam * (1 - now) ** 2 / 2 + eps * now**2 / 2 + sign * gamma * now).diff(x) for sign in (1, -1))),
    Tuple(*(-(lam - sign * gamma - xi * now) * now.diff(x) for sign in (1, -1))),
    says="The same under decay for weights of one size, whose squares sum to 2w or, of opposite signs, to -2w.",
    follows_from=["wae.balanced"],
)

# Weights of different size under decay.
fading_gradients.state(chapter, letters)
