"""Computing forms of the gradient: partial derivatives of the strength, from shared parts without cancellation.

Not found in the literature we searched; proved in the chapter `gradients`.
"""

from sympy import Abs, Expr, Ne, Piecewise, exp
from sympy.codegen.cfunctions import expm1

from modeflow.language.kernels import Kernel, Steps
from modeflow.language.primitives import expm2, fade2, fade3, fade4

from .alphabet import a, b, eps, gamma, lam
from .balanced_kernels import BALANCED_CASES, WORDS, r, s, sigma
from .direct_kernels import Direct, numerators
from .named_steps import Names
from .naming import Domain

BALANCED_SLOPES = ("s", "lam", "eps", "gamma", "product")

# The steps that have names: those of `direct_gradient`, and case by case those of `balanced_gradient`.
DIRECT_NAMES: Names = {
    "h0": ("h0", "h_0", "The squared norm of the weights at the start."),
    "H": ("K_rest", r"\mathcal{W}_{\infty}", "The limit of 𝒲."),
    "squares": ("K", r"\mathcal{W}", "The squared norm of the weights over time, times Π."),
    "Z": ("Z", "Z", "The factor of the slopes in λ and ε that remains at rest: 𝒲Z goes to 1/ξ²."),
    "late": ("chi", r"\chi", "The product of 1 - E and (1 + E)ρt/(2τ) - (1 - E), which is never negative."),
    "bent": ("psi", r"\psi", "A sum of nonnegative terms in the slopes in a and b, 0 at the start."),
    "across": ("across", r"\Psi", "The part of the slopes in a and b that comes from the imbalance: -aΨ and bΨ."),
}
BALANCED_NAMES: dict[str, Names] = {
    case: {
        "X": (
            f"phi_{case}",
            rf"\phi_{{{index}}}",
            f"The part that comes from the rate of the slopes in λ and γ {WORDS[case]}.",
        )
    }
    for case, index in {"growing": "+", "fading": "-", "opposite": r"\pm"}.items()
}


def domains(rho: Expr) -> dict[str, Domain]:
    """What is claimed of the values of these steps, where there is signal or noise."""
    of_rest: Domain = {"domain": [(">=", 0)], "given": [Ne(rho, 0)]}
    return {"h0": {"domain": [(">=", 0)]}, "H": of_rest, "squares": of_rest}


def direct_gradient() -> Kernel:
    """Unequal weights without decay. With y = ρs, h = w₁² + w₂², g₀ = λ - ξw₀ and the denominator d of w,

        h = (h₀E² + HM(1 + E))/d,   H = (a + b)²n²/(1 + α),   ∂w/∂s = hg₀E/d,
        ∂w/∂λ = (h/d)((1 - w₀)sE + εZ),   ∂w/∂ε = -(h/d)(w₀sE + λZ),   Z = (h₀Eψ + Hω)/ρ²,
        ψ = e^(-y) - 1 + y,   ω = 1 - e^(-2y) - 2y e^(-y).

    With s₁, s₂ of `numerators`,

        ∂w/∂a = (E/d²)(bE² + s₂M(1 + E) - ag₀V),   ∂w/∂b = (E/d²)(aE² + s₁M(1 + E) + bg₀V),
        V = (2ξc/ρ²)(M² + (ξ/ρ)(h₀(φ - Mχ) + 2HMχ)),   φ = y(1 + E²)/2 - M(1 + E)/2,   χ = y(1 + E)/2 - M.

    V is a sum of nonnegative terms. What is left of subtractions, those of V, s₁ for a < 0, and 1 - w₀ for w₀ > 1, is
    where the slope itself passes through 0.
    """
    form = Direct()
    let, E, M = form.steps.let, form.E, form.M
    first, second = numerators(form)
    den = form.covered()
    h0, w0 = let("h0", a**2 + b**2), let("w0", a * b)
    H = let("H", form.g * form.n / form.top)
    twice = let("twice", M * (1 + E))
    squares = let("squares", h0 * E**2 + H * twice)
    g0 = let("g0", lam - form.xi * w0)
    y = let("y", form.rho * s)
    root = let("root", exp(-y / 2) / den)  # E alone may underflow where E/d² does not
    shrink = let("shrink", root**2)
    begun = let("begun", s * shrink)
    Z = let("Z", (h0 * E * expm2(-y) + H * fade3(y)) * (form.unit / den) ** 2)
    late = let("late", M * fade4(y / 2))
    bent = let("bent", M**2 + form.f * (h0 * (fade4(y) / 2 - late) + 2 * H * late))
    across = let("across", 2 * g0 * (form.f * form.c) * form.unit * bent)
    says = "Partial derivatives of the strength without decay, for b > |a|; s = t/tau."
    return Kernel(
        "gradient_direct",
        says,
        (s, lam, eps, a, b),
        tuple(form.steps.taken),
        (
            ("by_s", squares * g0 * shrink),
            ("by_lam", squares * ((1 - w0) * begun + eps * Z)),
            ("by_eps", -squares * (w0 * begun + lam * Z)),
            ("by_a", shrink * (b * E**2 + second * twice - a * across)),
            ("by_b", shrink * (a * E**2 + first * twice + b * across)),
        ),
        (
            *(f"grad.direct_{slope}_moving" for slope in ("s", "lam", "eps")),
            *(f"grad.direct_{slope}_{case}" for slope in ("a", "b") for case in ("rising", "crossing")),
            *("grad.direct_lam_resting", "grad.direct_eps_resting", "grad.direct_rest"),
        ),
    )


def balanced_gradient() -> Kernel:
    """Weights of one size r. With E = e^(-2|κ|s), m = (1 - E)/|κ| and the denominator `den` of the strength,

        ∂u/∂u₀ = E/den²,   ∂u/∂ξ = -u u₀m/den,   ∂u/∂κ = u₀(2sE + ξu₀X)/den²,

    where X is (1 - (1 + y)E)/κ² for κ > 0 and E(E - 1 + y)/κ² for κ < 0, y = 2|κ|s. In ∂u/∂λ the last two meet with
    different signs if σ = 1; what is left of them is u₀(2sE(1 - u₀) + (ε + γ)u₀X)/den².
    """
    steps = Steps()
    let = steps.let
    drive = let("kappa", sigma * lam - gamma)
    rate = let("k", Abs(drive))
    xi = let("xi", lam + eps)
    twice = let("rate", 2 * rate)
    y = let("y", twice * s)
    E = let("E", exp(-y))
    m = let("m", Piecewise((-expm1(-y) / rate, Ne(drive, 0)), (2 * s, True)))
    u0 = let("u0", r**2)
    v = let("v", xi * u0)
    den = let("den", Piecewise((E, drive > 0), (1, True)) + v * m)
    left = let("left", Piecewise((u0, drive > 0), (u0 * E, True)))
    u = let("u", left / den)
    bent = let("bent", Piecewise((fade2(y), drive > 0), (E * expm2(-y), True)))
    safe = let("safe", Piecewise((rate, Ne(drive, 0)), (1, True)))
    X = let("X", Piecewise((bent / safe**2, Ne(drive, 0)), (2 * s**2, True)))
    scale = let("scale", u0 / den / den)
    early = let("early", 2 * s * E)
    by_xi = let("by_xi", -u * u0 * m / den)
    by_kappa = let("by_kappa", scale * (early + v * X))
    together = let("together", scale * (early * (1 - u0) + (eps + gamma) * u0 * X))
    gap = let("gap", Piecewise(((drive - v) * E / den, drive > 0), (-(rate + xi * u), True)))
    by_lam: Expr = Piecewise((together, sigma > 0), (by_kappa - by_xi, True))
    says = "Partial derivatives of the strength with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau."
    return Kernel(
        "gradient_balanced",
        says,
        (s, lam, eps, gamma, r, sigma),
        tuple(steps.taken),
        (
            ("by_s", 2 * sigma * u * gap),
            ("by_lam", by_lam),
            ("by_eps", sigma * by_xi),
            ("by_gamma", -sigma * by_kappa),
            ("by_product", E / den**2),
        ),
        tuple(f"grad.balanced_{name}_{case}" for case in BALANCED_CASES.split() for name in BALANCED_SLOPES),
    )
