"""Solutions and invariants of losses, held against numerical integration of the flow."""

from __future__ import annotations

import itertools
import random
from typing import Any

import daily
import mpmath
import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from sympy import Expr, Function, Integral, Rational, Symbol, diff, exp, expand, lambdify, symbols

from modeflow import Objective
from modeflow.language.solve import NoClosedForm
from modeflow.statements import conserved, objective

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, gam, tau = symbols("lam gam tau", positive=True)
s = Symbol("s", real=True)
w = w1 * w2
norm = w1**2 + w2**2
SEED = daily.seed()
END, SCALE = Rational(1, 2), Rational(3, 2)


def integrated(loss: Expr, start: Any) -> Any:
    """Both weights at the end, by an integrator that knows the slopes only."""
    slopes = lambdify((w1, w2), [-diff(loss, w1) / SCALE, -diff(loss, w2) / SCALE])
    moved = solve_ivp(
        lambda _, y: slopes(*y), (0, float(END)), [float(v) for v in start], rtol=1e-11, atol=1e-12, method="DOP853"
    )
    return moved.y[:, -1] if moved.success else None


def off_by(loss: Expr, start: Any) -> float | None:
    """How far a solution is from the integrated path at the end; None where there is no closed form."""
    try:
        solution = Objective(loss, (w1, w2), t, SCALE).solve(start)
    except NoClosedForm:
        return None
    end = integrated(loss, start)
    if end is None:
        return None
    return max(_off_by(unknown, value, end) for unknown, value in solution.values.items())


def _off_by(unknown: Any, value: Expr, end: Any) -> float:
    known = {"w1": end[0], "w2": end[1], "w": end[0] * end[1]}
    if isinstance(value, Integral):
        ((inner, low, high),) = value.limits
        target = known[high.name.removesuffix("_mode")]
        passed, _ = quad(lambdify(inner, value.function), float(low), target, epsabs=1e-10, limit=200)
        return float(abs(passed - float(END)))
    there = complex(lambdify(t, value, "mpmath")(mpmath.mpf(1) / 2))
    return float(abs(there - known[unknown.func.__name__]))


def random_case(source: random.Random) -> tuple[Expr, Any]:
    def number() -> Rational:
        return Rational(source.choice((-3, -2, -1, 1, 2, 3)), source.randint(1, 3))

    clean, decay = abs(number()) / 2 * (1 - w) ** 2, abs(number()) / 2 * norm
    quadratic = number() * w1**2 + number() * w + abs(number()) * w2**2 + number() * w1 + number() * w2
    squared = (number() * w1 + number() * w2 + number()) ** 2
    strength_only = (clean, clean + w**4 / 4, abs(number()) * w**2, clean + decay, decay - number() * w)
    others = (decay, quadratic, squared, number() * w1 + w2, clean + (w1**4 + w2**4) / 4, clean + w1 + w2)
    loss = source.choice((*strength_only, *others))
    a, b = number() / 2, number() / 2
    return loss, source.choice(((a, b), (a, a), (a, -a), (a, 0), (0, b), (0, 0), (b, a)))


def test_solutions_are_the_integrated_paths() -> None:
    source = random.Random(SEED)
    cases = [random_case(source) for _ in range(12)]
    found = [(loss, start, off_by(loss, start)) for loss, start in cases]
    assert [f for f in found if f[2] is not None and not f[2] < 1e-7] == [], f"seed {SEED}"
    assert sum(f[2] is not None for f in found) >= len(cases) // 3, f"seed {SEED}"


LOSSES = [(1 - w) ** 2, (1 - w) ** 2 + norm / 3, (1 - w) ** 2 + w**4 / 4, w**2, norm - w, norm / 3 - w**2 / 2]
STARTS = [(1, 0), (0, -1), (1, -1), (-1, -1), (-2, 1), (-1, 2), (0, 0)]


@pytest.mark.costly
@pytest.mark.parametrize(("loss", "start"), daily.some(itertools.product(LOSSES, STARTS), 9))
def test_starts_of_every_sign(loss: Expr, start: Any) -> None:
    start = tuple(Rational(v, 2) for v in start)
    difference = off_by(loss, start)
    assert difference is not None
    assert difference < 1e-7


@pytest.mark.parametrize(
    "loss",
    [
        w1 + 2 * w2,
        (w1 + w2 - 1) ** 2 / 2,
        lam / 2 * w1**2 + gam / 2 * w2**2 - s * w + w1,
        gam / 2 * w1**2 + w2,
        (lam * w1 - w2) ** 2 + w1,
    ],
)
def test_every_quadratic_loss_is_solved(loss: Expr) -> None:
    solution = Objective(loss, (w1, w2), t, tau).solve()
    assert solution.kind == "linear"
    assert solution.verify().status == "proved"


def test_equal_weights_that_a_linear_term_moves_keep_their_sign() -> None:
    for start in ((Rational(1, 2), Rational(1, 2)), (-Rational(1, 2), -Rational(1, 2))):
        difference = off_by((1 - w) ** 2 / 2 + (w1 + w2) / 5, start)
        assert difference is not None
        assert difference < 1e-7


def test_a_form_that_is_not_proved_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objective, "logistic_path", lambda growth, pull, start, time, rate: start * exp(growth * time))
    with pytest.raises(NoClosedForm, match=r"a form of the kind 'logistic' .* is not proved"):
        Objective((1 - w) ** 2, (w1, w2), t).solve((Rational(1, 3), Rational(1, 3)))


def test_a_letter_that_is_not_fresh_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = Symbol("w", real=True)
    own = Objective((1 - w**2) ** 2 / 2, (w1, w2), t)
    ((passed, _),) = own.solve((letter, letter + 1)).values.items()
    assert passed.args != (letter,)
    monkeypatch.setattr(Objective, "_fresh", lambda self, name, start=(), **assumed: Symbol(name, **assumed))
    ((passed, _),) = own._solved((letter, letter + 1)).values.items()
    assert passed.args == (letter,)


# --- invariants --------------------------------------------------------------------------------------------


def invariants(loss: Expr) -> dict[Expr, Expr]:
    return {i.quantity: i.fading for i in Objective(loss, (w1, w2), t, tau).invariants()}


def test_conserved_polynomials() -> None:
    assert invariants((1 - w1 * w2**2) ** 2) == {w2**2 - 2 * w1**2: 0}
    assert invariants((1 - w1**2 * w2**3) ** 2 + w1**2 * w2**3) == {2 * w2**2 - 3 * w1**2: 0}
    assert invariants((1 - w1 - w2) ** 2) == {w1 - w2: 0, w1 + w2 - 1: 4 / tau}
    assert invariants(w1 + 2 * w2) == {2 * w1 - w2: 0}
    assert invariants((w1**3 - 3 * w1 * w2**2 - 1) ** 2) == {3 * w1**2 * w2 - w2**3: 0}
    assert invariants((s * w1 - w2) ** 4) == {w1 + s * w2: 0}
    assert invariants((1 - norm) ** 2) == {}
    assert invariants((w1**2 - w2**2 - 1) ** 2) == {w1 * w2: 0}


def test_polynomials_that_die_out() -> None:
    decayed = invariants(lam / 2 * (1 - w) ** 2 + gam / 2 * norm)
    assert decayed == {w2**2 - w1**2: 2 * gam / tau}
    alone = invariants(gam / 2 * norm)
    assert set(alone) >= {w2**2 - w1**2, norm, w, w1**2, w2**2, w1, w2}
    assert alone[w1] == gam / tau
    assert set(invariants(gam / 2 * norm - lam * w)) == {w2**2 - w1**2, w1 + w2, w1 - w2}
    assert len(invariants(gam / 2 * w1**2 + lam / 2 * w2**2 - s * w + w1)) == 2


def test_invariants_of_a_loss_that_changes_with_time_do_not_hold_the_time() -> None:
    assert invariants(t * w1 + w2) == {}
    assert invariants(exp(-t) * (1 - w1 * w2**2) ** 2) == {w2**2 - 2 * w1**2: 0}


def test_invariants_hold_along_integrated_paths() -> None:
    source = random.Random(SEED)
    for _ in range(6):
        a, b = source.randint(1, 3), source.randint(1, 3)
        inner = w1**a * w2**b
        loss = expand((inner - Rational(source.randint(1, 5), 3)) ** 2 + Rational(source.randint(0, 2), 5) * inner)
        (found,) = Objective(loss, (w1, w2), t, SCALE).invariants()
        start = (Rational(source.randint(1, 6), 7), Rational(source.randint(1, 6), 7))
        quantity = lambdify((w1, w2), found.quantity)
        end = integrated(loss, start)
        assert np.isclose(quantity(*end), float(found.quantity.subs({w1: start[0], w2: start[1]})), atol=1e-8), SEED


def test_invariants_passed_over_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objective, "invariants_along", lambda *_: [])
    assert invariants((1 - w1 - w2) ** 2) == {}
    monkeypatch.undo()
    monkeypatch.setattr(conserved, "_follows", lambda *_: False)
    assert len(invariants((1 - w) ** 2)) > 1


def test_the_path_of_the_strength_is_a_function_of_time() -> None:
    path = Function("w", real=True)(t)
    assert path in Objective((1 - w) ** 2, (w1, w2), t).solve((1, -1)).values
