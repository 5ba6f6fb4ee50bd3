"""Verdicts kept on disk, each under a digest of everything it depends on.

A verdict is addressed by the claim's statement in plain data, the source of the engine, and the versions of SymPy,
python-flint and Python. A change in any of them is another address, so nothing is ever out of date; what cannot be
read is verified again. Claims that say the same in two chapters, in letters, share one file. What a name stands for and
what is claimed of its values are part of a statement. Only
proofs and refutations are kept: the other verdicts may depend on time and memory.

A file is believed only if it is sealed with a key (HMAC-SHA256) that lies elsewhere, in a folder of this user alone:
who can write to the cache, but does not have the key, can neither put a verdict there nor move one. What is not sealed
is verified again. `modeflow verify --no-cache` neither reads nor writes the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..language import encoding
from ..language.definitions import Definition, unfold
from ..language.verdict import Verdict
from .claims import Claim, Special
from .kept import address, keep, place, record, sources, versions

KEPT = frozenset({"proved", "refuted"})

# What states obligations and what judges them; everything else that decides verdicts is imported from there.
ENTRIES = ("statements.claims", "proof.worker")


def verify(claim: Claim, *, time_limit: float = 10.0) -> Verdict:
    """The verdict on the claim: the one that is kept, or a new one, kept if it is a proof or a refutation.

    `seconds` of a verdict that was kept is the time it took when it was found.
    """
    try:
        path = _path(key(claim))
    except (encoding.NotPlain, RecursionError):
        return claim.verify(time_limit=time_limit)
    known = _read(path)
    if known is None:
        rest = {"general": verify(claim.special.of, time_limit=time_limit)} if claim.special else {}
        known = claim.verify(time_limit=time_limit, **rest)
        if known.status in KEPT:
            _write(path, known)
    return replace(known, alphabet=claim.alphabet)


def key(claim: Claim) -> str:
    """SHA-256 of all that the claim's verdict depends on; raises NotPlain for a statement that is not plain data."""
    names = [*map(_plain, claim.definitions()), claim.domain_of is not None]
    claim = claim.unfolded()
    statement = [encoding.encode(claim.lhs), encoding.encode(claim.rhs), claim.relation]
    statement += [encoding.encode(relation) for relation in claim.given]
    conditions = [[encoding.encode(e.lhs), encoding.encode(e.rhs), e.relation, e.name] for e in claim.satisfies]
    statement += _encoded_special(claim.special) if claim.special else []
    return address([statement, conditions, names, engine(), *versions()])


def _encoded_special(special: Special) -> list[Any]:
    """The general claim with its flow, what is put in, and the flow of the special case."""
    flows = [_encoded(flow) for flow in (special.of.flow, special.flow)]
    return ["special", special.of.id, key(special.of), _encoded(special.values), *flows]


def _encoded(values: Mapping[Any, Any] | None) -> list[Any]:
    return [[encoding.encode(letter), encoding.encode(unfold(value))] for letter, value in (values or {}).items()]


@lru_cache(maxsize=4096)
def _plain(definition: Definition) -> Any:
    """What a verdict may take from a definition: how it is written, what it stands for, and its domain."""
    parts = [definition.expression, *([] if definition.signs is None else [definition.signs]), *definition.given]
    bounds = [[relation, encoding.encode(unfold(bound))] for relation, bound in definition.domain]
    values = [encoding.encode(unfold(part)) for part in parts]
    return [
        definition.id,
        definition.tex,
        definition.says,
        [*map(str, definition.of)],
        [*map(str, parts)],
        values,
        bounds,
    ]


@cache
def engine() -> str:
    """SHA-256 of the source files that decide verdicts."""
    return sources(*ENTRIES)


def _path(key: str) -> Path:
    return place("verdicts", key)


def _read(path: Path) -> Verdict | None:
    """The verdict in the file; None where there is none or it cannot be read."""
    try:
        known = record(path, "verdict")
        return Verdict.read(known) if known is not None and known["status"] in KEPT else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(path: Path, verdict: Verdict) -> None:
    keep(path, "verdict", verdict.plain())
