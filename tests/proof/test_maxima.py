"""Maxima's opinion of the elementary claims: it may be unable to tell, but it must not disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from maxima import Maxima, NotElementary, Opinion, Writer, installed
from sympy import Abs, Function, MatrixSymbol, Symbol, besseli, cosh, exp, expand, log, sinh, sqrt, symbols, tanh

import modeflow
from modeflow.language import encoding

needs_maxima = pytest.mark.skipif(not installed(), reason="needs Maxima (Debian package maxima), which is not here")

X, Y = symbols("x y", positive=True)
R = Symbol("r", real=True)


@pytest.fixture(scope="module")
def maxima() -> Iterator[Maxima]:
    with Maxima() as running:
        yield running


def opinion(maxima: Maxima, lhs: Any, rhs: Any) -> Opinion:
    return maxima.opinion(encoding.encode(lhs), encoding.encode(rhs))


TRUE: list[tuple[Any, Any]] = [
    (cosh(R) ** 2 - sinh(R) ** 2, X**0),
    (tanh(R), (exp(2 * R) - 1) / (exp(2 * R) + 1)),
    (sqrt(X**2 + 2 * X * Y + Y**2), X + Y),
    (log(X * Y**2 / 3), log(X) + 2 * log(Y) - log(3 * X**0)),
    ((X + Y) ** 5, expand((X + Y) ** 5)),
    (1 / (sqrt(X + Y) + sqrt(X)), (sqrt(X + Y) - sqrt(X)) / Y),
]


@needs_maxima
@pytest.mark.parametrize("sides", TRUE)
def test_it_agrees_with_what_is_true_and_disagrees_with_what_is_not(maxima: Maxima, sides: tuple[Any, Any]) -> None:
    lhs, rhs = sides
    assert opinion(maxima, lhs, rhs) == "agrees"
    assert opinion(maxima, lhs, rhs + X / 10**12) == "disagrees"
    assert opinion(maxima, lhs, rhs + 1) == "disagrees"
    assert opinion(maxima, lhs, 2 * rhs) == "disagrees"


@needs_maxima
def test_assumptions_reach_it_and_do_not_linger(maxima: Maxima) -> None:
    assert opinion(maxima, Abs(X), X) == "agrees"
    assert opinion(maxima, Abs(R), R) != "agrees"


@needs_maxima
def test_one_that_takes_too_long_is_stopped_and_the_next_is_answered() -> None:
    total = X + Y + R
    with Maxima(time_limit=1.0) as maxima:
        assert opinion(maxima, (total**2 + 2 * total + 1) ** 100, (total + 1) ** 200) == "cannot tell"
        assert opinion(maxima, X + X, 2 * X) == "agrees"


def test_names_are_replaced_so_that_none_is_read_as_a_command() -> None:
    evil = Symbol('system("true")', positive=True)
    writer = Writer()
    assert writer.write(encoding.encode(evil**2 + X)) in ("(x2+(x1^(2)))", "((x1^(2))+x2)", "(x1+(x2^(2)))")
    assert sorted(writer.facts()) == ["x1>0", "x2>0"]


@pytest.mark.parametrize("outside", [besseli(0, X), MatrixSymbol("M", 2, 2), Symbol("z"), Function("f")(X)])
def test_what_is_not_elementary_and_real_is_not_written(outside: object) -> None:
    with pytest.raises(NotElementary):
        Writer().write(encoding.encode(outside))


def opinions() -> Iterator[tuple[str, str, Opinion | str]]:
    """Every equation that a claim rests on and Maxima can be told, with its opinion."""
    with Maxima() as maxima:
        for name, claim in modeflow.claims().items():
            for equation in claim.obligations():
                if equation.relation != "=":
                    continue
                sides = [side.doit(integrals=False) for side in (equation.lhs, equation.rhs)]
                try:
                    yield name, equation.name, maxima.opinion(*map(encoding.encode, sides))
                except (NotElementary, encoding.NotPlain) as reason:
                    yield name, equation.name, str(reason)


@needs_maxima
@pytest.mark.slow
def test_it_disagrees_with_no_claim(record_property: Callable[[str, object], None]) -> None:
    counts: Counter[str] = Counter()
    refuted = {name for name, claim in modeflow.claims().items() if claim.expects == "refuted"}
    for name, part, said in opinions():
        counts[said if said in ("agrees", "cannot tell", "disagrees") else "not elementary"] += 1
        assert said != "disagrees" or name in refuted, (name, part)
    record_property("maxima", dict(counts))
    # `pytest -s` shows it.
    print(f"\nMaxima on the equations of the claims: {dict(counts)}")
    assert counts["agrees"] >= 200  # on a busy machine a few more are stopped at the limit
    assert counts["disagrees"] >= 1, "the error kept on show is one that it sees"
