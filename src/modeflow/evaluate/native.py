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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
FADING = Path(__file__).parent / "fading"
SOURCES = (
    SOURCE / "modeflow.c",
    FADING / "anchors.c",
    FADING / "points.c",
    FADING / "small.c",
    FADING.parent / "learning_times.c",
)
HEADERS = (SOURCE / "modeflow.h", FADING / "modes.h")
FLAGS = ("-std=c99", "-O3", "-fPIC", "-shared", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")
TUNING = (("-march=native", "-mprefer-vector-width=512"), ("-march=native",), ("-mcpu=native",), ())
VERSION_LIMIT, BUILD_LIMIT = 20.0, 120.0  # seconds; a build takes about four
LONGEST, LARGEST = 65_536, 2**26  # bytes: of what a compiler prints, and of a library
SHARE = 65_536  # points that are worth a thread of their own
TOGETHER = (
    4096  # times of a mode that C takes together, or a multiple; parts are cut there, so that threads change nothing
)
Pointers, Steps, Targets = ctypes.c_void_p * 7, ctypes.c_ssize_t * 7, ctypes.c_void_p * 6


class NoCompiler(RuntimeError):
    """The C evaluators cannot be built or loaded; the message says why and what to do."""


def evaluate(
    path: str, count: int, given: Mapping[str, Array], threads: int = 1, wanted: Sequence[int] | None = None
) -> tuple[Result, ...] | None:
    """The arrays of a path ("strength", "weights", "loss", "slopes") over the broadcast shape of its arguments.

    given: arrays of one type, float64 or float32, by the names in PARAMETERS. count: how many arrays the path has.
    wanted: which of them to keep, if not all, in increasing order. None where a point needs the NumPy path: an argument
    out of its range, a result that is not finite, or weights of two sizes under decay.
    Raises NoCompiler.
    """
    shape = shape_of(given)
    dtype: Any = given["t"].dtype
    function = getattr(library(), f"modeflow_{path}_{'f64' if dtype == np.float64 else 'f32'}")
    places = range(count) if wanted is None else wanted
    outputs = tuple(np.empty(shape, dtype) for _ in places)
    if prod(shape) == 0:
        return outputs
    grid = _Grid([given[name] for name in PARAMETERS], outputs, places)
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

    def __init__(self, inputs: list[Array], outputs: tuple[Array, ...], places: Sequence[int]) -> None:
        size = outputs[0].itemsize
        if any(step % size for x in inputs for step in x.strides):  # a field of a record, for instance
            inputs = [np.ascontiguousarray(x) for x in inputs]
        whole = outputs[0].shape
        shape, steps = _merged(whole, [_steps(x, len(whole)) for x in inputs])
        while len(shape) < 2:
            shape, steps = [1, *shape], [[0, *s] for s in steps]
        self.shape, self.steps, self.size = shape, steps, size
        self.starts = [x.__array_interface__["data"][0] for x in inputs]
        self.targets = dict(zip(places, (x.__array_interface__["data"][0] for x in outputs), strict=True))
        self.arrays = (inputs, outputs)  # as long as there are pointers to them

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
            for row, column, height, width in _shares(rows, columns, parts):
                shift = self._shift((*index, row, column))
                yield self._call(height, width, shift, before + row * columns + column)

    def _shift(self, index: tuple[int, ...]) -> list[int]:
        """How far each argument is from its start at a place of the grid."""
        return [sum(i * step for i, step in zip(index, steps, strict=True)) for steps in self.steps]

    def _call(self, rows: int, columns: int, shift: list[int], before: int) -> tuple[Any, ...]:
        pointers = [start + self.size * s for start, s in zip(self.starts, shift, strict=True)]
        targets = Targets()  # NULL where a result is not wanted
        for place, target in self.targets.items():
            targets[place] = target + self.size * before
        return (
            rows,
            columns,
            Pointers(*pointers),
            Steps(*[steps[-2] for steps in self.steps]),
            Steps(*[steps[-1] for steps in self.steps]),
            targets,
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
    sizes: list[int] = []
    merged: list[tuple[int, ...]] = []  # for each axis the step of every argument
    for size, *here in zip(shape, *steps, strict=True):
        if size == 1:
            continue
        if sizes and merged[-1] == tuple(step * size for step in here):
            sizes[-1], merged[-1] = sizes[-1] * size, tuple(here)
        else:
            sizes.append(size)
            merged.append(tuple(here))
    if not sizes:
        return [1], [[0] for _ in steps]
    return sizes, [list(along) for along in zip(*merged, strict=True)]


def _shares(rows: int, columns: int, parts: int) -> Iterator[tuple[int, int, int, int]]:
    """So many parts of a grid, each by its first row and column, and how many it has of both: of rows, if enough."""
    if rows >= parts:
        yield from ((row, 0, height, columns) for row, height in _split(rows, parts))
    else:
        yield from (
            (row, column, 1, width) for row in range(rows) for column, width in _split(columns, parts, TOGETHER)
        )


def _split(total: int, parts: int, together: int = 1) -> Iterator[tuple[int, int]]:
    """Where each part begins, a multiple of `together`, and how long it is."""
    for i in range(parts):
        first, last = (total * k // parts // together * together if k < parts else total for k in (i, i + 1))
        if last > first:
            yield first, last - first


# Building -----------------------------------------------------------------------------------------------------


class NoneInstalled(NoCompiler):
    """There is no C compiler on this machine."""


@functools.cache
def library() -> ctypes.CDLL:
    """The compiled evaluators, built if they are not in the cache. Raises NoCompiler."""
    compiler, folder = _compiler(), _folder()
    reason = ""
    for tuning in TUNING:
        try:
            return _loaded(_built([*compiler, *FLAGS, *tuning], folder))
        except subprocess.TimeoutExpired as error:
            reason = f"it did not end within {error.timeout:g} s"
            break
        except (subprocess.SubprocessError, OSError, AttributeError) as error:
            reason = str(getattr(error, "output", "") or error)
    why = f"{shlex.join(compiler)} could not build the C evaluators: {_one_line(reason)}"
    raise NoCompiler(f"{why}; set CC to another compiler, or give backend='numpy'")


def is_built() -> bool:
    """Whether the library is loaded or lies in the cache, so that it costs nothing to use it."""
    return bool(library.cache_info().currsize) or _is_kept()


@functools.cache
def _is_kept() -> bool:
    """Whether the cache has a whole library for this machine; looked up once in a process."""
    try:
        key = _key([*_compiler(), *FLAGS, *TUNING[0]])
        return any(map(_is_whole, _kept(key, _folder())))
    except (NoCompiler, subprocess.SubprocessError, OSError):
        return False


def _folder() -> Path:
    try:
        return files.private_folder(files.cache_folder() / "native")
    except OSError as error:
        raise NoCompiler(f"{error.filename}: {error.strerror}; set {files.CACHE} to another folder") from error


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
    key = _key(command)
    for path in _kept(key, folder):
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


def _key(command: list[str]) -> str:
    texts = [path.read_bytes() for path in (*HEADERS, *SOURCES)]
    version = _said([command[0], "--version"], VERSION_LIMIT).encode()
    return hashlib.sha256(b"\0".join([*texts, version, _processor(), *(c.encode() for c in command)])).hexdigest()[:32]


def _kept(key: str, folder: Path) -> list[Path]:
    return sorted(folder.glob(f"modeflow-{key}-*.so"))


def _is_whole(path: Path) -> bool:
    status = path.lstat()
    ours = os.name != "posix" or status.st_uid == os.geteuid()
    if not stat.S_ISREG(status.st_mode) or not ours or status.st_size > LARGEST:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == path.stem.rpartition("-")[2]


def _said(command: list[str], limit: float) -> str:
    """What the command prints. Raises CalledProcessError where it fails, TimeoutExpired after so many seconds.

    It is ended with all that it started, and after printing more than is worth reading.
    """
    nothing, pipe, same = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    process = subprocess.Popen(command, stdin=nothing, stdout=pipe, stderr=same, start_new_session=True)
    with _ended(process, limit) as late:
        assert process.stdout is not None
        with process.stdout:
            text = process.stdout.read(LONGEST).decode(errors="replace")
        status = process.wait()
    if late.is_set():
        raise subprocess.TimeoutExpired(command, limit)
    if status:
        raise subprocess.CalledProcessError(status, command, text)
    return text


@contextmanager
def _ended(process: subprocess.Popen[bytes], limit: float) -> Iterator[Event]:
    """After so many seconds, which sets the event, or else on leaving, the process is ended."""
    late = Event()

    def stop() -> None:
        late.set()
        _end(process)

    timer = Timer(limit, stop)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        _end(process)
        process.wait()


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
    loaded = ctypes.CDLL(str(path))
    of_paths = [f"{name}_{kind}" for name in ("strength", "weights", "loss", "slopes") for kind in ("f64", "f32")]
    for name in (*of_paths, "learning_time_f64"):
        function = getattr(loaded, f"modeflow_{name}")
        function.argtypes = [ctypes.c_size_t, ctypes.c_size_t, Pointers, Steps, Steps, Targets]
        function.restype = ctypes.c_int
    anchored, size, address, real = loaded.modeflow_anchored, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_double
    anchored.argtypes = [size, address, address, address, real, real, size, address, address, address]
    anchored.restype = None
    loaded.modeflow_curves.argtypes = [size, address, size, address, size, *[real] * 3, size, *[address] * 3]
    loaded.modeflow_curves.restype = None
    loaded.modeflow_points.argtypes = [size, address, real, size, *[address] * 4]
    loaded.modeflow_points.restype = None
    loaded.modeflow_fading.argtypes = [size, Pointers, Steps, size, *[real] * 3, *[size] * 3, address, address]
    loaded.modeflow_fading.restype = ctypes.c_int
    return loaded
