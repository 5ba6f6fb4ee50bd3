"""Which claim an equation states: found under other names, never another claim, and the nearest where there is none."""

from __future__ import annotations

from pathlib import Path

import daily
import pytest

from modeflow import claim
from modeflow.cli.program import main
from modeflow.manuscript import check, configuration
from modeflow.manuscript.which import NoEquation, _is_empty, which

# Under other names: what is written, the claims of which one is meant, and a slip that is stated by none of them.
EQUATIONS = [
    (r"m = \frac{\sigma}{\sigma + n}", "dae.fixed_point", "+ n", "- n"),
    (r"\theta \frac{d}{d t}(q^2 - p^2) = -2 \kappa (q^2 - p^2)", "wae.imbalance_rate", "-2", "2"),
    (r"s(t) = \frac{a e^{\frac{2 a t}{b}}}{a (e^{\frac{2 a t}{b}} - 1) + \frac{a}{q}}", "ae.solution", "- 1", "+ 1"),
]


@pytest.mark.parametrize(("tex", "meant", "part", "slip"), daily.some(EQUATIONS, 1))
def test_a_claim_is_found_under_other_names_and_a_slip_is_none(
    tmp_path: Path, tex: str, meant: str, part: str, slip: str
) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"Text.\n\\[ {tex} . \\]\n\\[ {tex.replace(part, slip, 1)} \\]\n", encoding="utf-8")
    right, wrong = which(paper, 2, time_limit=60), which(paper, 3, time_limit=60)
    assert meant in [one.claim for one in right if one.proved], right
    assert meant not in [one.claim for one in wrong if one.proved]


def test_it_is_told_with_the_names_and_the_nearest_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.tex").write_text(
        "Text.\n\\[ m = \\frac{\\sigma}{\\sigma + n} \\]\n\\[ m = \\frac{\\sigma}{n}^3 + 7 \\]\n"
    )
    assert main(["check", "--which", "paper.tex:2"]) == 0
    said = capsys.readouterr().out
    assert "states dae.fixed_point, where \\sigma is \\lambda, m is w^{*}, n is \\varepsilon" in said
    with pytest.raises(NoEquation, match="give the line of one"):
        which(Path("paper.tex"), 1)
    assert main(["check", "--which", "paper.tex"]) == 2
    assert main(["check", "--which", "paper.tex:1"]) == 2
    assert main(["check"]) == 2


# In the letters of published works, where the catalogue prints another form or a more general one.
PUBLISHED = [
    (r"\tau \frac{du}{dt} = 2 u (s - u)", "lin.balanced_rate", ("k", "1"), "2 u", "3 u"),
    (r"\tau \frac{d\theta}{dt} = 2 s - c_0 \sinh \theta", "lin.theta_flow", ("s", "g"), "- c_0", "+ c_0"),
    (r"\tau \frac{db}{dt} = a (s - a b)", "lin.mode_flow", ("a", "w_{2}"), "- a b", "- b"),
]


@pytest.mark.costly
@pytest.mark.parametrize(("tex", "meant", "name", "part", "slip"), PUBLISHED)
def test_a_claim_is_found_in_the_letters_of_published_works(
    tmp_path: Path, tex: str, meant: str, name: tuple[str, str], part: str, slip: str
) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"Text.\n\\[ {tex} . \\]\n\\[ {tex.replace(part, slip, 1)} \\]\n", encoding="utf-8")
    right = {one.claim: one.renamed for one in which(paper, 2, time_limit=120) if one.proved}
    assert name in right[meant]
    assert not [one for one in which(paper, 3, time_limit=120) if one.proved]


# What states a claim up to names and yet says nothing: any product is the imbalance of some mode, any two squares may
# be what is invariant, and an identity is true of all numbers.
EMPTY = [
    r"F = m a",
    r"F_1 = b_1 b_2",
    r"y(s) = - b",
    r"(x + k h y)^2 - (y + k h x)^2 = (x^2 - y^2)(1 - k^2 h^2)",
    r"\frac{d}{d t} (y^2 - x^2) = 0",
]


@pytest.mark.parametrize("tex", daily.some(EMPTY, 1))
def test_an_equation_that_says_nothing_by_its_form_states_no_claim(tmp_path: Path, tex: str) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"\\[ {tex} \\]\n", encoding="utf-8")
    assert not [one for one in which(paper, 1, time_limit=60) if one.proved]


def test_what_a_claim_says_is_not_empty_and_an_identity_is() -> None:
    assert _is_empty(claim("step.imbalance"))
    assert not any(
        map(_is_empty, map(claim, ("dae.fixed_point", "lin.balanced_rate", "lin.invariant", "cmp.norm_least")))
    )


@pytest.mark.parametrize(
    ("claim_id", "tex", "name"),
    [
        ("dae.product_rate", r"\tau\frac{d}{dt}(w_1w_2) = \lambda(w_1^2 + w_2^2)(1 - w_1w_2)", "eps = 0"),
        ("lin.balanced_rate", r"\frac{du}{dt} = 2u(g - ku)", "tau = 1"),
        ("dae.product_rate", r"\tau\frac{d}{dt}(w_1w_2) = \lambda(w_1^2 + w_2^2)(2 - w_1w_2)", ""),
    ],
)
def test_a_quantity_that_the_paper_may_fix_is_named(tmp_path: Path, claim_id: str, tex: str, name: str) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: {claim_id}\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([paper], configuration({"notation": "pretorius2018"}, "test"), jobs=1)
    assert found.verdict == "wrong"
    assert (f"write {name} under [manuscript.fixed]" in found.reason) is bool(name), found.reason
