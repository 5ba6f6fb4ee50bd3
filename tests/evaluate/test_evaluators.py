"""The public functions: what they accept, what they return, and the edges of their domain."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modeflow
from modeflow import fixed_point, learning_time, loss, strength, weights
from modeflow.evaluate import blocks, evaluators
from modeflow.witness.integrate import integrate_dop853

ALONG_THE_PATH = [strength, weights, loss]
EVERY = [*ALONG_THE_PATH, learning_time]
Evaluator = Callable[..., Any]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value]


# Known values ---------------------------------------------------------------------------------------------------


def test_everything_starts_at_the_start() -> None:
    w1, w2 = np.array([0.3, -0.2, 0.0, 1.5, -2.0]), np.array([0.1, 0.5, 0.7, 1.5, 2.0])
    assert np.allclose(strength(0, 1.3, noise=0.2, w1=w1, w2=w2), w1 * w2, rtol=1e-15, atol=0)
    for got, want in zip(weights(0, 1.3, noise=0.2, w1=w1, w2=w2), (w1, w2), strict=True):
        assert np.allclose(got, want, rtol=1e-15, atol=0)
    start = 1.3 / 2 * (1 - w1 * w2) ** 2 + 0.1 * (w1 * w2) ** 2
    assert np.allclose(loss(0, 1.3, noise=0.2, w1=w1, w2=w2), start, rtol=1e-14)


def test_everything_ends_at_the_fixed_point() -> None:
    for t in (200.0, 1e6, 1e300, np.inf):
        assert strength(t, 1.3, noise=0.7, w1=0.1, w2=0.3) == fixed_point(1.3, noise=0.7) == 0.65
        assert loss(t, 1.3, noise=0.7, w1=0.1, w2=0.3) == pytest.approx(1.3 * 0.7 / 2 / 2.0, rel=1e-15)
    assert strength(np.inf, 2.0, decay=0.5, w1=0.1, w2=0.1) == fixed_point(2.0, decay=0.5) == 0.75
    assert strength(np.inf, 2.0, noise=1.0, decay=0.5, w1=-0.1, w2=-0.1) == 0.5


def test_the_sigmoid_of_the_plain_autoencoder() -> None:
    t = np.linspace(0, 10, 41)
    grown = np.exp(2 * t)
    assert np.allclose(strength(t, 1.0, w1=0.1, w2=0.1), grown / (grown - 1 + 100), rtol=1e-14)


def test_imbalance_is_kept_and_strength_is_the_product() -> None:
    t = np.linspace(0, 8, 30)
    w1, w2 = weights(t, 0.8, noise=0.3, w1=-0.2, w2=0.9)
    assert np.allclose(w2**2 - w1**2, 0.81 - 0.04, rtol=1e-13)
    assert np.allclose(strength(t, 0.8, noise=0.3, w1=-0.2, w2=0.9), w1 * w2, rtol=1e-13, atol=1e-15)
    w = w1 * w2
    assert np.allclose(loss(t, 0.8, noise=0.3, w1=-0.2, w2=0.9), 0.4 * (1 - w) ** 2 + 0.15 * w**2, rtol=1e-13)


@pytest.mark.parametrize(("w1", "w2"), [(0.2, 0.5), (-0.2, 0.5), (-0.4, -0.4), (0.4, -0.4), (0.0, 0.3)])
def test_swaps_and_flips(w1: float, w2: float) -> None:
    t = np.linspace(0, 5, 7)
    first, second = weights(t, 1.1, noise=0.4, w1=w1, w2=w2)
    for (a, b), want in {(w2, w1): (second, first), (-w1, -w2): (-first, -second)}.items():
        for got, wanted in zip(weights(t, 1.1, noise=0.4, w1=a, w2=b), want, strict=True):
            assert np.array_equal(got, wanted)
        assert np.array_equal(strength(t, 1.1, noise=0.4, w1=a, w2=b), strength(t, 1.1, noise=0.4, w1=w1, w2=w2))


def test_time_is_measured_in_tau() -> None:
    assert strength(3.0, 1.0, w1=0.1, w2=0.2, tau=2.0) == strength(1.5, 1.0, w1=0.1, w2=0.2)
    assert learning_time(0.5, 1.0, w1=0.1, w2=0.2, tau=2.0) == 2 * learning_time(0.5, 1.0, w1=0.1, w2=0.2)


# The edges ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0.0, 1.0, 1e5, 1e300, np.inf])
def test_zero_weights_stay_zero(t: float) -> None:
    for decay in (0.0, 0.5, 1.0, 2.0):
        assert strength(t, 1.0, decay=decay, w1=0.0, w2=0.0) == 0
        assert tuple(map(float, weights(t, 1.0, decay=decay, w1=0.0, w2=-0.0))) == (0, 0)
        assert loss(t, 1.0, decay=decay, w1=0.0, w2=0.0) == 0.5


@pytest.mark.parametrize("t", [0.0, 1.0, 1e300, np.inf])
def test_a_mode_without_signal_and_noise_rests(t: float) -> None:
    assert strength(t, 0.0, w1=0.3, w2=-0.5) == -0.15
    assert tuple(map(float, weights(t, 0.0, w1=0.3, w2=-0.5))) == (0.3, -0.5)
    assert loss(t, 0.0, w1=0.3, w2=-0.5) == 0
    assert strength(t, 0.0, w1=0.3, w2=0.3) == 0.3 * 0.3


def test_a_dead_pixel_forgets_under_noise() -> None:
    assert strength(np.inf, 0.0, noise=0.5, w1=0.3, w2=0.7) == 0
    assert weights(np.inf, 0.0, noise=0.5, w1=0.3, w2=0.7) == pytest.approx((0, np.sqrt(0.4)), rel=1e-15)
    assert strength(10.0, 0.0, noise=0.5, w1=0.3, w2=0.3) == pytest.approx(0.09 / (1 + 2 * 0.5 * 0.09 * 10))


def test_opposite_weights_of_one_size_never_learn() -> None:
    assert strength(np.inf, 1.0, w1=0.4, w2=-0.4) == 0
    assert strength(1.0, 1.0, w1=0.4, w2=-0.4) < 0


def test_any_magnitude_is_finite_without_a_warning() -> None:
    sizes = [0.0, *np.geomspace(1e-30, 1e30, 5).tolist()]
    signed = [*sizes, *(-x for x in sizes[1:]), *(x * (1 + 1e-15) for x in sizes[1:])]
    t, lam, noise, w1, w2 = np.meshgrid([*sizes, 1e300, np.inf], sizes, sizes, signed, signed, indexing="ij")
    for function in ALONG_THE_PATH:
        for value in _list(function(t, lam, noise=noise, w1=w1, w2=w2)):
            assert np.isfinite(value).all()
        for value in _list(function(t, lam, noise=noise, decay=np.abs(w2), w1=w1, w2=-w1)):
            assert np.isfinite(value).all()
    assert not np.isnan(learning_time(w2, lam, noise=noise, w1=w1, w2=w2[::-1])).any()


def test_overflow_is_an_error_not_a_nan() -> None:
    with pytest.raises(FloatingPointError, match=r"float64 overflows at t = 0.0, lam = 1e\+300.*choose units"):
        strength([0.0, 1.0], 1e300, noise=1e300, w1=1e140, w2=1e100)


# Learning times ---------------------------------------------------------------------------------------------------

RULES: dict[str, tuple[float, dict[str, Any], Any]] = {
    "on the way": (0.5, dict(w1=0.1, w2=0.2), "finite"),
    "at the start": (0.1 * 0.2, dict(w1=0.1, w2=0.2), 0),
    "exceeded by a rising mode": (0.01, dict(w1=0.1, w2=0.2), 0),
    "negative, exceeded": (-5.0, dict(w1=0.1, w2=0.2), 0),
    "the fixed point": (1.0, dict(w1=0.1, w2=0.2), np.inf),
    "beyond the fixed point": (1.5, dict(w1=0.1, w2=0.2), np.inf),
    "infinite": (np.inf, dict(w1=0.1, w2=0.2), np.inf),
    "minus infinity": (-np.inf, dict(w1=0.1, w2=0.2), 0),
    "on the way down": (1.5, dict(w1=1.0, w2=2.0), "finite"),
    "behind a falling mode": (3.0, dict(w1=1.0, w2=2.0), np.inf),
    "below the limit of a falling mode": (0.5, dict(w1=1.0, w2=2.0), np.inf),
    "through zero": (0.5, dict(w1=-0.1, w2=0.2), "finite"),
    "zero on the way": (0.0, dict(w1=-0.1, w2=0.2), "finite"),
    "opposite, on the way": (-0.01, dict(w1=-0.2, w2=0.2), "finite"),
    "opposite, zero": (0.0, dict(w1=-0.2, w2=0.2), np.inf),
    "opposite, beyond": (0.1, dict(w1=-0.2, w2=0.2), np.inf),
    "opposite, exceeded": (-0.1, dict(w1=-0.2, w2=0.2), 0),
    "killed by decay, on the way": (0.02, dict(w1=0.2, w2=0.2, decay=2.0), "finite"),
    "killed by decay, above": (0.5, dict(w1=0.2, w2=0.2, decay=2.0), np.inf),
    "killed by decay, zero": (0.0, dict(w1=0.2, w2=0.2, decay=2.0), np.inf),
    "critical decay, on the way": (0.02, dict(w1=0.2, w2=0.2, decay=1.0), "finite"),
    "zero weights, above": (0.1, dict(w1=0.0, w2=0.0), np.inf),
    "zero weights, there": (0.0, dict(w1=0.0, w2=0.0), 0),
    "zero weights, below": (-0.1, dict(w1=0.0, w2=0.0), 0),
}


@pytest.mark.parametrize("rule", RULES)
def test_learning_time_rule(rule: str) -> None:
    target, mode, want = RULES[rule]
    time = learning_time(target, 1.0, **mode)
    assert learning_time([target], 1.0, **mode) == pytest.approx([time], rel=1e-14)  # by NumPy, whatever is compiled
    if want == "finite":
        assert 0 < time < np.inf
        assert strength(time, 1.0, **mode) == pytest.approx(target, rel=1e-13, abs=1e-15)
    else:
        assert time == want


def test_a_mode_that_rests_never_arrives() -> None:
    assert learning_time([0.1, 0.2 * 0.3, 0.01], 0.0, w1=0.2, w2=0.3).tolist() == [np.inf, 0, 0]


def test_rounded_fixed_points_are_never_reached() -> None:
    rng = np.random.default_rng(5)
    lam, noise = rng.uniform(0.1, 3, 500), rng.uniform(0, 3, 500)
    target = fixed_point(lam, noise=noise)
    assert np.isinf(learning_time(target, lam, noise=noise, w1=0.01, w2=0.02)).all()
    assert np.isinf(learning_time(target, lam, noise=noise, w1=3.0, w2=2.0)).all()


def test_fixed_point() -> None:
    assert fixed_point([0, 0, 1, 1, 1, 1], noise=[0, 1, 0, 1, 0, 1], decay=[0, 0, 0, 0, 2, 0.5]).tolist() == [
        0, 0, 1, 0.5, 0, 0.25,
    ]  # fmt: skip
    assert np.isnan(fixed_point([np.nan, 1.0], decay=[0.0, np.nan])).all()
    assert fixed_point(2.0).shape == ()


# Shapes and types ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", EVERY)
def test_broadcasting(function: Evaluator) -> None:
    t, lam, w1 = np.linspace(0.01, 0.9, 5), np.array([[1.0], [2.0], [0.0]]), np.full((2, 1, 1), 0.1)
    for value in _list(function(t, lam, noise=0.1, w1=w1, w2=0.3, tau=2)):
        assert value.shape == (2, 3, 5)
        for index in np.ndindex(value.shape):
            alone = function(t[index[2]], lam[index[1], 0], noise=0.1, w1=w1[index[0], 0, 0], w2=0.3, tau=2)
            assert value[index] in [*_list(alone)]


@pytest.mark.parametrize("function", EVERY)
def test_numbers_give_numbers(function: Evaluator) -> None:
    for value in _list(function(1, 2, w1=1, w2=3)):
        assert isinstance(value, np.float64)
    for value in _list(function(np.float32(1), 2, w1=1, w2=3)):
        assert isinstance(value, np.float32)


@pytest.mark.parametrize("function", EVERY)
def test_types(function: Evaluator) -> None:
    single, double, whole = np.ones(3, np.float32), np.ones(3), np.ones(3, np.int64)
    for t, lam, want in (
        (single, 1.5, np.float32),
        (single, single, np.float32),
        (single, double, np.float64),
        (single, np.float64(1.5), np.float64),
        (single, whole, np.float64),
        (whole, whole, np.float64),
        (whole, 1, np.float64),
        ([1, 2], 1, np.float64),
        (np.ones(3, np.float16), 1, np.float32),
    ):
        for value in _list(function(t, lam, w1=0.25, w2=0.5)):
            assert value.dtype == want
    assert fixed_point(single).dtype == np.float32


@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize("w1", [0.2, 0.3])
@pytest.mark.parametrize("function", EVERY)
def test_nan_in_nan_out(function: Evaluator, w1: float, place: int) -> None:
    arguments: list[Any] = [0.5, 1.0, 0.1, 0.0, w1, 0.3, 1.0]
    arguments[place] = np.array([arguments[place], np.nan])
    first, lam, noise, decay, w1, w2, tau = arguments
    for value in _list(function(first, lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)):
        assert np.isfinite(value[0])
        assert np.isnan(value[1])


@pytest.mark.parametrize("function", EVERY)
def test_empty_arrays(function: Evaluator) -> None:
    for value in _list(function(np.empty((0, 4)), 1.0, w1=0.1, w2=0.2)):
        assert value.shape == (0, 4)


@pytest.mark.parametrize("shape", [(), (7,), (3, 11), (2, 3, 17), (1, 40), (40, 1), (5, 1, 9)])
def test_blocks_do_not_show(shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    t, w1 = rng.uniform(0, 2, shape), rng.normal(size=shape[-1:])
    w2 = np.where(rng.random(shape) < 0.5, w1, rng.normal(size=shape))
    whole = weights(t, 1.0, noise=0.2, w1=w1, w2=w2)
    monkeypatch.setattr(blocks, "BLOCK", 4)
    parts = weights(t, 1.0, noise=0.2, w1=w1, w2=w2)
    assert np.array_equal(whole, parts)
    covered = np.zeros(shape, int)
    for block in blocks._blocks(shape):
        covered[block] += 1
        assert covered[block].size <= 4
    assert (covered == 1).all()


# Errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(t=-1.0), r"t = -1.0: training starts at t = 0; give times >= 0"),
        (dict(lam=[1.0, -0.3]), r"lam\[1\] = -0.3: eigenvalues of a second moment are >= 0; clip rounding noise with"),
        (dict(lam=np.array([[1.0, np.nan], [2.0, -3.0]])), r"lam\[1, 1\] = -3.0: eigenvalues"),
        (dict(noise=-0.1), r"noise = -0.1: a variance is >= 0; give noise >= 0"),
        (dict(decay=-0.1), r"decay = -0.1: weight decay is >= 0; give decay >= 0"),
        (dict(tau=0.0), r"tau = 0.0: a time constant is > 0; give tau > 0"),
        (dict(tau=[1.0, -2.0]), r"tau\[1\] = -2.0: a time constant is > 0"),
        (dict(w1=np.inf), r"w1 = inf: it must be finite"),
        (dict(lam=[np.inf, 1.0]), r"lam\[0\] = inf: it must be finite"),
        (dict(t=[1.0, 2.0], lam=[1.0, 2.0, 3.0]), r"shapes do not broadcast together: t \(2,\), lam \(3,\)"),
    ],
)
@pytest.mark.parametrize("function", ALONG_THE_PATH)
def test_values_out_of_range(function: Evaluator, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(**{**dict(t=1.0, lam=1.0, w1=0.1, w2=0.2), **change})


@pytest.mark.parametrize("bad", [1j, "1.0", None, [1.0, None], [[1.0], [1.0, 2.0]], np.array(["a"]), 10**400])
@pytest.mark.parametrize("name", ["t", "lam", "w1", "tau"])
def test_what_is_no_real_number(bad: Any, name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} "):
        strength(**{**dict(t=1.0, lam=1.0, w1=0.1, w2=0.2), name: bad})


# Unequal weights under decay ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("w", [(0.1, 1.3), (-1.4, 0.3), (0.0, 0.5), (0.02, 0.021), (-0.3, -0.7)])
@pytest.mark.parametrize("decay", [1e-6, 0.2, 1.0, 3.0])
def test_unequal_weights_under_decay_follow_the_mode_equations(w: tuple[float, float], decay: float) -> None:
    times = np.linspace(0, 9, 7)
    one, two = weights(times, 1.0, noise=0.3, decay=decay, w1=w[0], w2=w[1], tau=1.5)
    first, second = integrate_dop853(times, 1.0, 0.3, decay, w1=w[0], w2=w[1], tau=1.5)
    np.testing.assert_allclose(one, first, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(two, second, rtol=1e-9, atol=1e-12)
    product = strength(times, 1.0, noise=0.3, decay=decay, w1=w[0], w2=w[1], tau=1.5)
    np.testing.assert_allclose(product, first * second, rtol=1e-8, atol=1e-12)
    plain = 0.5 * (1 - product) ** 2 + 0.15 * product**2 + decay / 2 * (one**2 + two**2)
    np.testing.assert_allclose(loss(times, 1.0, noise=0.3, decay=decay, w1=w[0], w2=w[1], tau=1.5), plain, rtol=1e-12)


def test_learning_times_under_decay_are_times_at_which_the_strength_is_the_target() -> None:
    given: dict[str, Any] = dict(lam=2.0, noise=0.5, decay=0.1, w1=0.05, w2=0.6, tau=2.0)
    targets = np.array([0.05, 0.3, 0.6, 0.7])
    times = learning_time(targets, **given)
    assert (times > 0).all()
    np.testing.assert_allclose(strength(times, **given), targets, rtol=1e-10)
    assert learning_time(0.03, **given) == 0.0
    assert learning_time(0.02, **given) == 0.0
    assert learning_time(0.9, **given) == np.inf


def test_points_of_every_kind_go_to_their_closed_form_in_one_call() -> None:
    decay, w1, w2 = np.array([0.0, 0.1, 0.1, np.nan]), np.array([0.1, 0.2, 0.2, 0.1]), np.array([0.4, 0.2, 0.5, 0.2])
    together = strength(1.0, 1.0, decay=decay, w1=w1, w2=w2)
    alone = [strength(1.0, 1.0, decay=d, w1=a, w2=b) for d, a, b in zip(decay[:3], w1, w2, strict=False)]
    np.testing.assert_array_equal(together[:3], alone)
    assert np.isnan(together[3])
    assert strength(1.0, 1.0, decay=np.float32(0.1), w1=np.float32(0.1), w2=np.float32(0.2)).dtype == np.float32


# Import ---------------------------------------------------------------------------------------------------------------


def test_evaluating_imports_neither_sympy_nor_scipy_nor_matplotlib() -> None:
    code = (
        "import sys, modeflow; modeflow.strength([0, 1], 1, w1=.1, w2=.2); modeflow.weights(1, 1, w1=.1, w2=.1);"
        "modeflow.loss(1, 1, w1=.1, w2=.2); modeflow.learning_time(.5, 1, w1=.1, w2=.2); modeflow.fixed_point(1);"
        "print(sorted({'sympy', 'scipy', 'matplotlib', 'mpmath', 'flint'} & set(sys.modules)), 'numpy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[] True"


def test_the_public_names_are_the_evaluators() -> None:
    assert modeflow.strength is evaluators.strength
