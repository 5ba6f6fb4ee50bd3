"""Notebooks: their Markdown cells are checked, and what is found is placed in cell, line and file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeflow.cli.program import main
from modeflow.manuscript import Finding, UnreadableSource, check, configuration
from modeflow.manuscript.text.notebooks import UnreadableNotebook, markdown_cells

NOTATION = configuration({"notation": "pretorius2018"}, "test")
MARK = "<!-- modeflow: dae.fixed_point -->\n"
RIGHT, WRONG = (rf"$$ w^* = \frac{{\lambda}}{{\lambda {sign} \varepsilon}} $$" for sign in "+-")


def markdown(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def write(folder: Path, content: object, indent: int | None = 1) -> Path:
    path = folder / "notes.ipynb"
    path.write_text(json.dumps(content, indent=indent), encoding="utf-8")
    return path


def found_in(path: Path) -> list[Finding]:
    return check([path], NOTATION, jobs=1)


def test_a_finding_has_cell_line_and_line_of_the_file(tmp_path: Path) -> None:
    cells = [
        code("# <!-- modeflow: dae.fixed_point -->\n# $$ w^* = 1 $$"),
        markdown(["# Fixed point\n", "\n", MARK, RIGHT + "\n"]),
        markdown(["Text.\n", MARK, WRONG]),
    ]
    path = write(tmp_path, notebook(*cells))
    right, wrong = found_in(path)
    assert (right.verdict, right.cell, right.line, right.column) == ("ok", 2, 4, 4)
    assert (wrong.verdict, wrong.cell, wrong.line, wrong.column) == ("wrong", 3, 3, 4)
    assert wrong.place == f"{path}:cell 3:3:4"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert wrong.line_in_file is not None
    assert json.dumps(WRONG) in lines[wrong.line_in_file - 1]


def test_a_notebook_on_one_line_and_a_source_in_one_string(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(markdown(f"Text.\n{MARK}{WRONG}")), indent=None)
    (found,) = found_in(path)
    assert (found.verdict, found.cell, found.line, found.line_in_file) == ("wrong", 1, 3, 1)


def test_definitions_and_macros_hold_in_the_cells_that_follow(tmp_path: Path) -> None:
    first = markdown("$\\newcommand{\\noise}{\\varepsilon}$\n<!-- modeflow: define \\xi = \\lambda + \\noise -->")
    path = write(tmp_path, notebook(first, markdown(MARK + r"$$ w^* = \lambda/\xi $$")))
    assert [f.verdict for f in found_in(path)] == ["ok"]


def test_a_mark_does_not_reach_into_the_next_cell(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(markdown(MARK), markdown(RIGHT)))
    (found,) = found_in(path)
    assert (found.verdict, found.cell, found.reason) == ("unparsed", 1, "no equation follows this mark")


def test_half_a_surrogate_pair_can_be_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, notebook(markdown(MARK + "$$ w^* = \ud800 $$")))
    for form in ("text", "json", "github", "junit", "sarif"):
        assert main(["check", str(path), "--output-format", form]) == 0
        capsys.readouterr().out.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "is not JSON"),
        ("[" * 200_000, "nested too deeply"),
        ("[1" + "0" * 5000 + "]", "is not a notebook"),
        ("[]", "not a notebook in format 4"),
        ('{"cells": 5, "nbformat": 4}', "not a notebook in format 4"),
        ('{"worksheets": [], "nbformat": 3}', "not a notebook in format 4"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "notes.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSource, match=complaint):
        found_in(path)
    assert main(["check", str(path)]) == 2


def test_too_much_markdown_is_refused_and_a_large_output_is_not(tmp_path: Path) -> None:
    picture = {**code("x"), "outputs": [{"output_type": "stream", "text": "A" * 5 * 2**20}]}
    assert [f.verdict for f in found_in(write(tmp_path, notebook(picture, markdown(MARK + RIGHT))))] == ["ok"]
    with pytest.raises(UnreadableSource, match="its Markdown is larger than 4 MiB"):
        found_in(write(tmp_path, notebook(*[markdown("A" * 2**20)] * 5)))


def test_cells_of_unknown_shape_are_passed_over() -> None:
    odd = [5, None, {}, {"cell_type": "markdown"}, markdown([]), {"cell_type": "markdown", "source": [1]}]
    cells = markdown_cells(json.dumps({"cells": [*odd, markdown("x")], "nbformat": 4}))
    assert [(c.number, c.text, c.lines) for c in cells] == [(5, "", (1,)), (7, "x", (1,))]


PIECES = st.lists(st.text(st.sampled_from('ab\n"\\{}[]:,λ'), max_size=6), max_size=5)


@given(st.lists(PIECES, max_size=4), st.sampled_from([None, 1, 4]), st.booleans())
def test_every_line_of_every_cell_is_found_in_the_file(
    sources: list[list[str]], indent: int | None, last: bool
) -> None:
    content = notebook(*(markdown(source) for source in sources))
    content = {**content, "cells": content.pop("cells")} if last else content
    text = json.dumps(content, indent=indent)
    cells = markdown_cells(text)
    assert [c.text for c in cells] == ["".join(source) for source in sources]
    lines = text.split("\n")
    for cell in cells:
        assert len(cell.lines) == cell.text.count("\n") + 1
        for written, number in zip(cell.text.split("\n"), cell.lines, strict=True):
            begins = json.dumps(written)[1:-1]
            assert number == 1 or begins[:1] in lines[number - 1]


def test_a_second_list_of_cells_does_not_confuse_the_lines() -> None:
    first, second = (json.dumps([markdown([text])]) for text in ("a\n", "b\n"))
    (cell,) = markdown_cells(f'{{"cells": {first},\n"nbformat": 4,\n"cells": {second}}}')
    assert (cell.text, cell.lines) == ("b\n", (3, 3))


def test_a_notebook_without_format_is_refused() -> None:
    with pytest.raises(UnreadableNotebook):
        markdown_cells('{"cells": []}')


def test_a_note_says_in_which_cells_equations_are_not_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, notebook(markdown("$$ x = 1 $$"), markdown("$$ x = 1 $$\n\n$$ y = 2 $$")))
    assert main(["check", str(path)]) == 0
    assert f"{path}: not checked: cell 1 line 1; cell 2 lines 1, 3\n" in capsys.readouterr().out
