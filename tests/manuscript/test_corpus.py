"""The corpus of equations against what each should be found to be."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import daily
import pytest
from manuscript_cases import CORPUS, NOTATIONS, Case

from modeflow.manuscript import check, configuration
from modeflow.manuscript.judge.corrections import Corrections


@pytest.fixture(autouse=True)
def _verdicts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may have been meant instead changes no verdict, takes most of the time, and has tests of its own."""
    monkeypatch.setattr(Corrections, "right", lambda *_: ([], True))


def others(folder: Path, name: str, cases: list[Case]) -> list[tuple[str, ...]]:
    """The equations that get another verdict than they should."""
    paper = folder / "paper.tex"
    paper.write_text("".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex, _ in cases), encoding="utf-8")
    found = check([paper], configuration(NOTATIONS[name], "test"), jobs=1)
    return [
        (claim, tex, f.verdict, f.message, f.understood)
        for (claim, tex, verdict), f in zip(cases, found, strict=True)
        if f.verdict != verdict
    ]


def of_the_day(cases: list[Case]) -> list[Case]:
    """One case of each claim and verdict, and of those of no claim a third."""
    source, kinds = random.Random(daily.seed()), defaultdict(list)
    for case in cases:
        kinds[case[0], case[2]].append(case)
    return [one for kind in kinds.values() for one in source.sample(kind, 1 + (kind[0][0] == "prove") * len(kind) // 3)]


@pytest.mark.parametrize("name", list(CORPUS))
def test_the_equations_of_the_day_get_their_verdicts(tmp_path: Path, name: str) -> None:
    chosen = of_the_day(CORPUS[name])
    kinds, all_kinds = ({(claim, verdict) for claim, _, verdict in cases} for cases in (chosen, CORPUS[name]))
    assert kinds == all_kinds
    assert others(tmp_path, name, chosen) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CORPUS))
def test_every_equation_gets_its_verdict(tmp_path: Path, name: str) -> None:
    assert others(tmp_path, name, CORPUS[name]) == []


def test_the_corpus_is_of_some_size() -> None:
    cases = [case for cases in CORPUS.values() for case in cases]
    assert len(cases) >= 150
    assert len(set(cases)) == len(cases)
    assert sum(verdict == "wrong" for *_, verdict in cases) >= 60
