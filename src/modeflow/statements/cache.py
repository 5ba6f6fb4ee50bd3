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

import hmac
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import files
from ..files import inputs
from ..language import encoding
from ..language.definitions import Definition, unfold
from ..language.verdict import Verdict
from . import deciding_files
from .claims import Claim, Special

KEPT = frozenset({"proved", "refuted"})
DIRECTORY = files.CACHE  # the environment variable that moves the cache
KEY, SHORTEST_KEY = "MODEFLOW_CACHE_KEY", 16  # the environment variable that holds the key, and its characters

LARGEST = 64 << 20  # bytes of an entry

# What states obligations and what judges them; everything else that decides verdicts is imported from there.
ENTRIES = ("statements.claims", "proof.worker")


def directory() -> Path:
    """Where verdicts are kept: $MODEFLOW_CACHE_DIR, or the platform's place for caches."""
    return files.cache_folder()


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
    return sha256(json.dumps([statement, conditions, names, engine(), *versions()]).encode()).hexdigest()


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
    return deciding_files.digest(*ENTRIES)


@cache
def versions() -> tuple[str, ...]:
    """What the engine runs on: SymPy, python-flint, Python."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return (*(f"{name} {metadata.version(name)}" for name in ("sympy", "python-flint")), python)


def _path(address: str) -> Path:
    return directory() / "verdicts" / address[:2] / f"{address}.json"


def _read(path: Path) -> Verdict | None:
    """The verdict in the file; None where there is none or it cannot be read."""
    try:
        known = record(path, "verdict")
        return Verdict.read(known) if known is not None and known["status"] in KEPT else None
    except (ValueError, KeyError, TypeError):
        return None


def record(path: Path, name: str) -> Any:
    """What was kept in the file under that name; None where there is nothing, or nothing that this user sealed."""
    try:
        seal, _, content = inputs.content(path, LARGEST).partition(b"\n")
        if (expected := _seal(path, name, content)) is None or not hmac.compare_digest(seal, expected):
            return None
        return json.loads(content)
    except (inputs.Unreadable, OSError, ValueError, RecursionError):
        return None


def _write(path: Path, verdict: Verdict) -> None:
    keep(path, "verdict", verdict.plain())


def keep(path: Path, name: str, kept: Any) -> None:
    """Write the whole file or none of it, also while others write the same; a full disk is no reason to fail."""
    content = json.dumps(kept).encode()
    try:
        if (seal := _seal(path, name, content)) is not None:
            files.keep(path, seal + b"\n" + content)
    except OSError as error:
        files.say_once(f"{directory()}: {error.strerror}; what is found is not kept there")


def _seal(path: Path, name: str, content: bytes) -> bytes | None:
    """What only this user can write: the entry, its kind and its address under the user's key."""
    secret = _secret()
    said = f"{name} {path.stem}\n".encode() + content
    return None if secret is None else hmac.new(secret, said, sha256).hexdigest().encode()


def _secret() -> bytes | None:
    """The key of entries: $MODEFLOW_CACHE_KEY, or 32 random bytes in a folder of this user alone."""
    if (given := os.environ.get(KEY)) is not None:
        if len(given) >= SHORTEST_KEY:
            return os.fsencode(given)
        files.say_once(f"{KEY} is shorter than {SHORTEST_KEY} characters: no verdicts are kept or read")
        return None
    try:
        path = files.private_folder(_key_folder()) / "cache-key"
        with suppress(FileExistsError):
            if not path.exists():
                files.write(path, secrets.token_bytes(32), new=True)
        found = inputs.content(path, 32)
    except (OSError, inputs.Unreadable) as error:
        files.say_once(f"{error}; without a key of your own, no verdicts are kept or read: set {KEY}")
        return None
    return found if len(found) == 32 else None


def _key_folder() -> Path:
    from platformdirs import user_data_path

    try:
        folder = user_data_path("modeflow", appauthor=False)
    except (RuntimeError, KeyError):  # no HOME, and no such user
        folder = Path()
    return folder if folder.is_absolute() else Path(tempfile.gettempdir()) / f"modeflow-key-{os.geteuid()}"
