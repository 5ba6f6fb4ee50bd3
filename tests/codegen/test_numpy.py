"""Kernels and the NumPy source made from them."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import daily
import numpy as np
import pytest
import sympy
from modeflow.derivations import evaluation
from sympy import Abs, Max, Min, Ne, Piecewise, Rational, Symbol, cse, exp, log, sin, sqrt
from sympy.codegen.cfunctions import expm1, hypot, log1p

import modeflow.evaluate.generated
from modeflow import claims, prove
from modeflow.codegen.numpy import DO_NOT_EDIT, generated_sources, stale, write
from modeflow.language.kernels import Kernel, Steps, check_identifier
from modeflow.language.primitives import SIZE, binade, reciprocal

x, y = Symbol("x", real=True), Symbol("y", positive=True)
GENERATED = Path(modeflow.evaluate.generated.__file__).parent


def _kernel(expression: Any, *, steps: tuple[Any, ...] = (), name: str = "group_function") -> Kernel:
    return Kernel(name, "A kernel for a test.", (x, y), steps, (("value", expression),), ("test.claim",))


def _load(folder: Path, kernel: Kernel) -> ModuleType:
    (path,) = write(folder, [kernel])
    spec = importlib.util.spec_from_file_location(f"written_{folder.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# What is checked in -----------------------------------------------------------------------------------------------


def test_generated_files_are_current() -> None:
    assert stale(GENERATED) == []


def test_generated_files_say_what_they_are() -> None:
    for name, text in generated_sources().items():
        kernels = [k for k in evaluation.KERNELS if k.name.startswith(name.removesuffix(".py"))]
        assert DO_NOT_EDIT in text
        assert f"SymPy {sympy.__version__}" in text
        assert "modeflow generate --target python" in text
        assert all(claim in text for kernel in kernels for claim in kernel.claims)
        assert all(f"{kernel.operations()} operations" in text for kernel in kernels)
        assert "import sympy" not in text


@pytest.mark.costly
def test_source_does_not_depend_on_the_hash_seed() -> None:
    code = "from modeflow.codegen.numpy import generated_sources as g; print(*g().values())"
    environment = {**os.environ, "PYTHONHASHSEED": str(daily.seed() % 2**32)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == " ".join(generated_sources().values()) + "\n"  # this process has another seed


def test_every_case_of_every_kernel_is_claimed() -> None:
    known = set(claims()) | set(evaluation.chapter.claims)
    for kernel in evaluation.KERNELS:
        stated = [f"eval.{kernel.name}_{name}" for (name, _, _), _ in evaluation.cases(kernel)]
        assert sorted(stated) == sorted(kernel.claims)
        assert set(kernel.claims) <= known


def test_every_branch_of_every_kernel_is_in_some_case() -> None:
    for kernel in evaluation.KERNELS:
        find = evaluation.direct_cases if kernel.name.startswith("direct") else evaluation.balanced_cases
        for branch in kernel.branches():
            facts = {str(condition): truth for condition, truth in branch.conditions}
            # The one that cannot be: λ = 0 at rest, but a gap below λ/4.
            impossible = not facts.get("rho > 0", True) and facts.get("gap**2 < near**2", False)
            assert bool(list(find(facts))) != impossible


@pytest.mark.parametrize("kernel", evaluation.KERNELS, ids=lambda kernel: kernel.name)
def test_kernels_compute_nothing_twice_and_nothing_in_vain(kernel: Kernel) -> None:
    expressions = [e for _, e in (*kernel.steps, *kernel.outputs)]
    used = set().union(*(e.free_symbols for e in expressions))
    assert used == {*kernel.inputs, *(s for s, _ in kernel.steps)}
    shared, _ = cse([e for e in expressions if not e.has(Piecewise)])
    assert [e for _, e in shared if not (e.is_Mul and -e in expressions) and e.count_ops() > 1] == []


# Comparing ----------------------------------------------------------------------------------------------------------


def test_stale_shows_what_changed(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    path = tmp_path / "direct.py"
    path.write_text(path.read_text().replace("A = 2.0*lam", "A = 3.0*lam", 1))
    (diff,) = stale(tmp_path)
    assert "-    A = 3.0*lam\n" in diff
    assert "+    A = 2.0*lam\n" in diff
    assert "direct.py" in diff


def test_stale_ignores_the_versions(tmp_path: Path) -> None:
    write(tmp_path)
    for path in tmp_path.iterdir():
        path.write_text(path.read_text().replace(f"SymPy {sympy.__version__}", "SymPy 1.13.9"))
        assert "SymPy 1.13.9" in path.read_text()
    assert stale(tmp_path) == []


def test_stale_sees_missing_and_foreign_files(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "direct.py").unlink()
    (tmp_path / "extra.py").write_text("left = 'over'\n")
    (tmp_path / "__init__.py").write_text('"""Hand-written."""\n')
    missing, foreign = stale(tmp_path)
    assert "+def strength(" in missing
    assert "-left = 'over'" in foreign


def test_write_makes_the_directory(tmp_path: Path) -> None:
    assert [p.name for p in write(tmp_path / "a" / "b")] == [
        *("direct.py", "balanced.py", "gradient.py", "pairs.py", "regimes.py")
    ]


# Printing -----------------------------------------------------------------------------------------------------------

EXPRESSIONS = [
    x + 2 * y - 3,
    -x - y,
    -x * y,
    (x - y) * (x + y) / 2,
    x / y / (1 + y),
    1 / (x - y) ** 2 + y**3 - y**-3,
    sqrt(y) - 1 / sqrt(y) + y ** Rational(3, 2),
    Rational(1, 3) * x - Rational(5, 4) * y + Rational(-7, 3),
    exp(-y) + log(y) * Abs(x),
    expm1(x) + log1p(y) - hypot(x, y),
    Max(x, y, 0) - 2 * Min(x, 1),
    Piecewise((x, x < 0), (y, x < 1), (x * y, True)),
    Piecewise((1, Ne(x, 0)), (y, True)) * x,
    x - (y - (x - y) * 3),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_printed_source_computes_the_expression(expression: Any, tmp_path: Path) -> None:
    function = _load(tmp_path, _kernel(expression)).function
    for left, right in ((0.7, 1.9), (-1.3, 0.2), (0.0, 2.5), (3.25, 0.5)):
        want = float(expression.subs({x: Rational(left), y: Rational(right)}).rewrite(exp).evalf(30))
        assert function(np.float64(left), np.float64(right)) == pytest.approx(want, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_printed_source_keeps_float32(expression: Any, tmp_path: Path) -> None:
    function = _load(tmp_path, _kernel(expression)).function
    ones = np.ones(3, np.float32)
    assert function(ones, 2 * ones).dtype == np.float32


def test_a_choice_between_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="would turn float32 into float64"):
        generated_sources([_kernel(x * Piecewise((1, x < 0), (2, True)))])


def test_hypot_neither_overflows_nor_divides_by_zero() -> None:
    from modeflow.evaluate.generated import direct

    big, tiny = np.array([3e300, 3e-300, 0.0, np.nan]), np.array([4e300, 4e-300, 0.0, 1.0])
    got = direct._hypot(big, tiny)
    assert np.allclose(got[:3], [5e300, 5e-300, 0.0], rtol=1e-15)
    assert np.isnan(got[3])


def test_binade_is_a_power_of_2_whose_inverse_is_one() -> None:
    from modeflow.evaluate.generated import direct

    kinds: tuple[tuple[type[np.floating[Any]], float], ...] = ((np.float64, 1e308), (np.float32, 1e38))
    for dtype, most in kinds:
        large: direct.Array = np.array([3.0, -most, most, 1 / most, 0.0, np.inf, 1.0, 4.0], dtype)
        size = direct._binade(large, -large / 8)
        assert size.dtype == (1 / size).dtype == dtype
        assert np.all(np.frexp([size, 1 / size])[0] == 0.5)
        assert np.array_equal(direct._binade(large / 8, large), size)
        ratio = np.abs(large[[0, 6, 7]]) / size[[0, 6, 7]]
        assert np.all((ratio >= 1) & (ratio < 2))


@pytest.mark.parametrize("name", ["x); import os", "import", "np", "1x", "x y", "λ", "__class__", "x\n", "", "a" * 40])
def test_names_are_whitelisted(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        check_identifier(name)
    bad = Symbol(name)
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        Kernel("g_f", "", (bad,), (), (("v", bad),), ())
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        Kernel("g_f", "", (x,), ((bad, x),), (("v", bad),), ())
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        Kernel("g_f", "", (x,), (), ((name, x),), ())
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        Kernel(name, "", (x,), (), (("v", x),), ())


def test_what_is_said_cannot_end_the_docstring(tmp_path: Path) -> None:
    kernel = replace(_kernel(x + y), says='Ends here"""\nimport os\n\\')
    module = _load(tmp_path, kernel)
    assert not hasattr(module, "os")
    assert module.function.__doc__ is not None
    assert "import os" in module.function.__doc__


def test_a_kernel_without_a_group_has_no_module() -> None:
    with pytest.raises(ValueError, match="name it group_function"):
        generated_sources([_kernel(x, name="alone")])


# Kernels ------------------------------------------------------------------------------------------------------------


def test_a_kernel_checks_itself() -> None:
    z = Symbol("z", real=True)
    with pytest.raises(ValueError, match="value uses 'z' before it is defined"):
        _kernel(x + z)
    with pytest.raises(ValueError, match="z uses 'z' before it is defined"):
        _kernel(z, steps=((z, z + 1),))
    with pytest.raises(ValueError, match="z is defined twice"):
        _kernel(z, steps=((z, x), (Symbol("z"), y)))
    with pytest.raises(ValueError, match="value uses sin, which no emitter prints"):
        _kernel(sin(x))
    with pytest.raises(ValueError, match="power y"):
        _kernel(y ** Rational(1, 3))
    with pytest.raises(ValueError, match="no output"):
        Kernel("g_f", "", (x,), (), (), ())


def test_expanding_puts_the_steps_back() -> None:
    steps = Steps()
    grown = steps.let("grown", expm1(x))
    far = steps.let("far", hypot(grown, y))
    kernel = _kernel(log1p(far), steps=tuple(steps.taken))
    assert kernel.expanded() == (("value", log(1 + sqrt((exp(x) - 1) ** 2 + y**2))),)


def test_what_depends_on_the_unit_of_scaled_numbers_is_no_proof() -> None:
    unit = reciprocal(binade(x, y))
    (_, even), (_, uneven) = (_kernel(e).expanded()[0] for e in ((x * unit) / (y * unit), (x * unit) ** 2 / (y * unit)))
    assert even == x / y
    assert uneven == x**2 / (SIZE * y)
    assert prove(uneven, x**2 / y).status == "refuted"
    with pytest.raises(ValueError, match="two sizes"):
        _kernel(binade(x, y) - binade(x, x))


def test_branches_decide_every_condition_consistently() -> None:
    steps = Steps()
    size = steps.let("size", Abs(x) + Max(x, 0) + Min(x, 0))
    kernel = _kernel(Piecewise((size, Ne(x, 0)), (y, True)), steps=tuple(steps.taken))
    outputs = {b.outputs[0][1] for b in kernel.branches()}
    assert outputs == {2 * x, y, 0} or outputs == {2 * x, 0 * x, y}
    for branch in kernel.branches():
        assert all(value in (True, False) for _, value in branch.conditions)
        values = {c.subs(x, v) for v in (-1, 0, 1) for c, _ in branch.conditions}
        assert values <= {sympy.true, sympy.false}
