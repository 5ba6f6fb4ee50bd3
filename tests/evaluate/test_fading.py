"""Weight decay with weights of different size: against Arb, across the switches of method, and at the edges."""

import importlib.util
import os
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import daily
import numpy as np
import pytest
from flint import arb, ctx

from modeflow.evaluate.fading import anchors, bessel, debye, learning_time, path, paths, points, special_solutions
from modeflow.evaluate.fading import compiled as in_c
from modeflow.evaluate.generated import balanced, direct


def _benchmark() -> ModuleType:
    """benchmarks/unbalanced_decay.py, which prints as a table what is asserted here."""
    place = Path(__file__).parents[2] / "benchmarks" / "unbalanced_decay.py"
    spec = importlib.util.spec_from_file_location("unbalanced_decay_benchmark", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


benchmark = _benchmark()
SAME_SIGN = ["decay/lam 1e-4 to 1e-2", "decay/lam 1e-2 to 1", "decay/lam 1 to 1e3", "decay/lam 1e-8 to 1e-4"]
BOUND = 5e-14  # over 1 + κ; measured worst 1.3e-14 at 1,100 points, where scipy.special.kve is off by that much
IN_C = 4e-15  # of points that take no more steps than are worth it


def _columns(*values: Any) -> list[Any]:
    return [np.array(c, dtype=float) for c in np.broadcast_arrays(*values)]


# Accuracy -------------------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("regime", benchmark.REGIMES)
def test_the_path_against_arb(regime: str) -> None:
    columns = benchmark.points(regime, 60, seed=1)
    plain, conditioned = benchmark.errors(columns, path(*columns))
    assert plain.size >= 50
    assert conditioned.max() <= BOUND
    if regime in SAME_SIGN:
        assert plain.max() <= 1e-12


@pytest.mark.costly
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_curves_of_many_times_against_arb(sign: float) -> None:
    rng = np.random.default_rng(2)
    modes = benchmark._modes(-4, 3)(rng, 40)
    modes[4] *= sign
    many = [np.repeat(c, 1000) for c in modes]
    many[0] = many[0] * np.tile(np.linspace(0, 1, 1001)[1:], 40)
    values = path(*many)
    chosen = np.arange(40) * 1000 + rng.integers(0, 1000, 40)
    _, conditioned = benchmark.errors([c[chosen] for c in many], tuple(v[chosen] for v in values))
    assert conditioned.max() <= BOUND


compiled = pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="no C compiler is installed")


@pytest.mark.costly
@compiled
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("shared", [False, True])
def test_curves_in_c_against_arb(sign: float, shared: bool) -> None:
    rng = np.random.default_rng(8)
    s, lam, noise, decay, w1, w2 = benchmark._modes(-4, 1)(rng, 60)
    w1 *= sign * rng.choice([-1.0, 1.0], 60)
    times = rng.permutation(np.linspace(0, 1, 1000)) * (1.0 if shared else s[:, None] ** 0.7)
    modes = [x[:, None] for x in (lam, noise, decay, w1, w2)]
    values, left = in_c.path(paths.TAIL_FROM, [times, *modes])
    assert left.shape == (60,)
    assert 30 < np.count_nonzero(~left) <= 60
    chosen = np.flatnonzero(~left), rng.integers(0, 1000, np.count_nonzero(~left))
    columns = [np.broadcast_to(times, (60, 1000))[chosen], *(x[~left, 0] for x in modes)]
    _, conditioned = benchmark.errors(columns, tuple(v[chosen] for v in values))
    assert conditioned.max() <= BOUND
    wrong = tuple(v[chosen] * (1 + 1e-12) for v in values)
    assert benchmark.errors(columns, wrong)[1].max() > BOUND


@pytest.mark.costly
@compiled
@pytest.mark.parametrize("regime", benchmark.REGIMES)
def test_points_in_c_against_arb(regime: str) -> None:
    columns = benchmark.points(regime, 60, 3)
    values, left = in_c.path(paths.TAIL_FROM, columns)
    columns, kept = [c[~left] for c in columns], tuple(v[~left] for v in values)
    assert kept[0].size > 30
    assert benchmark.errors(columns, kept)[1].max() <= IN_C
    assert benchmark.errors(columns, tuple(v * (1 + 1e-9) for v in kept))[1].max() > IN_C
    for i in (0, 1):  # one and two points, which are computed without lanes
        alone = in_c.path(paths.TAIL_FROM, [c[i : 2 * i + 1] for c in columns])[0]
        np.testing.assert_allclose(alone, np.array(kept)[:, i : 2 * i + 1], rtol=1e-13)


@compiled
def test_steps_in_c_that_all_round_alike() -> None:
    """Hundreds of steps with z all but at rest: what its rounding loses is kept."""
    columns = [np.array([x]) for x in (3e-9, 1.0, 1500.0, 2.0**-22 / 3, 1e-3, 0.9)]
    columns[0][0] = 0.3
    values, left = in_c.path(paths.TAIL_FROM, columns)
    assert not left.any()
    assert benchmark.errors(columns, tuple(values))[1].max() <= IN_C


@compiled
def test_points_in_c_leave_to_numpy_what_it_cannot_do() -> None:
    s, lam = np.array([1.0, np.inf, np.nan, 0.0, 1.0, 1.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0, np.nan, 1e5, 1e308])
    columns = [s, lam, *(np.array(x) for x in (0.5, 0.5, 0.1, 0.4))]
    values, left = in_c.path(paths.TAIL_FROM, columns)
    assert left.tolist() == [False, False, True, False, True, True, True]
    assert values[:, 3].tolist() == [0.1, 0.4, 0.1 * 0.4]
    for one, other in zip(path(*columns), path(*columns, compiled=True), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@compiled
def test_c_leaves_to_numpy_what_it_cannot_do() -> None:
    s = np.linspace(0, 10, 500)
    lam = np.array([1.0, 1.0, 1.0, np.nan, 1.0, 0.0, 1.0, 1e4])[:, None]
    decay = np.array([0.1, 3.0, 1e-3, 0.1, 0.1, 0.1, 100.0, 1e-3])[:, None]
    w1 = np.array([0.1, -0.5, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1])[:, None]
    noise, w2 = np.array(0.0), np.array(0.4)
    _, left = in_c.path(paths.TAIL_FROM, [s, lam, noise, decay, w1, w2])
    assert left.tolist() == [False, False, False, True, False, False, False, True]
    in_numpy, here = path(s, lam, noise, decay, w1, w2), path(s, lam, noise, decay, w1, w2, compiled=True)
    for one, other in zip(in_numpy, here, strict=True):
        assert np.array_equal(np.isnan(one), np.isnan(other))
        assert np.isnan(one).any(axis=1).tolist() == [False, False, False, True, False, False, False, False]
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-290)
    assert np.array_equal(here[0][:, 0], np.where(np.isnan(lam), np.nan, w1)[:, 0], equal_nan=True)
    s[7] = np.nan
    assert np.isnan(path(s, *(np.array(x) for x in (1.0, 0.5, 0.1, 0.1, 0.4)), compiled=True)).sum() == 3


@compiled
def test_curves_in_c_have_the_shape_of_their_arguments() -> None:
    mode = [np.array(x) for x in (1.0, 0.5, 0.1, -0.4, 0.1)]
    s = np.linspace(0, 5, 600)
    for times, modes in (
        (s, mode),
        (s[None, :], mode),
        (s.reshape(3, 200), mode),
        (s[::-1], mode),
        (s[::2], [x.reshape(1, 1) for x in mode]),
        (s, [mode[0], np.array([0.5, 0.2, 0.1])[:, None], *mode[2:]]),
        (s.reshape(2, 1, 300), [mode[0], np.array([0.5, 0.2, 0.1])[:, None], *mode[2:]]),
        (s, [np.full(600, 1.0), *mode[1:]]),
        (s[:1], mode),
        (s[0], mode),
        (s[:5], mode),
        (s[:0], mode),
        (s[:30].reshape(3, 10), [mode[0], np.array([0.5, 0.2, 0.1])[:, None], *mode[2:]]),
    ):
        for one, other in zip(path(times, *modes), path(times, *modes, compiled=True), strict=True):
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_the_reference_solves_the_equations() -> None:
    """The truth of these tests, by differences of 2^-200 of itself."""
    with ctx.workprec(1000):
        h = arb(2) ** -200
        mode = [arb(x) for x in (1.3, 0.4, 0.3, -0.2, 0.9)]
        lam, noise, decay, *_ = mode
        for s in (arb(0.0), arb(0.7), arb(6.0)):
            (a, b, w), (a1, b1, _) = benchmark.reference(s, *mode), benchmark.reference(s + h, *mode)
            pull = lam - (lam + noise) * a * b
            assert abs((a1 - a) / h - (b * pull - decay * a)) < 1e-50
            assert abs((b1 - b) / h - (a * pull - decay * b)) < 1e-50
            assert abs(w - a * b) < 1e-50
        assert abs(benchmark.reference(arb(0.0), *mode)[0] - mode[3]) < 1e-100


def test_special_solutions_against_arb() -> None:
    rng = np.random.default_rng(3)
    nu = np.concatenate([rng.uniform(-0.499, 25, 100), 10 ** rng.uniform(1, 3, 40)])
    z = np.concatenate([10 ** rng.uniform(-10, 2, 100), 10 ** rng.uniform(-2, 2.3, 40)])
    place = special_solutions.place_at(nu + 0.5, nu, z)
    with ctx.workprec(900):
        for i, (n, x) in enumerate(zip(map(arb, nu.tolist()), map(arb, z.tolist()), strict=True)):
            low, high, fading, above = x.bessel_i(n), x.bessel_i(n + 1), x.bessel_k(n), x.bessel_k(n + 1)
            k, log_ratio = x * above / fading, (low / fading).log()
            assert abs(float(place.k[i] / k - 1)) < 1e-13
            assert abs(float(place.excess[i] / (k - x) - 1)) < 2e-13
            assert abs(float(place.J[i] * x * low / high - 1)) < 1e-15
            assert abs(float(place.log_ratio[i] - log_ratio)) < 1e-13 * (1 + abs(float(log_ratio)))


@pytest.mark.parametrize("mu", daily.some([0.0, 1e-30, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 1.0], 3), ids=str)
def test_small_signals_keep_their_digits(mu: float) -> None:
    """A strength of the size of mu, where nu = mu - 1/2 has lost the digits of mu."""
    rng, count = np.random.default_rng(daily.seed()), 12
    decay, (a, b) = 10 ** rng.uniform(-2, 1, count), rng.uniform(-1.5, 1.5, (2, count))
    z = 10 ** rng.uniform(-2, 2.5, count)
    noise = np.maximum(4 * decay * z / np.abs(b * b - a * a) - 2 * mu * decay, 0)
    columns = [10 ** rng.uniform(-2, 0.8, count) / decay, 2 * mu * decay, noise, decay, a, b]
    _, conditioned = benchmark.errors(columns, path(*columns))
    assert conditioned.max() < BOUND


def test_the_expansion_begins_as_the_literature_says() -> None:
    """log(sum U_k/nu^k) = (3p − 5p³)/(24·nu) + ..., p = nu/h: DLMF 10.41.10."""
    slopes_a, slopes_b, integrals = debye.expansion(8)
    assert integrals[0][:2].tolist() == [float(Fraction(3, 24)), float(Fraction(-5, 24))]
    assert slopes_b[0].tolist() == [0.5] + [0.0] * (slopes_b.shape[1] - 1)
    assert slopes_a[0][:2].tolist() == [-1 / 8, 5 / 8]
    assert not integrals[0][2:].any()


# Switches of method ---------------------------------------------------------------------------------------------

SWITCHES: list[tuple[ModuleType, str, Any]] = [
    (points, "SERIES_SPAN", 0.2),
    (points, "SERIES_SPAN", 0.3),
    (points, "SERIES_GROWTH", (0.07, 0.7)),
    (points, "SERIES_GROWTH", (0.15, 1.5)),
    (special_solutions, "UNIFORM_FROM", 26.0),
    (special_solutions, "UNIFORM_FROM", 22.0),
    (special_solutions, "FAR", 60.0),
    (paths, "TAIL_FROM", 3e-10),
    (paths, "TAIL_FROM", 3e-11),
    (bessel, "SMALL_START", 0.5),
    (special_solutions, "QUADRATURE_BELOW", 0.06),
    (special_solutions, "QUADRATURE_BELOW", 0.02),
    (debye, "QUADRATURE_BELOW", 0.02),
    (special_solutions, "WEAK_KVE", (0.15, 4.0)),
    (anchors, "SHARE", 1e9),
    (anchors, "LONGEST_CHAIN", 0),
    (anchors, "LONGEST_CHAIN", 40),
]


@pytest.mark.costly
@pytest.mark.parametrize(("module", "name", "value"), SWITCHES, ids=lambda x: getattr(x, "__name__", str(x)))
def test_methods_agree_where_they_meet(
    module: ModuleType, name: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both methods on both sides of a switch: what moves when the switch is moved has not jumped before."""
    rng = np.random.default_rng(4)
    n = 20_000 if module is not anchors else 20
    modes = benchmark._modes(-3, 3)(rng, n)
    if module is anchors:
        modes = [np.repeat(c, 1000) for c in modes]
        modes[0] = np.sort(modes[0] * rng.random(modes[0].size))
        modes[0] = np.concatenate([modes[0][i::20] for i in range(20)])
    before = path(*modes)
    monkeypatch.setattr(module, name, value)
    after = path(*modes)
    moved = False
    for old, new in zip(before, after, strict=True):
        normal = np.abs(old) > benchmark.SMALLEST
        assert np.abs(new[normal] / old[normal] - 1).max() <= 1e-12
        moved |= bool((new != old).any())
    assert moved, f"no point is affected by {name} = {value}"


def test_no_jump_along_a_path() -> None:
    """Neighbouring times on paths that pass through every method differ as the slope says."""
    for decay, w1 in ((0.02, 0.3), (0.9, 0.01), (40.0, 1.5), (1e-5, 0.2)):
        s = np.geomspace(1e-4, 1e3, 4000)
        w = path(*_columns(s, 1.0, 3.0, decay, w1, 2.0))[2]
        near = path(*_columns(s * (1 + 1e-9), 1.0, 3.0, decay, w1, 2.0))[2]
        apart = np.abs(w) > 1e-280
        steps = np.abs(near[apart] / w[apart] - 1)
        assert steps.max() < 1e-9 * (1 + 2.1 * (1.0 + decay + 16) * s.max())
        slope = np.abs(np.gradient(np.log(w[apart]), np.log(s[apart])))
        assert (steps <= 1.1e-9 * slope + 2e-10 * slope.max() + 1e-12).all()


# Limits and edges -----------------------------------------------------------------------------------------------


def test_starts_exactly() -> None:
    _, *mode = benchmark.points("opposite signs", 50, 5)
    w1, w2, w = path(np.zeros(mode[0].size), *mode)
    assert np.array_equal(w1, mode[3])
    assert np.array_equal(w2, mode[4])
    assert np.array_equal(w, mode[3] * mode[4])


@pytest.mark.parametrize("s", [1e6, 1e100, 1e300, 1e308, np.inf])
def test_ends_at_the_fixed_point_or_at_zero(s: float) -> None:
    lam, decay = np.array([2.0, 2.0, 2.0, 2.0, 0.0]), np.array([0.5, 1.999, 2.5, 2e3, 0.1])
    values = path(*_columns(s, lam, 0.4, decay, [-0.1, 0.2, 0.3, 3.0, 0.3], [1.0, 0.1, 0.1, 0.1, 0.1]))
    want = np.maximum(lam - decay, 0) / (lam + 0.4)
    assert np.allclose(values[2], want, rtol=1e-14, atol=1e-300)
    assert np.allclose(values[0] ** 2, want, rtol=1e-14, atol=1e-40)
    if s == np.inf:
        assert np.array_equal(values[2][2:], [0, 0, 0])


def test_shapes_broadcast() -> None:
    """Modes by times, times by modes, one mode, and every point with its own copy of its mode: the same numbers."""
    s = np.concatenate([[0.0], np.geomspace(1e-3, 40, 699), [np.inf]])
    lam, decay = np.array([1.3, 0.2, 1.0, 1.0]), np.array([0.1, 0.9, 1e-3, 30.0])
    w1, w2 = np.array([-0.1, 0.3, 0.2, 2.0]), np.array([0.4, 0.1, 0.5, 0.1])
    noise = np.array(0.7)
    grid = path(s, lam[:, None], noise, decay[:, None], w1[:, None], w2[:, None])
    turned = path(s[:, None], lam, noise, decay, w1, w2)
    flat = path(*(x.ravel() for x in _columns(s, lam[:, None], 0.7, decay[:, None], w1[:, None], w2[:, None])))
    for i, (x, y, z) in enumerate(zip(grid, turned, flat, strict=True)):
        assert x.shape == (4, s.size)
        assert np.array_equal(x, y.T)
        assert np.array_equal(x.ravel(), z)
        for k in range(4):
            alone = path(s, *(np.array(v) for v in (lam[k], 0.7, decay[k], w1[k], w2[k])))[i]
            assert np.allclose(alone, x[k], rtol=2e-14, atol=1e-300)


def test_one_time_of_one_mode() -> None:
    values = path(*map(np.array, (2.0, 1.3, 0.4, 0.3, -0.2, 0.9)))
    row = path(*_columns([2.0], 1.3, 0.4, 0.3, -0.2, 0.9))
    assert all(v.shape == () and v == r[0] for v, r in zip(values, row, strict=True))


def test_nan_in_nan_out() -> None:
    for i in range(6):
        columns = _columns([1.0, 1.0], 1.0, 0.2, 0.3, 0.1, 0.4)
        columns[i][0] = np.nan
        values = path(*columns)
        assert all(np.isnan(v[0]) and np.isfinite(v[1]) for v in values)
        assert np.isnan(learning_time(columns[0], *columns[1:])[0])


def test_empty() -> None:
    assert all(v.shape == (0,) for v in path(*(np.empty(0),) * 6))
    assert learning_time(*(np.empty(0),) * 6).shape == (0,)


def test_nothing_but_decay() -> None:
    s = np.array([0.1, 3.0, 100.0, 5000.0])
    w1, w2, w = path(*_columns(s, 0.0, 0.0, 0.3, -0.7, 0.2))
    assert np.allclose(w1, -0.7 * np.exp(-0.3 * s), rtol=1e-14, atol=1e-300)
    assert np.allclose(w2, 0.2 * np.exp(-0.3 * s), rtol=1e-14, atol=1e-300)
    assert np.allclose(w, -0.14 * np.exp(-0.6 * s), rtol=1e-14, atol=1e-300)


def test_imbalance_decays_exponentially() -> None:
    columns = benchmark.points("decay/lam 1e-2 to 1", 300, 6)
    s, _, _, decay, a, b = columns
    w1, w2, _ = path(*columns)
    assert np.allclose((w2 - w1) * (w2 + w1), (b - a) * (b + a) * np.exp(-2 * decay * s), rtol=1e-12, atol=1e-13)


def test_swaps_and_flips() -> None:
    s, lam, noise, decay, a, b = benchmark.points("opposite signs", 100, 7)
    w1, w2, w = path(s, lam, noise, decay, a, b)
    for x, y, want in ((b, a, (w2, w1)), (-a, -b, (-w1, -w2))):
        one, two, strength = path(s, lam, noise, decay, x, y)
        assert np.array_equal(one, want[0])
        assert np.array_equal(two, want[1])
        assert np.array_equal(strength, w)


def test_without_decay_it_is_the_direct_form() -> None:
    s = np.geomspace(1e-3, 300, 200)
    for a in (0.1, -0.1, 0.39):
        want = direct.weights(s, np.array(1.3), np.array(0.4), np.array(a), np.array(0.4))
        for decay in (1e-30, 1e-20):
            got = path(*_columns(s, 1.3, 0.4, decay, a, 0.4))
            assert np.allclose(got[0], want[0], rtol=1e-13, atol=1e-15)
            assert np.allclose(got[1], want[1], rtol=1e-13)
        close = path(*_columns(s, 1.3, 0.4, 1e-9, a, 0.4))
        assert np.allclose(close[1], want[1], rtol=1e-6)


def test_weights_of_very_different_size_with_little_to_drive_them() -> None:
    """z < 1e-10 from the start, and little time: 1 − e^(−2·mu·delta) must not be rounded beside 1."""
    row = 7.7e-11, 0.07755285064682062, 0.0, 5224.637847637122, -0.0018023454222653508, 1.478687385242352e-10
    columns = _columns(*(np.array([x]) for x in row))
    plain, _ = benchmark.errors(columns, path(*columns))
    assert plain.max() <= 1e-14


@pytest.mark.parametrize("decay", [1e-17, 1e-20, 1e-25])
def test_many_times_with_hardly_any_decay(decay: float) -> None:
    s = np.linspace(0.3, 0.4, 200)
    none = direct.strength(s, *(np.full(200, x) for x in (0.1, 0.2, 0.001, 2.5)))
    assert np.allclose(path(s, *_columns(0.1, 0.2, decay, 0.001, 2.5))[2], none, rtol=1e-13, atol=0)


def test_almost_equal_weights_follow_the_logistic() -> None:
    s = np.geomspace(1e-3, 30, 100)
    for lam, decay in ((1.0, 0.2), (1.0, 1.0), (1.0, 7.0), (0.0, 0.5)):
        with np.errstate(invalid="ignore"):  # the arm not taken where lam = decay
            want = balanced.strength(s, *map(np.array, (lam, 0.5, decay, 0.3, 1.0)))
        got = path(*_columns(s, lam, 0.5, decay, np.nextafter(0.3, 1), 0.3))[2]
        assert np.allclose(got, want, rtol=2e-14)


# Learning times -------------------------------------------------------------------------------------------------


def test_learning_times_against_arb() -> None:
    errors = benchmark.time_errors(60, seed=8)
    assert errors.size >= 40
    assert errors.max() <= 1e-13


def test_the_first_passage_on_a_path_that_turns_back() -> None:
    mode = (1.0, 0.0, 2.0, 0.05, 2.0)  # rises from 0.1 to 0.27..., then falls to 0
    s = np.linspace(0, 5, 200_001)
    w = path(*_columns(s, *mode))[2]
    top = int(w.argmax())
    assert 0 < top < s.size - 1
    targets = np.array([0.1, 0.15, 0.9999 * w[top], 1.0001 * w[top], 0.05, 1e-3, 0.0, -1.0, np.inf, -np.inf])
    times = learning_time(*_columns(targets, *mode))
    for target, time in zip(targets[:3], times[:3], strict=True):
        first = s[np.flatnonzero(w >= target)[0]]
        assert first - s[1] <= time <= first
    for target, time in zip(targets[4:6], times[4:6], strict=True):
        first = s[np.flatnonzero(w <= target)[0]]
        assert first - s[1] <= time <= first
    assert np.isinf(times[[3, 6, 7, 8, 9]]).all()
    assert times[0] == 0.0


def test_learning_times_come_back() -> None:
    s, *mode = benchmark.points("opposite signs", 300, 9)
    mode[2] = np.minimum(mode[2], mode[0])
    s = np.minimum(s, 5 / mode[0])
    target = path(s, *mode)[2]
    time = learning_time(target, *mode)
    finite = np.isfinite(time)
    again = path(time[finite], *(x[finite] for x in mode))[2]
    assert finite.mean() > 0.95
    assert np.allclose(again, target[finite], rtol=1e-11, atol=1e-14)
    assert (time[finite] <= s[finite] * (1 + 1e-6) + 1e-9).mean() > 0.95  # later only where w is flat to rounding


def test_targets_never_reached() -> None:
    got = learning_time(*_columns([0.9, 0.8, 1.5, 0.01, -0.5], 1.0, 0.25, 0.1, 0.1, 0.3))
    limit = 0.9 / 1.25
    assert limit < 0.8
    assert np.isinf(got).all()
    falling = learning_time(*_columns([0.5, 0.0, -1.0, 3.5], 0.0, 1.0, 0.1, 1.0, 3.0))
    assert np.isfinite(falling[0])
    assert np.isinf(falling[1:]).all()


# Imports --------------------------------------------------------------------------------------------------------


def test_importing_it_imports_no_scipy() -> None:
    check = "import modeflow.evaluate.fading, sys; sys.exit('scipy' in sys.modules or 'sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
