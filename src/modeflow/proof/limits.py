"""Limits of time and memory: of what a thread calculates itself, and whether one had a part in what was found.

Where a limit had a part, this process may find more another time.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

SHORTEST = 0.05  # seconds between two looks
_reached: list[None] = []


class OutOfTime(BaseException):
    """What a thread calculates took too long; no `except Exception` between catches it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Ends what this thread calculates at so many seconds of its processor time, by OutOfTime.

    Waiting, as for a proof in another process, does not count. A single call of a function in C is not interrupted.
    """
    watch = _Watch(seconds)
    try:
        yield
    finally:
        watch.end()


class _Watch:
    """Raises OutOfTime in the thread that made it, once its processor time is over."""

    def __init__(self, seconds: float) -> None:
        self._thread, self._ended, self._ending = threading.get_ident(), False, threading.Lock()
        self._now: Callable[[], float] = time.monotonic
        if hasattr(time, "pthread_getcpuclockid"):
            self._now = partial(time.clock_gettime, time.pthread_getcpuclockid(self._thread))
        self._until = self._now() + seconds
        self._look_in(seconds)

    def _look_in(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self._ending:
            if self._ended:
                return
            left = self._until - self._now()
            if left > 0:
                self._look_in(max(left, SHORTEST))
                return
            self._ended = True
            reach()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(OutOfTime))

    def end(self) -> None:
        """No more looks. An exception that is on its way arrives here, while the lock is taken or let go."""
        with self._ending:
            self._ended = True
        self._timer.cancel()


def reach() -> None:
    """Say that something was ended at a limit."""
    _reached.append(None)


def reached() -> int:
    """How often that was so."""
    return len(_reached)
