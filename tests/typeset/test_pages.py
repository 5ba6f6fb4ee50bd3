"""The pages of the chapters are what the chapters and their verdicts give today."""

from __future__ import annotations

from pathlib import Path

import pytest
from modeflow.derivations.alphabet import eps, lam, t
from sympy import exp

from modeflow.cli.program import main
from modeflow.language.provisos import Proviso
from modeflow.language.verdict import Verdict
from modeflow.statements.catalogue import chapters
from modeflow.typeset.markdown import markdown
from modeflow.typeset.text import text

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("key", chapters())
def test_the_page_of_a_chapter_is_current(key: str, tmp_path: Path) -> None:
    page = tmp_path / f"{key}.md"
    assert main(["derive", key, "--format", "markdown", "--verdicts", "-o", str(page)]) == 0
    written = (DOCS / "chapters" / f"{key}.md").read_text(encoding="utf-8")
    remedy = "run: modeflow derive --format markdown --verdicts -o docs/chapters"
    assert page.read_text(encoding="utf-8").splitlines() == written.splitlines(), remedy


def test_every_chapter_has_a_page_in_the_contents_and_no_page_is_left_over() -> None:
    contents = (DOCS / "index.md").read_text(encoding="utf-8").splitlines()
    listed = [line.removeprefix("chapters/") for line in contents if line.startswith("chapters/")]
    assert listed == list(chapters())
    assert sorted(page.stem for page in (DOCS / "chapters").glob("*")) == sorted(chapters())


def test_every_claim_on_a_page_has_its_verdict() -> None:
    for key, chapter in chapters().items():
        page = (DOCS / "chapters" / f"{key}.md").read_text(encoding="utf-8")
        judged = sum(page.count(f"{word} (") for word in ("Proved", "Refuted, as stated"))
        with_domain = sum(bool(d.domain) for d in {d for c in chapter.claims.values() for d in c.definitions()})
        assert judged == len(chapter.claims) + with_domain, key


@pytest.mark.costly
def test_a_directory_gets_a_file_for_each_chapter(tmp_path: Path) -> None:
    assert main(["derive", "-o", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.glob("*")) == sorted(f"{key}.txt" for key in chapters())


def test_a_verdict_is_told_in_a_sentence() -> None:
    chapter = chapters()["ae"]
    provisos = Proviso(lam - eps), Proviso(exp(-t), ">", (t,))
    verdict = Verdict("proved", "tower", provisos, seconds=1.25)
    said = {
        markdown: r"Proved (tower), where $\lambda - \varepsilon \neq 0$; $e^{- t} > 0$ from the start up to $t$.",
        text: "Proved (tower), where λ - ε ≠ 0; exp(-t) > 0 from the start up to t.",
    }
    for write in (markdown, text):
        told = write([chapter], dict.fromkeys(chapter.claims, verdict))
        assert said[write] in told
        assert "1.25" not in told
        assert "Proved" not in write([chapter])


def test_a_verdict_other_than_the_one_stated_is_told_as_it_is() -> None:
    chapter = chapters()["wae"]
    wrong = dict.fromkeys(chapter.claims, Verdict("undecided", "", reason="stopped at the limit"))
    told = markdown([chapter], wrong)
    assert told.count("Undecided.") == len(chapter.claims)
    kept = dict.fromkeys(chapter.claims, Verdict("refuted", "balls"))
    assert markdown([chapter], kept).count("Refuted, as stated (balls).") == 1
