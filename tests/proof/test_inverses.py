"""Identities that rest on an inverse, for matrices of any size, each beside one that is false."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Identity, MatrixSymbol, Symbol

from modeflow import prove
from modeflow.language.matrices import SymmetricSymbol

n, m = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, positive=True)
r = Symbol("r", positive=True)
S, A, B = SymmetricSymbol("S", n, n), MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
U, V = MatrixSymbol("U", n, m), MatrixSymbol("V", m, n)
I, W = Identity(n), (S + r * Identity(n)).I

PAIRS = {
    "what is kept": (W * S, I - r * W, I + r * W),
    "on the other side": (S * W, I - r * W, r * W - I),
    "it commutes": (W * S, S * W, r * S * W),
    "within": (S * W * S, S - r * S * W, S - S * W),
    "and again": (W * W * S, W - r * W * W, W - r * W),
    "of a sum": ((A + B).I * A, I - (A + B).I * B, I - B * (A + B).I),
    "difference of inverses": (A.I - B.I, A.I * (B - A) * B.I, A.I * (A - B) * B.I),
    "pushed through": ((I + U * V).I * U, U * (Identity(m) + V * U).I, U * (Identity(m) - V * U).I),
    "of a product": ((A * B).I * A, B.I, A.I),
    "Woodbury": ((I + U * V).I, I - U * (Identity(m) + V * U).I * V, I + U * (Identity(m) + V * U).I * V),
}


@pytest.mark.parametrize("name", PAIRS)
def test_an_identity_with_an_inverse_is_proved_and_its_like_refuted(name: str) -> None:
    left, right, wrong = PAIRS[name]
    found = prove(left, right)
    assert (found.status, found.provisos) == ("proved", ())
    assert found.method.startswith("matrix words")
    assert prove(left, wrong).status == "refuted"


@pytest.mark.parametrize(("left", "right"), [(W * A, A * W), (A.I * B, B * A.I), ((A + B).I, A.I + B.I)], ids=str)
def test_letters_that_need_not_commute_do_not(left: Any, right: Any) -> None:
    assert prove(left, right).status == "refuted"


def test_the_proof_says_that_no_certificate_repeats_it() -> None:
    certificate = prove(W * S, I - r * W).certificate
    assert certificate is not None
    assert "inverse" in certificate["unchecked"]


def test_an_inverse_of_what_never_has_one_confirms_nothing() -> None:
    nothing = (A - A.T).I  # of odd size it is singular
    assert not prove(nothing * A, I + nothing * A.T)
