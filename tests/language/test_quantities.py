"""The letters of an expression."""

from sympy import Function, MatrixSymbol, Symbol, Tuple, symbols

from modeflow.language.quantities import letters


def test_every_kind_is_found_and_the_name_of_a_matrix_is_none() -> None:
    x, t = symbols("x t")
    u, W = Function("u"), MatrixSymbol("W", 2, 2)
    assert letters(Tuple(x**2, u(t), W * W.T)) == {x, t, u, W}
    assert Symbol("W") not in letters(W)


def test_a_function_without_arguments_has_none() -> None:
    assert letters(Function("u")) == set()
