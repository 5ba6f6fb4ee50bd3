"""What the fixed values of a paper mean for a claim: whether it is compared there, and what a difference then says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from sympy import Symbol, false, nan, oo, zoo
from sympy.core.function import AppliedUndef, Derivative

from ...language.flow import FlowRate, HessianAlong
from ...language.matrices import DiagonalEntry, MatrixGradient, NoiseAverage
from ...language.motion import Motion
from ...statements.equations import Equation
from ..mean.matrix_shapes import is_matrix
from ..mean.quantity_names import Names
from ..mean.subject import Subject, entries
from .prover_questions import Comparison


def unfit(subject: Subject) -> Comparison | None:
    """That a claim says nothing where the fixed values hold, and why; None where it can be compared."""
    faults = chain(_varying(subject), _not_positive(subject), _meaningless(subject) if subject.put else ())
    reason, *about = next(faults, ("",))
    return Comparison("undecided", f"not compared: {reason}", about=tuple(about)) if reason else None


def _varying(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Fixed letters that the claim varies."""
    claim = subject.claim
    sides = _sides(claim.lhs, claim.rhs, claim.satisfies)
    variables = {*subject.moves, *entries(claim.lhs), *(v for side in sides for v in _variables(side))}
    for fixed in subject.fixed:
        if fixed in variables:
            yield "{} has a fixed value, and varies in the claim", fixed


def _not_positive(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Letters that the claim assumes to be positive, with values that are not."""
    for strong, weak in subject.stronger.items():
        value = subject.put.get(strong)
        if value is not None and value.is_positive is not True:
            yield "the claim holds where {} is positive, and its fixed value, {}, is not", weak, value


def _meaningless(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Why the claim says nothing with the values put in."""
    claim = subject.claim
    if false in subject.given:
        yield ("what the claim is given does not hold where the fixed values do",)
    if any(side.has(zoo, nan, oo, -oo) for side in _sides(subject.lhs, subject.rhs, subject.conditions)):
        yield ("the claim is not defined where the fixed values hold",)
    if subject.rhs == subject.lhs != claim.lhs and claim.lhs != claim.rhs:
        yield ("where the fixed values hold the claim says nothing",)


def _sides(left: Any, right: Any, conditions: Iterable[Equation]) -> list[Any]:
    return [left, right, *(side for condition in conditions for side in (condition.lhs, condition.rhs))]


def _variables(side: Any) -> Iterator[Any]:
    """The letters in which is differentiated, of which a function is taken, and over which a mean is."""
    for part in side.atoms(FlowRate, HessianAlong, MatrixGradient, NoiseAverage, DiagonalEntry, Derivative):
        if isinstance(part, Derivative):
            yield from part.variables
        elif isinstance(part, FlowRate | DiagonalEntry):
            yield from (pair[0] for pair in part.args[1])
        else:
            yield from entries(part.args[1])
    for applied in side.atoms(AppliedUndef):
        yield from applied.free_symbols


def bound(subject: Subject, met: Iterable[Any]) -> Any:
    """A letter whose fixed value says something of the claim's letters that is not put in; None where none does.

    met: the letters of the equation. A value of w₀ is a relation between a and b, and the claim may speak of these.
    """
    elsewhere = (f for f in subject.fixed if f not in subject.used and f not in subject.stronger.values())
    return next((fixed for fixed in elsewhere if _binds(fixed, subject, met)), None)


def _binds(fixed: Any, subject: Subject, met: Iterable[Any]) -> bool:
    """Whether the value of a letter that is not the claim's says something of those that are, or of the equation."""
    motion = subject.motion
    if is_matrix(fixed) or (fixed in motion.of_weights and motion.of_weights & (subject.used | subject.moving.keys())):
        return True
    if fixed in met and (fixed not in motion.free or set(motion.tied) & subject.used):
        return True
    return fixed in Names(subject).known()


def dependent(met: Iterable[Any], fixed: Mapping[Any, Any], motions: Iterable[Motion]) -> bool:
    """Whether an identity of the author's speaks of a fixed letter and of others to which that is tied."""
    letters, free, of_weights = set(met), set[Any](), set[Any]()
    for motion in motions:
        free |= set(motion.free)
        of_weights |= motion.of_weights
    tied = {s for s in letters if is_matrix(s) or (isinstance(s, Symbol) and s not in free)}
    tied |= letters & of_weights
    return bool((letters & fixed.keys()) - free) and bool(tied - fixed.keys())
