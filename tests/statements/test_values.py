"""A value that is put into equations must be defined, also where they ask nothing of it, and in other letters."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integral, Rational, S, Tuple, cos, exp, log, oo, sin, sqrt

from modeflow import Alphabet, Chapter, Claim, Equation

LETTERS = Alphabet()
T = LETTERS.scalar("t", "t", "time", nonnegative=True)
L = LETTERS.scalar("l", "l", "a letter", real=True)
E = LETTERS.scalar("e", "e", "a rate", nonnegative=True)
X = LETTERS.scalar("x", "x", "a rest value", real=True)
U = LETTERS.function("u", "u", "a weight", real=True)
W = LETTERS.function("w", "w", "another weight", real=True)
NOTHING = sin(L) ** 2 + cos(L) ** 2 - 1  # 0, which is not seen at once


def claimed(lhs: Any, rhs: Any, *equations: Equation) -> Claim:
    return Chapter("mine", "Mine", LETTERS).claim("c", lhs, rhs, satisfies=equations, says="It is this.")


def rate(value: Any) -> Equation:
    return Equation(U(T).diff(T), value, "rate")


UNDEFINED: dict[str, tuple[Any, list[Equation]]] = {
    "a factor that cancels": (T / NOTHING, [Equation(NOTHING * U(T).diff(T), 1), Equation(U(0), 0)]),
    "a fraction that does not move": (exp(T) + 1 / NOTHING, [rate(exp(T))]),
    "a logarithm that does not move": (exp(T) + log(NOTHING), [rate(exp(T))]),
    "a number that does not move": (exp(T) + 1 / (sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3)), [rate(exp(T))]),
    "an integral that does not move": (T + Integral(1 / L, (L, -1, 1)), [rate(1)]),
    "an integral over a pole": (T + Integral(1 / (2 * L - 1) ** 2, (L, 1, 0)), [rate(1)]),
}


@pytest.mark.parametrize("kind", UNDEFINED)
def test_what_is_undefined_everywhere_solves_nothing(kind: str) -> None:
    value, equations = UNDEFINED[kind]
    assert claimed(U(T), value, *equations).verify().status == "undecided"


CONDITIONS: dict[str, tuple[str, Any, list[Equation]]] = {
    "a factor that cancels": ("e != 0", T / E, [Equation(E * U(T).diff(T), 1), Equation(U(0), 0)]),
    "a factor of both sides": ("e != 0", (1 - exp(-E * T)) / E, [rate(1 - E * U(T)), Equation(U(0), 0)]),
    "a fraction that does not move": ("l != 0", exp(T) + 1 / L, [rate(exp(T))]),
    "a logarithm that does not move": ("e != 0", exp(T) + log(E), [rate(exp(T))]),
    "an integral from nowhere": (
        "x - 1 != 0 for x between 0 and t",
        Integral(1 / (X - 1) ** 2, (X, 0, T)),
        [rate(1 / (T - 1) ** 2)],
    ),
    "an integral without an end": (
        "Integral(1/sqrt(x**2 + 1), (x, -oo, t)) exists",
        Integral(1 / sqrt(1 + X**2), (X, -oo, T)),
        [rate(1 / sqrt(1 + T**2))],
    ),
}


@pytest.mark.parametrize("kind", CONDITIONS)
def test_what_may_be_undefined_is_a_condition(kind: str) -> None:
    condition, value, equations = CONDITIONS[kind]
    verdict = claimed(U(T), value, *equations).verify()
    assert verdict.status == "proved"
    assert condition in verdict.conditions


def test_what_the_assumptions_keep_from_zero_is_none() -> None:
    value = T / (1 + E) + log(2 + E) + 1 / S(7) + Integral(1 / (X + 2), (X, 0, 1))
    verdict = claimed(U(T), value, Equation((1 + E) * U(T).diff(T), 1)).verify()
    assert verdict.status == "proved"
    assert verdict.conditions == ()


@pytest.mark.parametrize("ends", [(-1, 1), (1, -1), (-1, 0), (0, Rational(1, 7))], ids=str)
def test_an_integral_over_a_pole_is_refused_whichever_end_comes_first(ends: Any) -> None:
    reason = claimed(U(T), T + Integral(1 / L, (L, *ends)), rate(1)).verify().reason
    assert "the integral does not exist: l vanishes" in reason


IN_ITSELF = [
    (U(T), U(T) + 1, [rate(U(T).diff(T))]),
    (U(T), U(0) * exp(T), [rate(U(T))]),
    (Tuple(U(T), W(T)), Tuple(W(T), U(T)), [Equation(U(T), W(T))]),
    (X, X + L, [Equation(X, X)]),
]


@pytest.mark.parametrize(("lhs", "rhs", "equations"), IN_ITSELF, ids=str)
def test_a_value_in_terms_of_an_unknown_is_refused(lhs: Any, rhs: Any, equations: list[Equation]) -> None:
    """Put in for it, u(t) = u(t) + 1 would satisfy u' = u'."""
    with pytest.raises(ValueError, match=r"mine\.c: lhs = .*: rhs = .* holds it; give its value in other letters"):
        claimed(lhs, rhs, *equations)


OF_OTHERS = [(U(T), T**5, Equation(L, L)), (U(T), T**5, Equation(W(T), W(T))), (X, L, Equation(U(T), U(T)))]


@pytest.mark.parametrize(("lhs", "rhs", "equation"), OF_OTHERS, ids=str)
def test_equations_that_do_not_hold_the_unknown_are_refused(lhs: Any, rhs: Any, equation: Equation) -> None:
    with pytest.raises(ValueError, match="no equation of satisfies holds it; state one that does"):
        claimed(lhs, rhs, equation)


def test_a_name_that_cancels_in_letters_is_defined_all_the_same() -> None:
    """y/A = xy for A = 1/x says nothing of x = 0, and 1/B = 0 for B = 1/0 nothing at all."""
    chapter = Chapter("mine", "Mine", LETTERS)
    a = chapter.define("a", "A", 1 / X, says="A fraction.")
    found = chapter.claim("cancels", L / a, L * X, says="It cancels.").verify()
    assert (found.status, found.conditions) == ("proved", ("x != 0",))
    n = chapter.define("n", "N", 2 * X + 1, says="What divides.")
    found = chapter.claim("divides", (2 * X + 1) / n, 1, says="It divides.").verify()
    assert (found.status, found.conditions) == ("proved", ("n != 0",))
    b = chapter.define("b", "B", 1 / NOTHING, says="It has no value.")
    assert chapter.claim("nowhere", 1 / b, NOTHING, says="It has none.").verify().status == "undecided"
