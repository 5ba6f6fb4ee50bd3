"""Progress bars on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def watched(items: Iterable[T], *, total: int, doing: str) -> Iterator[T]:
    """The items, with a progress bar on standard error where that is a terminal."""
    from rich.progress import track

    yield from track(items, description=doing, total=total, **_where())


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal, as a function of (done, total)."""
    from rich.progress import Progress

    with Progress(**_where()) as bar:
        task = bar.add_task(doing)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _where() -> dict[str, Any]:
    """A bar is drawn on standard error, where that is a terminal, and removed at the end."""
    from ..statements.verification_report import console

    return {"console": console(sys.stderr), "transient": True, "disable": not sys.stderr.isatty()}
