"""What would help where a statement stays undecided: for every reason one sentence that says what to do."""

from __future__ import annotations

import re
from dataclasses import replace

from ..language.verdict import Verdict

_ASSUME = "give what is known of it as an assumption of the symbol or by given=[...]"
_SMALLER = "prove smaller statements from which it follows"

# The first pattern that is found in a reason says what would help; the more special ones come first.
_REMEDIES = (
    (r"rests on", "prove that domain, by signs=... or under given=[...], or claim less of the quantity"),
    (
        r"form with known signs|signs of its parts|sign is known only",
        "give signs= another form, with terms of one sign",
    ),
    (r"no point was found that satisfies", "weaken what is assumed or given"),
    (r"stopped at the limit|share of memory|out of memory", f"raise time_limit, or {_SMALLER}"),
    (r"nested too deeply|too deep", "name its inner parts by symbols and prove the steps one by one"),
    (r"the check failed", "write the statement in another form, and report this one: it is a defect"),
    (r"longer than \d+ bits", "put a symbol in the place of the number"),
    (r"not a finite expression", "take the limit first, and state what is finite"),
    (r"identically zero", "check the statement: it divides by zero, or takes the logarithm of zero, everywhere"),
    (r"is not an expression that can be checked", "write it by elementary functions, or put a symbol in its place"),
    (r"depend on each other", "put symbols in the place of the values of the function"),
    (r"write functions of letters", "put symbols in the place of the others"),
    (r"values are declared to be of another kind", "declare the function real"),
    (r"is not known|is not known to be real|are not known", _ASSUME),
    (r"branch cut|branch \S+ of LambertW", "keep the argument off the cut by an assumption or by given=[...]"),
    (r"not differentiable|derivative", "keep off the point by given=[...], or state the value of the derivative"),
    (r"integral does not exist", "keep what vanishes out of the stretch between its limits"),
    (r"equal there", "state it with >=, or keep off the point by given=[...]"),
    (r"very small or very large", "put a symbol in the place of that part"),
    (r"side jumps|not decided by a ball", "state each piece on its own, with its condition in given=[...]"),
    (r"explicit matri|sizes of matrices|covariance|moments", "declare the letters, their sizes and the covariance"),
    (r"inverse of what has none", "write it without an inverse, by a letter for it and what the letter is given to be"),
    (r"the scalar is no polynomial", "state the gradient of each part, or put the gradient in by hand"),
    (r"inequalities between matrices", "state the inequality between numbers, such as traces of small matrices"),
    (r"words of the two sides differ", "check the order of the factors, and which letters are symmetric or orthogonal"),
    (
        r"matrix words|matrix letter|trace inside|declared diagonal|letter without constraints",
        "write it by sums, products and transposes of declared matrix letters",
    ),
    (r"larger than \d+|more than \d+|too many|too large", _SMALLER),
    (r"nowhere zero", "assume the sign of the difference by given=[...], or show that it has one"),
    (r"certificate of sign", f"{_ASSUME}, or {_SMALLER}"),
    (r"does not reduce", f"check it, {_ASSUME}, or {_SMALLER}"),
    (r"does not commute|not a whole number|not real|rational value|contains zero|negative power", _ASSUME),
    (r"finite and sharp value", "check where the sides are defined, and give that by given=[...]"),
    (
        r"outside the tower|no ball arithmetic|ball arithmetic for real arguments",
        "write it by exp, log, roots or circular functions, or put a symbol in its place with what is known of it",
    ),
    (r"may be infinite|is declared", "declare what the message names"),
)


def remedy(reason: str) -> str:
    """What would help where this is why a statement is undecided; empty for a reason that nobody gives."""
    return next((help_ for pattern, help_ in _REMEDIES if re.search(pattern, reason)), "")


def with_remedy(verdict: Verdict) -> Verdict:
    """An undecided verdict whose reason says what would help."""
    if verdict.status != "undecided" or not (told := remedy(verdict.reason)):
        return verdict
    return replace(verdict, reason=f"{verdict.reason}; what would help: {told}")
