"""The formulas of the page: claims in letters and with places for numbers, what their names mean, and verdicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib import resources
from typing import Any

from sympy import Expr, Symbol

from ...codegen.javascript import NumberPrinter, js_identifier
from ...language.definitions import Definition, Named
from ...language.quantities import Alphabet
from ...language.verdict import Verdict
from ...statements.catalogue import claim as claim_of
from ...statements.claims import Claim
from ..graph import SIGNS
from ..latex import claim_latex, defining, inline_latex, statement_latex
from ..mathml import mathml
from ..narrative import judged

# For each kind of start, as the page tells them apart: the claims shown, and the reading that each one gives.
CASES: Mapping[str, Mapping[str, str]] = json.loads(
    resources.files(__package__).joinpath("assets", "cases.json").read_text(encoding="utf-8")
)
LETTERS = ("lam", "eps", "gamma", "decay", "tau", "t", "a", "b", "p", "q", "r", "w0", "x")  # that have a number
_SLOT = re.compile(r"<mtext>@(\w+)@</mtext>")


def shown_claims() -> list[Claim]:
    """The claims of all cases, each once."""
    return [claim_of(identifier) for identifier in dict.fromkeys(i for case in CASES.values() for i in case)]


def formulas(verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
    """What the page needs, as plain data: the cases, and by claim its formulas and its verdict."""
    told = {claim.id: _told(claim, verdicts.get(claim.id)) for claim in shown_claims()}
    return {"cases": {key: {**case} for key, case in CASES.items()}, "claims": told}


def _told(claim: Claim, verdict: Verdict | None) -> dict[str, Any]:
    statement = claim_latex(claim)
    return {
        "says": claim.says,
        "letters": mathml(statement),
        "numbers": _with_places(statement, claim),
        "names": [_named(definition, claim.alphabet) for definition in claim.definitions()],
        "verdict": _judged(claim, verdict),
    }


def _named(definition: Definition, alphabet: Alphabet) -> dict[str, str]:
    return {
        "id": definition.id,
        "says": definition.says,
        "letters": mathml(statement_latex(defining(definition), alphabet)),
    }


def _judged(claim: Claim, verdict: Verdict | None) -> str:
    """The verdict as HTML."""
    if verdict is None:
        return "not verified here"
    said = judged(claim, verdict, lambda parts: mathml(inline_latex(parts, claim.alphabet)), escape)
    return f"{SIGNS[verdict.status]} {said}."


def _with_places(tex: str, claim: Claim) -> str:
    """MathML in which each letter that has a number is an empty <mn> that names it; but for the time of a rate."""
    written = {str(symbol): name for symbol, name in claim.alphabet.tex_names().items()}
    for name in LETTERS if r"\frac{d}" not in tex else sorted({*LETTERS} - {"t", "tau"}):
        if letter := written.get(name):
            tex = re.sub(rf"(?<![\\A-Za-z]){re.escape(letter)}(?![A-Za-z])", rf"\\text{{@{name}@}}", tex)
    return _SLOT.sub(r'<mn data-letter="\1"></mn>', mathml(tex))


# What names stand for, as numbers --------------------------------------------------------------------------------


def names_source() -> str:
    """A module of one function: the values of a claim's names, where they are elementary, from those of the letters."""
    functions = "\n".join(_values(claim) for claim in shown_claims())
    return f"const _square = (x) => x * x;\n\nexport const valuesOf = {{\n{functions}\n}};\n"


def _values(claim: Claim) -> str:
    lines: list[str] = []
    known: list[Definition] = []
    for definition in claim.definitions():
        if (line := _value(definition, known)) is not None:
            lines.append(line)
            known.append(definition)
    names = ", ".join(f'"{definition.id}": {_variable(definition)}' for definition in known)
    head = f'  "{claim.id}": ({{ {", ".join(LETTERS)} }}) => {{'
    return "\n".join([head, *lines, f"    return {{ {names} }};", "  },"])


def _value(definition: Definition, known: Iterable[Definition]) -> str | None:
    """The line that computes it; None where it uses what JavaScript does not have, or a letter without a number."""
    expression = _in_variables(definition.expression, known)
    if expression is None or {s.name for s in expression.free_symbols} - {*LETTERS, *map(_variable, known)}:
        return None
    try:
        return f"    const {_variable(definition)} = {NumberPrinter().doprint(expression)};"
    except (ValueError, NotImplementedError):  # as for Bessel functions
        return None


def _in_variables(expression: Expr, known: Iterable[Definition]) -> Expr | None:
    """With a variable for each name; None where a name is not known, or has other letters in it."""
    by_id = {definition.id: definition for definition in known}
    found = {}
    for name in expression.atoms(Named):
        if name.definition.id not in by_id or tuple(name.args) != tuple(name.definition.of):
            return None
        found[name] = Symbol(_variable(by_id[name.definition.id]), real=True)
    return expression.xreplace(found)


def _variable(definition: Definition) -> str:
    return js_identifier("v_" + definition.id.replace(".", "_"))


def letters_used(claims: Iterable[Claim]) -> Iterator[str]:
    """The names of the letters in the statements, for a test that each has a number."""
    for claim in claims:
        yield from (str(symbol) for side in claim.sides() for symbol in side.free_symbols)
