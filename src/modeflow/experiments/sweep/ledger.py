"""Which chunks are done. A missing Zarr chunk reads as NaN without an error, so the store cannot say.

A text file beside the store: a line with the digest of what is swept, then a line for each chunk that is on the disk
in full, with the digest of its files. A line counts once it ends; one that was cut when the process was killed is
dropped.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from ...files import Journal


class Mismatch(ValueError):
    """The ledger belongs to another sweep, or another process is writing it."""


def _journal(path: Path) -> Journal:
    try:
        return Journal(path)
    except BlockingIOError:
        raise Mismatch(f"{path}: another sweep is writing there; wait for it to end") from None


class Ledger:
    """The ledger of one sweep, open for writing. Raises Mismatch where it belongs to another.

    done: the chunks by name, each with its digest.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self._journal = _journal(path)
        first, *lines = self._journal.lines or [identity]
        if first != identity:
            self._journal.close()
            raise Mismatch(
                f"{path}: the store holds another sweep (other arguments, quantities, chunks or versions); "
                "choose another -o, or remove the store and its ledger"
            )
        if not self._journal.lines:
            self._journal.add(identity)
        entries = [line.split(" ") for line in lines]
        self.done = {entry[0]: entry[1] for entry in entries if len(entry) == 2}

    def add(self, chunk: str, digest: str) -> None:
        """Note a chunk that is on the disk in full."""
        self._journal.add(f"{chunk} {digest}")
        self.done[chunk] = digest

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._journal.close()
