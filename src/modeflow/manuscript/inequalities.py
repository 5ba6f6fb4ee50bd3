"""One inequality against a claim that is one."""

from __future__ import annotations

from typing import Any

from sympy import Integer

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
    given = right - left if relation in ("<", "<=") else left - right
    stated = subject.lhs.doit() - subject.rhs.doit()
    if given == 0 or stated == 0:
        return Comparison("undecided", "both sides are the same, so nothing is said")
    ratio = proofs.rewritten("cancel", given / stated)
    if not (ratio.is_positive or proofs.holds(ratio, Integer(0), ">")) or not proofs.holds(given, ratio * stated):
        return Comparison("undecided", "true, but not recognised as the claim")
    strict = {"<": ">", "<=": ">="}.get(relation, relation)
    if strict == ">=" and subject.claim.relation == ">":
        return Comparison("undecided", "true, but weaker than the claim, which excludes equality")
    return Comparison("ok", "the claim" if ratio == 1 else f"{ratio} times the claim")
