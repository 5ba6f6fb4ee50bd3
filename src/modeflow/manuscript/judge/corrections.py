"""The single changes that make a wrong formula right: found by trying, and each proved."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sympy import Rational

from ...proof.worker import PATIENCE
from ..mean.matrix_shapes import Misfit
from ..mean.real_points import drawn
from ..read.formula_trees import Node, Statement
from ..read.grammar import statement as read_statement
from ..text.tokens import Token, Unparsed
from .slips import Slip, indexed, slips, symbols_in
from .tree_values import TreeValues

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
    drops: whether a letter may be a factor too many. limit: seconds of processor time, without that of proofs; by the
    clock it may take PATIENCE times as many.
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

    def right(
        self, accept: Accept, same: Callable[[Sides, Sides], bool], at: Sequence[TreeValues] = ()
    ) -> tuple[list[Correction], bool]:
        """Corrections that differ in what they say, and whether all changes were tried.

        same: whether the sides of two right formulas are the same. at: values at points where what is right holds.
        """
        right: list[Correction] = []
        end, end_by_clock = time.thread_time() + self._limit, time.monotonic() + PATIENCE * self._limit
        for side, slip in self._tried():
            if time.thread_time() > end or time.monotonic() > end_by_clock or len(right) == MOST:
                return right, False
            sides = self._accepted(slip, accept, at)
            if sides is not None and not any(same(sides, other.sides) for other in right):
                right.append(Correction(slip, side, sides))
        return right, True

    def _tried(self) -> Iterator[tuple[int, Slip]]:
        """The changes of each side, of the last first; what only names something is not changed."""
        sides = self._read.sides
        for number in reversed(range(len(sides))):
            if not _only_names(sides[number]) or all(map(_only_names, sides)):
                yield from ((number, slip) for slip in slips(self._found, sides[number], self._others, self._drops))

    def _accepted(self, slip: Slip, accept: Accept, at: Sequence[TreeValues]) -> Sides | None:
        try:
            changed = read_statement(slip.changed(self._found), self._names)
            if changed.relations != self._read.relations or not all(values.may_hold(changed) for values in at):
                return None
            return accept(changed)
        except (Unparsed, Misfit, RecursionError):
            return None


def _only_names(node: Node) -> bool:
    """Whether it is a name, its derivative, or a product of these: what an equation is about."""
    if node.kind in ("symbol", "apply"):
        return True
    return node.kind in ("derivative", "multiply") and all(map(_only_names, node.parts))


def at_points(
    meaning: Callable[[Node], Any], points: Iterable[Mapping[Any, Rational]], without: Container[Any] = ()
) -> list[TreeValues]:
    """The values of trees at points, each the numbers of letters or of their names; other letters have any number.

    without: letters that have no number there.
    """

    def numbers(e: Any, at: Mapping[Any, Rational]) -> Mapping[Any, Rational]:
        for s in (s for s in e.free_symbols if s not in without):
            at = at if s in at else {**at, s: at[s.name] if s.name in at else drawn(s, random.Random(s.name))}
        return at

    known = ({s: number for s, number in at.items() if s not in without} for at in points)
    return [TreeValues(meaning, partial(numbers, at=at)) for at in known]
