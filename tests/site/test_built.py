"""The site as built: it asks no other host for anything, and every link in it leads somewhere.

`sphinx-build -W -c docs/sphinx docs docs/_build` builds it; MODEFLOW_SITE names the folder.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from built_site import Page, dead, elsewhere, fetched_by, needs_site, page_of, pages, styles

from modeflow.statements.catalogue import chapters


@needs_site
def test_no_page_loads_anything_from_another_host() -> None:
    loaded = {address for page in pages() for address in page_of(page).resources}
    assert any(address.endswith("site.css?v=") or "site.css" in address for address in loaded)
    assert [address for address in loaded if elsewhere(address)] == []
    assert [a for sheet in styles() for a in fetched_by(sheet.read_text(encoding="utf-8")) if elsewhere(a)] == []


@needs_site
def test_every_link_leads_somewhere() -> None:
    assert [(p.name, link) for p in pages() for link in page_of(p).links if dead(link, p)] == []
    assert [(p.name, link) for p in pages() for link in page_of(p).resources if dead(link, p)] == []


@needs_site
def test_no_formula_is_left_as_latex() -> None:
    raw = re.compile(r"\\\(|\\\[|\$\$|class=\"math[ \"]")
    code = re.compile(r"<pre>.*?</pre>|<code.*?</code>|<script.*?</script>", re.DOTALL)
    assert [page.name for page in pages() if raw.search(code.sub("", page_of(page).text))] == []
    assert sum(page_of(page).text.count("<math") for page in pages()) > 1000


# Neither what is between tags of these nor what is no page's own has words.
APART = re.compile(r"<(pre|code|math|script|style|svg|head|nav|aside|dt)\b.*?</\1>", re.DOTALL)
ASCII = re.compile(r"\^|\+-|[<>!]=|->|(?<![\w.])[dD]?[wW][12](?!\d)|\\[a-zA-Z]|\*\*|\$")


def words(page: str) -> str:
    """What a page says in words."""
    said = re.search(r'<article role="main".*</article>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", APART.sub(" ", said[0] if said else page)))


@needs_site
def test_no_page_has_ascii_mathematics_in_its_words() -> None:
    found = {
        p.name: m for p in pages() if p.parent.name != "reference" and (m := ASCII.findall(words(page_of(p).text)))
    }
    assert found == {}
    assert sum(len(words(page_of(page).text)) for page in pages()) > 500_000


def test_ascii_mathematics_in_words_is_seen() -> None:
    bad = ("w^2", "nearly +-", "a &gt;= b", "dw1/dt", "<p>W2</p> W1", r"\frac", "2**x", "$x$")
    assert [text for text in bad if not ASCII.search(words(f'<article role="main">{text}</article>'))] == []
    good = "<code>w1 &gt;= 0</code> <math><mi>w1</mi></math> w₁ ≥ 0, <a>flow.w1</a> and E = mc²"
    assert ASCII.search(words(good)) is None


KEPT = re.compile(r'<span class="kept">.*?</span>', re.DOTALL)
MISREAD = {
    "a bracket that swallowed a number, as that of left.2 did": r'<mo [^>]*fence="true"[^>]*>[^<]*\w[^<]*</mo>',
    "a stop that may begin a line after a formula": r"</math>[.,;:!?)]",
    "a low line in a letter": r"<h1>[^<]*_",
}


def misread(page: str) -> list[str]:
    """Which of these a page has."""
    return [what for what, seen in MISREAD.items() if re.search(seen, KEPT.sub("", page))]


@needs_site
def test_formulas_read_as_they_are_meant() -> None:
    assert {page.name: found for page in pages() if (found := misread(page_of(page).text))} == {}
    assert sum(len(KEPT.findall(page_of(page).text)) for page in pages()) > 100


def test_formulas_that_do_not_are_seen() -> None:
    bracket = '<mo stretchy="true" fence="true" form="prefix">{}</mo>'
    bad = (bracket.format(".2"), "<math><mi>x</mi></math>, and", "<h1>c_ab: <code>x_y</code></h1>")
    assert [misread(page) for page in bad] == [[what] for what in MISREAD]
    good = '<span class="kept"><math><mi>x</mi></math>,</span> and <h1>c<sub>ab</sub>: <code>x_y</code></h1>'
    assert misread(good + bracket.format("(")) == []


@needs_site
def test_every_claim_has_a_page_with_its_formula_its_verdict_and_what_to_copy() -> None:
    found = {f"{page.parent.name}/{page.name}": page for page in pages()}
    for chapter in chapters().values():
        for claim in chapter.claims.values():
            text = page_of(found[f"claims/{claim.id}.html"]).text
            assert "<math" in text
            assert f"verdict {claim.expects}" in text
            assert "modeflow</span>" in text or "modeflow.claim(" in text
            assert f"../chapters/{chapter.key}.html#{claim.id}" in text
            for source in claim.follows_from:
                assert f'href="{source}.html"' in text
                assert f'href="{claim.id}.html"' in page_of(found[f"claims/{source}.html"]).text


def test_what_must_be_refused_is_seen(tmp_path: Path) -> None:
    page = Page(
        '<script src="https://cdn.example.org/x.js"></script><link rel="stylesheet" href="//example.org/x.css">'
        '<link rel="canonical" href="https://example.org/"><a id="here" href="https://example.org">x</a>'
    )
    assert list(map(elsewhere, page.resources)) == [True, True]
    assert elsewhere(fetched_by("@font-face { src: url('https://example.org/x.woff2') }")[0])
    assert fetched_by('@import "x.css"; a { background: url(y.png) }') == ["x.css", "y.png"]
    (tmp_path / "there.html").write_text(page.text)
    here = tmp_path / "page.html"
    here.write_text(page.text)
    links = ["there.html", "there.html#here", "#here", "mailto:x@y", "gone.html", "there.html#gone", "#gone"]
    assert [dead(link, here) for link in links] == [False, False, False, False, True, True, True]
