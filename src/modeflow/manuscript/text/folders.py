"""A tree of manuscripts as its files say, before the engine is loaded: which are read, and by which configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...files.inputs import Unreadable, content, toml

ENDINGS = (".tex", ".md", ".markdown", ".ipynb")
LARGEST = 4 * 2**20  # bytes of one file
LARGEST_NOTEBOOK = 64 * 2**20  # pictures are kept in it
DEEPEST = 8  # files inside files
INPUT = re.compile(
    r"\\(?:input|include|subfile|(?:sub)?import\*?\s*\{(?P<folder>[^{}\n]*)\})\s*\{(?P<name>[^{}\n]+)\}"
    r"|\\input[ \t]+(?P<bare>[^\s\\{}%]+)"
)
_MAY_INPUT = re.compile(rb"\\(?:in|subfile|import|subimport)")
_MARK = b"modeflow"


def is_manuscript(path: Path) -> bool:
    """Whether the name is that of a file which is read."""
    return path.suffix.lower() in ENDINGS


def relative(path: str | Path) -> Path:
    """The path from the folder of the call, where it lies there; else as it is given."""
    given, here = Path(path), Path.cwd()
    return given.relative_to(here) if given.is_absolute() and given.is_relative_to(here) else given


def listed(paths: Iterable[str | Path]) -> list[Path]:
    """The paths, each as `relative` gives it. Raises TypeError for a path alone, whose letters would be the files."""
    if isinstance(paths, str | Path):
        raise TypeError(f"paths = {str(paths)!r}: give a list of files, such as [{str(paths)!r}]")
    return [relative(path) for path in paths]


def input_name(folder: Path, found: re.Match[str]) -> Path:
    """The file that \\input{…} and its kin mean in a paper in the folder."""
    name = (found["folder"] or "") + (found["name"] or found["bare"]).strip()
    return folder / (name if name.endswith(".tex") else name + ".tex")


def raw(path: Path) -> bytes:
    """The bytes of a manuscript. Raises Unreadable."""
    return content(path, LARGEST_NOTEBOOK if path.suffix.lower() == ".ipynb" else LARGEST)


def may_be_marked(path: Path) -> bool:
    """Whether a mark may stand in the file or in one that it inputs, as far as its bytes say; also if one is odd."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        if (one := waiting.pop()) in seen:
            continue
        seen.add(one)
        try:
            read = raw(one)
        except Unreadable:
            return True
        if _says_mark(one, read):
            return True
        waiting += _inputs(path.parent, one, read)
    return False


def _says_mark(path: Path, read: bytes) -> bool:
    # A notebook may write any letter by its number; what holds NUL may be text of another encoding.
    escaped = path.suffix.lower() == ".ipynb" and b"\\u00" in read
    return escaped or b"\0" in read or _MARK in read.lower()


def _inputs(folder: Path, path: Path, read: bytes) -> list[Path]:
    """The files that exist among those that a TeX file may input, also in comments."""
    if path.suffix.lower() != ".tex" or not _MAY_INPUT.search(read):
        return []
    named = {input_name(folder, found) for found in INPUT.finditer(read.decode("utf-8", "replace"))}
    return [file for file in named if os.path.lexists(file)]


# Configuration --------------------------------------------------------------------------------------------


class UnusableConfiguration(ValueError):
    """A configuration that cannot be used; the message names the entry.

    Example:
        >>> from modeflow import manuscript
        >>> manuscript.configuration({"letters": {}}, "here")
        Traceback (most recent call last):
        modeflow.manuscript.UnusableConfiguration: here: letters is not known; choose from fixed, ...
    """

    __module__ = "modeflow.manuscript"  # the path that users import, which tracebacks show


def section(path: Path | None, beside: Path) -> tuple[Any, str] | None:
    """The table in the file given, or in modeflow.toml or pyproject.toml in the folder or above, and that file's name.

    Raises UnusableConfiguration.
    """
    for candidate in [path] if path is not None else _candidates(beside):
        try:
            found = _manuscript(toml(candidate), candidate.name == "pyproject.toml")
        except Unreadable as error:
            raise UnusableConfiguration(str(error)) from None
        if found is not None:
            return found, str(candidate)
        if path is not None:
            raise UnusableConfiguration(f"{candidate}: has no [manuscript] table; write one, or name another file")
    return None


def described(found: tuple[Any, str] | None, chapters: bool) -> str:
    """In words: which configuration `section` found, and whose letters are meant. chapters: whether any are given."""
    table, place = found or ({}, "")
    where = f"configuration {place}" if place else "no configuration (modeflow.toml, pyproject.toml, --config)"
    if "notation" in table:
        letters = f"notation {table['notation']}"
    else:
        letters = "letters of the chapters given" if chapters else "no notation named"
    own = len(table.get("symbols", {}))
    return f"{where}, {letters}" + (f", {own} symbol{'s' * (own > 1)} declared" if own else "")


def _candidates(beside: Path) -> Iterator[Path]:
    nearest = Path(os.path.realpath(beside))
    for folder in (nearest, *nearest.parents):
        for name in ("modeflow.toml", "pyproject.toml"):
            if os.path.lexists(folder / name):  # what is there and is no file is refused, not passed over
                yield _named(folder / name)


def _named(path: Path) -> Path:
    """The path from the folder of the call, where it lies there."""
    here = Path(os.path.realpath(Path()))
    return path.relative_to(here) if path.is_relative_to(here) else path


def _manuscript(data: Mapping[str, Any], nested: bool) -> Any:
    for name in ("tool", "modeflow") if nested else ():
        data = data.get(name, {})
        if not isinstance(data, dict):
            return None
    return data.get("manuscript")
