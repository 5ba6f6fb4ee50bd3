"""The evaluators against Arb: every function in every regime, in units of what the problem itself allows."""

import itertools
import math
import os
import shutil
from pathlib import Path
from typing import Any

import accuracy
import daily
import mpmath
import numpy as np
import pytest
import reference_values
from flint import arb, ctx

import modeflow
from modeflow.evaluate import native
from modeflow.evaluate.generated import direct

BOUND = 4.0  # in units of 2^-52 (1 + κ); the worst on the page of accuracy is below 3
EVERYWHERE = [(f, r) for f in accuracy.FUNCTIONS for r in accuracy.REGIMES]
COMPILED = [(f, r) for f, r in EVERYWHERE if f in accuracy.COMPILED]
PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
SAMPLES = pytest.mark.parametrize("count", [50, pytest.param(600, marks=pytest.mark.slow)])
without_compiler = shutil.which(os.environ.get("CC", "cc")) is None


@SAMPLES
@pytest.mark.parametrize(("function", "regime"), EVERYWHERE)
def test_float64_is_as_accurate_as_the_problem_allows(function: str, regime: str, count: int) -> None:
    errors = accuracy.errors(function, accuracy.points(regime, count, seed=daily.seed()))
    assert errors.size >= count / 2
    assert errors.max() <= BOUND


@SAMPLES
@pytest.mark.parametrize(("function", "regime"), EVERYWHERE)
def test_float32_is_as_accurate_in_its_own_units(function: str, regime: str, count: int) -> None:
    errors = accuracy.errors(function, accuracy.points(regime, count, seed=daily.seed(1), dtype=np.float32))
    assert errors.size >= count / 2
    assert errors.max() <= BOUND


@pytest.mark.skipif(without_compiler, reason="no C compiler is installed")
@SAMPLES
@pytest.mark.parametrize(("function", "regime"), COMPILED)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_compiled_evaluators_are_as_accurate(
    function: str, regime: str, dtype: type[np.floating[Any]], count: int
) -> None:
    errors = accuracy.errors(function, accuracy.points(regime, count, seed=daily.seed(2), dtype=dtype), "native")
    assert errors.size >= count / 2
    assert errors.max() <= BOUND


@pytest.mark.skipif(without_compiler, reason="no C compiler is installed")
@SAMPLES
@pytest.mark.parametrize(("function", "regime"), [(f, r) for f, r in COMPILED if f != "weights"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_at_evenly_spaced_times_are_as_accurate(
    function: str, regime: str, dtype: type[np.floating[Any]], count: int
) -> None:
    errors = accuracy.even_errors(function, accuracy.points(regime, count, seed=daily.seed(6), dtype=dtype))
    assert errors.size >= count / 2
    assert errors.max() <= BOUND


@pytest.mark.skipif(without_compiler, reason="no C compiler is installed")
@SAMPLES
@pytest.mark.parametrize("regime", accuracy.REGIMES)
def test_compiled_learning_times_are_as_accurate(regime: str, count: int) -> None:
    native.library()
    errors = accuracy.errors("learning_time", accuracy.points(regime, count, seed=daily.seed(5)), "native")
    assert errors.size >= count / 2
    assert errors.max() <= BOUND


@pytest.mark.parametrize("function", accuracy.FUNCTIONS)
@pytest.mark.parametrize("regime", ["same sign, bending", "equal, decay"])
def test_a_small_error_is_seen(function: str, regime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    points = accuracy.points(regime, 60, seed=3)
    wrong = tuple(values * (1 + 1e-13) for values in accuracy.evaluate(function, points))
    monkeypatch.setattr(accuracy, "evaluate", lambda *_: wrong)
    assert accuracy.errors(function, points).max() > BOUND


def test_the_textbook_form_fails_where_ours_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    points = accuracy.points("nearly opposite", 60, seed=4)

    def textbook(_: str, p: Any, backend: str) -> tuple[Any, ...]:
        c = (p.w2 - p.w1) * (p.w2 + p.w1)
        a, xi = 2 * p.lam, p.lam + p.noise
        rho = np.hypot(a, xi * c)
        e = np.exp(-rho * p.t)
        n = rho * (1 + e) + (a + xi * (p.w2 - p.w1) ** 2) * (1 - e)
        d = rho * (1 + e) - a * (1 - e) + xi * (p.w2 + p.w1) ** 2 * (1 - e)
        s1 = p.w1 * (rho * (1 + e) - xi * c * (1 - e)) + a * p.w2 * (1 - e)
        s2 = p.w2 * (rho * (1 + e) + xi * c * (1 - e)) + a * p.w1 * (1 - e)
        with np.errstate(all="ignore"):
            return (s1 * s2 / (n * d),)

    monkeypatch.setattr(accuracy, "evaluate", textbook)
    assert accuracy.errors("strength", points).max() > 1e3


# The corners of the range in which all is safe ----------------------------------------------------------------------


def corners(dtype: type[np.floating[Any]]) -> Any:
    """Columns t, lam, noise, w1, w2: zeros, the smallest and the largest magnitudes, and weights of nearly one size."""
    big = 1e75 if dtype == np.float64 else 1e9
    near = 1 + 4 * float(np.finfo(dtype).eps)
    pairs = [
        (0, 1 / big), (0, 1), (big, 0), (1 / big, big), (-1 / big, big), (big, 1), (1, -1 / big), (1, 2),
        (big, -big / 3), (1 / big, 2 / big), (1, near), (-near, 1), (-big, big * near),
        (big * near, big), (-1 / big, near / big),
    ]  # fmt: skip
    modes = itertools.product((0, 1 / big, 1, big), (0, 1 / big, big), (0, 1 / big, big), pairs)
    return np.array([(*mode, *pair) for *mode, pair in modes]).astype(dtype).T


def textbook_at(row: list[float]) -> tuple[list[Any], list[float]]:
    """w, w1, w2 by the textbook's direct form with 3,000 bits, and their condition numbers."""

    def formula(t: Any, lam: Any, eps: Any, a: Any, b: Any) -> tuple[Any, ...]:
        signal, cross = 2 * lam, (lam + eps) * (b - a) * (b + a)
        rho = mpmath.sqrt(signal**2 + cross**2)
        if rho == 0:
            return a * b, a, b
        e = mpmath.exp(-rho * t)
        n = rho * (1 + e) + (signal + (lam + eps) * (b - a) ** 2) * (1 - e)
        d = rho * (1 + e) - signal * (1 - e) + (lam + eps) * (b + a) ** 2 * (1 - e)
        first = (a * (rho * (1 + e) - cross * (1 - e)) + signal * b * (1 - e)) / mpmath.sqrt(n * d)
        second = (b * (rho * (1 + e) + cross * (1 - e)) + signal * a * (1 - e)) / mpmath.sqrt(n * d)
        return first * second, first, second

    with mpmath.workprec(3000):
        inputs, step = [mpmath.mpf(x) for x in row], mpmath.mpf(2) ** -600
        values = formula(*inputs)
        conditions = [0.0] * 3
        for i in (i for i, x in enumerate(inputs) if x):
            moved = formula(*(x * (1 + step) if j == i else x for j, x in enumerate(inputs)))
            for k, (new, old) in enumerate(zip(moved, values, strict=True)):
                conditions[k] += abs(float((new / old - 1) / step)) if old else 0.0
        return [+x for x in values], conditions


def corner_errors(dtype: type[np.floating[Any]], backend: Any) -> Any:
    columns = corners(dtype)
    t, lam, noise, w1, w2 = columns
    mode = {"noise": noise, "w1": w1, "w2": w2}
    computed = (modeflow.strength(t, lam, **mode, backend=backend), *modeflow.weights(t, lam, **mode, backend=backend))
    exact = []
    for i, row in enumerate(columns.T.tolist()):
        exact += [accuracy.Exact(i, k, *both) for k, both in enumerate(zip(*textbook_at(row), strict=True))]
    return accuracy.compared(computed, exact)


@pytest.mark.costly
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    "backend", ["numpy", pytest.param("native", marks=pytest.mark.skipif(without_compiler, reason="no C compiler"))]
)
def test_the_corners_of_the_range_are_as_accurate(dtype: type[np.floating[Any]], backend: str) -> None:
    errors = corner_errors(dtype, backend)
    assert errors.size == 3 * 540
    assert errors.max() <= BOUND


def test_without_its_scaling_the_strength_overflows_in_the_corners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "_binade", lambda x, y: np.ones_like(x))
    with pytest.raises(FloatingPointError):
        corner_errors(np.float64, "numpy")


# The page -----------------------------------------------------------------------------------------------------


def tables(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Function → regime → column → cell."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for section in text.split("\n## ")[1:]:
        function, *lines = section.splitlines()
        head, _, *rows = ([c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("|"))
        found[function] = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    return found


def figures(cell: str) -> list[float]:
    """Median, 99.9 % and worst."""
    return [float(x.replace("∞", "inf")) for x in cell.split("/")]


def test_the_page_holds_every_function_and_regime_and_no_error_beyond_the_limits() -> None:
    found = tables(PAGE.read_text(encoding="utf-8"))
    assert list(found) == list(accuracy.TITLES)
    for function, rows in found.items():
        assert list(rows) == list(accuracy.REGIMES)
        for regime, row in rows.items():
            for title in accuracy.TITLES[function]:
                if title.startswith(("NumPy", "native")):
                    median, high, worst = figures(row[title])
                    assert median <= high <= worst <= (4 if title == "NumPy" else 8), (function, regime, title)
            assert int(row["values"]) >= 500


def test_the_page_shows_where_the_form_of_the_paper_fails() -> None:
    rows = tables(PAGE.read_text(encoding="utf-8"))["strength"]
    for title in ("(a) θ form", "(b) `lambdify`"):
        for regime in ("equal", "opposite", "no signal", "huge t"):
            assert figures(rows[regime][title])[0] == math.inf
        assert figures(rows["nearly opposite"][title])[2] > 1e6
        assert rows["equal, decay"][title] == ""


@pytest.mark.skipif(without_compiler, reason="no C compiler is installed")
@pytest.mark.parametrize("function", ["strength", "strength_grad"])
def test_the_page_is_what_the_benchmark_measures(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some = ("same sign", "nearly opposite", "equal", "opposite, decay")
    monkeypatch.setattr(accuracy, "REGIMES", {name: accuracy.REGIMES[name] for name in some})
    again = tables("\n".join(accuracy.page([function], 40, seed=6)))[function]
    printed = tables(PAGE.read_text(encoding="utf-8"))[function]
    for regime in some:
        for title in accuracy.TITLES[function]:
            assert bool(again[regime][title]) == bool(printed[regime][title])
            if printed[regime][title]:
                few, many = figures(again[regime][title])[0], figures(printed[regime][title])[0]
                assert math.isinf(few) == math.isinf(many)
                if title.startswith(("NumPy", "native")):
                    assert few <= 3 * many + 0.1
                    assert many <= 3 * few + 0.1


# The references themselves ------------------------------------------------------------------------------------

ODEFUN_POINTS = [
    (0.8, 1.0, 0.5, 0.0, 0.1, 0.3),
    (0.9, 1.5, 0.0, 0.0, -0.4, 0.7),
    (0.7, 0.0, 1.2, 0.0, 0.9, -0.6),
    (0.6, 1.0, 0.4, 0.7, 0.5, -0.5),
    (0.6, 1.0, 0.4, 1.0, 0.8, 0.8),
]


@pytest.mark.parametrize("point", ODEFUN_POINTS)
def test_reference_agrees_with_a_taylor_integrator(point: tuple[float, ...]) -> None:
    t, lam, eps, gamma, a, b = point
    with mpmath.workdps(25):

        def rates(_: Any, w: list[Any]) -> list[Any]:
            pull = lam - (mpmath.mpf(lam) + eps) * w[0] * w[1]
            return [w[1] * pull - gamma * w[0], w[0] * pull - gamma * w[1]]

        first, second = mpmath.odefun(rates, 0, [mpmath.mpf(a), mpmath.mpf(b)])(t)
        _, w1, w2, _ = reference_values.enclose(reference_values.path, point)
        assert abs(first - mpmath.mpf(w1.mid().str(25, radius=False))) < 1e-20
        assert abs(second - mpmath.mpf(w2.mid().str(25, radius=False))) < 1e-20


@pytest.mark.parametrize("weights", [(0.1, 0.3), (-0.2, 0.5), (0.3, -0.7), (1.9, -2.0)])
def test_reference_agrees_with_the_form_of_the_paper(weights: tuple[float, float]) -> None:
    a, b = weights
    t, lam, eps = 1.7, 0.9, 0.4
    with ctx.workprec(300):
        c = arb(b) ** 2 - arb(a) ** 2
        beta = c * (1 + arb(eps) / arb(lam))
        zeta = (beta**2 + 4).sqrt()
        delta = ((2 * arb(a) * arb(b) / c).asinh() / 2).tanh()
        f = (zeta * arb(lam) * arb(t)).exp()
        top = (1 - f) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + f) * zeta * delta
        theta = 2 * (top / ((1 - f) * (2 * beta + 4 * delta) - 2 * (1 + f) * zeta)).atanh()
        paper = c / 2 * theta.sinh()
        w = reference_values.enclose(reference_values.path, (t, lam, eps, 0.0, a, b))[0]
        assert abs(paper - w) < arb(10) ** -45


@pytest.mark.parametrize("point", [(1.3, 0.7, 0.2, 0.0, 0.1, 0.6), (0.4, 0.7, 0.2, 0.3, -0.8, -0.8)])
def test_reference_learning_time_inverts_the_reference_path(point: tuple[float, ...]) -> None:
    with ctx.workprec(300):
        t, *mode = (arb(x) for x in point)
        w = reference_values.path(t, *mode)[0]
        (time,) = reference_values.learning_time(w, *mode)
        assert abs(time - t) < arb(10) ** -45


def test_condition_number_of_a_power_law() -> None:
    values, numbers = reference_values.conditioned(
        lambda t, lam, eps, gamma, a, b: (a * b, a**3 / b), (1.0, 1.0, 1.0, 0.0, 2.0, 5.0)
    )
    assert [float(v) for v in values] == [10.0, 1.6]
    assert numbers == pytest.approx((2.0, 4.0))


def test_an_unresolvable_formula_is_reported() -> None:
    with pytest.raises(ArithmeticError, match="not resolved"):
        reference_values.enclose(lambda t: (t / (arb(2).sqrt() ** 2 - 2),), (1.0,))


@pytest.mark.parametrize("seed", range(3))
def test_learning_time_inverts_strength(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lam, noise, w1, w2 = rng.uniform(0.5, 2, 50), rng.uniform(0, 1, 50), rng.normal(size=50), rng.normal(size=50)
    t = rng.uniform(0.05, 1, 50)
    target = modeflow.strength(t, lam, noise=noise, w1=w1, w2=w2)
    back = modeflow.learning_time(target, lam, noise=noise, w1=w1, w2=w2)
    assert np.allclose(back, t, rtol=1e-8)
    assert math.isclose(modeflow.learning_time(0.5, 1.0, w1=0.1, w2=0.1), math.log(99 / 1) / 2, rel_tol=1e-14)
