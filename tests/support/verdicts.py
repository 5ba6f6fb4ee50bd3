"""Verdicts on the claims of the catalogue, each found once in a run, whichever process asks first."""

from __future__ import annotations

import fcntl

from modeflow import Claim
from modeflow.language.verdict import Verdict
from modeflow.statements import cache


def shared_verdict(claim: Claim, time_limit: float = 30) -> Verdict:
    """The claim's verdict, with its certificates; who asks while another process looks for it waits for that."""
    locks = cache.directory() / "locks"
    locks.mkdir(exist_ok=True)
    with (locks / claim.id).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cache.verify(claim, time_limit=time_limit)
