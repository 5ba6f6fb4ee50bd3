"""Names for the parts of a form: one name for one quantity, and one quantity for one letter.

What depends on letters that other chapters put values in for bears a mark: ρ̌ for any growth and pull, and ρ for those
of a chapter. What differs between two chapters bears one in the second: Ω, and Ω̃ for the same with noise.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sympy import Expr, Symbol

from modeflow import Chapter
from modeflow.language.closed_forms import Naming, Part
from modeflow.language.definitions import unfold

Domain = Mapping[str, Any]  # domain, signs and given of a definition
OVER = {"": "", r"\hat": "\u0302", r"\tilde": "\u0303", r"\check": "\u030c"}  # marks in prose


def written(letter: str, index: str, mark: str) -> str:
    """A letter in LaTeX with a mark over it and an index."""
    return (rf"{mark}{{{letter}}}" if mark else letter) + index


def naming_in(
    chapter: Chapter,
    parts: Mapping[str, Part],
    domains: Mapping[str, Domain] = MappingProxyType({}),
    *,
    mark: str = "",
    marked: Collection[Symbol] = (),
) -> Naming:
    r"""What names the parts of a form in a chapter.

    domains: what is claimed of the parts' values, as `Chapter.define` takes it; read when a part is named.
    mark: over the letters, such as \tilde.
    marked: the letters of which a part that has a mark depends; none means that every part has one.
    """
    known: dict[Expr, Expr] = {}

    def name(part: str, expression: Expr) -> Expr:
        own, letter, index, says = parts[part]
        if expression not in known:
            over = mark if not marked or unfold(expression).free_symbols & set(marked) else ""
            known[expression] = chapter.define(
                own, written(letter, index, over), expression, says=says.format(OVER[over]), **domains.get(part, {})
            )
        return known[expression]

    return name
