"""What is costly and the same for all tests, found once in a run, whichever process asks first."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from modeflow import Chapter, Claim, chapters
from modeflow.language.verdict import Verdict
from modeflow.statements import cache, kept


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Who asks while another process is at it waits for that."""
    locks = kept.directory() / "locks"
    locks.mkdir(exist_ok=True)
    with (locks / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared_verdict(claim: Claim, time_limit: float = 30) -> Verdict:
    """The claim's verdict, with its certificates."""
    with _alone(claim.id):
        return cache.verify(claim, time_limit=time_limit)


def all_chapters(form: Callable[[Iterable[Chapter]], str]) -> str:
    """All chapters in a form, such as `typeset.html.html`."""
    path = kept.directory() / f"all-chapters.{form.__name__}"
    with _alone(path.name):
        if not path.exists():
            path.write_text(form(chapters().values()), encoding="utf-8")
        return path.read_text(encoding="utf-8")
