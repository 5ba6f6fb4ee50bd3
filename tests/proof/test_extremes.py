"""Maxima and minima of real expressions: Max(a, b) = (a + b + |a - b|)/2, which algebra and signs know."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Max, Min, exp, log, sqrt, symbols

from modeflow import prove
from modeflow.recheck import recheck

x, y, z = symbols("x y z", real=True)
p, q = symbols("p q", positive=True)
c = symbols("c")

TRUE = [
    (Max(x, y) + Min(x, y), x + y),
    (Max(x, y) * Min(x, y), x * y),
    (Max(x, 0), (x + Abs(x)) / 2),
    (Max(x, 0) - Max(-x, 0), x),
    (Max(x, 0) * Min(x, 0), 0),
    (Max(x, 0) ** 2, x * Max(x, 0)),
    (Max(p * x, 0), p * Max(x, 0)),
    (Max(x, y) - y, Max(x - y, 0)),
    (Min(x, 1 - x), 1 - Max(x, 1 - x)),
    (Max(x, sqrt(x**2 + 1)), sqrt(x**2 + 1)),
]
FALSE = [
    (Max(x, 0), x),
    (Max(x, y), x + y),
    (Max(x, y) - Min(x, y), x - y),
    (Max(x * y, 0), Max(x, 0) * Max(y, 0)),
    (Max(x + y, 0), Max(x, 0) + Max(y, 0)),
    (Max(x, y, z), Max(x, y)),
]
ORDERED = [
    (Max(x, 0), x),
    (Max(x, y), Min(x, y)),
    (Abs(x), Max(x, 0)),
    (Max(x, 0) + Max(y, 0), Max(x + y, 0)),
    (sqrt(p * q), Min(p, q)),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_identities_are_proved_everywhere_and_checked_again(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert (verdict.status, verdict.conditions) == ("proved", ())
    assert verdict.certificate is not None
    recheck(verdict.certificate)
    assert prove(left, right + 1).status == "refuted"


@pytest.mark.parametrize(("left", "right"), FALSE, ids=str)
def test_what_holds_for_some_values_only_is_refuted(left: Any, right: Any) -> None:
    assert prove(left, right).status == "refuted"


@pytest.mark.parametrize(("larger", "smaller"), ORDERED, ids=str)
def test_inequalities_are_proved_and_their_opposites_refuted(larger: Any, smaller: Any) -> None:
    assert prove(larger, smaller, relation=">=").status == "proved"
    assert prove(larger, smaller, relation="<").status == "refuted"


def test_what_may_not_be_real_has_no_larger_part() -> None:
    assert prove(Max(c, 0) + Min(c, 0), c).status != "proved"


def test_a_bound_that_fails_at_one_point_is_refuted() -> None:
    assert prove(log(1 + exp(x)), Max(x, 0) + log(2), relation=">").status == "refuted"
