"""What a check is at, told to whoever waits for it, so that a check that is stopped can say where."""

from __future__ import annotations

from collections.abc import Callable

_listener: list[Callable[[str], None]] = []


def tell(listener: Callable[[str], None]) -> None:
    """From now on `listener` hears of every stage; for the checking process."""
    _listener[:] = [listener]


def entered(stage: str) -> None:
    """The check is now at this stage, such as "proving by algebra"."""
    for listener in _listener:
        listener(stage)
