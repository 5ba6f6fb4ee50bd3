"""Whether something can be written at a path, asked before the work whose result goes there. Nothing is left behind."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

__all__ = ["file_or_folder", "file_place", "folder_place"]


def file_place(path: str | Path, *, new: bool = False) -> Path:
    """The path, where a file can be written. new: nothing may be there. Raises ValueError that says what to do."""
    path = Path(path)
    try:
        if new and os.path.lexists(path):
            raise ValueError(f"{path}: is there already; choose another name")
        if not _is_there(path):
            _try(path.parent if new else Path(os.path.realpath(path)).parent, path)
        elif path.is_dir():
            raise ValueError(f"{path}: a folder; give the name of a file in it")
        elif not os.access(path, os.W_OK):
            raise ValueError(f"{path}: cannot be written: it is write-protected; give another file")
        elif path.is_file():  # it is replaced; what is no file, such as /dev/stdout, is not
            _try(Path(os.path.realpath(path)).parent, path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}; give another file") from None
    return path


def folder_place(path: str | Path) -> Path:
    """The path, where a folder is or can be made, and files in it. Raises ValueError that says what to do."""
    path = Path(path)
    try:
        there = next(folder for folder in (path, *path.absolute().parents) if os.path.lexists(folder))
        if not there.is_dir():
            what = "a file" if there == path else f"below {there}, which is a file"
            raise ValueError(f"{path}: {what}; give a folder, which is made if need be")
        _try(there, path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}; give another folder") from None
    return path


def file_or_folder(path: str | Path) -> Path:
    """The path, where a folder is, or a file can be written. Raises ValueError that says what to do."""
    return folder_place(path) if Path(path).is_dir() else file_place(path)


def _is_there(path: Path) -> bool:
    try:
        os.stat(path)
    except FileNotFoundError:
        return False
    return True


def _try(folder: Path, path: Path) -> None:
    """Have a file in the folder for a moment, for what is to be written at the path."""
    try:
        is_folder = stat.S_ISDIR(os.stat(folder).st_mode)
    except FileNotFoundError:
        raise ValueError(f"{path}: cannot be written: no folder {folder}; make it first") from None
    if not is_folder:
        raise ValueError(f"{path}: cannot be written: {folder} is a file; give another place")
    with tempfile.TemporaryFile(dir=folder):
        pass
