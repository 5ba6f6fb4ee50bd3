"""The first configuration that is written for a manuscript."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import check, first_configuration, load
from modeflow.manuscript.mean import wordings
from modeflow.manuscript.mean.presets import alphabet

PAPER = r"""
\newcommand{\eps}{\varepsilon}
\begin{equation}\label{eq:rest}
  w^* = \frac{\lambda}{\lambda + \eps}, \qquad w(t) = \mu^2 e^{-2\lambda t/\tau} \zeta'(t)
\end{equation}
\[ \frac{\mathrm{d}}{\mathrm{d}t} w = \operatorname{artanh} W_1^T W_1 \]
\begin{verbatim} $\kappa$ \end{verbatim}
% $\omega$
"""


def test_an_index_of_a_sum_is_no_symbol_of_the_paper(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(r"\[ \sum_{i=1}^{n} \lambda_i = \sum_j r_j \]", encoding="utf-8")
    written = first_configuration([paper])
    assert '# "n" = ""' in written
    assert '# "i"' not in written
    assert '# "j"' not in written


def test_every_symbol_is_listed_and_the_known_ones_have_their_meaning(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(PAPER)
    text = first_configuration([paper])
    data = tomllib.loads(text)["manuscript"]
    assert data["notation"] == "pretorius2018"
    known = {"\\lambda": "lam", "\\varepsilon": "eps", "w^{*}": "w_star", "w(t)": "w", "\\tau": "tau", "t": "t"}
    assert data["symbols"] == known | {"W_{1}": "W1"}
    missing = {line.split(" = ")[0] for line in text.splitlines() if line.startswith("# ") and ' = ""' in line}
    assert missing == {r"# '\mu'", r"# '\zeta(t)'", '# "eq:rest"'}
    assert not [absent for absent in ("kappa", "omega", "artanh", '"d"', '"e"', '"T"') if absent in text]


def test_the_preset_that_knows_most_is_chosen(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(r"$$ u_f(t) = \frac{s e^{2st/\tau}}{e^{2st/\tau}-1+s/u_0}, \quad \varepsilon = 0 $$")
    text = first_configuration([paper])
    assert tomllib.loads(text)["manuscript"]["notation"] == "saxe2014"
    assert r"""# '\varepsilon' = "eps"  # as in pretorius2018?""" in text


def test_it_can_be_used_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("% modeflow: dae.fixed_point\n\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n")
    assert main(["check", "--new", str(paper)]) == 0
    printed = capsys.readouterr().out
    assert main(["check", "--new", "-o", str(tmp_path / "modeflow.toml"), str(paper)]) == 0
    assert (tmp_path / "modeflow.toml").read_text() == printed
    assert load(None, tmp_path).notation.table
    assert [f.verdict for f in check([paper])] == ["ok"]


INTRODUCED = r"""
Let $\lambda$ be an eigenvalue. The learning rate $\eta$ is small, and $q$ follows.
% where $r$ denotes nothing
Here $r = q$, where $s_0$
denotes the "start"'"""
FOUND = """
\\begin{equation}\\label{eq:rest} w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\end{equation}
\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]
\\[ m = \\frac{\\lambda}{\\lambda + n} \\]
\\begin{equation}\\label{eq:wrong} w^* = \\frac{\\lambda}{\\lambda - \\varepsilon} \\end{equation}
% modeflow: prove
\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]
\\begin{equation}\\label{eq:other} w^*(\\lambda + \\varepsilon) = \\lambda \\end{equation}
"""


def test_a_guess_stands_beside_the_sentence_that_says_what_a_symbol_is(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(INTRODUCED, encoding="utf-8")
    text = first_configuration([paper])
    tomllib.loads(text)
    lines = {line.split(" = ")[0].lstrip("# "): line for line in text.splitlines() if " = " in line}
    assert lines["'\\lambda'"].endswith(f"; {paper}:2 says “Let $\\lambda$ be an eigenvalue.”")
    assert lines["'\\eta'"].endswith(f"{paper}:2 says “The learning rate $\\eta$ is small, and $q$ follows.”")
    assert lines['"s_{0}"'].endswith(f'{paper}:4 says “Here $r = q$, where $s_0$ denotes the "start"\'”')
    assert lines['"s_{0}"'].startswith("# ")
    assert not [name for name in ('"q"', '"r"') if "says" in lines[name]]


# What stands beside a symbol, the symbol, and what is proposed for it where the notation is sure; "" where its own.
CALLED = [
    (r"The learning rate $\eta$ is small.", r"'\eta' = { positive = true }"),
    (r"for a step size of $\eta = 1/2$", r"'\eta' = { positive = true }"),
    (r"where $\eta$ is the learning rate", r"'\eta' = { positive = true }"),
    (r"with $\eta > 0$ (the learning rate)", r"'\eta' = { positive = true }"),
    (r"weight decay $\lambda$", r"'\lambda' = { real = true }"),
    (r"the input noise $\eta$", "'\\eta' = \"eta\""),
    (r"the noise variance $\varepsilon$", "'\\varepsilon' = \"eps\""),
    (r"The inverse learning rate $\eta$", "'\\eta' = \"eta\""),
    (r"$\eta$ is not the learning rate", "'\\eta' = \"eta\""),
    (r"$\eta$ learning rates", "'\\eta' = \"eta\""),
    (r"whatever the learning rate, $\eta$ is", "'\\eta' = \"eta\""),
    (r"the learning rate $\eta\lambda$", "'\\eta' = \"eta\""),
    (r"the learning rate \[ \eta = \lambda \]", "'\\eta' = \"eta\""),
]


@pytest.mark.parametrize(("said", "proposed"), CALLED)
def test_what_the_paper_calls_a_symbol_goes_before_the_notation(said: str, proposed: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    rest = r"\[ w^* = \frac{\lambda}{\lambda + \varepsilon} \] \[ \eta = \eta \]"
    paper.write_text(f"{said}.\n{rest}", encoding="utf-8")
    text = first_configuration([paper])
    assert "\nnotation = " in text
    assert [line for line in text.splitlines() if line.startswith(f"{proposed}  # ")]


def test_words_stand_for_quantities_that_there_are() -> None:
    tables = tomllib.loads(wordings.DATA.read_text(encoding="utf-8"))["wording"]
    assert {name for table in tables for name in table["quantities"]} <= alphabet().quantities.keys()
    assert all(table["quantities"] or table["assume"] for table in tables)


def test_what_no_notation_knows_is_proposed_by_its_words(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(r"The step size $h$, weight decay $\kappa_1$ and noise level $\phi$. \[ \flat h \kappa_1\phi \]")
    text = first_configuration([paper])
    for name, proposed in (('"h"', "{ positive = true }"), (r"'\kappa_{1}'", '"gamma"'), (r"'\phi'", '"eps"')):
        assert f"\n# {name} = {proposed}  # " in text


@pytest.mark.slow
def test_marks_are_proposed_for_equations_that_are_proved_to_state_a_claim_and_for_no_others(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(FOUND, encoding="utf-8")
    text = first_configuration([paper], marks=True)
    data = tomllib.loads(text)["manuscript"]
    assert "labels" not in data or not data["labels"]  # nothing is said for sure
    assert '# "eq:rest" = "dae.fixed_point"  # proved, if the symbols are those of the notation' in text
    assert '# "eq:other" = "dae.fixed_point"  # proved' in text
    assert '# "eq:wrong" = ""' in text
    marks = [line for line in text.splitlines() if "% modeflow:" in line]
    assert marks == [
        f"# {paper}:3: % modeflow: dae.fixed_point  (proved, if the symbols are those of the notation)",
        f"# {paper}:4: % modeflow: dae.fixed_point  (proved, if m is w^{{*}}, n is \\varepsilon)",
    ]
    assert "dae" not in first_configuration([paper])


def test_a_notation_in_which_little_is_read_is_no_fact(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    said = r"Here $k$ is the unit of heat. \[ k = 1 \] \[ U = kQ^\flat \] \[ V = k\flat \] \[ V = U\flat \]"
    paper.write_text(said, encoding="utf-8")
    text = first_configuration([paper])
    data = tomllib.loads(text)["manuscript"]
    assert "notation" not in data
    assert data["symbols"] == {}
    assert "# notation = " in text
    assert "# That is too few to be sure" in text


def test_the_notation_is_the_one_in_which_most_equations_are_read(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    # One symbol of many equations is none of the notation that knows most symbols.
    paper.write_text(
        r"$\lambda \lambda \lambda \varepsilon \varepsilon$ \[ u_f = s \] \[ c_0 = s - u_f \]", encoding="utf-8"
    )
    text = first_configuration([paper])
    assert tomllib.loads(text)["manuscript"]["notation"] == "saxe2014"
    assert "# In it 2 of 2 equations are read; in " in text


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, other = tmp_path / "paper.tex", tmp_path / "modeflow.toml"
    paper.write_text("$x = 1$")
    other.write_text("mine")
    with pytest.raises(SystemExit, match="2"):
        main(["check", "--new", "-o", str(other), str(paper)])
    assert other.read_text() == "mine"
    assert main(["check", "-o", str(tmp_path / "b.toml"), str(paper)]) == 2
    assert main(["check", "--new", str(tmp_path / "none.tex")]) == 2
    assert main(["check", "--new", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_strange_names_stay_inside_their_strings(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("$x_{']\n=\"\x07 \\\\} + y_{\u2028} = \\alpha_{'} + \\mathbf{a\nb}$", encoding="utf-8")
    data = tomllib.loads(first_configuration([paper]))
    assert set(data["manuscript"]) <= {"notation", "symbols", "labels"}


STEPS = r"""
Let $\lambda > 0$, $a \in \mathbb{R}$, $v \in \mathbb{R}^n$ and $\mu \ge 0$.
The vector $\mathbf{x}$ has entries $x_1$ and $x_2$.
\[ \sum_{i=1}^{n} c_i = w^T u + \|z\| + 2\pi r + k \times l + 3 \times s + g(y) + m(a + b) + q'(y) + i + x \]
\[ f(y) = \text{of } o \]
"""


def test_for_steps_what_looks_like_a_number_is_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(STEPS, encoding="utf-8")
    assert main(["check", "--new", "--steps", str(paper)]) == 0
    data = tomllib.loads(capsys.readouterr().out)["manuscript"]
    assert data["steps"] is True
    assert "notation" not in data
    real, found = {"real": True}, data["symbols"]
    assert {name for name, known in found.items() if known == real} == {
        *("a", "b", "c_{i}", "m", "r", "s", "u", "x_{1}", "x_{2}", "y", "f(y)", "g(y)", "o")
    }
    rest = {name: known for name, known in found.items() if known != real}
    assert rest == {
        "\\lambda": {"positive": True},
        "\\mu": {"nonnegative": True},
        "n": {"integer": True, "positive": True},
        "\\pi": "pi",
    }


def test_capitals_are_proposed_where_no_matrix_is_spoken_of(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    for said, right in (("", True), ("The matrix is square.", False)):
        paper.write_text(f"{said} \\[ A + B = V(r) \\]", encoding="utf-8")
        symbols = tomllib.loads(first_configuration([paper], steps=True))["manuscript"].get("symbols", {})
        assert (symbols.keys() >= {"A", "B"}, "V(r)" in symbols) == (right, right)
