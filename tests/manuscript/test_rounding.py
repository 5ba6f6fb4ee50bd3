"""Decimals: exact, or within the digits shown where a number that is written so makes the equation true, or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import Finding, check, configuration
from modeflow.manuscript.judge import rounding
from modeflow.manuscript.judge.findings import Strictness
from modeflow.manuscript.report.github import as_github
from modeflow.manuscript.report.junit import as_junit
from modeflow.manuscript.report.text import as_text

TEN = configuration({"notation": "pretorius2018", "fixed": {"lam": 1, "eps": 10}}, "test")
FREE = configuration({"notation": "pretorius2018"}, "test")
FIXED, LAW, KEPT = "dae.fixed_point", "dae.product_rate", "dae.invariant"


def verdict(folder: Path, numbers: object, claim: str, tex: str) -> Finding:
    path = folder / "paper.tex"
    path.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([path], TEN if numbers else FREE, jobs=1, time_limit=3)
    return found


WITHIN = [
    (True, FIXED, r"w^* = 0.091", "0.091 for 1/11"),
    (True, FIXED, r"w^* = 0.0909", "0.0909 for 1/11"),
    (True, FIXED, r"w^* = 0.09", "0.09 for 1/11"),
    (True, FIXED, r"w^* \approx 0.09", "0.09 for 1/11"),
    (True, FIXED, r"w^* = 1/11 \approx 0.091", "0.091 for 1/11"),
    (True, FIXED, r"0.091 = w^*", "0.091 for 1/11"),
    (True, FIXED, r"w^* = 9.1\cdot 10^{-2}", "9.1 for 100/11"),
    (True, "prove", r"1/11 = 0.0909090909", "0.0909090909 for 1/11"),
    (False, "prove", r"\ln 2 \approx 0.693", "0.693 for log(2)"),
    (False, "prove", r"0.333x = \frac{x}{3}", "0.333 for 1/3"),
    (False, "prove", r"0.33x + 0.67x^2 = \frac{x + 2x^2}{3}", "0.33 for 1/3, 0.67 for 2/3"),
    (False, "prove", r"e^{-0.33 x} = e^{-x/3}", "0.33 for 1/3"),
    (False, FIXED, r"0.67w^* = \frac{2\lambda}{3(\lambda+\varepsilon)}", "0.67 for 2/3"),
    (False, LAW, r"0.33\tau\frac{d}{dt} (w_2 w_1) = (w_1^2 + w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)/3",
     "0.33 for 1/3"),
    (False, KEPT, r"0.33(w_2^2 - w_1^2) = c_0/3", "0.33 for 1/3"),
]  # fmt: skip
EXACT = [
    (False, "prove", r"0.5x = x/2"),
    (False, "prove", r"0.5x = \frac12 x \approx 0.50x"),
    (False, FIXED, r"0.5w^* = \frac{\lambda}{2.0(\lambda+\varepsilon)}"),
    (False, "prove", r"x^{0.5}x^{1.5} = x^2"),
]
WRONG = [
    (True, FIXED, r"w^* = 0.092"),
    (True, FIXED, r"w^* = 0.0910"),
    (True, FIXED, r"w^* = 0.1001"),
    (True, FIXED, r"w^* = \frac{1}{11} = 0.0919"),
    (False, "prove", r"1/11 = 0.0909090910"),
    (False, "prove", r"\ln 2 \approx 0.694"),
    (False, "prove", r"0.333x = \frac{x}{3}+0.1"),
    (False, "prove", r"0.5x = 0.52x^2"),
    (False, "prove", r"e^{-0.3 x} = e^{-0.5x}"),
    (False, FIXED, r"w^* = 0.5"),
    (False, FIXED, r"w^* = \frac{0.95\lambda}{\lambda+\varepsilon}"),
    (False, FIXED, r"w^* = \frac{\lambda}{1.3\lambda+\varepsilon}"),
    (False, LAW, r"0.9\tau\frac{d}{dt} (w_2 w_1) = (w_1^2 + w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)"),
    (False, KEPT, r"w_2^2 - w_1^2 = 0.99c_0"),
    (False, "wae.imbalance", r"c(t) = (b^2 - a^2)e^{-2.1\gamma t/\tau}"),
]


@pytest.mark.parametrize(("numbers", "claim", "tex", "note"), WITHIN)
def test_rounded_numbers_are_ok_and_it_is_said(tmp_path: Path, numbers: bool, claim: str, tex: str, note: str) -> None:
    found = verdict(tmp_path, numbers, claim, tex)
    assert (found.verdict, found.note) == ("ok", f"within the digits shown, {note}")
    assert found.note in as_text([found], echo=False)
    assert found.note in as_junit([found], Strictness())
    assert found.note.replace("%", "%25") in as_github([found], Strictness())


@pytest.mark.parametrize(("numbers", "claim", "tex"), EXACT)
def test_exact_decimals_are_exact(tmp_path: Path, numbers: bool, claim: str, tex: str) -> None:
    found = verdict(tmp_path, numbers, claim, tex)
    assert (found.verdict, found.note) == ("ok", "")


@pytest.mark.costly
@pytest.mark.parametrize(("numbers", "claim", "tex"), WRONG)
def test_what_no_number_written_so_makes_true_is_wrong(tmp_path: Path, numbers: bool, claim: str, tex: str) -> None:
    assert verdict(tmp_path, numbers, claim, tex).verdict == "wrong"


@pytest.mark.parametrize("tex", [r"w_0 = 0.333\cdot 3ab", r"x = 0.1\Sigma", r"0.33W_1 = \frac13 W_1"])
def test_what_may_hold_is_not_wrong(tmp_path: Path, tex: str) -> None:
    assert verdict(tmp_path, False, "prove", tex).verdict != "ok"
    if "W_1" in tex or "ab" in tex:
        assert verdict(tmp_path, False, "prove", tex).verdict == "undecided"


def test_approximately_without_decimals_is_not_compared(tmp_path: Path) -> None:
    found = verdict(tmp_path, False, FIXED, r"w^* \approx \lambda")
    assert found.verdict == "undecided"
    assert "not compared" in found.reason


def test_the_width_of_what_is_shown_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a margin of nothing a rounded number is wrong again, with a wide one a wrong number is ok."""
    margin = rounding.margin
    monkeypatch.setattr(rounding, "margin", lambda written: margin(written) / 1000)
    assert verdict(tmp_path, True, FIXED, r"w^* = 0.091").verdict == "wrong"
    monkeypatch.setattr(rounding, "margin", lambda written: margin(written) * 3)
    assert verdict(tmp_path, True, FIXED, r"w^* = 0.092").verdict == "ok"
