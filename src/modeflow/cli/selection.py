"""The chapters and claims that a command line names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .status import UsageError

if TYPE_CHECKING:
    from ..statements.claims import Chapter, Claim


def named_chapters(name: str | None) -> Sequence[Chapter]:
    """The chapter of that key, a claim with what it follows from, or the chapters in the file or folder.

    All that ship where none is named.
    """
    from ..statements.catalogue import chapters, claims, unknown

    if name is None:
        return tuple(chapters().values())
    if _is_path(name):
        return _loaded(name)
    if name in claims():
        return _leading_to(name)
    if name not in chapters():
        raise UsageError(unknown(name, [*chapters(), *claims()]))
    return (chapters()[name],)


def _leading_to(identifier: str) -> Sequence[Chapter]:
    """The claim and those that it follows from, in their chapters, without what else those tell."""
    from ..statements.catalogue import chapters, claims

    wanted, new = {identifier}, [identifier]
    while new:
        new = [source for i in new for source in claims()[i].follows_from if source not in wanted]
        wanted |= set(new)
    parts = (
        replace(chapter, text="", claims={i: c for i, c in chapter.claims.items() if i in wanted})
        for chapter in chapters().values()
    )
    return tuple(part for part in parts if part.claims)


def named_claims(names: Iterable[str]) -> list[Claim]:
    """The claims of the ids, chapters and files named, each once; all that ship where none is named."""
    from ..statements.catalogue import chapters, claims, unknown

    chosen: dict[int, Claim] = {}
    for name in names or chapters():
        if _is_path(name):
            meant = [claim for chapter in _loaded(name) for claim in chapter.claims.values()]
        elif name in chapters():
            meant = list(chapters()[name].claims.values())
        elif name in claims():
            meant = [claims()[name]]
        else:
            raise UsageError(unknown(name, [*chapters(), *claims()]))
        chosen |= {id(claim): claim for claim in meant}
    return list(chosen.values())


def _is_path(name: str) -> bool:
    from ..statements.catalogue import chapters

    return name.endswith(".py") or os.sep in name or (name not in chapters() and Path(name).is_dir())


def _loaded(name: str) -> Sequence[Chapter]:
    from ..statements.catalogue import UnusableChapter, load_chapters

    try:
        return load_chapters(name)
    except UnusableChapter as error:
        raise UsageError(str(error)) from error
