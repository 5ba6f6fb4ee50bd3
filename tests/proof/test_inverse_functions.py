"""Identities between inverse hyperbolic functions and logarithms: proved where they hold, and with a certificate."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from sympy import (
    Abs,
    Expr,
    Rational,
    acosh,
    acoth,
    asech,
    asinh,
    atanh,
    cosh,
    exp,
    log,
    sinh,
    sqrt,
    symbols,
    sympify,
    tanh,
)

from modeflow import prove
from modeflow.proof.enclosures import Point, enclose_both
from modeflow.proof.examine import examine
from modeflow.proof.tower import OutsideTower, Tower
from modeflow.recheck import recheck

x = symbols("x", real=True)
p, q = symbols("p q", positive=True)
z = symbols("z")
n = symbols("n", nonnegative=True)
k = symbols("k", negative=True)
tiny = Rational(1, 10**30)


def hypotenuse(side: Any) -> Expr:
    return sqrt(1 + side**2)


TRUE = [
    (acosh(1 + 2 * n**2), 2 * asinh(n)),
    (acosh(1 + 2 * k**2), -2 * asinh(k)),
    (acosh(2 * (1 + n) ** 2 - 1), 2 * acosh(1 + n)),
    (acosh(4 * (1 + n) ** 3 - 3 * (1 + n)), 3 * acosh(1 + n)),
    (acosh(1 + n), 2 * asinh(sqrt(n / 2))),
    (acosh(1 + n), 2 * acosh(sqrt(1 + n / 2))),
    (acosh(1 + n), atanh(sqrt(n * (n + 2)) / (1 + n))),
    (acosh(hypotenuse(x)), asinh(Abs(x))),
    (acosh(1 + 2 * sinh(n) ** 2), 2 * n),
    (acosh(1 + p) + acosh(1 + q), acosh((1 + p) * (1 + q) + sqrt(p * (p + 2)) * sqrt(q * (q + 2)))),
    (asinh(2 * x * hypotenuse(x)), 2 * asinh(x)),
    (3 * asinh(x), asinh(3 * x + 4 * x**3)),
    (asinh(x), atanh(x / hypotenuse(x))),
    (asinh(1 / p), acoth(hypotenuse(p))),
    (asinh(sqrt(2) * x / 2), atanh(x / sqrt(x**2 + 2))),
    (atanh(2 * (p / (1 + p)) / (1 + (p / (1 + p)) ** 2)), 2 * atanh(p / (1 + p))),
    (atanh(p / (1 + p)), asinh(p / sqrt(1 + 2 * p))),
    (2 * atanh(tanh(x) / 2), log((2 + tanh(x)) / (2 - tanh(x)))),
    (asech(1 / (1 + n)), acosh(1 + n)),
    (log(hypotenuse(x) - x), -asinh(x)),
    (log(2 * p**2 + 1 + 2 * p * hypotenuse(p)), 2 * log(p + hypotenuse(p))),
    (log((1 + p) ** 2 + 2 * (1 + p) * sqrt(p) + p), 2 * log(1 + p + sqrt(p))),
    (exp(acosh(1 + 2 * n**2) / 2), n + hypotenuse(n)),
    (x * acosh(1 + 2 * n**2) / (1 + x**2), 2 * x * asinh(n) / (1 + x**2)),
    (2 * asinh(1), acosh(3)),
    (atanh(Rational(1, 3)), log(2) / 2),
    (log(3 + 2 * sqrt(2)), 2 * log(1 + sqrt(2))),
    (acosh(cosh(n)), n),
]

# True on a part of the domain, or nearly so.
TRAPS = [
    (acosh(1 + 2 * x**2), 2 * asinh(x)),
    (acosh(1 + 2 * (x + 1000) ** 2), 2 * asinh(x + 1000)),
    (acosh(2 * p**2 - 1), 2 * acosh(p)),
    (acosh(hypotenuse(x)), asinh(x)),
    (acosh(hypotenuse(x + 1000)), asinh(x + 1000)),
    (acosh(1 + n), 2 * asinh(sqrt(n) / 2)),
    (acosh(1 + x**2), asinh(x * sqrt(x**2 + 2))),
    (atanh(2 * x / (1 + x**2)), 2 * atanh(x)),
    (atanh(1 / (1 + p)), atanh(1 + p)),
    (log(x**2), 2 * log(x)),
    (log((x + 10**6) ** 2), 2 * log(x + 10**6)),
    (log((1 - p / 1000) ** 2), 2 * log(1 - p / 1000)),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_an_identity_is_proved_and_its_certificate_holds(left: Any, right: Any) -> None:
    verdict = examine(left, sympify(right))
    assert verdict.status == "proved", verdict
    recheck(json.loads(json.dumps(verdict.certificate)))


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_with_another_constant_or_factor_it_is_refuted(left: Any, right: Any) -> None:
    assert prove(left, right + tiny).status == "refuted"
    assert prove(left, right * (1 + tiny)).status == "refuted"


@pytest.mark.parametrize(("left", "right"), TRAPS, ids=str)
def test_what_holds_on_a_part_of_the_domain_is_not_proved(left: Any, right: Any) -> None:
    assert prove(left, right).status != "proved"


# --- branch cuts --------------------------------------------------------------------------------------------

INSIDE = p / (1 + p)  # between 0 and 1
ON_THE_CUT = {
    "asin": [1 + p, -1 - p, x, p, k],
    "acos": [1 + p, -1 - p, x, p, k],
    "asec": [INSIDE, -INSIDE],
    "acsc": [INSIDE, -INSIDE],
    "acosh": [INSIDE, -INSIDE, -1 - p, x],
    "asech": [1 + p, -INSIDE],
    "asinh": [z],
    "atan": [z],
}
OFF_THE_CUT = {
    "asin": [INSIDE, -INSIDE],
    "acos": [INSIDE, -INSIDE],
    "asec": [1 + p, -1 - p],
    "acsc": [1 + p, -1 - p],
    "acosh": [1 + p],
    "asech": [INSIDE],
    "asinh": [x, p, -p],
    "atan": [x, p, -p],
    "atanh": [INSIDE, -INSIDE],
    "acoth": [1 + p, -1 - p],
}


@pytest.mark.parametrize(("name", "argument"), [(name, a) for name, found in ON_THE_CUT.items() for a in found])
def test_an_inverse_function_that_may_lie_on_its_cut_is_outside_the_tower(name: str, argument: Any) -> None:
    with pytest.raises(OutsideTower):
        Tower(24).element(getattr(sympy, name)(argument))


@pytest.mark.parametrize(("name", "argument"), [(name, a) for name, found in OFF_THE_CUT.items() for a in found])
def test_off_its_cut_it_has_the_value_of_the_logarithms(name: str, argument: Any) -> None:
    """At points, by the enclosures, which know nothing of the tower."""
    tower, function = Tower(24), getattr(sympy, name)(argument)
    logarithms = tower.sympy(tower.element(function))
    for value in (Rational(3, 7), Rational(19, 5), Rational(1, 100)):
        _, _, difference = enclose_both(function, logarithms, Point({p: value, x: value - 1}), 128)
        assert difference.contains(0)
        assert abs(difference) < 1e-30
