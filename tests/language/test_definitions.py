"""Names: functions of what they depend on, which people read and whatever judges a statement sees unfolded."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest
from sympy import (
    Derivative,
    Function,
    Integer,
    Integral,
    MatrixSymbol,
    Symbol,
    diff,
    exp,
    lambdify,
    latex,
    sqrt,
    symbols,
)

from modeflow import Alphabet, Chapter, Equation, prove
from modeflow.language.definitions import Named, redefined, unfold, used
from modeflow.language.encoding import decode, encode
from modeflow.manuscript.mean.subject import Subject
from modeflow.statements import cache

LETTERS = Alphabet()
lam = LETTERS.scalar("lam", r"\lambda", "eigenvalue", positive=True)
c = LETTERS.scalar("c", "c", "imbalance", real=True)
t = LETTERS.scalar("t", "t", "time", nonnegative=True)
u = LETTERS.function("u", "u", "a path", real=True)


def chapter() -> Chapter:
    return Chapter("own", "Own", LETTERS, source="nobody")


def names() -> tuple[Chapter, Any, Any]:
    """ρ, and E = exp(-ρ t), which uses it."""
    own = chapter()
    rho = own.define("rho", r"\rho", sqrt(4 * lam**2 + c**2), says="A rate.")
    return own, rho, own.define("E", "E", exp(-rho * t), says="What is left.")


OWN, RHO, E = names()
ROOT = sqrt(4 * lam**2 + c**2)


def test_a_name_depends_on_the_letters_in_it_in_the_order_of_the_alphabet() -> None:
    assert RHO.definition.of == (lam, c)
    assert E.definition.of == (lam, c, t)
    assert E.free_symbols == {lam, c, t}
    assert list(OWN.definitions) == ["own.rho", "own.E"]


def test_it_unfolds_to_what_it_stands_for() -> None:
    assert unfold(RHO) == ROOT
    assert unfold(2 * E / RHO) == 2 * exp(-ROOT * t) / ROOT
    assert E.first() == exp(-RHO * t)
    assert unfold(lam) is lam
    assert [d.id for d in used(E)] == ["own.rho", "own.E"]


def test_a_rate_is_taken_by_the_chain_rule_in_names() -> None:
    assert E.diff(t) == -RHO * E or E.diff(t) == -RHO * exp(-RHO * t)
    for x in (lam, c, t):
        assert prove(unfold(E.diff(x)), unfold(E).diff(x)).status == "proved"
    assert diff(RHO, lam) != 0


def test_values_put_in_reach_it() -> None:
    assert unfold(E.xreplace({t: Integer(0)})) == 1
    assert unfold(E.subs(t, 2)) == exp(-2 * ROOT)
    assert unfold(RHO.xreplace({lam: c, c: lam})) == sqrt(4 * c**2 + lam**2)
    assert unfold(RHO.xreplace({lam: E})) == sqrt(4 * unfold(E) ** 2 + c**2)
    assert unfold(Derivative(RHO, lam)) == Derivative(ROOT, lam)


def test_it_carries_no_assumptions_and_is_not_worked_out() -> None:
    assert RHO.is_real is RHO.is_positive is E.is_positive is None
    assert RHO.is_commutative
    assert sqrt(RHO**2) != RHO
    assert isinstance(E.xreplace({t: Integer(0)}), Named)


def test_it_has_a_value_where_its_letters_have() -> None:
    values = {lam: Integer(2), c: Integer(3), t: Integer(1)}
    assert float(E.subs(values)) == pytest.approx(float(exp(-5)))
    for module in ("math", "mpmath", "numpy", "scipy"):
        assert float(lambdify([lam, c, t], E**2, module)(2, 3, 1)) == pytest.approx(float(exp(-10)))


def test_it_is_printed_by_its_name_and_with_the_values_put_in() -> None:
    assert str(E / RHO) == "E/rho"
    assert str(E.xreplace({t: Integer(0)})) == "E(t=0)"
    assert latex(RHO**2) == r"\rho^{2}"
    assert latex(E.xreplace({t: Integer(0)}) ** 2) == r"\left(\left.E\right|_{t = 0}\right)^{2}"


@pytest.mark.parametrize("e", [RHO, E, E.xreplace({t: Integer(0)}), E**2 / RHO + u(t)])
def test_it_is_written_and_read_back(e: Any) -> None:
    again = pickle.loads(pickle.dumps(e))  # noqa: S301 - written in the same line
    assert again == e
    assert hash(again) == hash(e)
    assert decode(encode(e)) == e


def test_two_names_that_stand_for_different_things_differ() -> None:
    other = chapter().define("rho", r"\rho", sqrt(5 * lam**2 + c**2), says="A rate.")
    assert other != RHO
    assert hash(other.func) != hash(RHO.func) or other.func != RHO.func
    assert encode(other) != encode(RHO)


def test_a_definition_changed_below_changes_what_uses_it() -> None:
    old = RHO.definition
    changed = redefined(E, {old: replace(old, expression=sqrt(5 * lam**2 + c**2))})
    assert unfold(changed) == exp(-sqrt(5 * lam**2 + c**2) * t)
    assert redefined(E, {}) == E


@pytest.mark.parametrize("tex", [r"\lambda", "c", "u", r"\rho", r"{\rho}", "E"])
def test_define_refuses_a_tex_that_stands_for_something_else(tex: str) -> None:
    own, _, _ = names()
    with pytest.raises(ValueError, match=r"own\.more: .* stands for"):
        own.define("more", tex, 2 * lam, says="Twice.")


def test_define_refuses_what_is_no_closed_form_in_the_letters_of_the_alphabet() -> None:
    own, rho, _ = names()
    s = LETTERS.quantities["t"].symbol
    for wrong in (u(t), rho * u(t), u(t).diff(t), Integral(exp(-s), (s, 0, lam)), Integer(2)):
        with pytest.raises(ValueError, match=r"own\.wrong"):
            own.define("wrong", "W", wrong, says="Wrong.")
    letters = Alphabet()
    matrix = letters.matrix("M", 2, 2, "M", "a matrix")
    with pytest.raises(TypeError, match="scalar"):
        Chapter("own", "Own", letters).define("wrong", "W", matrix, says="Wrong.")
    with pytest.raises(ValueError, match="does not declare"):
        own.define("wrong", "W", Symbol("stranger"), says="Wrong.")
    with pytest.raises(ValueError, match="twice"):
        own.define("rho", "R", lam, says="Again.")
    own.claim("same", lam, lam, says="Itself.")
    with pytest.raises(ValueError, match="twice"):
        own.define("same", "S", lam, says="Again.")
    with pytest.raises(ValueError, match="twice"):
        own.claim("rho", lam, lam, says="Again.")


# What judges a claim sees it unfolded ---------------------------------------------------------------------------


def claimed(wrong: bool = False) -> tuple[Any, Any]:
    """The same claim with names, and without."""
    own, rho, fading = names()
    factor = 2 if wrong else 1
    equations = [Equation(u(t).diff(t), -factor * rho * u(t), "rate"), Equation(u(0), 1, "initial value")]
    folded = own.claim("path", u(t), fading, satisfies=equations, says="It fades.")
    bare = [Equation(u(t).diff(t), -factor * ROOT * u(t), "rate"), Equation(u(0), 1, "initial value")]
    return folded, chapter().claim("path", u(t), exp(-ROOT * t), satisfies=bare, says="It fades.")


@pytest.mark.parametrize(("wrong", "status"), [(False, "proved"), (True, "refuted")])
def test_a_claim_in_names_has_the_verdict_of_what_they_stand_for(wrong: bool, status: str) -> None:
    folded, bare = claimed(wrong)
    assert folded.rhs != bare.rhs
    assert folded.unfolded() == bare
    assert folded.obligations() == bare.obligations()
    one, other = folded.verify(), bare.verify()
    assert one.status == other.status == status
    assert (one.method, one.conditions) == (other.method, other.conditions)
    assert without_names(one.certificate) == without_names(other.certificate)


def without_names(certificates: Any) -> Any:
    """Certificates without the names that label their nodes, which is all that definitions change in them."""
    return {part: {**found, "names": []} for part, found in (certificates or {}).items()}


def test_what_is_given_may_hold_names() -> None:
    own, rho, _ = names()
    claim = own.claim("above", c, -rho, relation=">", given=[c > -rho], says="As given.")
    assert claim.unfolded().given == (c > -ROOT,)
    assert claim.verify().status == chapter().claim("above", c, -ROOT, relation=">", says="It is.").verify().status


def test_the_prover_takes_names_in_both_sides_and_in_what_is_given() -> None:
    assert prove(RHO**2, 4 * lam**2 + c**2).status == "proved"
    assert prove(RHO**2, 5 * lam**2 + c**2).status == "refuted"
    assert prove(lam, 1, relation=">", given=[lam > E.xreplace({t: Integer(0)})]).status == "proved"


def test_verdicts_are_kept_by_what_names_stand_for() -> None:
    folded, bare = claimed()
    old = RHO.definition
    changes = [
        {"expression": sqrt(5 * lam**2 + c**2)},
        {"domain": ((">", Integer(0)),)},
        {"signs": lam + sqrt(4 * lam**2 + c**2) - lam},
        {"given": (lam > 1,)},
        {"tex": "r"},
    ]
    claims = [folded, bare, *(folded.redefined({old: replace(old, **change)}) for change in changes)]
    assert len(set(map(cache.key, claims))) == len(claims)


def test_manuscripts_are_compared_with_what_names_stand_for() -> None:
    folded, bare = claimed()
    assert Subject(folded).rhs == bare.rhs
    assert Subject(folded, {lam: Integer(1)}).rhs == bare.rhs.xreplace({lam: Integer(1)})


def test_symbols_in_the_place_of_names_would_be_silent() -> None:
    """What a name as a letter gets wrong, and this one does not."""
    letter = Symbol("rho")
    assert (letter * t).diff(lam) == 0 != (RHO * t).diff(lam)
    assert symbols("E").xreplace({t: Integer(0)}) == symbols("E")
    assert not (letter * t).has(lam)
    assert (RHO * t).has(lam)
    assert MatrixSymbol("M", 2, 2).atoms(Named) == set()
    assert Function("u")(t).atoms(Named) == set()
