"""One inequality against a claim that is one."""

from __future__ import annotations

from typing import Any

from ..mean.matrix_shapes import is_matrix
from ..mean.subject import Subject, entries
from .equations import has_rates, is_unit
from .prover_questions import NOTHING_SAID, OTHER_RATE, TURNED, Comparison, Proofs, not_proved


def compared(left: Any, right: Any, relation: str, subject: Subject, proofs: Proofs) -> Comparison:
    """The verdict on left (relation) right: the claim times a positive factor, with both its sides on either side."""
    if is_matrix(left):
        return Comparison("undecided", "inequalities between matrices are not compared")
    left, right = left.xreplace(subject.values), right.xreplace(subject.values)
    if has_rates(left, subject) or has_rates(right, subject):
        return OTHER_RATE
    verdict = proofs.verdict(left, right, relation)
    if verdict.status != "proved":
        return not_proved(verdict, relation)
    if subject.claim.relation == "=":
        return Comparison("undecided", "true, but an inequality, and the claim is an equation")
    if left == right:
        return NOTHING_SAID
    ratio = _times(left, right, relation, subject, proofs)
    return _UNSEEN if ratio is None else _said(relation, subject.claim.relation, ratio)


_UNSEEN = Comparison("undecided", "true, but not recognised as the claim")
_EXCLUDES = ("!=", ">")  # that the sides are equal


def _said(relation: str, claimed: str, ratio: Any) -> Comparison:
    """The verdict on what is true and the claim times a factor, but for the relation."""
    said, claimed = (TURNED.get(sign, sign) for sign in (relation, claimed))
    if said == claimed:
        return Comparison("ok", "the claim" if ratio == 1 else "{} times the claim", about=(ratio,))
    if said == ">":
        less = "that the sides are equal, which is excluded" if claimed == ">=" else "either sign, and this is proved"
        return Comparison("ok", f"stronger than the claim, which allows {less}")
    if said in _EXCLUDES and claimed not in _EXCLUDES:
        return Comparison("undecided", "true, but not the claim, which says which side is the greater")
    more = "says which side is the greater" if said == "!=" else "excludes equality"
    return Comparison("undecided", f"true, but weaker than the claim, which {more}")


def _times(left: Any, right: Any, relation: str, subject: Subject, proofs: Proofs) -> Any:
    """The factor by which the sides, the greater first, are those of an entry of the claim; None where none is."""
    orders = [(left, right), (right, left)]
    if "!=" not in (relation, subject.claim.relation):
        orders = orders[1:] if relation in TURNED else orders[:1]
    turned = -1 if subject.claim.relation in TURNED else 1
    for sides in zip(entries(subject.lhs.doit()), entries(subject.rhs.doit()), strict=True):
        stated_above, stated_below = sides[::turned]
        for above, below in orders:
            if (ratio := _factor(above, below, stated_above, stated_below, proofs)) is not None:
                return ratio
    return None


def _factor(above: Any, below: Any, stated_above: Any, stated_below: Any, proofs: Proofs) -> Any:
    """The positive factor by which above > below is what is stated; None where there is none.

    Each side times the factor, or all on one side times a number: 1 + 4x > 1 is not 1 + x > 1, though one follows
    from the other; and whatever is positive is some factor times anything else that is.
    """
    given, stated = above - below, stated_above - stated_below
    if stated == 0 or not stated.free_symbols <= above.free_symbols | below.free_symbols:
        return None
    ratio = proofs.rewritten("cancel", given / stated)
    is_factor = ratio.is_positive and is_unit(ratio)
    if 0 in (above, below):
        times_each = is_factor and ratio.is_Rational
    else:
        times_each = is_factor and (ratio == 1 or proofs.holds(above, ratio * stated_above))
    return ratio if times_each and proofs.holds(given, ratio * stated) else None
