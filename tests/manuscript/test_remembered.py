"""A whole check is found again where nothing has changed, and only there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import daily
import pytest

from modeflow.files.inputs import Unreadable
from modeflow.manuscript import Correction, Edit, Finding, pipeline, remembered
from modeflow.proof import limits
from modeflow.statements import deciding_files, kept, shipped

FOUND = [
    Finding("paper.tex", 3, 1, "dae.fixed_point", "ok", "0 = 0", "Eq(0, 0)", note="where λ ≠ 0"),
    Finding(
        "paper.tex",
        5,
        1,
        "prove",
        "wrong",
        witness={"point": {"x": "1"}, "left": "1", "right": "2"},
        correction=Correction((Edit(5, 1, 5, 2, "+"),)),
    ),
    Finding("paper.tex", 7, 1, "prove", "undecided", reason="a limit is read, and not compared"),
]
CONFIGURATION = '[manuscript]\nnotation = "ours.toml"\n'
SOURCES = ["proof/signs.py", "manuscript/report/reasons.toml", "derivations/denoising.py"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The first paper of each check that was really made."""
    made: list[Path] = []

    def check(paths: list[Path], *_: Any, **__: Any) -> list[Finding]:
        made.append(paths[0])
        return FOUND

    monkeypatch.setattr(pipeline, "check", check)
    return made


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(kept.DIRECTORY, str(tmp_path / "cache"))
    (tmp_path / "modeflow.toml").write_text(CONFIGURATION)
    (tmp_path / "ours.toml").write_text('[symbols]\n"x" = "lam"\n')
    (tmp_path / "part.tex").write_text("A part.\n")
    file = tmp_path / "paper.tex"
    file.write_text("% modeflow: prove\n\\[ x = x \\]\n\\input{part}\n")
    return file


def checked(paper: Path, **changed: Any) -> list[Finding]:
    how: dict[str, Any] = {
        "time_limit": 1.0,
        "jobs": 1,
        "cache": True,
        "chapters": (),
        "steps": False,
        "progress": None,
    } | changed
    return remembered.check([paper], None, **how)


def test_what_was_found_is_found_again(paper: Path, asked: list[Path]) -> None:
    assert checked(paper) == checked(paper, jobs=2) == FOUND
    assert asked == [paper]


@pytest.mark.parametrize("name", ["paper.tex", "part.tex", "modeflow.toml", "ours.toml"])
def test_a_changed_file_is_another_check(paper: Path, asked: list[Path], name: str, tmp_path: Path) -> None:
    checked(paper)
    file = paper.with_name(name)
    file.write_text(file.read_text().replace("x", "y").replace("A part", "Another").replace("ours.toml", "saxe2014"))
    checked(paper)
    assert len(asked) == 2
    assert len([*(tmp_path / "cache" / "checks").rglob("*.json")]) == 1  # the last one alone


@pytest.mark.parametrize(
    "changed", [{"steps": True}, {"time_limit": 2.0}, {"cache": False}, {"chapters": (shipped.chapter("flow"),)}]
)
def test_other_options_are_another_check(paper: Path, asked: list[Path], changed: dict[str, Any]) -> None:
    checked(paper)
    checked(paper, **changed)
    checked(paper, **changed)
    assert len(asked) == (2 if changed.keys() & {"steps", "time_limit"} else 3)
    assert checked(paper) == FOUND


@pytest.mark.parametrize("name", daily.some(SOURCES, fast=1))
def test_a_changed_source_is_another_check(
    paper: Path, asked: list[Path], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "modeflow"
    ignored = shutil.ignore_patterns("__pycache__", "derivations")
    shutil.copytree(Path(deciding_files.__file__).parents[1], copy, ignore=ignored)
    shutil.copytree(shipped.folder(), copy / "derivations", ignore=ignored)
    monkeypatch.setattr(deciding_files, "__file__", str(copy / "statements" / "deciding_files.py"))
    monkeypatch.setattr(shipped, "folder", lambda: copy / "derivations")
    checked(paper)
    checked(paper)
    assert len(asked) == 1
    with (copy / name).open("a") as file:
        file.write("# changed\n")
    checked(paper)
    assert len(asked) == 2


def test_other_versions_are_another_check(paper: Path, asked: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    checked(paper)
    monkeypatch.setattr(kept, "versions", lambda: ("sympy 2.0",))
    checked(paper)
    assert len(asked) == 2


def changing(paper: Path) -> list[Finding]:
    paper.write_text("% modeflow: prove\n\\[ x = y \\]\n")
    return FOUND


def stopped(_: Path) -> list[Finding]:
    limits.reach()
    return FOUND


def odd(_: Path) -> list[Finding]:
    return [Finding("paper.tex", 1, 1, "prove", "wrong", witness={"point": {1: "2"}, "left": Ellipsis})]


def not_plain(_: Path) -> list[Finding]:
    return [Finding("paper.tex", 1, 1, "prove", "wrong", witness={"point": (1, 2)})]


@pytest.mark.parametrize("found", [changing, stopped, odd, not_plain])
def test_what_may_come_out_otherwise_is_not_kept(
    paper: Path, found: Callable[[Path], list[Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = paper.read_text()
    monkeypatch.setattr(pipeline, "check", lambda paths, *_, **__: found(paths[0]))
    checked(paper)
    paper.write_text(text)
    monkeypatch.setattr(pipeline, "check", lambda *_, **__: [])
    assert checked(paper) == []


def test_what_this_user_did_not_seal_is_not_believed(paper: Path, asked: list[Path], tmp_path: Path) -> None:
    checked(paper)
    (entry,) = (tmp_path / "cache" / "checks").rglob("*.json")
    seal, _, content = entry.read_text().partition("\n")
    found = json.loads(content)
    entry.write_text(f"{seal}\n{json.dumps(found | {'findings': found['findings'][:1]})}")
    assert checked(paper) == FOUND
    assert len(asked) == 2


def test_a_paper_that_cannot_be_read_is_told_by_the_check(paper: Path, asked: list[Path]) -> None:
    paper.with_name("ours.toml").unlink()
    with pytest.raises(Unreadable):
        remembered._notation(({"notation": "ours.toml"}, str(paper)))
    checked(paper)
    checked(paper)
    assert len(asked) == 2


def test_what_is_found_again_loads_no_mathematics(paper: Path, asked: list[Path]) -> None:
    assert checked(paper, time_limit=10.0, jobs=1) == FOUND
    code = "import sys\nfrom modeflow.cli.program import main\n"
    code += f"status = main(['check', {str(paper)!r}, '--output-format', 'json'])\n"
    code += "print(status, sorted({'sympy', 'numpy', 'rich'} & set(sys.modules)), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [one["line"] for one in json.loads(run.stdout)] == [3, 5, 7]
    assert run.stderr.splitlines()[-1] == "1 []"
