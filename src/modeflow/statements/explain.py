"""Certificates for people and for files: what `modeflow verify --explain` prints and `--certificates DIR` writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import files
from ..recheck import MANIFEST, MANIFEST_FORMAT, account

if TYPE_CHECKING:
    from ..language.verdict import Verdict
    from .claims import Claim

_LONGEST = 400  # characters of a polynomial that are shown
_ALWAYS = ("i", "pi")  # variables that every certificate has


def write(outcomes: Iterable[tuple[Claim, Verdict]], folder: Path) -> int:
    """Write folder/ID.json with the certificates of each proved claim, and a manifest, for `modeflow.recheck`.

    The manifest says which claims there are and what each states; it does not depend on when and where it is written.
    """
    claims, others, contents = list[dict[str, Any]](), dict[str, str](), dict[Path, str | bytes]()
    for claim, verdict in outcomes:
        if verdict.status == "proved" and verdict.certificate:
            content = _content(claim, verdict.certificate)
            contents[folder / f"{claim.id}.json"] = content
            claims.append(_entry(claim, verdict.certificate, content))
        else:
            others[claim.id] = verdict.status
    manifest = {"format": MANIFEST_FORMAT, "claims": claims, "without a proof": others}
    contents[folder / MANIFEST] = json.dumps(manifest, indent=1) + "\n"
    files.write_all(contents, seal=folder / MANIFEST)
    return len(claims)


def _content(claim: Claim, certificates: Mapping[str, Any]) -> bytes:
    equations = {e.name: f"{e.lhs} {e.relation} {e.rhs}{claim.given_text()}" for e in claim.obligations()}
    content = {"claim": claim.id, "says": claim.says, "equations": equations, "certificates": certificates}
    return (json.dumps(content) + "\n").encode()


def _entry(claim: Claim, certificates: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """What the manifest says of a claim."""
    stated = [{"name": name, **_stated(certificate)} for name, certificate in certificates.items()]
    return {"id": claim.id, "sha256": sha256(content).hexdigest(), "equations": stated}


def _stated(certificate: Mapping[str, Any]) -> dict[str, Any]:
    if "unchecked" in certificate:
        return {"unchecked": certificate["unchecked"]}
    return account(certificate)._asdict()


def text(claim: Claim, verdict: Verdict) -> str:
    """Why a claim holds: for each equation the generators, relations, conditions and the identity."""
    lines = [f"{claim.id}: {verdict}", f"  {claim.sentence()}"]
    for name, certificate in (verdict.certificate or {}).items():
        lines += [f"  {name}", *(f"    {line}" for line in _explained(certificate))]
    return "\n".join(lines)


def _explained(raw: Mapping[str, Any]) -> Iterator[str]:
    if "unchecked" in raw:
        yield f"proved, but with no certificate to recheck: {raw['unchecked']}"
        return
    yield from _generators(raw)
    for condition in raw["conditions"]:
        yield f"where {_excerpt(condition)}"
    if "words" in raw:
        for side in ("left", "right"):
            yield f"{side} = {_excerpt(' + '.join(map(_term, raw['words'][side])) or '0')}"
        yield "both sides have the same words"
    elif raw["relation"] == "=":
        yield from _identity(raw)
    else:
        yield f"(left - right) = ({_polynomial(raw['numerator'], raw)}) / ({_polynomial(raw['denominator'], raw)})"
        yield f"is {raw['relation']} 0 by the signs of its terms"


def _generators(raw: Mapping[str, Any]) -> Iterator[str]:
    signs = iter([node[2] for node in raw["nodes"] if node[0] == "symbol"])
    roots = iter([step for step in raw["steps"] if step[0] == "root"])
    for index, g in enumerate(raw["means"]):
        if g["kind"] == "symbol":
            yield f"{_letter(index, raw)}: symbol with sign in {next(signs)}"
        elif g["kind"] == "root":
            yield f"{_letter(index, raw)} = {g['means']}, relation {_relation(index, next(roots), raw)} = 0"
        elif g["kind"] not in _ALWAYS:
            yield f"{_letter(index, raw)} = {g['means']} ({g['kind']})"
    yield from _radicals(raw)


def _radicals(raw: Mapping[str, Any]) -> Iterator[str]:
    for step in raw["steps"]:
        if step[0] == "radical" and step[2] is None:
            num, den = (_polynomial(p, raw) for p in step[1])
            yield f"({num}) / ({den}) is not negative: the root of degree {step[3]} of its power"


def _identity(raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["quotients"] is None:
        yield "the numerator of left - right reduces to 0 by what is known of the generators"
        return
    numerator = _polynomial(raw["numerator"], raw)
    if not raw["quotients"]:
        yield f"numerator of left - right = {numerator}"
        return
    yield f"numerator of left - right = {numerator}"
    roots = [step for step in raw["steps"] if step[0] == "root"]
    order = [i for i, g in enumerate(raw["means"]) if g["kind"] == "root"]
    parts = [f"({_polynomial(q, raw)})·({_relation(i, roots[order.index(i)], raw)})" for i, q in raw["quotients"]]
    yield f"numerator = {' + '.join(parts)}"


def _relation(index: int, step: list[Any], raw: Mapping[str, Any]) -> str:
    _, (num, den), degree = step
    n, d = _polynomial(num, raw), _polynomial(den, raw)
    return f"{_letter(index, raw)}^{degree} - ({n})" + ("" if d == "1" else f"·({d})^{degree - 1}")


def _letter(index: int, raw: Mapping[str, Any]) -> str:
    g = raw["means"][index]
    return str(g["means"]) if g["kind"] in ("symbol", *_ALWAYS) else f"g{index}"


def _polynomial(terms: list[Any], raw: Mapping[str, Any]) -> str:
    written = []
    for coefficient, monomial in terms:
        factors = [_letter(i, raw) + (f"^{d}" if d > 1 else "") for i, d in monomial]
        number = [coefficient] if coefficient != "1" or not factors else []
        written.append("·".join([*number, *factors]))
    return _excerpt(" + ".join(written).replace("+ -", "- ") or "0")


def _term(term: list[Any]) -> str:
    coefficient, traces, word = term
    factors = [f"({coefficient})", *(f"tr({w})" for w in traces), *([word] if word else [])]
    return "·".join(factors)


def _excerpt(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)} characters)"
