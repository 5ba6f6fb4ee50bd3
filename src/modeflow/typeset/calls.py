"""The Python that gives a claim or a definition, for readers who want to compute with it."""

from __future__ import annotations

import sys
from typing import Any

from ..language.definitions import Definition
from ..statements.chapter import Chapter
from ..statements.claims import Claim


def claim_call(claim: Claim) -> str:
    """Such as `modeflow.claim("dae.direct")`; "" of a claim that does not ship."""
    known = [chapter.stated.get(claim.id) for chapter in shipped() if claim.id.startswith(f"{chapter.key}.")]
    return f'modeflow.claim("{claim.id}")' if any(one and one.where == claim.where for one in known) else ""


def definition_call(definition: Definition) -> str:
    """Such as `modeflow.chapters()["dae"].definitions["dae.rho"]`; "" of a definition that does not ship."""
    for chapter in shipped():
        known = chapter.definitions.get(definition.id)
        if known and known.expansion == definition.expansion:
            return f'modeflow.chapters()["{chapter.key}"].definitions["{definition.id}"]'
    return ""


def shipped() -> tuple[Chapter, ...]:
    """The chapters that ship, if they are loaded; if they are not, nothing on the page is from them."""
    ours: Any = sys.modules.get("modeflow.derivations")
    return ours.CHAPTERS if ours else ()
