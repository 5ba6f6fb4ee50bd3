"""The C evaluators: the source, what it computes, how it is built, and what happens without a compiler."""

from __future__ import annotations

import ctypes
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from sympy import Symbol, exp, sin, sqrt
from sympy.codegen.cfunctions import expm1, hypot

import modeflow
from modeflow.codegen import c
from modeflow.evaluate import native, quick
from modeflow.language.kernels import Kernel, Steps
from modeflow.language.primitives import binade, reciprocal

COMPILER = shutil.which(os.environ.get("CC", "cc"))
VERDICT = re.compile(r"(passed|FAILED) \S+ \S+\([^)]*\): \S+, error \S+ ulp \(expected \S+, allowed \d+ ulp\)")
compiled = pytest.mark.skipif(COMPILER is None, reason="no C compiler is installed")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("c")
    c.write(folder)
    return folder


def built_by(name: str, source: Path, *flags: str) -> Path:
    program = source / f"self-test-{name}"
    command = [name, "-std=c99", "-Wall", "-Wextra", "-Werror", "-DMODEFLOW_SELF_TEST", *flags]
    done = subprocess.run(
        [*command, str(source / "modeflow.c"), "-o", str(program), "-lm"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return program


# --- the source ---------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("name", ["gcc", "clang"])
def test_the_source_compiles_without_a_warning_and_passes_its_own_test(name: str, source: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([built_by(name, source, "-O2")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    *cases, total = done.stdout.splitlines()
    assert total == f"{len(cases)} passed, 0 failed, 0 not tested"
    assert all(VERDICT.fullmatch(case) for case in cases), done.stdout


@compiled
def test_the_self_test_asks_every_function_in_every_case(source: Path) -> None:
    said = subprocess.run([built_by("cc", source)], capture_output=True, text=True, check=True).stdout
    functions = re.findall(r"modeflow_(\w+)\(", (source / "modeflow.h").read_text())
    assert len(functions) == 28
    assert {line.split()[1] for line in said.splitlines()[:-1]} == set(functions)
    found = re.findall(r"passed balanced_strength_f64 w\(([^)]*)\)", said)
    rates = {np.sign(sigma * lam - gamma) for _, lam, _, gamma, _, sigma in (map(float, at.split(",")) for at in found)}
    assert rates == {-1, 0, 1}


@compiled
def test_a_case_without_a_value_is_not_passed(tmp_path: Path) -> None:
    """What is nowhere finite is not tested; a value that the code has wrong is told as such, and not as -nan."""
    x = Symbol("x", real=True)
    c.write(tmp_path, [Kernel("group_f", "Says.", (x,), (), (("v", 1 / (x**2 + 5)),), ())])
    text = (tmp_path / "modeflow.c").read_text()
    (tmp_path / "modeflow.c").write_text(text.replace("*v_out = ", "*v_out = 0*(float)INFINITY + "))
    done = subprocess.run([built_by("cc", tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("FAILED"), done.stdout.count("not a number")) == (1, 2, 2)
    c.write(tmp_path, [Kernel("group_f", "Says.", (x,), (), (("v", sqrt(-5 - x**2)),), ())])
    done = subprocess.run([built_by("cc", tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "0 passed, 0 failed, 1 not tested")


@pytest.mark.costly
@compiled
def test_the_source_is_clean_under_the_sanitisers(source: Path) -> None:
    flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    try:
        program = built_by("cc", source, *flags)
    except AssertionError as error:
        pytest.skip(f"the sanitisers are not installed: {error}"[:200])
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@compiled
def test_a_wrong_kernel_fails_the_self_test(source: Path, tmp_path: Path) -> None:
    text = (source / "modeflow.c").read_text()
    broken = text.replace("const float xi = ", "const float xi = 1.001f * ")
    assert broken != text
    (tmp_path / "modeflow.c").write_text(broken)
    shutil.copy(source / "modeflow.h", tmp_path)
    done = subprocess.run([built_by("cc", tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert failed
    assert all("_f32" in line and VERDICT.fullmatch(line) for line in failed), failed


def test_names_reach_the_source_only_through_the_whitelist() -> None:
    for name in ("x); import os", "int", "exp", "a b", "x;", "π"):
        steps = Steps()
        with pytest.raises(ValueError, match="cannot be a name"):
            c.sources([Kernel("group_f", "Says.", (Symbol(name),), tuple(steps.taken), (("y", Symbol(name)),), ())])


def test_what_c_cannot_print_is_refused() -> None:
    x = Symbol("x")
    with pytest.raises(ValueError, match="which no emitter prints"):
        c.sources([Kernel("group_f", "Says.", (x,), (), (("y", sin(x)),), ())])


@pytest.mark.costly
def test_a_changed_source_is_stale(source: Path, tmp_path: Path) -> None:
    for path in source.glob("modeflow.[ch]"):
        shutil.copy(path, tmp_path)
    assert c.stale(tmp_path) == []
    (tmp_path / "modeflow.c").write_text((tmp_path / "modeflow.c").read_text().replace("2.0*lam", "3.0*lam"))
    assert len(c.stale(tmp_path)) == 1


def test_the_shipped_source_is_current() -> None:
    assert c.stale(native.SOURCE) == []


@compiled
def test_the_elementary_functions_over_their_whole_range(tmp_path: Path) -> None:
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    outputs = (("grown", exp(x)), ("more", expm1(x)), ("far", hypot(x, y)), ("unit", reciprocal(binade(x, y))))
    c.write(tmp_path, [Kernel("group_f", "Says.", (x, y), (), outputs, ())])
    library = tmp_path / "f.so"
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", str(tmp_path / "modeflow.c"), "-o", str(library), "-lm"], check=True
    )
    function = ctypes.CDLL(str(library)).modeflow_group_f_f64
    function.argtypes, function.restype = [ctypes.c_double] * 2 + [ctypes.POINTER(ctypes.c_double)] * 3, None

    def computed(x: float, y: float = 0.0) -> list[float]:
        found = [ctypes.c_double() for _ in outputs]
        function(x, y, *map(ctypes.byref, found))
        return [value.value for value in found]

    rng = np.random.default_rng(0)
    ends = [-708.0, 709.43, 709.44, 709.6, 709.78]
    for value in [*rng.uniform(-708, 709.78, 2000), *(rng.normal(size=500) * 1e-3), 0.0, *ends]:
        grown, more, *_ = computed(value)
        assert abs(grown - math.exp(value)) <= 1.01 * 2.0**-52 * math.exp(value)
        assert abs(more - math.expm1(value)) <= 1.5 * 2.0**-52 * abs(math.expm1(value))
    for size in 10 ** rng.uniform(-300, 300, 500):
        other = size * rng.uniform(-3, 3)
        assert abs(computed(size, other)[2] - math.hypot(size, other)) <= 1.5 * 2.0**-52 * math.hypot(size, other)
        mantissa, exponent = math.frexp(computed(size, other)[3])
        assert mantissa == 0.5
        assert 1 <= max(size, abs(other)) * 2.0 ** (exponent - 1) < 2
    for size in (0.0, 1e-310, 1.7e308, math.inf):
        assert math.frexp(computed(-size, size)[3])[0] == 0.5
    assert computed(-710)[:2] == [0, -1]
    assert computed(-1e300)[:2] == [0, -1]
    assert computed(709.79)[:2] == computed(1e300)[:2] == [math.inf, math.inf]
    assert all(map(math.isnan, computed(math.nan)[:3]))
    assert computed(0, 0)[2] == 0
    assert computed(3e-320, 4e-320)[2] == pytest.approx(5e-320, rel=1e-3)
    assert computed(1e308, -1.5e308)[2] == math.inf


@compiled
@pytest.mark.parametrize("kind", ["f64", "f32"])
def test_exp_to_the_end_below_the_normal_numbers(kind: str, tmp_path: Path) -> None:
    wide: Any = {"f64": np.float64, "f32": np.float32}[kind]
    limits, real = np.finfo(wide), {"f64": ctypes.c_double, "f32": ctypes.c_float}[kind]
    c.write(tmp_path, [])
    name = {"f64": "double", "f32": "float"}[kind]
    asking = f'#include "modeflow.c"\n{name} asked({name} x) {{ return exp_to_the_end_{kind}(x); }}\n'
    (tmp_path / "asked.c").write_text(asking, encoding="utf-8")
    library = tmp_path / "asked.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", str(tmp_path / "asked.c"), "-o", str(library), "-lm"], check=True)
    function = ctypes.CDLL(str(library)).asked
    function.argtypes, function.restype = [real], real
    least = float(limits.smallest_subnormal)
    end = math.log(least) - math.log(2)  # below it exp is nearer to 0
    for x in [*np.random.default_rng(0).uniform(end - 1, 0, 2000), 0.0, math.log(limits.tiny), end + 1e-3, end - 1e-3]:
        given = wide(x)
        with mpmath.workdps(40):
            exact = mpmath.exp(mpmath.mpf(float(given)))
            assert abs(function(given) - exact) <= float(limits.eps) * 1.01 * exact + least * 0.51
    assert function(end + 0.5) == least
    assert function(-1e30) == 0
    assert math.isnan(function(math.nan))


@compiled
@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ((32084.024589515324, 0.01136860544, 0.004827682201934, 0.000251941626849, -0.001336153936256), "t"),
        ((288662.2510776588, 0.0012306792056968072, 5.936927083932542e-06, 0.0, 3.870279029394991), "lam"),
    ],
)  # fmt: skip
def test_slopes_whose_exponential_is_no_normal_number(mode: tuple[float, ...], name: str) -> None:
    t, lam, noise, decay, w = mode
    other = -w if name == "lam" else w
    found, wanted = (
        modeflow.strength_grad(t, lam, noise=noise, decay=decay, w1=w, w2=other, wrt=[name], backend=backend)[name]
        for backend in ("native", "numpy")
    )
    assert wanted != 0
    assert found == pytest.approx(wanted, rel=1e-12)


# --- what it computes ---------------------------------------------------------------------------------------

N = 3000


def drawn(seed: int, shape: tuple[int, ...] = (N,)) -> dict[str, Any]:
    """Modes of every kind that has an elementary form: both signs, equal sizes, zeros, with and without noise."""
    rng = np.random.default_rng(seed)
    w1 = rng.choice([-1, 1], shape) * 10 ** rng.uniform(-4, 0.3, shape)
    w2 = np.where(rng.random(shape) < 0.4, rng.choice([-1, 1], shape) * w1, 10 ** rng.uniform(-4, 0.3, shape))
    zero = rng.random(shape) < 0.05
    return {
        "t": 10 ** rng.uniform(-4, 3, shape),
        "lam": np.where(rng.random(shape) < 0.1, 0, 10 ** rng.uniform(-3, 1, shape)),
        "noise": np.where(rng.random(shape) < 0.3, 0, 10 ** rng.uniform(-3, 1, shape)),
        "decay": np.where(np.abs(w1) == np.abs(w2), rng.choice([0, 0.1, 2.0], shape), 0) * ~zero,
        "w1": np.where(zero, 0, w1),
        "w2": w2,
        "tau": rng.choice([0.5, 1, 7], shape),
    }


def as_tuple(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)


def conditioned_bound(name: str, given: dict[str, Any], values: Any) -> Any:
    """How far rounding the inputs may move each value, by differences of the NumPy path, with room for both."""
    moved: Any = 0.0
    for argument, x in given.items():
        other = as_tuple(getattr(modeflow, name)(**{**given, argument: x * (1 + 1e-7)}, backend="numpy"))
        moved = moved + np.stack([np.abs(o - v) for o, v in zip(other, values, strict=True)]) / 1e-7
    return 16 * 2.0**-52 * (moved + np.abs(np.stack(values))) + 1e-300


@compiled
@pytest.mark.parametrize("name", ["strength", "weights", "loss"])
def test_it_agrees_with_numpy_where_both_are_conditioned(name: str) -> None:
    given = drawn(1)
    given["decay"] = np.where(np.abs(given["w1"]) == np.abs(given["w2"]), given["decay"], 0)
    expected = as_tuple(getattr(modeflow, name)(**given, backend="numpy"))
    found = native.evaluate(name, len(expected), {k: np.asarray(v, float) for k, v in given.items()})
    assert found is not None
    difference = np.abs(np.stack(found) - np.stack(expected))
    assert np.all(difference <= conditioned_bound(name, given, expected))
    assert np.any(difference > 0) or name == "loss"  # two computations, not one


@compiled
@pytest.mark.parametrize("shape", [(), (1,), (5, 1, 7), (3, 4, 5, 6), (2000, 3), (0,), (4, 0)])
def test_every_shape_and_stride_is_the_flat_result(shape: tuple[int, ...]) -> None:
    given = {k: np.asarray(v, float) for k, v in drawn(2, shape).items()}
    flat = {k: np.ascontiguousarray(v).ravel() for k, v in given.items()}
    (expected,) = native.evaluate("strength", 1, flat) or ()
    strided = {k: v.copy(order="F") for k, v in given.items()}
    reversed_twice = {k: np.repeat(v[..., None], 2, -1)[..., ::-1][..., 1] if v.ndim else v for k, v in given.items()}
    for layout in (given, strided, reversed_twice):
        for threads in (1, 3):
            (found,) = native.evaluate("strength", 1, layout, threads) or ()
            assert found.shape == shape
            np.testing.assert_allclose(found.ravel(), expected, rtol=1e-13)


@compiled
def test_a_grid_of_modes_and_times_is_its_points() -> None:
    given: dict[str, Any] = {k: np.asarray(v, float) for k, v in drawn(3, (40, 1)).items()}
    given["t"] = np.linspace(0, 30, 2500)
    grid: Any
    points: Any
    (grid,) = native.evaluate("strength", 1, given) or ()
    full = {k: np.ascontiguousarray(np.broadcast_to(v, grid.shape)) for k, v in given.items()}
    (points,) = native.evaluate("strength", 1, full) or ()
    bound = conditioned_bound("strength", full, (points,))
    assert np.all(np.abs(grid - points) <= bound)
    assert np.all(np.abs(grid - modeflow.strength(**given, backend="numpy")) <= bound)
    assert np.any(grid != points)  # two computations, not one


@compiled
@pytest.mark.parametrize("shape", [(400, 1), (3, 1)])
def test_threads_change_nothing(shape: tuple[int, int]) -> None:
    """Also where the times of a mode are shared out, which are computed many at a time."""
    times = 500_000 // shape[0]
    given = drawn(4, shape) | {"t": np.linspace(0, 9, times), "decay": 0.0}
    one = modeflow.strength(**given, backend="native", threads=1)
    assert one.tobytes() == modeflow.strength(**given, backend="native", threads=3).tobytes()


def in_rows(t: np.ndarray[Any, Any], **mode: Any) -> np.ndarray[Any, Any]:
    """Which times of a mode are computed in rows: they give other last digits than in an order that has no rows."""
    found = modeflow.strength(t, **mode, backend="native")
    order = np.random.default_rng(0).permutation(len(t))
    alone = np.empty_like(t)
    alone[order] = modeflow.strength(t[order], **mode, backend="native")
    np.testing.assert_allclose(found, alone, rtol=1e-12)
    differs: np.ndarray[Any, Any] = found != alone
    return differs


EVEN = np.linspace(0, 9, 2000)
UNEVEN = {
    "falling": EVEN[::-1],
    "geometric": np.geomspace(0.1, 9, 2000),
    "two spacings": np.concatenate([EVEN[:700], EVEN[700] + 2 * EVEN[:1300]]),
    "jittered": EVEN * (1 + 1e-10 * np.sin(np.arange(2000))),
    "a limit": np.where(np.arange(2000) == 700, np.inf, EVEN),
}


@compiled
def test_evenly_spaced_times_are_computed_in_rows() -> None:
    mode = {"lam": 1.3, "noise": 0.2, "w1": 0.01, "w2": 0.2}
    assert in_rows(EVEN, **mode).any()
    assert in_rows(3 + EVEN, **mode).any()
    slow = mode | {"tau": 100.0}
    assert in_rows(np.arange(300.0), **slow)[:256].any()
    assert not in_rows(np.arange(300.0), **slow)[256:].any()  # what is left of them
    assert not in_rows(np.arange(255.0), **slow).any()  # too few


@compiled
@pytest.mark.parametrize("kind", UNEVEN)
def test_other_times_are_computed_each_by_itself(kind: str) -> None:
    assert not in_rows(UNEVEN[kind], lam=1.3, noise=0.2, w1=0.01, w2=0.2).any()


@compiled
def test_modes_whose_divisors_have_no_product_are_computed_time_by_time() -> None:
    t = np.linspace(0, 700, 1000)
    mode: dict[str, Any] = {"lam": 1.0, "noise": 0.5, "w1": 1e-90, "w2": 2e-90}
    assert not in_rows(t, **mode).any()
    found = modeflow.strength(t, **mode, backend="native")
    np.testing.assert_allclose(found, modeflow.strength(t, **mode, backend="numpy"), rtol=1e-12)


@compiled
def test_single_precision_is_computed_in_single_precision() -> None:
    given: dict[str, Any] = {k: np.asarray(v, np.float32) for k, v in drawn(5).items()}
    given["decay"] = given["decay"] * 0
    found = modeflow.strength(**given, backend="native")
    assert found.dtype == np.float32
    wide: dict[str, Any] = {k: v.astype(float) for k, v in given.items()}
    exact = modeflow.strength(**wide, backend="numpy")
    np.testing.assert_allclose(found, exact, rtol=2e-4, atol=1e-7)


@compiled
@pytest.mark.parametrize("last", [0.03, 3.0, 300.0, 1e5])
def test_unequal_weights_under_decay_agree_with_numpy(last: float) -> None:
    """Modes of many times, of which some go by anchors, some by long chains of them, and most end in the tail."""
    rng = np.random.default_rng(11)
    lam, decay = 10.0 ** rng.uniform(-2, 1, (2, 40, 1))
    w1, w2 = 10.0 ** rng.uniform(-4, 0.5, (2, 40, 1)) * rng.choice([-1, 1], (2, 40, 1))
    given: dict[str, Any] = {"noise": 0.3, "decay": decay, "w1": w1, "w2": w2}
    times = np.concatenate([[0.0], np.geomspace(1e-3, 1, 500) * last])
    for t in (times, rng.permutation(times)):
        by_numpy = modeflow.weights(t, lam, **given, backend="numpy")
        by_c = modeflow.weights(t, lam, **given, backend="native")
        larger = np.maximum(*np.abs(by_numpy)) + 1e-290
        for one, other in zip(by_numpy, by_c, strict=True):
            assert (np.abs(other - one) <= 1e-12 * larger).all()
            assert np.median(np.abs(other - one) / (np.abs(one) + 1e-290)) < 1e-14


@compiled
def test_unequal_weights_under_decay_keep_nan_and_the_start() -> None:
    t = np.linspace(0, 5, 600)
    t[7] = np.nan
    w = modeflow.strength(t, 1.0, decay=0.2, w1=0.1, w2=0.4, backend="native")
    assert np.isnan(w[7])
    assert np.isnan(w).sum() == 1
    assert w[0] == 0.1 * 0.4


@compiled
def test_what_needs_a_closer_look_goes_to_numpy() -> None:
    whole: dict[str, Any] = {"lam": 1.0, "w1": 0.1, "w2": 0.2, "backend": "native"}
    t = np.linspace(0, 5, 5000)
    with_nan = t.copy()
    with_nan[7] = np.nan
    assert np.isnan(modeflow.strength(with_nan, **whole)[7])
    under_decay = modeflow.strength(t, **whole, decay=0.3)
    by_numpy = modeflow.strength(t, **{**whole, "backend": "numpy"}, decay=0.3)
    assert np.allclose(under_decay, by_numpy, rtol=1e-14, atol=0)  # C too, but by another function
    with pytest.raises(ValueError, match=r"t\[3\] = -1\.0"):
        modeflow.strength(np.where(t == t[3], -1, t), **whole)
    with pytest.raises(ValueError, match=r"noise = -0\.1"):
        modeflow.strength(t, **whole, noise=-0.1)
    with pytest.raises(FloatingPointError, match="overflows"):
        modeflow.strength(t, 1.0, w1=1e200, w2=1e190, backend="native")
    limit = modeflow.strength(np.full(5000, np.inf), **whole, noise=1.0)
    assert np.all(limit == 0.5)


# --- building -----------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty cache and a package that has not looked for a compiler yet, and builds in a hurry."""
    monkeypatch.setattr(native, "FLAGS", ("-std=c99", "-O0", "-fPIC", "-shared"))
    monkeypatch.setattr(native, "TUNING", ((),))
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(quick, "_functions", {})
    for cached in (native.library, native._say, native._is_kept):
        cached.cache_clear()
    yield tmp_path
    for cached in (native.library, native._say, native._is_kept):
        cached.cache_clear()


def test_without_a_compiler_numpy_answers_and_says_so_once(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    t = np.linspace(0, 5, 5000)
    with pytest.warns(RuntimeWarning, match="no C compiler 'no-such-compiler' was found; install one"):
        modeflow.strength(t, 1.0, w1=0.1, w2=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = modeflow.strength(t, 1.0, w1=0.1, w2=0.2)
    assert np.array_equal(again, modeflow.strength(t, 1.0, w1=0.1, w2=0.2, backend="numpy"))
    with pytest.raises(native.NoCompiler, match="no-such-compiler"):
        modeflow.strength(t, 1.0, w1=0.1, w2=0.2, backend="native")


def test_a_compiler_that_fails_is_reported(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = fresh / "broken-cc"
    broken.write_text("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho 'the disk is on fire' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    with pytest.raises(native.NoCompiler, match="the disk is on fire"):
        native.library()
    assert not list(fresh.rglob("*.so"))


def test_small_arrays_and_strange_backends(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    modeflow.strength(np.linspace(0, 5, 100), 1.0, w1=0.1, w2=0.2)  # not worth a compiler, so no warning
    wrong: Any
    for wrong in ("gpu", None):
        with pytest.raises(ValueError, match="choose one of 'auto', 'native', 'numpy'"):
            modeflow.strength(1.0, 1.0, w1=0.1, w2=0.2, backend=wrong)
    for wrong in (0, 1.5, True):
        with pytest.raises(ValueError, match="give a whole number >= 1"):
            modeflow.strength(1.0, 1.0, w1=0.1, w2=0.2, threads=wrong)


@pytest.mark.slow
@compiled
def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    code = (
        "import numpy as np, modeflow;"
        "print(float(modeflow.strength(np.linspace(0, 9, 5000), 1.0, w1=0.1, w2=0.2, backend='native')[-1]))"
    )
    environment = {**os.environ, "MODEFLOW_CACHE_DIR": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate()[0] for process in running}
    assert {process.returncode for process in running} == {0}
    assert len(answers) == 1
    assert len(list(tmp_path.rglob("*.so"))) == 1
    assert len(list((tmp_path / "native").iterdir())) == 1


def compiler(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a compiler of that script, which knows its version, into CC."""
    path = folder / "some-cc"
    path.write_bytes(b'#!/bin/sh\n[ "$1" = --version ] && echo 1 && exit 0\n' + script.encode("latin-1") + b"\n")
    path.chmod(0o755)
    monkeypatch.setenv("CC", str(path))


FAILING = {
    "an open quote": (None, 'CC="gcc \'": No closing quotation; set CC to a command'),
    "bytes that are not UTF-8": ("printf 'caf\\351 \\033[31m' >&2; exit 1", "caf� ?[31m"),
    "no library": ("exit 0", "No such file"),
    "a library that is none": ('while [ "$1" != -o ]; do shift; done; echo text > "$2"', "could not build"),
    "a library without the functions": (
        'while [ "$1" != -o ]; do shift; done; echo "int x;" | cc -shared -fPIC -xc - -o "$2"',
        "undefined symbol: modeflow_strength_f64",
    ),
    "no end": ("while :; do :; done & while :; do :; done", "it did not end within 0.2 s"),
    "no end of words": ("yes", "could not build"),
    "a question": ("read answer; exit 1", "could not build"),
}


@pytest.mark.skipif(os.name != "posix", reason="the compilers are shell scripts")
@pytest.mark.parametrize("kind", FAILING)
def test_with_a_compiler_that_fails_numpy_answers_and_says_so_in_one_line(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    script, says = FAILING[kind]
    if script is None:
        monkeypatch.setenv("CC", "gcc '")
    else:
        compiler(fresh, script, monkeypatch)
    if "functions" in kind and COMPILER is None:
        pytest.skip("no C compiler is installed")
    monkeypatch.setattr(native, "BUILD_LIMIT", 0.2 if kind == "no end" else 20.0)
    with pytest.warns(RuntimeWarning, match="evaluating with NumPy") as warned:
        found = modeflow.strength(np.linspace(0, 5, 5000), 1.0, w1=0.1, w2=0.2)
    assert np.array_equal(found, modeflow.strength(np.linspace(0, 5, 5000), 1.0, w1=0.1, w2=0.2, backend="numpy"))
    (warning,) = warned
    assert says in str(warning.message)
    assert str(warning.message).isprintable()
    assert not [path for path in (fresh / "native").glob("**/*") if path.suffix == ".tmp"]


@pytest.mark.costly
@compiled
@pytest.mark.parametrize("damage", ["emptied", "halved", "one bit", "another"])
def test_a_damaged_library_is_built_again_and_never_loaded(fresh: Path, damage: str) -> None:
    native.library()
    (path,) = (fresh / "native").glob("*.so")
    whole = path.read_bytes()
    half = whole[: len(whole) // 2]
    spoilt = {"emptied": b"", "halved": half, "one bit": half + bytes([whole[len(half)] ^ 1]) + whole[len(half) + 1 :]}
    path.unlink()  # the one that this process has loaded stays as it is
    path.write_bytes(spoilt.get(damage, b"\x7fELF of somebody else"))
    native.library.cache_clear()
    loaded: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "_loaded", loaded.append)
        native.library()
    assert hashlib.sha256(loaded[0].read_bytes()).hexdigest() in loaded[0].name
    assert loaded[0].read_bytes() == whole
    native.library.cache_clear()
    path.unlink()
    path.write_bytes(half)
    with pytest.MonkeyPatch.context() as patch:  # without the check it would be loaded
        patch.setattr(native, "_loaded", loaded.append)
        patch.setattr(native, "_is_whole", lambda path: True)
        native.library()
    assert loaded[1].read_bytes() == half


@compiled
@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("kind", ["a link", "open to all", "of another user"])
def test_a_folder_that_others_may_fill_is_not_used(fresh: Path, tmp_path: Path, kind: str) -> None:
    folder = fresh / "native"
    (tmp_path / "other").mkdir()
    if kind == "a link":
        folder.symlink_to(tmp_path / "other")
    else:
        folder.mkdir()
    if kind == "open to all":
        folder.chmod(0o777)
    if kind == "of another user":
        if os.geteuid() != 0:
            pytest.skip("only root makes folders of other users")
        os.chown(folder, 12345, 12345)
    with pytest.raises(native.NoCompiler, match=r"native: (is a link|may be written|belongs to another)"):
        native.library()
    assert not list(folder.iterdir())


@compiled
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root makes files of other users")
def test_a_library_of_another_user_or_a_link_is_not_loaded(fresh: Path) -> None:
    native.library()
    (path,) = (fresh / "native").glob("*.so")
    os.chown(path, 12345, 12345)
    assert not native._is_whole(path)
    os.chown(path, 0, 0)
    assert native._is_whole(path)
    moved = path.rename(path.with_name("elsewhere"))
    path.symlink_to(moved)
    assert not native._is_whole(path)


def test_on_a_machine_without_a_compiler_numpy_answers_without_a_word(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(fresh))
    t = np.linspace(0, 5, 5000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = modeflow.strength(t, 1.0, w1=0.1, w2=0.2)
    assert np.array_equal(found, modeflow.strength(t, 1.0, w1=0.1, w2=0.2, backend="numpy"))
    with pytest.raises(native.NoCompiler, match="no C compiler was found; install one"):
        modeflow.strength(t, 1.0, w1=0.1, w2=0.2, backend="native")
