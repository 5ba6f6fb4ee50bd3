"""Evaluators of a chapter for languages of numbers: names, steps and results, printed by SymPy's printers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Expr, Float, NumberSymbol, Symbol, cse, numbered_symbols
from sympy.codegen.rewriting import expm1_opt, log1p_opt, optimize
from sympy.printing.codeprinter import CodePrinter, PrintMethodNotImplementedError

from .evaluator import Evaluator
from .passing import ScalarPath, path_lines, rate_text, scalar_path
from .special import written
from .tape import NoEvaluator

_DIGITS = 17
HOLDS = {
    "> 0": "{0} > 0", ">= 0": "{0} >= 0", "< 0": "{0} < 0", "<= 0": "{0} <= 0", "nonzero": "{0} != 0",
    "real": "{0} == {0}",
}  # fmt: skip


@dataclass(frozen=True)
class Argument:
    """A parameter of a function. holds: its domain, in its name."""

    name: str
    meaning: str
    domain: str

    @property
    def holds(self) -> str:
        return HOLDS[self.domain].format(self.name)


@dataclass(frozen=True)
class ScalarFunction:
    """A closed form in numbers.

    Attributes:
        name: of the function.
        says: what it computes.
        arguments: the time, then the other letters.
        steps: (name, expression), what is computed once.
        results: (unknown, name, expression).
        given: (relation as a text, relation as code), what must hold besides.
        path: the law that gives the place in which the steps and results are; None where there is none.
        taken: names that mean something in the function.
    """

    name: str
    says: str
    arguments: tuple[Argument, ...]
    steps: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str, str], ...]
    given: tuple[tuple[str, str], ...] = ()
    path: ScalarPath | None = None
    taken: tuple[str, ...] = ()

    def rate(self, *, c: bool) -> str:
        """The function of the rate of the path; empty where there is none."""
        return "" if self.path is None else rate_text(self.name, self.path, lambda text: written(text, c=c)) + "\n"

    def place(self, *, c: bool) -> list[str]:
        """The lines that find the place."""
        if self.path is None:
            return []
        taken = list(self.taken)
        lines = path_lines(self.name, self.path, self.arguments[0].name, lambda text: _added(text, taken))
        return [written(line, c=c) for line in lines]


def scalar_function(
    name: str, evaluator: Evaluator, words: Collection[str], printer: Callable[[], CodePrinter]
) -> ScalarFunction:
    """The function of an evaluator; raises NoEvaluator where it is no expression that the printer writes.

    words: names that mean something in the language.
    """
    quantities = (evaluator._of_time, *evaluator.letters)
    law, taken = evaluator.law, [*words, "p", "first"]
    names = {q.symbol: _added(q.symbol.name, taken) for q in quantities}
    for q in quantities:
        if q.domain not in HOLDS:
            raise NoEvaluator(f"{q.symbol} is {q.domain}, which is no domain of a number")
    arguments = tuple(Argument(names[q.symbol], q.meaning, q.domain) for q in quantities)
    outputs = [_added(unknown.partition("(")[0], taken) for unknown in evaluator.forms]
    if law is not None:
        names |= {evaluator.place or law.moving: _added("place", taken)}
    values = evaluator.forms.values() if law is None or evaluator.place is not None else [law.moving]
    steps, forms = _steps(values, names, taken)
    write = printer().doprint
    put = {symbol: Symbol(text, **symbol.assumptions0) for symbol, text in names.items()}
    path = None
    if law is not None:
        place = names.pop(evaluator.place or law.moving)
        path = scalar_path(law, place, names, lambda text: _added(text, taken), lambda e: _coded(write, e, put))
    given = [
        relation.func(*(_in_numbers(side.xreplace(put)) for side in relation.args)) for relation in evaluator.given
    ]
    return ScalarFunction(
        name,
        evaluator.says,
        arguments,
        tuple((str(step), _printed(write, value)) for step, value in steps),
        tuple(
            (unknown, output, _printed(write, form))
            for unknown, output, form in zip(evaluator.forms, outputs, forms, strict=True)
        ),
        tuple((str(said), _printed(write, one)) for said, one in zip(evaluator.given, given, strict=True)),
        path,
        tuple(taken),
    )


def _coded(write: Callable[[Any], Any], e: Expr, put: Mapping[Symbol, Symbol]) -> str:
    return _printed(write, _in_numbers(optimize(sympy.sympify(e, strict=True).xreplace(put), [expm1_opt, log1p_opt])))


def _steps(
    forms: Iterable[Expr], names: Mapping[Symbol, str], taken: list[str]
) -> tuple[list[tuple[Symbol, Expr]], list[Expr]]:
    """What is computed once, and the forms by it; e^x - 1 and log(1 + x) by the functions that keep their digits."""
    put = {symbol: Symbol(text, **symbol.assumptions0) for symbol, text in names.items()}
    written = [optimize(form.xreplace(put), [expm1_opt, log1p_opt]) for form in forms]
    spare = (s for s in numbered_symbols("step", real=True) if s.name not in taken)
    found, left = cse(list(map(_in_numbers, written)), symbols=spare)
    return found, left


def _in_numbers(form: Expr) -> Expr:
    """With π and whole numbers beyond an int as floating point numbers."""
    constants = {c: Float(c, _DIGITS) for c in form.atoms(NumberSymbol)}
    large = {n: Float(n, _DIGITS) for n in form.atoms(sympy.Integer) if abs(n) >= 2**31}
    return form.xreplace({**constants, **large})


def _printed(write: Callable[[Any], Any], form: Any) -> str:
    try:
        return " ".join(str(write(form)).split())
    except PrintMethodNotImplementedError:
        raise NoEvaluator(
            f"{type(form).__name__} in {form} has no counterpart there, in the language's own library; take its "
            "evaluator in Python"
        ) from None


def _added(text: str, taken: list[str]) -> str:
    """A name like a text, which is not taken, and is from now on."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    name = f"x{name}" if not name or name[0].isdigit() or name.startswith("_") else name
    while name in taken:
        name += "_"
    taken.append(name)
    return name


def functions(
    key: str, evaluators: Mapping[str, Evaluator], words: Collection[str], printer: Callable[[], CodePrinter]
) -> tuple[list[ScalarFunction], dict[str, str]]:
    """The functions of a chapter, named after its key and its claims, and of each evaluator that is left out why."""
    found, left_out, taken = list[ScalarFunction](), dict[str, str](), list(words)
    for claim, evaluator in evaluators.items():
        try:
            found.append(scalar_function(f"{key}_{claim.partition('.')[2]}", evaluator, words, printer))
        except NoEvaluator as reason:
            left_out[claim] = str(reason)
    return [_renamed(one, taken) for one in found], left_out


def _renamed(one: ScalarFunction, taken: list[str]) -> ScalarFunction:
    return replace(one, name=_added(one.name, taken))


def comment(lines: Iterable[str]) -> list[str]:
    """Lines that stay within a comment of C or JavaScript, and in one line each."""
    plain = (re.sub(r"[^\x20-\x7e\u00a0-\uffff]", " ", line) for line in lines)
    return [" ".join(line.replace("*/", "* /").replace("/*", "/ *").split()) for line in plain]


def told(one: ScalarFunction) -> list[str]:
    """What a function computes and takes."""
    takes = (f"{a.name}: {a.meaning}, {a.domain} and finite." for a in one.arguments)
    return comment([one.says, *takes, *(f"It holds where {said}." for said, _ in one.given)])
