"""Support is earned: agreement at random points alone is not enough."""

from __future__ import annotations

from itertools import islice
from typing import Any

import daily
import pytest
import sympy
from sympy import Abs, Integer, Rational, Symbol, asin, atan, cos, exp, gamma, log, pi, sin, sqrt, symbols

import modeflow.proof.critical_points
import modeflow.proof.numerical_support
from modeflow.proof.critical_points import MOST_POINTS, critical_points, least_points
from modeflow.proof.enclosures import Point
from modeflow.proof.examine import examine
from modeflow.proof.sample_points import inside, points, satisfied

x, y = symbols("x y", real=True)
p, q = symbols("p q", positive=True)
z = Symbol("z")
k = Symbol("k", integer=True)

EQUAL_EVERYWHERE = [
    (sympy.besseli(p, x**2 + 1), sympy.besseli(p, x**2 + 1)),
    (exp(x), exp(x)),
]


@pytest.mark.parametrize(("left", "right"), EQUAL_EVERYWHERE, ids=str)
def test_what_equals_something_is_not_larger(left: Any, right: Any) -> None:
    for relation in (">", "<"):
        found = examine(left, right, relation)
        assert (found.status, found.witness and found.witness["relation"]) == ("refuted", relation)
        assert found.witness is not None
        assert len(str(found.witness["left"])) < 100
    assert examine(left, right, ">=").status == "proved"


FAILS_WHERE_NO_RANDOM_POINT_LIES: list[tuple[Any, Any, str]] = [
    (Abs(p - 1000), 1000 - p, "="),
    ((Abs(p - 1000) + p - 1000) / 10**50, Integer(0), "="),
    (sqrt((x - 12345) ** 2), 12345 - x, "="),
    (Abs(log(p) - 9), 9 - log(p), "="),
    (Abs(x * y - 7700) + x * y, Integer(7700), "="),
    (Abs(exp(x) - exp(Rational(2001, 100))), exp(Rational(2001, 100)) - exp(x), "="),
    (Abs(x**2 - 4000), 4000 - x**2, "="),
    (Abs(x**2 - 3000), 3000 - x**2, "="),  # the joins are irrational
    (Abs(p - q + 300), p - q + 300, "="),
    (Abs(p - Rational(1, 10**5)), p - Rational(1, 10**5), "="),
]


@pytest.mark.parametrize(("left", "right", "relation"), daily.some(FAILS_WHERE_NO_RANDOM_POINT_LIES, 5), ids=str)
def test_critical_points_refute(left: Any, right: Any, relation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine(left, right, relation).status == "refuted"
    monkeypatch.setattr(modeflow.proof.numerical_support, "critical_points", lambda parts, given: iter(()))
    assert examine(left, right, relation).status == "supported"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (asin(x), atan(x / sqrt(1 - x**2))),  # false at x = 2, as SymPy continues it there
        (atan(x / sqrt(1 - x**2)), asin(x)),
        (sympy.atanh(x), (log(1 + x) - log(1 - x)) / 2 + 0 * gamma(x)),
        (sympy.acosh(x), log(x + sqrt(x - 1) * sqrt(x + 1)) + sympy.re(x) - x),
    ],
    ids=str,
)
def test_support_is_refused_where_points_of_positive_measure_are_thrown_away(
    left: Any, right: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examine(left, right)
    assert found.status == "undecided"
    assert "nothing is known at x =" in found.reason
    assert "branch cut" in found.reason
    monkeypatch.setattr(modeflow.proof.numerical_support, "_at", lambda *_: "")
    assert examine(left, right).status == "supported"


def test_poles_are_no_reason_to_refuse_support() -> None:
    found = examine(gamma(z + 1), z * gamma(z))
    assert found.status == "supported"
    assert "discarded" in found.method


def test_a_constant_is_compared_with_more_digits() -> None:
    for tiny in (exp(Integer(10) ** -700) - 1, exp(-exp(Integer(8)))):
        assert examine(tiny, Integer(0)).status == "refuted"


def test_agreement_of_extreme_constants_is_no_support(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sides differ after 3,000 digits, which is more than are computed."""
    hidden = gamma(pi + Rational(1, 10**3000)) - gamma(pi)
    found = examine(hidden, Integer(0))
    assert found.status == "undecided"
    assert "very small or very large" in found.reason
    monkeypatch.setattr(modeflow.proof.numerical_support, "_is_tame", lambda e: True)
    assert examine(hidden, Integer(0)).status == "supported"


def test_a_side_that_is_a_part_of_the_other_is_looked_at_too() -> None:
    huge = exp(exp(exp(Integer(5))))
    found = examine(huge, huge + 1)
    assert found.status == "undecided"
    assert "very small or very large" in found.reason


def test_constants_of_usual_size_can_be_supported() -> None:
    third = gamma(Rational(1, 3)) * gamma(Rational(2, 3))
    assert examine(third, 2 * pi / sqrt(3)).status == "supported"
    assert examine(third, 2 * pi / sqrt(3), ">").status == "undecided"  # equal, as far as digits tell


def test_critical_points_satisfy_everything_that_is_assumed() -> None:
    given = [p < 2000, q < 2000]
    found = list(critical_points([Abs(p - 1000) + log(q - 3) + k], given))
    assert 20 < len(found) <= MOST_POINTS
    for point in found:
        assert satisfied(given, point)
        assert point.values[p].is_positive
        assert point.values[k].is_integer
    assert any(point.values[p] == 1000 for point in found)
    assert any(0 < abs(point.values[p] - 1000) < Rational(1, 10**3) for point in found)
    assert any(point.values[q] == 3 for point in found)


@pytest.mark.parametrize(
    ("edge", "value"),
    [
        (sympy.Max(x, 17), 17),
        (sympy.Piecewise((1, x < 40), (0, True)), 40),
        (1 / (x - 31), 31),
        (sympy.asin(x / 50), 50),
        (sympy.LambertW(x + 20), -20),
    ],
    ids=str,
)
def test_joins_of_every_kind_are_critical(edge: Any, value: int) -> None:
    tried = {point.values[x] for point in critical_points([edge], ())}
    assert Integer(value) in tried
    assert any(0 < v - value < 1 for v in tried)
    assert any(0 < value - v < 1 for v in tried)
    assert isinstance(Point({x: Integer(1)}).text(), dict)


FAILS_BESIDE_A_LEAST_VALUE: list[tuple[Any, Any, str]] = [
    (gamma(p), Rational(8856032, 10**7), ">="),
    (p + 2 / p, 2 * sqrt(2) + Rational(1, 10**18), ">="),
    (x**4 - 4 * x**2 + 4, Rational(1, 10**20), ">="),
    (p**p, Rational(6922007, 10**7), ">="),
    (Rational(58, 100), sympy.besselj(1, x), ">="),
    (Rational(42888, 10**5), x * exp(-(x**2)), ">="),
]


@pytest.mark.parametrize(("left", "right", "relation"), daily.some(FAILS_BESIDE_A_LEAST_VALUE, 3), ids=str)
def test_an_inequality_is_tried_where_it_is_tightest(
    left: Any, right: Any, relation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examine(left, right, relation).status == "refuted"
    monkeypatch.setattr(
        modeflow.proof.numerical_support, "least_points", lambda e, given, letters=(), ends=False: iter(())
    )
    monkeypatch.setattr(modeflow.proof.numerical_support, "critical_points", lambda parts, given: iter(()))
    assert examine(left, right, relation).status == "supported"


FAILS_NEAR_ENDS: list[tuple[Any, Any, list[Any]]] = [
    (p, x, [x > -1, x < Rational(1, 3)]),
    (p + gamma(p), x + gamma(p), [x > -1, x < Rational(1, 3)]),
    (Rational(1, 3) - x, x * p, [x > -1, x < Rational(1, 3)]),
    (p + gamma(q), x / 10**5 + gamma(q), [x < 1]),
    (x + 40, gamma(p) - gamma(p), []),
]


@pytest.mark.parametrize(("left", "right", "given"), FAILS_NEAR_ENDS, ids=str)
def test_an_inequality_that_fails_only_near_the_ends_is_refuted(left: Any, right: Any, given: list[Any]) -> None:
    found = examine(left, right, ">", given)
    assert found.status == "refuted"
    assert found.witness is not None


def test_without_the_ends_it_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modeflow.proof.critical_points, "_near_ends", lambda s, others, forms: [])
    a, b = Symbol("a", real=True), Symbol("b", positive=True)
    assert examine(b, a, ">", [a > -1, a < Rational(1, 3)]).status == "supported"


@pytest.mark.parametrize(("left", "right"), [(p * gamma(p), Integer(0)), (sympy.besseli(0, p) + 1, 2 - 1 / (2 + p))])
def test_sides_that_meet_only_at_an_end_are_supported(left: Any, right: Any) -> None:
    assert examine(left, right, ">").status in ("supported", "proved")


MEET: list[tuple[Any, Any, Any]] = [
    (x**2 + 2, 2 * sqrt(2) * x, []),
    (1 / sqrt(2 * exp(Integer(1))), x * exp(-(x**2)), []),
    (Integer(1), sympy.sin(x), [x > 0, x < 3]),
    (Rational(1, 27), x * y * (1 - x - y), [x > 0, y > 0, x + y < 1]),
]


@pytest.mark.parametrize(("left", "right", "given"), daily.some(MEET, 2), ids=str)
def test_sides_that_may_meet_are_no_support_for_a_strict_inequality(
    left: Any, right: Any, given: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They meet at sqrt(2), 1/sqrt(2), pi/2 and (1/3, 1/3)."""
    found = examine(left, right, ">", given)
    assert found.status == "undecided"
    assert "may be equal there" in found.reason
    monkeypatch.setattr(modeflow.proof.numerical_support, "_nearly_zero", lambda e, point: False)
    monkeypatch.setattr(modeflow.proof.numerical_support, "critical_points", lambda parts, given: iter(()))
    assert examine(left, right, ">", given).status == "supported"


def test_sides_that_meet_where_roots_are_of_squares_are_refuted_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """They meet where c = 0 and a² > b², and descent finds no number of few bits."""
    a, b, c = symbols("a b c", real=True)
    e, apart = -(a**2) + b**2 + sqrt(4 * c**2 + (b**2 - a**2) ** 2), [sympy.Ne(a + b, 0)]
    found = examine(e, Integer(0), ">", apart)
    assert (found.status, found.witness and found.witness["left"]) == ("refuted", "0")
    monkeypatch.setattr(modeflow.proof.numerical_support, "_rounded", lambda point: iter(()))
    assert examine(e, Integer(0), ">", apart).status == "undecided"


def test_ends_by_irrational_constants_and_values_that_move_others_are_tried() -> None:
    assert examine(Abs(p - exp(100)), exp(100) - p).status == "refuted"
    assert examine(Abs(gamma(p) - Rational(8857, 10**4)), gamma(p) - Rational(8857, 10**4)).status == "refuted"
    assert examine(Abs((p - sqrt(3)) ** 2 - Rational(1, 10**20)), (p - sqrt(3)) ** 2 - Rational(1, 10**20)).status == (
        "refuted"
    )
    assert examine(Integer(10) ** 7, p, ">", [q > p]).status == "refuted"


@pytest.mark.parametrize("kind", ["odd", "even", "integer"])
@pytest.mark.parametrize("edge", [sympy.Rational(1000, 3), sympy.Rational(-77777, 2), sympy.Integer(4096)])
def test_whole_numbers_are_tried_on_both_sides_of_a_corner(kind: str, edge: sympy.Expr) -> None:
    a = sympy.Symbol("a", **{kind: True})
    assert examine(sympy.Abs(a - edge), edge - a).status == "refuted"
    assert examine(sympy.Abs(a - edge), a - edge).status == "refuted"


def test_without_the_whole_numbers_beside_a_corner_they_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modeflow.proof.critical_points._whole", lambda values: values)
    a = sympy.Symbol("a", odd=True)
    assert examine(sympy.Abs(a - sympy.Rational(1000, 3)), sympy.Rational(1000, 3) - a).status == "supported"


WAVES = [
    (sin(x) + sin(sqrt(2) * x), -Rational(1999, 1000)),
    (sin(x) + sin(x**2), -Rational(1999, 1000)),
    (cos(x) * cos(sqrt(3) * x), -Rational(999, 1000)),
]


@pytest.mark.parametrize(("wave", "bound"), daily.some(WAVES, 1))
def test_waves_without_a_common_period_are_not_supported(
    wave: sympy.Expr, bound: sympy.Expr, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come as close to the sum of their least values as one likes, but far out."""
    found = examine(wave, bound, ">=")
    assert found.status == "undecided"
    assert "have no common period" in found.reason
    monkeypatch.setattr(modeflow.proof.numerical_support, "_out_of_step", lambda e: "")
    assert examine(wave, bound, ">=").status == "supported"


def test_waves_with_a_common_period_are_tried_over_it() -> None:
    assert examine(sin(2 * x) + sin(3 * x), Integer(-2), ">=").status == "supported"
    assert examine(sin(x) + cos(x), -Rational(141, 100), ">=").status == "refuted"
    assert examine(sin(x) + sin(sqrt(2) * x), Integer(-1), ">=").status == "refuted"


def test_a_least_point_is_one_that_is_assumed_and_given() -> None:
    """Outside of that, the expressions are smaller still."""
    cases: list[tuple[Any, list[Any]]] = [
        ((p + 1) ** 2 + exp(-p), []),
        ((x + 2) ** 2, [x > 0]),
        ((p + 1) ** 2 + (q - 1) ** 2, [q > 2]),
        ((k - Rational(5, 2)) ** 2, [k >= 4]),
    ]
    for e, given in cases:
        found = [*least_points(e, given), *least_points(e, given, ends=True)]
        assert found
        for point in found:
            assert inside(point), (e, point)
            assert satisfied(given, point), (e, point)


def test_whole_numbers_on_both_sides_of_an_edge_are_tried() -> None:
    tried = {point.values[k] for point in critical_points([Abs(k - Rational(201, 2))], ())}
    assert {Integer(99), Integer(100), Integer(101), Integer(102)} <= tried


def test_the_value_of_another_symbol_is_tried_and_its_opposite() -> None:
    tried = [point.values for point in critical_points([gamma(x) * sin(y)], ())]
    for base in islice(points([x, y]), 2):
        value = base.values[y]
        assert {x: value, y: value} in tried
        assert {x: -value, y: value} in tried
