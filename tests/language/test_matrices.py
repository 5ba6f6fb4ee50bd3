"""Words for any dimensions, against explicit matrices, against averages done by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from sympy import Identity, MatrixSymbol, Rational, Trace, Transpose, ZeroMatrix, symbols

from modeflow import prove
from modeflow.language.matrices import (
    DiagonalEntry,
    DiagonalSymbol,
    MatrixGradient,
    NoiseAverage,
    NotWords,
    OrthogonalSymbol,
    SymmetricSymbol,
    entries,
    normal_form,
    squared_norm,
)
from modeflow.proof.enclosures import NotEvaluable
from modeflow.proof.matrix_instances import Instance, differ, evaluate

D, H, N = symbols("D H N", integer=True, positive=True)
s, l, m = symbols("s l m", real=True)
A, B = MatrixSymbol("A", D, H), MatrixSymbol("B", H, D)
X, eta = MatrixSymbol("X", D, N), MatrixSymbol("eta", D, N)
S, C = SymmetricSymbol("S", D, D), SymmetricSymbol("C", D, D)
V = OrthogonalSymbol("V", D, D)
L1, L2 = DiagonalSymbol("L1", D, H), DiagonalSymbol("L2", H, D)

TRUE = [
    (Transpose(A * B), Transpose(B) * Transpose(A)),
    (V * V.T, Identity(D)),
    (V.T * S * V * V.T * S * V, V.T * S * S * V),
    (Trace(A * B), Trace(B * A)),
    (Trace(V * S * V.T), Trace(S)),
    (squared_norm(V * A), squared_norm(A)),
    (MatrixGradient(squared_norm(A), A), 2 * A),
    (MatrixGradient(Trace(A * B), A), B.T),
    (MatrixGradient(Trace(S * A * A.T), A), 2 * S * A),
    (MatrixGradient(Trace(A * B) ** 2, A), 2 * Trace(A * B) * B.T),
    (NoiseAverage(Trace(eta * eta.T), eta, C), N * Trace(C)),
    (NoiseAverage(Trace(eta.T * S * eta), eta, C), N * Trace(S * C)),
    (NoiseAverage(Trace(X.T * eta), eta, C), 0),
    (NoiseAverage(Trace(eta * X.T * eta * X.T), eta, C), Trace(C * X * X.T)),
    (NoiseAverage(squared_norm(X + eta), eta, s**2 * Identity(D)), squared_norm(X) + N * D * s**2),
    (DiagonalEntry(L1 * L2 * L1, entries([(L1, l), (L2, m)])), l**2 * m),
    (A - A, ZeroMatrix(D, H)),
    (MatrixGradient(Trace((A.T * A) ** 3), A), 6 * A * A.T * A * A.T * A),
    (MatrixGradient(Trace(A.T * A) ** 4, A), 8 * Trace(A.T * A) ** 3 * A),
]
FALSE = [
    (A * B * A * B, B.T * A.T * A * B),
    (V * V, Identity(D)),
    (Trace(S * C), Trace(S) * Trace(C)),
    (squared_norm(S), Trace(S)),
    (MatrixGradient(squared_norm(A), A), A),
    (MatrixGradient(Trace(S * A * A.T), A), S * A),
    (NoiseAverage(Trace(eta * eta.T), eta, C), Trace(C)),
    (NoiseAverage(Trace(eta * X.T * eta * X.T), eta, C), Trace(X * X.T * X * X.T)),
    (NoiseAverage(squared_norm(X + eta), eta, s**2 * Identity(D)), squared_norm(X) + N * s**2),
    (DiagonalEntry(L1 * L2, entries([(L1, l), (L2, m)])), l + m),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_true_matrix_identities_are_proved(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert verdict.status == "proved", verdict
    assert verdict.method == "matrix words"


@pytest.mark.parametrize(("left", "right"), FALSE, ids=str)
def test_false_matrix_identities_are_refuted_on_explicit_matrices(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert verdict.status == "refuted", verdict


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (NoiseAverage(Trace(eta * eta.T) ** 2, eta, C), "moments beyond the covariance"),
        (NoiseAverage(Trace(eta * eta.T * eta * eta.T), eta, C), "moments beyond the covariance"),
        (MatrixGradient(Trace(S * S), S), "without constraints"),
        (DiagonalEntry(A * B, entries([(A, l), (B, m)])), "not declared diagonal"),
        (Trace(S**17), "only powers from 0 to 16"),
    ],
    ids=str,
)
def test_what_words_cannot_say_is_refused_with_a_reason(statement: Any, reason: Any) -> None:
    with pytest.raises(NotWords, match=reason):
        normal_form(statement)
    assert prove(statement, 0).status != "proved"


def test_the_noise_average_is_that_of_explicit_noise() -> None:
    """The mean of |(X + η)ᵀ M|² over four signs, counted out with NumPy, against the instance evaluator."""
    M = MatrixSymbol("M", D, D)
    statement = NoiseAverage(squared_norm(M * (X + eta)), eta, s**2 * Identity(D))
    x, mm, scale = np.array([[1, 2], [3, -1]]), np.array([[2, 1], [0, -3]]), 2
    at = Instance({D: 2, N: 2, X: fmpq_mat(x.tolist()), M: fmpq_mat(mm.tolist()), eta: fmpq_mat(2, 2), s: fmpq(scale)})
    signs = [np.reshape(c, (2, 2)) * scale for c in itertools.product((-1, 1), repeat=4)]
    counted = np.mean([np.sum((mm @ (x + e)) ** 2) for e in signs])
    assert evaluate(statement, at) == fmpq(int(counted))


def test_a_number_and_a_matrix_differ_unless_the_matrix_is_that_multiple_of_the_identity() -> None:
    assert not differ(fmpq_mat(2, 2, [3, 0, 0, 3]), fmpq(3))
    assert differ(fmpq_mat(2, 2, [3, 0, 0, 4]), fmpq(3))


def test_expressions_without_exact_values_are_not_evaluated() -> None:
    with pytest.raises(NotEvaluable):
        evaluate(Trace(S) ** Rational(1, 2), Instance({D: 1, S: fmpq_mat(1, 1, [2])}))


def test_the_values_of_an_instance_are_told_in_the_order_of_their_names() -> None:
    told = Instance({s: fmpq(1, 2), D: 3, A: fmpq_mat(1, 2, [4, 1])}).text()
    assert list(told.items()) == [("A", "[[4, 1]]"), ("D", "3"), ("s", "1/2")]
