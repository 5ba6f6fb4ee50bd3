"""Assumptions that no value can be held against, functions that cannot jump, branches by number, and odd shapes."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import sympy
from sympy import (
    Derivative,
    Eq,
    Function,
    I,
    Identity,
    LambertW,
    MatrixSymbol,
    Piecewise,
    Rational,
    Symbol,
    Trace,
    conjugate,
    exp,
    log,
    symbols,
)

import modeflow.proof.assumptions
from modeflow import prove
from modeflow.language.matrices import NoiseAverage, SymmetricSymbol
from modeflow.proof import enclosures, matrix_instances
from modeflow.proof.examine import examine

ladder = sys.modules[examine.__module__]  # `modeflow.prove` is the function

x, y = symbols("x y", real=True)
q = Symbol("q", positive=True)
N, M = symbols("N M", integer=True, positive=True)


# --- symbols ------------------------------------------------------------------------------------------------

E, H, A = Symbol("E", extended_real=True), Symbol("H", hermitian=True), Symbol("A", antihermitian=True)


@pytest.mark.parametrize(
    ("left", "right", "relation", "reason"),
    [
        (exp(E), 0, ">", "E may be infinite"),
        (1 / Symbol("F", extended_positive=True), 0, ">", "F may be infinite"),
        (Symbol("F", noninteger=True) ** 2, 0, ">", "F may be infinite"),
        (Symbol("F", infinite=True), 1, "=", "F is declared infinite"),
        (conjugate(H), H, "=", "H is declared hermitian"),
        (conjugate(A), -A, "=", "A is declared antihermitian"),
        (Symbol("T", transcendental=True), 1, "=", "T is declared transcendental"),
        (Symbol("T", irrational=True) ** 2, 2, "=", "T is declared irrational"),
        (Symbol("P", polar=True), 1, "=", "P is declared polar"),
        (Symbol("K", extended_real=False), 1, "=", "not extended_real"),
        (Function("h", hermitian=True)(x), 1, "=", "h is declared hermitian"),
        (Function("h", extended_real=True)(x) ** 2, 0, ">=", "h may be infinite"),
    ],
    ids=str,
)
def test_what_is_not_checked_of_a_value_is_refused_by_name(left: Any, right: Any, relation: str, reason: str) -> None:
    verdict = prove(left, right, relation=relation)
    assert verdict.status == "undecided"
    assert reason in verdict.reason


def test_without_the_refusal_the_wrong_verdicts_return(monkeypatch: pytest.MonkeyPatch) -> None:
    def leniently(value: Any, symbol: Any) -> bool:
        return all(getattr(value, f"is_{k}", None) in (v, None) for k, v in symbol.assumptions0.items() if v)

    monkeypatch.setattr(modeflow.proof.assumptions, "_refused", lambda given: "")
    monkeypatch.setattr("modeflow.proof.sample_points.satisfies", leniently)
    assert examine(conjugate(H), H).status == "refuted"
    assert examine(exp(E), sympy.S.Zero, ">").status == "proved"


@pytest.mark.parametrize("given", ["real", "positive", "imaginary", "prime", "nonzero", "algebraic", "finite", "even"])
def test_known_kinds_are_not_refused(given: str) -> None:
    s = Symbol("s", **{given: True})
    assert prove((s + 1) ** 2, s**2 + 2 * s + 1).status == "proved"
    assert prove(s, s + 1).status == "refuted"


# --- functions ----------------------------------------------------------------------------------------------

nonzero, whole, imaginary = Function("h", nonzero=True), Function("g", integer=True), Function("u", imaginary=True)
counted, positive, real = Function("k", nonnegative=True), Function("m", positive=True), Function("r", real=True)


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        (nonzero(x) * nonzero(y), 0, ">"),
        (nonzero(0) * nonzero(1), 0, ">"),
        (whole(x), whole(y), "="),
        (Function("g", even=True)(x), Function("g", even=True)(2), "="),
        (imaginary(x) * imaginary(y), 0, "="),
        (Function("g", rational=True)(x), Function("g", rational=True)(y), "="),
    ],
    ids=str,
)
def test_a_continuous_function_does_not_jump(left: Any, right: Any, relation: str) -> None:
    verdict = prove(left, right, relation=relation)
    assert verdict.status == "undecided"
    assert "at different arguments depend on each other" in verdict.reason


def test_without_that_a_jump_is_a_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "dependent", lambda *sides: "")
    assert examine(nonzero(x) * nonzero(y), sympy.S.Zero, ">").status == "refuted"


def test_values_of_one_sign_are_independent() -> None:
    assert prove(positive(x) * positive(y), 0, relation=">").status == "proved"
    assert prove(positive(x), positive(y)).status == "refuted"
    assert prove(nonzero(x) ** 2, 0, relation=">").status == "proved"
    assert prove(nonzero(x) + nonzero(y), nonzero(y) + nonzero(x)).status == "proved"


def test_where_a_function_is_least_its_slope_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    slope_at_zero = Piecewise((Derivative(counted(x), x), Eq(counted(x), 0)), (0, True))
    assert examine(slope_at_zero, sympy.S.Zero).status == "undecided"
    assert examine(counted(x) * Derivative(counted(x), x), sympy.S.One).status == "refuted"
    monkeypatch.setattr("modeflow.proof.unknown_functions._touching_zero", lambda names: [])
    assert examine(slope_at_zero, sympy.S.Zero).status == "refuted"


def test_the_slope_of_a_real_function_of_a_complex_number_is_not_free() -> None:
    z = Symbol("z")
    assert prove(Derivative(real(z), z), 0).status == "undecided"
    assert prove(Derivative(real(x), x), 0).status == "refuted"


# --- branches -----------------------------------------------------------------------------------------------


def test_the_branch_of_the_product_logarithm_is_a_whole_number() -> None:
    below = -(1 + q) * exp(-1 - q)
    assert prove(LambertW(below, -1), -1 - q).status == "proved"
    assert prove(LambertW(q * exp(q)), q).status == "proved"
    assert prove(LambertW(below), -1 - q).status == "refuted"
    assert prove(LambertW(q, 1), LambertW(q, -1)).status == "refuted"
    assert prove(LambertW(x * exp(x)), x).status == "refuted"
    assert prove(LambertW(-exp(-1 - q), 1), LambertW(-exp(-1 - q), 0)).status == "undecided"  # on the cut
    assert prove(LambertW(q, N), LambertW(q, -N)).status == "refuted"
    assert prove(LambertW(q, x), LambertW(q, x + 1)).status == "refuted"  # at the whole x
    assert prove(LambertW(q, q / (1 + q)), 0).status == "undecided"


@pytest.mark.parametrize("branch", [0, -1, 1, 2, -3])
@pytest.mark.parametrize("argument", [Rational(-1, 5), Rational(3, 2), -2 + I, -1 - I / 3])
def test_each_branch_has_its_values(branch: int, argument: Any) -> None:
    import mpmath

    try:
        found = enclosures.enclose(LambertW(q * argument, branch), enclosures.Point({q: sympy.Integer(1)}), 128)
    except enclosures.OnBranchCut:
        assert argument == Rational(-1, 5)
        assert branch not in (0, -1)
        return
    expected = mpmath.lambertw(mpmath.mpmathify(complex(argument)), branch)
    assert abs(complex(found.real.mid(), found.imag.mid()) - complex(expected)) < 1e-12


def test_a_function_of_an_unknown_number_of_arguments_has_no_ball() -> None:
    with pytest.raises(enclosures.NotEvaluable):
        enclosures.enclose(log(q, 2, evaluate=False), enclosures.Point({q: sympy.Integer(3)}), 128)
    assert prove(log(q, 2, evaluate=False), log(q) / log(2)).status == "proved"


# --- shapes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(N + 1, N), (2 * M, M), (M - N, N + 2), (N, 3), (Symbol("L", even=True) + 1, N)])
def test_shapes_may_be_sums_and_multiples(shape: Any) -> None:
    A = MatrixSymbol("A", *shape)
    assert prove(Trace(A.T * A), Trace(A * A.T)).status == "proved"
    assert prove(Trace(A.T * A) * Trace(Identity(shape[1])), shape[1] * Trace(A * A.T)).status == "proved"
    assert prove(Trace(A.T * A), 2 * Trace(A * A.T)).status == "refuted"


def test_shapes_that_no_small_matrix_has_prove_nothing() -> None:
    A = MatrixSymbol("A", N + 100, N)
    assert prove(Trace(A.T * A), Trace(A * A.T)).status == "undecided"


noise, C, X = MatrixSymbol("eta", N, M), SymmetricSymbol("C", N, N), MatrixSymbol("X", M, N)


@pytest.mark.parametrize(
    "scalar",
    [
        Trace(noise * noise.T) ** 2,
        Trace(noise * X * noise * X * noise * X),
        Trace(noise * X) ** 3,
        1 / (1 + Trace(noise * noise.T)),
    ],
    ids=str,
)
def test_moments_beyond_the_covariance_are_not_known(scalar: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in (0, (M * Trace(C)) ** 2 + 2 * M * Trace(C * C)):
        assert prove(NoiseAverage(scalar, noise, C), other).status == "undecided"
    monkeypatch.setattr(matrix_instances, "_degree", lambda *of: 2)
    monkeypatch.setattr(matrix_instances, "_is_polynomial", lambda *of: True)
    assert examine(NoiseAverage(scalar, noise, C), sympy.S.One).status == "refuted"


def test_second_moments_are_known() -> None:
    assert prove(NoiseAverage(Trace(noise * noise.T), noise, C), M * Trace(C)).status == "proved"
    assert prove(NoiseAverage(Trace(noise * noise.T), noise, C), M * Trace(C) + 1).status == "refuted"


def test_a_length_that_is_text_is_refused_and_not_run() -> None:
    with pytest.raises(sympy.SympifyError):
        matrix_instances._length("(lambda: 3)()")
    assert sympy.sympify("(lambda: 3)()") == 3  # what SymPy does with text that it is not told to refuse
    assert matrix_instances._length(3) == 3
