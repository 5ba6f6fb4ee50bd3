"""Unequal weights under decay: what the derivatives of the strength are integrated from.

A derivative of the strength in a parameter obeys the mode's equation, differentiated; with the derivative written as
h·I, h = w1² + w2², all that is left is τI' = f - ξhI, whose f belongs to the parameter. Two quantities that would
cancel if they were computed as they stand obey the same equation. Not found in the literature we searched.
"""

from sympy import Derivative, Expr, S, Tuple, exp, log, sqrt

from modeflow import Alphabet, Chapter, rate_of

from .alphabet import a, b, c0, eps, gamma, lam, t, tau, w1, w2, x

xi = lam + eps


def pace(w: Expr, c: Expr) -> Expr:
    """τw' as a function of the strength and the imbalance."""
    return sqrt(c**2 + 4 * w**2) * (lam - xi * w) - 2 * gamma * w


def state(chapter: Chapter, letters: Alphabet) -> None:
    """The claims grad.fading_*."""
    moved_by = letters.scalar("I", "I", "a derivative of the strength over the squared norm of the weights", real=True)
    f = letters.scalar("f", "f", "what drives it", real=True)
    G = letters.scalar("G_p", "G", "what is left of a change at the start, over the squared norm", real=True)
    J = letters.scalar("J", "J", "the same of the strength, summed from the start", real=True)
    B = letters.scalar("B", "B", "the same of what the imbalance drives", real=True)
    at_start = letters.scalar("g0", "g_0", "λ - ξw at the start", real=True)
    slow = letters.scalar("r0", "r_0", "rate of the strength over that norm, at the start", real=True)

    w, h, c = w1 * w2, w1**2 + w2**2, w2**2 - w1**2
    g = lam - xi * w
    flow = {w1: (w2 * g - gamma * w1) / tau, w2: (w1 * g - gamma * w2) / tau}

    def driven(start: Expr, forcing: Expr) -> Expr:
        return (forcing - xi * h * start) / tau

    chapter.claim(
        "fading_pace",
        tau * rate_of(w, flow),
        h * g - 2 * gamma * w,
        says="The rate of the strength under noise and decay.",
        follows_from=["flow.mode_w1", "flow.mode_w2"],
    )
    chapter.claim(
        "fading_norm",
        h**2,
        c**2 + 4 * w**2,
        says="The squared norm h of the weights, from the imbalance and the strength.",
        follows_from=["grad.fading_pace"],
    )
    H = sqrt(c0**2 + 4 * x**2)
    chapter.claim(
        "fading_variation",
        Derivative(pace(x, c0), x),
        4 * x / H * (lam - xi * x) - xi * H - 2 * gamma,
        says="How the rate of the strength depends on the strength, the imbalance held fixed.",
        follows_from=["grad.fading_pace", "grad.fading_norm"],
    )
    chapter.claim(
        "fading_kernel",
        tau * rate_of(h * moved_by, flow | {moved_by: driven(moved_by, f)}),
        (4 * w / h * g - xi * h - 2 * gamma) * (h * moved_by) + h * f,
        says="If τI' = f - ξhI, then hI solves the variational equation with the forcing hf.",
        follows_from=["grad.fading_variation"],
    )
    fallen = c0 * exp(-2 * gamma * t / tau)
    H = sqrt(fallen**2 + 4 * x**2)
    share = (fallen / H) ** 2 * (lam - xi * x)
    moved = pace(x, fallen)
    chapter.claim(
        "fading_sources",
        Tuple(*(Derivative(moved, parameter) for parameter in (lam, eps, gamma)), c0 * Derivative(moved, c0)),
        Tuple(H * (1 - x), -H * x, -H * (2 * x / H + 2 * t / tau * share), H * share),
        says="The forcing hf that belongs to λ, ε, γ and the logarithm of the imbalance at the start.",
        follows_from=["grad.fading_kernel", "wae.imbalance"],
    )
    chapter.claim(
        "fading_start",
        Tuple(*(Derivative(start, weight) for weight in (a, b) for start in (a * b, log(b**2 - a**2)))),
        Tuple(b, -2 * a / (b**2 - a**2), a, 2 * b / (b**2 - a**2)),
        says="How strength and imbalance at the start depend on the weights there.",
        follows_from=["grad.fading_sources"],
    )
    gap = g - (G * at_start + 2 * gamma * xi * J)
    chapter.claim(
        "fading_rise",
        tau * rate_of(gap, flow | {G: driven(G, S.Zero), J: driven(J, w)}),
        -xi * h * gap,
        says="From G = 1 and J = 0 on, λ - ξw is Gg₀ + 2γξJ: their gap obeys a linear equation and starts at 0.",
        follows_from=["grad.fading_pace"],
    )
    late = (h * g - 2 * gamma * w) / h - (G * slow - 2 * gamma * B)
    chapter.claim(
        "fading_velocity",
        tau * rate_of(late, flow | {G: driven(G, S.Zero), B: driven(B, (c / h) ** 2 * g)}),
        -xi * h * late,
        says="From B = 0 on, the rate of the strength is h(Gr₀ - 2γB), for the same reason.",
        follows_from=["grad.fading_pace"],
    )
    chapter.claim(
        "fading_share",
        g,
        lam * (1 - w) - eps * w,
        says="What drives a mode: what it lacks of the whole strength, less what noise takes.",
        follows_from=["grad.fading_sources"],
    )
