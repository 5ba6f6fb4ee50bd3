"""The words behind verdicts are explained: in the document where they are used, and on the page about proving."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import modeflow
from modeflow.language.verdict import Verdict
from modeflow.typeset.document import document
from modeflow.typeset.methods import METHODS, met

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_about_proving_explains_them_all() -> None:
    page = (ROOT / "docs" / "proving.md").read_text(encoding="utf-8")
    assert [word for word, said in METHODS.items() if f"| {word} | {said.removesuffix('.')} |" not in page] == []


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("tower, signs", ["tower", "signs"]),
        ("certificate of signs, where given, in names", ["certificate of signs", "where given", "in names"]),
        ("corollary of mode.direct, 5 obligations", ["corollary"]),
        ("balls at 20 points", ["balls"]),
        ("", []),
    ],
)
def test_the_words_of_a_verdict_are_found(method: str, words: list[str]) -> None:
    assert list(met([Verdict("proved", method)])) == words


def test_a_document_explains_those_that_it_uses_and_no_others() -> None:
    chapter = modeflow.chapters()["ae"]
    verdicts = dict.fromkeys(chapter.claims, Verdict("proved", "tower"))
    text = document([chapter], verdicts)
    assert r"\item[tower]" in text
    assert r"\item[matrix words]" not in text
    assert "How to read the verdicts" not in document([chapter])


def test_every_method_of_the_prover_is_explained() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "modeflow").rglob("*.py"))
    written = set(re.findall(r'Verdict\(\s*"\w+",\s*f?"([^"]+)"|"(matrix words[^"]*)"', sources))
    written = {one or other for one, other in written}
    assert {"tower", "signs", "matrix words"} <= written
    assert [word for word in written if not met([Verdict("proved", word)])] == []
