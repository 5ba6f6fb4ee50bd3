"""The single changes that make a wrong formula right: found by trying, and each proved."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..mean.matrix_shapes import Misfit
from ..mean.real_points import can_be_evaluated, differ_at, points_where_real
from ..read.formula_trees import Node, Statement
from ..read.grammar import statement as read_statement
from ..text.tokens import Token, Unparsed
from .slips import Slip, indexed, slips, symbols_in

MOST = 3  # corrections of one formula that are told apart
POINTS = 3  # at which a change is tried before it is proved

Sides = Sequence[Any]
Accept = Callable[[Statement], Sides | None]  # the sides of a formula that is right; None for any other


@dataclass(frozen=True)
class Correction:
    """A change that makes a formula right, the side that it changes, and the sides then."""

    slip: Slip
    side: int
    sides: Sides


class Corrections:
    """The corrections of one formula.

    names: the keys of the declared symbols. others: how further symbols are written that may have been meant.
    drops: whether a letter may be a factor too many. limit: seconds.
    """

    def __init__(
        self,
        found: Sequence[Token],
        names: Container[str],
        limit: float,
        others: Sequence[str] = (),
        drops: bool = False,
    ) -> None:
        self._found, self._names, self._limit, self._drops = indexed(found), names, limit, drops
        self._read = read_statement(self._found, names)
        self._others = list(dict.fromkeys([*symbols_in(self._found, *self._read.sides), *others]))

    def right(self, accept: Accept, same: Callable[[Sides, Sides], bool]) -> tuple[list[Correction], bool]:
        """Corrections that differ in what they say, and whether all changes were tried.

        same: whether the sides of two right formulas are the same.
        """
        right: list[Correction] = []
        until = time.monotonic() + self._limit
        for side, slip in self._tried():
            if time.monotonic() > until or len(right) == MOST:
                return right, False
            sides = self._accepted(slip, accept)
            if sides is not None and not any(same(sides, other.sides) for other in right):
                right.append(Correction(slip, side, sides))
        return right, True

    def _tried(self) -> Iterator[tuple[int, Slip]]:
        """The changes of each side, of the last first; what only names something is not changed."""
        sides = self._read.sides
        for number in reversed(range(len(sides))):
            if not _only_names(sides[number]) or all(map(_only_names, sides)):
                yield from ((number, slip) for slip in slips(self._found, sides[number], self._others, self._drops))

    def _accepted(self, slip: Slip, accept: Accept) -> Sides | None:
        try:
            changed = read_statement(slip.changed(self._found), self._names)
            if changed.relations != self._read.relations:
                return None
            return accept(changed)
        except (Unparsed, Misfit, RecursionError):
            return None


def _only_names(node: Node) -> bool:
    """Whether it is a name, its derivative, or a product of these: what an equation is about."""
    if node.kind in ("symbol", "apply"):
        return True
    return node.kind in ("derivative", "multiply") and all(map(_only_names, node.parts))


class MayBeEqual:
    """Whether two sides may be equal, as numbers at a few points say; quick, and never in the way of what is right."""

    def __init__(self, *sides: Any) -> None:
        evaluated = all(map(can_be_evaluated, sides))
        self._points = list(islice(points_where_real(*sides), POINTS)) if evaluated else []

    def __call__(self, left: Any, right: Any) -> bool:
        if not (can_be_evaluated(left) and can_be_evaluated(right)):
            return True
        letters = left.free_symbols | right.free_symbols
        return not any(letters <= at.keys() and differ_at(left, right, at) for at in self._points)
