"""One mode in general: what other chapters say of a mode are corollaries of it, and true by themselves too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import daily
import pytest
from modeflow.derivations import CHAPTERS, denoising, fading, linear_network, mode, regularised, weight_decay
from modeflow.derivations.alphabet import any_growth, any_pull, decay, eps, lam, p, q, t, tau
from modeflow.derivations.cases import Case
from sympy import Expr, Tuple
from verdicts import shared_verdict

from modeflow import Alphabet, Chapter, gradient_flow
from modeflow.language.closed_forms import FadingForm
from modeflow.language.definitions import unfold
from modeflow.statements import cache

CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims.values()}
COROLLARIES = {i: claim for i, claim in CLAIMS.items() if claim.special is not None}


@pytest.mark.costly
@pytest.mark.parametrize("identifier", daily.some(COROLLARIES, fast=4))
def test_a_corollary_is_proved_in_full(identifier: str) -> None:
    claim: Any = COROLLARIES[identifier]
    assert shared_verdict(claim).method.startswith("corollary of ")
    found = cache.verify(claim.in_full(), time_limit=60)
    assert found.status == "proved", found
    assert not found.method.startswith("corollary of ")


CASES = (denoising.chapter, linear_network.chapter, weight_decay.chapter, regularised.chapter)

# The corollary would not list λ ≠ 0; an error on show; bounds that no mode follows.
BY_THEMSELVES = {"wae.fixed_point", "wae.frozen_shortcut", "wae.balanced_lag", "reg.lag"}


@pytest.mark.parametrize("chapter", CASES, ids=[chapter.key for chapter in CASES])
def test_a_chapter_has_no_closed_form_of_its_own(chapter: Chapter) -> None:
    """What has a name of `mode`, and what solves an equation of motion, is a corollary."""
    names = {claim.id.partition(".")[2] for claim in mode.chapter.claims.values()}
    for claim in chapter.claims.values():
        if claim.id in BY_THEMSELVES:
            assert claim.special is None
        elif claim.id.partition(".")[2] in names - {"flow"} or any("rate" in e.name for e in claim.satisfies):
            assert claim.special is not None, claim.id
            assert claim.special.of.id.startswith("mode."), claim.id


@pytest.mark.parametrize("identifier", COROLLARIES)
def test_a_corollary_is_about_the_flow_of_its_own_loss(identifier: str) -> None:
    claim = COROLLARIES[identifier]
    assert claim.special is not None
    assert claim.flow
    assert claim.flow == claim.special.flow
    assert claim.special.of.flow


# What must be refused --------------------------------------------------------------------------------------------


def case(loss: Expr, **where: Any) -> Case:
    letters: Alphabet = mode.chapter.alphabet
    w1, w2, tau = (letters.quantities[name].symbol for name in ("w1", "w2", "tau"))
    values = {any_growth: lam, any_pull: lam + eps, letters.quantities["gamma"].symbol: 0 * lam} | where.get("put", {})
    return Case(Chapter("own", "Own", letters, source="nowhere"), values, gradient_flow(loss, [w1, w2], tau))


def test_a_case_whose_loss_is_another_one_proves_nothing() -> None:
    """The loss of the denoising autoencoder with noise that is not in the pull, and with decay that is not said."""
    w1, w2 = (mode.chapter.alphabet.quantities[name].symbol for name in ("w1", "w2"))
    right = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2
    for loss in (lam / 2 * (1 - w2 * w1) ** 2, right + eps / 2 * (w1**2 + w2**2), 2 * right):
        claims = case(loss).logistic(solution="solution", time="time", ends="1"), case(loss).claim("product_rate")
        for claim in claims:
            found = claim.verify()
            assert found.status == "undecided"
            assert "the velocity of w" in found.reason
    assert case(right).claim("product_rate").verify().status == "proved"


def test_a_growth_that_may_be_negative_proves_nothing() -> None:
    w1, w2 = (mode.chapter.alphabet.quantities[name].symbol for name in ("w1", "w2"))
    loss = lam / 2 * (w2 * w1) ** 2 - (lam - eps) * w2 * w1
    found = case(loss, put={any_growth: lam - eps, any_pull: lam}).claim("product_rate").verify()
    assert found.status == "undecided"
    assert "takes the place of any_growth, which is nonnegative" in found.reason


def test_names_of_the_case_before_are_used_for_the_same_quantities_only() -> None:
    """The imbalance at the start is that of `dae` for any growth and pull; the rate is not."""
    assert linear_network.case.part("c_ab") == denoising.part("c_ab")
    assert linear_network.case.part("rho") != denoising.part("rho")
    for name in ("rho", "E", "D", "N", "S1", "S2", "K", "beta", "zeta", "F", "H"):
        values = {letter: unfold(value) for letter, value in denoising.case.where.items()}
        general = mode.chapter.definitions[f"mode.{name}"].expansion
        assert unfold(denoising.part(name)) == general.xreplace(values), name


@pytest.mark.parametrize(("chapter", "pull"), [(weight_decay, lam), (regularised, lam + eps)], ids=["wae", "reg"])
def test_the_form_of_a_case_is_the_form_of_its_values(chapter: Any, pull: Expr) -> None:
    """By the names of the chapter and of the one before: those without a pull are the same, the others differ."""
    form, plain = chapter.form, FadingForm(lam, pull, decay, p, q, t, tau)
    for part in ("order", "imbalance", "start", "variable", "start_coefficients", "squared_sum", "weights"):
        named, bare = getattr(form, part), getattr(plain, part)
        assert unfold(Tuple(named)) == Tuple(bare), part
    shared = {name for name in fading_names() if regularised.case.part(name) == weight_decay.case.part(name)}
    assert shared == {"mu", "c_t", "Theta_rate", "C", "C_next"}


def fading_names() -> list[str]:
    return [own for own, *_ in fading.NAMES.values()]


def test_a_decay_that_is_not_that_of_the_flow_proves_nothing() -> None:
    """Values for the growth, the pull and the decay of one case, and the flow of another."""
    right = weight_decay.case.under(decay)
    other = replace(right, flow=weight_decay.case.under(2 * decay).flow, chapter=own())
    for name in ("fading_solution", "riccati"):
        found = other.claim(name).verify()
        assert found.status == "undecided"
        assert "the velocity of w" in found.reason
    assert replace(right, chapter=own()).claim("riccati").verify().status == "proved"


def own() -> Chapter:
    return Chapter("own", "Own", mode.chapter.alphabet, source="nowhere")
