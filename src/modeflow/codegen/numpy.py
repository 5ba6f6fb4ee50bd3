"""Kernels as NumPy source: one module per group of kernels, one function per kernel.

The steps are printed in the order in which the kernel lists them, so the file does not depend on the hash seed
and the rounding of each operation is the one the kernel was written for.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable, Iterable, Mapping
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
from ..language.primitives import PRIMITIVES, TABLE, Primitive, called
from ..language.regimes import Form, Regime

DO_NOT_EDIT = "Generated code: do not edit."
LARGEST = 16 * inputs.MIB  # bytes of a file that may have been generated
COMMAND = "modeflow generate --target python"
_STAMP = "Written by modeflow "
_BINADE = '''def _binade(x: Array, y: Array) -> Array:
    """A power of 2 near the larger of |x| and |y|, whose inverse is finite and not 0."""
    large = np.maximum(np.abs(x), np.abs(y))
    limits = np.finfo(large.dtype)
    large = np.minimum(np.maximum(large, 8.0/limits.max), limits.max/8.0)
    whole = large.view(np.int64 if limits.bits == 64 else np.int32)
    size: Array = (whole & -(1 << limits.nmant)).view(large.dtype)  # the exponent alone
    return size
'''

_SIGNUM = '''def _signum(x: Array) -> Array:
    """1 or -1, by the sign of x, that of a zero included."""
    sign: Array = np.copysign(np.ones((), x.dtype), x)
    return sign
'''


class ArrayPrinter(PythonCodePrinter):  # type: ignore[misc]
    """SymPy to NumPy expressions whose constants are Python floats, so that float32 stays float32.

    operators: comparisons that are written in another way than in Python. native: primitive → how the target's own
    function of the same meaning is called. by_hand: primitive → source of a function that only this target has so.
    What is in neither is a function `_NAME` printed from the steps in the table of primitives. (numpy.hypot is not
    native: it is not vectorised, and takes longer than all else in a kernel.)
    """

    operators: Mapping[str, str] = {}
    native: Mapping[str, str] = {
        "expm1": "np.expm1({})", "log1p": "np.log1p({})", "reciprocal": "(1.0 / {})",
        "smallest": "np.finfo({}.dtype).tiny",
    }  # fmt: skip
    by_hand: Mapping[str, str] = {"binade": _BINADE, "signum": _SIGNUM}

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

    def _print_primitive(self, expr: Expr) -> str:
        name, arguments = type(expr).__name__, [str(self._print(x)) for x in expr.args]
        if name in self.native:
            return self.native[name].format(", ".join(arguments))
        if TABLE[name].value is None and name not in self.by_hand:
            return str(self.emptyPrinter(expr))
        return f"{self.function_of(name)}({', '.join(arguments)})"

    def function_of(self, primitive: str) -> str:
        """The name of the function that computes a primitive."""
        return f"_{primitive}"

    def step(self, expression: Expr) -> str:
        """A step before a kernel is called; where only few modes are an exception, others are spared the choice."""
        text = str(self.doprint(expression))
        if isinstance(expression, Piecewise) and len(expression.args) == 2 and expression.args[1][0].is_Symbol:
            (_, condition), (other, _) = expression.args
            return f"{text} if np.any({self._print(condition)}) else {self._print(other)}"
        return text

    def _print_nested(self, expr: Expr) -> str:
        z, *divisors = expr.args
        variable, one = self.parenthesize(z, PRECEDENCE["Pow"]), self._print(S.One)
        text = ""
        for divisor in reversed(divisors):
            term = f"{variable}/{self._print(divisor)}"
            text = f"({one} + {term}*{text})" if text else f"({one} + {term})"
        return text

    def _print_Mul(self, expr: Expr) -> str:
        """A factor p/q that no binary number is, as a division by q, which is rounded once."""
        coefficient, rest = expr.as_coeff_Mul()
        if not isinstance(coefficient, Rational) or _is_dyadic(coefficient) or coefficient < 0:
            return str(super()._print_Mul(expr))
        above = self.parenthesize(rest if coefficient.p == 1 else coefficient.p * rest, PRECEDENCE["Mul"])
        return f"{above}/{self._print(Integer(coefficient.q))}"

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


for _row in PRIMITIVES:  # over those that SymPy's printer has of the same names
    setattr(ArrayPrinter, f"_print_{_row.name}", ArrayPrinter._print_primitive)


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
    return "\n\n".join([head, *functions_called(members, ArrayPrinter(), primitive_source), *functions])


def functions_called(
    members: Iterable[Kernel | Form], printer: ArrayPrinter, source: Callable[[Primitive], str]
) -> list[str]:
    """The functions of the primitives that these call, as the target writes them: by hand, or printed by `source`."""
    rows = called([e for member in members for e in member.expressions()])
    others = [row for row in rows if row.name not in printer.native]
    return [printer.by_hand[row.name] if row.name in printer.by_hand else source(row) for row in others]


def primitive_source(row: Primitive, printer: ArrayPrinter | None = None, opening: Iterable[str] = ()) -> str:
    """A primitive as a Python function; `opening` are lines before its steps."""
    printer = printer or ArrayPrinter()
    arguments = ", ".join(f"{x.name}: Array" for x in row.inputs)
    lines = [f"def {printer.function_of(row.name)}({arguments}) -> Array:", f'    """{row.says}"""']
    lines += [f"    {line}" for line in opening]
    lines += [f"    {x.name} = {printer.doprint(value)}" for x, value in row.steps]
    lines += [f"    value: Array = {printer.doprint(row.value)}", "    return value"]
    return "\n".join(lines) + "\n"


def chapter_of(kernels: Iterable[Kernel]) -> str:
    """The chapter whose claims the kernels name."""
    return " ".join(sorted({claim.partition(".")[0] for kernel in kernels for claim in kernel.claims})) or "eval"


def kernel_function(kernel: Kernel) -> str:
    """The name of its function, less the group."""
    return check_identifier(kernel.name.partition("_")[2])


def form_lines(
    form: Form,
    printer: ArrayPrinter,
    assigned: Callable[[str, str], Iterable[str]],
    called: Callable[[list[str]], Iterable[str]],
    step: Callable[[Expr], str] | None = None,
) -> list[str]:
    """The lines of a form in any language, up to its results: its steps, the call of its kernel, and what follows.

    assigned: the lines that give a name the value of an expression. called: those that call the kernel on expressions.
    step: how an expression before the call is printed, if not as all others.
    """
    lines = [line for x, value in form.steps for line in assigned(x.name, (step or printer.doprint)(value))]
    lines += called([printer.doprint(value) for value in form.arguments])
    return lines + [line for x, value in form.after for line in assigned(x.name, printer.doprint(value))]


def form_source(form: Form, printer: ArrayPrinter, opening: Iterable[str] = ()) -> str:
    """A path in one regime as a Python function; `opening` are lines before its steps."""
    arguments = ", ".join(f"{check_identifier(x.name)}: Array" for x in form.inputs)
    names = [check_identifier(name) for name, _ in form.results]
    returns = "Array" if len(names) == 1 else f"tuple[{', '.join(['Array'] * len(names))}]"
    found = ", ".join(x.name for x in form.outputs)
    group, function = form.kernel.name.partition("_")[0], kernel_function(form.kernel)
    lines = [
        f"def {form.name}({arguments}) -> {returns}:",
        f'    """{form.says}."""',
        *(f"    {line}" for line in opening),
    ]
    lines += form_lines(
        form,
        printer,
        assigned=lambda name, value: [f"    {name} = {value}"],
        called=lambda given: [f"    {found} = {group}.{function}({', '.join(given)})"],
        step=printer.step,
    )
    lines += [f"    {name}: Array = {printer.doprint(value)}" for name, value in form.results]
    return "\n".join([*lines, f"    return {', '.join(names)}"]) + "\n"


def condition_source(regime: Regime, printer: ArrayPrinter, opening: Iterable[str] = ()) -> str:
    """Whether modes are in a regime, if in none before it."""
    arguments = ", ".join(f"{x.name}: Array" for x in regime.arguments)
    lines = [
        f"def {regime.name}({arguments}) -> Mask:",
        f'    """Where {regime.says}."""',
        *(f"    {line}" for line in opening),
    ]
    return "\n".join([*lines, f"    where: Mask = {printer.doprint(regime.holds)}", "    return where"]) + "\n"


def regimes_source() -> str:
    """The module that says which kernel serves which arguments."""
    regimes, forms = shipped_regimes()
    groups = sorted({form.kernel.name.partition("_")[0] for form in forms})
    head = f'''"""Which kernel serves which arguments. {DO_NOT_EDIT}

{_STAMP}{metadata.version("modeflow")} with SymPy {sympy.__version__}.
Regenerate with: {COMMAND}
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import {", ".join(groups)}

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
'''
    printer = ArrayPrinter()
    conditions = [condition_source(regime, printer) for regime in regimes if regime.arguments]
    functions = [*conditions, *(form_source(form, printer) for form in forms)]
    return "\n\n".join([head, *functions_called(forms, printer, primitive_source), *functions])


def _plain(text: str) -> str:
    """Text that cannot end a docstring early."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def shipped_kernels() -> tuple[Kernel, ...]:
    """The kernels of the chapters of computing forms."""
    # By name and late: the engine does not depend on the chapters.
    chapters = (import_module(f"modeflow.derivations.{name}") for name in ("evaluation", "gradients", "regimes"))
    return tuple(kernel for chapter in chapters for kernel in chapter.KERNELS)


def shipped_regimes() -> tuple[tuple[Regime, ...], tuple[Form, ...]]:
    """The regimes in their order, and the forms that paths have in them."""
    chapter = import_module("modeflow.derivations.regimes")
    return chapter.REGIMES, chapter.FORMS


def generated_sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship.

    Raises ValueError for a kernel name without a group and for anything the printer cannot print.
    """
    groups = kernel_groups(shipped_kernels() if kernels is None else kernels)
    modules = {f"{group}.py": module_source(group, members) for group, members in groups.items()}
    return modules if kernels is not None else modules | {"regimes.py": regimes_source()}


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
