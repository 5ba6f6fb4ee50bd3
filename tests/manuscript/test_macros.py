"""Commands of the author's: what they stand for, with an argument left out, defined twice, or in a package beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import check, configuration

CHOSEN = configuration({"notation": "pretorius2018"}, "test")
MARK = "% modeflow: dae.fixed_point\n"


def verdict(folder: Path, preamble: str, equation: str = r"w^* = \m", before: str = "") -> str:
    paper = folder / "paper.tex"
    paper.write_text(f"{preamble}\n{before}\n{MARK}\\[ {equation} \\]\n", encoding="utf-8")
    (found,) = check([paper], CHOSEN, jobs=1)
    return found.verdict


RIGHT, WRONG = r"\frac{\lambda}{\lambda+\varepsilon}", r"\frac{\lambda}{\lambda-\varepsilon}"


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        (r"w^* = \m{\lambda}", "ok"),
        (r"w^* = \m[\varepsilon]{\lambda}", "ok"),
        (r"w^* = \m[\lambda]{\lambda}", "wrong"),
        (r"w^* = \m[{\varepsilon}]{\lambda}", "ok"),
        (r"w^* = \m[\varepsilon{\lambda}", "unparsed"),
        (r"w^* = \m", "unparsed"),
    ],
)
def test_an_argument_that_may_be_left_out(equation: str, expected: str, tmp_path: Path) -> None:
    preamble = r"\newcommand{\m}[2][\varepsilon]{\frac{#2}{#2+#1}}"
    assert verdict(tmp_path, preamble, equation) == expected


def test_a_default_that_is_not_plain_is_not_guessed(tmp_path: Path) -> None:
    assert verdict(tmp_path, rf"\newcommand{{\m}}[1][[]]{{{RIGHT}}}") == "unparsed"


@pytest.mark.parametrize(
    ("preamble", "expected"),
    [
        (rf"\def\m{{{WRONG}}} \def\m{{{RIGHT}}}", "ok"),
        (rf"\def\m{{{RIGHT}}} \def\m{{{WRONG}}}", "wrong"),
        (rf"\def\m{{{WRONG}}} \newcommand{{\n}}{{\begin{{equation}}\m}} \renewcommand{{\m}}{{{RIGHT}}}", "ok"),
        (rf"\def\m{{{RIGHT}}} \providecommand{{\m}}{{{WRONG}}}", "unparsed"),
        (rf"\newcommand{{\m}}{{{RIGHT}}} \newcommand{{\m}}{{{WRONG}}}", "unparsed"),
        (rf"\def\m{{{RIGHT}}} $\m$ \def\m{{{WRONG}}}", "unparsed"),
        (rf"\def\m{{{RIGHT}}} \ifdraft \def\m{{{WRONG}}} \fi", "unparsed"),
        (rf"\ifdraft \def\m{{{RIGHT}}} \else \def\m{{{WRONG}}} \fi", "unparsed"),
        (rf"\def\m{{{RIGHT}}} {{ \def\m{{{WRONG}}} }}", "unparsed"),
        (rf"\def\m{{{RIGHT}}} \begin{{center}} \def\m{{{WRONG}}} \end{{center}}", "unparsed"),
    ],
)
def test_of_two_definitions_the_last_holds_where_nothing_stands_between(
    preamble: str, expected: str, tmp_path: Path
) -> None:
    assert verdict(tmp_path, preamble) == expected


@pytest.mark.parametrize("loads", [r"\usepackage{mine}", r"\usepackage[a]{amsmath, mine}", r"\documentclass{mine}"])
def test_what_a_package_beside_defines_is_defined(loads: str, tmp_path: Path) -> None:
    assert verdict(tmp_path, loads) == "unparsed"
    file = tmp_path / ("mine.cls" if "class" in loads else "mine.sty")
    for body, expected in ((RIGHT, "ok"), (WRONG, "wrong")):
        file.write_text(f"\\newcommand{{\\m}}{{{body}}}\n\\[ w = 3 \\]\n", encoding="utf-8")
        assert verdict(tmp_path, loads) == expected
    assert verdict(tmp_path, f"{loads}\\renewcommand{{\\m}}{{{RIGHT}}}") == "unparsed"


def test_a_package_of_a_package_is_read_and_one_outside_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    (tmp_path / "outside.sty").write_text(f"\\newcommand{{\\m}}{{{RIGHT}}}")
    assert verdict(folder, r"\usepackage{../outside}") == "unparsed"
    (folder / "one.sty").write_text(r"\RequirePackage{two}")
    (folder / "two.sty").write_text(f"\\RequirePackage{{one}}\\newcommand{{\\m}}{{{RIGHT}}}")
    assert verdict(folder, r"\usepackage{one}") == "ok"


@pytest.mark.parametrize(
    ("preamble", "letter", "expected"),
    [
        ("", "ε", "ok"),
        ("", "ϵ", "unparsed"),
        ("", "2ε", "wrong"),
        (r"\newunicodechar{ϵ}{\ensuremath{\varepsilon}}", "ϵ", "ok"),
        (r"\newunicodechar{ϵ}{\ensuremath{2\varepsilon}}", "ϵ", "wrong"),
        (r"\newunicodechar{ε}{\epsilon}", "ε", "unparsed"),
        (r"\DeclareUnicodeCharacter{03F5}{\varepsilon}", "ϵ", "ok"),
        (r"\DeclareUnicodeCharacter{03f5}{\lambda}", "ϵ", "wrong"),
        (r"\DeclareUnicodeCharacter{FFFFFF}{\lambda}\newunicodechar{}{x}\newunicodechar{εε}{x}", "ε", "ok"),
        (r"\newunicodechar{ε}{\varepsilon} $ε$ \newunicodechar{ε}{\lambda}", "ε", "unparsed"),
    ],
)
def test_a_letter_typed_as_it_looks_is_what_the_author_makes_of_it(
    preamble: str, letter: str, expected: str, tmp_path: Path
) -> None:
    assert verdict(tmp_path, preamble, rf"w^* = \frac{{λ}}{{λ + {letter}}}") == expected
