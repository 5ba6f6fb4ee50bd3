"""Corrections: in the author's own text, proved, written only where one alone is, and right when checked again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Finding, check, configuration
from modeflow.manuscript.report.corrected_files import corrected, diff

TOML = """
[manuscript]
notation = "pretorius2018"
[manuscript.symbols]
x = { real = true }
y = { real = true }
z = { real = true }
"""
# What is written, and what is right there.
SLIPS = [
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda - \varepsilon}", r"\lambda + \varepsilon"),
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda + N\,\varepsilon}", r"\lambda + \,\varepsilon"),
    (
        "dae.fixed_point",
        "w^* =\n  \\dfrac{\\lambda}{ % the noise\n  \\lambda + 2 \\varepsilon}",
        "\\lambda +  \\varepsilon",
    ),
    ("wae.fixed_point", r"w^* = 1 - \frac{\varepsilon}{\lambda}", r"\frac{\gamma}{\lambda}"),
    ("dae.fixed_point", r"w^* = \frac{2λ}{λ + ε}", r"\frac{λ}{λ + ε}"),
    ("prove", r"\left(x+y\right)^2 = x^2 + x y + y^2", "x^2 + 2x y + y^2"),
    ("prove", "(x − y)·(x + y) + z = x·x − 2·y·y + z", "x·x − y·y"),
    ("prove", r"\sqr{x+y} = \sqr x + 2xy - \sqr y", r"2xy + \sqr y"),
    ("prove", r"(x - y)(x + y) + z = x^2 + y^2 + z", "x^2 - y^2"),
]
ROWS = r"""x &= (x + y)^2 + z \\
  &= x^2 + 2xy + y^2 - z \\
  &= z + (x + y)^2"""


def tex() -> str:
    equations = [f"% modeflow: {claim}\n\\[ {equation} . \\]" for claim, equation, _ in SLIPS]
    rows = f"% modeflow: steps\n\\begin{{align}}\n  {ROWS}\n\\end{{align}}"
    return "\n\n".join(["\\newcommand{\\sqr}[1]{(#1)^2}", *equations, rows, "Ende.\n"])


def markdown() -> str:
    return "Some text.\n\n" + "\n\n".join(
        f"<!-- modeflow: {claim} -->\n$$ {equation} $$" for claim, equation, _ in SLIPS if "\\sqr" not in equation
    )


def notebook() -> str:
    source = [
        "é <!-- modeflow: dae.fixed_point -->\n",
        "$$ w^* = \\frac{\\lambda}{\\lambda - \\varepsilon} $$\n",
        "\ud83d\ude00",
    ]
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [], "execution_count": None}
    ]
    cells += [{"cell_type": "markdown", "metadata": {}, "source": source}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, indent=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("modeflow.toml").write_text(TOML, encoding="utf-8")
    Path("paper.tex").write_text(tex(), encoding="utf-8", newline="\r\n")
    Path("notes.md").write_text(markdown(), encoding="utf-8")
    Path("book.ipynb").write_text(notebook(), encoding="utf-8")
    return tmp_path


FILES = ["paper.tex", "notes.md", "book.ipynb"]


@pytest.mark.costly
def test_slips_are_corrected_and_found_right_when_checked_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {name: Path(name).read_bytes() for name in FILES}
    assert main(["check", "--no-cache", "--strict", "--diff", *FILES]) == 1
    shown = capsys.readouterr().out
    assert {name: Path(name).read_bytes() for name in FILES} == before
    assert main(["check", "--no-cache", "--strict", "--fix", *FILES]) == 0
    said = capsys.readouterr()
    assert "wrong" not in said.out
    assert said.err.count("corrected: ") == len(SLIPS) + 2 + (len(SLIPS) - 1) + 1
    after = {name: Path(name).read_bytes() for name in FILES}
    for name, right in [(FILES[0], SLIPS), (FILES[1], [s for s in SLIPS if "\\sqr" not in s[1]])]:
        text = after[name].decode().replace("\r\n", "\n")
        assert [meant for *_, meant in right if meant not in text] == []
    assert after["paper.tex"].count(b"\r\n") == before["paper.tex"].count(b"\r\n")
    assert b"y^2 + z" in after["paper.tex"]
    old, new = (json.loads(text["book.ipynb"]) for text in (before, after))
    assert new["cells"][1]["source"][1] == old["cells"][1]["source"][1].replace("- \\v", "+ \\v")
    assert len(after["book.ipynb"]) == len(before["book.ipynb"])
    removed = [line[1:] for line in shown.splitlines() if line[:1] == "-" and line[:3] != "---"]
    assert sum("\\varepsilon}" in line for line in removed) >= 6
    for name in FILES:
        assert f"+++ b/{name}" in shown


def one(folder: Path, text: str, **more: Any) -> Finding:
    Path("one.tex").write_text(text, encoding="utf-8")
    section = {"symbols": {letter: {"real": True} for letter in "xyz"}, **more}
    return check(["one.tex"], configuration(section, "test"), jobs=1)[0]


def refused(finding: Finding) -> str:
    assert finding.verdict == "wrong"
    return finding.correction.refused if finding.correction else "no correction"


def test_a_slip_in_a_macro_is_told_with_a_remedy(folder: Path) -> None:
    found = one(folder, "\\newcommand{\\both}{x^2 - y^2}\n% modeflow: prove\n\\[ z + \\both = z + x^2 + y^2 \\]\n")
    assert refused(found) == "no correction" or "choose one by hand" in refused(found)
    found = one(folder, "\\newcommand{\\both}{x^2 - y^2 + z}\n% modeflow: prove\n\\[ (x + y)(x - y) - z = \\both \\]\n")
    assert refused(found) == "the slip is in the definition of \\both: correct that by hand, or write it out here"
    assert "x^2-y^2-z" in found.suggestion.replace(" ", "")


def test_of_two_corrections_none_is_written(folder: Path) -> None:
    found = one(folder, "% modeflow: prove\n\\[ x + y = x - y \\]\n")
    assert "another single change" in refused(found)
    assert main(["check", "--fix", "one.tex"]) == 1
    assert "x - y" in Path("one.tex").read_text()


def test_a_correction_that_another_mark_does_not_want_is_not_written(folder: Path) -> None:
    text = "% modeflow: dae.fixed_point\n% modeflow: prove\n\\[ w^* = \\frac{\\lambda}{\\lambda - \\varepsilon} \\]\n"
    found = one(folder, text.replace("\n%", " %", 0), notation="pretorius2018")
    assert found.verdict in ("wrong", "unparsed")
    both = "\\[ w^* = \\frac{\\lambda}{\\lambda - \\varepsilon} % modeflow: dae.fixed_point\n% modeflow: prove\n\\]\n"
    found = one(folder, both, notation="pretorius2018")
    assert "another mark" in refused(found)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions as on POSIX are wanted")
def test_a_file_that_may_not_be_written_is_left_and_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one(folder, "% modeflow: prove\n\\[ (x + y)^2 = x^2 + xy + y^2 \\]\n")
    before = Path("one.tex").read_bytes()
    Path("one.tex").chmod(0o444)
    if os.geteuid() == 0:  # to whom permissions say nothing
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert main(["check", "--fix", "one.tex"]) == 2
    assert "one.tex: cannot be corrected: Permission denied; make it writable" in capsys.readouterr().err
    assert Path("one.tex").read_bytes() == before


@pytest.mark.parametrize("given", [["--fix", "--diff"], ["--diff", "--output-format", "json"], ["--fix", "--new"]])
def test_options_that_do_nothing_together_are_refused(folder: Path, given: list[str]) -> None:
    assert main(["check", *given, "paper.tex"]) == 2


def test_a_suggestion_in_the_argument_of_a_macro_is_shown_whole(folder: Path) -> None:
    text = "\\newcommand{\\share}[2]{\\frac{#1}{#2}}\n% modeflow: dae.fixed_point\n"
    text += "\\[ w^* = \\share{\\lambda}{\\lambda - \\varepsilon} \\]\n"
    found = one(folder, text, notation="pretorius2018")
    assert found.suggestion == r"w^* = \share{\lambda}{\lambda + \varepsilon} (+ for -)"
    assert not refused(found)


def test_a_diff_counts_lines_as_patch_does(folder: Path) -> None:
    """Line separators of Unicode and form feeds end no line there, and neither does a carriage return alone."""
    slip = "% modeflow: dae.fixed_point\n\\[ w^* = \\frac{\\lambda}{\\lambda - \\varepsilon} \\]"
    before = f"\ufeffa\u2028b\x0cc\x85d\n{slip}\u2028 e\rf"
    Path("one.tex").write_bytes(before.encode())
    last = before.rpartition("\n")[2]
    assert diff(corrected(check(["one.tex"], configuration({"notation": "pretorius2018"}, "test"), jobs=1))) == (
        "--- a/one.tex\n+++ b/one.tex\n@@ -1,3 +1,3 @@\n \ufeffa\u2028b\x0cc\x85d\n % modeflow: dae.fixed_point\n"
        f"-{last}\n\\ No newline at end of file\n+{last.replace('- ', '+ ')}\n\\ No newline at end of file\n"
    )
    assert main(["check", "--no-cache", "--fix", "one.tex"]) == 0
    assert Path("one.tex").read_bytes() == before.replace("- ", "+ ").encode()
