"""Hostile text through every command and every form of output: nothing steers a terminal, nothing is a command."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from modeflow.cli.program import main
from modeflow.files import printable as module
from modeflow.files.printable import Screen, annotate, lines, shown
from modeflow.manuscript.judge.findings import Finding, Strictness
from modeflow.manuscript.report.github import as_github
from modeflow.manuscript.report.junit import as_junit
from modeflow.manuscript.report.text import as_text
from modeflow.statements.verification_report import console

STEERING = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
COMMAND = re.compile(r"^\s*::|##[A-Za-z]*\[", re.MULTILINE)
ANNOTATION = re.compile(r"::(error|warning|notice)( [^:]*)?::", re.MULTILINE)
# In a file's text; names of files hold all but NUL and the slash.
HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "a\r::stop-commands::tok",
    "\u202egnp.\u2066x",
    "\x9b31m\x85\u2028::error::x",
    "##[error]owned ##vso[task.complete]",
    "\x00\x08\x7f\ufeff",
]
LINES = "x\n::error file=a.py,line=1::owned\n  ::warning::owned\n\x1b[1m"


def steers(text: str) -> bool:
    return bool(STEERING.search(text) or COMMAND.search(text))


def test_the_judge_knows_what_steers() -> None:
    assert all(steers(text) for text in [*HOSTILE, LINES])
    assert not steers("a λ ∂ 😀 \\u001b\n\ta: b::c # [x]\n## [y]")


@pytest.mark.parametrize("text", [*HOSTILE, LINES, "".join(map(chr, range(0x300))), "\ud800\udc00\udfff"])
def test_a_field_and_lines_do_not_steer(text: str) -> None:
    assert not steers(lines(text))
    assert not steers(lines(shown(text)))
    assert "\n" not in shown(text)
    assert lines(lines(text)) == lines(text)
    assert shown("\\lambda = λ, 😀") == "\\lambda = λ, 😀"
    assert json.loads(lines(json.dumps({"x": text}, ensure_ascii=False))) == {
        "x": text.replace("\ud800\udc00", "\U00010000")
    }


@pytest.mark.parametrize("text", [*HOSTILE, LINES, "  ::error::x", "y##[x", "y##vso[x", "z\n\u3000:" + ":a::"])
def test_what_is_written_in_parts_is_shown_as_a_whole(text: str) -> None:
    for size in (1, 2, 3, len(text)):
        stream = io.StringIO()
        screen = Screen(stream)
        screen.writelines(text[at : at + size] for at in range(0, len(text), size))
        assert stream.getvalue() == lines(text)
    stream = io.StringIO()
    print("x" * 100, end="", file=Screen(stream))
    assert stream.getvalue() == "x" * 100


def test_only_our_own_annotations_are_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", Screen(out))
    annotate("::error file=a.tex,line=1::wrong\n::stop-commands::tok\n::error ::x\x1b\n::notice::y ##[error]z")
    first, *rest = out.getvalue().splitlines()
    assert first == "::error file=a.tex,line=1::wrong"
    assert rest[1:] == ["::error ::x\\u001b", "::notice::y ##\\u005berror]z"]
    rest = [ANNOTATION.sub("", line) for line in rest]
    assert not any(steers(line) for line in rest)


def test_a_terminal_is_steered_by_rich_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    console(Screen(out)).print("\x1b]0;owned\x07 plain", style="red")  # type: ignore[arg-type]
    assert "\x1b]0" not in out.getvalue()
    assert "\\u001b]0;owned\\u0007 plain" in out.getvalue()


# Every command -------------------------------------------------------------------------------------------


PAPER = r"""% modeflow: MARK
\[ w^* = \lambda/(\lambda - \varepsilon) \label{LABEL} \]
% modeflow: dae.fixed_point
\[ w^* = \lambda/(\lambda - \varepsilon) \text{TEXT} \]
% modeflow: ignore -- TEXT
\[ w = 1 \]
\[ w^{TEXT} = 2 \]
% modeflow: define TEXT = x
"""
CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter
letters = Alphabet()
x = letters.scalar("x", "x", HOSTILE, real=True)
chapter = Chapter("mine", HOSTILE, letters, text=HOSTILE)
chapter.claim("true", cosh(x)**2 - sinh(x)**2, 1, says=HOSTILE)
chapter.claim("false", cosh(x)**2 + sinh(x)**2, 1, says=HOSTILE)
"""
CHECKING = [
    *(
        f"check --output-format {form} --complete --strict --echo -j 1"
        for form in ("text", "json", "github", "junit", "sarif")
    ),
    "check --new",
    "check --config {toml}",
]
CHAPTERS = [
    *(
        f"derive {{chapter}} --format {form}"
        for form in ("text", "latex", "latex-macros", "bibtex", "markdown", "html", "ipynb")
    ),
    "derive {chapter} --verdicts",
    "derive {chapter} --notation {toml}",
    "verify {chapter} -j 1",
    "verify {chapter} --output-format json -j 1",
    "verify {chapter} --explain -j 1",
]
OTHERS = [
    "new chapter {word}",
    "new chapter mine -o {new}",
    "generate --target julia -o {out}",
    "generate --check --target julia -o {stale}",
    "compare {data}",
    "recommend {data} --keep 0.5",
    "sweep {toml} -o {out}",
    "figures 1 --data {word} -o {data}",
    "figures {word} -o x",
    "verify {word}",
    "derive {word}",
    "derive --format {word}",
    "{word}",
    "check {word}",
]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hostile_tree(folder: Path, text: str) -> dict[str, str]:
    """Files of hostile names and texts; the words of commands that name them."""
    name = text.replace("\0", "").replace("/", "")
    paper = PAPER.replace("MARK", text).replace("LABEL", text).replace("TEXT", text)
    cells = json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": paper}]})
    contents = {f"{name}.tex": paper, f"{name}.md": paper, f"{name}.ipynb": cells, f"{name}.npy": text}
    contents |= {f"{name}.toml": f"[manuscript]\nlabels = {{ {json.dumps(text)} = {json.dumps(text)} }}\n"}
    contents |= {"mine_chapter.py": CHAPTER.replace("HOSTILE", ascii(text))}
    for file, content in contents.items():
        (folder / file).write_text(content, encoding="utf-8", errors="replace")
    (folder / f"{name}.d").mkdir()
    (folder / f"{name}.d" / "Mine.jl").write_text(f"# {text}", encoding="utf-8", errors="replace")
    words = {"chapter": "mine_chapter.py", "word": name, "data": f"{name}.npy", "toml": f"{name}.toml"}
    return words | {"new": f"{name}.py", "out": f"{name}.out", "stale": f"{name}.d"}


def said(command: str, words: dict[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says, in whatever way it ends."""
    arguments = [word.format_map(words) for word in command.split()]
    if command.startswith("check --"):
        arguments += [f"{words['word']}.{end}" for end in ("tex", "md", "ipynb")]
    capsys.readouterr()
    with contextlib.suppress(SystemExit):
        assert main(arguments) in (0, 1, 2)
    out = capsys.readouterr()
    return out.out + out.err


@pytest.mark.costly
@pytest.mark.parametrize("command", [*CHECKING, *CHAPTERS, *OTHERS])
def test_no_command_says_what_steers(command: str, outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = 0
    for number, text in enumerate([*HOSTILE, LINES]):
        folder = outside / str(number)
        folder.mkdir()
        words = hostile_tree(folder, text)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            out = said(command, words, capsys)
        if "github" in command:
            # On standard error it says which configuration it used, in a line that begins as no command does.
            assert all(ANNOTATION.match(line) or line.startswith("modeflow: ") for line in out.splitlines())
            out = ANNOTATION.sub("", out)
        assert not steers(out), text
        checked += len(out)
        shutil.rmtree(folder)
    assert checked or "bibtex" in command  # which has no text of the chapter


@pytest.mark.parametrize("command", [CHECKING[0], CHAPTERS[0], "check {word}"])
def test_without_the_screen_they_do(
    command: str, outside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    never = re.compile("(?!)")
    for name in ("_IN_LINES", "_IN_FIELD", "_COMMAND"):
        monkeypatch.setattr(module, name, never)
    assert steers(said(command, hostile_tree(outside, HOSTILE[0]), capsys))


def test_forms_alone_are_whole_lines() -> None:
    """Also where they are not printed by a command, a field ends no line."""
    odd = Finding(LINES, 1, 1, LINES, "wrong", latex=LINES, reason=LINES, understood=LINES, suggestion=LINES)
    assert len(as_text([odd], echo=True).splitlines()) == 3
    assert len(as_github([odd], Strictness()).splitlines()) == 1
    (case,) = ElementTree.fromstring(as_junit([odd], Strictness())).iter("testcase")
    assert not any(steers(value) for element in case.iter() for value in (*element.attrib.values(), element.text or ""))
