"""What holds up to a constant is proved on a connected domain without cuts, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import (
    Abs,
    E,
    Function,
    Rational,
    Symbol,
    acos,
    acosh,
    acot,
    asin,
    asinh,
    atan,
    atanh,
    coth,
    csch,
    exp,
    log,
    pi,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from modeflow import prove
from modeflow.proof.constancy import is_analytic, zero_by_derivatives

x, y = symbols("x y", real=True)
p, q = symbols("p q", positive=True)
m = Symbol("m", negative=True)
n = Symbol("n", nonnegative=True)
w = Symbol("w", nonzero=True)
k = Symbol("k", integer=True, positive=True)
r = Symbol("r", rational=True, positive=True)
z = Symbol("z")
f = Function("f", real=True)
far = Rational(1, 1000)

TRUE = [
    (atan(p) + atan(1 / p), pi / 2),
    (atan(m) + atan(1 / m), -pi / 2),
    (2 * atan(tanh(x / 2)), atan(sinh(x))),
    (2 * atan(exp(x)) - pi / 2, atan(sinh(x))),
    (asin(x / sqrt(1 + x**2)), atan(x)),
    (acos(1 / sqrt(1 + p**2)), atan(p)),
    (acos(x / sqrt(1 + x**2)), pi / 2 - atan(x)),
    (2 * atan(p), acos((1 - p**2) / (1 + p**2))),
    (atan(p) + atan((1 - p) / (1 + p)), pi / 4),
    (atan(p) - atan(far) - atan((p - far) / (1 + far * p)), 0),
    (atan(p / q) + atan(q / p), pi / 2),
    (2 * atan(x + sqrt(1 + x**2)), pi / 2 + atan(x)),
    (asinh(sinh(x)), x),
    (atan(f(x) ** 2 + 1) + atan(1 / (f(x) ** 2 + 1)), pi / 2),
]

# Equal up to a constant in parts of the domain, and the constant is another one in other parts, or nearly zero.
TRAPS = [
    (atan(x) + atan(1 / x), pi / 2),
    (atan(w) + atan(1 / w), pi / 2),
    (atan(x) + atan((far - x) / (1 + far * x)), atan(far)),
    (atan(tan(x * far)), x * far),
    (log(x**2), 2 * log(x)),
    (log((x + 1000) ** 2), 2 * log(x + 1000)),
    (acosh(1 + 2 * x**2), 2 * asinh(x)),
    (acosh(1 + 2 * (x + 1000) ** 2), 2 * asinh(x + 1000)),
    (acos((1 - x**2) / (1 + x**2)), 2 * atan(x)),
    (acos((1 - (x + 1000) ** 2) / (1 + (x + 1000) ** 2)), 2 * atan(x + 1000)),
    (atan(Abs(x + 1000)), atan(x + 1000)),
    (atan(sqrt((x + 1000) ** 2)), atan(x + 1000)),
    (atan(p) + atan(1 / p), pi / 2 + acos(Rational(7823207, 7823209))),
    (atan(p) + atan(1 / p), pi / 2 + Rational(1, 10**200)),
    (2 * atan(tanh(x / 2)), atan(sinh(x)) + exp(-(10**3))),
    (atan(z) + atan(1 / z), pi / 2),
    (atanh(p) - atanh(1 / p), 0),
    (log((p - 1000) / -p), log(p - 1000) - log(p) - log(-1)),
    (asin(2 * x / (1 + x**2)), 2 * atan(x)),
    (asin(2 * (n / 1000) / (1 + (n / 1000) ** 2)), 2 * atan(n / 1000)),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_what_is_equal_up_to_a_constant_and_at_one_point_is_proved(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert verdict.status == "proved", verdict


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_another_constant_is_refuted(left: Any, right: Any) -> None:
    for wrong in (right + pi, right - pi / 2, right + Rational(1, 10**30), right - E / 10**12):
        assert not zero_by_derivatives(left - wrong)
        assert prove(left, wrong).status == "refuted"


@pytest.mark.parametrize(("left", "right"), TRAPS, ids=str)
def test_a_constant_that_changes_across_a_cut_is_never_proved(left: Any, right: Any) -> None:
    assert not zero_by_derivatives(left - right)
    assert prove(left, right).status != "proved"


def test_a_domain_that_is_not_connected_is_left_alone() -> None:
    for symbol in (k, r, w, z, Symbol("c", extended_real=True), Symbol("prime", prime=True)):
        assert not zero_by_derivatives(atan(symbol**2 + 1) + atan(1 / (symbol**2 + 1)) - pi / 2)


@pytest.mark.parametrize("function", [lambda u: 1 / u, Abs, acot, coth, csch])
def test_what_jumps_or_has_a_pole_where_its_argument_vanishes_is_analytic_only_beside_it(function: Any) -> None:
    assert not is_analytic(function(x))
    assert not is_analytic(function(1 - exp(x)))
    assert is_analytic(function(1 + p))
    assert is_analytic(function(-1 - exp(x)))


INSIDE = p / (1 + p)
ANALYTIC = [
    asin(INSIDE), acos(-INSIDE), atanh(INSIDE), acosh(1 + p), log(p), log(1 + x**2), p**x, (1 + x**2) ** x, sqrt(p),
    x**3, (x**2 + 1) ** -2, 1 / m, tanh(x), asinh(x), atan(x), exp(x), pi * x + E, Abs(p),
]  # fmt: skip
NOT_EVERYWHERE = [
    asin(p), asin(m), acos(1 + p), acos(-1 - p), atanh(p), atanh(m), asin(x), acosh(p), acosh(x), log(x), log(m),
    log(n), x**y, m**x, n**x, sqrt(x), sqrt(n), x**-2, tan(x), Abs(x), asin(1 - p), log(tan(p)), exp(sqrt(x)), f(x),
]  # fmt: skip


def test_what_is_analytic_off_every_cut_and_pole() -> None:
    assert [e for e in ANALYTIC if not is_analytic(e)] == []
    assert [e for e in NOT_EVERYWHERE if is_analytic(e)] == []


def test_a_constant_that_jumps_at_the_zero_of_an_argument_is_not_taken_from_one_side() -> None:
    """atan(x) + acot(x) is π/2 for x > 0 and -π/2 for x < 0; its derivative is 0 on both sides."""
    assert zero_by_derivatives(atan(p) + acot(p) - pi / 2)
    assert not zero_by_derivatives(atan(x) + acot(x) - pi / 2)
