"""The one writer of files: each appears whole or not at all, and so does each of several written together.

A file is written under a name of its own (`.modeflow-….tmp`), flushed to the disk, and renamed. Who reads sees the old
file or the whole new one, also after a kill or a power cut. The new file has the permissions of the old one, or those
that the umask leaves. A link is followed: the file that it leads to is replaced, and the link stays. Hard links to the
old file keep the old content. What is no file, such as /dev/stdout or a named pipe, is written to as it is.

What a killed process leaves under such a name is removed an hour later, by the next process that writes there.
"""

from __future__ import annotations

import errno
import functools
import io
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .places import file_place

if TYPE_CHECKING:
    from matplotlib.figure import Figure

try:
    import fcntl
except ImportError:  # not on this platform: nothing stops two processes that write one journal
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "Journal", "cache_folder", "figure_path", "flush", "keep", "make_folder", "private_folder", "rename_folder", "save",
    "say_once", "scratch_folder", "temporary_name", "write", "write_all",
]  # fmt: skip

CACHE = "MODEFLOW_CACHE_DIR"  # the environment variable that moves the cache
OLD = 3600.0  # seconds after which a temporary name is a leftover
MOST = 10_000  # names of a folder that are looked at for leftovers
_TEMPORARY = re.compile(r"\.modeflow-[0-9a-f]{16}\.tmp")
_FORMATS = (".png", ".pdf", ".svg")
_NOWHERE = Path(os.devnull, "modeflow")  # where nothing can be


# Files --------------------------------------------------------------------------------------------------------


def write(path: Path, content: str | bytes, *, new: bool = False) -> None:
    """Put the content in the file in one step. Raises OSError, which names the path.

    new: raises FileExistsError where there is something of that name, be it a link that leads nowhere.
    """
    write_all({path: content}, new=new)


def write_all(contents: Mapping[Path, str | bytes], *, new: bool = False, seal: Path | None = None) -> None:
    """Write files together: all are on the disk before the first gets its name; they get them in the order given.

    A process that is killed leaves each of them old or new, and whole. seal: the file that says that the others belong
    together; it is removed before the first gets its name, so give it last. Raises OSError, which names the path.
    """
    waiting: list[_Waiting] = []
    try:
        for path, content in contents.items():
            with _about(path):
                waiting += _written(path, _data(content), new)
        folders = {file.target.parent for file in waiting}
        if seal is not None:
            with _about(seal):
                seal.unlink(missing_ok=True)
        _place(waiting, new)
        for folder in folders:
            with _about(folder):
                _flush_folder(folder)
    finally:
        for file in waiting:
            file.discard()


def _data(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _written(path: Path, data: bytes, new: bool) -> list[_Waiting]:
    """The file that waits for its name; none where the path leads to what is no file, which has the data now."""
    if _is_device(path):
        _write_straight(path, data)
        return []
    return [_Waiting(path, data, path if new else Path(os.path.realpath(path)))]


def _place(waiting: list[_Waiting], new: bool) -> None:
    """Give the files their names, in order; those that are left wait for theirs."""
    while waiting:
        with _about(waiting[0].path):
            waiting[0].place(new)
        del waiting[0]


def keep(path: Path, content: str | bytes) -> None:
    """Write a file of the cache; its folders are made if need be, and a link in its place is replaced.

    Its temporary name lies at the top of the cache. Raises OSError, which names the path.
    """
    with _about(path):
        cache_folder().mkdir(0o700, parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _Waiting(path, _data(content), path, cache_folder())
        try:
            file.place(new=False)
        except BaseException:
            file.discard()
            raise


class _Waiting:
    """A file that is on the disk, under a temporary name."""

    def __init__(self, path: Path, data: bytes, target: Path, folder: Path | None = None) -> None:
        self.path, self.target = path, target
        there = _writable(target)
        self.temporary = temporary_name(folder or target.parent)
        mode = 0o666 if there is None else stat.S_IMODE(there.st_mode) & 0o777
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            with _opened(self.temporary, flags, mode) as handle:
                if there is not None:
                    _resemble(handle, there, mode)
                _write(handle, data)
                _flush(handle)
        except BaseException:
            self.discard()
            raise

    def place(self, new: bool) -> None:
        if new:
            _claim(self.temporary, self.target)
        else:
            os.replace(self.temporary, self.target)

    def discard(self) -> None:
        with suppress(OSError):
            os.unlink(self.temporary)


@contextmanager
def _opened(path: Path, flags: int, mode: int = 0o666) -> Iterator[int]:
    handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), mode)
    try:
        yield handle
    finally:
        os.close(handle)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _writable(target: Path) -> os.stat_result | None:
    """What is there; None for nothing. A file that may not be written is not replaced either."""
    try:
        there = os.lstat(target)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(there.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(there.st_mode):
        return None
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return there


def _resemble(handle: int, there: os.stat_result, mode: int) -> None:
    with suppress(OSError, AttributeError):  # only root may give a file to another user; Windows has no owners
        os.fchown(handle, there.st_uid, there.st_gid)
    with suppress(AttributeError):
        os.fchmod(handle, mode)


def _claim(temporary: Path, target: Path) -> None:
    """Give the file a name that nothing has. Raises FileExistsError."""
    try:
        os.link(temporary, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without links: the empty file holds the name
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        os.replace(temporary, target)
    else:
        os.unlink(temporary)


def _is_device(path: Path) -> bool:
    """Whether the path leads to something to write to that is neither a file nor a folder."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _write_straight(path: Path, data: bytes) -> None:
    with _opened(path, os.O_WRONLY) as handle:
        _write(handle, data)


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Errors name the path that was asked for, and not the temporary one."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


# Flushing -----------------------------------------------------------------------------------------------------


def flush(path: Path, top: Path, known: set[Path]) -> None:
    """Have what other code wrote in this file on the disk, with the folders up to top that are not known to be there.

    Raises OSError.
    """
    with _opened(path, os.O_RDWR) as handle:
        _flush(handle)
    for folder in path.relative_to(top).parents:
        _flush_folder(top / folder)
        if top / folder in known:
            break
        known.add(top / folder)


def _flush(handle: int) -> None:
    os.fsync(handle)


def _flush_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder that may be written, not read; on Windows any folder
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that flushes no folders
            raise
    finally:
        os.close(handle)


# Folders ------------------------------------------------------------------------------------------------------


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make the folder, if need be, and put a file there and remove it. Raises OSError where that cannot be done."""
    path.mkdir(mode, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path):
        pass


def private_folder(path: Path) -> Path:
    """Make a folder of this user alone, if need be; nobody else may put anything there. Raises OSError."""
    with _about(path):
        path.mkdir(0o700, parents=True, exist_ok=True)
        for folder in (path, path.parent):
            _check_owner(folder, os.lstat(folder) if folder == path else os.stat(folder))
        if os.name == "posix" and stat.S_IMODE(os.lstat(path).st_mode) & 0o077:
            path.chmod(0o700)
    return path


def _check_owner(folder: Path, found: os.stat_result) -> None:
    """Raises PermissionError where others may have put something in the folder."""
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError(errno.EPERM, "is a link or a file, not a folder; remove it")
    if os.name != "posix":
        return
    shared = found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX
    if found.st_uid not in (os.geteuid(), 0) or shared:
        whose = "may be written by others" if shared else "belongs to another user"
        raise PermissionError(errno.EPERM, f"{whose}, {folder}; name a folder of your own in {CACHE}")


@contextmanager
def scratch_folder(folder: Path, mode: int = 0o777) -> Iterator[Path]:
    """A new folder of this name, which is gone afterwards. One that a killed process left is removed first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rename_folder(folder: Path, target: Path) -> None:
    """Give a folder another name when all that is in it is on the disk."""
    for inside in sorted(folder.rglob("*")):
        if inside.is_file():
            flush(inside, inside.parent, set())
        else:
            _flush_folder(inside)
    _flush_folder(folder)
    folder.rename(target)
    _flush_folder(target.parent)


def temporary_name(folder: Path) -> Path:
    """A name for what is not finished. What bears such a name for an hour is removed."""
    discard_leftovers(folder)
    return folder / f".modeflow-{secrets.token_hex(8)}.tmp"


@functools.cache
def discard_leftovers(folder: Path) -> None:
    """Remove what killed processes of this user left in the folder; looked for once in a process."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, MOST):
            if _TEMPORARY.fullmatch(entry.name):
                _discard_leftover(entry)


def _discard_leftover(entry: os.DirEntry[str]) -> None:
    with suppress(OSError):
        found = entry.stat(follow_symlinks=False)
        if time.time() - found.st_mtime < OLD or (os.name == "posix" and found.st_uid != os.geteuid()):
            return
        if stat.S_ISDIR(found.st_mode):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)


# The cache ----------------------------------------------------------------------------------------------------


def cache_folder() -> Path:
    """Where verdicts, comparisons, compiled code and data are kept; it need not exist.

    $MODEFLOW_CACHE_DIR, or the platform's place for caches; for a user without a home, a folder in the temporary one,
    which is said once.
    """
    if given := os.environ.get(CACHE):
        return Path(given)
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("modeflow", appauthor=False)
    except (RuntimeError, KeyError):  # no HOME, and no such user
        return _temporary_cache()
    return folder if folder.is_absolute() else _temporary_cache()


def _temporary_cache() -> Path:
    folder = Path(tempfile.gettempdir()) / f"modeflow-{os.geteuid()}"
    try:
        private_folder(folder)
    except OSError as error:
        say_once(f"this user has no home folder, and {folder} {error.strerror}; nothing is kept without {CACHE}")
        return _NOWHERE
    say_once(f"this user has no home folder: what is kept goes to {folder}; {CACHE} names another place")
    return folder


@functools.cache
def say_once(text: str) -> None:
    """A warning, once in a process."""
    warnings.warn(text, RuntimeWarning, stacklevel=3)


# Journals -----------------------------------------------------------------------------------------------------


class Journal:
    """A file of lines that grows: a line is on the disk when `add` returns. Raises BlockingIOError where another
    process has it open.

    lines: those that were there; a last one that was cut when a process was killed is dropped.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if fcntl is not None:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.lines = self._whole_lines(path)
            _flush_folder(path.parent)
        except BaseException:
            self.close()
            raise

    def _whole_lines(self, path: Path) -> list[str]:
        """The lines that have an end; what is behind the last one is cut off."""
        whole = path.read_bytes()
        whole = whole[: whole.rfind(b"\n") + 1]
        os.ftruncate(self._handle, len(whole))
        return whole.decode("ascii", "replace").splitlines()

    def add(self, line: str) -> None:
        _write(self._handle, f"{line}\n".encode("ascii"))
        _flush(self._handle)

    def close(self) -> None:
        os.close(self._handle)


# Figures ------------------------------------------------------------------------------------------------------


def figure_path(path: str | Path) -> Path:
    """The path, where `save` can write there. Raises ValueError naming the remedy where it cannot."""
    path = Path(path)
    if path.suffix.lower() not in _FORMATS:
        raise ValueError(f"{path}: unknown kind of figure; end the name in {', '.join(_FORMATS)}")
    return file_place(path)


def save(figure: Figure, path: str | Path, *, dpi: int) -> None:
    """Draw the figure in the file, by its ending. Raises ValueError where the file cannot be written."""
    path = figure_path(path)
    drawn = io.BytesIO()
    figure.savefig(drawn, format=path.suffix[1:].lower(), dpi=dpi)
    try:
        write(path, drawn.getvalue())
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror}); give another file") from error
