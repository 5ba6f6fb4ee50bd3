"""Chapters in Markdown, with the formulas between $$."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..claims import Chapter, Equation
from ..quantities import Alphabet
from .latex import statement_latex
from .narrative import Numbers, Verdicts, aside, numbered, says, told, used


def markdown(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    """The chapters in Markdown, with the formulas between $$."""
    chosen = tuple(chapters)
    numbers = numbered(chosen)
    return "\n\n".join(part for chapter in chosen for part in _chapter(chapter, numbers, verdicts or {})) + "\n"


def _chapter(chapter: Chapter, numbers: Numbers, verdicts: Verdicts) -> Iterator[str]:
    yield f"# {chapter.title}"
    if chapter.text:
        yield chapter.text.strip()
    if chapter.source:
        yield f"Source, where no other is named: {chapter.source}."
    rows = [f"| ${q.tex}$ | {q.meaning} | {q.domain.replace('|', '/')} |" for _, q in used((chapter,))]
    if rows:
        yield "\n".join(["| symbol | meaning | domain |", "|---|---|---|", *rows])
    for claim in chapter.claims.values():
        yield f"**({numbers[claim.id]})** `{claim.id}` {says(claim)}"
        parts = told(claim)
        statement, *conditions = parts.equations
        yield from _displays("", [statement], claim.alphabet)
        yield from _displays("where", parts.where, claim.alphabet)
        yield from _displays("It satisfies", conditions, claim.alphabet)
        if said := aside(chapter, claim, numbers, verdicts.get(claim.id)):
            yield said


def _displays(opening: str, equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
    if opening and equations:
        yield opening
    for equation in equations:
        yield f"$$\n{statement_latex(equation, alphabet)}\n$$"
