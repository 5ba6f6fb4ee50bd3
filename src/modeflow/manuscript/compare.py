"""Whether an equation says what a claim says: only what is proved is ok."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy
from sympy import Derivative, Dummy, Expr, Integral, MatrixSymbol, Mul, Rational, Symbol, Trace, Tuple
from sympy.core.function import AppliedUndef

from ..claims import Claim
from ..flow import FlowRate, HessianAlong
from ..matrices import DiagonalEntry, MatrixGradient, NoiseAverage
from ..prove import prove
from ..verdict import Verdict
from .findings import Outcome
from .grammar import Node
from .meaning import Reader, rates
from .notation import Notation
from .suggest import edits

LARGEST = 400  # operations in an equation that is rearranged, not only compared side by side

# Letters with a stronger assumption, written by the same letter in a paper.
VARIANTS = {"signal": "lam", "noise": "eps", "decay": "gamma"}
_OPAQUE = (HessianAlong, MatrixGradient, NoiseAverage, DiagonalEntry, Trace, MatrixSymbol, Integral)


@dataclass(frozen=True)
class Comparison:
    """verdict: ok, wrong or undecided; why; and how the equation was understood."""

    verdict: Outcome
    reason: str = ""
    understood: str = ""
    witness: Mapping[str, object] | None = None
    suggestion: str = ""


class Comparer:
    """Compares equations in one notation."""

    def __init__(self, notation: Notation, definitions: Mapping[str, Expr], time_limit: float) -> None:
        self._notation, self._definitions, self._limit = notation, definitions, time_limit

    def identity(self, sides: Sequence[Node]) -> Comparison:
        """An equation of the author's own, to be proved as it stands."""
        reader = Reader(self._notation, {}, {}, self._definitions)
        values = [reader.read(side) for side in sides]
        understood = _shown(values)
        for left, right in pairwise(values):
            found = self._prove(left, right)
            if found.status != "proved":
                return _not_proved(found, understood)
        return Comparison("ok", "proved", understood)

    def claim(self, sides: Sequence[Node], claim: Claim) -> Comparison:
        """An equation against a claim; raises Unparsed where it has no clear meaning."""
        moving = rates(_moving(claim))
        reader = Reader(self._notation, moving, _swaps(claim), self._definitions)
        values = [reader.read(side) for side in sides]
        understood = _shown(values)
        if claim.expects != "proved":
            return Comparison("undecided", f"{claim.id} is an error kept on show", understood)
        if claim.relation != "=" or any(side.has(*_OPAQUE) for side in (claim.lhs, claim.rhs)):
            return Comparison("undecided", f"{claim.id} is of a kind that is not compared yet", understood)
        if len(values) == 2:
            found = self._pair(values[0], values[1], claim, moving)
        else:
            found = self._chain(values, claim, moving)
        meant = ""
        if found.witness and len(values) == 2:
            meant = self._meant(values, claim, moving, found.witness)
        return Comparison(found.verdict, found.reason, understood, found.witness, meant)

    def _meant(
        self, values: Sequence[Expr], claim: Claim, moving: Mapping[Symbol, Symbol], witness: Mapping[str, object]
    ) -> str:
        """The first single edit that makes the claim of a wrong equation, within the time limit."""
        left, right = values
        if left.count_ops() + right.count_ops() > LARGEST:
            return ""
        letters = sorted(claim.lhs.free_symbols | claim.rhs.free_symbols, key=str)
        until = time.monotonic() + self._limit
        for name, changed in edits(right, letters):
            if time.monotonic() > until:
                break
            if _may_hold(left, changed, claim, witness) and self._pair(left, changed, claim, moving).verdict == "ok":
                return f"{left} = {changed} ({name})"
        return ""

    def _chain(self, values: Sequence[Expr], claim: Claim, moving: Mapping[Symbol, Symbol]) -> Comparison:
        """a = b = c: the first pair that holds the unknown is the claim's, the others are proved as they stand."""
        pairs = list(pairwise(values))
        unknowns = _entries(claim.lhs) if claim.satisfies else ()
        speaks = [any(_mentions(side, u) for side in pair for u in unknowns) for pair in pairs]
        chosen = speaks.index(True) if True in speaks else 0
        found = self._pair(*pairs.pop(chosen), claim, moving)
        if found.verdict != "ok":
            return found
        for left, right in pairs:
            if any(side.has(rate) for side in (left, right) for rate in moving.values()):
                return Comparison("undecided", "a rate in a further part of the chain")
            further = self._prove(left, right)
            if further.status != "proved":
                return _not_proved(further, "")
        return found

    def _pair(self, left: Expr, right: Expr, claim: Claim, moving: Mapping[Symbol, Symbol]) -> Comparison:
        if left == right:
            return Comparison("undecided", "both sides are the same, so nothing is said")
        if claim.satisfies:
            return self._solution(left, right, claim)
        if moving:
            return self._rate(left, right, claim, moving)
        return self._statement(left, right, claim)

    # The claim gives an unknown.

    def _solution(self, left: Expr, right: Expr, claim: Claim) -> Comparison:
        unknowns, values = _entries(claim.lhs), _entries(claim.rhs)
        pairs = [(u, v) for u, v in zip(unknowns, values, strict=True) if left.has(u) or right.has(u)]
        if not pairs:
            return Comparison("wrong", f"the equation does not contain {claim.lhs}, of which the claim speaks")
        if len(pairs) > 1:
            return Comparison("undecided", "more than one unknown of the claim in one equation")
        unknown, value = pairs[0]
        for one, other in ((left, right), (right, left)):
            if one == unknown and not _mentions(other, unknown):
                found = self._prove(other, value)
                return Comparison("ok", "equal to the claim") if found.status == "proved" else _not_proved(found, "")
        return self._rearranged(left, right, unknown, value)

    def _rearranged(self, left: Expr, right: Expr, unknown: Expr, value: Expr) -> Comparison:
        """The claim's value must solve the equation, and the equation must leave no other."""
        letter = Dummy("unknown", real=True)
        left, right = left.xreplace({unknown: letter}), right.xreplace({unknown: letter})
        if _mentions(left, unknown) or _mentions(right, unknown):
            return Comparison("undecided", "the unknown stands at other arguments or under a derivative")
        found = self._prove(left.xreplace({letter: value}), right.xreplace({letter: value}))
        if found.status != "proved":
            return _not_proved(found, "")
        if left.count_ops() + right.count_ops() > LARGEST:
            return Comparison("undecided", "too long to be solved for the unknown")
        numerator = sympy.expand(sympy.fraction(sympy.together(left - right))[0])
        if not numerator.is_polynomial(letter) or sympy.degree(numerator, letter) != 1:
            return Comparison("undecided", "the claim's value satisfies the equation, which may have other solutions")
        slope = numerator.diff(letter)
        return self._with_factor(slope)

    def _with_factor(self, factor: Expr) -> Comparison:
        factor = sympy.factor_terms(sympy.factor(factor))
        if self._prove(factor, sympy.Integer(0)).status != "refuted":
            return Comparison("undecided", "the factor in which the equation differs from the claim may vanish")
        for part in Mul.make_args(factor):
            base = part.base if part.is_Pow else part
            if not (base.is_nonzero or base.is_nonnegative or base.is_nonpositive):
                return Comparison("undecided", f"equal to the claim where {base} is not 0; it may be")
        return Comparison("ok", "a rearrangement of the claim" + ("" if factor.is_nonzero else f", where {factor} ≠ 0"))

    # The claim is a differential equation along a flow.

    def _rate(self, left: Expr, right: Expr, claim: Claim, moving: Mapping[Symbol, Symbol]) -> Comparison:
        stated = _formal(claim.lhs, moving) - _formal(claim.rhs, moving)
        given = left - right
        for rate in moving.values():
            above, below = given.diff(rate), stated.diff(rate)
            if below == 0 or above == 0 or above.has(rate) or below.has(rate):
                continue
            if above.count_ops() + below.count_ops() > LARGEST:
                break
            ratio = sympy.cancel(above / below)
            found = self._prove(given, ratio * stated)
            if found.status == "proved":
                return self._with_factor(ratio)
            break
        put_in = {moving[s]: velocity for s, velocity in _flow(claim).items()}
        found = self._prove(left.xreplace(put_in), right.xreplace(put_in))
        if found.status == "proved":
            return Comparison("undecided", "true along the flow, but not recognised as the claim")
        return _not_proved(found, "")

    # The claim is an identity.

    def _statement(self, left: Expr, right: Expr, claim: Claim) -> Comparison:
        if isinstance(claim.lhs, Tuple):
            return Comparison("undecided", f"{claim.id} has several entries")
        found = self._prove(left, right)
        if found.status != "proved":
            return _not_proved(found, "")
        stated = claim.lhs.doit()
        if self._prove(left, stated).status == "proved":
            return Comparison("ok", "an identity between the claim's quantities")
        ratio = sympy.cancel(left / stated) if stated != 0 and left.count_ops() < LARGEST else sympy.Integer(0)
        if ratio.is_Rational and ratio != 0:
            return Comparison("ok", f"{ratio} times the claim")
        return Comparison("undecided", "true, but not recognised as the claim")

    def _prove(self, left: Expr, right: Expr) -> Verdict:
        return prove(left, right, time_limit=self._limit)


def _may_hold(left: Expr, right: Expr, claim: Claim, witness: Mapping[str, object]) -> bool:
    """False where the equation fails at the witness, which costs less to see than a proof does."""
    if claim.satisfies:
        values = dict(zip(_entries(claim.lhs), _entries(claim.rhs), strict=True))
        left, right = left.xreplace(values), right.xreplace(values)
    point = witness["point"]
    known = point if isinstance(point, Mapping) else {}
    letters = left.free_symbols | right.free_symbols
    if not all(s.name in known for s in letters) or (left - right).has(AppliedUndef, Derivative):
        return True
    at = {s: Rational(known[s.name]) for s in letters}
    one, other = (side.xreplace(at).evalf(20, maxn=60) for side in (left, right))
    if not (one.is_comparable and other.is_comparable):
        return True
    return bool(abs(one - other) <= 1e-9 * (1 + abs(one)))


def _not_proved(found: Verdict, understood: str) -> Comparison:
    if found.status == "refuted":
        return Comparison("wrong", "the two sides differ", understood, found.witness)
    return Comparison("undecided", found.reason or found.status, understood)


def _shown(values: Sequence[Expr]) -> str:
    return " = ".join(str(v) for v in values)


def _entries(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, Tuple) else (side,)


def _mentions(expression: Expr, unknown: Expr) -> bool:
    if isinstance(unknown, AppliedUndef):
        return bool(expression.has(unknown.func))
    return bool(expression.has(unknown) or (isinstance(unknown, Derivative) and expression.has(Derivative)))


def _moving(claim: Claim) -> list[Symbol]:
    if claim.satisfies:
        return []
    return sorted({s for e in _rates(claim) for s, _ in e.args[1]}, key=str)


def _rates(claim: Claim) -> list[FlowRate]:
    return [e for side in (claim.lhs, claim.rhs) for e in side.atoms(FlowRate)]


def _flow(claim: Claim) -> dict[Symbol, Expr]:
    return {s: velocity for e in _rates(claim) for s, velocity in e.args[1]}


def _formal(side: Expr, moving: Mapping[Symbol, Symbol]) -> Expr:
    """The side with d/dt by the chain rule, the rates as symbols of their own."""
    return side.xreplace(
        {e: sympy.Add(*(e.args[0].diff(s) * moving[s] for s, _ in e.args[1])) for e in side.atoms(FlowRate)}
    )


def _swaps(claim: Claim) -> dict[Any, Any]:
    used = {q.symbol for q in claim.alphabet.of(claim._everything())}
    known = claim.alphabet.quantities
    return {
        known[plain].symbol: known[strong].symbol
        for strong, plain in VARIANTS.items()
        if strong in known and plain in known and known[strong].symbol in used and known[plain].symbol not in used
    }
