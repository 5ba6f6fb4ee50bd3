"""The site as built, which MODEFLOW_SITE names: its pages, and what they load and link to."""

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
