"""The claims that an equation states, for people."""

from __future__ import annotations

from collections.abc import Sequence

from ...files.printable import shown
from ..which import Stated


def which_text(found: Sequence[Stated]) -> str:
    """A line for each claim, with the names of its symbols; of the nearest, that they are not stated."""
    if not found:
        return "no claim is like it"
    lines = [] if found[0].proved else ["it is not seen to state a claim; the nearest are"]
    return "\n".join([*lines, *map(_line, found)])


def _line(one: Stated) -> str:
    named = ", ".join(f"{ours} is {theirs}" for ours, theirs in one.renamed if ours != theirs)
    said = f"states {one.claim}" if one.proved else f"  {one.claim}"
    return shown(f"{said}{f', where {named}' if named else ''}: {' '.join(one.latex.split())}")
