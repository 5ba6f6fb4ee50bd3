"""Files that are not files, or not text, or not what they claim: one sentence and exit status 2, at once."""

from __future__ import annotations

import errno
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.files import inputs
from modeflow.files.inputs import Unreadable, content, text, toml

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and devices with names")

PAPER = "% modeflow: dae.fixed_point\n\\[ w^* = \\lambda/(\\lambda + \\varepsilon) \\]\n"


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(before)


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 * 2**30)


def _endless_folder(path: Path) -> None:
    path.symlink_to(".")


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "a pipe, where a regular file is needed"),
    "folder": (Path.mkdir, "a folder, where a regular file is needed"),
    "socket": (_socket, "a socket, where a regular file is needed"),
    "zeros": (lambda path: path.symlink_to("/dev/zero"), "a device, where a regular file is needed"),
    "null": (lambda path: path.symlink_to("/dev/null"), "a device, where a regular file is needed"),
    "link to itself": (lambda path: path.symlink_to(path.name), "Too many levels of symbolic links"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "No such file or directory"),
    "link to its folder": (_endless_folder, "a folder, where a regular file is needed"),
    "5 GB": (_huge, "larger than "),
    "no UTF-8": (lambda path: path.write_bytes(b"caf\xe9 = 1"), "is not UTF-8 at byte 3"),
    "UTF-16": (lambda path: path.write_bytes("x = 1".encode("utf-16")), "is not UTF-8 at byte 0"),
}
BAD_TOML = {
    "deep": ("x = " + "[" * 2000, "brackets more than 64 deep"),
    "deep tables": ("x = " + "{a=" * 2000, "brackets more than 64 deep"),
    "long number": ("x = " + "1" * 5000, "a number or a name over 1000 characters"),
    "long hexadecimal number": ("x = 0x" + "f" * 5000, "a number or a name over 1000 characters"),
    "dotted key": (".".join("a" * 100_000) + " = 1", "a number or a name over 1000 characters"),
    "dotted key with blanks": (" . ".join("a" * 100_000) + " = 1", "a key of more than 64 names"),
    "dotted key of strings": (".".join(['"a"'] * 100_000) + " = 1", "a number or a name"),
    "dotted table": ("[" + " . ".join("a" * 100_000) + "]", "a key of more than 64 names"),
    "unclosed strings": ('x = """' + '\\"""' * 100_000, "is not TOML"),
    "duplicate keys": ("x = 1\nx = 2\n", "is not TOML: Cannot overwrite a value"),
    "NUL": ("x = '\0'\n", "is not TOML"),
}
# Chapters may lie in a folder; Python says itself what text it cannot read; what is no text may be data.
FITTING = {".py": ("folder", "link to its folder", "no UTF-8", "UTF-16"), ".npy": ("no UTF-8", "UTF-16")}
# The file that is read, and the command that reads it.
COMMANDS = {
    "paper": ("odd.tex", "check odd.tex"),
    "capital": ("odd.MD", "check odd.MD"),
    "notebook": ("odd.ipynb", "check odd.ipynb"),
    "first configuration": ("odd.tex", "check --new odd.tex"),
    "input": ("part.tex", "check main.tex"),
    "configuration": ("odd.toml", "check --config odd.toml main.tex"),
    "configuration beside": ("beside/modeflow.toml", "check beside/paper.tex"),
    "chapters": ("odd.py", "verify odd.py"),
    "a folder of chapters": ("chapters/odd.py", "verify chapters"),
    "chapters printed": ("odd.py", "derive odd.py"),
    "notation": ("odd.toml", "derive dae --notation odd.toml"),
    "sweep": ("odd.toml", "sweep odd.toml -o out"),
    "data": ("odd.npy", "compare odd.npy"),
    "data to recommend for": ("odd.npy", "recommend odd.npy --keep 0.5"),
    "generated": ("generated/odd.jl", "generate --check --target julia -o generated"),
}


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Importing the engine takes longer than reading any file."""
    experiments = [f"experiments.{name}" for name in ("sweep", "comparison", "recommendation")]
    for name in (*experiments, "codegen.julia", "manuscript.pipeline"):
        pytest.importorskip(f"modeflow.{name}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("beside", "chapters", "generated"):
        (tmp_path / name).mkdir()
    (tmp_path / "main.tex").write_text("\\input{part}\n" + PAPER, encoding="utf-8")
    (tmp_path / "beside" / "paper.tex").write_text(PAPER, encoding="utf-8")
    return tmp_path


def refused(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says, which is one line, without much computing."""
    capsys.readouterr()
    started = time.process_time()
    status = main(COMMANDS[command][1].split())
    seconds = time.process_time() - started
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert said.err.startswith("modeflow: ")
    assert seconds < 5  # of the processor, however busy it is: it needs less than one
    return said.err


@pytest.mark.costly
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file_is_refused_by_every_command(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / COMMANDS[command][0]
    for kind, (make, reason) in ODD.items():
        if kind in FITTING.get(path.suffix, ()):
            continue
        make(path)
        said = refused(command, capsys)
        assert path.name in said, kind
        pictures = command.startswith("data") and "a folder," in reason  # data may be a folder of pictures
        assert ("a folder without pictures" if pictures else reason.lower()) in said.lower(), kind
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


@pytest.mark.parametrize("command", ["configuration", "configuration beside", "notation", "sweep"])
@pytest.mark.parametrize("kind", BAD_TOML)
def test_what_is_no_toml_is_refused_at_once(
    command: str, kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, reason = BAD_TOML[kind]
    (folder / COMMANDS[command][0]).write_text(written, encoding="utf-8")
    assert reason in refused(command, capsys)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("[" * 100_000, 2),
        ('{"cells":' * 3000, 2),
        ('{"nbformat": NaN, "cells": []}', 2),
        ('{"nbformat": 4, "cells": [], "nbformat": 3}', 2),
        ('{"nbformat": 4, "cells": [], "metadata": {"x": ' + "9" * 5000 + ', "y": NaN, "z": 1e999}}', 0),
    ],
)
def test_notebooks_of_odd_values(written: str, status: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.ipynb").write_text(written, encoding="utf-8")
    if status:
        assert "odd.ipynb: is n" in refused("notebook", capsys)
    else:
        assert main(["check", "odd.ipynb"]) == 0


def test_ordinary_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    written = (
        "a.b = 1 # [[[[\n\"x.y\" = \"[[[[..\\\"[\" # \"\nd = '''[['['''\n"
        'e = """[{"{\\"[""""\n[f]\ng = [[1, 2], [3]]\r\n'
    )
    path.write_bytes(written.encode())
    assert toml(path) == {
        "a": {"b": 1}, "x.y": '[[[[.."[', "d": "[['[", "e": '[{"{"["', "f": {"g": [[1, 2], [3]]},
    }  # fmt: skip
    assert content(path, len(written)) == written.encode()
    with pytest.raises(Unreadable, match="larger than 0 KiB"):
        content(path, len(written) - 1)
    assert text(path, 1000) == written
    many = "\n".join(f'key{n} = ["{"." * 200}", {{x = [{n}]}}]' for n in range(1500))
    path.write_text(many, encoding="utf-8")
    assert len(toml(path)) == 1500


def test_a_name_that_no_file_can_have_is_refused() -> None:
    for name in ("a\0b", "x" * 5000, "\udcff/x"):
        with pytest.raises(Unreadable):
            content(name, 10)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grows.tex"
    path.write_text("x", encoding="utf-8")
    whole = inputs._whole

    class Growing(io.BytesIO):
        def read(self, *size: Any) -> bytes:
            return b"xy"

        def fileno(self) -> int:
            return number

    with path.open("rb") as file:
        number = file.fileno()
        with pytest.raises(Unreadable, match="changed while it was read"):
            whole(path, Growing(), 100)
        assert whole(path, file, 100) == b"x"


def test_a_pipe_put_in_place_of_the_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "paper.tex"
    os.mkfifo(path)
    plain = tmp_path / "plain"
    plain.touch()
    status = os.stat(plain)
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", lambda _: status)  # it was a file when it was looked at
        with pytest.raises(Unreadable, match="a pipe"):
            content(path, 10)


# Errors of the disk at every place ------------------------------------------------------------------------


class Injector:
    """Fails the call of that number, among those that touch a file below a folder, with an error; counts them all."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.fail, self.error, self.calls = str(folder), -1, OSError(), 0
        for module, name in ((os, "stat"), (os, "open"), (os, "fdopen"), (os, "fstat"), (os, "lstat"), (os, "scandir")):
            patch.setattr(module, name, self.watched(getattr(module, name)))
        patch.setattr(io, "open", self.watched(io.open))

    def watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **given: Any) -> Any:
            if isinstance(path, int) or str(path).startswith(self.folder) or not os.path.isabs(str(path)):
                self.calls += 1
                if self.calls == self.fail:
                    raise self.error
            return real(path, *arguments, **given)

        return call


ERRORS = [OSError(n, os.strerror(n)) for n in (errno.EIO, errno.EACCES, errno.ENOENT)]
ERRORS += [UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")]  # type: ignore[list-item]
READING = (
    ("check", "paper.tex", "--no-cache", "-j", "1"),
    ("check", "--new", "paper.tex"),
    ("check", "--config", "modeflow.toml", "paper.md", "--no-cache"),
    ("check", "book.ipynb", "--no-cache"),
    ("derive", "dae", "--notation", "modeflow.toml"),
    ("derive", "mine_chapter.py"),
    ("recommend", "data.npy", "--keep", "0.5"),
    ("generate", "--check", "--target", "julia", "-o", "generated"),
)
CHAPTER = """
from modeflow import Alphabet, Chapter
letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters)
chapter.claim("true", x, x, says="The same.")
"""


@pytest.fixture
def tree(folder: Path) -> Path:
    import numpy as np

    (folder / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    (folder / "paper.tex").write_text("\\input{part}\n$x$\n", encoding="utf-8")
    (folder / "part.tex").write_text("$y$\n", encoding="utf-8")
    (folder / "paper.md").write_text("$y$\n", encoding="utf-8")
    (folder / "book.ipynb").write_text('{"nbformat": 4, "cells": []}', encoding="utf-8")
    (folder / "mine_chapter.py").write_text(CHAPTER, encoding="utf-8")
    (folder / "generated" / "x.jl").write_text("x", encoding="utf-8")
    np.save(folder / "data.npy", np.eye(8, dtype="uint8"))
    return folder


def failures(command: tuple[str, ...], tree: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[int, str]]:
    """Every call that a command makes on files fails once, in one of the ways: status and what was said."""
    expected = main(command)
    capsys.readouterr()
    number = 0
    while True:
        number += 1
        with pytest.MonkeyPatch.context() as patch:
            injector = Injector(tree, patch)
            injector.fail, injector.error = number, ERRORS[number % len(ERRORS)]
            status = main(command)
            calls = injector.calls
        said = capsys.readouterr()
        if calls < number:
            assert status == expected
            return
        yield status, said.err


@pytest.mark.costly
@pytest.mark.parametrize("command", READING)
def test_an_error_of_the_disk_is_one_line(
    command: tuple[str, ...], tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(failures(command, tree, capsys))
    assert len(found) > 2
    refused = [said for status, said in found if status == 2]
    assert refused
    assert all(status in (0, 1) for status, said in found if said == "")
    assert all(said.startswith("modeflow: ") and said.count("\n") == 1 for said in refused)
