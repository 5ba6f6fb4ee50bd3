"""Every command: standard streams that are full or closed, readers that leave, and signals. One line, no traceback."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import daily
import pytest

from modeflow.cli import program

ROOM = "check its permissions and the room that is left"

pytestmark = pytest.mark.skipif(os.name != "posix" or not Path("/dev/full").exists(), reason="needs /dev/full")

CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters, text="On hyperbolas.")
chapter.claim("true", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")
"""
PAPER = "% modeflow: dae.fixed_point\n\\[ w = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n"
COMMANDS = {
    "help": "--help",
    "version": "--version",
    "verify": "verify mine.py -j 1",
    "verify in JSON": "verify mine.py -j 1 --output-format json --no-cache",
    "derive": "derive mine.py",
    "new": "new chapter other",
    "check --new": "check --new paper.tex",
    "generate": "generate --target julia -o generated",
    "compare": "compare --epochs 5 --modes 0",
    "figures": "figures 1 -o figures",
}
FAST = ("help", "derive")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(CHAPTER)
    (tmp_path / "paper.tex").write_text(PAPER)
    return tmp_path


def shell(command: str, folder: Path, unbuffered: bool = False) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    environment |= {"PYTHONUNBUFFERED": "1"} if unbuffered else {}
    command = command.replace("modeflow", f"{sys.executable} -P -m modeflow", 1)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def everywhere(names: dict[str, str]) -> list[object]:
    return [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", everywhere(COMMANDS))
def test_what_cannot_be_printed_is_one_line_and_exit_status_2(folder: Path, name: str) -> None:
    for unbuffered in (False, True):
        for path in ("generated", "other_chapter.py"):
            subprocess.run(["rm", "-rf", folder / path], check=True)
        full = shell(f"modeflow {COMMANDS[name]} > /dev/full", folder, unbuffered)
        assert (full.returncode, full.stderr) == (2, f"modeflow: standard output: No space left on device; {ROOM}\n")
    closed = shell(f"modeflow {COMMANDS[name]} >&-", folder)
    assert (closed.returncode, closed.stderr.count("\n")) == (2, 1)
    assert closed.stderr.startswith("modeflow: standard output is closed")


@pytest.mark.parametrize("name", everywhere(COMMANDS))
def test_without_standard_error_a_command_works(folder: Path, name: str) -> None:
    told = shell(f"modeflow {COMMANDS[name]} 2>&-", folder)
    assert told.returncode == 0
    assert told.stdout


def test_what_cannot_be_said_anywhere_is_exit_status_2(folder: Path) -> None:
    everywhere = ("2> /dev/full", ">&- 2>&-", "> /dev/full 2>&1", "2>&-")
    for streams in everywhere:
        assert shell(f"modeflow derive missing.py {streams}", folder).returncode == 2, streams
    streams = random.Random(daily.seed()).choice(everywhere)  # this mistake costs seconds: the catalogue is searched
    assert shell(f"modeflow derive nothing {streams}", folder).returncode == 2, streams


def test_files_do_not_get_the_numbers_of_closed_streams(folder: Path) -> None:
    told = shell("modeflow derive mine.py -o out.txt 0>&- 2>&-", folder)
    assert told.returncode == 0
    assert (folder / "out.txt").read_text().startswith("Mine")


@pytest.mark.costly
def test_a_reader_that_leaves_ends_the_command_quietly(folder: Path) -> None:
    for name in ("verify", "derive"):
        left = shell(f"set -o pipefail; modeflow {COMMANDS[name]} | true", folder)
        assert (left.returncode, left.stderr) == (141, "")


@pytest.mark.parametrize("unbuffered", [False, True])
def test_the_watch_on_standard_output_is_what_finds_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, unbuffered: bool
) -> None:
    """argparse passes over errors of its own printing."""
    assert shell("modeflow --help > /dev/full", folder, unbuffered).returncode == 2
    unwatched = "import sys, modeflow.cli.program as p; p._Output.check = lambda self: None; sys.exit(p.main())"
    assert shell(f"{sys.executable} -c '{unwatched}' --help > /dev/full", folder, unbuffered).returncode != 2


# Signals

HANGING = CHAPTER + "import time\nprint('here', flush=True)\ntime.sleep(60)\n"


@pytest.mark.costly
@pytest.mark.parametrize(
    ("sent", "status", "line"),
    [
        (signal.SIGINT, 130, "modeflow: interrupted\n"),
        (signal.SIGTERM, 143, "modeflow: ended by SIGTERM\n"),
        (signal.SIGHUP, 129, "modeflow: ended by SIGHUP\n"),
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        "derive mine.py -o out.txt",
        "verify mine.py -j 1 --certificates kept",
        "check paper.tex --chapters mine.py --table table.md",
    ],
)
def test_a_signal_ends_a_command_in_one_line(
    folder: Path, given: str, sent: signal.Signals, status: int, line: str
) -> None:
    (folder / "mine.py").write_text(HANGING)
    command = [sys.executable, "-P", "-m", "modeflow", *given.split()]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def listen() -> None:  # also where these tests are run under nohup or in the background, which ignore signals
        signal.signal(sent, signal.SIG_DFL)

    with subprocess.Popen(command, cwd=folder, preexec_fn=listen, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(sent)
        assert process.communicate(timeout=60) == ("", line)
    assert process.returncode == status
    assert {path.name for path in folder.iterdir()} <= {"mine.py", "paper.tex", "__pycache__"}


INTERRUPTED_IMPORT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == {imported!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
from {start} import main
sys.argv = ["modeflow", "--version"]
sys.exit(main())
"""


@pytest.mark.parametrize("imported", ["modeflow.cli.program", "argparse", "modeflow.cli.verify"])
def test_an_interrupt_while_the_program_is_imported_is_one_line(imported: str) -> None:
    def ended(start: str) -> subprocess.CompletedProcess[str]:
        code = INTERRUPTED_IMPORT.format(imported=imported, start=start)
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    found = ended("modeflow.cli.start")
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "modeflow: interrupted\n")
    assert "Traceback" in ended("modeflow.cli.program").stderr


@pytest.mark.costly
def test_an_interrupted_sweep_goes_on_where_it_was(folder: Path) -> None:
    pytest.importorskip("zarr")
    grid = "[sweep]\nquantities = ['strength']\nchunk = 1000\n[arguments]\nw1 = 1e-3\nw2 = 1e-3\n"
    grid += "lam = { from = 0.01, to = 10, count = 1000 }\nt = { from = 0, to = 20, count = 1000 }\n"
    (folder / "grid.toml").write_text(grid)
    command = [sys.executable, "-P", "-m", "modeflow", "sweep", "grid.toml", "-o", "grid.zarr", "-j", "1"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    ledger = folder / "grid.zarr.ledger"
    with subprocess.Popen(
        command, cwd=folder, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **pipes
    ) as process:
        while process.poll() is None and not (ledger.exists() and ledger.read_text().count("\n") > 9):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "modeflow: interrupted\n")
    assert process.returncode == 130
    done = ledger.read_text()
    again = shell("modeflow sweep grid.toml -o grid.zarr", folder)
    assert (again.returncode, again.stdout, again.stderr) == (0, "grid.zarr\n", "")
    assert ledger.read_text().startswith(done)


# Disks that are full

WRITTEN = {
    "derive mine.py -o mine.txt": "mine.txt",
    "export schema -o schema.json": "schema.json",
    "verify mine.py -j 1 --no-cache --certificates kept": "kept",
    "generate --target julia -o written": "written",
    "explore -o page.html": "page.html",
    "figures 1 -o drawn": "drawn",
    "compare --epochs 5 --modes 0 -o curves.png": "curves.png",
    "check paper.tex --no-cache --table table.md": "table.md",
}


@pytest.mark.parametrize("command", daily.some(list(WRITTEN), fast=1))
def test_where_a_disk_is_full_what_was_there_is_kept(folder: Path, command: str) -> None:
    path = folder / WRITTEN[command]
    assert shell(f"modeflow {command}", folder).returncode == 0
    files = [file for file in [path, *path.rglob("*")] if file.is_file()]
    for file in files:
        file.write_text(file.read_text("latin-1") + " ", "latin-1")  # not what would be written now
    before = {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
    full = shell(f"ulimit -f 0; modeflow {command} -q", folder)
    assert (full.returncode, full.stderr.count("\n")) == (2, 1), full.stderr
    assert full.stderr.startswith(f"modeflow: {path.name}: cannot be written")
    after = {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
    assert before == after
    assert files


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert program.main(["derive", "nothing"]) == 2
    assert [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.parametrize("streams", ["> /dev/full", ">&-"])
def test_the_second_checker_says_that_it_could_tell_nobody(folder: Path, streams: str) -> None:
    """An exit status of 0 or 1 would be an answer that nobody read."""
    assert program.main(["verify", str(folder / "mine.py"), "-j", "1", "--certificates", str(folder / "kept")]) == 0
    found = shell(f"modeflow.recheck kept {streams}", folder)
    assert found.returncode == 2
    assert found.stderr.startswith("modeflow-recheck: the output cannot be written (")
    assert found.stderr.count("\n") == 1
    assert shell("modeflow.recheck kept", folder).returncode == 0
