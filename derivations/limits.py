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

from sympy import Derivative, Expr, Integer, Tuple, besseli, besselk, exp

from modeflow import Chapter, Claim, Equation
from modeflow.language.closed_forms import FadingForm, Part
from modeflow.language.definitions import unfold

from . import logistic
from .alphabet import (
    P,
    beyond,
    decay,
    driven,
    faded,
    g,
    gamma,
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
    w0,
)
from .direct import NEW
from .naming import naming_in

COMPARISON = "wae.comparison"
LEMMA = "the comparison lemma for linear differential equations"

# What both comparisons of two paths name: name, letter, index, meaning.
NAMES: dict[str, Part] = {
    "rate": ("P_rate", r"\dot{P}", "", "The rate of P, by its Riccati equation."),
    "rate in the limit": ("P0_rate", r"\dot{P}", "_0", "The rate of P₀, by its Riccati equation."),
    "factor": ("Omega", r"\Omega", "", "The coefficient of P - P₀ in the linear equation that it obeys."),
}


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
    key = chapter.key
    crosses = _both_orders(chapter, form, solution)
    entire = _entire(chapter, form, crosses)
    _bounded_by_imbalance(chapter, form, solution)
    at_zero = {q: Integer(0), **dict.fromkeys((*series_at_start, *series_over_time), Integer(1))}
    return chapter.claim(
        "to_balanced",
        unfold(entire).xreplace(at_zero).xreplace({g: exp((form.growth - form.decay) * t / tau)}),
        4 * logistic.path(form.growth - form.decay, form.pull, start=p**2 / 4),
        beside=[chapter.definitions[f"{key}.below"].applied.xreplace({w0: p**2 / 4, gamma: form.decay})],
        says="At q = 0, where every entire function is 1, P is 4w, with the logistic curve w of balanced weights. "
        "By the bound that is the limit for integers μ, too.",
        follows_from=[f"{key}.entire", f"{key}.balanced_bound_sign", f"{key}.balanced"],
        source=NEW,
    )


Crosses = dict[str, Expr]


def _both_orders(chapter: Chapter, form: FadingForm, solution: Claim) -> Crosses:
    """The solution by the Bessel functions I of orders ±μ and ±(μ + 1); returns their cross products."""
    nu, start, now = form.order, form.start, form.start * faded
    by_definition = _by_definition(nu, start, now)
    growing, falling = form.start_coefficients
    growing_by_I = chapter.define(
        "A_I",
        "A_I",
        growing.first().xreplace(by_definition),
        says="A₀ with each K written in I, divided by π/(2 sin μπ).",
    )
    crosses = _cross_products(chapter, nu, start, now)
    below = chapter.define("X_below", r"X_{\Sigma}", _below(crosses), says="The denominator of P in cross products.")
    chapter.claim(
        "both_orders",
        p * q * faded / form.ratio(growing_by_I, falling, now).xreplace(by_definition),
        _fraction(crosses),
        beside=[below],
        says="Where μ is no integer, K is a combination of I of the orders μ and -μ, and its factor cancels.",
        follows_from=[solution.id],
        source="olver2010, 10.27.4",
    )
    return crosses


def _cross_products(chapter: Chapter, nu: Expr, start: Expr, now: Expr) -> Crosses:
    (i, i_above, i_minus, i_minus_above), (k, k_above, k_minus, k_minus_above) = (
        [besseli(order, z) for order in (nu, nu + 1, -nu, -nu - 1)] for z in (start, now)
    )
    products = {
        "00": (i * k_minus - i_minus * k, "±μ", "∓μ"),
        "10": (i_above * k_minus - i_minus_above * k, "±(μ + 1)", "∓μ"),
        "01": (i_minus * k_above - i * k_minus_above, "∓μ", "±(μ + 1)"),
        "11": (i_minus_above * k_above - i_above * k_minus_above, "∓(μ + 1)", "±(μ + 1)"),
    }
    says = "A cross product of I of orders {} at the start and of orders {} where ϱ of the imbalance is left."
    return {
        index: chapter.define(f"X{index}", f"X_{{{index}}}", product, says=says.format(*orders))
        for index, (product, *orders) in products.items()
    }


def _fraction(crosses: Crosses) -> Expr:
    """P in cross products."""
    return p * q * faded * (q * crosses["11"] + p * crosses["01"]) / _below(crosses)


def _below(crosses: Crosses) -> Expr:
    return q * crosses["10"] + p * crosses["00"]


def _entire(chapter: Chapter, form: FadingForm, crosses: Crosses) -> Expr:
    """The same by entire functions, without a power of z and without a division by q; returns P."""
    by_series = _by_series(form.order, form.start, form.start * faded)
    series = {
        index: chapter.define(
            f"Y{index}",
            rf"\hat{{X}}_{{{index}}}",
            product.first().xreplace(by_series),
            says=f"The cross product {LOWERED[index]} with Iₙ(z) as zⁿ times an entire function.",
        )
        for index, product in crosses.items()
    }
    numerator, denominator = _without_powers(chapter, form)
    chapter.claim(
        "entire",
        _fraction(series),
        p**2 * numerator / denominator,
        says="With Iₙ(z) as zⁿ times an entire function, and G for ϱ to the power -μ, P has no division by z or q.",
        follows_from=[f"{chapter.key}.both_orders"],
        source="olver2010, 10.25.2",
    )
    return p**2 * numerator / denominator


LOWERED = {"00": "X₀₀", "10": "X₁₀", "01": "X₀₁", "11": "X₁₁"}


def _bounded_by_imbalance(chapter: Chapter, form: FadingForm, solution: Claim) -> None:
    """0 <= P - P₀ <= q² ℓ for any order, where ℓ does not depend on q."""
    key, push_back, name = chapter.key, form.pull / 2, naming_in(chapter, NAMES)
    growth = form.growth - form.decay
    forcing = push_back * form.imbalance**2
    apart = name("rate", _riccati(P, growth, form.pull, form.imbalance) / tau) - name(
        "rate in the limit", _riccati(rival, growth, form.pull, Integer(0)) / tau
    )
    factor = name("factor", 2 * growth - push_back * (P + rival))
    chapter.claim(
        "balanced_difference",
        tau * apart,
        factor * (P - rival) + forcing,
        says="For any order, P less the path P₀ of balanced weights obeys a linear equation that is forced by c².",
        follows_from=[solution.id],
        source=NEW,
    )
    grown = exp(2 * lam * t / tau)
    bound = chapter.claim(
        "balanced_lag",
        lag(t),
        push_back * p**2 * (grown - 1) / (2 * lam),
        satisfies=[
            Equation(tau * lag(t).diff(t), 2 * lam * lag(t) + push_back * p**2, "rate"),
            Equation(lag(0), 0, "initial value"),
        ],
        says="The function ℓ starts at 0, grows at the rate 2λ/τ, and is driven by λp²/2, which does not depend on q.",
        source=NEW,
    ).rhs
    ell = chapter.define("ell", r"\ell_q", bound, says="The value of ℓ at the time t.")
    forcings = Tuple(
        forcing,
        q**2 * ell * (2 * decay + push_back * (P + rival)) + push_back * (p**2 * q**2 - form.imbalance**2),
    )
    chapter.claim(
        "balanced_bound",
        Tuple(
            tau * apart - factor * (P - rival),
            tau * (q**2 * Derivative(ell, t) - apart) - factor * (q**2 * ell - P + rival),
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
        says="Neither forcing is negative: so 0 ≤ P - P₀ ≤ q²ℓ for every order, and P goes to P₀ as q goes to 0.",
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


def _by_series(nu: Expr, start: Expr, now: Expr) -> dict[Any, Expr]:
    """I_n(z) as its leading part times h_n(z), for n = μ, μ + 1, -μ, -μ - 1; g is ϱ^(-μ)."""
    values: dict[Any, Expr] = {}
    for z, grown, parts in ((start, Integer(1), series_at_start), (now, g, series_over_time)):
        h, h_above, h_minus, h_minus_above = parts
        values[besseli(nu, z)] = lead_up / grown * h
        values[besseli(nu + 1, z)] = lead_up / grown * z / (2 * (nu + 1)) * h_above
        values[besseli(-nu, z)] = lead_down * grown * h_minus
        values[besseli(-nu - 1, z)] = -lead_down * grown * 2 * nu / z * h_minus_above
    return values


def _without_powers(chapter: Chapter, form: FadingForm) -> tuple[Expr, Expr]:
    """The two sides of the fraction that P/p² is, polynomials in q and in the values of the entire functions."""
    nu, z0, pull = form.order, form.start, form.pull
    drive, above_order = 4 * (form.growth - form.decay), 2 * (nu + 1)
    h, h_above, h_minus, h_minus_above = series_at_start
    j, j_above, j_minus, j_minus_above = series_over_time
    neighbours = chapter.define(
        "M",
        r"\mathcal{M}",
        g * h_above * j_minus_above - faded**2 / g * h_minus_above * j_above,
        says="The cross product of the entire functions of the orders ±(μ + 1).",
    )
    small = pull * q / above_order * (2 * nu * q * neighbours + p * z0 * faded**2 / g * h_minus * j_above)
    numerator = chapter.define(
        "P_entire",
        r"\mathcal{P}",
        drive * g * h * j_minus_above + small,
        says="The numerator of P/p², in which nothing is divided by q.",
    )
    same_order = chapter.define(
        "K",
        r"\mathcal{K}",
        g * h * j_minus - h_minus * j / g,
        says="The cross product of the entire functions of the orders ±μ.",
    )
    crossed = pull * p**2 * same_order
    also_small = pull * p * q * z0 * g / above_order * h_above * j_minus
    denominator = chapter.define(
        "Q_entire",
        r"\mathcal{Q}",
        drive / g * h_minus_above * j + crossed + also_small,
        says="The denominator of P/p², in which nothing is divided by q.",
    )
    return numerator, denominator


def without_decay(chapter: Chapter, form: FadingForm, solution: Claim, undecayed: Claim, mark: str) -> Claim:
    """γ → 0 in the solution that a chapter has reached. undecayed: the claim on P without decay, called P₀ here."""
    key, pull, c, c0 = chapter.key, form.pull, form.imbalance, p * q
    name, push_back = naming_in(chapter, NAMES, mark=mark), form.pull / 2

    apart = name("rate", _riccati(P, lam - decay, pull, c) / tau) - name(
        "rate in the limit", _riccati(rival, lam, pull, c0) / tau
    )
    factor = name("factor", 2 * (lam - decay) - push_back * (P + rival))
    lagging = chapter.define(
        "forcing_t",
        r"f_{\gamma}",
        2 * decay * rival + push_back * (c0**2 - c**2),
        says="The forcing that drives P below P₀.",
    )
    chapter.claim(
        "difference",
        tau * apart,
        factor * (P - rival) - lagging,
        says="The squared sum P with decay, less P₀ without decay, obeys a linear equation with a forcing.",
        follows_from=[solution.id, undecayed.id],
        source=NEW,
    )
    past = chapter.define(
        "past",
        r"\sigma_t",
        4 * decay * t / tau,
        says="The time in units in which the squared imbalance falls by the factor e.",
    )
    passed = chapter.define(
        "passed", r"\chi_t", past - 1 + exp(-past), says="The value of σ - 1 + exp(-σ) at the time t."
    )
    chapter.claim(
        "forcing_start",
        passed.xreplace({t: Integer(0)}),
        0,
        says="The function σ - 1 + exp(-σ) of σ = 4γt/τ is 0 at the start.",
        source=NEW,
    )
    chapter.claim(
        "forcing_rate",
        Derivative(passed, t),
        0,
        relation=">=",
        says="The function σ - 1 + exp(-σ) never falls, so that it is never negative.",
        follows_from=[f"{key}.forcing_start"],
        source=NEW,
    )
    steady = chapter.define(
        "steady",
        r"\bar{f}",
        2 * most + 2 * pull * c0**2 * t / tau,
        says="A bound on the forcing divided by γ, which does not depend on γ.",
    )
    chapter.claim(
        "forcing",
        decay * steady - lagging,
        2 * decay * (most - rival) + push_back * c0**2 * passed,
        says="While P₀ is at most its bound, the forcing is at most γ times a function that does not depend on γ.",
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
        says="The function ℓ starts at 0, grows at the rate 2λ/τ, and is driven by that function; it is not negative.",
        follows_from=[f"{key}.forcing"],
        source=NEW,
    )
    ell = chapter.define("ell", r"\ell_{\gamma}", bound.rhs, says="The value of ℓ at the time t.")
    leeway = chapter.define(
        "leeway",
        r"\Xi",
        (2 * decay + push_back * (P + rival)) * decay,
        says="The factor of ℓ in the forcings of γℓ ± (P - P₀).",
    )
    chapter.claim(
        "to_dae_sign",
        Tuple(
            leeway * late + 2 * decay * spare + push_back * c0**2 * beyond,
            leeway * late + decay * steady + lagging,
            2 * decay * rival + decay * steady,
        ),
        Tuple(0, 0, 0),
        relation=">=",
        says="If ℓ, the bound less P₀, and σ - 1 + exp(-σ) are not negative, neither are the forcings below and of ℓ.",
        follows_from=[f"{key}.lag", f"{key}.forcing_rate", COMPARISON],
        source=NEW,
    )
    return chapter.claim(
        "to_dae",
        Tuple(
            tau * (decay * Derivative(ell, t) + apart) - factor * (decay * ell + P - rival),
            tau * (decay * Derivative(ell, t) - apart) - factor * (decay * ell - P + rival),
        ),
        Tuple(
            leeway * ell + 2 * decay * (most - rival) + push_back * c0**2 * passed,
            leeway * ell + decay * steady + lagging,
        ),
        says="γℓ ± (P - P₀) start at 0, with forcings ≥ 0: so |P - P₀| ≤ γℓ, and P goes to P₀ as γ goes to 0.",
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
