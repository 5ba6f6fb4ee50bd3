"""What the checking process of an editor says of papers; the process itself is tested with the server."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.editor.checks import Checks

OPTIONS: dict[str, Any] = {"config": None, "chapters": [], "steps": False, "time_limit": 10.0, "cache": False}
RIGHT = "% modeflow: dae.fixed_point\n\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n"
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def asked() -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    checks = Checks(OPTIONS, answers.put)
    checks.start()
    assert dict(answers.get(timeout=300)["claims"])["dae.fixed_point"]

    def ask(question: dict[str, Any]) -> list[dict[str, Any]]:
        checks.take(question)
        told = [answers.get(timeout=300)]
        while "end" not in told[-1]:
            told.append(answers.get(timeout=300))
        return told

    return ask


@pytest.fixture
def check(tmp_path: Path, asked: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Ask:
    (tmp_path / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")

    def ask(path: Path, text: str, line: int = 1) -> list[dict[str, Any]]:
        unsaved = {str(path): text}
        given = {"path": str(path), "line": line, "root": str(tmp_path), "saved": True, "unsaved": unsaved}
        return asked(given | {"check": 1})

    return ask


def found(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    last = {answer["equation"]: answer["found"] for answer in told if "found" in answer}
    return [one for of_equation in last.values() for one in of_equation]


def test_the_text_in_the_editor_is_what_is_checked(tmp_path: Path, check: Ask) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(RIGHT.replace("+", "-"), encoding="utf-8")
    told = check(path, f"A line.\n{RIGHT}")
    (one,) = found(told)
    assert (one["verdict"], one["begin"], one["end"]) == ("ok", (3, 4), (3, 47))
    assert r"\frac{\lambda}{\lambda + \varepsilon}" in one["formula"]
    assert told[0] == {"files": [str(path)]}
    assert found(check(tmp_path / "never_saved.tex", RIGHT))[0]["verdict"] == "ok"


def test_a_part_is_read_with_the_macros_of_its_paper(tmp_path: Path, check: Ask) -> None:
    (tmp_path / "parts").mkdir()
    part = tmp_path / "parts" / "one.tex"
    part.write_text("", encoding="utf-8")
    text = RIGHT.replace(r"\varepsilon", r"\noise")
    assert found(check(part, text))[0]["verdict"] == "unparsed"
    main = "\\newcommand{\\noise}{\\varepsilon}\n\\input{parts/one}\n"
    (tmp_path / "main.tex").write_text(main, encoding="utf-8")
    told = check(part, text)
    assert [(one["file"], one["verdict"]) for one in found(told)] == [(str(part), "ok")]
    assert told[0]["files"] == [str(tmp_path / "main.tex"), str(part)]


def test_the_nearest_equation_comes_first_and_what_is_missing_last(tmp_path: Path, check: Ask) -> None:
    with (tmp_path / "modeflow.toml").open("a", encoding="utf-8") as file:
        file.write('require = ["dae.saddle"]\n')
    told = found(check(tmp_path / "paper.tex", RIGHT + RIGHT.replace("+", "-"), line=4))
    assert [one["verdict"] for one in told] == ["wrong", "ok", "missing"]
    assert told[0]["edits"] == [((4, 33), (4, 34), "+")]


def test_verdicts_come_before_corrections_are_sought(tmp_path: Path, check: Ask) -> None:
    wrong = RIGHT.replace("+", "+ 2")
    told = [answer for answer in check(tmp_path / "paper.tex", wrong + RIGHT) if "found" in answer]
    said = [(one["equation"], [f["verdict"] for f in one["found"]], one.get("judged", False)) for one in told]
    assert said == [(0, ["wrong"], False), (1, ["ok"], False), (2, [], True), (0, ["wrong"], False)]
    first, corrected = told[0]["found"][0], told[3]["found"][0]
    assert not first["edits"]
    assert corrected["edits"]
    assert corrected["message"].startswith(first["message"])
    again = [answer for answer in check(tmp_path / "paper.tex", wrong + RIGHT) if "found" in answer]  # as it is kept
    assert [one.get("judged", False) for one in again] == [False, False, False]
    assert found(again) == found(told)


def test_what_cannot_be_used_is_told(tmp_path: Path, check: Ask) -> None:
    (tmp_path / "bad.tex").write_bytes(b"\xff")
    assert "bad.tex: is not UTF-8" in check(tmp_path / "paper.tex", "\\input{bad}\n")[-1]["failed"]
    assert "larger than 4 MiB" in check(tmp_path / "paper.tex", "x" * 2**23)[-1]["failed"]
    (tmp_path / "modeflow.toml").write_text("[manuscript\n", encoding="utf-8")
    assert "modeflow.toml: is not TOML" in check(tmp_path / "paper.tex", RIGHT)[-1]["failed"]
    (tmp_path / "modeflow.toml").write_text('[manuscript]\nchapters = "mine.py"\n', encoding="utf-8")
    assert "chapters is not known" in check(tmp_path / "paper.tex", RIGHT)[-1]["failed"]


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("pygls", "lsprotocol")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("modeflow.editor.server", "modeflow.editor.found", "modeflow.editor.places"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["lsp"]) == 2
    assert capsys.readouterr().err == "modeflow: lsprotocol is needed for editors: pip install 'modeflow[lsp]'\n"


def test_what_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lsp", "--chapters", "nowhere.py"]) == 2
    assert "nowhere.py: there is no such file or folder" in capsys.readouterr().err
