"""The limits of the Bessel solution, held against numbers: the letters of the chapters mean what they say."""

from __future__ import annotations

import mpmath
import pytest
from modeflow.derivations import denoising, regularised, weight_decay
from modeflow.derivations.alphabet import (
    a,
    b,
    decay,
    eps,
    faded,
    g,
    lam,
    lead_down,
    lead_up,
    most,
    p,
    q,
    series_at_start,
    series_over_time,
    t,
    tau,
)
from sympy import Expr, Rational, lambdify

WAE, REG, DAE = weight_decay.chapter.claims, regularised.chapter.claims, denoising.chapter.claims


def number(expression: Expr, values: dict[Expr, object]) -> mpmath.mpf:
    return mpmath.mpf(lambdify(list(values), expression, "mpmath")(*values.values()))


@pytest.mark.parametrize(("growth", "fading"), [("7/5", "1/3"), ("1/4", "2/3"), ("1/1000", "1/2"), ("3", "5/7")])
def test_with_the_bessel_series_put_in_the_fraction_is_the_solution(growth: str, fading: str) -> None:
    """Entire parts from mpmath's 0F1, leading parts from its Gamma; claim "entire" is not the one to define them."""
    with mpmath.workdps(40):
        l, d = (mpmath.mpf(Rational(x).p) / Rational(x).q for x in (growth, fading))
        P, Q, time, T = mpmath.mpf(3) / 2, mpmath.mpf(2) / 5, mpmath.mpf(3) / 4, mpmath.mpf(2)
        nu, s = (l - d) / (2 * d), mpmath.exp(-2 * d * time / T)
        z0 = l * P * Q / (4 * d)
        values = {lam: l, decay: d, p: P, q: Q, t: time, tau: T, faded: s, g: mpmath.exp((l - d) * time / T)}
        values |= {lead_up: (z0 / 2) ** nu / mpmath.gamma(1 + nu), lead_down: (z0 / 2) ** -nu / mpmath.gamma(1 - nu)}
        for z, letters in ((z0, series_at_start), (z0 * s, series_over_time)):
            orders = (nu, nu + 1, -nu, -nu - 1)
            values |= {h: mpmath.hyp0f1(mu + 1, z**2 / 4) for h, mu in zip(letters, orders, strict=True)}
        wanted = number(WAE["wae.solution"].rhs, values)
        for side in (WAE["wae.entire"].lhs, WAE["wae.entire"].rhs, WAE["wae.both_orders"].rhs):
            assert abs(number(side, values) - wanted) < mpmath.mpf(10) ** -25 * wanted


@pytest.mark.parametrize("small", [-2, -4, -8])
def test_the_solution_approaches_the_balanced_one_with_the_square_of_the_difference(small: int) -> None:
    with mpmath.workdps(60):
        values = {lam: mpmath.mpf(7) / 5, decay: mpmath.mpf(1) / 3, p: mpmath.mpf(1), q: mpmath.mpf(10) ** small}
        values |= {t: mpmath.mpf(3) / 4, tau: mpmath.mpf(2)}
        gap = number(WAE["wae.solution"].rhs, values) - number(WAE["wae.to_balanced"].rhs, values)
        assert 0 < gap < values[q] ** 2


@pytest.mark.parametrize("small", ["1/10", "1/100", "1/1000"])
def test_decay_moves_the_path_by_no_more_than_the_bound_says(small: str) -> None:
    with mpmath.workdps(30):
        values = {lam: mpmath.mpf(2), eps: mpmath.mpf(1) / 2, t: mpmath.mpf(1), tau: mpmath.mpf(3)}
        values |= {decay: mpmath.mpf(Rational(small).p) / Rational(small).q, p: mpmath.mpf(1), q: mpmath.mpf(2) / 3}
        values |= {a: (values[p] - values[q]) / 2, b: (values[p] + values[q]) / 2}
        without = number(DAE["dae.riccati_solution"].rhs, values)
        values[most] = without  # it grows from p² on
        assert without > values[p] ** 2
        gap = number(REG["reg.solution"].rhs, values) - without
        bound = values[decay] * number(REG["reg.lag"].rhs, values)
        assert bound / 20 < abs(gap) <= bound


@pytest.mark.parametrize("order", [1, 2, 3, "1/2", "7/5"])
@pytest.mark.parametrize("small", ["1/10", "1/1000"])
def test_imbalance_moves_the_path_by_no_more_than_the_bound_says(order: str, small: str) -> None:
    """Integer orders of the Bessel functions, for which the expansion does not hold, are among them."""
    with mpmath.workdps(40):
        fading = mpmath.mpf(1) / 3
        values = {lam: fading * (1 + 2 * mpmath.mpf(Rational(order).p) / Rational(order).q), decay: fading}
        values |= {p: mpmath.mpf(3) / 2, q: mpmath.mpf(Rational(small).p) / Rational(small).q}
        values |= {t: mpmath.mpf(3) / 4, tau: mpmath.mpf(2)}
        gap = number(WAE["wae.solution"].rhs, values) - number(WAE["wae.to_balanced"].rhs, values)
        bound = values[q] ** 2 * number(WAE["wae.balanced_lag"].rhs, values)
        assert bound / 20 < gap <= bound
