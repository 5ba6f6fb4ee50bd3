"""The site as built: it asks no other host for anything, and every link in it leads somewhere.

`sphinx-build -W -c docs/sphinx docs docs/_build` builds it; MODEFLOW_SITE names the folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

BUILT = os.environ.get("MODEFLOW_SITE")
needs_site = pytest.mark.skipif(BUILT is None, reason="MODEFLOW_SITE names no built site")
RESOURCES = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
ASKED_FOR = {"stylesheet", "icon", "preload", "preconnect", "modulepreload", "manifest", "shortcut icon"}


@dataclass
class Page(HTMLParser):
    """What a page loads, what it links to, and what can be linked to in it."""

    text: str
    resources: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        loaded = given.get(RESOURCES.get(tag, ""))
        if loaded is not None and (tag != "link" or given.get("rel") in ASKED_FOR):
            self.resources.append(loaded)


def elsewhere(address: str) -> bool:
    return bool(urlsplit(address).netloc)


def fetched_by(style: str) -> list[str]:
    """The addresses that a style sheet loads: fonts, pictures and other sheets."""
    return re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""", style)


def dead(address: str, page: Path) -> bool:
    """Whether a link from a page to another of the site, or to a place in one, leads nowhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_file():
        return True
    return bool(parts.fragment) and target.suffix == ".html" and unquote(parts.fragment) not in page_of(target).anchors


@cache
def page_of(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def pages() -> list[Path]:
    found = sorted(Path(BUILT or "").resolve().rglob("*.html"))
    assert len(found) > 30
    return found


def styles() -> list[Path]:
    return sorted(Path(BUILT or "").resolve().rglob("*.css"))


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
