"""How much is said beside the results: nothing under --quiet, each step and its time under --verbose."""

from __future__ import annotations

import logging
import sys

from ..files.printable import shown

__all__ = ["is_quiet", "listen", "note"]

_LOG = logging.getLogger("modeflow")


def listen(*, quiet: bool, verbose: bool) -> None:
    """From now on, what the engine logs is on standard error as far as it is asked for."""
    _LOG.setLevel(logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING)
    for old in [handler for handler in _LOG.handlers if isinstance(handler, _OnStandardError)]:
        _LOG.removeHandler(old)
    _LOG.addHandler(_OnStandardError())
    _LOG.propagate = False


def is_quiet() -> bool:
    """Whether only results and errors are wanted."""
    return not _LOG.isEnabledFor(logging.WARNING)


def note(text: str) -> None:
    """Say something beside the results, on standard error; nothing where that is not wanted."""
    if not is_quiet():
        print(shown(text), file=sys.stderr)


class _OnStandardError(logging.Handler):
    """Prints a record in one line, on what standard error is by then."""

    def emit(self, record: logging.LogRecord) -> None:
        print(shown(f"modeflow: {record.getMessage()}"), file=sys.stderr)
