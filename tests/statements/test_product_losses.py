"""Losses of a product of many weights: what is conserved, the one orbit, and its time."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from sympy import Abs, Expr, Heaviside, Integer, Max, Rational, Symbol, Tuple, exp, floor, log, sqrt, symbols, tanh

from modeflow import NoEvaluator, Objective
from modeflow.language.solve import NoClosedForm
from modeflow.statements.equations import entries

WEIGHTS = w1, w2, w3, w4 = symbols("w1:5", real=True)
t = Symbol("t", nonnegative=True)
lam, k, tau, a = symbols("lam k tau a", positive=True)
TAUS = symbols("tau1:5", positive=True)
PRODUCT = w1 * w2 * w3
CLEAN = lam / 2 * (1 - PRODUCT) ** 2


def of_three(loss: Any, taus: Any = tau) -> Objective:
    return Objective(loss, (w1, w2, w3), t, taus)


@pytest.mark.parametrize(
    ("loss", "weights", "taus", "start"),
    [
        pytest.param(CLEAN, 3, tau, None, marks=pytest.mark.slow),
        pytest.param(CLEAN, 3, TAUS[:3], None, marks=pytest.mark.slow),
        (CLEAN, 3, tau, (a, a, -a)),
        pytest.param(log(1 + exp(-w1 * w2)), 2, tau, None, marks=pytest.mark.slow),
        pytest.param((1 - tanh(PRODUCT)) ** 2 / 2, 3, tau, None, marks=pytest.mark.slow),
        pytest.param(exp(-PRODUCT * w4), 4, tau, None, marks=pytest.mark.slow),
        (exp(-(w1**2) * w2), 2, (TAUS[0], TAUS[0]), (Rational(1, 2), -1)),
        pytest.param((1 - (w1 * w2) ** 2) ** 2 / 4, 2, TAUS[:2], None, marks=pytest.mark.slow),
        pytest.param(CLEAN + k * Abs(PRODUCT), 3, tau, None, marks=pytest.mark.slow),
        (CLEAN, 3, tau, (0, 1, 2)),
    ],
)
def test_the_weights_by_one_of_them_and_the_time_are_proved(loss: Expr, weights: int, taus: Any, start: Any) -> None:
    solution = Objective(loss, WEIGHTS[:weights], t, taus).solve(start)
    assert solution.verdict is not None
    assert (solution.kind, solution.verdict.status) == ("one orbit (implicit)", "proved")


@pytest.mark.slow
def test_a_wrong_orbit_is_refused() -> None:
    claim = of_three(CLEAN).solve((Rational(1, 2), 1, 3)).claim
    passed, x, second, third = entries(claim.rhs)
    for wrong in (second * 2, second + 1, sqrt(second**2 + 1), -second, third):
        assert replace(claim, rhs=Tuple(passed, x, wrong, third)).verify().status == "refuted"
    assert replace(claim, rhs=Tuple(2 * passed, x, second, third)).verify().status == "refuted"


def test_squares_keep_their_distances() -> None:
    assert [i.quantity for i in of_three(CLEAN).invariants()] == [w2**2 - w1**2, w3**2 - w1**2]
    assert [i.quantity for i in Objective(exp(-(w1**2) * w2), (w1, w2), t).invariants()] == [2 * w2**2 - w1**2]
    own = Objective(log(1 + exp(-w1 * w2)), (w1, w2), t, TAUS[:2])
    assert [i.quantity for i in own.invariants()] == [TAUS[1] * w2**2 - TAUS[0] * w1**2]


def test_the_weight_of_the_smallest_square_leads() -> None:
    solution = of_three(CLEAN, (1, 9, 1)).solve((2, 1, -1))
    x = solution.form.place
    assert (solution.form.lead, solution.form.weights[2]) == (2, x)
    with_ties = of_three(CLEAN).solve((2, 1, -1))
    assert with_ties.form.weights[1:] == [x, -x]


def test_a_start_at_rest_stays() -> None:
    for start in [(0, 0, 1), (1, 1, 1)]:
        solution = of_three(CLEAN).solve(start)
        assert solution.kind == "constant"
        assert list(solution.values.values())[:3] == list(map(Integer, start))


def test_there_is_an_equation_of_the_strength_of_two_weights() -> None:
    equation = Objective(exp(-w1 * w2), (w1, w2), t, tau).product_equation()
    assert equation.velocity == equation.squared_norm * exp(-equation.strength) / tau
    with pytest.raises(NoClosedForm, match=r"for two weights of multiplicity 1"):
        of_three(CLEAN).product_equation()
    with pytest.raises(NoClosedForm, match=r"points at rest are listed for polynomials of two weights"):
        of_three(CLEAN).fixed_points()


@pytest.mark.slow
def test_each_step_of_the_chapter_is_proved() -> None:
    for objective in (of_three(CLEAN, TAUS[:3]), of_three(CLEAN + k * Abs(PRODUCT)), of_three(log(1 + exp(-PRODUCT)))):
        verdicts = {name: claim.verify().status for name, claim in objective.chapter().claims.items()}
        assert list(verdicts) == [f"loss.{n}" for n in ("flow", "loss_falls", "balance_1", "balance_2", "path")]
        assert set(verdicts.values()) == {"proved"}


@pytest.mark.parametrize(
    ("loss", "weights", "taus", "said"),
    [
        (w1, (w1,), tau, r"weights = \(w1,\): a path has at least two weights"),
        (w1 * w2, (w1, w2, w3), tau, r"does not depend on w3; give one that does, or leave it out"),
        (PRODUCT + w1**2, (w1, w2, w3), tau, r"not seen to be a function of one product of w1, w2, w3"),
        (exp(w1 + w2), (w1, w2), tau, r"not a polynomial in w1 and w2 and not seen to be a function of one product"),
        (exp(w1 / w2), (w1, w2), tau, r"not seen to be a function of one product"),
        (w1**2 + w2, (w1, w2), (1, 2), r"with time constants of their own, give one that is"),
        (PRODUCT, (w1, w2, w3), (1, 2), r"give one time constant, or one for each of the 3 weights"),
        (PRODUCT, (w1, w2, w3), (1, 2, -1), r"tau\[2\] = -1: a time constant is > 0"),
        (PRODUCT, (w1, w2, w3), (1, 2, w1), r"tau\[2\] = w1 has a weight in it"),
        (PRODUCT, (w1, w2, w1), tau, r"give different symbols"),
    ],
)
def test_what_is_no_loss_of_a_product_is_refused(loss: Any, weights: Any, taus: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Objective(loss, weights, t, taus)


def test_a_start_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"give the 3 weights at t = 0, as a tuple"):
        of_three(CLEAN).solve((1, 2))


@pytest.mark.parametrize(
    ("loss", "start", "said"),
    [
        (
            CLEAN + Abs(1 - PRODUCT),
            None,
            r"Abs\(w1\*w2\*w3 - 1\) has a kink .*give a start for which",
        ),
        (CLEAN + Abs(PRODUCT), (0, 1, 2), r"has a kink where w1\*w2\*w3 = 0"),
        (Abs(1 - PRODUCT**2), (1, 2, 3), r"has kinks at several values of the product"),
        (t * PRODUCT, None, r"changes with time"),
    ],
)
def test_what_is_not_solved_says_why(loss: Any, start: Any, said: str) -> None:
    with pytest.raises(NoClosedForm, match=said):
        of_three(loss).solve(start)


@pytest.mark.slow
@pytest.mark.parametrize("loss", [exp(PRODUCT) - PRODUCT**2, log(PRODUCT), 1 / PRODUCT])
def test_a_rate_of_unknown_zeros_gets_no_evaluator(loss: Any) -> None:
    with pytest.raises(NoEvaluator, match=r"of unknown zeros"):
        of_three(loss).solve((1, 2, 3)).evaluator()


def test_a_hinge_is_solved_up_to_its_kink() -> None:
    """Its slope is -1 there: w1 = a·cosh t + b·sinh t."""
    hinge = Objective(Max(0, 1 - w1 * w2), (w1, w2), t)
    path = hinge.solve((Rational(3, 10), Rational(1, 2))).evaluator()
    assert float(path(0.5)["w1(t)"]) == pytest.approx(0.3 * math.cosh(0.5) + 0.5 * math.sinh(0.5), rel=1e-12)
    with pytest.raises(ValueError, match=r"has a kink that is reached at t = 0\.917"):
        path(2.0)
    assert hinge.solve((2, 3)).kind == "constant"
    with pytest.raises(NoClosedForm, match=r"give a start for which its sign is known"):
        hinge.solve()


@pytest.mark.parametrize("step", [floor, Heaviside])
def test_a_loss_with_steps_is_refused(step: Any) -> None:
    with pytest.raises(ValueError, match=r"has no slope to descend; give a loss without steps"):
        Objective(step(w1 * w2), (w1, w2), t)
