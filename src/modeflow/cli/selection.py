"""The chapters and claims that a command line names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .status import UsageError, usage_errors

if TYPE_CHECKING:
    from ..statements.chapter import Chapter
    from ..statements.claims import Claim


def named_chapters(name: str | None) -> Sequence[Chapter]:
    """The chapter of that key, a claim with what it follows from, or the chapters in the file or folder.

    All that ship where none is named.
    """
    from ..statements.catalogue import chapters, claims, unknown

    if name is None:
        return tuple(chapters().values())
    if not name:
        raise UsageError("the name of a claim, chapter or file is empty; leave it out for all that ship")
    if _is_path(name):
        return loaded_chapters(name)
    if name in claims():
        return _leading_to(name)
    if name not in chapters():
        if os.path.isfile(name):
            raise UsageError(f"{name}: is no Python file; name one that states chapters and ends in .py")
        raise UsageError(_of_definition(name) or unknown(name, [*chapters(), *claims()]))
    return (chapters()[name],)


def _of_definition(name: str) -> str:
    """What is said of the id of a definition, which is neither claimed nor proved; "" of any other."""
    from ..language.definitions import used
    from ..statements.catalogue import claims

    users = [c.id for c in claims().values() if any(d.id == name for d in used(*c.sides()))]
    return f"{name} is a definition and no claim; {', '.join(users[:3])} use it" if users else ""


def _leading_to(identifier: str) -> Sequence[Chapter]:
    """The claim and those that it follows from, in their chapters, without what else those tell."""
    from ..statements.catalogue import chapters

    wanted = _sources(identifier)
    parts = [_only(wanted, chapter) for chapter in chapters().values()]
    return tuple(part for part in parts if part.claims)


def _only(wanted: set[str], chapter: Chapter) -> Chapter:
    return replace(chapter, text="", claims={i: c for i, c in chapter.claims.items() if i in wanted})


def _sources(identifier: str) -> set[str]:
    """The ids of the claim and of all that it follows from."""
    from ..statements.catalogue import claims

    wanted, new = {identifier}, [identifier]
    while new:
        new = [source for i in new for source in claims()[i].follows_from if source not in wanted]
        wanted |= set(new)
    return wanted


def named_claims(names: Iterable[str]) -> list[Claim]:
    """The claims of the ids, chapters and files named, each once; all that ship where none is named."""
    from ..statements.catalogue import chapters

    chosen = {id(claim): claim for name in names or chapters() for claim in _claims_of(name)}
    return list(chosen.values())


def _claims_of(name: str) -> Sequence[Claim]:
    """The claim of that id, or those of a chapter or file."""
    from ..statements.catalogue import claims

    if name in claims() and not _is_path(name):
        return [claims()[name]]
    return [claim for chapter in named_chapters(name) for claim in chapter.stated.values()]


def _is_path(name: str) -> bool:
    from ..statements.catalogue import chapters

    return name.endswith(".py") or os.sep in name or (name not in chapters() and Path(name).is_dir())


def loaded_chapters(name: str) -> Sequence[Chapter]:
    """The chapters in the file or folder, which are run."""
    from ..statements.catalogue import UnusableChapter, load_chapters

    if not os.path.lexists(name):
        raise UsageError(
            f"{name}: there is no such file or folder; give the path of a Python file that states chapters"
        )
    with usage_errors(UnusableChapter):
        return load_chapters(name)
