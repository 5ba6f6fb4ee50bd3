"""Chapters for a terminal fit it, and say the same at any width."""

from pathlib import Path

import pytest
from sympy.printing.pretty.pretty_symbology import line_width

from modeflow.cli.program import main
from modeflow.statements import shipped
from modeflow.typeset.text import text


@pytest.mark.costly
@pytest.mark.parametrize("name", shipped.known_keys())
@pytest.mark.parametrize("columns", [60, 100])
def test_no_line_is_wider_than_the_terminal(name: str, columns: int) -> None:
    lines = text([shipped.chapter(name)], columns=columns).splitlines()
    too_wide = [line for line in lines if line_width(line) > columns]
    assert too_wide == []
    assert max(map(line_width, lines)) > columns - 15  # the room is used


def test_a_terminal_is_asked_and_a_file_has_a_width_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["derive", "dae.direct"]) == 0
    narrow = capsys.readouterr().out
    assert main(["derive", "dae.direct", "-o", str(tmp_path / "direct.txt")]) == 0
    file = (tmp_path / "direct.txt").read_text(encoding="utf-8")
    assert max(map(len, narrow.splitlines())) <= 60 < max(map(len, file.splitlines())) <= 100
