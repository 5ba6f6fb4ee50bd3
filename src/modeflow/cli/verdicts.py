"""Verdicts for commands that show them beside what they write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .progress import watched

if TYPE_CHECKING:
    from ..language.verdict import Verdict
    from ..statements.claims import Claim


def verdicts(claims: Sequence[Claim]) -> dict[str, Verdict]:
    """What verifying each claim says, by its id."""
    from ..statements.verify import verify_all

    verified = verify_all(claims, jobs=os.cpu_count() or 1)
    return {claim.id: verdict for claim, verdict in watched(verified, total=len(claims), doing="verifying")}
