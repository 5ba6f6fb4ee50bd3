"""Kernels as functions of any library's arrays: the NumPy modules, with the array's own namespace in NumPy's place.

Only what the array API standard defines is called (https://data-apis.org/array-api/2024.12).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

import sympy
from sympy import Expr, default_sort_key

from ..language.kernels import Kernel, check_identifier
from ..language.primitives import Primitive
from .numpy import (
    DO_NOT_EDIT,
    ArrayPrinter,
    chapter_of,
    condition_source,
    differences,
    form_source,
    function_source,
    functions_called,
    kernel_function,
    kernel_groups,
    primitive_source,
    shipped_kernels,
    shipped_regimes,
    write_files,
)

COMMAND = "modeflow generate --target array_api"
NAMESPACE = "xp"  # its name, by convention
# The standard cannot take a number apart: here the size itself is taken, and the scaled numbers are rounded.
_BINADE = '''def _binade(x: Array, y: Array) -> Array:
    """The larger of |x| and |y|, or the least number whose inverse is finite."""
    xp = array_namespace(x, y)
    x, y = xp.abs(x), xp.abs(y)
    large = xp.maximum(x, y)
    size: Array = xp.maximum(large, xp.full_like(large, xp.finfo(large.dtype).smallest_normal))
    return size
'''

_SIGNUM = '''def _signum(x: Array) -> Array:
    """1 or -1, by the sign of x, that of a zero included."""
    xp = array_namespace(x)
    sign: Array = xp.copysign(xp.ones_like(x), x)
    return sign
'''


class NamespacePrinter(ArrayPrinter):
    """SymPy to expressions in the functions of a namespace `xp`."""

    by_hand: Mapping[str, str] = {"binade": _BINADE, "signum": _SIGNUM}
    native: Mapping[str, str] = {
        **ArrayPrinter.native,
        "smallest": "np.full_like({0}, np.finfo({0}.dtype).smallest_normal)",
    }

    def doprint(self, expr: Expr) -> str:
        return _elsewhere(super().doprint(expr))

    def step(self, expression: Expr) -> str:
        return self.doprint(expression)  # what is true of values is not asked while they may still be computed

    def _nested(self, name: str, arguments: Iterable[Expr]) -> str:
        """Numbers as arrays: not every library takes them in minimum and maximum."""
        arguments = list(arguments)
        if not any(x.is_number for x in arguments):
            return super()._nested(name, arguments)
        *numbers, like = sorted(arguments, key=lambda x: (not x.is_number, default_sort_key(x)))
        text = str(self._print(like))
        for x in numbers:
            other = f"np.full_like({self._print(like)}, {self._print(x)})" if x.is_number else self._print(x)
            text = f"np.{name}({text}, {other})"
        return text


def array_identifier(name: str) -> str:
    """The name, if it may stand beside the namespace's; ValueError otherwise."""
    if check_identifier(name) in (NAMESPACE, "array_namespace"):
        raise ValueError(f"{name!r} cannot be a name in this target; it is the namespace's, choose another")
    return name


def module_source(group: str, kernels: Iterable[Kernel]) -> str:
    """The module that holds one group of kernels."""
    members = list(kernels)
    head = f'''"""{group.capitalize()} kernels. {DO_NOT_EDIT}

For arrays of any library that follows the array API standard, 2024.12.
Written by modeflow {metadata.version("modeflow")} with SymPy {sympy.__version__}.
Regenerate with: {COMMAND}
Claims are named with each function; `modeflow verify {chapter_of(members)}` proves them all.
Operations per point: {", ".join(f"{kernel_function(k)} {k.operations()}" for k in members)}.
"""

from typing import Any

from array_api_compat import array_namespace

Array = Any
'''
    functions = [_function(k) for k in members]
    return "\n\n".join([head, *functions_called(members, NamespacePrinter(), _primitive), *functions])


def _function(kernel: Kernel) -> str:
    for name in (*(x.name for x in kernel.inputs), *(x.name for x, _ in kernel.steps), *(n for n, _ in kernel.outputs)):
        array_identifier(name)
    return function_source(kernel, NamespacePrinter(), [_find(x.name for x in kernel.inputs)])


def _primitive(row: Primitive) -> str:
    return primitive_source(row, NamespacePrinter(), [_find(x.name for x in row.inputs)])


def regimes_source() -> str:
    """The module that says which kernel serves which arguments."""
    regimes, forms = shipped_regimes()
    groups = sorted({form.kernel.name.partition("_")[0] for form in forms})
    head = f'''"""Which kernel serves which arguments. {DO_NOT_EDIT}

For arrays of any library that follows the array API standard, 2024.12.
Written by modeflow {metadata.version("modeflow")} with SymPy {sympy.__version__}.
Regenerate with: {COMMAND}
"""

from typing import Any

from array_api_compat import array_namespace

from . import {", ".join(groups)}

Array = Any
Mask = Any
'''
    printer = NamespacePrinter()
    named = [regime for regime in regimes if regime.arguments]
    functions = [condition_source(regime, printer, [_find(x.name for x in regime.arguments)]) for regime in named]
    functions += [form_source(form, printer, [_find(x.name for x in form.inputs)]) for form in forms]
    return "\n\n".join([head, *functions_called(forms, printer, _primitive), *functions])


def _find(names: Iterable[str]) -> str:
    return f"{NAMESPACE} = array_namespace({', '.join(names)})"


def _elsewhere(text: str) -> str:
    """NumPy's functions replaced; no name in a kernel is `np`, and none is followed by a dot."""
    return re.sub(r"\bnp\.", f"{NAMESPACE}.", text)


def generated_sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given or else those that ship."""
    groups = kernel_groups(shipped_kernels() if kernels is None else kernels)
    modules = {f"{group}.py": module_source(group, members) for group, members in groups.items()}
    return modules if kernels is not None else modules | {"regimes.py": regimes_source()}


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the generated modules into a directory, which is made if need be; the paths written."""
    return write_files(directory, generated_sources(kernels))


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), generated_sources(kernels), "*.py")
