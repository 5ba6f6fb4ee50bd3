"""Derivations in the letters of a paper: formulas, prose and table follow, and what is written reads back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sympy import Symbol

from modeflow import chapters
from modeflow.cli.program import main
from modeflow.manuscript import check, configuration
from modeflow.manuscript.mean.spelling import spelling
from modeflow.typeset.latex import claim_latex
from modeflow.typeset.lettering import plain, relettered, shared
from modeflow.typeset.macros import macro_name

MINE = r"""
[manuscript]
notation = "pretorius2018"
[manuscript.symbols]
'\sigma_1' = "lam"
'\tilde{n}' = "eps"
'm(t)' = "w"
'm^\star' = "w_star"
"""


PAPERS = configuration({"notation": "pretorius2018"}, "test").notation


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "modeflow.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_formulas_prose_and_table_are_in_the_letters_declared(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "dae", "--format", "markdown", "--notation", "modeflow.toml"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert r"m^{*} = \frac{\sigma_{1}}{\sigma_{1} + \tilde{n}}" in captured.out
    assert "The strength comes to rest at σ₁/(σ₁ + ε): noise shrinks every mode." in captured.out
    assert r"| $\tilde{n}$ | noise: N times the variance of the input noise (ε in the text) | ≥ 0 |" in captured.out
    assert r"| $\sigma_{1}$ | eigenvalue of the second moment | ≥ 0 |" in captured.out
    assert "λ" not in captured.out
    assert r"\lambda" not in captured.out
    assert "$w$" not in captured.out


@pytest.mark.costly
@pytest.mark.parametrize("form", ["text", "latex", "html", "ipynb", "latex-macros", "bibtex"])
def test_every_form_can_be_in_other_letters(form: str, mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if form == "html":
        pytest.importorskip("latex2mathml")
    assert main(["derive", "dae", "--format", form, "--notation", "modeflow.toml"]) == 0
    assert not {"λ", r"\lambda"} & set(capsys.readouterr().out.split())


def test_macros_in_the_letters_of_a_paper_are_read_back_by_its_check(mine: Path) -> None:
    named = ["dae.fixed_point", "dae.balanced", "dae.invariant", "dae.balanced_learning_time"]
    assert main(["derive", "dae", "--format", "latex-macros", "--notation", "modeflow.toml", "-o", "dae.tex"]) == 0
    marked = "".join(f"% modeflow: {name}\n\\[ \\{macro_name(name)} \\]\n" for name in named)
    Path("paper.tex").write_text("\\input{dae}\n" + marked, encoding="utf-8")
    assert [f.verdict for f in check(["paper.tex"])] == ["ok"] * len(named)


def test_names_are_written_as_a_paper_writes_them(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(MINE + "'\\omega' = \"dae.rho\"\n'F' = \"dae.E\"\n", encoding="utf-8")
    assert main(["derive", "dae", "--format", "markdown", "--notation", "modeflow.toml"]) == 0
    captured = capsys.readouterr()
    assert r"F = e^{- \omega t / \tau}" in captured.out
    assert r"\rho" not in captured.out
    assert "ρ" not in captured.out
    assert "What fades at the rate ω/τ, from 1 at the start to 0." in captured.out


def test_names_that_a_paper_declares_are_what_they_stand_for(mine: Path) -> None:
    mine.write_text(MINE + "'\\omega' = \"dae.rho\"\n'h' = \"dae.xi\"\n'g' = \"dae.c_ab\"\n", encoding="utf-8")
    right, wrong = (rf"\omega = \sqrt{{{n}\sigma_1^2 + h^2 g^2}}" for n in (4, 5))
    marked = "".join(f"% modeflow: prove\n\\[ {equation} \\]\n" for equation in (right, wrong))
    Path("paper.tex").write_text(marked, encoding="utf-8")
    assert [f.verdict for f in check(["paper.tex"])] == ["ok", "wrong"]


def test_formulas_too_wide_to_be_drawn_are_in_the_same_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "flow", "--notation", "saxe2014"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "-∇W²¹ [ε*tr(W³²*W²¹*W²¹ᵀ*W³²ᵀ)/2 + γ*(tr(W²¹ᵀ*W²¹) + tr(W³²ᵀ*W³²))/2" in shown
    assert not re.search(r"FlowRate|NoiseAverage|MatrixGradient|DiagonalEntry", shown)


def test_letters_can_be_swapped() -> None:
    chapter = chapters()["dae"]
    lam, eps = (chapter.alphabet.quantities[name].symbol for name in ("lam", "eps"))
    (swapped,) = relettered([chapter], {lam: r"\varepsilon", eps: r"\lambda"})
    fixed = swapped.claims["dae.fixed_point"]
    assert claim_latex(fixed) == r"w^{*} = \frac{\varepsilon}{\varepsilon + \lambda}"
    assert fixed.says == "The strength comes to rest at ε/(ε + λ): noise shrinks every mode."
    assert (fixed.lhs, fixed.rhs) == (chapter.claims["dae.fixed_point"].lhs, chapter.claims["dae.fixed_point"].rhs)
    assert chapter.claims["dae.fixed_point"].says.endswith("λ/(λ + ε): noise shrinks every mode.")


def test_a_stronger_assumption_follows_its_letter() -> None:
    chapter = chapters()["cmp"]
    quantities = chapter.alphabet.quantities
    notation = PAPERS
    table = {**notation.table, r"\sigma": quantities["lam"].symbol, r"s_i": quantities["eps"].symbol}
    found = spelling(type(notation)(table), [chapter])
    assert found[quantities["signal"].symbol] == r"\sigma_{+}"
    assert found[quantities["noise"].symbol] == r"{s_i}_{+}"
    own = spelling(type(notation)({**table, "L": quantities["signal"].symbol}), [chapter])
    assert own[quantities["signal"].symbol] == "L"
    assert spelling(notation, [chapter])[quantities["signal"].symbol] == r"\lambda_{+}"


def test_the_papers_own_letters_are_those_of_the_chapters() -> None:
    for chapter in chapters().values():
        (written,) = relettered([chapter], spelling(PAPERS, [chapter]))
        for claim in chapter.claims.values():
            assert bare(written.claims[claim.id].latex()) == bare(claim.latex()), claim.id


def bare(tex: str) -> str:
    return re.sub(r"[{}\s]", "", tex)


def test_a_letter_that_stands_for_two_things_is_named(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(MINE.replace(r"\sigma_1", r"\tau"), encoding="utf-8")
    assert main(["derive", "dae", "--notation", "modeflow.toml"]) == 0
    assert capsys.readouterr().err == "modeflow: \\tau stands for both lam and tau\n"
    (again,) = relettered([chapters()["dae"]], {Symbol("nothing"): "x"})
    assert list(shared([again])) == list(shared([chapters()["dae"]]))


@pytest.mark.parametrize(
    ("notation", "complaint"),
    [("nobody", "notation = 'nobody': choose"), ("none.toml", "No such file"), ("bad.toml", "zz")],
)
def test_notations_that_cannot_be_used(
    notation: str, complaint: str, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.toml").write_text("[manuscript.symbols]\n'x' = 'zz'\n", encoding="utf-8")
    assert main(["derive", "dae", "--notation", notation]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tex", "letter"),
    [(r"\lambda", "λ"), ("w_{12}^2", "w₁₂²"), (r"\gamma_{+}", "γ₊"), (r"\hat x", ""), ("w^{*}", "w*"), ("", "")],
)
def test_letters_without_latex(tex: str, letter: str) -> None:
    assert plain(tex) == letter
