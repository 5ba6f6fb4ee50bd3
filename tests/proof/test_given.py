"""What a statement is given beside the assumptions of its symbols, and the relations it may state."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from sympy import (
    Abs,
    And,
    Eq,
    Integer,
    Ne,
    Rational,
    Symbol,
    asin,
    atan,
    atanh,
    cos,
    exp,
    false,
    log,
    pi,
    sqrt,
    symbols,
)

import modeflow.proof.evidence
import modeflow.proof.prove
import modeflow.proof.sample_points
from modeflow import Alphabet, Chapter, Equation, prove
from modeflow.proof.examine import examine
from modeflow.proof.given import charts
from modeflow.proof.sample_points import points, satisfied
from modeflow.recheck import Refused, recheck
from modeflow.statements.cache import key
from modeflow.statements.verification_report import Outcome, as_json
from modeflow.typeset.document import document
from modeflow.typeset.html import html
from modeflow.typeset.markdown import markdown
from modeflow.typeset.text import text

x, y = symbols("x y", real=True)
p, q = symbols("p q", positive=True)
n = Symbol("n", nonnegative=True)
m = Symbol("m", negative=True)
k = Symbol("k", integer=True)
z, c = symbols("z c")

NEEDS_WHAT_IS_GIVEN: list[tuple[Any, Any, str, list[Any]]] = [
    (p, q, "<", [p < q]),
    (sqrt((p - q) ** 2), q - p, "=", [p < q]),
    (1 - x, 0, ">", [x > 0, x < 1]),
    (log(1 - x**2), log(1 - x) + log(1 + x), "=", [x > -1, x < 1]),
    (asin(x), atan(x / sqrt(1 - x**2)), "=", [x > -1, x < 1]),
    (atanh(x), log((1 + x) / (1 - x)) / 2, "=", [x > -1, x < 1]),
    (Abs(x), x, "=", [x > 0]),
    (sqrt(z**2), z, "=", [z > 0]),
    (x * (1 - x), 0, ">=", [And(x >= 0, x <= 1)]),
    (x**2, 1, "<", [x > -1, x < 1]),
    (x + y, 3, "<", [x < 1, y < 2]),
    (x, y, "!=", [x < y]),
    (1 / (p - q), 0, "!=", [Ne(p, q)]),
    (cos(pi * k), 1, "=", [Eq(k, 2)]),
    (k * (k - 1), 0, ">=", [k >= 1]),
    (m + 1, 0, ">", [m > -1]),
    (x, 0, "=", [x >= 0, x <= 0]),
    (p, 3, "<", [p < q, q < 3]),
    (n * (2 - n), 0, ">=", [n <= 2]),
    (p * q, 1, "<", [p < 1, q < 1]),
]


@pytest.mark.parametrize(("left", "right", "relation", "given"), NEEDS_WHAT_IS_GIVEN, ids=str)
def test_what_is_given_is_used_and_needed(left: Any, right: Any, relation: Any, given: Any) -> None:
    found = prove(left, right, relation=relation, given=given)
    assert found.status == "proved", found
    assert "where given" in found.method
    assert found.certificate is not None
    assert found.certificate["given"] == [str(part) for part in _flat(given)]
    with pytest.raises(Refused):
        recheck(found.certificate)
    without = prove(left, right, relation=relation)
    assert without.status != "proved" or without.conditions


def _flat(given: list[Any]) -> list[Any]:
    return [part for r in given for part in (r.args if isinstance(r, And) else (r,))]


@pytest.mark.parametrize(
    ("left", "right", "relation", "given"),
    [
        (Abs(x), x, "=", [x > -1]),
        (p, q, "<", [p <= q]),
        (x * y, 1, "<", [x < 1, y < 1]),
        (x, 2, "=", [x > 1000, x < 1000 + Rational(1, 10**9)]),
        (x, y, "!=", [x <= y]),
        (1 - x, 0, ">", [x > 0, x <= 1]),
        (n * (2 - n), 0, ">", [n <= 2]),
        (x**2, 1, "<=", [x > -1]),
        (c, 0, ">", [z > 0, Eq(c, -z)]),
    ],
    ids=str,
)
def test_a_witness_satisfies_what_is_given(left: Any, right: Any, relation: Any, given: Any) -> None:
    found = prove(left, right, relation=relation, given=given)
    assert found.status == "refuted", found
    assert found.witness is not None
    assert found.witness["relation"] == relation
    shown = found.witness["point"]
    assert isinstance(shown, dict)
    values = {s: Rational(shown[str(s)]) for s in (x, y, p, q, n, z, c) if str(s) in shown}
    assert all(bool(r.xreplace(values)) for r in given)


def test_a_sampler_that_ignores_what_is_given_would_refute(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine(sqrt((p - q) ** 2), q - p, "=", [p < q]).status == "proved"
    drawn = modeflow.proof.sample_points.points
    monkeypatch.setattr(modeflow.proof.evidence, "points", lambda symbols, seed, given: drawn(symbols, seed))
    assert examine(sqrt((p - q) ** 2), q - p, "=", [p < q]).status == "refuted"


def test_narrow_intervals_are_hit() -> None:
    narrow = [x > 1000, x < 1000 + Rational(1, 10**12), y > x, y < x + Rational(1, 10**20)]
    stream = points([x, y], given=narrow)
    for _ in range(20):
        assert satisfied(narrow, next(stream))
    ends = {next(points_of).values[p] for points_of in [points([p], given=[p <= 3])] for _ in range(40)}
    assert Integer(3) in ends


def test_charts_cover_every_point_that_is_given() -> None:
    """Each new symbol by the old ones: at a point that satisfies what is given its sign is as declared."""
    for given in ([p < q], [x > 0, x < 1], [m > -1], [n <= 2], [Ne(x, y)], [p < q, q < 3], [x > -1, x <= y, y < 1]):
        stream = points(sorted(set().union(*(r.free_symbols for r in given)), key=str), given=given)
        for point in (next(stream) for _ in range(20)):
            assert any(_reached(chart, dict(point.values)) for chart in charts(given)), (given, point)


def _reached(chart: Any, point: dict[Any, Any]) -> bool:
    new = {d: e.xreplace(point) for d, e in chart.back.items()}
    known = all(v.is_finite and (v > 0 or (v == 0 and not d.is_positive)) for d, v in new.items() if d.is_nonnegative)
    return known and all(e.xreplace({**point, **new}) == point[s] for s, e in chart.put.items() if s in point)


def test_points_are_found_where_few_of_those_drawn_satisfy_what_is_given() -> None:
    a, b, c, d = symbols("a b c d", positive=True)
    given = [c * (a + b) < a, d * (a + b) < a]
    assert len(list(itertools.islice(points([a, b, c, d], given=given), 60))) == 60
    assert prove(a + b - a, b, given=given).status == "proved"


def test_what_no_point_satisfies_is_undecided() -> None:
    for given in ([x > 3, x < 2], [p < -1], [x < y, y < x], [false]):
        found = prove(x + y + p, x + y + p + 1, given=given)
        assert found.status == "undecided"
        assert "no point was found that satisfies" in found.reason


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (x > 0, TypeError, "give a list of SymPy relations"),
        ("x > 0", TypeError, "give a list of SymPy relations"),
        ([x], TypeError, "given holds x, a Symbol"),
        ([True], TypeError, "given holds True, a bool"),
        ([(x > 0) | (x < -1)], TypeError, "given holds"),
        ([y > 0], ValueError, "y > 0 says nothing about the statement: the statement has none of it"),
        ([Symbol("x") > 0], ValueError, "its x has other assumptions than the statement's"),
    ],
    ids=str,
)
def test_a_given_that_is_none_is_an_error(given: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        prove(x, x + 1, given=given)


def test_a_given_may_speak_of_the_statement_through_another() -> None:
    assert prove(p, 5, relation="<", given=[p < q, q < 5]).status == "proved"
    assert prove(p, p, given=[p > 0]).status == "proved"  # SymPy knows it, so nothing is left to be given


def test_a_proof_that_needs_nothing_given_keeps_its_certificate() -> None:
    found = prove((x + y) ** 2, x**2 + 2 * x * y + y**2, given=[x < y])
    assert found.certificate is not None
    recheck(dict(found.certificate))


def test_every_relation_is_proved_and_refuted() -> None:
    proved = [(p, p + q, "<"), (p, p + n, "<="), (p + q, p, ">"), (p + n, p, ">="), (p + q, 0, "!="), (exp(z), 0, "!=")]
    for left, right, relation in proved:
        assert prove(left, right, relation=relation).status == "proved", (left, right, relation)
    for left, right, relation in [(p, q, "<"), (p, q, "<="), (x, y, "!="), (2 * x, 7, "!="), (z, -1, "!=")]:
        found = prove(left, right, relation=relation)
        assert found.status == "refuted", (left, right, relation)
        assert found.witness is not None
        assert found.witness["relation"] == relation
    for statement in (Ne(x, y), x < y, x <= y):
        assert prove(statement).status == "refuted"


def test_certificates_of_the_new_relations_are_rechecked() -> None:
    for left, right, relation in [(p, p + q, "<"), (p, p + n, "<="), (x**2 + 1, 0, "!="), (-p, 0, "!=")]:
        certificate = dict(prove(left, right, relation=relation).certificate or {})
        recheck(certificate)
        with pytest.raises(Refused):
            recheck({**certificate, "rhs": certificate["lhs"], "relation": ">"})


def test_sides_that_a_ball_cannot_tell_apart_are_not_called_equal() -> None:
    """!= is refuted by algebra at a point, never by a ball that contains zero."""
    found = prove(x**2 + Rational(1, 10**900), 0, relation="!=")
    assert found.status == "proved"
    assert prove(Abs(x) + exp(-exp(8 + x**2)), 0, relation="!=").status != "refuted"
    assert prove(x**2, 2, relation="!=").status == "undecided"  # at an irrational point it fails


# --- claims -------------------------------------------------------------------------------------------------


def _chapter() -> tuple[Chapter, Any, Any, Any]:
    letters = Alphabet()
    gamma = letters.scalar("gamma", r"\gamma", "decay", positive=True)
    lam = letters.scalar("lam", r"\lambda", "strength", positive=True)
    t = letters.scalar("t", "t", "time", nonnegative=True)
    return Chapter("own", "Own", letters), gamma, lam, t


def test_a_claim_is_proved_where_its_given_holds_and_printed_with_it() -> None:
    chapter, gamma, lam, t = _chapter()
    claim = chapter.claim("above", lam - gamma, 0, relation=">", given=[gamma < lam], says="It is above.")
    equal = chapter.claim("rest", sqrt((lam - gamma) ** 2), lam - gamma, given=[gamma <= lam], says="It is the rest.")
    plain = chapter.claim("no", lam - gamma, 0, relation=">", says="It is above.", expects="refuted")
    below = chapter.claim("less", exp(-t), 1, relation="<=", says="It decays.")
    assert [c.verify().status for c in (claim, equal, plain, below)] == ["proved", "proved", "refuted", "proved"]
    assert claim.assumptions == ("gamma > 0", "lam > 0", "gamma < lam")
    assert claim.latex().endswith(r"> 0, \quad \gamma < \lambda")
    assert r"\le 1" in below.latex()
    assert len({key(claim), key(plain), key(equal)}) == 3
    record = json.loads(as_json([Outcome(claim, claim.verify())]))[0]
    assert record["given"] == ["gamma < lam"]
    assert r"\gamma < \lambda" in markdown([chapter])
    assert r"\gamma &< \lambda" in document([chapter])
    assert "γ < λ" in text([chapter])
    assert "≤ 1" in text([chapter])
    pytest.importorskip("latex2mathml")
    assert '<p class="role">given</p>' in html([chapter])


def test_a_given_is_left_out_where_an_equation_does_not_speak_of_it() -> None:
    chapter, gamma, lam, t = _chapter()
    f = chapter.alphabet.function("f", "f", "a solution", real=True)
    equations = [Equation(f(t).diff(t), -gamma * f(t), "rate"), Equation(f(0), 1, "initial value")]
    claim = chapter.claim("flow", f(t), exp(-gamma * t), satisfies=equations, given=[t < lam], says="It decays.")
    assert claim.verify().status == "proved"


def test_what_is_wrong_with_a_claim_is_said_where_it_is_stated() -> None:
    chapter, gamma, lam, _ = _chapter()
    with pytest.raises(ValueError, match=r"own\.a: relation = '=<': choose one of =, !=, >=, >, <=, <"):
        chapter.claim("a", gamma, lam, relation="=<", says="No.")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rate: relation = '~'"):
        Equation(gamma, lam, "rate", relation="~")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"own\.b: given holds gamma"):
        chapter.claim("b", gamma, lam, given=[gamma], says="No.")
    with pytest.raises(ValueError, match=r"own\.c: given holds a relation that is never true"):
        chapter.claim("c", gamma, lam, given=[gamma < 0], says="No.")
    with pytest.raises(ValueError, match=r"own\.d uses x"):
        chapter.claim("d", gamma, lam, given=[x < gamma], says="No.")
