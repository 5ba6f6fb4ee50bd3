"""What the words say by which a verdict tells how it was reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..language.verdict import Verdict

METHODS: Mapping[str, str] = MappingProxyType(
    {
        "tower": "exponentials, logarithms and roots are replaced by letters, one after the other, of which each is "
        "algebraic over those before it or independent of them; the difference of the two sides is then a fraction of "
        "polynomials whose numerator is 0.",
        "signs": "every term, or every factor, has a sign that is known, and they agree.",
        "certificate of signs": "the same, written down step by step, so that a second program can check it.",
        "matrix words": "both sides are expanded into products of matrices that do not commute, and all cancel.",
        "inverses": "an inverse times what is inverted was taken for the identity, or both sides were multiplied by "
        "what is inverted.",
        "no factor vanishes": "what is said not to be 0 is a product, and none of its factors is 0.",
        "derivatives": "the derivative of the difference is 0, or has a known sign, and one value of it is known.",
        "induction": "the statement holds for the first number, and for each number if it holds for the one before.",
        "corollary": "the claim is a general one with values put in; the obligations are that the values meet what is "
        "assumed there, that nothing divides by 0, and that the flow is the one meant.",
        "balls": "both sides are enclosed in intervals at a point, and the intervals are apart.",
        "explicit matrices": "at matrices with numbers as entries the two sides differ.",
        "substitution": "at a point the two sides have different values.",
        "where given": "the relations that the claim is given were used.",
        "in names": "the quantities that are defined were kept as letters, with the signs that are proved of them.",
    }
)


def met(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """The words that some of the verdicts use, with what they say."""
    parts = {part for verdict in verdicts for part in verdict.method.split(", ")}
    return {word: said for word, said in METHODS.items() if any(part.startswith(word) for part in parts)}
