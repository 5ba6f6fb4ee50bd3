"""Definitions on pages: numbered before the first claim that uses them, and referred to by later ones."""

from __future__ import annotations

import re

import pytest
from modeflow.derivations.titles import TITLES
from sympy import Integer, besseli, besselj, besselk, exp, sqrt

from modeflow import Alphabet, Chapter, chapters, claims
from modeflow.typeset.document import document
from modeflow.typeset.excerpt import excerpt
from modeflow.typeset.html import html
from modeflow.typeset.latex import claim_latex, shown_latex
from modeflow.typeset.lettering import drawn, plain, shared
from modeflow.typeset.macros import AmbiguousName, macros
from modeflow.typeset.markdown import markdown
from modeflow.typeset.narrative import about, called, prose
from modeflow.typeset.text import text

LETTERS = Alphabet()
lam = LETTERS.scalar("lam", r"\lambda", "eigenvalue", positive=True)
c = LETTERS.scalar("c", "c", "imbalance", real=True)
t = LETTERS.scalar("t", "t", "time", nonnegative=True)

CHAPTER = Chapter("own", "Own", LETTERS, source="nobody")
RHO = CHAPTER.define("rho", r"\rho", sqrt(4 * lam**2 + c**2), says="The rate.")
E = CHAPTER.define("E", "E", exp(-RHO * t), says="What is left.")
N = CHAPTER.define("N", r"\mathcal{N}", RHO * (1 + E) + lam, says="A numerator.")
UNUSED = CHAPTER.define("unused", "K", 2 * lam, says="Nobody needs it.")
CHAPTER.claim("square", RHO**2, 4 * lam**2 + c**2, says="Its square.")
CHAPTER.claim("start", E.xreplace({t: Integer(0)}), 1, says="At the start.")
CHAPTER.claim("swapped", (N / RHO).xreplace({lam: c, c: lam}), N / RHO + c, says="Swapped.", expects="refuted")


def test_a_definition_stands_before_the_first_claim_that_uses_it() -> None:
    page = markdown([CHAPTER])
    order = ["(1)** `own.rho`", "(2)** `own.square`", "(3)** `own.E`", "(4)** `own.start`", "(5)** `own.N`"]
    places = [page.index(one) for one in order]
    assert places == sorted(places)
    assert "own.unused" not in page
    assert "$$\n" + r"\rho = \sqrt{4 \lambda^{2} + c^{2}}" + "\n$$" in page


def test_names_told_earlier_are_referred_to_by_number() -> None:
    page = markdown([CHAPTER])
    assert page.count(r"with $\rho$ as in (1).") == 2  # in E, and with the swapped claim
    assert r"with $\rho$ and $E$ as in (1) and (3)." in page
    assert r"with $\rho$ as in \eqref{own.rho}." in document([CHAPTER])
    assert 'as in <a href="#own.rho" title="own.rho">(1)</a>' in html([CHAPTER])
    assert "with ρ and E as in (1) and (3)." in text([CHAPTER])


def test_text_draws_names_and_values_put_in() -> None:
    assert "𝒩 = λ + ρ⋅(E + 1)" in text([CHAPTER])
    assert "E(t = 0) = 1" in text([CHAPTER])


def test_values_that_concern_all_names_stand_once() -> None:
    swapped = CHAPTER.claims["own.swapped"]
    assert claim_latex(swapped) == (
        r"\left.\frac{\mathcal{N}}{\rho}\right|_{\lambda = c, c = \lambda} = c + \frac{\mathcal{N}}{\rho}"
    )
    chapter = Chapter("more", "More", LETTERS)
    mixed = chapter.claim("mixed", N.xreplace({c: lam}) / RHO + c, 0, says="Mixed.")
    assert claim_latex(mixed) == r"c + \frac{\left.\mathcal{N}\right|_{c = \lambda}}{\rho} = 0"
    outside = chapter.claim("outside", (N / RHO).xreplace({c: lam}) + c, 0, says="The last c is not replaced.")
    assert claim_latex(outside).count(r"\right|_{c = \lambda}") == 2


def test_a_claim_alone_says_what_its_names_stand_for() -> None:
    shown = shown_latex(CHAPTER.claims["own.start"])
    assert shown.startswith(r"\begin{gathered} \left.E\right|_{t = 0} = 1 \\ \rho = ")
    assert r"E = e^{- \rho t}" in shown
    assert rf"$\displaystyle {shown}$" == CHAPTER.claims["own.start"]._repr_latex_()


def test_each_name_has_a_macro() -> None:
    written = macros([CHAPTER])
    assert written.count(r"\newcommand{\mfOwnRho}{\rho = \sqrt{4 \lambda^{2} + c^{2}}}") == 1
    assert r"% Where: \mfOwnRho, \mfOwnE" in written
    chapter = Chapter("own", "Own", LETTERS)
    half = chapter.define("a_b", "H", lam / 2, says="A half.")
    chapter.claim("aB", half, lam / 2, says="The same.")
    with pytest.raises(AmbiguousName):
        macros([chapter])


def test_a_letter_that_is_a_name_too_is_found() -> None:
    assert list(shared([CHAPTER])) == []
    letters = Alphabet({**LETTERS.quantities})
    other = Chapter("own", "Own", letters, claims=CHAPTER.claims)
    letters.scalar("r", r"\rho", "another", real=True)
    assert [(tex, name) for tex, _, name in shared([other])] == [(r"\rho", "r")]


@pytest.mark.parametrize(
    ("tex", "letter"), [(r"\mathcal{N}", "𝒩"), (r"\mathcal{D}", "𝒟"), (r"\mathcal{B}", "ℬ"), (r"\mathfrak{B}", "")]
)
def test_script_letters_without_latex(tex: str, letter: str) -> None:
    assert plain(tex) == letter


@pytest.mark.parametrize(
    ("tex", "letter"),
    [
        (r"\hat{\rho}", "ρ\u0302"),
        (r"\dot{w}_1", "w\u0307₁"),
        (r"\tilde{\dot{P}}_0", "P\u0307\u0303₀"),
        (r"\bar{x}_{di}", "x\u0304_di"),
        (r"\check{\mathcal{C}}_{\mu + 1}", "𝒞\u030c_(μ+1)"),
        (r"\overline{w_c}", "w\u0304_c"),
        (r"P_x^{+}", "P_x⁺"),
        (r"\kappa_{\pm}", "κ_±"),
        (r"\mathsf{g}_1", "𝗀₁"),
        ("U''", "U′′"),
        (r"\ell_q", "ℓ_q"),
        (r"\frac{a}{b}", ""),
        (r"\bar{\nothing}", ""),
    ],
)
def test_letters_with_marks_without_latex(tex: str, letter: str) -> None:
    assert drawn(tex) == letter


def test_every_letter_of_the_chapters_is_written_in_a_text_as_one() -> None:
    names = {d.tex for claim in claims().values() for d in claim.definitions()}
    names |= {q.tex for chapter in chapters().values() for q in chapter.alphabet}
    assert {tex for tex in names if not drawn(tex)} == set()
    assert len({drawn(tex.replace(" ", "")) for tex in names}) == len({re.sub(r"[{} ]", "", tex) for tex in names})


def test_a_bessel_function_is_written_by_its_letter() -> None:
    chapter = Chapter("own", "Own", LETTERS)
    mu = chapter.define("mu", r"\check{\mu}", lam / 2, says="An order.")
    chapter.define("I", "I", besseli(mu, t) + besselk(mu + 1, t) + besselj(0, t), says="Three of them.")
    chapter.claim(
        "same", chapter.definitions["own.I"].applied, besseli(mu, t) + besselk(mu + 1, t) + besselj(0, t), says="S."
    )
    assert "I_μ\u030c(t) + K_(μ\u030c + 1)(t) + J₀(t)" in text([chapter])


def test_names_of_claims_can_be_said() -> None:
    keys = {key for key, chapter in chapters().items() if key not in chapter.title.lower()}
    said = {i: prose(called(claim), claim.alphabet) for c in chapters().values() for i, claim in c.claims.items()}
    words = {
        i: name.split() if claims()[i].title else name.lower().split() for i, name in said.items()
    }  # Gram is a name
    assert not {i: said[i] for i in said if {*words[i]} & {*keys, "lam", "eps"}}
    assert said["cmp.low_variance_wae"] == "Low variance, the autoencoder with weight decay"
    assert said["reg.to_dae"] == "Limit without decay"
    assert said["grad.direct_lam_moving"] == "Slope in λ of a moving mode"
    assert said["dae.direct"] == said["mode.direct"] == "Direct form"
    assert (said["gram.held"], said["step.sums"]) == (
        "Accumulated pull on a mode",
        "Sum and difference of the weights",
    )


def test_every_title_is_that_of_a_claim() -> None:
    stated = {key: {i.partition(".")[2] for i in c.claims} for key, c in chapters().items()}
    assert {*TITLES} <= set().union(*stated.values())
    for key, chapter in chapters().items():
        assert {*chapter.titles} - {*TITLES} <= stated[key]


def test_a_name_is_the_title_or_the_words_of_the_id() -> None:
    chapter = Chapter("own", "Own", LETTERS, titles={"dL_dt": "Rate of the loss"})
    names = ("second_own", "pH_falls", "dL_dt")
    assert [called(chapter.claim(name, lam, lam, says="Same.")) for name in names] == [
        "Second own",  # a key of no chapter
        "pH falls",  # no word begins like that
        "Rate of the loss",
    ]


def _own(*titles: str) -> list[Chapter]:
    return [Chapter(f"own{n}", title, LETTERS, text="A text.") for n, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (_own("Springs"), "Springs"),
        (_own("Springs", "Waves & winds", "Noise and decay"), "Springs; Waves & winds; Noise and decay"),
        (_own("Springs", "Waves", "Noise", "Decay"), "Springs, and 3 more chapters"),
        ([*_own("Springs"), chapters()["dae"]], "Springs; The denoising autoencoder"),
        ([chapters()["ae"], chapters()["dae"]], "Learning dynamics of linear autoencoders"),
        (excerpt(["dae.direct"], tuple(chapters().values())), "The denoising autoencoder: dae.direct"),
        (excerpt(["dae.direct", "dae.fixed_point"], tuple(chapters().values())), "The denoising autoencoder"),
    ],
)
def test_a_document_is_called_what_its_chapters_are_about(told: list[Chapter], title: str) -> None:
    assert about(told) == title
    assert f"<h1>{title.replace('&', '&amp;')}</h1>" in html(told)
    assert f"\\title{{{title.replace('&', chr(92) + '&')}}}" in document(told).replace("\\_", "_")


def test_a_document_is_called_what_the_reader_says() -> None:
    assert "<h1>Mine &lt; yours</h1>" in html([CHAPTER], title="Mine < yours")
    written = document([CHAPTER], title="Costs & 100% of λ")
    assert r"\title{Costs \& 100\% of \ensuremath{\lambda}}" in written
    assert "pdftitle={Costs 100 of lambda}" in written


def test_a_name_that_is_an_english_word_stays_one() -> None:
    letters = Alphabet()
    for name, tex in (("keep", r"\vartheta"), ("size", r"\varsigma"), ("lam", r"\lambda"), ("w1", "w_1")):
        letters.scalar(name, tex, "a number", real=True)
    assert prose("Keep w1, and keep the size of lam.", letters) == "Keep w₁, and keep the size of λ."
