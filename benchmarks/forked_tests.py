"""Tests run in forks of one process that has imported the package and collected them: no start-up for each run.

A plugin of pytest. Where a test is recorded, its fork notes which lines of the package it runs. Where tests try a
mutant, the fork first exchanges the code of the functions that change. Proofs run in the workers of the package, which
here are forks of the fork, so that they are recorded and changed as well.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from typing import Any

import pytest

PACKAGE = f"{Path(__file__).resolve().parents[1] / 'src' / 'modeflow'}/"
LONGEST = 6  # seconds of the processor that a recorded test may take
Lines = set[tuple[str, int]]  # file in the package, line


class Cannot(Exception):
    """The code of a function cannot be exchanged in place."""


class Recorder:
    """The lines of the package that run in this process and its threads."""

    def __init__(self) -> None:
        self.lines: Lines = set()

    def start(self) -> None:
        sys.settrace(self._enter)
        threading.settrace(self._enter)

    def stop(self) -> Lines:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        return self.lines

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(PACKAGE) else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.lines.add((frame.f_code.co_filename[len(PACKAGE) :], frame.f_lineno))
        return self._line

    def write(self, folder: Path) -> None:
        text = "".join(f"{file}\t{line}\n" for file, line in self.lines)
        (folder / str(os.getpid())).write_text(text, encoding="utf-8")


class ForkedWorker:
    """What stands for subprocess.Popen in proof/worker.py."""

    def __init__(self, *_: Any, after: Callable[[], None] = lambda: None, **__: Any) -> None:
        asked, answered = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _serve(asked[0], answered[1], after)
        os.close(asked[0])
        os.close(answered[1])
        self.stdin = os.fdopen(asked[1], "w", encoding="utf-8")
        self.stdout = os.fdopen(answered[0], encoding="utf-8")
        self._status: int | None = None

    def poll(self) -> int | None:
        return self._waited(os.WNOHANG)

    def wait(self) -> int | None:
        return self._waited(0)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _waited(self, options: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status


def _serve(asked: int, answered: int, after: Callable[[], None]) -> None:
    from modeflow.proof import worker

    try:
        os.dup2(asked, 0)
        os.dup2(answered, 1)
        os.closerange(3, 256)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        examined = worker._examined

        def noted(statement: list[Any]) -> Any:
            verdict = examined(statement)
            after()  # here, since a worker is killed in the end
            return verdict

        worker._examined = noted
        worker.serve()
    finally:
        os._exit(0)


class ForkedTests:
    """The plugin: `then` is called with it when the tests are collected, in the place of running them."""

    def __init__(self, then: Callable[[ForkedTests], None]) -> None:
        self._then = then
        self._failed = False
        self._items: dict[str, pytest.Item] = {}
        self._functions: dict[str, list[FunctionType]] = defaultdict(list)
        self._importing = Recorder()
        self.at_import: Lines = set()

    @property
    def tests(self) -> list[str]:
        return list(self._items)

    def run(self, paths: Iterable[str], *options: str) -> None:
        self._importing.start()
        pytest.main(["-q", "-p", "no:cacheprovider", *options, *paths], plugins=[self])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.at_import = self._importing.stop()
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self._items = {item.nodeid: item for item in session.items if not _shares_a_fixture(item)}
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(PACKAGE):
                self._functions[thing.__code__.co_filename[len(PACKAGE) :]].append(thing)
        self._then(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed

    def record(self, test: str) -> tuple[Lines, float] | None:
        """The lines that a test runs, and its seconds; None if it fails, or takes too long."""
        folder = Path(tempfile.mkdtemp())
        recorder = Recorder()

        def noted() -> int:
            _fork_workers(lambda: recorder.write(folder))
            recorder.start()
            failed = self._fails([test])
            recorder.stop()
            recorder.write(folder)
            return int(failed)

        status, seconds = _in_fork(noted, LONGEST)
        lines = {(file, int(line)) for note in folder.iterdir() for file, line in _read(note)}
        shutil.rmtree(folder)
        return (lines, seconds) if status == 0 else None

    def try_mutant(self, file: str, text: str, tests: list[str], seconds: float) -> str:
        """ "found" by a test, "not ended", "survived", or "cannot" where the code cannot be exchanged."""

        def tried() -> int:
            try:
                self._exchange(file, text)
            except Cannot:
                return 2
            _fork_workers(lambda: None)
            return int(self._fails(tests))

        return {0: "survived", 1: "found", 2: "cannot"}.get(_in_fork(tried, seconds)[0], "not ended")

    def _fails(self, tests: list[str]) -> bool:
        items = [self._items[test] for test in tests]
        items[0].config.pluginmanager.unregister(name="terminalreporter")
        factory = items[0].config._tmp_path_factory  # type: ignore[attr-defined]
        factory._basetemp = Path(tempfile.mkdtemp())  # no verdict of another fork
        try:
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                if self._failed:
                    return True
            return False
        finally:
            shutil.rmtree(factory._basetemp, ignore_errors=True)

    def _exchange(self, file: str, text: str) -> None:
        changed = {(c.co_qualname, c.co_firstlineno): c for c in _codes(compile(text, PACKAGE + file, "exec"))}
        exchanged = 0
        for function in self._functions[file]:
            code = function.__code__
            new = changed.get((code.co_qualname, code.co_firstlineno), code)
            if new.co_freevars != code.co_freevars:
                raise Cannot
            if new != code:
                function.__code__ = new
                exchanged += 1
        if not exchanged:
            raise Cannot


def _shares_a_fixture(item: pytest.Item) -> bool:
    """With other tests of its module: each fork would set it up anew."""
    fixtures = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return any(definitions[-1].scope == "module" for definitions in fixtures.values())


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _read(note: Path) -> Iterator[list[str]]:
    for line in note.read_text(encoding="utf-8").splitlines():
        yield line.split("\t")


def _fork_workers(after: Callable[[], None]) -> None:
    from modeflow.proof import worker

    popen = lambda *arguments, **options: ForkedWorker(*arguments, after=after, **options)  # noqa: E731
    worker.subprocess = SimpleNamespace(Popen=popen, PIPE=-1)  # type: ignore[assignment]


def _in_fork(what: Callable[[], int], seconds: float) -> tuple[int, float]:
    """The status with which a fork ends that does something, and the seconds of the processor that it took.

    It is stopped after so many seconds of the processor, or four times as many of the clock, and ten.
    """
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        _do(what, seconds)
    stop = threading.Timer(4 * seconds + 10, os.kill, (pid, signal.SIGKILL))
    stop.start()
    _, status, used = os.wait4(pid, 0)
    stop.cancel()
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _do(what: Callable[[], int], seconds: float) -> None:
    status = 3
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, resource.RLIM_INFINITY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.stdin = io.StringIO()
        status = what()
    finally:
        os._exit(status)
