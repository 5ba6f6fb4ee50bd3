"""Chains a = b = c: every member is compared that can be, a wrong one makes the chain wrong, and ok means all."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import check, configuration
from modeflow.manuscript.mean.subject import Subject

NOTATION = configuration({"notation": "pretorius2018"}, "test")
PRODUCT = "dae.product_rate"

CASES = [
    (PRODUCT, r"\tau\frac{d}{dt}(w_1w_2) = \tau c_0\cosh(\theta)\dot\theta/2"
     r" = 2(w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w_1w_2)", "wrong"),
    (PRODUCT, r"\tau\frac{d}{dt}(w_1w_2) = c_0\cosh\theta"
     r" = (w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w_1w_2)", "undecided"),
    (PRODUCT, r"c_0\cosh\theta = \tau\frac{d}{dt}(w_1w_2)"
     r" = (w_1^2+w_2^2)(\lambda-(\lambda-\varepsilon)w_1w_2)", "wrong"),
    ("dae.fixed_point", r"w^* = c_0\sinh(\theta)/2 = \frac{2\lambda}{\lambda+\varepsilon}", "wrong"),
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} = c_0\sinh(\theta)/2", "undecided"),
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} = \frac{1}{1+\varepsilon/\lambda} = 1", "wrong"),
    ("dae.fixed_point", r"w^* = w^* = 2", "wrong"),
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} = \frac{1}{1+\varepsilon/\lambda}"
     r" = 1 - \frac{\varepsilon}{\lambda+\varepsilon}", "ok"),
    ("prove", r"\ln(p^2q) = 2\ln p + \ln q = \ln p + \ln q", "wrong"),
    ("prove", r"\cosh^2 x = 1 + \sinh^2 x = \frac{\cosh(2x)+1}{2}", "ok"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "tex", "right"), CASES)
def test_members_that_can_be_compared_are(tmp_path: Path, claim: str, tex: str, right: str) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([path], NOTATION, jobs=1, time_limit=3)
    assert (found.verdict, found.reason if found.verdict == "unparsed" else "") == (right, "")


def test_where_no_member_counts_as_strange_nothing_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a foreign member taken for a known one, the whole is compared, and the wrong factor goes unnoticed."""
    claim, tex, _ = CASES[0]
    path = tmp_path / "paper.tex"
    path.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n", encoding="utf-8")
    monkeypatch.setattr(Subject, "foreign", lambda self, e: "everything")
    (found,) = check([path], NOTATION, jobs=1, time_limit=3)
    assert found.verdict == "undecided"
