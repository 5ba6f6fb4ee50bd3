"""The derivation of a loss as a chapter: every step is proved, wrong steps are not, and it prints as chapters do."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import daily
import pytest
from mutants import mutants_of_claim
from sympy import Integer, Rational, Symbol, Tuple, symbols

import modeflow
from modeflow import Alphabet, Chapter, NoClosedForm, Objective
from modeflow.cli.program import main
from modeflow.manuscript import check
from modeflow.statements.equations import entries
from modeflow.typeset.document import document
from modeflow.typeset.html import html
from modeflow.typeset.markdown import markdown
from modeflow.typeset.notebook import notebook
from modeflow.typeset.text import text

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
lam, gamma, tau, k, eps, u0 = symbols("lam gamma tau k eps u0", positive=True)
CLEAN = lam / 2 * (1 - w1 * w2) ** 2
ONE_TWO = (Integer(1), Integer(2))
# key → loss, start, names of claims that must be there
CASES: dict[str, tuple[Any, Any, str]] = {
    "plain": (CLEAN, None, "flow imbalance strength_rate riccati squared_sum weights strength start end rest_zero"),
    "numbers": (CLEAN, ONE_TWO, "squared_sum weights strength start end rest_curve"),
    "denoising": (CLEAN + eps / 2 * (w1 * w2) ** 2, None, "weights strength end"),
    "decay": (CLEAN + gamma / 2 * (w1**2 + w2**2), None, "imbalance riccati weights start rest_equal_1 rest_equal_2"),
    "logistic": (CLEAN, (u0, u0), "imbalance strength_rate strength"),
    "algebraic": ((w1 * w2) ** 2 / 2, (u0, u0), "strength"),
    "linear": ((1 - w1 - w2) ** 2 / 2, None, "flow invariant_1 weights rest_curve"),
    "quartic": (CLEAN + k / 4 * (w1 * w2) ** 4, None, "strength_rate imbalance passing_time"),
    "unsolved": (CLEAN + gamma / 2 * w1**2, None, "flow strength_rate rest_zero"),
    "resting": (CLEAN, (Integer(1), Integer(1)), "weights"),
}
FAST = ("numbers", "linear", "unsolved")


def of(key: str) -> Chapter:
    loss, start, _ = CASES[key]
    return Objective(loss, (w1, w2), t, tau).chapter(start, key=key)


CHOSEN = [pytest.param(key, marks=() if key in FAST else pytest.mark.slow) for key in CASES]


@pytest.mark.parametrize("key", CHOSEN)
def test_every_step_is_there_and_proved(key: str) -> None:
    chapter = of(key)
    assert {f"{key}.{name}" for name in CASES[key][2].split()} <= set(chapter.claims)
    assert [(i, str(v)) for i, v in ((i, c.verify()) for i, c in chapter.stated.items()) if not v] == []


@pytest.mark.parametrize("key", CHOSEN)
def test_a_step_with_a_mistake_is_not_proved(key: str) -> None:
    """One mistake in each claim, which the day chooses; a change that says the same is no mistake."""
    claims = list(of(key).claims.values())
    for place, claim in enumerate(claims):
        wrong = next(islice(mutants_of_claim(claim), daily.seed(place) % 5, None), None)
        if wrong is not None and not _alike(claim, wrong[1]):
            assert not wrong[1].verify(), f"{claim.id}: {wrong[0]}"


def _alike(claim: Any, other: Any) -> bool:
    """Whether both sides say the same, as where a sign is changed before a zero."""
    pairs = zip(entries(claim.unfolded().rhs), entries(other.unfolded().rhs), strict=True)
    return all(modeflow.prove(one, two) for one, two in pairs)


def test_the_chapter_of_a_solution_is_that_of_its_start() -> None:
    objective = Objective(CLEAN, (w1, w2), t, tau)
    solution = objective.solve(ONE_TWO)
    assert solution.objective is objective
    assert solution.chapter().claims == objective.chapter(ONE_TWO).claims
    assert solution.chapter(key="mine", title="Mine").title == "Mine"


def test_no_closed_form_is_said() -> None:
    assert "No closed form of their path is known." in of("unsolved").text
    with pytest.raises(NoClosedForm):
        Objective(CASES["unsolved"][0], (w1, w2), t, tau).solve()


def test_bad_arguments_are_refused() -> None:
    objective = Objective(CLEAN, (w1, w2), t, tau)
    with pytest.raises(ValueError, match="key = 'a b': take a word"):
        objective.chapter(ONE_TWO, key="a b")
    with pytest.raises(ValueError, match=r"start\[0\] = 0\.5 is inexact"):
        objective.chapter((0.5, 1))


AUTHOR = r'''
"""A loss of one's own."""
from modeflow import Alphabet, Objective

letters = Alphabet()
s = letters.scalar("s", r"\sigma", "signal of the mode", positive=True)
kappa = letters.scalar("kappa", r"\kappa", "what holds the map back", positive=True)
T = letters.scalar("T", "T", "time constant", positive=True)
up = letters.scalar("up", "a", "weight into the hidden unit", real=True)
down = letters.scalar("down", "b", "weight out of it", real=True)
t = letters.scalar("t", "t", "time", nonnegative=True)
loss = s / 2 * (1 - up * down) ** 2 + kappa / 2 * (up * down) ** 2
chapter = Objective(loss, (up, down), t, T, letters).chapter((1, 2), key="mine", title="In my letters")
'''


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my_loss.py"
    path.write_text(AUTHOR, encoding="utf-8")
    return path


def test_it_prints_in_every_form_in_the_letters_of_its_author(mine: Path) -> None:
    chapters = modeflow.load_chapters(mine)
    for form in (document, html, markdown, notebook, text):
        assert form(chapters)
    written = markdown(chapters)
    assert r"| $\sigma$ | signal of the mode | > 0 |" in written
    assert r"T \frac{d}{d t} \left(a b\right) = \left(a^{2} + b^{2}\right)" in written
    assert "The rate, times T, at which the mode comes to rest." in written
    assert not re.search(r"\bkappa\b", written.replace(r"\kappa", ""))


CASES_ON_PAPER = [
    ("mine.strength_rate", r"T \frac{dw}{dt} = (a^2 + b^2)(\sigma - (\sigma + \kappa) w)", "ok"),
    ("mine.strength_rate", r"T \frac{dw}{dt} = (a^2 + b^2)(\sigma - \sigma w)", "wrong"),
    ("mine.imbalance", r"\frac{d}{dt}(b^2 - a^2) = 0", "ok"),
    ("mine.imbalance", r"\frac{d}{dt}(b^2 + a^2) = 0", "wrong"),
    ("mine.flow", r"T \dot a = \sigma b (1 - a b) - \kappa a b^2", "ok"),
    ("mine.flow", r"T \dot a = \sigma b (1 - a b) + \kappa a b^2", "wrong"),
]


@pytest.mark.slow
def test_a_manuscript_is_held_against_it(mine: Path) -> None:
    paper = mine.parent / "paper.tex"
    marked: Sequence[str] = [f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex, _ in CASES_ON_PAPER]
    paper.write_text("\n".join(marked), encoding="utf-8")
    found = check([paper], chapters=modeflow.load_chapters(mine), jobs=1)
    assert [(f.claim, f.verdict) for f in found] == [(claim, verdict) for claim, _, verdict in CASES_ON_PAPER]


@pytest.mark.slow
def test_the_document_compiles(mine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    assert main(["derive", "my_loss.py", "--format", "latex", "--verdicts", "-o", "mine.tex"]) == 0
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "mine.tex"]
    done = subprocess.run(command, cwd=mine.parent, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


def test_sentences_name_the_time_constant_that_there_is() -> None:
    def said(constant: Any) -> str:
        chapter = Objective(CLEAN, (w1, w2), t, constant).chapter(ONE_TWO)
        return "".join(definition.says for definition in chapter.definitions.values())

    assert "ρ/τ" in said(tau)
    assert "τ" not in said(Integer(1))
    assert "over the time constant" in said(lam * Rational(1, 2))


@pytest.mark.slow
def test_a_loss_that_has_the_letters_of_the_derivation_keeps_them() -> None:
    first, second = symbols("L E", positive=True)
    loss = first / 2 * (1 - w1 * w2) ** 2 + second / 2 * (w1 * w2) ** 2
    chapter = Objective(loss, (w1, w2), t, tau).chapter(ONE_TWO)
    assert all(claim.verify() for claim in chapter.claims.values())
    assert chapter.definitions["loss.loss"].tex == r"\mathcal{L}"
    assert chapter.claims["loss.end"].says.startswith("In the end, where E\u0303 is 0")
    assert replace(chapter.claims["loss.flow"], rhs=Tuple(0, 0)).verify().status == "refuted"


def test_letters_without_an_alphabet_are_still_letters() -> None:
    assert isinstance(of("numbers").alphabet, Alphabet)
    assert of("numbers").alphabet.motion.weights == (w1, w2)
