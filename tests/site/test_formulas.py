"""Formulas of the site: MathML made when it is built, or no site."""

from __future__ import annotations

import pytest

pytest.importorskip("sphinx", reason="Sphinx, of the extra `docs`, is not installed")
pytest.importorskip("latex2mathml", reason="latex2mathml, of the extra `html`, is not installed")

import formulas
from sphinx.errors import ExtensionError


def test_a_formula_is_mathml_within_a_line_or_on_its_own() -> None:
    assert formulas.inline(r"\lambda", "page:1").startswith("<math")
    shown = formulas.display(r"w^{*} = \frac{\lambda}{\lambda + \varepsilon}", "page:1")
    assert '<div class="formula"><math' in shown
    assert 'display="block"' in shown
    assert "\\" not in shown


def test_rows_are_those_of_the_outer_environment() -> None:
    inner = r"\left(\begin{smallmatrix}1\\-1\end{smallmatrix}\right)"
    shown = formulas.display(rf"\begin{{aligned}}a &= {inner} \\[2pt] b &= 2\end{{aligned}}", "page:1")
    assert shown.count('style="text-align: left') == 2
    assert shown.count("<mtr>") == 4  # two of the display, two of the matrix


def test_a_bracket_that_is_not_drawn_is_no_decimal_point() -> None:
    shown = formulas.inline(r"\left.2 + x\right|_{x = 0.5}", "page:1")
    assert "<mn>2</mn>" in shown
    assert "<mn>0.5</mn>" in shown
    assert ".2" not in shown


@pytest.mark.parametrize("tex", [r"\begin{aligned} a", r"\foo{a}", r"\left( a"])
@pytest.mark.parametrize("write", [formulas.inline, formulas.display])
def test_one_that_cannot_be_written_ends_the_build(write: object, tex: str) -> None:
    with pytest.raises(ExtensionError, match=r"page:7: .*cannot be written as MathML"):
        write(tex, "page:7")  # type: ignore[operator]
