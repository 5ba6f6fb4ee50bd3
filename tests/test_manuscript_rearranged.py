"""Right displays rearranged as authors do: those of rates written out are ok, and none of any claim is ever wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from manuscript_rearranged import displays, judged, sample

from modeflow.manuscript import compare

WAYS = ["sides swapped", "both sides negated", "all on one side"]
RATES = ("ae.reciprocal_rate", "dae.reciprocal_rate", "dae.half_angle_rate", "dae.balanced_rate")


def test_rates_that_are_written_out_are_the_claim_in_any_order(tmp_path: Path) -> None:
    chosen = [d for d in displays(WAYS) if d.claim in RATES]
    assert len(chosen) == 12
    found = judged(chosen, tmp_path)
    assert [(d.claim, d.way, f.verdict, f.reason) for d, f in found if f.verdict != "ok"] == []


def test_without_the_claim_as_it_stands_they_are_not_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "_is_stated", lambda *_: False)
    chosen = [d for d in displays(["sides swapped"]) if d.claim in RATES[:1]]
    assert {f.verdict for _, f in judged(chosen, tmp_path)} == {"undecided"}


@pytest.mark.slow
def test_no_right_display_is_wrong(tmp_path: Path) -> None:
    seed = int(date.today().strftime("%Y%m%d"))
    chosen = sample(8, seed)
    assert len(chosen) == 8
    found = judged(chosen, tmp_path, time_limit=2.0)
    assert [(seed, d.claim, d.way, f.message) for d, f in found if f.verdict == "wrong"] == []
