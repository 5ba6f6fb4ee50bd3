"""A survey says of every formula whether it is read, where it stands, and why not; it counts what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Reading, UnreadableSource, survey

PAPER = r"""
Here $a > 0$ and $f$ and $x = \\foo y$.
\\[ \\dot w = a - b w(t) \\]
\\begin{align}
  u &= v + 1 \\\\
  v &= \\baz u
\\end{align}
$$ \\min_x \\; y $$
""".replace("\\\\", "\\")


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    return Path("paper.tex")


def places(rows: list[Reading]) -> list[tuple[int, int, int, bool, bool]]:
    return [(r.line, r.display, r.row, r.inline, r.read) for r in rows]


def test_every_row_is_there_with_its_place_and_whether_it_is_read(paper: Path) -> None:
    rows = survey([paper])
    assert places(rows) == [
        (2, 1, 1, True, True),
        (2, 2, 1, True, False),
        (3, 3, 1, False, True),
        (5, 4, 1, False, True),
        (6, 4, 2, False, False),
        (8, 5, 1, False, True),
    ]
    assert [r.compared for r in rows] == [True, False, True, True, False, False]
    assert [r.reason for r in rows if not r.read][1] == "\\baz is not read here"
    assert PAPER.splitlines()[5][rows[4].column - 1 :].startswith("\\baz")
    assert all(bool(r.reason) != r.compared and (r.read or not r.compared) for r in rows)


def test_counts_and_reasons_are_printed(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--survey", "paper.tex"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("paper.tex:2:")
    read = "2 of 3 displays, 3 of 4 rows, 1 of 2 equations in lines read"
    assert f"paper.tex: {read}; 1 display, 2 rows, 1 equation in a line can be compared" in lines
    assert "     1  \\min is read, and not compared" in lines[lines.index("read, and not compared: 1") :]
    assert "     1  \\foo is not read here" in lines


def test_json_has_the_same_rows(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--survey", "--output-format", "json", "paper.tex"]) == 0
    assert [Reading(**row) for row in json.loads(capsys.readouterr().out)] == survey([paper])


def test_no_marks_and_no_configuration_are_needed_nor_read(paper: Path) -> None:
    Path("modeflow.toml").write_text("[manuscript]\nsymbols = 3\n", encoding="utf-8")
    assert main(["check", "--survey", "paper.tex"]) == 0


def test_a_file_that_another_inputs_is_surveyed_once(paper: Path) -> None:
    Path("all.tex").write_text("\\input{paper}\n", encoding="utf-8")
    assert len(survey(["all.tex", paper])) == len(survey([paper]))


def test_without_mathematics_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "katex.md").write_text("$$x \\in \\R$$\n", encoding="utf-8")
    assert [row.read for row in survey([tmp_path / "katex.md"])] == [True]
    (tmp_path / "plain.tex").write_text("\\[ x \\in \\R \\]\n", encoding="utf-8")
    assert [row.read for row in survey([tmp_path / "plain.tex"])] == [False]
    (tmp_path / "words.md").write_text("No formula, for $5.\n", encoding="utf-8")
    assert main(["check", "--survey", str(tmp_path / "words.md")]) == 0
    assert capsys.readouterr().out == "no mathematics\n"


@pytest.mark.parametrize("other", [["--new"], ["--output-format", "sarif"]])
def test_what_does_not_go_together_is_refused(
    other: list[str], paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--survey", *other, "paper.tex"]) == 2
    assert f"--survey does not go with {' '.join(other)}" in capsys.readouterr().err


def test_a_missing_file_is_an_error(paper: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"none\.tex"):
        survey(["none.tex"])
