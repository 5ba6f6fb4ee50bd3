"""Values of trees: they may leave a change out of the search for corrections, and never one that is right."""

from __future__ import annotations

import random
from typing import Any

import daily
import pytest
from manuscript_cases import CORPUS, NOTATIONS
from sympy import Rational

from modeflow.manuscript import configuration
from modeflow.manuscript.judge.agreement import Comparer, _where_it_holds, as_said
from modeflow.manuscript.judge.corrections import at_points
from modeflow.manuscript.judge.prover_questions import Comparison
from modeflow.manuscript.mean.meaning import Reader
from modeflow.manuscript.mean.subject import Subject
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.tokens import Unparsed, tokens

SYMBOLS = {letter: {"real": True} for letter in ("x", "y", "f(x)")}
NOTATION = configuration({"symbols": SYMBOLS}, "here").notation


def may_hold(tex: str, **without: Any) -> bool:
    said = statement(tokens(tex), NOTATION.names())
    point = {NOTATION.table["x"]: Rational(-2, 3), NOTATION.table["y"]: Rational(5, 4)}
    (values,) = at_points(lambda node: Reader(NOTATION, {}, {}, {}).read(node), [point], **without)
    return values.may_hold(said)


@pytest.mark.parametrize(
    "tex",
    [
        "(x + y)^2 = x^2 + 2xy + y^2",
        r"\frac{x}{y} - x = -x(1 - y^{-1})",
        r"\cosh^2 x - \sinh^2 x = 1",
        r"\sqrt[3]{y^6} = |y|^2 = 1.5625",
        r"\tan x = \frac{\sin x}{\cos x}",
        r"\frac{d}{dx}x^3 = 3x^2",
        r"\sum_{k=1}^{3} kx = 6x",
        r"\operatorname{artanh} x = \frac12\ln\frac{1 + x}{1 - x}",
        r"\operatorname{arsinh} y = \ln(y + \sqrt{y^2 + 1})",
        r"\sqrt{x} = y",  # not real there
        r"\ln x = 1",
        r"\operatorname{arcosh} x = 2",
        r"\frac{1}{x + \frac23} = 3",  # not defined there
        "f(x) = 7x",  # of which nothing is known there
    ],
)
def test_what_may_hold_is_let_through(tex: str) -> None:
    assert may_hold(tex)


@pytest.mark.parametrize(
    "tex",
    [
        "(x + y)^2 = x^2 + xy + y^2",
        "x + y = x + y = y",
        r"\cosh^2 x + \sinh^2 x = 1",
        r"e^{x} = 1 + x",
        r"|x| = x",
        r"\frac{d}{dx}x^3 = 3x",
        "x = x + 0.000000000000000000000001",
    ],
)
def test_what_fails_at_the_point_is_not(tex: str) -> None:
    assert not may_hold(tex)


def test_a_letter_without_a_number_says_nothing() -> None:
    assert may_hold("x = y", without={NOTATION.table["y"]})
    with pytest.raises(Unparsed, match="is not declared"):
        may_hold("x = z")


def _lets_through(name: str, claim_id: str, tex: str) -> bool:
    """Whether an equation that states its claim passes where the search for corrections looks."""
    notation = configuration(NOTATIONS[name], "here").notation
    claim = notation.catalogue.claims[claim_id]
    said = statement(tokens(tex), notation.names())
    subject = Subject(claim, notation.fixed)
    in_letters = Comparer(notation, {}, 10.0)._claim_readers(subject)
    points = _where_it_holds(in_letters, subject, as_said(in_letters(), said), Comparison("wrong"))
    return all(values.may_hold(said) for values in points)


RIGHT = [
    (name, claim, tex)
    for name, cases in CORPUS.items()
    for claim, tex, verdict in cases
    if verdict == "ok" and claim != "prove" and not any(sign in tex for sign in (r"\le", r"\ge", "<", ">", r"\text"))
]


def test_no_equation_that_states_its_claim_is_left_out() -> None:
    for case in random.Random(daily.seed()).sample(RIGHT, 20):
        assert _lets_through(*case), case


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_none_of_all_these_is_left_out(part: int) -> None:
    for case in RIGHT[part::4]:
        assert _lets_through(*case), case
