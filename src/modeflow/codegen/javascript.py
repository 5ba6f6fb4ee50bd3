"""Kernels as JavaScript: one ES module per group of kernels, and `modeflow.mjs`, which sends each point to its kernel.

The steps are the same, in the same order, as those of the Python target, on numbers instead of arrays.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from importlib import metadata
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


def _plain(text: str) -> str:
    """Text that cannot end a comment early."""
    return " ".join(text.replace("*/", "* /").split())


_FRONT = """import * as balanced from "./balanced.mjs";
import * as direct from "./direct.mjs";

const LARGEST = Number.MAX_VALUE / 8;

/**
 * @typedef {object} Mode
 * @property {number} w1 encoder weight at t = 0
 * @property {number} w2 decoder weight at t = 0
 * @property {number} [noise] noise variance summed over the samples, >= 0
 * @property {number} [decay] weight decay summed over the samples, >= 0
 * @property {number} [tau] time constant, > 0, in the unit of t
 */

/**
 * Strength w(t) = w1(t) w2(t) of a mode.
 *
 * @param {number} t time, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {number} the strength
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function strength(t, lam, mode, ...more) {
  const { w1, w2, noise, decay, tau } = options(mode, more);
  const s = checked(t, lam, w1, w2, noise, decay, tau);
  return (equal(w1, w2) ? strength_equal : strength_unequal)(s, lam, noise, decay, w1, w2);
}

/**
 * Loss (lam/2)(1 - w)^2 + (noise/2)w^2 + (decay/2)(w1^2 + w2^2) of a mode along its path.
 *
 * @param {number} t time, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {number} the loss
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function loss(t, lam, mode, ...more) {
  const { w1, w2, noise, decay, tau } = options(mode, more);
  const s = checked(t, lam, w1, w2, noise, decay, tau);
  return (equal(w1, w2) ? loss_equal : loss_unequal)(s, lam, noise, decay, w1, w2);
}

/**
 * Encoder and decoder weight of a mode.
 *
 * @param {number} t time, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {[number, number]} w1(t), w2(t)
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function weights(t, lam, mode, ...more) {
  const { w1, w2, noise, decay, tau } = options(mode, more);
  const s = checked(t, lam, w1, w2, noise, decay, tau);
  return (equal(w1, w2) ? weights_equal : weights_unequal)(s, lam, noise, decay, w1, w2);
}

const DEFAULTS = { w1: undefined, w2: undefined, noise: 0, decay: 0, tau: 1 };

/** The options given, and the defaults of the others. */
function options(given = {}, more) {
  const names = Object.keys(DEFAULTS);
  const known = `the options are ${names.join(", ")}`;
  if (typeof given !== "object" || given === null || more.length > 0) {
    throw new TypeError(`the third and last argument is an object, as in { w1: 0.1, w2: 0.2 }; ${known}`);
  }
  for (const name in given) {
    if (names.includes(name)) continue;
    const near = names.find((other) => isNear(name.toLowerCase(), other));
    throw new TypeError(`${name} is not an option; ${known}${near ? `; did you mean ${near}?` : ""}`);
  }
  const found = { ...DEFAULTS };
  for (const name of names) if (given[name] !== undefined) found[name] = given[name];
  return found;
}

function isNear(one, other) {
  const most = other.length < 3 ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** How many letters must be put in, left out or replaced to make one word of the other. */
function distance(one, other) {
  if (one === "" || other === "") return one.length + other.length;
  const [rest, last] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return distance(rest, last);
  return 1 + Math.min(distance(rest, other), distance(one, last), distance(rest, last));
}

function checked(t, lam, w1, w2, noise, decay, tau) {
  for (const [name, value] of Object.entries({ t, lam, w1, w2, noise, decay, tau })) {
    if (typeof value !== "number") throw new TypeError(`${name} = ${value} is not a number`);
    if (name !== "t" && (value === Infinity || value === -Infinity)) throw new RangeError(`${name} must be finite`);
    if (name !== "w1" && name !== "w2" && value < 0) throw new RangeError(`${name} = ${value}: it must be >= 0`);
  }
  if (tau === 0) throw new RangeError("tau = 0: a time constant is > 0");
  if (!equal(w1, w2) && fading(decay)) {
    throw new RangeError(`w1 = ${w1}, w2 = ${w2}: weights of different size under decay are computed in Python only`);
  }
  return Math.min(t / tau, LARGEST); // at an infinite time every exponential has vanished
}
"""
_PATHS = ("strength", "weights", "loss")


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
    return "\n".join([_head("Evaluators."), _FRONT, *functions, *map(form_source, chosen)])


def generated_sources(kernels: Iterable[Kernel] | None = None) -> dict[str, str]:
    """File name → text, for the kernels given, or else those that ship and `modeflow.mjs`."""
    groups = kernel_groups(shipped_kernels() if kernels is None else kernels)
    files = {f"{js_identifier(group)}.mjs": module_source(group, members) for group, members in groups.items()}
    return files if kernels is not None else files | {"modeflow.mjs": front_source()}


def write(directory: str | Path, kernels: Iterable[Kernel] | None = None) -> list[Path]:
    """Write the modules into a directory, which is made if need be; the paths written."""
    return write_files(directory, generated_sources(kernels))


def stale(directory: str | Path) -> list[str]:
    """A unified diff for each file in the directory that is not what would be written there now."""
    return differences(Path(directory), generated_sources(), "*.mjs")
