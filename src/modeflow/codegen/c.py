"""Kernels as C99: one header and one source without dependencies, whose loops a compiler vectorises.

The arithmetic of the kernels is printed from the same proved steps as the NumPy modules. What is written by hand, exp
and expm1 in plain arithmetic and the loops over arrays, lies in c_parts, with @placeholders@ for the type.
"""

from __future__ import annotations

import operator
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import metadata, resources
from itertools import accumulate
from pathlib import Path
from typing import Any

import mpmath
from sympy import Expr, Integer, Piecewise, Pow, Rational, Symbol

from ..language.kernels import Kernel, check_identifier
from ..language.primitives import Primitive
from ..language.regimes import Form, Regime
from .c_self_test import self_test
from .cut import known_form, rate_form
from .numpy import (
    ArrayPrinter,
    differences,
    form_lines,
    functions_called,
    shipped_kernels,
    shipped_regimes,
    write_files,
)

COMMAND = "modeflow generate --target c"
ARGUMENTS = ("T", "LAM", "NOISE", "DECAY", "W1", "W2", "TAU")  # S = t/tau comes in the place of T
GROUPS = ("direct_", "balanced_", "gradient_")  # of the kernels that ship
PATHS = ("strength", "weights", "loss", "slopes")
ONCE = ("strength", "loss")  # for which what depends on the mode alone is computed once for all its times
C_KEYWORDS = frozenset({
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "main",
    "exp", "expm1", "log", "log1p", "sqrt", "fabs", "hypot", "copysign", "memcpy", "size_t", "ptrdiff_t",
})  # fmt: skip
_REALS: dict[str, dict[str, str]] = {
    "f64": {
        "real": "double", "bits": "uint64_t", "mantissa": "52", "bias": "1022.0", "magic": "6755399441055744.0",
        "least": "-708.39", "most": "709.9", "inverse_ln2": "1.4426950408889634", "ln2_high": "0.6931471803691238",
        "ln2_low": "1.9082149292705877e-10", "least_of_all": "-745.9", "raised": "0x1p53", "raised_bias": "1076.0",
        "one": "1.0", "tiny": "DBL_MIN", "roomy": "0x1p1019", "max": "DBL_MAX", "epsilon": "DBL_EPSILON",
        "times": "2048", "row": "64",
        "sqrt": "sqrt", "fabs": "fabs", "copysign": "copysign", "settled": "1e150",
    },
    "f32": {
        "real": "float", "bits": "uint32_t", "mantissa": "23", "bias": "126.0f", "magic": "12582912.0f",
        "least": "-87.33f", "most": "88.9f", "inverse_ln2": "1.44269504f", "ln2_high": "0.693359375f",
        "ln2_low": "-2.12194440e-4f", "least_of_all": "-104.7f", "raised": "0x1p24f", "raised_bias": "151.0f",
        "one": "1.0f", "tiny": "FLT_MIN", "roomy": "0x1p123f", "max": "FLT_MAX", "epsilon": "FLT_EPSILON",
        "times": "4096", "row": "128",
        "sqrt": "sqrtf", "fabs": "fabsf", "copysign": "copysignf", "settled": "1e18f",
    },
}  # fmt: skip
_INLINE = """/* A loop is vectorised only if all that it calls is part of it, however large that is. */
#ifdef __GNUC__
#define INLINE static __inline__ __attribute__((always_inline))
#else
#define INLINE static inline
#endif"""
_TO_THE_END = frozenset({"gradient_balanced"})  # kernels whose exponentials are multiplied by what may be large
_TERMS = {"f64": 11, "f32": 6}  # of the polynomial in exp: it is off by less than 0.01 ulp


class CPrinter(ArrayPrinter):
    """SymPy to C expressions in one of the two types.

    to_the_end: whether exp goes down to the least number there is.
    """

    def __init__(self, kind: str, to_the_end: bool = False) -> None:
        super().__init__()
        self.kind = kind
        self.exponential = f"{'exp_to_the_end' if to_the_end else 'exp'}_{kind}"
        self.literal = "f" if kind == "f32" else ""
        self.native = {name: f"{name}_{kind}({{}})" for name in ("expm1", "hypot", "binade", "reciprocal")} | {
            "log1p": f"log1p{self.literal}({{}})", "smallest": _REALS[kind]["tiny"],
            "signum": f"{_REALS[kind]['copysign']}({_REALS[kind]['one']}, {{}})",
        }  # fmt: skip

    def _print_Symbol(self, expr: Symbol) -> str:
        return c_identifier(expr.name)

    def _print_Integer(self, expr: Integer) -> str:
        return f"{int(expr.p)}.0{self.literal}"

    def _print_Rational(self, expr: Rational) -> str:
        return f"({expr.p}.0{self.literal} / {expr.q}.0{self.literal})"

    _print_Half = _print_Rational

    def _print_One(self, expr: Any) -> str:
        return f"1.0{self.literal}"

    def _print_Zero(self, expr: Any) -> str:
        return f"0.0{self.literal}"

    def _print_NegativeOne(self, expr: Any) -> str:
        return f"-1.0{self.literal}"

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        base, power = self._print(expr.base), 2 * expr.exp
        whole, odd = divmod(abs(int(power)), 2)
        factors = [f"({base})"] * whole + [f"{self._named('sqrt')}({base})"] * odd
        product = "*".join(factors)
        return f"({product})" if power > 0 else f"(1.0{self.literal} / ({product}))"

    def _choice(self, expr: Piecewise, condition: str, value: str, other: str) -> str:
        return f"(({condition}) ? ({value}) : ({other}))"

    def _call(self, name: str, arguments: Iterable[Expr]) -> str:
        return f"{self._named(name)}({', '.join(self._print(x) for x in arguments)})"

    def _named(self, name: str) -> str:
        return self.exponential if name == "exp" else {"abs": "fabs"}.get(name, name) + self.literal

    def function_of(self, primitive: str) -> str:
        return f"{primitive}_{self.kind}"

    def _print_nested(self, expr: Expr) -> str:
        """The same polynomial in pairs and without divisions, much faster; what it loses is small beside the 1."""
        z, *divisors = expr.args
        one, factors = self._print(Integer(1)), accumulate(divisors, operator.mul)
        return _polynomial([one, *(f"({one} / {self._print(n)})" for n in factors)], partial(_power, self._print(z)))

    def _nested(self, name: str, arguments: Iterable[Expr]) -> str:
        first, *rest = sorted(arguments, key=str)
        text = f"({self._print(first)})"
        for other in rest:
            relation = "<" if name == "minimum" else ">"
            text = f"({text} {relation} ({self._print(other)}) ? {text} : ({self._print(other)}))"
        return text

    def emptyPrinter(self, expr: Any) -> str:
        raise ValueError(f"{type(expr).__name__} in {expr}: the C target cannot print it")


def c_identifier(name: str) -> str:
    """The name, if it may stand in C; ValueError otherwise."""
    if name in C_KEYWORDS:
        raise ValueError(f"{name!r} cannot be a name in generated C code: it has a meaning there; choose another")
    return check_identifier(name)


def kernel_source(kernel: Kernel, kind: str) -> str:
    """One kernel as a static function that fills the places its last arguments point to."""
    printer, real = CPrinter(kind, kernel.name in _TO_THE_END), _REALS[kind]["real"]
    inputs = [f"{real} {c_identifier(x.name)}" for x in kernel.inputs]
    outputs = [f"{real} *{c_identifier(name)}_out" for name, _ in kernel.outputs]
    lines = [
        _comment(kernel),
        f"static inline void {c_identifier(kernel.name)}_{kind}({', '.join(inputs + outputs)})",
        "{",
    ]
    lines += [f"    const {real} {c_identifier(x.name)} = {printer.doprint(value)};" for x, value in kernel.steps]
    lines += [f"    *{name}_out = {printer.doprint(value)};" for name, value in kernel.outputs]
    used = {x for _, e in (*kernel.steps, *kernel.outputs) for x in e.free_symbols}
    lines += [f"    (void){x.name};" for x in (*kernel.inputs, *(x for x, _ in kernel.steps)) if x not in used]
    return "\n".join([*lines, "}"])


def primitive_source(row: Primitive, kind: str) -> str:
    """A primitive as a static function."""
    printer, real = CPrinter(kind), _REALS[kind]["real"]
    lines = [
        f"/* {row.says} */",
        f"static inline {real} {printer.function_of(row.name)}({', '.join(f'{real} {x.name}' for x in row.inputs)})",
        "{",
    ]
    lines += [f"    const {real} {x.name} = {printer.doprint(value)};" for x, value in row.steps]
    return "\n".join([*lines, f"    return {printer.doprint(row.value)};", "}"])


def _comment(kernel: Kernel) -> str:
    claims = f"Claims: {', '.join(kernel.claims)}. {kernel.operations()} operations. */"
    if not kernel.claims:
        return f"/* {_plain(kernel.says)} */"
    return "\n".join(
        [f"/* {_plain(kernel.says)}", *textwrap.wrap(claims, 115, initial_indent="   ", subsequent_indent="   ")]
    )


def sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text: modeflow.h and modeflow.c, for the kernels given or else those that ship.

    Whole paths over arrays are written where the kernels they need are among them.
    """
    members = list(kernels) if kernels is not None else [k for k in shipped_kernels() if k.name.startswith(GROUPS)]
    names = {k.name for k in members}
    paths = [p for p in PATHS if {form.kernel.name for form in forms_of(p)} <= names]
    return {"modeflow.h": _header(members, paths), "modeflow.c": _source(members, paths)}


def forms_of(path: str) -> list[Form]:
    """The closed forms of a path that ship, one for each regime."""
    return [form for form in shipped_regimes()[1] if form.path == path]


def results_of(forms: Iterable[Form]) -> list[str]:
    """What the arrays of a path are, in their order; a form that lacks one of them has NaN there."""
    return [name for name, _ in max((form.results for form in forms), key=len, default=())]


def places_of(path: str) -> int:
    """How many arrays a path has room for in its interface: two for those of values."""
    return max(2, len(results_of(forms_of(path))))


def _stamp() -> str:
    return f"Generated code: do not edit. Written by modeflow {metadata.version('modeflow')}: {COMMAND}"


def _header(kernels: Iterable[Kernel], paths: Iterable[str]) -> str:
    lines = [
        f"/* How a mode of a linear autoencoder learns. {_stamp()}",
        "",
        "   Units: s = t/tau is a number; lam (eigenvalue of the second moment), eps (input noise) and gamma (weight",
        "   decay) are in one unit, summed over the samples; weights and strengths are numbers.",
        "   `modeflow verify eval` proves the claims named. Compiled with -DMODEFLOW_SELF_TEST, modeflow.c is a",
        "   program that holds every function against true values, says of each whether it passed and how many units",
        "   in the last place it is off, and exits with 1 where one failed. */",
        "#ifndef MODEFLOW_H",
        "#define MODEFLOW_H",
        "",
        "#include <stddef.h>",
        "",
    ]
    for kernel in kernels:
        lines.append(_comment(kernel))
        lines += [f"{_prototype(kernel, kind)};" for kind in _REALS]
    lines += [
        "",
        "/* Paths over rows x columns points: argument k (t, lam, noise, decay, w1, w2, tau) of the point (i, j) is",
        "   x[k][i*outer[k] + j*inner[k]], the results go to out[.][i*columns + j]. 0, or MODEFLOW_UNUSUAL where an",
        "   argument is out of its range or NaN, a result is not finite, or weights of two sizes decay. The slopes are",
        "   those of the strength in s, lam, noise, decay, w1, w2; that in decay is NaN for weights of two sizes. A",
        "   result whose out[.] is NULL is not kept. */",
        "#define MODEFLOW_UNUSUAL 1",
    ]
    lines += [
        f"int modeflow_{path}_{kind}(size_t rows, size_t columns, const {real['real']} *const x[7],\n"
        f"    const ptrdiff_t outer[7], const ptrdiff_t inner[7], {real['real']} *const out[{places_of(path)}]);"
        for path in paths
        for kind, real in _REALS.items()
    ]
    return "\n".join([*lines, "", "#endif", ""])


def _prototype(kernel: Kernel, kind: str) -> str:
    real = _REALS[kind]["real"]
    inputs = [f"{real} {c_identifier(x.name)}" for x in kernel.inputs]
    outputs = [f"{real} *{c_identifier(name)}_out" for name, _ in kernel.outputs]
    return f"void modeflow_{c_identifier(kernel.name)}_{kind}({', '.join(inputs + outputs)})"


def _source(members: list[Kernel], paths: list[str]) -> str:
    parts = [
        f"/* {_stamp()} */",
        '#include "modeflow.h"',
        "#include <float.h>\n#include <math.h>\n#include <stdint.h>\n#include <string.h>",
        _INLINE,
        f"enum {{ {', '.join(ARGUMENTS)}, S = T }};",
        "enum { MODEFLOW_MODES = 128, MODEFLOW_FAR = 65536 };",
    ]
    for kind in _REALS:
        parts.append(_filled(_part("elementary.c"), kind))
        parts += functions_called(members, CPrinter(kind), partial(primitive_source, kind=kind))
        parts += [kernel_source(k, kind) for k in members]
        for k in members:
            names = [x.name for x in k.inputs] + [f"{name}_out" for name, _ in k.outputs]
            parts.append(f"{_prototype(k, kind)}\n{{\n    {k.name}_{kind}({', '.join(names)});\n}}")
        if paths:
            loops = "\n\n".join(_filled(_path_part(path), kind, _path_words(path)) for path in paths)
            parts.append(_filled(_part("paths.c"), kind, {"paths": loops, "regimes": _regimes(paths, kind)}))
    text = "\n\n".join(parts).replace("static inline ", "INLINE ")
    return text + "\n\n" + self_test(members, paths, *shipped_regimes())


def _regimes(paths: Iterable[str], kind: str) -> str:
    """Which kernel serves which arguments, as functions."""
    regimes, forms = shipped_regimes()
    conditions = [condition_source(regime, kind) for regime in regimes if regime.arguments]
    members = [form for form in forms if form.path in set(paths)]
    return "\n\n".join([*conditions, *(form_source(f, kind) for f in members), *_cut_sources(members, kind)])


def _cut_sources(forms: Iterable[Form], kind: str) -> list[str]:
    """For the paths in ONCE, of unequal weights: kernels and forms cut at the exponentials."""
    chosen = [form for form in forms if form.path in ONCE and form.regime == "unequal"]
    cut = [part(form) for form in chosen for part in (rate_form, known_form)]
    return [text for form in cut for text in (kernel_source(form.kernel, kind), form_source(form, kind))]


def condition_source(regime: Regime, kind: str) -> str:
    """Whether a mode is in a regime, if in none before it."""
    arguments = ", ".join(f"{_REALS[kind]['real']} {c_identifier(x.name)}" for x in regime.arguments)
    text = CPrinter(kind).doprint(regime.holds)
    return f"/* {regime.says} */\nstatic inline int is_{regime.name}_{kind}({arguments}) {{ return {text}; }}"


def form_source(form: Form, kind: str) -> str:
    """A path in one regime as a static function that fills `out`."""
    printer, real = CPrinter(kind), _REALS[kind]["real"]
    inputs = ", ".join(f"{real} {c_identifier(x.name)}" for x in form.inputs)
    found, places = [x.name for x in form.outputs], results_of(forms_of(form.path)) or [n for n, _ in form.results]
    used = {x for e in form.expressions() for x in e.free_symbols}
    lines = [f"static inline void {form.name}_{kind}({inputs}, {real} out[{len(places)}])", "{"]
    lines += form_lines(
        form,
        printer,
        assigned=lambda name, value: [f"    const {real} {name} = {value};"],
        called=lambda given: [
            f"    {real} {', '.join(found)};",
            f"    {form.kernel.name}_{kind}({', '.join([*given, *(f'&{name}' for name in found)])});",
        ],
    )
    values = {name: printer.doprint(value) for name, value in form.results}
    lines += [f"    out[{n}] = {values.get(name, 'NAN')};" for n, name in enumerate(places)]
    return "\n".join([*lines, *(f"    (void){x.name};" for x in form.inputs if x not in used), "}"])


def _path_words(path: str) -> dict[str, str]:
    forms = forms_of(path)
    names = results_of(forms)
    numbers = range(len(names))
    lacking = [n for n, name in enumerate(names) if any(name not in dict(form.results) for form in forms)]
    listed = {of: ", ".join(f"{of}[{n}]" for n in numbers) for of in ("out", "equal", "to")}
    return listed | {
        "path": path,
        "further": ", ".join(f"to_{n} + start" for n in numbers),
        "count": str(len(names)),
        "places": str(places_of(path)),
        "results": ", ".join(f"@real@ *restrict to_{n}" for n in numbers),
        "kept": " ".join(
            f"to_{n}[i] = found[{n}];" + f" amiss |= bits_@s@(found[{n}] - found[{n}]);" * (n not in lacking)
            for n in numbers
        ),
        "partial": str(lacking[0] if lacking else -1),
        "far": "@settled@" if path == "slopes" else "@max@ / 8",
    }


def _path_part(path: str) -> str:
    return _part("path.c").replace("@mode@", _part("mode_once.c" if path in ONCE else "mode_each.c").rstrip())


def _filled(text: str, kind: str, words: Mapping[str, str] | None = None) -> str:
    """The text with its placeholders filled in."""
    table = {**_REALS[kind], "s": kind, "polynomial": _polynomial(_exponential(kind), _named_power)}
    text = re.sub(r"@(\w+)@", lambda m: (words or {}).get(m[1], m[0]), text)
    return re.sub(r"@(\w+)@", lambda m: table[m[1]], text).rstrip()


@cache
def _exponential(kind: str) -> list[str]:
    """The coefficients of the polynomial in place of (exp(r) - 1 - r)/r² = ₁F₁(1; 3; r)/2, for |r| up to (ln 2)/2."""
    with mpmath.workdps(40):
        end = mpmath.log(2) / 2 * (1 + mpmath.mpf(2) ** -10)
        highest_first = mpmath.chebyfit(lambda r: mpmath.hyp1f1(1, 3, r) / 2, [-end, end], _TERMS[kind])
        return [mpmath.nstr(c, 17) if kind == "f64" else f"{mpmath.nstr(c, 9)}f" for c in reversed(highest_first)]


def _polynomial(coefficients: list[str], powers: Callable[[int], str], power: int = 1) -> str:
    """A polynomial, lowest coefficient first, in pairs that do not wait for each other. powers: how each is written."""
    if len(coefficients) == 1:
        return coefficients[0]
    pairs = [
        f"({low} + {powers(power)} * {high})" for low, high in zip(coefficients[::2], coefficients[1::2], strict=False)
    ]
    return _polynomial(pairs + coefficients[2 * len(pairs) :], powers, 2 * power)


def _power(base: str, power: int) -> str:
    """A power of 2 as squares of squares."""
    if power == 1:
        return base if base.isidentifier() else f"({base})"
    half = _power(base, power // 2)
    return f"({half}*{half})"


def _named_power(power: int) -> str:
    return "r" if power == 1 else f"r{power}"


def _part(name: str) -> str:
    return resources.files(__package__).joinpath("c_parts", name).read_text(encoding="utf-8")


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the header and the source into a directory, which is made if need be; the paths written."""
    return write_files(directory, sources(kernels))


def stale(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), sources(kernels), "*.[ch]")


def _plain(text: str) -> str:
    """Text that cannot end a comment early."""
    return " ".join(text.replace("*/", "* /").replace("\\", "/").split())
