"""The notation of a document: each letter once, by kind and alphabet, one row for names of which the same is said."""

from __future__ import annotations

import re

import pytest

from modeflow import Alphabet, Chapter, chapters
from modeflow.typeset.narrative import numbered
from modeflow.typeset.notation import alphabetical, notation


def _rows(chosen: list[Chapter]) -> list[str]:
    """The first column, with the headings of groups."""
    told = notation(chosen, numbered(chosen), lambda i: f"({i})")
    return [line.partition(" &")[0] for line in told.splitlines() if "&" in line or "multicolumn" in line]


@pytest.mark.parametrize(
    ("before", "after"),
    [("a", "B"), ("B", "c"), ("w_1", "w_2"), ("z", r"\alpha"), (r"\hat{\rho}", r"\tau"), (r"\mathcal{N}", "p"),
     (r"\overline{W}_1", "X"), ("x", r"\overline{\xi}"), (r"\mathsf{g}_1", "h")],
)  # fmt: skip
def test_letters_stand_by_the_alphabet_whatever_is_over_them(before: str, after: str) -> None:
    assert alphabetical(before) < alphabetical(after)
    assert not alphabetical(after) < alphabetical(before)


def test_letters_are_grouped_by_kind() -> None:
    letters = Alphabet()
    t = letters.scalar("t", "t", "time", nonnegative=True)
    b, a = letters.scalar("b", "b", "second", real=True), letters.scalar("a", "a", "first", real=True)
    w = letters.function("w", "w", "strength", of=t, real=True)
    own = Chapter("own", "Own", letters)
    own.claim("sum", w(t) + b + a, a + b + w(t), says="A sum.")
    found = [re.sub(r".*itshape (\w+).*", r"\1", row) for row in _rows([own])]
    assert found == ["Symbol", "Numbers", "$a$", "$b$", "$t$", "Functions", "$w(t)$"]


def test_a_quantity_and_its_special_cases_have_one_row() -> None:
    told = notation(list(chapters().values()), numbered(list(chapters().values())), lambda i: i)
    (row,) = [line for line in told.splitlines() if line.startswith(r"$\check{\rho}$")]
    assert row.startswith(r"$\check{\rho}$, $\rho$, $\hat{\rho}$ & ")
    assert row.endswith(r"& mode.rho, dae.rho, lin.rho \\")
    symbols = [row.partition(" &")[0] for row in told.splitlines() if re.match(r"\$.*&.*&", row)]
    assert len(symbols) > 200


def test_a_chapter_without_letters_has_no_notation() -> None:
    assert notation([Chapter("own", "Own", Alphabet())], numbered([]), str) == ""
