"""Entries on disk that only this user can have written, and what they stand under: the sources and the versions.

An entry is JSON, sealed with a key (HMAC-SHA256) that lies elsewhere, in a folder of this user alone. What is not
sealed is as if it were not there.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import sys
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import files
from ..files import inputs
from . import deciding_files

DIRECTORY = files.CACHE  # the environment variable that moves the cache
KEY, SHORTEST_KEY = "MODEFLOW_CACHE_KEY", 16  # the environment variable that holds the key, and its characters

LARGEST = 64 << 20  # bytes of an entry


def directory() -> Path:
    """Where verdicts are kept: $MODEFLOW_CACHE_DIR, or the platform's place for caches."""
    return files.cache_folder()


def address(depends_on: Any) -> str:
    """SHA-256 of plain data."""
    return sha256(json.dumps(depends_on).encode()).hexdigest()


def place(kind: str, address: str) -> Path:
    """The file of what is kept under a digest."""
    return directory() / kind / address[:2] / f"{address}.json"


@cache
def versions() -> tuple[str, ...]:
    """What the engine runs on: SymPy, python-flint, Python."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return (*(f"{name} {metadata.version(name)}" for name in ("sympy", "python-flint")), python)


def sources(*entries: str) -> str:
    """`deciding_files.digest` of entries, found once for each state of the sources: reading their imports is slow."""
    path = place("sources", address([entries, deciding_files.whole()]))
    known = record(path, "sources")
    if not isinstance(known, str):
        known = deciding_files.digest(*entries)
        keep(path, "sources", known)
    return known


def record(path: Path, name: str) -> Any:
    """What was kept in the file under that name; None where there is nothing, or nothing that this user sealed."""
    try:
        seal, _, content = inputs.content(path, LARGEST).partition(b"\n")
        if (expected := _seal(path, name, content)) is None or not hmac.compare_digest(seal, expected):
            return None
        return json.loads(content)
    except (inputs.Unreadable, OSError, ValueError, RecursionError):
        return None


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
