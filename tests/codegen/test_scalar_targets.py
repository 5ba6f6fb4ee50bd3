"""The Fortran and Julia targets: what is written runs and agrees with NumPy; names cannot carry code."""

import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Eq, Max, Min, Ne, Piecewise, Rational, Symbol, exp, log, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

import modeflow
from modeflow.cli.program import main
from modeflow.codegen import fortran, julia
from modeflow.codegen.scalar_targets import members
from modeflow.evaluate.generated import balanced, direct, gradient, pairs
from modeflow.language.kernels import Kernel
from modeflow.language.primitives import binade, expm2, fade2, fade3, fade4, reciprocal

x, y = Symbol("x", real=True), Symbol("y", real=True)
ULPS = {"direct": 4, "balanced": 4, "gradient": 8, "pairs": 0}  # as docs/javascript.md says for that target
TARGETS = {"fortran": fortran, "julia": julia}
KERNELS = members(None)


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest) -> ModuleType:
    return TARGETS[request.param]


def evaluate(target: ModuleType, folder: Path, kernels: list[Kernel], columns: dict[str, list[Any]]) -> dict[str, Any]:
    """The outputs of each kernel, one row for each point; a test skipped with a reason where nothing can run them."""
    target.write(folder, kernels)
    for name, given in columns.items():
        np.savetxt(folder / f"{name}.txt", np.stack(given, axis=-1), fmt="%.17e")
    (_run_fortran if target is fortran else _run_julia)(folder, kernels, columns)
    return {k.name: np.loadtxt(folder / f"{k.name}.out", ndmin=2) for k in kernels}


def _run_fortran(folder: Path, kernels: list[Kernel], columns: dict[str, list[Any]]) -> None:
    if not shutil.which("gfortran"):
        pytest.skip("needs gfortran, which is not here")
    lines = ["program points", "use modeflow", "implicit none"]
    for kernel in kernels:
        n, inputs, outputs = len(columns[kernel.name][0]), len(kernel.inputs), len(kernel.outputs)
        lines.append(f"double precision :: i_{kernel.name}({inputs}, {n}), o_{kernel.name}({outputs}, {n})")
    for kernel in kernels:
        name = kernel.name
        given = [f"i_{name}({k}, :)" for k in range(1, len(kernel.inputs) + 1)]
        given += [f"o_{name}({k}, :)" for k in range(1, len(kernel.outputs) + 1)]
        lines += [f'open(10, file="{name}.txt")', f"read(10, *) i_{name}", "close(10)"]
        passed, form = ", &\n    & ".join(given), f'"({len(kernel.outputs)}es26.17e3)"'
        lines += [f"call {name}({passed})", f'open(10, file="{name}.out")', f"write(10, {form}) o_{name}", "close(10)"]
    (folder / "points.f90").write_text("\n".join([*lines, "end program", ""]))
    lawful = ["-Wno-compare-reals", "-Wno-unused-function", "-Wno-unused-dummy-argument"]
    strict = ["-std=f2008", "-Wall", "-Wextra", "-Werror", *lawful]
    subprocess.run(["gfortran", *strict, "-O2", "-c", "modeflow.f90"], cwd=folder, check=True, timeout=120)
    subprocess.run(["gfortran", "points.f90", "modeflow.o", "-o", "points"], cwd=folder, check=True, timeout=120)
    subprocess.run(["./points"], cwd=folder, check=True, timeout=60)


def _run_julia(folder: Path, kernels: list[Kernel], columns: dict[str, list[Any]]) -> None:
    if not shutil.which("julia"):
        pytest.skip("needs julia, which is not here")
    lines = ['include("Modeflow.jl")', "using .Modeflow", "using DelimitedFiles"]
    for kernel in kernels:
        lines += [
            f'rows = eachrow(readdlm("{kernel.name}.txt"))',
            f'text = join([join({kernel.name}(row...), " ") for row in rows], "\\n")',
            f'write("{kernel.name}.out", text)',
        ]
    (folder / "points.jl").write_text("\n".join(lines))
    subprocess.run(["julia", "points.jl"], cwd=folder, check=True, timeout=300)


def points(kernel: Kernel, n: int = 1000) -> list[Any]:
    """Points over decades: modes that start below half of their fixed point, where no small difference is magnified."""
    rng = np.random.default_rng(11)
    lam, eps = (10.0 ** rng.uniform(-3, 3, n) * (rng.random(n) > 0.1) for _ in range(2))
    gamma, sigma = 10.0 ** rng.uniform(-3, 3, n) * (rng.random(n) > 0.3), rng.choice([-1.0, 1.0], n)
    drive = np.abs(sigma * lam - gamma) if "balanced" in kernel.name else lam
    half = np.where(drive > 0, 0.5 * np.minimum(drive / np.maximum(lam + eps, 1e-300), 1), 0.5)
    size = np.sqrt(half * 10.0 ** rng.uniform(-4, 0, n))
    at = {"s": 10.0 ** rng.uniform(-4, 2, n), "lam": lam, "eps": eps, "gamma": gamma, "sigma": sigma}
    at |= {"r": size, "b": size, "a": size * rng.uniform(0, 1, n)}
    at["x"] = (sigma if "balanced" in kernel.name else 1) * half * rng.uniform(1, 1.9, n)
    at |= {name: rng.normal(size=n) for name in ("w1", "w2", "small", "large")}
    return [at[symbol.name] for symbol in kernel.inputs]


def test_every_kernel_agrees_with_numpy(target: ModuleType, tmp_path: Path) -> None:
    columns = {kernel.name: points(kernel) for kernel in KERNELS}
    found = evaluate(target, tmp_path, KERNELS, columns)
    for kernel in KERNELS:
        group, _, name = kernel.name.partition("_")
        with np.errstate(all="ignore"):
            module = {"direct": direct, "balanced": balanced, "gradient": gradient, "pairs": pairs}[group]
            values = getattr(module, name)(*columns[kernel.name])
        expected = np.stack(values if isinstance(values, tuple) else (values,), axis=-1)
        finite = np.isfinite(expected)
        assert finite.mean() > 0.4
        assert np.array_equal(finite, np.isfinite(found[kernel.name])), kernel.name
        scale = np.maximum(np.abs(expected[finite]), 1e-290) * 2.0**-52
        assert np.max(np.abs(found[kernel.name][finite] - expected[finite]) / scale) <= ULPS[group], kernel.name


def test_whole_paths_agree_with_the_evaluators(target: ModuleType, tmp_path: Path) -> None:
    """Modes of every regime; NaN where weights of different size decay. A test skips where nothing can run them."""
    rng = np.random.default_rng(5)
    n = 400
    w1, kind = rng.normal(size=n), rng.integers(5, size=n)
    w2 = np.choose(kind, [rng.normal(size=n), w1, -w1, 0 * w1, rng.normal(size=n)])
    w1 = np.where(rng.random(n) < 0.05, 0.0, w1)
    decay = np.where((kind == 1) | (kind == 2) | (kind == 4), rng.random(n), 0.0)
    rows = [rng.exponential(3, n), rng.exponential(1, n), rng.random(n), decay, w1, w2, np.full(n, 1.7)]
    outputs = {"strength": ["w"], "weights": ["first", "second"], "loss": ["loss"]}
    inputs = tuple(Symbol(name, real=True) for name in ("t", "lam", "noise", "decay", "w1", "w2", "tau"))
    whole = [Kernel(p, "Says.", inputs, (), tuple((o, inputs[0]) for o in of), ()) for p, of in outputs.items()]
    target.write(tmp_path)
    for kernel in whole:
        np.savetxt(tmp_path / f"{kernel.name}.txt", np.stack(rows, axis=-1), fmt="%.17e")
    (_run_fortran if target is fortran else _run_julia)(tmp_path, whole, {k.name: rows for k in whole})
    lost = (np.abs(w1) != np.abs(w2)) & (decay > 0)
    assert 10 < lost.sum() < n / 2
    t, lam, noise, _, _, _, tau = rows
    at: dict[str, Any] = {"noise": noise, "decay": np.where(lost, 0, decay), "w1": w1, "w2": w2, "tau": tau}
    for kernel in whole:
        values = getattr(modeflow, kernel.name)(t, lam, **at, backend="numpy")
        expected = np.stack(values if isinstance(values, tuple) else (values,), axis=-1)
        found = np.loadtxt(tmp_path / f"{kernel.name}.out", ndmin=2)
        assert np.isnan(found[lost]).all(), kernel.name
        np.testing.assert_allclose(found[~lost], expected[~lost], rtol=1e-11, atol=1e-13)


EXPRESSIONS = [
    x + y, x - y, -x - y, x * y / (x + y), (x + y) ** 2, (x + y) ** -2, x**3, -(x**2), sqrt(x + y) / x, 1 / sqrt(x),
    Rational(1, 3) * x, Rational(-3, 4) * x, exp(-x) * log(y), expm1(x) + log1p(y), hypot(x, y), Abs(x - y),
    Max(x, y, 1), Min(x, y, 1), Piecewise((x, x > y), (y, Eq(x, 1)), (x * y, True)), x ** Rational(3, 2), x - 2 * y,
    Piecewise((x, Ne(x, y)), (1, True)), (x - y) * (x - (y - x)), x * (-y) - 3, (x * y) ** 2 / (x / y),
    x ** Rational(-3, 2), x / (y * (x + 1)), x / y / (x + 1), (x**2) ** 2, -x * (y - x), Max(-x, -y), Min(x - y, 2 * x),
    x * reciprocal(binade(x, y)) * binade(x, y), x / reciprocal(binade(x, y)) / binade(x, y),
    expm2(x / 8) + expm2(-y), fade2(x / 4) + fade2(y), fade3(x / 4) + fade3(y), fade4(x / 4) + fade4(y),
]  # fmt: skip


def test_expressions_mean_what_they_mean(target: ModuleType, tmp_path: Path) -> None:
    kernels = [Kernel(f"g_f{i}", "An expression.", (x, y), (), (("v", e),), ()) for i, e in enumerate(EXPRESSIONS)]
    values = [(0.75, 1.5), (1.0, 2.5), (2.0, 2.0), (3.25, 0.125)]
    found = evaluate(target, tmp_path, kernels, {k.name: list(np.array(values).T) for k in kernels})
    for kernel in kernels:
        for (one, other), value in zip(values, found[kernel.name][:, 0], strict=True):
            exact = kernel.expanded()[0][1].subs({x: Rational(one), y: Rational(other)}).evalf(30)
            assert value == pytest.approx(float(exact), rel=1e-14), (kernel.outputs, one, other)


def test_names_that_a_language_does_not_tell_apart_or_has_taken(target: ModuleType, tmp_path: Path) -> None:
    """A next to a, `end` and `exp` as steps, and a long line: all lawful in a kernel."""
    upper, end, other = (Symbol(n, real=True) for n in ("X", "end", "exp"))
    steps = ((upper, 2 * x), (end, upper + x), (other, end * sum(x**n * y for n in range(1, 40))))
    kernel = Kernel("some_kernel", "Names.", (x, y), steps, (("v", upper + end + other),), ("some.claim",))
    found = evaluate(target, tmp_path, [kernel], {"some_kernel": [np.array([0.5]), np.array([0.25])]})
    assert found["some_kernel"][0, 0] == pytest.approx(1 + 1.5 + 1.5 * 0.25 * (1 - 0.5**39), rel=1e-14)


def _kernel(name: str = "g_f", symbol: str = "x", output: str = "v", says: str = "Says.", e: Any = 1) -> Kernel:
    s = Symbol(symbol, real=True)
    return Kernel(name, says, (s,), (), ((output, s + e),), ("some.claim",))


@pytest.mark.parametrize("name", ["x); stop", "a-b", "λ", "import", "1x"])
def test_names_are_whitelisted(name: str, target: ModuleType) -> None:
    with pytest.raises(ValueError, match="cannot be a name"):
        target.sources([_kernel(symbol=name)])
    with pytest.raises(ValueError, match="cannot be a name"):
        target.sources([_kernel(output=name)])


def test_inputs_with_a_meaning_are_refused() -> None:
    with pytest.raises(ValueError, match="'Merge' cannot be a name in generated Fortran"):
        fortran.sources([_kernel(symbol="Merge")])
    with pytest.raises(ValueError, match="'end' cannot be a name in generated Julia"):
        julia.sources([_kernel(symbol="end")])
    with pytest.raises(ValueError, match="Fortran does not tell g_f, x, X apart"):
        fortran.sources([_kernel(output="X")])
    assert "return X" in julia.sources([_kernel(output="X")])["Modeflow.jl"]


def test_text_cannot_leave_its_comment(target: ModuleType) -> None:
    (text,) = target.sources([_kernel(says='Says.""" $(run(`ls`))\ncall system("ls")')]).values()
    assert "\ncall" not in text
    assert '"""  ' not in text
    assert "$" not in text or target is fortran
    assert text.count('"""') == (2 if target is julia else text.count('"""'))


@pytest.mark.parametrize("name", TARGETS)
def test_the_command(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--target", name]) == 2
    assert "add -o DIR" in capsys.readouterr().err
    assert main(["generate", "--target", name, "-o", str(tmp_path)]) == 0
    assert main(["generate", "--target", name, "-o", str(tmp_path), "--check"]) == 0
    (file,) = tmp_path.iterdir()
    text = file.read_text()
    for kernel in KERNELS:
        assert f"{kernel.operations()} operations." in text
        assert all(re.search(rf"\b{re.escape(claim)}\b", text) for claim in kernel.claims)
    assert max(map(len, text.splitlines())) <= 132 or name == "julia"
    file.write_text(text.replace("expm1(x)", "exp(x) - 1", 1))
    assert main(["generate", "--target", name, "-o", str(tmp_path), "--check"]) == 1
