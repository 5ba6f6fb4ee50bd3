"""The prover's table of functions and the checker's agree: each function's certificate is accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from sympy import symbols

from modeflow import recheck
from modeflow.proof.examine import examine

x = symbols("x", real=True)
a = symbols("a", positive=True)

WITHIN = a / (1 + a)  # between 0 and 1
BEYOND = 1 + a
ARGUMENTS = {
    **dict.fromkeys(("log", "csch", "coth", "csc", "cot", "acot", "acsch"), a),
    **dict.fromkeys(("asin", "acos", "atanh", "asech"), WITHIN),
    **dict.fromkeys(("acosh", "acoth", "acsc", "asec"), BEYOND),
}
OTHERS = {"besseli", "besselk", "transpose"}  # of more arguments, or of matrices
NAMES = sorted({name for name in recheck.FUNCTIONS if hasattr(sympy.functions, name)} - OTHERS)


def test_no_function_of_the_checker_is_left_out() -> None:
    assert len(NAMES) == 26
    assert set(ARGUMENTS) < set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_certified_and_accepted(name: str) -> None:
    """The square of the function plus one, minus it: the value of the function does not cancel before it is needed."""
    value: Any = getattr(sympy, name)(ARGUMENTS.get(name, x))
    verdict = examine((value + 1) ** 2, value**2 + 2 * value + 1)
    assert verdict.status == "proved"
    certificate: Any = json.loads(json.dumps(verdict.certificate))
    assert name in [node[0] for node in certificate["nodes"]], certificate["nodes"]
    recheck.recheck(certificate)


@pytest.mark.parametrize("name", ["acosh", "asin", "acos"])
def test_an_argument_that_may_lie_on_a_cut_has_no_certificate(name: str) -> None:
    value: Any = getattr(sympy, name)(x)
    certificate = examine((value + 1) ** 2, value**2 + 2 * value + 1).certificate
    assert certificate is None or "unchecked" in certificate
