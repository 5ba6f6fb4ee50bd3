"""Every command that writes, with a disk that fails or a process that dies at every call by which it writes.

After each: what was there is whole, old or new; nothing is left but temporary names, and these only after a death; an
error is one line and exit status 2, or, where only the cache is concerned, the verdict and one line.
"""

from __future__ import annotations

import os
import random
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import daily
import pytest
from fault_injection import FAULTS, Disk, Fault, Killed, failing

from modeflow import files
from modeflow.cli.program import main

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to tell open files apart")

SEED = daily.seed()
TEMPORARY = re.compile(r"\.modeflow-[0-9a-f]{16}\.tmp|\..*\.modeflow-unbuilt")
CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
{key} = Chapter("{key}", "Mine", letters, text="On hyperbolas.")
{key}.claim("true", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")
"""
SWEEP = """
[sweep]
quantities = ["fixed_point", "weights"]
chunk = 3
[arguments]
lam = [1, 2, 3, 4]
t = 1
w1 = 0.1
w2 = 0.2
"""


@dataclass(frozen=True)
class Command:
    """arguments; writes: the files, by pattern, that it makes; fresh: never over others; cache: an error is no error.

    seal: a file that is gone until the others are all new.
    """

    arguments: str
    writes: str
    fresh: bool = False
    cache: bool = False
    seal: str = ""


COMMANDS = {
    "derive a file": Command("derive one.py -o out/one.txt", "out/*"),
    "derive a folder": Command("derive chapters/ -o out --format markdown", "out/*"),
    "new": Command("new chapter other -o out/other_chapter.py", "out/*", fresh=True),
    "check --new": Command("check --new paper.tex -o out/modeflow.toml", "out/*", fresh=True),
    "certificates": Command("verify one.py -j 1 --certificates out", "out/*", seal="out/manifest.json"),
    "the cache": Command("verify one.py -j 1", "cache/*/*/*", fresh=True, cache=True),
    "generate": Command("generate --target julia -o out", "out/*"),
    "recommend": Command("recommend images.npy --keep 0.9 -o out/picture.png", "out/*"),
    "figures": Command("figures 2 -o out", "out/*", seal="out/*.json"),
    "sweep": Command("sweep sweep.toml -o out/store", "out/**/*", fresh=True),
}
FAST = ("derive a file", "derive a folder", "new", "certificates", "the cache")
QUICK = ("derive a file", "derive a folder", "new")  # commands that are run hundreds of times in a minute
HEAVY = ("figures", "certificates", "the cache")  # and those that are run a dozen times


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import numpy as np

    (tmp_path / "chapters").mkdir()
    (tmp_path / "one.py").write_text(CHAPTER.format(key="one"))
    for key in ("two", "three"):
        (tmp_path / "chapters" / f"{key}.py").write_text(CHAPTER.format(key=key))
    (tmp_path / "paper.tex").write_text("% modeflow: dae.fixed_point\n\\[ w = \\lambda \\]\n")
    (tmp_path / "sweep.toml").write_text(SWEEP)
    np.save(tmp_path / "images.npy", np.random.default_rng(0).random((20, 6)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(files.CACHE, str(tmp_path / "cache"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "mpl"))
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    return tmp_path


def state(folder: Path, command: Command) -> dict[str, bytes]:
    found = [path for path in folder.glob(command.writes) if path.is_file() and path.suffix != ".ledger"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def run(command: Command) -> int:
    files.say_once.cache_clear()
    files.discard_leftovers.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        return main(command.arguments.split())


class Trial:
    """One command in its folder: what it writes when nothing fails, and what a fault does to that."""

    def __init__(self, folder: Path, command: Command, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.command, self.capsys = folder, command, capsys
        self.old: dict[str, bytes] = {}
        self._count()
        self.new = state(folder, command)
        if not command.fresh:
            self.old = dict.fromkeys(self.new, b"old")
            self._count()

    def _count(self) -> None:
        """The calls of a run in which nothing fails."""
        self.reset(self.old)
        disk = Disk(self.folder)
        with failing(disk):
            assert run(self.command) == 0, self.capsys.readouterr().err
        self.calls = disk.calls

    def reset(self, contents: dict[str, bytes]) -> None:
        import shutil

        for name in ("out", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / "out").mkdir()
        for name, content in contents.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content)

    def faults(self, fault: Fault, number: int) -> list[str]:
        """What is wrong after the fault at that call."""
        self.reset(self.old)
        self.capsys.readouterr()
        disk = Disk(self.folder, fault, number)
        status: int | None = None
        try:
            with failing(disk):
                status = run(self.command)
        except Killed:
            pass
        except OSError as error:
            return [f"a traceback: {error}"]
        said = self.capsys.readouterr().err
        return [*self._said(status, said, disk), *self._left(disk)]

    def _said(self, status: int | None, said: str, disk: Disk) -> list[str]:
        if disk.fault in ("kill", "power cut"):
            return []
        expected = 0 if self.command.cache else 2
        # What fails after the last name is given, or in cleaning up, may pass without a word.
        if status == 0 and state(self.folder, self.command) == self.new:
            return []
        if status != expected or said.count("\n") != 1 or not said.startswith("modeflow: "):
            return [f"exit status {status}, said {said!r}"]
        return []

    def _left(self, disk: Disk) -> list[str]:
        found = state(self.folder, self.command)
        names = {path.name: path for path in self.folder.rglob(".*")}
        died = disk.fault in ("kill", "power cut")
        sweeps = self.command.arguments.startswith("sweep")
        # Threads of zarr may still write after an error; the next sweep removes what they leave.
        faults = [f"{name} is left" for name in names if not ((died or sweeps) and TEMPORARY.fullmatch(name))]
        if sweeps:
            return faults + self._resumed()
        visible = {name: content for name, content in found.items() if not TEMPORARY.search(name)}
        for name in {*visible, *self.old}:
            if name not in visible:
                sealed = self.command.seal and Path(name).match(self.command.seal)
                faults += [] if sealed else [f"{name} is lost"]
            elif visible[name] not in (self.old.get(name), self.new.get(name)):
                faults.append(f"{name} is neither old nor new")
        return faults

    def _resumed(self) -> list[str]:
        """A sweep is whole after the same command."""
        unlock(self.folder)
        if run(self.command) != 0:
            return [f"does not go on: {self.capsys.readouterr().err}"]
        found = state(self.folder, self.command)
        same = all(found.get(name) == content for name, content in self.new.items() if not name.endswith(".ledger"))
        return [] if same and len(found) == len(self.new) else ["the sweep is another after going on"]


def unlock(folder: Path) -> None:
    """What a process held open is let go when it dies; a death that is only played keeps the ledger locked."""
    with open(os.devnull, "rb") as nothing:
        for handle in os.listdir("/proc/self/fd"):
            try:
                held = os.readlink(f"/proc/self/fd/{handle}")
            except FileNotFoundError:  # that of the listing
                continue
            if held.startswith(str(folder)) and ".ledger" in held:
                os.dup2(nothing.fileno(), int(handle))


def sampled(trial: Trial, most: int) -> list[tuple[Fault, int]]:
    everything = [(fault, number) for fault in FAULTS for number in range(1, len(trial.calls) + 1)]
    return random.Random(SEED).sample(everything, min(most, len(everything)))


def check(trial: Trial, tried: list[tuple[Fault, int]]) -> list[str]:
    found = []
    for fault, number in tried:
        where = f"{fault} at call {number} of {len(trial.calls)}, {trial.calls[number - 1]} (seed {SEED})"
        found += [f"{where}: {wrong}" for wrong in trial.faults(fault, number)]
    return found


@pytest.mark.costly
@pytest.mark.parametrize("name", FAST)
def test_a_sample_of_faults(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    trial = Trial(folder, COMMANDS[name], capsys)
    assert {"write", "fsync"} <= set(trial.calls)
    assert check(trial, sampled(trial, 12 if name in QUICK else 3)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_many_faults(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    if name == "sweep":
        pytest.importorskip("zarr", reason="modeflow[sweep] is not installed")
    trial = Trial(folder, COMMANDS[name], capsys)
    assert len(trial.calls) >= 3
    assert check(trial, sampled(trial, 400 if name in QUICK else 12 if name in HEAVY else 40)) == []


# Each mend taken back is found again


def in_place(contents: dict[Path, str | bytes], **_: Any) -> None:
    """As files were written before."""
    for path, content in contents.items():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            os.write(handle, content.encode() if isinstance(content, str) else content)
        finally:
            os.close(handle)


def without(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    def switch(patch: pytest.MonkeyPatch) -> None:
        if name == "temporary names":
            patch.setattr(files, "write_all", in_place)
        elif name == "flushing":
            patch.setattr(files, "_flush", lambda handle: None)
        else:
            patch.setattr(files._Waiting, "discard", lambda self: None)

    return switch


@pytest.mark.parametrize(
    ("mend", "fault", "finds"),
    [
        ("temporary names", "ENOSPC", "neither old nor new"),
        ("temporary names", "kill", "neither old nor new"),
        ("flushing", "power cut", "neither old nor new"),
        ("cleaning up", "EIO", "is left"),
    ],
)
def test_a_mend_that_is_taken_back_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str], mend: str, fault: Fault, finds: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        without(mend)(patch)
        trial = Trial(folder, COMMANDS["derive a folder"], capsys)
        found = check(trial, [(fault, number) for number in range(1, len(trial.calls) + 1)])
    assert any(finds in wrong for wrong in found), found
