"""Running a sweep: workers compute chunks, this process writes them and keeps the ledger."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import zarr

from ... import __version__, files
from .configuration import QUANTITIES, Configuration, UnusableConfiguration
from .ledger import Ledger, Mismatch
from .store import chunk_files, chunk_shape, create, digest, discard_unfinished, mend, places
from .values import values

Place = tuple[slice, ...]
Progress = Callable[[int, int], None]
ATTEMPTS = 5  # at a chunk whose Dask worker dies


@dataclass(frozen=True)
class Chunk:
    """One chunk of one quantity. name: how the ledger calls it."""

    name: str
    quantity: str
    place: Place


def sweep(
    configuration: Configuration,
    path: Path,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Path:
    """Evaluate the whole grid into a Zarr store at path, which xarray.open_zarr reads; returns path.

    A sweep that was stopped, however rudely, goes on where it was. scheduler: the address of a Dask cluster;
    without one, threads compute (workers of them; default: one per core). progress is called with the number of
    chunks done and of all. The numbers are the same, bit for bit, for any chunk size and any workers.
    Raises UnusableConfiguration where path holds something else or the scheduler cannot be reached,
    FloatingPointError where a value overflows.
    """
    ledger_path = path.with_name(path.name + ".ledger")
    identity = f"{configuration.digest()} {configuration.chunk} modeflow {__version__}"
    if scheduler is not None:
        _refuse_silent(scheduler)  # before anything is written
    try:
        ledger_path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not ledger_path.exists():
            raise UnusableConfiguration(f"{path}: exists, and is no sweep with a ledger; choose another -o")
        with Ledger(ledger_path, identity) as ledger:
            if ledger.done and not path.exists():
                raise UnusableConfiguration(f"{path}: is gone, but not {ledger_path}; remove that as well")
            _prepare(path, configuration)
            _fill(configuration, path, ledger, scheduler, workers or os.cpu_count() or 1, progress)
    except Mismatch as error:
        raise UnusableConfiguration(str(error)) from None
    return path


def _prepare(path: Path, configuration: Configuration) -> None:
    """Have the store there, as it is before its first chunk or as it was left."""
    if path.exists():
        mend(path, configuration)
    else:
        create(path, configuration)
    discard_unfinished(path)


def chunks(configuration: Configuration) -> list[Chunk]:
    """All the chunks of all the quantities, in order."""
    everything = []
    for quantity in configuration.quantities:
        shape = configuration.shape(quantity)
        all_places = places(shape, chunk_shape(shape, configuration.chunk))
        everything += [Chunk(f"{quantity}/{i}", quantity, place) for i, place in enumerate(all_places)]
    return everything


def _fill(
    configuration: Configuration, path: Path, ledger: Ledger, scheduler: str | None, workers: int, progress: Progress
) -> None:
    everything = chunks(configuration)
    group = zarr.open_group(path, mode="r+")
    paths = {chunk.name: chunk_files(path, group, chunk.quantity, chunk.place) for chunk in everything}
    todo = [chunk for chunk in everything if not _is_done(chunk.name, paths[chunk.name], ledger)]
    done, total = len(everything) - len(todo), len(everything)
    progress(done, total)
    flushed = set[Path]()
    computing = _on_cluster(scheduler) if scheduler else _on_threads(workers)
    with computing as compute:
        for chunk, parts in compute(configuration, todo):
            _write(group, chunk, parts)
            _flush(paths[chunk.name], path, flushed)
            ledger.add(chunk.name, digest(paths[chunk.name]))
            done += 1
            progress(done, total)


def _write(group: zarr.Group, chunk: Chunk, parts: tuple[Any, ...]) -> None:
    for name, part in zip(QUANTITIES[chunk.quantity][1], parts, strict=True):
        array: Any = group[name]
        array[chunk.place] = part


def _is_done(name: str, paths: Sequence[Path], ledger: Ledger) -> bool:
    """Whether the chunk is on the disk as it was when the ledger noted it; a disk may have lost it since."""
    return name in ledger.done and ledger.done[name] == digest(paths)


def _flush(paths: Iterable[Path], store: Path, flushed: set[Path]) -> None:
    for path in paths:
        if path.exists():  # a chunk of NaN alone is not written
            files.flush(path, store, flushed)


Compute = Callable[[Configuration, list[Chunk]], Iterator[tuple[Chunk, tuple[Any, ...]]]]


@contextmanager
def _on_threads(workers: int) -> Iterator[Compute]:
    pool = ThreadPoolExecutor(workers)

    def compute(configuration: Configuration, todo: list[Chunk]) -> Iterator[tuple[Chunk, tuple[Any, ...]]]:
        waiting = iter(todo)
        running: dict[Future[Any], Chunk] = {}

        def start(new: Iterable[Chunk]) -> None:
            for chunk in new:
                running[pool.submit(values, configuration, chunk.quantity, chunk.place)] = chunk

        start(islice(waiting, 2 * workers))  # no more at a time, so that memory stays bounded
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
                start(islice(waiting, 1))

    try:
        yield compute
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _client(address: str) -> Any:
    from distributed import Client

    try:
        return Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise UnusableConfiguration(
            f"--scheduler {address}: no Dask scheduler there ({error}); start one, or leave it out"
        ) from None


def _refuse_silent(address: str) -> None:
    """Raises UnusableConfiguration where no scheduler answers."""
    _client(address).close()


@contextmanager
def _on_cluster(address: str) -> Iterator[Compute]:
    from distributed import as_completed

    client = _client(address)

    def compute(configuration: Configuration, todo: list[Chunk]) -> Iterator[tuple[Chunk, tuple[Any, ...]]]:
        waiting, submitted = iter(todo), _Submitted(client, configuration)
        threads = max(sum(client.nthreads().values()), 1)
        completed = as_completed([submitted.add(chunk) for chunk in islice(waiting, 2 * threads)])
        for future in completed:
            chunk = submitted.running.pop(future.key)
            try:
                parts = future.result()
            except CancelledError:  # the worker that held the result is gone
                if submitted.attempts[chunk.name] == ATTEMPTS:
                    raise
                completed.add(submitted.add(chunk))
                continue
            yield chunk, parts
            for following in islice(waiting, 1):
                completed.add(submitted.add(following))

    try:
        yield compute
    finally:
        client.close()


class _Submitted:
    """What runs on a cluster. running: chunks by the key of their task; attempts: how often each was submitted."""

    def __init__(self, client: Any, configuration: Configuration) -> None:
        self._client, self._configuration = client, configuration
        self.running: dict[str, Chunk] = {}
        self.attempts = Counter[str]()

    def add(self, chunk: Chunk) -> Any:
        self.attempts[chunk.name] += 1
        key = f"{chunk.name}-{self.attempts[chunk.name]}-{os.getpid()}"
        self.running[key] = chunk
        return self._client.submit(_values, self._configuration, chunk, key=key, retries=ATTEMPTS, pure=False)


def _values(configuration: Configuration, chunk: Chunk) -> tuple[Any, ...]:
    return values(configuration, chunk.quantity, chunk.place)
