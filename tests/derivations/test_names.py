"""Claims in names say what they said before they were, and rest on what the names stand for.

The first test is here while the chapters are being rewritten in names. `tests/support/statements_before_names.json.gz`
has the statements of the catalogue before, as the encoding writes them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from modeflow.derivations import CHAPTERS, gradients
from modeflow.derivations.alphabet import alphabet, lam, strength, x
from sympy import Tuple
from sympy.core.function import AppliedUndef

from modeflow import Alphabet, Chapter, Claim, prove
from modeflow.language.definitions import Definition, unfold, used
from modeflow.language.encoding import decode
from modeflow.language.quantities import bare
from modeflow.typeset.narrative import used as letters_of_page

BEFORE = Path(__file__).parents[1] / "support" / "statements_before_names.json.gz"
CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims.values()}
OLD = json.loads(gzip.decompress(BEFORE.read_bytes()))


# Claims that came with the names: what lets a computed step be written by the name of what it is.
NEW = {"eval.imbalance"}


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
    """As it was, with the letters that it has now where two quantities had one: ζ was x, a slope was the strength."""
    if claim.lhs in gradients.slopes.values():
        return old.replace(strength, claim.lhs.func)
    letters = {f.func: VARIED.get(f.func.__name__) for f in old.atoms(AppliedUndef)}
    if not any(letters.values()):
        return old
    for before, name in letters.items():
        old = old.replace(before, gradients.letters.quantities[name].symbol)
    return old.xreplace({x: gradients.zeta})


def factored(new: Any) -> Any:
    """By `eval.imbalance`, which has its own test: the imbalance is (b - a)(b + a)."""
    imbalance = CLAIMS["eval.imbalance"].unfolded()
    return new.xreplace({imbalance.lhs: imbalance.rhs})


def alike(new: Any, old: Any) -> None:
    if isinstance(old, Tuple):
        for one, other in zip(new, old, strict=True):
            alike(one, other)
    elif old not in (new, factored(new)):
        assert prove(new, old, time_limit=60).status == "proved", (new, old)


# One letter, one quantity ----------------------------------------------------------------------------------------

# Their pages tell names of another chapter too, for the same part of another solution.
TWO_SOLUTIONS = {"reg", "lin"}
COURSES = [{str(c.on_way), str(c.over_time)} for c in alphabet.motion.courses]


def shared(chapter: Chapter) -> dict[str, set[str]]:
    """The LaTeX of each letter of a page that stands for two quantities; on its way and over time it is one."""
    met: dict[str, set[str]] = {}
    for _, quantity in letters_of_page((chapter,)):
        met.setdefault(bare(quantity.tex), set()).add(str(quantity.symbol))
    for definition in used(*(side for claim in chapter.claims.values() for side in claim.sides())):
        met.setdefault(bare(definition.tex), set()).add(definition.id)
    return {tex: names for tex, names in met.items() if len(names) > 1 and names not in COURSES}


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if c.key not in TWO_SOLUTIONS], ids=lambda c: c.key)
def test_no_two_quantities_of_a_page_are_written_alike(chapter: Chapter) -> None:
    assert shared(chapter) == {}


def test_a_letter_with_two_meanings_is_found() -> None:
    own = Alphabet()
    pair = [own.scalar(name, "R", "a radius", positive=True) for name in ("inner", "outer")]
    chapter = Chapter("mine", "Rings", own)
    chapter.claim("order", pair[0], pair[1], relation="<", says="One circle is in the other.")
    assert shared(chapter) == {"R": {"inner", "outer"}}


# A definition is what its claims rest on ------------------------------------------------------------------------

DEFINITIONS = {d.id: d for claim in CLAIMS.values() for d in used(*claim.sides())}


def resting_on(definition: Definition) -> Iterator[Claim]:
    yield from (claim for claim in CLAIMS.values() if definition in used(*claim.sides()))


# Identities between 𝒩, 𝒟, S₁ and S₂ that hold for any ρ in them.
FOR_ANY_RATE = {"dae.squared_sum_ratio", "dae.numerators"}


def test_a_changed_rate_refutes_every_claim_that_lists_it() -> None:
    """4λ² → 5λ² in ρ: a printer that found names in expressions would not notice."""
    rho = DEFINITIONS["dae.rho"]
    wrong = rho.expression.xreplace({4 * lam**2: 5 * lam**2})
    assert wrong != rho.expression
    listing = [claim for claim in resting_on(rho) if claim.id.startswith("dae.")]
    assert {"dae.weights", "dae.direct", "dae.riccati_solution", *FOR_ANY_RATE} <= {claim.id for claim in listing}
    for claim in listing:
        found = claim.redefined({rho: replace(rho, expression=wrong)}).verify(time_limit=30)
        assert found.status == ("proved" if claim.id in FOR_ANY_RATE else "refuted"), (claim.id, found)
