"""The table of contents: every chapter and claim that ships, and the chapters in a reader's own file."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from ..files.inputs import MIB, Unreadable, content
from ..language.definitions import Definition
from ..language.motion import Motion
from ..language.quantities import Alphabet, Quantity
from . import shipped as shipped_chapters
from .chapter import Chapter
from .claims import Claim
from .shipped import ById
from .stated import STATED, unknown_source

LARGEST = 16 * MIB  # bytes of a file of chapters


class UnknownClaim(LookupError):
    """No claim, or no chapter, has this name; the message lists close matches.

    Example:
        >>> import modeflow
        >>> modeflow.claim("dae.fixed_pont")
        Traceback (most recent call last):
        modeflow.UnknownClaim: no claim or chapter is called 'dae.fixed_pont'; did you mean ...
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show


class UnusableChapter(ValueError):
    """A file from which no chapter could be read; the message says where and why.

    Example:
        >>> import modeflow
        >>> modeflow.load_chapters("nothing.txt")
        Traceback (most recent call last):
        modeflow.UnusableChapter: nothing.txt: is not a Python file; name a file ending in .py
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show


def chapters() -> dict[str, Chapter]:
    """The chapters that ship, in the order in which they are read.

    Returns: a dictionary from key to Chapter.
    Raises: nothing.
    Example:
        >>> import modeflow
        >>> list(modeflow.chapters())
        ['objective', 'flow', 'mode', 'ae', 'dae', 'wae', 'reg', 'cmp', 'lin', 'gram', 'step', 'eval', 'grad']
    """
    return {key: shipped_chapters.chapter(key) for key in shipped_chapters.known_keys()}


def claims() -> Mapping[str, Claim]:
    """Every claim that ships, in the order in which they are stated.

    Returns: a mapping from id to Claim that cannot be changed.
    Raises: nothing.
    Example:
        >>> import modeflow
        >>> modeflow.claims()["dae.fixed_point"].says
        'The strength comes to rest at λ/(λ + ε): noise shrinks every mode.'
    """
    return shipped().claims


def claim(id: str) -> Claim:
    """One claim by its id.

    Parameters:
        id: a permanent id, such as "dae.fixed_point".
    Returns: the Claim.
    Raises:
        UnknownClaim: no claim has this id; the message lists close matches.
    Example:
        >>> import modeflow
        >>> modeflow.claim("dae.fixed_point").verify().status
        'proved'
    """
    known = claims()
    if id not in known:
        raise UnknownClaim(unknown(id, known))
    return known[id]


def unknown(name: str, known: Iterable[str]) -> str:
    """The sentence that says a name is unknown, and which known ones are close to it."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(close)}?" if close else "`modeflow derive` prints them all"
    return f"no claim or chapter is called {name!r}; {remedy}"


@dataclass(frozen=True)
class Catalogue:
    """What a manuscript can speak of: the chapters that ship, and a reader's own before them.

    A Notation has one.

    Attributes:
        own: chapters of the reader's.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.configuration({}, "here").notation.catalogue.claims["dae.fixed_point"].id
        'dae.fixed_point'
    """

    own: tuple[Chapter, ...] = ()

    def __post_init__(self) -> None:
        taken = dict.fromkeys(shipped_chapters.known_keys(), "a chapter that ships")
        for chapter in self.own:
            if chapter.key in taken:
                raise UnusableChapter(f"{chapter.key}: {taken[chapter.key]} has this key; ids are unique, rename one")
            taken[chapter.key] = "another chapter"

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """All of them, the reader's first."""
        return (*self.own, *chapters().values())

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """Id → Claim."""
        return ById(lambda chapter: chapter.stated, self.own)

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Id → Definition."""
        return ById(lambda chapter: chapter.definitions, self.own)

    @cached_property
    def alphabets(self) -> tuple[Alphabet, ...]:
        """Each alphabet of the chapters once."""
        known = (*(chapter.alphabet for chapter in self.own), *shipped_chapters.alphabets())
        return tuple({id(alphabet): alphabet for alphabet in known}.values())

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Name → quantity, the reader's before those that ship; a name of two of the reader's is left out."""
        own = [dict(chapter.alphabet.quantities) for chapter in self.own]
        of_each: dict[str, set[Any]] = {}
        for name, quantity in (item for quantities in own for item in quantities.items()):
            of_each.setdefault(name, set()).add(quantity.symbol)
        known = {n: q for alphabet in self.alphabets[::-1] for n, q in alphabet.quantities.items()}
        return {n: q for n, q in known.items() if len(of_each.get(n, ())) < 2}

    @cached_property
    def motions(self) -> tuple[Motion, ...]:
        """How the letters of each alphabet move."""
        return tuple(alphabet.motion for alphabet in self.alphabets)


@cache
def shipped() -> Catalogue:
    """The catalogue without chapters of a reader's own."""
    return Catalogue()


def load_chapters(path: str | Path) -> tuple[Chapter, ...]:
    """The chapters that a Python file, or every Python file of a folder, defines at its top level.

    The files are run, as `python FILE.py` would run them. Where an `__init__.py` lies beside one, it is imported as
    part of that package. Of a folder, subfolders are passed over, and so are files that define no chapter or whose name
    begins with `_` or `test_`.

    Parameters:
        path: a file ending in .py, or a folder.
    Returns: a tuple of Chapters, in the order of the files and of their definitions.
    Raises:
        UnusableChapter: a file that cannot be read or stops with an error, no chapter at all, or two files of a folder
            whose chapters have the same key; the message names file and line.
    Example:
        >>> from pathlib import Path
        >>> import modeflow
        >>> _ = Path("mine.py").write_text('''
        ... from modeflow import Alphabet, Chapter
        ... chapter = Chapter("mine", "My modes", Alphabet())
        ... ''')
        >>> [chapter.title for chapter in modeflow.load_chapters("mine.py")]
        ['My modes']
    """
    file = Path(path)
    if file.is_dir():
        return _in_folder(file)
    own = _defined(file)
    if not own:
        raise UnusableChapter(f"{file}: defines no chapter; write chapter = Chapter(key, title, alphabet)")
    return _sourced(own)


def _in_folder(folder: Path) -> tuple[Chapter, ...]:
    by_key: dict[str, tuple[Path, Chapter]] = {}
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith(("_", "test_")) or file.name == "conftest.py":
            continue
        for chapter in _defined(file):
            first, known = by_key.setdefault(chapter.key, (file, chapter))
            # A chapter that another file imports, to build on it, is met twice and is the same.
            if _places(known) != _places(chapter):
                raise UnusableChapter(f"{file}: {first} has a chapter {chapter.key!r} too; ids are unique, rename one")
    if not by_key:
        raise UnusableChapter(f"{folder}: no Python file in it defines a chapter; `modeflow new chapter` writes one")
    return _sourced(tuple(chapter for _, chapter in by_key.values()))


def _sourced(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters, if every claim follows from claims that are stated somewhere."""
    for claim in (claim for chapter in chapters for claim in chapter.claims.values()):
        for source in claim.follows_from:
            if source not in STATED and source not in claims():
                raise UnusableChapter(f"{claim.where}: {unknown_source(claim.id, source, set(STATED) | set(claims()))}")
    return chapters


def _places(chapter: Chapter) -> dict[str, tuple[str, str]]:
    """Where each claim of a chapter is stated."""
    stated = {i: claim.where.rpartition(":") for i, claim in chapter.claims.items()}
    return {i: (os.path.realpath(file), line) for i, (file, _, line) in stated.items()}


def _defined(file: Path) -> tuple[Chapter, ...]:
    _readable_python(file)
    found = [value for value in _run(file).values() if isinstance(value, Chapter)]
    # A file may import a chapter of ours, to build on it.
    own = [chapter for chapter in found if shipped_chapters.loaded(chapter.key) is not chapter]
    return tuple({id(chapter): chapter for chapter in own}.values())


def _readable_python(file: Path) -> None:
    if file.suffix != ".py":
        raise UnusableChapter(f"{file}: is not a Python file; name a file ending in .py")
    try:
        content(file, LARGEST)
    except Unreadable as error:
        raise UnusableChapter(str(error)) from None


def _run(file: Path) -> dict[str, object]:
    folder, module = _module(file)
    sys.path.insert(0, str(folder))
    try:
        if "." in module:
            return _imported(module, file)
        return runpy.run_path(str(file), run_name=f"chapter {file.stem}")
    except SyntaxError as error:
        raise UnusableChapter(f"{error.filename or file}:{error.lineno or 1}: {error.msg}") from error
    except UnusableChapter:
        raise
    except (Exception, SystemExit) as error:
        reason = " ".join(str(error).split()) or "no message"
        raise UnusableChapter(f"{file}:{_line(error, file)}: {type(error).__name__}: {reason}") from error
    finally:
        sys.path.remove(str(folder))


def _module(file: Path) -> tuple[Path, str]:
    """The folder from which a file can be imported, so that files beside it can be too, and its name from there."""
    folder, name = file.resolve().parent, file.stem
    while (folder / "__init__.py").is_file():
        folder, name = folder.parent, f"{folder.name}.{name}"
    return folder, name


def _imported(module: str, file: Path) -> dict[str, object]:
    content = vars(import_module(module))
    if not os.path.samefile(content.get("__file__") or os.devnull, file):
        raise UnusableChapter(f"{file}: another package is called {module.partition('.')[0]!r} here; rename the folder")
    return content


def _line(error: BaseException, file: Path) -> int:
    """The line of the file that was running when the error came."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 1 for frame in frames if os.path.realpath(frame.filename) == os.path.realpath(file)]
    return lines[-1] if lines else 1
