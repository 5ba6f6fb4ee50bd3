"""Derivatives by PyTorch and JAX: the proved ones, finite wherever the path has them."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import array_libraries
import numpy as np
import pytest
from array_libraries import NAMES, Library, call, modes
from reference_slopes import error_in_units
from scipy.integrate import solve_ivp

import modeflow

arrays = pytest.importorskip(
    "modeflow.evaluate.arrays",
    reason="needs array-api-compat: pip install 'modeflow[arrays]'",
    exc_type=ImportError,
)
PATHS = ("strength", "weights", "loss")
UNITS = 8.0
NOT_DECAY = [name for name in NAMES if name != "decay"]


@pytest.fixture(params=["torch", "jax"])
def library(request: pytest.FixtureRequest) -> Library:
    return array_libraries.library(request.param)


def gradients(library: Library, function: Callable[..., Any], at: dict[str, Any], wrt: list[str]) -> list[Any]:
    """The derivatives of the sum of each of the function's results, by name, as NumPy arrays."""
    count = len(call(function, {name: library.make(x) for name, x in at.items()}))
    found = []
    for k in range(count):
        if library.name == "jax":
            found.append(_by_jax(library.module, function, at, wrt, k))
        else:
            there = {name: library.make(x).requires_grad_(name in wrt) for name, x in at.items()}
            call(function, there)[k].sum().backward()
            found.append({name: library.read(there[name].grad) for name in wrt})
    return found


def _by_jax(jax: Any, function: Callable[..., Any], at: dict[str, Any], wrt: list[str], k: int) -> dict[str, Any]:
    def total(moved: dict[str, Any]) -> Any:
        return call(function, at | moved)[k].sum()

    slopes = jax.grad(total)({name: jax.numpy.asarray(at[name]) for name in wrt})
    return {name: np.asarray(x) for name, x in slopes.items()}


def only(at: dict[str, Any], rows: Any) -> dict[str, Any]:
    """The modes of these rows."""
    return {name: x[rows] for name, x in at.items()}


def test_strength_has_the_proved_derivatives(library: Library) -> None:
    at = modes()
    (found,) = gradients(library, arrays.strength, at, NOT_DECAY)
    expected = modeflow.strength_grad(**at, wrt=NOT_DECAY)
    for name in NOT_DECAY:
        assert np.isfinite(found[name]).all(), name
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-11, atol=1e-300, err_msg=name)
    equal = only(at, np.abs(at["w1"]) == np.abs(at["w2"]))
    (by_decay,) = gradients(library, arrays.strength, equal, ["decay"])
    wanted = modeflow.strength_grad(**equal, wrt="decay")["decay"]
    np.testing.assert_allclose(by_decay["decay"], wanted, rtol=1e-11, atol=1e-300)


def perturbed(name: str, mode: dict[str, float]) -> tuple[float, ...]:
    """The derivatives of (w, w1, w2, loss) by a complex step through an integration of the flow."""
    at = {key: x + 1e-30j if key == name else complex(x) for key, x in mode.items()}
    xi = at["lam"] + at["noise"]

    def rates(_: float, w: Any) -> Any:
        pull = at["lam"] - xi * w[0] * w[1]
        flow = np.array([w[1] * pull - at["decay"] * w[0], w[0] * pull - at["decay"] * w[1]])
        return flow * (at["t"] / at["tau"])  # over the unit of time

    start = np.array([at["w1"], at["w2"]])
    end = solve_ivp(rates, (0, 1), start, method="DOP853", rtol=1e-12, atol=1e-60).y[:, -1]
    one, two = end
    w = one * two
    loss = (at["lam"] * (1 - w) ** 2 + at["noise"] * w**2 + at["decay"] * (one**2 + two**2)) / 2
    return tuple(x.imag / 1e-30 for x in (w, one, two, loss))


def test_all_derivatives_are_those_of_the_integrated_flow(library: Library) -> None:
    at = only(modes(), np.r_[0:80:3, 80:200:6, 70:76])
    at["tau"] = np.maximum(at["tau"], at["t"] * at["lam"] / 4)  # not so far that the integrator loses unstable paths
    equal = np.abs(at["w1"]) == np.abs(at["w2"])
    for rows, wrt in ((equal, list(NAMES)), (~equal, NOT_DECAY)):
        part = only(at, rows)
        points = [dict(zip(part, row, strict=True)) for row in zip(*(x.tolist() for x in part.values()), strict=True)]
        for name in wrt:
            exact = np.array([perturbed(name, point) for point in points])
            for function, columns in (("strength", [0]), ("weights", [1, 2]), ("loss", [3])):
                for found, column in zip(
                    gradients(library, getattr(arrays, function), part, [name]), columns, strict=True
                ):
                    np.testing.assert_allclose(
                        found[name], exact[:, column], rtol=1e-8, atol=1e-9, err_msg=f"{function} {column} {name}"
                    )


def _accuracy() -> Any:
    """benchmarks/accuracy.py, whose regimes these are."""
    path = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"
    spec = importlib.util.spec_from_file_location("accuracy", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["accuracy"] = module
    spec.loader.exec_module(module)
    return module


accuracy = _accuracy()


@pytest.mark.parametrize("regime", accuracy.REGIMES)
def test_derivatives_are_as_accurate_as_the_problem_allows(regime: str, library: Library) -> None:
    p = accuracy.points(regime, 6, seed=5)
    at = {"t": p.t, "lam": p.lam, **p.modes()}
    balanced = bool(np.all(np.abs(p.w1) == np.abs(p.w2)))
    names = [name for name in at if balanced or name != "decay"]
    for function in ("strength", "loss"):
        if function == "loss" and balanced:
            names = [name for name in names if name[0] != "w"]  # the reference has those of the strength only
        (found,) = gradients(library, getattr(arrays, function), at, names)
        for name in names:
            errors = [_error(function, name, row, v) for row, v in zip(p.rows("t"), found[name].tolist(), strict=True)]
            assert max(errors) <= UNITS, (function, name, errors)


def _error(function: str, name: str, row: tuple[float, ...], slope: float) -> float:
    with pytest.MonkeyPatch.context() as patch:
        if function == "loss":
            import reference_slopes
            from reference_values import path

            patch.setattr(reference_slopes, "_strength", lambda x: path(*x)[3])
        return float(error_in_units(name, row, slope))


SPECIAL: dict[str, dict[str, Any]] = {
    "balanced": {"w1": 0.3, "w2": 0.3},
    "opposite": {"w1": 0.3, "w2": -0.3},
    "at the start": {"t": 0.0},
    "at the end": {"t": np.inf},
    "no signal": {"lam": 0.0},
    "no noise": {"noise": 0.0},
    "neither": {"lam": 0.0, "noise": 0.0},
    "neither, balanced": {"lam": 0.0, "noise": 0.0, "w1": 0.3, "w2": 0.3},
    "one weight zero": {"w1": 0.0},
    "both weights zero": {"w1": 0.0, "w2": 0.0},
    "both zero at the start": {"w1": 0.0, "w2": 0.0, "t": 0.0},
    "both zero, far ahead": {"w1": 0.0, "w2": 0.0, "t": 1e6, "lam": 0.8, "decay": 0.9},
    "critical decay": {"w1": 0.3, "w2": 0.3, "decay": 1.2},
    "strong decay": {"w1": 0.3, "w2": 0.3, "decay": 5.0},
    "at the fixed point": {"w1": 0.8**0.5, "w2": 0.8**0.5},
    "far ahead": {"t": 1e6},
    "nearly balanced": {"w1": 0.3, "w2": 0.3 * (1 + 2**-52)},
}


@pytest.mark.parametrize("case", SPECIAL)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_special_point_has_a_slope_that_is_not_finite(case: str, dtype: type[Any], library: Library) -> None:
    at = {"t": 1.5, "lam": 1.2, "noise": 0.3, "decay": 0.0, "w1": 0.2, "w2": 0.5, "tau": 2.0} | SPECIAL[case]
    there = {name: np.array(x, dtype) for name, x in at.items()}
    balanced = abs(at["w1"]) == abs(at["w2"])
    for function in PATHS:
        for found in gradients(library, getattr(arrays, function), there, list(NAMES) if balanced else NOT_DECAY):
            for name, slope in found.items():
                assert slope.dtype == dtype
                assert np.isfinite(slope), (function, name)


def test_learning_times_have_the_slopes_of_the_inverse(library: Library) -> None:
    at = modes()
    at["t"] = np.where(at["t"] == 0, 0.3, at["t"])
    at["target"] = modeflow.strength(**at)
    time = modeflow.learning_time(**{name: x for name, x in at.items() if name != "t"})
    inside = np.abs(time / at["t"] - 1) < 1e-6  # the others rest, or have come too near to where they rest
    assert inside.sum() > 100
    at = {name: at[name][inside] for name in ("target", "lam", "noise", "decay", "w1", "w2", "tau")}
    there = at | {"t": at["target"]}
    del there["target"]
    wrt = [name for name in there if name != "decay"]

    def inverse(t: Any, lam: Any, **rest: Any) -> Any:
        return arrays.learning_time(t, lam, **rest)

    (found,) = gradients(library, inverse, there, wrt)
    mode = {name: x for name, x in at.items() if name != "target"}
    slopes = modeflow.strength_grad(t=time[inside], **mode, wrt=wrt)
    np.testing.assert_allclose(found["t"] * slopes["t"], 1, rtol=1e-8)
    for name in ("lam", "noise", "w1", "w2", "tau"):
        change = found[name] * slopes["t"] + slopes[name]
        if name == "tau":
            change = found[name] - time[inside] / at["tau"]
        np.testing.assert_allclose(change, 0, atol=1e-8 * (1 + np.abs(slopes[name])).max(), err_msg=name)
    still = {"t": np.array([0.02, 5.0, np.inf]), "lam": np.ones(3), "w1": np.full(3, 0.1), "w2": np.full(3, 0.2)}
    still |= {"noise": np.zeros(3), "decay": np.zeros(3), "tau": np.ones(3)}
    (found,) = gradients(library, inverse, still, ["t", "lam", "w1", "tau"])
    for slope in found.values():
        assert slope.tolist() == [0, 0, 0]


def test_no_time_moves_weights_that_are_zero(library: Library) -> None:
    at = {"t": np.array([1.0, 1e6, np.inf]), "lam": np.ones(3), "noise": np.ones(3), "decay": np.zeros(3)}
    at |= {"w1": np.zeros(3), "w2": np.zeros(3), "tau": np.ones(3)}
    for function in ("strength", "loss"):
        (found,) = gradients(library, getattr(arrays, function), at, list(NAMES))
        for name, slope in found.items():
            assert slope.tolist() == ([0.5] * 3 if (function, name) == ("loss", "lam") else [0] * 3), (function, name)


def test_fixed_points_have_finite_slopes(library: Library) -> None:
    lam, noise, decay = (np.array(x) for x in ([0.0, 1, 1, 1, 0], [0.0, 0, 0.5, 0.5, 1], [0.0, 0, 0.2, 1, 0]))
    if library.name == "jax":
        found = library.module.grad(lambda *x: arrays.fixed_point(x[0], noise=x[1], decay=x[2]).sum(), (0, 1, 2))(
            lam, noise, decay
        )
    else:
        found = [library.make(x).requires_grad_() for x in (lam, noise, decay)]
        arrays.fixed_point(found[0], noise=found[1], decay=found[2]).sum().backward()
        found = [x.grad for x in found]
    by_lam, by_noise, by_decay = (library.read(x) for x in found)
    assert np.isfinite(np.stack([by_lam, by_noise, by_decay])).all()
    assert by_lam[2] == pytest.approx(1 / 1.5 - 0.8 / 1.5**2)
    assert by_noise[2] == pytest.approx(-0.8 / 1.5**2)
    assert by_decay[2] == pytest.approx(-1 / 1.5)


def test_slopes_of_arguments_that_are_shared_are_summed(library: Library) -> None:
    at: dict[str, Any] = {"t": np.linspace(0, 3, 5), "lam": np.array([[1.0], [2.0]]), "w1": np.array(0.1), "w2": 0.3}
    (found,) = gradients(library, arrays.strength, at, ["t", "lam", "w1"])
    wide = modeflow.strength_grad(**at, wrt=["t", "lam", "w1"])
    np.testing.assert_allclose(found["t"], wide["t"].sum(0), rtol=1e-12)
    np.testing.assert_allclose(found["lam"], wide["lam"].sum(1, keepdims=True), rtol=1e-12)
    np.testing.assert_allclose(found["w1"], wide["w1"].sum(), rtol=1e-12)


# The libraries' own transformations ---------------------------------------------------------------------------


@pytest.mark.parametrize("function", PATHS)
def test_jax_traces_values_and_derivatives(function: str) -> None:
    jax = array_libraries.library("jax").module
    at = {name: jax.numpy.asarray(x) for name, x in modes().items()}
    path = getattr(arrays, function)

    def total(moved: dict[str, Any]) -> Any:
        return sum(x.sum() for x in call(path, at | moved))

    for found, wanted in zip(call(jax.jit(path), at), call(path, at), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-300)
    moved = {name: at[name] for name in NOT_DECAY}
    for name, slope in jax.jit(jax.grad(total))(moved).items():
        np.testing.assert_allclose(slope, jax.grad(total)(moved)[name], rtol=1e-11, atol=1e-14)
    one = jax.vmap(jax.grad(lambda t: total({"t": t, **{n: x[3] for n, x in at.items() if n != "t"}})))(at["t"])
    together = jax.grad(total)({n: x if n == "t" else jax.numpy.full(200, x[3]) for n, x in at.items()})["t"]
    np.testing.assert_allclose(one, together, rtol=1e-12)


@pytest.mark.parametrize("function", PATHS)
def test_jaxs_own_check_of_derivatives_passes(function: str) -> None:
    array_libraries.library("jax")
    check = pytest.importorskip("jax.test_util").check_grads
    at = [np.linspace(0.2, 1, 3) + k / 9 for k in range(5)]

    def path(t: Any, lam: Any, noise: Any, w1: Any, w2: Any) -> Any:
        return getattr(arrays, function)(t, lam, noise=noise, w1=w1, w2=w2)

    check(path, at, order=1, rtol=1e-6, atol=1e-6)


def test_jax_forward_mode_and_a_slope_beside_one_that_is_unknown() -> None:
    jax = array_libraries.library("jax").module
    at: dict[str, Any] = {"noise": 0.3, "w1": 0.1, "w2": 0.4}
    _, moved = jax.jvp(lambda t: arrays.strength(t, 1.0, **at), (jax.numpy.asarray(2.0),), (jax.numpy.asarray(1.0),))
    assert moved == pytest.approx(modeflow.strength_grad(2.0, 1.0, **at)["t"], rel=1e-13)


def test_jax_without_float64_computes_in_float32() -> None:
    jax = array_libraries.library("jax").module
    with jax.enable_x64(False):
        found = arrays.strength(jax.numpy.ones(3), np.ones(3), w1=0.1, w2=0.2)
    assert found.dtype == np.float32


def test_jax_cannot_check_while_it_traces() -> None:
    jax = array_libraries.library("jax").module
    assert np.isnan(jax.jit(lambda t: arrays.strength(t, 1.0, decay=0.1, w1=0.1, w2=0.2))(1.0))
    with pytest.raises(ValueError, match="Bessel"):
        arrays.strength(jax.numpy.asarray(1.0), 1.0, decay=0.1, w1=0.1, w2=0.2)


@pytest.mark.filterwarnings("ignore:`torch.jit.script:FutureWarning", "ignore:`torch.jit.script:DeprecationWarning")
def test_torch_function_transformations() -> None:
    torch = array_libraries.library("torch").module
    t = torch.linspace(0, 3, 7, dtype=torch.float64)
    expected = modeflow.strength_grad(t.numpy(), 1.0, noise=0.2, w1=0.1, w2=0.2, wrt="t")["t"]

    def curve(t: Any) -> Any:
        return arrays.strength(t, 1.0, noise=0.2, w1=0.1, w2=0.2, check=False)

    np.testing.assert_allclose(torch.vmap(torch.func.grad(curve))(t), expected, rtol=1e-12)
    np.testing.assert_allclose(torch.vmap(curve)(t), curve(t), rtol=1e-15)
    _, moved = torch.func.jvp(curve, (t,), (torch.ones_like(t),))
    np.testing.assert_allclose(moved, expected, rtol=1e-12)
    by_noise = torch.func.jacfwd(lambda x: arrays.weights(t, 1.0, noise=x, w1=0.1, w2=0.2)[0])(t.new_tensor(0.2))
    other = torch.func.jacrev(lambda x: arrays.weights(t, 1.0, noise=x, w1=0.1, w2=0.2)[0])(t.new_tensor(0.2))
    np.testing.assert_allclose(by_noise, other, rtol=1e-12)
    with pytest.raises(RuntimeError, match="check=False"):
        torch.vmap(lambda t: arrays.strength(t, 1.0, w1=0.1, w2=0.2))(t)


@pytest.mark.filterwarnings("ignore:`torch.jit.script:FutureWarning", "ignore:`torch.jit.script:DeprecationWarning")
@pytest.mark.parametrize("function", PATHS)
def test_torchs_own_check_of_derivatives_passes(function: str) -> None:
    torch = array_libraries.library("torch").module
    at = [torch.rand(3, dtype=torch.float64, generator=torch.Generator().manual_seed(2)) + k / 9 for k in range(5)]

    def path(t: Any, lam: Any, noise: Any, w1: Any, w2: Any) -> Any:
        return getattr(arrays, function)(t, lam, noise=noise, w1=w1, w2=w2, check=False)

    inputs = [x.requires_grad_() for x in at]
    assert torch.autograd.gradcheck(path, inputs, check_forward_ad=True, check_batched_grad=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")  # its own
def test_torch_compiles() -> None:
    torch = array_libraries.library("torch").module
    t = torch.linspace(0, 3, 7, dtype=torch.float64, requires_grad=True)
    expected = modeflow.strength_grad(t.detach().numpy(), 1.0, w1=0.1, w2=0.2, wrt="t")["t"]
    compiled = torch.compile(lambda t: arrays.strength(t, 1.0, w1=0.1, w2=0.2, check=False))
    compiled(t).sum().backward()
    np.testing.assert_allclose(t.grad, expected, rtol=1e-12)


def test_second_derivatives_are_refused_rather_than_wrong() -> None:
    jax = array_libraries.library("jax").module
    with pytest.raises(NotImplementedError, match=r"once.*difference quotients"):
        jax.hessian(lambda t: arrays.strength(t, 1.0, w1=0.1, w2=0.2))(1.0)
    torch = array_libraries.library("torch").module
    t = torch.tensor(1.0, requires_grad=True)
    for path in (arrays.strength, arrays.loss):
        (slope,) = torch.autograd.grad(path(t, 1.0, w1=0.1, w2=0.2), t, create_graph=True)
        with pytest.raises(NotImplementedError, match=r"once.*difference quotients"):
            torch.autograd.grad(slope, t)


def test_the_slope_in_decay_of_unequal_weights() -> None:
    torch = array_libraries.library("torch").module
    decay = torch.zeros(2, requires_grad=True, dtype=torch.float64)
    w = arrays.strength(1.0, 1.0, decay=decay, w1=0.1, w2=[0.1, 0.2])
    with pytest.raises(ValueError, match=r"decay: its derivative.*\|w1\| != \|w2\|.*strength_grad"):
        w.sum().backward()
    arrays.strength(1.0, 1.0, decay=decay, w1=0.1, w2=[0.1, 0.2], check=False).sum().backward()
    assert torch.isnan(decay.grad).tolist() == [False, True]


def test_the_slope_in_decay_of_unequal_weights_is_never_nan_in_silence_in_jax() -> None:
    jax = array_libraries.library("jax").module

    def along(w2: float, check: bool = True, **of: Any) -> Any:
        path = of.get("path", arrays.strength)
        return lambda decay, w1=0.1: path(0.5, 1.0, decay=decay, w1=w1, w2=w2, check=check)

    with pytest.raises(ValueError, match=r"decay: its derivative.*\|w1\| != \|w2\|.*strength_grad"):
        jax.grad(along(0.2))(0.0)
    with pytest.raises(ValueError, match=r"decay: its derivative.*\|w1\| != \|w2\|"):
        jax.grad(along(-0.2, path=arrays.loss))(0.0)
    with pytest.raises(ValueError, match=r"decay: its derivative.*while JAX traces; give check=False"):
        jax.jit(jax.grad(along(0.2), argnums=(0, 1)))(0.0, 0.1)
    assert np.isnan(jax.grad(along(0.2, check=False))(0.0))
    wanted = modeflow.strength_grad(0.5, 1.0, w1=0.1, w2=0.1, wrt="decay")["decay"]
    assert jax.grad(along(0.1))(0.0) == pytest.approx(wanted, rel=1e-6)
    assert jax.jit(jax.grad(along(0.1, check=False)))(0.0) == pytest.approx(wanted, rel=1e-6)
    assert np.isfinite(jax.grad(along(0.2), argnums=1)(0.0, 0.1))  # what does not move the decay is not refused
