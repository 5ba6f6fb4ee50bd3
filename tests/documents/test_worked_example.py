"""The worked example: the draft fails as the page says, the corrected paper passes, and the action tells them apart."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from runner import action, shell, step

from modeflow.cli.program import main

yaml: Any = pytest.importorskip("yaml")

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "worked-example.md").read_text(encoding="utf-8")


def block(kind: str, name: str) -> str:
    found = re.search(rf"<!-- {kind}: {name} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(DOCS / "worked-example", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_draft_fails_with_three_annotations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--output-format", "github", "draft.tex"]) == 1
    shown = capsys.readouterr().out
    assert shown == block("output", "draft")
    assert len(shown.splitlines()) == 3
    lines = [int(number) for number in re.findall(r"^- line (\d+)", PAGE, re.MULTILINE)]
    assert lines == [int(number) for number in re.findall(r",line=(\d+),", shown)]


def test_the_corrected_paper_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--strict", "--complete", "paper.tex"]) == 0
    assert capsys.readouterr().out == block("output", "paper")


def test_draft_and_paper_differ_in_three_lines(folder: Path) -> None:
    draft, paper = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("draft.tex", "paper.tex"))
    assert len(draft) == len(paper)
    assert [n for n, (one, other) in enumerate(zip(draft, paper, strict=True), start=1) if one != other] == [25, 30, 35]


def test_a_required_equation_that_is_taken_out_is_missed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = folder / "paper.tex"
    paper.write_text(paper.read_text(encoding="utf-8").replace("% modeflow: dae.balanced\n", "\n"), encoding="utf-8")
    assert main(["check", "paper.tex"]) == 1
    assert "missing dae.balanced" in capsys.readouterr().out


@pytest.mark.costly
def test_the_ten_minutes_end_in_a_build_that_catches_a_wrong_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "python -P -m pip install ./tools/modeflow" in PAGE
    for name in ("modeflow.toml", "paper.tex"):
        Path(name).write_text(block("file", re.escape(name)), encoding="utf-8")
    workflow = yaml.safe_load(block("snippet", "paper"))
    (inputs,) = (s["with"] for s in workflow["jobs"]["equations"]["steps"] if s["uses"] == "./tools/modeflow")
    assert set(inputs) <= set(action()["inputs"])
    papers = {"PAPERS": inputs["papers"], "TABLE": "table.md"}
    done = shell(step("Check papers")["run"], tmp_path, papers)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=paper.tex,line=6,")
    text = Path("paper.tex").read_text(encoding="utf-8")
    Path("paper.tex").write_text(text.replace(r"\lambda - ", r"\lambda + "), encoding="utf-8")
    assert shell(step("Check papers")["run"], tmp_path, papers).returncode == 0
    assert main(["check", "paper.tex"]) == 0
    assert capsys.readouterr().out == block("output", "corrected")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", ["draft.tex", "paper.tex"])
def test_the_paper_compiles_without_warnings(folder: Path, name: str) -> None:
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert not [line for line in done.stdout.splitlines() if "Warning" in line or "full \\" in line]
