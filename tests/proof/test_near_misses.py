"""Soundness on statements from a generator that knows nothing of the prover: no near miss passes, no truth sinks."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import islice

import daily
import mpmath
import pytest
from near_misses import LETTERS, RULES, Statement, identities, near_misses, sides_at

from modeflow.proof.examine import examine

SEED = 20180606


def test_near_misses_are_false_at_their_point_and_the_same_for_the_same_seed() -> None:
    first, second = (list(near_misses(40, SEED)) for _ in range(2))
    assert first == second
    assert first != list(near_misses(40, SEED + 1))
    for statement in first:
        assert statement.point is not None
        exact = {LETTERS[name]: value for name, value in statement.point.items()}
        difference = (statement.lhs - statement.rhs).subs(exact).evalf(60)
        assert abs(difference) > mpmath.mpf(10) ** -33, statement


def test_a_point_where_50_and_100_digits_cancel_alike_is_no_witness() -> None:
    """There cosh(z)² − sinh(z)² comes out as 0 at any fixed number of digits, and the 1 it is would pass for false."""
    point = dict.fromkeys(LETTERS, Fraction(225))
    left, right = sides_at(lambda m: m.cos(m.letter("z")) ** 2 + m.sin(m.letter("z")) ** 2, lambda m: 1, point, 50)
    assert mpmath.almosteq(left, right)
    with pytest.raises(OverflowError):
        sides_at(lambda m: m.cosh(m.letter("z")) ** 2 - m.sinh(m.letter("z")) ** 2, lambda m: 1, point, 50)


def test_every_family_and_every_change_occurs() -> None:
    drawn = list(near_misses(400, SEED))
    assert {s.family for s in drawn} >= set(RULES)
    assert len({s.change for s in drawn}) == 11


@pytest.mark.parametrize(
    ("part", "count"), [(0, 150), *(pytest.param(k, 400, marks=pytest.mark.slow) for k in range(1, 11))]
)
def test_near_misses_are_refuted(part: int, count: int) -> None:
    counts: Counter[str] = Counter()
    for statement in near_misses(count, daily.seed(part)):
        verdict = examine(statement.lhs, statement.rhs)
        counts[verdict.status] += 1
        assert verdict.status != "proved", statement
        assert verdict.status != "refuted" or verdict.witness, statement
    assert counts == {"refuted": count}


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_what_they_spoil_is_never_refuted(count: int) -> None:
    counts: Counter[str] = Counter()
    for statement in identities(count, daily.seed()):
        verdict = examine(statement.lhs, statement.rhs)
        counts[verdict.status] += 1
        assert verdict.status in ("proved", "supported", "undecided"), (statement, verdict)
    assert counts["proved"] >= 0.9 * count


def test_a_prover_that_says_one_thing_only_would_not_pass() -> None:
    """Both kinds of statement are there, so neither of the two constant answers gets through the tests above."""
    false, true = next(near_misses(1, SEED)), next(identities(1, SEED))
    assert isinstance(false, Statement)
    assert examine(false.lhs, false.rhs).status == "refuted"
    assert examine(true.lhs, true.rhs).status != "refuted"
    assert len(list(islice(identities(5, SEED), 3))) == 3
