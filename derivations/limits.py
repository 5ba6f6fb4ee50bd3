"""Two limits of the Bessel solution: no imbalance, and no decay.

Without imbalance. For an order μ that is no integer, K_μ is a combination of I_μ and I_{-μ}, and I_n(z) is z^n times an
entire function h_n(z), h_n(0) = 1, up to a constant (DLMF 10.27.4 and 10.25.2). Put in, every power of z cancels:
P is a fraction in q and eight values of entire functions, continuous where its denominator is not zero, so its limit
at q = 0 is its value there. For any order, integers included, the limit follows from the equations: the difference to
the balanced path obeys a linear equation whose forcing is (ξ/2)c², so that 0 <= P - P₀ <= q² ℓ(t), where ℓ does not
depend on q.

Without decay the order grows without bound and no series in z helps. There too the two paths are compared by their
equations. The difference P - P₀ obeys a linear equation whose forcing is at most γ times something fixed, so that
|P - P₀| <= γ ℓ(t), where ℓ does not depend on γ.

Both comparisons rest on one lemma, a claim of its own: δ with δ' >= Φ'δ and δ(0) = 0 is not negative.
"""

from typing import Any

from sympy import Expr, Integer, Tuple, besseli, besselk, exp

from modeflow import Chapter, Claim, Equation
from modeflow.language.closed_forms import FadingForm
from modeflow.language.definitions import unfold

from . import logistic
from .alphabet import (
    P,
    beyond,
    decay,
    driven,
    faded,
    g,
    lag,
    lam,
    late,
    lead_down,
    lead_up,
    most,
    p,
    pace,
    push,
    q,
    rival,
    series_at_start,
    series_over_time,
    spare,
    t,
    tau,
)
from .direct import NEW

COMPARISON = "wae.comparison"
LEMMA = "the comparison lemma for linear differential equations"


def lemma(chapter: Chapter) -> None:
    """A solution of a linear equation that starts at 0 with a forcing >= 0 is not negative; COMPARISON is its claim."""
    left_over = exp(-pace(t))
    chapter.claim(
        "comparison_rate",
        (driven(t) * left_over).diff(t),
        (driven(t).diff(t) - pace(t).diff(t) * driven(t)) * left_over,
        says="For any δ and Φ, δ exp(-Φ) changes at the rate (δ' - Φ'δ) exp(-Φ).",
        source=LEMMA,
    )
    chapter.claim(
        "comparison",
        push * left_over,
        0,
        relation=">=",
        says="Where δ' - Φ'δ is not negative, δ exp(-Φ) never falls, so that a δ that starts at 0 is never negative.",
        follows_from=["wae.comparison_rate"],
        source=LEMMA,
    )


def without_imbalance(chapter: Chapter, form: FadingForm, solution: Claim) -> Claim:
    """q → 0 in the solution that a chapter has reached; p is then twice the root of the strength at the start."""
    key, nu = chapter.key, form.order
    start, now = form.start, form.start * faded
    below, above = _both_orders(nu, start, now)
    chapter.claim(
        "both_orders",
        unfold(solution.rhs).subs(exp(-2 * decay * t / tau), faded).xreplace(_by_definition(nu, start, now)),
        p * q * faded * above / below,
        says="For μ not an integer K is made of I_μ and I_{-μ}, and the factor in front of it cancels.",
        follows_from=[solution.id],
        source="olver2010, 10.27.4",
    )
    numerator, denominator = _without_powers(form)
    chapter.claim(
        "entire",
        (p * q * faded * above / below).xreplace(_by_series(nu, start, now)),
        p**2 * numerator / denominator,
        says="With I_n(z) as z^n times an entire function, and g = s^(-μ), no power of z is left and no division by q.",
        follows_from=[f"{key}.both_orders"],
        source="olver2010, 10.25.2",
    )
    chapter.claim(
        "balanced_difference",
        _riccati(P, form.growth - form.decay, form.pull, form.imbalance)
        - _riccati(rival, form.growth - form.decay, form.pull, Integer(0)),
        (2 * (form.growth - form.decay) - form.pull / 2 * (P + rival)) * (P - rival)
        + form.pull / 2 * form.imbalance**2,
        says="For any order the difference to the path P₀ of balanced weights obeys a linear equation, forced by c².",
        follows_from=[solution.id],
        source=NEW,
    )
    _bounded_by_imbalance(chapter, form)
    at_zero = {q: Integer(0), **dict.fromkeys((*series_at_start, *series_over_time), Integer(1))}
    return chapter.claim(
        "to_balanced",
        (p**2 * numerator / denominator).xreplace(at_zero).xreplace({g: exp((form.growth - form.decay) * t / tau)}),
        4 * logistic.path(form.growth - form.decay, form.pull, start=p**2 / 4),
        says="At q = 0, where every entire function is 1, it is the logistic curve of balanced weights, P = 4w. "
        "For μ an integer that is the limit too, by the bound.",
        follows_from=[f"{key}.entire", f"{key}.balanced_bound_sign", f"{key}.balanced"],
        source=NEW,
    )


def _bounded_by_imbalance(chapter: Chapter, form: FadingForm) -> None:
    """0 <= P - P₀ <= q² ℓ for any order, where ℓ does not depend on q."""
    key, push_back = chapter.key, form.pull / 2
    grown = exp(2 * lam * t / tau)
    bound = chapter.claim(
        "balanced_lag",
        lag(t),
        push_back * p**2 * (grown - 1) / (2 * lam),
        satisfies=[
            Equation(tau * lag(t).diff(t), 2 * lam * lag(t) + push_back * p**2, "rate"),
            Equation(lag(0), 0, "initial value"),
        ],
        says="A function ℓ that grows at 2λ and is driven by ξp²/2, which does not depend on q.",
        source=NEW,
    ).rhs
    slope = 2 * (form.growth - form.decay) - push_back * (P + rival)
    apart = slope * (P - rival) + push_back * form.imbalance**2  # τ times the rate of P - P₀, by balanced_difference
    forcings = Tuple(
        push_back * form.imbalance**2,
        q**2 * bound * (2 * decay + push_back * (P + rival)) + push_back * (p**2 * q**2 - form.imbalance**2),
    )
    chapter.claim(
        "balanced_bound",
        Tuple(
            apart - slope * (P - rival),
            tau * q**2 * bound.diff(t) - apart - slope * (q**2 * bound - P + rival),
        ),
        forcings,
        says="P - P₀ and q²ℓ - (P - P₀) start at 0 and obey linear equations with these forcings.",
        follows_from=[f"{key}.balanced_difference", f"{key}.balanced_lag"],
        source=NEW,
    )
    chapter.claim(
        "balanced_bound_sign",
        forcings,
        Tuple(0, 0),
        relation=">=",
        says="Neither forcing is negative: so 0 <= P - P₀ <= q²ℓ for every order, and P goes to P₀ as q goes to 0.",
        follows_from=[f"{key}.balanced_bound", COMPARISON],
        source=NEW,
    )


def _riccati(squared_sum: Expr, growth: Expr, pull: Expr, imbalance: Expr) -> Expr:
    """τ dP/dt."""
    return 2 * growth * squared_sum - pull / 2 * (squared_sum**2 - imbalance**2)


def _by_definition(nu: Expr, start: Expr, now: Expr) -> dict[Any, Expr]:
    """K of orders μ and μ + 1 by I, less the factor π/(2 sin μπ) that both have."""
    return {
        **{besselk(nu, z): besseli(-nu, z) - besseli(nu, z) for z in (start, now)},
        **{besselk(nu + 1, z): besseli(nu + 1, z) - besseli(-nu - 1, z) for z in (start, now)},
    }


def _both_orders(nu: Expr, start: Expr, now: Expr) -> tuple[Expr, Expr]:
    """The denominator and the numerator of p/q by I of orders μ, -μ and their neighbours."""
    (i, i_above, i_minus, i_minus_above), (k, k_above, k_minus, k_minus_above) = (
        [besseli(order, z) for order in (nu, nu + 1, -nu, -nu - 1)] for z in (start, now)
    )
    below = q * (i_above * k_minus - i_minus_above * k) + p * (i * k_minus - i_minus * k)
    above = q * (i_minus_above * k_above - i_above * k_minus_above) + p * (i_minus * k_above - i * k_minus_above)
    return below, above


def _by_series(nu: Expr, start: Expr, now: Expr) -> dict[Any, Expr]:
    """I_n(z) as its leading part times h_n(z), for n = μ, μ + 1, -μ, -μ - 1; g is s^(-μ)."""
    values: dict[Any, Expr] = {}
    for z, grown, parts in ((start, Integer(1), series_at_start), (now, g, series_over_time)):
        h, h_above, h_minus, h_minus_above = parts
        values[besseli(nu, z)] = lead_up / grown * h
        values[besseli(nu + 1, z)] = lead_up / grown * z / (2 * (nu + 1)) * h_above
        values[besseli(-nu, z)] = lead_down * grown * h_minus
        values[besseli(-nu - 1, z)] = -lead_down * grown * 2 * nu / z * h_minus_above
    return values


def _without_powers(form: FadingForm) -> tuple[Expr, Expr]:
    """N and D of P = p² N/D, polynomials in q and in the values of the entire functions."""
    nu, z0, pull = form.order, form.start, form.pull
    drive, above_order = 4 * (form.growth - form.decay), 2 * (nu + 1)
    h, h_above, h_minus, h_minus_above = series_at_start
    j, j_above, j_minus, j_minus_above = series_over_time
    mixed = 2 * nu * q * (g * h_above * j_minus_above - faded**2 / g * h_minus_above * j_above)
    small = pull * q / above_order * (mixed + p * z0 * faded**2 / g * h_minus * j_above)
    numerator = drive * g * h * j_minus_above + small
    crossed = pull * p**2 * (g * h * j_minus - h_minus * j / g)
    also_small = pull * p * q * z0 * g / above_order * h_above * j_minus
    return numerator, drive / g * h_minus_above * j + crossed + also_small


def without_decay(chapter: Chapter, pull: Expr, solution: Claim, undecayed: Claim) -> Claim:
    """γ → 0 in the solution that a chapter has reached. undecayed: the claim on P without decay, called P₀ here."""
    key, c0 = chapter.key, p * q
    c = c0 * exp(-2 * decay * t / tau)

    difference = _riccati(P, lam - decay, pull, c) - _riccati(rival, lam, pull, c0)
    slope = 2 * (lam - decay) - pull / 2 * (P + rival)
    lagging = 2 * decay * rival + pull / 2 * (c0**2 - c**2)
    chapter.claim(
        "difference",
        difference,
        slope * (P - rival) - lagging,
        says="The difference of the squared sums P with decay and P₀ without obeys a linear equation, with a forcing.",
        follows_from=[solution.id, undecayed.id],
        source=NEW,
    )
    past = 4 * decay * t / tau
    passed = past - 1 + exp(-past)
    chapter.claim(
        "forcing_start",
        passed.subs(t, 0),
        0,
        says="The function s - 1 + exp(-s) of s = 4γt/τ is 0 at the start.",
        source=NEW,
    )
    chapter.claim(
        "forcing_rate",
        passed.diff(t),
        0,
        relation=">=",
        says="It never falls, so that it is not negative.",
        follows_from=[f"{key}.forcing_start"],
        source=NEW,
    )
    steady = 2 * most + 2 * pull * c0**2 * t / tau
    chapter.claim(
        "forcing",
        decay * steady - lagging,
        2 * decay * (most - rival) + pull / 2 * c0**2 * passed,
        says="So while P₀ <= P_max the forcing is at most γ times something that does not depend on γ.",
        follows_from=[f"{key}.difference", f"{key}.forcing_rate"],
        source=NEW,
    )
    grown = exp(2 * lam * t / tau)
    bound = chapter.claim(
        "lag",
        lag(t),
        most * (grown - 1) / lam + pull * c0**2 * (grown - 1 - 2 * lam * t / tau) / (2 * lam**2),
        satisfies=[
            Equation(tau * lag(t).diff(t), 2 * lam * lag(t) + steady, "rate"),
            Equation(lag(0), 0, "initial value"),
        ],
        says="A function ℓ that grows at 2λ and is driven by that something; it is not negative.",
        follows_from=[f"{key}.forcing"],
        source=NEW,
    )
    gap = bound.rhs
    leeway = (2 * decay + pull / 2 * (P + rival)) * decay
    chapter.claim(
        "to_dae_sign",
        Tuple(
            leeway * late + 2 * decay * spare + pull / 2 * c0**2 * beyond,
            leeway * late + decay * steady + lagging,
            2 * decay * rival + decay * steady,
        ),
        Tuple(0, 0, 0),
        relation=">=",
        says="With ℓ, P_max - P₀ and s - 1 + exp(-s) not negative, no forcing below is, nor that of ℓ itself.",
        follows_from=[f"{key}.lag", f"{key}.forcing_rate", COMPARISON],
        source=NEW,
    )
    return chapter.claim(
        "to_dae",
        Tuple(
            tau * decay * gap.diff(t) + difference - slope * (decay * gap + P - rival),
            tau * decay * gap.diff(t) - difference - slope * (decay * gap - P + rival),
        ),
        Tuple(
            leeway * gap + 2 * decay * (most - rival) + pull / 2 * c0**2 * passed,
            leeway * gap + decay * steady + lagging,
        ),
        says="γℓ ± (P - P₀) start at 0, with forcings >= 0: so |P - P₀| <= γℓ, and P goes to P₀ as γ goes to 0.",
        follows_from=[
            f"{key}.lag",
            f"{key}.difference",
            f"{key}.forcing",
            f"{key}.to_dae_sign",
            undecayed.id,
            COMPARISON,
        ],
        source=NEW,
    )
