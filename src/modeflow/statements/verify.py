"""Many claims at once: each worker thread drives a checking process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

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
        futures = [pool.submit(check, claim, time_limit=time_limit) for claim in claims]
        try:
            for claim, future in zip(claims, futures, strict=True):
                yield claim, future.result()
        finally:
            for future in futures:
                future.cancel()


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
