"""Sweeps: the numbers, going on after being killed, other chunks and other workers, and what is refused."""

from __future__ import annotations

import hashlib
import multiprocessing
import multiprocessing.process
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import daily
import numpy as np
import pytest

import modeflow
from modeflow.cli.program import main

xarray = pytest.importorskip("xarray", reason="modeflow[sweep] is not installed")
pytest.importorskip("zarr", reason="modeflow[sweep] is not installed")

from modeflow.experiments.sweep import UnusableConfiguration, read, sweep  # noqa: E402 (not without zarr)

GRID = """
[sweep]
quantities = ["strength", "weights", "loss", "fixed_point"]
chunk = {chunk}
[arguments]
lam = {{ from = 0.01, to = 10, count = 15, spacing = "log" }}
noise = [0, 0.5, 1]
decay = [0, 0.4]
t = {{ from = 0, to = 20, count = 101 }}
w1 = 1e-3
w2 = [1e-3, 0.5]
[units]
t = "epochs"
"""

DIRECT = GRID.replace("[0, 0.4]", "0").replace("[sweep]", '[sweep]\ndtype = "float32"')


def configured(folder: Path, text: str) -> Path:
    path = folder / "sweep.toml"
    path.write_text(text)
    return path


def contents(store: Path) -> dict[str, str]:
    """Every file of a store, by its digest."""
    files = sorted(p for p in store.rglob("*") if p.is_file())
    return {str(p.relative_to(store)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def opened(store: Path) -> Any:
    return xarray.open_zarr(store).load()


@pytest.mark.costly
def test_a_sweep_is_what_the_evaluators_say(tmp_path: Path) -> None:
    data = opened(sweep(read(configured(tmp_path, GRID.format(chunk=500))), tmp_path / "out"))
    assert data.strength.dims == ("lam", "noise", "decay", "t", "w2")
    assert data.fixed_point.dims == ("lam", "noise", "decay")
    assert data.t.attrs["units"] == "epochs"
    lam, noise, decay, t, w2 = np.ix_(*(data[name].values for name in data.strength.dims))
    path = {"noise": noise, "decay": decay, "w1": 1e-3, "w2": w2, "backend": "numpy"}
    expected = {"strength": modeflow.strength(t, lam, **path), "loss": modeflow.loss(t, lam, **path)}
    expected |= zip(("weight1", "weight2"), modeflow.weights(t, lam, **path), strict=True)
    for name, values in expected.items():
        assert np.array_equal(data[name].values, values)
    assert data.tau.item() == 1.0


@pytest.mark.costly
@pytest.mark.parametrize("chunk", [3, 64, 10**6])
def test_the_numbers_are_the_same_bit_for_bit_whatever_the_chunks(tmp_path: Path, chunk: int) -> None:
    text = GRID.replace("count = 15", "count = 2").replace("count = 101", "count = 5")
    one = opened(sweep(read(configured(tmp_path, text.format(chunk=500))), tmp_path / "one"))
    other = opened(sweep(read(configured(tmp_path, text.format(chunk=chunk))), tmp_path / "other", workers=1))
    for name in one.data_vars:
        assert one[name].values.tobytes() == other[name].values.tobytes(), name


FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([main.__module__, "modeflow.experiments.sweep"])  # imported once, forked for each run


def run(folder: Path, out: str) -> multiprocessing.process.BaseProcess:
    """`modeflow sweep` in a process of its own."""
    process = FORKED.Process(target=main, args=(["sweep", str(folder / "sweep.toml"), "-o", str(folder / out)],))
    process.start()
    return process


def killed_and_resumed(folder: Path, out: str, source: random.Random, longest: float) -> int:
    """Run a sweep, kill it at a random time, and go on until it ends by itself; how often it was killed."""
    kills = 0
    while True:
        process = run(folder, out)
        process.join(source.uniform(0, longest))
        process.kill()
        process.join()
        if process.exitcode != -signal.SIGKILL:
            assert process.exitcode == 0
            return kills
        kills += 1
        longest += 0.05  # so that it ends


def check_kills(folder: Path, wanted: int, seed: int, chunk: int) -> None:
    configured(folder, DIRECT.format(chunk=chunk))
    run(folder, "first").join()  # which starts the server of processes
    began = time.monotonic()
    (process := run(folder, "whole")).join()
    took = time.monotonic() - began
    assert process.exitcode == 0
    whole, source, kills, number = contents(folder / "whole"), random.Random(seed), 0, 0
    assert len(whole) > 500
    while kills < wanted:
        number += 1
        kills += killed_and_resumed(folder, f"out{number}", source, took)
        assert contents(folder / f"out{number}") == whole
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


@pytest.mark.costly
def test_killed_at_random_the_result_is_the_same_bytes(tmp_path: Path) -> None:
    check_kills(tmp_path, wanted=4, seed=daily.seed(), chunk=70)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 6))
def test_killed_two_hundred_times_the_result_is_the_same_bytes(tmp_path: Path, part: int) -> None:
    check_kills(tmp_path, wanted=40, seed=daily.seed(part), chunk=30)


@pytest.mark.costly
def test_a_chunk_that_the_ledger_does_not_name_is_computed_again(tmp_path: Path) -> None:
    configuration = read(configured(tmp_path, GRID.format(chunk=500)))
    store, ledger = tmp_path / "out", tmp_path / "out.ledger"
    whole = contents(sweep(configuration, store))
    lines = ledger.read_bytes().splitlines(keepends=True)
    victim = next(store.glob("strength/c/**/*")).parent
    for path in [p for p in victim.rglob("*") if p.is_file()]:
        path.write_bytes(b"")
    kept = [line for line in lines if not line.startswith(b"strength/")]
    ledger.write_bytes(b"".join(kept) + b"strength/")  # the last line was cut when the process was killed
    assert contents(store) != whole
    sweep(configuration, store)
    assert contents(store) == whole
    assert sorted(ledger.read_bytes().splitlines(keepends=True)) == sorted(lines)


@pytest.mark.slow
def test_two_dask_workers_one_killed_half_way(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    configuration = read(configured(tmp_path, DIRECT.format(chunk=60)))
    whole = contents(sweep(configuration, tmp_path / "whole"))
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    address = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen(
        [*command, "--no-dashboard", "--scheduler-file", str(address)], stderr=subprocess.DEVNULL
    )
    serve = ["-m", "distributed.cli.dask_worker", "--scheduler-file", str(address), "--no-nanny", "--no-dashboard"]
    workers = [
        subprocess.Popen(
            [sys.executable, *serve, "--nthreads", "1", "--local-directory", str(tmp_path)], stderr=subprocess.DEVNULL
        )
        for _ in range(2)
    ]
    killed = False

    def kill_half_way(done: int, total: int) -> None:
        nonlocal killed
        if done >= total // 2 and not killed:
            workers[0].kill()
            killed = True

    try:
        with distributed.Client(scheduler_file=str(address), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            where = client.scheduler.address
        sweep(configuration, tmp_path / "out", scheduler=where, progress=kill_half_way)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
    assert killed
    assert contents(tmp_path / "out") == whole


@pytest.mark.costly
def test_another_sweep_is_not_written_over(tmp_path: Path) -> None:
    sweep(read(configured(tmp_path, GRID.format(chunk=500))), tmp_path / "out")
    before = contents(tmp_path / "out")
    other = read(configured(tmp_path, GRID.format(chunk=500).replace("1e-3\n", "2e-3\n")))
    with pytest.raises(UnusableConfiguration, match="holds another sweep"):
        sweep(other, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    with pytest.raises(UnusableConfiguration, match="exists, and is no sweep"):
        sweep(other, tmp_path / "mine")
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("lam = {", "lamda = {"), r"arguments\.lamda is not known"),
        (("count = 15", "count = 0"), r"arguments\.lam\.count = 0"),
        (("count = 15", "count = 15, step = 2"), r"arguments\.lam\.step is not known"),
        (("from = 0.01", "from = 0"), "logarithmic spacing needs both > 0"),
        (('"log"', '"cubic"'), r"arguments\.lam\.spacing = 'cubic'"),
        (("[0, 0.5, 1]", "[0, -0.5, 1]"), r"arguments\.noise\[1\] = -0\.5: a variance is >= 0"),
        (("[0, 0.5, 1]", "\"__import__('os')\""), r"arguments\.noise = "),
        (("[0, 0.5, 1]", "[0, nan]"), r"arguments\.noise holds nan"),
        (("w1 = 1e-3", ""), r"arguments\.w1 is missing"),
        (("chunk = 500", "chunk = 0"), r"sweep\.chunk = 0"),
        (("chunk = 500", "chunk = true"), r"sweep\.chunk = True"),
        (('"loss",', '"cost",'), r"sweep\.quantities = "),
        (("[units]", "[unit]"), "unit is not known"),
        (('"epochs"', "3"), r"units\.t = 3"),
        (("[arguments]", "[arguments"), "not TOML"),
        (("w1 = 1e-3", "w1 = 1" + "0" * 400), r"arguments\.w1 = 10*: give a number"),
        (("w1 = 1e-3", "w1 = 1" + "0" * 5000), "is not read: line 10 has a number or a name over 1000 characters"),
        (("from = 0.01", "from = 1" + "0" * 400), r"arguments\.lam\.from = 10*: give a finite number"),
        (("w1 = 1e-3", "w1 = " + "[" * 5000 + "]" * 5000), "is not read: line 10 has brackets more than 64 deep"),
    ],
)
def test_a_wrong_configuration_is_one_clear_error(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = GRID.format(chunk=500)
    assert change[0] in text
    with pytest.raises(UnusableConfiguration, match=message):
        read(configured(tmp_path, text.replace(*change)))


@pytest.mark.costly
def test_no_scheduler_is_one_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    configuration = read(configured(tmp_path, GRID.format(chunk=500)))
    with pytest.raises(UnusableConfiguration, match="no Dask scheduler there"):
        sweep(configuration, tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    assert not list(tmp_path.glob("out*"))


DAMAGE = {
    "emptied": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "a bit": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-8]),
}


@pytest.mark.costly
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("file", ["strength/c/0/0/0/0/0", "weight2/c/1/0/0/0/0", "zarr.json", "lam/c/0"])
def test_what_a_disk_has_lost_of_a_finished_store_is_written_again(tmp_path: Path, damage: str, file: str) -> None:
    text = GRID.replace("count = 15", "count = 2").replace("count = 101", "count = 13")
    configuration = read(configured(tmp_path, text.format(chunk=100)))
    store = tmp_path / "out"
    whole = contents(sweep(configuration, store))
    lost = store / file
    if not lost.exists():
        lost = next(path for path in sorted(store.glob(f"{file.partition('/')[0]}/c/**/*")) if path.is_file())
    DAMAGE[damage](lost)
    assert contents(store) != whole
    sweep(configuration, store)
    assert contents(store) == whole


@pytest.mark.costly
def test_chunks_are_on_the_disk_before_the_ledger_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
        really(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to tell what is flushed")
    monkeypatch.setattr("os.fsync", fsync)
    store = tmp_path / "out"
    sweep(read(configured(tmp_path, GRID.format(chunk=500))), store)
    named = [line.split()[0] for line in (tmp_path / "out.ledger").read_text().splitlines()[1:]]
    notes = [i for i, path in enumerate(flushed) if path.endswith("out.ledger")][1:]
    assert len(notes) == len(named)
    for before, after, chunk in zip([0, *notes], notes, named, strict=False):
        arrays = ("weight1", "weight2") if chunk.startswith("weights") else (chunk.partition("/")[0],)
        for name in arrays:
            assert any(path.startswith(f"{store}/{name}/c") for path in flushed[before:after]), chunk
    built = [path for path in flushed if ".modeflow-unbuilt" in path]
    assert {Path(path).name for path in built} >= {"zarr.json", "0"}
