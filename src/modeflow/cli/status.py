"""How a command ends, and which errors are the user's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLEAN, FINDINGS, USAGE = 0, 1, 2


class UsageError(Exception):
    """The user asked for something that cannot be done; the message is all they need to see."""


@contextmanager
def usage_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Within it, errors of these kinds are the user's; their messages say what to do."""
    try:
        yield
    except kinds as error:
        raise UsageError(str(error)) from error


@contextmanager
def data_errors() -> Iterator[None]:
    """Within it, the engine raises ValueError for what the user gave, and names it; so is too large a run theirs."""
    try:
        yield
    except ValueError as error:
        raise UsageError(" ".join(str(error).split())) from error
    except MemoryError as error:
        why = " ".join(str(error).split()) or "not enough memory"
        raise UsageError(f"{why}; give fewer images, hidden units or modes") from error


@contextmanager
def writing(path: Path | None = None) -> Iterator[None]:
    """Within it, what cannot be written is the user's: this path, or the one that the error names."""
    try:
        yield
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}; give another place with -o"
        raise UsageError(f"{path or error.filename}: {reason}") from error


def write_new(path: Path, text: str) -> None:
    """Write a file, never over one that is there."""
    from ..files import write

    with writing(path):
        try:
            write(path, text, new=True)
        except FileExistsError:
            raise UsageError(f"{path}: is there already; choose another name") from None
