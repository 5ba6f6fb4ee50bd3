"""Integrals in manuscripts: what may jump is never proved, and a check for it that always agrees is seen to fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import Abs, Expr, Integer, Symbol, atan, cos, log, sqrt, tan

from modeflow.manuscript import check, configuration
from modeflow.manuscript.judge import integrals
from modeflow.manuscript.judge.singularities import Kind, NotKnown, singular

X, A, Y = Symbol("x", real=True), Symbol("a", real=True), Symbol("y", positive=True)
# The same derivative on both sides, the same value where the integral is empty, and a jump between.
JUMPS = (
    r"\int_{b}^{a} \frac{-ds}{1+s^2} = \arctan(1/a)-\arctan(1/b)",
    r"\int_0^a s\,ds=\frac{a^2}{2}+1+\frac{a-1}{|a-1|}",
    r"\int_{-1}^{a} s\,ds = \frac{a^2-1}{2}+\ln\left(2+\frac{|a|}{a}\right)",
    r"\int_0^a \frac{s^2-1}{s-1}ds=\frac{a^2}{2}+a+1+\frac{a-1}{\sqrt{(a-1)^2}}",
)


def verdict(folder: Path, tex: str) -> str:
    paper = folder / "paper.tex"
    paper.write_text(f"% modeflow: prove\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([paper], configuration({"notation": "pretorius2018"}, "test"), jobs=1)
    return found.verdict


@pytest.mark.costly
@pytest.mark.parametrize("tex", JUMPS)
def test_what_jumps_between_the_ends_is_no_integral(tmp_path: Path, tex: str) -> None:
    assert verdict(tmp_path, tex) != "ok"


@pytest.mark.parametrize("tex", JUMPS)
def test_without_the_check_for_jumps_they_would_pass(tmp_path: Path, tex: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrals._Search, "_continuous", lambda *_: True)
    assert verdict(tmp_path, tex) == "ok"


@pytest.mark.parametrize(
    ("expression", "kinds"),
    [
        (1 / X, {X: Kind.POLE}),
        (log(Abs(X)), {Abs(X): Kind.POLE}),
        (log(Abs(X) / A), {Abs(X) / A: Kind.POLE}),
        (log(2 + Abs(X)), {2 + Abs(X): Kind.POLE, X: Kind.KINK}),
        (Abs(X - 1), {X - 1: Kind.KINK}),
        (sqrt(X + A), {X + A: Kind.KINK}),
        (atan(1 / X), {X: Kind.JUMP}),
        (1 / sqrt(X), {X: Kind.JUMP}),
        (log(log(Y)), {log(Y): Kind.POLE, Y: Kind.JUMP}),
        (tan(X) / A, {cos(X): Kind.JUMP}),
        (atan(X) + 1 / A, {}),
    ],
)
def test_where_a_function_is_singular(expression: Expr, kinds: dict[Expr, Kind]) -> None:
    assert dict(singular(expression, Y if expression.has(Y) else X)) == kinds


def test_of_other_functions_nothing_is_known() -> None:
    with pytest.raises(NotKnown):
        list(singular(Integer(2) * log(log(Symbol("z")) * X), X))


def test_the_place_at_which_a_wrong_integral_differs_is_named(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("% modeflow: prove\n\\[ \\int_a^b x\\,dx = b^2-a^2 \\]\n", encoding="utf-8")
    (found,) = check([paper], configuration({"notation": "pretorius2018"}, "test"), jobs=1)
    assert found.verdict == "wrong"
    assert "the derivatives of the two sides differ where the integral is empty" in found.message
    assert "a = -1, b = -1" in found.message
