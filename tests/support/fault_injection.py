"""Disks that fill up or fail, and processes that die, at any call by which a file is written.

`Disk` stands between a command and the operating system. At the call that is asked for it fails with ENOSPC or EIO, or
the process is dead from there on: whatever it still tries, also to clean up, no longer reaches the disk. After a power
cut, files that were not flushed are empty.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

Fault = Literal["ENOSPC", "EIO", "kill", "power cut"]
FAULTS: tuple[Fault, ...] = ("ENOSPC", "EIO", "kill", "power cut")
CALLS = ("write", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "fchmod", "fchown")


class Killed(BaseException):
    """The process is dead; raised by every further call."""


class Disk:
    """Counts the calls that change files in the folder, and lets one fail. number 0: none."""

    def __init__(self, folder: Path, fault: Fault = "EIO", number: int = 0) -> None:
        self.folder, self.fault, self.number = folder, fault, number
        self.calls: list[str] = []
        self.dead = False
        self.unflushed: set[int] = set()

    def due(self, name: str) -> bool:
        """Whether this call is the one that fails. Raises Killed where the process is dead."""
        if self.dead:
            raise Killed(name)
        self.calls.append(name)
        return len(self.calls) == self.number

    def fail(self, name: str) -> None:
        if self.fault in ("kill", "power cut"):
            self.dead = True
            raise Killed(name)
        number = getattr(errno, self.fault)
        raise OSError(number, os.strerror(number))

    def cut_power(self) -> None:
        """Empty what was not flushed."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.stat().st_ino in self.unflushed:
                os.truncate(path, 0)


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Within it, all that this process writes goes through the disk."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, _watched(disk, name, getattr(os, name)))
        opened = _watched_open(disk, io.open)
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        try:
            yield
        finally:
            patch.undo()
            if disk.dead and disk.fault == "power cut":
                disk.cut_power()


def _watched(disk: Disk, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        if not _concerns(disk, given[0]):
            return really(*given, **named)
        if disk.due(name):
            if name == "write":  # half of it gets through
                _note(disk, given[0])
                really(given[0], bytes(given[1])[: len(given[1]) // 2])
            disk.fail(name)
        if name == "write":
            _note(disk, given[0])
        if name == "fsync":
            disk.unflushed.discard(os.fstat(given[0]).st_ino)
        return really(*given, **named)

    return call


def _watched_open(disk: Disk, really: Callable[..., Any]) -> Callable[..., Any]:
    """For code that writes without the calls above: opening for writing is the call that fails."""

    def call(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        writes = bool(set(mode) & set("wxa+")) and not isinstance(file, int) and _concerns(disk, file)
        if writes and disk.due("open"):
            disk.fail("open")
        opened = really(file, mode, *given, **named)
        if writes:
            _note(disk, opened.fileno())
        return opened

    return call


def _note(disk: Disk, handle: int) -> None:
    disk.unflushed.add(os.fstat(handle).st_ino)


def _concerns(disk: Disk, where: Any) -> bool:
    """Whether a path or an open file lies in the folder."""
    path = os.readlink(f"/proc/self/fd/{where}") if isinstance(where, int) else os.path.abspath(os.fspath(where))
    return path.startswith(str(disk.folder))
