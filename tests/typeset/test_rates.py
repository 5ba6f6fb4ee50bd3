"""A rate that a claim works out is printed as the rate that it is."""

import pytest

import modeflow
from modeflow import Alphabet, Chapter, Rates
from modeflow.language.flow import FlowRate
from modeflow.statements.claims import Claim
from modeflow.typeset.latex import claim_latex, statement_latex
from modeflow.typeset.narrative import told, used
from modeflow.typeset.text import text

RATES = [claim for claim in modeflow.claims().values() if claim.rates is not None]


@pytest.mark.parametrize("claim", RATES, ids=lambda claim: claim.id)
def test_it_stands_on_the_left(claim: Claim) -> None:
    assert claim.rates is not None
    stated = claim.stated()
    assert {rate.args[0] for rate in stated.lhs.atoms(FlowRate)} == set(claim.rates.of)
    assert not stated.rhs.has(*claim.rates.written) if claim.rates.written else stated.rhs == claim.rhs
    assert claim.lhs != stated.lhs  # what is proved is what it was


def test_a_letter_under_d_over_dt_is_bare() -> None:
    assert claim_latex(modeflow.claim("dae.balanced_rate")).startswith(r"\frac{d u}{d t} = ")
    assert claim_latex(modeflow.claim("flow.w1")).startswith(r"\tau \frac{d W_1}{d t} = ")
    assert claim_latex(modeflow.claim("dae.invariant")).startswith(r"\frac{d}{d t} \left(w_2^{2} - w_1^{2}\right) = ")


def test_how_it_is_worked_out_is_told() -> None:
    claim = modeflow.claim("flow.w1")
    (worked_out,) = told(claim).where
    written = statement_latex(worked_out, claim.alphabet)
    assert written.startswith(r"\tau \frac{d W_1}{d t} = - \nabla_{W_1}")
    reciprocal = modeflow.claim("dae.reciprocal_rate")
    assert [statement_latex(e, reciprocal.alphabet) for e in told(reciprocal).where] == [r"u = \frac{1}{v}"]


def test_its_letter_is_among_the_symbols() -> None:
    letters = Alphabet()
    x, y = (letters.scalar(name, name, f"number {name}", real=True) for name in "xy")
    chapter = Chapter("mine", "Mine", letters)
    chapter.claim("plain", x, x, says="Itself.")
    assert [str(q.symbol) for _, q in used([chapter])] == ["x"]
    chapter.claim("rate", x, x, rates=Rates((y,)), says="The rate of y.")
    assert [str(q.symbol) for _, q in used([chapter])] == ["x", "y"]
    assert "d/dt y = x" in text([chapter])
