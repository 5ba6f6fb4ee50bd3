"""Progress on standard error: with the time left where that is a terminal, and the time taken where it is asked for."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from .logs import is_quiet

T = TypeVar("T")
_LOG = logging.getLogger("modeflow.cli")


def watched(items: Iterable[T], *, total: int, doing: str) -> Iterator[T]:
    """The items, with a progress bar on standard error where that is a terminal."""
    from rich.progress import track

    began = time.perf_counter()
    yield from track(items, description=doing, total=total, **_where())
    _LOG.info("%s: %.2f s", doing, time.perf_counter() - began)


@contextmanager
def bar(doing: str, after: float = 0.0) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal, as a function of (done, total).

    after: seconds after which it is shown, if it is still needed then.
    """
    began = time.perf_counter()
    if _is_hidden():
        yield lambda done, total: None
    else:
        yield from _shown(doing, began + after)
    _LOG.info("%s: %.2f s", doing, time.perf_counter() - began)


def _shown(doing: str, begin: float) -> Iterator[Callable[[int, int], None]]:
    from rich.progress import Progress

    bar = Progress(**_where())
    task = bar.add_task(doing)

    def told(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if time.perf_counter() >= begin:
            bar.start()  # which does nothing where it has begun

    try:
        yield told
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def working(doing: str) -> Iterator[None]:
    """A sign on standard error, where that is a terminal, that something goes on whose length is not known."""
    from ..statements.verification_report import console

    began = time.perf_counter()
    if _is_hidden():
        yield
    else:
        with console(sys.stderr).status(doing):
            yield
    _LOG.info("%s: %.2f s", doing, time.perf_counter() - began)


def _is_hidden() -> bool:
    return is_quiet() or not sys.stderr.isatty()


def _where() -> dict[str, Any]:
    """A bar is drawn on standard error, where that is a terminal, and removed at the end."""
    from ..statements.verification_report import console

    return {"console": console(sys.stderr), "transient": True, "disable": _is_hidden()}
