"""One inequality against a claim that is one."""

from __future__ import annotations

from typing import Any

from .equations import is_unit
from .proofs import Comparison, Proofs, not_proved
from .shapes import is_matrix
from .subject import Subject, entries


def compared(left: Any, right: Any, relation: str, subject: Subject, proofs: Proofs) -> Comparison:
    """The verdict on left (relation) right: the claim times a positive factor, with both its sides on either side."""
    if is_matrix(left):
        return Comparison("undecided", "inequalities between matrices are not compared")
    if subject.unknowns:
        filled = dict(subject.unknowns)
        left, right = left.xreplace(filled), right.xreplace(filled)
    found = proofs.verdict(left, right, relation)
    if found.status != "proved":
        return not_proved(found, relation)
    if subject.claim.relation in ("=", "!="):
        kind = "an equation" if subject.claim.relation == "=" else "that two sides differ"
        return Comparison("undecided", f"true, but an inequality, and the claim is {kind}")
    above, below = (right, left) if relation in ("<", "<=") else (left, right)
    if above == below:
        return Comparison("undecided", "both sides are the same, so nothing is said")
    order = -1 if subject.claim.relation in ("<", "<=") else 1
    for stated in zip(entries(subject.lhs.doit()), entries(subject.rhs.doit()), strict=True):
        stated_above, stated_below = stated[::order]
        ratio = _factor(above, below, stated_above, stated_below, proofs)
        if ratio is not None and relation in ("<=", ">=") and subject.claim.relation in (">", "<"):
            return Comparison("undecided", "true, but weaker than the claim, which excludes equality")
        if ratio is not None:
            return Comparison("ok", "the claim" if ratio == 1 else "{} times the claim", about=(ratio,))
    return Comparison("undecided", "true, but not recognised as the claim")


def _factor(above: Any, below: Any, stated_above: Any, stated_below: Any, proofs: Proofs) -> Any:
    """The positive factor by which above > below is what is stated; None where there is none.

    Each side times the factor, or all on one side times a number: 1 + 4x > 1 is not 1 + x > 1, though one follows
    from the other; and whatever is positive is some factor times anything else that is.
    """
    given, stated = above - below, stated_above - stated_below
    if stated == 0 or not stated.free_symbols <= above.free_symbols | below.free_symbols:
        return None
    ratio = proofs.rewritten("cancel", given / stated)
    if not (is_unit(ratio) and ratio.is_positive):
        return None
    on_one_side = 0 in (above, below)
    if on_one_side and not ratio.is_Rational:
        return None
    moved = ratio == 1 or on_one_side or proofs.holds(above, ratio * stated_above)
    return ratio if moved and proofs.holds(given, ratio * stated) else None
