"""Which part of a formula is read and never compared, and what to do about it."""

from __future__ import annotations

from .formula_trees import Node

_SAID = {
    "open relation": "the relation {}",
    "limit": "a limit",
    "extremum": "{}",
    "open integral": "an integral without two finite limits",
    "product": "{}",
    "operator": "the operator {}",
    "other norm": "a norm that is not Frobenius's, squared",
    "matrix": "a matrix of entries",
    "cases": "an equation by cases",
    "rows": "an equation of several rows",
    "set": "a set",
    "ket": "a bra or a ket",
    "evaluation": "the value at a place behind a bar",
    "words": "a text",
    "dots": "what dots stand for",
    "infinity": "∞",
    "gradient": "a gradient without the letter in which is differentiated",
    "list": "a list of values or statements",
    "signed": "{}",
}


_REMEDIES = {
    "\\pm": "write each of the two equations",
    "\\mp": "write each of the two equations",
    "\\approx": "≈ is, beside a decimal such as 0.09",
    "cases": "write each case as an equation of its own",
    "evaluation": "that of one factor is, or of brackets, where one letter has a value, as in F|_{x=0}",
    "list": "equations stand apart by \\quad, and numbers are written without commas",
}


def not_compared(node: Node) -> str:
    """That something there is read and never compared, in words; "" where nothing is."""
    left = [node]
    while left:
        part = left.pop()
        if part.kind in _SAID:
            remedy = _REMEDIES.get(part.value) or _REMEDIES.get(part.kind, "")
            said = f"{_SAID[part.kind].format(part.value)} is read, and not compared"
            return f"{said}: {remedy}" if remedy else said
        left += reversed(part.parts)
    return ""
