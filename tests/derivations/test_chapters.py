"""The derivations: every claim is proved, rests on earlier ones, and no broken copy of it passes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import daily
import pytest
from modeflow.derivations import CHAPTERS
from modeflow.derivations.alphabet import eps, gamma, lam
from mutants import mutants_of_claim
from sympy import S, Tuple
from verdicts import shared_verdict

import modeflow
from modeflow import Claim, load_chapters
from modeflow.cli.program import main
from modeflow.statements.catalogue import UnusableChapter

CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims.values()}

PROMISED = {
    "objective": ["noise", "noise_covariance"],
    "flow": ["w1", "w2", "decoupling", "mode_w1", "mode_w2", "loss_decreases"],
    "ae": ["solution", "learning_time"],
    "dae": ["invariant", "product_rate", "fixed_point", "saddle", "balanced", "theta_flow", "theta_solution"],
    "dae ": ["direct", "weights", "theta_is_direct", "learning_time"],
    "wae": ["imbalance", "product_rate", "fixed_point", "threshold", "balanced", "learning_time", "riccati"],
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_has_the_verdict_it_states(claim: Any) -> None:
    found = shared_verdict(claim)
    assert found.status == claim.expects, found


def test_the_promised_ids_are_there() -> None:
    promised = {f"{key.strip()}.{name}" for key, names in PROMISED.items() for name in names}
    assert promised <= set(modeflow.claims())


def test_claims_rest_on_earlier_claims_and_say_what_they_mean() -> None:
    earlier: set[str] = set()
    for claim in CLAIMS.values():
        assert set(claim.follows_from) <= earlier, claim.id
        assert claim.says.endswith("."), claim.id
        assert claim.source, claim.id
        assert claim.assumptions or claim.lhs == claim.rhs, claim.id
        earlier.add(claim.id)


def test_every_closed_form_of_a_path_is_put_back_into_its_equation_with_its_start() -> None:
    paths = [c for c in CLAIMS.values() if "solution" in c.id or c.id in ("dae.weights", "dae.direct", "wae.balanced")]
    assert len(paths) >= 9
    for claim in paths:
        roles = " ".join(equation.name for equation in claim.satisfies)
        assert "rate" in roles, claim.id
        assert "initial" in roles or "start" in roles, claim.id


def broken_copies(claim: Claim) -> list[Claim]:
    """A sign, a factor 2, and one price in the place of the other, wherever they apply."""
    if claim.relation != "=":
        return [replace(claim, lhs=claim.rhs, rhs=claim.lhs)]
    copies = []
    for i, side in enumerate(claim.rhs if isinstance(claim.rhs, Tuple) else [claim.rhs]):
        wrong = [-side, 2 * side] if side != 0 else [side + 1]
        wrong += [side.xreplace({lam: eps}), side.xreplace({eps: lam}), side.xreplace({gamma: eps})]
        for change in wrong:
            if change != side and not change.has(S.NaN, S.ComplexInfinity):
                whole = Tuple(*(change if j == i else s for j, s in enumerate(claim.rhs))) if i or isinstance(
                    claim.rhs, Tuple
                ) else change  # fmt: skip
                copies.append(replace(claim, rhs=whole))
    return copies


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_broken_copy_is_refuted_with_a_witness(claim: Any) -> None:
    refuted_with_a_witness(claim, [random.Random(f"{daily.seed()} {claim.id}").choice(broken_copies(claim))])


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_broken_copy_is_refuted_with_a_witness(claim: Any) -> None:
    refuted_with_a_witness(claim, broken_copies(claim))


def refuted_with_a_witness(claim: Claim, copies: list[Claim]) -> None:
    assert len(copies) >= 1
    for copy in copies:
        found = copy.verify(time_limit=30)
        assert found.status == "refuted", (claim.id, copy.rhs, found)
        assert found.witness is not None
        assert found.witness["left"] != found.witness["right"]


def check_mutants(how_many: int, seed: int, claims: Iterable[Claim]) -> dict[str, int]:
    """Verify a sample of the mutants of the claims; each is refuted or a proved equivalent."""
    source = random.Random(seed)
    everyone = [(claim, name, mutant) for claim in claims for name, mutant in mutants_of_claim(claim)]
    sample = source.sample(everyone, min(how_many, len(everyone)))
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda item: item[2].verify(time_limit=30), sample))
    counts: dict[str, int] = {}
    for (claim, name, mutant), found in zip(sample, verdicts, strict=True):
        counts[found.status] = counts.get(found.status, 0) + 1
        # A mistake in a definition may leave a claim true and what it divides by of unknown sign.
        unfounded = "." in name.rpartition(" in ")[2] and found.reason.startswith("rests on ")
        assert unfounded or found.status in ("refuted", "proved"), (claim.id, name, mutant.rhs, found)
        assert found.status != "refuted" or found.witness, (claim.id, name)
    return counts


@pytest.mark.costly
def test_a_sample_of_mutants_is_refuted_or_a_proved_equivalent() -> None:
    """Of claims that are short: a mutant of a long one that says the same takes as long to prove as the claim."""
    letters = {claim: claim.unfolded() for claim in CLAIMS.values()}
    short = [claim for claim, own in letters.items() if own.lhs.count_ops() + own.rhs.count_ops() <= 100]
    assert len(short) > len(CLAIMS) / 2
    counts = check_mutants(50, daily.seed(), random.Random(daily.seed()).sample(short, 20))
    assert counts["refuted"] > 0.8 * 50


@pytest.mark.costly
def test_mistakes_in_the_definitions_of_a_claim_are_among_its_mutants() -> None:
    """And changed definitions change what is proved: 4λ² → 5λ², and the like."""
    claim = CLAIMS["dae.riccati_solution"]
    wrong = {name: mutant for name, mutant in mutants_of_claim(claim) if name.endswith(" in dae.rho")}
    assert len(wrong) > 10
    assert all(mutant.unfolded() != claim.unfolded() for mutant in wrong.values())
    assert wrong["factor 2 in dae.rho"].verify().status == "refuted"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 11))
def test_two_thousand_mutants_are_refuted_or_proved_equivalents(part: int) -> None:
    some = random.Random(daily.seed(part)).sample(list(CLAIMS.values()), 50)  # all of them are over 60,000
    counts = check_mutants(200, daily.seed(part), some)
    assert counts["refuted"] > 0.85 * 200


UNFOUNDED = """
from modeflow import Alphabet, Chapter
letters = Alphabet()
a = letters.scalar("a", "a", "a number", real=True)
chapter = Chapter("own", "Own", letters)
first = chapter.claim("first", a, a, says="It is itself.")
second = chapter.claim("second", a, a + 0, says="It is itself.", follows_from=[{source!r}])
"""


def test_a_claim_follows_from_claims_that_are_stated(tmp_path: Path) -> None:
    for source in ("own.first", "dae.direct"):
        (tmp_path / "right.py").write_text(UNFOUNDED.format(source=source))
        assert load_chapters(tmp_path / "right.py")[0].claims["own.second"].follows_from == (source,)
    for source, remedy in (("own.frist", "own.first"), ("dae.dirct", "dae.direct"), ("nothing.x", "stated before it")):
        wrong = tmp_path / "wrong.py"
        wrong.write_text(UNFOUNDED.format(source=source))
        with pytest.raises(UnusableChapter, match=rf"follows_from names '{source}'.*{remedy}") as error:
            load_chapters(wrong)
        assert "wrong.py:7" in str(error.value)


def test_a_refuted_claim_names_its_equation_and_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "decay.py"
    file.write_text("""
from sympy import exp
from modeflow import Alphabet, Chapter, Equation
letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
w = letters.function("w", "w", "a strength", real=True)
chapter = Chapter("decay", "Decay", letters)
chapter.claim("w", w(t), exp(-2 * t), says="It decays.",
    satisfies=[Equation(w(0), 1, "initial value"), Equation(w(t).diff(t), -w(t), "rate of w")])
""")
    assert main(["verify", str(file), "--no-cache"]) == 1
    said = capsys.readouterr().out
    assert "decay.w: refuted: rate of w: at t = " in said
    assert "decay.py:8" in said


def test_a_claim_is_derived_with_what_it_follows_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "dae.direct"]) == 0
    said = capsys.readouterr().out
    assert "dae.direct" in said
    for source in modeflow.claim("dae.direct").follows_from:
        assert source in said
    assert len(said) < 20_000
    assert main(["derive", "dae.dirct"]) == 2
    assert "did you mean dae.direct" in capsys.readouterr().err
