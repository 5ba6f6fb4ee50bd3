"""What Python and a notebook show of public objects: one line, and formulas in the letters of their author."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sympy import Integer, Symbol, sin, symbols

import modeflow
from modeflow import Alphabet, Chapter, Objective, Verdict, prove
from modeflow.language.provisos import Proviso

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, gamma, tau = symbols("lam gamma tau", positive=True)
PLAIN = lam / 2 * (1 - w1 * w2) ** 2


def author() -> tuple[Objective, Alphabet]:
    """An objective in letters of an author's own, one of which says nothing of how it is written."""
    letters = Alphabet()
    one = letters.scalar("up", r"\alpha", "what goes up", real=True)
    two = letters.scalar("down", r"\beta", "what comes down", real=True)
    sigma = letters.scalar("sigma", r"\sigma^2", "signal", positive=True)
    return Objective(sigma / 2 * (1 - one * two) ** 2, (one, two), t, tau, letters), letters


@cache
def things() -> dict[str, Any]:
    """One of each public object, with as long an expression in it as there is."""
    decaying = Objective(PLAIN + gamma / 2 * (w1**2 + w2**2), (w1, w2), t, tau)
    long = Objective(sum(w1**i * w2**j for i in range(6) for j in range(6)), (w1, w2), t)
    claim = max(modeflow.chapters()["wae"].claims.values(), key=lambda c: len(str(c.unfolded().rhs)))
    return {
        "Objective": long,
        "Solution": decaying.solve(),
        "Claim": claim,
        "Definition": max(modeflow.chapters()["wae"].definitions.values(), key=lambda d: len(str(d.expression))),
        "Chapter": modeflow.chapters()["wae"],
        "Verdict": Verdict("proved", "tower", tuple(Proviso(Symbol(f"x{n}") ** n) for n in range(1, 50))),
    }


@pytest.mark.parametrize("kind", ["Objective", "Solution", "Claim", "Definition", "Chapter", "Verdict"])
def test_python_shows_one_short_line_that_says_what_it_is(kind: str) -> None:
    shown = repr(things()[kind])
    assert kind in shown[: len(kind) + 1]
    assert len(shown) < 250
    assert "\n" not in shown


def test_the_line_says_which_one_and_what_came_of_it() -> None:
    assert repr(modeflow.claim("dae.saddle")).startswith("<Claim dae.saddle: The origin is a saddle")
    assert repr(prove(lam, lam)) == "<Verdict: proved by tower>"
    assert repr(prove(sin(w1), w1)).startswith("<Verdict: refuted by balls: at w1 = ")
    assert repr(Verdict("proved", "tower", (Proviso(w1),))) == "<Verdict: proved by tower, 1 condition>"
    assert repr(Verdict("undecided", "", reason="why")) == "<Verdict: undecided: why>"
    solution = Objective(PLAIN, (w1, w2), t, tau).solve(start=(Integer(1), Integer(1)))
    assert repr(solution) == "<Solution: constant, w1(t), w2(t), w(t) from (1, 1), proved>"
    chapter = Chapter("mine", "Of mine", Alphabet())
    assert repr(chapter) == "<Chapter mine: Of mine, 0 claims>"


def test_a_claim_that_is_meant_to_fail_says_so() -> None:
    letters = Alphabet()
    x = letters.scalar("x", "x", "a number", real=True)
    wrong = Chapter("mine", "Of mine", letters).claim("wrong", x, 2 * x, says="A slip.", expects="refuted")
    assert repr(wrong) == "<Claim mine.wrong: A slip. (refuted, as stated)>"


def test_formulas_are_in_the_letters_of_their_author() -> None:
    objective, _ = author()
    shown = objective._repr_latex_()
    assert r"L = \frac{\sigma^2}{2} \left(1 - \alpha \beta\right)^{2}" in shown
    assert r"\frac{d \alpha}{d t} = " in shown
    solution = objective.solve()
    assert r"\alpha(t) &= \frac{S_1}" in solution._repr_latex_()
    assert r"p_0 = \alpha_0 + \beta_0" in solution._repr_latex_()
    assert "sigma " not in solution._repr_latex_().replace(r"\sigma", "")


def test_letters_that_nobody_declared_are_written_by_their_names() -> None:
    shown = Objective(PLAIN, (w1, w2), t, tau).solve()._repr_latex_()
    assert r"c_{ab} = w_{2,0}^{2} - w_{1,0}^{2}" in shown
    assert r"\rho = \sqrt{4 \lambda^{2} + \lambda^{2} c_{ab}^{2}}" in shown


def test_a_definition_and_a_verdict_are_shown_in_the_letters_of_their_chapter() -> None:
    claim = modeflow.claim("dae.theta_flow")
    assert claim.definitions()[0]._repr_latex_() == r"$\displaystyle \xi = \lambda + \varepsilon$"
    assert claim.verify()._repr_html_().endswith(r", where $\lambda \neq 0$")
    long = Proviso(sum((w1 + n) ** 2 / (w2 + n) for n in range(30)))
    shown = Verdict("proved", "tower", (long, Proviso(w1)), alphabet=Alphabet())._repr_html_()
    assert shown.endswith(r"where $w_{1} \neq 0$; a longer denominator is not 0")
    less = Verdict("proved", "tower", (Proviso(w1, "<"),), alphabet=Alphabet())._repr_html_()
    assert "$w_{1} &lt; 0$" in less


def test_letters_are_no_part_of_what_a_verdict_is() -> None:
    verdict = modeflow.claim("dae.theta_flow").verify()
    assert verdict.alphabet is modeflow.claim("dae.theta_flow").alphabet
    read = Verdict.read(json.loads(json.dumps(verdict.plain())))
    assert (read, read.alphabet) == (verdict, None)


def test_an_alphabet_that_is_none_is_refused() -> None:
    wrong: Any = {"lam": r"\lambda"}
    with pytest.raises(TypeError, match=r"alphabet is a dict: give a modeflow\.Alphabet"):
        Objective(PLAIN, (w1, w2), t, tau, wrong)


CELLS = (
    "from sympy import Symbol, symbols\nimport modeflow\n"
    'w1, w2 = symbols("w1 w2", real=True)\nlam, tau = symbols("lam tau", positive=True)\n'
    'plain = modeflow.Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), Symbol("t", nonnegative=True), tau)\nplain',
    "solution = plain.solve()\nsolution",
    "solution.verdict",
    "solution.claim",
    "solution.claim.definitions()[0]",
    'modeflow.chapters()["objective"]',
)


@pytest.mark.slow
def test_a_notebook_shows_them(tmp_path: Path) -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    nbclient: Any = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS])
    nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    shown = [cell.outputs[0].data for cell in book.cells]
    kinds = ["text/latex", "text/latex", "text/html", "text/latex", "text/latex", "text/markdown"]
    assert all(kind in data for kind, data in zip(kinds, shown, strict=True))
    assert all(len(data["text/plain"]) < 250 for data in shown)
    assert r"\frac{S_1}{\sqrt{\mathcal{D} \mathcal{N}}}" in shown[1]["text/latex"]
    assert "<strong>proved</strong>" in shown[2]["text/html"]
