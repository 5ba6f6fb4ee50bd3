"""One claim at a time: with what it needs, or with all that it rests on, alone or with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow import chapters, claims
from modeflow.cli.program import main
from modeflow.cli.selection import selection
from modeflow.typeset.excerpt import Excerpt, excerpt, following, sources
from modeflow.typeset.narrative import about, numbered
from modeflow.typeset.text import text

ALL = tuple(chapters().values())


def ids(parts: tuple[Excerpt, ...], brief: bool) -> list[str]:
    return [i for part in parts if part.brief is brief for i in part.claims]


def test_a_claim_comes_with_those_that_it_follows_from_and_they_are_only_stated() -> None:
    parts = excerpt(["cmp.speedup"], ALL)
    ((asked,), brief) = ids(parts, False), ids(parts, True)
    assert set(brief) == set(claims()[asked].follows_from)
    for part in parts:
        for i, claim in part.claims.items():
            assert claim.stated() == claims()[i].stated()
            assert not part.brief or not (claim.satisfies or claim.follows_from or claim.special)
            assert part.stated[i] is claims()[i]  # what is proved is the claim and not its short form


def test_of_what_is_only_stated_no_definition_is_told() -> None:
    parts = excerpt(["dae.direct"], ALL)
    told = numbered(parts).new
    assert [d.id for d in told["dae.direct"]] == [d.id for d in claims()["dae.direct"].definitions()]
    assert claims()["mode.direct"].definitions()
    assert told["mode.direct"] == ()
    assert "as in mode.D, mode.N" in text(parts)


@pytest.mark.parametrize("chapter", chapters())
def test_ancestors_are_told_in_full_before_what_rests_on_them(chapter: str) -> None:
    asked = list(chapters()[chapter].claims)[-1]
    parts = excerpt([asked], ALL, ancestors=True)
    order = ids(parts, False)
    assert ids(parts, True) == []
    assert set(order) == sources([asked], claims())
    assert order[-1] == asked
    for i in order:
        assert all(order.index(source) < order.index(i) for source in claims()[i].follows_from)


def test_what_leads_to_what_is_the_converse_of_what_follows_from_what() -> None:
    after = following(claims().values())
    pairs = {(source, i) for source, found in after.items() for i in found}
    assert pairs == {(source, i) for i, claim in claims().items() for source in claim.follows_from}
    (part, *_) = excerpt(["mode.direct"], ALL)
    assert part.leads_to["mode.direct"] == after["mode.direct"]
    assert "dae.direct" in after["mode.direct"]


def test_claims_and_chapters_are_mixed_in_the_order_of_reading_and_each_is_told_once() -> None:
    chosen = selection(["cmp", "dae.direct", "dae.fixed_point", "cmp.speedup"])
    parts = chosen.together(ancestors=False)
    assert [part.key for part in parts] == ["dae", "cmp", "mode"]
    told = [i for part in parts for i in part.claims]
    assert len(set(told)) == len(told)
    assert set(chapters()["cmp"].claims) | {"dae.direct", "dae.fixed_point"} <= set(told)


def test_a_text_of_one_claim_is_called_after_it() -> None:
    assert about(excerpt(["dae.direct"], ALL)) == "The denoising autoencoder: dae.direct"
    assert about(excerpt(["dae.direct"], ALL, ancestors=True)) == "The denoising autoencoder: dae.direct"
    assert about(excerpt(["dae.direct", "dae.fixed_point"], ALL)) == "The denoising autoencoder"
    assert about(excerpt(["dae.direct", "wae.imbalance"], ALL)) == about(ALL)
    assert about(ALL[:1]) == ALL[0].title


FORMS = {"text": "txt", "latex": "tex", "latex-macros": "tex", "markdown": "md", "html": "html", "ipynb": "ipynb"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_one_claim_in_a_file_of_its_own(form: str, tmp_path: Path) -> None:
    if form == "html":
        pytest.importorskip("latex2mathml", reason="latex2mathml, which writes MathML, is not installed")
    assert main(["derive", "dae.fixed_point", "ae", "--format", form, "-o", str(tmp_path)]) == 0
    names = {path.stem: path for path in tmp_path.iterdir()}
    assert set(names) == {"dae.fixed_point", "ae"}
    written = names["dae.fixed_point"].read_text(encoding="utf-8")
    assert names["dae.fixed_point"].suffix == f".{FORMS[form]}"
    if form != "latex-macros":
        assert "fixed_point" in written.replace("\\", "")
        assert "What this follows from" in written
        assert "learning_time" not in written.replace("\\", "")


def test_verdicts_are_those_of_the_claims_and_not_of_their_short_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "ae.balanced_rate", "--verdicts"]) == 0
    said = capsys.readouterr().out
    assert said.count("Proved") == 1 + len(claims()["ae.balanced_rate"].follows_from)


def test_two_chapters_with_one_key_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        stated = 'from modeflow import Alphabet, Chapter\nchapter = Chapter("mine", "Mine", Alphabet())\n'
        (tmp_path / f"{name}.py").write_text(stated, encoding="utf-8")
    assert main(["derive", str(tmp_path / "one.py"), str(tmp_path / "two.py")]) == 2
    assert "mine: two chapters have this key" in capsys.readouterr().err
    assert main(["derive", str(tmp_path / "one.py"), str(tmp_path / "one.py")]) == 0
