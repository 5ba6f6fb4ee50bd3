"""Kernels as JavaScript: one ES module per group of kernels, and `modeflow.mjs`, which sends each point to its kernel.

The steps are the same, in the same order, as those of the Python target, on numbers instead of arrays.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import sympy
from sympy import Expr, Integer, Piecewise, Pow, Rational, S, Symbol
from sympy.printing.precedence import PRECEDENCE

from ..language.kernels import Kernel, check_identifier
from ..language.primitives import Primitive
from ..language.regimes import Form, Regime
from .numpy import (
    DO_NOT_EDIT,
    ArrayPrinter,
    differences,
    form_lines,
    functions_called,
    kernel_function,
    kernel_groups,
    shipped_kernels,
    shipped_regimes,
    write_files,
)
from .self_test import BITS, Point, points_of, points_of_path, unit

COMMAND = "modeflow generate --target javascript -o DIR"
# ECMAScript 2024: reserved words, strict mode and modules included, and the globals that the code uses.
_WORDS = """
    arguments as async await break case catch class const continue debugger default delete do else enum eval export
    extends false finally for from function get if implements import in instanceof interface let new null of package
    private protected public return set static super switch this throw true try typeof undefined var void while with
    yield Infinity NaN Math Number RangeError TypeError
"""
RESERVED = frozenset(_WORDS.split())
_BINADE = """/** A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0. */
function _binade(x, y) {
  const exponent = Math.round(Math.log2(Math.max(Math.abs(x), Math.abs(y))));
  return Math.pow(2, Math.min(Math.max(exponent, -1020), 1020));
}
"""
_SIGNUM = """/** 1 or -1, by the sign of x, that of a zero included. */
function _signum(x) {
  return x < 0 || Object.is(x, -0) ? -1 : 1;
}
"""
_SQUARE = """/** x*x, x computed once. */
function _square(x) {
  return x * x;
}
"""


class NumberPrinter(ArrayPrinter):
    """SymPy to JavaScript expressions in numbers."""

    operators: Mapping[str, str] = {"==": "===", "!=": "!=="}
    native: Mapping[str, str] = {
        "expm1": "Math.expm1({})", "log1p": "Math.log1p({})", "reciprocal": "(1.0 / {})",
        "smallest": "2.2250738585072014e-308",
    }  # fmt: skip
    by_hand: Mapping[str, str] = {"binade": _BINADE, "signum": _SIGNUM}

    def _print_Symbol(self, expr: Symbol) -> str:
        return js_identifier(expr.name)

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        base, power = expr.base, expr.exp
        if power == 2:
            return f"_square({self._print(base)})"
        if power == S.Half:
            return f"Math.sqrt({self._print(base)})"
        if power == -S.Half:
            return f"1.0 / Math.sqrt({self._print(base)})"
        if power == -1:
            return f"1.0 / {self.parenthesize(base, PRECEDENCE['Pow'])}"
        exponent = int(power) if isinstance(power, Integer) else float(power)
        return f"Math.pow({self._print(base)}, {exponent})"

    def _choice(self, expr: Piecewise, condition: str, value: str, other: str) -> str:
        return f"({condition} ? {value} : {other})"

    def _call(self, name: str, arguments: Iterable[Expr]) -> str:
        return f"Math.{name}({', '.join(self._print(x) for x in arguments)})"

    def _print_Rational(self, expr: Rational) -> str:
        return f"({expr.p}.0 / {expr.q}.0)"

    def _nested(self, name: str, arguments: Iterable[Expr]) -> str:
        return self._call(name[:3], sorted(arguments, key=sympy.default_sort_key))  # minimum, maximum

    def emptyPrinter(self, expr: Any) -> str:
        raise ValueError(f"{type(expr).__name__} in {expr}: the JavaScript target cannot print it")


def js_identifier(name: str) -> str:
    """The name, if it may stand in generated JavaScript; ValueError otherwise."""
    if check_identifier(name) in RESERVED:
        raise ValueError(f"{name!r} cannot be a name in generated code; JavaScript reserves it, choose another")
    return name


def function_source(kernel: Kernel) -> str:
    """One kernel as a JavaScript function of the same name, less its group."""
    printer = NumberPrinter()
    inputs = [js_identifier(x.name) for x in kernel.inputs]
    names = [js_identifier(name) for name, _ in kernel.outputs]
    returns = "number" if len(names) == 1 else f"[{', '.join(['number'] * len(names))}]"
    claims = textwrap.wrap(f"Claims: {', '.join(kernel.claims)}.", 106)
    lines = ["/**", f" * {_plain(kernel.says)}", " *", *(f" * {line}" for line in claims)]
    lines += [f" * {kernel.operations()} operations.", *(f" * @param {{number}} {name}" for name in inputs)]
    lines += [f" * @returns {{{returns}}} {', '.join(names)}", " */"]
    lines.append(f"export function {js_identifier(kernel_function(kernel))}({', '.join(inputs)}) {{")
    steps = [
        *((js_identifier(x.name), e) for x, e in kernel.steps),
        *zip(names, (e for _, e in kernel.outputs), strict=True),
    ]
    lines += [f"  const {name} = {printer.doprint(value)};" for name, value in steps]
    lines.append(f"  return {names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'};")
    return "\n".join([*lines, "}"]) + "\n"


def module_source(group: str, kernels: Iterable[Kernel]) -> str:
    """The ES module that holds one group of kernels."""
    members = list(kernels)
    functions = functions_called(members, NumberPrinter(), primitive_source) + [function_source(k) for k in members]
    square = [_SQUARE] if any("_square(" in function for function in functions) else []
    return "\n".join([_head(f"{group.capitalize()} kernels."), *square, *functions])


def primitive_source(row: Primitive) -> str:
    """A primitive as a JavaScript function."""
    printer = NumberPrinter()
    lines = [f"/** {row.says} */", f"function _{row.name}({', '.join(x.name for x in row.inputs)}) {{"]
    lines += [f"  const {x.name} = {printer.doprint(value)};" for x, value in row.steps]
    return "\n".join([*lines, f"  return {printer.doprint(row.value)};", "}"]) + "\n"


def _head(says: str) -> str:
    return (
        f"// {says} {DO_NOT_EDIT}\n//\n"
        f"// Written by modeflow {metadata.version('modeflow')} with SymPy {sympy.__version__}.\n"
        f"// Regenerate with: {COMMAND}\n"
    )


def _part(name: str) -> str:
    return resources.files(__package__).joinpath("javascript_parts", name).read_text(encoding="utf-8")


def _plain(text: str) -> str:
    """Text that cannot end a comment early."""
    return " ".join(text.replace("*/", "* /").split())


_PATHS = ("strength", "weights", "loss", "time")


def condition_source(regime: Regime) -> str:
    """Whether a mode is in a regime, if in none before it."""
    arguments = ", ".join(js_identifier(x.name) for x in regime.arguments)
    text = NumberPrinter().doprint(regime.holds)
    return f"/** Whether {regime.says}. */\nfunction {regime.name}({arguments}) {{\n  return {text};\n}}\n"


def form_source(form: Form) -> str:
    """A path in one regime as a JavaScript function."""
    printer, found = NumberPrinter(), [x.name for x in form.outputs]
    group, function = form.kernel.name.partition("_")[0], kernel_function(form.kernel)
    left = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
    lines = [
        f"/** {form.says}. */",
        f"function {form.name}({', '.join(js_identifier(x.name) for x in form.inputs)}) {{",
    ]
    lines += form_lines(
        form,
        printer,
        assigned=lambda name, value: [f"  const {name} = {value};"],
        called=lambda given: [f"  const {left} = {group}.{function}({', '.join(given)});"],
    )
    results = [printer.doprint(value) for _, value in form.results]
    return (
        "\n".join([*lines, f"  return {results[0] if len(results) == 1 else '[' + ', '.join(results) + ']'};", "}"])
        + "\n"
    )


def front_source() -> str:
    """The module of the evaluators: it checks arguments, and sends each point to its kernel."""
    regimes, forms = shipped_regimes()
    chosen = [form for form in forms if form.path in _PATHS]
    functions = functions_called(chosen, NumberPrinter(), primitive_source)
    functions += [condition_source(regime) for regime in regimes if regime.arguments]
    return "\n".join([_head("Evaluators."), _part("front.mjs"), *functions, *map(form_source, chosen)])


def self_test_source() -> str:
    """The module that holds every kernel, and every path, against true values."""
    kernels, (regimes, forms) = shipped_kernels(), shipped_regimes()
    groups = sorted(kernel_groups(kernels))
    cases = [_case(k.name.replace("_", ".", 1), k.name, p) for k in kernels for p in points_of(k, forms)]
    for path in _PATHS[:-1]:
        points = points_of_path([form for form in forms if form.path == path], regimes)
        cases += [_case(f"front.{path}", path, point) for point in points]
    imports = [f'import * as {group} from "./{group}.mjs";' for group in groups]
    front = "const front = { strength: at(modeflow.strength), weights: at(modeflow.weights), loss: at(modeflow.loss) };"
    at = "const at = (path) => (t, lam, noise, decay, w1, w2) => path(t, lam, { noise, decay, w1, w2 });"
    modules = [*imports, 'import * as modeflow from "./modeflow.mjs";']
    listed = ["const CASES = [", *cases, "];"]
    return "\n".join([_head("Self-test."), *modules, "", at, front, "", *listed, "", _part("self_test.mjs")])


def _case(function: str, name: str, point: Point) -> str:
    """A point as a row of the self-test: name, function, arguments, and of each result its truth."""
    true = [
        f"[{x.near!r}, {x.rest!r}, {2.0 ** unit(x.near, BITS['f64'])!r}, {x.allowed['f64']}]" for x in point.expected
    ]
    at = ", ".join(map(repr, point.at))
    return f'  ["{name}", {function}, [{at}], [{", ".join(true)}]],'


def generated_sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given, or else those that ship and `modeflow.mjs`."""
    groups = kernel_groups(shipped_kernels() if kernels is None else kernels)
    files = {f"{js_identifier(group)}.mjs": module_source(group, members) for group, members in groups.items()}
    return (
        files if kernels is not None else files | {"modeflow.mjs": front_source(), "self_test.mjs": self_test_source()}
    )


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the modules into a directory, which is made if need be; the paths written."""
    return write_files(directory, generated_sources(kernels))


def stale(directory: str | Path) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), generated_sources(), "*.mjs")
