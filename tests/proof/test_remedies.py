"""Every reason for which a statement stays undecided says what would help."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sympy import Abs, Function, S, Symbol, acosh, asin, atan, exp, gamma, log, sign, sqrt

import modeflow
from modeflow import prove
from modeflow.proof.remedies import remedy

x, p = Symbol("x", real=True), Symbol("p", positive=True)
RAISED = {"OutsideTower", "NotWords", "NotEvaluable", "ZeroDenominator", "NotPlain", "UnknownAssumption"}
APART = {"manuscript", "witness", "cli", "export"}


def _text(node: ast.expr) -> str:
    """A message as far as it is written in the source."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""


def _reasons() -> Iterator[tuple[str, str]]:
    package = Path(modeflow.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in APART:
            continue
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            given = [k.value for k in call.keywords if k.arg in ("reason", "refused")]
            messages = call.args[:1] if name in RAISED else given if name in ("Verdict", "Support") else []
            yield from (
                (f"{path.name}:{call.lineno}", text) for text in map(_text, messages) if re.search("[a-z]{4}", text)
            )


REASONS = list(_reasons())


@pytest.mark.parametrize(("where", "text"), REASONS, ids=[where for where, _ in REASONS])
def test_every_reason_in_the_source_has_a_remedy(where: str, text: str) -> None:
    assert remedy(text), f"{where}: {text!r}"


def test_the_reasons_are_found_in_the_source_and_others_have_no_remedy() -> None:
    assert len(REASONS) > 40
    assert {where.partition(":")[0] for where, _ in REASONS} >= {
        "prove.py",
        "worker.py",
        "matrices.py",
        "conversion.py",
    }
    assert remedy("because it is so") == ""


@pytest.mark.parametrize(
    ("left", "right", "helps"),
    [
        (sign(p - 1) ** 2 * (p - 1), p - 1, "state each piece on its own"),
        (asin(x), atan(x / sqrt(1 - x**2)), "given="),
        (S.NaN, x, "take the limit first"),
        (acosh(x), log(x + sqrt(x**2 - 1)) + 0 * x, "given="),
        (x + 10**4000, x, "put a symbol in the place of the number"),
        (Function("f")(x, Function("f")(x)), x, "put symbols in the place"),
        (exp(x) * gamma(x) - Abs(gamma(x)), Symbol("H", hermitian=True), "declare"),
    ],
    ids=str,
)
def test_what_would_help_is_said(left: object, right: object, helps: str) -> None:
    found = prove(left, right)
    assert found.status == "undecided", found
    assert "; what would help: " in found.reason
    assert helps in found.reason
