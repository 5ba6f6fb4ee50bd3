"""Polynomials that are positive by sums of squares: they are found, and proved with steps that are checked again."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest
from flint import fmpq, fmpq_poly
from sympy import Expr, Ge, Gt, Lt, Poly, Rational, Symbol, count_roots, exp

from modeflow import prove
from modeflow.proof.tower.sums_of_squares import on_half_line, weighted_squares
from modeflow.recheck import Refused, recheck

x, y = Symbol("x", real=True), Symbol("y", real=True)
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
n, m = Symbol("n", negative=True), Symbol("m", nonpositive=True)

POSITIVE = [
    x**4 + x + 1,
    x**4 - x + 1,
    x**6 + x**5 + x**4 + x**3 + x**2 + x + 1,
    x**4 - 4 * x + Rational(3001, 1000),
    p**3 - p + 1,
    p**5 - p + 1,
    -(n**3) + n + 1,
    n**4 + n**3 + 2,
    p**3 - p * q**2 + q**3,
    -(n**3) + n * p**2 + p**3,
    p**4 - p**3 * q + q**4,
    exp(3 * x) - exp(x) + 1,
]
NOT_NEGATIVE = [x**4 + x * y**3 + y**4, x**4 - x**3 * y + y**4, x**4 - 4 * x + 3, -(m**3) + m * n**2 - n**3]
NEITHER = [x**4 + x, x**4 - 4 * x + Rational(2999, 1000), p**3 - 2 * p + 1, x**4 + x**3 * y + y**4 / 20, n**3 - n + 1]


@pytest.mark.parametrize("polynomial", POSITIVE, ids=str)
def test_what_is_positive_is_proved_with_a_certificate(polynomial: Expr) -> None:
    verdict = prove(Gt(polynomial, 0))
    assert (verdict.status, verdict.conditions) == ("proved", ())
    assert verdict.certificate is not None
    assert prove(Lt(-polynomial, 0)).status == "proved"
    assert prove(Gt(-polynomial, 0)).status == "refuted"


@pytest.mark.parametrize("polynomial", NOT_NEGATIVE, ids=str)
def test_what_is_not_negative_is_proved(polynomial: Expr) -> None:
    verdict = prove(Ge(polynomial, 0))
    assert verdict.status == "proved"
    assert verdict.certificate is not None


@pytest.mark.parametrize("polynomial", NEITHER, ids=str)
def test_what_changes_its_sign_is_refuted(polynomial: Expr) -> None:
    assert prove(Ge(polynomial, 0)).status == "refuted"


def test_a_division_by_a_sum_of_squares_has_no_condition() -> None:
    never = 1 / (x**4 + x + 1) + 1 / (x**2 + 1)
    assert prove(never, (x**4 + x**2 + x + 2) / ((x**2 + 1) * (x**4 + x + 1))).conditions == ()
    sometimes = 1 / (x**4 + x) + 1 / (x**2 + 1)
    assert prove(sometimes, (x**4 + x**2 + x + 1) / ((x**2 + 1) * (x**4 + x))).conditions == ("x != 0", "x + 1 != 0")


def test_the_second_checker_refuses_squares_that_do_not_add_up_or_are_taken_away() -> None:
    certificate = prove(Gt(x**4 + x + 1, 0)).certificate
    assert certificate is not None
    recheck(certificate)
    ((kind, multiplied, _, *terms),) = certificate["steps"]
    for wrong in ("1/2", "-3/4"):
        changed = deepcopy(certificate)
        changed["steps"][0][3][0] = wrong
        with pytest.raises(Refused):
            recheck(changed)
    without = deepcopy(certificate)
    without["steps"][0].pop()
    with pytest.raises(Refused):
        recheck(without)
    assert (kind, multiplied) == ("sum", certificate["numerator"])
    assert len(terms) > 2


def test_squares_add_up_and_are_found_just_where_there_is_no_root() -> None:
    draw = random.Random(20261201)
    positive = 0
    for _ in range(300):
        numbers = [fmpq(draw.randint(-9, 9), draw.randint(1, 3)) for _ in range(draw.choice((3, 5, 7, 9)))]
        polynomial = Poly([Rational(int(c.p), int(c.q)) for c in reversed(numbers)], x)
        squares = weighted_squares(tuple(numbers))
        if squares is None:
            assert (
                polynomial.is_zero
                or polynomial.degree() % 2
                or numbers[0] <= 0
                or count_roots(polynomial)
                or numbers[-1] == 0
            )
            continue
        positive += 1
        assert count_roots(polynomial) == 0
        assert all(c > 0 for c, _ in squares)
        assert sum((c * fmpq_poly(list(root)) ** 2 for c, root in squares), fmpq_poly([0])) == fmpq_poly(numbers)
    assert positive > 20


def test_squares_on_the_half_line_add_up() -> None:
    numbers = [fmpq(1), fmpq(-1), fmpq(0), fmpq(1)]
    found = on_half_line(numbers)
    assert found is not None
    even, odd = (sum((c * fmpq_poly(list(root)) ** 2 for c, root in part), fmpq_poly([0])) for part in found)
    assert even + fmpq_poly([0, 1]) * odd == fmpq_poly(numbers)
    assert on_half_line([fmpq(1), fmpq(-2), fmpq(0), fmpq(1)]) is None
