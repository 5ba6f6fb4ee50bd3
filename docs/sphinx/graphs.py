"""Graphs of what follows from what: of the chapters, within each chapter, and around each claim."""

from __future__ import annotations

from modeflow.statements.catalogue import chapters
from modeflow.statements.claims import Claim
from modeflow.typeset.excerpt import Excerpt, excerpt
from modeflow.typeset.graph import of_chapters, of_claims
from modeflow.typeset.narrative import Verdicts


def around(claim: Claim, verdicts: Verdicts) -> str:
    """A claim between what leads to it and what follows from it, or nothing where it stands alone."""
    parts = excerpt([claim.id], tuple(chapters().values()))
    after = {i: ids for part in parts if isinstance(part, Excerpt) for i, ids in part.leads_to.items() if i == claim.id}
    alone = not claim.follows_from and not after.get(claim.id)
    return "" if alone else of_claims(parts, verdicts, "{}.html".format, after)


def within(key: str, verdicts: Verdicts) -> str:
    """All claims of a chapter."""
    chapter = chapters()[key]
    return of_claims([chapter], verdicts, lambda i: f"#{i}" if i in chapter.claims else f"{i}.html")


def of_all(folder: str, verdicts: Verdicts) -> str:
    """All chapters. folder: where their pages are, from the page on which they are drawn."""
    return of_chapters(tuple(chapters().values()), verdicts, f"{folder}/{{}}.html".format)
