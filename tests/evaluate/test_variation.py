"""Derivatives of the strength for weights of different size under decay."""

import importlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

import modeflow
from modeflow.evaluate.variation import collocation, integrals, panels, paths

benchmark: Any = importlib.import_module("gradients")  # which prints as a table what is asserted here
ALL = ("t", "lam", "noise", "decay", "w1", "w2")
BOUND = 5e-12  # in the unit of the benchmark; measured worst 1.2e-12 at 412 points
LONG = "decay/lam 1e-8 to 1e-4"  # takes Arb seconds a point
USUAL: dict[str, Any] = {"lam": 1.0, "noise": 0.2, "decay": 0.1, "w1": 0.1, "w2": 0.4}


def slopes(t: Any, wrt: Any = ALL, **changes: Any) -> dict[str, Any]:
    return modeflow.strength_grad(t, **USUAL | changes, wrt=wrt)


# Accuracy -------------------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("regime", benchmark.fading.REGIMES)
def test_against_arb(regime: str) -> None:
    columns = benchmark.fading.points(regime, 2 if regime == LONG else 8, seed=2)
    errors = benchmark.fading_errors(columns, benchmark.fading_slopes(columns))
    assert {name: e.max() for name, e in errors.items() if e.max() > BOUND} == {}


@pytest.mark.parametrize("place", range(6))
def test_the_reference_refuses_a_slope_that_is_a_little_wrong(place: int) -> None:
    columns = [np.array([x]) for x in (1.5, 1.0, 0.4, 0.2, 0.3, 0.7)]
    found = benchmark.fading_slopes(columns)
    assert benchmark.fading_errors(columns, found)[ALL[place]] <= 1e-14
    wrong = found | {ALL[place]: found[ALL[place]] * (1 + 3e-10)}
    assert benchmark.fading_errors(columns, wrong)[ALL[place]] > BOUND


def half_order(t: complex, lam: complex, noise: complex, decay: complex, w1: complex, w2: complex) -> complex:
    """The strength at lam = 2·decay, where the Bessel functions are hyperbolic ones (claim wae.half_integer)."""
    xi, p, q = lam + noise, w1 + w2, w2 - w1
    start = xi * p * q / (4 * decay)
    z = start * np.exp(-2 * decay * t)
    lead = p / q - 1 / start
    u = (np.sinh(start - z) + lead * np.cosh(start - z)) / (np.cosh(start - z) + lead * np.sinh(start - z)) + 1 / z
    return complex(p * q * np.exp(-2 * decay * t) * (u - 1 / u) / 4)


@pytest.mark.parametrize("weights", [(0.3, 0.7), (-0.2, 0.9), (0.1, 0.11)])
def test_complex_steps_agree_where_the_solution_is_elementary(weights: tuple[float, float]) -> None:
    at: dict[str, Any] = {"t": 1.3, "lam": 0.8, "noise": 0.25, "decay": 0.4, "w1": weights[0], "w2": weights[1]}
    found = modeflow.strength_grad(**at, wrt=ALL)
    moved = {name: half_order(**at | {name: at[name] + 1e-30j}).imag / 1e-30 for name in ("t", "noise", "w1", "w2")}
    for name, slope in moved.items():
        assert found[name] == pytest.approx(slope, rel=1e-12)
    both = half_order(**at | {"lam": at["lam"] + 2e-30j, "decay": at["decay"] + 1e-30j}).imag / 1e-30
    assert 2 * found["lam"] + found["decay"] == pytest.approx(both, rel=1e-12)


def test_units_of_time_give_an_identity() -> None:
    """w depends on t·lam, t·noise and t·decay alone, by Euler: none of the slopes is had from the others."""
    t = np.geomspace(0.01, 100, 50)
    for decay in (1e-6, 0.1, 1.0, 5.0):
        found = slopes(t, decay=decay, w1=-0.1)
        total = found["lam"] + 0.2 * found["noise"] + decay * found["decay"]
        size = np.abs(found["lam"]) + 0.2 * np.abs(found["noise"]) + decay * np.abs(found["decay"])
        assert np.all(np.abs(total - t * found["t"]) <= 1e-13 * size)


# Where it meets what is known otherwise -------------------------------------------------------------------------


def test_it_is_the_closed_form_without_decay() -> None:
    t = np.geomspace(0.01, 1000, 40)
    for w1, w2, noise in ((0.1, 0.4, 0.3), (0.4, -0.1, 0.0), (1.0, 3.0, 20.0), (0.2, 0.2000001, 0.1)):
        closed = modeflow.strength_grad(t, 1.0, noise=noise, w1=w1, w2=w2)
        rows = np.broadcast_arrays(t, 1.0, noise, 0.0, w1, w2)
        found = dict(zip(ALL, modeflow.evaluate.variation.slopes(*(x.astype(float) for x in rows)), strict=True))
        for name, slope in closed.items():
            assert np.allclose(found[name], slope, rtol=1e-12, atol=1e-22), name


def test_no_decay_is_the_limit_of_little_decay() -> None:
    t = np.geomspace(0.01, 100, 30)
    none, little = slopes(t, decay=0.0), slopes(t, decay=1e-18)
    for name in ALL:
        assert np.allclose(none[name], little[name], rtol=1e-11, atol=1e-14), name


def test_nearly_equal_weights_have_the_slopes_of_equal_ones() -> None:
    t = np.geomspace(0.01, 100, 30)
    near, equal = slopes(t, w1=0.4 * (1 - 1e-15)), slopes(t, w1=0.4)
    for name in ("t", "lam", "noise", "decay"):
        assert np.allclose(near[name], equal[name], rtol=1e-11, atol=1e-14), name
    assert np.allclose(near["w1"] + near["w2"], equal["w1"] + equal["w2"], rtol=1e-11, atol=1e-14)


def test_without_signal_and_noise_both_weights_just_decay() -> None:
    found = slopes(2.0, lam=0.0, noise=0.0, decay=0.3)
    left = np.exp(-1.2)
    expected = {"t": -0.6 * 0.04 * left, "decay": -4 * 0.04 * left, "w1": 0.4 * left, "w2": 0.1 * left}
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-14)


def test_starts_and_ends() -> None:
    start, end = slopes(0.0), slopes(np.inf)
    assert (start["lam"], start["noise"], start["decay"], start["w1"], start["w2"]) == (0, 0, 0, 0.4, 0.1)
    assert start["t"] == pytest.approx(0.17 * (1 - 1.2 * 0.04) - 0.2 * 0.04)
    assert end["t"] == end["w1"] == end["w2"] == 0
    limits = {"lam": (0.2 + 0.1) / 1.44, "noise": -0.9 / 1.44, "decay": -1 / 1.2}
    assert {name: end[name] for name in limits} == pytest.approx(limits, rel=1e-13)
    assert all(slope == 0 for slope in slopes(np.inf, decay=3.0).values())


def test_decay_as_large_as_the_eigenvalue_dies_out_like_one_over_t() -> None:
    found = slopes(1e10, decay=1.0)
    assert found["lam"] == pytest.approx(1 / 2.4, rel=1e-9)
    assert found["noise"] == pytest.approx(-1 / (2 * 1.2**2 * 1e10), rel=1e-9)


# Shapes and values ----------------------------------------------------------------------------------------------


def test_swaps_and_flips() -> None:
    one, other = slopes(2.0), slopes(2.0, w1=-0.4, w2=-0.1)
    assert (other["w1"], other["w2"]) == (-one["w2"], -one["w1"])
    assert all(one[name] == other[name] for name in ALL[:4])


def test_every_point_goes_to_its_method() -> None:
    decay, w1 = np.array([0.0, 0.1, 0.1, 0.0]), np.array([0.1, 0.1, 0.4, -0.4])
    mixed = slopes(2.0, decay=decay, w1=w1)
    for i in range(4):
        alone = slopes(2.0, decay=decay[i], w1=w1[i])
        assert {name: mixed[name][i] for name in ALL} == alone


def test_many_modes_at_many_times() -> None:
    t, w2 = np.linspace(0, 9, 150)[:, None], np.linspace(0.11, 1, 201)
    found = slopes(t, w2=w2)
    for i, k in ((0, 0), (3, 200), (120, 7), (149, 100)):
        alone = slopes(t[i, 0], w2=w2[k])
        for name in ALL:
            assert found[name][i, k] == pytest.approx(alone[name], rel=1e-12, abs=1e-15)


def test_single_precision_and_nan() -> None:
    found = slopes(np.array([1.0, np.nan], np.float32), lam=np.float32(1), wrt=["decay"])["decay"]
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(slopes(1.0)["decay"], rel=1e-6)
    assert np.isnan(found[1])


def test_overflow_is_an_error_and_large_numbers_are_none() -> None:
    with pytest.raises(FloatingPointError, match="overflows at"):
        slopes(1e5, lam=1e200, w1=1e100)
    large = slopes(np.inf, lam=1e75, noise=1e75, decay=1e70, w1=1e75)
    assert large["decay"] == pytest.approx(-0.5e-75, rel=1e-12)


def test_weights_that_have_died_out_cost_no_accuracy_elsewhere() -> None:
    t = np.array([0.5, 1e3, 1e6, 1e300])
    together = slopes(t, decay=50.0)
    for i in range(4):
        assert together["decay"][i] == pytest.approx(slopes(t[i], decay=50.0)["decay"], rel=1e-12)


# Its parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pull", [0.0, 1e-9, 1.0, 4.0, 40.0, 1e4, 1e9])
def test_collocation_solves_the_equation(pull: float) -> None:
    """I' = f − a·I with f = e^(x/2), to rounding: against the exact solution with the start found."""
    x = collocation.radau()
    first, rest = collocation.particular(np.full((1, x.size), pull), np.exp(x / 2)[None, :, None])
    found = first[0, 0] + rest[0, :, 0] * x
    smooth = np.exp(x / 2) / (pull + 0.5)
    exact = smooth + (first[0, 0] - 1 / (pull + 0.5)) * np.exp(-pull * x)
    assert np.max(np.abs(found / exact - 1)) < (1e-12 if pull != 40 else 1e-10)


def test_the_points_are_those_of_radau() -> None:
    """Exact for polynomials up to degree 30, DLMF 3.5(v)."""
    x, weights = collocation.radau(), collocation.integral()[-1]
    for degree in range(2 * collocation.POINTS - 1):
        assert weights @ x**degree == pytest.approx(1 / (degree + 1), rel=1e-13)


def test_panels_cover_the_times() -> None:
    one = np.ones(3)
    mode = paths.modes_of(one, 0.2 * one, np.array([1e-6, 0.1, 5.0]), 0.01 * one, 0.4 * one)
    longest = np.array([3.0, 40.0, 1e6])
    found = panels.panels(mode, longest)
    for m in range(3):
        left, width = found.left[found.of == m], found.width[found.of == m]
        assert left[0] == 0
        assert np.all(left[1:] == pytest.approx((left + width)[:-1], rel=1e-15))
        assert left[-1] + width[-1] == pytest.approx(longest[m], rel=1e-15)


def test_integrals_keep_what_the_claims_say() -> None:
    """lam − xi·w = G·g0 + 2·decay·xi·J, w'/h = G·r0 − 2·decay·B where nothing cancels (grad.fading_rise, velocity)."""
    mode = paths.modes_of(*(np.array([x]) for x in (1.0, 0.2, 0.3, 0.1, 0.4)))
    s = np.linspace(0.1, 8, 20)
    of = np.zeros(s.size, np.intp)
    G, J, _, _, B = integrals.Integrals(mode, panels.panels(mode, np.array([8.0]))).at(of, s)
    there = paths.state(s, mode[of])
    w0, xi, decay = 0.04, 1.2, 0.3
    g = 1 - xi * there.w
    assert G * (1 - xi * w0) + 2 * decay * xi * J == pytest.approx(g, rel=1e-13)
    r0 = (1 - xi * w0) - 2 * decay * w0 / 0.17
    assert there.h * (G * r0 - 2 * decay * B) == pytest.approx(there.h * g - 2 * decay * there.w, abs=1e-14)


def test_the_reference_for_a_slope_is_one_of_a_known_function() -> None:
    """At lam = 2·decay its derivative in the noise is that of the elementary solution."""
    row = (1.3, 0.8, 0.25, 0.4, 0.3, 0.7)
    with ctx.workprec(200):
        _, slope = benchmark.fading_reference(row, 2)
        exact = half_order(1.3, 0.8, 0.25 + 1e-30j, 0.4, 0.3, 0.7).imag / 1e-30
        assert abs(float(slope / arb(exact) - 1)) < 1e-13


def test_scipy_is_loaded_only_where_it_is_needed() -> None:
    check = (
        "import modeflow, sys; modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.2); "
        "sys.exit('scipy' in sys.modules or 'sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
