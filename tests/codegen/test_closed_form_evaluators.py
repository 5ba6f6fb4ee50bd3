"""Evaluators of solutions and claims, held against an integrator that shares no code, and against bad input."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from typing import Any

import daily
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from sympy import Integer, Rational, Symbol, cosh, exp, symbols, zeta

import modeflow
from modeflow import Alphabet, Chapter, Equation, NoEvaluator, Objective, gradient_flow
from modeflow.codegen import evaluator as compiled
from modeflow.codegen.tape import Tape

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, gamma, tau, k, eps, u0, s = symbols("lam gamma tau k eps u0 s", positive=True)
CLEAN = lam / 2 * (1 - w1 * w2) ** 2
AT = {"lam": 1.3, "gamma": 0.4, "tau": 0.7, "k": 0.6, "eps": 0.8, "s": 0.5}
TIMES = np.linspace(0.0, 6.0, 25)
Slopes = Callable[[float, float], tuple[float, float]]


def reconstruction(a: float, b: float) -> tuple[float, float]:
    """What the clean loss asks for, by hand."""
    e = AT["lam"] * (1 - a * b)
    return e * b, e * a


def plus(extra: Slopes) -> Slopes:
    def both(a: float, b: float) -> tuple[float, float]:
        (one, two), (more, other) = reconstruction(a, b), extra(a, b)
        return one + more, two + other

    return both


def denoising(a: float, b: float) -> tuple[float, float]:
    return -AT["eps"] * a * b**2, -AT["eps"] * a**2 * b


def decay(a: float, b: float) -> tuple[float, float]:
    return -AT["gamma"] * a, -AT["gamma"] * b


def quartic(a: float, b: float) -> tuple[float, float]:
    cubed = -AT["k"] * (a * b) ** 3
    return cubed * b, cubed * a


def linear(a: float, b: float) -> tuple[float, float]:
    return 1 - a - 2 * b, 2 * (1 - a - 2 * b) - AT["s"] * b


def product(a: float, b: float) -> tuple[float, float]:
    return -a * b**2, -(a**2) * b


def sixth(a: float, b: float) -> tuple[float, float]:
    e = 3 * (AT["s"] - (a * b) ** 3) * (a * b) ** 2
    return e * b, e * a


# name → loss, start in letters, start in numbers, −∂loss/∂w by hand
CASES: dict[str, tuple[Any, Any, tuple[float, float], Slopes]] = {
    "clean": (CLEAN, None, (0.2, 0.5), reconstruction),
    "clean, opposite signs": (CLEAN, None, (-0.6, 0.5), reconstruction),
    "clean, large": (CLEAN, None, (1.9, -0.3), reconstruction),
    "clean, numbers": (CLEAN, (Integer(1), Integer(2)), (1.0, 2.0), reconstruction),
    "denoising": (CLEAN + eps / 2 * (w1 * w2) ** 2, None, (0.2, 0.5), plus(denoising)),
    "decay": (CLEAN + gamma / 2 * (w1**2 + w2**2), None, (0.2, 0.5), plus(decay)),
    "logistic": (CLEAN, (u0, u0), (0.3, 0.3), reconstruction),
    "logistic with decay": (CLEAN + gamma / 2 * (w1**2 + w2**2), (u0, u0), (0.3, 0.3), plus(decay)),
    "algebraic": ((w1 * w2) ** 2 / 2, (u0, u0), (0.3, 0.3), product),
    "linear": ((1 - w1 - 2 * w2) ** 2 / 2 + s / 2 * w2**2, None, (0.2, 0.5), linear),
    "quartic": (CLEAN + k / 4 * (w1 * w2) ** 4, None, (0.2, 0.5), plus(quartic)),
    "quartic, through zero": (CLEAN + k / 4 * (w1 * w2) ** 4, None, (-0.4, 0.7), plus(quartic)),
    "quartic, equal": (CLEAN + k / 4 * (w1 * w2) ** 4, (u0, u0), (0.3, 0.3), plus(quartic)),
    "sixth": ((s - (w1 * w2) ** 3) ** 2 / 2, None, (0.8, 0.5), sixth),
    "resting": (CLEAN, (Integer(1), Integer(1)), (1.0, 1.0), reconstruction),
}


def evaluator(name: str) -> compiled.Evaluator:
    loss, start, _, _ = CASES[name]
    found: compiled.Evaluator = Objective(loss, (w1, w2), t, tau).solve(start).evaluator()
    return found


def arguments(found: compiled.Evaluator, start: tuple[float, float]) -> dict[str, Any]:
    known = AT | {"u0": start[0]}
    given: dict[str, Any] = {q.symbol.name: known[q.symbol.name] for q in found.letters}
    return given | ({"start": start} if found.start_names else {})


@pytest.mark.parametrize("name", daily.some(CASES, 5))
def test_it_follows_the_path_that_an_integrator_finds(name: str) -> None:
    _, _, start, slopes = CASES[name]
    found = evaluator(name)
    rate: Any = lambda _, w: np.array(slopes(*w)) / AT["tau"]  # noqa: E731
    a, b = solve_ivp(rate, (0, TIMES[-1]), start, t_eval=TIMES, rtol=1e-12, atol=1e-14, method="DOP853").y
    values = found(TIMES, **arguments(found, start))
    path = values if isinstance(values, dict) else {next(iter(found.forms)): values}
    for unknown, expected in (("w1(t)", a), ("w2(t)", b), ("w(t)", a * b)):
        if unknown in path:
            np.testing.assert_allclose(path[unknown], expected, rtol=0, atol=1e-9)  # between its steps it is less exact
    assert path


MARKS: dict[str, Any] = dict.fromkeys(
    ("decay", "quartic", "quartic, through zero", "quartic, equal", "sixth"), pytest.mark.slow
)


@pytest.mark.costly
@pytest.mark.parametrize("name", [pytest.param(name, marks=MARKS[name]) if name in MARKS else name for name in CASES])
def test_it_says_how_many_digits_it_loses(name: str) -> None:
    found = evaluator(name).accuracy(count=6, seed=3)
    assert 0 <= found.median <= found.worst < 2000
    assert found.digits_lost < 3.4
    assert f"worst {found.worst:.3g} ulp at t = " in repr(found)


def test_it_is_right_where_it_comes_ever_slower_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Towards a double zero of the rate a place far behind is passed after 10^25 times as long."""
    monkeypatch.setitem(AT, "s", 0.51)
    monkeypatch.setitem(AT, "tau", 0.17)
    start, times = (0.7, -1.16), np.array([0.0, 0.3, 2.2, 40.0])
    rate: Any = lambda _, w: np.array(sixth(*w)) / AT["tau"]  # noqa: E731
    a, b = solve_ivp(rate, (0, times[-1]), start, t_eval=times, rtol=1e-12, atol=1e-14, method="DOP853").y
    found = evaluator("sixth")
    np.testing.assert_allclose(found(times, **arguments(found, start)), a * b, rtol=0, atol=1e-9)
    for one, expected in zip(times, a * b, strict=True):
        np.testing.assert_allclose(found(one, **arguments(found, start)), expected, rtol=0, atol=1e-9)


def test_accuracy_sees_an_evaluator_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = evaluator("logistic")
    right = found.accuracy(count=5).worst
    monkeypatch.setattr(Tape, "__call__", _off_by_a_little(Tape.__call__))
    assert right < 20
    assert 1e4 < found.accuracy(count=5).worst < 1e8


def _off_by_a_little(compute: Any) -> Any:
    return lambda tape, values: [x * (1 + 1e-10) for x in compute(tape, values)]


def test_accuracy_leaves_out_points_without_a_value() -> None:
    time = modeflow.claim("dae.balanced_learning_time").evaluator()
    with pytest.raises(FloatingPointError, match="no finite value of the closed form was found at x = 5"):
        time(5.0, lam=1.0, eps=0.5, tau=1.0, w0=0.1)
    assert time.accuracy(count=8).count == 8


def test_it_broadcasts() -> None:
    found = evaluator("clean")
    path = found(TIMES[:, None], start=(np.array([0.1, 0.2, 0.3]), 0.5), lam=[1.0, 2.0, 3.0], tau=1.0)
    assert {x.shape for x in path.values()} == {(25, 3)}
    one = found(TIMES[7], start=(0.2, 0.5), lam=2.0, tau=1.0)
    assert one["w(t)"] == path["w(t)"][7, 1]
    implicit = evaluator("quartic, equal")
    many = implicit(TIMES[::6, None], lam=1.0, tau=1.0, u0=[0.1, 0.9], k=0.5)
    assert many.shape == (5, 2)
    np.testing.assert_allclose(
        many[:, 1], [implicit(x, lam=1.0, tau=1.0, u0=0.9, k=0.5) for x in TIMES[::6]], rtol=1e-13
    )


def test_it_is_finite_and_right_far_out() -> None:
    logistic = evaluator("logistic")
    assert logistic([1e3, 1e6, 1e300], lam=1.0, tau=1.0, u0=0.1).tolist() == [1.0, 1.0, 1.0]
    dying = evaluator("logistic with decay")
    assert dying(1e3, lam=1.0, gamma=2.0, tau=1.0, u0=0.1) == pytest.approx(0.0, abs=1e-300)
    far = evaluator("decay")(5.0, start=(0.1, 60.0), lam=2.0, gamma=1e-2, tau=1.0)  # SciPy's Bessel functions overflow
    direct = solve_ivp(
        lambda _, w: [2 * (1 - w[0] * w[1]) * w[1] - 1e-2 * w[0], 2 * (1 - w[0] * w[1]) * w[0] - 1e-2 * w[1]],
        (0, 5),
        (0.1, 60.0),
        rtol=1e-11,
        atol=1e-13,
        method="LSODA",
    ).y[:, -1]
    np.testing.assert_allclose([far["w1(t)"], far["w2(t)"]], direct, rtol=1e-8)
    assert evaluator("quartic")(1e6, start=(0.2, 0.5), **{n: AT[n] for n in ("lam", "k", "tau")}) > 0.5


def test_nan_gives_nan() -> None:
    assert np.isnan(evaluator("logistic")([1.0, np.nan], lam=1.0, tau=1.0, u0=0.1)).tolist() == [False, True]
    assert np.isnan(evaluator("quartic, equal")(1.0, lam=np.nan, tau=1.0, u0=0.1, k=1.0))


GOOD: dict[str, Any] = {"start": (0.1, 0.2), "lam": 1.0, "tau": 1.0}
BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"lam": -0.3}, ValueError, r"^lam = -0\.3: a letter of the loss is > 0; give values > 0$"),
    ({"lam": [1.0, 0.0]}, ValueError, r"^lam\[1\] = 0\.0: a letter of the loss is > 0; give values > 0$"),
    ({"tau": np.inf}, ValueError, r"^tau = inf: time constant is > 0 and finite"),
    ({"time": -1.0}, ValueError, r"^t = -1\.0: time is >= 0; give values >= 0$"),
    ({"time": np.inf}, ValueError, r"^t = inf: time is >= 0 and finite"),
    ({"start": 0.1}, ValueError, r"^start = 0\.1: give the two weights at t = 0"),
    ({"start": (0.1, np.inf)}, ValueError, r"^start\[1\] = inf: a weight is real and finite"),
    ({"start": None}, TypeError, r"^start is missing: the weights \(encoder, decoder\) at t = 0; give it by name"),
    ({"lamda": 1.0}, TypeError, r"^lamda is no parameter of this evaluator; did you mean lam\?"),
    ({"zzz": 1.0}, TypeError, r"^zzz is no parameter of this evaluator; it takes start, lam, tau$"),
    ({"lam": "one"}, TypeError, r"^lam has the type <U3"),
    ({"lam": 1j}, TypeError, r"^lam has the type complex128"),
    ({"lam": [1.0, 2.0], "tau": [1.0, 2.0, 3.0]}, ValueError, r"^shapes do not broadcast together: "),
]


@pytest.mark.costly
@pytest.mark.parametrize(("change", "error", "says"), BAD)
def test_bad_input_is_refused_by_name(change: dict[str, Any], error: type[Exception], says: str) -> None:
    given = GOOD | change
    time = given.pop("time", 1.0)
    with pytest.raises(error, match=says):
        evaluator("clean")(time, **given)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(TypeError, match=r"^lam is missing: a letter of the loss; give it by name, lam=…$"):
        evaluator("clean")(1.0, start=(0.1, 0.2), tau=1.0)


def test_a_path_that_is_infinite_says_when() -> None:
    away = Objective(-((w1 * w2) ** 3) / 3, (w1, w2), t).solve((Integer(1), Integer(1))).evaluator()
    assert np.isfinite(away(0.1))
    with pytest.raises(FloatingPointError, match=r"the path is infinite before t = 9\.0"):
        away(9.0)


def test_what_it_takes_is_told() -> None:
    found = evaluator("quartic")
    assert str(inspect.signature(found)) == "(t, *, start, k, lam, tau)"
    told = inspect.getdoc(found) or ""
    assert "t = Integral(" in told
    assert "lam: a letter of the loss, > 0, any shape." in told
    assert repr(found) == "<Evaluator: w(t) by (t, start, k, lam, tau)>"


def test_a_claim_of_any_chapter_has_one() -> None:
    letters = Alphabet()
    time = letters.scalar("t", "t", "time", nonnegative=True)
    rate = letters.scalar("r", "r", "how fast it fades", positive=True)
    v, w = letters.scalar("v", "v", "the weight", real=True), letters.function("w", "w", "the weight", real=True)
    flow = gradient_flow(rate / 2 * v**2, [v], 1)
    chapter = Chapter("fades", "It fades", letters)
    half = chapter.define("h", "h", exp(-rate * time), says="What is left.")
    claim = chapter.claim(
        "path",
        w(time),
        half,
        satisfies=[Equation(w(time).diff(time), flow[v].xreplace({v: w(time)}), "rate"), Equation(w(0), 1, "start")],
        says="It fades from one.",
        given=[rate > 1],
    )
    assert claim.evaluator()(1.0, r=2.0) == pytest.approx(np.exp(-2.0))
    with pytest.raises(ValueError, match=r"holds where r > 1, not at t = 1\.0, r = 0\.5"):
        claim.evaluator()(1.0, r=0.5)


def test_claims_of_the_chapters_that_give_a_path_have_one() -> None:
    balanced = modeflow.claim("dae.balanced").evaluator()
    expected = modeflow.strength(TIMES, 1.3, noise=0.8, w1=0.3, w2=0.3, tau=0.7)
    np.testing.assert_allclose(balanced(TIMES, lam=1.3, eps=0.8, tau=0.7, w0=0.09), expected, rtol=1e-14)
    direct = modeflow.claim("dae.direct").evaluator()
    expected = modeflow.strength(TIMES, 1.3, noise=0.8, w1=0.2, w2=0.5, tau=0.7)
    np.testing.assert_allclose(direct(TIMES, lam=1.3, eps=0.8, tau=0.7, a=0.2, b=0.5), expected, rtol=1e-13)


@pytest.mark.parametrize("claim", ["dae.fixed_point", "dae.invariant", "flow.w1"])
def test_a_claim_that_gives_no_path_has_none(claim: str) -> None:
    with pytest.raises(NoEvaluator, match=f"^{claim}: its left side, .* is no function of a letter such as w"):
        modeflow.claim(claim).evaluator()


def test_it_draws_itself() -> None:
    axes = evaluator("clean").plot(5.0, **GOOD)
    assert [line.get_label() for line in axes.lines] == ["w1(t)", "w2(t)", "w(t)"]
    assert evaluator("logistic").plot(5.0, lam=1.0, tau=1.0, u0=0.1).get_xlabel() == "t"


@pytest.mark.parametrize("until", [-1.0, 0.0, float("nan"), float("inf"), "a"])
def test_a_last_time_that_is_none_is_named(until: Any) -> None:
    with pytest.raises(ValueError, match=r"^until = .*: give the last time, a number > 0$"):
        evaluator("clean").plot(until, start=(0.1, 0.2), lam=1.0, tau=1.0)


def test_the_tape_keeps_digits_and_refuses_strangers() -> None:
    x = Symbol("x", real=True)
    one, two = Tape([3 - 3 * exp(x), cosh(x) + Rational(1, 3)])({"x": np.float64(1e-17)})
    assert one == pytest.approx(-3e-17)
    assert two == pytest.approx(4 / 3)
    with pytest.raises(NoEvaluator, match="zeta"):
        Tape([zeta(x)])


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(compiled, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).failed == 0
