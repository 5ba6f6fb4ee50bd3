"""A limit on what a thread calculates ends it, inside its block and nowhere else."""

from __future__ import annotations

import cProfile
import threading
import time

import pytest

from modeflow.proof import limits


def counted() -> int:
    return 1


def spun(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        counted()


def test_it_ends_what_takes_too_long() -> None:
    before = limits.reached()
    with pytest.raises(limits.OutOfTime), limits.within(0.01):
        spun(20)
    assert limits.reached() == before + 1


def test_waiting_does_not_count() -> None:
    with limits.within(0.1):
        time.sleep(0.4)
        counted()


def test_what_ends_about_when_the_limit_does_is_ended_inside_or_not_at_all() -> None:
    ended = 0
    for n in range(60):
        try:
            with limits.within(0.01):
                spun(0.009 + n / 30_000)
        except limits.OutOfTime:
            ended += 1
        spun(0.002)  # would be ended by what comes too late
    assert ended < 60


def test_it_ends_its_own_thread_alone() -> None:
    told = list[str]()

    def limited() -> None:
        try:
            with limits.within(0.02):
                spun(20)
        except limits.OutOfTime:
            told.append("ended")

    thread = threading.Thread(target=limited)
    thread.start()
    spun(0.2)
    thread.join(30)
    assert told == ["ended"]


def test_the_inner_of_two_limits_ends_first() -> None:
    with limits.within(20):
        with pytest.raises(limits.OutOfTime), limits.within(0.01):
            spun(20)
        spun(0.05)


def test_a_profile_goes_on_behind_it() -> None:
    profile = cProfile.Profile()
    profile.enable()
    with limits.within(10):
        pass
    counted()
    profile.disable()
    assert "counted" in {getattr(entry.code, "co_name", "") for entry in profile.getstats()}
