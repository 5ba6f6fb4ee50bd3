"""Claims in names say what they said before they were, and rest on what the names stand for.

The first test is here while the chapters are being rewritten in names. `tests/support/statements_before_names.json.gz`
has the statements of the catalogue before, as the encoding writes them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from modeflow.derivations import CHAPTERS, finite_steps, matrix_flow, mode
from modeflow.derivations import letters as of_gradients
from modeflow.derivations.alphabet import lam, strength, x
from modeflow.derivations.naming import naming_in
from sympy import Derivative, Expr, MatrixExpr, Tuple, exp
from sympy.core.function import AppliedUndef

from modeflow import Alphabet, Chapter, Claim, Course, Motion, prove
from modeflow.language.definitions import Definition, unfold, used
from modeflow.language.encoding import decode
from modeflow.language.quantities import bare
from modeflow.statements.stated import DEFINED
from modeflow.typeset import narrative
from modeflow.typeset.latex import ClaimPrinter, defining, width

BEFORE = Path(__file__).parents[1] / "support" / "statements_before_names.json.gz"
CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims.values()}
OLD = json.loads(gzip.decompress(BEFORE.read_bytes()))


# Claims that came later: what lets a computed step be written by the name of what it is, one mode in general, matrices.
LATER = [i for chapter in (matrix_flow.chapter, finite_steps.chapter) for i in chapter.claims]
NEW = {"eval.imbalance", "eval.scaled_rate", *mode.chapter.claims, *LATER}


def test_no_claim_has_gone_and_only_those_have_come_that_names_need() -> None:
    assert set(CLAIMS) >= NEW
    assert list(OLD) == [identifier for identifier in CLAIMS if identifier not in NEW]


@pytest.mark.parametrize("claim", [CLAIMS[identifier] for identifier in OLD], ids=OLD)
def test_a_claim_says_what_it_said_before_it_was_stated_in_names(claim: Any) -> None:
    left, right, relation, satisfies, given = OLD[claim.id]
    assert claim.relation == relation
    assert [str(unfold(r)) for r in claim.given] == [str(decode(r)) for r in given]
    assert [(e.name, e.relation) for e in claim.satisfies] == [(name, sign) for name, _, _, sign in satisfies]
    sides = [(claim.lhs, left), (claim.rhs, right)]
    for equation, (_, one, other, _) in zip(claim.satisfies, satisfies, strict=True):
        sides += [(equation.lhs, one), (equation.rhs, other)]
    for new, old in sides:
        alike(unfold(new), in_letters_of_its_own(claim, decode(old)))


# Functions of any parameter, as they were called and as they are.
VARIED = {"p_t": "phat", "q_t": "qhat", "R_t": "Rhat", "w1_x": "what_1", "w2_x": "what_2", "w_x": "what"}


def in_letters_of_its_own(claim: Any, old: Any) -> Any:
    """As it was, with the letters that it has now where two quantities had one: ι was x, a slope was the strength."""
    if claim.lhs in of_gradients.slopes.values():
        return old.replace(strength, claim.lhs.func)
    functions = {f.func for f in old.atoms(AppliedUndef)}
    letters = {function: VARIED[function.__name__] for function in functions if function.__name__ in VARIED}
    if not letters:
        return old
    for before, name in letters.items():
        old = old.replace(before, of_gradients.of_derivatives.quantities[name].symbol)
    return old.xreplace({x: of_gradients.zeta})


def factored(new: Any) -> Any:
    """By `eval.imbalance`, which has its own test: the imbalance is (b - a)(b + a)."""
    imbalance = CLAIMS["eval.imbalance"].unfolded()
    return new.xreplace({imbalance.lhs: imbalance.rhs})


def alike(new: Any, old: Any) -> None:
    if isinstance(old, Tuple):
        matrix = new[: len(new) - len(old)]  # of a Hessian, whose rows are stated before what its eigenvectors give
        assert len(matrix) in (0, 4)
        for one, other in zip(new[len(matrix) :], old, strict=True):
            alike(one, other)
    elif old not in (new, factored(new)):
        assert prove(new, old, time_limit=60).status == "proved", (new, old)


# A definition is what its claims rest on ------------------------------------------------------------------------

DEFINITIONS = {d.id: d for claim in CLAIMS.values() for d in used(*claim.sides())}


def resting_on(definition: Definition) -> Iterator[Claim]:
    yield from (claim for claim in CLAIMS.values() if definition in used(*claim.sides()))


# Identities between 𝒩, 𝒟, S₁ and S₂ that hold for any ρ in them.
FOR_ANY_RATE = {"dae.squared_sum_ratio", "dae.numerators"}


@pytest.mark.costly
def test_a_changed_rate_refutes_every_claim_that_lists_it() -> None:
    """4λ² → 5λ² in ρ: a printer that found names in expressions would not notice."""
    rho = DEFINITIONS["dae.rho"]
    wrong = rho.expression.xreplace({4 * lam**2: 5 * lam**2})
    assert wrong != rho.expression
    listing = [claim for claim in resting_on(rho) if claim.id.startswith("dae.")]
    assert {"dae.weights", "dae.direct", "dae.riccati_solution", *FOR_ANY_RATE} <= {claim.id for claim in listing}
    for claim in listing:
        found = claim.redefined({rho: replace(rho, expression=wrong)}).verify(time_limit=30)
        if claim.id in FOR_ANY_RATE:  # but what they divide by is no longer known to be positive
            assert found.status == "proved" or found.reason.startswith("rests on dae."), (claim.id, found)
        else:
            assert found.status == "refuted", (claim.id, found)


# One quantity for one letter ------------------------------------------------------------------------------------

Shared = dict[str, set[str]]


def shared(chapters: Sequence[Chapter]) -> Shared:
    """What stands for two quantities in the document of these chapters.

    A letter and its function are one quantity. A letter that is written s^2 is the square of what is written s. What a
    chapter has derived from another one, where the values change nothing, is the quantity from which it is derived.
    """
    written: Shared = defaultdict(set)
    derived = [(of, special) for chapter in chapters for of, special in chapter.derived.items()]
    same = {special.id: of for of, special in derived if special.expansion == DEFINED[of].expansion}
    courses = {c.over_time: c.on_way for chapter in chapters for c in chapter.alphabet.motion.courses if c.on_way}
    for _, quantity in narrative.used(chapters):
        written[re.sub(r"\^\d+$", "", bare(quantity.tex))].add(str(courses.get(quantity.symbol, quantity.symbol)))
    for definition in used(*(side for chapter in chapters for c in chapter.claims.values() for side in c.sides())):
        written[bare(definition.tex)].add(same.get(definition.id, definition.id))
    return {tex: quantities for tex, quantities in written.items() if len(quantities) > 1}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=[chapter.key for chapter in CHAPTERS])
def test_no_two_quantities_of_a_chapter_are_written_alike(chapter: Chapter) -> None:
    assert shared([chapter]) == {}


def test_no_two_quantities_of_the_catalogue_are_written_alike() -> None:
    assert shared(CHAPTERS) == {}


def test_quantities_that_are_written_alike_are_found() -> None:
    letters = Alphabet()
    t = letters.scalar("t", "t", "time", nonnegative=True)
    x = letters.scalar("x", "x", "a place", real=True)
    path = letters.function("x_t", "x", "the place over time", real=True)
    speed = letters.scalar("speed", "{x}", "a speed", real=True)
    other = Chapter("other", "Other", letters)
    one = Chapter("one", "One", letters)
    for chapter in (one, other):
        half = chapter.define("half", "h", x / 2, says="Half.")
        chapter.claim("twice", 2 * half, x, says="Twice the half.")
    assert shared([one]) == shared([other]) == {}
    assert shared([one, other]) == {"h": {"one.half", "other.half"}}
    one.claim("moving", path(t), x, says="It rests.", expects="refuted")
    assert shared([one]) == {"x": {"x", "x_t"}}
    letters.motion = Motion(courses=(Course(x, path),))
    assert shared([one]) == {}
    one.claim("fast", speed, x, says="Never.", expects="refuted")
    assert shared([one]) == {"x": {"x", "speed"}}
    area = letters.scalar("area", "t^2", "an area", positive=True)
    other.claim("large", area, t, says="Never.", expects="refuted")
    assert shared([other]) == {"t": {"t", "area"}}


def test_what_is_derived_unchanged_is_one_quantity_and_what_differs_is_another() -> None:
    letters = Alphabet()
    x, y = (letters.scalar(name, name, "a number", positive=True) for name in "xy")
    general, special = Chapter("general", "General", letters), Chapter("special", "Special", letters)
    half = general.define("half", "h", x / 2, says="Half.")
    general.claim("twice", 2 * half, x, says="Twice the half.")
    special.define_from("half", of="general.half", where={})
    special.corollary("twice", of="general.twice", where={})
    assert shared([general, special]) == {}
    other = Chapter("other", "Other", letters)
    other.define_from("half", of="general.half", where={x: y})
    other.corollary("twice", of="general.twice", where={x: y})
    assert shared([general, other]) == {"h": {"general.half", "other.half"}}


def test_a_part_has_one_name_and_a_mark_where_it_depends_on_marked_letters() -> None:
    letters = Alphabet()
    x, y = (letters.scalar(name, name, "a length", positive=True) for name in "xy")
    first, second = Chapter("first", "First", letters), Chapter("second", "Second", letters)
    parts = {"half": ("h", "h", "_0", "Half of it."), "rest": ("r", "r", "", "What is left, 1 - h{}.")}
    names = naming_in(first, parts)
    half, rest = names("half", x / 2), names("rest", 1 - x / 2)
    assert half == names("half", x / 2)
    later = naming_in(second, parts, mark=r"\hat", marked=[y])
    unmarked, other = later("half", 2 * x), later("rest", 1 - y)
    assert other == later("rest", 1 - y) != rest
    assert unmarked != half
    assert second.definitions["second.h"].tex == "h_0"
    assert second.definitions["second.r"].tex == r"\hat{r}"
    assert second.definitions["second.r"].says == "What is left, 1 - h\u0302."


# What a claim says is seen in a line ----------------------------------------------------------------------------


def printed_alike(claim: Claim) -> bool:
    """Whether both sides of a row of the statement are printed alike, so that it does not say what it is about."""
    show, stated = ClaimPrinter(claim.alphabet).doprint, claim.stated()
    return any(show(one) == show(other) for one, other in zip(entries(stated.lhs), entries(stated.rhs), strict=True))


def entries(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, Tuple) else (side,)


def test_claims_say_what_they_are_about() -> None:
    assert [claim.id for claim in CLAIMS.values() if printed_alike(claim)] == []


LINE = narrative.ROOM - 4  # em; the equation sign and an indentation have the rest


def too_wide(claim: Claim) -> list[Any]:
    """The sides, in the claim and in its definitions, that are wider than a line and could be told in a name.

    A name stands for scalar expressions in letters. A side with matrices, functions or derivatives has two lines.
    """
    show = ClaimPrinter(claim.alphabet).doprint
    equations = (claim.stated(), *claim.satisfies, *map(defining, used(*claim.sides())))
    sides = [entry for e in equations for side in (e.lhs, e.rhs) for entry in entries(side)]
    return [side for side in sides if width(show(side)) > (LINE if nameable(side) else 2 * LINE)]


def nameable(side: Any) -> bool:
    return isinstance(side, Expr) and not side.has(AppliedUndef, Derivative, MatrixExpr)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_no_claim_is_too_long_for_a_line(claim: Any) -> None:
    """State it in names, by `Chapter.define`."""
    assert too_wide(claim) == []


def test_claims_without_a_subject_and_long_ones_are_found() -> None:
    letters = Alphabet()
    x, y = (letters.scalar(name, name, "a number", real=True) for name in "xy")
    path = letters.function("f", "f", "a function", real=True)
    chapter = Chapter("own", "Own", letters)
    assert printed_alike(chapter.claim("same", Tuple(x, x + x), Tuple(y, 2 * x), says="The second row says nothing."))
    long = sum((x**n * y**n for n in range(2, 12)), x)
    assert too_wide(chapter.claim("long", long, 0, says="A long sum.")) == [long]
    P = chapter.define("P", "P", long, says="A sum that is as long.")
    assert too_wide(chapter.claim("named", P, 0, says="The same.")) == [long]
    Q = chapter.define("Q", "Q", sum((x**n * y**n for n in range(2, 6)), x), says="The beginning of it.")
    short = chapter.claim("short", Q, 0, says="Another.")
    assert too_wide(short) == []
    assert not printed_alike(short)
    unknown = chapter.claim("unknown", long + path(x), 0, says="A name cannot stand for a function that is unknown.")
    assert too_wide(unknown) == []
    assert too_wide(replace(unknown, lhs=2 * long**2 + long * exp(long) + path(x))) != []
