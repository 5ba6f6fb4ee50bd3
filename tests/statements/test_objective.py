"""Objective in, closed form out: the losses of the paper and a stranger's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import daily
import pytest
from sympy import Float, I, Integer, Matrix, Rational, Symbol, exp, nan, oo, simplify, sqrt, symbols

from modeflow import Objective
from modeflow.language.definitions import unfold, used
from modeflow.language.solve import NoClosedForm

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, eps, gamma, tau, k, u0 = symbols("lam eps gamma tau k u0", positive=True)
w = w1 * w2
clean = lam / 2 * (1 - w) ** 2
decay = gamma / 2 * (w1**2 + w2**2)
balanced = (sqrt(u0), sqrt(u0))


def objective(loss: Any) -> Objective:
    return Objective(loss, weights=(w1, w2), time=t, tau=tau)


SLOWLY_PROVED: list[tuple[Any, Any, str]] = [
    (clean + w**2 / 6 + decay, None, "Riccati with exponential forcing"),
    (clean + eps / 2 * w**2 + decay, None, "Riccati with exponential forcing"),
    (clean + decay, (Rational(1, 3), Rational(1, 2)), "Riccati with exponential forcing"),
    (clean + eps / 2 * w**2 + decay, balanced, "logistic"),
    (clean + k / 6 * (w1**6 + w2**6), balanced, "separable (implicit)"),
]


@pytest.mark.parametrize(
    ("loss", "start", "kind"),
    [
        *daily.some(SLOWLY_PROVED, 1),
        (clean, None, "Riccati with constant coefficients"),
        (clean, balanced, "logistic"),
        (clean + eps / 2 * w**2, None, "Riccati with constant coefficients"),
        (clean + eps / 2 * w**2, (Rational(1, 2), -Rational(1, 3)), "Riccati with constant coefficients"),
        (clean + eps / 2 * w**2, balanced, "logistic"),
        (clean + decay, None, "Riccati with exponential forcing"),
        (clean + lam / 2 * (w1**2 + w2**2), balanced, "algebraic"),
        (k / 2 * w**2 - lam * w, None, "Riccati with constant coefficients"),
        (decay, None, "linear"),
        (decay - lam * w, (Rational(1, 2), -Rational(1, 3)), "linear"),
        (clean + k / 4 * w**4, None, "separable (implicit)"),
        (clean + k / 4 * w**4, balanced, "separable (implicit)"),
        (clean + k / 4 * (w1**4 + w2**4), balanced, "logistic"),
    ],
)
def test_each_loss_gets_a_closed_form_that_is_proved(loss: Any, start: Any, kind: str) -> None:
    solution = objective(loss).solve(start)
    assert solution.kind == kind
    assert solution.verify().status == "proved"


@pytest.mark.parametrize(
    "loss",
    [
        clean + gamma / 2 * w1**2,
        clean + k / 4 * (w1**4 + w2**4),
        lam / 2 * (1 - w1 - w2) ** 4,
    ],
)
def test_a_loss_without_known_closed_form_says_so_with_its_equation(loss: Any) -> None:
    with pytest.raises(NoClosedForm, match=r"no closed form known: .*(product equation is d|the flow is)"):
        objective(loss).solve()


def test_a_solution_of_another_loss_does_not_verify() -> None:
    right, wrong = objective(clean + eps / 2 * w**2).solve(), objective(clean + eps * w**2).solve()
    mixed = type(right)(right.kind, wrong.values, right.start, wrong.claim)
    swapped = type(right)(right.kind, right.values, right.start, _with_rhs(right.claim, wrong.claim.rhs))
    assert mixed.verify().status == "proved"
    assert swapped.verify().status == "refuted"


def _with_rhs(claim: Any, rhs: Any) -> Any:
    from dataclasses import replace

    return replace(claim, rhs=rhs)


def test_invariants_are_conserved_or_fade() -> None:
    (kept,) = objective(clean + eps / 2 * w**2).invariants()
    assert kept.conserved
    assert kept.quantity == w2**2 - w1**2
    (fading,) = objective(clean + decay).invariants()
    assert fading.fading == 2 * gamma / tau
    assert objective(clean + gamma / 2 * w1**2).invariants() == []


def test_the_product_equation_is_told_in_strength_imbalance_and_norm() -> None:
    equation = objective(clean + decay).product_equation()
    n, s = equation.squared_norm, equation.strength
    assert simplify(equation.velocity - (n * lam * (1 - s) - 2 * gamma * s) / tau) == 0
    assert str(equation).endswith("where n = sqrt(c**2 + 4*w**2)")


def test_fixed_points() -> None:
    origin = {w1: Integer(0), w2: Integer(0)}
    assert objective(clean + eps / 2 * w**2).fixed_points() == [origin, {w1: lam / (w2 * (lam + eps))}]
    decayed = objective(clean + decay).fixed_points()
    assert origin in decayed
    assert len(decayed) == 3
    assert all(simplify(p[w2] ** 2 - 1 + gamma / lam) == 0 for p in decayed if p != origin)
    assert len(objective(clean + k / 4 * w**4).fixed_points()) == 2
    assert objective(clean + gamma / 2 * w1**2).fixed_points() == [origin]
    assert len(objective(clean + k / 4 * (w1**4 + w2**4)).fixed_points()) == 3
    with pytest.raises(NoClosedForm, match="the fixed points solve"):
        objective(clean + decay + gamma * w1).fixed_points()


def test_the_hessian_is_that_of_the_loss() -> None:
    hessian = objective(clean).hessian()
    assert hessian.subs({w1: 1, w2: 1}).eigenvals() == {2 * lam: 1, Integer(0): 1}


@pytest.mark.parametrize(
    ("loss", "weights", "message"),
    [
        (clean, (w1, w1), "give different symbols"),
        (lam**2, (w1, w2), "does not depend on"),
        (exp(w1) * w2, (w1, w2), "not a polynomial"),
        (clean, (w1, w2, t), "give different symbols"),
        (clean, (w1, "w2"), "give two symbols or more"),
        (clean, (w1, t), "give different symbols"),
        (0.5 * w**2, (w1, w2), "write Rational"),
        (clean + nan, (w1, w2), "inexact, infinite or imaginary"),
        (I * w, (w1, w2), "inexact, infinite or imaginary"),
        (clean + w**100, (w1, w2), "its degree in the weights, 200, is larger than 32"),
    ],
)
def test_wrong_input_is_named(loss: Any, weights: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Objective(loss, weights=weights, time=t, tau=tau)


@pytest.mark.parametrize("loss", ["w1*w2", 1, Matrix([w]), None])
def test_what_is_no_expression_is_a_type_error(loss: Any) -> None:
    with pytest.raises(TypeError, match="not a SymPy expression"):
        objective(loss)


@pytest.mark.parametrize("start", [None, (Rational(1, 3), Rational(1, 2))])
@pytest.mark.parametrize("loss", [clean + t * w**2, clean + gamma * t * (w1**2 + w2**2)])
def test_a_loss_that_changes_with_time_has_no_closed_form(loss: Any, start: Any) -> None:
    with pytest.raises(NoClosedForm, match="no closed form known: the product equation changes with time"):
        objective(loss).solve(start)


def test_a_start_whose_signs_are_unknown_is_refused_under_decay() -> None:
    a, b = symbols("a b", real=True)
    with pytest.raises(NoClosedForm, match="the signs of w1 \\+ w2 and w2 - w1 to be known; declare the symbols"):
        objective(clean + decay).solve((a, b))


# --- starts ------------------------------------------------------------------------------------------------


a, b = symbols("a b", positive=True)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ((1,), r"start = \(1,\): give the two weights at t = 0"),
        ((1, 2, 3), r"start = \(1, 2, 3\): give the two weights at t = 0"),
        (5, "start = 5: give the two weights"),
        ((t, a), r"start\[0\] = t changes with t: give the weight at t = 0"),
        ((a, exp(t)), r"start\[1\] = exp\(t\) changes with t"),
        ((a, 0.5), r"start\[1\] = 0.5 is inexact: write Rational"),
        ((a, Float("0.5")), r"start\[1\] = 0.5.* holds an inexact"),
        ((nan, a), r"start\[0\] = nan holds an inexact, infinite"),
        ((a, oo), r"start\[1\] = oo holds an inexact, infinite"),
        ((Symbol("w1"), a), r"two symbols are called w1, one with no assumptions and one with real=True"),
        ((Symbol("i", imaginary=True), a), "i is declared not to be real"),
    ],
)
def test_a_start_that_is_no_start_is_named(start: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        objective(clean).solve(start)


@pytest.mark.parametrize("start", [("a", 1), (True, 1), (None, a)])
def test_a_start_of_another_type_is_a_type_error(start: Any) -> None:
    with pytest.raises(TypeError, match=r"start\[0\] is a (str|bool|NoneType), not a SymPy expression"):
        objective(clean).solve(start)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (Integer(0), ValueError, "tau = 0: a time constant is > 0; give a positive number"),
        (0, ValueError, "tau = 0: a time constant"),
        (-2, ValueError, "tau = -2: a time constant"),
        (-tau, ValueError, "tau = -tau: a time constant"),
        (tau * t, ValueError, r"tau = t\*tau changes with t: give a time constant"),
        (0.5, TypeError, "tau is a float"),
        (Symbol("t"), ValueError, "two symbols are called t, one with no assumptions and one with nonnegative=True"),
    ],
)
def test_a_time_constant_that_is_none_is_named(given: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        Objective(clean, weights=(w1, w2), time=t, tau=given)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ((1 - Symbol("w1") * Symbol("w2")) ** 2, "w1"),
        ((1 - w1 * Symbol("w2", positive=True)) ** 2, "w2"),
        (clean * exp(-Symbol("t", real=True)), "t"),
        (clean + Symbol("lam") * w, "lam"),
    ],
)
def test_letters_that_differ_in_their_assumptions_only_are_named(loss: Any, name: str) -> None:
    with pytest.raises(
        ValueError, match=f"two symbols are called {name}, one with .* and one with .*; declare the letter once"
    ):
        objective(loss)


@pytest.mark.parametrize("loss", [clean, clean + decay, clean + k / 4 * w**4, k / 2 * w**2, decay - lam * w])
def test_a_start_at_rest_stays_there(loss: Any) -> None:
    solution = objective(loss).solve((0, 0))
    assert solution.kind == "constant"
    assert set(solution.values.values()) == {Integer(0)}
    assert solution.verify().status == "proved"


def test_a_start_with_the_letters_of_the_forms_is_kept_apart() -> None:
    for letter in (Symbol("w", real=True), Symbol("w"), Symbol("s", real=True), Symbol("w_mode", real=True)):
        solution = objective((lam - w**2) ** 2 / 2).solve((letter, letter + 1))
        ((passed, integral),) = solution.values.items()
        (w_passed,) = passed.args
        assert w_passed != letter
        ((_, low, high),) = integral.limits
        assert (simplify(low - letter * (letter + 1)), high) == (0, w_passed)
        assert letter in integral.function.free_symbols


def test_names_given_to_a_start_are_not_those_of_the_loss() -> None:
    strength = Symbol("w1_0", real=True)
    solution = objective(clean + strength / 2 * w**2).solve()
    assert strength not in solution.start
    named = objective(Symbol("p_0", positive=True) / 2 * (1 - w) ** 2 + decay).solve()
    assert Symbol("p_0", positive=True) not in (named.start[0] + named.start[1]).free_symbols


def test_what_python_shows_is_short() -> None:
    fading = objective(clean + decay)
    for thing in (fading, fading.solve(), fading.product_equation(), *fading.invariants(), *fading.fixed_points()):
        assert len(repr(thing)) < 200
    assert repr(fading.solve()).startswith("<Solution: Riccati with exponential forcing, w1(t), w2(t) from (")
    assert len(repr(objective(sum(w1**i * w2**j for i in range(5) for j in range(5))))) < 200


# Names --------------------------------------------------------------------------------------------------------


def plain_objective(signal: Symbol) -> Objective:
    one, two = symbols("w1 w2", real=True)
    return Objective(signal / 2 * (1 - one * two) ** 2, (one, two), Symbol("t", nonnegative=True))


def test_a_solution_is_claimed_in_names_and_given_in_letters() -> None:
    solution = plain_objective(Symbol("s", positive=True)).solve()
    names = {d.tex: d for d in solution.claim.definitions()}
    assert {r"\rho", "E", r"\mathcal{N}", r"\mathcal{D}", "S_1", "S_2"} <= set(names)
    assert r"\frac{S_1}{\sqrt{\mathcal{D} \mathcal{N}}}" in solution.claim.latex()
    assert r"E = e^{- \rho t}" in solution._repr_latex_()
    assert [unfold(side) for side in solution.claim.rhs] == list(solution.values.values())[:2]
    assert all(used(value) == () for value in solution.values.values())
    wrong = replace(names[r"\rho"], expression=2 * names[r"\rho"].expression)
    assert solution.claim.redefined({names[r"\rho"]: wrong}).verify().status == "refuted"


def test_names_are_marked_where_the_loss_has_one_of_their_letters() -> None:
    latex = plain_objective(Symbol("E", positive=True)).solve()._repr_latex_()
    assert r"\tilde{E} = e^{- \tilde{\rho} t}" in latex
    assert r"\tilde{\rho} = \sqrt{4 E^{2} + E^{2} \tilde{c}_{ab}^{2}}" in latex


def test_what_is_a_number_has_no_name() -> None:
    solution = plain_objective(Symbol("s", positive=True)).solve(start=(Integer(1), Integer(2)))
    assert "c_{ab}" not in {d.tex for d in solution.claim.definitions()}
    assert solution.verify().status == "proved"
