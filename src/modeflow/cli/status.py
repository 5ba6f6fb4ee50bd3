"""How a command ends."""

from __future__ import annotations

CLEAN, FINDINGS, USAGE = 0, 1, 2


class UsageError(Exception):
    """The user asked for something that cannot be done; the message is all they need to see."""
