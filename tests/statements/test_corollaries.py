"""Special cases of claims: what is proved through a general claim, and each way in which that must be refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sympy import Function, Integer, Ne, Symbol, exp, sqrt

import modeflow
from modeflow import Alphabet, Chapter, Claim, Equation, gradient_flow, rate_of
from modeflow.language.definitions import used
from modeflow.language.verdict import Verdict
from modeflow.statements import cache
from modeflow.statements.verify import verify_all

letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
u0 = letters.scalar("u0", "u_0", "where u starts", positive=True)
g = letters.scalar("g", "g", "growth", nonnegative=True)
k = letters.scalar("k", "k", "pull", nonnegative=True)
d = letters.scalar("d", "d", "decay", positive=True)
m = letters.scalar("m", "m", "any number", real=True)
lam = letters.scalar("lam", r"\lambda", "eigenvalue", nonnegative=True)
eps = letters.scalar("eps", r"\varepsilon", "noise", nonnegative=True)
n = letters.scalar("n", "n", "how many", integer=True, positive=True)
w = letters.scalar("w", "w", "a weight", real=True)
u = letters.function("u", "u", "a strength", real=True)


def general(key: str = "gen") -> Chapter:
    """A weight that grows, is held back and decays; its logistic form is 0/0 for g = 0."""
    chapter = Chapter(key, "In general", letters, source="nowhere")
    flow = gradient_flow(k / 4 * w**4 - g / 2 * w**2, [w], time_constant=Integer(1))
    chapter.claim("rate", rate_of(w**2, flow), 2 * w**2 * (g - k * w**2), says="The rate of the square.", flow=flow)
    E = chapter.define("E", "E", exp(2 * g * t), says="What grows.")
    chapter.claim(
        "logistic",
        u(t),
        g * E / (k * (E - 1) + g / u0),
        satisfies=[Equation(u(t).diff(t), 2 * u(t) * (g - k * u(t)), "rate"), Equation(u(0), u0, "start")],
        says="The square over time.",
        follows_from=[f"{key}.rate"],
        flow=flow,
    )
    chapter.claim("over_decay", (m + d) / d, m / d + 1, says="A quotient by the decay.")
    chapter.claim("over_any", (m**2 + m) / m, m + 1, says="A quotient by any number.")
    chapter.claim("wrong", g + k, g, says="An error.")
    chapter.claim("counted", 2 * n, n + n, says="A number of things.")
    return chapter


def special(loss: Any = None) -> tuple[Chapter, Any]:
    chapter = Chapter("spe", "In particular", letters, source="nowhere")
    loss = (lam + eps) / 4 * w**4 - lam / 2 * w**2 if loss is None else loss
    return chapter, gradient_flow(loss, [w], time_constant=Integer(1))


@pytest.fixture(autouse=True)
def _general() -> Chapter:
    return general()


def test_a_corollary_is_the_general_statement_with_values_and_proved_through_it() -> None:
    chapter, flow = special()
    xi = chapter.define("xi", r"\xi", lam + eps, says="The pull.")
    chapter.define_from("E", of="gen.E", where={g: lam})
    claim = chapter.corollary("logistic", of="gen.logistic", where={g: lam, k: xi}, flow=flow)
    assert str(claim.rhs) == "E*lam/(lam/u0 + xi*(E - 1))"
    assert [d.id for d in used(claim.rhs)] == ["spe.E", "spe.xi"]
    assert claim.says == "The square over time."
    assert claim.follows_from == ("gen.logistic",)
    found = claim.verify()
    assert found.status == "proved"
    assert found.method == "corollary of gen.logistic, 4 obligations"
    assert found.conditions == ("lam != 0",)  # where it is 0, the curve is 0/0
    in_full = claim.in_full().verify()
    assert (in_full.status, in_full.method) == ("proved", "tower, signs")
    assert len(in_full.conditions) == 1


def test_conditions_that_the_values_settle_are_not_listed() -> None:
    """What the curve divides by may be 0 for any number less a decay; for a growth that is positive it is not."""
    chapter = Chapter("any", "Any growth", letters)
    E = exp(2 * (m - d) * t)
    chapter.claim(
        "logistic",
        u(t),
        (m - d) * E / (k * (E - 1) + (m - d) / u0),
        satisfies=[Equation(u(t).diff(t), 2 * u(t) * (m - d - k * u(t)), "rate"), Equation(u(0), u0, "start")],
        says="A curve.",
    )
    assert special_of_any(chapter, {m: 2 * d, k: eps})[0].conditions == ()
    assert special_of_any(chapter, {m: d + lam, k: eps}, given=[lam > 0])[0].conditions == ()
    for where, given in (({m: d + lam, k: eps}, []), ({m: lam, k: eps}, [d < lam + eps, t < 1])):
        found, in_full = special_of_any(chapter, where, given=given)
        assert len(found.conditions) == len(in_full.conditions) == 2


def special_of_any(chapter: Chapter, where: dict[Symbol, Any], **more: Any) -> tuple[Verdict, Verdict]:
    """The verdicts on a special case, by the general claim and by itself."""
    own = Chapter("own", "Own", letters, source="nowhere")
    claim = own.corollary("logistic", of=f"{chapter.key}.logistic", where=where, **more)
    found, in_full = claim.verify(), claim.in_full().verify()
    assert found.status == in_full.status == "proved"
    return found, in_full


def test_a_corollary_of_a_corollary() -> None:
    chapter, flow = special()
    chapter.corollary("logistic", of="gen.logistic", where={g: lam, k: lam + eps}, flow=flow)
    third = Chapter("thi", "Third", letters)
    still = gradient_flow(lam / 4 * w**4 - lam / 2 * w**2, [w], time_constant=Integer(1))
    found = third.corollary("logistic", of="spe.logistic", where={eps: Integer(0)}, flow=still).verify()
    assert found.status == "proved"
    assert found.conditions == ("lam != 0",)


# What must be refused -------------------------------------------------------------------------------------------


def test_a_value_that_breaks_an_assumption_is_undecided() -> None:
    chapter, _ = special()
    flow = gradient_flow(lam / 4 * w**4 - (lam - eps) / 2 * w**2, [w], time_constant=Integer(1))
    found = chapter.corollary("logistic", of="gen.logistic", where={g: lam - eps, k: lam}, flow=flow).verify()
    assert found.status == "undecided"
    assert "lam - eps takes the place of g, which is nonnegative" in found.reason.replace("-eps + lam", "lam - eps")
    over = chapter.corollary("over", of="gen.over_decay", where={d: lam}).verify()
    assert over.status == "undecided"
    assert "lam takes the place of d, which is positive" in over.reason
    assert "lam = 0" in over.reason
    halves = chapter.corollary("halves", of="gen.counted", where={n: lam}).verify()
    assert halves.status == "undecided"


def test_what_is_given_may_meet_the_assumption() -> None:
    chapter, _ = special()
    assert chapter.corollary("over", of="gen.over_decay", where={d: lam}, given=[lam > 0]).verify().status == "proved"
    flow = gradient_flow(lam / 4 * w**4 - (lam - eps) / 2 * w**2, [w], time_constant=Integer(1))
    where = {g: lam - eps, k: lam}
    claim = chapter.corollary("logistic", of="gen.logistic", where=where, flow=flow, given=[eps < lam])
    assert claim.verify().status == "proved"


def test_a_general_claim_that_holds_where_something_is_given_carries_that() -> None:
    chapter = Chapter("con", "With a condition", letters)
    chapter.claim("root", sqrt((g - k) ** 2), g - k, says="A root.", given=[k < g])
    claim = chapter.corollary("noisy", of="con.root", where={g: lam, k: eps})
    assert claim.given == (eps < lam,)
    assert claim.verify().status == "proved"
    assert not replace(claim, given=()).verify()


def test_a_denominator_that_vanishes_identically_is_undecided() -> None:
    chapter, _ = special()
    flow = gradient_flow(eps / 4 * w**4, [w], time_constant=Integer(1))
    logistic = chapter.corollary("logistic", of="gen.logistic", where={g: Integer(0), k: eps}, flow=flow)
    assert logistic.rhs == 0  # to SymPy 0 E/(k (E - 1)) is 0: another statement, which is judged as it stands
    assert logistic.verify().status == "refuted"
    hidden = (lam + eps) ** 2 - lam**2 - 2 * lam * eps - eps**2
    over = chapter.corollary("hidden", of="gen.over_any", where={m: hidden}).verify()
    assert over.status == "undecided"
    assert "it is 0 everywhere" in over.reason


def test_a_flow_that_is_not_the_substituted_one_is_undecided() -> None:
    chapter, flow = special((lam + eps) / 4 * w**4 - lam / 2 * w**2 + eps * w**2)
    found = chapter.corollary("rate", of="gen.rate", where={g: lam, k: lam + eps}, flow=flow).verify()
    assert found.status == "undecided"
    assert "the velocity of w is that of gen.rate where g = lam and k = eps + lam" in found.reason


def test_a_general_claim_about_a_flow_wants_the_flow_of_the_case() -> None:
    chapter, flow = special()
    with pytest.raises(ValueError, match=r"the flow of gen.rate moves \['w'\]; give the flow of this case"):
        chapter.corollary("rate", of="gen.rate", where={g: lam, k: lam + eps})
    claim = chapter.corollary("rate", of="gen.rate", where={g: lam, k: lam + eps}, flow=flow)
    assert claim.special is not None
    found = replace(claim, special=replace(claim.special, flow=None)).verify()
    assert found.status == "undecided"


def test_a_general_claim_that_is_not_proved_proves_nothing() -> None:
    chapter, flow = special()
    wrong = chapter.corollary("wrong", of="gen.wrong", where={k: Integer(0)})
    assert wrong.lhs == wrong.rhs  # a truth of its own
    found = wrong.verify()
    assert found.status == "undecided"
    assert found.reason.startswith("rests on gen.wrong, which is refuted")
    claim = chapter.corollary("rate", of="gen.rate", where={g: lam, k: lam + eps}, flow=flow)
    for status in ("refuted", "undecided", "supported"):
        told = claim.verify(general=Verdict(status, "", reason="why"))
        assert (told.status, told.reason) == ("undecided", f"rests on gen.rate, which is {status}: why")


def test_a_letter_that_the_general_claim_does_not_hold_is_refused() -> None:
    chapter, flow = special()
    with pytest.raises(ValueError, match=r"gen.rate has no letter lam with these assumptions; its letters are g, k, w"):
        chapter.corollary("rate", of="gen.rate", where={lam: g}, flow=flow)
    with pytest.raises(ValueError, match="no letter g with these assumptions"):
        chapter.corollary("rate", of="gen.rate", where={Symbol("g", positive=True): lam}, flow=flow)
    with pytest.raises(ValueError, match=r"spe.E: gen.E has no letter k"):
        chapter.define_from("E", of="gen.E", where={k: lam})
    with pytest.raises(modeflow.UndeclaredSymbol, match="x"):
        chapter.corollary("rate", of="gen.rate", where={g: Symbol("x", nonnegative=True)}, flow=flow)
    for value in ("lam", True, Function("u")):
        with pytest.raises(TypeError, match="give a scalar expression for each letter"):
            chapter.corollary("rate", of="gen.rate", where={g: value}, flow=flow)


def test_no_value_may_depend_on_what_the_general_claim_differentiates_in() -> None:
    """d/dt of a form whose growth depends on t is not the general one at that growth."""
    chapter, flow = special()
    for where in ({g: t}, {t: 2 * t}):
        with pytest.raises(ValueError, match=r"gen.logistic is differentiated in t"):
            chapter.corollary("logistic", of="gen.logistic", where=where, flow=flow)
    with pytest.raises(ValueError, match=r"gen.rate is differentiated in w"):
        chapter.corollary("rate", of="gen.rate", where={g: w**2}, flow=flow)


def test_an_unknown_general_claim_or_definition_is_refused_with_what_is_close() -> None:
    chapter, flow = special()
    with pytest.raises(ValueError, match=r"of names 'gen.logistics', which is not stated; did you mean gen.logistic"):
        chapter.corollary("logistic", of="gen.logistics", where={g: lam}, flow=flow)
    with pytest.raises(ValueError, match=r"of names 'gen.F'"):
        chapter.define_from("F", of="gen.F", where={g: lam})


def test_a_derived_name_stands_for_its_own_special_case_only() -> None:
    chapter, flow = special()
    chapter.define_from("E", of="gen.E", where={g: lam})
    with pytest.raises(ValueError, match=r"spe.E is exp\(2\*lam\*t\), and here E\(g=eps\) is exp\(2\*eps\*t\)"):
        chapter.corollary("logistic", of="gen.logistic", where={g: eps, k: lam}, flow=flow)


def test_a_broken_copy_of_a_corollary_is_proved_by_itself_and_refuted() -> None:
    chapter, flow = special()
    claim = chapter.corollary("logistic", of="gen.logistic", where={g: lam, k: lam + eps}, flow=flow)
    for broken in (
        replace(claim, rhs=2 * claim.rhs),
        replace(claim, satisfies=(replace(claim.satisfies[0], rhs=0), claim.satisfies[1])),
    ):
        found = broken.verify()
        assert found.status == "refuted"
        assert found.witness is not None


# Domains of derived names ----------------------------------------------------------------------------------------


def with_domains() -> Chapter:
    """A rate and what fades at it, and a denominator that is positive where the rate is not 0."""
    chapter = Chapter("dom", "With domains", letters, source="nowhere")
    r = chapter.define("r", "r", sqrt(g**2 + k**2), says="A rate.", domain=[(">=", 0), (">=", g)])
    f = chapter.define("f", "f", exp(-r * t), says="What fades.", domain=[(">", 0), ("<=", 1)])
    below = chapter.define(
        "below",
        "D",
        r * (1 + f) - g * (1 - f),
        says="Below.",
        domain=[(">", 0)],
        signs=k**2 / (r + g) + (r + g) * f,
        given=[Ne(r, 0)],
    )
    chapter.claim("ratio", (m * below + 1) / below, m + 1 / below, says="A ratio.")
    return chapter


def derived_from(where: dict[Symbol, Any]) -> Chapter:
    chapter = Chapter("der", "Derived", letters, source="nowhere")
    for name in ("r", "f", "below"):
        chapter.define_from(name, of=f"dom.{name}", where=where)
    return chapter


def test_a_derived_name_has_the_domain_of_the_general_one_with_the_values_in_it() -> None:
    with_domains()
    chapter = derived_from({g: lam, k: lam + eps})
    ids = ["der.r.domain", "der.r.domain_2", "der.f.domain", "der.f.domain_2", "der.below.domain"]
    assert list(chapter.domains) == ids
    assert [(str(c.lhs), c.relation, str(c.rhs)) for c in chapter.domains.values()] == [
        ("r", ">=", "0"), ("r", ">=", "lam"), ("f", ">", "0"), ("f", "<=", "1"), ("below", ">", "0"),
    ]  # fmt: skip
    r, _, below = chapter.definitions.values()
    assert below.given == (Ne(r.applied, 0),)
    assert {definition.id for definition in used(below.signs, below.expression)} == {"der.r", "der.f"}
    assert {claim.verify().status for claim in chapter.domains.values()} == {"proved"}
    assert chapter.domains["der.r.domain"].where.partition(":")[0].endswith("test_corollaries.py")
    ratio = chapter.corollary("ratio", of="dom.ratio", where={g: lam, k: lam + eps})
    found, in_full = ratio.verify(), ratio.in_full().verify()
    assert found.conditions == in_full.conditions == ("r != 0",)
    assert [str(proviso.expression.definition.id) for proviso in found.provisos] == ["der.r"]
    assert found.rests_on == ("dom.below.domain",)
    assert in_full.rests_on == ("der.below.domain",)


def test_what_is_beside_the_general_claim_is_beside_its_special_case() -> None:
    chapter = with_domains()
    f = chapter.definitions["dom.f"].applied
    chapter.claim("unnamed", (m + g) ** 2, m**2 + 2 * m * g + g**2, says="A square.", beside=[f])
    special = derived_from({g: lam})
    claim = special.corollary("unnamed", of="dom.unnamed", where={g: lam})
    assert claim.beside == (special.definitions["der.f"].applied,)


def test_a_value_for_which_the_general_domain_is_false_is_refused() -> None:
    third = Chapter("thi", "Third", letters)
    third.define("grows", "e", exp(-g * t), says="What fades.", domain=[("<=", 1)])
    fourth = Chapter("fou", "Fourth", letters)
    grown = fourth.define_from("grows", of="thi.grows", where={g: m})
    assert fourth.domains["fou.grows.domain"].verify().status == "refuted"
    zero = fourth.define("over", "h", 2 - grown, says="Positive only if that domain held.", domain=[(">", 0)])
    over = fourth.claim("over_it", (m * zero + 1) / zero, m + 1 / zero, says="A ratio.").verify()
    assert over.conditions or not over


def test_a_false_general_domain_is_false_of_the_special_case() -> None:
    chapter = Chapter("dom", "With a false domain", letters)
    chapter.define("f", "f", exp(-g * t), says="What fades.", domain=[("<", 1)])
    special = Chapter("der", "Derived", letters)
    special.define_from("f", of="dom.f", where={g: lam})
    assert special.domains["der.f.domain"].verify().status == "refuted"


def test_more_may_be_claimed_of_a_special_case_and_is_proved_for_it() -> None:
    with_domains()
    chapter = Chapter("der", "Derived", letters)
    chapter.define_from("r", of="dom.r", where={g: d, k: lam}, domain=[(">", 0)])
    assert chapter.domains["der.r.domain"].verify().status == "proved"
    false_one = Chapter("fal", "False", letters)
    false_one.define_from("r", of="dom.r", where={g: eps, k: lam}, domain=[(">", 0)])
    assert false_one.domains["fal.r.domain"].verify().status == "refuted"


def test_a_domain_that_is_claimed_nowhere_is_refused() -> None:
    chapter = Chapter("dom", "With domains", letters)
    chapter.define("inverse", "i", 1 / (1 + g**2), says="An inverse.", domain=[("<", 1)], given=[Ne(g, 0)])
    special = Chapter("der", "Derived", letters)
    with pytest.raises(
        ValueError, match=r"der.inverse: the domain of dom.inverse is claimed nowhere with these values"
    ):
        special.define_from("inverse", of="dom.inverse", where={g: 0})
    special.define_from("inverse", of="dom.inverse", where={g: d})
    assert special.definitions["der.inverse"].given == ()
    assert special.domains["der.inverse.domain"].verify().status == "proved"


# Verdicts are kept by all that they rest on -----------------------------------------------------------------------


def test_verdicts_are_kept_by_the_general_claim_the_values_and_the_flows() -> None:
    chapter, flow = special()
    claim = chapter.corollary("rate", of="gen.rate", where={g: lam, k: lam + eps}, flow=flow)
    assert claim.special is not None
    other = {w: flow[w] + w}
    others = [
        claim.in_full(),
        replace(claim, special=replace(claim.special, flow=other)),
        replace(claim, special=replace(claim.special, of=replace(claim.special.of, flow=other))),
        replace(claim, special=replace(claim.special, of=replace(claim.special.of, rhs=g))),
        replace(claim, special=replace(claim.special, where={g: lam, k: lam})),
    ]
    assert len({cache.key(one) for one in (claim, *others)}) == 6
    assert cache.verify(claim).method == cache.verify(claim).method == "corollary of gen.rate, 3 obligations"


def test_a_general_claim_is_verified_once_in_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    chapter, flow = special()
    for name in ("one", "two", "three"):
        chapter.corollary(name, of="gen.rate", where={g: lam, k: lam + eps}, flow=flow)
    asked: list[str] = []
    verify = Claim.verify

    def noted(claim: Claim, **more: Any) -> Verdict:
        asked.append(claim.id)
        return verify(claim, **more)

    monkeypatch.setattr(Claim, "verify", noted)
    found = dict(verify_all(chapter.claims.values(), jobs=2, cache=False))
    assert {verdict.status for verdict in found.values()} == {"proved"}
    assert sorted(asked) == ["gen.rate", "spe.one", "spe.three", "spe.two"]
