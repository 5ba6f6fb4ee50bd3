"""Names for the parts of what several chapters share: one name for one quantity, and one quantity for one letter.

Two chapters derive the same form for another growth or pull. What is the same quantity in both has its name from the
chapter that states it first; what differs bears a mark in the other one: z₀, and z̃₀ for the same with noise.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import Expr

from modeflow import Chapter
from modeflow.language.closed_forms import Naming, Part

Domain = Mapping[str, Any]  # domain, signs and given of a definition
OVER = {"": "", r"\hat": "\u0302", r"\tilde": "\u0303"}  # marks in prose


def naming_in(
    chapter: Chapter,
    parts: Mapping[str, Part],
    before: Chapter | None = None,
    mark: str = "",
    domains: Mapping[str, Domain] = MappingProxyType({}),
) -> Naming:
    r"""What names the parts of a form in a chapter.

    before: a chapter that may have a name for the same expression. mark: over the letters, such as \tilde.
    domains: what is claimed of the parts' values, as `Chapter.define` takes it; read when a part is named.
    """
    known = {d.expression: d.applied for d in before.definitions.values()} if before else {}

    def name(part: str, expression: Expr) -> Expr:
        own, letter, index, says = parts[part]
        if expression not in known:
            tex = (rf"{mark}{{{letter}}}" if mark else letter) + index
            known[expression] = chapter.define(
                own, tex, expression, says=says.format(OVER[mark]), **domains.get(part, {})
            )
        return known[expression]

    return name
