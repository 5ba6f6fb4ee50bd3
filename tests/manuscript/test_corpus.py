"""The corpus of equations against what each should be found to be."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscript_cases import CORPUS, NOTATIONS

from modeflow.manuscript import check, configuration


@pytest.mark.parametrize("name", list(CORPUS))
def test_every_equation_gets_its_verdict(tmp_path: Path, name: str) -> None:
    cases = CORPUS[name]
    paper = tmp_path / "paper.tex"
    paper.write_text("".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex, _ in cases), encoding="utf-8")
    found = check([paper], configuration(NOTATIONS[name], "test"), jobs=1)
    other = [
        (claim, tex, f.verdict, f.message, f.understood)
        for (claim, tex, verdict), f in zip(cases, found, strict=True)
        if f.verdict != verdict
    ]
    assert other == []


def test_the_corpus_is_of_some_size() -> None:
    cases = [case for cases in CORPUS.values() for case in cases]
    assert len(cases) >= 150
    assert len(set(cases)) == len(cases)
    assert sum(verdict == "wrong" for *_, verdict in cases) >= 60
