"""The evaluators of a chapter of anyone's as a Python module: a function for each proved claim that gives one."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Symbol
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.numpy import SciPyPrinter

from .evaluator import Evaluator
from .numpy import DO_NOT_EDIT
from .tape import NoEvaluator

PATTERN = "*_evaluators.py"
_HELPERS = '''
def _checked(**given):
    """Arrays of one shape, each in its domain; NaN is passed through."""
    arrays = {name: numpy.asarray(value, dtype=float) for name, (value, _, _) in given.items()}
    for name, (_, meaning, domain) in given.items():
        x = arrays[name]
        bad = ~_HOLDS[domain](x) & ~numpy.isnan(x) | numpy.isinf(x)
        if bad.any():
            value = x[tuple(numpy.argwhere(bad)[0])]
            raise ValueError(f"{name} = {value}: {meaning} is {domain} and finite; give values {domain}")
    return numpy.broadcast_arrays(*arrays.values())


def _given(relation, holds, given):
    """ValueError where a relation does not hold."""
    if (~holds & ~numpy.isnan(sum(given))).any():
        raise ValueError(f"the closed form holds where {relation}; give values for which it does")


def _finite(name, found, given):
    """The values, unless one of them is no number where all arguments are."""
    found = numpy.broadcast_to(found, given[0].shape) + 0.0
    if (~numpy.isfinite(found) & ~numpy.isnan(sum(given))).any():
        raise FloatingPointError(f"{name} has no finite value at some of these points; leave them out")
    return found


_HOLDS = {
    "> 0": lambda x: x > 0,
    ">= 0": lambda x: x >= 0,
    "< 0": lambda x: x < 0,
    "<= 0": lambda x: x <= 0,
    "nonzero": lambda x: x != 0,
    "real": lambda x: x == x,
}
'''
_DOMAINS = ("> 0", ">= 0", "< 0", "<= 0", "nonzero", "real")


def files(key: str, evaluators: Mapping[str, Evaluator]) -> tuple[dict[str, str], dict[str, str]]:
    """The text of a module, by its name, and of each evaluator that is not in it why.

    evaluators: of claims, by their ids.
    """
    functions, left_out, taken = list[str](), dict[str, str](), list[str]()
    for claim, evaluator in evaluators.items():
        try:
            name = _name(claim.partition(".")[2], taken)
            functions.append(_function(name, evaluator))
            taken.append(name)
        except NoEvaluator as reason:
            left_out[claim] = str(reason)
    head = f'"""Evaluators of the chapter {_quoted(key)}, from its proved claims. {DO_NOT_EDIT}"""\n\nimport numpy\n'
    needs_scipy = any("scipy.special" in text for text in functions)
    head += "import scipy.special\n" * needs_scipy + "\n" + _HELPERS.rstrip()
    return {f"{key}_evaluators.py": "\n\n".join([head, *functions]) + "\n"}, left_out


def _function(name: str, evaluator: Evaluator) -> str:
    """One function, as text."""
    if evaluator.law is not None:
        raise NoEvaluator("it is found from a law for the time, by steps of modeflow; take evaluator() of its claim")
    symbols = [evaluator.time, *(q.symbol for q in evaluator.letters)]
    names = dict[Symbol, str]()
    for symbol in symbols:
        names[symbol] = _name(symbol.name, names.values())
    about = {q.symbol: (q.meaning, q.domain) for q in (evaluator._of_time, *evaluator.letters)}
    time, *others = names.values()
    rows = [f"    {names[s]}: {meaning}, {domain}, any shape." for s, (meaning, domain) in about.items()]
    told = "\n".join([evaluator.says, "", "Parameters:", *rows]).replace("\n", "\n    ").replace("\n    \n", "\n\n")
    lines = [f"def {name}({', '.join([time, *(['*', *others] if others else [])])}):"]
    lines += [f'    """{_quoted(told)}', '    """', "    given = _checked("]
    for symbol, (meaning, domain) in about.items():
        if domain not in _DOMAINS:
            raise NoEvaluator(f"{symbol} is {domain}, which is no domain of an array of numbers")
        lines.append(f"        {names[symbol]}=({names[symbol]}, {meaning!r}, {domain!r}),")
    lines += ["    )", f"    {', '.join(names.values())}{',' if len(names) == 1 else ''} = given"]
    put = {symbol: Symbol(text, **symbol.assumptions0) for symbol, text in names.items()}
    lines += ["    with numpy.errstate(all='ignore'):"]
    lines += [f"        _given({str(one)!r}, {_relation(one, put)}, given)" for one in evaluator.given]
    lines += ["        found = {"]
    for unknown, form in evaluator.forms.items():
        lines.append(f"            {unknown!r}: _finite({unknown!r}, {_printed(form.xreplace(put))}, given),")
    lines += [
        "        }",
        "    return found" if len(evaluator.forms) > 1 else f"    return found[{next(iter(evaluator.forms))!r}]",
    ]
    return "\n" + "\n".join(lines)


def _relation(one: Any, put: Mapping[Symbol, Symbol]) -> str:
    left, right = (_printed(side.xreplace(put)) for side in one.args)
    return f"({left}) {one.rel_op} ({right})"


def _printed(form: Any) -> str:
    printer = SciPyPrinter({"fully_qualified_modules": True, "strict": True})
    try:
        return str(printer.doprint(form))
    except PrintMethodNotImplementedError:
        raise NoEvaluator(f"{form} has no counterpart in NumPy or SciPy here") from None


def _name(text: str, taken: Iterable[str]) -> str:
    """A Python name like a text, which is not taken."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    name = f"_{name}" if not name or name[0].isdigit() else name
    name = f"{name}_" if keyword.iskeyword(name) or name in ("numpy", "scipy", "given", "found") else name
    while name in taken:
        name += "_"
    return name


def _quoted(text: str) -> str:
    """A text inside a docstring."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace('"', "'")


__all__ = ["PATTERN", "files"]
