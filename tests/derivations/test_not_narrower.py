"""Fewer conditions are listed than before, and no claim is about fewer points.

What was assumed of each letter, and given, before is in `tests/support/statements_before_names.json.gz`. What had to
hold besides is what the claim asks for in letters, if no name settles anything.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import daily
import pytest
from modeflow.derivations import CHAPTERS
from sympy import Expr, Symbol, Tuple

from modeflow import Alphabet, Chapter, Claim, Verdict
from modeflow.language.definitions import unfold
from modeflow.language.encoding import decode
from modeflow.proof.enclosures import NotEvaluable, OnBranchCut, Point, enclose
from modeflow.proof.sample_points import inside, points, satisfied
from modeflow.statements import cache

BEFORE = Path(__file__).parents[1] / "support" / "statements_before_names.json.gz"
CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims.values()}
OLD = json.loads(gzip.decompress(BEFORE.read_bytes()))


def allowed_before(identifier: str) -> Iterator[Point]:
    """Points at which the letters and what was given allowed the claim."""
    left, right, _, satisfies, given = OLD[identifier]
    sides = [left, right, *(side for _, one, other, _ in satisfies for side in (one, other))]
    letters = sorted(Tuple(*map(decode, sides)).free_symbols, key=str)
    scalars = [s for s in letters if isinstance(s, Symbol) and s.is_commutative and not s.is_integer]
    return points(scalars, daily.seed(), [decode(relation) for relation in given])


def in_letters_of(claim: Claim, point: Point) -> Point:
    """The point in the letters that the claim has now: those of the same names."""
    now = {str(q.symbol): q.symbol for q in claim.alphabet}
    return Point({now[str(s)]: value for s, value in point.values.items()})


def excluded(claim: Claim, point: Point) -> bool:
    here = in_letters_of(claim, point)
    present = Tuple(*map(unfold, claim.given)).free_symbols
    given = [unfold(relation) for relation in claim.given if unfold(relation).free_symbols <= set(here.values)]
    return not inside(here) or (bool(present) and not satisfied(given, here))


def test_points_that_are_no_longer_allowed_would_be_seen() -> None:
    letters = Alphabet()
    x = letters.scalar("x", "x", "a number, positive now", positive=True)
    own = Chapter("own", "Own", letters)
    at_zero = Point({Symbol("x", real=True): Tuple(0)[0]})
    assert excluded(own.claim("one", x, x, says="Itself."), at_zero)
    assert excluded(own.claim("two", x, x, given=[x > 1], says="Itself."), Point({Symbol("x", real=True): Tuple(1)[0]}))


@pytest.mark.parametrize("identifier", [i for i in OLD if i in CLAIMS])
def test_points_that_were_allowed_are_allowed(identifier: str) -> None:
    for point in islice(allowed_before(identifier), 10):
        assert not excluded(CLAIMS[identifier], point), point.text()


@pytest.mark.slow
@pytest.mark.parametrize("identifier", [i for i in OLD if i in CLAIMS])
def test_a_thousand_points_that_were_allowed_are_allowed(identifier: str) -> None:
    for point in islice(allowed_before(identifier), 1000):
        assert not excluded(CLAIMS[identifier], point), point.text()


# What must hold besides -------------------------------------------------------------------------------------------


def holds(verdict: Verdict, point: Point) -> bool | None:
    """Whether the provisos hold at the point itself, where a stretch ends too; None where a ball does not tell."""
    known = [_holds(unfold(p.expression), p.kind, point) for p in verdict.provisos if len(p.place) < 2]
    return False if False in known else None if None in known else True


def _holds(e: Expr, kind: str, point: Point) -> bool | None:
    try:
        ball = enclose(e, point, 400)
    except (NotEvaluable, OnBranchCut):
        return None
    if not ball.is_finite():
        return None
    if not ball.contains(0):
        return kind == "!=" or (kind == ">" and bool(ball.real > 0))
    return False if ball == 0 else None


def differing(claim: Claim, count: int) -> list[dict[str, str]]:
    """The points at which the claim says something in names and not in letters, or the other way round."""
    new, old = cache.verify(claim), cache.verify(claim.in_full().unfolded())
    assert new.status == old.status
    letters = sorted(Tuple(*(unfold(p.expression) for v in (new, old) for p in v.provisos)).free_symbols, key=str)
    found = []
    for point in islice(points(letters, daily.seed(1), [unfold(r) for r in claim.given]), count):
        both = holds(new, point), holds(old, point)
        if None not in both and both[0] != both[1]:
            found.append(point.text())
    return found


IN_NAMES = {i: claim for i, claim in CLAIMS.items() if claim.definitions()}


@pytest.mark.parametrize("identifier", daily.some(IN_NAMES, 6))
def test_a_claim_holds_at_the_same_points_in_names_and_in_letters(identifier: str) -> None:
    claim: Any = IN_NAMES[identifier]
    if cache.verify(claim).rests_on or cache.verify(claim).provisos:
        assert not differing(claim, 200)


def test_other_provisos_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ρ ≠ 0 the weights of `dae` would be claimed where they are 0/0."""
    claim = CLAIMS["dae.weights"]
    right = cache.verify
    bare = claim.in_full().unfolded()
    monkeypatch.setattr(cache, "verify", lambda c: right(bare) if c == bare else Verdict("proved", "tower"))
    assert differing(claim, 400)
