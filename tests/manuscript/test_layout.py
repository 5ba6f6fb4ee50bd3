"""Which equation a mark belongs to, and what the layout of a page adds to an equation and does not say."""

from __future__ import annotations

from pathlib import Path

from modeflow.manuscript import check, configuration

CHOSEN = configuration({"notation": "pretorius2018"}, "test")


def lines(tmp_path: Path, text: str, ending: str = ".tex") -> list[tuple[int, str, str]]:
    paper = tmp_path / f"paper{ending}"
    paper.write_text(text, encoding="utf-8")
    return [(f.line, f.claim, f.verdict) for f in check([paper], CHOSEN, jobs=1, coverage=True)]


def test_a_mark_between_two_lines_of_a_row_belongs_to_that_row(tmp_path: Path) -> None:
    text = r"""\begin{align}
  w^* &= \lambda
  % modeflow: dae.fixed_point
  - \varepsilon \\
  % modeflow: dae.fixed_point
  w^* &= \frac{\lambda}{\lambda + \varepsilon}
  % modeflow: wae.fixed_point
  \\ w^* &= 1 - \frac{\gamma}{\lambda}
\end{align}"""
    assert lines(tmp_path, text) == [
        (2, "dae.fixed_point", "wrong"),
        (6, "dae.fixed_point", "ok"),
        (8, "wae.fixed_point", "ok"),
    ]


def test_text_between_rows_is_no_part_of_them(tmp_path: Path) -> None:
    text = r"""\begin{align}
  w^* &= \frac{\lambda}{\lambda + \varepsilon} \\ % modeflow: dae.fixed_point
  \intertext{and, for \emph{decay} with $\gamma = \{0\}$,}
  % modeflow: wae.fixed_point
  w^* &= 1 - \frac{\gamma}{\lambda} \\
  \shortintertext{but not}
  w^* &= 1 + \frac{\gamma}{\lambda} % modeflow: wae.fixed_point
\end{align}"""
    assert lines(tmp_path, text) == [
        (2, "dae.fixed_point", "ok"),
        (5, "wae.fixed_point", "ok"),
        (7, "wae.fixed_point", "wrong"),
    ]


def test_a_mark_behind_an_equation_without_one_is_not_taken_for_the_next(tmp_path: Path) -> None:
    text = r"""At rest $w^* = \lambda$. % modeflow: dae.fixed_point
Then $w^* = \lambda/(\lambda + \varepsilon)$, for all $\lambda$ % modeflow: wae.fixed_point
where $w^* = 1 - \gamma/\lambda$.
\[ w^* = 2 \] % modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\lambda + \varepsilon} \]
"""
    assert lines(tmp_path, text) == [
        (1, "dae.fixed_point", "unparsed"),
        (3, "wae.fixed_point", "ok"),
        (4, "", "unchecked"),
        (4, "dae.fixed_point", "unparsed"),
        (5, "", "unchecked"),
    ]


def test_marks_on_one_line_of_markdown_stand_before_their_formulas(tmp_path: Path) -> None:
    text = r"""Where $\gamma = 0$, <!-- modeflow: dae.fixed_point --> $w^* = \lambda/(\lambda + \varepsilon)$.

At $w^* = 1$ <!-- modeflow: dae.fixed_point -->.
$w^* = \lambda/(\lambda + \varepsilon)$
"""
    assert lines(tmp_path, text, ".md") == [(1, "dae.fixed_point", "ok"), (3, "dae.fixed_point", "unparsed")]


def test_comments_of_both_kinds_are_marks_inside_of_mathematics_in_markdown(tmp_path: Path) -> None:
    text = r"""```math
<!-- modeflow: dae.fixed_point -->
w^* = \frac{\lambda}{\lambda - \varepsilon}
```

$$
% modeflow: dae.fixed_point
w^* = \frac{\lambda}{\lambda + \varepsilon} % at rest
$$
"""
    assert lines(tmp_path, text, ".md") == [(3, "dae.fixed_point", "wrong"), (8, "dae.fixed_point", "ok")]


def test_displays_of_other_packages(tmp_path: Path) -> None:
    text = r"""
% modeflow: dae.fixed_point
\begin{dmath}[label={eq:rest}]
  w^* = \frac{\lambda}{\lambda + \varepsilon}
\end{dmath}
% modeflow: dae.fixed_point
\begin{IEEEeqnarray*}{rCl}
  w^* & = & \frac{\lambda}{\lambda - \varepsilon}
\end{IEEEeqnarray*}
\begin{alignat}{2}
  w^* &= 1 - \frac{\gamma}{\lambda} &\qquad& \text{(decay)} % modeflow: wae.fixed_point
\end{alignat}
"""
    assert lines(tmp_path, text) == [
        (4, "dae.fixed_point", "ok"),
        (8, "dae.fixed_point", "wrong"),
        (11, "wae.fixed_point", "ok"),
    ]


def test_a_quotation_in_markdown_is_no_inequality(tmp_path: Path) -> None:
    text = r"""> <!-- modeflow: dae.fixed_point -->
> $$
> w^* = \frac{\lambda}
> {\lambda + \varepsilon}
> $$

> > <!-- modeflow: dae.fixed_point -->
> > $$ w^* = \frac{\lambda}{\lambda
> > - \varepsilon} $$

<!-- modeflow: dae.invariant -->
$$ w_2^2
> w_1^2 $$
"""
    assert lines(tmp_path, text, ".md") == [
        (3, "dae.fixed_point", "ok"),
        (8, "dae.fixed_point", "wrong"),
        (12, "dae.invariant", "wrong"),
    ]


def test_what_is_often_met_and_not_read_has_a_reason(tmp_path: Path) -> None:
    text = "".join(
        f"% modeflow: {mark}\n\\[ w^* {written} \\]\n"
        for mark, written in [
            ("dae.fixed_point", r"\approx 1"),
            ("dae.fixed_point", r"= \pm\lambda"),
            ("dae.fixed_point", "= 1{,}000"),
            ("", "= 1"),
        ]
    )
    paper = tmp_path / "paper.tex"
    paper.write_text(text, encoding="utf-8")
    assert [f.reason for f in check([paper], CHOSEN, jobs=1)] == [
        r"the relation \approx is read, and not compared: ≈ is, beside a decimal such as 0.09",
        r"\pm is read, and not compared: write each of the two equations",
        r", is not read here: equations stand apart by \quad, and numbers are written without",
        "the mark names no claim; write its id, as in dae.fixed_point",
    ]


def test_a_box_around_all_of_a_row_is_no_part_of_it(tmp_path: Path) -> None:
    right, wrong = r"w^* = \frac{\lambda}{\lambda + \varepsilon}", r"w^* = \lambda"
    mark = "% modeflow: dae.fixed_point"
    for inside in (rf"{right}, \quad {wrong}", rf"\begin{{aligned}} {right} \\ {wrong} \end{{aligned}}"):
        text = f"{mark}\n{mark}\n\\[ \\boxed{{{inside}}} \\tag{{3}} \\]"
        assert [verdict for _, _, verdict in lines(tmp_path, text)] == ["ok", "wrong"]
    text = rf"""{mark}
\[ \boxed{{{right}}} + 1 \]"""
    assert [verdict for _, _, verdict in lines(tmp_path, text)] == ["wrong"]
