"""One inequality against a claim that is one."""

from __future__ import annotations

from typing import Any

from .equations import is_unit
from .proofs import Comparison, Proofs, not_proved
from .shapes import is_matrix
from .subject import Subject


def compared(left: Any, right: Any, relation: str, subject: Subject, proofs: Proofs) -> Comparison:
    """The verdict on left (relation) right: the claim times a positive factor, with both its sides on either side."""
    if is_matrix(left):
        return Comparison("undecided", "inequalities between matrices are not compared")
    if subject.unknowns:
        filled = dict(subject.unknowns)
        left, right = left.xreplace(filled), right.xreplace(filled)
    found = proofs.verdict(left, right, relation)
    if found.status != "proved":
        return not_proved(found)
    if subject.claim.relation == "=":
        return Comparison("undecided", "true, but an inequality, and the claim is an equation")
    above, below = (right, left) if relation in ("<", "<=") else (left, right)
    stated_above, stated_below = subject.lhs.doit(), subject.rhs.doit()
    given, stated = above - below, stated_above - stated_below
    if given == 0 or stated == 0:
        return Comparison("undecided", "both sides are the same, so nothing is said")
    ratio = proofs.rewritten("cancel", given / stated)
    # Each side times the factor, or all on one side times a number: 1 + 4x > 1 is not 1 + x > 1, though one follows
    # from the other; and whatever is positive is some factor times anything else that is.
    moved = ratio == 1 or (ratio.is_Rational and 0 in (above, below)) or proofs.holds(above, ratio * stated_above)
    letters = stated.free_symbols <= above.free_symbols | below.free_symbols
    positive = is_unit(ratio) and bool(ratio.is_positive) and (ratio.is_Rational or 0 not in (above, below))
    if not (positive and moved and letters and proofs.holds(given, ratio * stated)):
        return Comparison("undecided", "true, but not recognised as the claim")
    strict = {"<": ">", "<=": ">="}.get(relation, relation)
    if strict == ">=" and subject.claim.relation == ">":
        return Comparison("undecided", "true, but weaker than the claim, which excludes equality")
    return Comparison("ok", "the claim" if ratio == 1 else f"{ratio} times the claim")
