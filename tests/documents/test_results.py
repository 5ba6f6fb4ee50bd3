"""The page of main results: its formulas are what the claims beside them say, and the claims that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modeflow.cli.program import main
from modeflow.statements.catalogue import chapters, claims

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "results.md"
CONFIGURATION = str(ROOT / "docs" / "found" / "modeflow.toml")


def check(page: Path) -> int:
    return main(["check", "--strict", "--complete", "--config", CONFIGURATION, str(page)])


def test_every_formula_is_what_its_claim_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(PAGE) == 0
    marks = re.findall(r"^<!-- modeflow: (\S+) -->", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[:-1]] == marks
    assert len(marks) >= 6


@pytest.mark.parametrize(
    ("right", "wrong"), [(r"1 - \frac", r"1 + \frac"), (r"-2\gamma", r"2\gamma"), ("x (", "w_0 (")]
)
def test_a_slip_on_it_is_found(right: str, wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "results.md").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert check(tmp_path / "results.md") == 1
    assert "wrong" in capsys.readouterr().out


def test_every_name_is_of_a_claim_or_of_a_quantity() -> None:
    named = set(re.findall(r"`([a-z]+\.\w+)`", PAGE.read_text(encoding="utf-8"))) - {"results.md"}
    quantities = {d.id for claim in claims().values() for d in claim.definitions()}
    assert named
    assert {key.partition(".")[0] for key in named} <= set(chapters())
    assert named - set(claims()) - quantities == set()
