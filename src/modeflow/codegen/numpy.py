"""Kernels as NumPy source: one module per group of kernels, one function per kernel.

The steps are printed in the order in which the kernel lists them, so the file does not depend on the hash seed
and the rounding of each operation is the one the kernel was written for.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Mapping
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import sympy
from sympy import Add, Expr, Integer, Piecewise, Pow, Rational, S, Symbol
from sympy.core.relational import Relational
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.pycode import PythonCodePrinter

from ..files import inputs, write_all
from ..language.kernels import Kernel, check_identifier

DO_NOT_EDIT = "Generated code: do not edit."
LARGEST = 16 * inputs.MIB  # bytes of a file that may have been generated
COMMAND = "modeflow generate --target python"
_STAMP = "Written by modeflow "
# numpy.hypot is not vectorised and takes longer than all else in a kernel; this has its range, within an ulp.
_HYPOT = '''def _hypot(x: Array, y: Array) -> Array:
    """The root of x*x + y*y, without overflow or underflow of the squares."""
    x, y = np.abs(x), np.abs(y)
    large = np.maximum(x, y)
    ratio = np.minimum(x, y)/np.maximum(large, np.finfo(large.dtype).tiny)
    root: Array = large*np.sqrt(1.0 + np.square(ratio))
    return root
'''
_BINADE = '''def _binade(x: Array, y: Array) -> Array:
    """A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0."""
    large = np.maximum(np.abs(x), np.abs(y))
    limits = np.finfo(large.dtype)
    large = np.minimum(np.maximum(large, 8.0/limits.max), limits.max/8.0)
    whole = large.view(np.int64 if limits.bits == 64 else np.int32)
    size: Array = (whole & -(1 << limits.nmant)).view(large.dtype)  # the exponent alone
    return size
'''
# Series where the closed form would lose digits; the terms have one sign, or fall by more than half.
_EXPM2 = '''def _expm2(x: Array) -> Array:
    """e^x - 1 - x."""
    near = np.where(np.abs(x) < 1.0, x, 0.0*x)
    series = 1.0 + near/19.0
    for n in range(18, 2, -1):
        series = 1.0 + near/float(n)*series
    value: Array = np.where(np.abs(x) < 1.0, 0.5*np.square(near)*series, np.expm1(x) - x)
    return value
'''
_FADE2 = '''def _fade2(x: Array) -> Array:
    """1 - (1 + x)e^(-x), for x >= 0."""
    near, E = np.minimum(x, 1.0), np.exp(-x)
    value: Array = np.where(x < 1.0, E*_expm2(near), -np.expm1(-x) - x*E)
    return value
'''
_FADE3 = '''def _fade3(x: Array) -> Array:
    """1 - e^(-2x) - 2x e^(-x), for x >= 0."""
    near, E = np.minimum(x, 1.5), np.exp(-x)
    square = np.square(near)
    series = 1.0 + square/420.0
    for n in range(18, 2, -2):
        series = 1.0 + square/float(n*(n + 1))*series
    value: Array = np.where(x < 1.5, near*square*E*series/3.0, -np.expm1(-2.0*x) - 2.0*x*E)
    return value
'''
_FADE4 = '''def _fade4(x: Array) -> Array:
    """x(1 + e^(-2x)) - (1 - e^(-2x)), for x >= 0."""
    near, E = np.minimum(x, 1.5), np.exp(-x)
    square = np.square(near)
    series = 1.0 + square/378.0
    for n in range(16, 0, -2):
        series = 1.0 + square/float(n*(n + 3))*series
    value: Array = np.where(x < 1.5, 2.0*near*square*E*series/3.0, x*(1.0 + np.square(E)) + np.expm1(-2.0*x))
    return value
'''
_HELPERS = {
    "_hypot": _HYPOT, "_binade": _BINADE, "_expm2": _EXPM2, "_fade2": _FADE2, "_fade3": _FADE3, "_fade4": _FADE4,
}  # fmt: skip


class ArrayPrinter(PythonCodePrinter):  # type: ignore[misc]
    """SymPy to NumPy expressions whose constants are Python floats, so that float32 stays float32."""

    operators: Mapping[str, str] = {}  # comparisons that are written in another way than in Python

    def _print_Symbol(self, expr: Symbol) -> str:
        return check_identifier(expr.name)

    def _print_Integer(self, expr: Integer) -> str:
        return f"{int(expr.p)}.0"

    def _print_Rational(self, expr: Rational) -> str:
        return repr(expr.p / expr.q) if _is_dyadic(expr) else f"({expr.p}.0 / {expr.q}.0)"

    _print_Half = _print_Rational

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        if isinstance(item, Rational) and item > 0:  # prints as one literal, or with its own parentheses
            return str(self._print(item))
        return str(super().parenthesize(item, level, strict))

    def _print_One(self, expr: Any) -> str:
        return "1.0"

    def _print_Zero(self, expr: Any) -> str:
        return "0.0"

    def _print_NegativeOne(self, expr: Any) -> str:
        return "-1.0"

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        """Positive terms first: `lam - gap` is one operation on arrays where `-gap + lam` is two."""
        terms = expr.as_ordered_terms()
        rising = [term for term in terms if not term.could_extract_minus_sign()]
        sinking = [-term for term in terms if term.could_extract_minus_sign()]
        text = " + ".join(self.parenthesize(term, PRECEDENCE["Add"]) for term in rising)
        if not rising:
            text = "-" + self.parenthesize(sinking.pop(0), PRECEDENCE["Mul"])
        return text + "".join(" - " + self.parenthesize(term, PRECEDENCE["Mul"]) for term in sinking)

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        base, power = expr.base, expr.exp
        if power == 2:
            return f"np.square({self._print(base)})"
        if power == S.Half:
            return f"np.sqrt({self._print(base)})"
        if power == -S.Half:
            return f"1.0 / np.sqrt({self._print(base)})"
        wrapped = self.parenthesize(base, PRECEDENCE["Pow"])
        if power == -1:
            return f"1.0 / {wrapped}"
        return f"{wrapped}**{int(power)}" if power.is_Integer else f"{wrapped}**{float(power)}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        (value, condition), *rest = expr.args
        if condition is S.true:
            return str(self._print(value))
        if not rest:
            raise ValueError(f"{expr}: no value where {condition} fails; end every Piecewise with (value, True)")
        other = self._print(Piecewise(*rest, evaluate=False)) if len(rest) > 1 else self._print(rest[0][0])
        return self._choice(expr, self._print(condition), self._print(value), other)

    def _choice(self, expr: Piecewise, condition: str, value: str, other: str) -> str:
        if all(value.is_number for value, _ in expr.args):
            # numpy.where of two Python floats is float64, whatever the condition came from.
            raise ValueError(f"{expr}: numbers in every case would turn float32 into float64; multiply them in")
        return f"np.where({condition}, {value}, {other})"

    def _print_Relational(self, expr: Relational) -> str:
        level = precedence(expr)
        left, right = self.parenthesize(expr.lhs, level), self.parenthesize(expr.rhs, level)
        return f"{left} {self.operators.get(expr.rel_op, expr.rel_op)} {right}"

    def _call(self, name: str, arguments: Iterable[Expr]) -> str:
        return f"np.{name}({', '.join(self._print(x) for x in arguments)})"

    def _print_exp(self, expr: Expr) -> str:
        return self._call("exp", expr.args)

    def _print_log(self, expr: Expr) -> str:
        return self._call("log", expr.args)

    def _print_expm1(self, expr: Expr) -> str:
        return self._call("expm1", expr.args)

    def _print_log1p(self, expr: Expr) -> str:
        return self._call("log1p", expr.args)

    def _print_hypot(self, expr: Expr) -> str:
        return f"_hypot({', '.join(self._print(x) for x in expr.args)})"

    def _print_binade(self, expr: Expr) -> str:
        return f"_binade({', '.join(self._print(x) for x in expr.args)})"

    def _print_reciprocal(self, expr: Expr) -> str:
        return f"(1.0 / {self._print(expr.args[0])})"

    def _print_expm2(self, expr: Expr) -> str:
        return f"_expm2({self._print(expr.args[0])})"

    def _print_fade2(self, expr: Expr) -> str:
        return f"_fade2({self._print(expr.args[0])})"

    def _print_fade3(self, expr: Expr) -> str:
        return f"_fade3({self._print(expr.args[0])})"

    def _print_fade4(self, expr: Expr) -> str:
        return f"_fade4({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Expr) -> str:
        return self._call("abs", expr.args)

    def _print_Min(self, expr: Expr) -> str:
        return self._nested("minimum", expr.args)

    def _print_Max(self, expr: Expr) -> str:
        return self._nested("maximum", expr.args)

    def _nested(self, name: str, arguments: Iterable[Expr]) -> str:
        first, *rest = sorted(arguments, key=sympy.default_sort_key)
        text = str(self._print(first))
        for other in rest:
            text = f"np.{name}({text}, {self._print(other)})"
        return text

    def emptyPrinter(self, expr: Any) -> str:
        raise ValueError(f"{type(expr).__name__} in {expr}: the Python target cannot print it")


def _is_dyadic(number: Rational) -> bool:
    return bool(number.q & (number.q - 1) == 0) and max(abs(number.p), number.q) < 2**53


def function_source(kernel: Kernel, printer: ArrayPrinter | None = None, opening: Iterable[str] = ()) -> str:
    """One kernel as a Python function of the same name, less its group; `opening` are lines before its steps."""
    printer = printer or ArrayPrinter()
    arguments = ", ".join(f"{check_identifier(x.name)}: Array" for x in kernel.inputs)
    names = [check_identifier(name) for name, _ in kernel.outputs]
    returns = "Array" if len(names) == 1 else f"tuple[{', '.join(['Array'] * len(names))}]"
    lines = [
        f"def {kernel_function(kernel)}({arguments}) -> {returns}:",
        f'    """{_plain(kernel.says)}',
        "",
        *textwrap.wrap(f"Claims: {', '.join(kernel.claims)}.", 106, initial_indent="    ", subsequent_indent="    "),
        f"    Returns {', '.join(names)}; {kernel.operations()} operations.",
        '    """',
    ]
    lines += [f"    {line}" for line in opening]
    lines += [f"    {check_identifier(x.name)} = {printer.doprint(value)}" for x, value in kernel.steps]
    lines += [f"    {name}: Array = {printer.doprint(value)}" for name, value in kernel.outputs]
    lines.append(f"    return {', '.join(names)}")
    return "\n".join(lines) + "\n"


def module_source(group: str, kernels: Iterable[Kernel]) -> str:
    """The module that holds one group of kernels."""
    members = list(kernels)
    head = f'''"""{group.capitalize()} kernels. {DO_NOT_EDIT}

{_STAMP}{metadata.version("modeflow")} with SymPy {sympy.__version__}.
Regenerate with: {COMMAND}
Claims are named with each function; `modeflow verify {chapter_of(members)}` proves them all.
Operations per point: {", ".join(f"{kernel_function(k)} {k.operations()}" for k in members)}.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
'''
    functions = [function_source(k) for k in members]
    return "\n\n".join([head, *functions_called(functions), *functions])


def functions_called(functions: Iterable[str], others: Mapping[str, str] | None = None) -> list[str]:
    """The sources of the functions written by hand that these call; `others` take the place of those of their names."""
    text = "".join(functions)
    if "_fade2(" in text:  # it calls the other
        text += "_expm2("
    return [source for name, source in (_HELPERS | dict(others or {})).items() if f"{name}(" in text]


def chapter_of(kernels: Iterable[Kernel]) -> str:
    """The chapter whose claims the kernels name."""
    return " ".join(sorted({claim.partition(".")[0] for kernel in kernels for claim in kernel.claims})) or "eval"


def kernel_function(kernel: Kernel) -> str:
    """The name of its function, less the group."""
    return check_identifier(kernel.name.partition("_")[2])


def _plain(text: str) -> str:
    """Text that cannot end a docstring early."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def shipped_kernels() -> tuple[Kernel, ...]:
    """The kernels of the chapter of computing forms."""
    # By name and late: the engine does not depend on the chapters.
    chapters = (import_module(f"modeflow.derivations.{name}") for name in ("evaluation", "gradients"))
    return tuple(kernel for chapter in chapters for kernel in chapter.KERNELS)


def generated_sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship.

    Raises ValueError for a kernel name without a group and for anything the printer cannot print.
    """
    groups = kernel_groups(shipped_kernels() if kernels is None else kernels)
    return {f"{group}.py": module_source(group, members) for group, members in groups.items()}


def kernel_groups(kernels: Iterable[Kernel]) -> dict[str, list[Kernel]]:
    """Group → its kernels. Raises ValueError for a kernel name without a group."""
    groups: dict[str, list[Kernel]] = {}
    for kernel in kernels:
        group, _, function = kernel.name.partition("_")
        if not function:
            raise ValueError(f"kernel {kernel.name}: name it group_function, so that it has a module to go to")
        groups.setdefault(check_identifier(group), []).append(kernel)
    return groups


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the generated modules into a directory, which is made if need be; the paths written."""
    return write_files(directory, generated_sources(kernels))


def write_files(directory: str | Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts by file name into a directory, which is made if need be; the paths written."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / name: text for name, text in texts.items()}
    write_all(paths)
    return list(paths)


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now.

    The line that states the versions is left out of the comparison: another SymPy that prints the same code
    does not make a file stale.
    """
    return differences(Path(directory), generated_sources(kernels), "*.py")


def differences(folder: Path, fresh: Mapping[str, str], pattern: str) -> list[str]:
    """A unified diff for each file that is not as fresh, among these and those generated before."""
    found = _generated_in(folder, pattern)
    diffs = (_difference(found.get(n, ""), fresh.get(n, ""), folder / n) for n in sorted({*found, *fresh}))
    return [diff for diff in diffs if diff]


def _generated_in(folder: Path, pattern: str) -> Mapping[str, str]:
    texts = {path.name: inputs.text(path, LARGEST) for path in sorted(folder.glob(pattern))}
    return {name: text for name, text in texts.items() if DO_NOT_EDIT in text or name != "__init__.py"}


def _difference(old: str, new: str, path: Path) -> str:
    before, after = _without_stamp(old), _without_stamp(new)
    return "".join(difflib.unified_diff(before, after, f"{path} (as it is)", f"{path} (regenerated)"))


def _without_stamp(text: str) -> list[str]:
    return [line for line in text.splitlines(keepends=True) if _STAMP not in line]
