"""The evaluators of a chapter of anyone's as a JavaScript module: a function for each proved claim that gives one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sympy.printing.codeprinter import CodePrinter
from sympy.printing.jscode import JavascriptCodePrinter

from .chapter_scalar import ScalarFunction, comment, functions, told
from .evaluator import Evaluator
from .javascript import RESERVED
from .numpy import DO_NOT_EDIT
from .special import NAMES, Calls, helpers

PATTERN = "*_evaluators.mjs"
_WORDS = RESERVED | {"check", "finite", "given"} | NAMES
_OURS = {name: f"Math.{name}" for name in ("expm1", "log1p", "atanh", "asinh", "acosh")}
_HELPERS = """function check(name, x, holds, meaning, domain) {
  if (typeof x !== "number") throw new TypeError(`${name} = ${x}: ${meaning} is a number; give one`);
  if (Math.abs(x) === Infinity || !(holds || Number.isNaN(x))) {
    throw new RangeError(`${name} = ${x}: ${meaning} is ${domain} and finite; give a number ${domain}`);
  }
}

function given(relation, holds, values) {
  if (!holds && !values.some(Number.isNaN)) {
    throw new RangeError(`the closed form holds where ${relation}; give values for which it does`);
  }
}

function finite(name, found, given) {
  if (!Number.isFinite(found) && !given.some(Number.isNaN)) {
    throw new RangeError(`${name} has no finite value at this point; leave it out`);
  }
  return found;
}
"""


class _Printer(Calls, JavascriptCodePrinter):  # type: ignore[misc, unused-ignore]
    """Expressions of JavaScript, with what its library lacks."""


def files(key: str, evaluators: Mapping[str, Evaluator]) -> tuple[dict[str, str], dict[str, str]]:
    """The text of a module, by its name, and of each evaluator that is not in it why."""
    found, left_out = functions(key, evaluators, _WORDS, _printer)
    (title,) = comment([f"Evaluators of the chapter {key}, from its proved claims. {DO_NOT_EDIT}"])
    texts = "\n".join(map(_text, found))
    return {
        f"{key}_evaluators.mjs": "\n".join([f"// {title}", "", _HELPERS, helpers(texts, c=False) + texts])
    }, left_out


def _printer() -> CodePrinter:
    return _Printer({"strict": True, "user_functions": _OURS})


def _text(one: ScalarFunction) -> str:
    time, *others = [a.name for a in one.arguments]
    taken = ", ".join([time, *(["{ " + ", ".join(others) + " }"] if others else [])])
    lines = ["/**", *(f" * {line}" for line in told(one)), " */", f"export function {one.name}({taken}) {{"]
    for a in one.arguments:
        name, meaning, domain = map(json.dumps, (a.name, a.meaning, a.domain))
        lines.append(f"  check({name}, {a.name}, {a.holds}, {meaning}, {domain});")
    given = ", ".join(a.name for a in one.arguments)
    lines += [f"  given({json.dumps(said)}, {holds}, [{given}]);" for said, holds in one.given]
    lines += [f"  {line}" for line in one.place(c=False)]
    lines += [f"  const {name} = {value};" for name, value in one.steps]
    found = [(json.dumps(unknown), value) for unknown, _, value in one.results]
    results = [f"finite({unknown}, {value}, [{given}])" for unknown, value in found]
    if len(results) == 1:
        lines.append(f"  return {results[0]};")
    else:
        pairs = (f"    {unknown}: {text}," for (unknown, _), text in zip(found, results, strict=True))
        lines += ["  return {", *pairs, "  };"]
    return one.rate(c=False) + "\n".join([*lines, "}", ""])
