"""Unequal weights under decay: what the derivatives of the strength are integrated from.

A derivative of the strength in a parameter obeys the mode's equation, differentiated; with the derivative written as
h·I, h = w1² + w2², all that is left is τI' = M - ξhI, whose M belongs to the parameter. Two quantities that would
cancel if they were computed as they stand obey the same equation. Not found in the literature we searched.
"""

from sympy import Derivative, Expr, S, Tuple, exp, log, sqrt

from modeflow import Chapter, rate_of
from modeflow.language.definitions import unfold

from .alphabet import a, b, c0, eps, gamma, lam, t, tau, w1, w2, x
from .letters import at_start, forcing, left, moved_by, slow, summed, tilted


def state(chapter: Chapter, xi: Expr, c_ab: Expr) -> None:
    """The claims grad.fading_*; xi, c_ab: what holds a mode back, and the imbalance at the start, by their names."""
    w, c = w1 * w2, w2**2 - w1**2
    flow = {w1: (w2 * (lam - unfold(xi) * w) - gamma * w1) / tau, w2: (w1 * (lam - unfold(xi) * w) - gamma * w2) / tau}
    h = chapter.define("h", "h", w1**2 + w2**2, says="The squared norm of the weights.", domain=[(">=", 0)])
    g = chapter.define(
        "omega", r"\omega", lam - xi * w, says="The rate of the strength without decay, times τ, over the squared norm."
    )

    def driven(start: Expr, by: Expr) -> Expr:
        return unfold(by - xi * h * start) / tau

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
    norm = chapter.define(
        "h_x",
        "h_x",
        sqrt(c0**2 + 4 * x**2),
        says="The squared norm of weights of strength x and imbalance c0.",
        domain=[(">", 0)],
    )
    chapter.claim(
        "fading_variation",
        Derivative(norm * (lam - xi * x) - 2 * gamma * x, x),
        4 * x / norm * (lam - xi * x) - xi * norm - 2 * gamma,
        says="The derivative of the rate of the strength in the strength, at a fixed imbalance.",
        follows_from=["grad.fading_pace", "grad.fading_norm"],
    )
    chapter.claim(
        "fading_kernel",
        tau * rate_of(h * moved_by, flow | {moved_by: driven(moved_by, forcing)}),
        (4 * w / h * g - xi * h - 2 * gamma) * (h * moved_by) + h * forcing,
        says="If τI' = M - ξhI, then hI solves the variational equation with the forcing hM.",
        follows_from=["grad.fading_variation"],
    )
    fallen = chapter.define(
        "c_fading", r"c_{\gamma}", c0 * exp(-2 * gamma * t / tau), says="The imbalance over time.", domain=[(">", 0)]
    )
    norm = chapter.define(
        "h_fading",
        r"h_{\gamma}",
        sqrt(fallen**2 + 4 * x**2),
        says="The squared norm of weights of strength x, as the imbalance fades.",
        domain=[(">", 0)],
    )
    pace = chapter.define(
        "pace",
        r"\varphi",
        norm * (lam - xi * x) - 2 * gamma * x,
        says="τ times the rate of the strength where it is x.",
    )
    share = (fallen / norm) ** 2 * (lam - xi * x)
    chapter.claim(
        "fading_sources",
        Tuple(*(Derivative(pace, parameter) for parameter in (lam, eps, gamma)), c0 * Derivative(pace, c0)),
        Tuple(norm * (1 - x), -norm * x, -norm * (2 * x / norm + 2 * t / tau * share), norm * share),
        says="The forcing hM that belongs to λ, ε, γ and the logarithm of the imbalance at the start.",
        follows_from=["grad.fading_kernel", "wae.imbalance"],
    )
    chapter.claim(
        "fading_start",
        Tuple(*(Derivative(start, weight) for weight in (a, b) for start in (a * b, log(c_ab)))),
        Tuple(b, -2 * a / c_ab, a, 2 * b / c_ab),
        says="The derivatives of strength and logarithm of the imbalance at the start in the weights there.",
        follows_from=["grad.fading_sources"],
    )
    gap = g - (left * at_start + 2 * gamma * xi * summed)
    chapter.claim(
        "fading_rise",
        tau * rate_of(gap, flow | {left: driven(left, S.Zero), summed: driven(summed, w)}),
        -xi * h * gap,
        says="Where α starts at 1 and J at 0, ω is αω₀ + 2γξJ: their gap starts at 0 and obeys a linear equation.",
        follows_from=["grad.fading_pace"],
    )
    late = (h * g - 2 * gamma * w) / h - (left * slow - 2 * gamma * tilted)
    chapter.claim(
        "fading_velocity",
        tau * rate_of(late, flow | {left: driven(left, S.Zero), tilted: driven(tilted, (c / h) ** 2 * g)}),
        -xi * h * late,
        says="Where J₂ starts at 0, τ times the rate of the strength is h(αr₀ - 2γJ₂): their gap is 0 throughout.",
        follows_from=["grad.fading_pace"],
    )
    chapter.claim(
        "fading_share",
        g,
        lam * (1 - w) - eps * w,
        says="ω is the signal times what the strength lacks of 1, less the noise times the strength.",
        follows_from=["grad.fading_sources"],
    )
