"""Computing forms of the direct form: a mode without decay whose weights differ in size.

Not found in the literature we searched; proved in the chapter `evaluation`.
"""

from sympy import Expr, Max, Min, Ne, Piecewise, Symbol, exp, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

from modeflow.language.kernels import Kernel, Steps
from modeflow.language.primitives import binade, reciprocal

from .alphabet import a, b, eps, lam, x
from .named_steps import Names
from .naming import Domain

s = Symbol("s", nonnegative=True)  # t/tau

# The steps of `Direct` and of `numerators` that have names.
NAMES: Names = {
    "top": ("alpha_1", r"\alpha_{1}", "1 + 2λ/ρ."),
    "n": ("N_rest", r"\mathcal{N}_{\infty}", "The limit of 𝒩/(2ρ), which is 1 at the start."),
    "m": ("D_rest", r"\mathcal{D}_{\infty}", "The limit of 𝒟/(2ρ), without a difference of large numbers."),
    "den 1": ("D_t", r"\mathcal{D}_{t}", "𝒟/(2ρ), a sum of terms of one sign."),
    "den 2": ("N_t", r"\mathcal{N}_{t}", "𝒩/(2ρ), a sum of terms of one sign."),
    "den": ("Pi", r"\Pi", "𝒩𝒟/(4ρ²)."),
    "s2": ("s2", "s_2", "S₂/(2ρ) at rest, a sum of terms of one sign."),
    "loss": ("computed_loss", "L_c", "The computed loss of a mode with signal or noise."),
}
# Those of the strength alone, and those of the learning time.
SCALED: Names = {
    "T": ("sigma_bar", r"\bar{\sigma}", "ρ + 2λ in units of ς."),
    "H": ("H_bar", r"\bar{H}", "The part of 𝒩/(2ς) besides ρE/ς, which grows from 0."),
    "w": ("computed_strength", "w_c", "The computed strength of a mode with signal or noise."),
}
_AT_TARGET: Names = {
    "h": ("n_x", "n_x", "The squared norm of weights of strength x."),
    "low": ("P_minus", "P_{-}", "The size of the negative root of the Riccati equation of P."),
}
TARGET: dict[str, Names] = {
    "positive": {
        **_AT_TARGET,
        "P": ("P_positive", "P_x^{+}", "The squared sum of weights of strength x ≥ 0."),
        "y": ("y_positive", "y_{+}", "The value of exp(ρT/τ) - 1 for a target x ≥ 0."),
    },
    "negative": {
        **_AT_TARGET,
        "P": ("P_x", "P_x", "The squared sum of weights of strength x < 0."),
        "y": ("y_negative", "y_{-}", "The value of exp(ρT/τ) - 1 for a target x < 0."),
    },
}
FIRST: dict[str, Names] = {
    "moving": {},
    "rising": {
        "turned": (
            "beta_rising",
            r"\beta_{+}",
            "1 + ξc/ρ, with c at the start; 0 only without signal and for |a| > |b|.",
        ),
        "s1": ("s1_rising", "s_1^{+}", "S₁/(2ρ) at rest, for a ≥ 0 a sum of terms of one sign."),
    },
    "crossing": {
        "turned": (
            "beta_crossing",
            r"\beta_{-}",
            "1 + (2λ + ξc)/ρ, with c at the start; 0 only without signal and for |a| > |b|.",
        ),
        "s1": ("s1_crossing", "s_1^{-}", "S₁/(2ρ) at rest, for a < 0, where the encoder weight may pass 0."),
    },
}


def domains(rho: Expr, size: Symbol) -> dict[str, Domain]:
    """What is claimed of the values of these steps, where there is signal or noise; size: the unit of eigenvalues."""
    given = [Ne(rho, 0)]
    return {
        "top": {"domain": [(">=", 1)], "given": given},
        **{step: {"domain": [(">", 0)], "given": given} for step in ("n", "den 1", "den 2", "den")},
        "m": {"domain": [(">=", 0)], "given": given},
        "T": {"domain": [(">", 0)], "signs": (rho + 2 * lam) / size, "given": given},
        "H": {"domain": [(">=", 0)], "given": given},
        "low": {"domain": [(">=", 0)], "given": given},
    }


class Direct:
    """The direct form, written as a mean of the start w₀ = ab and the fixed point λ/ξ.

    With α = 2λ/ρ, β = ξc₀/ρ, a point of the unit circle, y = ρs, E = e^(-y) and M = 1 - E,

        w = (w₀E + λQ)/d,   d = E + ξQ = (E + nM)(E + mM),
        2n = 1 + α + ξ(b - a)²/ρ,   2m = 1 - α + ξ(a + b)²/ρ = 2n·ξ(a + b)²/(ρ(1 + α)).

    The last step takes the place of 1 - α, which cancels when λ dominates, by β²/(1 + α); every factor and every
    term of d is then nonnegative, whatever the signs and the order of a and b. c₀ = (b - a)(b + a) is a product of
    two differences of inputs. Where ρ = 0 the mode has neither signal nor noise and rests: E = 1 and M = 0 say so,
    whatever finite number stands for 1/ρ. Divisions take longest: there is one by ρ, and those by 1 + α are left to
    the quotient at the end where that is possible.
    """

    def __init__(self) -> None:
        steps = self.steps = Steps()
        let = steps.let
        signal = let("A", 2 * lam)
        xi = self.xi = let("xi", lam + eps)
        self.p = let("p", a + b)
        q = let("q", b - a)
        imbalance = self.c = let("c", self.p * q)
        cross = self.X = let("X", xi * imbalance)
        rho = self.rho = let("rho", hypot(signal, cross))
        safe = let("safe", Piecewise((rho, rho > 0), (1, True)))
        self.unit = let("unit", 1 / safe)
        self.f = let("f", xi * self.unit)
        self.half = let("half", lam * self.unit)  # α/2
        self.top = let("top", 1 + 2 * self.half)
        self.P = let("P", self.p**2)
        self.u = let("u", self.f * q**2)
        self.n = let("n", (self.top + self.u) / 2)
        self.g = let("g", self.P * self.n)
        exponent = let("x", -rho * s)
        self.E = let("E", exp(exponent))
        self.M = let("M", -expm1(exponent))

    def covered(self) -> Symbol:
        """d."""
        E, M, let = self.E, self.M, self.steps.let
        m = let("m", self.f * self.g / self.top)
        return let("den", (E + self.n * M) * (E + m * M))


def direct_strength() -> Kernel:
    """w as above, with E + M = 1 in its numerator and λ and ξ over a power of 2 near ρ, which leaves one division. With

        R = ρ,   T = R + 2λ,   B = ξ(b - a)²,   P = (a + b)²,   Y = RE,   H = ½(T + B)M

    in these units, d = (Y + H)(TY + ξPH)/(R²T), and

        w = (Y(w₀TY + P(λT + w₀ξB)M) + λPH²)/((Y + H)(TY + ξPH)).

    In the middle is the sum of λTP and w₀ξ²c², where weights of one sign have terms of one sign. Those of different
    signs keep one subtraction, and that is the crossing of w through 0. Near the fixed point w hardly depends on the
    weights any more, and its rounding is that of a few products.

    All stays in range: R is near 1, B = ξ|c||q/p| and ξP = ξ|c||p/q| with p = a + b and q = b - a, and ξ|c| <= R. M is
    kept as F = -M. Where ρ = 0, R = 1 stands for it, and E = 1 and F = 0.
    """
    steps = Steps()
    let = steps.let
    signal = let("A", 2 * lam)
    total = let("total", lam + eps)
    p = let("p", a + b)
    q = let("q", b - a)
    cross = let("X", total * let("c", p * q))
    size = let("size", binade(signal, cross))
    unit = let("unit", reciprocal(size))
    scaled = let("L", lam * unit)
    xi = let("xi", total * unit)
    root = let("root", sqrt((2 * scaled) ** 2 + let("Z", cross * unit) ** 2))
    R = let("R", Piecewise((root, root > 0), (1, True)))
    T = let("T", R + 2 * scaled)
    B = let("B", xi * q**2)
    n = let("n", -let("N", T + B) / 2)
    P = let("P", p**2)
    f = let("f", xi * P)
    start = let("start", a * b)
    begun = let("begun", start * T)
    middle = let("middle", P * (scaled * T + start * let("u", xi * B)))
    limit = let("limit", scaled * P)
    exponent = let("x", -let("rho", size * root) * s)
    Y = let("Y", R * let("E", exp(exponent)))
    F = let("F", expm1(exponent))
    H = let("H", n * F)
    den = let("den", (Y + H) * (T * Y + let("low", f * H)))
    w = (Y * (begun * Y - middle * F) + H * let("late", limit * H)) / den
    says = "Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau."
    return Kernel.of("direct_strength", "moving resting", says, (s, lam, eps, a, b), steps, w=w)


def numerators(form: Direct) -> tuple[Symbol, Symbol]:
    """s₁ and s₂ of w₁ = (aE + s₁M)/√d, w₂ = (bE + s₂M)/√d, for weights ordered so that b ≥ |a| and b > 0.

    2s₂ = b(1 - α + β) + αp₀ has nonnegative terms only, and so has 2s₁: for a ≥ 0 it is αb + α²a/(1 + β), and for
    a < 0 it is αp₀ + 2αβ|a|/(1 + α + β), which rests on (1 + α + β)² = 2(1 + α)(1 + β). The one subtraction left,
    where a < 0, is the crossing of w₁ through 0. The two are written as one, with a = max(a, 0) + min(a, 0), of which
    one part is always zero.
    """
    let = form.steps.let
    beta = let("beta", form.X * form.unit)
    up, down = let("up", Max(a, 0)), let("down", Min(a, 0))
    turned = let("turned", Piecewise((form.top + beta, a < 0), (1 + beta, True)))
    first = let("s1", form.half * (b + down + 2 * (form.half * up - beta * down) / turned))
    rest = let("rest", form.u * form.f * form.P / form.top)  # 1 - α
    second = let("s2", b * (rest + beta) / 2 + form.half * form.p)
    return first, second


def direct_weights() -> Kernel:
    """w₁ and w₂ as in `numerators`."""
    form = Direct()
    let, E, M = form.steps.let, form.E, form.M
    first, second = numerators(form)
    root = let("root", sqrt(form.covered()))
    says = "Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau."
    inputs = (s, lam, eps, a, b)
    w1, w2 = (a * E + first * M) / root, (b * E + second * M) / root
    return Kernel.of("direct_weights", "rising crossing resting", says, inputs, form.steps, w1=w1, w2=w2)


def direct_loss() -> Kernel:
    """The least loss λε/(2ξ), and gap²/(2ξ) with gap = λ - ξw(t).

    Near the fixed point the gap is a difference of nearly equal numbers. But the path knows it as a quotient:
    λ - ξw(t) = (λ - ξw₀)E/d.
    """
    form = Direct()
    let = form.steps.let
    scale = let("scale", Piecewise((form.xi, form.rho > 0), (1, True)))
    gap = let("gap", (lam - form.xi * (a * b)) * (form.E / form.covered()))
    says = "Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau."
    inverse = let("inverse", 1 / scale)
    value = (lam * eps * inverse + gap * let("part", gap * inverse)) / 2
    return Kernel.of("direct_loss", "moving resting", says, (s, lam, eps, a, b), form.steps, loss=value)


def direct_time() -> Kernel:
    """Learning time through P = (w₁ + w₂)², which obeys a Riccati equation with the roots P₊ and -P₋.

    T = (τ/ρ)·ln(1 + y), y = (P_x - P₀)(P₊ + P₋)/((P₀ + P₋)(P₊ - P_x)). Both differences are of nearly equal numbers
    when the target is near the start, or near the fixed point; but w is an increasing function of P, and with the
    sum of squares h = √(c² + 4w²) at the target, the start and the fixed point,

        P_x - P₀ = 2(x - w₀)(P_x + P₀)/(h_x + h₀),     P₊ - P_x = 2(λ - ξx)(P₊ + P_x)/(ρ + ξh_x),

    which leaves differences of inputs only. P₋ = ξc²/(ρ + 2λ); P_x is h + 2x or c²/(h - 2x), by the sign of x.
    """
    steps = Steps()
    let = steps.let
    signal = let("A", 2 * lam)
    xi = let("xi", lam + eps)
    p = let("p", a + b)
    q = let("q", b - a)
    c = let("c", p * q)
    rho = let("rho", hypot(signal, xi * c))
    now = let("h", hypot(c, 2 * x))
    then = let("h0", a**2 + b**2)
    reached = let("P", Piecewise((now + 2 * x, x >= 0), (c**2 / (now - 2 * x), True)))
    begun = let("P0", p**2)
    low = let("low", xi * c**2 / (rho + signal))
    way = let("way", (x - a * b) / (lam - xi * x))
    bend = let("bend", (reached + begun) / (now + then))
    end = let("end", (rho + xi * now) / (rho + signal + xi * reached))
    y = let("y", 2 * rho * way * bend * end / (begun + low))
    says = "Learning time, in units of tau, of a mode without decay, to a strength x on its way."
    inputs = (x, lam, eps, a, b)
    return Kernel.of("direct_time", "positive negative", says, inputs, steps, time=log1p(y) / rho)
