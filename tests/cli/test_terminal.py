"""What the commands look like: as wide as they may be, coloured as is wished, quiet or not, completed by shells."""

from __future__ import annotations

import argparse
import csv
import io
import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modeflow.cli import completion, options, printing, program
from modeflow.cli.examples import EXAMPLES
from modeflow.cli.logs import is_quiet, listen
from modeflow.cli.program import main
from modeflow.cli.progress import bar
from modeflow.statements.verification_report import console

COMMANDS = next(a for a in program._parser()._actions if isinstance(a, argparse._SubParsersAction)).choices


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    listen(quiet=False, verbose=False)


# Help


def test_every_command_has_examples_that_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()
    monkeypatch.chdir(tmp_path)
    for name, examples in EXAMPLES.items():
        for typed, does in examples:
            program_name, *arguments = shlex.split(typed)
            assert (program_name, arguments[0]) == ("modeflow", name)
            program._parsed(arguments)
            assert f"  {typed}\n      {does}" in COMMANDS[name].format_help()
    with pytest.raises(SystemExit):
        program._parsed(["compare", "--no-such-option"])


@pytest.mark.parametrize("columns", [60, 120])
def test_help_is_no_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for parser in COMMANDS.values():
        before, _, _ = parser.format_help().partition("examples:")
        assert [line for line in before.splitlines() if len(line) > columns] == []


def test_alone_it_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert "verify" in out
    assert err == ""


# Width and colour


def test_width_is_that_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert console(io.StringIO()).width == 120
    for columns, width in (("72", 72), ("0", 120), ("wide", 120), ("", 120)):
        monkeypatch.setenv("COLUMNS", columns)
        assert console(io.StringIO()).width == width


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
)
def test_colours(variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    out = io.StringIO()
    console(out).print("proved", style="green")
    assert ("\x1b[32m" in out.getvalue()) == coloured


# Quiet, verbose


def test_quiet_and_verbose(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    np.savetxt(path, np.random.default_rng(0).normal(size=(9, 3)), delimiter=",")
    assert main(["spectrum", str(path)]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert main(["spectrum", str(path), "-v"]) == 0
    assert capsys.readouterr().err.startswith("modeflow: decomposing: 0.")
    assert main(["spectrum", str(path), "-q"]) == 0
    assert capsys.readouterr() == told
    assert is_quiet()
    assert main(["spectrum", str(path) + "x", "-q"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_quiet_passes_over_what_is_said_beside_the_results(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text("% modeflow: ignore -- a test\n\\[ a = 1 \\]\n")
    assert main(["check", str(tmp_path / "paper.tex")]) == 0
    loud = capsys.readouterr()
    assert main(["check", str(tmp_path / "paper.tex"), "--quiet"]) == 0
    silent = capsys.readouterr()
    assert (loud.out, silent.err) == (silent.out, "")
    assert loud.err


# For other programs


def test_every_command_that_tells_something_has_json() -> None:
    without = {name for name, parser in COMMANDS.items() if "--output-format" not in parser._option_string_actions}
    assert without == {"derive", "export", "lsp"}  # documents in the form asked for, and a server


RECORD = {"n": np.int64(3), "none": np.inf, "of": {"level": 0.5}, "modes": [{"mode": 0, "λ": 2.0}], "notes": ["a, b"]}


def test_json_has_no_infinity(capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_found("json", "text", RECORD)
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found == {"n": 3, "none": None, "of": {"level": 0.5}, "modes": [{"mode": 0, "λ": 2.0}], "notes": ["a, b"]}


def test_csv_has_a_line_for_each_number(capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_found("csv", "text", RECORD)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["part", "row", "quantity", "value"]
    assert ["", "", "n", "3"] in rows
    assert ["of", "", "level", "0.5"] in rows
    assert ["modes", "0", "λ", "2.0"] in rows
    assert ["notes", "0", "", "a, b"] in rows
    assert len(rows) == 7


@pytest.mark.parametrize(
    "arguments",
    [
        lambda folder: ["compare", "--epochs", "2", "--hidden", "4"],
        lambda folder: ["spectrum", str(folder / "table.csv")],
        lambda folder: ["recommend", str(folder / "table.csv"), "--keep", "0.9"],
        lambda folder: ["explain"],
        lambda folder: ["new", "chapter", "mine", "-o", str(folder / "mine.py")],
    ],
)
def test_json_of_commands(
    arguments: Callable[[Path], list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savetxt(tmp_path / "table.csv", np.random.default_rng(0).normal(size=(9, 3)), delimiter=",")
    assert main([*arguments(tmp_path), "--output-format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)


# Completion


def test_completion_knows_commands_options_and_files() -> None:
    shtab = pytest.importorskip("shtab")
    parser = program._parser()
    for shell in completion.SHELLS:
        assert "modeflow" in completion.script(parser, shell)
    actions: dict[str, Any] = {action.dest: action for action in completion._actions(parser)}
    assert actions["data"].complete == shtab.FILE
    assert [a.complete for a in completion._actions(parser) if a.type is options.folder] == [shtab.DIRECTORY] * 3  # type: ignore[attr-defined]


def completed(words: str) -> set[str]:
    """What bash offers after these words."""
    ask = f"COMP_WORDS=(modeflow {words}); COMP_CWORD={len(words.split(' '))}; _shtab_modeflow; echo ${{COMPREPLY[@]}}"
    script = completion.script(program._parser(), "bash")
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.slow
def test_bash_completes() -> None:
    pytest.importorskip("shtab")
    assert completed("comp") == {"compare"}
    assert {"--scale", "--label"} <= completed("compare --")
    assert completed("compare --scale st") == {"standard"}


def test_completion_without_shtab_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 2
    assert "pip install 'modeflow[completion]'" in capsys.readouterr().err


# Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("after", "is_shown"), [(0.0, True), (1000.0, False)])
def test_a_bar_is_shown_on_a_terminal_once_it_is_needed(
    after: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with bar("checking", after) as told:
        told(1, 2)
    assert ("checking" in terminal.getvalue()) == is_shown
    assert is_shown or not terminal.getvalue()


def test_a_bar_is_shown_nowhere_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with bar("checking") as told:
        told(1, 2)
    paper = tmp_path / "paper.tex"
    paper.write_text("\\[ 1 = 1 \\] % modeflow: prove\n", encoding="utf-8")
    assert main(["check", "--no-cache", str(paper)]) == 0
    assert "checking" not in "".join(capsys.readouterr())
