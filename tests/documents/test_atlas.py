"""The atlas: its tables are those of its files, every claim exists, and every equation is judged again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import atlas
import pytest

from modeflow.statements.catalogue import shipped

ROWS = [row for work in atlas.works() for row in atlas.rows(work)]
COUNTED = [row for row in ROWS if not row.special]


def test_the_page_has_the_rows_of_the_files() -> None:
    assert atlas.PAGE.read_text(encoding="utf-8") == atlas.page({w: ["ok"] * len(atlas.rows(w)) for w in atlas.works()})


def test_there_are_as_many_as_asked_for() -> None:
    assert len({row.work for row in COUNTED}) >= 12
    assert len(COUNTED) >= 60


def test_every_claim_exists() -> None:
    assert {row.mark for row in ROWS} - {"prove"} <= set(shipped().claims)


def test_nothing_counts_twice() -> None:
    names = Counter(row.name for row in COUNTED)
    claims = Counter(row.mark for row in COUNTED if row.mark != "prove")
    equations = Counter("".join(row.tex.split()) for row in COUNTED)
    assert [one for one, times in (names + claims + equations).items() if times > 1] == []
    assert [row.special for row in ROWS if row.special and row.special not in names] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("% wrong: - 1 => + 1\n", "", "3 marks, 2 rows"),
        ("% wrong: - 1 => + 1\n", "% wrong: - 7 => + 7\n", "the slip changes nothing"),
    ],
)
def test_an_equation_without_a_slip_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    text = atlas.text("saxe2019")
    assert old in text
    (tmp_path / "saxe2019.tex").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(atlas, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=said):
        atlas.rows("saxe2019")


@pytest.mark.slow
@pytest.mark.parametrize("work", atlas.works())
def test_every_equation_is_ok_and_every_wrong_copy_is_refused(work: str) -> None:
    right, wrong = atlas.judged(work)
    assert (set(right), set(wrong)) == ({"ok"}, {"wrong"})
