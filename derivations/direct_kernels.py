"""Computing forms of the direct form: a mode without decay whose weights differ in size.

Not found in the literature we searched; proved in the chapter `evaluation`.
"""

from sympy import Max, Min, Piecewise, Symbol, exp, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

from modeflow.kernels import Kernel, Steps

from .alphabet import a, b, eps, lam, x

s = Symbol("s", nonnegative=True)  # t/tau


class Direct:
    """The direct form, divided through by its rate ρ.

    With A = 2λ, X = ξc₀, ρ = √(A² + X²) the form needs only the direction α = A/ρ, β = X/ρ, a point of the unit
    circle, and the numbers ξq₀²/ρ and h = ξp₀²/ρ:

        N/ρ = 1 + E + (α + ξq₀²/ρ)M        D/ρ = β²/(1 + α) + (1 + α)E + hM.

    In D the textbook's 1 - α, which cancels when λ dominates, is written β²/(1 + α); every term of N and D is then
    nonnegative. c₀ = (b - a)(b + a) is a product of two differences of inputs. Where ρ = 0 the mode has neither
    signal nor noise and rests: α = 1, β = 0 says so without a division.
    """

    def __init__(self) -> None:
        steps = self.steps = Steps()
        let = steps.let
        signal = let("A", 2 * lam)
        xi = self.xi = let("xi", lam + eps)
        self.p = let("p", a + b)
        q = let("q", b - a)
        imbalance = let("c", self.p * q)
        cross = let("X", xi * imbalance)
        rho = self.rho = let("rho", hypot(signal, cross))
        safe = let("safe", Piecewise((rho, rho > 0), (1, True)))
        alpha = self.alpha = let("alpha", Piecewise((signal / safe, rho > 0), (1, True)))
        beta = self.beta = let("beta", cross / safe)
        share = let("f", xi / safe)
        h = let("h", share * self.p**2)
        n = let("n", alpha + share * q**2)
        self.top = let("d2", 1 + alpha)
        rest = let("d0", beta**2 / self.top)
        exponent = let("x", -rho * s)
        self.E = let("E", exp(exponent))
        self.M = let("M", -expm1(exponent))
        self.floor = let("floor", rest + self.top * self.E)
        self.D = let("D", self.floor + h * self.M)
        self.N = let("N", 1 + self.E + n * self.M)

    def numerators(self) -> tuple[Symbol, Symbol]:
        """S₁/ρ and S₂/ρ, for weights ordered so that b ≥ |a| and b > 0.

        S₂ = b(D - hM + βM) + αp₀M: all terms nonnegative whatever the sign of a.
        S₁ for a ≥ 0 is a(α²/(1 + β) + (1 + β)E) + αbM, again one sign. For a < 0 it must be able to vanish, because
        w₁ crosses zero on its way: αp₀M + |a|(2αβ/(1 + α + β) - (1 + α + β)E) has one subtraction, and that is the
        crossing itself. It rests on (1 + α + β)² = 2(1 + α)(1 + β). The two are written as one, with
        a = max(a, 0) + min(a, 0), of which one part is always zero.
        """
        let, alpha, beta = self.steps.let, self.alpha, self.beta
        up, down = let("up", Max(a, 0)), let("down", Min(a, 0))
        single = let("one", 1 + beta)
        both = let("both", self.top + beta)
        k0 = let("k0", alpha * (up * alpha / single - 2 * down * beta / both))
        k1 = let("k1", alpha * (b + down))
        k2 = let("k2", a * single + alpha * down)
        k3 = let("k3", alpha * self.p + beta * b)
        first = let("S1", k0 + k1 * self.M + k2 * self.E)
        second = let("S2", b * self.floor + k3 * self.M)
        return first, second


def direct_strength() -> Kernel:
    """w = S₁S₂/(ND), and near the fixed point w = (λ - gap)/ξ.

    There w hardly depends on the weights any more, and the twenty roundings of the first form are more than the
    problem asks for; the gap λ - ξw, known as a product (see direct_loss), is small and costs three.
    """
    form = Direct()
    let = form.steps.let
    first, second = form.numerators()
    product = let("ND", form.N * form.D)
    start = let("start", lam - form.xi * a * b)
    scaled = let("scaled", 4 * start)
    gap = let("gap", scaled * form.E / product)
    near = let("near", lam / 4)
    w = Piecewise(((lam - gap) / form.xi, gap**2 < near**2), (first * second / product, True))
    says = "Strength of a mode without decay, for b > |a|; s = t/tau."
    cases = "rising crossing settled resting"
    return Kernel.of("direct_strength", cases, says, (s, lam, eps, a, b), form.steps, w=w)


def direct_weights() -> Kernel:
    """w₁ = S₁/√(ND), w₂ = S₂/√(ND)."""
    form = Direct()
    first, second = form.numerators()
    product = form.steps.let("ND", form.N * form.D)
    root = form.steps.let("root", sqrt(product))
    says = "Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau."
    inputs = (s, lam, eps, a, b)
    return Kernel.of(
        "direct_weights", "rising crossing resting", says, inputs, form.steps, w1=first / root, w2=second / root
    )


def direct_loss() -> Kernel:
    """The least loss λε/(2ξ), and gap²/(2ξ) with gap = λ - ξw(t).

    Near the fixed point the gap is a difference of nearly equal numbers. But the path knows it as a product:
    λ - ξw(t) = (λ - ξw₀)·4ρ²E/(ND).
    """
    form = Direct()
    let = form.steps.let
    scale = let("scale", Piecewise((form.xi, form.rho > 0), (1, True)))
    start = let("start", lam - form.xi * a * b)
    shrink = let("shrink", form.E / form.D)
    gap = let("gap", 4 * start * shrink / form.N)
    least = let("least", lam * eps / scale)
    share = let("share", gap / scale)
    says = "Loss of a mode without decay along its path; s = t/tau."
    value = (least + gap * share) / 2
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
