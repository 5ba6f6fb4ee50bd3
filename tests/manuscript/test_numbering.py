"""The number of an equation that is typed into its mathematics is never a factor of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import check, configuration
from modeflow.manuscript.read import grammar
from modeflow.manuscript.text import rows

CHOSEN = configuration({"notation": "pretorius2018"}, "test")
RIGHT, WRONG = r"w^* = \frac{\lambda}{\lambda + \varepsilon}", r"w^* = \frac{\lambda}{\lambda - \varepsilon}"

SEEN = [
    *(r"@,\quad(3)", "@.(12)", r"@\tag{3}", r"@\eqno(3)", r"@ \leqno{\rm (3)}", r"@\qquad (3.2)", r"@,\quad (A.1)"),
    *(r"@ \hfill (3a)", r"@\quad\text{(3)}", r"(3)\quad @", "@, (*)", r"@ \hspace{1cm} (ii)", r"@ .\ (12)"),
    *(r"\begin{aligned}@\\(3)\end{aligned}", r"@ \mbox{(2.1)}", "@, (3b')", r"@ \hspace*{\fill}(3.2.1)"),
]
ASKED = [
    *("@(10)", "@(3a)", "@ (3.2)", r"@ \; (4)", "(3) @", "@(S.3)", "@ [10]", r"@\left(10\right)", r"@\bigl(3\bigr)"),
    *(r"@~(3)", r"{@}(3)", r"@\rm (3)", "@(3-1)", r"(A.1)\ @"),
]


def verdicts(folder: Path, forms: list[str], equation: str) -> list[tuple[str, str]]:
    marked = (f"% modeflow: dae.fixed_point\n\\[ {form.replace('@', equation)} \\]\n" for form in forms)
    paper = folder / "paper.tex"
    paper.write_text("".join(marked), encoding="utf-8")
    found = check([paper], CHOSEN, jobs=1)
    return [(form, f.verdict) for form, f in zip(forms, found, strict=True)]


def test_a_number_that_stands_apart_is_no_part_of_the_equation(tmp_path: Path) -> None:
    assert verdicts(tmp_path, SEEN, RIGHT) == [(form, "ok") for form in SEEN]
    assert verdicts(tmp_path, SEEN, WRONG) == [(form, "wrong") for form in SEEN]


def test_what_may_be_a_number_or_a_factor_is_asked_for(tmp_path: Path) -> None:
    assert verdicts(tmp_path, ASKED, RIGHT) == [(form, "unparsed") for form in ASKED]
    assert verdicts(tmp_path, [r"\dot u = 2u(s-u)(10)"], "") == [(r"\dot u = 2u(s-u)(10)", "unparsed")]


def test_arguments_and_terms_in_brackets_are_no_numbers(tmp_path: Path) -> None:
    forms = [
        r"x = x + \ln(2) - \ln(2)",
        r"x = x\cdot(1)",
        "x = -1 + (x + 1)",
        r"x = x + \sinh^2(3) - \sinh^{2}(3)",
        "x = x/(1)",
    ]
    paper = tmp_path / "paper.tex"
    paper.write_text("".join(f"% modeflow: prove\n\\[ {form} \\]\n" for form in forms), encoding="utf-8")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == ["ok"] * len(forms)


@pytest.mark.parametrize(("module", "name"), [(rows, "without_number"), (grammar, "refuse_number")])
def test_without_the_rule_a_number_is_a_factor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    monkeypatch.setattr(module, name, lambda given: given)
    broken = [*verdicts(tmp_path, SEEN, RIGHT), *verdicts(tmp_path, ASKED, RIGHT)]
    assert broken != [*((form, "ok") for form in SEEN), *((form, "unparsed") for form in ASKED)]
