"""Comparisons that are kept, each under a digest of all it depends on: on disk, or while a process runs.

That is: the tokens of the equation, its mark, the notation and the definitions; the sources of the engine, of the
chapters and of this package; and the versions they run on. On disk ok and wrong are kept, and what was left undecided
where no limit of time or memory had a part in it.
A step of a calculation that is an identity as it stands depends on no more than that, any other on the whole paper.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from sympy import Expr, Symbol
from sympy.core.function import UndefinedFunction

from ...language import encoding
from ...statements import cache as verdicts
from ...statements import kept, shipped
from ..mean.matrix_shapes import ANY
from ..mean.notation import Notation
from ..text.tokens import Token
from .prover_questions import Comparison
from .slips import Slip

LASTING = frozenset({"ok", "wrong"})
ON_DISK = LASTING | {"undecided"}
MOST_REMEMBERED = 20_000  # comparisons, of about a kilobyte each


class Store(Protocol):
    """Where comparisons are kept."""

    def comparison(self, address: str) -> Comparison | None:
        """The comparison that is kept there."""

    def keep(self, address: str, judged: Comparison, lasting: bool) -> None:
        """Keep a comparison, if it is one that this store keeps; lasting: whether no limit had a part in it."""


class OnDisk:
    """Beside the verdicts on claims."""

    def comparison(self, address: str) -> Comparison | None:
        return _comparison(kept.record(_place(address), "comparison"))

    def keep(self, address: str, judged: Comparison, lasting: bool) -> None:
        if judged.verdict in LASTING or (lasting and judged.verdict in ON_DISK and not judged.about):
            kept.keep(_place(address), "comparison", asdict(judged))


class InMemory:
    """While this process runs, whatever the verdict, and beneath it another store.

    It keeps nothing while `closed` is true: what is judged then may have been ended.
    """

    def __init__(self, beneath: Store | None) -> None:
        self._beneath, self._known, self.closed = beneath, OrderedDict[str, Comparison](), False

    def comparison(self, address: str) -> Comparison | None:
        if address in self._known:
            self._known.move_to_end(address)
            return self._known[address]
        found = self._beneath.comparison(address) if self._beneath else None
        if found is not None:
            self._remember(address, found)
        return found

    def keep(self, address: str, judged: Comparison, lasting: bool) -> None:
        if self.closed:
            return
        self._remember(address, judged)
        if self._beneath:
            self._beneath.keep(address, judged, lasting)

    def _remember(self, address: str, judged: Comparison) -> None:
        self._known[address] = judged
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)


class ComparisonCache:
    """The comparisons in one notation with its definitions; store: where they are kept, if anywhere."""

    def __init__(self, notation: Notation, definitions: Mapping[str, Expr], store: Store | None) -> None:
        self._given, self._store = (notation, definitions), store

    @cached_property
    def _setting(self) -> str | None:
        return _setting(*self._given) if self._store else None

    def known(self, says: str, equation: Sequence[Token]) -> Comparison | None:
        """The comparison that is kept for the equation with its mark."""
        return self._known(self._addresses(says, equation, [""]))

    def keep(self, says: str, equation: Sequence[Token], judged: Comparison, lasting: bool) -> Comparison:
        """The comparison, which is kept; lasting: whether no limit had a part in it."""
        return self._keep(self._addresses(says, equation, [""]), judged, lasting)

    def step(self, step: Sequence[Token], paper: Callable[[], str], compare: Callable[[], Comparison]) -> Comparison:
        """The comparison that is kept for a step, or a new one; paper: a digest of all that it may depend on beside."""
        addresses = self._addresses("steps", step, ["", paper()] if self._setting else [])
        known = self._known(addresses)
        return self._keep(addresses, compare()) if known is None else known

    def _addresses(self, says: str, equation: Sequence[Token], beside: Sequence[str]) -> list[str]:
        """beside: for each place where the comparison may be kept, what it may depend on there beside the equation."""
        if self._setting is None:
            return []
        written = [[token.text, token.spaced] for token in equation]
        return [kept.address([says, written, self._setting, *filter(None, [there])]) for there in beside]

    def _known(self, addresses: Sequence[str]) -> Comparison | None:
        found = (self._store.comparison(address) for address in addresses) if self._store else ()
        return next((known for known in found if known is not None), None)

    def _keep(self, addresses: Sequence[str], judged: Comparison, lasting: bool = False) -> Comparison:
        if self._store and addresses:
            stands_alone = judged.verdict == "ok" and not judged.note
            self._store.keep(addresses[0 if stands_alone else -1], judged, lasting)
        return judged


def _place(address: str) -> Path:
    return kept.place("equations", address)


def _comparison(record: Any) -> Comparison | None:
    if not isinstance(record, dict) or set(record) != {field.name for field in fields(Comparison)}:
        return None
    if record["verdict"] not in ON_DISK:
        return None
    corrections = tuple(
        Slip(one["name"], tuple((begin, end, text) for begin, end, text in one["splices"]))
        for one in record["corrections"]
    )
    return Comparison(**record | {"corrections": corrections, "about": ()})


def _setting(notation: Notation, definitions: Mapping[str, Expr]) -> str | None:
    """A digest of all but the equation; None where something in it is not plain data."""
    try:
        tables = [
            sorted((key, _encoded(value)) for key, value in notation.table.items()),
            sorted((str(symbol), _encoded(value)) for symbol, value in notation.fixed.items()),
            sorted((name, _encoded(value)) for name, value in definitions.items()),
        ]
    except (encoding.NotPlain, RecursionError):
        return None
    said = json.dumps([tables, sorted(notation.declared or ()), verdicts.engine(), _sources(), *kept.versions()])
    return sha256(said.encode()).hexdigest()


def _encoded(value: Any) -> Any:
    if isinstance(value, UndefinedFunction):
        return ["function", encoding.encode(value(Symbol("t")))]
    return encoding.encode(value.xreplace({ANY: Symbol("size of an identity")}))


@cache
def _sources() -> str:
    """SHA-256 of the chapters, and of this package with all that it imports."""
    digest = sha256(kept.sources("manuscript.pipeline").encode())
    for path in sorted(shipped.folder().glob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
