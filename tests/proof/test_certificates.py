"""Certificates of statements of every kind are accepted by the checker, and say why where there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from sympy import (
    Abs,
    Identity,
    Integer,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    ZeroMatrix,
    besseli,
    besselk,
    exp,
    log,
    sqrt,
    symbols,
    sympify,
)
from sympy.codegen.cfunctions import expm1

from modeflow.language.matrices import (
    DiagonalEntry,
    DiagonalSymbol,
    MatrixGradient,
    NoiseAverage,
    OrthogonalSymbol,
    SymmetricSymbol,
    entries,
)
from modeflow.proof.certificate_point import point_of
from modeflow.proof.certificates import certified_words
from modeflow.proof.examine import examine
from modeflow.recheck import recheck

x, y = symbols("x y", real=True)
a, b, nu = symbols("a b nu", positive=True)
m, n, z = Symbol("m", negative=True), Symbol("n", nonnegative=True), Symbol("z")
D, H, N = symbols("D H N", integer=True, positive=True)
A, B, X = MatrixSymbol("A", D, H), MatrixSymbol("B", H, D), MatrixSymbol("X", D, N)
S, C, V = SymmetricSymbol("S", D, D), SymmetricSymbol("C", D, D), OrthogonalSymbol("V", D, D)
L, M = DiagonalSymbol("L", D, H), DiagonalSymbol("M", H, D)
P, Q = symbols("P Q", commutative=False)
eta = MatrixSymbol("eta", D, N)
half = nu + Rational(1, 2)

CERTIFIED: list[tuple[Any, str, Any]] = [
    ((x + 1) ** 2, "=", x**2 + 2 * x + 1), ((z + 1) * (z - 1), "=", z**2 - 1), (x**2 + 1, ">", 0), (x**2, ">=", 0),
    (a, "!=", 0), (-a, "<", 0), (m, "<=", 0), (a + 1, ">", a), (Abs(x) ** 2, "=", x**2), (Abs(x - y), "=", Abs(y - x)),
    (Abs(x), ">=", x), (sqrt(x**2), "=", Abs(x)), (sqrt(x**2 + y**2), ">=", Abs(x)),
    (a ** Rational(2, 3) * a ** Rational(1, 3), "=", a), (a ** Rational(-3, 2), "=", 1 / (a * sqrt(a))),
    (exp(a), ">", 1), (exp(x) * sympy.E, "=", exp(x + 1)), (a**x * b**x, "=", (a * b) ** x),
    (log(a**2), "=", 2 * log(a)), (2**x, ">", 0), (expm1(x), "=", exp(x) - 1), (x / (x * y), "=", 1 / y),
    (besselk(nu + 1, a) - besselk(nu - 1, a), "=", 2 * nu / a * besselk(nu, a)),
    (besselk(-nu, a), "=", besselk(nu, a)),
    (besselk(half + 1, a) - besselk(half - 1, a), "=", 2 * half / a * besselk(half, a)),
    (besselk(0, a) * besselk(half, a), "=", besselk(0, a) * besselk(-half, a)),
    (besseli(nu - 1, a) - besseli(nu + 1, a), "=", 2 * nu / a * besseli(nu, a)), (besseli(nu, a), ">", 0),
    (P * Q * P - P * (Q * P), "=", 0), ((P + Q) ** 2, "=", P**2 + P * Q + Q * P + Q**2), (log(1 + a), ">", 0),
    (log(2 * exp(a) - 1), ">", 0), (log(1 + n) + a, ">", 0), (A * B * A, "=", A * (B * A)),
    ((A * B).T, "=", B.T * A.T), (Trace(A * B), "=", Trace(B * A)), (A + ZeroMatrix(D, H), "=", A),
    (V * V.T, "=", Identity(D)), (S.T, "=", S), ((S * V) ** 2, "=", S * V * S * V), (Trace(Identity(D)), "=", D),
    (NoiseAverage(Trace(eta * eta.T), eta, C), "=", N * Trace(C)), (MatrixGradient(Trace(A * B), A), "=", B.T),
    (DiagonalEntry(L * M * L, entries([(L, x), (M, y)])), "=", x**2 * y), (x * A + y * A, "=", (x + y) * A),
]  # fmt: skip


@pytest.mark.parametrize(("left", "relation", "right"), CERTIFIED, ids=str)
def test_a_certificate_is_accepted(left: Any, relation: str, right: Any) -> None:
    verdict = examine(sympify(left), sympify(right), relation)
    assert verdict.status == "proved"
    certificate = json.loads(json.dumps(verdict.certificate))
    assert "unchecked" not in certificate
    recheck(certificate)


def test_a_statement_with_a_condition_says_it() -> None:
    certificate: Any = examine(x / (x * y), 1 / y).certificate
    assert certificate["conditions"] == ["y != 0"]


def test_namesakes_have_numbers() -> None:
    certificate: Any = examine(Symbol("x", positive=True) - Symbol("x", negative=True), Integer(0), ">").certificate
    recheck(json.loads(json.dumps(certificate)))
    assert [node[1] for node in certificate["nodes"] if node[0] == "symbol"] == ["x", "x#2"]


def test_what_has_no_certificate_says_why() -> None:
    assert "gamma" in certified_words(sympy.gamma(x) * A, A * sympy.gamma(x))["unchecked"]
    certificate: Any = examine(sqrt(2) + sqrt(3), sympy.pi, ">").certificate
    assert "enclosure" in certificate["unchecked"]


def test_the_point_of_a_certificate_agrees_with_the_statement() -> None:
    def at(relation: str, right: Any, *parts: Any, size: Any = ()) -> Any:
        point = point_of([x, right, *parts], size, (x, right, relation))
        return None if point is None else point.values[x]

    first = at("!=", x + 1)
    assert at("=", first) == first
    assert at("!=", first) != first
    assert at(">=", first) == first
    assert at(">", first) > first
    assert at(">", first + 10**6) is None
    assert at("!=", x + 1, log(x - first)) not in (first, None)
    assert at("!=", x + 1, sympy.zeta(x)) is None
    sized = point_of([D, N], [D - N], (D, N, ">"))
    assert sized is not None
    assert sized.values[D] - sized.values[N] >= 1
