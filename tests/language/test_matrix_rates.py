"""Rates of matrices, inverses and letters that commute: what is true is proved, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Identity, Inverse, MatrixSymbol, Trace, ZeroMatrix, symbols

from modeflow import prove
from modeflow.language.matrices import (
    DiagonalSymbol,
    MatrixGradient,
    NoiseAverage,
    NotWords,
    OrthogonalSymbol,
    SymmetricSymbol,
    normal_form,
    squared_norm,
)
from modeflow.language.matrix_rates import rate_of_matrix, without_rates
from modeflow.recheck import Refused, recheck

D, H = symbols("D H", integer=True, positive=True)
g = symbols("g", real=True)
A, C, Z = MatrixSymbol("A", D, D), MatrixSymbol("C", D, D), MatrixSymbol("Z", D, H)
S, V = SymmetricSymbol("S", D, D), OrthogonalSymbol("V", D, D)
G, B, E, K = (DiagonalSymbol(name, D, D) for name in "GBEK")
L1, L2 = DiagonalSymbol("L1", D, H), DiagonalSymbol("L2", H, D)
I = Identity(D)

inverse = Inverse(Identity(H) + Z.T * K * Z)
P = E * Z * inverse * Z.T * E
moving = {E: G * E, K: 2 * B * E**2}
# The rules themselves, and the theorem that rests on them.
TRUE = [
    (G * B * E, E * G * B),
    (Z.T * G * B * Z, Z.T * B * G * Z),
    (Trace(G * S * B), Trace(B * G * S)),
    (Trace(E * A * G * B * C), Trace(B * C * E * A * G)),
    (Trace(E * G), Trace(G * E)),
    (Inverse(Identity(H) + Z.T * S * Z).T, Inverse(Identity(H) + Z.T * S * Z)),
    (Inverse(A).T * A, (A.T * Inverse(A)).T),
    (Inverse(I), I),
    (Inverse(I + ZeroMatrix(D, D)), I),
    (rate_of_matrix(A * C, {A: C, C: g * A}), C * C + g * A * A),
    (rate_of_matrix(A.T * A, {A: S * A}), 2 * A.T * S * A),
    (rate_of_matrix(A**3, {A: C}), C * A**2 + A * C * A + A**2 * C),
    (rate_of_matrix(Inverse(A), {A: C}), -Inverse(A) * C * Inverse(A)),
    (rate_of_matrix(Inverse(A + S), {S: I}), -Inverse(A + S) * Inverse(A + S)),
    (rate_of_matrix(C, {A: I}), ZeroMatrix(D, D)),
    (rate_of_matrix(P, moving), G * P + P * G - 2 * P * B * P),
    (rate_of_matrix(E**2, {E: G * E}), 2 * G * E**2),
]
FALSE = [
    (G * A, A * G),
    (G * S * B, B * S * G),
    (L1 * L2 * A, A * L1 * L2),
    (Trace(E * A * G * C), Trace(G * A * E * C)),
    (Inverse(A).T, Inverse(A)),
    (Inverse(A) * C, C * Inverse(A)),
    (Inverse(A + C), Inverse(A) + Inverse(C)),
    (rate_of_matrix(A * C, {A: C, C: A}), C * C),
    (rate_of_matrix(A**2, {A: C}), 2 * A * C),
    (rate_of_matrix(Inverse(A), {A: C}), Inverse(A) * C * Inverse(A)),
    (rate_of_matrix(Inverse(A), {A: C}), -(Inverse(A) ** 2) * C),
    (rate_of_matrix(P, moving), G * P + P * G + 2 * P * B * P),
    (rate_of_matrix(P, moving), G * P + P * G - P * B * P),
    (rate_of_matrix(P, moving), 2 * G * P - 2 * P * B * P),
    (rate_of_matrix(P, moving), G * P + P * G - 2 * B * P * P),
    (rate_of_matrix(P, {E: G * E, K: B * E**2}), G * P + P * G - 2 * P * B * P),
    (rate_of_matrix(P, {E: B * E, K: 2 * B * E**2}), G * P + P * G - 2 * P * B * P),
    (rate_of_matrix(P, {E: G * E, K: 2 * B * E}), G * P + P * G - 2 * P * B * P),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_what_is_true_is_proved_and_rechecked(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert verdict.status == "proved", verdict
    recheck(verdict.certificate)


@pytest.mark.parametrize(("left", "right"), FALSE, ids=str)
def test_what_is_false_is_refuted_on_explicit_matrices(left: Any, right: Any) -> None:
    verdict = prove(left, right)
    assert verdict.status == "refuted", verdict
    assert verdict.witness is not None


def test_a_certificate_of_commuting_letters_does_not_hold_for_others() -> None:
    certificate = dict(prove(G * B * Z, B * G * Z).certificate or {})
    recheck(certificate)
    certificate["nodes"] = [
        [part if part != "square diagonal" else "symmetric" for part in node] for node in certificate["nodes"]
    ]
    with pytest.raises(Refused):
        recheck(certificate)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (MatrixGradient(Trace(Inverse(I + A.T * A)), A), "A in an inverse"),
        (NoiseAverage(squared_norm(Inverse(I + A.T * A)), A, S), "A in an inverse"),
        (rate_of_matrix(V, {V: A}), "would not stay what it is"),
        (rate_of_matrix(S, {S: A * S}), "would not stay what it is"),
        (rate_of_matrix(G, {G: A}), "would not stay what it is"),
        (rate_of_matrix(G, {G: L1 * Z.T}), "would not stay what it is"),
        (rate_of_matrix(Trace(A) * A, {A: C}), "the rate of the scalar"),
        (rate_of_matrix(Inverse(A) ** 20, {A: C}), "the rate of such an expression"),
    ],
    ids=str,
)
def test_what_has_no_rule_is_refused(statement: Any, reason: str) -> None:
    with pytest.raises(NotWords, match=reason):
        normal_form(without_rates(statement))
    assert prove(statement, ZeroMatrix(D, D) if getattr(statement, "is_Matrix", False) else 0).status != "proved"
