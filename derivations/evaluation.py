"""How are the closed forms computed so that floating point loses nothing? By forms in which no two terms cancel, each
proved equal to what it computes.

One rule makes them all. A product or a quotient is always accurate; a sum is when its terms have one sign; and a
difference of two inputs loses only what the inputs themselves leave open. So every form is built from products,
quotients, sums of terms of one sign and differences of inputs. Exponents are never positive, and 1 - exp(-x) is
computed by `expm1`. Here each is proved equal to the closed form it computes, or to solve the same equation, in every
case that it distinguishes. These forms were not found in the literature we searched.
"""

from collections.abc import Iterator
from typing import Any

from sympy import Expr, Integer, Ne, Piecewise, S, Symbol, Tuple, exp, sqrt

from modeflow import Chapter, Equation, gradient_flow
from modeflow.language.closed_forms import as_it_is
from modeflow.language.kernels import Kernel

from . import balanced_kernels, denoising, direct_kernels
from .alphabet import (
    a,
    b,
    decoder,
    encoder,
    eps,
    gamma,
    kappa,
    lam,
    learning_time,
    strength,
    t,
    tau,
    w1,
    w2,
    x,
)
from .balanced_kernels import r, s, sigma
from .flow import L
from .letters import of_computing as letters
from .named_steps import InNames
from .titles import BALANCED as BALANCED_CASES
from .titles import of_cases

DIRECT: tuple[Kernel, ...] = (
    direct_kernels.direct_strength(),
    direct_kernels.direct_weights(),
    direct_kernels.direct_loss(),
    direct_kernels.direct_time(),
)
BALANCED: tuple[Kernel, ...] = (
    balanced_kernels.balanced_strength(),
    balanced_kernels.balanced_weights(),
    balanced_kernels.balanced_loss(),
    balanced_kernels.balanced_time(),
)
KERNELS: tuple[Kernel, ...] = DIRECT + BALANCED

of_mode, of_weights = {"strength": "Computed strength", "loss": "Computed loss"}, {"weights": "Computed weights"}
of_time = {"time": "Computed learning time"}
titles = {
    **of_cases("direct", of_mode, ("moving", "resting")),
    **of_cases("direct", of_weights, ("rising", "crossing", "resting")),
    **of_cases("direct", of_time, ("positive", "negative")),
    **of_cases("balanced", of_mode | of_weights | of_time, BALANCED_CASES),
    "imbalance": "Imbalance as a product",
    "scaled_rate": "Rate in units of ς",
    "swap": "Swapped weights",
    "flip": "Flipped signs",
}
chapter = Chapter(
    "eval", "Computing forms", letters, source="not found in the literature we searched", text=__doc__, titles=titles
)

xi = lam + eps
mode_loss = lam / 2 * (1 - w1 * w2) ** 2 + eps / 2 * (w1 * w2) ** 2 + gamma / 2 * (w1**2 + w2**2)
flow = gradient_flow(mode_loss, [w1, w2], time_constant=tau)
moving = {w1: encoder(t), w2: decoder(t)}
direct, pair = denoising.direct.rhs, denoising.weights.rhs
p0, q0, c0 = (denoising.part(name) for name in ("p0", "q0", "c_ab"))

product = chapter.claim(
    "imbalance",
    c0,
    p0 * q0,
    says="The imbalance at the start is computed as the product of a sum and a difference of inputs.",
)

# In units of eigenvalues.
rho, size = denoising.part("rho"), letters.quantities["size"].symbol
lam_bar = chapter.define("lam_bar", r"\bar{\lambda}", lam / size, says="The signal in units of ς.", domain=[(">=", 0)])
xi_bar = chapter.define(
    "xi_bar", r"\bar{\xi}", denoising.xi / size, says="The pull ξ in units of ς.", domain=[(">=", 0)]
)
rho_bar = chapter.define("rho_bar", r"\bar{\rho}", rho / size, says="The rate ρ in units of ς.", domain=[(">=", 0)])
scaled = chapter.claim(
    "scaled_rate",
    rho_bar,
    sqrt((2 * lam_bar) ** 2 + (xi_bar * c0) ** 2),
    says="In units of ς the rate is the root of a sum of squares: twice the signal, and the pull times the imbalance.",
    follows_from=[product.id],
)

# What the steps of the computing forms are written by.
known = {d.expression: d.applied for d in denoising.chapter.definitions.values()} | {product.rhs: product.lhs}
known |= {lam / size: lam_bar, denoising.xi / size: xi_bar, denoising.xi * c0 / size: xi_bar * c0}
known |= {scaled.rhs: rho_bar, size * rho_bar: rho}
direct_domains = direct_kernels.domains(rho, size)
direct_names = {
    case: InNames(chapter, known, {**direct_kernels.NAMES, **first}, direct_domains)
    for case, first in direct_kernels.FIRST.items()
}
balanced_names = {
    case: InNames(chapter, known, names, balanced_kernels.DOMAINS[case])
    for case, names in balanced_kernels.NAMES.items()
}
STRENGTH, WEIGHTS, LOSS, TIME = DIRECT
now = known[sqrt(c0**2 + 4 * x**2)]
moves, apart, crossed = Ne(rho, 0), Ne(p0, 0), Ne(now, 2 * x)
to_target = dict(known)
NAMING = {
    STRENGTH.name: {"moving": InNames(chapter, dict(known), direct_kernels.SCALED, direct_domains)},
    TIME.name: {
        case: InNames(chapter, to_target, names, {**direct_domains, "P": {"domain": [(">=", 0)], "given": given}})
        for case, names, given in zip(
            direct_kernels.TARGET, direct_kernels.TARGET.values(), ([], [crossed]), strict=True
        )
    },
    **{kernel.name: direct_names for kernel in (WEIGHTS, LOSS)},
    **{kernel.name: balanced_names for kernel in BALANCED},
}

chapter.claim(
    "swap",
    pair.xreplace({a: b, b: a}),
    Tuple(pair[1], pair[0]),
    says="Weights swapped at the start stay swapped.",
    follows_from=["dae.weights"],
)
chapter.claim(
    "flip",
    pair.xreplace({a: -a, b: -b}),
    Tuple(-pair[0], -pair[1]),
    says="Weights of flipped signs stay flipped, so that b ≥ |a| covers every start.",
    follows_from=["dae.weights"],
)

Case = tuple[str, str, dict[Symbol, Any]]  # the end of the claim's name, its words, what the conditions fix


def direct_cases(facts: dict[str, bool]) -> Iterator[Case]:
    """The case of a direct kernel that its conditions leave; none where they contradict each other."""
    if not all(facts.get(condition, True) for condition in ("rho > 0", "root > 0")):
        yield "resting", "of a mode without signal and noise", {lam: 0, eps: 0}
    elif "a < 0" in facts:
        yield ("crossing", "for a < 0", {}) if facts["a < 0"] else ("rising", "for a ≥ 0", {})
    elif "x >= 0" in facts:
        yield ("positive", "to x ≥ 0", {}) if facts["x >= 0"] else ("negative", "to x < 0", {})
    else:
        yield "moving", "of a mode with signal or noise", {}


def balanced_cases(facts: dict[str, bool]) -> Iterator[Case]:
    """The cases of a balanced kernel: the sign of σλ - γ, for either sign σ of the strength."""
    if facts["kappa > 0"]:
        fixed: dict[str, dict[Symbol, Any]] = {"growing": {lam: gamma + kappa, sigma: 1}}
    elif facts["Ne(kappa, 0)"]:
        fixed = {"fading": {gamma: lam + kappa, sigma: 1}, "opposite": {sigma: -1}}
    else:
        fixed = {"critical": {gamma: lam, sigma: 1}, "idle": {lam: 0, gamma: 0, sigma: -1}}
    yield from ((name, balanced_kernels.WORDS[name], values) for name, values in fixed.items())


def cases(kernel: Kernel) -> Iterator[tuple[Case, Tuple]]:
    """Every case of a kernel once, with the formulas that its branch computes there."""
    find = direct_cases if "direct" in kernel.name else balanced_cases
    seen = set()
    for branch in kernel.branches():
        for case in find({str(condition): truth for condition, truth in branch.conditions}):
            if case[0] not in seen:
                seen.add(case[0])
                naming = NAMING.get(kernel.name, {}).get(case[0], as_it_is)
                found = kernel.written(branch, {s: t / tau} | values(case[2]), naming)
                yield case, Tuple(*found.values())


def values(fixed: dict[Symbol, Any]) -> dict[Symbol, Expr]:
    """What a case fixes, as expressions."""
    return {symbol: value if isinstance(value, Expr) else Integer(value) for symbol, value in fixed.items()}


def fix(expression: Expr, fixed: dict[Symbol, Any]) -> Expr:
    """The expression with the symbols that a case fixes put in."""
    return expression.xreplace(values(fixed))


def state_direct(kernel: Kernel, what: str, closed: Expr, resting: Expr, rests: str, follows_from: list[str]) -> None:
    """Claim for each case that a direct kernel computes the closed form; for a mode at rest, that it gives a constant.

    rests: the words for that value.
    """
    found = {case[0]: (case, formulas) for case, formulas in cases(kernel)}
    (_, words, _), (moving,) = found["moving"]
    chapter.claim(
        f"{kernel.name}_moving",
        moving,
        closed,
        says=f"The computed {what} {words} is the closed form.",
        follows_from=follows_from,
    )
    (_, words, fixed), (rest,) = found["resting"]
    computed = chapter.define(
        f"any_{what}",
        rf"\overline{{{moving.definition.tex}}}",
        Piecewise((moving, rho > 0), (rest, True)),
        says=f"The computed {what}, as its cases are told apart.",
    )
    chapter.claim(
        f"{kernel.name}_resting",
        fix(computed, fixed),
        resting,
        says=f"The computed {what} {words} is {rests}.",
        follows_from=follows_from,
    )


EQUAL_STRENGTH, EQUAL_WEIGHTS, EQUAL_LOSS, EQUAL_TIME = BALANCED

state_direct(STRENGTH, "strength", direct, a * b, "ab, as the weights stay", ["dae.direct", scaled.id])
for (name, words, fixed), formulas in cases(WEIGHTS):
    chapter.claim(
        f"direct_weights_{name}",
        Tuple(encoder(t), decoder(t)),
        formulas,
        satisfies=[
            Equation(encoder(t).diff(t), fix(flow[w1].xreplace(moving), {gamma: 0} | fixed), "encoder rate"),
            Equation(decoder(t).diff(t), fix(flow[w2].xreplace(moving), {gamma: 0} | fixed), "decoder rate"),
            Equation(encoder(0), a, "encoder at the start"),
            Equation(decoder(0), b, "decoder at the start"),
        ],
        says=f"The computed weights {words} solve the mode equations.",
        follows_from=["flow.mode_w1", "flow.mode_w2"],
    )
lost = lam * (1 - direct) ** 2 / 2 + eps * direct**2 / 2
state_direct(LOSS, "loss", lost, S.Zero, "0", ["dae.direct", "flow.mode_loss", product.id])


def above_zero(name: str, tex: str, value: Expr, says: str, given: list[Any], **form: Expr) -> Expr:
    """A name for what is positive where something is given."""
    return chapter.define(name, tex, value, says=says, domain=[(">", 0)], given=given, **form)


times = list(cases(TIME))
low = to_target[denoising.xi * c0**2 / (rho + 2 * lam)]
divisors = [
    above_zero("rho_lam", r"\rho_{\lambda}", rho + 2 * lam, "ρ + 2λ.", [moves]),
    above_zero(
        "P_span",
        r"P_{\pm}",
        p0**2 + low,
        "The distance of P at the start from the negative root of its Riccati equation.",
        [moves, apart],
    ),
    above_zero(
        "n_both",
        "n_{0x}",
        a**2 + b**2 + now,
        "The squared norms of the weights at the start and of those of strength x, together.",
        [apart],
        signs=(p0**2 + q0**2) / 2 + now,
    ),
]
rates = {
    "positive": (r"\rho_{+}", to_target[now + 2 * x], "x ≥ 0", [moves]),
    "negative": (r"\rho_{-}", to_target[c0**2 / (now - 2 * x)], "x < 0", [moves, crossed]),
}
pulling = {
    case: above_zero(f"rho_{case}", tex, rho + 2 * lam + denoising.xi * P, f"ρ + 2λ + ξP at a target {where}.", given)
    for case, (tex, P, where, given) in rates.items()
}
for (name, words, _), (time,) in times:
    # Two real numbers are equal when their exponentials are, and those are algebraic in x and ρ.
    closed = rho / tau * denoising.chapter.claims["dae.learning_time"].rhs
    chapter.claim(
        f"direct_time_{name}",
        learning_time(x),
        tau * time,
        satisfies=[
            Equation(exp(rho / tau * learning_time(x)), exp(closed), "exponential"),
            Equation(learning_time(x).subs(x, a * b), 0, "start"),
        ],
        beside=[*divisors, pulling[name]],
        says=f"The computed learning time {words} is the closed form.",
        follows_from=["dae.learning_time"],
    )


def balanced_velocity(w: Any, fixed: dict[Symbol, Any]) -> Any:
    """τ dw/dt of weights of one size: their squares add up to 2|w| = 2σw."""
    fading, pull = (known.get(e, e) for e in (fix(gamma - sigma * lam, fixed), fix(lam + eps, fixed)))
    return 2 * w * (-fading - fixed[sigma] * pull * w)


strengths = {}
for (name, words, fixed), (w,) in cases(EQUAL_STRENGTH):
    strengths[name] = w
    chapter.claim(
        f"balanced_strength_{name}",
        strength(t),
        w,
        satisfies=[
            Equation(tau * strength(t).diff(t), balanced_velocity(strength(t), fixed), "rate"),
            Equation(strength(0), fixed[sigma] * r**2, "initial value"),
        ],
        says=f"The computed strength {words} solves the logistic equation.",
        follows_from=["flow.mode_w1", "flow.mode_w2"],
    )
for (name, words, fixed), (size,) in cases(EQUAL_WEIGHTS):
    chapter.claim(
        f"balanced_weights_{name}",
        Tuple(encoder(t), decoder(t)),
        Tuple(size, fixed[sigma] * size),
        satisfies=[
            Equation(encoder(t).diff(t), fix(flow[w1].xreplace(moving), fixed), "encoder rate"),
            Equation(decoder(t).diff(t), fix(flow[w2].xreplace(moving), fixed), "decoder rate"),
            Equation(encoder(0), r, "encoder at the start"),
            Equation(decoder(0), fixed[sigma] * r, "decoder at the start"),
        ],
        says=f"The computed weights {words} solve the mode equations.",
        follows_from=["flow.mode_w1", "flow.mode_w2"],
    )
for (name, words, fixed), (value,) in cases(EQUAL_LOSS):
    root = sqrt(fixed[sigma] * strengths[name])
    chapter.claim(
        f"balanced_loss_{name}",
        value,
        fix(L, fixed).xreplace({w1: root, w2: fixed[sigma] * root}),
        says=f"The computed loss {words} is the loss of the computed strength.",
        follows_from=[f"eval.balanced_strength_{name}", "flow.mode_loss"],
    )
pulled = known[lam + gamma]
resisting = above_zero(
    "pull_start",
    r"\kappa_0",
    pulled + denoising.xi * r**2,
    "The rate, times τ, at which all pulls weights of opposite signs to 0 at the start.",
    [Ne(pulled, 0)],
)
for (name, words, fixed), (time,) in cases(EQUAL_TIME):
    chapter.claim(
        f"balanced_time_{name}",
        learning_time(x),
        tau * time,
        satisfies=[
            Equation(learning_time(x).diff(x), tau / balanced_velocity(x, fixed), "inverse rate"),
            Equation(learning_time(x).subs(x, fixed[sigma] * r**2), 0, "start"),
        ],
        beside=[resisting] if name == "opposite" else [],
        says=f"The computed learning time {words} inverts the logistic equation.",
        follows_from=[f"eval.balanced_strength_{name}"],
    )
