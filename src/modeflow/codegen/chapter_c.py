"""The evaluators of a chapter of anyone's in C99: a function for each proved claim that gives one."""

from __future__ import annotations

from collections.abc import Mapping

from sympy.printing.c import C99CodePrinter

from .c import C_KEYWORDS
from .chapter_scalar import ScalarFunction, comment, functions, told
from .evaluator import Evaluator
from .numpy import DO_NOT_EDIT
from .special import NAMES, Calls, helpers

PATTERN = "*_evaluators.[ch]"
# What math.h declares besides what the other C code calls.
_MATHEMATICS = """
    outside NAN INFINITY isinf isnan isfinite pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh fmin
    fmax fmod floor ceil round trunc rint erf erfc tgamma lgamma gamma signgam j0 j1 jn y0 y1 yn cbrt exp2 log2 log10
    logb fma frexp ldexp modf nan remainder scalb significand drem abs div index
"""
_WORDS = C_KEYWORDS | frozenset(_MATHEMATICS.split()) | NAMES
_CHECK = """static int outside(double x, int holds)
{
    return isinf(x) || (!holds && !isnan(x));
}
"""


class _Printer(Calls, C99CodePrinter):  # type: ignore[misc, unused-ignore]
    """Expressions of C99, with what its library lacks."""


def files(key: str, evaluators: Mapping[str, Evaluator]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of a header and a source, by their names, and of each evaluator that is not in them why."""
    found, left_out = functions(key, evaluators, _WORDS, lambda: _Printer({"strict": True}))
    name = f"{key}_evaluators"
    guard = f"{name.upper()}_H"
    (title,) = comment([f"Evaluators of the chapter {key}, from its proved claims. {DO_NOT_EDIT}"])
    rule = "Each returns 0, or n where its n-th argument is outside its domain, or -1 where a result is not finite,"
    head = [f"/* {title}", f"   {rule}", "   or -2 where it does not hold. NaN goes in and comes out. */"]
    header = [*head, f"#ifndef {guard}", f"#define {guard}", ""]
    for one in found:
        header += [_comment(one), f"{_signature(one)};", ""]
    bodies = "\n".join(map(_body, found))
    checks = [_CHECK] if found else []
    source = [*head, "#include <math.h>", f'#include "{name}.h"', "", *checks, helpers(bodies, c=True) + bodies]
    return {
        f"{name}.h": "\n".join([*header, "#endif", ""]),
        f"{name}.c": "\n".join(source),
    }, left_out


def _comment(one: ScalarFunction) -> str:
    return "/* " + "\n   ".join(told(one)) + " */"


def _signature(one: ScalarFunction) -> str:
    given = [f"double {a.name}" for a in one.arguments]
    return f"int {one.name}({', '.join([*given, *(f'double *{output}' for _, output, _ in one.results)])})"


def _body(one: ScalarFunction) -> str:
    outputs = [output for _, output, _ in one.results]
    lines = [f"    *{output} = NAN;" for output in outputs]
    lines += [f"    if (outside({a.name}, {a.holds})) return {n};" for n, a in enumerate(one.arguments, start=1)]
    given = " || ".join(f"isnan({a.name})" for a in one.arguments)
    lines += [f"    if (!({holds}) && !({given})) return -2;" for _, holds in one.given]
    lines += [f"    {line}" for line in one.place(c=True)]
    lines += [f"    const double {name} = {value};" for name, value in one.steps]
    lines += [f"    *{output} = {value};" for _, output, value in one.results]
    all_finite = " && ".join(f"isfinite(*{output})" for output in outputs)
    lines.append(f"    return ({all_finite}) || {given} ? 0 : -1;")
    return one.rate(c=True) + "\n".join([_signature(one), "{", *lines, "}", ""])
