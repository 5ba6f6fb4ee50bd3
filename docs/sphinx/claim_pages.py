"""A page for each claim and each defined quantity, written before Sphinx reads; and links to them from all pages."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from docutils import nodes
from graphs import around, of_all
from sympy import Tuple

from modeflow.language.definitions import Definition, Named
from modeflow.statements.catalogue import chapters, claims
from modeflow.statements.claims import Claim
from modeflow.statements.verify import verify_all
from modeflow.typeset.latex import defining, statement_latex
from modeflow.typeset.lettering import drawn
from modeflow.typeset.markdown import blocks
from modeflow.typeset.narrative import Verdicts, prose

_APART = nodes.literal | nodes.literal_block | nodes.math | nodes.math_block | nodes.reference
_ID = re.compile(r"[a-z]+(?:\.\w+)+")
_DOMAIN = re.compile(r"\.domain(_\d+)?$")


@dataclass
class Catalogue:
    """What the pages tell.

    told: id of a claim → its definitions in Markdown, by their ids, and the claim itself.
    users: id → the claims that rest on it, or that use the quantity.
    """

    verdicts: Verdicts
    told: dict[str, list[str]] = field(default_factory=dict)
    quantities: dict[str, tuple[Definition, Claim, str]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    users: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def pages(verdicts: Verdicts) -> dict[str, str]:
    """File name → page, in Markdown."""
    read = _read(verdicts)
    stated = {i: claim for chapter in chapters().values() for i, claim in chapter.claims.items()}
    return {
        **{f"{i}.md": "\n\n".join(_claim(claim, read)) + "\n" for i, claim in stated.items()},
        **{f"{i}.md": "\n\n".join(_quantity(i, read)) + "\n" for i in read.quantities},
        "index.md": "\n\n".join(_index(read)) + "\n",
    }


def address(identifier: str, known: Iterable[str]) -> str | None:
    """The page on which an id is told: its own, or for what is claimed of a quantity that of the quantity."""
    about = _DOMAIN.sub("", identifier)
    return f"claims/{about}" if f"claims/{about}" in known else None


def _read(verdicts: Verdicts) -> Catalogue:
    read = Catalogue(verdicts)
    for chapter in chapters().values():
        for claim in chapter.claims.values():
            opening, *told = blocks([replace(chapter, text="", claims={claim.id: claim})], verdicts)
            read.told[claim.id] = [re.sub(r"^\*\*\(\d+\)\*\* ", "", block) for block in told]
            read.letters[claim.id] = opening[opening.find("| symbol") :] if "| symbol" in opening else ""
            for definition, block in zip(claim.definitions(), read.told[claim.id], strict=False):
                read.quantities.setdefault(definition.id, (definition, claim, block))
            for used in {*_rests_on(claim, verdicts), *(d.id for d in _names(*claim.sides()))}:
                read.users[used].append(claim.id)
    return read


def _names(*expressions: Any) -> set[Definition]:
    return {name.definition for name in Tuple(*expressions).atoms(Named)}


def _rests_on(claim: Claim, verdicts: Verdicts) -> list[str]:
    general = [claim.special.of.id] if claim.special else []
    proved = verdicts[claim.id].rests_on if claim.id in verdicts else ()
    domains = (_DOMAIN.sub("", i) for i in proved if _DOMAIN.search(i))
    return list(dict.fromkeys([*general, *claim.follows_from, *domains]))


def _claim(claim: Claim, read: Catalogue) -> Iterator[str]:
    *definitions, told = read.told[claim.id]
    said, formula = told.split(" ", 1)[1].split("\n\n", 1)
    yield from _head(claim.id, f"`{claim.id}`: {said.removesuffix('.')}", _mark(claim.id, read.verdicts))
    yield formula
    if definitions:
        yield "## Definitions"
        yield from definitions
    if letters := read.letters[claim.id]:
        yield f"## Letters\n\n{letters}"
    yield from _listed("Rests on", _rests_on(claim, read.verdicts), read)
    yield from _listed("What rests on it", read.users[claim.id], read)
    if drawn := around(claim, read.verdicts):
        yield f"## What follows from what\n\n{drawn}"
    yield from _copied(claim.latex(), f'claim = modeflow.claim("{claim.id}")\nclaim.verify()')
    yield f"`modeflow derive {claim.id}` prints it with what it follows from; `modeflow verify {claim.id}` proves it."


def _quantity(identifier: str, read: Catalogue) -> Iterator[str]:
    definition, claim, told = read.quantities[identifier]
    letter = re.sub(r"_(?:\((.*?)\)|(\w+|.))", r"{sub}`\1\2`", drawn(definition.tex))
    yield from _head(identifier, f"{letter}: `{identifier}`")
    yield told.split(" ", 1)[1]
    yield from _listed("Defined by", sorted(d.id for d in _names(definition.expression)), read)
    yield from _listed("Where it is used", read.users[identifier], read)
    call = f'claim = modeflow.claim("{claim.id}")\nclaim.definitions()'
    yield from _copied(statement_latex(defining(definition), claim.alphabet), call)


def _head(identifier: str, name: str, mark: str = "") -> Iterator[str]:
    chapter = chapters().get(identifier.split(".")[0])
    yield f"---\norphan: true\n---\n\n# {name}"
    place = f'<a href="../chapters/{chapter.key}.html#{identifier}">{chapter.title}</a>' if chapter else ""
    yield " · ".join(part for part in (place, mark) if part)


def _mark(identifier: str, verdicts: Verdicts) -> str:
    status = verdicts[identifier].status
    return f"[{status}]{{.verdict .{status}}}"


def _listed(title: str, ids: Iterable[str], read: Catalogue) -> Iterator[str]:
    rows = [f"- `{i}` {_said(i, read)}" for i in ids]
    if rows:
        yield f"## {title}"
        yield "\n".join(rows)


def _said(identifier: str, read: Catalogue) -> str:
    if identifier in read.quantities:
        definition, claim, _ = read.quantities[identifier]
        return f"${definition.tex}$: {prose(definition.says, claim.alphabet)}"
    return _says(claims()[identifier])


def _says(claim: Claim) -> str:
    return prose(claim.says, claim.alphabet)


def _copied(tex: str, call: str) -> Iterator[str]:
    yield f"## To copy\n\n```latex\n{tex}\n```"
    yield f"```python\nimport modeflow\n\n{call}\n```"


def _index(read: Catalogue) -> Iterator[str]:
    count = sum(len(c.claims) for c in chapters().values())
    yield "# All claims"
    yield f"{count} claims and {len(read.quantities)} defined quantities, each with a page of its own."
    yield of_all("../chapters", read.verdicts)
    for chapter in chapters().values():
        yield f"## {chapter.title}"
        rows = [f"| [{i}]({i}.md) | {_says(c)} | {_mark(i, read.verdicts)} |" for i, c in chapter.claims.items()]
        yield "\n".join(["| claim | says | verdict |", "|---|---|---|", *rows])
        names = [f"`{i}` ${d.tex}$" for i, (d, _, _) in read.quantities.items() if i.startswith(f"{chapter.key}.")]
        if names:
            yield "Quantities: " + ", ".join(names)


# What Sphinx calls ------------------------------------------------------------------------------------------------


def write(app: Any) -> None:
    """Writes the pages of claims; one that has not changed is left alone, so that it is not read again."""
    verified = verify_all(claims().values(), jobs=os.cpu_count() or 1)
    app.modeflow_verdicts = {claim.id: verdict for claim, verdict in verified}
    written = pages(app.modeflow_verdicts)
    folder = Path(app.srcdir) / "claims"
    folder.mkdir(exist_ok=True)
    for old in {path.name for path in folder.glob("*.md")} - set(written):
        (folder / old).unlink()
    for name, text in written.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def link(app: Any, tree: nodes.document, page: str) -> None:
    """Makes each id on a page a link to its own page, and each statement in a chapter a place to link to."""
    for paragraph in tree.findall(nodes.paragraph) if page.startswith("chapters/") else ():
        match [part for part in paragraph.children if part.astext()][:3]:
            case [nodes.strong(), nodes.Text(), nodes.literal() as identifier]:
                paragraph["ids"].append(identifier.astext())
    if page.startswith("claims/"):
        for title in tree.findall(nodes.title):
            for literal in title.findall(nodes.literal):
                literal.children = list(_breakable(literal))
    known = app.env.found_docs
    for literal in list(tree.findall(nodes.literal)):
        _link(app, page, literal, [literal.deepcopy()], known)
    if page.startswith(("chapters/", "claims/")):
        for text in list(tree.findall(nodes.Text)):
            if not _within(text, _APART):
                _link_words(app, page, text, known)


def _breakable(literal: nodes.literal) -> Iterator[nodes.Node]:
    """An id that may go on in the next line after each of its words."""
    first, *words = re.findall(r"[^._]+[._]*", literal.astext())
    yield nodes.Text(first)
    for word in words:
        yield nodes.raw("", "<wbr>", format="html")
        yield nodes.Text(word)


def _within(node: nodes.Node | None, kinds: Any) -> bool:
    """Whether what a node is in, at any depth, is of these kinds."""
    while node := node.parent if node else None:
        if isinstance(node, kinds):
            return True
    return False


def _link(app: Any, page: str, node: nodes.Node, shown: list[nodes.Node], known: Iterable[str]) -> None:
    target = address(node.astext(), known)
    if target and target != page and not _within(node, nodes.reference | nodes.title):
        node.parent.replace(node, _reference(app, page, target, shown))


def _link_words(app: Any, page: str, text: nodes.Text, known: Iterable[str]) -> None:
    parts: list[nodes.Node] = []
    end, words = 0, text.astext()
    for found in _ID.finditer(words):
        if target := address(found[0], known):
            parts += [nodes.Text(words[end : found.start()]), _reference(app, page, target, [nodes.Text(found[0])])]
            end = found.end()
    if parts:
        text.parent.replace(text, [*parts, nodes.Text(words[end:])])


def _reference(app: Any, page: str, target: str, shown: list[nodes.Node]) -> nodes.reference:
    return nodes.reference("", "", *shown, refuri=app.builder.get_relative_uri(page, target), internal=True)


def setup(app: Any) -> Mapping[str, bool]:
    """What Sphinx calls."""
    app.connect("builder-inited", write)
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
