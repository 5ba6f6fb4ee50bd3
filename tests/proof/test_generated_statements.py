"""No verdict is belied: generated statements with joins, branches and assumptions, judged without the prover."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import daily
import pytest
from statement_generator import Statement, complaint, coordinate, fails, families, judged_points, statements
from sympy import Abs, Integer, LambertW, Symbol, asin, atan, sqrt

import modeflow.proof.assumptions
import modeflow.proof.enclosures
import modeflow.proof.evidence
import modeflow.proof.examine
import modeflow.proof.numerical_support
import modeflow.proof.sample_points
from modeflow.proof.examine import examine

SEED = 20180606


def _complaints(count: int, seed: int, *wanted: str) -> Iterator[tuple[Statement, str]]:
    """What is wrong with the verdicts on so many statements of the families."""
    source = random.Random(seed)
    for statement in statements(count, seed):
        if statement.family in wanted:
            verdict = examine(statement.lhs, statement.rhs, statement.relation, statement.given)
            if wrong := complaint(statement, verdict.status, verdict.witness, source):
                yield statement, wrong


@pytest.mark.parametrize("part", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 11))])
def test_a_sample_of_the_day(part: int) -> None:
    assert list(_complaints(200 if part else 90, daily.seed(part), *families())) == []


def test_every_family_is_drawn_and_some_statements_are_true_and_some_false() -> None:
    drawn = list(statements(200, SEED))
    assert drawn == list(statements(200, SEED))
    assert {s.family for s in drawn} == set(families())
    assert {s.relation for s in drawn} == {"=", "!=", "<", "<=", ">", ">="}
    source, seen = random.Random(SEED), Counter[bool]()
    for statement in drawn:
        seen[any(fails(statement, point) for point in judged_points(statement, source, 6))] += 1
    assert min(seen[True], seen[False]) > 40


def test_the_judge_knows_true_from_false() -> None:
    x = Symbol("a", real=True)
    right, wrong = (Statement(Abs(x - 1000), side, "=", (), "joins") for side in (Abs(1000 - x), Integer(1000) - x))
    at = {x: (Fraction(1001), Fraction(0))}
    assert fails(right, at) is False
    assert fails(wrong, at) is True
    assert fails(Statement(1 / x, x, "=", (), "joins"), {x: (Fraction(0), Fraction(0))}) is None
    source = random.Random(1)
    assert "false at" in complaint(wrong, "proved", None, source)
    assert "does not fail" in complaint(right, "refuted", {"point": {"a": "1"}}, source)
    assert "outside the assumptions" in complaint(wrong, "refuted", {"point": {"a": "2*I"}}, source)
    given = Statement(x, Integer(1), "=", (x > 2,), "given")
    assert "given does not hold" in complaint(given, "refuted", {"point": {"a": "3/2"}}, source)
    assert not complaint(wrong, "refuted", {"point": {"a": "2001"}}, source)


@pytest.mark.parametrize(
    ("text", "value"),
    [("-3/4", (-3, 4, 0, 1)), ("2*I/3", (0, 1, 2, 3)), ("1/2 - I", (1, 2, -1, 1)), ("-5 + 7*I/2", (-5, 1, 7, 2))],
)
def test_points_of_witnesses_are_read(text: str, value: tuple[int, int, int, int]) -> None:
    assert coordinate(text) == (Fraction(*value[:2]), Fraction(*value[2:]))


# --- with each mend taken back, the generator finds the fault again -----------------------------------------------


def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modeflow.proof.numerical_support, "critical_points", lambda parts, given: iter(()))


def _careless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modeflow.proof.numerical_support, "_at", lambda *_: "")


def _ungiven(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = modeflow.proof.sample_points.points
    monkeypatch.setattr(modeflow.proof.evidence, "points", lambda symbols, seed, given: drawn(symbols, seed))


def _across_joins(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(e: Any) -> Any:
        return e.doit(integrals=False), {}

    monkeypatch.setattr(modeflow.proof.examine, "carried_out", taken)


def _one_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    def principal(at: Any, e: Any) -> Any:
        return at.ball(e.args[0]).lambertw()

    monkeypatch.setitem(modeflow.proof.enclosures._RULES, LambertW, principal)


def _unknowing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = modeflow.proof.assumptions.satisfies

    def satisfied(value: Any, symbol: Any) -> bool:
        return (symbol.is_real is None and bool(symbol.is_hermitian)) or known(value, symbol)

    monkeypatch.setattr(modeflow.proof.examine, "require_known", lambda *_: None)
    monkeypatch.setattr("modeflow.proof.sample_points.satisfies", satisfied)


@pytest.mark.parametrize(
    ("taken_back", "family", "count"),
    [
        (_blind, "joins", 250),
        (_careless, "arcs", 250),
        (_ungiven, "given", 100),
        (_across_joins, "derivatives", 150),
        (_one_branch, "lambert", 150),
        (_unknowing, "unknown", 150),
    ],
)
def test_a_mend_that_is_taken_back_is_missed(
    taken_back: Any, family: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_back(monkeypatch)
    assert next(_complaints(count, SEED, family), None)


def test_the_examples_that_began_it() -> None:
    """Verdicts that were wrong once, in the words of the judge."""
    p, x = Symbol("a", positive=True), Symbol("a", real=True)
    source = random.Random(SEED)
    for left, right in [(Abs(p - 1000), 1000 - p), (asin(x), atan(x / sqrt(1 - x**2)))]:
        statement = Statement(left, right, "=", (), "joins")
        assert complaint(statement, "supported", None, source)
        assert not complaint(statement, examine(left, right).status, examine(left, right).witness, source)
