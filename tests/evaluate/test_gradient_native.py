"""The derivatives in compiled C: the values, the errors and the choices of the NumPy path."""

from __future__ import annotations

import os
import shutil
from typing import Any

import accuracy
import numpy as np
import pytest

import modeflow
from modeflow.evaluate import gradient, native
from modeflow.evaluate.arguments import PARAMETERS

pytestmark = pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="no C compiler is installed")
BOUND = 8  # units of u(1 + κ), as for all compiled evaluators
REGIMES = ("same sign, bending", "nearly opposite", "no signal", "equal, decay near lam", "opposite, decay", "huge t")


def drawn(n: int, equal: bool = False) -> dict[str, Any]:
    rng = np.random.default_rng(4)
    w1, w2 = rng.uniform(-1, 1, (2, n))
    given = {"lam": rng.uniform(0.1, 3, n), "noise": rng.uniform(0, 2, n), "w1": w1, "w2": -w1 if equal else w2}
    return given | {"t": 10 ** rng.uniform(-2, 2, n), "tau": rng.choice([0.5, 1, 7], n), "decay": 0.2 * equal}


def both(given: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    by_c = modeflow.strength_grad(**given, **more, backend="native")
    return by_c, modeflow.strength_grad(**given, **more, backend="numpy")


@pytest.mark.parametrize("regime", REGIMES)
def test_it_is_as_accurate_as_the_other_compiled_evaluators(regime: str) -> None:
    for name, errors in accuracy.slope_errors(accuracy.points(regime, 25, seed=5), "native").items():
        assert errors.max() <= BOUND, name


def test_a_wrong_derivative_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = modeflow.strength_grad
    monkeypatch.setattr(
        modeflow, "strength_grad", lambda *a, **k: {n: x * (1 + 1e-13) for n, x in right(*a, **k).items()}
    )
    errors = accuracy.slope_errors(accuracy.points("same sign, bending", 25, seed=5), "native")
    assert max(e.max() for e in errors.values()) > BOUND


@pytest.mark.parametrize("size", [50, 6000])
@pytest.mark.parametrize("equal", [False, True])
def test_it_is_the_compiled_path_and_agrees_with_numpy(size: int, equal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    given = drawn(size, equal)
    wrt = [name for name in PARAMETERS if equal or name != "decay"]
    _, by_numpy = both(given, wrt=wrt)
    monkeypatch.setattr(gradient, "_slopes", lambda *_: pytest.fail("computed by NumPy"))
    by_c = modeflow.strength_grad(**given, wrt=wrt, backend="native", threads=2)
    assert list(by_c) == wrt
    for name, values in by_c.items():
        np.testing.assert_allclose(values, by_numpy[name], rtol=1e-9, atol=1e-11 * np.abs(by_numpy[name]).max())


def test_modes_of_both_kinds_in_one_call() -> None:
    given = drawn(300)
    given["w2"] = np.where(np.arange(300) % 3 == 0, given["w1"], given["w2"])
    by_c, by_numpy = both(given)
    for name, values in by_c.items():
        np.testing.assert_allclose(values, by_numpy[name], rtol=1e-9, atol=1e-11 * np.abs(by_numpy[name]).max())


def test_the_slope_in_decay_of_unequal_weights_is_never_the_missing_one() -> None:
    """C has NaN there; the integral along the path takes its place."""
    given = drawn(20)
    found = native.evaluate("slopes", 6, {k: np.asarray(given[k], float) for k in PARAMETERS})
    assert found is not None
    assert np.isnan(found[gradient.SLOPES.index("decay")]).all()
    by_c, by_numpy = both(given, wrt="decay")
    assert np.isfinite(by_c["decay"]).all()
    np.testing.assert_array_equal(by_c["decay"], by_numpy["decay"])


def test_shapes_numbers_and_types() -> None:
    mode: dict[str, Any] = {"noise": 0.5, "w1": 0.1, "w2": 0.2, "wrt": PARAMETERS[:3] + PARAMETERS[4:]}
    grid = modeflow.strength_grad(np.linspace(0, 9, 5), np.ones((3, 1)), **mode, backend="native")
    assert {values.shape for values in grid.values()} == {(3, 5)}
    one = modeflow.strength_grad(1.0, 2, **mode, backend="native")
    assert all(isinstance(value, np.float64) for value in one.values())
    single = modeflow.strength_grad(np.ones(5, np.float32), 2.0, **mode, backend="native")
    assert {values.dtype for values in single.values()} == {np.dtype(np.float32)}
    for name, value in one.items():
        np.testing.assert_allclose(single[name], value, rtol=2e-5)
    limit = modeflow.strength_grad(np.inf, 2.0, **mode, backend="native")
    for name, value in modeflow.strength_grad(np.inf, 2.0, **mode, backend="numpy").items():
        np.testing.assert_allclose(limit[name], value, rtol=1e-14, atol=0)


def test_errors_are_those_of_numpy() -> None:
    t = np.linspace(0, 9, 5)
    mode: dict[str, Any] = {"t": t, "lam": 1.0, "w1": 0.1, "w2": 0.25}
    for change in (
        {"t": t - 1}, {"lam": np.inf}, {"noise": -1}, {"decay": -0.5}, {"tau": 0}, {"w1": 1e200, "w2": 1e190},
        {"w1": t, "w2": t[:3]}, {"w1": 1j}, {"wrt": "x"}, {"threads": 0},
    ):  # fmt: skip
        given = mode | change
        with pytest.raises((TypeError, ValueError, FloatingPointError)) as by_numpy:
            modeflow.strength_grad(**given, backend="numpy")
        with pytest.raises(type(by_numpy.value)) as here:
            modeflow.strength_grad(**given, backend="native")
        assert str(here.value) == str(by_numpy.value)
    wrong: Any = "gpu"
    with pytest.raises(ValueError, match="choose one of"):
        modeflow.strength_grad(**mode, backend=wrong)
    assert np.isnan(modeflow.strength_grad(**mode | {"t": np.nan}, backend="native")["lam"])


@pytest.mark.parametrize("size", [50, 6000])
def test_what_is_not_asked_for_is_not_kept_and_changes_nothing(size: int) -> None:
    given = drawn(size, equal=True)
    whole = modeflow.strength_grad(**given, wrt=PARAMETERS, backend="native")
    for wrt in (["lam"], ["w2", "tau"], ["decay", "w1"], []):
        some = modeflow.strength_grad(**given, wrt=wrt, backend="native")
        assert list(some) == wrt
        for name in wrt:
            assert some[name].tobytes() == whole[name].tobytes()
