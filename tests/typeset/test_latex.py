"""LaTeX, Markdown and text: what formulas and prose become, and that the whole compiles and fits the page."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import daily
import pytest
from sympy import Derivative, Expr, MatAdd, Trace, Transpose, Tuple, asinh, exp, sqrt, tanh
from verdicts import all_chapters

from modeflow import Alphabet, Chapter, Equation
from modeflow.language.provisos import Proviso
from modeflow.language.verdict import ORDER, Verdict
from modeflow.statements.catalogue import chapters
from modeflow.typeset.bibliography import bibliography, cited, references
from modeflow.typeset.document import document
from modeflow.typeset.latex import claim_latex
from modeflow.typeset.markdown import markdown
from modeflow.typeset.prose import tex_prose
from modeflow.typeset.text import text

A = Alphabet()
D = A.scalar("D", "D", "number of inputs", integer=True, positive=True)
H = A.scalar("H", "H", "number of hidden units", integer=True, positive=True)
W1 = A.matrix("W1", H, D, "W_1", "encoder")
W2 = A.matrix("W2", D, H, "W_2", "decoder")
Sigma = A.matrix("Sigma", D, D, r"\Sigma", "second moment", kind="symmetric")
t = A.scalar("t", "t", "time", nonnegative=True)
lam = A.scalar("lam", r"\lambda", "eigenvalue", nonnegative=True)
xi = A.scalar("xi", r"\xi", "signal and noise", positive=True)
tau = A.scalar("tau", r"\tau", "time constant", positive=True)
a = A.scalar("a", "a", "encoder weight at t = 0", real=True)
b = A.scalar("b", "b", "decoder weight at t = 0", real=True)
w1 = A.function("w1", "w_1", "encoder weight", real=True)
w = A.function("w", "w", "strength", real=True)
w_star = A.scalar("w_star", "w^{*}", "fixed point", real=True)


def direct_form() -> tuple[Expr, Expr]:
    """Both weights of the direct form, written out: wider than any page."""
    c0, p0, q0 = b**2 - a**2, a + b, b - a
    rho = sqrt(4 * lam**2 + xi**2 * c0**2)
    E = exp(-rho * t / tau)
    n = rho * (1 + E) + (2 * lam + xi * q0**2) * (1 - E)
    d = rho * (1 + E) - 2 * lam * (1 - E) + xi * p0**2 * (1 - E)
    first = a * (rho * (1 + E) - xi * c0 * (1 - E)) + 2 * lam * b * (1 - E)
    second = b * (rho * (1 + E) + xi * c0 * (1 - E)) + 2 * lam * a * (1 - E)
    return first / sqrt(n * d), second / sqrt(n * d)


def sample() -> Chapter:
    source = "saxe2014; pretorius2018, section 3"
    chapter = Chapter("sample", "A sample of w² & λ", A, source=source, text=__doc__ or "")
    state = chapter.claim
    rest = Equation(lam, xi * w_star)
    state("fixed", w_star, lam / xi, says="The strength ends at w_star.", satisfies=[rest])
    first, second = direct_form()
    state("direct", w(t), first * second, says="In full.", follows_from=["sample.fixed"])
    before = ["sample.fixed", "sample.direct", "far.off"]
    state("both", Tuple(w(t), w1(t)), Tuple(first, second), says="Two.", follows_from=before)
    velocity = sqrt((a**2 - b**2) ** 2 + 4 * w(t) ** 2) * (lam - xi * w(t))
    rate = Equation(tau * w(t).diff(t), velocity, "rate")
    state("theta", w(t), tanh(asinh(2 * a * b) / 2), says="An angle.", satisfies=[rate], source="by hand")
    words = Trace(W2 * W1 * Sigma * Transpose(W1) * Transpose(W2))
    state("words", words, Trace(Transpose(W1) * Transpose(W2) * W2 * W1 * Sigma), says="A matrix identity.")
    long = MatAdd(*((W2 * W1) ** n * Sigma for n in range(2, 20)))
    state("long", long, Sigma, says="A long sum.", expects="refuted")
    terms = sum((n * a**n * b ** (20 - n) for n in range(20)), lam)
    state("sum", terms, 0, says="A long polynomial.", relation=">=")
    state("rows", w(t), sum((a**n / (1 + n * lam) for n in range(1, 90)), lam), says="Longer than a display.")
    return chapter


def claim_of(lhs: object, rhs: object, **rest: str) -> str:
    return claim_latex(Chapter("c", "C", A).claim("one", lhs, rhs, says="One.", **rest))  # type: ignore[arg-type]


def test_formulas_are_in_the_alphabets_notation() -> None:
    assert claim_of(w_star, lam / xi) == r"w^{*} = \frac{\lambda}{\xi}"
    assert claim_of(tau * Derivative(w1(t), t), 0) == r"\tau \frac{d}{d t} w_1(t) = 0"
    assert claim_of(w1(t) ** 2, 0, relation=">=") == r"w_1(t)^{2} \ge 0"
    assert claim_of(b**2 - a**2, 0) == r"b^{2} - a^{2} = 0"
    assert claim_of(exp(-xi * t / tau), 1) == r"e^{- t \xi / \tau} = 1"
    assert claim_of(Transpose(W1) * Sigma, Transpose(W2)) == r"W_1^{\top} \Sigma = W_2^{\top}"
    assert claim_of(w_star**2, 1) == r"\left(w^{*}\right)^{2} = 1"


def test_several_entries_stand_below_each_other() -> None:
    shown = claim_of(Tuple(w1(0), w(0)), Tuple(a, b))
    assert shown == r"\begin{aligned} w_1(0) &= a \\ w(0) &= b \end{aligned}"


@pytest.mark.parametrize(
    ("plain", "tex"),
    [
        ("50% of a_b & $x #1 {y}", r"50\% of a\_b \& \$x \#1 \{y\}"),
        ("λ² ≥ 0", r"\ensuremath{\lambda^{2}}~\ensuremath{\ge}~0"),
        ("x <= y", r"x~\ensuremath{\le}~y"),
        ("1 - x, (-1), well-known", r"1 \ensuremath{-} x, (\ensuremath{-}1), well-known"),
        ("XXᵀ", r"XX\ensuremath{^{\top}}"),
        ("W\u0304 and \u03b8\u0302", r"\ensuremath{\bar{W}} and \ensuremath{\hat{\theta}}"),
        ("w₁₂", r"\ensuremath{w_{12}}"),
        ("Poincaré — “so”", r"Poincar\'{e} --- ``so''"),
        ("see `dae.w_1`", r"see \texttt{dae.w\_1}"),
        ("w1^2 but not aw1", r"\ensuremath{w_1^{2}} but not aw1"),
        ("漢", "[U+6F22]"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("as\n\n    a = b\n    c = d", "as\n\n\\begin{quote}\na~=~b \\\\\nc~=~d\n\\end{quote}"),
    ],
)
def test_prose(plain: str, tex: str) -> None:
    assert tex_prose(plain, {"w1": "w_1"}) == tex


def test_references_are_read_and_cited() -> None:
    assert references()["pretorius2018"]["year"] == "2018"
    assert cited("pretorius2018, section 3") == r"\cite[section 3]{pretorius2018}"
    assert cited("pretorius2018") == r"\cite{pretorius2018}"
    assert cited("saxe2014; pretorius2018, section 3") == r"\cite{saxe2014}; \cite[section 3]{pretorius2018}"
    assert cited("a letter, 50%") == r"a letter, 50\%"
    assert bibliography([]) == ""
    assert "Arnu Pretorius and Steve Kroon" in bibliography(["pretorius2018"])


def test_every_key_that_a_shipped_source_names_is_in_the_bibliography() -> None:
    for chapter in chapters().values():
        for source in (chapter.source, *(claim.source for claim in chapter.claims.values())):
            assert set(re.findall(r"\b[a-z]+\d{4}[a-z]?\b", source)) <= set(references()), source


def test_claims_are_numbered_and_cross_referenced() -> None:
    tex = document([sample()])
    assert r"By \eqref{sample.fixed}, \eqref{sample.direct} and \texttt{far.off}." in tex
    assert r"\begin{equation}\label{sample.fixed}" in tex
    assert "A long sum. (The formula is wrong, and kept on show.)" in tex
    assert "By (1), (2) and far.off." in text([sample()])
    assert "**(2)** `sample.direct`" in markdown([sample()])


def test_every_character_of_the_chapters_has_a_translation() -> None:
    assert "[U+" not in all_chapters(document)


def test_verdicts_are_printed_where_given() -> None:
    tex = document([sample()], {"sample.fixed": Verdict("proved", "tower", (Proviso(xi),))})
    assert r"Proved (tower), where $\xi \neq 0$." in tex
    assert "Refuted, as stated (balls)." in document([sample()], {"sample.long": Verdict("refuted", "balls")})


def test_text_fits_a_terminal() -> None:
    assert max(map(len, text([sample()]).splitlines())) <= 110


@pytest.mark.costly
def test_text_draws_the_operators_of_the_chapters() -> None:
    shown = all_chapters(text)
    assert "d/dt " in shown
    assert "∇W₁ " in shown
    assert not re.search(r"FlowRate|NoiseAverage|MatrixGradient|DiagonalEntry", shown)


def compiled(tex: str, folder: Path) -> str:
    """pdflatex's log after two runs, as the references need, or three, where they and the contents moved the pages."""
    (folder / "paper.tex").write_text(tex, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    log = ""
    for run in range(3):
        if run < 2 or "Rerun to get cross-references right" in log:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
            assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
            log = (folder / "paper.log").read_text(encoding="latin-1")
    return log


def complaints(log: str) -> Iterable[str]:
    marks = ("Warning", "Overfull", "Underfull", "undefined")
    return [line for line in log.splitlines() if any(mark in line for mark in marks)]


needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


@needs_tex
def test_the_sample_compiles_without_warnings_and_fits_the_page(tmp_path: Path) -> None:
    assert complaints(compiled(document([sample()]), tmp_path)) == []


@needs_tex
def test_all_chapters_compile_without_warnings_and_fit_the_page(tmp_path: Path) -> None:
    assert complaints(compiled(all_chapters(document), tmp_path)) == []


@pytest.mark.costly
@needs_tex
@pytest.mark.parametrize("key", daily.some(chapters(), 3))
def test_each_chapter_compiles_on_its_own(tmp_path: Path, key: str) -> None:
    assert complaints(compiled(document([chapters()[key]]), tmp_path)) == []


@needs_tex
def test_verdicts_stand_in_the_margin_without_warnings(tmp_path: Path) -> None:
    verdicts = {i: Verdict(s, "tower") for i, s in zip(sample().claims, itertools.cycle(ORDER), strict=False)}
    tex = document([sample()], verdicts)
    assert r"\claim[$\checkmark$ proved]{Fixed}{sample.fixed}" in tex
    assert r"\claim{Fixed}{sample.fixed}" in document([sample()])
    assert complaints(compiled(tex, tmp_path)) == []


@needs_tex
def test_the_first_page_has_the_title_and_the_first_claim_is_near(tmp_path: Path) -> None:
    compiled(document([chapters()["ae"]]), tmp_path)
    assert r"\newlabel{ae.product_rate}{{1}{1}" in (tmp_path / "paper.aux").read_text(encoding="utf-8")
