"""Kernels as Fortran 2008: one module of elemental subroutines in double precision.

Fortran does not tell A from a, so where two names of a kernel differ in case alone the later one gets a number.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sympy import Piecewise

from ..language.kernels import Kernel
from ..language.primitives import TABLE, Primitive
from ..language.regimes import Form
from .numpy import differences, form_lines, functions_called, write_files
from .scalar_targets import (
    ScalarPrinter,
    WholePath,
    assignments,
    head,
    members,
    names_in,
    own_names,
    shipped_paths,
    told,
)

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
    lines += _opening(kernel.name, inputs, outputs, steps)
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


def path_source(path: WholePath) -> str:
    """A path as an elemental subroutine that sends each mode to the kernel of its regime; NaN where there is none."""
    # A name that is the subroutine's own cannot be an argument's.
    results = [f"{name}_of_mode" if name == path.name else name for name in path.results]
    says = (
        f"{path.name.capitalize()} of a mode, from the weights at t = 0: that of the kernel for its regime, NaN where"
    )
    lines = [
        f"!> {says}",
        "!! weights of different size decay.",
        *_opening(path.name, path.arguments, results, ["s"]),
        "    s = min(t/tau, huge(t)/8) ! at an infinite time every exponential has vanished",
    ]
    nothing = [f"        {name} = ieee_value({name}, ieee_quiet_nan)" for name in results]
    for place, (holds, form) in enumerate(path.cases(FortranPrinter({name: name for name in path.mode}))):
        word = "else if" if place else "if"
        lines.append(f"    {word} ({holds}) then" if holds else "    else")
        lines += [f"        call {form.name}({', '.join(['s', *path.mode, *results])})"] if form else nothing
    return "\n".join([*lines, "    end if", f"end subroutine {path.name}"])


def form_source(form: Form) -> str:
    """A path in one regime as an elemental subroutine."""
    results, found = [name for name, _ in form.results], [x.name for x in form.outputs]
    steps = [x.name for x, _ in (*form.steps, *form.after)]
    printer = FortranPrinter(own_names(form))
    lines = [f"!> {form.says}", *_opening(form.name, [x.name for x in form.inputs], results, [*steps, *found])]
    lines += form_lines(
        form,
        printer,
        assigned=lambda name, value: _statement(f"{name} = {value}"),
        called=lambda given: _statement(f"call {form.kernel.name}({', '.join([*given, *found])})"),
    )
    for name, value in form.results:
        lines += _statement(f"{name} = {printer.doprint(value)}")
    return "\n".join([*lines, f"end subroutine {form.name}"])


def _opening(name: str, inputs: Sequence[str], outputs: Sequence[str], inner: Sequence[str]) -> list[str]:
    """How an elemental subroutine begins: its arguments, and the variables inside it, if there are any."""
    lines = _statement(f"elemental subroutine {name}({', '.join([*inputs, *outputs])})", "")
    lines += _statement(f"real(dp), intent(in) :: {', '.join(inputs)}")
    lines += _statement(f"real(dp), intent(out) :: {', '.join(outputs)}")
    return lines + (_statement(f"real(dp) :: {', '.join(inner)}") if inner else [])


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
    paths = shipped_paths(kernels)
    forms = [form for path in paths for form in path.forms.values()]
    lines = [
        *(f"! {line}" for line in head(COMMAND)),
        "module modeflow",
        "use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_quiet_nan",
        "use, intrinsic :: iso_c_binding, only: c_double",
        "implicit none",
        "private",
        *_statement(f"public :: {', '.join([*(path.name for path in paths), *(k.name for k in chosen)])}", ""),
        "integer, parameter :: dp = c_double",
        _C_FUNCTIONS,
        "contains",
        "",
        _ELEMENTAL,
        "",
        *(f"{function}\n" for function in functions_called([*chosen, *forms], FortranPrinter({}), primitive_source)),
        "\n\n".join([*map(subroutine_source, chosen), *map(form_source, forms), *map(path_source, paths)]),
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
