"""The chapters that ship, each loaded when it is first asked for.

An id begins with the key of its chapter, so that a claim needs its own chapter alone and those that this one builds on.
The engine knows of the chapters only here, by name and late: importing it does not load them.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ..language.quantities import Alphabet
    from .chapter import Chapter

PACKAGE = "modeflow.derivations"
T = TypeVar("T")


def _package() -> Any:
    return import_module(PACKAGE)


def known_keys() -> tuple[str, ...]:
    """The keys of the chapters, in the order in which they are read."""
    return tuple(_package().MODULES)


def alphabets() -> tuple[Alphabet, ...]:
    """The alphabets of the chapters, each once, without the chapters."""
    known: tuple[Alphabet, ...] = _package().ALPHABETS
    return known


def folder() -> Path:
    """Where the sources of the chapters lie."""
    spec = find_spec(PACKAGE)  # which does not load it
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; install modeflow again")
    return Path(spec.submodule_search_locations[0])


def load(key: str) -> Any:
    """Load the chapter of this key, if there is one; its module, of which a part may still be to run."""
    place = _package().MODULES.get(key)
    if place is None:
        return None
    with _nothing_thrown_away():
        return import_module(f"{PACKAGE}.{place}")


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Chapters stay; to look through them for garbage again and again took a tenth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def chapter(key: str) -> Chapter:
    """The chapter of this key."""
    known: Chapter = load(key).chapter
    return known


def is_asked_for() -> bool:
    """Whether this process has to do with the chapters that ship."""
    return PACKAGE in sys.modules


def title_of(keys: Iterable[str]) -> str:
    """What the chapters that ship are about together; "" where one of the keys is not one of theirs."""
    theirs = is_asked_for() and set(keys) <= set(known_keys())
    return str(_package().TITLE) if theirs else ""


def loaded(key: str) -> Chapter | None:
    """The chapter of this key, if it is loaded."""
    place = _package().MODULES.get(key) if is_asked_for() else None
    module = sys.modules.get(f"{PACKAGE}.{place}")
    known: Chapter | None = module.chapter if module else None
    return known


class ById(Mapping[str, T]):
    """Id → what chapters have under it; a chapter that ships is loaded when one of its ids, or all, is asked for.

    own: chapters of the reader's, which come first; of: what a chapter has, by its id.
    """

    def __init__(self, of: Callable[[Chapter], Mapping[str, T]], own: tuple[Chapter, ...] = ()) -> None:
        self._of, self._own = of, {i: one for chapter in own for i, one in of(chapter).items()}

    def __getitem__(self, identifier: str) -> T:
        if identifier in self._own:
            return self._own[identifier]
        key = identifier.partition(".")[0]
        if key not in known_keys():
            raise KeyError(identifier)
        return self._of(chapter(key))[identifier]

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        for key in known_keys():
            yield from self._of(chapter(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
