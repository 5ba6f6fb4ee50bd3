"""Chapters as one HTML page that needs nothing else: no script, no font and no network; formulas are MathML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ..language.definitions import Definition
from ..language.quantities import Alphabet
from ..language.verdict import Verdict
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.equations import Equation
from .bibliography import in_order, keys_of, parts_of, references
from .latex import broken_lines, defining, inline_latex, quantity_latex
from .mathml import aligned, mathml
from .narrative import (
    ROOM,
    Numbers,
    Show,
    Verdicts,
    by,
    domain,
    domain_told,
    heading,
    judged,
    numbered,
    prose,
    recalled,
    says,
    sourced,
    title,
    told,
    used,
)

_STYLE = """
:root { color-scheme: light dark; --soft: color-mix(in srgb, currentColor 60%, transparent);
  --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 17px/1.5 Georgia, "Times New Roman", serif; max-width: 52rem;
  margin: 2rem auto; padding: 0 1.2rem 0 6.5rem; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 3rem; }
a { color: inherit; }
code, .id { font: 0.85em ui-monospace, Menlo, Consolas, monospace; }
table.symbols { border-collapse: collapse; width: 100%; }
table.symbols th, table.symbols td { border-bottom: 1px solid var(--line); text-align: left;
  padding: 0.15rem 0.8rem 0.15rem 0; }
.claim { margin: 1.8rem 0; position: relative; }
.claim p { margin: 0.4rem 0; }
.formulas { display: flex; align-items: center; gap: 1rem; }
.formulas > div { flex: 1; overflow-x: auto; overflow-y: hidden; }
.number { min-width: 2.5rem; text-align: right; }
.role, .aside { color: var(--soft); font-size: 0.85em; }
.mark { position: absolute; left: -6.3rem; width: 5.4rem; text-align: right; font: 0.75em/2.1 sans-serif; }
.proved { color: #1a7f37; } .refuted { color: #c62828; } .supported, .undecided { color: #9a6700; }
pre { white-space: pre-wrap; }
@media (max-width: 50rem) { body { padding-left: 1.2rem; } .mark { position: static; text-align: left; } }
"""

SIGNS = {"proved": "✓", "supported": "≈", "undecided": "?", "refuted": "✗"}


def html(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    """The chapters as one page; verdicts, where given, are marked in the margin and told below each claim.

    Raises UnusableFormula, and ModuleNotFoundError where latex2mathml is not installed.
    """
    chosen = tuple(chapters)
    numbers = numbered(chosen)
    name = escape(title(chosen))
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{name}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{name}</h1>",
        *_contents(chosen),
        *_symbols(chosen),
        *(part for chapter in chosen for part in _chapter(chapter, numbers, verdicts or {}, len(chosen) > 1)),
        *_sources(chosen),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _contents(chapters: Sequence[Chapter]) -> Iterator[str]:
    if len(chapters) > 1:
        yield "<nav><ol>"
        yield from (f'<li><a href="#{_address(c.key)}">{escape(heading(c))}</a></li>' for c in chapters)
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


def _chapter(chapter: Chapter, numbers: Numbers, verdicts: Verdicts, named: bool) -> Iterator[str]:
    yield f'<section id="{_address(chapter.key)}">'
    if named:
        yield f"<h2>{escape(heading(chapter))}</h2>"
    yield from _prose(prose(chapter.text, chapter.alphabet))
    if said := sourced(chapter, _cited, lambda i: _reference(i, numbers)):
        yield f'<p class="aside">{said}</p>'
    for claim in chapter.claims.values():
        for definition in numbers.new[claim.id]:
            yield from _definition(definition, claim.alphabet, numbers, verdicts)
        yield from _claim(claim, numbers, verdicts.get(claim.id))
    yield "</section>"


def _definition(definition: Definition, alphabet: Alphabet, numbers: Numbers, verdicts: Verdicts) -> Iterator[str]:
    address = _address(definition.id)
    yield f'<article class="claim" id="{address}">'
    yield from _numbered(definition.id, prose(definition.says, alphabet), defining(definition), alphabet, numbers)
    yield from _recalled(numbers.used_by(definition), numbers)
    if said := domain_told(definition, verdicts, _formula(alphabet), escape):
        yield f'<p class="aside">{said}</p>'
    yield "</article>"


def _formula(alphabet: Alphabet) -> Show:
    return lambda parts: mathml(inline_latex(parts, alphabet))


def _numbered(identifier: str, said: str, statement: Equation, alphabet: Alphabet, numbers: Numbers) -> Iterator[str]:
    yield f'<p><a class="id" href="#{_address(identifier)}">{escape(identifier)}</a> {_words(said)}</p>'
    yield f'<div class="formulas"><div>{_display([statement], alphabet)}</div>'
    yield f'<span class="number">({numbers.of[identifier]})</span></div>'


def _recalled(names: Sequence[Definition], numbers: Numbers) -> Iterator[str]:
    if said := recalled(names, mathml, lambda i: _reference(i, numbers)):
        yield f'<p class="role">{said}</p>'


def _claim(claim: Claim, numbers: Numbers, verdict: Verdict | None) -> Iterator[str]:
    address = _address(claim.id)
    yield f'<article class="claim" id="{address}">'
    if verdict is not None:
        yield f'<div class="mark {verdict.status}">{SIGNS[verdict.status]} {verdict.status}</div>'
    parts = told(claim)
    statement, *conditions = parts.equations
    yield from _numbered(claim.id, says(claim), statement, claim.alphabet, numbers)
    yield from _listing("given", claim.given_equations(), claim.alphabet)
    yield from _recalled(numbers.told_before(claim), numbers)
    yield from _listing("where", parts.where, claim.alphabet)
    yield from _listing("It satisfies", conditions, claim.alphabet)
    if said := list(_aside(claim, numbers, verdict)):
        yield f'<p class="aside">{" ".join(said)}</p>'
    yield "</article>"


def _listing(opening: str, equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
    if equations:
        yield f'<p class="role">{opening}</p>'
        yield f'<div class="formulas"><div>{_display(equations, alphabet)}</div></div>'


def _display(equations: Sequence[Equation], alphabet: Alphabet) -> str:
    return aligned(row for block in broken_lines(equations, alphabet, ROOM) for row in block)


def _aside(claim: Claim, numbers: Numbers, verdict: Verdict | None) -> Iterator[str]:
    if said := by(claim, lambda i: _reference(i, numbers), _formula(claim.alphabet)):
        yield said
    if verdict is not None:
        yield f"{judged(claim, verdict, _formula(claim.alphabet), escape)}."


def _reference(identifier: str, numbers: Numbers) -> str:
    if identifier not in numbers.of:
        return f"<code>{escape(identifier)}</code>"
    return f'<a href="#{_address(identifier)}" title="{escape(identifier)}">({numbers.of[identifier]})</a>'


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
