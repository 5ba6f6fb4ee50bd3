"""Kernels as Fortran 2008: one module of elemental subroutines in double precision.

Fortran does not tell A from a, so where two names of a kernel differ in case alone the later one gets a number.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from sympy import Piecewise

from ..language.kernels import Kernel
from ..language.primitives import TABLE, Primitive
from ..language.regimes import Form, Regime
from .numpy import differences, functions_called, shipped_regimes, write_files
from .scalar_targets import PATHS, ScalarPrinter, assignments, head, members, names_in, told

COMMAND = "modeflow generate --target fortran -o DIR"
WIDTH = 120  # of a line; Fortran allows 132
# Nothing is reserved in Fortran, but a variable of one of these names hides what the code calls.
_WORDS = """
    modeflow dp c_double exp expm1 log log1p sqrt abs min max merge tiny huge scale exponent hypotenuse binade c_expm1
    c_log1p
"""
RESERVED = frozenset(_WORDS.split()) | frozenset(TABLE)
_C_FUNCTIONS = """interface
    pure function c_expm1(x) result(y) bind(c, name="expm1")
        import c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function c_expm1
    pure function c_log1p(x) result(y) bind(c, name="log1p")
        import c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function c_log1p
end interface"""
_ELEMENTAL = """!> e**x - 1, by the C library
elemental function expm1(x) result(y)
    real(dp), intent(in) :: x
    real(dp) :: y
    y = c_expm1(x)
end function expm1

!> log(1 + x), by the C library
elemental function log1p(x) result(y)
    real(dp), intent(in) :: x
    real(dp) :: y
    y = c_log1p(x)
end function log1p"""
_BINADE = """!> A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0
elemental function binade(x, y) result(z)
    real(dp), intent(in) :: x, y
    real(dp) :: z
    z = max(min(max(abs(x), abs(y)), huge(x)/8), 8/huge(x))
    z = scale(1.0_dp, exponent(z))
end function binade"""


_NAMES = {"hypot": "hypotenuse"}  # the other is Fortran's own, and rounds in another way


class FortranPrinter(ScalarPrinter):
    """SymPy to Fortran expressions in double precision."""

    language = "Fortran"
    operators: Mapping[str, str] = {"!=": "/="}
    native: Mapping[str, str] = {
        "expm1": "expm1({})", "log1p": "log1p({})", "reciprocal": "(1.0_dp/{})", "smallest": "tiny({})",
        "signum": "sign(1.0_dp, {})",
    }  # fmt: skip
    by_hand: Mapping[str, str] = {"binade": _BINADE}

    def function_of(self, primitive: str) -> str:
        return _NAMES.get(primitive, primitive)

    def number(self, whole: int) -> str:
        return f"{whole}.0_dp"

    def _choice(self, expr: Piecewise, condition: str, value: str, other: str) -> str:
        return f"merge({value}, {other}, {condition})"


def subroutine_source(kernel: Kernel) -> str:
    """One kernel as an elemental subroutine of the same name, whose last arguments are its outputs."""
    names = names_in(kernel, RESERVED, "Fortran", str.lower)
    inputs = [names[x.name] for x in kernel.inputs]
    outputs = [names[name] for name, _ in kernel.outputs]
    steps = [names[x.name] for x, _ in kernel.steps]
    lines = []
    for number, line in enumerate(told(kernel)):
        lines += textwrap.wrap(
            line, WIDTH - 4, initial_indent="!! " if number else "!> ", subsequent_indent="!! ", break_on_hyphens=False
        )
    lines += _statement(f"elemental subroutine {kernel.name}({', '.join(inputs + outputs)})", "")
    lines += _statement(f"real(dp), intent(in) :: {', '.join(inputs)}")
    lines += _statement(f"real(dp), intent(out) :: {', '.join(outputs)}")
    lines += _statement(f"real(dp) :: {', '.join(steps)}") if steps else []
    for target, value in assignments(kernel, FortranPrinter(names)):
        lines += _statement(f"{target} = {value}")
    return "\n".join([*lines, f"end subroutine {kernel.name}"])


def primitive_source(row: Primitive) -> str:
    """A primitive as an elemental function."""
    names = {x.name: x.name for x in (*row.inputs, *(x for x, _ in row.steps))}
    printer, inputs = FortranPrinter(names), ", ".join(x.name for x in row.inputs)
    lines = [f"!> {row.says}", f"elemental function {printer.function_of(row.name)}({inputs}) result(value)"]
    lines += [
        f"    real(dp), intent(in) :: {inputs}",
        f"    real(dp) :: {', '.join(['value', *(x.name for x, _ in row.steps)])}",
    ]
    for target, value in (*((x.name, e) for x, e in row.steps), ("value", row.value)):
        lines += _statement(f"{target} = {printer.doprint(value)}")
    return "\n".join([*lines, f"end function {printer.function_of(row.name)}"])


def path_source(path: str, regimes: Iterable[Regime], forms: Iterable[Form]) -> str:
    """A path as an elemental subroutine that sends each mode to the kernel of its regime; NaN where there is none."""
    of = {form.regime: form for form in forms if form.path == path}
    # A name that is the subroutine's own cannot be an argument's.
    results = [f"{name}_of_mode" if name == path else name for name, _ in next(iter(of.values())).results]
    first, *mode = (x.name for x in next(iter(of.values())).inputs)
    names = {name: name for name in (first, *mode)}
    printer = FortranPrinter(names)
    lines = [
        f"!> {path.capitalize()} of a mode, from the weights at t = 0: that of the kernel for its regime, NaN where"
    ]
    lines += ["!! weights of different size decay."]
    inputs = ["t", *mode, "tau"]
    lines += _statement(f"elemental subroutine {path}({', '.join([*inputs, *results])})", "")
    lines += _statement(f"real(dp), intent(in) :: {', '.join(inputs)}")
    lines += [*_statement(f"real(dp), intent(out) :: {', '.join(results)}"), "    real(dp) :: s"]
    lines.append("    s = min(t/tau, huge(t)/8) ! at an infinite time every exponential has vanished")
    word = "if"
    for regime in regimes:
        condition = f"{word} ({printer.doprint(regime.holds)}) then" if regime.arguments else "else"
        lines.append(f"    {condition}")
        form = of.get(regime.name)
        call = f"call {form.name}({', '.join([first, *mode, *results])})" if form else ""
        lines += (
            [f"        {call}"]
            if call
            else [f"        {name} = ieee_value({name}, ieee_quiet_nan)" for name in results]
        )
        word = "else if"
    return "\n".join([*lines, "    end if", f"end subroutine {path}"])


def form_source(form: Form) -> str:
    """A path in one regime as an elemental subroutine."""
    inputs, results = [x.name for x in form.inputs], [name for name, _ in form.results]
    steps = [x.name for x, _ in (*form.steps, *form.after)]
    found = [x.name for x in form.outputs]
    printer = FortranPrinter({name: name for name in (*inputs, *steps, *found)})
    lines = [f"!> {form.says}"]
    lines += _statement(f"elemental subroutine {form.name}({', '.join([*inputs, *results])})", "")
    lines += _statement(f"real(dp), intent(in) :: {', '.join(inputs)}")
    lines += _statement(f"real(dp), intent(out) :: {', '.join(results)}")
    lines += _statement(f"real(dp) :: {', '.join([*steps, *found])}")
    for x, value in form.steps:
        lines += _statement(f"{x.name} = {printer.doprint(value)}")
    lines += _statement(f"call {form.kernel.name}({', '.join([*map(printer.doprint, form.arguments), *found])})")
    for name, value in (*((x.name, e) for x, e in form.after), *form.results):
        lines += _statement(f"{name} = {printer.doprint(value)}")
    return "\n".join([*lines, f"end subroutine {form.name}"])


def _statement(text: str, indent: str = "    ") -> list[str]:
    """The lines of one statement, broken between words."""
    parts = textwrap.wrap(text, WIDTH - len(indent) - 6, break_long_words=False, break_on_hyphens=False)
    if max(map(len, parts)) > WIDTH:
        raise ValueError(f"{text[:60]}…: too long for a line of Fortran; split the step")
    first, *rest = parts
    lines = [indent + first, *(f"{indent}    & {part}" for part in rest)]
    return [f"{line} &" for line in lines[:-1]] + lines[-1:]


def sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship."""
    chosen = members(kernels)
    regimes, forms = shipped_regimes() if kernels is None else ((), ())
    forms = tuple(form for form in forms if form.path in PATHS)
    paths = [path for path in PATHS if forms]
    lines = [
        *(f"! {line}" for line in head(COMMAND)),
        "module modeflow",
        "use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_quiet_nan",
        "use, intrinsic :: iso_c_binding, only: c_double",
        "implicit none",
        "private",
        *_statement(f"public :: {', '.join([*paths, *(k.name for k in chosen)])}", ""),
        "integer, parameter :: dp = c_double",
        _C_FUNCTIONS,
        "contains",
        "",
        _ELEMENTAL,
        "",
        *(f"{function}\n" for function in functions_called([*chosen, *forms], FortranPrinter({}), primitive_source)),
        "\n\n".join(
            [
                *map(subroutine_source, chosen),
                *map(form_source, forms),
                *(path_source(path, regimes, forms) for path in paths),
            ]
        ),
        "end module modeflow",
        "",
    ]
    return {"modeflow.f90": "\n".join(lines)}


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the module into a directory, which is made if need be; the paths written."""
    return write_files(directory, sources(kernels))


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), sources(kernels), "*.f90")
