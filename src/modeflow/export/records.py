"""Claims as JSON: what each states, in plain data and in LaTeX, with its letters, its sources and its verdict.

`claims.schema.json`, beside this file, says what a document looks like. `VERSION` is the version of that schema. It
grows by one whenever a program that reads documents of the version before may have to change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from ..language.encoding import NotPlain, encode
from ..language.expressions import Side
from ..language.quantities import Alphabet, Quantity
from ..language.verdict import Verdict
from ..statements.claims import Claim, Equation
from ..statements.verification_report import as_data
from ..typeset.latex import ClaimPrinter

FORMAT, VERSION = "modeflow claims", 1


def as_json(claims: Iterable[Claim], verdicts: Mapping[str, Verdict] | None = None) -> str:
    """The document, a claim a line. Raises NotPlain, naming the claim, for an expression that has no form as data."""
    head = {"format": FORMAT, "version": VERSION, "modeflow": version("modeflow")}
    lines = ",\n".join(_written(record(claim, verdicts[claim.id] if verdicts else None)) for claim in claims)
    return f'{_written(head)[:-1]}, "claims": [\n{lines}\n]}}\n'


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
    claim, letters = claim.unfolded(), claim.alphabet
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
        "source": claim.source,
        "follows_from": list(claim.follows_from),
        "expects": claim.expects,
    }


def _equation(equation: Equation, letters: Alphabet) -> dict[str, Any]:
    return {"lhs": _side(equation.lhs, letters), "relation": equation.relation, "rhs": _side(equation.rhs, letters)}


def _side(side: Side, letters: Alphabet) -> dict[str, Any]:
    return {"data": encode(side), "latex": ClaimPrinter(letters).doprint(side)}


def _letter(quantity: Quantity) -> dict[str, str]:
    name, tex, meaning = str(quantity.symbol), quantity.tex, quantity.meaning
    return {"name": name, "tex": tex, "meaning": meaning, "domain": quantity.domain}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status,
        "method": verdict.method,
        "conditions": list(verdict.conditions),
        "witness": as_data(verdict.witness),
        "reason": verdict.reason,
    }


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
