r"""One LaTeX macro for each claim, to \input into a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..statements.claims import Chapter
from .latex import claim_latex
from .narrative import Verdicts

_SPELT = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class AmbiguousName(ValueError):
    """Two ids give one macro name."""


def macros(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    r"""The file that defines the macros; each is used inside mathematics, as in \[\mfDaeFixedPoint\].

    A claim that is kept on show because it is wrong gets none. Raises AmbiguousName where two ids give one name.
    """
    lines = [r"% One macro for each claim, used inside mathematics: \[ \mfName \]. Needs amsmath."]
    taken: dict[str, str] = {}
    for claim in (claim for chapter in chapters for claim in chapter.claims.values()):
        if claim.expects == "refuted":
            continue
        name = macro_name(claim.id)
        if name in taken:
            raise AmbiguousName(f"{taken[name]} and {claim.id} both give \\{name}; rename one")
        taken[name] = claim.id
        verdict = (verdicts or {}).get(claim.id)
        said = f" ({verdict.status})" if verdict else ""
        lines.append(f"% {claim.id}{said}: {' '.join(claim.says.split())}")
        lines.append(rf"\newcommand{{\{name}}}{{{claim_latex(claim)}}}")
    return "\n".join(lines) + "\n"


def macro_name(identifier: str) -> str:
    """mfDaeFixedPoint for dae.fixed_point; digits are spelt, for TeX takes letters only."""
    words = re.findall(r"[A-Za-z]+|[0-9]", identifier)
    return "mf" + "".join(_SPELT[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words)
