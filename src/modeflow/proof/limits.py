"""Whether a limit of time or memory had a part in what this process found: then it may find more another time."""

from __future__ import annotations

_reached: list[None] = []


def reach() -> None:
    """Say that something was ended at a limit."""
    _reached.append(None)


def reached() -> int:
    """How often that was so."""
    return len(_reached)
