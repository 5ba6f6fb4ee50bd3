"""The evaluators on arrays of other libraries: NumPy's values, the arrays' own kind, and NumPy's errors."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import array_libraries
import numpy as np
import pytest
from array_libraries import Library, call, modes

import modeflow
from modeflow.evaluate import evaluators

arrays = pytest.importorskip(
    "modeflow.evaluate.arrays",
    reason="needs array-api-compat: pip install 'modeflow[arrays]'",
    exc_type=ImportError,
)
PATHS = ("strength", "weights", "loss")


@pytest.fixture(params=["strict", "torch", "jax", "dask"])
def library(request: pytest.FixtureRequest) -> Library:
    return array_libraries.library(request.param)


@pytest.fixture(params=["strict", "torch", "jax"])
def eager(request: pytest.FixtureRequest) -> Library:
    """A library that computes at once."""
    return array_libraries.library(request.param)


@pytest.mark.parametrize("function", PATHS)
def test_values_are_numpys(function: str, library: Library) -> None:
    at = modes()
    expected = call(getattr(modeflow, function), at)
    found = call(getattr(arrays, function), {name: library.make(x) for name, x in at.items()})
    assert len(found) == len(expected)
    for one, wanted in zip(found, expected, strict=True):
        assert isinstance(one, library.kind)
        np.testing.assert_allclose(library.read(one), wanted, rtol=1e-13, atol=1e-300)


def test_learning_times_are_numpys(library: Library) -> None:
    at = modes()
    start, rest = at["w1"] * at["w2"], modeflow.fixed_point(at["lam"], noise=at["noise"], decay=at["decay"])
    share = np.random.default_rng(1).uniform(-0.3, 1.3, 200)
    share[::5], share[1::9] = 0, 1
    at["target"] = start + share * (rest - start)
    at["target"][[3, 4, 5]] = np.inf, -np.inf, np.nan
    del at["t"]
    expected = evaluators.learning_time_in_numpy(**at)
    assert {0.0, np.inf} <= set(expected)
    assert np.sum((expected > 0) & np.isfinite(expected)) > 50
    found = arrays.learning_time(**{name: library.make(x) for name, x in at.items()})
    assert isinstance(found, library.kind)
    np.testing.assert_allclose(library.read(found), expected, rtol=1e-11, atol=0)


def test_fixed_points_are_numpys(library: Library) -> None:
    lam, noise, decay = np.array([0.0, 1.0, 2.0, 0.0, 1.0]), np.array([0.0, 0.5, 0.0, 1.0, 0.0]), np.full(5, 0.5)
    found = arrays.fixed_point(library.make(lam), noise=noise, decay=decay)
    assert isinstance(found, library.kind)
    np.testing.assert_allclose(
        library.read(found), modeflow.fixed_point(lam, noise=noise, decay=decay), rtol=1e-15, atol=0
    )


def test_numbers_lists_and_numpy_arrays_go_beside_an_array(library: Library) -> None:
    t = np.linspace(0, 5, 7)
    w2 = np.array([[0.2], [0.3]])
    w2.flags.writeable = False
    found = arrays.strength(library.make(t), [[1.0], [2.0]], noise=np.float64(0.1), w1=0.1, w2=w2)
    assert isinstance(found, library.kind)
    expected = modeflow.strength(t, [[1.0], [2.0]], noise=0.1, w1=0.1, w2=w2)
    np.testing.assert_allclose(library.read(found), expected, rtol=1e-14)


@pytest.mark.parametrize("types", ["f4", "f8", "i8", "i2 f4", "f4 f8", "f4 i8", "?"])
def test_types_follow_numpys_rule(types: str, library: Library) -> None:
    first, *rest = types.split()
    columns: dict[str, Any] = {"t": np.ones(3, first), "lam": np.ones(3, rest[0]) if rest else 1.0}
    expected = modeflow.strength(**columns, w1=0.1, w2=0.2)
    there = {name: library.make(x) if isinstance(x, np.ndarray) else x for name, x in columns.items()}
    found = arrays.strength(**there, w1=0.1, w2=0.2)
    assert library.read(found).dtype == expected.dtype
    rest_at = library.read(arrays.fixed_point(there["t"], noise=there["lam"]))
    assert rest_at.dtype == modeflow.fixed_point(columns["t"], noise=columns["lam"]).dtype


def test_float32_is_computed_in_float32(library: Library) -> None:
    at = {name: x.astype(np.float32) for name, x in modes().items()}
    for function in PATHS:
        expected = call(getattr(modeflow, function), at, backend="numpy")
        for one, wanted in zip(
            call(getattr(arrays, function), {n: library.make(x) for n, x in at.items()}), expected, strict=True
        ):
            assert library.read(one).dtype == np.float32
            np.testing.assert_allclose(library.read(one), wanted, rtol=2e-5, atol=1e-30)


def test_small_floats_are_computed_in_float32() -> None:
    torch = array_libraries.library("torch").module
    for kind in (torch.float16, torch.bfloat16):
        assert arrays.strength(torch.ones(2, dtype=kind), 1.0, w1=0.1, w2=0.2).dtype == torch.float32


def test_no_axes_and_no_points(eager: Library) -> None:
    one = arrays.strength(eager.make(1.5), 1.0, w1=0.1, w2=0.2)
    assert one.shape == ()
    assert float(one) == pytest.approx(modeflow.strength(1.5, 1.0, w1=0.1, w2=0.2), rel=1e-14)
    assert arrays.strength(eager.make(np.ones((0, 3))), 1.0, w1=0.1, w2=0.2).shape == (0, 3)


def test_limits_and_nan(eager: Library) -> None:
    t = eager.make(np.array([np.inf, 1.0]))
    w = eager.read(arrays.strength(t, np.array([2.0, np.nan]), noise=0.5, w1=0.1, w2=0.3))
    assert w[0] == 0.8
    assert np.isnan(w[1])
    assert eager.read(arrays.weights(t, 1.0, decay=[0.3, np.nan], w1=0.1, w2=0.1)[0])[0] == pytest.approx(0.7**0.5)
    still = {"w1": 0.0, "w2": [0.0, -0.0]}
    assert eager.read(arrays.strength(t * 1e6, 1.0, **still)).tolist() == [0, 0]
    assert eager.read(arrays.weights(t * 1e6, 1.0, **still)[1]).tolist() == [0, 0]
    assert eager.read(arrays.loss(t * 1e6, 1.0, **still)).tolist() == [0.5, 0.5]
    assert np.isnan(eager.read(arrays.loss(t, 1.0, decay=[0.0, np.nan], w1=0.1, w2=0.2))[1])


def test_numpy_arrays_are_handed_over() -> None:
    at = modes()
    for function in PATHS:
        for one, wanted in zip(call(getattr(arrays, function), at), call(getattr(modeflow, function), at), strict=True):
            np.testing.assert_array_equal(one, wanted)


# What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lam": [1.0, -1.0]}, r"lam\[1\] = -1\.0: eigenvalues.*clip"),
        ({"t": -1.0}, r"t = -1\.0: training starts at t = 0"),
        ({"tau": 0.0}, r"tau = 0\.0: a time constant is > 0"),
        ({"noise": np.inf}, "noise = inf: it must be finite"),
        ({"w1": np.array([[0.1], [-np.inf]])}, r"w1\[1, 0\] = -inf"),
        ({"decay": [0.0, 0.1]}, r"\|w1\| != \|w2\| under decay at index \[1\].*modeflow\.strength.*decay = 0"),
        ({"w1": np.ones(3)}, r"shapes do not broadcast together: .*w1 \(3,\)"),
    ],
)
def test_bad_values_are_named(wrong: dict[str, Any], message: str, eager: Library) -> None:
    at = {"t": 1.0, "lam": 1.0, "w1": 0.1, "w2": eager.make(np.array([0.2, 0.3]))} | wrong
    with pytest.raises(ValueError, match=message):
        arrays.strength(**at)
    if "w1" not in wrong or not isinstance(wrong["w1"], np.ndarray) or wrong["w1"].ndim == 2:
        arrays.strength(**at, check=False)


def test_unequal_weights_under_decay_are_nan_where_nothing_is_checked(eager: Library) -> None:
    at = {"decay": 0.1, "w1": 0.1, "w2": eager.make(np.array([0.1, 0.2])), "check": False}
    for found in (arrays.strength(1.0, 1.0, **at), arrays.loss(1.0, 1.0, **at), *arrays.weights(1.0, 1.0, **at)):
        assert np.isnan(eager.read(found)).tolist() == [False, True]
    assert np.isnan(eager.read(arrays.learning_time(0.5, 1.0, **at))).tolist() == [False, True]
    with pytest.raises(ValueError, match=r"under decay.*modeflow\.learning_time"):
        arrays.learning_time(0.5, 1.0, **(at | {"check": True}))


def test_overflow_is_refused(eager: Library) -> None:
    with pytest.raises(FloatingPointError, match=r"float64 overflows at t = 0\.0, lam = 1\.0"):
        arrays.strength(eager.make(0.0), 1.0, w1=1e300, w2=1e250)
    with pytest.raises(ValueError, match="w1 = inf: it must be finite"):  # in float32, which follows the array
        arrays.strength(eager.make(np.zeros(1, np.float32)), 1.0, w1=1e300, w2=1.0)


def test_what_is_no_real_number_is_refused(eager: Library) -> None:
    with pytest.raises(TypeError, match=r"t has the type .*complex.*real"):
        arrays.strength(eager.make(np.ones(2, complex)), 1.0, w1=0.1, w2=0.2)
    with pytest.raises(TypeError, match=r"noise has the type .*real numbers"):
        arrays.strength(eager.make(1.0), 1.0, noise="a", w1=0.1, w2=0.2)


def test_arrays_of_two_libraries_are_refused() -> None:
    torch, strict = array_libraries.library("torch"), array_libraries.library("strict")
    with pytest.raises(TypeError, match="t is an array of torch and w1 is an array of array_api_strict"):
        arrays.strength(torch.make(1.0), 1.0, w1=strict.make(0.1), w2=0.2)


def test_arrays_on_two_devices_are_refused_and_one_device_is_kept() -> None:
    strict = array_libraries.library("strict")
    other = strict.module.Device("device1")
    away = strict.module.asarray(np.linspace(0, 1, 4), device=other)
    found = arrays.weights(away, 1.0, w1=[0.1, 0.2, 0.3, 0.1], w2=np.float64(0.2))
    assert [x.device for x in found] == [other, other]
    with pytest.raises(ValueError, match=r"t on .*device1.*lam on .*CPU.*move all arrays to one device"):
        arrays.strength(away, strict.make(np.ones(4)), w1=0.1, w2=0.2)


# Dask ---------------------------------------------------------------------------------------------------------


def test_dask_gives_numpys_numbers_whatever_the_blocks() -> None:
    da = array_libraries.library("dask").module
    t, lam = np.linspace(0, 8, 100), np.linspace(0, 2, 30)[:, None]
    for decay, w2 in ((0.0, 0.3), (0.2, 0.1), (0.2, 0.3)):
        at: dict[str, Any] = {"noise": 0.1, "decay": decay, "w1": 0.1, "w2": w2}
        expected = modeflow.weights(t, lam, **at, backend="numpy")
        for chunks in (7, 50, 100):
            found = arrays.weights(da.from_array(t, chunks), da.from_array(lam, (11, 1)), **at)
            for one, wanted in zip(found, expected, strict=True):
                assert isinstance(one, da.Array)
                assert (one.shape, one.dtype) == (wanted.shape, wanted.dtype)
                if decay and w2 != 0.1:
                    np.testing.assert_allclose(one.compute(), wanted, rtol=1e-13)
                else:
                    np.testing.assert_array_equal(one.compute(), wanted)


def test_dask_checks_each_block_when_it_is_computed() -> None:
    da = array_libraries.library("dask").module
    lazy = arrays.strength(da.from_array(np.array([1.0, -1.0]), 1), 1.0, w1=0.1, w2=0.2)
    with pytest.raises(ValueError, match="training starts at t = 0"):
        lazy.compute()


# The documentation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["torch", "jax"])
def test_the_documented_example_runs(name: str) -> None:
    array_libraries.library(name)
    page = (Path(__file__).parents[2] / "docs" / "arrays.md").read_text(encoding="utf-8")
    (text,) = re.findall(rf"<!-- file: {name}_slopes\.py -->\n```python\n(.*?)```", page, re.DOTALL)
    subprocess.run([sys.executable, "-W", "error", "-c", text], check=True, capture_output=True, timeout=120)
