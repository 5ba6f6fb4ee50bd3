"""The table of contents: every chapter and claim that ships, and the chapters in a reader's own file."""

from __future__ import annotations

import runpy
import sys
import traceback
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from .claims import Chapter, Claim


class UnknownClaim(LookupError):
    """No claim, or no chapter, has this name."""


class UnusableChapter(ValueError):
    """A file from which no chapter could be read; the message says where and why."""


def chapters() -> dict[str, Chapter]:
    """The chapters that ship, by key, in the order in which they are read."""
    return dict(_shipped())


def claims() -> Mapping[str, Claim]:
    """Every claim that ships, by id, in the order in which they are stated."""
    return MappingProxyType({i: c for chapter in _shipped().values() for i, c in chapter.claims.items()})


def claim(id: str) -> Claim:
    """One claim by its id, such as "dae.fixed_point"; raises UnknownClaim, with close matches."""
    known = claims()
    if id not in known:
        raise UnknownClaim(unknown(id, known))
    return known[id]


def unknown(name: str, known: Iterable[str]) -> str:
    """The sentence that says a name is unknown, and which known ones are close to it."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(close)}?" if close else "`modeflow derive` prints them all"
    return f"no claim or chapter is called {name!r}; {remedy}"


@cache
def _shipped() -> dict[str, Chapter]:
    # By name and late: the engine knows of the chapters only here, and importing it does not load them.
    table: tuple[Chapter, ...] = import_module("modeflow.derivations").CHAPTERS
    return {chapter.key: chapter for chapter in table}


def load_chapters(path: str | Path) -> tuple[Chapter, ...]:
    """The chapters that a Python file of the reader's own defines at its top level.

    The file is run, as `python FILE.py` would run it. Raises UnusableChapter, naming file and line, when it
    cannot be read, stops with an error, or defines no chapter.
    """
    file = Path(path)
    _readable_python(file)
    found = [value for value in _run(file).values() if isinstance(value, Chapter)]
    own = tuple(chapter for chapter in found if not _is_shipped(chapter))
    if not own:
        raise UnusableChapter(f"{file}: defines no chapter; write chapter = Chapter(key, title, alphabet)")
    return tuple({id(chapter): chapter for chapter in own}.values())


def _readable_python(file: Path) -> None:
    try:
        if file.is_dir():
            raise UnusableChapter(f"{file}: is a directory; name a file ending in .py")
        if file.suffix != ".py" or (file.exists() and not file.is_file()):
            raise UnusableChapter(f"{file}: is not a Python file; name a file ending in .py")
        file.read_bytes()
    except OSError as error:
        raise UnusableChapter(f"{file}: {error.strerror or error}") from None


def _run(file: Path) -> dict[str, object]:
    # Files beside it can be imported, as when Python runs it.
    sys.path.insert(0, str(file.resolve().parent))
    try:
        return runpy.run_path(str(file), run_name=f"chapter {file.stem}")
    except SyntaxError as error:
        raise UnusableChapter(f"{error.filename or file}:{error.lineno or 1}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        reason = " ".join(str(error).split()) or "no message"
        raise UnusableChapter(f"{file}:{_line(error, file)}: {type(error).__name__}: {reason}") from error
    finally:
        sys.path.remove(str(file.resolve().parent))


def _line(error: BaseException, file: Path) -> int:
    """The line of the file that was running when the error came."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 1 for frame in frames if frame.filename == str(file)]
    return lines[-1] if lines else 1


def _is_shipped(chapter: Chapter) -> bool:
    """Whether a file merely imported this chapter of ours to build on it."""
    ours = sys.modules.get("modeflow.derivations")
    return ours is not None and any(chapter is one for one in ours.CHAPTERS)
