"""A limit on what a thread calculates ends it, and leaves what looked on before as it was."""

from __future__ import annotations

import cProfile
import sys
import time

import pytest

from modeflow.proof import limits


def counted() -> int:
    return 1


def spun(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        counted()


def test_it_ends_what_takes_too_long() -> None:
    before = sys.getprofile()
    with pytest.raises(limits.OutOfTime), limits.within(0.01):
        spun(20)
    assert sys.getprofile() is before


def test_a_profile_goes_on_behind_it() -> None:
    profile = cProfile.Profile()
    profile.enable()
    with limits.within(10):
        pass
    counted()
    profile.disable()
    assert "counted" in {getattr(entry.code, "co_name", "") for entry in profile.getstats()}
