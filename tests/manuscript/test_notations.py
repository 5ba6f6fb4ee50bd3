"""Notations as data: those that ship read the equations of their papers, and a file that cannot be used is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import daily
import pytest

from modeflow.manuscript import UnusableConfiguration, check, configuration, load
from modeflow.manuscript.mean.notation import notations, shipped_notation

# Equations as these papers write them, with the claims that they state; each is also written wrongly.
EQUATIONS = [
    ("saxe2019", "lin.solution",
     r"a_\alpha(t) = \frac{s_\alpha e^{2 s_\alpha t/\tau}}{e^{2 s_\alpha t/\tau} - 1 + s_\alpha/a_\alpha^0}",
     "- 1", "+ 1"),
    ("saxe2019", "lin.flow",
     r"\tau \frac{d}{dt} W^1 = W^{2 T} (\Sigma^{yx} - W^2 W^1 \Sigma^x)", "yx} -", "yx} +"),
    ("lampinen2019", "lin.balanced_rate",
     r"\tau \frac{ds_\alpha}{dt} = 2 s_\alpha (\hat{s}_\alpha - s_\alpha)", "2 s", "s"),
    ("lampinen2019", "lin.solution",
     r"s(t) = \frac{\hat{s} e^{2 \hat{s} t/\tau}}{e^{2 \hat{s} t/\tau} - 1 + \hat{s}/\epsilon}", "- 1", ""),
    ("gidel2019", "lin.solution",
     r"w_i(t) = \frac{w_i^{(0)} \sigma_i e^{2\sigma_i t}}{w_i^{(0)} \lambda_i (e^{2\sigma_i t} - 1) + \sigma_i}",
     r"\lambda_i", r"\sigma_i"),
    ("gidel2019", "lin.balanced_rate", r"\frac{d w_i}{dt} = 2 w_i (\sigma_i - \lambda_i w_i)", "- ", "+ "),
    ("bah2022", "lin.flow", r"\dot{W}_1 = - W_2^T W_2 W_1 X X^T + W_2^T Y X^T", "= -", "="),
    ("bah2022", "lin.flow", r"\dot{W}_2 = - W_2 W_1 X X^T W_1^T + Y X^T W_1^T", "+ Y", "- Y"),
    ("arora2018", "lin.flow", r"\dot{W}_1 = - W_2^\top (W_e X - Y) X^\top", "= -", "="),
    ("arora2018", "lin.invariant", r"\frac{d}{dt}(w_2^2 - w_1^2) = 0", "2 -", "2 + "),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "claim", "tex", "part", "slip"), daily.some(EQUATIONS, 4))
def test_equations_of_the_papers_are_read_in_their_notation(
    tmp_path: Path, notation: str, claim: str, tex: str, part: str, slip: str
) -> None:
    assert part in tex
    paper = tmp_path / "paper.tex"
    wrong = tex.replace(part, slip, 1)
    paper.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n\n% modeflow: {claim}\n\\[ {wrong} \\]\n", encoding="utf-8")
    found = check([paper], configuration({"notation": notation}, "test"), jobs=1)
    assert [f.verdict for f in found] == ["ok", "wrong"], [f.message for f in found]


def test_all_that_ship_are_tried() -> None:
    assert {*notations()} - {"pretorius2018", "saxe2014"} == {name for name, *_ in EQUATIONS}
    assert all(shipped_notation(name).table for name in notations())


OURS = """
title = "Ours"
[symbols]
'\\mu' = "lam"
'\\nu' = "eps"
'\\omega' = "w_star"
[expressions]
'\\xi' = '\\mu + \\nu'
"""


def test_a_notation_may_be_a_file_beside_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "ours.toml").write_text(OURS, encoding="utf-8")
    (folder / "modeflow.toml").write_text('[manuscript]\nnotation = "ours.toml"\n', encoding="utf-8")
    paper = folder / "paper.tex"
    paper.write_text("% modeflow: dae.fixed_point\n\\[ \\omega = \\mu/\\xi \\]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [f.verdict for f in check([paper], load(None, folder))] == ["ok"]
    assert [f.verdict for f in check([paper])] == ["ok"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("symbol = 1", "ours.toml: symbol is not known; choose from expressions, fixed, source, symbols, title"),
        ("title = 3", "title = 3: give a text in quotes"),
        ("symbols = 3", "symbols = 3 is not a table"),
        ("[symbols]\nx = 'lamb'", "symbols: x: "),
        ("[symbols]\nx = { big = true }", "give a quantity's name or assumptions"),
        ("[symbols]\nx = 'lam'\n[expressions]\nx = 'x + 1'", "expressions: x is declared already; take another letter"),
        ("[expressions]\n'f(t)' = '1'", "expressions: f(t) is a function; take another letter"),
        ("[expressions]\ny = 'x + 1'", "expressions: y = 'x + 1': x is not declared"),
        ("[expressions]\ny = 3", "expressions: y = 3: give an expression in quotes"),
        ("[fixed]\ntau = 0", "fixed: "),
        ("[symbols", "is not TOML"),
        (None, "ours.toml: No such file or directory; check the path"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("ours.toml").write_text(text, encoding="utf-8")
    section: dict[str, Any] = {"notation": "ours.toml"}
    with pytest.raises(UnusableConfiguration) as refused:
        configuration(section, "modeflow.toml")
    assert said in str(refused.value)
