"""The one writer of files: whole or not at all, permissions, links, leftovers, and that nothing else writes."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modeflow import files

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@posix
@pytest.mark.usefixtures("umask")
def test_a_new_file_honours_the_umask_and_an_old_one_keeps_its_permissions(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"old")
    old.chmod(0o604)
    files.write_all({new: "n", old: "o"})
    assert (mode(new), mode(old)) == (0o640, 0o604)
    files.write(tmp_path / "first", b"1", new=True)
    assert mode(tmp_path / "first") == 0o640


@posix
def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link, dangling = tmp_path / "folder" / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_bytes(b"old")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "folder" / "later")
    files.write(link, b"new")
    files.write(dangling, b"made")
    assert (target.read_bytes(), (tmp_path / "folder" / "later").read_bytes()) == (b"new", b"made")
    assert link.is_symlink()
    assert dangling.is_symlink()
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(OSError, match="symbolic links"):
        files.write(link, b"new")


@posix
def test_a_link_in_the_cache_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE, str(tmp_path / "cache"))
    precious, link = tmp_path / "precious", tmp_path / "cache" / "verdicts" / "one"
    precious.write_bytes(b"precious")
    link.parent.mkdir(parents=True)
    link.symlink_to(precious)
    files.keep(link, b"kept")
    assert (precious.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"precious", b"kept", False)


def test_a_new_file_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    for there in (lambda: path.write_bytes(b"mine"), lambda: path.symlink_to(tmp_path / "nowhere"), path.mkdir):
        there()
        with pytest.raises(OSError, match=r"exists|directory"):
            files.write(path, b"new", new=True)
        assert [p.name for p in tmp_path.iterdir()] == ["mine"]
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def test_without_links_a_new_file_is_still_never_written_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    files.write(tmp_path / "mine", b"mine", new=True)
    with pytest.raises(FileExistsError):
        files.write(tmp_path / "mine", b"other", new=True)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("mine", b"mine")]


@posix
def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        files.write(pipe, "through\n")
        assert reader.communicate()[0] == b"through\n"
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    files.write(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_device_is_an_error_that_names_it() -> None:
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        files.write(Path("/dev/full"), b"x")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_bytes(b"mine")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="mine"):
        files.write(path, b"other")


def test_errors_name_the_path_that_was_asked_for(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "file", tmp_path):
        with pytest.raises(OSError, match="directory") as raised:
            files.write(path, b"x")
        assert raised.value.filename == str(path)


@pytest.mark.parametrize("failing", [1, 2])
def test_files_written_together_are_all_there_before_one_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    contents: dict[Path, str | bytes] = {tmp_path / name: "new" for name in ("one", "two")}
    for path in contents:
        path.write_text("old")
    flushed, really = [], os.fsync

    def fsync(handle: int) -> None:
        flushed.append(handle)
        if len(flushed) == failing:
            raise OSError(28, "No space left on device")
        really(handle)

    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        files.write_all(contents)
    assert {path: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(contents, "old")


# Leftovers


def leftover(folder: Path, number: int, age: float) -> Path:
    path = folder / f".modeflow-{number:016x}.tmp"
    if number % 2:
        path.write_bytes(b"half")
    else:
        path.mkdir()
        (path / "half").write_bytes(b"half")
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def test_leftovers_are_removed_when_old_and_nothing_else_is(tmp_path: Path) -> None:
    files.discard_leftovers.cache_clear()
    old = [leftover(tmp_path, number, 2 * files.OLD) for number in range(6)]
    young = [leftover(tmp_path, number, 0.1 * files.OLD) for number in (6, 7)]
    others = [tmp_path / name for name in (".modeflow-12.tmp", "modeflow.tmp", ".modeflow-0000000000000000.tmp.tex")]
    for path in others:
        path.write_bytes(b"mine")
        os.utime(path, (0, 0))
    files.write(tmp_path / "paper.tex", "x")
    assert sorted(tmp_path.iterdir()) == sorted([*young, *others, tmp_path / "paper.tex"])
    assert not any(path.exists() for path in old)


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root makes files of other users")
def test_leftovers_of_other_users_stay(tmp_path: Path) -> None:
    files.discard_leftovers.cache_clear()
    path = leftover(tmp_path, 1, 2 * files.OLD)
    os.chown(path, 12345, 12345)
    os.utime(path, (0, 0))
    files.write(tmp_path / "paper.tex", "x")
    assert path.exists()


# The cache and private folders


@posix
def test_a_private_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert mode(files.private_folder(folder)) == 0o700
    folder.chmod(0o755)
    assert mode(files.private_folder(folder)) == 0o700
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(PermissionError, match="is a link or a file"):
        files.private_folder(link)
    folder.chmod(0o777)
    with pytest.raises(PermissionError, match="may be written by others"):
        files.private_folder(folder)
    folder.chmod(0o700)
    folder.parent.chmod(0o777)
    with pytest.raises(PermissionError, match="may be written by others"):
        files.private_folder(folder)
    folder.parent.chmod(0o1777)
    assert files.private_folder(folder) == folder
    if os.geteuid() == 0:
        os.chown(folder, 12345, 12345)
        with pytest.raises(PermissionError, match="belongs to another user"):
            files.private_folder(folder)


HOMELESS = """
import os, sys, platformdirs, numpy
import platformdirs.unix, pwd, tempfile
from modeflow import files, strength
from modeflow.statements import cache, kept
if os.geteuid() == 0:
    os.setuid(int(sys.argv[2]))
tempfile.tempdir = sys.argv[1]
for name in ("HOME", "XDG_CACHE_HOME", "MODEFLOW_CACHE_DIR"):
    os.environ.pop(name, None)
if sys.argv[3] == "taken":
    os.mkdir(f"{sys.argv[1]}/modeflow-{os.geteuid()}")
    os.chmod(f"{sys.argv[1]}/modeflow-{os.geteuid()}", 0o777)
print(files.cache_folder())
kept.keep(files.cache_folder() / "verdicts" / "one.json", "verdict", 1)
kept.keep(files.cache_folder() / "verdicts" / "two.json", "verdict", 1)
"""


@pytest.mark.costly
@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root becomes a user without a home")
@pytest.mark.parametrize("taken", ["free", "taken"])
def test_a_user_without_a_home_gets_a_private_temporary_cache_and_is_told_once(taken: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        os.chmod(folder, 0o1777)
        command = [sys.executable, "-c", HOMELESS, folder, "54321", taken]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        private = Path(folder, "modeflow-54321")
        if taken == "free":
            assert done.stdout.strip() == str(private)
            assert mode(private) == 0o700
            assert done.stderr.count("this user has no home folder") == done.stderr.count("RuntimeWarning:") == 1
        else:
            assert "may be written by others" in done.stderr
            assert not list(private.iterdir())


# Nothing else writes

WRITERS = {"write_text", "write_bytes", "savefig", "touch", "symlink_to", "hardlink_to"}
FUNCTIONS = {
    "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory", "copyfile", "copyfileobj", "copy2", "copytree",
    "move", "extractall", "save", "savez", "savez_compressed", "savetxt", "tofile", "replace", "rename", "link",
}  # fmt: skip
MODULES = {"os", "shutil", "tempfile", "np", "numpy", "tar"}


def written(tree: ast.AST) -> Iterator[str]:
    """Every call in the source that may write to a file, as it is written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _writes(node):
            yield ast.unparse(node)


def _writes(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id == "open" and _for_writing(call.args[1:2], call)
    if not isinstance(function, ast.Attribute):
        return False
    module = function.value.id if isinstance(function.value, ast.Name) else ""
    if function.attr == "open":
        return "O_W" in ast.unparse(call) if module == "os" else _for_writing(call.args[:1], call)
    if function.attr == "savefig":
        return not any(keyword.arg == "format" for keyword in call.keywords)
    if function.attr in ("rename", "replace") and len(call.args) == 1:
        return not call.keywords  # of a path; texts take two, dataclasses keywords
    return function.attr in WRITERS or (function.attr in FUNCTIONS and module in MODULES)


def _for_writing(given: list[ast.expr], call: ast.Call) -> bool:
    modes = [*given, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    said = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
    return any(set(text) <= set("rwxab+t") and set(text) & set("wxa+") for text in said)


ELSEWHERE = {
    # worker processes and closed streams: what is written there is to be lost
    "os.open(os.devnull, os.O_WRONLY)",
    "open(os.devnull, 'w')",
}


def test_nothing_but_the_one_writer_writes_files() -> None:
    found = []
    for path in sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "derivations").rglob("*.py")]):
        if (path.parent.name, path.name) != ("files", "__init__.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(ROOT)}: {call}" for call in written(tree) if call not in ELSEWHERE]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "path.write_text(text)",
        "open(path, 'w')",
        "open(path, mode='ab')",
        "path.open('x', encoding='utf-8')",
        "path.open('r+b')",
        "figure.savefig(path)",
        "np.save(path, x)",
        "os.replace(a, b)",
        "made.replace(target)",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "tempfile.mkdtemp()",
    ],
)
def test_the_search_finds_what_writes(source: str) -> None:
    assert list(written(ast.parse(source))) == [source.replace('"', "'")]


@pytest.mark.parametrize("source", ["open(path)", "path.open('rb')", "text.replace('a', 'b')", "replace(claim, rhs=2)"])
def test_the_search_leaves_readers_alone(source: str) -> None:
    assert list(written(ast.parse(source))) == []


def test_the_writer_is_a_leaf() -> None:
    tree = ast.parse(Path(files.__file__).read_text(encoding="utf-8"))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    assert names == ["places"]  # which is a leaf
    places = (Path(files.__file__).parent / "places.py").read_text(encoding="utf-8")
    assert "from ." not in places
    assert "import modeflow" not in places
    imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert "os" in imported
    assert "modeflow" not in imported
