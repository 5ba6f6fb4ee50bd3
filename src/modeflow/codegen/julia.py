"""Kernels as Julia: one module of generic functions, to be broadcast with a dot."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from sympy import Piecewise

from ..language.kernels import Kernel
from ..language.primitives import Primitive
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

COMMAND = "modeflow generate --target julia -o DIR"
_WORDS = """
    baremodule begin break catch const continue do else elseif end export false finally for function global if import
    in isa let local macro module mutable outer primitive public quote return struct true try type using where while
    Modeflow T NaN Inf pi im ans exp expm1 log log1p sqrt abs min max ifelse promote float floatmin typeof oftype
    clamp ldexp frexp one inv floatmax
"""
RESERVED = frozenset(_WORDS.split())
_BINADE = """# A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0.
function _binade(x, y)
    most = floatmax(x)/8
    large = clamp(max(abs(x), abs(y)), inv(most), most)
    return ldexp(one(large), frexp(large)[2])
end
"""


class JuliaPrinter(ScalarPrinter):
    """SymPy to Julia expressions in the type T of the arguments."""

    language = "Julia"
    power = "^"
    native: Mapping[str, str] = {
        "expm1": "expm1({})", "log1p": "log1p({})", "reciprocal": "(T(1)/{})", "smallest": "floatmin({})",
        "signum": "copysign(T(1), {})",
    }  # fmt: skip
    by_hand: Mapping[str, str] = {"binade": _BINADE}

    def number(self, whole: int) -> str:
        return f"T({whole})"

    def _choice(self, expr: Piecewise, condition: str, value: str, other: str) -> str:
        return f"ifelse({condition}, {value}, {other})"


def function_source(kernel: Kernel) -> str:
    """One kernel as a Julia function of the same name."""
    printer = JuliaPrinter(names_in(kernel, RESERVED, "Julia"))
    inputs = ", ".join(x.name for x in kernel.inputs)
    outputs = ", ".join(name for name, _ in kernel.outputs)
    signature = f"{kernel.name}({inputs})"
    lines = ['"""', f"    {signature} -> {outputs}", ""]
    for line in told(kernel):
        lines += textwrap.wrap(_plain(line), 110, break_on_hyphens=False)
    arguments = ", ".join(f"float({x.name})" for x in kernel.inputs)
    lines += ['"""', f"function {signature}", f"    {inputs} = promote({arguments})"]
    lines.append(f"    T = typeof({kernel.inputs[0].name})")
    lines += [f"    {name} = {value}" for name, value in assignments(kernel, printer)]
    return "\n".join([*lines, f"    return {outputs}", "end"])


def primitive_source(row: Primitive) -> str:
    """A primitive as a Julia function of numbers of one type."""
    printer = JuliaPrinter({x.name: x.name for x in (*row.inputs, *(x for x, _ in row.steps))})
    lines = [f"# {row.says}", f"function _{row.name}({', '.join(x.name for x in row.inputs)})", "    T = typeof(x)"]
    lines += [f"    {x.name} = {printer.doprint(value)}" for x, value in row.steps]
    return "\n".join([*lines, f"    return {printer.doprint(row.value)}", "end"]) + "\n"


def form_source(form: Form) -> str:
    """A path in one regime as a Julia function."""
    inputs, found = [x.name for x in form.inputs], ", ".join(x.name for x in form.outputs)
    printer = JuliaPrinter(own_names(form))
    lines = [f"# {form.says}", f"function {form.name}({', '.join(inputs)})", f"    T = typeof({inputs[0]})"]
    lines += form_lines(
        form,
        printer,
        assigned=lambda name, value: [f"    {name} = {value}"],
        called=lambda given: [f"    {found} = {form.kernel.name}({', '.join(given)})"],
    )
    lines.append(f"    return {', '.join(printer.doprint(value) for _, value in form.results)}")
    return "\n".join([*lines, "end"])


def path_source(path: WholePath) -> str:
    """A path as a Julia function that sends a mode to the kernel of its regime; NaN where there is none."""
    inputs, nothing = ", ".join(path.arguments), ", ".join(["T(NaN)"] * len(path.results))
    lines = [
        '"""',
        f"    {path.name}({inputs})",
        "",
        f"{path.name.capitalize()} of a mode, from the weights at t = 0: that of the kernel",
        "for its regime, NaN where weights of different size decay.",
        '"""',
        f"function {path.name}({inputs})",
        f"    {inputs} = promote({', '.join(f'float({name})' for name in path.arguments)})",
        "    T = typeof(t)",
        "    s = min(t/tau, floatmax(T)/8) # at an infinite time every exponential has vanished",
    ]
    for holds, form in path.cases(JuliaPrinter({name: name for name in path.mode})):
        value = f"{form.name}({', '.join(['s', *path.mode])})" if form else nothing
        lines.append(f"    {holds} && return {value}" if holds else f"    return {value}")
    return "\n".join([*lines, "end"])


def _plain(text: str) -> str:
    """Text that cannot end or fill in a docstring."""
    return text.replace("\\", "/").replace('"', "'").replace("$", "")


def sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship."""
    chosen = members(kernels)
    paths = shipped_paths(kernels)
    forms = [form for path in paths for form in path.forms.values()]
    lines = [*(f"# {line}" for line in head(COMMAND)), "module Modeflow", ""]
    lines += [f"export {', '.join([*(path.name for path in paths), *(k.name for k in chosen)])}", ""]
    lines += functions_called([*chosen, *forms], JuliaPrinter({}), primitive_source)
    functions = [*map(function_source, chosen), *map(form_source, forms)]
    functions += map(path_source, paths)
    return {"Modeflow.jl": "\n".join([*lines, "\n\n".join(functions), "", "end", ""])}


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the module into a directory, which is made if need be; the paths written."""
    return write_files(directory, sources(kernels))


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), sources(kernels), "*.jl")
