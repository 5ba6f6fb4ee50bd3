"""Many claims at once: each worker thread drives a checking process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from ..language.expressions import parts
from ..language.verdict import Verdict
from . import cache as kept
from .claims import Claim


def verify_all(
    claims: Iterable[Claim], *, jobs: int = 1, time_limit: float = 10.0, cache: bool = True
) -> Iterator[tuple[Claim, Verdict]]:
    """Verify claims on `jobs` processes; yields (claim, verdict) in the order given, each as soon as it is known.

    time_limit, in seconds of processor time, holds for each equation that a claim must satisfy. With cache=False
    the verdicts on disk are neither read nor written.
    """
    claims = list(claims)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}: at least one checking process is needed")
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        check = kept.verify if cache else _Verified().verdict
        futures = {n: pool.submit(check, claims[n], time_limit=time_limit) for n in _order(claims, jobs)}
        try:
            for n, claim in enumerate(claims):
                yield claim, futures[n].result()
        finally:
            for future in futures.values():
                future.cancel()


def _order(claims: Sequence[Claim], jobs: int) -> Sequence[int]:
    """The largest claims first, so that none of them is left to one process at the end."""
    return range(len(claims)) if jobs == 1 else sorted(range(len(claims)), key=lambda n: -_size(claims[n]))


def _size(claim: Claim) -> int:
    """How many parts are in the statement and in what its names stand for, each counted once."""
    forms = (form for d in claim.definitions() for form in (d.expression, d.signs) if form is not None)
    return sum(len(parts(form)) for form in (*claim.sides(), *forms))


class _Verified:
    """The verdicts of one run, so that a claim with many corollaries is verified once."""

    def __init__(self) -> None:
        self._verdicts: dict[Claim, Verdict] = {}
        self._locks: dict[Claim, Lock] = {}

    def verdict(self, claim: Claim, *, time_limit: float) -> Verdict:
        """The verdict on a claim; who asks for one that another thread is at waits for it."""
        with self._locks.setdefault(claim, Lock()):
            if claim not in self._verdicts:
                rest = {"general": self.verdict(claim.special.of, time_limit=time_limit)} if claim.special else {}
                self._verdicts[claim] = claim.verify(time_limit=time_limit, **rest)
            return self._verdicts[claim]
