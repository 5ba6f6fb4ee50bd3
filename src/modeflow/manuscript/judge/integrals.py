"""Integrals: proved by their derivative in an end, and by their value where they are empty.

Two sides are equal wherever the integrals exist if they are equal where an end u reaches the other end a, if they have
the same derivative in u, and if they have no jump between a and u: atan(1/u), which jumps at 0, is no integral of
-1/(1 + s²) from -1 to 1. Where no letter stands in an end, an antiderivative is found, and proved to be one, first.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Integer, Integral, Mul, Symbol
from sympy.core.function import AppliedUndef

from ...language.verdict import Verdict
from ...proof import limits
from ...proof.constancy import is_line_or_half_line
from ...proof.worker import rewrite
from ..mean.indexed_families import assumed
from ..mean.meaning import of_real_parts
from .prover_questions import LARGEST, Proofs
from .singularities import Kind, NotKnown, Singularity, singular

DEEPEST = 4  # derivatives and integrals, one after the other
PATIENCE = 6  # times the limit of one proof, for one equation
ORDERS = 4  # of derivatives in which a wrong equation may differ first
_PATH = Dummy("path", nonnegative=True)  # 0 at the start, and without bound towards the end


def has_integrals(*sides: Any) -> bool:
    """Whether an integral stands there."""
    return any(side.has(Integral) for side in sides)


class ProofsWithIntegrals(Proofs):
    """Questions to the prover, about integrals as well; limit: seconds for each of those without."""

    def verdict(self, left: Any, right: Any, relation: str = "=") -> Verdict:
        """Whether left (relation) right, wherever the integrals in them exist."""
        if not has_integrals(left, right):
            return super().verdict(left, right, relation)
        if relation != "=":
            return Verdict("undecided", "", reason="inequalities between integrals are not decided")
        if left.count_ops() + right.count_ops() > LARGEST:
            return Verdict("undecided", "", reason="the equation between integrals is too long")
        return _Search(self).equal(_normal(_with_letters(left)), _normal(_with_letters(right)), DEEPEST)


def _with_letters(e: Expr) -> Expr:
    """Functions of time as letters."""
    return e.xreplace({f: Symbol(f"_{f}", **assumed(f)) for f in e.atoms(AppliedUndef)})


# One form ---------------------------------------------------------------------------------------------------


def _normal(e: Any) -> Any:
    """Constant factors before every integral, a sum of integrals for that of a sum, nothing for an empty one."""
    if not e.has(Integral):
        return e
    if not isinstance(e, Integral):
        return e.func(*(_normal(part) for part in e.args))
    body, variable, lower, upper = (_normal(part) for part in _parts(e))
    if lower == upper:
        return Integer(0)
    split = (term.as_independent(variable, as_Add=False) for term in Add.make_args(_expanded(body)))
    terms = (c * ((upper - lower) if rest == 1 else Integral(rest, (variable, lower, upper))) for c, rest in split)
    return sum(terms, Integer(0))


def _expanded(body: Expr) -> Expr:
    """The products multiplied out, but for denominators."""
    below = {p: Dummy("below", real=p.is_real) for p in body.atoms(sympy.Pow) if p.exp.is_negative}
    expanded = sympy.expand(body.xreplace(below), power_base=False, log=False)
    return expanded.xreplace({letter: p for p, letter in below.items()})


def _parts(integral: Any) -> tuple[Any, Any, Any, Any]:
    """The integrand, the variable and the limits of the outermost; SymPy keeps integrals of integrals as one."""
    *inner, (variable, lower, upper) = integral.limits
    return Integral(integral.function, *inner) if inner else integral.function, variable, lower, upper


def _singular_inside(integral: Any, end: Expr) -> list[Singularity]:
    """What vanishes where the integrand is not analytic, at one end."""
    body, variable, _, _ = _parts(integral)
    if has_integrals(body):
        raise NotKnown
    return [(base.xreplace({variable: end}), kind) for base, kind in singular(body, variable)]


@dataclass(frozen=True)
class _End:
    """An end of integrals that moves with a letter, and the letter's value at which it is the other end of one."""

    letter: Symbol
    end: Expr
    start: Expr

    def integrals(self, *sides: Expr) -> list[Any]:
        """Those whose ends move."""
        return sorted((i for side in sides for i in side.atoms(Integral) if i.has(self.letter)), key=str)

    def suits(self, integral: Any) -> bool:
        """Whether the end alone moves."""
        body, _, lower, upper = _parts(integral)
        others = [side for side in (lower, upper) if side != self.end]
        return not body.has(self.letter) and len(others) == 1 and not others[0].has(self.letter)

    def begins_here(self) -> bool:
        """Whether the letter may have, or come as close as one likes to, its value at the start."""
        u, v = self.letter, self.start
        if u.is_positive or u.is_nonnegative:
            return bool(v.is_nonnegative)
        return bool(v.is_nonpositive) if u.is_negative or u.is_nonpositive else bool(v.is_real)


def _ends(*sides: Expr) -> Iterator[_End]:
    """The ends in which a letter moves alone and linearly."""
    for integral in sorted({i for side in sides for i in side.atoms(Integral)}, key=str):
        _, _, lower, upper = _parts(integral)
        for end, other in ((upper, lower), (lower, upper)):
            for letter in sorted(end.free_symbols - other.free_symbols, key=str):
                moving = _moving_end(letter, end, other)
                if moving is not None and all(map(moving.suits, moving.integrals(*sides))):
                    yield moving


def _moving_end(letter: Symbol, end: Expr, other: Expr) -> _End | None:
    """The end, where it moves linearly with the letter."""
    slope = end.diff(letter)
    if slope.has(letter) or not slope.is_nonzero or not is_line_or_half_line(letter):
        return None
    return _End(letter, end, (other - end.xreplace({letter: Integer(0)})) / slope)


@dataclass(frozen=True)
class _Equation:
    """An equation between integrals of which an end moves, and what vanishes where one of its sides is not analytic."""

    left: Expr
    right: Expr
    at: _End
    in_integrands: list[Singularity]  # with the end in the place of the variable
    in_sides: list[Singularity]

    @classmethod
    def of(cls, left: Expr, right: Expr, at: _End) -> _Equation:
        """Raises NotKnown where that is not known."""
        integrands = [s for i in at.integrals(left, right) for s in _singular_inside(i, at.end)]
        return cls(left, right, at, integrands, [s for side in (left, right) for s in singular(side, at.letter)])

    def vanishing_at_start(self, *kinds: Kind) -> set[Expr]:
        """What vanishes at singularities of these kinds, at the start."""
        start = {self.at.letter: self.at.start}
        return {base.xreplace(start) for base, kind in (*self.in_integrands, *self.in_sides) if kind in kinds}

    def at_start(self) -> tuple[Expr, Expr]:
        """Its sides where the letter has its value at the start."""
        start = {self.at.letter: self.at.start}
        return self.left.xreplace(start), self.right.xreplace(start)

    def rates(self) -> tuple[Expr, Expr]:
        """The derivatives of its sides in the letter."""
        left, right = (of_real_parts(side.diff(self.at.letter)) for side in (self.left, self.right))
        return left, right


# Proofs -----------------------------------------------------------------------------------------------------


class _Search:
    """Proofs of equations with integrals by those of equations without."""

    def __init__(self, proofs: Proofs) -> None:
        self._proofs, self._until = proofs, time.monotonic() + PATIENCE * proofs.limit

    def equal(self, left: Any, right: Any, depth: int) -> Verdict:
        """Whether left = right."""
        if not has_integrals(left, right):
            return self._proofs.verdict(left, right)
        if depth == 0 or time.monotonic() > self._until:
            limits.reach()
            return Verdict("undecided", "", reason="the integrals are neither proved nor refuted in the time given")
        for at in _ends(left, right):
            decided = self._from_start(left, right, at, depth)
            if decided is not None:
                return decided
        return self._with_antiderivatives(left, right, depth)

    def _from_start(self, left: Expr, right: Expr, at: _End, depth: int) -> Verdict | None:
        """Proved or refuted by the derivatives in a letter; None where that says nothing."""
        moving = at.integrals(left, right)
        if len(moving) == 1:
            left, right = self._solved(left, right, moving[0])
        try:
            equation = _Equation.of(left, right, at)
        except NotKnown:
            return None
        if not at.begins_here() or not self._may_be_nonzero(equation.vanishing_at_start(Kind.POLE, Kind.JUMP)):
            return None
        first = self._both(*equation.at_start(), depth)
        if first is not None and first.status == "refuted":
            return _refuted_at(first, at, "the two sides differ where the integral is empty")
        return None if first is None else self._by_rates(equation, first.status == "proved", depth)

    def _by_rates(self, equation: _Equation, equal_at_start: bool, depth: int) -> Verdict | None:
        """Proved or refuted by the derivatives of the sides, which are not known to differ at the start."""
        along = self._both(*equation.rates(), depth)
        if along is None:
            return None
        if along.status == "refuted":
            analytic = self._may_be_nonzero(equation.vanishing_at_start(Kind.KINK))
            return self._refuted_by_rates(equation, depth) if analytic else None
        proved = along.status == "proved" and equal_at_start
        return along if proved and self._continuous(equation.in_sides, equation.at) else None

    def _both(self, left: Any, right: Any, depth: int) -> Verdict | None:
        """Whether two expressions with fewer integrals are equal; None where they are not numbers."""
        left, right = _normal(left), _normal(right)
        if any(side.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.AccumBounds) for side in (left, right)):
            return None
        return self.equal(left, right, depth - 1)

    def _may_be_nonzero(self, bases: Iterable[Expr]) -> bool:
        return all(b.is_nonzero or self._proofs.verdict(b, Integer(0)).status == "refuted" for b in bases)

    def _continuous(self, singularities: Iterable[Singularity], at: _End) -> bool:
        """Whether the sides have no jump between the ends."""
        vanishing = {kind for base, kind in set(singularities) if not self._vanishes_nowhere(base, at)}
        return vanishing <= {Kind.POLE} or vanishing <= {Kind.KINK}

    def _vanishes_nowhere(self, base: Expr, at: _End) -> bool:
        between = (at.start + at.letter * _PATH) / (1 + _PATH)
        return all(self._of_one_sign(f.xreplace({at.letter: between})) for f in self._factors(base) if f.has(at.letter))

    def _factors(self, base: Expr) -> list[Expr]:
        done = self._proofs.rewritten("factor", base)
        return [f.base if f.is_Pow else f for part in sympy.fraction(done) for f in Mul.make_args(part)]

    def _of_one_sign(self, *values: Expr) -> bool:
        """Whether all of them are shown to be positive, or all negative."""
        return any(all(self._positive(sign * v) for v in values) for sign in (1, -1))

    def _positive(self, value: Expr) -> bool:
        return any(self._proofs.holds(v, Integer(0), ">") for v in {value, self._proofs.rewritten("cancel", value)})

    def _refuted_by_rates(self, equation: _Equation, depth: int) -> Verdict | None:
        """Refuted where a derivative differs at the start, from which the sides are analytic."""
        for _ in range(ORDERS):
            left, right = equation.rates()
            equation = replace(equation, left=left, right=right)
            verdict = self._both(*equation.at_start(), depth)
            if verdict is not None and verdict.status == "refuted":
                reason = "the derivatives of the two sides differ where the integral is empty"
                return _refuted_at(verdict, equation.at, reason)
            if verdict is None or verdict.status != "proved":
                return None
        return None

    def _solved(self, left: Expr, right: Expr, integral: Any) -> tuple[Expr, Expr]:
        """The equation solved for an integral, where it is linear in it; as it is otherwise."""
        letter = Dummy("integral", real=True)
        difference = (left - right).xreplace({integral: letter})
        slope = difference.diff(letter)
        if slope.has(letter) or not self._proofs.rarely_zero(slope):
            return left, right
        return integral, -difference.xreplace({letter: Integer(0)}) / slope

    # antiderivatives

    def _with_antiderivatives(self, left: Expr, right: Expr, depth: int) -> Verdict:
        values = {i: self._worked_out(i) for side in (left, right) for i in side.atoms(Integral)}
        if None in values.values():
            return Verdict("undecided", "", reason="the integrals are neither proved nor refuted")
        decided = self._both(left.xreplace(values), right.xreplace(values), depth)
        return Verdict("undecided", "", reason="the integrals are not finite") if decided is None else decided

    def _worked_out(self, integral: Any) -> Expr | None:
        """The value by an antiderivative that is proved to be one, and continuous from end to end.

        Of integrals inside of each other the innermost is worked out.
        """
        body, ((variable, lower, upper), *outer) = integral.function, integral.limits
        primitive = self._antiderivative(body, variable)
        if primitive is None or not self._continuous_between((body, primitive), variable, lower, upper):
            return None
        value = primitive.xreplace({variable: upper}) - primitive.xreplace({variable: lower})
        return Integral(value, *outer) if outer else value

    def _antiderivative(self, body: Expr, variable: Symbol) -> Expr | None:
        primitive = rewrite("integrate", sympy.Tuple(body, variable), self._proofs.limit)
        if isinstance(primitive, sympy.Piecewise):  # for most values of what else stands there; it is proved for all
            primitive = primitive.args[0].expr
        is_one = primitive is not None and self._proofs.holds(primitive.diff(variable), body)
        return primitive if is_one else None

    def _continuous_between(self, sides: Iterable[Expr], variable: Symbol, lower: Expr, upper: Expr) -> bool:
        try:
            bases = {base for e in sides for base, kind in singular(e, variable) if kind is not Kind.KINK}
        except NotKnown:
            return False
        between = (lower + upper * _PATH) / (1 + _PATH)
        factors = {f for base in bases for f in self._factors(base)}
        return all(self._of_one_sign(f.xreplace({variable: between}), f.xreplace({variable: upper})) for f in factors)


def _refuted_at(verdict: Verdict, at: _End, reason: str) -> Verdict:
    """The refutation, with the letter's value at the start in its point."""
    given = (verdict.witness or {}).get("point")
    point = dict(given) if isinstance(given, Mapping) else {}
    known = {s: sympy.Rational(str(point[s.name])) for s in at.start.free_symbols if s.name in point}
    point[at.letter.name] = str(at.start.xreplace(known))
    return replace(verdict, witness={**(verdict.witness or {}), "point": point}, reason=reason)
