"""Files from outside: read whole, or refused in one sentence, and never waited for.

A name may lead to a pipe, a device, a folder, a link to itself or a file without end. What is not a regular file of a
bounded size is refused before a byte of it is read.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

__all__ = ["Unreadable", "content", "no_larger", "text", "toml"]

MIB = 2**20
DEEPEST = 64  # brackets inside brackets, or names in a dotted key, of a TOML file
LONGEST = 1000  # characters of a number or a bare name in it

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# A pipe that nobody writes to must not be waited for, and a terminal must not take charge of the program.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))


class Unreadable(ValueError):
    """A file that cannot be read; the message says which, why, and what to do. why: the reason alone."""

    def __init__(self, path: str | Path, why: str, remedy: str) -> None:
        super().__init__(f"{path}: {why}; {remedy}")
        self.why = why


def content(path: str | Path, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` bytes. Raises Unreadable."""
    try:
        _refuse_odd(path, os.stat(path))  # a device may act when it is opened
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            return _whole(path, file, largest)
    except OSError as error:
        raise Unreadable(path, error.strerror or str(error), "check the path and its permissions") from None
    except MemoryError:
        raise Unreadable(path, "too large for the memory", "give a smaller file") from None
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(path, "no file can have this name", "give another") from None


def text(path: str | Path, largest: int) -> str:
    """The text of such a file, in UTF-8, its line ends as they are. Raises Unreadable."""
    try:
        return content(path, largest).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(path, f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from None


def no_larger(path: str | Path, text: str, largest: int) -> str:
    """A text that is to be saved at a path, if the file may then be read. Raises Unreadable."""
    if len(text.encode("utf-8", "replace")) > largest:
        raise _too_large(path, largest)
    return text


def _too_large(path: str | Path, largest: int) -> Unreadable:
    return Unreadable(path, f"larger than {_size(largest)}", "give a smaller file")


def toml(path: str | Path, largest: int = MIB // 2) -> dict[str, Any]:
    """The tables of a TOML file. Raises Unreadable, also where reading it would take long."""
    written = text(path, largest).replace("\r\n", "\n")
    if fault := _fault(written):
        raise Unreadable(path, f"is not read: {fault}", "write it in a simpler way")
    try:
        return tomllib.loads(written)
    except (ValueError, RecursionError) as error:
        raise Unreadable(path, f"is not TOML: {error}", "mend it there") from None


def _whole(path: str | Path, file: Any, largest: int) -> bytes:
    before = os.fstat(file.fileno())
    _refuse_odd(path, before)
    if before.st_size > largest:
        raise _too_large(path, largest)
    read: bytes = file.read(before.st_size + 1)  # one more, to notice what has grown
    after = os.fstat(file.fileno())
    if len(read) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unreadable(path, "changed while it was read", "try again")
    return read


def _refuse_odd(path: str | Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "no regular file")
        raise Unreadable(path, f"{kind}, where a regular file is needed", "give the path of a file")


def _size(largest: int) -> str:
    return f"{largest // MIB} MiB" if largest >= MIB else f"{largest // 1024} KiB"


# TOML that takes long -------------------------------------------------------------------------------------

_STRINGS = re.compile(
    r'"""(?:\\.|[^\\"]|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+",
    re.DOTALL,
)
_LONG = re.compile(rf"[^\s\[\]{{}},=]{{{LONGEST + 1}}}")
_DOTTED = re.compile(rf'(?<![\w"-])(?:[\w"-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}')


def _fault(written: str) -> str:
    """What in a TOML text, beside its strings, would take time in the square of its length, or too deep a stack."""
    plain = _STRINGS.sub('"', written)
    for find, what in _FAULTS:
        if found := find(plain):
            return f"line {plain.count(chr(10), 0, found.start()) + 1} has {what}"
    return ""


def _too_deep(plain: str) -> re.Match[str] | None:
    """The bracket that is inside too many others."""
    depth = 0
    for found in re.finditer(r"[\[\]{}]", plain):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            return found
    return None


_FAULTS = (
    (_LONG.search, f"a number or a name over {LONGEST} characters"),
    (_DOTTED.search, f"a key of more than {DEEPEST} names"),
    (_too_deep, f"brackets more than {DEEPEST} deep"),
)
