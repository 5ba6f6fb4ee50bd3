"""The JavaScript target: its modules run in node and agree with the Python target; names cannot carry code."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference_values import conditioned, path
from sympy import Abs, Eq, Max, Min, Ne, Piecewise, Rational, Symbol, exp, log, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

import modeflow
from modeflow.cli.program import main
from modeflow.codegen.javascript import generated_sources, stale, write
from modeflow.codegen.numpy import shipped_kernels
from modeflow.evaluate.generated import balanced, direct, gradient, pairs
from modeflow.language.kernels import Kernel
from modeflow.language.primitives import binade, expm2, fade2, fade3, reciprocal

x, y = Symbol("x", real=True), Symbol("y", real=True)
MODULES: dict[str, Any] = {"balanced": balanced, "direct": direct, "gradient": gradient, "pairs": pairs}
ULPS = 4
ULPS_OF_SLOPES = 8  # over a hundred operations, against half of that; the target that they have in NumPy as well
UNIT = 2.0**-52


def node(folder: Path, script: str, data: Any = None) -> Any:
    """What the script, run beside the modules, writes as JSON; it finds the data in `data`."""
    if shutil.which("node") is None:
        pytest.skip("needs node, which is not here")
    (folder / "data.json").write_text(json.dumps(data))
    read = 'import { readFileSync } from "node:fs";\nconst data = JSON.parse(readFileSync("data.json", "utf8"));\n'
    (folder / "run.mjs").write_text(read + script)
    done = subprocess.run(["node", "run.mjs"], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("javascript")
    write(where)
    return where


def _inputs(kernel: Kernel, n: int) -> list[Any]:
    """Points over decades, by the names of the kernel's inputs: modes that start below half of their fixed point.

    There nothing is a small difference, so that the last bit of an exponential is not magnified.
    """
    rng = np.random.default_rng(7)
    lam, eps = (10.0 ** rng.uniform(-3, 3, n) * (rng.random(n) > 0.1) for _ in range(2))
    gamma, sigma = 10.0 ** rng.uniform(-3, 3, n) * (rng.random(n) > 0.3), rng.choice([-1.0, 1.0], n)
    drive = np.abs(sigma * lam - gamma) if "sigma" in {x.name for x in kernel.inputs} else lam
    half = np.where(drive > 0, 0.5 * np.minimum(drive / np.maximum(lam + eps, 1e-300), 1), 0.5)
    size = np.sqrt(half * 10.0 ** rng.uniform(-4, 0, n))
    drawn = {"s": 10.0 ** rng.uniform(-4, 2, n), "lam": lam, "eps": eps, "gamma": gamma, "sigma": sigma}
    drawn |= {"r": size, "b": size, "a": size * rng.uniform(0, 1, n)}
    drawn["x"] = drawn.get("sigma", 1) * half * rng.uniform(1, 1.9, n)
    drawn |= {name: rng.normal(size=n) for name in ("w1", "w2", "small", "large")}
    return [drawn[symbol.name] for symbol in kernel.inputs]


@pytest.mark.parametrize("kernel", shipped_kernels(), ids=lambda kernel: kernel.name)
def test_every_kernel_agrees_with_numpy(kernel: Kernel, folder: Path) -> None:
    group, _, name = kernel.name.partition("_")
    columns = _inputs(kernel, 2000)
    with np.errstate(all="ignore"):
        found = getattr(MODULES[group], name)(*columns)
    expected = np.stack(found if isinstance(found, tuple) else (found,), axis=-1)
    script = f"""import {{ {name} as f }} from "./{group}.mjs";
const out = data.map((row) => [f(...row)].flat().map((v) => (Number.isFinite(v) ? v : String(v))));
console.log(JSON.stringify(out));"""
    got = np.array(node(folder, script, np.stack(columns, axis=-1).tolist()), dtype=float)
    finite = np.isfinite(expected)
    assert np.array_equal(finite, np.isfinite(got))
    assert finite.mean() > 0.4
    scale = np.maximum(np.abs(expected[finite]), 1e-290)
    off = np.abs(got[finite] - expected[finite]) / (scale * UNIT)
    assert off.max() <= (ULPS_OF_SLOPES if group == "gradient" else ULPS)


def test_the_front_door_agrees_with_the_evaluators(folder: Path) -> None:
    rng = np.random.default_rng(3)
    rows = []
    for _ in range(400):
        w1, w2 = rng.normal(size=2).tolist()
        kind = rng.integers(4)
        w2 = [w2, w1, -w1, 0.0][kind]
        decay = float(rng.random()) if kind in (1, 2) else 0.0
        rows.append([float(rng.exponential(3)), float(rng.exponential(1)), float(rng.random()), decay, w1, w2, 1.7])
    script = """import { strength, weights, loss } from "./modeflow.mjs";
console.log(JSON.stringify(data.map(([t, lam, noise, decay, w1, w2, tau]) =>
  [strength(t, lam, { noise, decay, w1, w2, tau }), ...weights(t, lam, { noise, decay, w1, w2, tau }),
   loss(t, lam, { noise, decay, w1, w2, tau })])));"""
    got = np.array(node(folder, script, rows))
    t, lam, noise, decay, w1, w2, tau = np.array(rows).T
    at: dict[str, Any] = {"noise": noise, "decay": decay, "w1": w1, "w2": w2, "tau": tau}
    expected = np.stack(
        [modeflow.strength(t, lam, **at), *modeflow.weights(t, lam, **at), modeflow.loss(t, lam, **at)], axis=-1
    )
    for row, ours, theirs in zip(rows, got, expected, strict=True):
        # Weights that pass through 0 magnify what the inputs leave open, by the condition number.
        _, conditions = conditioned(path, (row[0] / row[6], *row[1:6]))
        assert ours[3] == pytest.approx(theirs[3], rel=1e-14)
        for k in range(3):
            assert abs(ours[k] - theirs[k]) <= ULPS * UNIT * abs(theirs[k]) * (1 + conditions[k]), row


def _modes(n: int) -> list[list[float]]:
    """lam, noise, decay, w1, w2, tau: without decay where the weights differ in size; zeros, and rates of any size."""
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(n):
        w1, w2 = (rng.normal(size=2) * 10.0 ** rng.uniform(-6, 0)).tolist()
        w2 = [w2, w1, -w1, 0.0][kind := int(rng.integers(4))]
        lam, noise, decay = (float(rng.choice([0.0, rng.exponential(1)], p=[0.2, 0.8])) for _ in range(3))
        unit = float(rng.choice([1.0, 1e-70, 1e70], p=[0.8, 0.1, 0.1]))
        rows.append([lam * unit, noise * unit, decay * unit if kind in (1, 2) else 0.0, w1, w2, 1.7])
    return rows


def test_learning_times_and_fixed_points_agree_with_the_evaluators(folder: Path) -> None:
    script = """import { learningTime, fixedPoint } from "./modeflow.mjs";
const said = (values) => Array.from(values, (v) => (Number.isFinite(v) ? v : String(v)));
console.log(JSON.stringify(data.rows.map(([lam, noise, decay, w1, w2, tau]) => [
  ...said(learningTime(data.targets, lam, { noise, decay, w1, w2, tau })),
  ...said(fixedPoint([lam], { noise, decay }))])));"""
    targets = [-1.0, -1e-3, 0.0, 1e-9, 1e-3, 0.1, 0.5, 0.9, 1.0, 3.0]
    rows = _modes(400)
    got = np.array(node(folder, script, {"rows": rows, "targets": targets}), dtype=float)
    lam, noise, decay, w1, w2, tau = np.array(rows).T[..., None]
    expected = modeflow.learning_time(targets, lam, noise=noise, decay=decay, w1=w1, w2=w2, tau=tau)
    assert np.array_equal(np.isfinite(expected), np.isfinite(got[:, :-1]))
    finite = np.isfinite(expected) & (expected > 0)
    assert finite.mean() > 0.1
    assert np.array_equal(expected == 0, got[:, :-1] == 0)
    assert np.allclose(got[:, :-1][finite], expected[finite], rtol=1e-12, atol=0)
    assert np.array_equal(got[:, -1], modeflow.fixed_point(lam, noise=noise, decay=decay)[:, 0])


@pytest.mark.parametrize("times", ["[0, 0.5, 3, 1e9]", "Float64Array.of(0, 0.5, 3, 1e9)", "[Infinity]", "[]"])
def test_several_times_are_as_each_of_them(times: str, folder: Path) -> None:
    script = f"""import {{ strength, weights, loss }} from "./modeflow.mjs";
const times = {times}, mode = {{ w1: 0.1, w2: -0.3, noise: 0.2, tau: 2 }};
const apart = Array.from(times, (t) => [strength(t, 3, mode), ...weights(t, 3, mode), loss(t, 3, mode)]);
const [one, two] = weights(times, 3, mode), w = strength(times, 3, mode), cost = loss(times, 3, mode);
const kinds = [one, two, w, cost].every((list) => list instanceof Float64Array);
console.log(JSON.stringify([kinds, apart, Array.from(w, (x, i) => [x, one[i], two[i], cost[i]])]));"""
    kinds, apart, together = node(folder, script)
    assert kinds
    assert apart == together


def test_the_self_test_passes(folder: Path) -> None:
    script = 'import { selfTest } from "./self_test.mjs";\nconsole.log(JSON.stringify(selfTest()));'
    rows = node(folder, script)
    assert all(row["passed"] for row in rows)
    names = {row["name"].partition("(")[0] for row in rows}
    assert names == {kernel.name for kernel in shipped_kernels()} | {"strength", "weights", "loss"}


def test_the_self_test_finds_a_wrong_factor(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    kernels = tmp_path / "direct.mjs"
    kernels.write_text(kernels.read_text().replace("-rho*s", "-rho*s*1.0000000000001"))
    if shutil.which("node") is None:
        pytest.skip("needs node, which is not here")
    done = subprocess.run(["node", "self_test.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "FAILED direct_strength" in done.stdout


KNOWN = " is not an option; the options are w1, w2, noise, decay, tau"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("strength(-1, 1, { w1: 1, w2: 1 })", "RangeError: t = -1"),
        ("strength(1, 1, { w1: 1, w2: 2, decay: 0.1 })", "RangeError: w1 = 1, w2 = 2"),
        ("strength(1, 1, { w1: '1', w2: 2 })", "TypeError: w1 = 1 is not a number"),
        ("strength(1, 1)", "TypeError: w1 = undefined is not a number"),
        ("weights(1, 1, { w1: 1, w2: 2, tau: 0 })", "RangeError: tau = 0"),
        ("weights(1, Infinity, { w1: 1, w2: 2 })", "RangeError: lam must be finite"),
        ("strength(1, 1, { w1: 1, w2: 2, noize: 1 })", f"TypeError: noize{KNOWN}; did you mean noise?"),
        ("loss(1, 1, { w1: 1, w2: 2, Tau: 1 })", f"TypeError: Tau{KNOWN}; did you mean tau?"),
        ("weights(1, 1, { w1: 1, w2: 2, gamma: 1 })", f"TypeError: gamma{KNOWN}"),
        ("weights(1, 1, Object.create({ w1: 1, w2: 2, w3: 1 }))", f"TypeError: w3{KNOWN}; did you mean w1?"),
        (f"loss(1, 1, {{ w1: 1, w2: 2, {'noise' * 20}: 1 }})", KNOWN),
        ("strength(1, 1, 0.1, 0.2)", "TypeError: the third and last argument is an object"),
        ("strength(1, 1, { w1: 1, w2: 2 }, 0.5)", "TypeError: the third and last argument is an object"),
        ("strength(1, 1, null)", "TypeError: the third and last argument is an object"),
        ("strength([0, -1], 1, { w1: 1, w2: 2 })", "RangeError: t = -1"),
        ("weights([0, '1'], 1, { w1: 1, w2: 2 })", "TypeError: t = 1 is not a number"),
        ("loss('12', 1, { w1: 1, w2: 2 })", "TypeError: t = 12 is not a number"),
        ("learningTime(0.5, -1, { w1: 1, w2: 2 })", "RangeError: lam = -1"),
        ("learningTime(null, 1, { w1: 1, w2: 2 })", "TypeError: target = null is not a number"),
        ("learningTime(0.5, 1, { w1: 1, w2: 2, decay: 0.1 })", "RangeError: w1 = 1, w2 = 2"),
        ("fixedPoint(1, { noise: -1 })", "RangeError: noise = -1"),
        ("fixedPoint(-1)", "RangeError: lam = -1"),
        ("fixedPoint(1, { w1: 1 })", "TypeError: w1 is not an option; the options are noise, decay"),
        ("fixedPoint(1, 0.5)", "TypeError: the second and last argument is an object, as in { noise: 0.1 }"),
    ],
)
def test_wrong_arguments_are_named(call: str, error: str, folder: Path) -> None:
    script = f"""import {{ strength, weights, loss, learningTime, fixedPoint }} from "./modeflow.mjs";
let said = "nothing";
try {{ {call}; }} catch (error) {{ said = String(error); }}
console.log(JSON.stringify(said));"""
    assert error in node(folder, script)


EXPRESSIONS = [
    x + y, x - y, -x - y, x * y / (x + y), (x + y) ** 2, (x + y) ** -2, x**3, -(x**2), sqrt(x + y) / x, 1 / sqrt(x),
    Rational(1, 3) * x, Rational(3, 4) * x, exp(-x) * log(y), expm1(x) + log1p(y), hypot(x, y), Abs(x - y),
    Max(x, y, 1), Min(x, y, 1), Piecewise((x, x > y), (y, Eq(x, 1)), (x * y, True)),
    Piecewise((x, Ne(x, y)), (1, True)),
    expm2(x / 8) + expm2(-y), fade2(x / 4) + fade2(y), fade3(x / 4) + fade3(y), (x - y) * (x - (y - x)),
    x * reciprocal(binade(x, y)) * binade(x, y), x / reciprocal(binade(x, y)) / binade(x, y),
]  # fmt: skip


def test_expressions_mean_what_they_mean(tmp_path: Path) -> None:
    kernels = [Kernel(f"g_f{i}", "An expression.", (x, y), (), (("v", e),), ()) for i, e in enumerate(EXPRESSIONS)]
    write(tmp_path, kernels)
    names = [f"f{i}" for i in range(len(kernels))]
    values = [(0.75, 1.5), (1.0, 2.5), (2.0, 2.0), (3.25, 0.125)]
    script = f"""import * as g from "./g.mjs";
console.log(JSON.stringify({json.dumps(names)}.map((n) => data.map(([x, y]) => g[n](x, y)))));"""
    got = node(tmp_path, script, values)
    for kernel, row in zip(kernels, got, strict=True):
        for (one, other), value in zip(values, row, strict=True):
            exact = kernel.expanded()[0][1].subs({x: Rational(one), y: Rational(other)}).evalf(30)
            assert value == pytest.approx(float(exact), rel=1e-14), (kernel.outputs, one, other)


@pytest.mark.parametrize("name", ["x); import os", "var", "function", "Math", "await", "eval", "a-b", "λ", "__proto__"])
def test_names_are_whitelisted(name: str) -> None:
    bad = Symbol(name, real=True)
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        generated_sources([Kernel("g_f", "", (bad,), (), (("v", bad),), ())])
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        generated_sources([Kernel("g_f", "", (x,), ((bad, x),), (("v", bad),), ())])
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        generated_sources([Kernel("g_f", "", (x,), (), ((name, x),), ())])
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        generated_sources([Kernel(f"g_{name}", "", (x,), (), (("v", x),), ())])


def test_what_is_said_cannot_end_the_comment(tmp_path: Path) -> None:
    write(tmp_path, [Kernel("g_f", "Ends */ throw 1; /*\n throw 2; //", (x,), (), (("v", x),), ())])
    assert node(tmp_path, 'import { f } from "./g.mjs";\nconsole.log(JSON.stringify(f(2)));') == 2


def test_files_say_what_they_are() -> None:
    files = generated_sources()
    assert sorted(files) == ["balanced.mjs", "direct.mjs", "gradient.mjs", "modeflow.mjs", "pairs.mjs", "self_test.mjs"]
    for kernel in shipped_kernels():
        text = files[f"{kernel.name.partition('_')[0]}.mjs"]
        assert f"{kernel.operations()} operations" in text
        assert all(claim in text for claim in kernel.claims)


def test_the_command_writes_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--target", "javascript"]) == 2
    assert "add -o DIR" in capsys.readouterr().err
    assert main(["generate", "--target", "javascript", "-o", str(tmp_path)]) == 0
    assert main(["generate", "--target", "javascript", "-o", str(tmp_path), "--check"]) == 0
    path = tmp_path / "direct.mjs"
    path.write_text(path.read_text().replace("2.0*lam", "3.0*lam", 1))
    assert len(stale(tmp_path)) == 1
    assert main(["generate", "--target", "javascript", "-o", str(tmp_path), "--check"]) == 1
