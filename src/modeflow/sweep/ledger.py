"""Which chunks are done. A missing Zarr chunk reads as NaN without an error, so the store cannot say.

A text file beside the store: a line with the digest of what is swept, then a line for each chunk that has been
written in full. A line counts once it ends; one that was cut when the process was killed is dropped.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # not on this platform: nothing stops two sweeps of one store
    fcntl = None  # type: ignore[assignment]


class Mismatch(ValueError):
    """The ledger belongs to another sweep, or another process is writing it."""


class Ledger:
    """The ledger of one sweep, open for writing. Raises Mismatch where it belongs to another."""

    def __init__(self, path: Path, digest: str) -> None:
        self._file: BinaryIO = path.open("a+b")
        if fcntl is not None:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._file.close()
                raise Mismatch(f"{path}: another sweep is writing there; wait for it to end") from None
        self.done = self._read(path, digest)

    def _read(self, path: Path, digest: str) -> set[str]:
        self._file.seek(0)
        whole = self._file.read()
        whole = whole[: whole.rfind(b"\n") + 1]
        lines = whole.decode("ascii", "replace").splitlines()
        if lines and lines[0] != digest:
            self._file.close()
            raise Mismatch(
                f"{path}: the store holds another sweep (other arguments, quantities, chunks or versions); "
                "choose another -o, or remove the store and its ledger"
            )
        self._file.truncate(len(whole))
        if not lines:
            self._append(digest)
        return set(lines[1:])

    def add(self, chunk: str) -> None:
        """Note a chunk that has been written in full."""
        self._append(chunk)
        self.done.add(chunk)

    def _append(self, line: str) -> None:
        self._file.write(f"{line}\n".encode("ascii"))
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()
