"""Every command: what it prints, what it returns, and what it says to wrong input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import warm

import modeflow.statements.verify
from modeflow import Alphabet, Chapter
from modeflow.cli.program import main
from modeflow.language.verdict import Status, Verdict
from modeflow.statements.claims import Claim
from modeflow.statements.verification_report import Outcome, totals

HEAD = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters, text="On hyperbolas.")
"""
TRUE = 'chapter.claim("true", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")\n'
FALSE = 'chapter.claim("false", cosh(x)**2 + sinh(x)**2, 1, says="Not a hyperbola.")\n'
STATED = FALSE.replace(")\n", ', expects="refuted")\n')


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + TRUE)
    return file


def run(*arguments: object, cold: bool = False) -> subprocess.CompletedProcess[str]:
    """`modeflow` in a process; cold: one that imports the package."""
    start = [sys.executable, "-m", "modeflow"] if cold else [warm.command()]
    command = [*start, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


# verify


def test_verify_prints_a_table_and_totals(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(mine)]) == 0
    out = capsys.readouterr().out
    head, _, row, total = out.splitlines()
    assert head.split() == ["id", "says", "verdict", "method", "seconds"]
    assert row.split()[:3] == ["mine.true", "A", "hyperbola."]
    assert "proved" in row
    assert total.startswith("1 claim: 1 proved; ")
    assert "\x1b" not in out


def test_verify_refutes_with_a_witness(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(HEAD + TRUE + FALSE)
    assert main(["verify", str(mine), "-j", "2"]) == 1
    out = capsys.readouterr().out
    assert "mine.false: refuted: at x = " in out
    assert "2 claims: 1 proved, 1 refuted; " in out


def test_an_error_kept_on_show_is_clean(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(HEAD + STATED)
    assert main(["verify", str(mine)]) == 0
    assert "refuted, as stated" in capsys.readouterr().out


def test_an_error_kept_on_show_that_is_true_is_a_finding(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(HEAD + TRUE.replace(")\n", ', expects="refuted")\n'))
    assert main(["verify", str(mine)]) == 1
    assert "proved, but stated refuted" in capsys.readouterr().out


def test_verify_json_is_a_list_of_objects(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(HEAD + TRUE + FALSE)
    assert main(["verify", str(mine), "--output-format", "json"]) == 1
    true, false = json.loads(capsys.readouterr().out)
    assert {"id", "says", "latex", "verdict", "method", "conditions", "witness", "seconds"} <= set(true)
    assert (true["id"], true["verdict"], true["witness"]) == ("mine.true", "proved", None)
    assert false["verdict"] == "refuted"
    assert set(false["witness"]) >= {"point", "left", "right"}
    assert set(false["witness"]["point"]) == {"x"}


def test_verify_one_shipped_claim_and_one_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "dae.fixed_point", "--output-format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["id"], record["verdict"]) == ("dae.fixed_point", "proved")


def test_a_claim_named_twice_is_verified_once(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "dae.fixed_point", "dae.fixed_point"]) == 0
    assert "1 claim: " in capsys.readouterr().out


def test_claims_that_the_time_ended_are_counted_with_what_to_do(
    mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["verify", str(mine), "--no-cache"]) == 0
    assert "ended by" not in capsys.readouterr().err
    assert main(["verify", str(mine), "--no-cache", "--time-limit", "0.00001"]) == 1
    seen = capsys.readouterr()
    assert re.search(
        r"mine.true: undecided: stopped at the limit of \S+ s (of processor time|by the clock), while ", seen.out
    )
    assert "1 claim ended by the clock: give more than --time-limit 1e-05, or fewer --jobs" in seen.err


def _verdict_of(status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify_all(
        claims: Iterable[Claim], *, jobs: int, time_limit: float, cache: bool
    ) -> Iterator[tuple[Claim, Verdict]]:
        assert jobs >= 1
        assert time_limit == 10.0
        return ((claim, Verdict(status, "balls", reason="as the test says")) for claim in claims)

    monkeypatch.setattr(modeflow.statements.verify, "verify_all", verify_all)


@pytest.mark.parametrize(
    ("status", "plain", "allowed"),
    [("proved", 0, 0), ("supported", 1, 0), ("undecided", 1, 1), ("refuted", 1, 1)],
)
def test_only_a_proof_passes_unless_supported_is_allowed(
    mine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: Status,
    plain: int,
    allowed: int,
) -> None:
    _verdict_of(status, monkeypatch)
    assert main(["verify", str(mine)]) == plain
    if plain:
        assert f"mine.true: {status}: as the test says" in capsys.readouterr().out
    assert main(["verify", str(mine), "--allow-supported"]) == allowed
    if status == "supported":
        assert "supported, allowed" in capsys.readouterr().out


def test_totals_count_each_kind() -> None:
    letters = Alphabet()
    x = letters.scalar("x", "x", "any number", real=True)
    claim = Chapter("c", "C", letters).claim("one", x, x, says="Itself.")
    outcomes = [Outcome(claim, Verdict(status, "")) for status in ("proved", "proved", "undecided")]
    assert totals(outcomes, 1.25, 2) == "3 claims: 2 proved, 1 undecided; 1.2 s with 2 processes"


def test_interrupted(mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def verify_all(*_: object, **__: object) -> Iterator[tuple[Claim, Verdict]]:
        raise KeyboardInterrupt

    monkeypatch.setattr(modeflow.statements.verify, "verify_all", verify_all)
    assert main(["verify", str(mine)]) == 130
    assert capsys.readouterr().err == "modeflow: interrupted\n"


# derive


@pytest.mark.parametrize(
    ("format", "mark"), [("text", "Mine\n===="), ("latex", r"\begin{document}"), ("markdown", "# Mine")]
)
def test_derive_prints_a_chapter(mine: Path, capsys: pytest.CaptureFixture[str], format: str, mark: str) -> None:
    assert main(["derive", str(mine), "--format", format]) == 0
    out = capsys.readouterr().out
    assert mark in out
    assert "On hyperbolas." in out
    assert "mine.true" in out


@pytest.mark.parametrize(("format", "written"), [("latex", r"\title{Curves}"), ("html", "<title>Curves</title>")])
def test_derive_takes_a_title(mine: Path, capsys: pytest.CaptureFixture[str], format: str, written: str) -> None:
    assert main(["derive", str(mine), "--format", format]) == 0
    assert written not in capsys.readouterr().out
    assert main(["derive", str(mine), "--format", format, "--title", "Curves"]) == 0
    assert written in capsys.readouterr().out


def test_derive_all_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "-o", str(tmp_path / "all.txt")]) == 0
    assert capsys.readouterr().out == ""
    assert "dae.fixed_point" in (tmp_path / "all.txt").read_text(encoding="utf-8")


# generate


def test_generated_files_are_current_and_a_change_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--target", "python", "--check"]) == 0
    assert main(["generate", "--target", "python", "-o", str(tmp_path)]) == 0
    assert main(["generate", "--check", "-o", str(tmp_path)]) == 0
    capsys.readouterr()
    changed = min(tmp_path.glob("*.py"))
    changed.write_text(changed.read_text(encoding="utf-8") + "x = 1\n", encoding="utf-8")
    assert main(["generate", "--check", "-o", str(tmp_path)]) == 1
    assert "-x = 1" in capsys.readouterr().out


# wrong usage


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["verify", "dae.fixed_pont"], "did you mean dae.fixed_point"),
        (["verify", "no such thing"], "no claim or chapter is called 'no such thing'"),
        (["verify", "missing.py"], "missing.py: there is no such file or folder"),
        (["verify", "./notes.txt"], "./notes.txt: there is no such file or folder"),
        (["verify", ""], "is empty; leave it out for all that ship"),
        (["verify", "dae.rho"], "dae.rho is a definition and no claim"),
        (["new", "chapter", "dae"], "dae is a chapter that ships"),
        (["new", "chapter", "mine", "-o", "mine.txt"], "take a name that ends in .py"),
        (["verify", "/"], "no Python file in it defines a chapter"),
        (["verify", "-j", "0"], "'0' is not a whole number >= 1"),
        (["verify", "-j", "two"], "'two' is not a whole number >= 1"),
        (["verify", "--time-limit", "-1"], "-1 is not > 0"),
        (["verify", "--time-limit", "nan"], "'nan' is not finite"),
        (["verify", "--output-format", "xml"], "invalid choice: 'xml'"),
        (["derive", "nothing"], "no claim or chapter is called 'nothing'"),
        (["derive", "dae", "--title", "x"], "--title: --format text has no title; choose one of latex, html"),
        (["derive", "missing.py"], "missing.py: there is no such file or folder"),
        (
            ["derive", "dae", "-o", "/nowhere/at/all"],
            "/nowhere/at/all: cannot be written: no folder /nowhere/at; make it first",
        ),
        (["generate", "--target", "cobol"], "invalid choice: 'cobol'"),
        (["generate", "--check", "-o", "/nowhere/at/all"], "/nowhere/at/all: no such directory"),
        (["compare", "--noise", "-1"], "-1 is not >= 0"),
        (["compare", "--lr", "0"], "0 is not > 0"),
        (["compare", "--epochs", "1.5"], "'1.5' is not a whole number >= 1"),
        (["compare", "--modes", "1,x"], "'x' is not a whole number >= 0"),
        (["compare", "-o", "picture.exe"], "end the name in .png"),
        (["compare", "-o", "/nowhere/at/all.png"], "no folder /nowhere/at"),
        (["compare", "--modes", "64"], "64 is not a mode of these data"),
        (["compare", "--lr", "0.9"], "gradient descent is unstable"),
        (["compare", "missing.gz"], "missing.gz: no such file"),
        (["compare", "--nose", "1"], "modeflow compare: unrecognized argument: --nose; did you mean --noise?"),
        (["compare", "--nois=1"], "unrecognized argument: --nois=1; did you mean --noise?"),
        (["compare", "one.npy", "two.npy"], "modeflow compare: unrecognized argument: two.npy"),
        (["check", "paper.tex", "-o", "x.toml"], "-o x.toml: goes with --new alone; add --new, or leave -o out"),
        (["check", "paper.tex", "--new", "--strict"], "--new does not go with --strict; leave one out"),
        (["check", "paper.tex", "--survey", "--config", "x"], "--survey does not go with --config; leave one out"),
        (["check", "paper.tex", "--survey", "--chapters", "x.py"], "--survey does not go with --chapters"),
    ],
)
def test_wrong_usage_is_two_lines_on_stderr(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as stopped:
        status = stopped.code
    captured = capsys.readouterr()
    assert status == 2
    assert complaint in captured.err
    assert 1 <= len(captured.err.splitlines()) <= 2
    assert captured.out == ""


@pytest.mark.parametrize("command", ["verify", "derive"])
def test_a_file_that_is_no_chapter_is_told_as_such(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").touch()
    assert main([command, "notes.txt"]) == 2
    assert "notes.txt: is no Python file; name one that states chapters and ends in .py" in capsys.readouterr().err


def test_a_run_too_large_for_the_machine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def compare(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 477. GiB")

    monkeypatch.setattr("modeflow.experiments.comparison.compare", compare)
    assert main(["compare", "--hidden", "999999999"]) == 2
    assert (
        capsys.readouterr().err == "modeflow: Unable to allocate 477. GiB; give fewer images, hidden units or modes\n"
    )


def test_compare_prints_a_table_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "curves.png"
    assert main(["compare", "--epochs", "50", "--modes", "0,1", "--hidden", "64", "-o", str(picture)]) == 0
    captured = capsys.readouterr()
    assert "RMS difference" in captured.out
    assert captured.err == ""
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_broken_file_gives_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("x = 1\nx.no_such_attribute\n")
    done = run("verify", file, cold=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"modeflow: {file}:2: AttributeError: 'int' object has no attribute")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.costly
def test_a_reader_that_stops_reading_is_not_an_error(mine: Path) -> None:
    command = f"{warm.command()} derive --format latex | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "\\documentclass[11pt]{article}\n"
    assert done.stderr == ""


def test_piped_output_has_no_colour_and_no_truncation(mine: Path) -> None:
    long = "chapter.claim('" + "a" * 90 + "', x, x, says='" + "Long. " * 60 + "')\n"
    mine.write_text(HEAD + long)
    done = run("verify", mine)
    assert done.returncode == 0
    assert "mine." + "a" * 90 in done.stdout
    assert done.stdout.count("Long.") == 60
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_terminal_without_greek(mine: Path) -> None:
    for command in (["derive", "dae"], ["verify", "dae.fixed_point"]):
        done = subprocess.run(
            [warm.command(), *command],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "?" in done.stdout


def test_help_and_version() -> None:
    assert run("--version", cold=True).stdout == f"modeflow {modeflow.__version__}\n"
    assert "COMMAND" in run("--help", cold=True).stdout
    assert run(cold=True).stdout == run("--help", cold=True).stdout
