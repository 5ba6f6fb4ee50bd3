"""Domains are claims, and settle only what they imply: each rule meets a name for which it would be false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import daily
import pytest
from modeflow.derivations import CHAPTERS
from modeflow.derivations.alphabet import growth, lam
from sympy import Expr, Integer, Ne, Rational, besseli, besselk, exp, sqrt

from modeflow import Alphabet, Chapter, Claim, Equation, Verdict, chapters
from modeflow.language.definitions import Definition
from modeflow.language.provisos import Proviso, plain, read
from modeflow.statements import cache, domains
from modeflow.statements.chapter import domain_claims

letters = Alphabet()
x, y = (letters.scalar(name, name, "a number", real=True) for name in "xy")
p = letters.scalar("p", "p", "a positive number", positive=True)
s = letters.scalar("s", "s", "a size", nonnegative=True)
t = letters.scalar("t", "t", "time", nonnegative=True)
u = letters.function("u", "u", "what moves", real=True)

FOURTHS = ((x - y) ** 4 + y**4).expand()  # a sum of fourth powers, which does not show when it is multiplied out


def chapter() -> Chapter:
    return Chapter("own", "Own", letters)


def named(own: Chapter, name: str, e: Expr, **domain: Any) -> Any:
    return own.define(name, name.upper(), e, says="A quantity.", **domain)


def verdict_on(own: Chapter, name: str) -> Verdict:
    return own.domains[f"own.{name}"].verify()


def divided(own: Chapter, below: Expr, **given: Any) -> Verdict:
    """What comes of a claim that divides by this."""
    name = f"divided_{len(own.claims)}"
    return own.claim(name, (x * below + y) / below, x + y / below, says="Divided.", **given).verify()


def square(own: Chapter) -> Any:
    """A quantity whose sign is lost when it is multiplied out."""
    value = FOURTHS + 1
    return named(own, "n", value, signs=(x - y) ** 4 + y**4 + 1, domain=[(">", 0)])


# Domains ----------------------------------------------------------------------------------------------------------


def test_each_relation_is_a_claim_with_an_id_of_its_own() -> None:
    own = chapter()
    named(own, "e", exp(-s * t), domain=[(">", 0), ("<=", 1)])
    assert list(own.domains) == ["own.e.domain", "own.e.domain_2"]
    assert list(own.stated) == [*own.domains, *own.claims]
    assert [(c.relation, c.rhs) for c in own.domains.values()] == [(">", 0), ("<=", 1)]
    assert [verdict_on(own, i).status for i in ("e.domain", "e.domain_2")] == ["proved", "proved"]


FALSE = [(exp(-s * t), "<", 1), (x**2, ">", 0), (x * y, "!=", 0), (p - s, ">=", 0), (-p, ">", -1), (1 / p, "<=", 2)]


@pytest.mark.parametrize(("expression", "relation", "bound"), FALSE, ids=str)
def test_a_false_domain_is_refuted(expression: Expr, relation: Any, bound: int) -> None:
    own = chapter()
    named(own, "e", expression, domain=[(relation, bound)])
    assert verdict_on(own, "e.domain").status == "refuted"


def test_a_domain_is_about_letters_of_the_quantity_and_has_a_known_relation() -> None:
    with pytest.raises(ValueError, match="letters on which it does not depend"):
        named(chapter(), "e", x**2, domain=[(">=", y)])
    with pytest.raises(ValueError, match="relation = '=>'"):
        named(chapter(), "e", x**2, domain=[("=>", 0)])


def rate(own: Chapter, **more: Any) -> Any:
    c = named(own, "c", y**2 - x**2)
    return named(own, "r", sqrt(4 * s**2 + c**2), **{"domain": [(">=", 0)], **more})


def test_a_sign_that_only_the_parts_show() -> None:
    """r - 2s = c²/(r + 2s), which the expanded root does not show."""
    own = chapter()
    r = rate(own)
    c = own.definitions["own.c"].applied
    named(own, "d", r - 2 * s, signs=c**2 / (r + 2 * s), domain=[(">=", 0)], given=[Ne(r, 0)])
    found = verdict_on(own, "d.domain")
    assert (found.status, found.rests_on) == ("proved", ("own.r.domain",))


def test_a_form_with_known_signs_that_is_another_quantity_proves_nothing() -> None:
    own = chapter()
    r = rate(own)
    c = own.definitions["own.c"].applied
    named(own, "d", r - 3 * s, signs=c**2 / (r + 2 * s), domain=[(">=", 0)], given=[Ne(r, 0)])
    assert verdict_on(own, "d.domain").status == "refuted"
    named(own, "f", r + 1, signs=r + 2, domain=[(">=", Rational(1, 2))])
    assert verdict_on(own, "f.domain").method != "certificate of signs, in names"


def test_what_is_not_proved_keeps_its_own_reason() -> None:
    own = chapter()
    named(own, "n", x**2 + 1, domain=[(">", 0)])
    for status in ("undecided", "supported"):
        judged = Verdict(status, "", reason="no form is known")
        assert domains.standing(judged, own.definitions.values(), 10.0) == judged


def test_parts_with_false_domains_prove_nothing() -> None:
    own = chapter()
    n = named(own, "n", x - y, domain=[(">", 0)])
    named(own, "m", n + 1, domain=[(">", 0)])
    found = verdict_on(own, "m.domain")
    assert (found.status, found.reason) == ("undecided", "rests on own.n.domain")


def test_a_domain_that_the_time_ended_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    own = chapter()
    late = Verdict("undecided", "", reason="stopped at the limit of 60 s by the clock, while trying points")
    monkeypatch.setattr(domains, "prove_knowing", lambda *_, **__: late)
    assert verdict_on(own, named(own, "n", x**2 + 1, domain=[(">", 0)]).definition.id[4:] + ".domain").out_of_time
    proved = Verdict("proved", "tower", rests_on=("own.n.domain",))
    found = domains.standing(proved, own.definitions.values(), 10.0)
    assert (found.status, found.out_of_time) == ("undecided", True)
    assert found.reason.startswith("rests on own.n.domain, where the check was stopped at the limit of 60 s")


# What domains settle ----------------------------------------------------------------------------------------------


def test_a_name_that_is_not_zero_settles_what_divides_it() -> None:
    own = chapter()
    n = square(own)
    assert divided(own, n.unfolded()).conditions == (f"{FOURTHS + 1} != 0",)
    found = divided(own, n)
    assert (found.status, found.provisos, found.rests_on) == ("proved", (), ("own.n.domain",))
    assert divided(own, n * (x - 1)).conditions == ("x - 1 != 0",)


def weights(own: Chapter, given: bool = True) -> tuple[Any, Any]:
    """Two numbers of one root, the second of which is zero with the root."""
    r = rate(own)
    c = own.definitions["own.c"].applied
    signs = c**2 / (r + 2 * s) + (r + 2 * s) * exp(-t) + x**2 * (1 - exp(-t))
    below = r * (1 + exp(-t)) - 2 * s * (1 - exp(-t)) + x**2 * (1 - exp(-t))
    return r, named(own, "d", below, signs=signs, domain=[(">", 0)], given=[Ne(r, 0)] if given else [])


def test_what_a_domain_is_given_is_asked_of_the_claim() -> None:
    own = chapter()
    r, d = weights(own)
    found = divided(own, d)
    assert (found.status, found.provisos, found.rests_on) == ("proved", (Proviso(r),), ("own.d.domain",))
    assert not divided(own, d, given=[Ne(r, 0)]).provisos
    assert divided(own, d, given=[Ne(r, 1)]).provisos == (Proviso(r),)


def test_a_domain_that_is_false_without_what_it_is_given_settles_nothing() -> None:
    own = chapter()
    _, d = weights(own, given=False)
    assert verdict_on(own, "d.domain").status == "refuted"
    found = divided(own, d)
    assert (found.status, found.reason) == ("undecided", "rests on own.d.domain")


def test_products_by_the_relations_of_roots_are_settled() -> None:
    """r·d is irreducible as a polynomial in which r² is gone, and so is r²."""
    own = chapter()
    r, d = weights(own)
    for below in (d, r * d, d**2, r**2 * d):
        found = divided(own, below)
        assert found.provisos == (Proviso(r),), (below, found)
    assert divided(own, r**2).provisos == (Proviso(r),)
    assert divided(own, r**2).rests_on == ()


NO_DIVISORS: dict[str, Any] = {
    "less 2": lambda n: n - 2,
    "a product of others": lambda n: n**2 - 4,
    "with a letter": lambda n: n + x,
    "a square of letters": lambda n: n - y**2 - 1,
}


@pytest.mark.parametrize("of", NO_DIVISORS)
def test_what_does_not_divide_a_name_stays(of: str) -> None:
    own = chapter()
    found = divided(own, NO_DIVISORS[of](square(own)))
    assert found.status == "proved"
    assert found.provisos


def test_a_name_without_a_domain_settles_nothing_and_names_what_stays() -> None:
    own = chapter()
    n = named(own, "n", FOURTHS + 1)
    found = divided(own, n)
    assert (found.provisos, found.rests_on) == ((Proviso(n),), ())


def test_what_stays_is_written_by_the_names_of_its_roots_and_exponentials() -> None:
    own = chapter()
    r, e = rate(own), named(own, "e", exp(-s * t), domain=[(">", 0)])
    assert divided(own, r - x).provisos == (Proviso(r - x),)
    assert divided(own, r * e - 2 * x).provisos == (Proviso(r * e - 2 * x),)
    assert divided(own, r - e**2).provisos != (Proviso(r - e),)


def test_what_is_asked_for_twice_is_listed_once() -> None:
    own = chapter()
    sides = (x / (x - y), y / (y - x), x / (x + y)), (x / (x - y), -y / (x - y), 1 - y / (x + y))
    assert len(own.claim("twice", *sides, says="Two denominators.").verify().provisos) == 2
    n = named(own, "n", x - 3 * y)
    found = own.claim("named", (x / n, y / (3 * y - x)), (x / n, -y / n), says="One by its name.").verify()
    assert found.provisos == (Proviso(n),)


def bessel(own: Chapter, **domain: Any) -> Verdict:
    """The verdict where a Bessel function that is 0 at s = 0 is divided by."""
    order = named(own, "order", p + 1)
    name = named(own, "i", besseli(order, s), domain=[(">", 0)], **domain)
    wronskian = name * besselk(order + 1, s) + besseli(order + 1, s) * besselk(order, s)
    return own.claim("wronskian", wronskian / name, 1 / (s * name), says="DLMF 10.28.2.").verify()


def test_a_bessel_function_is_settled_by_its_domain() -> None:
    own = chapter()
    found = bessel(own, given=[Ne(s, 0)])
    assert (found.status, found.provisos) == ("proved", (Proviso(s),))
    found = bessel(chapter())
    assert (found.status, found.reason) == ("undecided", "rests on own.i.domain")


def test_a_domain_that_allows_zero_settles_nothing() -> None:
    own = chapter()
    n = named(own, "n", FOURTHS, signs=(x - y) ** 4 + y**4, domain=[(">=", 0), (">=", -1)])
    found = divided(own, n)
    assert (found.provisos, found.rests_on) == ((Proviso(n),), ())


def test_a_domain_does_not_hold_at_values_that_a_letter_cannot_have() -> None:
    """(x - y)⁴ + y⁴ + t is positive for t > 0 only."""
    own = chapter()
    value = FOURTHS
    n = named(own, "n", value + p, signs=(x - y) ** 4 + y**4 + p, domain=[(">", 0)])
    assert divided(own, n).provisos == ()
    assert divided(own, n.xreplace({p: s + 2})).rests_on == ("own.n.domain",)
    for outside in (-p, s, x, s - 1):
        below = n.xreplace({p: outside})
        found = divided(own, below)
        assert (found.provisos, found.rests_on) == ((Proviso(below),), ()), outside


def test_a_name_that_is_not_defined_everywhere_settles_nothing_elsewhere() -> None:
    """n = v/s is positive where s != 0, which says nothing of v at s = 0; a claim that holds n is about s != 0."""
    own = chapter()
    value, signs = FOURTHS + s, (x - y) ** 4 + y**4 + s
    n = named(own, "n", value / s, signs=signs / s, domain=[(">", 0)], given=[Ne(s, 0)])
    assert verdict_on(own, "n.domain").status == "proved"
    found = own.claim("sum", (x * value + y) / value + s * n, x + y / value + value, says="At s = x = y = 0.").verify()
    assert (found.status, found.rests_on) == ("proved", ())
    assert [str(p) for p in found.provisos] == [f"{value} != 0", "s != 0"]
    found = own.claim("more", (x * value + y) / value + n, x + y / value + n, says="It divides by s.").verify()
    assert (found.provisos, found.rests_on) == ((Proviso(s),), ("own.n.domain",))


def test_two_definitions_of_one_id_are_both_looked_at() -> None:
    """A chapter written anew: its first definition may be right where the second is wrong."""
    one = square(chapter())
    other = named(chapter(), "n", y**2 + 3 * y + 1 + t - t**2 * x**2, domain=[("!=", 0)])
    own = chapter()
    for below in (one * other, other * one):
        found = divided(own, below)
        assert (found.status, found.reason) == ("undecided", "rests on own.n.domain")


def test_a_root_at_most_one_is_not_taken_for_an_exponential() -> None:
    """√s <= 1 where s <= 1, but √s can be 0, as exp(-s) cannot: 1/(1 + h) with h >= 0 is not all it can be."""
    own = chapter()
    r = named(own, "r", sqrt(s / (1 + s)), domain=[(">=", 0), ("<=", 1)])
    found = divided(own, r * (1 + r))
    assert found.provisos


def path(own: Chapter, value: Expr, **domain: Any) -> Verdict:
    """The verdict on 1/n as a function of time, for this n at the start."""
    below = named(own, "n", value + t, **domain)
    start = below.xreplace({t: Integer(0)})
    equations = [Equation(u(t).diff(t), -(u(t) ** 2), "rate"), Equation(u(0), 1 / start, "start")]
    return own.claim("path", u(t), 1 / below, satisfies=equations, says="It falls.").verify()


def test_conditions_along_the_way_are_settled_too() -> None:
    found = path(chapter(), FOURTHS + 1, signs=(x - y) ** 4 + y**4 + 1 + t, domain=[(">", 0)])
    assert (found.status, found.provisos, found.rests_on) == ("proved", (), ("own.n.domain",))
    other = path(chapter(), x)
    assert "n != 0 from the start up to t" in other.conditions


def test_a_verdict_with_provisos_in_names_comes_back_from_the_cache() -> None:
    own = chapter()
    _, d = weights(own)
    claim = own.claim("quotient", x * d / d**2 * d, x, says="Cancelled.")
    assert cache.verify(claim) == cache.verify(claim)
    for proviso in cache.verify(claim).provisos:
        assert read(plain(proviso)) == proviso


# The chapters -----------------------------------------------------------------------------------------------------

DOMAINS = {i: c for chapter in CHAPTERS for i, c in chapter.domains.items()}


def test_there_are_domains() -> None:
    assert {"dae.rho.domain", "dae.E.domain_2", "dae.N.domain", "dae.D.domain", "lin.D.domain"} <= set(DOMAINS)


@pytest.mark.parametrize("claim", DOMAINS.values(), ids=DOMAINS)
def test_every_domain_is_proved(claim: Claim) -> None:
    found = cache.verify(claim)
    assert (found.status, found.provisos) == ("proved", ()), found


def changed(definition: Definition, **parts: Any) -> Iterable[Claim]:
    return domain_claims(replace(definition, **parts), chapters()["dae"].alphabet)


def test_the_denominator_alone_can_be_zero() -> None:
    """λ = 0 and a = b = 1: nothing moves, and ρ = 𝒟 = 0."""
    definition = DOMAINS["dae.D.domain"].domain_of
    assert definition is not None
    (claim,) = changed(definition, given=())
    found = claim.verify()
    assert found.status == "refuted"
    assert found.witness is not None
    assert found.witness["left"] in ("0", "0 (exact)") or float(str(found.witness["left"]).split()[0]) == 0


MISTAKES: dict[str, tuple[Any, Any]] = {
    "dae.rho.domain_2": (4 * lam**2, 3 * lam**2),
    "lin.rho.domain_2": (4 * growth**2, 3 * growth**2),
    "dae.E.domain_2": (-1, 1),
    "dae.N.domain": (2 * lam, -2 * lam),
    "lin.D.domain": (-2 * growth, -3 * growth),
}


@pytest.mark.parametrize("identifier", MISTAKES)
def test_a_changed_definition_loses_its_domain(identifier: str) -> None:
    claim = DOMAINS[identifier]
    definition = claim.domain_of
    assert definition is not None
    old, new = MISTAKES[identifier]
    wrong = definition.expression.subs(old, new) if old != -1 else 1 / definition.expression
    assert wrong != definition.expression
    found = claim.redefined({definition: replace(definition, expression=wrong)}).verify()
    assert found.status in ("refuted", "undecided"), found


@pytest.mark.parametrize("identifier", daily.some(DOMAINS, fast=12))
def test_a_quantity_on_the_other_side_of_its_bound_loses_its_domain(identifier: str) -> None:
    """Wherever the quantity is above its bound, 2·bound - 1 - quantity is below it."""
    claim = DOMAINS[identifier]
    definition = claim.domain_of
    assert definition is not None
    step = {">": 1, ">=": 1, "<": -1, "<=": -1}[claim.relation]
    wrong = replace(definition, expression=2 * claim.rhs - step - definition.expression)
    found = claim.redefined({definition: wrong}).verify()
    assert found.status == "refuted", found


def test_the_weights_ask_for_one_thing() -> None:
    """Of the four denominators 𝒩, 𝒟, 𝒩𝒟 and ρ² one condition is left, that of the domains."""
    claim = chapters()["dae"].claims["dae.weights"]
    for one, key in ((claim, "mode"), (claim.in_full(), "dae")):
        found = cache.verify(one)
        assert found.conditions == ("rho != 0",)
        assert set(found.rests_on) == {f"{key}.N.domain", f"{key}.D.domain"}
