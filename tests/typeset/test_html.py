"""Pages and notebooks of derivations: sound, self-contained, and complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sympy import Symbol, exp, sin
from verdicts import all_chapters

from modeflow import Alphabet, Chapter, chapters, prove
from modeflow.cli.program import main
from modeflow.language.provisos import Proviso
from modeflow.language.verdict import Verdict
from modeflow.typeset.excerpt import excerpt
from modeflow.typeset.html import html
from modeflow.typeset.markdown import markdown
from modeflow.typeset.mathml import UnusableFormula, aligned, mathml
from modeflow.typeset.narrative import numbered

pytest.importorskip("latex2mathml", reason="latex2mathml, which writes MathML, is not installed")

XMLNS = "{http://www.w3.org/1998/Math/MathML}"
CORE = {
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}


def sample() -> Chapter:
    letters = Alphabet()
    x = letters.scalar("x", "x", "a <b>number</b> & more", real=True)
    y = letters.scalar("y", r"\hat{\eta}_1", "another", positive=True)
    chapter = Chapter("my", "Sines < cosines", letters, source="saxe2014; by <hand>", text="A `code` <i>.\n\n    a = b")
    chapter.claim("one", sin(x) ** 2 * exp(y), y * sin(x), says="No & never.", expects="refuted")
    chapter.claim("two", x, x, says="Itself.", follows_from=["my.one", "far.off"])
    return chapter


class Page(HTMLParser):
    """What a page contains; an end tag that does not match fails."""

    EMPTY = frozenset({"meta", "br", "link", "img", "path", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> Iterator[str]:
        return (attributes[name] or "" for _, attributes in self.tags if name in attributes)


def sound(text: str) -> Page:
    page = Page(text)
    assert page.open == []
    names = list(page.values("id"))
    assert len(set(names)) == len(names)
    links = list(page.values("href"))  # of graphs, too
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(names)
    assert not {tag for tag, _ in page.tags} & {"img", "link", "iframe", "b", "i"}
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not re.search(r"url\(|@import|https?:(?!//www\.w3\.org/1998/)|\ssrc=|\son\w+=|\bimport\b|fetch\(", text)
    return page


def test_a_page_is_sound_and_holds_strangers_text_as_text() -> None:
    verdicts = {"my.one": Verdict("refuted", "balls"), "my.two": Verdict("proved", "tower", (Proviso(Symbol("x")),))}
    text = html([sample()], verdicts)
    sound(text)
    assert "a &lt;b&gt;number&lt;/b&gt; &amp; more" in text
    assert "<code>code</code> &lt;i&gt;." in text
    assert "<pre>a = b</pre>" in text
    assert '<a href="#source-saxe2014">saxe2014</a>; by &lt;hand&gt;' in text
    assert 'By <a href="#my.one" title="my.one">(1)</a> and <code>far.off</code>.' in text
    assert '<div class="mark refuted">✗ refuted</div>' in text
    assert "Refuted, as stated (balls)." in text
    assert "Proved (tower), where <math" in text
    assert "<mo>≠</mo><mn>0</mn>" in text
    assert "Proved" not in html([sample()])


def test_the_page_of_all_chapters_has_every_claim_and_is_sound() -> None:
    page = sound(all_chapters(html))
    anchors = set(page.values("id"))
    for key, chapter in chapters().items():
        assert {key, *chapter.claims} <= anchors


def test_a_page_of_nothing_is_a_page() -> None:
    sound(html([]))


def formulas(text: str) -> list[Any]:
    return [ElementTree.fromstring(found) for found in re.findall(r"<math.*?</math>", text, re.DOTALL)]


def test_formulas_are_mathml_that_browsers_know_and_nothing_is_left_in_tex() -> None:
    found = formulas(all_chapters(html))
    assert len(found) > sum(len(chapter.claims) for chapter in chapters().values())
    for formula in found:
        for part in formula.iter():
            assert part.tag.removeprefix(XMLNS) in CORE
            brace = part.text == "{" and part.get("fence") == "true"  # before the cases of a definition
            assert brace or not re.search(r"\\|&|[{}]", part.text or ""), part.text


def test_signs_are_not_escaped_twice_and_text_cannot_leave_the_formula() -> None:
    assert "<mo>&lt;</mo>" in mathml("a < b")
    assert ">(<" in mathml(r"\left(a\right)")
    (formula,) = formulas(mathml(r"\text{<b>&}"))
    assert "".join(formula.itertext()) == "<b>&"


def test_rows_are_aligned_at_their_first_ampersand() -> None:
    (display,) = formulas(aligned([r"w &= \frac{1}{2}", r"&\quad + y"]))
    first, second = display.iter(f"{XMLNS}mtr")
    assert ["".join(cell.itertext()) for cell in first] == ["w", "=12"]
    assert ["".join(cell.itertext()).strip() for cell in second] == ["", "+y"]


def test_a_formula_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnusableFormula, match=r"x_1_2: cannot be written as MathML"):
        mathml("x_1_2")
    file = tmp_path / "odd.py"
    file.write_text(
        "from modeflow import Alphabet, Chapter\nletters = Alphabet()\n"
        'x = letters.scalar("x", "x_1_2", "odd")\nchapter = Chapter("odd", "Odd", letters)\n'
        'chapter.claim("one", x, x, says="Itself.")\n'
    )
    assert main(["derive", str(file), "--format", "html"]) == 2
    assert "x_1_2" in capsys.readouterr().err


def test_claims_chapters_and_verdicts_display_themselves() -> None:
    chapter = chapters()["dae"]
    assert chapter.claims["dae.fixed_point"]._repr_latex_().startswith(r"$\displaystyle w^{*} = ")
    assert chapter._repr_markdown_() == markdown([chapter])
    x = Symbol("x", real=True)
    wrong = prove(sin(x), x)._repr_html_()
    Page(wrong)
    assert wrong.startswith("<strong>refuted</strong>")
    assert "<tr><td>x</td>" in wrong
    assert "<tr><td>left</td>" in wrong
    proved = Verdict("proved", "tower", (Proviso(x), Proviso(x - 1, "<")))._repr_html_()
    assert proved == "<strong>proved</strong> (tower), where <code>x != 0</code>; <code>x - 1 &lt; 0</code>"
    odd = Verdict("undecided", "", reason="<b>")._repr_html_()
    assert odd == "<strong>undecided</strong>: &lt;b&gt;"


def test_both_are_written_by_the_command(tmp_path: Path) -> None:
    assert main(["derive", "dae", "--format", "html", "-o", str(tmp_path / "dae.html")]) == 0
    sound((tmp_path / "dae.html").read_text(encoding="utf-8"))
    assert main(["derive", "ae", "--format", "ipynb", "-o", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.glob("*.ipynb")] == ["ae.ipynb"]


def test_without_the_library_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml", None)
    assert main(["derive", "dae", "--format", "html"]) == 2
    assert capsys.readouterr().err == (
        "modeflow: latex2mathml is needed for --format html: pip install 'modeflow[html]'\n"
    )


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.costly
@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")
def test_a_browser_sets_the_formulas(tmp_path: Path) -> None:
    path = tmp_path / "dae.html"
    path.write_text(html([chapters()["dae"]]), encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--print-to-pdf", path.as_uri()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip("Chromium does not start here")
    assert (tmp_path / "output.pdf").stat().st_size > 20_000


def test_links_go_both_ways_and_buttons_hold_the_formula_and_the_call() -> None:
    text = html([chapters()["mode"], chapters()["dae"]])
    page = sound(text)
    address = numbered([chapters()["mode"], chapters()["dae"]]).of
    direct = text[text.index('<article class="claim" id="mode.direct"') :]
    direct = direct[: direct.index("</article>")]
    assert f'Used for <a href="#dae.direct" title="dae.direct">({address["dae.direct"]})</a>' in direct
    copied = list(page.values("data-copy"))
    assert 'modeflow.claim("dae.direct")' in copied
    assert 'modeflow.chapters()["dae"].definitions["dae.rho"]' in copied
    assert r"\rho = \sqrt{4 \lambda^{2} + \xi^{2} c_{ab}^{2}}".replace(" ", "") in [c.replace(" ", "") for c in copied]
    calls = [call for call in copied if call.startswith("modeflow.")]
    (found,) = {re.sub(r'"[^"]*"', "…", call) for call in calls if "claim(" in call}
    assert found == "modeflow.claim(…)"
    assert {call.split('"')[1] for call in calls if "claim(" in call} == {
        *chapters()["mode"].claims,
        *chapters()["dae"].claims,
    }


def test_what_does_not_ship_has_no_call() -> None:
    calls = [text for text in sound(html([sample()])).values("data-copy") if "modeflow" in text]
    assert calls == []


def test_a_claim_by_itself_names_all_that_follows_from_it() -> None:
    text = html(excerpt(["mode.direct"], tuple(chapters().values())))
    sound(text)
    assert "<code>dae.direct</code>" in text
    assert 'data-from="mode.direct" data-to="dae.direct"' in text


def test_details_tell_how_a_claim_was_judged() -> None:
    x = Symbol("x")
    long = sum((x + n) ** n for n in range(2, 20))
    witness = {"point": {"x": "<1>"}, "left": "1", "right": "2"}
    verdicts = {
        "my.one": Verdict("refuted", "balls", witness=witness),
        "my.two": Verdict("proved", "tower", (Proviso(long),), reason="because"),
    }
    text = html([sample()], verdicts)
    sound(text)
    assert "<summary>Where it fails</summary>" in text
    assert "at x = &lt;1&gt;: left 1, right 2" in text
    assert "<dt>Reason</dt><dd>because</dd>" in text
    assert "<dt>Longer conditions</dt><dd><code>" in text
    assert "<code>modeflow verify my.two --explain</code>" in text
    assert "<details>" not in html([sample()])


def browser_page(playwright: Any, **options: Any) -> Any:
    try:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
    except playwright_error() as error:
        pytest.skip(f"Chromium does not start here: {error}")
    return chromium.new_context(**options)


def playwright_error() -> type[Exception]:
    from playwright.sync_api import Error

    return Error


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")
def test_in_a_browser_the_keyboard_copies_and_the_console_is_silent(tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = tmp_path / "page.html"
    verdicts = dict.fromkeys(chapters()["ae"].claims, Verdict("proved", "tower"))
    path.write_text(html([chapters()["flow"], chapters()["ae"]], verdicts), encoding="utf-8")
    with api.sync_playwright() as playwright:
        sizes = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
        context = browser_page(playwright, **sizes, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator("button[data-copy='modeflow.claim(\"ae.solution\")']").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#said.shown")
        assert page.locator("#said").inner_text() == 'Copied: modeflow.claim("ae.solution")'
        assert page.evaluate("navigator.clipboard.readText()") == 'modeflow.claim("ae.solution")'
        page.locator('svg a[href="#ae.solution"]').first.focus()
        assert page.locator("path.hot").count() >= 2
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#ae.solution"
        page.locator('[id="ae.solution"] summary').focus()
        page.keyboard.press("Enter")
        assert page.locator('[id="ae.solution"] details').get_attribute("open") == ""
        assert said == []
        context.browser.close()
