"""Nested lists as a table: what is packed comes back, and parts that are alike stand once."""

from __future__ import annotations

import json

import pytest
from sympy import Dummy, Function, I, Integer, Integral, MatrixSymbol, Rational, Symbol, exp, pi, sin, true

from modeflow.language.encoding import NotPlain, decode, encode
from modeflow.language.expressions import letters_in
from modeflow.language.packing import packed, unpacked

X = Symbol("x", positive=True)


@pytest.mark.parametrize(
    "data", [[], ["a"], [[1, True], [True, 1], [1, [1, True]], "1", None], [["x", 1, [["real", True]]], ["x", 1, []]]]
)
def test_what_is_packed_comes_back(data: list[object]) -> None:
    again = unpacked(json.loads(json.dumps(packed(data))))
    assert again == data
    assert repr(again) == repr(data)  # True is not 1


def test_a_list_stands_once() -> None:
    data = [["a", ["b"]], ["a", ["b"]]]
    assert packed(data) == [["b"], ["a", [0]], [[1], [1]]]
    one, other = unpacked(packed(data))
    assert one is other


def test_an_expression_of_equal_parts_is_short() -> None:
    e = X
    for _ in range(40):
        e = sin(e) + exp(e)
    table = packed(encode(e))
    assert len(table) < 200
    assert decode(unpacked(table)) == e


def test_nothing_is_too_deep_to_be_written() -> None:
    f, e = Function("f"), X
    for _ in range(3000):
        e = f(e, evaluate=False)
    assert len(packed(encode(e))) > 3000


def test_what_is_no_expression_is_refused_by_its_own_name() -> None:
    with pytest.raises(NotPlain, match=r"Integral\(.*\(Integral\)"):
        encode(Integral(sin(X), X) + 1)


def test_kinds_that_are_alike_stay_apart() -> None:
    for e in (Integer(1), true, Rational(1, 2), pi, I, Dummy("x"), MatrixSymbol("A", 2, X), Symbol("x")):
        assert decode(encode(e), {e.dummy_index: e} if isinstance(e, Dummy) else None) == e


def test_letters_are_the_free_symbols() -> None:
    t, f = Symbol("t"), Function("f")
    for e in (X + t, f(t).diff(t), Integral(t * X, (t, 0, X)), f(t).diff(t).subs(t, X), Integer(3)):
        assert letters_in(e) == e.free_symbols
