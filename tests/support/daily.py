"""The seed of the day: what is drawn at random differs from day to day, and a day can be repeated."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

VARIABLE = "MODEFLOW_TEST_SEED"
COSTLY = 6  # of the tests marked costly, one in so many is among the fast ones of the day


def settle() -> None:
    """Fix the seed for this process and those it starts, also over midnight."""
    os.environ.setdefault(VARIABLE, datetime.now(tz=UTC).strftime("%Y%m%d"))


def seed(part: int = 0) -> int:
    """$MODEFLOW_TEST_SEED, or today's date as a number; for each part another."""
    settle()
    return int(os.environ[VARIABLE]) + part * 10**8


def some(cases: Iterable[Any], fast: int) -> list[Any]:
    """The cases as parameters of a test, of which the day chooses so many for the fast tests; the others are slow."""
    cases = list(cases)
    chosen = set(random.Random(seed()).sample(range(len(cases)), fast))
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=() if k in chosen else pytest.mark.slow)
        for k, case in enumerate(cases)
    ]


def part(text: str) -> tuple[int, int]:
    """K/N as two numbers; raises ValueError unless 1 <= K <= N."""
    which, _, of = text.partition("/")
    if not 1 <= int(which) <= int(of):
        raise ValueError(text)
    return int(which), int(of)


def in_part(name: str, which: int, of: int) -> bool:
    """Whether the test of that name belongs to part `which` of `of` today."""
    return int(sha256(f"{seed()} {name}".encode()).hexdigest(), 16) % of == which - 1
