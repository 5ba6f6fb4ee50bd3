"""Kernels as Julia: one module of generic functions, to be broadcast with a dot."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from sympy import Piecewise

from ..language.kernels import Kernel
from ..language.primitives import Primitive
from ..language.regimes import Form, Regime
from .numpy import differences, functions_called, shipped_regimes, write_files
from .scalar_targets import PATHS, ScalarPrinter, assignments, head, members, names_in, told

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
    inputs = [x.name for x in form.inputs]
    steps, found = [x.name for x, _ in (*form.steps, *form.after)], [x.name for x in form.outputs]
    printer = JuliaPrinter({name: name for name in (*inputs, *steps, *found)})
    lines = [f"# {form.says}", f"function {form.name}({', '.join(inputs)})", f"    T = typeof({inputs[0]})"]
    lines += [f"    {x.name} = {printer.doprint(value)}" for x, value in form.steps]
    lines.append(f"    {', '.join(found)} = {form.kernel.name}({', '.join(map(printer.doprint, form.arguments))})")
    lines += [f"    {x.name} = {printer.doprint(value)}" for x, value in form.after]
    lines.append(f"    return {', '.join(printer.doprint(value) for _, value in form.results)}")
    return "\n".join([*lines, "end"])


def path_source(path: str, regimes: Iterable[Regime], forms: Iterable[Form]) -> str:
    """A path as a Julia function that sends a mode to the kernel of its regime; NaN where there is none."""
    of = {form.regime: form for form in forms if form.path == path}
    first, *mode = (x.name for x in next(iter(of.values())).inputs)
    inputs, count = ", ".join(["t", *mode, "tau"]), len(next(iter(of.values())).results)
    printer = JuliaPrinter({name: name for name in (first, *mode)})
    lines = [
        '"""',
        f"    {path}({inputs})",
        "",
        f"{path.capitalize()} of a mode, from the weights at t = 0: that of the kernel",
    ]
    lines += ["for its regime, NaN where weights of different size decay.", '"""', f"function {path}({inputs})"]
    lines.append(f"    {inputs} = promote({', '.join(f'float({name})' for name in inputs.split(', '))})")
    lines += [
        "    T = typeof(t)",
        "    s = min(t/tau, floatmax(T)/8) # at an infinite time every exponential has vanished",
    ]
    for regime in regimes:
        value = (
            f"{of[regime.name].name}({', '.join([first, *mode])})"
            if regime.name in of
            else ", ".join(["T(NaN)"] * count)
        )
        condition = f"{printer.doprint(regime.holds)} && " if regime.arguments else ""
        lines.append(f"    {condition}return {value}")
    return "\n".join([*lines, "end"])


def _plain(text: str) -> str:
    """Text that cannot end or fill in a docstring."""
    return text.replace("\\", "/").replace('"', "'").replace("$", "")


def sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship."""
    chosen = members(kernels)
    regimes, forms = shipped_regimes() if kernels is None else ((), ())
    forms = tuple(form for form in forms if form.path in PATHS)
    paths = [path for path in PATHS if forms]
    lines = [*(f"# {line}" for line in head(COMMAND)), "module Modeflow", ""]
    lines += [f"export {', '.join([*paths, *(k.name for k in chosen)])}", ""]
    lines += functions_called([*chosen, *forms], JuliaPrinter({}), primitive_source)
    functions = [*map(function_source, chosen), *map(form_source, forms)]
    functions += [path_source(path, regimes, forms) for path in paths]
    return {"Modeflow.jl": "\n".join([*lines, "\n\n".join(functions), "", "end", ""])}


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the module into a directory, which is made if need be; the paths written."""
    return write_files(directory, sources(kernels))


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), sources(kernels), "*.jl")
