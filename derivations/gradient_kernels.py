"""Computing forms of the gradient: partial derivatives of the strength, from shared parts without cancellation.

The weights enter through two numbers that the hyperbola keeps apart, the strength ab at the start and the imbalance
c = b² - a². Not found in the literature we searched; proved in the chapter `gradients`.
"""

from sympy import Abs, Expr, Ne, Piecewise, Symbol, exp
from sympy.codegen.cfunctions import expm1

from modeflow.kernels import Kernel, Steps, expm2, fade2, fade3

from .alphabet import a, b, eps, gamma, lam
from .balanced_kernels import BALANCED_CASES, r, s, sigma
from .direct_kernels import Direct

DIRECT_SLOPES = ("s", "lam", "eps", "product", "gain")
BALANCED_SLOPES = ("s", "lam", "eps", "gamma", "product")


def direct_gradient() -> Kernel:
    """Unequal weights without decay. With y = ρs, h = w₁² + w₂², g = λ - ξw and an index 0 for the start,

        ∂w/∂s = hg,   ∂w/∂λ = K((1 - ab)4sE + εZ),   ∂w/∂ε = -K(4ab sE + λZ),   K = h/(ND),
        ρZ = 4h₀Eψ/ρ + (1 + n)(1 - α + ξp₀²/ρ)ω/ξ,   ψ = e^(-y) - 1 + y,   ω = 1 - e^(-2y) - 2y e^(-y).

    A change of the start along its hyperbola travels with the flow: ∂w/∂w₀ = hg/(h₀g₀). One across it gains
    I = ∫c/h² ds on the way, ∂w/∂c = hgI. The integral is elementary,

        I = ξ²cs/ρ² - (β/ρ)(1/h - 1/h₀) + (2α/ρc)(w/h - w₀/h₀),

    and its two differences are products with g₀M; from there on every term is nonnegative while a mode of positive
    strength grows. What may cancel is the approach to a fixed point from far beyond it.
    """
    form = Direct()
    let, alpha, beta, E, M = form.steps.let, form.alpha, form.beta, form.E, form.M
    first, second = form.numerators()
    product = let("ND", form.N * form.D)
    squares = let("S", first**2 + second**2)
    h = let("h_now", squares / product)
    h0 = let("h_start", a**2 + b**2)
    w0 = let("w_start", a * b)
    g0 = let("g_start", lam - form.xi * w0)
    K = let("K", h / product)
    safe, safe_xi = Symbol("safe", real=True), let("safe_xi", Piecewise((form.xi, form.rho > 0), (1, True)))
    y = let("y", form.rho * s)
    high = let("high", 1 + Symbol("n", real=True))
    low = let("low", Symbol("d0", real=True) + Symbol("h", real=True))
    ends = let("ends", high * low)
    early = let("early", 4 * s * E)
    Z = let("Z", (4 * h0 * E * expm2(-y) / safe + ends * fade3(y) / safe_xi) / safe)
    drift = let("drift", 4 * E * K)
    rising = let("rising", 4 * E * w0 / safe + M * ends * (w0 + lam / safe_xi) / (form.xi * h0 + safe))
    bending = let("bending", alpha / safe * (Symbol("c", real=True) * (1 + E) + beta * h0 * M))
    share = Symbol("f", real=True)
    gained = let("gained", 4 * g0 * M / (safe * h0 * squares) * (beta * rising + bending))
    gain = let("gain_now", share**2 * Symbol("c", real=True) * s + gained)
    says = "Partial derivatives of the strength without decay, for b > |a|; s = t/tau."
    return Kernel(
        "gradient_direct",
        says,
        (s, lam, eps, a, b),
        tuple(form.steps.taken),
        (
            ("by_s", drift * g0),
            ("by_lam", K * ((1 - w0) * early + eps * Z)),
            ("by_eps", -K * (w0 * early + lam * Z)),
            ("by_product", drift / h0),
            ("gain", gain),
        ),
        (
            *(f"grad.direct_{slope}_{case}" for slope in DIRECT_SLOPES for case in ("rising", "crossing")),
            *("grad.imbalance", "grad.direct_lam_resting", "grad.direct_eps_resting", "grad.direct_rest"),
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
