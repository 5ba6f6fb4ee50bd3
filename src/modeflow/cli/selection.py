"""The chapters and claims that a command line names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .status import UsageError, usage_errors

if TYPE_CHECKING:
    from ..statements.chapter import Chapter
    from ..statements.claims import Claim
    from ..typeset.excerpt import Excerpt


def matching(names: Iterable[str]) -> list[str]:
    """The names, each once, and in the place of a pattern such as papers/**/*.tex the paths that it matches."""
    return list(dict.fromkeys(one for name in names for one in _matching(name)))


def _matching(name: str) -> list[str]:
    if not glob.has_magic(name) or os.path.lexists(name):
        return [name]
    if not (found := sorted(glob.glob(name, recursive=True))):
        raise UsageError(f"{name}: no path matches this pattern; give another one, or the path of a file")
    return found


@dataclass(frozen=True)
class Selection:
    """What a command line names: whole chapters, and claims by their ids.

    known: the chapters in which the claims, and what they rest on, are looked up.
    """

    whole: tuple[Chapter, ...]
    ids: tuple[str, ...]
    known: tuple[Chapter, ...]

    def together(self, ancestors: bool) -> tuple[Chapter, ...]:
        """All of it as one text: what is told in full in the order in which it is read, then what is only stated."""
        told = {i for chapter in self.whole for i in chapter.stated}
        taken = [i for i in self.ids if i not in told]
        parts = self._excerpt(taken, ancestors, told)
        order = {chapter.key: n for n, chapter in enumerate(self.known)}
        full = [*self.whole, *(part for part in parts if not part.brief)]
        return (*sorted(full, key=lambda chapter: order[chapter.key]), *(part for part in parts if part.brief))

    def apart(self, ancestors: bool) -> dict[str, tuple[Chapter, ...]]:
        """The same as a text for each chapter and each claim, by its key or id."""
        wholes: dict[str, tuple[Chapter, ...]] = {chapter.key: (chapter,) for chapter in self.whole}
        return wholes | {i: self._excerpt([i], ancestors, set()) for i in self.ids}

    def _excerpt(self, ids: Sequence[str], ancestors: bool, told: set[str]) -> tuple[Excerpt, ...]:
        from ..typeset.excerpt import excerpt

        return excerpt(ids, self.known, ancestors=ancestors, told=told)


def selection(names: Sequence[str]) -> Selection:
    """The chapters, and the claims by themselves, that have these names; all chapters that ship where none is named."""
    from ..statements.catalogue import chapters, claims

    each = tuple(dict.fromkeys(names))
    ids = tuple(name for name in each if not _is_path(name) and name in claims())
    whole = [chapter for name in each if name not in ids for chapter in named_chapters(name)]
    shipped = list(chapters().values()) if ids or not names else []
    return Selection(tuple(whole if names else shipped), ids, _by_key([*shipped, *whole]))


def _by_key(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters, each once; UsageError where two have one key."""
    found: dict[str, Chapter] = {}
    for chapter in chapters:
        if found.setdefault(chapter.key, chapter) is not chapter:
            raise UsageError(f"{chapter.key}: two chapters have this key; ids are unique, rename one")
    return tuple(found.values())


def named_chapters(name: str) -> Sequence[Chapter]:
    """The chapter of that key, or the chapters in the file or folder."""
    from ..statements import shipped
    from ..statements.catalogue import claims, unknown

    if not name:
        raise UsageError("the name of a claim, chapter or file is empty; leave it out for all that ship")
    if _is_path(name):
        return loaded_chapters(name)
    if name not in shipped.known_keys():
        if os.path.isfile(name):
            raise UsageError(f"{name}: is no Python file; name one that states chapters and ends in .py")
        raise UsageError(_of_definition(name) or unknown(name, [*shipped.known_keys(), *claims()]))
    return (shipped.chapter(name),)


def _of_definition(name: str) -> str:
    """What is said of the id of a definition, which is neither claimed nor proved; "" of any other."""
    from ..language.definitions import used
    from ..statements.catalogue import claims

    users = [c.id for c in claims().values() if any(d.id == name for d in used(*c.sides()))]
    return f"{name} is a definition and no claim; {', '.join(users[:3])} use it" if users else ""


def named_claims(names: Iterable[str]) -> list[Claim]:
    """The claims of the ids, chapters and files named, each once; all that ship where none is named."""
    from ..statements.shipped import known_keys

    chosen = {id(claim): claim for name in names or known_keys() for claim in _claims_of(name)}
    return list(chosen.values())


def _claims_of(name: str) -> Sequence[Claim]:
    """The claim of that id, or those of a chapter or file."""
    from ..statements.catalogue import claims

    if name in claims() and not _is_path(name):
        return [claims()[name]]
    return [claim for chapter in named_chapters(name) for claim in chapter.stated.values()]


def _is_path(name: str) -> bool:
    from ..statements.shipped import known_keys

    return name.endswith(".py") or os.sep in name or (name not in known_keys() and Path(name).is_dir())


def loaded_chapters(name: str) -> Sequence[Chapter]:
    """The chapters in the file or folder, which are run."""
    from ..statements.catalogue import UnusableChapter, load_chapters

    if not os.path.lexists(name):
        raise UsageError(
            f"{name}: there is no such file or folder; give the path of a Python file that states chapters"
        )
    with usage_errors(UnusableChapter):
        return load_chapters(name)
