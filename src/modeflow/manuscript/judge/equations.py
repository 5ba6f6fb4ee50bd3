"""One equation, two sides, against a claim that gives an unknown, a law of motion or an identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Dummy, Expr, Integer, MatMul, Mul, Rational, Symbol, Transpose, Tuple, ZeroMatrix
from sympy.core.function import AppliedUndef, Derivative

from ...language.flow import FlowRate
from ...language.matrices import MatrixGradient, NoiseAverage, has_letters
from ..mean.matrix_shapes import is_matrix
from ..mean.subject import Subject
from . import uniqueness
from .prover_questions import NOTHING_SAID, OTHER_RATE, Comparison, Proofs, comparison, not_proved

RATIOS = tuple(sign * r for r in (Integer(2), Rational(1, 2), Integer(1)) for sign in (1, -1))
Derived = Sequence[tuple[Expr, Symbol]]

_UNSEEN = "not recognised as the claim"
_IDENTITY = Comparison("ok", "an identity between the claim's quantities")


def compared(left: Any, right: Any, subject: Subject, proofs: Proofs, carried_out: Derived) -> Comparison:
    """The verdict on left = right; carried_out: what was differentiated on one side of it, and in which letter."""
    if subject.unknowns:
        return _solution(left, right, subject, proofs)
    if has_rates(left, subject) or has_rates(right, subject):
        return _law(left, right, subject, proofs)
    if (conserved := _conserved(left, right, subject, proofs)) is not None:
        return conserved
    identity = _identity(left, right, subject, proofs)
    if identity.verdict != "ok" or not subject.differentiates:
        return identity
    if _differentiates(left, right, subject, proofs, carried_out):
        return identity
    return Comparison("undecided", "true, but what the claim differentiates is not differentiated in it")


def _differentiates(left: Any, right: Any, subject: Subject, proofs: Proofs, carried_out: Derived) -> bool:
    """Whether the derivative of which the claim speaks stood in the equation."""
    stated = (subject.lhs, subject.rhs)
    if _stands(MatrixGradient, *stated):
        return _stands(MatrixGradient, left, right)
    if subject.laws:  # the derivatives of a loss, which are the rates
        return not _stands(FlowRate, *stated) and any(letter in subject.moving for _, letter in carried_out)
    derivatives = [d for side in stated for d in side.atoms(Derivative)]
    return any(
        d.variables == (variable,) and any(proofs.holds(function, r * d.expr) for r in RATIOS)
        for function, variable in carried_out
        for d in derivatives
    )


def _stands(kind: Any, *sides: Any) -> bool:
    return any(side.has(kind) for side in sides)


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
    left, right = (_unknown_for_product(side, subject) for side in (left, right))
    if left == right:
        return NOTHING_SAID
    there = [(u, v) for u, v in subject.unknowns if left.has(u) or right.has(u)]
    if len(there) > 1:
        return Comparison("undecided", "more than one unknown of the claim in one equation")
    if not there:
        return _without_unknown(left, right, subject, proofs)
    ((unknown, value),) = there
    solved = _solved_for(unknown, left, right)
    if solved is None:
        return _rearranged(left, right, unknown, value, proofs)
    return comparison(proofs.verdict(solved, value), "equal to the claim")


def _unknown_for_product(side: Expr, subject: Subject) -> Expr:
    """The unknown for a side that is a product of the weights which is written for it: w₁w₂ = … is about w."""
    return next((unknown for unknown, _ in subject.unknowns if side in subject.products(unknown)), side)


def _solved_for(unknown: Expr, left: Expr, right: Expr) -> Expr | None:
    """The other side, where the unknown is one and does not stand in it."""
    orders = ((left, right), (right, left))
    return next((other for one, other in orders if one == unknown and not mentions(other, unknown)), None)


def _without_unknown(left: Expr, right: Expr, subject: Subject, proofs: Proofs) -> Comparison:
    about = (subject.lhs,)
    if _is_condition(left, right, subject, proofs):
        return Comparison("ok", "an equation that {} satisfies, with the claim's value put in", about=about)
    made_up = [product for u, _ in subject.unknowns for product in subject.products(u)]
    weights = {w for p in made_up for w in p.atoms(Symbol, AppliedUndef)} - {subject.motion.time}
    if any(_stands(weight, left, right) for weight in weights):
        return Comparison("undecided", "the weights stand there, and not the {} that they make up", about=about)
    return Comparison("wrong", "the equation does not contain {}, of which the claim speaks", about=about)


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
    verdict = proofs.verdict(left.xreplace({letter: value}), right.xreplace({letter: value}))
    if verdict.status != "proved":
        return not_proved(verdict)
    rearranged = Comparison("undecided", "the claim's value satisfies the equation, which may have other solutions")
    for factors in uniqueness.factors(left - right, letter, proofs.zero):
        rearranged = proofs.with_factors(factors, value)
        if rearranged.verdict == "ok":
            break
    return rearranged


# The claim is a law of motion -----------------------------------------------------------------------------


def _law(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    if is_matrix(left):
        return _matrix_law(left, right, subject, proofs)
    no_multiple = None
    for ratio, law in _ratios(left - right, subject, proofs):
        verdict = proofs.verdict(left - right, ratio * law)
        if verdict.status == "proved":
            return proofs.with_factors([ratio])
        no_multiple = no_multiple or not_proved(verdict)
    if not _is_linear(left - right, subject) and _is_law_along_flow(left, right, subject, proofs):
        return Comparison("ok", "the claim, with the flow put in")
    along = [side.xreplace(subject.flow) for side in (left, right)]
    verdict = proofs.verdict(*along)
    if verdict.status == "proved":
        return Comparison("undecided", f"true along the flow, but {_UNSEEN}")
    if any(has_rates(side, subject) for side in along):
        return no_multiple or OTHER_RATE
    return not_proved(verdict)


def _ratios(difference: Expr, subject: Subject, proofs: Proofs) -> Iterator[tuple[Expr, Expr]]:
    """By what the equation would be a multiple of each law between scalars, and the difference of the law's sides."""
    laws = (left - right for left, right in subject.laws if not is_matrix(left))
    for law in laws:
        ratio = _ratio_of_rates(difference, law, subject)
        if ratio is not None:
            yield proofs.rewritten("cancel", ratio), law


def _ratio_of_rates(difference: Expr, law: Expr, subject: Subject) -> Expr | None:
    """The ratio of the coefficients of the first rate that both are linear in; None where there is none."""
    for rate in subject.moving.values():
        if is_matrix(rate):
            continue
        coefficients = [e.diff(rate) for e in (difference, law)]
        if not any(c == 0 or has_rates(c, subject) for c in coefficients):
            return coefficients[0] / coefficients[1]
    return None


def _is_linear(difference: Expr, subject: Subject) -> bool:
    """Whether an equation is of first degree in the rates: a multiple of the law, or another law."""
    rates = list(subject.moving.values())
    return all(difference.diff(r, s) == 0 for r in rates for s in rates if not is_matrix(r))


def _is_law_along_flow(left: Expr, right: Expr, subject: Subject, proofs: Proofs) -> bool:
    """Whether one side is that of a law, and the other is the law's with the flow put in."""
    return any(
        proofs.holds(one, stated) and proofs.holds(other.xreplace(subject.flow), value)
        for one, other in ((left, right), (right, left))
        for stated, value in subject.laws
        if not is_matrix(stated)
    )


def _matrix_law(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    """A law of a matrix letter: the claim times a scalar, which is read off the rate."""
    if any((left - right).has(Transpose(rate)) for rate in subject.moving.values() if is_matrix(rate)):
        left, right = Transpose(left).doit(), Transpose(right).doit()
    no_multiple = None
    for law_left, law_right in subject.laws:
        if not is_matrix(law_left) or law_left.shape != left.shape:
            continue
        ratio = _ratio_of_matrix_rates(left, right, law_left, subject)
        if ratio is None:
            return Comparison("undecided", "a rate inside a product of matrices")
        if ratio == 0:
            continue
        rest = (left - right) - ratio * (law_left - law_right)
        verdict = proofs.verdict(rest, ZeroMatrix(*left.shape))
        if verdict.status == "proved":
            return proofs.with_factors([ratio])
        no_multiple = no_multiple or not_proved(verdict)
    return no_multiple or OTHER_RATE


def _ratio_of_matrix_rates(left: Any, right: Any, law_left: Any, subject: Subject) -> Expr | None:
    """The scalar before the law's rate in the equation over that in the law; None where one is not a scalar."""
    rate = next(r for r in subject.moving.values() if law_left.has(r))
    on_left, on_right, in_law = (_coefficient(side, rate) for side in (left, right, law_left))
    return None if None in (on_left, on_right, in_law) else (on_left - on_right) / in_law  # type: ignore[operator]


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
    verdict = proofs.verdict(left.xreplace(subject.flow), right.xreplace(subject.flow))
    if verdict.status != "proved" and subject.conserves:
        if (conserved := _conserved(left, right, subject, proofs)) is not None:
            return conserved
        at_start = subject.weights_at_start
        verdict = proofs.verdict(left.xreplace(at_start), right.xreplace(at_start))
    return comparison(verdict, "proved")


def _conserved(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison | None:
    """w₂² - w₁² = c₀ where the claim is that its rate vanishes; None for other claims and equations."""
    if not subject.conserves or is_matrix(left):
        return None
    difference = left - right
    letters = [s for s in subject.moving if difference.has(s)]
    if not letters:
        return None
    rate = sum(difference.diff(s) * subject.moving[s] for s in letters)
    if not proofs.zero(rate.xreplace(subject.flow)):
        return _on_path(difference, subject, proofs)
    verdict = proofs.verdict(difference.xreplace(subject.weights_at_start), Integer(0))
    if verdict.status != "proved":
        return not_proved(verdict)
    law = _law(rate, Integer(0), subject, proofs)
    return Comparison("ok", "the claim, from the start on") if law.verdict == "ok" else law


def _on_path(difference: Expr, subject: Subject, proofs: Proofs) -> Comparison:
    """Of what is not conserved: it may hold on the path alone, as w₂⁴ - w₁⁴ = c₀(w₁² + w₂²) does."""
    verdict = proofs.verdict(difference.xreplace(subject.start_on_path), Integer(0))
    return not_proved(verdict) if verdict.status == "refuted" else Comparison("undecided", _UNSEEN)


def _identity(left: Any, right: Any, subject: Subject, proofs: Proofs) -> Comparison:
    verdict = proofs.verdict(left, right)
    if verdict.status != "proved":
        return not_proved(verdict)
    for stated in _stated(subject):
        recognised = _recognised(left, right, stated, proofs)
        if recognised is not None:
            return recognised
    return Comparison("undecided", f"true, but {_UNSEEN}")


def _recognised(left: Any, right: Any, stated: tuple[Any, Any], proofs: Proofs) -> Comparison | None:
    """ok where a true equation is one of the claim's, or a number times it; None where that is not seen."""
    one, other = stated
    if _shape(one) != _shape(left):
        return None
    if one.has(NoiseAverage):
        return _IDENTITY if _same_mean(left - right, one, proofs) else None
    if proofs.holds(left, one) or proofs.holds(left, other):
        return _IDENTITY
    return None if is_matrix(left) or one == 0 else _multiple(left, one, proofs)


def _multiple(left: Expr, stated: Expr, proofs: Proofs) -> Comparison | None:
    if has_letters(left) or has_letters(stated):
        return _IDENTITY if any(proofs.holds(left, r * stated) for r in RATIOS) else None
    ratio = proofs.rewritten("cancel", left / stated)
    return Comparison("ok", "{} times the claim", about=(ratio,)) if is_unit(ratio) and not is_unit(stated) else None


def _shape(side: Any) -> Any:
    return side.shape if is_matrix(side) else None


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
