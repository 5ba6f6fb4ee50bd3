"""A step in which not all is known, as it is written: whether it holds whatever its letters and operators stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import sympy
from sympy import Dummy, Expr, Integer, Symbol

from ..mean.commuting import Commuting
from ..mean.uninterpreted import Values, may_act, shown_numbers, words
from ..read.uninterpreted import Part, side
from ..text.tokens import Token, Unparsed
from .prover_questions import Comparison, Proofs

MOST_TOLD = 3  # names in a message


class AsWritten:
    """Compares sides of which not all is known."""

    def __init__(self, numbers: Mapping[str, Symbol], paper: Commuting, proofs: Proofs) -> None:
        self._numbers, self._paper, self._proofs = numbers, paper, proofs

    def step(
        self,
        sides: tuple[Sequence[Token], Sequence[Token]],
        members: Sequence[Sequence[Token]],
        relation: str,
        why: str,
    ) -> Comparison:
        """The verdict on two sides; members: all of their chain. why: why they are not read in another way.

        Raises Unparsed where a side has no place for a part of it.
        """
        shown = self._shown(members)
        left, right = (side(tokens, self._numbers.keys() | shown) for tokens in sides)
        values = Values(self._numbers, shown, commuting=self._paper.letters, transposes=self._paper.transposes)
        if self._paper.sets and _has_capitals(left, right):
            raise Unparsed(why, 0)
        if self._same(values, left, right, relation):
            return Comparison("ok", "proved", note=_whatever(values.unknown, self._paper.letters))
        numbers = Values(self._numbers, shown, commuting=True, acting=False, transposes=self._paper.transposes)
        if self._same(numbers, left, right, relation):
            said = f"equal if its letters commute, as numbers do ({_listed(numbers.unknown)}); {why}"
            return Comparison("undecided" if any(map(may_act, numbers.unknown)) else "supported", said)
        return Comparison("undecided", f"not the same as it is written; {why}")

    def _shown(self, members: Sequence[Sequence[Token]]) -> Set[str]:
        """The names that are seen to be numbers in a chain."""
        found: set[str] = set()
        for member in members:
            try:
                found |= shown_numbers(side(member, self._numbers))
            except Unparsed:
                continue
        return found

    def _same(self, values: Values, left: Part, right: Part, relation: str) -> bool:
        """Whether the sides are the same; a relation that the same sides do not have is not asked for."""
        if relation not in ("=", "<=", ">="):
            return False
        difference = values.value(left) - values.value(right)
        return all(self._vanishes(factor) for _, factor in words(difference))

    def _vanishes(self, e: Expr) -> bool:
        if e == 0:
            return True
        if e.has(sympy.factorial):
            e = sympy.combsimp(e)
        letters: dict[Any, Any] = {
            symbol: Dummy(symbol.name, real=True) for symbol in e.free_symbols if not symbol.is_extended_real
        }
        return bool(e == 0) or (not e.has(sympy.factorial, sympy.gamma) and self._holds(e.xreplace(letters)))

    def _holds(self, e: Expr) -> bool:
        return self._proofs.holds(e, Integer(0))


def _has_capitals(*parts: Part) -> bool:
    """Whether a name stands there that may be that of a set."""
    is_here = any(part.kind == "name" and part.value[:1].isupper() for part in parts)
    return is_here or any(_has_capitals(*part.parts) for part in parts)


def _whatever(found: Mapping[str, None], numbers: bool) -> str:
    return f"as it is written, whatever {'numbers ' if numbers else ''}{_listed(found)} may be"


def _listed(found: Mapping[str, None]) -> str:
    names = [_shown(name) for name in found][:MOST_TOLD]
    more = " and the rest" if len(found) > MOST_TOLD else ""
    return (", ".join(names) or "its letters") + more


def _shown(name: str) -> str:
    """A name or a pattern as it is written, in short."""
    short = " ".join(name.replace("·", "…").replace("as written ", "").split()).replace(" ^", "^").replace(" _", "_")
    return short if len(short) <= 24 else f"{short[:24]}…"
