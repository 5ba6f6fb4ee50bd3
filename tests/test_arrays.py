"""The strength on JAX and Dask arrays: NumPy's values, the proved derivatives, and no NaN from a case not taken."""

from typing import Any

import numpy as np
import pytest

import modeflow
from modeflow import arrays

NAMES = ("t", "lam", "noise", "decay", "w1", "w2", "tau")


@pytest.fixture(scope="module")
def jax() -> Any:
    found = pytest.importorskip("jax", reason="needs JAX: pip install 'modeflow[arrays]'")
    found.config.update("jax_enable_x64", True)
    return found


def modes() -> dict[str, Any]:
    """All signs, equal, opposite and zero weights, no signal, no noise, critical decay, and the start."""
    rng = np.random.default_rng(4)
    n = 200
    at = {name: rng.exponential(1, n) for name in ("t", "lam", "noise", "tau")}
    at |= {name: rng.normal(size=n) for name in ("w1", "w2")}
    at["decay"] = np.zeros(n)
    at["w2"][:30] = at["w1"][:30]
    at["w2"][30:60] = -at["w1"][30:60]
    at["w1"][60:70] = 0
    at["w1"][70:80] = at["w2"][70:80] = 0
    at["decay"][:45] = rng.exponential(1, 45)
    at["decay"][10:20] = at["lam"][10:20]
    at["lam"][80:100] = 0
    at["noise"][90:110] = 0
    at["lam"][20:25] = at["noise"][20:25] = at["decay"][20:25] = 0
    at["t"][::7] = 0
    return at


def test_jax_values_are_numpys_also_compiled(jax: Any) -> None:
    at = modes()
    expected = modeflow.strength(**at)
    there = {name: jax.numpy.asarray(x) for name, x in at.items()}
    for function in (arrays.strength, jax.jit(arrays.strength)):
        found = _call(function, there)
        assert isinstance(found, jax.Array)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-300)


def _call(function: Any, at: dict[str, Any]) -> Any:
    return function(at["t"], at["lam"], **{k: v for k, v in at.items() if k not in ("t", "lam")})


@pytest.mark.parametrize("compiled", [False, True])
def test_jax_differentiates_by_the_proved_derivatives(compiled: bool, jax: Any) -> None:
    at = modes()
    equal = np.abs(at["w1"]) == np.abs(at["w2"])
    columns = [jax.numpy.asarray(at[name]) for name in NAMES]

    def total(*given: Any) -> Any:
        return _call(arrays.strength, dict(zip(NAMES, given, strict=True))).sum()

    gradient = jax.grad(total, argnums=range(7))
    found = dict(zip(NAMES, (jax.jit(gradient) if compiled else gradient)(*columns), strict=True))
    wanted = [name for name in NAMES if name != "decay"]
    expected = modeflow.strength_grad(**at, wrt=wanted)
    for name in wanted:
        assert np.isfinite(found[name]).all(), name
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-11, atol=1e-300, err_msg=name)
    balanced = {name: x[equal] for name, x in at.items()}
    by_decay = modeflow.strength_grad(**balanced, wrt=["decay"])["decay"]
    np.testing.assert_allclose(np.asarray(found["decay"])[equal], by_decay, rtol=1e-11, atol=1e-300)


def test_jax_forward_mode_and_a_slope_beside_one_that_is_unknown(jax: Any) -> None:
    at: dict[str, Any] = {"noise": 0.3, "w1": 0.1, "w2": 0.4}
    _, moved = jax.jvp(lambda t: arrays.strength(t, 1.0, **at), (jax.numpy.asarray(2.0),), (jax.numpy.asarray(1.0),))
    assert moved == pytest.approx(modeflow.strength_grad(2.0, 1.0, **at)["t"], rel=1e-13)


def test_jax_keeps_float32_and_broadcasts(jax: Any) -> None:
    t = jax.numpy.linspace(0, 5, 7, dtype=jax.numpy.float32)
    found = arrays.strength(t, 1.0, w1=0.1, w2=jax.numpy.asarray([[0.2], [0.3]], jax.numpy.float32))
    assert (found.shape, found.dtype) == ((2, 7), np.float32)


def test_jax_has_no_answer_to_unequal_weights_under_decay(jax: Any) -> None:
    assert np.isnan(arrays.strength(jax.numpy.asarray(1.0), 1.0, decay=0.1, w1=0.1, w2=0.2))


def test_dask_gives_numpys_numbers_whatever_the_blocks() -> None:
    da = pytest.importorskip("dask.array", reason="needs Dask: pip install 'modeflow[arrays]'")
    t, lam = np.linspace(0, 8, 100), np.linspace(0, 2, 30)[:, None]
    for decay, w2 in ((0.0, 0.3), (0.2, 0.1), (0.2, 0.3)):
        expected = modeflow.strength(t, lam, noise=0.1, decay=decay, w1=0.1, w2=w2)
        for chunks in (7, 50, 100):
            at = {"noise": 0.1, "decay": decay, "w1": 0.1, "w2": w2}
            found = arrays.strength(da.from_array(t, chunks), da.from_array(lam, (11, 1)), **at)
            assert isinstance(found, da.Array)
            if decay and w2 != 0.1:
                np.testing.assert_allclose(found.compute(), expected, rtol=1e-13)
            else:
                np.testing.assert_array_equal(found.compute(), expected)


def test_arrays_of_no_other_library_are_refused() -> None:
    with pytest.raises(TypeError, match=r"no JAX or Dask array.*modeflow\.strength"):
        arrays.strength(np.ones(3), 1.0, w1=0.1, w2=0.2)
