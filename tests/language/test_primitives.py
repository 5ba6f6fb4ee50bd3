"""The table of primitives: steps mean the textbook form, series leave out less than a rounding, every target agrees."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from sympy import Expr, Function, Integer, Piecewise, Rational, Symbol, lambdify

from modeflow.codegen import array_api, c, fortran, javascript, numpy, self_test
from modeflow.language import primitives
from modeflow.language.kernels import Kernel
from modeflow.language.primitives import PRIMITIVES, SERIES, TABLE, X, Y, called, nested, smallest, textbook

ULP = 2.0**-52
WITH_STEPS = [row for row in PRIMITIVES if row.value is not None]
POINTS = [0.0, 1e-300, 1e-30, 1e-9, 0.01, 0.3, 0.75, 0.9999, 1.0, 1.25, 1.4999, 1.5, 1.75, 3.0, 20.0, 300.0]
OF_ONE = [row for row in WITH_STEPS if len(row.inputs) == 1]


def in_steps(row: primitives.Primitive, *arguments: Expr) -> Any:
    """The value by the steps, exactly but for the last evaluation, of SymPy numbers."""
    values = dict(zip(row.inputs, arguments, strict=True))
    for symbol, step in row.steps:
        values[symbol] = step.replace(smallest, lambda x: Rational(1, 10**300)).xreplace(values)
    assert row.value is not None
    return textbook(row.value.xreplace(values))


@pytest.mark.parametrize("row", WITH_STEPS, ids=lambda row: row.name)
def test_steps_mean_the_textbook_form(row: primitives.Primitive) -> None:
    other = [Rational(-7, 3), Integer(5)] if len(row.inputs) == 2 else [None]
    for point in (Rational(p) for p in POINTS if p):
        for second in other:
            arguments = [point] if second is None else [point, second]
            found, exact = in_steps(row, *arguments), row.textbook(*arguments)
            with mpmath.workdps(700):
                assert abs(found.evalf(700) / exact.evalf(700) - 1) < 2.0**-56, point


@pytest.mark.parametrize("name", SERIES)
def test_a_series_leaves_out_less_than_a_rounding(name: str) -> None:
    """Everywhere below the limit: the terms left out are less than twice the first, which is less than a rounding."""
    series = SERIES[name]
    limit = mpmath.mpf(int(series.limit.p)) / int(series.limit.q)
    n = len(series.divisors)
    following = primitives.first_left_out(series).subs(X, series.limit)
    assert 2 * float(following) < 2.0**-54
    with mpmath.workdps(200):
        exact = lambdify(X, series.replaced / series.first, "mpmath")
        short = lambdify(X, nested(series.argument, *map(Integer, series.divisors)).written_out, "mpmath")
        first = lambdify(X, primitives.first_left_out(series), "mpmath")
        for k in (*range(1, 201), *(range(-200, 0) if name == "expm2" else ())):
            x = limit * k / 200
            assert 0 < abs(exact(x) - short(x)) < 2 * abs(first(x)), x
        shorter = nested(series.argument, *map(Integer, series.divisors[: n // 2])).written_out
        assert exact(limit) - lambdify(X, shorter, "mpmath")(limit) > 2.0**-53


def test_what_is_called_is_found_with_what_that_calls() -> None:
    assert [row.name for row in called([TABLE["fade2"].function(X) + X])] == ["expm1", "expm2", "fade2"]
    assert [row.name for row in called([TABLE["hypot"].function(X, Y)])] == ["smallest", "hypot"]
    assert called([Piecewise((X, X > 0), (Y, True))]) == []


def test_adding_a_primitive_touches_the_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A primitive that no target has heard of is printed by all of them."""
    cube = Symbol("cube", real=True)
    row = primitives.Primitive(new, lambda x: x**3 + x, (X,), ((cube, X**3),), cube + X)
    for module in (primitives, numpy):
        monkeypatch.setattr(module, "PRIMITIVES", (*PRIMITIVES, row))
    for module in (primitives, numpy, self_test):
        monkeypatch.setattr(module, "TABLE", TABLE | {"new": row})
    monkeypatch.setattr("modeflow.language.kernels._ALLOWED", (*kernel_functions(), new))
    monkeypatch.setattr(numpy.ArrayPrinter, "_print_new", numpy.ArrayPrinter._print_primitive, raising=False)
    kernel = Kernel("g_f", "Says.", (X,), (), (("v", new(X)),), ("some.claim",))
    for target in (numpy, array_api, javascript):
        assert "_new(x)" in "".join(target.generated_sources([kernel]).values())
    assert "new_f32" in c.sources([kernel])["modeflow.c"]
    assert "elemental function new(x)" in fortran.sources([kernel])["modeflow.f90"]


class new(Function):  # type: ignore[misc]
    """x^3 + x."""


def kernel_functions() -> tuple[Any, ...]:
    from modeflow.language.kernels import _ALLOWED

    return _ALLOWED


# Each target's numbers --------------------------------------------------------------------------------------

OUTPUTS = tuple((f"v{k}", row.function(X)) for k, row in enumerate(OF_ONE))
KERNEL = Kernel("series_all", "Every series.", (X,), (), OUTPUTS, ("some.claim",))


def by_numpy(folder: Path) -> list[list[float]]:
    numpy.write(folder, [KERNEL])
    names: dict[str, Any] = {}
    exec(compile((folder / "series.py").read_text(), "series.py", "exec"), names)  # noqa: S102 - what is under test
    return np.array(names["all"](np.array(POINTS))).tolist()  # type: ignore[no-any-return]


def by_javascript(folder: Path) -> list[list[float]]:
    if not shutil.which("node"):
        pytest.skip("needs node, which is not here")
    javascript.write(folder, [KERNEL])
    code = f'import {{ all }} from "./series.mjs"; console.log(JSON.stringify({json.dumps(POINTS)}.map(all)));'
    (folder / "run.mjs").write_text(code)
    done = subprocess.run(["node", "run.mjs"], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return np.array(json.loads(done.stdout)).T.tolist()  # type: ignore[no-any-return]


def by_c(folder: Path) -> list[list[float]]:
    if not shutil.which("cc"):
        pytest.skip("needs a C compiler, which is not here")
    c.write(folder, [KERNEL])
    outputs = ", ".join(f"&v[{k}]" for k in range(len(OF_ONE)))
    lines = ['#include "modeflow.h"', "#include <stdio.h>", "int main(void) {", f"double v[{len(OF_ONE)}];"]
    for point in POINTS:
        lines += [f"modeflow_series_all_f64({point!r}, {outputs});"]
        lines += [f'printf("%.17g ", v[{k}]);' for k in range(len(OF_ONE))] + ['printf("\\n");']
    (folder / "run.c").write_text("\n".join([*lines, "return 0; }", ""]))
    strict = ["-std=c99", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-O2"]
    subprocess.run(["cc", *strict, "run.c", "modeflow.c", "-lm", "-o", "run"], cwd=folder, check=True, timeout=120)
    done = subprocess.run([folder / "run"], capture_output=True, text=True, check=True, timeout=60)
    return np.loadtxt(done.stdout.splitlines()).T.tolist()  # type: ignore[no-any-return]


def by_fortran(folder: Path) -> list[list[float]]:
    if not shutil.which("gfortran"):
        pytest.skip("needs gfortran, which is not here")
    fortran.write(folder, [KERNEL])
    columns = ", ".join(f"v(:, {k})" for k in range(1, len(OF_ONE) + 1))
    points = ", &\n".join(f"{p!r}d0" if "e" not in repr(p) else repr(p).replace("e", "d") for p in POINTS)
    program = f"""program run
use modeflow
implicit none
double precision :: x({len(POINTS)}), v({len(POINTS)}, {len(OF_ONE)})
integer :: i
x = [{points}]
call series_all(x, {columns})
do i = 1, {len(POINTS)}
write(*, "({len(OF_ONE)}es26.17e3)") v(i, :)
end do
end program
"""
    (folder / "run.f90").write_text(program)
    command = ["gfortran", "-std=f2008", "-O2", "modeflow.f90", "run.f90", "-o", "run"]
    subprocess.run(command, cwd=folder, check=True, timeout=120)
    done = subprocess.run([folder / "run"], capture_output=True, text=True, check=True, timeout=60)
    return np.loadtxt(done.stdout.splitlines()).T.tolist()  # type: ignore[no-any-return]


@pytest.mark.costly
@pytest.mark.parametrize("values", [by_numpy, by_javascript, by_c, by_fortran], ids=lambda f: f.__name__[3:])
def test_every_target_computes_series_within_four_units(
    values: Callable[[Path], list[list[float]]], tmp_path: Path
) -> None:
    for row, found in zip(OF_ONE, values(tmp_path), strict=True):
        for point, value in zip(POINTS, found, strict=True):
            exact = row.textbook(Rational(point)).evalf(400) if point else Integer(0)
            smallest_kept = 1e-290  # below, the product of small factors leaves the normal numbers
            error = abs(float(exact) - value) / max(abs(float(exact)), smallest_kept) / ULP
            assert error <= 4, (row.name, point, value, float(exact))
