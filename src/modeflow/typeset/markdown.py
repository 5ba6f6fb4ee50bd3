"""Chapters in Markdown, with the formulas between $$."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..language.definitions import Definition
from ..language.quantities import Alphabet
from ..language.verdict import Verdict
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.equations import Equation
from .bibliography import linked
from .latex import broken_lines, defining, inline_latex, quantity_latex, set_below
from .narrative import (
    ROOM,
    Numbers,
    Show,
    Verdicts,
    aside,
    domain,
    domain_told,
    heading,
    numbered,
    prose,
    recalled,
    satisfying,
    says,
    sourced,
    story,
    told,
    used,
)
from .steps import Tone


def markdown(chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture") -> str:
    """The chapters in Markdown, with the formulas between $$."""
    return "\n\n".join(blocks(chapters, verdicts, tone)) + "\n"


def blocks(chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture") -> Iterator[str]:
    """The same in blocks: the opening of each chapter, and each of its claims."""
    chosen = tuple(chapters)
    numbers = numbered(chosen, tone)
    for chapter in chosen:
        yield "\n\n".join(_opening(chapter, numbers))
        for claim in chapter.claims.values():
            for definition in numbers.new[claim.id]:
                yield "\n\n".join(_definition(definition, claim.alphabet, numbers, verdicts or {}))
            yield "\n\n".join(_claim(claim, numbers, (verdicts or {}).get(claim.id)))


def _opening(chapter: Chapter, numbers: Numbers) -> Iterator[str]:
    yield f"# {prose(heading(chapter), chapter.alphabet)}"
    if chapter.text:
        yield story(chapter, numbers)
    if said := sourced(chapter, linked, numbers.reference):
        yield said
    rows = [
        f"| ${quantity_latex(q, a)}$ | {prose(q.meaning, a)} | {domain(q, a).replace('|', '/')} |"
        for a, q in used((chapter,))
    ]
    if rows:
        yield "\n".join(["| symbol | meaning | domain |", "|---|---|---|", *rows])


def _definition(definition: Definition, alphabet: Alphabet, numbers: Numbers, verdicts: Verdicts) -> Iterator[str]:
    yield f"**({numbers.of[definition.id]})** `{definition.id}` {prose(definition.says, alphabet)}"
    yield from _displays("", [defining(definition)], alphabet)
    yield from _recalled(numbers.used_by(definition), numbers)
    if said := domain_told(definition, verdicts, _formula(alphabet)):
        yield said


def _formula(alphabet: Alphabet) -> Show:
    return lambda parts: f"${inline_latex(parts, alphabet)}$"


def _recalled(names: Sequence[Definition], numbers: Numbers) -> Iterator[str]:
    if said := recalled(names, lambda tex: f"${tex}$", numbers.reference):
        yield said


def _claim(claim: Claim, numbers: Numbers, verdict: Verdict | None) -> Iterator[str]:
    yield f"**({numbers.of[claim.id]})** `{claim.id}` {says(claim)}"
    parts = told(claim, numbers.tone)
    statement, *conditions = parts.equations
    yield from _displays("", [statement], claim.alphabet)
    yield from _displays("given", claim.given_equations(), claim.alphabet)
    yield from _recalled(numbers.told_before(claim), numbers)
    yield from _displays("where", parts.where, claim.alphabet)
    yield from _displays(satisfying(claim), conditions, claim.alphabet)
    if said := aside(claim, numbers, _formula(claim.alphabet), verdict):
        yield said


def _displays(opening: str, equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
    if opening and equations:
        yield opening
    for equation in equations:
        (lines,) = broken_lines([equation], alphabet, ROOM)
        yield f"$$\n{set_below(lines)}\n$$"
