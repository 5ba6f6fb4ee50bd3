"""Certificates for people and for files: what `modeflow verify --explain` prints and `--certificates DIR` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .claims import Claim
    from .verdict import Verdict

_LONGEST = 400  # characters of a polynomial that are shown


def write(claim: Claim, verdict: Verdict, folder: Path) -> Path | None:
    """Write the certificates of a proved claim to folder/ID.json, for `python -m modeflow.recheck`."""
    if verdict.status != "proved" or not verdict.certificate:
        return None
    equations = {e.name: f"{e.lhs} {e.relation} {e.rhs}" for e in claim.obligations()}
    content = {"claim": claim.id, "says": claim.says, "equations": equations, "certificates": verdict.certificate}
    path = folder / f"{claim.id}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
    return path


def text(claim: Claim, verdict: Verdict) -> str:
    """Why a claim holds: for each equation the generators, relations, conditions and the identity."""
    lines = [f"{claim.id}: {verdict}", f"  {claim.says}"]
    for name, certificate in (verdict.certificate or {}).items():
        lines += [f"  {name}", *(f"    {line}" for line in _explained(certificate))]
    return "\n".join(lines)


def _explained(raw: Mapping[str, Any]) -> Iterator[str]:
    if "unchecked" in raw:
        yield f"proved, but with no certificate to recheck: {raw['unchecked']}"
        return
    yield from _generators(raw)
    for condition in raw["conditions"]:
        yield f"where {_short(condition)}"
    if "words" in raw:
        for side in ("left", "right"):
            yield f"{side} = {_short(' + '.join(map(_term, raw['words'][side])) or '0')}"
        yield "both sides have the same words"
    elif raw["relation"] == "=":
        yield from _identity(raw)
    else:
        yield f"(left - right) = ({_polynomial(raw['numerator'], raw)}) / ({_polynomial(raw['denominator'], raw)})"
        yield f"is {raw['relation']} 0 by the signs of its terms"


def _generators(raw: Mapping[str, Any]) -> Iterator[str]:
    symbols = {node[3]: node for node in raw["nodes"] if node[0] == "symbol"}
    for index, g in enumerate(raw["generators"]):
        if index in symbols:
            yield f"{_letter(index, raw)}: symbol with sign in {symbols[index][2]}"
        elif g["kind"] == "root":
            yield f"{_letter(index, raw)} = {g['means']}, relation {_relation(index, raw)} = 0"
            if "value" in g:
                num, den = (_polynomial(p, raw) for p in g["value"])
                yield f"{_letter(index, raw)} = ({num}) / ({den}), which is not negative and has this power"
        else:
            yield f"{_letter(index, raw)} = {g['means']} ({g['kind']})"


def _identity(raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["quotients"] is None:
        yield "the numerator of left - right reduces to 0 by what is known of the generators"
        return
    numerator = _polynomial(raw["numerator"], raw)
    if not raw["quotients"]:
        yield f"numerator of left - right = {numerator}"
        return
    multiplier = _polynomial(raw["multiplier"], raw)
    yield f"numerator of left - right = {numerator}"
    parts = [f"({_polynomial(q, raw)})·({_relation(i, raw)})" for i, q in raw["quotients"]]
    yield f"({multiplier})·numerator = {' + '.join(parts)}"


def _relation(index: int, raw: Mapping[str, Any]) -> str:
    num, den = (_polynomial(p, raw) for p in raw["generators"][index]["of"])
    times = "" if den == "1" else f"·({den})"
    return f"{_letter(index, raw)}^{raw['generators'][index]['degree']}{times} - ({num})"


def _letter(index: int, raw: Mapping[str, Any]) -> str:
    g = raw["generators"][index]
    return str(g["means"]) if g["kind"] == "symbol" else f"g{index}"


def _polynomial(terms: list[Any], raw: Mapping[str, Any]) -> str:
    written = []
    for coefficient, monomial in terms:
        factors = [_letter(i, raw) + (f"^{d}" if d > 1 else "") for i, d in monomial]
        number = [coefficient] if coefficient != "1" or not factors else []
        written.append("·".join([*number, *factors]))
    return _short(" + ".join(written).replace("+ -", "- ") or "0")


def _term(term: list[Any]) -> str:
    coefficient, traces, word = term
    factors = [f"({coefficient})", *(f"tr({w})" for w in traces), *([word] if word else [])]
    return "·".join(factors)


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)} characters)"
