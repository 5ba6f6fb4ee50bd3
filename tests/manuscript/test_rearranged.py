"""Right displays rearranged as authors do: those of rates written out are ok, and none of any claim is ever wrong."""

from __future__ import annotations

from pathlib import Path

import daily
import pytest
from manuscript_rearranged import Stated, alone, judged, sample, stated

from modeflow.manuscript.judge import agreement

CHAPTERS = ("ae", "dae", "wae", "reg")
RATES = [f"{chapter}.{rate}" for chapter in CHAPTERS for rate in ("reciprocal_rate", "balanced_rate")]
RATES += ["dae.half_angle_rate", "lin.half_angle_rate", "wae.riccati_linear", "reg.riccati_linear"]
STATED: dict[str, Stated] = {one[0].id: one for one in stated()}
WAYS = [
    *("as printed", "sides swapped", "both sides negated", "all on one side", "a term moved"),
    *("both sides doubled", "divided by tau"),
]

# What is printed and not read back, and why: nothing is judged of it.
NOT_READ = {
    **dict.fromkeys(("flow.mode_w1", "flow.mode_w2"), "an index behind something that is not a symbol"),
    "dae.theta_is_direct": "functions nested more than 3 deep",
    "dae.masking": "the equation ends too early",  # behind its d, which is read as that of a rate
    **dict.fromkeys(("mode.general", "wae.general", "reg.general"), "K_{1+"),
    **dict.fromkeys(("wae.start", "wae.solution", "wae.both_orders", "wae.half_integer"), "I_{"),
    **dict.fromkeys(("reg.start", "reg.solution", "mode.start", "mode.fading_solution"), "I_{"),
    **dict.fromkeys(("grad.direct_a_rising", "grad.direct_a_crossing"), "more than 4000 tokens"),
    **dict.fromkeys(("grad.direct_b_rising", "grad.direct_b_crossing"), "more than 4000 tokens"),
}
NOT_RECOGNISED = {
    "grad.fading_kernel": "is added to a matrix",  # its I is read as the identity matrix
    **dict.fromkeys(("grad.chain", "grad.loss"), "is not differentiated in it"),  # derivatives on both sides
}


@pytest.mark.costly
@pytest.mark.parametrize("claim", RATES)
def test_rates_that_are_written_out_are_the_claim_in_any_order(claim: str) -> None:
    found = {way: alone(STATED[claim], way) for way in WAYS}
    assert {way: f.reason for way, f in found.items() if f is not None and f.verdict != "ok"} == {}
    assert sum(f is not None for f in found.values()) >= len(WAYS) - 1


def test_without_the_claim_as_it_stands_they_are_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "is_stated", lambda *_: False)
    found = alone(STATED["dae.half_angle_rate"], "sides swapped")
    assert found is not None
    assert found.verdict == "undecided"


def test_a_letter_that_is_taken_for_a_matrix_refutes_no_claim_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def kernel() -> str:
        found = alone(STATED["grad.fading_kernel"], "sides swapped")
        return found.verdict if found else ""

    assert kernel() == "undecided"
    monkeypatch.setattr(agreement, "has_letters", lambda _: True)
    assert kernel() == "wrong"


@pytest.mark.slow
def test_the_catalogue_with_its_sides_swapped_is_ok_or_not_read() -> None:
    found = {identifier: alone(one, "sides swapped") for identifier, one in STATED.items()}
    others = {i: (f.verdict, f.reason) for i, f in found.items() if f is not None and f.verdict != "ok"}
    assert others.keys() == {*NOT_READ, *NOT_RECOGNISED}
    assert {i for i, (verdict, _) in others.items() if verdict != "unparsed"} == {*NOT_RECOGNISED}
    expected = {**NOT_READ, **NOT_RECOGNISED}
    assert {i: reason for i, (_, reason) in others.items() if expected[i] not in reason} == {}


@pytest.mark.slow
def test_no_right_display_is_wrong(tmp_path: Path) -> None:
    chosen = sample(200, daily.seed())
    assert len(chosen) == 200
    found = judged(chosen, tmp_path, time_limit=2.0)
    assert [(d.claim, d.way, f.message) for d, f in found if f.verdict == "wrong"] == []
    assert sum(f.verdict == "ok" for _, f in found) > 100
