"""One equation, two sides, against a claim that gives an unknown, a law of motion or an identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Dummy, Expr, Integer, MatMul, Mul, Rational, Symbol, Transpose, Tuple, ZeroMatrix
from sympy.core.function import AppliedUndef, Derivative

from ...language.flow import FlowRate
from ...language.matrices import MatrixGradient, NoiseAverage, has_letters
from ..mean.shapes import is_matrix
from ..mean.subject import Subject, letter, products
from . import isolation
from .questions import Comparison, Proofs, not_proved

RATIOS = tuple(sign * r for r in (Integer(2), Rational(1, 2), Integer(1)) for sign in (1, -1))
Derived = Sequence[tuple[Expr, Symbol]]

_TIME = letter("t")
_UNSEEN = "not recognised as the claim"
_SAME = Comparison("undecided", "both sides are the same, so nothing is said")


def compared(left: Any, right: Any, subject: Subject, proofs: Proofs, carried_out: Derived) -> Comparison:
    """The verdict on left = right; carried_out: what was differentiated on one side of it, and in which letter."""
    if subject.unknowns:
        return _solution(left, right, subject, proofs)
    if has_rates(left, subject) or has_rates(right, subject):
        return _law(left, right, subject, proofs)
    if (found := _conserved(left, right, subject, proofs)) is not None:
        return found
    found = _identity(left, right, subject, proofs)
    if (
        found.verdict == "ok"
        and subject.differentiates
        and not _differentiates(left, right, subject, proofs, carried_out)
    ):
        return Comparison("undecided", "true, but what the claim differentiates is not differentiated in it")
    return found


def _differentiates(left: Any, right: Any, subject: Subject, proofs: Proofs, carried_out: Derived) -> bool:
    """Whether the derivative of which the claim speaks stood in the equation."""
    sides = (subject.lhs, subject.rhs)
    if any(side.has(MatrixGradient) for side in sides):
        return any(side.has(MatrixGradient) for side in (left, right))
    stated = [d for side in sides for d in side.atoms(Derivative)]
    if subject.laws:  # the derivatives of a loss, which are the rates
        return not any(side.has(FlowRate) for side in sides) and any(s in subject.moving for _, s in carried_out)
    return any(
        d.variables == (variable,) and any(proofs.holds(function, r * d.expr) for r in RATIOS)
        for function, variable in carried_out
        for d in stated
    )


def has_rates(side: Any, subject: Subject) -> bool:
    """Whether a rate of one of the claim's letters stands there."""
    return any(side.has(rate) for rate in subject.moving.values())


def mentions(expression: Any, unknown: Any) -> bool:
    """Whether the unknown stands there, at whatever argument."""
    if isinstance(unknown, AppliedUndef):
        return bool(expression.has(unknown.func))
    return bool(expression.has(unknown) or (isinstance(unknown, Derivative) and expression.has(Derivative)))


# The claim gives an unknown ------------------------------------------------------------------------------


def _solution(left: Expr, right: Expr, subject: Subject, proofs: Proofs) -> Comparison:
    for unknown, _ in subject.unknowns:  # w₁w₂ = … is about w
        written = products(unknown)
        left, right = (unknown if side in written else side for side in (left, right))
    if left == right:
        return _SAME
    pairs = [(u, v) for u, v in subject.unknowns if left.has(u) or right.has(u)]
    if not pairs:
        about = (subject.lhs,)
        if _is_condition(left, right, subject, proofs):
            return Comparison("ok", "an equation that {} satisfies, with the claim's value put in", about=about)
        weights = {w for u, _ in subject.unknowns for p in products(u) for w in p.atoms(Symbol, AppliedUndef)} - {_TIME}
        if any(side.has(w) for side in (left, right) for w in weights):
            return Comparison("undecided", "the weights stand there, and not the {} that they make up", about=about)
        return Comparison("wrong", "the equation does not contain {}, of which the claim speaks", about=about)
    if len(pairs) > 1:
        return Comparison("undecided", "more than one unknown of the claim in one equation")
    unknown, value = pairs[0]
    for one, other in ((left, right), (right, left)):
        if one == unknown and not mentions(other, unknown):
            found = proofs.verdict(other, value)
            return Comparison("ok", "equal to the claim") if found.status == "proved" else not_proved(found)
    return _rearranged(left, right, unknown, value, proofs)


def _is_condition(left: Expr, right: Expr, subject: Subject, proofs: Proofs) -> bool:
    """Whether the equation is, side by side, one that the unknown satisfies, with its value put in."""
    for condition in subject.conditions:
        sides = [side.xreplace(dict(subject.unknowns)) for side in (condition.lhs, condition.rhs)]
        if any(side.is_number or side.has(Derivative) for side in sides):
            continue
        for one, other in (sides, sides[::-1]):
            if proofs.holds(left, one) and proofs.holds(right, other):
                return True
    return False


def _rearranged(left: Expr, right: Expr, unknown: Expr, value: Expr, proofs: Proofs) -> Comparison:
    """The claim's value must solve the equation, and the equation must leave no other."""
    letter = Dummy("unknown", real=True)
    left, right = left.xreplace({unknown: letter}), right.xreplace({unknown: letter})
    if mentions(left, unknown) or mentions(right, unknown):
        return Comparison("undecided", "the unknown stands at other arguments or under a derivative")
    found = proofs.verdict(left.xreplace({letter: value}), right.xreplace({letter: value}))
    if found.status != "proved":
        return not_proved(found)
    rearranged = None
    for factors in isolation.factors(left - right, letter, proofs.zero):
        rearranged = proofs.with_factors(factors, value)
        if rearranged.verdict == "ok":
            break
    if rearranged is None:
        return Comparison("undecided", "the claim's value satisfies the equation, which may have other solutions")
    return rearranged


# The claim is a law of motion -----------------------------------------------------------------------------


def _law(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    if is_matrix(left):
        return _matrix_law(left, right, subject, proofs)
    given = left - right
    undecided = None
    for above, below in (
        (given, law_left - law_right) for law_left, law_right in subject.laws if not is_matrix(law_left)
    ):
        for rate in subject.moving.values():
            if is_matrix(rate):
                continue
            upper, lower = above.diff(rate), below.diff(rate)
            if upper == 0 or lower == 0 or has_rates(upper, subject) or has_rates(lower, subject):
                continue
            ratio = proofs.rewritten("cancel", upper / lower)
            found = proofs.verdict(above, ratio * below)
            if found.status == "proved":
                return proofs.with_factors([ratio])
            undecided = undecided or not_proved(found)
            break
    along = subject.flow
    # With rates on both sides: of first degree in them it would be a multiple of the law, and another law if it is not.
    rates = list(subject.moving.values())
    linear = not is_matrix(left) and all(given.diff(r, s) == 0 for r in rates for s in rates if not is_matrix(r))
    for one, other in () if linear else ((left, right), (right, left)):
        for stated, value in subject.laws:
            if not is_matrix(stated) and proofs.holds(one, stated) and proofs.holds(other.xreplace(along), value):
                return Comparison("ok", "the claim, with the flow put in")
    found = proofs.verdict(left.xreplace(along), right.xreplace(along))
    if found.status == "proved":
        return Comparison("undecided", f"true along the flow, but {_UNSEEN}")
    if has_rates(left.xreplace(along), subject) or has_rates(right.xreplace(along), subject):
        return undecided or Comparison("undecided", "a rate of which the claim does not speak")
    return not_proved(found)


def _matrix_law(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    """A law of a matrix letter: the claim times a scalar, which is read off the rate."""
    refuted = None
    if any((left - right).has(Transpose(rate)) for rate in subject.moving.values() if is_matrix(rate)):
        left, right = Transpose(left).doit(), Transpose(right).doit()
    for law_left, law_right in subject.laws:
        if not is_matrix(law_left) or law_left.shape != left.shape:
            continue
        letter = next(r for r in subject.moving.values() if law_left.has(r))
        scalars = [_coefficient(side, letter) for side in (left, right, law_left)]
        if None in scalars:
            return Comparison("undecided", "a rate inside a product of matrices")
        ratio = (scalars[0] - scalars[1]) / scalars[2]  # type: ignore[operator]
        if ratio == 0:
            continue
        rest = (left - right) - ratio * (law_left - law_right)
        found = proofs.verdict(rest, ZeroMatrix(*left.shape))
        if found.status == "proved":
            return proofs.with_factors([ratio])
        refuted = refuted or not_proved(found)
    return refuted or Comparison("undecided", "a rate of which the claim does not speak")


def _coefficient(side: Any, letter: Any) -> Expr | None:
    """The scalar before the letter in a sum; None where it stands in a product with other matrices."""
    total: Expr = Integer(0)
    for term in side.args if side.is_MatAdd else (side,):
        if not term.has(letter):
            continue
        scalar, matrices = term.as_coeff_matrices() if isinstance(term, MatMul) else (Integer(1), [term])
        if list(matrices) != [letter]:
            return None
        total += scalar
    return total


# The claim is an identity ---------------------------------------------------------------------------------


def beside(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    """Another equation in a chain: true along the flow, or from the start on where something is conserved."""
    found = proofs.verdict(left.xreplace(subject.flow), right.xreplace(subject.flow))
    if found.status != "proved" and subject.conserves:
        if (conserved := _conserved(left, right, subject, proofs)) is not None:
            return conserved
        at_start = subject.weights_at_start
        found = proofs.verdict(left.xreplace(at_start), right.xreplace(at_start))
    return Comparison("ok", "proved") if found.status == "proved" else not_proved(found)


def _conserved(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison | None:
    """w₂² - w₁² = c₀ where the claim is that its rate vanishes; None for other claims and equations."""
    if not subject.conserves or is_matrix(left):
        return None
    difference = left - right
    letters = [s for s in subject.moving if difference.has(s)]
    if not letters:
        return None
    rate = sum(difference.diff(s) * subject.moving[s] for s in letters)
    found = proofs.verdict(rate.xreplace(subject.flow), Integer(0))
    if found.status != "proved":  # it may hold on the path alone, as w₂⁴ - w₁⁴ = c₀(w₁² + w₂²) does
        found = proofs.verdict(difference.xreplace(subject.start_on_path), Integer(0))
        return not_proved(found) if found.status == "refuted" else Comparison("undecided", _UNSEEN)
    found = proofs.verdict(difference.xreplace(subject.weights_at_start), Integer(0))
    if found.status != "proved":
        return not_proved(found)
    law = _law(rate, Integer(0), subject, proofs)
    return Comparison("ok", "the claim, from the start on") if law.verdict == "ok" else law


def _identity(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    found = proofs.verdict(left, right)
    if found.status != "proved":
        return not_proved(found)
    for stated, other in _stated(subject):
        if is_matrix(stated) != is_matrix(left) or (is_matrix(left) and stated.shape != left.shape):
            continue
        if stated.has(NoiseAverage):
            if _same_mean(left - right, stated, proofs):
                return Comparison("ok", "an identity between the claim's quantities")
            continue
        if any(proofs.holds(left, s) for s in (stated, other)):
            return Comparison("ok", "an identity between the claim's quantities")
        if is_matrix(left) or stated == 0:
            continue
        if has_letters(left) or has_letters(stated):
            if any(proofs.holds(left, r * stated) for r in RATIOS):
                return Comparison("ok", "an identity between the claim's quantities")
            continue
        ratio = proofs.rewritten("cancel", left / stated)
        if is_unit(ratio) and not is_unit(stated):
            return Comparison("ok", "{} times the claim", about=(ratio,))
    return Comparison("undecided", f"true, but {_UNSEEN}")


def _same_mean(given: Any, stated: Any, proofs: Proofs) -> bool:
    """Whether an equation speaks of the one mean of which the claim does."""
    means, wanted = given.atoms(NoiseAverage), stated.atoms(NoiseAverage)
    if len(means) != 1 or len(wanted) != 1:
        return False
    one, other = means.pop().args[0], wanted.pop().args[0]
    return any(proofs.holds(one, r * other) for r in (Integer(1), *RATIOS))


def _stated(subject: Subject) -> list[tuple[Any, Any]]:
    sides = (tuple(s) if isinstance(s, Tuple) else (s,) for s in (subject.lhs, subject.rhs))
    return [(_done(one), other) for one, other in zip(*sides, strict=True)]


def _done(side: Any) -> Any:
    return side if has_letters(side) else side.doit()


def is_unit(e: Expr) -> bool:
    """A rational number times powers of positive symbols, not 0."""
    parts = Mul.make_args(e)
    return e != 0 and all(
        p.is_Rational or (isinstance(_base_of(p), Symbol) and bool(_base_of(p).is_positive)) for p in parts
    )


def _base_of(part: Expr) -> Expr:
    return part.base if part.is_Pow and part.exp.is_Rational else part
