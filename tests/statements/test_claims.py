"""Claims, chapters and alphabets: what they accept, what they refuse, and by which name."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Add, Derivative, Mul, S, Symbol, Tuple, exp

from modeflow import Alphabet, Chapter, Claim, Equation, UndeclaredSymbol


@pytest.fixture
def alphabet() -> Any:
    letters = Alphabet()
    letters.scalar("r", "r", "rate", positive=True)
    letters.scalar("t", "t", "time", nonnegative=True)
    letters.scalar("s", "s", "start", real=True)
    letters.function("f", "f", "a growing quantity", real=True)
    letters.function("g", "g", "another one", real=True)
    return letters


@pytest.fixture
def chapter(alphabet: Any) -> Any:
    return Chapter("growth", "Growth", alphabet, source="nobody")


def symbols_of(alphabet: Any) -> Any:
    return [alphabet.quantities[name].symbol for name in "rtsfg"]


def test_a_solution_is_proved_by_its_equation_and_its_start(chapter: Any, alphabet: Any) -> None:
    r, t, s, f, _ = symbols_of(alphabet)
    equations = [Equation(f(t).diff(t), r * f(t), "rate"), Equation(f(0), s, "initial value")]
    claim = chapter.claim("solution", f(t), s * exp(r * t), satisfies=equations, says="It grows.")
    assert [o.name for o in claim.obligations()] == ["rate", "initial value"]
    assert claim.verify().status == "proved"
    wrong_start = chapter.claim("start", f(t), 2 * s * exp(r * t), satisfies=equations, says="It grows.")
    assert wrong_start.verify().status == "refuted"
    wrong_rate = chapter.claim("rate", f(t), s * exp(2 * r * t), satisfies=equations, says="It grows.")
    assert wrong_rate.verify().status == "refuted"


def test_a_value_that_cancels_where_it_is_put_in_is_defined_all_the_same(
    chapter: Any, alphabet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For s = 0 the rest value r/s is no number, though r - s (r/s) is 0 at once."""
    r, _, s, _, _ = symbols_of(alphabet)
    w = alphabet.scalar("w", "w", "rest value", real=True)
    rest = chapter.claim("rest", w, r / s, satisfies=[Equation(r - s * w, 0, "rest")], says="It rests there.")
    assert rest.verify().conditions == ("s != 0",)
    positive = chapter.claim("positive", w, s / r, satisfies=[Equation(s - r * w, 0, "rest")], says="It rests there.")
    assert positive.verify().conditions == ()
    monkeypatch.setattr(Claim, "_lost", lambda self, parts: ())
    assert rest.verify().conditions == ()


def test_two_unknowns_are_put_in_together(chapter: Any, alphabet: Any) -> None:
    r, t, s, f, g = symbols_of(alphabet)
    claim = chapter.claim(
        "pair",
        Tuple(f(t), g(t)),
        Tuple(s * exp(r * t), s * r * exp(r * t)),
        satisfies=[Equation(f(t).diff(t), g(t)), Equation(g(0), r * s)],
        says="One is the rate of the other.",
    )
    assert [o.name for o in claim.obligations()] == ["equation 1", "equation 2"]
    assert claim.verify().status == "proved"


def test_an_undeclared_symbol_fails_when_the_chapter_is_built_by_name(chapter: Any, alphabet: Any) -> None:
    stranger = Symbol("stranger", real=True)
    with pytest.raises(UndeclaredSymbol, match=r"growth\.bad uses stranger"):
        chapter.claim("bad", stranger, 0, says="No.")


def test_the_same_name_with_other_assumptions_is_another_symbol(chapter: Any) -> None:
    with pytest.raises(UndeclaredSymbol, match="uses r"):
        chapter.claim("bad", Symbol("r"), 0, says="No.")


def test_ids_are_unique(chapter: Any, alphabet: Any) -> None:
    r = alphabet.quantities["r"].symbol
    chapter.claim("once", r, r, says="Yes.")
    with pytest.raises(ValueError, match=r"growth\.once is stated twice"):
        chapter.claim("once", r, r, says="Yes.")


def test_a_name_is_declared_once(alphabet: Any) -> None:
    with pytest.raises(ValueError, match="r is declared twice"):
        alphabet.scalar("r", "r", "again")


def test_sides_are_expressions_not_text(chapter: Any) -> None:
    with pytest.raises(TypeError, match="made of SymPy expressions"):
        chapter.claim("text", "r + 1", 0, says="No.")


def test_assumptions_are_told_in_words(chapter: Any, alphabet: Any) -> None:
    r, t, *_ = symbols_of(alphabet)
    claim = chapter.claim("told", r * t, t * r, says="Yes.")
    assert claim.assumptions == ("r > 0", "t >= 0")


def test_sides_of_different_length_are_refused(chapter: Any, alphabet: Any) -> None:
    r, t, *_ = symbols_of(alphabet)
    claim = chapter.claim("uneven", Tuple(r, t), Tuple(r), says="No.")
    with pytest.raises(ValueError, match="2 entries on the left, 1 on the right"):
        claim.obligations()


def test_an_unproved_claim_does_not_pass_through_one_proved_equation(chapter: Any, alphabet: Any) -> None:
    r, t, s, f, _ = symbols_of(alphabet)
    claim = chapter.claim(
        "half", f(t), s * exp(r * t), satisfies=[Equation(f(0), s), Equation(Derivative(f(t), t), 0)], says="No."
    )
    assert claim.verify().status == "refuted"


def test_a_closed_form_with_a_common_factor_zero_at_the_start_is_continued(chapter: Any, alphabet: Any) -> None:
    r, t, s, f, _ = symbols_of(alphabet)
    equations = [Equation(Derivative(f(t), t), r * f(t), "rate"), Equation(f(0), s, "initial value")]
    written = Mul(t, s, exp(r * t), 1 / Add(t * r, t, evaluate=False), evaluate=False)
    right = chapter.claim("common", f(t), written * (r + 1), satisfies=equations, says="It grows.")
    assert right.obligations()[1].lhs is S.NaN
    assert right.verify().status == "proved"
    wrong = chapter.claim("common_wrong", f(t), written, satisfies=equations, says="No.")
    assert wrong.verify().status == "refuted"


def test_a_closed_form_that_is_infinite_at_the_start_is_refuted(chapter: Any, alphabet: Any) -> None:
    _, t, s, f, _ = symbols_of(alphabet)
    claim = chapter.claim("pole", f(t), s / t, satisfies=[Equation(f(0), s, "initial value")], says="No.")
    verdict = claim.verify()
    assert verdict.status == "refuted"
    assert verdict.witness is not None
    assert verdict.witness["point"] != {"s": "0"}  # where it would be 0/0, which decides nothing
    hidden_zero = (s + 1) ** 2 - s**2 - 2 * s - 1
    undecided = chapter.claim("hidden", f(t), hidden_zero / t, satisfies=[Equation(f(0), s, "start")], says="No.")
    assert undecided.verify().status == "undecided"
    one = chapter.claim("pole_of_one", f(t), 1 / t, satisfies=[Equation(f(0), s, "initial value")], says="No.")
    assert one.verify().status == "refuted"
    assert one.verify().witness == {"point": {}, "left": "zoo", "right": "s", "relation": "="}
