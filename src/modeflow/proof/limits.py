"""Limits of time and memory: of what a thread calculates itself, and whether one had a part in what was found.

Where a limit had a part, this process may find more another time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_reached: list[None] = []


class OutOfTime(BaseException):
    """What a thread calculates took too long; no `except Exception` between catches it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Ends what this thread calculates at so many seconds of its processor time, by OutOfTime.

    Waiting, as for a proof in another process, does not count. A single call of a function in C is not interrupted.
    """
    end = time.thread_time() + seconds

    def look(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and time.thread_time() > end:
            reach()
            raise OutOfTime

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
        _resume(before)


def _resume(before: Any) -> None:
    """Go on with what looked on before: a function, or a profile of cProfile."""
    if before is not None and not callable(before):
        before.enable()
    else:
        sys.setprofile(before)


def reach() -> None:
    """Say that something was ended at a limit."""
    _reached.append(None)


def reached() -> int:
    """How often that was so."""
    return len(_reached)
