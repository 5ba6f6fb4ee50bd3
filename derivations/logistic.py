"""The logistic curve of balanced weights, which every objective here shares.

Balanced weights w1 = w2 stay balanced, w1² + w2² is 2w, and a strength u obeys τu' = 2u(growth - pull·u). Its
reciprocal obeys a linear equation, which is solved at sight and turned over again. Turned around, the curve says
when a strength is reached.
"""

from typing import Any

from sympy import Expr, Ne, Subs, exp, sqrt

from modeflow import Chapter, Equation, Rates, rate_of
from modeflow.language.closed_forms import Part, logistic_path, logistic_time
from modeflow.language.solve import linear_solution

from .alphabet import learning_time, reciprocal, strength, t, tau, u, v, w0, w1, w2, x
from .naming import written

# What the curve divides by, which has a name where the growth may have either sign: name, letter, index, meaning.
NAMES: dict[str, Part] = {"below": ("below", r"\mathcal{L}", "", "The denominator of the strength of a balanced mode.")}
SIGMOID = "The strength of a balanced mode is a sigmoid in time that ends at {}."


def velocity(growth: Expr, pull: Expr) -> Expr:
    """du/dt of a balanced strength u."""
    return 2 * u * (growth - pull * u) / tau


def path(growth: Expr, pull: Expr, start: Expr = w0) -> Expr:
    """The strength over time from `start`."""
    return logistic_path(growth, pull, start, t, rate=2 / tau)


def time_to(value: Expr, growth: Expr, pull: Expr) -> Expr:
    """The time at which the strength passes a value on its way from w0."""
    return logistic_time(growth, pull, w0, value, rate=2 / tau)


def state(
    chapter: Chapter,
    flow: Any,
    growth: Expr,
    pull: Expr,
    *,
    solution: str,
    time: str,
    ends: str,
    mark: str = "",
) -> None:
    """Derive the curve in a chapter: velocity, reciprocal, its solution, the strength, the learning time.

    flow: the velocities of w1 and w2. solution, time: the names of the two results. ends: where the curve ends.
    mark: over the letter for what the curve divides by, which has a name where the growth may have either sign.
    """
    key = chapter.key
    chapter.claim(
        "balanced_rate",
        Subs(rate_of(w1 * w2, flow), (w1, w2), (sqrt(u), sqrt(u))),
        velocity(growth, pull),
        rates=Rates((u,)),
        says="Balanced weights obey a logistic equation in their strength u.",
        follows_from=[f"{key}.product_rate"],
        flow=flow,
    )
    reciprocal_velocity = 2 * (pull - growth * v) / tau
    chapter.claim(
        "reciprocal_rate",
        rate_of(1 / u, {u: velocity(growth, pull)}),
        reciprocal_velocity.xreplace({v: 1 / u}),
        rates=Rates((v,), written={u: 1 / v}),
        says="The reciprocal of the strength obeys a linear equation.",
        follows_from=[f"{key}.balanced_rate"],
        flow=flow,
    )
    reciprocal_path = linear_solution(reciprocal_velocity, v, 1 / w0, t)
    chapter.claim(
        "reciprocal_solution",
        reciprocal(t),
        reciprocal_path,
        satisfies=[
            Equation(reciprocal(t).diff(t), reciprocal_velocity.xreplace({v: reciprocal(t)}), "rate"),
            Equation(reciprocal(0), 1 / w0, "initial value"),
        ],
        says="The reciprocal of the strength over time is the sum of an exponential and a constant.",
        follows_from=[f"{key}.reciprocal_rate"],
        flow=flow,
    )
    divisors = () if growth.is_nonnegative else (_divisor(chapter, growth, pull, mark),)
    curve = chapter.claim(
        solution,
        strength(t),
        path(growth, pull),
        satisfies=[
            Equation(strength(t) * reciprocal_path, 1, "back-substitution"),
            Equation(strength(t).diff(t), velocity(growth, pull).xreplace({u: strength(t)}), "rate"),
            Equation(strength(0), w0, "initial value"),
        ],
        beside=divisors,
        says=SIGMOID.format(ends),
        follows_from=[f"{key}.reciprocal_solution"],
        flow=flow,
    )
    chapter.claim(
        time,
        learning_time(x),
        time_to(x, growth, pull),
        satisfies=[
            Equation(learning_time(x).diff(x), 1 / velocity(growth, pull).xreplace({u: x}), "inverse rate"),
            Equation(learning_time(w0), 0, "start"),
        ],
        says="The time at which the strength of a balanced mode passes x.",
        follows_from=[curve.id],
        flow=flow,
    )


def _divisor(chapter: Chapter, growth: Expr, pull: Expr, mark: str) -> Expr:
    """What the curve divides by: it has the sign of the growth, as exp(2·growth·t/τ) - 1 does."""
    own, letter, index, says = NAMES["below"]
    return chapter.define(
        own,
        written(letter, index, mark),
        growth / w0 + pull * (exp(2 * growth * t / tau) - 1),
        says=says,
        domain=[("!=", 0)],
        given=[Ne(growth, 0)],
    )
