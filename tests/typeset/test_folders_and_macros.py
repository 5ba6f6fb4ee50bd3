"""Folders of chapters, the chapter to begin with, LaTeX macros and BibTeX."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from modeflow import chapters, load_chapters
from modeflow.cli.chapter_template import chapter as beginning
from modeflow.cli.program import main
from modeflow.statements.catalogue import UnusableChapter
from modeflow.typeset.bibliography import bibtex
from modeflow.typeset.macros import macro_name, macros


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


# Folders


def test_every_chapter_of_a_folder_once(tmp_path: Path) -> None:
    write(tmp_path, "one.py", beginning("one"))
    write(tmp_path, "two.py", "from one import chapter as first\n" + beginning("two"))
    write(tmp_path, "plain.py", "x = 1\n")
    write(tmp_path, "test_one.py", "raise RuntimeError")
    write(tmp_path, "_scratch.py", "raise RuntimeError")
    assert [chapter.key for chapter in load_chapters(tmp_path)] == ["one", "two"]


def test_a_folder_that_is_a_package(tmp_path: Path) -> None:
    package = tmp_path / "my_folder_of_chapters"
    write(package, "__init__.py", "")
    write(package, "letters.py", "RATE = 2\n")
    write(package, "decay.py", "from .letters import RATE\n" + beginning("decay"))
    assert [chapter.key for chapter in load_chapters(package)] == ["decay"]
    assert [chapter.key for chapter in load_chapters(package / "decay.py")] == ["decay"]


def test_a_package_of_another_name_is_not_taken_for_it(tmp_path: Path) -> None:
    package = tmp_path / "sympy"
    write(package, "__init__.py", "")
    with pytest.raises(UnusableChapter, match=r"logic\.py: another package is called 'sympy' here"):
        load_chapters(write(package, "logic.py", beginning("decay")))


def test_two_chapters_of_one_key_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one.py", beginning("same"))
    write(tmp_path, "two.py", "\n" + beginning("same"))
    with pytest.raises(UnusableChapter, match=r"two\.py: .*one\.py has a chapter 'same' too"):
        load_chapters(tmp_path)


def test_an_error_in_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path, "bad.py", "x = 1\nx / 0\n")
    with pytest.raises(UnusableChapter, match=r"bad\.py:2: ZeroDivisionError"):
        load_chapters(tmp_path)


def test_a_folder_is_verified_and_a_wrong_claim_in_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path / "mine", "decay.py", beginning("decay"))
    assert main(["verify", "mine"]) == 0
    with file.open("a") as end:
        end.write('chapter.claim("wrong", a, k, says="No.")\n')
    assert main(["verify", "mine/"]) == 1
    assert "decay.wrong: refuted: at " in capsys.readouterr().out


def test_a_claim_knows_where_it_is_stated(tmp_path: Path) -> None:
    file = write(tmp_path, "mine.py", beginning("mine"))
    (chapter,) = load_chapters(file)
    path, _, line = chapter.claims["mine.twice"].where.rpartition(":")
    assert path == str(file)
    assert file.read_text().splitlines()[int(line) - 1] == "chapter.claim("


# The chapter to begin with


def test_the_refused_example_in_the_comments_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "chapter", "slow_modes"]) == 0
    file = tmp_path / "slow_modes_chapter.py"
    assert main(["verify", file.name]) == 0
    lines = file.read_text().split("# chapter.claim(")
    file.write_text(lines[0] + "chapter.claim(" + lines[1].replace("\n# ", "\n"))
    assert main(["verify", file.name]) == 1
    said = capsys.readouterr().out
    assert "slow_modes.lost_sign: refuted: " in said
    assert "; stated at slow_modes_chapter.py:" in said


@pytest.mark.parametrize("name", ["Decay", "1st", "a b", "class", "../decay", 'x"', ""])
def test_a_name_that_is_no_word_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "chapter", name]) == 2
    assert "is no name of a chapter" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, "decay_chapter.py", "mine")
    assert main(["new", "chapter", "decay"]) == 2
    assert file.read_text() == "mine"


# Macros and BibTeX


@pytest.mark.costly
def test_macros_are_named_after_claims() -> None:
    assert macro_name("dae.fixed_point") == "mfDaeFixedPoint"
    assert macro_name("flow.mode_w1") == "mfFlowModeWOne"
    text = macros(chapters().values())
    for claim in (claim for chapter in chapters().values() for claim in chapter.claims.values()):
        defined = rf"\newcommand{{\{macro_name(claim.id)}}}{{{claim.latex()}}}"
        assert (defined in text) == (claim.expects != "refuted"), claim.id


def test_two_ids_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = beginning("mine") + 'chapter.claim("tw_ice", a, a, says="A.")\nchapter.claim("twIce", a, a, says="A.")\n'
    file = write(tmp_path, "mine.py", text)
    assert main(["derive", str(file), "--format", "latex-macros"]) == 2
    assert r"both give \mfMineTwIce; rename one" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_every_macro_compiles(tmp_path: Path) -> None:
    write(tmp_path, "claims.tex", macros(chapters().values()))
    stated = [c for chapter in chapters().values() for c in chapter.claims.values() if c.expects != "refuted"]
    body = "\n".join(rf"\[ \{macro_name(c.id)} \]" for c in stated)
    # As wide as the longest formula, so that none is too wide.
    page = r"\usepackage[paperwidth=400cm,paperheight=100cm]{geometry}\usepackage{amsmath,amssymb}"
    begin, end = r"\begin{document}", r"\end{document}"
    write(tmp_path, "paper.tex", "\n".join([rf"\documentclass{{article}}{page}\input{{claims}}", begin, body, end]))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert not [line for line in done.stdout.splitlines() if "Warning" in line or "Overfull" in line]


def test_bibtex_has_the_entries_that_are_cited() -> None:
    whole = (Path(__file__).resolve().parents[2] / "docs" / "references.bib").read_text(encoding="utf-8")
    text = bibtex(chapters().values())
    assert "@inproceedings{pretorius2018," in text
    assert all(entry in whole for entry in text.split("\n\n"))
    assert bibtex([]) == ""
