"""Claims as JSON: what each states, in plain data and in LaTeX, with its letters, names, sources and verdict.

`claims.schema.json`, beside this file, says what a document looks like. `VERSION` is the version of that schema. It
grows by one whenever a program that reads documents of the version before may have to change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from ..language.definitions import Definition, used
from ..language.encoding import NotPlain, Plain, encode
from ..language.expressions import Side
from ..language.quantities import Alphabet, Quantity
from ..language.verdict import Verdict
from ..statements.claims import Claim
from ..statements.equations import Equation
from ..statements.verification_report import as_data
from ..typeset.latex import ClaimPrinter

FORMAT, VERSION = "modeflow claims", 2


def as_json(claims: Iterable[Claim], verdicts: Mapping[str, Verdict] | None = None) -> str:
    """The document, a definition or a claim a line, each after what it uses.

    Raises NotPlain, naming the claim, for an expression that has no form as data.
    """
    claims = list(claims)
    head = {"format": FORMAT, "version": VERSION, "modeflow": version("modeflow")}
    named = {d.id: (d, claim.alphabet) for claim in claims for d in used(*claim.sides())}
    defined = [_definition(*one) for one in named.values()]
    stated = [record(claim, verdicts[claim.id] if verdicts else None) for claim in claims]
    return f'{_written(head)[:-1]}, "definitions": {_listed(defined)}, "claims": {_listed(stated)}}}\n'


def schema() -> str:
    """The JSON Schema of the document, as text."""
    return files(__package__).joinpath("claims.schema.json").read_text(encoding="utf-8")


def record(claim: Claim, verdict: Verdict | None = None) -> dict[str, Any]:
    """One claim in JSON's own types."""
    try:
        found = _record(claim)
    except NotPlain as error:
        raise NotPlain(f"{claim.id} cannot be exported: {error}") from None
    return found if verdict is None else found | {"verdict": _verdict(verdict)}


def _record(claim: Claim) -> dict[str, Any]:
    letters = claim.alphabet
    return {
        "id": claim.id,
        "chapter": claim.id.partition(".")[0],
        "says": claim.says,
        "latex": claim.latex(),
        "statement": _equation(Equation(claim.lhs, claim.rhs, relation=claim.relation), letters),
        "satisfies": [{"name": e.name} | _equation(e, letters) for e in claim.satisfies],
        "given": [_equation(e, letters) for e in claim.given_equations()],
        "assumptions": list(claim.assumptions),
        "alphabet": [_letter(quantity) for quantity in claim.letters()],
        "definitions": [d.id for d in used(*claim.sides())],
        "source": claim.source,
        "follows_from": list(claim.follows_from),
        "expects": claim.expects,
    }


def _equation(equation: Equation, letters: Alphabet) -> dict[str, Any]:
    return {"lhs": _side(equation.lhs, letters), "relation": equation.relation, "rhs": _side(equation.rhs, letters)}


def _side(side: Side, letters: Alphabet) -> dict[str, Any]:
    return {"data": _data(side), "latex": ClaimPrinter(letters).doprint(side)}


def _data(side: Side) -> Plain:
    """The expression as data, in which a name is its id with the values of the letters it depends on."""
    return _by_id(encode(side))


def _by_id(data: Plain) -> Plain:
    if not isinstance(data, list):
        return data
    head, *rest = data
    if head == "Named":
        (identifier, *_), *values = rest
        return [head, identifier, *map(_by_id, values)]
    return [head, *map(_by_id, rest)]


def _definition(definition: Definition, letters: Alphabet) -> dict[str, Any]:
    return {
        "id": definition.id,
        "says": definition.says,
        "tex": definition.tex,
        "of": [str(letter) for letter in definition.of],
        "expression": _side(definition.expression, letters),
    }


def _letter(quantity: Quantity) -> dict[str, str]:
    name, tex, meaning = str(quantity.symbol), quantity.tex, quantity.meaning
    return {"name": name, "tex": tex, "meaning": meaning, "domain": quantity.domain}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status,
        "method": verdict.method,
        "conditions": list(verdict.conditions),
        "rests_on": list(verdict.rests_on),
        "witness": as_data(verdict.witness),
        "reason": verdict.reason,
    }


def _listed(records: Iterable[Mapping[str, Any]]) -> str:
    lines = ",\n".join(map(_written, records))
    return f"[\n{lines}\n]"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
