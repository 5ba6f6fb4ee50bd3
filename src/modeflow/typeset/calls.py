"""The Python that gives a claim or a definition, for readers who want to compute with it."""

from __future__ import annotations

from ..language.definitions import Definition
from ..statements.claims import Claim
from ..statements.shipped import loaded


def claim_call(claim: Claim) -> str:
    """Such as `modeflow.claim("dae.direct")`; "" of a claim that does not ship."""
    chapter = loaded(claim.id.partition(".")[0])
    known = chapter.stated.get(claim.id) if chapter else None
    return f'modeflow.claim("{claim.id}")' if known and known.where == claim.where else ""


def definition_call(definition: Definition) -> str:
    """Such as `modeflow.chapters()["dae"].definitions["dae.rho"]`; "" of a definition that does not ship."""
    chapter = loaded(definition.id.partition(".")[0])
    known = chapter.definitions.get(definition.id) if chapter else None
    if chapter and known and known.expansion == definition.expansion:
        return f'modeflow.chapters()["{chapter.key}"].definitions["{definition.id}"]'
    return ""
