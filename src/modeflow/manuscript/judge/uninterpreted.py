"""A step in which not all is known, as it is written: whether it holds whatever its letters and operators stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sympy import Symbol

from ..mean.commuting import Commuting
from ..mean.tables import entries, has_table, shape
from ..mean.uninterpreted import Values, has_vectors, may_act, no_numbers, shown_numbers, variables, words
from ..read.uninterpreted import Part, bare_names, side
from ..text.tokens import Token, Unparsed
from .prover_questions import Comparison, Proofs
from .vanishing import Vanishing

_OF_INTEGRATION = {"C", "C_{0}", "C_{1}", "C_{2}", "c"}
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
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
        shown, bound, bare = self._shown(members)
        left, right = (side(tokens, self._numbers.keys() | shown | bare) for tokens in sides)
        is_unclear = (
            (self._paper.sets and _has_capitals(left, right))
            or (self._paper.columns and (has_table(left) or has_table(right)))
            or (self._paper.indices and any(map(_has_letters_raised, (left, right))))
            or any(map(_has_numbers_raised, (left, right)))
        )
        if is_unclear:
            raise Unparsed(why, 0)
        values = partial(Values, self._numbers, shown, bound, transposes=self._paper.transposes)
        found = values(commuting=self._paper.letters)
        if self._same(found, left, right, relation):
            return Comparison("ok", "proved", note=_whatever(found.unknown, self._paper.letters))
        numbers = values(commuting=True, acting=False)
        if self._same(numbers, left, right, relation):
            said = f"equal if its letters commute, as numbers do ({_listed(numbers.unknown)}); {why}"
            is_open = any(map(may_act, numbers.unknown)) or any(map(has_vectors, (left, right)))
            return Comparison("undecided" if is_open else "supported", said)
        return Comparison("undecided", f"not the same as it is written; {why}")

    def _shown(self, members: Sequence[Sequence[Token]]) -> tuple[set[str], set[str], set[str]]:
        """The names that are seen to be numbers in a chain, those of them that are bound, and those no functions."""
        bare: set[str] = set()
        found: set[str] = set()
        bound: set[str] = set()
        apart: set[str] = set()
        for member in members:
            try:
                read = side(member, self._numbers)
            except Unparsed:
                continue
            bare |= bare_names(read)
            found |= shown_numbers(read, self._paper.exponents, not self._paper.letters)
            bound |= variables(read)
            apart |= no_numbers(read)
            if "\\int" in {token.text for token in member}:
                found |= _OF_INTEGRATION
        names = {name for name in found | bound if not set(_LETTER.findall(name)) & apart}
        return names, bound & names, bare

    def _same(self, values: Values, left: Part, right: Part, relation: str) -> bool:
        """Whether the sides are the same; a relation that the same sides do not have is not asked for."""
        if relation not in ("=", "<=", ">="):
            return False
        vanishing = Vanishing(values, self._proofs)
        if has_table(left) or has_table(right):
            try:
                return _same_entries(vanishing, entries(left, values), entries(right, values))
            except Unparsed:
                pass  # its matrices may still be the same, each as one letter
        difference = values.value(left) - values.value(right)
        return all(vanishing.vanishes(factor) for _, factor in words(difference))


def _same_entries(vanishing: Vanishing, left: Any, right: Any) -> bool:
    """Whether two matrices of entries are the same; one of one entry is a number."""
    if shape(left) != shape(right):
        return False
    sides = ([*side] if shape(side) != (1, 1) else [side] for side in (left, right))
    return all(vanishing.vanishes(one - other) for one, other in zip(*sides, strict=True))


def _has_letters_raised(part: Part) -> bool:
    """Whether a letter is raised over another than e, as an iterate is numbered."""
    is_one = part.kind == "power" and part.parts[0].kind == "name" and part.parts[0].value != "e"
    return (is_one and bool(part.parts[1].letters())) or any(map(_has_letters_raised, part.parts))


def _has_numbers_raised(part: Part) -> bool:
    """Whether a coordinate or an iterate is numbered by what is raised: x⁰, x¹."""
    return part.value in ("·^{0}", "·^{1}") or any(map(_has_numbers_raised, part.parts))


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
