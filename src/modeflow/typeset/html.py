"""Chapters as one HTML page that needs nothing else: no font and no network; formulas are MathML.

Its script copies formulas and marks lines in graphs. Without it, the page says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from ..language.definitions import Definition
from ..language.quantities import Alphabet
from ..language.verdict import Verdict
from ..language.witness import describe_witness
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.equations import Equation
from .bibliography import in_order, keys_of, parts_of, references
from .calls import claim_call, definition_call
from .excerpt import Excerpt, following
from .graph import SIGNS, of_chapters, of_claims
from .latex import broken_lines, defining, inline_latex, quantity_latex, set_below
from .mathml import aligned, mathml
from .narrative import (
    LONGEST,
    ROOM,
    Numbers,
    Show,
    Verdicts,
    about,
    by,
    domain,
    domain_told,
    heading,
    is_brief,
    judged,
    numbered,
    prose,
    recalled,
    satisfying,
    says,
    sourced,
    told,
    unbracketed,
    used,
)
from .steps import Tone, listed


def html(chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture", title: str = "") -> str:
    """The chapters as one page; verdicts, where given, are marked in the margin and told below each claim.

    title: what stands over it, if not what the chapters are about.

    Raises UnusableFormula, and ModuleNotFoundError where latex2mathml is not installed.
    """
    chosen = tuple(chapters)
    name = escape(title or about(chosen))
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{name}</title><style>{_beside('page.css')}{_beside('edges.css')}</style></head><body>",
        f"<main><h1>{name}</h1>",
        body(chosen, verdicts, tone),
        f'</main><div id="said" role="status"></div><script>{_beside("page.js")}</script>',
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def body(chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture") -> str:
    """What stands in that page below its title, for a page of another make. Raises as `html`."""
    chosen, verdicts = tuple(chapters), verdicts or {}
    page = _Page(numbered(chosen, tone), verdicts, _followers(chosen), frozenset(chapter.key for chapter in chosen))
    parts = [
        *_contents(chosen),
        *_graph(chosen, page),
        *(part for chapter in chosen for part in _chapter(chapter, page, len(chosen) > 1)),
        *_symbols(chosen),
        *_sources(chosen),
    ]
    return "\n".join(parts)


def _beside(name: str) -> str:
    """The text of a file beside this one."""
    return "\n" + (files("modeflow.typeset") / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Page:
    """What all parts of a page refer to."""

    numbers: Numbers
    verdicts: Verdicts
    after: Mapping[str, Sequence[str]]
    keys: frozenset[str]

    def reference(self, identifier: str) -> str:
        """The number as a link; the id of what is told elsewhere."""
        if identifier not in self.numbers.of:
            return f"<code>{escape(identifier)}</code>"
        address, shown = _address(identifier), escape(identifier)
        return f'<a href="#{address}" title="{shown}">({self.numbers.of[identifier]})</a>'

    def place(self, key: str) -> str:
        """The address of a claim or of a chapter, or nothing where it is told elsewhere."""
        return f"#{_address(key)}" if key in self.numbers.of or key in self.keys else ""


def _followers(chapters: Sequence[Chapter]) -> dict[str, tuple[str, ...]]:
    """Id → the claims that follow from it: of all that there are for a claim by itself, else of those on the page."""
    here = following(claim for chapter in chapters for claim in chapter.stated.values())
    excerpts = [chapter for chapter in chapters if isinstance(chapter, Excerpt) and not chapter.brief]
    return here | {i: ids for chapter in excerpts for i, ids in chapter.leads_to.items()}


def _graph(chapters: Sequence[Chapter], page: _Page) -> Iterator[str]:
    """Of several whole chapters how they lead to each other, of claims by themselves how these do."""
    if chapters and all(isinstance(chapter, Excerpt) for chapter in chapters):
        yield of_claims(chapters, page.verdicts, page.place, _leading_away(chapters))
    elif len(chapters) > 1:
        yield of_chapters(chapters, page.verdicts, page.place)


def _contents(chapters: Sequence[Chapter]) -> Iterator[str]:
    if len(chapters) > 1:
        yield "<nav><ol>"
        yield from (f'<li><a href="#{_section(c)}">{escape(heading(c))}</a></li>' for c in chapters)
        yield "</ol></nav>"


def _symbols(chapters: Sequence[Chapter]) -> Iterator[str]:
    rows = [
        f"<tr><td>{mathml(quantity_latex(q, a))}</td><td>{escape(prose(q.meaning, a))}</td>"
        f"<td>{escape(domain(q, a))}</td></tr>"
        for a, q in used(chapters)
    ]
    if rows:
        yield '<h2>Symbols</h2><table class="symbols"><tr><th>symbol</th><th>meaning</th><th>domain</th></tr>'
        yield from rows
        yield "</table>"


def _leading_away(chapters: Sequence[Chapter]) -> dict[str, Sequence[str]]:
    """Of the claims that were asked for, those of the catalogue that follow from them."""
    parts = [chapter for chapter in chapters if isinstance(chapter, Excerpt)]
    return {i: ids for part in parts for i, ids in part.leads_to.items() if i in part.asked}


def _chapter(chapter: Chapter, page: _Page, named: bool) -> Iterator[str]:
    yield f'<section id="{_section(chapter)}">'
    if named:
        yield f"<h2>{escape(heading(chapter))}</h2>"
    yield from (
        _linked(part, page) for part in _prose(unbracketed(prose(chapter.text, chapter.alphabet), page.numbers))
    )
    if said := sourced(chapter, _cited, page.reference):
        yield f'<p class="aside">{said}</p>'
    if chapter.claims and not isinstance(chapter, Excerpt):
        yield of_claims([chapter], page.verdicts, page.place)
    for claim in chapter.claims.values():
        for definition in page.numbers.new[claim.id]:
            yield from _definition(definition, claim.alphabet, page)
        yield from _claim(claim, page)
    yield "</section>"


def _section(chapter: Chapter) -> str:
    """The address of a chapter, and of what is only stated of it."""
    return _address(chapter.key) + ("-stated" if is_brief(chapter) else "")


def _definition(definition: Definition, alphabet: Alphabet, page: _Page) -> Iterator[str]:
    yield f'<article class="claim" id="{_address(definition.id)}">'
    call = definition_call(definition)
    yield from _numbered(definition.id, prose(definition.says, alphabet), defining(definition), alphabet, page, call)
    yield from _recalled(page.numbers.used_by(definition), page)
    if said := domain_told(definition, page.verdicts, _formula(alphabet), escape):
        yield f'<p class="aside">{said}</p>'
    yield "</article>"


def _formula(alphabet: Alphabet) -> Show:
    return lambda parts: mathml(inline_latex(parts, alphabet))


def _numbered(
    identifier: str, said: str, statement: Equation, alphabet: Alphabet, page: _Page, call: str
) -> Iterator[str]:
    rows = list(_rows([statement], alphabet))
    buttons = _buttons(identifier, {"LaTeX": set_below(rows), "Python": call})
    yield f'<p><a class="id" href="#{_address(identifier)}">{escape(identifier)}</a>{buttons}</p>'
    yield f"<p>{_words(said)}</p>"
    yield f'<div class="formulas"><div>{aligned(rows)}</div>'
    yield f'<span class="number">({page.numbers.of[identifier]})</span></div>'


def _buttons(identifier: str, copies: Mapping[str, str]) -> str:
    """A button for each text that can be copied; the script shows them."""
    return "".join(
        [
            '<span class="copy">',
            *(
                f'<button type="button" data-copy="{escape(text)}" aria-label="{name} of {escape(identifier)}: copy">'
                f"{name}</button>"
                for name, text in copies.items()
                if text
            ),
            "</span>",
        ]
    )


def _linked(words: str, page: _Page) -> str:
    """A paragraph with the claims that it names by their ids as links."""
    return re.sub(r"<code>([\w.]+)</code>", lambda m: page.reference(m[1]) if m[1] in page.numbers.of else m[0], words)


def _recalled(names: Sequence[Definition], page: _Page) -> Iterator[str]:
    if said := recalled(names, mathml, page.reference):
        yield f'<p class="role">{said}</p>'


def _claim(claim: Claim, page: _Page) -> Iterator[str]:
    verdict = page.verdicts.get(claim.id)
    yield f'<article class="claim" id="{_address(claim.id)}">'
    if verdict is not None:
        yield f'<div class="mark {verdict.status}">{SIGNS[verdict.status]} {verdict.status}</div>'
    parts = told(claim, page.numbers.tone)
    statement, *conditions = parts.equations
    yield from _numbered(claim.id, says(claim), statement, claim.alphabet, page, claim_call(claim))
    yield from _listing("given", claim.given_equations(), claim.alphabet)
    yield from _recalled(page.numbers.told_before(claim), page)
    yield from _listing("where", parts.where, claim.alphabet)
    yield from _listing(satisfying(claim), conditions, claim.alphabet)
    if said := list(_aside(claim, page)):
        yield f'<p class="aside">{" ".join(said)}</p>'
    if verdict is not None:
        yield from _details(claim, verdict, page)
    yield "</article>"


def _listing(opening: str, equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
    if equations:
        yield f'<p class="role">{opening}</p>'
        yield f'<div class="formulas"><div>{_display(equations, alphabet)}</div></div>'


def _display(equations: Sequence[Equation], alphabet: Alphabet) -> str:
    return aligned(_rows(equations, alphabet))


def _rows(equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
    return (row for block in broken_lines(equations, alphabet, ROOM) for row in block)


def _aside(claim: Claim, page: _Page) -> Iterator[str]:
    if said := by(claim, page.reference, _formula(claim.alphabet), page.numbers.tone):
        yield said
    if after := page.after.get(claim.id):
        yield f"Used for {listed(after, page.reference)}."


_QUESTIONS = {
    "proved": "How it is proved, and where it holds",
    "supported": "Why there is no proof",
    "undecided": "Why it is undecided",
    "refuted": "Where it fails",
}


def _details(claim: Claim, verdict: Verdict, page: _Page) -> Iterator[str]:
    """The verdict on demand: how it came about, on what it rests, and the command that finds it again."""
    yield f"<details><summary>{_QUESTIONS[verdict.status]}</summary>"
    yield f"<p>{judged(claim, verdict, _formula(claim.alphabet), escape)}.</p><dl>"
    for name, told_of in _facts(claim, verdict, page):
        yield f"<dt>{name}</dt><dd>{told_of}</dd>"
    yield "</dl></details>"


def _facts(claim: Claim, verdict: Verdict, page: _Page) -> Iterator[tuple[str, str]]:
    if claim.satisfies:
        yield "Shown of it", escape("; ".join(equation.name for equation in claim.satisfies))
    if verdict.reason:
        yield "Reason", escape(verdict.reason)
    if verdict.witness:
        yield "Witness", f"<code>{escape(describe_witness(verdict.witness))}</code>"
    if long := [p for p in verdict.provisos if p.expression.count_ops() > LONGEST]:
        yield "Longer conditions", "<br>".join(f"<code>{escape(str(p))}</code>" for p in long)
    if rests := [i for i in verdict.rests_on if i.rpartition(".domain")[0] in page.numbers.of]:
        yield "Domains", listed(rests, lambda i: page.reference(i.rpartition(".domain")[0]))
    yield "Command", f"<code>modeflow verify {escape(claim.id)} --explain</code>"


def _address(identifier: str) -> str:
    return escape(re.sub(r"\s", "-", identifier))


# Prose and sources ------------------------------------------------------------------------------------------------

_CODE = re.compile(r"``(.+?)``|`(.+?)`", re.DOTALL)


def _prose(text: str) -> Iterator[str]:
    """Paragraphs; one that is indented is kept line by line."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        if not paragraph.strip():
            continue
        lines = paragraph.splitlines()
        if all(line.startswith("    ") for line in lines if line.strip()):
            yield f"<pre>{escape(chr(10).join(line.strip() for line in lines))}</pre>"
        else:
            yield f"<p>{_words(' '.join(line.strip() for line in lines))}</p>"


def _words(text: str) -> str:
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [escape(text[end : code.start()]), f"<code>{escape(code[1] or code[2])}</code>"]
        end = code.end()
    return "".join([*parts, escape(text[end:])])


def _cited(source: str) -> str:
    """Each source as a link to its entry, where references.bib has one, and the place in it."""
    return "; ".join(
        f'<a href="#source-{key}">{key}</a>{escape(f", {place}") if place else ""}' if key else escape(place)
        for key, place in parts_of(source)
    )


def _sources(chapters: Sequence[Chapter]) -> Iterator[str]:
    said = (source for c in chapters for source in (c.source, *(claim.source for claim in c.claims.values())))
    keys = dict.fromkeys(key for source in said for key in keys_of(source))
    if keys:
        yield "<h2>Sources</h2><ul>"
        for key in keys:
            authors, name, *rest = map(escape, in_order(references()[key]))
            told_in_order = ", ".join(part for part in (authors, f"<cite>{name}</cite>", *rest) if part)
            yield f'<li id="source-{key}"><code>{key}</code>: {told_in_order}.</li>'
        yield "</ul>"
