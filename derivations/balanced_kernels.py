"""Computing forms of balanced weights: |w1| = |w2|, with noise and decay.

Not found in the literature we searched; proved in the chapter `evaluation`.
"""

from sympy import Abs, Ne, Piecewise, Symbol, exp, sqrt
from sympy.codegen.cfunctions import expm1, log1p

from modeflow.language.kernels import Kernel, Steps

from .alphabet import eps, gamma, kappa, lam, x
from .named_steps import Names
from .naming import Domain

s = Symbol("s", nonnegative=True)  # t/tau
r = Symbol("r", positive=True)  # the size of both weights at the start
sigma = Symbol("sigma", real=True)  # 1 or -1, the sign of the strength


class Balanced:
    """Weights of one size r, of the same sign (σ = 1) or of opposite signs (σ = -1), with noise and decay.

    u = |w| obeys τu′ = 2u(κ - ξu) with κ = σλ - γ. Multiplying the logistic solution through by the decaying
    exponential E = e^(-2|κ|s) gives, with m = (1 - E)/|κ| (2s where κ = 0), sums of nonnegative terms:

        κ > 0:  u = u₀/(E + ξu₀m)          κ ≤ 0:  u = u₀E/(1 + ξu₀m).
    """

    def __init__(self) -> None:
        steps = self.steps = Steps()
        let = steps.let
        drive = self.drive = let("kappa", sigma * lam - gamma)
        self.rate = let("k", Abs(drive))
        self.xi = let("xi", lam + eps)
        twice = let("rate", -2 * self.rate)
        exponent = let("x", twice * s)
        self.E = let("E", exp(exponent))
        grown = let("m", Piecewise((-expm1(exponent) / self.rate, Ne(drive, 0)), (2 * s, True)))
        self.start = let("u0", r**2)
        v = let("v", self.xi * self.start)
        self.den = let("den", Piecewise((self.E, drive > 0), (1, True)) + v * grown)

    def strength(self) -> Symbol:
        """u = |w|, as a step."""
        left = Piecewise((1, self.drive > 0), (self.E, True))
        return self.steps.let("u", self.start * left / self.den)


BALANCED_CASES = "growing fading opposite critical idle"

WORDS = {
    "growing": "of a growing mode with λ = γ + κ",
    "fading": "of a fading mode with γ = λ + κ",
    "opposite": "for weights of opposite signs",
    "critical": "at γ = λ",
    "idle": "for weights of opposite signs without signal and decay",
}
FADING = ("E_kappa", r"E_{\kappa}", "What fades at the rate 2κ/τ, from 1 at the start to 0.")


def _names(case: str, index: str, others: Names) -> Names:
    return {
        **others,
        "den": (f"D_{case}", rf"\mathcal{{D}}_{{{index}}}", f"The denominator of the strength {WORDS[case]}."),
        "u": (f"u_{case}", f"u_{{{index}}}", f"The size of the strength {WORDS[case]}."),
    }


# Case by case, the steps that have names.
NAMES: dict[str, Names] = {
    "growing": _names(
        "growing",
        "+",
        {
            "xi": ("xi_growing", r"\xi_{+}", "The pull ξ of a growing mode: its signal λ = γ + κ and the noise."),
            "E": FADING,
        },
    ),
    "fading": _names("fading", "-", {"E": FADING}),
    "opposite": _names(
        "opposite",
        r"\pm",
        {
            "k": (
                "kappa_opposite",
                r"\kappa_{\pm}",
                "The rate, times τ, at which signal and decay pull weights of opposite signs to 0.",
            ),
            "E": ("E_opposite", r"E_{\pm}", "What fades at the rate 2(γ + λ)/τ, from 1 at the start to 0."),
        },
    ),
    "critical": _names("critical", "c", {}),
    "idle": _names("idle", r"\varepsilon", {}),
}

_FADES: Domain = {"domain": [(">", 0), ("<=", 1)]}
_MOVES = {"growing": kappa, "fading": kappa, "opposite": lam + gamma}  # case → the rate, by which it divides


def _domains(case: str) -> dict[str, Domain]:
    """The denominator is E + ξu₀m, which is positive, or 1 + ξu₀m."""
    given = [Ne(_MOVES[case], 0)] if case in _MOVES else []
    return {
        "k": {"domain": [(">=", 0)]},
        "E": _FADES,
        "den": {"domain": [(">", 0) if case == "growing" else (">=", 1)], "given": given},
        "u": {"domain": [(">", 0)], "given": given},
    }


# Case by case, what is claimed of the values of these steps.
DOMAINS: dict[str, dict[str, Domain]] = {case: _domains(case) for case in NAMES}


def balanced_strength() -> Kernel:
    """w = σu."""
    form = Balanced()
    says = "Strength of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau."
    inputs = (s, lam, eps, gamma, r, sigma)
    return Kernel.of("balanced_strength", BALANCED_CASES, says, inputs, form.steps, w=sigma * form.strength())


def balanced_weights() -> Kernel:
    """|w₁| = |w₂| = √u, from e^(-|κ|s) itself: the root of E would be lost where E underflows."""
    form = Balanced()
    let = form.steps.let
    half = let("half", Piecewise((1, form.drive > 0), (exp(-form.rate * s), True)))
    root = let("root", sqrt(form.den))
    says = "Size of both weights of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau."
    inputs = (s, lam, eps, gamma, r, sigma)
    return Kernel.of("balanced_weights", BALANCED_CASES, says, inputs, form.steps, size=r * half / root)


def balanced_loss() -> Kernel:
    """For κ ≤ 0 the loss λ/2 + |κ|u + ξu²/2 is a sum of nonnegative terms.

    For κ > 0 it is the least loss (λε + γ(λ + κ))/(2ξ), in which λ² - κ² has been factored, and gap²/(2ξ) with
    gap = κ - ξu = (κ - ξu₀)E/(E + ξu₀m).
    """
    form = Balanced()
    let = form.steps.let
    u = form.strength()
    scale = let("scale", Piecewise((form.xi, form.drive > 0), (1, True)))
    gap = let("gap", (form.drive - form.xi * form.start) * (form.E / form.den))
    least = let("least", (lam * eps + gamma * (lam + form.drive)) / scale)
    share = let("share", gap / scale)
    settled = least + gap * share
    sinking = lam + u * (2 * form.rate + form.xi * u)
    total = let("total", Piecewise((settled, form.drive > 0), (sinking, True)))
    says = "Loss of a mode with |w1| = |w2| = r along its path, sigma the sign of w1 w2; s = t/tau."
    inputs = (s, lam, eps, gamma, r, sigma)
    return Kernel.of("balanced_loss", BALANCED_CASES, says, inputs, form.steps, loss=total / 2)


def balanced_time() -> Kernel:
    """T = (τ/2|κ|)·ln(1 + |κ|z); the ratio is turned so that z ≥ 0 in every case.

    κ > 0:  z = (|x| - u₀)/(u₀(κ - ξ|x|))          κ ≤ 0:  z = (u₀ - |x|)/(|x|(|κ| + ξu₀));

    at κ = 0 the limit is T = τz/2.
    """
    steps = Steps()
    let = steps.let
    drive = let("kappa", sigma * lam - gamma)
    rate = let("k", Abs(drive))
    xi = let("xi", lam + eps)
    start = let("u0", r**2)
    size = let("size", sigma * x)
    way = let("way", size - start)
    rising = way / start / (drive - xi * size)
    sinking = -way / size / (rate + xi * start)
    z = let("z", Piecewise((rising, drive > 0), (sinking, True)))
    span = let("span", Piecewise((log1p(rate * z) / rate, Ne(drive, 0)), (z, True)))
    says = "Learning time, in units of tau, of a mode with |w1| = |w2| = r, to a strength x on its way."
    inputs = (x, lam, eps, gamma, r, sigma)
    return Kernel.of("balanced_time", BALANCED_CASES, says, inputs, steps, time=span / 2)
