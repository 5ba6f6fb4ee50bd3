"""What the chapters of this process have stated, by id."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import TypeVar

from ..language.definitions import Definition
from .claims import Claim

STATED: dict[str, Claim] = {}  # every claim that a chapter of this process has stated, by its id
DEFINED: dict[str, Definition] = {}  # and every definition
T = TypeVar("T")


def unknown_source(identifier: str, source: str, known: Iterable[str]) -> str:
    """The sentence that says a claim follows from one that is not there, and which ones are close."""
    return f"{identifier}: {unknown('follows_from', source, known)}"


def unknown(argument: str, name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(close)}?" if close else "name one that is stated before it"
    return f"{argument} names {name!r}, which is not stated; {remedy}"


def claim_of(of: str, place: str) -> Claim:
    """The general claim of this id; raises ValueError where none is stated."""
    found = _looked_up(of, STATED)
    if found is None:
        raise ValueError(f"{place}: {unknown('of', of, STATED)}")
    return found


def definition_of(of: str, place: str) -> Definition:
    found = _looked_up(of, DEFINED)
    if found is None:
        raise ValueError(f"{place}: {unknown('of', of, DEFINED)}")
    return found


def _looked_up(identifier: str, table: Mapping[str, T]) -> T | None:
    """What has this id; of the chapters that ship, too, which are loaded where none of them is."""
    if identifier not in table and "modeflow.derivations" not in sys.modules:
        import_module("modeflow.derivations")
    return table.get(identifier)
