"""Arguments of any size, masked ones and many axes: a right number, or an error that names the argument."""

import random
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import daily
import numpy as np
import pytest
import reference_values

import modeflow
from modeflow.evaluate import arguments, evaluators
from modeflow.evaluate.fading import paths as decaying
from modeflow.evaluate.variation import panels, paths

SEED = daily.seed()
PATHS = (modeflow.strength, modeflow.weights, modeflow.loss)
LARGEST = float(np.finfo(np.float64).max)


def gradient(t: Any, lam: Any, **rest: Any) -> Any:
    return modeflow.strength_grad(t, lam, wrt=arguments.PARAMETERS, **rest)


# Masks and axes -------------------------------------------------------------------------------------------------------

MASKED = np.ma.array([0.5, 1.0], mask=[False, True])


@pytest.mark.parametrize("function", [*PATHS, gradient, modeflow.learning_time])
def test_masked_entries_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"lam is a masked array.*lam\.filled\(numpy\.nan\)"):
        function(0.5, MASKED, w1=0.1, w2=0.2)
    assert np.isfinite(np.asarray(modeflow.strength(np.ma.array([1.0, 2.0]), 1.0, w1=0.1, w2=0.2))).all()


def test_masked_entries_are_refused_elsewhere() -> None:
    with pytest.raises(TypeError, match="lam is a masked array"):
        modeflow.fixed_point(MASKED)
    with pytest.raises(TypeError, match="strengths is a masked array"):
        modeflow.fit([0.0, 1.0], MASKED, estimate="lam", w1=0.1, w2=0.1)
    with pytest.raises(TypeError, match="eigenvalues is a masked array"):
        modeflow.recommend(MASKED, keep=0.5)


def test_the_mask_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "refuse_masked", lambda *given: None)
    assert not np.ma.is_masked(modeflow.strength(0.5, MASKED, w1=0.1, w2=0.2))


@pytest.mark.parametrize("function", [*PATHS, gradient, modeflow.learning_time])
def test_more_axes_than_numpy_broadcasts_are_named(function: Callable[..., Any]) -> None:
    assert np.shape(modeflow.strength(np.ones((1,) * 32), 1.0, w1=0.1, w2=0.2)) == (1,) * 32
    with pytest.raises(ValueError, match="w2 has 33 axes, and 32 are the most; drop axes of length 1"):
        function(0.5, 1.0, w1=0.1, w2=np.full((1,) * 33, 0.2))


# Sizes ----------------------------------------------------------------------------------------------------------------


def size(source: random.Random) -> float:
    """0, an ordinary number, one within what is called safe, or any at all."""
    exponents = ((-3, 3), (-16, 16), (-75, 75), (-320, 308))
    kind = source.randrange(6)
    if kind == 0:
        return 0.0
    if kind == 1:
        return source.choice([5e-324, 1e-320, 2.3e-308, 1e-75, 1e75, 1e150, 1e308, LARGEST])
    return float(10.0 ** source.uniform(*exponents[kind - 2]))


def anything(source: random.Random) -> dict[str, float]:
    signed = {name: size(source) * source.choice([-1, 1]) for name in ("w1", "w2")}
    if source.random() < 0.2:
        signed["w2"] = source.choice([-1, 1]) * signed["w1"]
    t = np.inf if source.random() < 0.1 else size(source)
    return {
        "t": t,
        "lam": size(source),
        "noise": size(source),
        "decay": size(source),
        **signed,
        "tau": size(source) or 1.0,
    }


def finite_or_refused(function: Callable[..., Any], given: dict[str, float]) -> bool:
    try:
        found = function(**given)
    except FloatingPointError:
        return False
    values = found.values() if isinstance(found, dict) else found if isinstance(found, tuple) else [found]
    return all(bool(np.isfinite(x).all()) for x in values)


def test_any_size_gives_a_number_or_an_error_that_says_so() -> None:
    source = random.Random(SEED)
    numbers = 0
    for _ in range(60):
        given = anything(source)
        for function in (*PATHS, gradient):
            numbers += finite_or_refused(function, given)  # any other error fails the test
        target = given.pop("t")
        with suppress(FloatingPointError):
            assert not np.isnan(modeflow.learning_time(target, **given)), f"seed {SEED}: {target}, {given}"
    assert numbers > 60, f"seed {SEED}"


# Found by other seeds: a quotient on the way to the tail overflowed, an inverse of a subnormal rate, a singular system.
FOUND: list[dict[str, float]] = [
    dict(t=34146779230621.316, lam=2.7e-7, noise=0.8, decay=0.003, w1=1e150, w2=0.0046, tau=1.0),
    dict(t=9e163, lam=1e-75, noise=1e308, decay=167.7, w1=-3e-5, w2=-12.5, tau=710328.4),
    dict(t=0.0, lam=0.0, noise=5e-324, decay=5e-324, w1=0.0, w2=-2.3e-308, tau=LARGEST),
    dict(t=4.6e-297, lam=0.0, noise=1e-320, decay=0.0, w1=-4.1e-66, w2=-0.0925, tau=2.1e13),
    dict(t=np.inf, lam=2.4e-20, noise=3.2e233, decay=0.0, w1=2.3e-308, w2=1.9e-196, tau=5e-324),
]


@pytest.mark.parametrize("given", FOUND)
def test_what_other_seeds_have_found(given: dict[str, float]) -> None:
    for function in (*PATHS, gradient):
        finite_or_refused(function, given)


def test_a_learning_time_that_overflows_is_refused_and_never_nan() -> None:
    with pytest.raises(FloatingPointError, match=r"float64 overflows at target = inf, .*w1 = -1e\+308"):
        modeflow.learning_time(np.inf, 2.67, decay=41.6, w1=-1e308, w2=3.2e11)
    assert np.isnan(modeflow.learning_time(np.nan, 2.67, w1=0.1, w2=0.2))
    assert modeflow.learning_time(np.inf, 2.67, w1=0.1, w2=0.2) == np.inf


FAR = dict(lam=1e-200, noise=2.8e-6, decay=1e-75, w1=-1e150, w2=1220.0, tau=2.6e53)


@pytest.mark.parametrize(
    "given",
    [
        FAR,
        dict(lam=89.7, noise=5e236, decay=1.4e5, w1=-40.8, w2=-2.5e203, tau=1.0),
        dict(lam=0.0, noise=3.2e-68, decay=8e76, w1=7.7e118, w2=-LARGEST, tau=1.0),
    ],
)
def test_a_mode_that_is_not_finite_in_units_of_its_decay_is_refused(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for function in PATHS:
        with pytest.raises(FloatingPointError, match=r"float64 overflows at t = inf, lam = .*choose units"):
            function(np.inf, **given)
    assert modeflow.strength(0.0, **given | {"w2": 2.0}) == given["w1"] * 2.0  # at the start nothing has moved yet
    monkeypatch.setattr(decaying, "is_finite", lambda lam, *rest: np.ones(np.shape(lam), bool))
    with pytest.raises(ValueError, match="NaN"):
        modeflow.strength(np.inf, **given)


@pytest.mark.parametrize(
    ("t", "given"),
    [
        (1e-320, dict(lam=2.0, decay=0.0, w1=0.01, w2=0.02)),
        (5e-324, dict(lam=2.0, decay=0.3, w1=0.01, w2=0.02)),
        (0.35, dict(lam=2.0, decay=0.3, w1=0.01, w2=0.02, tau=LARGEST)),
    ],
)
def test_slopes_after_no_time_at_all(t: float, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    found = modeflow.strength_grad(t, **given, wrt=("lam", "decay", "w1"))
    assert found["w1"] == pytest.approx(given["w2"], rel=1e-15)
    s = t / given.get("tau", 1.0)
    assert found["lam"] == pytest.approx(5e-4 * (1 - 2e-4) * s, rel=1e-6, abs=5e-324)
    assert found["decay"] == pytest.approx(-4e-4 * s, rel=1e-6, abs=5e-324)
    monkeypatch.setattr(sys.modules["modeflow.evaluate.variation.panels"], "FASTEST", np.inf)
    with pytest.raises((ValueError, IndexError)):  # no panel, or fewer than none
        modeflow.strength_grad(t, **given, wrt="decay")


ROUGH = dict(t=1768.866, lam=1e-30, noise=1.2565e5, decay=2.9936e-6, w1=1e-16, w2=-5.836e-3, tau=3.037e-10)


def points_needed(monkeypatch: pytest.MonkeyPatch, most: int) -> int:
    """How many points of the path the slopes in ROUGH want; it stops beyond `most`."""
    wanted = 0
    state = paths.state

    def counted(s: Any, mode: Any) -> Any:
        nonlocal wanted
        wanted += s.size
        if wanted > most:
            raise OverflowError(f"{wanted} points")
        return state(s, mode)

    with monkeypatch.context() as patch:
        patch.setattr(panels, "state", counted)
        assert set(gradient(**ROUGH).values()) == {0.0}
    return wanted


@pytest.mark.costly
def test_what_is_rough_by_rounding_is_not_halved_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert points_needed(monkeypatch, 100_000) < 100_000
    monkeypatch.setattr(panels, "FINEST", 0.0)
    monkeypatch.setattr(panels, "MOST", 10**9)
    with pytest.raises(OverflowError):
        points_needed(monkeypatch, 200_000)


def test_a_mode_that_wants_too_many_panels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "MOST", 0)
    with pytest.raises(FloatingPointError, match="overflows at t = 30"):
        modeflow.strength_grad(30.0, 1.0, decay=0.2, w1=1e-6, w2=0.9, wrt="lam")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_fixed_point_of_rates_whose_sum_overflows(dtype: Any) -> None:
    top = np.finfo(dtype).max
    assert modeflow.fixed_point(dtype(top), noise=dtype(top)) == 0.5
    assert modeflow.fixed_point(dtype(top), noise=dtype(top / 3), decay=dtype(top / 4)) == pytest.approx(
        9 / 16, rel=1e-6
    )
    np.testing.assert_array_equal(modeflow.fixed_point([top, 1.0, 0.0], noise=[top, 1.0, 0.0]), [0.5, 0.5, 0.0])


def test_learning_times_of_rates_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(SEED)
    cases = []
    for _ in range(200):
        unit = 10.0 ** source.choice([-300, -200, -100, 0, 100, 200, 300])
        lam, noise = (unit * 10 ** source.uniform(-2, 2) for _ in range(2))
        w1 = 10 ** source.uniform(-8, -0.5)
        start, limit = w1 * w1, lam / (lam + noise)
        target = start + (limit - start) * source.uniform(0.05, 0.95)
        cases.append((target, lam, noise, 0.0, w1, w1))
    columns = np.array(cases).T

    def found() -> Any:
        target, lam, noise, _, w1, w2 = columns
        return modeflow.learning_time(target, lam, noise=noise, w1=w1, w2=w2)

    exact = [float(reference_values.enclose(reference_values.learning_time, case)[0].mid()) for case in cases]
    np.testing.assert_allclose(found(), exact, rtol=1e-6, err_msg=f"seed {SEED}")
    monkeypatch.setattr(evaluators, "_unit_of_rates", lambda given: np.int64(0))
    assert np.isinf(found()).any()  # without the unit, some are said never to be learned
