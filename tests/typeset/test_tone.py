"""Two tones: a lecture tells every equation that is proved, a paper what is claimed and how it follows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

import modeflow
from modeflow.cli.program import main
from modeflow.statements.catalogue import chapters
from modeflow.typeset.document import document
from modeflow.typeset.html import html
from modeflow.typeset.markdown import markdown
from modeflow.typeset.notebook import notebook
from modeflow.typeset.steps import TONES, followed
from modeflow.typeset.text import text

FORMS = [text, markdown, html, notebook, document]


@pytest.mark.parametrize("write", FORMS)
def test_a_paper_has_every_claim_and_no_equation_that_it_satisfies(write: Callable[..., str]) -> None:
    chapter = chapters()["ae"]
    lecture, paper = (write([chapter], None, tone) for tone in TONES)
    assert write([chapter]) == lecture
    assert "It satisfies" in lecture
    assert "It satisfies" not in paper
    assert "put in, it satisfies its conditions (rate and initial value)" in paper
    assert all(re.search(i.replace("_", r"\\?\\?_"), paper) for i in chapter.claims)
    assert len(paper) < len(lecture)


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("flow.w1", "By that, by taking the gradient of the loss."),
        ("objective.noise", "By that, by averaging over the noise."),
        ("ae.product_rate", "By that, by differentiating along the flow."),
        ("flow.mode_w1", "By that, by differentiating along the flow."),
        ("dae.saddle", "By that, by differentiating twice."),
        ("dae.dropout", "By that, by algebra."),
        ("cmp.norm_least", "By that."),
        ("wae.frozen_shortcut", "By that."),
        ("wae.fixed_point", "By that; put in, it satisfies its conditions (rest)."),
    ],
)
def test_a_sentence_says_by_which_step(identifier: str, said: str) -> None:
    assert followed("By that.", modeflow.claim(identifier)) == said


def test_what_follows_from_nothing_has_a_step_all_the_same() -> None:
    assert followed("", modeflow.claim("dae.dropout")) == "By algebra."
    assert followed("", modeflow.claim("wae.fixed_point")) == "Put in, it satisfies its conditions (rest)."


def test_definitions_of_a_paper_come_together() -> None:
    paper = document([chapters()["dae"]], None, "paper")
    opening = re.search(r"Write (.*?):\n\\begin\{align\}(.*?)\\end\{align\}", paper, re.DOTALL)
    assert opening
    assert opening[1].startswith(r"$L_{\varepsilon}$ for the loss of a mode under noise")
    assert r"\label{dae.loss}" in opening[2]
    assert set(re.findall(r"\\label\{(.*?)\}", paper)) == set(
        re.findall(r"\\label\{(.*?)\}", document([chapters()["dae"]]))
    )


@pytest.mark.parametrize("form", ["latex-macros", "bibtex"])
def test_a_form_without_steps_has_no_tone(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "ae", "--format", form]) == 0
    capsys.readouterr()
    assert main(["derive", "ae", "--format", form, "--tone", "paper"]) == 2
    said = capsys.readouterr().err
    assert f"--tone paper: --format {form} tells no steps; choose one of text, latex, markdown, html, ipynb" in said


@pytest.mark.parametrize("form", ["text", "ipynb"])
def test_the_command_writes_in_either_tone(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "ae.solution", "--format", form, "--tone", "paper"]) == 0
    written: Any = capsys.readouterr().out
    assert "It satisfies" not in (str(json.loads(written)) if form == "ipynb" else written)


def test_a_narrative_refers_to_claims_by_their_numbers() -> None:
    chapter = chapters()["ae"]
    assert "`ae.solution`" in chapter.text
    assert "`ae.solution`" not in markdown([chapter]).partition("Source")[0]
    assert r"small strength to 1 \eqref{ae.solution}" in document([chapter])
    assert '<a href="#ae.solution"' in html([chapter])


def test_a_paper_recalls_only_the_names_that_it_shows() -> None:
    lecture, paper = (markdown([chapters()["dae"]], None, tone).partition("`dae.direct`")[2] for tone in TONES)
    assert lecture.split("\n\n")[2].startswith(r"with $\xi$, $\mathcal{D}$")
    assert paper.split("\n\n")[2].startswith(r"with $\mathcal{D}$")
