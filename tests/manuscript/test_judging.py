"""The rules by which an equation is judged, each by itself: uniqueness, induction, sums and integrals."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sympy
from sympy import Expr, Integer, Integral, Rational, Sum, Symbol, exp, log, sin, sqrt, symbols, sympify, tanh

from modeflow.manuscript.judge import agreement, equations, induction, integrals, special_values, sums, uniqueness
from modeflow.manuscript.judge.equations import is_unit, mentions
from modeflow.manuscript.judge.integrals import ProofsWithIntegrals
from modeflow.manuscript.judge.prover_questions import Proofs, _is_analytic

x, y = symbols("x y", real=True)
a, b, c, d = symbols("a b c d", positive=True)
n, m = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, nonnegative=True)
k, u = Symbol("k", integer=True), Symbol("u", real=True)
w = sympy.Function("w", real=True)
PROOFS = Proofs(20)


# Where none of these vanishes, the equation has one solution in x at most.
UNIQUE: list[tuple[Expr, list[Expr]]] = [
    (2 * x - a, [Integer(2)]), (a * x + b, [a]), (b - a * x, [-a]), ((a * x + b) / (c * x + d), [a * d - b * c]),
    (a / x - b, [-a]), (exp(a * x) - b, [a]), (log(x) - a, [Integer(1)]), (b * tanh(x / a) - c, [b, 1 / a]),
    (sqrt(a * x + 1) - b, [a]), (a**x - b, [a - 1, Integer(1)]),
    (log(a * x + 1) - log(x + 2) - c, [Integer(-1), 1 - 2 * a]), ((x + 1) ** 2 - x**2 - b, [Integer(2)]),
    (c * exp((x + 1) / (x + b)), [c, b - 1]),
]  # fmt: skip
NOT_UNIQUE = [x**2 - a, sin(x) - a, x * exp(x) - a, x**4, exp(x**2) - a, x + 1 / x - a, y**x - a, abs(x) - a]


def vanishes(e: Expr) -> bool:
    return bool(sympy.expand(e) == 0)


@pytest.mark.parametrize(("difference", "expected"), UNIQUE, ids=str)
def test_what_must_not_vanish_for_one_solution(difference: Expr, expected: list[Expr]) -> None:
    first = next(uniqueness.factors(difference, x, vanishes))
    assert [sympy.simplify(e) for e in first if e != 1] == [e for e in expected if e != 1]


@pytest.mark.parametrize("difference", NOT_UNIQUE, ids=str)
def test_an_equation_with_several_solutions_is_not_unique(difference: Expr) -> None:
    assert list(uniqueness.factors(difference, x, vanishes)) == []


def summed(body: Any, upper: Any, lower: Any = 1) -> Any:
    return Sum(sympify(body), (k, lower, upper))


BY_INDUCTION = [
    (summed(k, n), n * (n + 1) / 2), (2 * summed(k, m), m * (m + 1)), (summed(1, n), n),
    (summed(k, m, 0), m * (m + 1) / 2), (summed(a**k, n - 1, 0) * (1 - a), 1 - a**n), (summed(2 * k - 1, n), n**2),
    (summed(1, n, 2), n - 1), (summed(k**2, n), n * (n + 1) * (2 * n + 1) / 6),
    (a - summed(k, n), a - n * (n + 1) / 2),
]  # fmt: skip
NOT_BY_INDUCTION = [
    (summed(k, n), n**2), (summed(k, n), n * (n + 1) / 2 + 1), (summed(k, m), m * (m + 1)), (summed(1, m, 2), m - 1),
    (summed(k * n, n), n**2 * (n + 1) / 2), (summed(k, n, -9), n * (n + 1) / 2 - 45),
    (summed(k, 2 * n), n * (2 * n + 1)), (summed(a**k, n - 1, 0) * (1 - a), 1 - a ** (n + 1)),
    (summed(k, n) * n, n**2 * (n + 1) / 2), (summed(k, k), Integer(0)), (summed(k, n) ** 2, (n * (n + 1) / 2) ** 2),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), BY_INDUCTION, ids=str)
def test_a_sum_is_proved_by_induction(left: Expr, right: Expr) -> None:
    assert induction.proved(left, right, PROOFS)


@pytest.mark.parametrize(("left", "right"), NOT_BY_INDUCTION, ids=str)
def test_a_sum_that_differs_or_does_not_grow_by_one_term_is_not(left: Expr, right: Expr) -> None:
    assert not induction.proved(left, right, PROOFS)


SUMS = [
    (summed(k, n), n * (n + 1) / 2, "proved"), (summed(a * k, 5), 15 * a, "proved"), (summed(a, n), a * n, "proved"),
    (summed(k**2, n), n * (n + 1) * (2 * n + 1) / 6, "proved"), (summed(k**2, n), n**3, "refuted"),
    (summed(k, n), n**2, "refuted"), (summed(a * k + b, n), a * n * (n + 1) / 2 + b * n, "proved"),
    (summed(1 / k, n), log(n), "refuted"), (summed(k, 0), 0, "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "status"), SUMS, ids=str)
def test_a_sum_has_its_verdict(left: Expr, right: Any, status: str) -> None:
    assert sums.verdict(left, sympify(right), "=", PROOFS).status == status


INTEGRALS = [
    (Integral(u, (u, 0, x)), x**2 / 2, "proved"), (Integral(exp(u), (u, 0, a)), exp(a) - 1, "proved"),
    (Integral(u, (u, 0, x)), x**2, "refuted"), (Integral(1 / u, (u, 1, a)), log(a), "proved"),
    (Integral(a * u, (u, 0, 2)), 2 * a, "proved"), (Integral(w(u), (u, 0, a)), a, "refuted"),
    (2 * Integral(w(u), (u, 0, x)), Integral(2 * w(u), (u, 0, x)), "proved"),
    (Integral(2 * u + 1, (u, y, x)), x**2 - y**2 + x - y, "proved"),
    (Integral(1 / (1 + u), (u, 0, a)), log(1 + a), "proved"),
    (Integral(1 / (1 + u), (u, 0, a)), log(2 + a) - log(2), "refuted"),
    (Integral(u / (1 + u) ** 2, (u, 2, 2)), 0, "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "status"), INTEGRALS, ids=str)
def test_an_integral_has_its_verdict(left: Expr, right: Any, status: str) -> None:
    assert ProofsWithIntegrals(20).verdict(left, sympify(right)).status == status


def test_what_is_mentioned() -> None:
    t = Symbol("t", nonnegative=True)
    moving = sympy.Function("w")
    assert mentions(moving(2 * t) + 1, moving(t))
    assert not mentions(t + 1, moving(t))
    assert mentions(x + y, x)
    assert not mentions(y, x)


def test_a_unit_is_a_number_times_powers_of_positive_letters() -> None:
    for e in (Integer(2), Rational(-1, 3), a, 3 * a / b, sqrt(a) * b**-2):
        assert is_unit(e), e
    for e in (Integer(0), x, a * x, a + b, exp(a), sympy.pi * 0):
        assert not is_unit(e), e


def test_an_integral_without_antiderivative_is_proved_by_its_rates() -> None:
    bell, proofs = exp(-(u**2)), ProofsWithIntegrals(20)
    turned = Integral(bell * sin(u) ** 2, (u, 0, x)) + Integral(bell * sympy.cos(u) ** 2, (u, 0, x))
    assert proofs.verdict(Integral(bell, (u, 0, x)), turned).status == "proved"
    assert proofs.verdict(Integral(bell, (u, 0, x)), 2 * turned).status == "refuted"


def test_a_refutation_by_rates_has_both_values_at_the_start() -> None:
    verdict = ProofsWithIntegrals(20).verdict(Integral(1 / (1 + u), (u, 0, a)), log(2 + a) - log(2))
    witness: Any = verdict.witness
    assert witness["point"] == {"a": "0"}
    assert (witness["left"][:4], witness["right"][:4]) == ("1.00", "0.50")


def test_a_sum_is_written_out_where_it_has_terms_or_none_but_not_fewer() -> None:
    body = 1 / (1 + k**2)
    assert sums._written_out(Sum(body, (k, 1, 2))) == Rational(7, 10)
    assert sums._written_out(Sum(body, (k, 1, 0))) == 0
    assert sums._written_out(Sum(body, (k, 1, -1))) is None
    assert sums._written_out(Sum(body, (k, 1, n))) is None


def test_logarithms_of_what_may_be_negative_are_compared_where_they_are_real() -> None:
    assert PROOFS.verdict(log(x * y), log(x) + log(y)).status == "proved"
    for left, right in ((log(x * y), log(x) + log(y) + 1), (sqrt(x * y), 2 * sqrt(x) * sqrt(y))):
        verdict = PROOFS.verdict(left, right)
        assert verdict.status == "refuted"
        witness: Any = verdict.witness
        assert set(witness["point"]) == {"x", "y"}
        assert all(Rational(value) > 0 for value in witness["point"].values())


def test_what_has_a_corner_is_not_analytic() -> None:
    assert [e for e in (x**2, 1 / x, sqrt(a), a ** Rational(1, 3) + x, exp(x), x**y) if not _is_analytic(e)] == []
    assert [e for e in (abs(x), sqrt(x), sympy.sign(x) + 1, (x + 1) ** Rational(1, 3)) if _is_analytic(e)] == []


NUMBERS = [
    ((1, 2), ("<",), True), ((2, 1), ("<",), False), ((1, 2, 2), ("<", "="), True), ((1, 2, 3), ("<", "="), False),
    ((3, 2, 2), ("<", "="), False), ((2, 2), (">=",), True), ((1, 2), ("!=",), True), ((2, 2), ("!=",), False),
    ((sympy.I, 1), ("<",), False),
]  # fmt: skip


@pytest.mark.parametrize(("sides", "relations", "holds"), NUMBERS)
def test_a_statement_about_numbers_holds_where_each_relation_does(sides: Any, relations: Any, holds: bool) -> None:
    assert agreement._holds(agreement.Said([sympify(side) for side in sides], relations)) == holds


def test_a_sum_over_an_index_is_compared_with_no_claim() -> None:
    any_claim: Any = None
    compared = agreement._not_compared(agreement.Said([summed(k, n), n], ["="]), any_claim)
    assert compared is not None
    assert compared.verdict == "undecided"


def test_a_value_that_solves_an_equation_is_the_claim_where_no_other_does() -> None:
    """In the third the sum of the sides is linear in the unknown, and their difference is not."""
    unknown = Symbol("w", real=True)
    cases = [
        (unknown**2 + unknown, unknown**2 + a, "ok"),
        (unknown**2, a**2, "undecided"),
        (unknown + unknown**2, 2 * a**2 + a - unknown**2, "undecided"),
        (2 * unknown, 3 * a, "wrong"),
    ]
    for left, right, verdict in cases:
        assert equations._rearranged(left, right, unknown, a, PROOFS).verdict == verdict, (left, right)


def test_an_equation_is_that_of_the_claim_or_a_number_times_it() -> None:
    for left, verdict in ((x + y, "ok"), (2 * (x + y), "ok"), (a * (x + y), "ok"), (x * (x + y), None), (x, None)):
        found = equations._recognised(left, left, (x + y, b), PROOFS)
        assert (found and found.verdict) == verdict, left
    assert equations._recognised(x, x, (Integer(0), y), PROOFS) is None


def subject(**parts: Any) -> Any:
    """What is asked of the claim."""
    return SimpleNamespace(products=lambda unknown: (), **parts)


def test_what_is_true_but_not_the_claim_is_undecided() -> None:
    found = equations._identity((x + y) ** 2, x**2 + 2 * x * y + y**2, subject(lhs=y**3, rhs=x**3), PROOFS)
    assert found.verdict == "undecided"
    assert found.reason.startswith("true, but")


def test_an_equation_with_two_unknowns_is_undecided() -> None:
    both = subject(unknowns=[(x, a), (y, b)])
    assert "more than one unknown" in equations._solution(x + y, a + b, both, PROOFS).reason
    assert equations._solution(x, a, both, PROOFS).verdict == "ok"
    assert equations._solution(x, b, both, PROOFS).verdict == "wrong"


def test_a_claim_that_conserves_nothing_has_no_conserved_equation() -> None:
    assert equations._conserved(x**2, y**2, subject(conserves=False), PROOFS) is None


def test_only_the_unknown_and_its_product_are_two_names_of_one() -> None:
    claim: Any = SimpleNamespace(unknowns=[(x, a)], products=lambda unknown: (b * c,))
    assert agreement._only_names((x, b * c), claim)
    assert agreement._only_names((b * c, x), claim)
    assert not agreement._only_names((b * c, y), claim)
    assert not agreement._only_names((x, b + c), claim)


def test_the_value_of_a_letter_that_is_met_binds_unless_it_is_free_of_the_claim() -> None:
    def binds(free: set[Any], tied: set[Any]) -> bool:
        motion = SimpleNamespace(free=free, tied=tied, of_weights=set())
        return special_values._binds(x, subject(motion=motion, used={y}, moving={}), {x})

    assert binds(set(), set())
    assert binds({x}, {y})


def test_the_other_side_is_the_value_where_the_unknown_is_not_in_it() -> None:
    assert equations._solved_for(x, x, a) == a
    assert equations._solved_for(x, a, x) == a
    assert equations._solved_for(x, x, x + 1) is None
    assert equations._solved_for(x, 2 * x, a) is None


def test_an_end_begins_where_it_is_the_other_end() -> None:
    moving = integrals._moving_end(x, 2 * x + 1, Integer(5))
    assert moving is not None
    assert moving.start == 2
    assert integrals._moving_end(x, x**2, Integer(5)) is None
    assert integrals._moving_end(x, y * x, Integer(5)) is None  # y may be 0
