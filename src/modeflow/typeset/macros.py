r"""One LaTeX macro for each claim, to \input into a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..language.definitions import used
from ..statements.chapter import Chapter
from .latex import claim_latex, defining, statement_latex
from .narrative import Verdicts

_SPELT = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class AmbiguousName(ValueError):
    """Two ids give one macro name."""


def macros(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    r"""The file that defines the macros; each is used inside mathematics, as in \[\mfDaeFixedPoint\].

    Each quantity that a claim names has a macro of its own, before the claim; a comment lists them. A claim that is
    kept on show because it is wrong gets none. Raises AmbiguousName where two ids give one name.
    """
    lines = [r"% One macro for each claim, used inside mathematics: \[ \mfName \]. Needs amsmath."]
    taken: dict[str, str] = {}
    for claim in (claim for chapter in chapters for claim in chapter.claims.values()):
        if claim.expects == "refuted":
            continue
        names = used(*claim.sides())
        for d in (d for d in names if d.id not in taken.values()):
            lines += _macro(d.id, d.says, statement_latex(defining(d), claim.alphabet), taken)
        verdict = (verdicts or {}).get(claim.id)
        said = f" ({verdict.status})" if verdict else ""
        lines += _macro(claim.id + said, claim.says, claim_latex(claim), taken)
        lines += [f"% Where: {', '.join(chr(92) + macro_name(d.id) for d in names)}"] if names else []
    return "\n".join(lines) + "\n"


def _macro(identifier: str, says: str, tex: str, taken: dict[str, str]) -> list[str]:
    """A comment and the definition of a macro, whose name is noted as taken; identifier: with what is said of it."""
    own = identifier.partition(" ")[0]
    name = macro_name(own)
    if name in taken:
        raise AmbiguousName(f"{taken[name]} and {own} both give \\{name}; rename one")
    taken[name] = own
    return [f"% {identifier}: {' '.join(says.split())}", rf"\newcommand{{\{name}}}{{{tex}}}"]


def macro_name(identifier: str) -> str:
    """mfDaeFixedPoint for dae.fixed_point; digits are spelt, for TeX takes letters only."""
    words = re.findall(r"[A-Za-z]+|[0-9]", identifier)
    return "mf" + "".join(_SPELT[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words)
