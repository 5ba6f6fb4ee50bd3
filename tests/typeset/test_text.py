"""The terminal's form of the chapters: nothing of the algebra shows through, and every letter is explained."""

from __future__ import annotations

import pytest
from verdicts import all_chapters

from modeflow.statements.catalogue import chapters
from modeflow.typeset.narrative import used
from modeflow.typeset.text import text


@pytest.fixture(scope="module")
def printed() -> str:
    return all_chapters(text)


@pytest.mark.parametrize("name", ["HessianAlong", "FlowRate", "NoiseAverage", "MatrixGradient", "DiagonalEntry"])
def test_no_operator_is_printed_by_its_name(printed: str, name: str) -> None:
    assert name not in printed


def test_a_curvature_says_where_and_along_what() -> None:
    rows = [
        "                           ⎡1 ⎤     ⎡1 ⎤",
        "        ∇²L_ε(w₁ = w₂ = 0) ⎢  ⎥ = λ ⎢  ⎥",
        "                           ⎣-1⎦     ⎣-1⎦",
    ]
    assert "\n".join(rows) in text([chapters()["dae"]])


def test_a_table_explains_every_letter() -> None:
    chapter = chapters()["lin"]
    told = text([chapter])
    table = told.partition("\nSymbols\n=======\n")[2]
    assert table
    for _, quantity in used([chapter]):
        assert quantity.meaning in " ".join(table.split())
    assert "    g      what drives a mode: correlation of input and target along it; > 0" in table.splitlines()
    assert "Bessel" not in table  # a letter of other chapters
