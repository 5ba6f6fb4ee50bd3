"""The site as built: it asks no other host for anything, and every link in it leads somewhere.

`sphinx-build -W -c docs/sphinx docs docs/_build` builds it; MODEFLOW_SITE names the folder.
"""

from __future__ import annotations

import re
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
