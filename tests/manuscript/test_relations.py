"""Inequalities and ≠ against claims with every relation: the relation must be the claim's, or follow and say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from manuscript_cases import NOTATIONS

from modeflow.manuscript import configuration
from modeflow.manuscript.judge.agreement import Comparer
from modeflow.manuscript.judge.prover_questions import Comparison
from modeflow.manuscript.mean.subject import Subject
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.tokens import tokens
from modeflow.statements.catalogue import claims

NOTATION = configuration(NOTATIONS["pretorius2018"], "test").notation
SPEED = r"1 + \frac{\varepsilon}{\lambda}"  # greater than 1


def compared(tex: str, claim: str, **changed: Any) -> Comparison:
    """The verdict on a display, against a claim of the catalogue with some of it changed; "prove" for none."""
    said = statement(tokens(tex), NOTATION.names())
    comparer = Comparer(NOTATION, {}, 10.0)
    return comparer.identity(said) if claim == "prove" else comparer.claim(said, replace(claims()[claim], **changed))


def speedup(tex: str, relation: str) -> Comparison:
    """1 + ε/λ against 1: with < and <= the claim has 1 on the left."""
    stated = claims()["cmp.speedup_sign"]
    sides = (stated.lhs, stated.rhs)[:: -1 if relation[0] == "<" else 1]
    return compared(tex, "cmp.speedup_sign", relation=relation, lhs=sides[0], rhs=sides[1])


# What is written, and the verdict where the claim has >, >=, <, <= and !=. The sides are never equal.
WRITTEN = {
    rf"{SPEED} > 1": ("ok", "ok", "ok", "ok", "ok"),
    rf"1 \lt {SPEED}": ("ok", "ok", "ok", "ok", "ok"),
    r"\frac{\varepsilon}{\lambda} > 0": ("ok", "ok", "ok", "ok", "ok"),
    rf"{SPEED} \geq 1": ("undecided", "ok", "undecided", "ok", "undecided"),
    rf"1 \leqslant {SPEED}": ("undecided", "ok", "undecided", "ok", "undecided"),
    rf"{SPEED} \neq 1": ("undecided", "undecided", "undecided", "undecided", "ok"),
    rf"1 \ne {SPEED}": ("undecided", "undecided", "undecided", "undecided", "ok"),
    r"-\frac{\varepsilon}{\lambda} \not= 0": ("undecided", "undecided", "undecided", "undecided", "ok"),
    rf"{SPEED} < 1": ("wrong",) * 5,
    rf"1 \ge {SPEED}": ("wrong",) * 5,
    rf"{SPEED} = 1": ("wrong",) * 5,
    r"1 + \frac{2\varepsilon}{\lambda} \neq 1": ("undecided",) * 5,
    r"\frac{\lambda}{\varepsilon} \neq 1": ("wrong",) * 5,
}


@pytest.mark.parametrize("tex", WRITTEN)
def test_a_relation_is_the_claims_or_follows_and_says_so(tex: str) -> None:
    found = [speedup(tex, relation) for relation in (">", ">=", "<", "<=", "!=")]
    assert tuple(f.verdict for f in found) == WRITTEN[tex]


def test_what_is_stronger_or_weaker_is_told() -> None:
    assert speedup(f"{SPEED} > 1", ">=").reason.startswith("stronger than the claim")
    assert speedup(f"{SPEED} > 1", "!=").reason.startswith("stronger than the claim")
    assert speedup(rf"{SPEED} \ge 1", ">").reason == "true, but weaker than the claim, which excludes equality"
    weaker = speedup(rf"{SPEED} \neq 1", "<").reason
    assert weaker == "true, but weaker than the claim, which says which side is the greater"
    assert speedup(f"{SPEED} > 1", ">").reason == "the claim"


@pytest.mark.parametrize("relation", [">=", "<="])
def test_sides_that_may_be_equal(relation: str) -> None:
    stated = claims()["cmp.norm_least"]
    sides = (stated.lhs, stated.rhs)[:: -1 if relation == "<=" else 1]
    written = {
        r"w_1^2 + w_2^2 \ge 2w_1w_2": "ok",
        r"2w_1w_2 \leq w_1^2 + w_2^2": "ok",
        "w_1^2 + w_2^2 > 2w_1w_2": "wrong",
        r"w_1^2 + w_2^2 \neq 2w_1w_2": "wrong",
        r"w_1^2 + w_2^2 \le 2w_1w_2": "wrong",
        r"w_1^2 + w_2^2 \ge -2w_1w_2": "undecided",
    }
    found = {t: compared(t, "cmp.norm_least", relation=relation, lhs=sides[0], rhs=sides[1]) for t in written}
    assert {tex: f.verdict for tex, f in found.items()} == written


def test_without_the_relation_of_the_claim_a_weaker_one_would_be_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modeflow.manuscript.judge.inequalities._said", lambda *_: Comparison("ok", "the claim"))
    assert speedup(rf"{SPEED} \ge 1", ">").verdict == "ok"
    assert speedup(rf"{SPEED} \neq 1", "<").verdict == "ok"


# True along the flow, where a rate is no letter of its own.
ALONG = r"\tau\dot u \le 2\lambda u"


def test_rates_in_an_inequality_are_those_of_the_flow() -> None:
    assert [compared(ALONG, "dae.balanced_rate").verdict] == ["undecided"]
    assert compared(r"\tau\dot u \ge 3\lambda u", "dae.balanced_rate").verdict == "wrong"


LAW = r"\tau\frac{d}{dt}(w_1w_2) = (w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w_1w_2)"


def test_so_are_those_of_an_equation_that_meets_an_inequality() -> None:
    assert compared(LAW, "dae.product_rate", relation=">=").verdict == "undecided"
    assert compared(LAW.replace("-", "+"), "dae.product_rate", relation=">=").verdict == "wrong"


def test_with_rates_as_letters_they_would_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Subject, "flow", {})
    monkeypatch.setattr("modeflow.manuscript.judge.inequalities.has_rates", lambda *_: False)
    assert compared(ALONG, "dae.balanced_rate").verdict == "wrong"
    monkeypatch.setattr("modeflow.manuscript.judge.equations.has_rates", lambda *_: False)
    assert compared(LAW, "dae.product_rate", relation=">=").verdict == "wrong"


# True where c₀ is b² - a² and w₀ is ab.
MEANT = [r"c_0^2 + 5w_0^2 \ge (a^2+b^2)^2", r"(a^2+b^2)^2 + 1 > c_0^2 + 4w_0^2", r"c_0 + 1 \ne b^2-a^2"]


@pytest.mark.parametrize("tex", MEANT)
def test_an_inequality_may_be_true_of_what_its_letters_stand_for(tex: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compared(tex, "prove").verdict == "undecided"
    asked = Comparer._fails_as_meant
    monkeypatch.setattr(Comparer, "_fails_as_meant", lambda self, one, other, _: asked(self, one, other))
    assert compared(tex, "prove").verdict == "wrong"


def test_identities_with_unequal_sides() -> None:
    written = {r"1 + w_1^2 \neq 0": "ok", r"w_1 \neq w_2": "wrong", r"\lambda + 1 \not= \lambda": "ok"}
    assert {tex: compared(tex, "prove").verdict for tex in written} == written


# A bound is no rounded value: 1/3 is not below 0.33, though 0.33 may be 1/3.
BOUNDS = {r"1/3 \le 0.33": "undecided", "0.33 < 1/3": "ok", "0.34 < 1/3": "wrong", r"0.25 \neq 1/4": "undecided"}


def test_a_decimal_that_bounds_is_not_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {tex: compared(tex, "prove").verdict for tex in BOUNDS} == BOUNDS
    assert "as it stands" in compared(r"1/3 \le 0.33", "prove").reason
    monkeypatch.setattr("modeflow.manuscript.judge.agreement._equates", lambda _: True)
    assert compared(r"1/3 \le 0.33", "prove").verdict == "ok"


def test_matrices_of_two_shapes_may_differ() -> None:
    assert compared(r"W_1 \neq W_2", "prove").verdict == "undecided"
    assert compared("W_1 = W_2", "prove").verdict == "wrong"


def test_what_stands_before_an_inequality_is_compared_with_an_equation() -> None:
    right, wrong = r"w^* = \frac{\lambda}{\lambda + \varepsilon}", r"w^* = \frac{\lambda}{\lambda - \varepsilon}"
    found = compared(rf"{right} \le 1 \le 2", "dae.fixed_point")
    assert (found.verdict, found.note) == ("ok", "what stands from ≤ on is not checked")
    assert compared(rf"{wrong} \le 1", "dae.fixed_point").verdict == "wrong"
    assert compared(rf"{wrong} \ge 1", "dae.fixed_point").verdict == "wrong"
    assert compared(rf"0 \le {right}", "dae.fixed_point").verdict == "undecided"
