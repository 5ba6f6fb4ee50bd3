"""What saves work: questions for a proof only, answers that are kept, points that are drawn once, factors."""

from __future__ import annotations

from typing import Any

import pytest
from flint import Ordering, fmpq_mpoly_ctx
from sympy import Integer, Symbol, exp, sqrt

from modeflow import Alphabet, Chapter, Claim, Verdict
from modeflow.language.encoding import encode
from modeflow.proof import worker
from modeflow.proof.examine import examine
from modeflow.proof.sample_points import SEED, points
from modeflow.proof.tower import Tower
from modeflow.proof.tower.factors import MOST_KEPT, _known, factored, factors_of
from modeflow.statements import verify

X, Y = Symbol("x", real=True), Symbol("y", real=True)


def test_for_a_proof_only_nothing_else_is_looked_for() -> None:
    """x² + y² - 1 has zeros, which are found where a refutation is of interest."""
    assert examine(X**2 + Y**2, 1, "!=").status == "refuted"
    assert examine(X**2 + Y**2, 1, "!=", proof_only=True).status == "undecided"
    assert examine(X**2 + Y**2 + 1, 0, "!=", proof_only=True).status == "proved"
    assert examine(X, Y, proof_only=True).status == "refuted"  # no proof is tried before points are


def test_an_answer_is_kept_unless_the_machine_gave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[Any]()
    given = [
        Verdict("undecided", "", reason="stopped at the limit of 1 s of processor time"),
        Verdict("proved", "tower"),
    ]

    def answer(self: worker.Worker, question: Any, time_limit: float) -> Verdict:
        asked.append(question)
        return given[min(len(asked), len(given)) - 1]

    monkeypatch.setattr(worker.Worker, "answer", answer)
    monkeypatch.setattr(worker, "_answered", {})
    statement = [encode(X), encode(X), "=", [], []]
    assert [worker.ask(statement, 1.0).status for _ in range(4)] == ["undecided", "proved", "proved", "proved"]
    assert len(asked) == 2
    worker.ask(statement, 2.0)  # another limit, another sign, another kind of question: none of them is the same
    worker.ask([encode(X), encode(-X), "=", [], []], 1.0)
    worker.ask(statement, 1.0, proof_only=True)
    assert len(asked) == 5


def test_the_largest_claims_are_begun_first_and_all_come_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    chapter, begun = Chapter("mine", "Mine", Alphabet()), list[str]()
    claims = [chapter.claim(f"c{n}", Integer(2) ** n * exp(n) + n, n, says="It is.") for n in (1, 0)]
    claims.append(chapter.claim("c9", sum(exp(k) for k in range(2, 9)), 1, says="It is."))

    def check(self: Any, claim: Claim, *, time_limit: float) -> Verdict:
        begun.append(claim.id)
        return Verdict("proved", "tower")

    monkeypatch.setattr(verify._Verified, "verdict", check)
    assert [claim.id for claim, _ in verify.verify_all(claims, jobs=2, cache=False)] == [
        "mine.c1",
        "mine.c0",
        "mine.c9",
    ]
    assert verify._order(claims, 2) == [2, 0, 1]
    assert list(verify._order(claims, 1)) == [0, 1, 2]
    assert sorted(begun) == ["mine.c0", "mine.c1", "mine.c9"]


def test_points_are_the_same_when_they_are_drawn_again() -> None:
    first, second = points([X, Y], SEED, [X < Y]), points([X, Y], SEED, [X < Y])
    drawn = [next(first), next(second), next(second), next(first)]
    assert drawn[0] == drawn[1]
    assert drawn[2] == drawn[3] != drawn[0]
    assert list(points([X], SEED, [X < 0, X > 0])) == []


def test_factors_are_those_of_the_polynomial_that_is_asked_about() -> None:
    x, y = fmpq_mpoly_ctx.get(["x000", "x001"], Ordering.lex).gens()
    alike = [(x + y) * (x - y), (x + 2 * y) * (x - y), (x + y) * (x - 2 * y)]  # as long, and of the same degrees
    for p in (*alike, *alike):
        content, factors = factored(p)
        assert (content, sorted(map(str, factors))) == (p.factor()[0], sorted(map(str, p.factor()[1])))
        factors.clear()  # what is given out may be changed
    assert [str(f) for f, _ in factors_of(alike[0])[1]] == ["x000 + x001", "x000 - x001"]
    assert len(_known) <= MOST_KEPT + 1


@pytest.mark.parametrize("e", [1 / X + Y / (X + 1) + exp(X) / (X * Y), sqrt(X**2 + 1) / Y + 1 / X - sqrt(X**2 + 1) / Y])
def test_a_sum_over_one_denominator_is_the_sum_of_one_after_the_other(e: Any) -> None:
    tower = Tower(12)
    terms = [tower.element(term) for term in e.args]
    one_by_one = terms[0]
    for term in terms[1:]:
        one_by_one = tower.add(one_by_one, term)
    assert tower.total(terms) == one_by_one
