r"""What changes an equation and is easily passed over; and marks that are passed over without a word."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from modeflow.manuscript import UnreadableSource, check, configuration
from modeflow.manuscript.read import arithmetic
from modeflow.manuscript.text import marks, rows, spacing, tex

CLAIM = "dae.fixed_point"
MARK = f"% modeflow: {CLAIM}\n"
CHOSEN = configuration({"notation": "pretorius2018", "symbols": {"\\xi": {"positive": True}}}, "test")
RIGHT, WRONG = r"w^* = \frac{\lambda}{\lambda + \varepsilon}", r"w^* = \frac{\lambda}{\lambda - \varepsilon}"


def verdicts(folder: Path, text: str, name: str = "p.tex", **files: str) -> list[str]:
    for other, inside in files.items():
        (folder / f"{other}.tex").write_text(inside, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return [f.verdict for f in check([folder / name], CHOSEN, jobs=1)]


ROWS = {  # what stands behind the end of a row
    "[2 + 1] x = x": "wrong",
    " [1 + x] x = x": "wrong",
    "[x] x = x": "wrong",
    "[2pt] x = x": "ok",
    "*[-.5\\baselineskip] x = x": "ok",
    " [1.5 em] x = x": "ok",
}


@pytest.mark.parametrize("text", ROWS)
def test_only_a_length_behind_a_row_is_no_part_of_the_next(tmp_path: Path, text: str) -> None:
    assert verdicts(tmp_path, _second_row(text)) == [ROWS[text]]


def _second_row(text: str) -> str:
    return f"\\begin{{gather}}\n x = x\n% modeflow: prove\n\\\\{text}\n\\end{{gather}}"


def test_any_bracket_taken_for_a_length_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_CUT", re.compile(r"\\\\\*?(\s*\[[^\]\n\\]{0,40}\])?|\\[A-Za-z]+|\\.|[{}&]", re.DOTALL))
    assert [verdicts(tmp_path, _second_row(text)) for text in ROWS if ROWS[text] == "wrong"] == [["ok"]] * 3


CALCULATES = [
    *(r"\quad \mbox{$- \varepsilon$}", r"\quad \text{+ 1}", r", \text{/2}", r"\quad\text{\(-1\)}"),
    *(r", \text{ times two}", r"\\ \text{$- \varepsilon$}", r"\quad\text{(squared)}", r"\quad\text{is false}"),
    r"\quad\mbox{- 1}",
]
TALKS = [
    r"\quad\text{(decay)}",
    r", \text{ at rest}",
    r"\quad\text{if } \varepsilon > 0",
    r"\\ \text{non-zero noise}",
    r"\quad\mbox{by definition}",
]


def test_text_that_calculates_or_denies_is_no_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(behind: list[str]) -> list[str]:
        return verdicts(tmp_path, "".join(f"{MARK}\\begin{{multline}} {RIGHT} {b} \\end{{multline}}\n" for b in behind))

    assert found(TALKS) == ["ok"] * len(TALKS)
    assert set(found(CALCULATES)) == {"unparsed", "undecided"}
    monkeypatch.setattr(rows, "_ALONE", re.compile(r"(?:[\s~,]|\\q?quad)*\\(?:text|mbox)\s*\{[^{}]*\}[\s.,;]*"))
    assert "ok" in found(CALCULATES)


@pytest.mark.parametrize("relation", [r"\approx", r"\propto", r"\coloneqq", r"\neq", r"\triangleq", r"\to", r"\ll"])
def test_a_row_with_any_relation_is_none_of_the_row_before(tmp_path: Path, relation: str) -> None:
    text = f"\\begin{{align}}\n {RIGHT} \\\\ {MARK} \\tau &{relation} 0.1 \\end{{align}}"
    assert verdicts(tmp_path, text) == ["ok"]


def test_a_relation_in_a_macro_parts_rows_or_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    defined = "\\newcommand{\\eq}{=}\n"
    rest = r"\frac{\lambda}{\lambda + \varepsilon}"
    two = f"{defined}\\begin{{align}}\n w^* &\\eq {rest} \\\\ {MARK} \\gamma &\\eq 1 \\end{{align}}"
    assert verdicts(tmp_path, two) == ["unparsed"]
    assert verdicts(tmp_path, f"{defined}{MARK}\\[ w^* \\eq {rest} \\]") == ["ok"]
    judged = importlib.import_module("modeflow.manuscript.pipeline")
    monkeypatch.setattr(judged, "_refuse_hidden_relations", lambda piece, read: None)
    assert verdicts(tmp_path, two) == ["wrong"]


def test_an_index_in_brackets_is_no_power(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = [r"\xi^{(2)} = \xi^2", r"\xi^{[2]} = \xi^2", r"\left(\frac{\xi}{2}\right)^{(1)} = \frac{\xi}{2}"]
    read = [r"\xi^{(1 + 1)} = \xi^2", r"\xi^{2} = \xi\xi", r"\xi^{(1/2)} = \sqrt\xi"]
    text = "".join(f"% modeflow: prove\n\\[ {one} \\]\n" for one in [*refused, *read])
    assert verdicts(tmp_path, text) == ["unparsed"] * 3 + ["ok"] * 3
    monkeypatch.setattr(arithmetic, "_is_index", lambda at: False)
    assert "ok" in verdicts(tmp_path, text)[:3]


def test_what_stands_over_a_relation_may_change_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [r"\overset{\text{not}}", r"\overset{/}", r"\underset{\varepsilon \to 0}", r"\stackrel{\varepsilon = 0}"]
    names = [r"\overset{!}", r"\stackrel{\text{def}}", r"\overset{(a)}", r"\overset{\eqref{a}}", r"\overset{\triangle}"]
    sides = RIGHT.split("=")
    text = "".join(f"{MARK}\\[ {sides[0]} {over}{{=}} {sides[1]} \\]\n" for over in [*changes, *names])
    assert verdicts(tmp_path, text) == ["unparsed"] * len(changes) + ["ok"] * len(names)
    monkeypatch.setattr(spacing, "_NAMES", re.compile(".*"))
    assert verdicts(tmp_path, text) == ["ok"] * len([*changes, *names])


def test_where_inner_rows_stand_is_no_factor(tmp_path: Path) -> None:
    inner = f"\\begin{{aligned}}[t] {RIGHT} \\end{{aligned}}"
    assert verdicts(tmp_path, f"{MARK}\\[ {inner} \\]\n{MARK}\\[ {inner.replace('[t]', '')} \\]") == ["ok", "ok"]


DEAD = {  # what TeX passes over; what it may pass over; what it does not
    "\\iffalse\n@\\fi\n": "ignored",
    "\\iffalse \\ifx ab \\fi\n@\\fi\n": "ignored",
    "\\end{document}\n@": "ignored",
    "\\iffalse a \\fi \\endinput\n@": "ignored",
    "\\iffalse \\ifdefmacro{\\x}{a}{b} \\fi\n@": "unparsed",
    "\\iffalse\n@": "unparsed",
    "\\begin{comment}\n@": "unparsed",
    "\\let\\hide\\iffalse\n@": "wrong",
    "\\newcommand{\\hide}{\\iffalse}\n@": "wrong",
    "\\newcommand{\\finish}{\\end{document}}\n@": "wrong",
    "\\ifdefined\\loaded\\endinput\\fi\n@": "wrong",
    "\\ifx\\loaded\\undefined\\else\\expandafter\\endinput\\fi\n@": "wrong",
}


@pytest.mark.parametrize("text", DEAD)
def test_a_mark_is_passed_over_only_where_tex_does(tmp_path: Path, text: str) -> None:
    assert verdicts(tmp_path, text.replace("@", f"{MARK}\\[ {WRONG} \\]\n")) == [DEAD[text]]


def test_marks_passed_over_too_soon_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tex._Places, "conditional", lambda self, found: False)
    said = [verdicts(tmp_path, t.replace("@", f"{MARK}\\[ {WRONG} \\]\n")) for t, v in DEAD.items() if v == "wrong"]
    assert ["ignored"] in said


NO_COMMENT = {
    "p.md": ["[//]: # (modeflow: @)", "%%\nmodeflow: @\n%%", "{# modeflow: @ #}", "[comment]: <> (modeflow: @)"],
    "p.tex": ["modeflow: @", "\\% modeflow: @", "\\begin{note} modeflow: prove \\end{note}"],
}


@pytest.mark.parametrize("name", NO_COMMENT)
def test_a_mark_in_no_comment_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    texts = [f"{one.replace('@', CLAIM)}\n\n\\[ {RIGHT} \\]\n" for one in NO_COMMENT[name]]
    assert [verdicts(tmp_path, text, name) for text in texts] == [["unparsed"]] * len(texts)
    assert verdicts(tmp_path, "The tool modeflow: what it does.\n", name) == []
    monkeypatch.setattr("modeflow.manuscript.text.sources.written", lambda text, marks, remedy: [])
    assert [verdicts(tmp_path, text, name) for text in texts] == [[]] * len(texts)


def test_a_mark_in_code_or_in_a_comment_is_told_once(tmp_path: Path) -> None:
    assert verdicts(tmp_path, f"`modeflow: {CLAIM}`\n\n```\nmodeflow: prove\n```\n", "p.md") == []
    assert verdicts(tmp_path, f"$$\n{MARK}{RIGHT}\n$$\n", "p.md") == ["ok"]
    assert verdicts(tmp_path, f"\\verb|modeflow: {CLAIM}|\n{MARK}\\[ {RIGHT} \\]\n") == ["ok"]


@pytest.mark.parametrize("command", ["\\input part", "\\input  part.tex\n", "\\subfile{part}", "\\import{./}{part}"])
def test_files_are_followed_however_they_are_named(tmp_path: Path, command: str) -> None:
    assert verdicts(tmp_path, f"{command} text\n", part=f"{MARK}\\[ {WRONG} \\]\n") == ["wrong"]


def test_files_too_deep_are_told(tmp_path: Path) -> None:
    chain = {f"f{n}": f"\\input{{f{n + 1}}}\n" for n in range(9)}
    with pytest.raises(UnreadableSource, match="more than 8 files inside files"):
        verdicts(tmp_path, "\\input{f0}", **chain, f9=f"{MARK}\\[ {WRONG} \\]\n")
    assert verdicts(tmp_path, "\\input{f2}", **chain, f9=f"{MARK}\\[ {WRONG} \\]\n") == ["wrong"]


def test_a_comment_ends_with_its_line_in_a_notebook_too(tmp_path: Path) -> None:
    def notebook(source: str | list[str]) -> str:
        return json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": source}]})

    said = f"<!-- modeflow: {CLAIM} -->"
    for source in (f"{said}\n$$ {RIGHT} % a\r - 1 $$", [f"{said}\r", f"$$ {RIGHT} % a\r", " - 1 $$"]):
        assert verdicts(tmp_path, notebook(source), "p.ipynb") == ["wrong"]
    assert verdicts(tmp_path, notebook([f"{said}\r\n", f"$$ {RIGHT} % a\r\n", "$$"]), "p.ipynb") == ["ok"]


def test_a_display_behind_options_of_a_listing_is_seen(tmp_path: Path) -> None:
    text = f"By \\lstinline[language=TeX]|a|, and % here\n{MARK}\\[ {RIGHT} \\]\n"
    assert verdicts(tmp_path, text) == ["ok"]
    tail = f"By \\lstinline[language=TeX]|a|, \\[ {RIGHT} \\]\n"
    (tmp_path / "p.tex").write_text(tail)
    assert [f.verdict for f in check([tmp_path / "p.tex"], CHOSEN, jobs=1, coverage=True)] == ["unchecked"]


def test_an_empty_line_between_equations_is_asked_about(tmp_path: Path) -> None:
    said = f"<!-- modeflow: {CLAIM} -->\n"
    for fence in ("{math}", "math"):
        assert verdicts(tmp_path, f"{said}```{fence}\n{RIGHT}\n\nw^* = 2\n```\n", "p.md") == ["unparsed"]
        assert verdicts(tmp_path, f"{said}```{fence}\n\n{RIGHT}\n\n```\n", "p.md") == ["ok"]


def test_what_is_written_as_a_mark_is_looked_for_in_one_pass() -> None:
    text = "modeflow: prove " * 1000
    known = [marks.Mark("prove", 16 * n, 16 * n + 15) for n in range(0, 1000, 2)]
    assert len(marks.written(text, known, "")) == 500
