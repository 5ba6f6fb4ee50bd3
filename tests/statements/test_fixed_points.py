"""Fixed points of losses: none missing, none too many, each with its conditions; held against an oracle of its own."""

from __future__ import annotations

import random
from typing import Any

import daily
import pytest
from fixed_point_oracle import isolated_zeros, listed, same, zeros_on_line
from sympy import Abs, Eq, Expr, Heaviside, Integer, Ne, Rational, Symbol, exp, expand, sin, sqrt, symbols

from modeflow import Objective
from modeflow.language.solve import NoClosedForm
from modeflow.statements import fixed_points as fixed_points_of_losses
from modeflow.statements import real_roots

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, gam, k = symbols("lam gam k", positive=True)
s, mu = symbols("s mu", real=True)
n = Symbol("n", negative=True)
loose = Symbol("loose")
w = w1 * w2
norm = w1**2 + w2**2
ORIGIN = {w1: Integer(0), w2: Integer(0)}
SEED = daily.seed()


def fixed_points(loss: Expr) -> list[Any]:
    return Objective(loss, (w1, w2), time=t, tau=Symbol("tau", positive=True)).fixed_points()


def said(points: list[Any]) -> set[str]:
    return {str(p) for p in points}


def test_every_branch_comes_with_its_condition() -> None:
    radicand = lam * (1 - mu) - gam
    points = fixed_points(lam / 2 * (1 - mu - w) ** 2 + gam / 2 * norm)
    assert points[0] == ORIGIN
    assert points[0].conditions == ()
    for way in (1, -1):
        value = way * sqrt(expand(radicand)) / sqrt(lam)
        (point,) = [p for p in points if p == {w1: value, w2: value}]
        assert point.conditions == (expand(radicand) >= 0,)
        other = way * sqrt(expand(lam * (mu - 1) - gam)) / sqrt(lam)
        assert {w1: -other, w2: other} in points
    assert len(points) == 5


def test_points_that_the_sign_of_a_symbol_decides() -> None:
    root = sqrt(gam) / sqrt(k)
    points = fixed_points(-k / 2 * w**2 + gam / 2 * norm)
    assert len(points) == 5
    assert all({w1: a * root, w2: b * root} in points for a in (1, -1) for b in (1, -1))
    assert fixed_points(-n / 2 * w**2 + gam / 2 * norm) == [ORIGIN]
    assert [p.conditions for p in fixed_points(-s / 2 * w**2 + gam / 2 * norm)[1:]] == [(s > 0,)] * 4


def test_losses_that_are_the_same_for_swapped_weights() -> None:
    assert len(fixed_points((1 - w**5) ** 2 + norm / 3)) == 5
    assert len(fixed_points((1 - w) ** 2 + gam * norm**2)) == 3


def test_whole_lines_and_curves_at_rest() -> None:
    assert said(fixed_points((k - w**2) ** 2 / 2)) == {
        "{w1: 0}",
        "{w2: 0}",
        "{w1: sqrt(k)/w2} where Ne(w2, 0)",
        "{w1: -sqrt(k)/w2} where Ne(w2, 0)",
    }
    assert said(fixed_points((k - w) ** 2 / 2)) == {"{w1: 0, w2: 0}", "{w1: k/w2} where Ne(w2, 0)"}
    assert said(fixed_points((1 - norm) ** 2)) == {
        "{w1: 0, w2: 0}",
        "{w1: sqrt(1 - w2**2)} where 1 - w2**2 >= 0",
        "{w1: -sqrt(1 - w2**2)} where 1 - w2**2 >= 0",
    }
    assert said(fixed_points((1 - w1 * w2**2) ** 2)) == {"{w2: 0}", "{w1: w2**(-2)} where Ne(w2, 0)"}
    assert fixed_points((w1 + w2 - 1) ** 2 / 2) == [{w1: 1 - w2}]


def test_special_values_of_the_symbols_have_points_of_their_own() -> None:
    at_zero = [p for p in fixed_points((s - w) ** 2 / 2) if Eq(s, 0) in p.conditions]
    assert {w2: 0} in at_zero
    points = fixed_points(mu * w1**2 / 2 + s * w + w2**2 / 2)
    assert (points[0], points[0].conditions) == (ORIGIN, ())
    assert {p.conditions for p in points[1:]} == {(Eq(mu, 0), Eq(s, 0)), (Eq(mu, s**2), Ne(s, 0))}


def test_losses_without_points_at_rest_and_with_one() -> None:
    assert fixed_points(w1 + 2 * w2) == []
    assert fixed_points(lam / 2 * (1 - w) ** 2 + gam / 2 * w1**2) == [ORIGIN]
    assert fixed_points(gam * norm) == [ORIGIN]
    assert fixed_points(lam / 2 * (1 - w) ** 2 + gam / 2 * w1**2 + k / 2 * w2**2)[0] == ORIGIN


def test_points_of_a_loss_that_changes_with_time_rest_at_all_times() -> None:
    assert fixed_points((1 - w) ** 2 + t * w**2) == [ORIGIN]
    assert fixed_points(t * w1**2 + w1 - w2) == []
    assert len(fixed_points(exp(-t) * (1 - w) ** 2)) == 2
    step = Heaviside(t - 1, 1)
    for changing in (exp(-t) * sin(t) * w1, step**2 * w - step * w, exp(s * t) * w, Abs(t - 1) * w):
        with pytest.raises(NoClosedForm, match="the loss changes with time; the fixed points solve"):
            fixed_points((1 - w) ** 2 + changing)


def test_symbols_without_assumptions_and_coefficients_that_are_no_polynomials() -> None:
    assert said(fixed_points(norm**2 / 4 - loose * norm / 2)) == {
        "{w1: 0, w2: 0}",
        "{w1: sqrt(loose - w2**2)} where loose - w2**2 >= 0",
        "{w1: -sqrt(loose - w2**2)} where loose - w2**2 >= 0",
    }
    assert fixed_points(sqrt(2) * (exp(s) - w) ** 2) == [ORIGIN, {w1: exp(s) / w2}]
    assert len(fixed_points((1 - w * sqrt(lam)) ** 2 + sqrt(lam) * norm)) == 1


def test_what_cannot_be_written_down_is_refused_with_its_equations() -> None:
    with pytest.raises(
        NoClosedForm, match=r"at rest w1 solves .* a cubic equation .*; the fixed points solve .* = 0 and"
    ):
        fixed_points(w1**4 / 4 - w1**2 / 2 + s * w1 + w2**2 / 2)


def test_the_search_is_bounded_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_points_of_losses, "MOST_SECONDS", 0)
    with pytest.raises(NoClosedForm, match="not all found in 0 s; the fixed points solve"):
        fixed_points((1 - w) ** 2 + w1**4)


def test_one_real_root_of_a_cubic_is_known_by_its_discriminant() -> None:
    assert len(fixed_points(lam / 2 * (1 - w) ** 2 + k / 4 * w**4)) == 2
    (point,) = fixed_points(w1**4 / 4 + k * w1**2 / 2 - gam * w1 + w2**2 / 2)
    assert point.conditions == ()


# --- held against the oracle -------------------------------------------------------------------------------


def random_loss(source: random.Random) -> Expr:
    """A few monomials of degree up to 4, with small rational coefficients, on a weak quartic or none."""
    monomials = [w1**i * w2**j for i in range(5) for j in range(5 - i) if i + j]
    chosen = source.sample(monomials, source.randint(2, 4))
    return sum(
        (Rational(source.choice((-4, -3, -2, -1, 1, 2, 3, 4)), source.randint(1, 3)) * m for m in chosen),
        source.choice((0, w1**4 + w2**4)),
    )


def faults(points: list[Any], symbolic: Expr, at: dict[Any, Any]) -> list[str]:
    """What is wrong with the points listed for a loss with symbols, where these are the given numbers."""
    loss, wrong = expand(symbolic.subs(at)), []
    expected = isolated_zeros(loss, w1, w2)
    if expected is not None and not same(expected, listed(points, w1, w2, at)):
        wrong.append(f"of {symbolic} at {at}: {points}, not {expected}")
    for fixed, value in ((w1, Rational(3, 7)), (w2, Rational(-5, 3)), (w2, Integer(0)), (w1, Integer(0))):
        on_line = zeros_on_line(loss, w1, w2, fixed, value)
        if on_line is not None and not agree_on_line(points, on_line, {**at, fixed: value}, fixed):
            wrong.append(f"of {symbolic} at {at} where {fixed} = {value}: {points}, not {on_line}")
    return wrong


def agree_on_line(points: list[Any], expected: list[Any], at: dict[Any, Any], fixed: Symbol) -> bool:
    """Whether a line meets the listed points where it should."""
    here = [p for p in listed(points, w1, w2, at) if abs(p[fixed == w2] - float(at[fixed])) < 1e-12]
    extra = [p for p in here if not same([p], [e for e in expected if same([p], [e])])]
    return not extra and all(is_listed(points, p, at) for p in expected)


def is_listed(points: list[Any], zero: Any, at: dict[Any, Any]) -> bool:
    """Whether one of the points, with its free weight as in the zero, is the zero."""
    filled = [{**at, w2: Rational(str(zero[1]))}, {**at, w1: Rational(str(zero[0]))}]
    return any(same([zero], [p]) for there in filled for p in listed(points, w1, w2, there) if same([zero], [p]))


def numbers_for(source: random.Random) -> dict[Any, Any]:
    def positive() -> Rational:
        return Rational(source.randint(1, 9), source.randint(1, 4))

    return {
        lam: positive(),
        gam: positive(),
        k: positive(),
        n: -positive(),
        s: source.choice((-1, 0, 1)) * positive(),
        mu: source.choice((-1, 1, 1)) * positive(),
        loose: source.choice((-1, 1)) * positive(),
    }


FAMILIES = [
    lam / 2 * (1 - mu - w) ** 2 + gam / 2 * norm,
    -s / 2 * w**2 + gam / 2 * norm,
    (s - w**2) ** 2 / 2,
    (s - w) ** 2 / 2 + loose / 2 * w1**2,
    lam / 2 * (1 - w) ** 2 + gam / 2 * w1**2 + k / 2 * w2**2,
    lam / 2 * (mu - w) ** 2 + k / 4 * (w1**4 + w2**4),
    (s - norm) ** 2 + loose * w1**2,
    (w1**2 - s) ** 2 + (w2**2 - mu) ** 2,
    (loose - w1 * w2**2) ** 2,
    mu * w1**2 / 2 + s * w + w2**2 / 2 - gam * w1,
    n * w**3 / 3 + s * w**2 / 2,
    (w1**4 + w2**4) / 4 - s * norm / 2 + mu * w,
]


@pytest.mark.costly
@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_points_with_symbols_are_those_at_numbers(family: Expr) -> None:
    source, points = random.Random(f"{SEED} {family}"), fixed_points(family)
    for at in [numbers_for(source) for _ in range(4)]:
        assert faults(points, family, at) == [], f"seed {SEED}"


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.slow)])
def test_points_of_random_losses_are_all_of_them(count: int) -> None:
    source = random.Random(SEED)
    refused = 0
    for loss in [random_loss(source) for _ in range(count)]:
        try:
            points = fixed_points(loss)
        except NoClosedForm:
            refused += 1
            continue
        assert faults(points, loss, {}) == [], f"seed {SEED}"
    assert refused <= 2 + count // 8, f"seed {SEED}: {refused} refused"


# --- each mend switched off is found -----------------------------------------------------------------------


def faults_of(family: Expr) -> list[str]:
    source, points = random.Random(f"mends {family}"), fixed_points(family)
    given = [numbers_for(source) for _ in range(12)]
    return [f for at in given for f in faults(points, family, at)]


def test_a_case_that_is_passed_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fixed_points_of_losses._by_first_coefficient
    family = mu * w1**2 / 2 + s * w + w2**2 / 2 - gam * w1
    assert faults_of(family) == []
    monkeypatch.setattr(fixed_points_of_losses, "_by_first_coefficient", lambda *args: whole(*args)[1:])
    assert faults_of(family)


def test_a_branch_whose_sign_is_not_known_and_that_is_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    family = (w1**2 - s) ** 2 + (w2**2 - mu) ** 2
    assert faults_of(family) == []
    monkeypatch.setattr(real_roots, "conditions_of", lambda holds: () if holds == True else None)  # noqa: E712
    assert faults_of(family)


def test_a_factor_that_is_passed_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    factors = fixed_points_of_losses._factors
    monkeypatch.setattr(fixed_points_of_losses, "_factors", lambda e, nonzero: factors(e, nonzero)[-1:])
    assert faults_of((s - w**2) ** 2 / 2)


def test_a_point_without_its_condition_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_points_of_losses, "_merged", lambda conditions: ())
    with pytest.raises(AssertionError, match="is not real"):
        faults_of(-s / 2 * w**2 + gam / 2 * norm)
