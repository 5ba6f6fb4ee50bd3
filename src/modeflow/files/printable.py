"""What people see: a character that would steer a terminal, or forge a line, is shown as an escape.

`shown` is for one field of a line. All that the commands print goes through a `Screen`, so that nothing gets past it:
line ends and tabs are left, nothing else that steers, and no line is a command to the server that runs the check.
Escapes are those of JSON, so that JSON stays the same data.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

__all__ = ["Screen", "annotate", "lines", "screened", "shown"]

# Control characters but line ends and tabs; marks and overrides of direction; other line ends; halves of pairs.
_STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
_IN_LINES = re.compile(f"[{_STEERING}]")
_IN_FIELD = re.compile(f"[\t\n{_STEERING}]")
# A line that begins with :: is a command on GitHub, and so is ##[ anywhere; ##vso[ and ##teamcity[ are elsewhere.
_COMMAND = re.compile(r"(^[^\S\n]*:):|(##[A-Za-z]{0,12})\[", re.MULTILINE)
_ANNOTATION = re.compile(r"::(error|warning|notice)( [^:]*)?::.*")
_KEPT = 40  # characters of an unfinished line that decide whether what follows is a command


def shown(value: object) -> str:
    """The text in one line, without characters that steer."""
    return _IN_FIELD.sub(_escape, str(value))


def lines(text: str) -> str:
    """The text with its line ends, without other characters that steer, and without commands."""
    return _COMMAND.sub(lambda m: f"{m[1]}\\u003a" if m[1] else f"{m[2]}\\u005b", _IN_LINES.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


class Screen:
    """A stream that shows what is written to it; everything else is asked of the stream itself."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._line = ""  # what stands on the line that is not finished

    def write(self, text: str) -> int:
        """Write the text as `lines` shows it, also where a command comes in parts."""
        written = lines(self._line + text)
        self.stream.write(written[len(self._line) :])
        line = written.rpartition("\n")[2]
        self._line = line if len(line) < _KEPT else "…" + line[-_KEPT:]
        return len(text)

    def writelines(self, texts: Iterable[str]) -> None:
        """Write one text after the other."""
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def screened() -> Iterator[None]:
    """While this lasts, standard output and standard error are screens."""
    output, errors = (cast(Any, stream and Screen(stream)) for stream in (sys.stdout, sys.stderr))
    with redirect_stdout(output), redirect_stderr(errors):
        yield


def annotate(written: str) -> None:
    """Print our own commands to GitHub, a line each; anything else goes the way of all output."""
    for line in written.splitlines():
        stream = sys.stdout
        if isinstance(stream, Screen) and _ANNOTATION.fullmatch(line):
            stream.stream.write(f"::{lines(line[2:])}\n")
        else:
            print(line)
