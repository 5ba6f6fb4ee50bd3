"""The evaluators in compiled C: built on first use, kept in the user's cache, the NumPy path wherever it cannot help.

`strength(..., backend="native")` and the like come here. The C source ships with the package; it is compiled with the
system's C compiler (the environment variable CC, or cc) for this machine's processor, and loaded by ctypes.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shlex
import shutil
import signal
import stat
import subprocess
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from math import prod
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import numpy as np

from .. import files
from .arguments import PARAMETERS, Array, shape_of
from .blocks import Result

SOURCE = Path(__file__).parent / "generated" / "c"
SOURCES = (SOURCE / "modeflow.c", Path(__file__).parent / "fading" / "anchors.c")
FLAGS = ("-std=c99", "-O3", "-fPIC", "-shared", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")
TUNING = (("-march=native", "-mprefer-vector-width=512"), ("-march=native",), ("-mcpu=native",), ())
VERSION_LIMIT, BUILD_LIMIT = 20.0, 120.0  # seconds; a build takes about four
LONGEST, LARGEST = 65_536, 2**26  # bytes: of what a compiler prints, and of a library
SHARE = 65_536  # points that are worth a thread of their own
Pointers, Steps, Targets = ctypes.c_void_p * 7, ctypes.c_ssize_t * 7, ctypes.c_void_p * 2


class NoCompiler(RuntimeError):
    """The C evaluators cannot be built or loaded; the message says why and what to do."""


def evaluate(path: str, count: int, given: Mapping[str, Array], threads: int = 1) -> tuple[Result, ...] | None:
    """The arrays of a path ("strength", "weights", "loss") over the broadcast shape of its arguments.

    given: arrays of one type, float64 or float32, by the names in PARAMETERS. None where a point needs the NumPy path:
    an argument out of its range, a result that is not finite, or weights of two sizes under decay.
    Raises NoCompiler.
    """
    shape = shape_of(given)
    dtype: Any = given["t"].dtype
    function = getattr(library(), f"modeflow_{path}_{'f64' if dtype == np.float64 else 'f32'}")
    outputs = tuple(np.empty(shape, dtype) for _ in range(count))
    if prod(shape) == 0:
        return outputs
    grid = _Grid([given[name] for name in PARAMETERS], outputs)
    calls = deque(grid.calls(threads))
    return outputs if _all_usual(function, calls, min(threads, len(calls))) else None


def _all_usual(function: Any, calls: deque[tuple[Any, ...]], threads: int) -> bool:
    """Makes the calls in this thread and its helpers, each taking the next that is left; a pool costs more."""
    unusual: list[bool] = []

    def work() -> None:
        with suppress(IndexError):  # none is left
            while not unusual:
                if function(*calls.popleft()):
                    unusual.append(True)

    helpers = [Thread(target=work) for _ in range(threads - 1)]
    try:
        for helper in helpers:
            helper.start()
        work()
    finally:  # also when interrupted: no thread may write once the arrays are gone
        calls.clear()
        for helper in helpers:
            if helper.ident is not None:
                helper.join()
    return not unusual


class _Grid:
    """The arguments, broadcast, as rows x columns, and the pointers and steps that the C functions take."""

    def __init__(self, inputs: list[Array], outputs: tuple[Array, ...]) -> None:
        size = outputs[0].itemsize
        if any(step % size for x in inputs for step in x.strides):  # a field of a record, for instance
            inputs = [np.ascontiguousarray(x) for x in inputs]
        whole = outputs[0].shape
        shape, steps = _merged(whole, [_steps(x, len(whole)) for x in inputs])
        while len(shape) < 2:
            shape, steps = [1, *shape], [[0, *s] for s in steps]
        self.shape, self.steps, self.size = shape, steps, size
        self.starts = [x.__array_interface__["data"][0] for x in inputs]
        self.targets = [x.__array_interface__["data"][0] for x in outputs]
        self.kept = (inputs, outputs)  # as long as there are pointers to them

    def calls(self, threads: int) -> Iterator[tuple[Any, ...]]:
        """The arguments of every call, the last two axes of the grid in each, or a thread's share of them."""
        *leading, rows, columns = self.shape
        # More parts than threads, so that a thread that is held up leaves its share to the others.
        parts = max(1, min(threads if threads == 1 else 4 * threads, prod(self.shape) // SHARE))
        if parts == 1 and not leading:
            yield self._call(rows, columns, [0] * len(self.starts), 0)
            return
        for index in product(*map(range, leading)):
            before = int(np.ravel_multi_index(index, leading)) * rows * columns if leading else 0
            shift = [sum(i * step for i, step in zip(index, steps, strict=False)) for steps in self.steps]
            if rows >= parts:
                for first, last in _shares(rows, parts):
                    moved = [s + first * steps[-2] for s, steps in zip(shift, self.steps, strict=True)]
                    yield self._call(last - first, columns, moved, before + first * columns)
            else:
                for row in range(rows):
                    for first, last in _shares(columns, parts):
                        moved = [
                            s + row * steps[-2] + first * steps[-1] for s, steps in zip(shift, self.steps, strict=True)
                        ]
                        yield self._call(1, last - first, moved, before + row * columns + first)

    def _call(self, rows: int, columns: int, shift: list[int], before: int) -> tuple[Any, ...]:
        pointers = [start + self.size * s for start, s in zip(self.starts, shift, strict=True)]
        targets = [target + self.size * before for target in self.targets]
        return (
            rows,
            columns,
            Pointers(*pointers),
            Steps(*[steps[-2] for steps in self.steps]),
            Steps(*[steps[-1] for steps in self.steps]),
            Targets(*targets),
        )


def _steps(x: Array, axes: int) -> list[int]:
    """How many numbers each of so many axes steps through; none where x is the same all along."""
    shared = [0] * (axes - x.ndim)
    if not x.ndim:
        return shared
    size = x.itemsize
    return shared + [step // size if length > 1 else 0 for step, length in zip(x.strides, x.shape, strict=True)]


def _merged(shape: tuple[int, ...], steps: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """The shape and steps with neighbouring axes made one wherever every argument steps through them alike."""
    kept: list[int] = []
    merged: list[list[int]] = [[] for _ in steps]
    for axis, size in enumerate(shape):
        if size == 1:
            continue
        here = [s[axis] for s in steps]
        if kept and all(m[-1] == step * size for m, step in zip(merged, here, strict=True)):
            kept[-1] *= size
            for m, step in zip(merged, here, strict=True):
                m[-1] = step
        else:
            kept.append(size)
            for m, step in zip(merged, here, strict=True):
                m.append(step)
    return kept or [1], [m or [0] for m in merged]


def _shares(total: int, parts: int) -> Iterator[tuple[int, int]]:
    for i in range(parts):
        first, last = total * i // parts, total * (i + 1) // parts
        if last > first:
            yield first, last


# Building -----------------------------------------------------------------------------------------------------


class NoneInstalled(NoCompiler):
    """There is no C compiler on this machine."""


@functools.cache
def library() -> ctypes.CDLL:
    """The compiled evaluators, built if they are not in the cache. Raises NoCompiler."""
    compiler = _compiler()
    try:
        folder = files.private_folder(files.cache_folder() / "native")
    except OSError as error:
        raise NoCompiler(f"{error.filename}: {error.strerror}") from error
    reason = ""
    for tuning in TUNING:
        try:
            return _loaded(_built([*compiler, *FLAGS, *tuning], folder))
        except subprocess.TimeoutExpired as error:
            reason = f"it did not end within {error.timeout:g} s"
            break
        except (subprocess.SubprocessError, OSError, AttributeError) as error:
            reason = str(getattr(error, "output", "") or error)
    raise NoCompiler(f"{shlex.join(compiler)} could not build the C evaluators: {_one_line(reason)}")


def _compiler() -> list[str]:
    if "CC" not in os.environ and shutil.which("cc") is None:
        raise NoneInstalled("no C compiler was found; install one (Debian: apt-get install gcc) or set CC")
    given = os.environ.get("CC", "cc")
    try:
        compiler = shlex.split(given)
    except ValueError as error:
        raise NoCompiler(f"CC={given!r}: {error}; set CC to a command") from None
    if not compiler or shutil.which(compiler[0]) is None:
        name = compiler[0] if compiler else ""
        raise NoCompiler(f"no C compiler {name!r} was found; install one (Debian: apt-get install gcc) or set CC")
    return compiler


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))[:300]


def available() -> bool:
    """Whether the C evaluators can be used; where a compiler is there and fails, says why once, as a warning."""
    try:
        library()
    except NoneInstalled:  # as on many machines: nothing is amiss
        return False
    except NoCompiler as reason:
        _say(str(reason))
        return False
    return True


@functools.cache
def _say(reason: str) -> None:
    warnings.warn(f"evaluating with NumPy: {reason}", RuntimeWarning, stacklevel=5)


def _built(command: list[str], folder: Path) -> Path:
    """The shared library that the command makes of the sources, from the folder if it is there, whole.

    Its digest is in its name: a library that is damaged is never loaded, which could end this process.
    """
    texts = [path.read_bytes() for path in (SOURCE / "modeflow.h", *SOURCES)]
    version = _said([command[0], "--version"], VERSION_LIMIT).encode()
    key = hashlib.sha256(b"\0".join([*texts, version, _processor(), *(c.encode() for c in command)])).hexdigest()[:32]
    for path in sorted(folder.glob(f"modeflow-{key}-*.so")):
        if _is_whole(path):
            return path
        path.unlink()
    with files.scratch_folder(files.temporary_name(folder), 0o700) as building:
        made = building / "modeflow.so"
        _said([*command, "-o", str(made), *map(str, SOURCES), "-lm"], BUILD_LIMIT)
        content = made.read_bytes()
    target = folder / f"modeflow-{key}-{hashlib.sha256(content).hexdigest()}.so"
    files.keep(target, content)
    return target


def _is_whole(path: Path) -> bool:
    found = path.lstat()
    ours = os.name != "posix" or found.st_uid == os.geteuid()
    if not stat.S_ISREG(found.st_mode) or not ours or found.st_size > LARGEST:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == path.stem.rpartition("-")[2]


def _said(command: list[str], limit: float) -> str:
    """What the command prints. Raises CalledProcessError where it fails, TimeoutExpired after so many seconds.

    It is ended with all that it started, and after printing more than is worth reading.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    late = Event()

    def stop() -> None:
        late.set()
        _end(process)

    timer = Timer(limit, stop)
    timer.start()
    try:
        assert process.stdout is not None
        with process.stdout:
            text = process.stdout.read(LONGEST).decode(errors="replace")
        status = process.wait()
    finally:
        timer.cancel()
        _end(process)
        process.wait()
    if late.is_set():
        raise subprocess.TimeoutExpired(command, limit)
    if status:
        raise subprocess.CalledProcessError(status, command, text)
    return text


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # it has ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _processor() -> bytes:
    """What tells this processor from another that shares the cache: code for one may not run on the other."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().split(b"\n\n")[0].splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}".encode()
    return b"\n".join(line for line in lines if line.startswith((b"model name", b"flags", b"Features", b"CPU part")))


def _loaded(path: Path) -> ctypes.CDLL:
    found = ctypes.CDLL(str(path))
    for name in ("strength", "weights", "loss"):
        for kind in ("f64", "f32"):
            function = getattr(found, f"modeflow_{name}_{kind}")
            function.argtypes = [ctypes.c_size_t, ctypes.c_size_t, Pointers, Steps, Steps, Targets]
            function.restype = ctypes.c_int
    anchored, size, address, real = found.modeflow_anchored, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_double
    anchored.argtypes = [size, address, address, address, real, real, size, address, address, address]
    anchored.restype = None
    found.modeflow_curves.argtypes = [size, address, size, address, size, *[real] * 3, size, *[address] * 3]
    found.modeflow_curves.restype = None
    return found
