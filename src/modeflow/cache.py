"""Verdicts kept on disk, each under a digest of everything it depends on.

A verdict is addressed by the claim's statement in plain data, the source of the engine, and the versions of SymPy,
python-flint and Python. A change in any of them is another address, so nothing is ever out of date; what cannot be
read is verified again. Claims that say the same in two chapters (`wae.linear`, `reg.linear`) share one file. Only
proofs and refutations are kept: the other verdicts may depend on time and memory.

The files are believed, like the installed package itself: `modeflow verify --no-cache` neither reads nor writes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from . import files, plain
from .claims import Claim
from .verdict import Verdict

KEPT = frozenset({"proved", "refuted"})
DIRECTORY = files.CACHE  # the environment variable that moves the cache

# Code that no verdict depends on. A file that is not named here belongs to the engine.
_FOLDERS_APART = frozenset(
    {
        *("cli", "data", "derivations", "docs", "emit", "figures", "generated", "manuscript", "sweep"),
        *("unbalanced_decay", "witness"),
    }
)
_FILES_APART = frozenset(
    f"{name}.py"
    for name in (
        *("__main__", "arguments", "arrays", "compare", "evaluators", "fitting", "files", "gradient", "native"),
        *("prediction", "pytest_plugin", "recommendation", "report", "style", "template"),
    )
)


def directory() -> Path:
    """Where verdicts are kept: $MODEFLOW_CACHE_DIR, or the platform's place for caches."""
    return files.cache_folder()


def verify(claim: Claim, *, time_limit: float = 10.0) -> Verdict:
    """The verdict on the claim: the one that is kept, or a new one, kept if it is a proof or a refutation.

    `seconds` of a verdict that was kept is the time it took when it was found.
    """
    try:
        path = _path(key(claim))
    except (plain.NotPlain, RecursionError):
        return claim.verify(time_limit=time_limit)
    known = _read(path)
    if known is None:
        known = claim.verify(time_limit=time_limit)
        if known.status in KEPT:
            _write(path, known)
    return known


def key(claim: Claim) -> str:
    """SHA-256 of all that the claim's verdict depends on; raises NotPlain for a statement that is not plain data."""
    statement = [plain.encode(claim.lhs), plain.encode(claim.rhs), claim.relation]
    statement += [plain.encode(relation) for relation in claim.given]
    conditions = [[plain.encode(e.lhs), plain.encode(e.rhs), e.relation, e.name] for e in claim.satisfies]
    return sha256(json.dumps([statement, conditions, engine(), *versions()]).encode()).hexdigest()


@cache
def engine() -> str:
    """SHA-256 of the source files that decide verdicts."""
    digest = sha256()
    for name, content in _sources():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, bytes]]:
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] not in _FOLDERS_APART | _FILES_APART:
            yield inside.as_posix(), path.read_bytes()


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
        return _verdict(known) if known is not None and known["status"] in KEPT else None
    except (ValueError, KeyError, TypeError):
        return None


def record(path: Path, name: str) -> Any:
    """What was kept in the file under that name; None where there is nothing or it cannot be read."""
    try:
        content = json.loads(path.read_bytes())
        # The key inside tells a file that was moved or cut and pasted from the one that was asked for.
        return content[name] if content["key"] == path.stem else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _verdict(record: dict[str, Any]) -> Verdict:
    if set(record) != {field.name for field in fields(Verdict)}:
        raise ValueError("the record is of another version")
    return Verdict(**{**record, "conditions": tuple(record["conditions"])})


def _write(path: Path, verdict: Verdict) -> None:
    keep(path, "verdict", vars(verdict))


def keep(path: Path, name: str, kept: Any) -> None:
    """Write the whole file or none of it, also while others write the same; a full disk is no reason to fail."""
    try:
        files.keep(path, json.dumps({"key": path.stem, name: kept}))
    except OSError as error:
        files.say_once(f"{directory()}: {error.strerror}; what is found is not kept there")
