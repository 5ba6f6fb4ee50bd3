"""The site in Chromium, on a desktop and on a phone, light and dark: nothing overflows, fails or shuts anybody out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from built_site import BUILT, needs_site
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
KINDS = (
    "index.html",
    "tutorials/derive.html",
    "chapters/ae.html",
    "claims/dae.direct.html",
    "claims/index.html",
    "gallery/index.html",
    "gallery/loss_landscape.html",
    "reference/evaluating.html",
    "glossary.html",
    "checking.html",
    "api.html",
    "genindex.html",
    "search.html?q=balanced",
)
# What scrolls sideways and has no shadow at the edge where it is cut off, or an edge that nothing covers at the end.
UNSIGNED = """() => [...document.querySelectorAll("body *")].filter((part) => {
  const style = getComputedStyle(part);
  const sign = style.backgroundImage.includes("gradient") && style.backgroundAttachment.includes("local");
  return part.scrollWidth > part.clientWidth + 1 && /auto|scroll/.test(style.overflowX) && !sign;
}).map((part) => part.outerHTML.slice(0, 120))"""
SCREENS = ((1400, "light"), (390, "dark"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=BUILT)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def opened(chromium: Any, address: str, width: int, scheme: str) -> tuple[Any, list[str]]:
    """A page, and what went wrong on it: messages of the console, exceptions, requests to other hosts."""
    page = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:")) else None)
    return page, wrong


@needs_site
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind(chromium: Any, address: str, kind: str, width: int, scheme: str) -> None:
    page, wrong = opened(chromium, address, width, scheme)
    page.goto(address + kind, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(UNSIGNED) == []
    if AXE.exists():
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert wrong == []
    page.context.close()


def edges(page: Any, part: Any) -> list[int]:
    """How much the brightness differs within 8 pixels of the left and of the right edge, where nothing is drawn."""
    box = part.bounding_box()
    part.evaluate("part => { for (const child of part.children) child.style.visibility = 'hidden' }")
    clip = {"x": box["x"], "y": box["y"] + 2, "width": box["width"], "height": 1}
    picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("L")
    part.evaluate("part => { for (const child of part.children) child.style.visibility = '' }")
    row = list(picture.tobytes())
    return [max(end) - min(end) for end in (row[:8], row[-8:])]


@needs_site
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_formula_that_is_cut_off_has_a_shadow_where_it_goes_on(chromium: Any, address: str, scheme: str) -> None:
    page, _ = opened(chromium, address, 360, scheme)
    page.goto(address + "claims/dae.theta_solution.html", wait_until="networkidle")
    wide = page.locator(".formula").first
    assert wide.evaluate("part => part.scrollWidth > part.clientWidth + 40")
    left, right = edges(page, wide)
    assert left == 0
    assert right > 20
    wide.evaluate("part => part.scrollLeft = part.scrollWidth")
    left, right = edges(page, wide)
    assert left > 20
    assert right == 0
    page.context.close()


@needs_site
def test_the_search_finds_claims_without_a_server(chromium: Any) -> None:
    here = Path(BUILT or "").resolve().as_uri()
    page, _ = opened(chromium, here, 1400, "light")
    page.goto(f"{here}/search.html?q=imbalance")
    page.wait_for_selector("ul.search li a[href*='claims/']", timeout=10_000)
    page.context.close()


QUESTIONS = {
    "balanced solution": "results.html",
    "rho vanish": "results.html",
    "rho": "claims/dae.rho.html",
    "direct form defined": "results.html",
    "freezing imbalance": "results.html",
    "noise decay time": "results.html",
    "imbalance conserved": "results.html",
    "finite steps": "chapters/step.html",
}


@needs_site
@pytest.mark.parametrize(("asked", "told"), QUESTIONS.items())
def test_the_search_puts_the_page_that_answers_among_the_first(chromium: Any, asked: str, told: str) -> None:
    here = Path(BUILT or "").resolve().as_uri()
    page = chromium.new_page()
    page.goto(f"{here}/search.html?q={asked.replace(' ', '+')}")
    page.wait_for_selector(".search-summary:has-text('finished')", timeout=10_000)
    page.wait_for_selector("ul.search li a")
    links = page.eval_on_selector_all("ul.search > li > a", "found => found.map((a) => a.getAttribute('href'))")
    page.close()
    assert told in [link.partition("#")[0].partition("?")[0] for link in links[:3]]


@needs_site
def test_a_finding_of_axe_is_seen(chromium: Any, address: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    page, _ = opened(chromium, address, 1400, "light")
    page.set_content("<html lang='en'><title>x</title><body><main><h1>x</h1><img src='data:,'></main></body></html>")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert "image-alt" in [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    page.context.close()
