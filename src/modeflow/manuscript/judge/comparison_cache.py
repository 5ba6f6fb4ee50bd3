"""Comparisons kept on disk beside the verdicts on claims, each under a digest of all it depends on.

That is: the tokens of the equation, its mark, the notation and the definitions; the sources of the engine, of the
chapters and of this package; and the versions they run on. Only ok and wrong are kept: others may depend on time.
A step of a calculation that is an identity as it stands depends on no more than that, any other on the whole paper.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from sympy import Expr, Symbol
from sympy.core.function import UndefinedFunction

from ...language import encoding
from ...statements import cache as verdicts
from ...statements import catalogue, deciding_files
from ..mean.matrix_shapes import ANY
from ..mean.notation import Notation
from ..text.tokens import Token
from .prover_questions import Comparison
from .slips import Slip

LASTING = frozenset({"ok", "wrong"})


class ComparisonCache:
    """The comparisons in one notation with its definitions; on: whether the disk is read and written at all."""

    def __init__(self, notation: Notation, definitions: Mapping[str, Expr], on: bool) -> None:
        self._given, self._on = (notation, definitions), on

    @cached_property
    def _setting(self) -> str | None:
        return _setting(*self._given) if self._on else None

    def comparison(self, says: str, equation: Sequence[Token], compare: Callable[[], Comparison]) -> Comparison:
        """The comparison that is kept for the equation with its mark, or a new one; raises what `compare` raises."""
        return self._kept(says, equation, [""], compare)

    def step(self, step: Sequence[Token], paper: Callable[[], str], compare: Callable[[], Comparison]) -> Comparison:
        """The same for a step of a calculation; paper: a digest of all that a step may depend on beside itself."""
        return self._kept("steps", step, ["", paper()] if self._setting else [], compare)

    def _kept(
        self, says: str, equation: Sequence[Token], beside: Sequence[str], compare: Callable[[], Comparison]
    ) -> Comparison:
        """beside: for each place where the comparison may be kept, what it may depend on there beside the equation."""
        if self._setting is None:
            return compare()
        written = [[token.text, token.spaced] for token in equation]
        places = [_place([says, written, self._setting, *filter(None, [there])]) for there in beside]
        for place in places:
            if (known := _comparison(verdicts.record(place, "comparison"))) is not None:
                return known
        judged = compare()
        if judged.verdict in LASTING:
            stands_alone = judged.verdict == "ok" and not judged.note
            verdicts.keep(places[0 if stands_alone else -1], "comparison", asdict(judged))
        return judged


def _place(depends_on: Sequence[Any]) -> Path:
    address = sha256(json.dumps(depends_on).encode()).hexdigest()
    return verdicts.directory() / "equations" / address[:2] / f"{address}.json"


def _comparison(record: Any) -> Comparison | None:
    if not isinstance(record, dict) or set(record) != {field.name for field in fields(Comparison)}:
        return None
    if record["verdict"] not in LASTING:
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
    said = json.dumps([tables, verdicts.engine(), _sources(), *verdicts.versions()])
    return sha256(said.encode()).hexdigest()


def _encoded(value: Any) -> Any:
    if isinstance(value, UndefinedFunction):
        return ["function", encoding.encode(value(Symbol("t")))]
    return encoding.encode(value.xreplace({ANY: Symbol("size of an identity")}))


@cache
def _sources() -> str:
    """SHA-256 of the chapters, and of this package with all that it imports."""
    catalogue.chapters()  # which loads them
    digest = sha256(deciding_files.digest("manuscript.pipeline").encode())
    for folder in map(Path, sys.modules["modeflow.derivations"].__path__):
        for path in sorted(folder.glob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()
