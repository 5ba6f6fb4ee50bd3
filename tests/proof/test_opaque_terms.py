"""Parts without algebra as letters: what holds whatever they are is proved, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Symbol, acos, asin, atan, exp, gamma, log, pi, sign, sqrt, symbols

from modeflow import prove
from modeflow.proof.opaque_terms import adjoined

a, x, y = symbols("a x y", real=True)
p = Symbol("p", positive=True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((a + asin(x)) ** 2, a**2 + 2 * a * asin(x) + asin(x) ** 2),
        (acos(1 + p), acos(1 + p)),
        (exp(2 * gamma(x)), exp(gamma(x)) ** 2),
        ((gamma(x) - gamma(y)) * (gamma(x) + gamma(y)), gamma(x) ** 2 - gamma(y) ** 2),
        ((asin(x) ** 2 - 1) / (asin(x) - 1), asin(x) + 1),
        (sign(p - 1) * (p + 1), p * sign(p - 1) + sign(p - 1)),
    ],
    ids=str,
)
def test_what_holds_for_every_value_of_a_part_is_proved(left: Any, right: Any) -> None:
    found = prove(left, right)
    assert found.status == "proved", found
    assert found.certificate is not None
    if "letters" in found.method:
        assert "takes for letters" in found.certificate["unchecked"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sqrt(gamma(x) ** 2), gamma(x)),  # a letter is not known to be positive, and at x = -1/2 it is not
        (log(exp(asin(x)), evaluate=False), 2 * asin(x)),
        (asin(x) + acos(x), pi),
        (gamma(x) * gamma(y), gamma(x * y)),
        (Abs(gamma(x)), gamma(x)),
        (asin(x), asin(y)),
        (gamma(x + 1), gamma(x)),
    ],
    ids=str,
)
def test_what_depends_on_the_part_is_not_proved(left: Any, right: Any) -> None:
    assert prove(left, right).status in ("refuted", "undecided")


def test_a_true_identity_of_the_parts_themselves_is_not_seen() -> None:
    assert prove(gamma(x + 1), x * gamma(x)).status == "supported"
    assert prove(acos(1 + p) + asin(1 + p), pi / 2).status == "undecided"


def test_conditions_speak_of_what_the_letters_stand_for() -> None:
    assert prove((gamma(x) ** 2 - 1) / (gamma(x) - 1), gamma(x) + 1).conditions == ("gamma(x) - 1 != 0",)


def test_equal_parts_are_one_letter_and_nothing_is_assumed_of_it() -> None:
    sides, means = adjoined(asin(x) + exp(asin(x)), atan(x) * asin(x))
    assert list(means.values()) == [asin(x)]
    (letter,) = means
    assert letter.is_real is None
    assert letter.is_nonzero is None
    assert sides[1] == atan(x) * letter
