"""The program: reads the command line, runs one command and says how it ended, in one line where it ended badly."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from difflib import get_close_matches
from itertools import filterfalse
from types import FrameType
from typing import Any, NoReturn, TextIO, TypeVar, cast

from ..files.inputs import Unreadable
from ..files.printable import screened, shown
from . import (
    check,
    compare,
    derive,
    explain,
    explore,
    export,
    figures,
    generate,
    lsp,
    new,
    recommend,
    spectrum,
    sweep,
    verify,
)
from .completion import SHELLS, PrintCompletion
from .logs import is_quiet, listen
from .status import CLEAN, USAGE, UsageError

T = TypeVar("T")
_INTERRUPTED, _PIPE_CLOSED = 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _take_closed_places()
    if sys.stdout is None:
        return _ended(USAGE, "standard output is closed; name a file or a pipe for it")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show is a question mark, not a traceback
    with _watched_output() as output, screened():
        return _main(argv, output)


def _main(argv: Sequence[str] | None, output: _Output) -> int:
    try:
        with _warnings_in_one_line(), _ended_by_signals():
            return _run(argv, output)
    except (UsageError, Unreadable, UnicodeError) as error:
        return _ended(USAGE, str(error))
    except KeyboardInterrupt:
        return _ended(_INTERRUPTED, "interrupted")
    except _Stopped as stopped:
        return _ended(128 + stopped.signal, f"ended by {signal.Signals(stopped.signal).name}")
    except BrokenPipeError:
        _give_up(sys.stdout)
        return _PIPE_CLOSED
    except OSError as error:
        return _ended(USAGE, _said(error))


def _run(argv: Sequence[str] | None, output: _Output) -> int:
    try:
        arguments = _parsed(argv)
        listen(quiet=arguments.quiet, verbose=arguments.verbose)
        status: int = arguments.run(arguments)
    except SystemExit:  # --help, --version, wrong usage
        output.check()
        raise
    output.check()
    return status


# Streams and signals ------------------------------------------------------------------------------------------


class _Output:
    """Standard output, whose errors name it and are not forgotten, whoever passes over them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def write(self, text: str) -> int:
        return self._tried(self._stream.write, text)

    def flush(self) -> None:
        self._tried(self._stream.flush)

    def check(self) -> None:
        """Raises the first error."""
        self.flush()
        if self._error is not None:
            raise self._error

    def _tried(self, do: Callable[..., T], *given: Any) -> T:
        try:
            return do(*given)
        except OSError as error:
            named = OSError(error.errno, error.strerror or str(error), "standard output")
            self._error = self._error or named
            raise named from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _watched_output() -> Iterator[_Output]:
    output = _Output(sys.stdout)
    with redirect_stdout(cast(Any, output)):
        yield output


class _Stopped(BaseException):
    """Another process wants this one to end; it removes first what it has not finished."""

    def __init__(self, signal: int) -> None:
        self.signal = signal


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within it, SIGINT, SIGTERM and SIGHUP end the checks that run, and raise; a second one ends the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _take_signals()
    try:
        yield
    finally:
        for s, handler in before.items():
            signal.signal(s, handler)


def _take_signals() -> dict[int, Any]:
    """Have signals end the command; return what they did before."""
    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {s: signal.getsignal(s) for s in wanted}
    for s, handler in before.items():
        if handler in (signal.SIG_DFL, signal.default_int_handler):  # else somebody decided otherwise, as nohup does
            signal.signal(s, _stop)
    return before


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)
    if worker := sys.modules.get("modeflow.proof.worker"):
        worker.stop()
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise _Stopped(number)


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if not is_quiet():
            _say(str(message))

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def _take_closed_places() -> None:
    """Standard streams that are closed get the null device, so that no file gets their numbers."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115 (open to the end)


def _ended(status: int, why: str) -> int:
    _say(why)
    for stream in filterfalse(_flushes, (sys.stdout, sys.stderr)):
        _give_up(stream)
    return status


def _say(text: str) -> None:
    with suppress(OSError):
        print(f"modeflow: {shown(text)}", file=sys.stderr, flush=True)


def _said(error: OSError) -> str:
    """What an error says that no command has explained."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror or error}; check its permissions and the room that is left"
    return f"reading or writing failed: {error.strerror or error}; check permissions and the room that is left"


def _flushes(stream: TextIO | None) -> bool:
    try:
        if stream is not None:
            stream.flush()
    except OSError:
        return False
    return True


def _give_up(stream: TextIO) -> None:
    """Python flushes once more at the end; what is left goes to the null device."""
    with suppress(OSError):
        handle = os.open(os.devnull, os.O_WRONLY)
        os.dup2(handle, stream.fileno())
        os.close(handle)


# The command line ---------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {shown(message)}\nTry `{self.prog} --help`.\n")


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments of a command; one that it does not have is told with the nearest option that it has."""
    parser = _parser()
    arguments, strangers = parser.parse_known_args(argv)
    if strangers:
        of = arguments.parser
        written = strangers[0].partition("=")[0]
        near = get_close_matches(written, of._option_string_actions, 1) if written.startswith("-") else []
        of.error(f"unrecognized argument: {strangers[0]}" + (f"; did you mean {near[0]}?" if near else ""))
    return arguments


_PREDICTING = (compare, spectrum, recommend, sweep, figures, explore)
_COMMANDS = (derive, verify, export, new, generate, *_PREDICTING, check, explain, lsp)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from .. import __version__

        print(f"modeflow {__version__}")
        parser.exit(CLEAN)


def _helped(arguments: argparse.Namespace) -> int:
    """Without a command, what there is."""
    arguments.parser.print_help()
    return CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="modeflow", description="Derive, prove and evaluate how linear autoencoders learn.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.add_argument(
        "--print-completion", action=PrintCompletion, choices=SHELLS, help="print what completes commands in this shell"
    )
    parser.set_defaults(run=_helped, parser=parser, quiet=False, verbose=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for noun in _COMMANDS:
        noun.add(commands)
    return parser
