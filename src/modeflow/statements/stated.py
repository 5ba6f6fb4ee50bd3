"""What the chapters of this process have stated, by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from ..language.definitions import Definition
from . import shipped
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
    return _looked_up(of, STATED, place)


def definition_of(of: str, place: str) -> Definition:
    return _looked_up(of, DEFINED, place)


def _looked_up(identifier: str, table: Mapping[str, T], place: str) -> T:
    """What has this id; of the chapters that ship, too, which are loaded for that."""
    if identifier not in table:
        shipped.load(_key(identifier))
    if identifier not in table:
        if _key(place) not in shipped.known_keys():  # else they are being loaded
            for key in shipped.known_keys():
                shipped.load(key)
        raise ValueError(f"{place}: {unknown('of', identifier, table)}")
    return table[identifier]


def _key(identifier: str) -> str:
    return identifier.partition(".")[0]
