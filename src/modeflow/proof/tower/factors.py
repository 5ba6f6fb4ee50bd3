"""Factors of polynomials: the same ones are asked for ten times, as denominators, for signs and for conditions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq_mpoly

MOST_KEPT = 4000  # polynomials

_known: dict[Any, list[tuple[fmpq_mpoly, Any]]] = {}  # by what is quickly told of a polynomial, since none has a hash


def factored(p: fmpq_mpoly) -> tuple[Any, list[tuple[fmpq_mpoly, int]]]:
    """The content and the irreducible factors with multiplicities, as FLINT has them."""
    alike = _known.setdefault((p.context().nvars(), len(p), *p.degrees()), [])
    for other, found in alike:
        if other == p:
            return found[0], list(found[1])
    if len(_known) > MOST_KEPT:
        _known.clear()
    content, factors = p.factor()
    alike.append((p, (content, factors)))
    return content, list(factors)


def factors_of(p: fmpq_mpoly) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
    """The content and the irreducible factors, in an order that does not depend on how they were found."""
    content, factors = factored(p)
    if len(factors) > 1:
        factors = sorted(factors, key=lambda pair: str(pair[0]))
    return Fraction(int(content.p), int(content.q)), factors
